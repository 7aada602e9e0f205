//! Request ids from outside.

use axum::extract::Request;

const NAME: &str = "x-request-id";
const MAX_BYTES: usize = 64;

/// Forgets a request id that is not fit for a log: long, repeated, or more than letters, digits and `-_.:`.
pub(super) fn drop_odd(request: &mut Request) {
    let mut values = request.headers().get_all(NAME).iter();
    let sane = match (values.next(), values.next()) {
        (Some(value), None) => is_sane(value.as_bytes()),
        _ => false,
    };
    if !sane {
        request.headers_mut().remove(NAME);
    }
}

fn is_sane(id: &[u8]) -> bool {
    (1..=MAX_BYTES).contains(&id.len())
        && id
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte))
}
