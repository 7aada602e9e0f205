//! The time that a request has.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::answer::ErrorCode;
use crate::server::app::App;
use crate::server::refusal::Refusal;

pub(super) async fn keep(app: &App, answer: impl Future<Output = Response>) -> Response {
    let limit = app.request_timeout();
    match tokio::time::timeout(limit, answer).await {
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
