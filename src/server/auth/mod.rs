//! Who asks: a principal out of the `Authorization` header, or one and the same refusal.

mod claims;
mod verifier;

use axum::http::StatusCode;
use thiserror::Error;

use crate::answer::ErrorCode;

use super::refusal::Refusal;

pub use verifier::Verifier;

/// Why a token is refused. It goes to the log as a code; the client never learns it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("token refused: {}", self.code())]
pub enum TokenFault {
    /// Not one `Authorization: Bearer <token>`.
    Scheme,
    /// Longer than any token of ours.
    Size,
    /// Not three parts of base64 and JSON.
    Form,
    /// Another algorithm than HS256, or a header that brings its own key or asks for extensions.
    Header,
    /// Signed by somebody else, or changed since.
    Signature,
    /// No `exp`, or it is past.
    Expired,
    /// `nbf` is not reached.
    NotYet,
    /// `iss` is not ours.
    Issuer,
    /// `aud` is not us.
    Audience,
    /// No `sub`, or not a text.
    Subject,
    /// The roles are not a text or a list of texts, or too many.
    Roles,
    /// Anything else that is wrong with the claims, repeated ones for instance.
    Claims,
}

impl TokenFault {
    /// The code for the log.
    pub fn code(self) -> &'static str {
        match self {
            Self::Scheme => "scheme",
            Self::Size => "size",
            Self::Form => "form",
            Self::Header => "header",
            Self::Signature => "signature",
            Self::Expired => "expired",
            Self::NotYet => "not_yet",
            Self::Issuer => "issuer",
            Self::Audience => "audience",
            Self::Subject => "subject",
            Self::Roles => "roles",
            Self::Claims => "claims",
        }
    }
}

/// The one answer to every bad token.
pub(super) fn unauthenticated() -> Refusal {
    let message =
        "the token is not valid: get a new one and send it as `Authorization: Bearer <token>`";
    Refusal::new(
        StatusCode::UNAUTHORIZED,
        ErrorCode::Unauthenticated,
        message,
    )
}

#[cfg(test)]
pub(super) mod tests;
