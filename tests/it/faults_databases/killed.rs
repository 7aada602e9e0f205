//! Servers that are killed, and servers that are not there.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use sudare_testing::{Kind, Server};

use crate::database::{Raw, only_on_servers};
use crate::process::{run, try_get, until};

use super::proxy::Proxy;
use super::{CUSTOMERS, Gateway, asked, serve};

/// Customers with what is theirs: several levels, so that a server can end between two of them.
const NESTED: &str = "{ customers(first: 40) { totalCount nodes { id fullName orders(first: 5) { totalCount nodes { id totalAmount items(first: 5) { nodes { id quantity product { name } } } } } } } }";

/// How long an answer may take that only says that there is none.
const DEADLINE: Duration = Duration::from_secs(10);

/// Less than anybody waits for a connection: a server that refuses is not asked again.
const AT_ONCE: Duration = Duration::from_secs(4);

/// Asks without end until told; every answer is the right one or says that there is none.
fn load(gateway: SocketAddr, right: &str, stop: &AtomicBool) -> usize {
    let mut unavailable = 0;
    while !stop.load(Ordering::Relaxed) {
        let start = Instant::now();
        let (status, text) = asked(gateway, 1, NESTED);
        assert!(start.elapsed() < DEADLINE, "{status} {text}");
        match status {
            200 => assert_eq!(text, right),
            503 => {
                assert!(
                    text.contains("SERVICE_UNAVAILABLE") && !text.contains("\"data\""),
                    "{text}"
                );
                unavailable += 1;
            }
            _ => panic!("{status} {text}"),
        }
    }
    unavailable
}

#[test]
fn a_killed_server_is_unavailable_until_it_is_back_and_no_answer_is_wrong() {
    let Some(kind) = only_on_servers("a file is not killed") else {
        return;
    };
    let server = Server::start(kind);
    let gateway = Gateway::over(&server.create(), &[]);
    let right = gateway.data(NESTED);
    let address = gateway.process.address;
    let stop = AtomicBool::new(false);
    let unavailable: usize = thread::scope(|scope| {
        let loads: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| load(address, &right, &stop)))
            .collect();
        for _ in 0..2 {
            server.kill();
            until(|| gateway.ready() == 503);
            let start = Instant::now();
            assert_eq!(gateway.ask(2, CUSTOMERS).0, 503);
            assert!(start.elapsed() < AT_ONCE, "{:?}", start.elapsed());
            server.start_again();
            // What is asked for is there, so that an answer without it is the gateway's fault.
            let rows: i64 = Raw::open(&gateway.url).one("SELECT count(*) FROM customer");
            assert_eq!(rows, 40);
            until(|| gateway.ready() == 200);
            until(|| gateway.ask(2, NESTED).0 == 200);
        }
        stop.store(true, Ordering::Relaxed);
        loads.into_iter().map(|load| load.join().unwrap()).sum()
    });
    assert!(unavailable > 0);
    for _ in 0..30 {
        assert_eq!(gateway.data(NESTED), right);
    }
    let password = password(&gateway.url).to_owned();
    gateway.process.terminate();
    let (_, log) = gateway.process.ended();
    for secret in [password.as_str(), "SELECT", "panicked"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

fn password(url: &str) -> &str {
    let (_, rest) = url.split_once("sudare:").unwrap();
    rest.split_once('@').unwrap().0
}

#[test]
fn a_server_that_is_not_there_is_named_at_the_start_without_its_password() {
    let Some(kind) = only_on_servers("a file is always there") else {
        return;
    };
    let scheme = match kind {
        Kind::Postgres => "postgres",
        Kind::MariaDb => "mariadb",
    };
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let data = tempfile::tempdir().unwrap();
    let url = format!("{scheme}://somebody:hunter2@{address}/shop");
    let soon = ("SUDARE_DATABASE_CONNECT_TIMEOUT_MS", "1000");
    let (output, out, err) = run(serve(&data, &url, &[soon]));
    assert!(!output.status.success());
    assert!(err.contains(&format!("{scheme}://{address}/shop")), "{err}");
    assert!(err.to_lowercase().contains("connection refused"), "{err}");
    assert!(
        !err.contains("hunter2") && !out.contains("hunter2"),
        "{err}"
    );
}

#[test]
fn a_server_that_hangs_is_a_timeout_and_not_ready() {
    let Some(kind) = only_on_servers("a file does not hang") else {
        return;
    };
    let proxy = Proxy::start(&Server::shared(kind).create());
    let gateway = Gateway::over(
        &proxy.url,
        &[("SUDARE_LIMITS_STATEMENT_TIMEOUT_MS", "1000")],
    );
    gateway.data(CUSTOMERS);
    proxy.hold(true);
    let start = Instant::now();
    let (status, text) = gateway.ask(1, CUSTOMERS);
    assert!(matches!(status, 503 | 504), "{status} {text}");
    assert!(start.elapsed() < DEADLINE);
    assert_eq!(try_get(gateway.process.address, "/readyz").unwrap().0, 503);
    proxy.hold(false);
    until(|| gateway.ready() == 200);
    until(|| asked(gateway.process.address, 1, CUSTOMERS).0 == 200);
}
