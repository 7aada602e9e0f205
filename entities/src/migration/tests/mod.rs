//! The schema is what the entities say, and serves what dashboards ask for, on each database.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbBackend};
use sea_orm_migration::MigratorTrait;

use super::Migrator;
use crate::Catalog;

mod databases;
mod values;

use databases::{columns, indexes, migrated, references, tables};

#[tokio::test]
async fn the_schema_has_the_columns_of_the_entities() {
    for db in migrated().await {
        for entity in Catalog::new().expect("a catalog").entities {
            let fields = entity.fields.iter();
            let mut expected: BTreeMap<String, bool> = fields
                .clone()
                .map(|field| (field.column.clone(), !field.nullable))
                .collect();
            let blind = fields.filter_map(|field| field.blind.clone());
            expected.extend(blind.map(|column| (column, false)));
            let found: BTreeMap<_, _> = columns(&db, &entity.table).await.into_iter().collect();
            assert_eq!(found, expected, "{}", entity.table);
        }
    }
}

#[tokio::test]
async fn the_schema_knows_the_references_of_the_entities() {
    let catalog = Catalog::new().expect("a catalog");
    for db in migrated().await {
        for entity in &catalog.entities {
            let mut expected: Vec<(String, String)> = Vec::new();
            for field in &entity.fields {
                if let Some((target, _)) = field.references {
                    expected.push((field.column.clone(), catalog.entities[target].table.clone()));
                }
            }
            expected.sort();
            assert_eq!(
                references(&db, &entity.table).await,
                expected,
                "{}",
                entity.table
            );
        }
    }
}

#[tokio::test]
async fn every_foreign_key_leads_an_index() {
    for db in migrated().await {
        for entity in Catalog::new().expect("a catalog").entities {
            let indexes = indexes(&db, &entity.table).await;
            for field in entity.fields.iter().filter(|f| f.references.is_some()) {
                let led = indexes
                    .iter()
                    .any(|(columns, _)| columns.split(',').next() == Some(&field.column));
                assert!(led, "{}.{}", entity.table, field.column);
            }
        }
    }
}

#[tokio::test]
async fn every_blind_index_has_an_index() {
    for db in migrated().await {
        for entity in Catalog::new().expect("a catalog").entities {
            let indexes = indexes(&db, &entity.table).await;
            for column in entity.fields.into_iter().filter_map(|field| field.blind) {
                assert!(indexes.contains(&(column.clone(), false)), "{column}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_unique_is_held_unique() {
    for db in migrated().await {
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
                .map(|(columns, _)| columns)
                .collect();
            found.sort();
            assert_eq!(found, expected, "{}", entity.table);
        }
    }
}

#[tokio::test]
async fn every_database_has_the_same_indexes() {
    let mut all = Vec::new();
    for db in migrated().await {
        let mut found = Vec::new();
        for entity in Catalog::new().expect("a catalog").entities {
            for (columns, unique) in indexes(&db, &entity.table).await {
                found.push((entity.table.clone(), columns, unique));
            }
        }
        found.sort();
        all.push(found);
    }
    assert!(all.windows(2).all(|pair| pair[0] == pair[1]), "{all:#?}");
}

#[tokio::test]
async fn a_killed_run_can_be_run_again() {
    for db in migrated().await {
        let mut left = vec!["DROP TABLE visit", "DELETE FROM seaql_migrations"];
        // The indexes of MariaDB come with their tables.
        if db.get_database_backend() != DbBackend::MySql {
            left.push("DROP INDEX ix_order_placed_at");
        }
        for sql in left {
            let done = db.execute_unprepared(sql).await;
            done.expect("what a kill leaves");
        }
        let up = Migrator::up(&db, None).await;
        up.expect("the rest of the schema");
        let order = indexes(&db, "order").await;
        assert!(order.contains(&("placed_at".to_owned(), false)));
        assert!(!indexes(&db, "visit").await.is_empty());
    }
}

#[tokio::test]
async fn a_step_that_was_made_but_not_noted_can_be_made_again() {
    for db in migrated().await {
        let sql = "DELETE FROM seaql_migrations WHERE version LIKE '%visit_session'";
        let done = db
            .execute_unprepared(sql)
            .await
            .expect("what a kill leaves");
        assert_eq!(done.rows_affected(), 1);
        Migrator::up(&db, None)
            .await
            .expect("the rest of the schema");
        let columns = columns(&db, "visit").await;
        assert!(columns.contains(&("session".to_owned(), false)));
    }
}

#[tokio::test]
async fn blind_indexes_that_a_killed_run_has_begun_are_completed() {
    for db in migrated().await {
        let columns_before = columns(&db, "customer").await;
        let on_table = match db.get_database_backend() {
            DbBackend::MySql => " ON customer",
            _ => "",
        };
        for sql in [
            "DELETE FROM seaql_migrations WHERE version LIKE '%customer_blind'".to_owned(),
            format!("DROP INDEX ix_customer_phone_blind{on_table}"),
            format!("DROP INDEX ix_customer_national_id_blind{on_table}"),
            "ALTER TABLE customer DROP COLUMN national_id_blind".to_owned(),
        ] {
            let done = db.execute_unprepared(&sql).await;
            done.expect("what a kill leaves");
        }
        Migrator::up(&db, None)
            .await
            .expect("the rest of the schema");
        let indexes = indexes(&db, "customer").await;
        for column in ["email_blind", "phone_blind", "national_id_blind"] {
            assert!(indexes.contains(&(column.to_owned(), false)), "{column}");
        }
        assert_eq!(columns(&db, "customer").await.len(), columns_before.len());
    }
}

#[tokio::test]
async fn the_schema_can_be_taken_back() {
    for db in migrated().await {
        Migrator::down(&db, None).await.expect("no schema");
        assert_eq!(tables(&db).await, Vec::<String>::new());
    }
}
