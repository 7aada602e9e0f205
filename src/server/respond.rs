//! Answers as HTTP: status, media type, bytes.

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;

use crate::answer::{Answer, ErrorCode};

use super::media::Media;
use super::refusal::allow_post;

/// One answer.
pub(super) fn one(answer: Answer, media: Media) -> Response {
    let status = answer
        .refused
        .map_or(StatusCode::OK, |code| status(code, media));
    let response = json(status, media, answer.body);
    if answer.refused == Some(ErrorCode::NotByGet) {
        allow_post(response)
    } else {
        response
    }
}

/// The answers of a batch, in order. Its status is 200 whatever happened to its parts: there is one status and many of them.
pub(super) fn batch(answers: &[Answer]) -> Response {
    let mut body = Vec::with_capacity(answers.iter().map(|answer| answer.body.len() + 1).sum());
    for answer in answers {
        body.push(if body.is_empty() { b'[' } else { b',' });
        body.extend_from_slice(&answer.body);
    }
    body.push(b']');
    json(StatusCode::OK, Media::Json, Bytes::from(body))
}

/// Put together by hand: `IntoResponse` would say first that these are bytes of any kind.
fn json(status: StatusCode, media: Media, body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, media.content_type());
    response
}

/// The status of a refusal by the gateway. Under `application/json` a request that is well-formed, whatever else is wrong
/// with it, is 200: such a client cannot tell a GraphQL error from that of a proxy by its status.
fn status(code: ErrorCode, media: Media) -> StatusCode {
    match code {
        ErrorCode::Unauthenticated => StatusCode::UNAUTHORIZED,
        ErrorCode::Forbidden => StatusCode::FORBIDDEN,
        ErrorCode::NotByGet => StatusCode::METHOD_NOT_ALLOWED,
        ErrorCode::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::Timeout => StatusCode::GATEWAY_TIMEOUT,
        ErrorCode::ServiceUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorCode::BadUserInput
        | ErrorCode::GraphqlParseFailed
        | ErrorCode::GraphqlValidationFailed
        | ErrorCode::FieldNotFilterable
        | ErrorCode::FieldNotSortable
        | ErrorCode::FieldNotGroupable
        | ErrorCode::FieldNotAggregatable
        | ErrorCode::FieldNotWritable
        | ErrorCode::MaskedValueEcho
        | ErrorCode::Conflict
        | ErrorCode::CostLimit
        | ErrorCode::NotFound => match media {
            Media::Json => StatusCode::OK,
            Media::GraphqlResponse => StatusCode::BAD_REQUEST,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::RequestError;
    use axum::http::header::ALLOW;

    fn refused(code: ErrorCode, media: Media) -> Response {
        one(Answer::refuse(&[RequestError::new(code, "no")]), media)
    }

    #[test]
    fn the_status_follows_code_and_media_type() {
        use ErrorCode::*;
        let cases = [
            (GraphqlParseFailed, 200, 400),
            (GraphqlValidationFailed, 200, 400),
            (BadUserInput, 200, 400),
            (FieldNotFilterable, 200, 400),
            (FieldNotSortable, 200, 400),
            (CostLimit, 200, 400),
            (Unauthenticated, 401, 401),
            (Forbidden, 403, 403),
            (RateLimited, 429, 429),
            (Timeout, 504, 504),
            (ServiceUnavailable, 503, 503),
            (Internal, 500, 500),
            (NotByGet, 405, 405),
        ];
        for (code, json, graphql) in cases {
            assert_eq!(refused(code, Media::Json).status(), json, "{code:?}");
            assert_eq!(
                refused(code, Media::GraphqlResponse).status(),
                graphql,
                "{code:?}"
            );
        }
        let data = Answer::data(Bytes::from_static(b"{}"));
        assert_eq!(one(data, Media::GraphqlResponse).status(), 200);
    }

    #[test]
    fn a_mutation_by_get_names_the_way_that_it_may_come() {
        assert_eq!(
            refused(ErrorCode::NotByGet, Media::Json).headers()[ALLOW],
            "POST"
        );
        let code = serde_json::to_string(&ErrorCode::NotByGet).unwrap();
        assert_eq!(code, "\"BAD_USER_INPUT\"");
    }

    #[tokio::test]
    async fn a_batch_is_one_array_in_order() {
        let answers = [
            Bytes::from_static(b"{\"a\":1}"),
            Bytes::from_static(b"{\"b\":2}"),
        ]
        .map(Answer::data);
        let body = axum::body::to_bytes(batch(&answers).into_body(), 100)
            .await
            .unwrap();
        assert_eq!(body, "[{\"a\":1},{\"b\":2}]");
    }
}
