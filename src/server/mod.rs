//! HTTP: who asks, in what form, and how the answer goes back. Routes are in [`router`], the layers that every request
//! passes in [`layers`], connections and the stop in [`listen`].

mod app;
pub mod auth;
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

use std::sync::Arc;

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;

pub use app::App;

/// Every route, inside the layers.
pub fn router(app: &Arc<App>) -> Router {
    let routes = Router::new()
        .route("/", get(|| async { Redirect::to("/graphiql") }))
        .route("/graphql", get(graphql::by_get).post(graphql::by_post))
        .route("/graphiql", get(graphiql::page))
        .route("/graphiql/{file}", get(graphiql::asset))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .fallback(refusal::not_found)
        .method_not_allowed_fallback(refusal::method_not_allowed)
        .with_state(Arc::clone(app));
    layers::wrap(routes, app)
}

#[cfg(test)]
mod tests;
