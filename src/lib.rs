//! Sudare: a GraphQL gateway over SeaORM entities in which every field of every answer passes a policy and a mask.
//!
//! A request flows straight down: `server` takes it, `graphql` reads and checks it, `plan` decides what to fetch
//! and how each cell is shown, `execute` fetches, `mask` writes the answer.

pub mod answer;
pub mod blind;
pub mod commands;
pub mod config;
pub mod database;
mod execute;
pub mod gateway;
mod graphql;
mod inspect;
mod introspection;
mod lookup;
mod mask;
mod operation;
mod plan;
mod prepared;
mod seal;
pub mod seed;
pub mod server;
pub mod shape;
mod turns;
