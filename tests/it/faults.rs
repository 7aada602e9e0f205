//! Faults: a typed answer, and everybody else is served as before.

use sudare::config::Limits;

use crate::harness::{TestGateway, policies};

/// Many nested looks at every row.
const HEAVY: &str = r#"{ departments(filter: {
    customers: { every: { department: { customers: { every: { department: { customers: { every: { language: { ne: "q" } } } } } } } } }
}) { totalCount } }"#;

#[tokio::test]
async fn a_statement_that_takes_too_long_is_ended_and_its_connection_serves_on() {
    let limits = Limits {
        statement_timeout_ms: 2,
        ..Limits::default()
    };
    let gateway = TestGateway::start(&policies(), limits);
    for _ in 0..20 {
        let slow = gateway.query("admin", HEAVY).await;
        assert_eq!((slow.status, slow.codes()), (504, vec!["TIMEOUT"]));
        assert!(
            slow.text.contains("`statement_timeout_ms` is 2"),
            "{}",
            slow.text
        );
        gateway
            .query("admin", "{ department(id: 1) { name } }")
            .await
            .data();
    }
}

#[tokio::test]
async fn a_database_that_lost_a_table_is_unavailable_and_tells_no_name_of_ours() {
    let gateway = TestGateway::start(&policies(), Limits::default());
    gateway
        .query("admin", "{ visits(first: 1) { nodes { id } } }")
        .await
        .data();
    gateway
        .raw()
        .execute_batch("ALTER TABLE visit RENAME TO gone")
        .unwrap();
    let answer = gateway
        .query("admin", "{ visits(first: 1) { nodes { id } } }")
        .await;
    assert_eq!(
        (answer.status, answer.codes()),
        (503, vec!["SERVICE_UNAVAILABLE"])
    );
    assert!(
        !answer.text.contains("visit") && !answer.text.contains("SELECT"),
        "{}",
        answer.text
    );
    gateway
        .query("admin", "{ orders(first: 1) { nodes { id } } }")
        .await
        .data();
}

#[tokio::test]
async fn what_a_hidden_row_holds_changes_no_answer() {
    let gateway = TestGateway::start(&policies(), Limits::default());
    let raw = gateway.raw();
    let hidden: i64 = raw
        .query_row(
            "SELECT a.id FROM address a JOIN customer c ON c.id = a.customer_id WHERE c.department_id <> 1 LIMIT 1",
            [],
            |row| row.get(0),
        )
        .unwrap();
    let queries = [
        "{ addresses(filter: { region: { eq: \"x\", ignoreCase: true } }) { totalCount } }",
        "{ addresses(first: 1000) { totalCount nodes { nodeId city region } } }",
        "{ customers(first: 1000) { nodes { nodeId addresses { totalCount nodes { region } } } } }",
    ];
    let mut before = Vec::new();
    for query in queries {
        before.push(gateway.query("support", query).await.text);
    }
    raw.execute(
        "UPDATE address SET region = x'ff00', city = x'ff', postal_code = 7 WHERE id = ?",
        [hidden],
    )
    .unwrap();
    for (query, before) in queries.iter().zip(before) {
        assert_eq!(
            gateway.query("support", query).await.text,
            before,
            "{query}"
        );
    }
    // Whoever sees the row is told where it is broken.
    let told = gateway
        .query(
            "admin",
            &format!("{{ address(id: {hidden}) {{ region }} }}"),
        )
        .await;
    assert!(told.text.contains("`Address.region`"), "{}", told.text);
}

#[tokio::test]
async fn a_database_file_that_was_replaced_is_not_ready_and_never_mixed_in() {
    let gateway = TestGateway::start(&policies(), Limits::default());
    let count = "{ customers { totalCount } }";
    assert_eq!(
        gateway.query("admin", count).await.data()["customers"]["totalCount"],
        120
    );
    let moved = gateway.database.with_extension("moved");
    std::fs::rename(&gateway.database, &moved).unwrap();
    std::fs::copy(&moved, &gateway.database).unwrap();
    rusqlite::Connection::open(&gateway.database)
        .unwrap()
        .execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM customer WHERE id > 10")
        .unwrap();
    let ready = gateway.url.replace("/graphql", "/readyz");
    assert_eq!(reqwest::get(&ready).await.unwrap().status(), 503);
    // Many at once, so that the pool has to open connections.
    let gateway: &'static TestGateway = Box::leak(Box::new(gateway));
    let asked = (0..40).map(|_| tokio::spawn(gateway.query("admin", count)));
    for answer in asked.collect::<Vec<_>>() {
        let answer = answer.await.unwrap();
        let total = &answer.body["data"]["customers"]["totalCount"];
        assert!(*total == 120 || answer.status == 503, "{}", answer.text);
    }
}
