//! Faults: a typed answer, and everybody else is served as before.

use std::fs;
use std::process::Stdio;

use sea_orm::DbBackend;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use serde_json::json;
use sudare::config::Limits;
use sudare_entities::Catalog;

use crate::database::{self, Raw};
use crate::harness::{TestGateway, policies, signed};
use crate::process::{Running, SECRET, Server, configured, run, until};

/// Many nested looks at every row.
fn heavy() -> String {
    let look = |number: usize| {
        format!(
            r#"{{ orders: {{ every: {{ customer: {{ orders: {{ every: {{ customer: {{ orders: {{ every: {{ orderNo: {{ ne: "{number}" }} }} }} }} }} }} }} }} }} }}"#
        )
    };
    let looks: Vec<String> = (0..120).map(look).collect();
    format!(
        "{{ customers(filter: {{ and: [{}] }}) {{ totalCount }} }}",
        looks.join(", ")
    )
}

/// How many statements of others run in the database of a connection; none does when SQLite, which has no way to tell, has answered.
fn running(raw: &Raw) -> i64 {
    match raw.backend() {
        DbBackend::Postgres => raw.one(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()",
        ),
        DbBackend::MySql => raw.one(
            "SELECT count(*) FROM information_schema.processlist WHERE db = database() AND command <> 'Sleep' AND id <> connection_id()",
        ),
        _ => 0,
    }
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_ended_and_its_connection_serves_on() {
    let limits = Limits {
        statement_timeout_ms: 200,
        max_document_tokens: 50_000,
        ..Limits::default()
    };
    let gateway = TestGateway::start(&policies(), limits);
    for _ in 0..3 {
        let slow = gateway.query("admin", &heavy()).await;
        assert_eq!(
            (slow.status, slow.codes()),
            (504, vec!["TIMEOUT"]),
            "{}",
            slow.text
        );
        assert!(
            slow.text.contains("`statement_timeout_ms` is 200"),
            "{}",
            slow.text
        );
        until(|| running(gateway.raw()) == 0);
        // A busy machine may need more than one try to be in time.
        let mut tries = 0;
        while gateway
            .query("admin", "{ department(id: 1) { name } }")
            .await
            .status
            != 200
        {
            tries += 1;
            assert!(tries < 100, "no small query is answered any more");
        }
    }
}

#[tokio::test]
async fn rows_that_outgrow_an_answer_are_refused_on_each_database() {
    let gateway = TestGateway::start(&policies(), Limits::default());
    let mut long = Query::update();
    long.table("customer")
        .value("notes", "x".repeat(1_000_000))
        .and_where(Expr::col("id").lte(70));
    assert_eq!(gateway.raw().run(&long), 70);
    let ask = |first: u32| format!("{{ customers(first: {first}) {{ nodes {{ id notes }} }} }}");
    let answer = gateway.query("admin", &ask(68)).await;
    assert_eq!(
        (answer.status, answer.codes()),
        (503, vec!["SERVICE_UNAVAILABLE"])
    );
    assert!(
        answer.text.contains("outgrew one answer of 67108864 bytes"),
        "{}",
        answer.text
    );
    gateway.query("admin", &ask(3)).await.data();
    // Fetched once, and written again and again.
    let many: String = (0..40).map(|n| format!("a{n}: notes ")).collect();
    let ask = |first: u32| format!("{{ customers(first: {first}) {{ nodes {{ {many} }} }} }}");
    let answer = gateway.query("admin", &ask(2)).await;
    assert_eq!(
        (answer.status, answer.codes()),
        (503, vec!["SERVICE_UNAVAILABLE"])
    );
    gateway.query("admin", &ask(1)).await.data();
    // The requests of a batch have as much as one.
    let batch = json!(vec![json!({ "query": ask(1) }); 4]);
    let answer = gateway
        .request(Some(crate::harness::claims("admin")), batch)
        .await;
    let refused: Vec<bool> = answer
        .body
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one.get("errors").is_some())
        .collect();
    assert_eq!(refused, [false, false, true, true]);
    // A count fetches none of them.
    gateway
        .query("admin", "{ customers(first: 70) { totalCount } }")
        .await
        .data();
}

#[test]
fn a_schema_whose_makers_are_killed_is_made_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let url = database::at(folder.path());
    if let Some(file) = database::file(&url) {
        fs::File::create(file).unwrap();
    }
    let raw = Raw::open(&url);
    let count = match raw.backend() {
        DbBackend::Sqlite => "SELECT count(*) FROM sqlite_schema WHERE type = 'table'",
        DbBackend::Postgres => "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()",
        _ => "SELECT count(*) FROM information_schema.tables WHERE table_schema = DATABASE()",
    };
    let seed = || configured(folder.path(), &["seed", "--append", "--customers", "3"]);
    // MariaDB makes one table after the other, the others all at once.
    for tables in [1_i64, 2, 5, 9, 13, 16] {
        let mut command = seed();
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut maker = Running(command.spawn().unwrap());
        until(|| raw.one::<i64>(count) >= tables || maker.0.try_wait().unwrap().is_some());
    }
    let (output, _, told) = run(seed());
    assert!(output.status.success(), "{told}");
    let missing = Catalog::new()
        .unwrap()
        .entities
        .into_iter()
        .filter(|entity| {
            raw.one::<i64>(&format!("SELECT count(*) FROM \"{}\"", entity.table)) == 0
        });
    assert_eq!(
        missing.map(|entity| entity.table).collect::<Vec<_>>(),
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn a_token_whose_lists_no_statement_takes_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    for file in ["model.conf", "masking.toml"] {
        fs::copy(policies().join(file), folder.path().join(file)).unwrap();
    }
    let rules = fs::read_to_string(policies().join("policy.csv")).unwrap();
    let rules = rules.replace(
        "row.owner_id == user.id, allow",
        "row.owner_id in user.team || row.created_at == null && row.owner_id in user.team, allow",
    );
    fs::write(folder.path().join("policy.csv"), rules).unwrap();
    let gateway = TestGateway::start(folder.path(), Limits::default());
    let entity = &gateway.catalog.entities[gateway.catalog.entity("Customer").unwrap()];
    let fields: Vec<&str> = entity
        .fields
        .iter()
        .map(|field| field.name.as_str())
        .collect();
    let query = format!("{{ customers {{ nodes {{ {} }} }} }}", fields.join(" "));
    let ask = |size: i64| {
        let team: Vec<i64> = (1..=size).collect();
        let claims = json!({ "sub": "7", "roles": ["sales"], "department_id": 1, "team": team });
        gateway.request(Some(claims), json!({ "query": query }))
    };
    ask(100).await.data();
    let answer = ask(1_400).await;
    assert_eq!((answer.status, answer.codes()), (400, vec!["COST_LIMIT"]));
    assert!(
        answer
            .text
            .contains("shorten the lists of the filters and of the token"),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn a_database_that_lost_a_table_is_unavailable_and_tells_no_name_of_ours() {
    let gateway = TestGateway::start(&policies(), Limits::default());
    gateway
        .query("admin", "{ visits(first: 1) { nodes { id } } }")
        .await
        .data();
    gateway.raw().execute("ALTER TABLE visit RENAME TO gone");
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
    let hidden: i64 = raw.one(
        "SELECT a.id FROM address a JOIN customer c ON c.id = a.customer_id WHERE c.department_id <> 1 ORDER BY a.id LIMIT 1",
    );
    let queries = [
        "{ addresses(filter: { region: { eq: \"x\", ignoreCase: true } }) { totalCount } }",
        "{ addresses(first: 1000) { totalCount nodes { nodeId city region } } }",
        "{ customers(first: 1000) { nodes { nodeId addresses { totalCount nodes { region } } } } }",
    ];
    let mut before = Vec::new();
    for query in queries {
        before.push(gateway.query("support", query).await.text);
    }
    // What no column should hold can be had on SQLite alone.
    let broken = database::only_on_sqlite("a column of texts takes bytes that are none");
    let mut values = vec!["region = 'x', city = '', postal_code = ''"];
    values.extend(broken.then_some("region = x'ff00', city = x'ff', postal_code = 7"));
    for values in values {
        raw.execute(&format!("UPDATE address SET {values} WHERE id = {hidden}"));
        for (query, before) in queries.iter().zip(&before) {
            assert_eq!(
                gateway.query("support", query).await.text,
                *before,
                "{query}"
            );
        }
    }
    if !broken {
        return;
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
    if !database::only_on_sqlite("the database is a file") {
        return;
    }
    let gateway = TestGateway::start(&policies(), Limits::default());
    let count = "{ customers { totalCount } }";
    assert_eq!(
        gateway.query("admin", count).await.data()["customers"]["totalCount"],
        120
    );
    let file = database::file(&gateway.database).unwrap();
    let moved = file.with_extension("moved");
    std::fs::rename(&file, &moved).unwrap();
    std::fs::copy(&moved, &file).unwrap();
    let raw = Raw::open(&gateway.database);
    raw.forget_references();
    raw.execute("DELETE FROM customer WHERE id > 10");
    raw.close();
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

#[test]
fn a_killed_gateway_leaves_all_of_a_mutation_or_nothing() {
    const EACH: i64 = 300;
    let folder = tempfile::tempdir().unwrap();
    let serve = || {
        Server::start(configured(
            folder.path(),
            &["serve", "--listen", "127.0.0.1:0"],
        ))
    };
    let server = serve();
    let claims = json!({ "sub": "1", "roles": ["admin"] });
    let bearer = signed(claims, SECRET);
    let rows: Vec<_> = (0..EACH)
        .map(|_| json!({ "name": "n", "region": "r" }))
        .collect();
    let query =
        "mutation($input: [DepartmentCreateInput!]!) { createDepartments(input: $input) { id } }";
    let body = json!({ "query": query, "variables": { "input": rows } }).to_string();
    let request = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nauthorization: Bearer {bearer}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut connections: Vec<_> = (0..20).map(|_| server.connect()).collect();
    connections.iter_mut().for_each(|one| one.send(&request));
    let raw = Raw::open(&database::at(folder.path()));
    let count = || raw.one::<i64>("SELECT count(*) FROM department");
    until(|| count() >= EACH);
    // Dropped, it is killed.
    drop(server);
    assert_eq!(count() % EACH, 0);
    let server = serve();
    let mut connection = server.connect();
    connection.send(&request);
    assert_eq!(connection.answer().0, 200);
    assert_eq!(count() % EACH, 0);
}
