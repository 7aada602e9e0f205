//! The layers that every request passes, all of them, in order.

mod body;
mod deadline;
mod headers;
mod id;
mod panic;
mod trace;

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};

use super::app::App;

/// Puts the layers around `routes`. A request meets them from the first to the last, its answer the other way round.
pub fn wrap(routes: Router, app: &Arc<App>) -> Router {
    routes.layer(
        ServiceBuilder::new()
            // A request id: the client's if it is sane, else a new one; the answer carries it.
            .layer(from_fn(id::drop_odd))
            .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
            .layer(PropagateRequestIdLayer::x_request_id())
            // One span and one line in the log: the route, never the query string, headers or bodies.
            .layer(trace::layer())
            // Headers that keep browsers from doing more with an answer than show it.
            .layer(map_response(headers::secure))
            // A panic ends one request and not its connection, and its text stays here.
            .layer(CatchPanicLayer::custom(panic::answer))
            // Everything below, reading the body included, has this long.
            .layer(from_fn_with_state(Arc::clone(app), deadline::keep))
            // The body, whole and within its limit.
            .layer(from_fn_with_state(Arc::clone(app), body::read)),
    )
}

pub use panic::log_panics;
