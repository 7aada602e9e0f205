//! The time that a request has.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::answer::ErrorCode;
use crate::server::app::App;
use crate::server::refusal::Refusal;

pub(super) async fn keep(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let limit = app.request_timeout();
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let message = format!(
                "the answer took longer than the limit `request_timeout_ms`, which is {}",
                limit.as_millis()
            );
            Refusal::new(StatusCode::GATEWAY_TIMEOUT, ErrorCode::Timeout, message).into_response()
        }
    }
}
