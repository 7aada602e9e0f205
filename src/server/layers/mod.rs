//! The layers that every request passes, all of them, in order.

mod body;
mod deadline;
mod headers;
mod id;
mod panic;
mod trace;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};

use super::app::App;

/// Puts the layers around `routes`. A request meets them from the first to the last, its answer the other way round.
pub fn wrap(routes: Router, app: &Arc<App>) -> Router {
    routes.layer(
        ServiceBuilder::new()
            // What comes in and goes out: no odd request id, and headers that keep browsers from doing more with an answer than show it.
            .layer(from_fn(edge))
            // A request id: the client's if it is sane, else a new one; the answer carries it.
            .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
            .layer(PropagateRequestIdLayer::x_request_id())
            // One span and one line in the log: the route, never the query string, headers or bodies.
            .layer(trace::layer())
            // A panic ends one request and not its connection, and its text stays here.
            .layer(CatchPanicLayer::custom(panic::answer))
            // The body, whole and within its limit, and the answer, within its time.
            .layer(from_fn_with_state(Arc::clone(app), within_limits)),
    )
}

/// Each layer is a future of its own for every request, so that what belongs together is one.
async fn edge(mut request: Request, next: Next) -> Response {
    id::drop_odd(&mut request);
    let mut response = next.run(request).await;
    headers::secure(&mut response);
    response
}

async fn within_limits(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    deadline::keep(&app, body::read(&app, request, next)).await
}

pub use panic::log_panics;
