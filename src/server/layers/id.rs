//! Request ids from outside.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

const NAME: &str = "x-request-id";
const MAX_BYTES: usize = 64;

/// Forgets a request id that is not fit for a log: long, repeated, or more than letters, digits and `-_.:`.
pub(super) async fn drop_odd(mut request: Request, next: Next) -> Response {
    let mut values = request.headers().get_all(NAME).iter();
    let sane = match (values.next(), values.next()) {
        (Some(value), None) => is_sane(value.as_bytes()),
        _ => false,
    };
    if !sane {
        request.headers_mut().remove(NAME);
    }
    next.run(request).await
}

fn is_sane(id: &[u8]) -> bool {
    (1..=MAX_BYTES).contains(&id.len())
        && id
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte))
}
