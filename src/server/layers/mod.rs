//! What every request passes, all of it, in order.

mod body;
mod deadline;
mod headers;
mod id;
mod panic;
mod trace;

use std::pin::pin;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tracing::Instrument as _;

use super::app::App;

pub use panic::log_panics;
pub(crate) use trace::TARGET as REQUEST;

/// Puts all of it around each of `routes`.
pub fn wrap(routes: Router, app: &Arc<App>) -> Router {
    routes.layer(from_fn_with_state(Arc::clone(app), around))
}

async fn around(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().cloned();
    let route = path.as_ref().map_or("unmatched", MatchedPath::as_str);
    let answer = |request: Request<Bytes>| next.run(request.map(Body::from));
    pass(&app, route, request, answer).await
}

/// The answer of a route to a request, inside of what is the same for all. One future and no layers: each of these would be a
/// future of its own for every request, made, moved and let go.
pub(super) async fn pass<B, A>(
    app: &App,
    route: &str,
    request: Request<B>,
    answer: impl FnOnce(Request<Bytes>) -> A,
) -> Response
where
    B: HttpBody<Data = Bytes>,
    A: Future<Output = Response>,
{
    let id = id::of(request.headers());
    // One span and one line in the log: the route, never the query string, headers or bodies.
    let span = trace::span(&id, request.method(), route);
    let start = Instant::now();
    let answer = pin!(async {
        // The body, whole and within its limit, and the answer, within its time.
        match body::read(app, request).await {
            Ok(request) => answer(request).await,
            Err(refusal) => refusal.into_response(),
        }
    });
    let answer = panic::caught(deadline::keep(app, answer));
    let mut response = answer.instrument(span.clone()).await;
    span.in_scope(|| trace::line(response.status(), start));
    headers::complete(&mut response, id);
    response
}
