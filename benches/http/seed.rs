//! How fast `sudare seed` fills a database, beside the database's own way to load the same rows.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use rusqlite::types::Value;

use crate::Outcome;
use crate::gateway;
use crate::postgres::{Postgres, connect, programs, run};

/// Customers, each with a history.
const CUSTOMERS: f64 = 100_000.0;

/// Seeds PostgreSQL and SQLite, lets PostgreSQL load what it has got from a dump, and inserts what SQLite has got into another file.
pub(crate) async fn measure(postgres: &Postgres, scale: f64) -> Outcome<()> {
    let customers = (CUSTOMERS * scale) as u64;
    let folder = tempfile::tempdir()?;
    let seeded = postgres.create("seeded").await?;
    let into_postgres = timed(|| gateway::seed(&seeded, customers))?;
    let rows = rows(&seeded).await?;
    let file = folder.path().join("seed.db");
    let into_sqlite = timed(|| gateway::seed(&format!("sqlite:{}", file.display()), customers))?;
    let copy = folder.path().join("copy.db");
    let by_insert = timed(|| copied(&file, &copy))?;
    let loaded = crate::data::migrated(postgres, "loaded").await?;
    let dump = folder.path().join("rows.sql");
    run(Command::new(programs()?.join("pg_dump"))
        .args(["--data-only", "--exclude-table=seaql_migrations", "--file"])
        .arg(&dump)
        .arg(&seeded))?;
    let by_copy = timed(|| {
        run(Command::new(programs()?.join("psql"))
            .args(["--quiet", "--set", "ON_ERROR_STOP=1", "--file"])
            .arg(&dump)
            .arg(&loaded))
        .map(drop)
    })?;
    let mut out = std::io::stdout();
    writeln!(
        out,
        "\nseed: {customers} customers with their histories, {rows} rows"
    )?;
    for (name, time) in [
        ("sudare seed into PostgreSQL", into_postgres),
        ("the same rows by COPY", by_copy),
        ("sudare seed into SQLite", into_sqlite),
        ("the same rows by INSERT", by_insert),
    ] {
        let rate = rows as f64 / time.as_secs_f64();
        writeln!(
            out,
            "{name:<30}{:>8.1} s{rate:>12.0} rows/s",
            time.as_secs_f64()
        )?;
    }
    postgres.remove("seeded").await?;
    postgres.remove("loaded").await
}

/// Inserts the rows of a file into another one of the same tables and indexes: a prepared statement for each table, one transaction.
fn copied(from: &Path, to: &Path) -> Outcome<()> {
    let from = rusqlite::Connection::open(from)?;
    let mut to = rusqlite::Connection::open(to)?;
    to.pragma_update(None, "journal_mode", "WAL")?;
    to.pragma_update(None, "synchronous", "NORMAL")?;
    let transaction = to.transaction()?;
    let parts = "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC";
    let mut parts = from.prepare(parts)?;
    let mut parts = parts.query(())?;
    let mut tables = Vec::new();
    while let Some(part) = parts.next()? {
        let (kind, name, sql): (String, String, String) =
            (part.get(0)?, part.get(1)?, part.get(2)?);
        transaction.execute(&sql, ())?;
        if kind == "table" {
            tables.push(name);
        }
    }
    for table in tables {
        let mut rows = from.prepare(&format!(r#"SELECT * FROM "{table}""#))?;
        let places = vec!["?"; rows.column_count()].join(", ");
        let mut insert =
            transaction.prepare(&format!(r#"INSERT INTO "{table}" VALUES ({places})"#))?;
        let columns = rows.column_count();
        let mut rows = rows.query(())?;
        while let Some(row) = rows.next()? {
            let cells: Result<Vec<Value>, _> = (0..columns).map(|column| row.get(column)).collect();
            insert.execute(rusqlite::params_from_iter(cells?))?;
        }
    }
    Ok(transaction.commit()?)
}

fn timed(work: impl FnOnce() -> Outcome<()>) -> Outcome<Duration> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed())
}

async fn rows(database: &str) -> Outcome<i64> {
    let client = connect(database).await?;
    let tables = client
        .query(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'",
            &[],
        )
        .await?;
    let mut rows = 0;
    for table in tables {
        let name: String = table.get(0);
        rows += client
            .query_one(&format!("SELECT count(*) FROM {name}"), &[])
            .await?
            .get::<_, i64>(0);
    }
    Ok(rows)
}
