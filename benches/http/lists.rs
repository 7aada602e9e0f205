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

const COLUMNS: &str = "id fullName email phone city country lifecycleStage createdAt";

/// What is asked of each list, and how often in a turn: a count reads every row that it counts, and takes its time.
const PAGES: [(&str, usize); 3] = [("first page", 50), ("middle page", 50), ("count", 3)];

/// The list and what its turns took, page by page, in milliseconds.
struct List {
    customers: u64,
    gateway: Gateway,
    target: Target,
    bodies: [String; 3],
    turns: [Vec<f64>; 3],
}

/// Measures all lengths by turns, each in a database of its own.
pub(crate) async fn measure(postgres: &Postgres, scale: f64, rounds: usize) -> Outcome<()> {
    let mut lists = Vec::new();
    for length in LENGTHS {
        lists.push(List::open(postgres, (length * scale) as u64).await?);
    }
    // The first round warms what is to be warm.
    for round in 0..=rounds {
        for list in &mut lists {
            list.turn(round > 0).await?;
        }
    }
    print(&lists)?;
    for List {
        customers, gateway, ..
    } in lists
    {
        drop(gateway);
        postgres.remove(&name(customers)).await?;
    }
    Ok(())
}

fn name(customers: u64) -> String {
    format!("list_{customers}")
}

impl List {
    async fn open(postgres: &Postgres, customers: u64) -> Outcome<Self> {
        let database = fill(postgres, &name(customers), Sizes::customers(customers)).await?;
        let gateway = Gateway::start(&database, Policies::Demo).await?;
        let target = gateway.target("admin")?;
        let middle = page(&format!("first: 1, offset: {}", customers / 2));
        let middle: Value = serde_json::from_str(&target.ask(middle).await?)?;
        let cursor = middle.pointer("/data/customers/edges/0/cursor");
        let cursor = cursor.ok_or("the list has no middle")?;
        let count = "{ customers(filter: { lifecycleStage: { eq: ACTIVE } }) { totalCount } }";
        let bodies = [
            page("first: 50"),
            page(&format!("first: 50, after: {cursor}")),
            json!({ "query": count }).to_string(),
        ];
        let turns = [const { Vec::new() }; 3];
        Ok(Self {
            customers,
            gateway,
            target,
            bodies,
            turns,
        })
    }

    async fn turn(&mut self, counts: bool) -> Outcome<()> {
        for ((body, turns), (_, times)) in self.bodies.iter().zip(&mut self.turns).zip(PAGES) {
            let mut spent = Vec::new();
            for _ in 0..times {
                let start = Instant::now();
                self.target.ask(body.clone()).await?;
                spent.push(start.elapsed().as_secs_f64() * 1e3);
            }
            if counts {
                turns.push(median(spent.into_iter()));
            }
        }
        Ok(())
    }
}

fn page(arguments: &str) -> String {
    let arguments = format!("orderBy: [{{ createdAt: DESC }}], {arguments}");
    let query =
        format!("{{ customers({arguments}) {{ nodes {{ {COLUMNS} }} edges {{ cursor }} }} }}");
    json!({ "query": query }).to_string()
}

fn print(lists: &[List]) -> Outcome<()> {
    let mut out = std::io::stdout();
    writeln!(
        out,
        "\nlists: 50 customers by date, one request at a time, milliseconds (and times the shortest list)"
    )?;
    writeln!(
        out,
        "the middle page by cursor; the count is of one stage; goal for pages: below 1.3x"
    )?;
    write!(out, "{:<12}", "customers")?;
    for (name, _) in PAGES {
        write!(out, "{name:>18}")?;
    }
    writeln!(out)?;
    for list in lists {
        write!(out, "{:<12}", list.customers)?;
        for (page, turns) in list.turns.iter().enumerate() {
            let shortest = lists.first().and_then(|list| list.turns.get(page));
            let pairs = turns.iter().zip(shortest.into_iter().flatten());
            let ratio = median(pairs.map(|(turn, shortest)| turn / shortest));
            let time = median(turns.iter().copied());
            write!(out, "{:>18}", format!("{time:.2} ({ratio:.2}x)"))?;
        }
        writeln!(out)?;
    }
    Ok(())
}
