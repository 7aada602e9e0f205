//! Headers that every answer has.

use std::sync::LazyLock;

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;

use super::id;

/// What an answer has unless its route said otherwise: they keep browsers from doing more with it than show it.
const HEADERS: [(HeaderName, &str); 6] = [
    // Answers depend on who asks.
    (CACHE_CONTROL, "no-store"),
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (REFERRER_POLICY, "no-referrer"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
];

/// Headers of an answer, at most, without a map that has to grow.
const USUAL: usize = 12;

/// To copy the map costs a fraction of making it.
static ALWAYS: LazyLock<HeaderMap> = LazyLock::new(|| {
    let mut headers = HeaderMap::with_capacity(USUAL);
    headers.extend(HEADERS.map(|(name, value)| (name, HeaderValue::from_static(value))));
    headers
});

/// Adds what is missing of them, and the request's id.
pub(super) fn complete<B>(response: &mut Response<B>, request_id: HeaderValue) {
    let own = std::mem::replace(response.headers_mut(), ALWAYS.clone());
    let headers = response.headers_mut();
    headers.extend(own);
    headers.insert(id::NAME, request_id);
}
