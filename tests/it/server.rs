//! The server as an operator meets it: signals, ports, bodies, logs.

use std::net::TcpListener;

use crate::process::{
    Connection, MASKING_KEY, SECRET, Server, configured, get, post, run, try_get, until,
};

const ANY_PORT: &str = "127.0.0.1:0";

fn serve(data: &tempfile::TempDir) -> Server {
    Server::start(configured(data.path(), &["serve", "--listen", ANY_PORT]))
}

/// Whether the server says that it is not ready; a probe that comes while it changes its mind may find a closed connection.
fn says_stopping(server: &Server) -> bool {
    try_get(server.address, "/readyz") == Some((503, "stopping".to_owned()))
}

const BODY: &str = r#"{"query":"{ __typename }"}"#;

/// A request that the server has begun to read and cannot finish yet.
fn request_in_flight(server: &Server) -> Connection {
    let mut connection = server.connect();
    connection.send(format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
        expect: 100-continue\r\ncontent-length: {}\r\n\r\n",
        BODY.len()
    ));
    assert_eq!(connection.answer().0, 100);
    connection
}

#[test]
fn sigterm_lets_requests_in_flight_finish() {
    let data = tempfile::tempdir().unwrap();
    let server = serve(&data);
    assert_eq!(get(server.address, "/readyz"), (200, "ok".to_owned()));
    let mut idle = server.connect();
    idle.send("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n");
    assert_eq!(idle.answer().0, 200);
    let mut waiting = request_in_flight(&server);

    server.terminate();
    until(|| says_stopping(&server));
    assert!(idle.closes());
    waiting.send(BODY);
    let (status, body) = waiting.answer();
    assert!(status != 503 && body.starts_with('{'), "{status} {body}");
    assert!(waiting.closes());

    let (status, log) = server.ended();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(log.contains("\"stopped\""), "{log}");
}

#[test]
fn an_idle_server_stops_at_the_first_sigterm() {
    let data = tempfile::tempdir().unwrap();
    let server = serve(&data);
    server.terminate();
    assert_eq!(server.ended().0.code(), Some(0));
}

#[test]
fn a_second_signal_stops_at_once() {
    let data = tempfile::tempdir().unwrap();
    let server = serve(&data);
    let mut waiting = request_in_flight(&server);
    server.terminate();
    until(|| says_stopping(&server));
    server.terminate();
    assert!(waiting.closes());
    let (status, log) = server.ended();
    assert_eq!(status.code(), Some(1));
    assert!(log.contains("stopped at once"), "{log}");
}

#[test]
fn requests_that_outlast_the_drain_are_cut_off() {
    let data = tempfile::tempdir().unwrap();
    let mut command = configured(data.path(), &["serve", "--listen", ANY_PORT]);
    command.env("SUDARE_LIMITS_DRAIN_TIMEOUT_MS", "10");
    let server = Server::start(command);
    let mut waiting = request_in_flight(&server);
    server.terminate();
    assert!(waiting.closes());
    let (status, log) = server.ended();
    assert_eq!(status.code(), Some(0));
    assert!(log.contains("`drain_timeout_ms`"), "{log}");
}

#[test]
fn a_port_in_use_is_named_with_the_cure() {
    let data = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind(ANY_PORT).unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (output, _, err) = run(configured(data.path(), &["serve", "--listen", &address]));
    assert_eq!(output.status.code(), Some(1));
    assert!(
        err.contains(&format!("`{address}` is in use")) && err.contains("--listen"),
        "{err}"
    );
}

#[test]
fn ten_megabytes_are_refused_with_the_limit_and_not_with_a_reset() {
    let data = tempfile::tempdir().unwrap();
    let server = serve(&data);
    let (status, body) = post(server.address, "", &"x".repeat(10_000_000));
    assert_eq!(status, 413);
    assert!(body.contains("`max_body_bytes`, which is 262144"), "{body}");
    let chunk = format!("{:x}\r\n{}\r\n", 1_000_000, "x".repeat(1_000_000));
    let mut connection = server.connect();
    connection.send("POST /graphql HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n");
    for _ in 0..10 {
        connection.send(&chunk);
    }
    connection.send("0\r\n\r\n");
    assert_eq!(connection.answer().0, 413);
    assert_eq!(get(server.address, "/healthz").0, 200);
}

#[test]
fn the_log_never_has_a_token_a_value_or_a_document() {
    let data = tempfile::tempdir().unwrap();
    let token_of = |subject: &str| {
        let arguments = ["token", "--role", "support", "--subject", subject];
        run(configured(data.path(), &arguments)).1.trim().to_owned()
    };
    let token = token_of("subject-canary");
    let mut command = configured(data.path(), &["serve", "--listen", ANY_PORT]);
    command.env("SUDARE_LOG_LEVEL", "trace");
    let server = Server::start(command);

    let document = "query DocumentCanary($x: String) { customers(filter: { fullName: { eq: $x } }) { nodes { id } } }";
    let request = serde_json::json!({ "query": document, "variables": { "x": "variable-canary" } })
        .to_string();
    let broken = request.replace("query DocumentCanary", "query DocumentCanary {");
    let bearer = format!("authorization: Bearer {token}\r\n");
    let headers = [
        "",
        &bearer,
        "authorization: Bearer bad-token-canary\r\n",
        "x-request-id: id canary\r\n",
    ];
    for headers in headers {
        for body in [
            &request,
            &broken,
            &"body-canary".to_owned(),
            &"x".repeat(300_000),
        ] {
            post(server.address, headers, body);
        }
    }
    get(
        server.address,
        "/graphql?query=%7Bquery-canary%7D&variables=%7B%22x%22%3A%22url-canary%22%7D",
    );
    get(server.address, "/path-canary");
    server.terminate();
    let (_, log) = server.ended();

    let answered = log.matches("\"request answered\"").count();
    assert!(answered >= 18, "{answered} of 18 requests are in the log");
    assert!(log.contains("\"token refused\""), "{log}");
    let (head, signature) = token.rsplit_once('.').unwrap();
    for canary in [
        "canary",
        "Canary",
        SECRET,
        MASKING_KEY,
        head,
        signature,
        "fullName",
    ] {
        let found = log.lines().find(|line| line.contains(canary));
        assert_eq!(found, None, "`{canary}` is in the log");
    }
}
