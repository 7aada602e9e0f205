use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{ALLOW, AUTHORIZATION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::routing::get;
use secrecy::SecretBox;
use serde_json::Value;
use sudare_entities::Catalog;
use sudare_policies::PolicySet;
use sudare_policies::maskers::MaskingKey;
use tower::ServiceExt;

use super::auth::tests::{bad_headers, good_header, strict_verifier};
use super::front::Front;
use super::*;
use crate::config::Limits;
use crate::gateway::{Gateway, Parts};
use axum::response::Response;

fn app() -> Arc<App> {
    app_with(Limits {
        max_body_bytes: 1_000,
        ..Limits::default()
    })
}

fn app_with(limits: Limits) -> Arc<App> {
    App::new(strict_verifier(), limits)
}

/// A real gateway over an empty database, whose folder outlives the test.
async fn gateway() -> Arc<Gateway> {
    let database = tempfile::tempdir().unwrap().keep().join("sudare.db");
    let catalog = Catalog::new().unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let key = MaskingKey::new(&[7; 32]).unwrap();
    let policies = PolicySet::load(&folder, &crate::shape::shape(&catalog), &key).unwrap();
    let writer = crate::database::open(&database).await.unwrap();
    let sealing_key = SecretBox::new(Box::new(vec![7; 64]));
    let limits = Limits::default();
    Arc::new(
        Gateway::open(Parts {
            catalog,
            policies,
            database: (&database).into(),
            readers: crate::database::PoolSettings::default(),
            written: (&database).into(),
            writer,
            sealing_key,
            blind_keys: crate::blind::BlindKeys::new([7; 32]),
            limits,
        })
        .unwrap(),
    )
}

async fn started() -> Front {
    let app = app();
    app.start(gateway().await);
    Front::new(&app)
}

struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Reply {
    /// The one error, whose form is checked on the way.
    fn error(&self) -> (String, String) {
        let body: Value = serde_json::from_str(&self.body).unwrap();
        assert!(body.get("data").is_none(), "{body}");
        assert_eq!(body["errors"].as_array().unwrap().len(), 1, "{body}");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (
            text(&body["errors"][0]["extensions"]["code"]),
            text(&body["errors"][0]["message"]),
        )
    }

    fn content_type(&self) -> &str {
        self.headers[CONTENT_TYPE].to_str().unwrap()
    }
}

async fn send(front: Front, request: Request<Body>) -> Reply {
    // In a box: the futures of tests stand in one another, and the compiler does not look into them without end.
    reply(Box::pin(front.answer(request)).await).await
}

async fn reply(response: Response) -> Reply {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    Reply {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}

async fn fetch(front: Front, method: Method, path: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(front, request.body(Body::empty()).unwrap()).await
}

async fn post(front: Front, headers: &[(&str, &str)], body: impl Into<Body>) -> Reply {
    let mut request = Request::post("/graphql");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(front, request.body(body.into()).unwrap()).await
}

/// Asks a route that no server has, inside of what all routes have around them.
async fn ask(routes: Router, app: &Arc<App>, path: &str) -> Reply {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let routes = layers::wrap(routes, app);
    reply(routes.oneshot(request).await.unwrap()).await
}

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn all_bad_tokens_get_one_and_the_same_answer() {
    let mut answers = Vec::new();
    for (what, header, _) in bad_headers() {
        let request = Request::post("/graphql").header(CONTENT_TYPE, "application/json");
        let request = request
            .header(AUTHORIZATION, header)
            .header("x-request-id", "same");
        let reply = send(
            started().await,
            request.body(Body::from(r#"{"query":"{ a }"}"#)).unwrap(),
        )
        .await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{what}");
        answers.push((reply.headers, reply.body));
    }
    let (headers, body) = &answers[0];
    assert_eq!(headers["www-authenticate"], "Bearer");
    assert!(body.contains("UNAUTHENTICATED"), "{body}");
    assert!(answers.iter().all(|answer| answer == &answers[0]));
}

#[tokio::test]
async fn a_bad_token_hides_every_other_mistake() {
    let bad = ("authorization", "Bearer x");
    let plain = post(started().await, &[bad, JSON], r#"{"query":"{ a }"}"#).await;
    for (headers, body) in [
        (vec![bad], "not json"),
        (vec![bad, JSON], "{"),
        (vec![bad, ("content-type", "text/plain")], ""),
        (vec![bad, JSON, ("accept", "text/html")], "{}"),
    ] {
        let reply = post(started().await, &headers, body).await;
        assert_eq!(
            (reply.status, reply.body),
            (plain.status, plain.body.clone())
        );
    }
}

#[tokio::test]
async fn a_request_reaches_the_gateway_with_or_without_a_token() {
    let good = good_header();
    for headers in [vec![JSON], vec![JSON, ("authorization", &good)]] {
        let reply = post(started().await, &headers, r#"{"query":"{ __typename }"}"#).await;
        assert!(
            !matches!(reply.status.as_u16(), 400..=499),
            "{} {}",
            reply.status,
            reply.body
        );
        assert_eq!(reply.content_type(), "application/json; charset=utf-8");
    }
    let reply = fetch(
        started().await,
        Method::GET,
        "/graphql?query=%7B__typename%7D",
        &[],
    )
    .await;
    assert!(
        !matches!(reply.status.as_u16(), 400..=499),
        "{} {}",
        reply.status,
        reply.body
    );
}

#[tokio::test]
async fn malformed_requests_are_refused_under_both_media_types() {
    for media in ["application/json", "application/graphql-response+json"] {
        let accept = ("accept", media);
        for body in [
            "",
            "{",
            "7",
            "{}",
            "[]",
            r#"{"query":1}"#,
            r#"{"query":"","variables":[]}"#,
        ] {
            let reply = post(started().await, &[JSON, accept], body).await;
            assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{body}");
            assert_eq!(reply.error().0, "BAD_USER_INPUT");
            assert_eq!(reply.content_type(), format!("{media}; charset=utf-8"));
        }
        for query in [
            "",
            "?query=a&query=b",
            "?query=a&variables=%7B",
            "?query=a&extensions=7",
        ] {
            let path = format!("/graphql{query}");
            let reply = fetch(started().await, Method::GET, &path, &[accept]).await;
            assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{query}");
        }
    }
}

#[tokio::test]
async fn forms_and_plain_text_are_not_read() {
    for media in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ] {
        let reply = post(
            started().await,
            &[("content-type", media)],
            r#"{"query":"{ a }"}"#,
        )
        .await;
        assert_eq!(reply.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{media}");
        assert_eq!(reply.error().0, "BAD_USER_INPUT");
    }
    let reply = post(started().await, &[], r#"{"query":"{ a }"}"#).await;
    assert_eq!(reply.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn an_accept_that_nothing_fits_is_refused_in_json() {
    let reply = post(
        started().await,
        &[JSON, ("accept", "text/html")],
        r#"{"query":"{ a }"}"#,
    )
    .await;
    assert_eq!(reply.status, StatusCode::NOT_ACCEPTABLE);
    assert_eq!(reply.content_type(), "application/json; charset=utf-8");
    assert!(
        reply
            .error()
            .1
            .contains("application/graphql-response+json")
    );
}

#[tokio::test]
async fn a_batch_is_answered_in_one_array_of_the_older_media_type() {
    let batch = r#"[{"query":"{ a }"},{"query":"{ b }"}]"#;
    let both = (
        "accept",
        "application/graphql-response+json, application/json;q=0.5",
    );
    let reply = post(started().await, &[JSON, both], batch).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.content_type(), "application/json; charset=utf-8");
    let answers: Value = serde_json::from_str(&reply.body).unwrap();
    assert_eq!(answers.as_array().unwrap().len(), 2);
    let only_new = ("accept", "application/graphql-response+json");
    let reply = post(started().await, &[JSON, only_new], batch).await;
    assert_eq!(reply.status, StatusCode::NOT_ACCEPTABLE);
    let long = format!("[{}]", [r#"{"query":"{ a }"}"#; 11].join(","));
    let reply = post(started().await, &[JSON], long).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    let (code, message) = reply.error();
    assert_eq!(code, "COST_LIMIT");
    assert!(message.contains("`max_batch` is 10"), "{message}");
}

#[tokio::test]
async fn a_body_in_pieces_is_the_same_as_in_one() {
    let text = r#"{"query":"{ me { id } }"}"#;
    let pieces = ["", "{\"query\":", "\"{ me { ", "id } }\"}"];
    let stream = futures_util::stream::iter(pieces.map(Ok::<_, std::io::Error>));
    let pieces = post(started().await, &[JSON], Body::from_stream(stream)).await;
    let whole = post(started().await, &[JSON], text).await;
    assert_eq!((pieces.status, &pieces.body), (whole.status, &whole.body));
    assert!(pieces.body.contains("\"me\""), "{}", pieces.body);
}

#[tokio::test]
async fn a_long_body_is_refused_with_the_limit() {
    for body in [
        Body::from(vec![b' '; 1_001]),
        Body::from(vec![b' '; 20_000_000]),
    ] {
        let reply = post(started().await, &[JSON], body).await;
        assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
        let (code, message) = reply.error();
        assert_eq!(code, "COST_LIMIT");
        assert!(
            message.contains("`max_body_bytes`, which is 1000"),
            "{message}"
        );
    }
    let mut body = br#"{"query":"{ __typename }"}"#.to_vec();
    body.resize(1_000, b' ');
    assert_ne!(
        post(started().await, &[JSON], body).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[tokio::test]
async fn wrong_paths_and_methods_answer_as_graphql_errors() {
    let reply = fetch(started().await, Method::GET, "/graphql/", &[]).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    assert_eq!(reply.error().0, "NOT_FOUND");
    for method in [Method::PUT, Method::DELETE, Method::OPTIONS] {
        let reply = fetch(started().await, method, "/graphql", &[]).await;
        assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(reply.headers[ALLOW], "GET,HEAD,POST");
        assert_eq!(reply.error().0, "BAD_USER_INPUT");
    }
}

#[tokio::test]
async fn the_server_is_ready_between_start_and_stop_and_alive_throughout() {
    let app = app();
    let check = async |path| fetch(Front::new(&app), Method::GET, path, &[]).await;
    assert_eq!(
        check("/readyz").await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
    let early = check("/graphql?query=%7Ba%7D").await;
    assert_eq!(early.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(early.error().0, "SERVICE_UNAVAILABLE");
    app.start(gateway().await);
    assert_eq!(check("/readyz").await.status, StatusCode::OK);
    app.stop();
    let stopping = check("/readyz").await;
    assert_eq!(
        (stopping.status, stopping.body.as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, "stopping")
    );
    assert_eq!(check("/healthz").await.body, "ok");
}

#[tokio::test]
async fn graphiql_comes_from_the_binary_alone() {
    let root = fetch(started().await, Method::GET, "/", &[]).await;
    assert_eq!(root.headers[LOCATION], "/graphiql");
    let page = fetch(started().await, Method::GET, "/graphiql", &[]).await;
    assert!(page.content_type().starts_with("text/html"));
    assert!(!page.body.contains("http:") && !page.body.contains("https:"));
    let policy = page.headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(
        policy.contains("script-src 'self';") && !policy.contains("http"),
        "{policy}"
    );
    for (file, media) in [
        ("graphiql.js", "text/javascript"),
        ("graphiql.css", "text/css"),
    ] {
        assert!(
            page.body.contains(&format!("\"/graphiql/{file}\"")),
            "{file} is part of the page"
        );
        let reply = fetch(
            started().await,
            Method::GET,
            &format!("/graphiql/{file}"),
            &[],
        )
        .await;
        assert!(reply.content_type().starts_with(media), "{file}");
    }
    for file in ["index.html", "..%2fgraphiql.rs", "other.js"] {
        let reply = fetch(
            started().await,
            Method::GET,
            &format!("/graphiql/{file}"),
            &[],
        )
        .await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn every_answer_forbids_browsers_to_do_more_with_it() {
    for path in ["/graphql", "/healthz", "/nowhere", "/graphiql"] {
        let reply = fetch(started().await, Method::GET, path, &[]).await;
        assert_eq!(reply.headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(reply.headers["x-frame-options"], "DENY", "{path}");
        assert_eq!(reply.headers["cache-control"], "no-store", "{path}");
        assert!(
            reply.headers.contains_key(CONTENT_SECURITY_POLICY),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_sane_request_id_is_kept_and_an_odd_one_replaced() {
    let id = async |headers: &[(&str, &str)]| {
        let reply = fetch(started().await, Method::GET, "/healthz", headers).await;
        reply.headers["x-request-id"].to_str().unwrap().to_owned()
    };
    assert_eq!(
        id(&[("x-request-id", "abc-123_4.5:6")]).await,
        "abc-123_4.5:6"
    );
    let long = "x".repeat(65);
    for odd in ["a b", "a\"b", "", "é", &long] {
        let fresh = id(&[("x-request-id", odd)]).await;
        assert!(fresh != odd && fresh.len() == 36, "{fresh}");
    }
    let first = id(&[("x-request-id", "a"), ("x-request-id", "b")]).await;
    assert_ne!(first, id(&[]).await);
    assert_eq!(first.len(), 36);
}

#[tokio::test]
async fn a_panic_ends_one_request_and_tells_nothing() {
    async fn broken() -> &'static str {
        panic!("customer 42 is Ada")
    }
    let app = app();
    let reply = ask(Router::new().route("/broken", get(broken)), &app, "/broken").await;
    assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(reply.error().0, "INTERNAL");
    assert!(!reply.body.contains("Ada"));
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_told_the_limit() {
    let app = app_with(Limits {
        request_timeout_ms: 50,
        ..Limits::default()
    });
    let slow = Router::new().route("/slow", get(std::future::pending::<()>));
    let reply = ask(slow, &app, "/slow").await;
    assert_eq!(reply.status, StatusCode::GATEWAY_TIMEOUT);
    let (code, message) = reply.error();
    assert_eq!(code, "TIMEOUT");
    assert!(
        message.contains("`request_timeout_ms`, which is 50"),
        "{message}"
    );
}
