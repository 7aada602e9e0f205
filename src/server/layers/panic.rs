//! Panics: a bug of ours, which must not become a leak of ours.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use axum::response::{IntoResponse, Response};
use futures_util::FutureExt as _;

use crate::server::refusal;

/// A panic ends one request and not its connection. Its payload may hold values and is dropped unread.
pub(super) async fn caught(answer: impl Future<Output = Response>) -> Response {
    // What the request shares with others is behind locks, which know if a panic went through them.
    let answered: Result<Response, Box<dyn Any + Send>> =
        AssertUnwindSafe(answer).catch_unwind().await;
    answered.unwrap_or_else(|_| refusal::internal().into_response())
}

/// Logs where a panic happened instead of what it said. The default writes its text to standard error.
pub fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map_or_else(String::new, ToString::to_string);
        tracing::error!(panic.location = place, "panic");
    }));
}
