//! The span of a request, and its line in the log.

use std::time::Instant;

use axum::http::{HeaderValue, Method, StatusCode};
use tracing::Span;

/// The target of the span, which is there at every level of the log.
pub(crate) const TARGET: &str = "sudare::request";

/// A span of what is known in advance: our own routes and the methods of HTTP. Paths, queries and made-up methods are text of
/// the client's.
pub(super) fn span(id: &HeaderValue, request_method: &Method, route: &str) -> Span {
    tracing::info_span!(
        target: TARGET,
        "request",
        request.id = id.to_str().unwrap_or_default(),
        http.method = method(request_method),
        http.route = route,
    )
}

fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}

/// The line that ends a request.
pub(super) fn line(status: StatusCode, start: Instant) {
    let status = status.as_u16();
    let duration_ms = (start.elapsed().as_secs_f64() * 1e6).round() / 1e3;
    tracing::info!(http.status = status, duration_ms, "request answered");
}
