//! Values at the ends of what each type holds come out exactly, and what is no value of its type is named and not shown.
//!
//! The answers are compared with one text, so that the databases give the same bytes.

use sea_orm::DbBackend;
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query};
use serde_json::{Value as Json, json};
use sudare::config::Limits;
use sudare_policies::value::{Value, ValueKind};

use crate::database::Raw;
use crate::harness::{TestGateway, policies};

/// A value of a kind, as answers write it.
fn value(kind: ValueKind, text: &str) -> Value {
    match kind {
        ValueKind::Int => Value::Int(text.parse().unwrap()),
        ValueKind::Decimal => Value::Decimal(text.parse().unwrap()),
        ValueKind::Date => Value::Date(text.parse().unwrap()),
        ValueKind::DateTime => Value::DateTime(text.parse().unwrap()),
        ValueKind::Uuid => Value::Uuid(text.parse().unwrap()),
        _ => Value::Text(text.to_owned()),
    }
}

/// Plants texts as values of a field: in the rows with the keys 1, 2 and so on, behind the gateway's back.
pub(crate) fn plant(gateway: &TestGateway, coordinate: &str, texts: &[&str]) {
    let (entity, field) = coordinate.split_once('.').unwrap();
    let entity = &gateway.catalog.entities[gateway.catalog.entity(entity).unwrap()];
    let shape = sudare::shape::shape(&gateway.catalog);
    let (at, place) = shape.find_field(coordinate).unwrap();
    let kind = shape.field(at, place).unwrap().kind;
    let field = &entity.fields[entity.field(field).unwrap()];
    let raw = gateway.raw();
    for (key, text) in (1_i64..).zip(texts) {
        let stored = match *text {
            "null" => raw.stored(&Value::Null, &field.kind).into(),
            // SeaORM would send a document to PostgreSQL as `jsonb`, which has an order of its own for members.
            text if kind == ValueKind::Json && raw.backend() == DbBackend::Postgres => {
                Expr::val(text).cast_as("json")
            }
            text => raw.stored(&value(kind, text), &field.kind).into(),
        };
        let update = Query::update()
            .table(Alias::new(&entity.table))
            .value(Alias::new(&field.column), stored)
            .and_where(Expr::col(Alias::new("id")).eq(key))
            .to_owned();
        assert_eq!(raw.run(&update), 1, "{coordinate}");
    }
}

/// The coordinates of five rows of two tables, and what is planted there.
const PLANTED: [(&str, [&str; 5]); 8] = [
    (
        "Customer.fullName",
        [
            "👩\u{200d}🚀 e\u{301} é",
            "O'Brien \\ \"x\" %_\t\n;--",
            "ｚ",
            "😀",
            "",
        ],
    ),
    (
        "Customer.version",
        [
            "9223372036854775807",
            "-9223372036854775808",
            "-9007199254740993",
            "9007199254740993",
            "0",
        ],
    ),
    (
        "Customer.annualIncome",
        ["9999999999.99", "-9999999999.99", "-0.01", "0.00", "null"],
    ),
    (
        "Customer.birthDate",
        [
            "9999-12-31",
            "0001-01-01",
            "1969-12-31",
            "2000-02-29",
            "null",
        ],
    ),
    (
        "Customer.updatedAt",
        [
            "9999-12-31T23:59:59.999999Z",
            "0001-01-01T00:00:00.000001Z",
            "1969-12-31T23:59:59.999999Z",
            "1970-01-01T00:00:00Z",
            "2038-01-19T03:14:08.5Z",
        ],
    ),
    (
        "Customer.preferences",
        [
            r#"{"":{"a":[1,-2.5,null,[true,[]]]}}"#,
            r#"{"big":9223372036854775807,"q":"\"\\\n\u0001/"}"#,
            r#"["😀","é",{"k":"e\u0301"}]"#,
            r#""text""#,
            "0",
        ],
    ),
    (
        "Visit.session",
        [
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "00000000-0000-0000-0000-000000000000",
            "80000000-0000-4000-8000-00000000000a",
            "7fffffff-ffff-4fff-bfff-ffffffffffff",
            "null",
        ],
    ),
    (
        "Visit.durationSeconds",
        ["2147483647", "-2147483648", "0", "-1", "1"],
    ),
];

fn planted() -> TestGateway {
    let gateway = TestGateway::start(&policies(), Limits::default());
    for (coordinate, texts) in PLANTED {
        plant(&gateway, coordinate, &texts);
    }
    gateway
}

/// What stands in an answer for the rows that are planted.
async fn found(gateway: &TestGateway, plural: &str, filter: &str) -> Vec<i64> {
    let query = format!(
        "{{ {plural}(filter: {{ and: [{{ id: {{ lte: 5 }} }}, {filter}] }}, orderBy: [{{ id: ASC }}]) {{ nodes {{ id }} }} }}"
    );
    let answer = gateway.query("admin", &query).await;
    ids(&answer.data()[plural]["nodes"])
}

fn ids(nodes: &Json) -> Vec<i64> {
    let nodes = nodes.as_array().unwrap().iter();
    nodes
        .map(|node| node["id"].as_str().unwrap().parse().unwrap())
        .collect()
}

#[tokio::test]
async fn values_at_the_ends_of_their_types_are_the_same_bytes_on_each_database() {
    let gateway = planted();
    let query = "{ customers(filter: { id: { lte: 5 } }, orderBy: [{ id: ASC }]) {
        pageInfo { endCursor }
        nodes { id fullName version annualIncome birthDate updatedAt preferences } } }";
    insta::assert_snapshot!(gateway.query("admin", query).await.text);
    let query = "{ visits(filter: { id: { lte: 5 } }, orderBy: [{ session: ASC }]) {
        pageInfo { endCursor }
        nodes { id session durationSeconds } } }";
    insta::assert_snapshot!(gateway.query("admin", query).await.text);
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
async fn values_at_the_ends_of_their_types_are_found() {
    let gateway = planted();
    for (plural, filter, expected) in [
        (
            "customers",
            r#"{ version: { eq: "9223372036854775807" } }"#,
            vec![1],
        ),
        (
            "customers",
            r#"{ version: { eq: "9007199254740992" } }"#,
            vec![],
        ),
        (
            "customers",
            r#"{ version: { lte: "-9007199254740993" } }"#,
            vec![2, 3],
        ),
        (
            "customers",
            r#"{ version: { in: ["-9223372036854775808", "9007199254740993"] } }"#,
            vec![2, 4],
        ),
        (
            "customers",
            r#"{ annualIncome: { eq: "9999999999.99" } }"#,
            vec![1],
        ),
        (
            "customers",
            r#"{ annualIncome: { eq: "-9999999999.990" } }"#,
            vec![2],
        ),
        (
            "customers",
            r#"{ annualIncome: { lt: "0", gt: "-9999999999.99" } }"#,
            vec![3],
        ),
        ("customers", r#"{ annualIncome: { eq: 0 } }"#, vec![4]),
        ("customers", "{ annualIncome: { isNull: true } }", vec![5]),
        (
            "customers",
            r#"{ birthDate: { eq: "0001-01-01" } }"#,
            vec![2],
        ),
        (
            "customers",
            r#"{ birthDate: { gte: "1969-12-31", lt: "9999-12-31" } }"#,
            vec![3, 4],
        ),
        (
            "customers",
            r#"{ updatedAt: { eq: "1969-12-31T23:59:59.999999Z" } }"#,
            vec![3],
        ),
        (
            "customers",
            r#"{ updatedAt: { eq: "1970-01-01T02:00:00+02:00" } }"#,
            vec![4],
        ),
        (
            "customers",
            r#"{ updatedAt: { gt: "2038-01-19T03:14:08Z" } }"#,
            vec![1, 5],
        ),
        (
            "customers",
            r#"{ updatedAt: { lt: "1969-12-31T23:59:59.999999Z" } }"#,
            vec![2],
        ),
        (
            "customers",
            r#"{ updatedAt: { in: ["9999-12-31T23:59:59.999999Z"] } }"#,
            vec![1],
        ),
        (
            "customers",
            r#"{ fullName: { startsWith: "👩\u200d🚀 e\u0301" } }"#,
            vec![1],
        ),
        ("customers", r#"{ fullName: { eq: "" } }"#, vec![5]),
        (
            "customers",
            r#"{ fullName: { contains: "\\ \"x\" %_\t\n" } }"#,
            vec![2],
        ),
        // by code point, unlike UTF-16
        (
            "customers",
            r#"{ fullName: { in: ["😀", "ｚ"] } }"#,
            vec![3, 4],
        ),
        (
            "visits",
            r#"{ session: { eq: "FFFFFFFF-ffff-FFFF-FFFF-ffffffffffff" } }"#,
            vec![1],
        ),
        (
            "visits",
            r#"{ session: { ne: "00000000-0000-0000-0000-000000000000" } }"#,
            vec![1, 3, 4],
        ),
        (
            "visits",
            r#"{ session: { gt: "7fffffff-ffff-4fff-bfff-ffffffffffff" } }"#,
            vec![1, 3],
        ),
        (
            "visits",
            r#"{ session: { lte: "7fffffff-ffff-4fff-bfff-ffffffffffff" } }"#,
            vec![2, 4],
        ),
        (
            "visits",
            r#"{ session: { in: ["80000000-0000-4000-8000-00000000000A", "00000000-0000-0000-0000-000000000001"] } }"#,
            vec![3],
        ),
        (
            "visits",
            r#"{ session: { notIn: ["80000000-0000-4000-8000-00000000000a"] } }"#,
            vec![1, 2, 4],
        ),
        ("visits", "{ session: { isNull: true } }", vec![5]),
        ("visits", "{ durationSeconds: { lt: -1 } }", vec![2]),
    ] {
        assert_eq!(found(&gateway, plural, filter).await, expected, "{filter}");
    }
}

#[tokio::test]
async fn lists_are_paged_by_values_at_the_ends_of_their_types() {
    let gateway = planted();
    for (plural, ty, field, ascending) in [
        ("customers", "Customer", "fullName", [5, 2, 3, 1, 4]),
        ("customers", "Customer", "version", [2, 3, 5, 4, 1]),
        ("customers", "Customer", "annualIncome", [2, 3, 4, 1, 5]),
        ("customers", "Customer", "birthDate", [2, 3, 4, 1, 5]),
        ("customers", "Customer", "updatedAt", [2, 3, 4, 5, 1]),
        ("visits", "Visit", "session", [2, 4, 3, 1, 5]),
        ("visits", "Visit", "durationSeconds", [2, 4, 3, 5, 1]),
    ] {
        for direction in ["ASC", "DESC"] {
            let query = format!(
                "query($after: String, $order: [{ty}OrderBy!]) {{
                    {plural}(filter: {{ id: {{ lte: 5 }} }}, orderBy: $order, first: 1, after: $after) {{
                        nodes {{ id }} pageInfo {{ endCursor hasNextPage }} }} }}"
            );
            let mut pages = Vec::new();
            let mut after = Json::Null;
            while pages.len() < 6 {
                let variables = json!({ "after": after, "order": [{ field: direction }] });
                let answer = gateway.query_with("admin", &query, variables).await;
                let page = &answer.data()[plural];
                pages.extend(ids(&page["nodes"]));
                after = page["pageInfo"]["endCursor"].clone();
                if page["pageInfo"]["hasNextPage"] == false {
                    break;
                }
            }
            let mut expected = ascending.to_vec();
            if direction == "DESC" {
                // what is absent comes last in both directions
                let nulls = matches!(field, "annualIncome" | "birthDate" | "session");
                let present = expected.len() - usize::from(nulls);
                expected[..present].reverse();
            }
            assert_eq!(pages, expected, "{field} {direction}");
        }
    }
}

/// MariaDB would look at the first thousand bytes, and lose those behind them between two pages.
#[tokio::test]
async fn long_texts_are_sorted_and_paged_by_the_whole_of_them() {
    let gateway = TestGateway::start(&policies(), Limits::default());
    let texts = ["z", "m", "b", "é", "y"].map(|end| "a".repeat(10_000) + end);
    plant(
        &gateway,
        "Customer.notes",
        &texts.each_ref().map(String::as_str),
    );
    let query = "query($after: String) { customers(filter: { id: { lte: 5 } }, orderBy: [{ notes: ASC }], first: 1, after: $after) {
        nodes { id } pageInfo { endCursor } } }";
    let mut pages = Vec::new();
    let mut after = Json::Null;
    for _ in 0..5 {
        let answer = gateway.query_with("admin", query, json!({ "after": after }));
        let answer = answer.await;
        let page = &answer.data()["customers"];
        pages.extend(ids(&page["nodes"]));
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(pages, [3, 2, 5, 1, 4]);
    // below other rows MariaDB sorts in another way
    let query = "{ departments { nodes { customers(filter: { id: { lte: 5 } }, orderBy: [{ notes: ASC }]) { nodes { id } } } } }";
    let answer = gateway.query("admin", query).await;
    for department in answer.data()["departments"]["nodes"].as_array().unwrap() {
        let found = ids(&department["customers"]["nodes"]);
        let mut sorted = found.clone();
        sorted.sort_by_key(|id| pages.iter().position(|page| page == id));
        assert_eq!(found, sorted);
    }
}

/// What a database takes and its type does not have: SQL, the coordinate, who sees the field masked.
type Broken = (&'static str, &'static str, Option<&'static str>);

const SQLITE: [Broken; 16] = [
    (
        "'a' || char(0) || 'b'",
        "Customer.fullName",
        Some("analyst"),
    ),
    ("x'ff00'", "Customer.fullName", Some("analyst")),
    ("CAST(x'c3' AS TEXT)", "Customer.fullName", Some("analyst")),
    // As long as a UUID.
    (
        "x'000102030405060708090a0b0c0d0e0f'",
        "Customer.fullName",
        Some("analyst"),
    ),
    ("'GONE'", "Customer.lifecycleStage", None),
    ("'a lot'", "Customer.annualIncome", Some("analyst")),
    ("'2024-02-30'", "Customer.birthDate", Some("analyst")),
    // No filter would find what it would be shown as, and no cursor.
    ("'2000-1-5'", "Customer.birthDate", Some("analyst")),
    ("'-0001-01-01'", "Customer.birthDate", Some("analyst")),
    ("'+10000-01-01T00:00:00Z'", "Customer.updatedAt", None),
    ("'soon'", "Customer.updatedAt", None),
    ("'1' || char(0)", "Customer.version", None),
    ("1.5", "Customer.version", None),
    ("'{'", "Customer.preferences", None),
    ("x'00'", "Visit.session", Some("analyst")),
    // A UUID is kept as bytes; its text would be neither found nor sorted.
    (
        "'00000000-0000-0000-0000-000000000001'",
        "Visit.session",
        Some("analyst"),
    ),
];

const POSTGRES: [Broken; 8] = [
    ("'GONE'", "Customer.lifecycleStage", None),
    ("'NaN'", "Customer.annualIncome", Some("analyst")),
    ("'infinity'", "Customer.birthDate", Some("analyst")),
    ("'10000-01-01'", "Customer.birthDate", Some("analyst")),
    ("'0002-01-01 BC'", "Customer.birthDate", Some("analyst")),
    ("'10000-01-01Z'", "Customer.updatedAt", None),
    ("'-infinity'", "Customer.updatedAt", None),
    ("'infinity'", "Customer.updatedAt", None),
];

const MARIADB: [Broken; 5] = [
    (
        "concat('a', char(0), 'b')",
        "Customer.fullName",
        Some("analyst"),
    ),
    ("'GONE'", "Customer.lifecycleStage", None),
    ("'0000-00-00'", "Customer.birthDate", Some("analyst")),
    ("'2024-00-00'", "Customer.birthDate", Some("analyst")),
    ("'0000-00-00 00:00:00'", "Customer.updatedAt", None),
];

fn broken(raw: &Raw) -> &'static [Broken] {
    match raw.backend() {
        DbBackend::Postgres => &POSTGRES,
        DbBackend::MySql => {
            // As servers are set up that take any day.
            raw.execute("SET SESSION sql_mode = 'ANSI_QUOTES,ALLOW_INVALID_DATES'");
            &MARIADB
        }
        _ => &SQLITE,
    }
}

#[tokio::test]
async fn what_is_no_value_of_its_type_is_named_in_full_and_null_below() {
    let gateway = TestGateway::start(&policies(), Limits::default());
    let raw = gateway.raw();
    raw.execute("UPDATE customer SET consent_analytics = TRUE");
    for &(sql, coordinate, masked) in broken(raw) {
        let (entity, field) = coordinate.split_once('.').unwrap();
        let entity = &gateway.catalog.entities[gateway.catalog.entity(entity).unwrap()];
        let column = &entity.fields[entity.field(field).unwrap()].column;
        let key: i64 = raw.one(&format!("SELECT max(id) FROM {}", entity.table));
        raw.execute(&format!(
            "UPDATE {} SET {column} = {sql} WHERE id = {key}",
            entity.table
        ));
        let query = format!("{{ {}(id: {key}) {{ id {field} }} }}", entity.single);
        let full = gateway.query("admin", &query).await;
        assert_eq!(full.status, 500, "{sql}: {}", full.text);
        assert_eq!(full.codes(), ["INTERNAL"]);
        let told = format!("`{coordinate}`");
        assert!(full.text.contains(&told), "{sql}: {}", full.text);
        if let Some(role) = masked {
            let shown = gateway.query(role, &query).await;
            let row = &shown.data()[&entity.single];
            assert_eq!(row[field], Json::Null, "{sql}: {}", shown.text);
            assert!(row["id"].is_string(), "{sql}: {}", shown.text);
        }
    }
}

#[tokio::test]
async fn a_nul_and_a_text_that_is_no_uuid_are_refused_with_place_and_cure() {
    let gateway = TestGateway::start(&policies(), Limits::default());
    for (query, variables, told) in [
        (
            r#"{ customers(filter: { fullName: { eq: "a\u0000" } }) { totalCount } }"#,
            Json::Null,
            "text without NUL",
        ),
        (
            "query($t: [String!]) { customers(filter: { email: { in: $t } }) { totalCount } }",
            json!({ "t": ["a", "\0"] }),
            "text without NUL",
        ),
        (
            "query($a: String) { customers(after: $a) { totalCount } }",
            json!({ "a": "\0" }),
            "text without NUL",
        ),
        (r#"{ customer(id: "1\u0000") { id } }"#, Json::Null, "an id"),
        (
            r#"{ visits(filter: { session: { eq: "00000000000000000000000000000000" } }) { totalCount } }"#,
            Json::Null,
            "a UUID such as",
        ),
        (
            "query($u: UUID) { visits(filter: { session: { eq: $u } }) { totalCount } }",
            json!({ "u": "{00000000-0000-0000-0000-000000000000}" }),
            "a UUID such as",
        ),
        (
            "query($u: UUID) { visits(filter: { session: { eq: $u } }) { totalCount } }",
            json!({ "u": "0000000g-0000-0000-0000-000000000000" }),
            "a UUID such as",
        ),
        (
            "{ visits(filter: { session: { eq: 7 } }) { totalCount } }",
            Json::Null,
            "a UUID such as",
        ),
    ] {
        let answer = gateway.query_with("admin", query, variables).await;
        assert_eq!(
            (answer.status, answer.codes()),
            (400, vec!["BAD_USER_INPUT"]),
            "{query}: {}",
            answer.text
        );
        assert!(answer.text.contains(told), "{query}: {}", answer.text);
    }
}
