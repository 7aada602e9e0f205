//! Tests of the whole program, over real sockets.

#[cfg(test)]
mod canary;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod cookbook;
#[cfg(test)]
mod database;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod disclosure;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod faults_databases;
#[cfg(test)]
mod filters;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod leaks;
#[cfg(test)]
mod lookup;
#[cfg(test)]
mod manual;
#[cfg(test)]
mod masks;
#[cfg(test)]
mod model;
#[cfg(test)]
mod noninterference;
#[cfg(test)]
mod paging;
#[cfg(test)]
mod policies;
#[cfg(test)]
mod policy_commands;
#[cfg(test)]
mod policy_tests;
#[cfg(test)]
mod process;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod refused;
#[cfg(test)]
mod reload;
#[cfg(test)]
mod rounding;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod server;
#[cfg(test)]
mod types;
#[cfg(test)]
mod writes;
