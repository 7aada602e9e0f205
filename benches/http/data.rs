//! The rows that are asked for: the schema of the house, filled by `data.sql`.

use std::io::Write as _;
use std::time::Instant;

use sea_orm::{ConnectOptions, Database};
use sea_orm_migration::MigratorTrait as _;
use sudare_entities::migration::Migrator;

use crate::Outcome;
use crate::postgres::{Postgres, connect};

const ROWS: &str = include_str!("data.sql");

/// How many rows each table has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    pub(crate) customers: u64,
    addresses: u64,
    orders: u64,
    items: u64,
    products: u64,
    employees: u64,
}

impl Sizes {
    /// The sizes of the comparison with other servers, or a part of them for a quick look.
    pub(crate) fn scaled(scale: f64) -> Self {
        let of = |rows: f64| (rows * scale).max(1_000.0) as u64;
        Self {
            customers: of(200_000.0),
            addresses: of(240_000.0),
            orders: of(1_000_000.0),
            items: of(2_000_000.0),
            products: 5_000,
            employees: 200,
        }
    }

    /// A table of customers, and little else.
    pub(crate) fn customers(customers: u64) -> Self {
        Self {
            customers,
            addresses: 1_000,
            orders: 1_000,
            items: 1_000,
            products: 5_000,
            employees: 200,
        }
    }
}

/// Makes a database with the schema that the gateway gives to one, and no rows.
pub(crate) async fn migrated(postgres: &Postgres, name: &str) -> Outcome<String> {
    let url = postgres.create(name).await?;
    let mut options = ConnectOptions::new(&url);
    options.sqlx_logging(false);
    let database = Database::connect(options).await?;
    Migrator::up(&database, None).await?;
    database.close().await?;
    Ok(url)
}

/// Makes a database and fills it.
pub(crate) async fn fill(postgres: &Postgres, name: &str, sizes: Sizes) -> Outcome<String> {
    let start = Instant::now();
    let url = migrated(postgres, name).await?;
    let client = connect(&url).await?;
    // An index is made faster of all rows at once than row by row.
    let indexes = client
        .query(
            "SELECT indexname, indexdef FROM pg_indexes WHERE indexname LIKE 'ix\\_%'",
            &[],
        )
        .await?;
    for index in &indexes {
        client
            .batch_execute(&format!("DROP INDEX \"{}\"", index.get::<_, String>(0)))
            .await?;
    }
    client.batch_execute(&rows(sizes)).await?;
    for index in &indexes {
        client.batch_execute(&index.get::<_, String>(1)).await?;
    }
    client.batch_execute("VACUUM ANALYZE").await?;
    writeln!(
        std::io::stderr(),
        "{} customers and what belongs to them: {:.0} s",
        sizes.customers,
        start.elapsed().as_secs_f64()
    )?;
    Ok(url)
}

fn rows(sizes: Sizes) -> String {
    [
        (":customers", sizes.customers),
        (":addresses", sizes.addresses),
        (":orders", sizes.orders),
        (":items", sizes.items),
        (":products", sizes.products),
        (":employees", sizes.employees),
    ]
    .iter()
    .fold(ROWS.to_owned(), |sql, (name, count)| {
        sql.replace(name, &count.to_string())
    })
}
