//! `/graphql`.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use sudare_policies::Principal;

use crate::answer::{Answer, ErrorCode, RequestError};
use crate::gateway::{Gateway, GraphqlRequest};

use super::app::App;
use super::auth;
use super::media::{Media, negotiate, require_json};
use super::refusal::Refusal;
use super::request::{Asked, from_body, from_query};
use super::respond;

const ONE: [Media; 2] = [Media::GraphqlResponse, Media::Json];
const BATCH: [Media; 1] = [Media::Json];

/// `POST /graphql`: one operation or a batch of them, as JSON.
pub(super) async fn by_post(app: &App, headers: &HeaderMap, body: Bytes) -> Response {
    let (principal, media) = match enter(app, headers) {
        Ok(entered) => entered,
        Err((refusal, media)) => return refusal.respond(media),
    };
    let asked = require_json(headers)
        .and_then(|()| from_body(&body, app.limits.max_batch))
        .and_then(|asked| Ok((asked, gateway(app)?)));
    drop(body);
    match asked {
        Ok((Asked::One(request), gateway)) => {
            respond::one(gateway.execute(request, principal).await, media)
        }
        Ok((Asked::Batch(requests), gateway)) => match negotiate(headers, &BATCH) {
            Ok(_) => respond::batch(&Box::pin(each(gateway, requests, &principal)).await),
            Err(refusal) => refusal.respond(media),
        },
        Err(refusal) => refusal.respond(media),
    }
}

/// Bytes of the answers of a batch, after which it is answered no further.
const MAX_BATCH_BYTES: usize = 64 * 1024 * 1024;

/// One after the other: a batch must not take more of the server at a time than a request.
async fn each(
    gateway: &Gateway,
    requests: Vec<GraphqlRequest>,
    principal: &Arc<Principal>,
) -> Vec<Answer> {
    let mut answers = Vec::with_capacity(requests.len());
    let mut bytes = 0_usize;
    for request in requests {
        let answer = if bytes > MAX_BATCH_BYTES {
            let message = format!(
                "the answers of the batch outgrew {MAX_BATCH_BYTES} bytes: send its requests in several"
            );
            Answer::refuse(&[RequestError::new(ErrorCode::ServiceUnavailable, message)])
        } else {
            gateway.execute(request, Arc::clone(principal)).await
        };
        bytes = bytes.saturating_add(answer.body.len());
        answers.push(answer);
    }
    answers
}

/// `GET /graphql`: one query, in the query string.
pub(super) async fn by_get(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    parameters: Result<Query<Vec<(String, String)>>, QueryRejection>,
) -> Response {
    let (principal, media) = match enter(&app, &headers) {
        Ok(entered) => entered,
        Err((refusal, media)) => return refusal.respond(media),
    };
    let asked = parameters
        .map_err(|_| Refusal::bad_request("the query string is not form-encoded"))
        .and_then(|Query(parameters)| from_query(parameters))
        .and_then(|request| Ok((request, gateway(&app)?)));
    match asked {
        Ok((request, gateway)) => respond::one(gateway.execute(request, principal).await, media),
        Err(refusal) => refusal.respond(media),
    }
}

/// Who asks comes first: nobody learns anything else from a request with a bad token.
fn enter(app: &App, headers: &HeaderMap) -> Result<(Arc<Principal>, Media), (Refusal, Media)> {
    let media = negotiate(headers, &ONE);
    let readable = media.as_ref().copied().unwrap_or(Media::Json);
    let principal = app.verifier.principal(headers).map_err(|fault| {
        tracing::info!(auth.reason = fault.code(), "token refused");
        (auth::unauthenticated(), readable)
    })?;
    let media = media.map_err(|refusal| (refusal, Media::Json))?;
    Ok((principal, media))
}

fn gateway(app: &App) -> Result<&Arc<Gateway>, Refusal> {
    app.gateway().ok_or_else(|| {
        let message = "the server is starting: try again in a moment";
        Refusal::new(
            StatusCode::SERVICE_UNAVAILABLE,
            ErrorCode::ServiceUnavailable,
            message,
        )
    })
}
