//! Filters: the same rows as SQL would find.

use serde_json::{Value as Json, json};

use sudare::config::Limits;

use crate::harness::{TestGateway, demo, policies};

async fn ids(plural: &str, ty: &str, filter: Json) -> Vec<i64> {
    let query = format!(
        "query($f: {ty}Filter) {{ {plural}(first: 1000, filter: $f, orderBy: [{{ id: ASC }}]) {{ nodes {{ id }} }} }}"
    );
    let answer = demo()
        .query_with("admin", &query, json!({ "f": filter }))
        .await;
    let nodes = answer.data()[plural]["nodes"].as_array().unwrap().clone();
    nodes
        .iter()
        .map(|node| node["id"].as_str().unwrap().parse().unwrap())
        .collect()
}

fn sql(table: &str, condition: &str) -> Vec<i64> {
    let sql = format!("SELECT id FROM \"{table}\" t WHERE {condition} ORDER BY id");
    demo().raw().all(&sql)
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
async fn operators_find_what_sql_finds() {
    for (filter, condition) in [
        (json!({}), "TRUE"),
        (json!({ "id": { "in": [] } }), "FALSE"),
        (json!({ "id": { "in": [1, "2", 3] } }), "id IN (1, 2, 3)"),
        (json!({ "id": { "notIn": [] } }), "TRUE"),
        (
            json!({ "annualIncome": { "gt": "50000" } }),
            "annual_income > 50000",
        ),
        (
            json!({ "annualIncome": { "lte": 50000.5 } }),
            "annual_income <= 50000.5",
        ),
        (
            json!({ "annualIncome": { "isNull": true } }),
            "annual_income IS NULL",
        ),
        (
            json!({ "not": { "annualIncome": { "gt": "50000" } } }),
            "NOT (annual_income > 50000)",
        ),
        (
            json!({ "annualIncome": { "notIn": ["1"] } }),
            "annual_income IS NOT NULL",
        ),
        (
            json!({ "lifecycleStage": { "eq": "LOST" } }),
            "lifecycle_stage = 'LOST'",
        ),
        (
            json!({ "lifecycleStage": { "in": ["LOST", "ACTIVE"] } }),
            "lifecycle_stage IN ('LOST', 'ACTIVE')",
        ),
        (
            json!({ "birthDate": { "lt": "1980-01-01" } }),
            "birth_date < '1980-01-01'",
        ),
        (
            json!({ "createdAt": { "gte": "2025-01-01T01:00:00+01:00" } }),
            "created_at >= '2025-01-01'",
        ),
        (
            json!({ "consentMarketing": { "eq": true } }),
            "consent_marketing",
        ),
        (json!({ "ownerId": { "eq": 7 } }), "owner_id = 7"),
        (
            json!({ "fullName": { "startsWith": "A" } }),
            "substr(full_name, 1, 1) = 'A'",
        ),
        (
            json!({ "fullName": { "endsWith": "n" } }),
            "replace(full_name || '$', 'n$', '') <> full_name || '$'",
        ),
        (
            json!({ "fullName": { "contains": "ar" } }),
            "replace(full_name, 'ar', '') <> full_name",
        ),
        (
            json!({ "fullName": { "contains": "AR", "ignoreCase": true } }),
            "replace(lower(full_name), 'ar', '') <> lower(full_name)",
        ),
        (
            json!({ "fullName": { "contains": "%" } }),
            "replace(full_name, '%', '') <> full_name",
        ),
        (json!({ "fullName": { "contains": "" } }), "TRUE"),
        (json!({ "fullName": { "endsWith": "" } }), "TRUE"),
        (json!({ "and": [] }), "TRUE"),
        (json!({ "or": [] }), "FALSE"),
        (json!({ "not": {} }), "FALSE"),
        (
            json!({ "or": [{ "id": { "eq": 1 } }, { "id": { "eq": 5 }, "consentMarketing": { "eq": true } }] }),
            "id = 1 OR (id = 5 AND consent_marketing)",
        ),
        (
            json!({ "owner": { "name": { "startsWith": "A" } } }),
            "EXISTS (SELECT 1 FROM employee e WHERE e.id = t.owner_id AND substr(e.name, 1, 1) = 'A')",
        ),
        (json!({ "owner": {} }), "owner_id IS NOT NULL"),
        (json!({ "not": { "owner": {} } }), "owner_id IS NULL"),
        (
            json!({ "orders": { "some": { "status": { "eq": "PAID" } } } }),
            "EXISTS (SELECT 1 FROM \"order\" o WHERE o.customer_id = t.id AND o.status = 'PAID')",
        ),
        (
            json!({ "orders": { "none": {} } }),
            "NOT EXISTS (SELECT 1 FROM \"order\" o WHERE o.customer_id = t.id)",
        ),
        (
            json!({ "orders": { "every": { "totalAmount": { "gt": "100" } } } }),
            "NOT EXISTS (SELECT 1 FROM \"order\" o WHERE o.customer_id = t.id AND NOT o.total_amount > 100)",
        ),
        (
            json!({ "orders": { "some": { "items": { "some": { "product": { "name": { "contains": "a" } } } } } } }),
            "EXISTS (SELECT 1 FROM \"order\" o JOIN order_item i ON i.order_id = o.id JOIN product p ON p.id = i.product_id \
             WHERE o.customer_id = t.id AND replace(p.name, 'a', '') <> p.name)",
        ),
    ] {
        assert_eq!(
            ids("customers", "Customer", filter.clone()).await,
            sql("customer", condition),
            "{filter}"
        );
    }
}

#[tokio::test]
async fn case_is_ignored_as_unicode_folds_it() {
    let gateway = TestGateway::start(&policies(), Limits::default());
    gateway
        .raw()
        .execute("UPDATE customer SET occupation = 'Straße ÄRZTIN Ω' WHERE id = 3");
    let query = "query($t: String!, $i: Boolean!) {
        customers(filter: { occupation: { eq: $t, ignoreCase: $i } }) { nodes { id } } }";
    for text in ["STRASSE ärztin ω", "straße Ärztin ω"] {
        let ask =
            |ignore: bool| gateway.query_with("admin", query, json!({ "t": text, "i": ignore }));
        assert_eq!(
            ask(true).await.data()["customers"]["nodes"],
            json!([{ "id": "3" }]),
            "{text}"
        );
        assert_eq!(
            ask(false).await.data()["customers"]["nodes"],
            json!([]),
            "{text}"
        );
    }
}

#[tokio::test]
async fn values_that_do_not_fit_are_refused_with_their_place_and_cure() {
    for (filter, words) in [
        (
            json!({ "annualIncome": { "gt": "much" } }),
            "`$f.annualIncome.gt` must be a decimal number",
        ),
        (
            json!({ "birthDate": { "lt": "1980-02-30" } }),
            "`$f.birthDate.lt` must be a day",
        ),
        (
            json!({ "lifecycleStage": { "eq": "GONE" } }),
            "must be one of `LifecycleStage`: POTENTIAL, ACTIVE, LOST",
        ),
        (json!({ "id": { "eq": "seven" } }), "must be a whole number"),
        (json!({ "fullName": null }), "ask with `isNull`"),
        (json!({ "fullName": { "eq": null } }), "ask with `isNull`"),
        (
            json!({ "fullName": { "eq": "a\u{0}b" } }),
            "text without NUL",
        ),
        (
            json!({ "fullNam": { "eq": "a" } }),
            "`$f.fullNam` is not a field of `CustomerFilter`",
        ),
        (json!({ "createdAt": { "lt": "2026-01-01" } }), "RFC 3339"),
        (
            json!({ "id": { "in": (0..2000).collect::<Vec<_>>() } }),
            "`max_list` is 1000",
        ),
        (json!("x"), "must be an object of type `CustomerFilter`"),
    ] {
        let query = "query($f: CustomerFilter) { customers(filter: $f) { nodes { id } } }";
        let answer = demo()
            .query_with("admin", query, json!({ "f": filter }))
            .await;
        assert_eq!(answer.status, 400, "{filter}");
        answer.codes();
        assert!(answer.text.contains(words), "{filter}: {}", answer.text);
    }
}

#[tokio::test]
async fn literals_are_checked_as_strictly_as_variables() {
    for (arguments, words) in [
        (
            "filter: { lifecycleStage: { eq: \"LOST\" } }",
            "LifecycleStage",
        ),
        ("filter: { annualIncome: { gt: true } }", "decimal"),
        (
            "filter: { birthDate: { gt: \"yesterday\" } }",
            "must be a day",
        ),
        ("orderBy: [{ id: ASC, fullName: ASC }]", "exactly one"),
        ("orderBy: [{}]", "exactly one"),
        ("first: 1.5", "Int"),
    ] {
        let answer = demo()
            .query(
                "admin",
                &format!("{{ customers({arguments}) {{ nodes {{ id }} }} }}"),
            )
            .await;
        answer.codes();
        assert!(answer.text.contains(words), "{arguments}: {}", answer.text);
    }
    // An argument with an absent variable in it is not checked by the library at all.
    let query = "query($x: Decimal) { customers(filter: { annualIncome: { gt: $x }, birthDate: { gt: \"never\" } }) { nodes { id } } }";
    let answer = demo().query("admin", query).await;
    answer.codes();
    assert!(answer.text.contains("must be a day"), "{}", answer.text);
}
