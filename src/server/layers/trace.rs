//! The span of a request, and its line in the log.

use std::time::Duration;

use axum::extract::MatchedPath;
use axum::http::{Method, Request, Response};
use tower_http::classify::{ServerErrorsAsFailures, SharedClassifier};
use tower_http::request_id::RequestId;
use tower_http::trace::{MakeSpan, OnResponse, TraceLayer};
use tracing::Span;

type Layer = TraceLayer<SharedClassifier<ServerErrorsAsFailures>, Values, (), Line, (), (), ()>;

pub(super) fn layer() -> Layer {
    TraceLayer::new_for_http()
        .make_span_with(Values)
        .on_request(())
        .on_response(Line)
        .on_body_chunk(())
        .on_eos(())
        .on_failure(())
}

/// Makes spans of what is known in advance: our own routes and the methods of HTTP. Paths, queries and made-up methods are
/// text of the client's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Values;

impl<B> MakeSpan<B> for Values {
    fn make_span(&mut self, request: &Request<B>) -> Span {
        let extensions = request.extensions();
        let id = extensions
            .get::<RequestId>()
            .and_then(|id| id.header_value().to_str().ok());
        let route = extensions
            .get::<MatchedPath>()
            .map_or("unmatched", MatchedPath::as_str);
        tracing::info_span!(
            "request",
            request.id = id.unwrap_or_default(),
            http.method = method(request.method()),
            http.route = route,
        )
    }
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
#[derive(Clone, Copy, Debug)]
pub(super) struct Line;

impl<B> OnResponse<B> for Line {
    fn on_response(self, response: &Response<B>, latency: Duration, _span: &Span) {
        let status = response.status().as_u16();
        let duration_ms = (latency.as_secs_f64() * 1e6).round() / 1e3;
        tracing::info!(http.status = status, duration_ms, "request answered");
    }
}
