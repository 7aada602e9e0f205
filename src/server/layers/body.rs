//! The body of a request.

use std::pin::{Pin, pin};

use axum::body::{Bytes, HttpBody};
use axum::http::header::EXPECT;
use axum::http::{Request, StatusCode};
use bytes::BytesMut;
use http_body_util::BodyExt as _;

use crate::answer::ErrorCode;
use crate::server::app::App;
use crate::server::refusal::Refusal;

/// How much of a body that is too long is read and thrown away. A connection that is closed while the client still sends
/// is reset, and the client would not see why.
const MAX_DISCARDED_BYTES: usize = 16 * 1024 * 1024;

/// Reads the whole body, so that handlers have bytes, or refuses it.
pub(super) async fn read<B>(app: &App, request: Request<B>) -> Result<Request<Bytes>, Refusal>
where
    B: HttpBody<Data = Bytes>,
{
    let limit = app.limits.max_body_bytes;
    let waits_for_us = request.headers().contains_key(EXPECT);
    let (parts, body) = request.into_parts();
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > limit && waits_for_us {
        return Err(too_large(limit));
    }
    match collect(pin!(body), limit).await {
        Ok(Some(bytes)) => Ok(Request::from_parts(parts, bytes)),
        Ok(None) => Err(too_large(limit)),
        Err(_) => {
            let message = "the body ended before its announced length";
            Err(Refusal::bad_request(message))
        }
    }
}

/// The body, or `None` if it is longer than `limit`. One that came in one piece is not copied.
async fn collect<B>(mut body: Pin<&mut B>, limit: usize) -> Result<Option<Bytes>, B::Error>
where
    B: HttpBody<Data = Bytes>,
{
    let mut first = Bytes::new();
    let mut more = BytesMut::new();
    let mut seen = 0_usize;
    while !body.is_end_stream()
        && let Some(frame) = body.frame().await
    {
        let Ok(data) = frame?.into_data() else {
            continue;
        };
        let is_first = seen == 0;
        seen = seen.saturating_add(data.len());
        if seen <= limit && is_first {
            first = data;
        } else if seen <= limit {
            more.extend_from_slice(&std::mem::take(&mut first));
            more.extend_from_slice(&data);
        } else if seen > MAX_DISCARDED_BYTES {
            break;
        } else {
            (first, more) = (Bytes::new(), BytesMut::new());
        }
    }
    let whole = if more.is_empty() {
        first
    } else {
        more.freeze()
    };
    Ok((seen <= limit).then_some(whole))
}

fn too_large(limit: usize) -> Refusal {
    let message = format!("the body is larger than the limit `max_body_bytes`, which is {limit}");
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::CostLimit, message)
}
