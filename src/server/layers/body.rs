//! The body of a request.

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::EXPECT;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::BytesMut;
use http_body_util::BodyExt;

use crate::answer::ErrorCode;
use crate::server::app::App;
use crate::server::refusal::Refusal;

/// How much of a body that is too long is read and thrown away. A connection that is closed while the client still sends
/// is reset, and the client would not see why.
const MAX_DISCARDED_BYTES: usize = 16 * 1024 * 1024;

/// Reads the whole body, so that handlers have bytes, or refuses it.
pub(super) async fn read(app: &App, request: Request, next: Next) -> Response {
    let limit = app.limits.max_body_bytes;
    let waits_for_us = request.headers().contains_key(EXPECT);
    let (parts, body) = request.into_parts();
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > limit && waits_for_us {
        return too_large(limit).into_response();
    }
    match collect(body, limit).await {
        Ok(Some(bytes)) => {
            next.run(Request::from_parts(parts, Body::from(bytes)))
                .await
        }
        Ok(None) => too_large(limit).into_response(),
        Err(_) => {
            Refusal::bad_request("the body ended before its announced length").into_response()
        }
    }
}

/// The body, or `None` if it is longer than `limit`.
async fn collect(mut body: Body, limit: usize) -> Result<Option<Bytes>, axum::Error> {
    let mut kept = BytesMut::new();
    let mut seen = 0_usize;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else {
            continue;
        };
        seen = seen.saturating_add(data.len());
        if seen <= limit {
            kept.extend_from_slice(&data);
        } else if seen > MAX_DISCARDED_BYTES {
            break;
        } else {
            kept.clear();
        }
    }
    Ok((seen <= limit).then(|| kept.freeze()))
}

fn too_large(limit: usize) -> Refusal {
    let message = format!("the body is larger than the limit `max_body_bytes`, which is {limit}");
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::CostLimit, message)
}
