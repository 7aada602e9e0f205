//! Tests of the whole program, over real sockets.

#[cfg(test)]
mod process;
#[cfg(test)]
mod server;
