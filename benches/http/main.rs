//! What the gateway reaches over HTTP and PostgreSQL, beside servers that were written for the same queries: `scripts/bench http`.
//!
//! Ratios within one run are what counts: load, server and database share the machine. The baselines are this program, started
//! once more as a process of its own, so that memory and CPU time are theirs alone.

mod baseline;
mod data;
mod first;
mod gateway;
mod life;
mod lists;
mod load;
mod postgres;
mod process;
mod query;
mod seed;
mod throughput;

use clap::{Parser, Subcommand, ValueEnum};
use tokio::signal::unix::{SignalKind, signal};

use data::Sizes;
use gateway::{Gateway, Policies};
use load::{Load, Target};
use postgres::Postgres;
use process::{Process, free_port};
use throughput::{Contender, Kind, Rounds};

/// The allocator of the gateway, so that it makes no difference.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[derive(Debug, Parser)]
struct Options {
    /// How much of the data: 0.05 is a quick look
    #[arg(long, default_value_t = 1.0)]
    scale: f64,
    /// Turns of each server at each query
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Seconds of a turn
    #[arg(long, default_value_t = 4)]
    seconds: u32,
    /// Connections of the load
    #[arg(long, default_value_t = 16)]
    connections: u32,
    /// Parts to run [default: all]
    #[arg(long, value_delimiter = ',')]
    parts: Vec<Part>,
    /// Queries to compare [default: all]
    #[arg(long, value_delimiter = ',')]
    queries: Vec<String>,
    /// Leaves the gateway out: the baselines alone
    #[arg(long)]
    baselines: bool,
    /// What cargo says to each benchmark
    #[arg(long, hide = true)]
    bench: bool,
    #[command(subcommand)]
    serve: Option<Serve>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Requests a second beside the baselines
    Throughput,
    /// The share of a request before its first statement
    First,
    /// Start and memory of the gateway
    Life,
    /// Pages of short and long lists
    Lists,
    /// `sudare seed`
    Seed,
}

/// What this program is when it is started as a baseline.
#[derive(Debug, Subcommand)]
enum Serve {
    #[command(hide = true)]
    Limit { database: String, port: u16 },
    #[command(hide = true)]
    Resolvers { database: String, port: u16 },
}

fn main() -> Outcome<()> {
    let options = Options::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match &options.serve {
            Some(Serve::Limit { database, port }) => {
                return baseline::limit::run(database, *port).await;
            }
            Some(Serve::Resolvers { database, port }) => {
                return baseline::resolvers::run(database, *port).await;
            }
            None => {}
        }
        // Whoever stops the benchmark leaves no server and no file behind: what was started ends as this future is dropped.
        let (mut interrupt, mut end) = (
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
        );
        tokio::select! {
            done = measure(&options) => done,
            _ = interrupt.recv() => Err("stopped".into()),
            _ = end.recv() => Err("stopped".into()),
        }
    })
}

async fn measure(options: &Options) -> Outcome<()> {
    let wanted = |part: Part| options.parts.is_empty() || options.parts.contains(&part);
    let postgres = Postgres::start().await?;
    if [Part::Throughput, Part::First, Part::Life]
        .into_iter()
        .any(wanted)
    {
        let sizes = Sizes::scaled(options.scale);
        let database = data::fill(&postgres, "crm", sizes).await?;
        if wanted(Part::Throughput) {
            compare(&postgres, &database, sizes.customers, options).await?;
        }
        if wanted(Part::First) && !options.baselines {
            first::measure(&database).await?;
        }
        if wanted(Part::Life) && !options.baselines {
            life::measure(&database, sizes.customers).await?;
        }
        postgres.remove("crm").await?;
    }
    if wanted(Part::Lists) && !options.baselines {
        lists::measure(&postgres, options.scale, 2 * options.rounds).await?;
    }
    if wanted(Part::Seed) && !options.baselines {
        seed::measure(&postgres, options.scale).await?;
    }
    Ok(())
}

async fn compare(
    postgres: &Postgres,
    database: &str,
    customers: u64,
    options: &Options,
) -> Outcome<()> {
    let rounds = Rounds {
        count: options.rounds,
        load: Load {
            connections: options.connections,
            seconds: options.seconds,
            customers,
        },
    };
    let (limit, limit_at) = baseline("limit", "{query}", database).await?;
    let (resolvers, resolvers_at) = baseline("resolvers", "graphql", database).await?;
    let mut contenders = vec![
        contender("limit, by hand", Kind::Baseline, limit_at, &limit),
        contender(
            "async-graphql over SeaORM models",
            Kind::Usual,
            resolvers_at,
            &resolvers,
        ),
    ];
    let (demo, one);
    if !options.baselines {
        demo = Gateway::start(database, Policies::Demo).await?;
        one = Gateway::start(database, Policies::One).await?;
        contenders.extend([
            contender(
                "sudare, all FULL",
                Kind::Full,
                demo.target("admin")?,
                &demo.process,
            ),
            contender(
                "sudare, persons PARTIAL",
                Kind::Partial,
                demo.target("partial")?,
                &demo.process,
            ),
            contender(
                "sudare, four fields masked",
                Kind::Partial,
                demo.target("positional")?,
                &demo.process,
            ),
            contender(
                "sudare, all FULL by two rules",
                Kind::Full,
                one.target("all")?,
                &one.process,
            ),
        ]);
    }
    throughput::measure(&contenders, postgres.process(), &options.queries, rounds).await
}

fn contender<'a>(
    name: &'static str,
    kind: Kind,
    target: Target,
    process: &'a Process,
) -> Contender<'a> {
    Contender {
        name,
        kind,
        target,
        process,
    }
}

/// Starts a baseline and waits until it listens.
async fn baseline(name: &str, path: &str, database: &str) -> Outcome<(Process, Target)> {
    let port = free_port()?;
    let mut process = Process::start(&std::env::current_exe()?, |command| {
        command.args([name, database, &port.to_string()]);
    })?;
    let listens = async || {
        Ok(tokio::net::TcpStream::connect(("127.0.0.1", port))
            .await
            .map(drop)?)
    };
    process.until(listens).await?;
    let target = Target::new(format!("http://127.0.0.1:{port}/{path}"), "none".to_owned());
    Ok((process, target))
}
