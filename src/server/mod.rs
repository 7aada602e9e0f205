//! HTTP: who asks, in what form, and how the answer goes back. Routes are in [`front`], what every request passes in
//! [`layers`], connections and the stop in [`listen`].

mod app;
pub mod auth;
pub mod front;
mod graphiql;
mod graphql;
mod health;
mod json;
pub mod layers;
pub mod listen;
mod media;
mod refusal;
mod request;
mod respond;

pub use app::App;

#[cfg(test)]
mod tests;
