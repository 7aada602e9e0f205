//! Faults: a typed answer, and everybody else is served as before.

use sudare::config::Limits;

use crate::harness::{TestGateway, policies};

/// Many nested looks at every row.
const HEAVY: &str = r#"{ customers(filter: {
    orders: { every: { items: { every: { product: { orderItems: { none: { order: { orderNo: { contains: "nowhere" } } } } } } } } }
}) { totalCount } }"#;

#[tokio::test]
async fn a_statement_that_takes_too_long_is_ended_and_its_connection_serves_on() {
    let limits = Limits {
        statement_timeout_ms: 1,
        ..Limits::default()
    };
    let gateway = TestGateway::start(&policies(), limits);
    for _ in 0..20 {
        let slow = gateway.query("admin", HEAVY).await;
        assert_eq!((slow.status, slow.codes()), (504, vec!["TIMEOUT"]));
        assert!(slow.text.contains("the limit is 1 ms"), "{}", slow.text);
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
