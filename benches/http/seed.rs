//! How fast `sudare seed` fills a database, beside the database's own way to load the same rows.

use std::io::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::gateway;
use crate::postgres::{Postgres, connect, programs, run};

/// Customers, each with a history.
const CUSTOMERS: f64 = 100_000.0;

/// Seeds PostgreSQL and SQLite, and lets PostgreSQL load what it has got from a dump.
pub(crate) async fn measure(postgres: &Postgres, scale: f64) -> Outcome<()> {
    let customers = (CUSTOMERS * scale) as u64;
    let folder = tempfile::tempdir()?;
    let seeded = postgres.create("seeded").await?;
    let into_postgres = timed(|| gateway::seed(&seeded, customers))?;
    let rows = rows(&seeded).await?;
    let file = folder.path().join("seed.db");
    let into_sqlite = timed(|| gateway::seed(&format!("sqlite:{}", file.display()), customers))?;
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
