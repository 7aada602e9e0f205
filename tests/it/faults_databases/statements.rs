//! Statements that take too long, that nobody waits for any more, and that find no connection.

use std::thread::JoinHandle;

use crate::database::only_on_servers;
use crate::process::until;

use sudare_testing::{Kind, Server};

use super::proxy::Proxy;
use super::{CUSTOMERS, DEPARTMENTS, Gateway, LONG, LONG_REQUEST, LONG_WAIT, PRODUCTS, release};

/// Requests that one principal may have under way: half of the readers.
const TURNS: usize = 6;

fn join(asked: Vec<JoinHandle<(u16, String)>>) -> Vec<(u16, String)> {
    asked.into_iter().map(|one| one.join().unwrap()).collect()
}

#[test]
fn a_statement_that_takes_too_long_is_gone_from_the_server() {
    let Some(kind) = only_on_servers("a file has no statements of others") else {
        return;
    };
    let gateway = Gateway::start(kind, &[("SUDARE_LIMITS_STATEMENT_TIMEOUT_MS", "3000")]);
    let before = gateway.data(CUSTOMERS);
    let lock = gateway.lock(&["customer"]);
    let asked = gateway.spawn(1, CUSTOMERS, TURNS);
    until(|| gateway.blocked("customer") == 6);
    for (status, text) in join(asked) {
        assert_eq!(status, 504, "{text}");
        assert!(
            text.contains("TIMEOUT") && text.contains("is 3000"),
            "{text}"
        );
    }
    until(|| gateway.blocked("customer") == 0);
    release(&lock);
    for _ in 0..30 {
        assert_eq!(gateway.data(CUSTOMERS), before);
    }
}

#[test]
fn a_statement_is_prepared_once_a_connection() {
    let Some(kind) = only_on_servers("a file has no connections to send statements over") else {
        return;
    };
    let proxy = Proxy::start(&Server::shared(kind).create());
    let gateway = Gateway::over(&proxy.url, &[]);
    // the text of a statement is sent when it is prepared, and then no more
    let text = match kind {
        Kind::Postgres => "FROM \"customer\" AS",
        Kind::MariaDb => "FROM `customer` AS",
    };
    proxy.sent(text);
    let first = gateway.data(CUSTOMERS);
    assert!(proxy.sent(text) > 0);
    for _ in 0..60 {
        assert_eq!(gateway.data(CUSTOMERS), first);
    }
    let connections = usize::try_from(gateway.connections()).unwrap();
    let sent = proxy.sent(text);
    assert!(
        sent < connections && connections < 60,
        "sent {sent} times over {connections} connections"
    );
}

#[test]
fn what_nobody_waits_for_is_stopped_although_no_connection_is_free() {
    let Some(kind) = only_on_servers("a file has no statements of others") else {
        return;
    };
    let gateway = Gateway::start(kind, &[LONG, LONG_REQUEST, LONG_WAIT]);
    let before = (gateway.data(CUSTOMERS), gateway.data(PRODUCTS));
    let lock = gateway.lock(&["customer", "product"]);
    // Two principals hold all readers, two more wait for them.
    let first = gateway.send(1, CUSTOMERS, TURNS);
    let second = gateway.send(2, CUSTOMERS, TURNS);
    until(|| gateway.blocked("customer") == 12);
    let third = gateway.send(3, PRODUCTS, TURNS);
    let fourth = gateway.send(4, PRODUCTS, TURNS);
    drop(first);
    until(|| gateway.blocked("customer") == 6 && gateway.blocked("product") == 6);
    drop((second, third, fourth));
    until(|| gateway.blocked("customer") == 0 && gateway.blocked("product") == 0);
    release(&lock);
    for _ in 0..20 {
        assert_eq!((gateway.data(CUSTOMERS), gateway.data(PRODUCTS)), before);
    }
}

#[test]
fn one_principal_leaves_readers_to_others_and_a_busy_gateway_is_ready() {
    let Some(kind) = only_on_servers("here a table is locked") else {
        return;
    };
    let soon = ("SUDARE_DATABASE_CONNECT_TIMEOUT_MS", "2000");
    let gateway = Gateway::start(kind, &[LONG, LONG_REQUEST, soon]);
    let lock = gateway.lock(&["customer"]);
    let mut waiting = gateway.spawn(1, CUSTOMERS, 3 * TURNS);
    until(|| gateway.blocked("customer") == 6);
    assert_eq!(gateway.ask(2, DEPARTMENTS).0, 200);

    waiting.extend(gateway.spawn(2, CUSTOMERS, TURNS));
    until(|| gateway.blocked("customer") == 12);
    assert_eq!(gateway.ready(), 200);
    let (status, text) = gateway.ask(3, DEPARTMENTS);
    assert_eq!(status, 503, "{text}");
    assert!(text.contains("SERVICE_UNAVAILABLE"), "{text}");

    release(&lock);
    for (status, text) in join(waiting) {
        assert_eq!(status, 200, "{text}");
    }
}

#[test]
fn a_gateway_that_stops_at_once_stops_in_order() {
    let Some(kind) = only_on_servers("here a table is locked") else {
        return;
    };
    let gateway = Gateway::start(kind, &[LONG, LONG_REQUEST]);
    let lock = gateway.lock(&["customer"]);
    let waiting = gateway.send(1, CUSTOMERS, 3);
    until(|| gateway.blocked("customer") == 3);
    gateway.process.terminate();
    until(|| {
        crate::process::try_get(gateway.process.address, "/readyz")
            .is_none_or(|(status, _)| status == 503)
    });
    gateway.process.terminate();
    let (_, log) = gateway.process.ended();
    assert!(log.contains("stopped at once"), "{log}");
    assert!(!log.contains("panic"), "{log}");
    drop(waiting);
    release(&lock);
}
