//! What connections that read may do, what they see, and what they tell of errors.

use sea_orm::DbBackend;
use sudare_testing::Kind;

use crate::database::only_on_servers;
use crate::process::until;

use super::{Gateway, LONG, LONG_REQUEST, PRODUCTS, release};

const ORDERS: &str = "{ customers(first: 5) { nodes { id orders(first: 3) { totalCount nodes { id totalAmount } } } } }";

#[test]
fn the_levels_of_an_answer_are_of_one_state() {
    let Some(kind) = only_on_servers("here a table is locked between two levels") else {
        return;
    };
    let gateway = Gateway::start(kind, &[LONG, LONG_REQUEST]);
    let before = gateway.data(ORDERS);
    let lock = gateway.lock(&["order"]);
    // The customers are read; their orders are not.
    let asked = gateway.spawn(1, ORDERS, 1);
    until(|| gateway.blocked("order") > 0);
    assert!(lock.execute("UPDATE \"order\" SET total_amount = total_amount + 1") > 0);
    release(&lock);
    for answer in asked {
        assert_eq!(answer.join().unwrap(), (200, before.clone()));
    }
    assert_ne!(gateway.data(ORDERS), before);
}

#[test]
fn what_a_server_says_of_a_value_is_neither_answered_nor_logged() {
    let Some(kind) = only_on_servers("a file says nothing of values") else {
        return;
    };
    let gateway = Gateway::start(kind, &[("SUDARE_LOG_LEVEL", "trace")]);
    let names: Vec<String> = gateway.raw.all("SELECT name FROM product");
    // Whoever reads a row is told of its name.
    match gateway.raw.backend() {
        DbBackend::Postgres => gateway.view("name::int > 0"),
        _ => {
            gateway.raw.execute(
                "CREATE FUNCTION tell(name text) RETURNS int READS SQL DATA \
                BEGIN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = name; RETURN 1; END",
            );
            gateway.view("tell(name) = 1");
        }
    }
    for query in [
        PRODUCTS,
        "{ products { totalCount } }",
        "{ orders(first: 9) { nodes { items { nodes { product { name } } } } } }",
    ] {
        let (status, text) = gateway.ask(1, query);
        assert_eq!(status, 503, "{text}");
        assert!(!names.iter().any(|name| text.contains(name)), "{text}");
    }
    gateway.process.terminate();
    let (_, log) = gateway.process.ended();
    assert!(log.contains("the database did not answer"), "{log}");
    for name in &names {
        assert!(!log.contains(name), "{name} in {log}");
    }
}

#[test]
fn connections_without_work_are_closed_although_nobody_asks() {
    let Some(kind) = only_on_servers("a file has no connections") else {
        return;
    };
    let gateway = Gateway::start(kind, &[("SUDARE_DATABASE_IDLE_TIMEOUT_MS", "1000")]);
    gateway.data(PRODUCTS);
    assert_eq!(gateway.ready(), 200);
    until(|| gateway.connections() == 0);
    gateway.data(PRODUCTS);
}

#[test]
fn connections_that_the_server_closed_meanwhile_are_not_trusted() {
    let Some(Kind::MariaDb) = only_on_servers("a file has no connections") else {
        // The driver of PostgreSQL reads all the time, and notices by itself.
        return;
    };
    let gateway = Gateway::start(Kind::MariaDb, &[]);
    gateway.data(PRODUCTS);
    let idle = "SELECT id FROM information_schema.processlist \
        WHERE db = DATABASE() AND id <> CONNECTION_ID()";
    // For less than that they are taken as they are.
    let busy = format!("{idle} AND time < 2");
    until(|| gateway.raw.all::<i64>(&busy).is_empty());
    for id in gateway.raw.all::<i64>(idle) {
        gateway.raw.execute(&format!("KILL {id}"));
    }
    gateway.data(PRODUCTS);
}

#[test]
fn readers_write_nothing_and_their_day_is_that_of_greenwich() {
    let Some(kind) = only_on_servers("here a function of the server writes") else {
        return;
    };
    let gateway = Gateway::start(kind, &[]);
    let before = gateway.data(PRODUCTS);
    let (sneak, zone, utc) = match gateway.raw.backend() {
        DbBackend::Postgres => (
            "CREATE FUNCTION sneak() RETURNS int LANGUAGE plpgsql VOLATILE AS \
            'BEGIN UPDATE department SET name = ''gone''; RETURN 1; END'",
            "CREATE FUNCTION zone() RETURNS text LANGUAGE sql STABLE AS 'SELECT current_setting(''TimeZone'')'",
            "zone() = 'UTC'",
        ),
        _ => (
            "CREATE FUNCTION sneak() RETURNS int MODIFIES SQL DATA \
            BEGIN UPDATE department SET name = 'gone'; RETURN 1; END",
            "CREATE FUNCTION zone() RETURNS varchar(64) READS SQL DATA RETURN @@session.time_zone",
            "zone() = '+00:00'",
        ),
    };
    gateway.raw.execute(sneak);
    gateway.raw.execute(zone);
    gateway.view(utc);
    assert_eq!(gateway.data(PRODUCTS), before);

    gateway.raw.execute("DROP VIEW product");
    gateway
        .raw
        .execute("CREATE VIEW product AS SELECT * FROM product_kept WHERE sneak() = 1");
    // One statement has no transaction around it, two have.
    for query in [
        PRODUCTS,
        "{ products(first: 3) { totalCount nodes { name } } }",
    ] {
        let (status, text) = gateway.ask(1, query);
        assert_eq!(status, 503, "{text}");
    }
    let gone: i64 = gateway
        .raw
        .one("SELECT count(*) FROM department WHERE name = 'gone'");
    assert_eq!(gone, 0);
}

#[test]
fn a_column_of_another_type_is_never_another_value() {
    let Some(kind) = only_on_servers("columns of a file have no types") else {
        return;
    };
    let gateway = Gateway::start(kind, &[]);
    let query = "{ order(id: 1) { id totalAmount } }";
    let before = gateway.data(query);
    gateway.raw.execute(match gateway.raw.backend() {
        DbBackend::Postgres => "ALTER TABLE \"order\" ALTER COLUMN total_amount TYPE text",
        _ => "ALTER TABLE \"order\" MODIFY total_amount varchar(64)",
    });
    gateway
        .raw
        .execute("UPDATE \"order\" SET total_amount = 'canary'");
    for _ in 0..30 {
        let (status, text) = gateway.ask(1, query);
        assert!(status == 503 || status == 500, "{before} {status} {text}");
        assert!(
            !text.contains("canary") && !text.contains("\"data\""),
            "{text}"
        );
    }
}
