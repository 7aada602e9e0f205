//! A lookup reads the rows that it finds, and no others: what each database says of its statement.

use async_graphql::parser::parse_query;
use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement as SeaStatement};
use sudare_entities::Catalog;
use sudare_policies::value::Value;
use sudare_testing::{Kind, Server};

use super::tests::{seals, view};
use super::{Bind, Dialect, Param, Plan, PlanRequest, build};
use crate::blind::BlindKeys;
use crate::config::Limits;
use crate::database::{DatabaseUrl, open};
use crate::graphql::coerce::Variables;
use crate::graphql::inputs::{Everything, Inputs};
use crate::seed::{SeedLocale, SeedOptions, seed};

const COLUMNS: &str = "full_name, email, phone, phone_blind, country, language, lifecycle_stage, preferences, \
    consent_marketing, consent_analytics, owner_id, department_id, version, created_at, updated_at";

/// Some thousand customers, each with an index of its own.
async fn crowded(url: &str) -> DatabaseConnection {
    let database = open(DatabaseUrl::parse(url).unwrap()).await.unwrap();
    let options = SeedOptions {
        customers: 40,
        seed: 1,
        locale: SeedLocale::En,
        append: false,
        progress: false,
    };
    seed(&database, &options, std::future::pending())
        .await
        .unwrap();
    let doubled = format!("INSERT INTO customer ({COLUMNS}) SELECT {COLUMNS} FROM customer");
    let analyze = match database.get_database_backend() {
        sea_orm::DbBackend::MySql => "ANALYZE TABLE customer",
        _ => "ANALYZE customer",
    };
    let indexed = "UPDATE customer SET phone_blind = concat('mark.', id)";
    for sql in [&*doubled; 7].into_iter().chain([indexed, analyze]) {
        database.execute_unprepared(sql).await.unwrap();
    }
    database
}

fn lookup(dialect: Dialect, role: &str, keys: &BlindKeys) -> Plan {
    let catalog = Catalog::new().unwrap();
    let query = "{ customerLookup(by: { phone: \"+49 30 123456\" }) { fullName phone } }";
    let document = parse_query(query).unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    let plan = build(&PlanRequest {
        catalog: &catalog,
        dialect,
        view: &view(&catalog, role),
        inputs: &Inputs::new(&catalog, &Everything),
        document: &document,
        operation: &operation.node,
        variables: &Variables::new(),
        limits: &Limits::default(),
        seals: &seals(),
        blind: keys,
    });
    plan.unwrap_or_else(|errors| panic!("{errors:?}"))
}

/// The statement with its values in it.
fn literal(dialect: Dialect, plan: &Plan) -> String {
    let statement = &plan.roots[0].value.select().unwrap().rows;
    let mut text = statement.text.clone();
    for (number, param) in statement.params.iter().enumerate().rev() {
        let Param::Value(place) = param else {
            panic!("nobody has parents here");
        };
        let value = match &plan.binds[*place] {
            Bind::Fixed(Value::Int(number)) => number.to_string(),
            Bind::Fixed(Value::Text(text)) => format!("'{text}'"),
            other => panic!("{other:?} in a lookup"),
        };
        let place = match dialect {
            Dialect::Postgres => format!("${}", number + 1),
            Dialect::Sqlite | Dialect::MariaDb => "?".to_owned(),
        };
        let at = text.rfind(&place).unwrap();
        text.replace_range(at..at + place.len(), &value);
    }
    text
}

async fn explained(database: &DatabaseConnection, sql: &str) -> String {
    let backend = database.get_database_backend();
    let (explain, column) = match backend {
        sea_orm::DbBackend::Postgres => ("EXPLAIN", 0),
        sea_orm::DbBackend::MySql => ("EXPLAIN FORMAT=JSON", 0),
        _ => ("EXPLAIN QUERY PLAN", 3),
    };
    let statement = SeaStatement::from_string(backend, format!("{explain} {sql}"));
    let rows = database.query_all_raw(statement).await.unwrap();
    let lines = rows.iter().map(|row| row.try_get_by_index(column).unwrap());
    lines.collect::<Vec<String>>().join("\n")
}

#[tokio::test]
async fn a_lookup_is_one_statement_that_an_index_answers() {
    let folder = tempfile::tempdir().unwrap();
    let alone = BlindKeys::new([7; 32]);
    let both = BlindKeys::new([7; 32]).with_previous([8; 32]);
    for (dialect, url) in [
        (
            Dialect::Sqlite,
            format!("sqlite:{}", folder.path().join("sudare.db").display()),
        ),
        (Dialect::Postgres, Server::shared(Kind::Postgres).create()),
        (Dialect::MariaDb, Server::shared(Kind::MariaDb).create()),
    ] {
        let database = crowded(&url).await;
        for (role, keys) in [
            ("support", &alone),
            ("support", &both),
            ("sales", &both),
            ("admin", &alone),
        ] {
            let plan = lookup(dialect, role, keys);
            assert!(plan.is_one_statement());
            let explained = explained(&database, &literal(dialect, &plan)).await;
            let place = format!("{dialect:?} for {role}: {explained}");
            assert!(explained.contains("ix_customer_phone_blind"), "{place}");
            let reads_all = ["Seq Scan", "SCAN ", "\"access_type\": \"ALL\""];
            assert!(
                !reads_all.iter().any(|all| explained.contains(all)),
                "{place}"
            );
        }
    }
}
