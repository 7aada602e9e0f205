//! The schema is what the entities say, and serves what dashboards ask for.

use std::collections::BTreeMap;

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use sea_orm_migration::MigratorTrait;

use super::Migrator;
use crate::Catalog;

async fn empty() -> DatabaseConnection {
    let mut options = ConnectOptions::new("sqlite::memory:");
    options.max_connections(1); // each connection would have a database of its own
    Database::connect(options).await.expect("a database")
}

async fn migrated() -> DatabaseConnection {
    let db = empty().await;
    Migrator::up(&db, None).await.expect("the schema");
    db
}

/// The rows that a statement answers with: two columns, by their names.
async fn pairs<A, B>(db: &DatabaseConnection, sql: &str, names: (&str, &str)) -> Vec<(A, B)>
where
    A: sea_orm::TryGetable,
    B: sea_orm::TryGetable,
{
    let rows = db.query_all_raw(sea_orm::Statement::from_string(
        db.get_database_backend(),
        sql.to_owned(),
    ));
    rows.await
        .expect("an answer")
        .iter()
        .map(|row| {
            let first = row.try_get("", names.0).expect("the first column");
            let second = row.try_get("", names.1).expect("the second column");
            (first, second)
        })
        .collect()
}

/// For each index of the table: its columns, and whether it is unique.
async fn indexes(db: &DatabaseConnection, table: &str) -> Vec<(Vec<String>, bool)> {
    let list = format!("PRAGMA index_list(\"{table}\")");
    let mut found = Vec::new();
    for (name, unique) in pairs::<String, bool>(db, &list, ("name", "unique")).await {
        let info = format!("PRAGMA index_info(\"{name}\")");
        let mut columns = pairs::<i32, String>(db, &info, ("seqno", "name")).await;
        columns.sort();
        found.push((columns.into_iter().map(|(_, name)| name).collect(), unique));
    }
    found
}

#[tokio::test]
async fn the_schema_has_the_columns_of_the_entities() {
    let db = migrated().await;
    for entity in Catalog::new().expect("a catalog").entities {
        let expected: BTreeMap<String, bool> = entity
            .fields
            .iter()
            .map(|field| (field.column.clone(), !field.nullable))
            .collect();
        let info = format!("PRAGMA table_info(\"{}\")", entity.table);
        let found = pairs::<String, bool>(&db, &info, ("name", "notnull")).await;
        let found: BTreeMap<_, _> = found.into_iter().collect();
        assert_eq!(found, expected, "{}", entity.table);
    }
}

#[tokio::test]
async fn the_schema_knows_the_references_of_the_entities() {
    let db = migrated().await;
    let catalog = Catalog::new().expect("a catalog");
    for entity in &catalog.entities {
        let mut expected: Vec<(String, String)> = Vec::new();
        for field in &entity.fields {
            if let Some((target, _)) = field.references {
                expected.push((field.column.clone(), catalog.entities[target].table.clone()));
            }
        }
        expected.sort();
        let list = format!("PRAGMA foreign_key_list(\"{}\")", entity.table);
        let mut found = pairs::<String, String>(&db, &list, ("from", "table")).await;
        found.sort();
        assert_eq!(found, expected, "{}", entity.table);
    }
}

#[tokio::test]
async fn every_foreign_key_leads_an_index() {
    let db = migrated().await;
    for entity in Catalog::new().expect("a catalog").entities {
        let indexes = indexes(&db, &entity.table).await;
        for field in entity.fields.iter().filter(|f| f.references.is_some()) {
            let led = indexes
                .iter()
                .any(|(columns, _)| columns[0] == field.column);
            assert!(led, "{}.{}", entity.table, field.column);
        }
    }
}

#[tokio::test]
async fn what_is_unique_is_held_unique() {
    let db = migrated().await;
    for entity in Catalog::new().expect("a catalog").entities {
        let mut expected: Vec<String> = entity
            .fields
            .iter()
            .enumerate()
            .filter(|(index, field)| field.unique && *index != entity.key)
            .map(|(_, field)| field.column.clone())
            .collect();
        expected.sort();
        let mut found: Vec<String> = indexes(&db, &entity.table)
            .await
            .into_iter()
            .filter(|(_, unique)| *unique)
            .map(|(columns, _)| columns.join(", "))
            .collect();
        found.sort();
        assert_eq!(found, expected, "{}", entity.table);
    }
}

#[tokio::test]
async fn a_killed_run_can_be_run_again() {
    let db = migrated().await;
    for sql in [
        "DROP TABLE visit",
        "DROP INDEX ix_order_placed_at",
        "DELETE FROM seaql_migrations",
    ] {
        db.execute_unprepared(sql)
            .await
            .expect("what a kill leaves");
    }
    Migrator::up(&db, None)
        .await
        .expect("the rest of the schema");
    let order = indexes(&db, "order").await;
    assert!(order.iter().any(|(columns, _)| columns == &["placed_at"]));
    let visit = indexes(&db, "visit").await;
    assert!(!visit.is_empty());
}

#[tokio::test]
async fn the_schema_can_be_taken_back() {
    let db = migrated().await;
    Migrator::down(&db, None).await.expect("no schema");
    let sql = "SELECT name, type FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' AND name NOT LIKE 'seaql%'";
    let left = pairs::<String, String>(&db, sql, ("name", "type")).await;
    assert_eq!(left, []);
}
