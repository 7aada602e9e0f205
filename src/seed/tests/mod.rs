//! What fake data promises, checked on real databases.

use std::collections::BTreeMap;
use std::future::{pending, poll_fn};
use std::task::Poll;

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, EntityTrait, Statement};
use sea_orm_migration::MigratorTrait;
use sudare_entities::migration::Migrator;
use sudare_entities::{Catalog, customer, product};
use tempfile::TempDir;

use super::*;

mod business;
mod harvest;
mod histories;
mod mentions;
mod people;
mod servers;

const LOCALES: [SeedLocale; 5] = [
    SeedLocale::Mix,
    SeedLocale::En,
    SeedLocale::ZhCn,
    SeedLocale::Vi,
    SeedLocale::Uk,
];

/// A database in a file that goes away with it.
struct Field {
    db: DatabaseConnection,
    _folder: TempDir,
}

impl Field {
    async fn fallow() -> Self {
        let folder = TempDir::new().expect("a folder");
        let url = format!("sqlite://{}/seed.db?mode=rwc", folder.path().display());
        let db = Database::connect(url).await.expect("a database");
        Migrator::up(&db, None).await.expect("the schema");
        let _folder = folder;
        Self { db, _folder }
    }

    async fn sown(options: SeedOptions) -> Self {
        let field = Self::fallow().await;
        seed(&field.db, &options, pending())
            .await
            .expect("a harvest");
        field
    }

    async fn lines(&self, sql: &str) -> Vec<String> {
        let statement = Statement::from_string(self.db.get_database_backend(), sql);
        let rows = self.db.query_all_raw(statement).await.expect("an answer");
        rows.iter()
            .map(|row| row.try_get_by_index(0).expect("text"))
            .collect()
    }

    /// Every cell of every table, as it is stored.
    async fn bytes(&self) -> BTreeMap<String, Vec<String>> {
        let mut tables = BTreeMap::new();
        for entity in Catalog::new().expect("a catalog").entities {
            let cells: Vec<String> = entity
                .fields
                .iter()
                .map(|field| format!("quote(\"{}\")", field.column))
                .collect();
            let (cells, table) = (cells.join(" || '|' || "), &entity.table);
            let sql = format!("SELECT {cells} FROM \"{table}\" ORDER BY id");
            tables.insert(entity.table.clone(), self.lines(&sql).await);
        }
        tables
    }

    async fn is_fallow(&self) -> bool {
        self.bytes().await.values().all(Vec::is_empty)
    }
}

fn batches(size: usize) -> Batches {
    Batches {
        size,
        indexes: Vec::new(),
    }
}

fn options(customers: u64, locale: SeedLocale) -> SeedOptions {
    SeedOptions {
        customers,
        seed: 42,
        locale,
        append: false,
        progress: false,
    }
}

#[tokio::test]
async fn the_same_seed_gives_the_same_bytes_whatever_the_batch() {
    let options = options(150, SeedLocale::Mix);
    let (small, large) = (Field::fallow().await, Field::fallow().await);
    for (field, batch) in [(&small, 7), (&large, BATCH)] {
        let stop = &mut Stop::when(pending());
        sow(&field.db, &options, batches(batch), stop)
            .await
            .expect("a harvest");
    }
    assert_eq!(small.bytes().await, large.bytes().await);
}

#[tokio::test]
async fn the_persons_of_a_seed_stay_who_they_are() {
    let mut shown = Vec::new();
    for locale in LOCALES {
        let tables = Field::sown(options(3, locale)).await.bytes().await;
        for table in ["customer", "account", "order", "order_item", "ticket"] {
            shown.extend(tables[table].iter().take(3).cloned());
        }
    }
    insta::assert_snapshot!(shown.join("\n"));
}

#[tokio::test]
async fn rows_do_not_depend_on_how_many_there_are() {
    let few = Field::sown(options(20, SeedLocale::Mix))
        .await
        .bytes()
        .await;
    let many = Field::sown(options(60, SeedLocale::Mix))
        .await
        .bytes()
        .await;
    for (table, rows) in few {
        assert_eq!(rows, many[&table][..rows.len()], "{table}");
    }
}

#[tokio::test]
async fn another_seed_gives_other_persons() {
    let one = options(10, SeedLocale::En);
    let other = SeedOptions { seed: 43, ..one };
    let one = Field::sown(one).await.bytes().await;
    let other = Field::sown(other).await.bytes().await;
    for (one, other) in one["customer"].iter().zip(&other["customer"]) {
        assert_ne!(one, other);
    }
}

#[tokio::test]
async fn every_reference_leads_to_a_row() {
    for locale in LOCALES {
        let field = Field::sown(options(200, locale)).await;
        let broken = field
            .lines("SELECT \"table\" FROM pragma_foreign_key_check")
            .await;
        assert_eq!(broken, [""; 0]);
    }
}

#[tokio::test]
async fn the_report_counts_what_is_there() {
    let field = Field::fallow().await;
    let report = seed(&field.db, &options(80, SeedLocale::En), pending())
        .await
        .expect("a harvest");
    let tables: BTreeMap<String, u64> = field
        .bytes()
        .await
        .into_iter()
        .map(|(table, rows)| (table, rows.len() as u64))
        .collect();
    let reported: BTreeMap<String, u64> = report
        .tables
        .iter()
        .map(|(table, rows)| ((*table).to_owned(), *rows))
        .collect();
    assert_eq!(reported, tables);
    assert_eq!(reported["customer"], 80);
    assert!(reported.values().all(|rows| *rows > 0), "{report}");
}

#[tokio::test]
async fn customers_that_are_there_are_left_alone() {
    let field = Field::sown(options(5, SeedLocale::En)).await;
    let before = field.bytes().await;
    let refusal = seed(&field.db, &options(5, SeedLocale::En), pending()).await;
    assert!(matches!(refusal, Err(SeedError::NotEmpty)));
    assert_eq!(field.bytes().await, before);
}

#[tokio::test]
async fn appending_goes_on_after_the_last_key_in_the_same_house() {
    let field = Field::sown(options(30, SeedLocale::En)).await;
    let before = field.bytes().await;
    let more = SeedOptions {
        append: true,
        ..options(12, SeedLocale::ZhCn)
    };
    seed(&field.db, &more, pending()).await.expect("a harvest");
    let after = field.bytes().await;
    for (table, rows) in &before {
        assert_eq!(*rows, after[table][..rows.len()], "{table}");
    }
    for table in ["department", "employee", "product", "campaign"] {
        assert_eq!(before[table], after[table]);
    }
    let keys: Vec<i64> = customer::Entity::find()
        .all(&field.db)
        .await
        .expect("customers")
        .iter()
        .map(|row| row.id)
        .collect();
    assert_eq!(keys, (1..=42).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_house_that_is_there_is_used() {
    let field = Field::fallow().await;
    let sql = "INSERT INTO product VALUES (7, 'OWN-1', 'Own', 'Own', NULL, 9.5, 1, '2020-01-01T00:00:00+00:00')";
    field.db.execute_unprepared(sql).await.expect("a product");
    seed(&field.db, &options(20, SeedLocale::En), pending())
        .await
        .expect("a harvest");
    let products = product::Entity::find()
        .all(&field.db)
        .await
        .expect("products");
    assert_eq!(products.len(), 1);
    let bought = field
        .lines("SELECT DISTINCT CAST(product_id AS TEXT) FROM order_item")
        .await;
    assert_eq!(bought, ["7"]);
}

#[tokio::test]
async fn a_stopped_run_leaves_nothing() {
    for patience in [1, 2, 9, 25] {
        let field = Field::fallow().await;
        let mut asked = 0;
        let stop = poll_fn(|_| {
            asked += 1;
            if asked < patience {
                Poll::Pending
            } else {
                Poll::Ready(())
            }
        });
        let stop = &mut Stop::when(stop);
        let outcome = sow(&field.db, &options(50, SeedLocale::En), batches(10), stop).await;
        assert!(matches!(outcome, Err(SeedError::Stopped)), "{patience}");
        assert!(field.is_fallow().await, "{patience}");
    }
}

#[tokio::test]
async fn a_refused_row_leaves_nothing() {
    let field = Field::fallow().await;
    let trigger = "CREATE TRIGGER late BEFORE INSERT ON visit WHEN new.id > 60 BEGIN SELECT RAISE(ABORT, 'no'); END";
    field
        .db
        .execute_unprepared(trigger)
        .await
        .expect("a trigger");
    let outcome = seed(&field.db, &options(50, SeedLocale::En), pending()).await;
    assert!(matches!(outcome, Err(SeedError::Database(_))));
    assert!(field.is_fallow().await);
}

#[tokio::test]
async fn a_house_can_be_sown_without_customers() {
    let field = Field::sown(options(0, SeedLocale::ZhCn)).await;
    let tables = field.bytes().await;
    assert_eq!(tables["department"].len(), 6);
    assert_eq!(tables["employee"].len(), 12);
    assert_eq!(tables["product"].len(), 60);
    assert_eq!(tables["campaign"].len(), 8);
    assert!(tables["customer"].is_empty());
}
