//! GraphiQL from the binary itself; its page may load nothing from another host.

use axum::extract::Path;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::refusal::not_found;

const PAGE: &str = include_str!("graphiql/index.html");

/// The files beside the page: name, media type, bytes.
const ASSETS: [(&str, &str, &[u8]); 3] = [
    (
        "graphiql.js",
        "text/javascript; charset=utf-8",
        include_bytes!("graphiql/graphiql.js"),
    ),
    (
        "graphiql.css",
        "text/css; charset=utf-8",
        include_bytes!("graphiql/graphiql.css"),
    ),
    (
        "LICENSES.txt",
        "text/plain; charset=utf-8",
        include_bytes!("graphiql/LICENSES.txt"),
    ),
];

/// Scripts come from our own files only. Styles may be inline, since the editor sets positions that way.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self' data:; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// `/graphiql`.
pub(super) async fn page() -> Response {
    let headers = [
        (
            CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    ];
    (headers, PAGE).into_response()
}

/// `/graphiql/{file}`.
pub(super) async fn asset(Path(name): Path<String>) -> Response {
    let Some((_, media_type, bytes)) = ASSETS.iter().find(|(file, ..)| *file == name) else {
        return not_found().await.into_response();
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(media_type)),
        // The names stay the same from version to version, so a copy is good for a short while only.
        (
            CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=300"),
        ),
    ];
    (headers, *bytes).into_response()
}
