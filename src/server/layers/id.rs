//! The id of a request: the client's if it is sane, else a new one. The log has it, and the answer.

use axum::http::header::HeaderName;
use axum::http::{HeaderMap, HeaderValue};
use uuid::Uuid;

pub(super) const NAME: HeaderName = HeaderName::from_static("x-request-id");
const MAX_BYTES: usize = 64;

/// An id from outside is taken if it is fit for a log: not long, not repeated, and no more than letters, digits and `-_.:`.
pub(super) fn of(headers: &HeaderMap) -> HeaderValue {
    let mut values = headers.get_all(NAME).iter();
    match (values.next(), values.next()) {
        (Some(value), None) if is_sane(value.as_bytes()) => value.clone(),
        _ => fresh(),
    }
}

fn fresh() -> HeaderValue {
    let mut buffer = Uuid::encode_buffer();
    let text = Uuid::new_v4().hyphenated().encode_lower(&mut buffer);
    // INVARIANT: digits, letters and hyphens are a header's value.
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static("unknown"))
}

fn is_sane(id: &[u8]) -> bool {
    (1..=MAX_BYTES).contains(&id.len())
        && id
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte))
}
