//! Refusals of HTTP's own making. Each has the form of a GraphQL error, so that a client needs one way to read them all.

use axum::http::header::{ALLOW, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::answer::{Answer, ErrorCode, RequestError};

use super::media::Media;

/// A refusal on the way to the gateway or back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) code: ErrorCode,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, code: ErrorCode, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            status,
            code,
            message,
        }
    }

    /// The request is not well-formed.
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorCode::BadUserInput, message)
    }

    /// The refusal in the form that the client asked for.
    pub(super) fn respond(self, media: Media) -> Response {
        let answer = Answer::refuse(&[RequestError::new(self.code, self.message)]);
        let content_type = [(CONTENT_TYPE, media.content_type())];
        let mut response = (self.status, content_type, answer.body).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.respond(Media::Json)
    }
}

/// The answer outside all routes.
pub(super) async fn not_found() -> Refusal {
    let message = "there is nothing here; the API is at `/graphql`";
    Refusal::new(StatusCode::NOT_FOUND, ErrorCode::NotFound, message)
}

/// The answer of a route to a method that it does not have; axum adds the `Allow` header.
pub(super) async fn method_not_allowed() -> Refusal {
    let message = "this method is not allowed here; the `Allow` header lists those that are";
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        ErrorCode::BadUserInput,
        message,
    )
}

/// The answer after a panic: says nothing of it.
pub(super) fn internal() -> Refusal {
    let message = "internal error; the log has it under the request id of this answer";
    Refusal::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        ErrorCode::Internal,
        message,
    )
}

/// Names POST as the way, next to a refusal of GET.
pub(super) fn allow_post(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static("POST"));
    response
}
