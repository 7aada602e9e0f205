//! Pages of lists of very different lengths: by cursor, a page costs the same wherever it is.

use std::io::Write as _;
use std::time::Instant;

use serde_json::{Value, json};

use crate::Outcome;
use crate::data::{Sizes, fill};
use crate::gateway::{Gateway, Policies};
use crate::load::Target;
use crate::postgres::Postgres;
use crate::throughput::median;

const LENGTHS: [f64; 3] = [10_000.0, 1_000_000.0, 5_000_000.0];

/// How often each page is asked for, one at a time.
const TIMES: usize = 300;

/// A count reads every row that it counts, and takes its time.
const COUNTS: usize = 15;

const COLUMNS: &str = "id fullName email phone city country lifecycleStage createdAt";

/// Measures each length in a database of its own, which is gone when the next one is made.
pub(crate) async fn measure(postgres: &Postgres, scale: f64) -> Outcome<()> {
    let mut out = std::io::stdout();
    writeln!(
        out,
        "\nlists: 50 customers by date, one request at a time, milliseconds (and times the shortest list)"
    )?;
    writeln!(
        out,
        "{:<12}{:>18}{:>18}{:>18}",
        "customers", "first page", "page in the middle", "count of a stage"
    )?;
    let mut shortest: Option<[f64; 3]> = None;
    for length in LENGTHS {
        let customers = (length * scale) as u64;
        let database = fill(postgres, "list", Sizes::customers(customers)).await?;
        let gateway = Gateway::start(&database, Policies::Demo).await?;
        let times = list(&gateway.target("admin")?, customers).await?;
        let first = *shortest.get_or_insert(times);
        write!(out, "{customers:<12}")?;
        for (time, first) in times.iter().zip(first) {
            write!(out, "{:>18}", format!("{time:.2} ({:.2}x)", time / first))?;
        }
        writeln!(out)?;
        drop(gateway);
        postgres.remove("list").await?;
    }
    Ok(())
}

async fn list(target: &Target, customers: u64) -> Outcome<[f64; 3]> {
    let page = |arguments: &str| {
        let arguments = format!("orderBy: [{{ createdAt: DESC }}], {arguments}");
        json!({ "query": format!("{{ customers({arguments}) {{ nodes {{ {COLUMNS} }} edges {{ cursor }} }} }}") }).to_string()
    };
    let middle = target
        .ask(page(&format!("first: 1, offset: {}", customers / 2)))
        .await?;
    let middle: Value = serde_json::from_str(&middle)?;
    let cursor = middle
        .pointer("/data/customers/edges/0/cursor")
        .ok_or("the list has no middle")?;
    let count = json!({ "query": "{ customers(filter: { lifecycleStage: { eq: ACTIVE } }) { totalCount } }" });
    Ok([
        repeat(target, &page("first: 50"), TIMES).await?,
        repeat(target, &page(&format!("first: 50, after: {cursor}")), TIMES).await?,
        repeat(target, &count.to_string(), COUNTS).await?,
    ])
}

/// The middle of the times, in milliseconds, once everything is warm.
async fn repeat(target: &Target, body: &str, times: usize) -> Outcome<f64> {
    let mut spent = Vec::new();
    for turn in 0..times + times / 5 {
        let start = Instant::now();
        target.ask(body.to_owned()).await?;
        if turn >= times / 5 {
            spent.push(start.elapsed().as_secs_f64() * 1e3);
        }
    }
    Ok(median(spent.into_iter()))
}
