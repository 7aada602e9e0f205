//! Panics: a bug of ours, which must not become a leak of ours.

use std::any::Any;

use axum::response::{IntoResponse, Response};

use crate::server::refusal;

/// The answer to the request that panicked. The payload may hold values and is dropped unread.
pub(super) fn answer(_payload: Box<dyn Any + Send + 'static>) -> Response {
    refusal::internal().into_response()
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
