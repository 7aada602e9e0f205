//! What a process costs: until its first answer, while nobody asks, and under many connections.

use std::io::Write as _;
use std::time::Instant;

use crate::Outcome;
use crate::gateway::{Gateway, Policies};
use crate::load::{Load, wrk};
use crate::query::QUERIES;

const STARTS: usize = 5;

/// Connections of the load under which memory is looked at, and for how long.
const CONNECTIONS: u32 = 64;
const SECONDS: u32 = 10;

/// Starts the gateway a few times, and puts the last one under load.
pub(crate) async fn measure(database: &str, customers: u64) -> Outcome<()> {
    let [point, _, _, big, ..] = &QUERIES;
    let mut times = Vec::new();
    let mut idle = Vec::new();
    let mut last = None;
    for _ in 0..STARTS {
        let start = Instant::now();
        let gateway = Gateway::start(database, Policies::Demo).await?;
        // Before the first request: to make the token is no part of the start.
        let ready = start.elapsed();
        let target = gateway.target("admin")?;
        let start = Instant::now();
        target.ask(point.body("1")).await?;
        times.push((ready + start.elapsed()).as_secs_f64() * 1e3);
        idle.push(gateway.process.peak() as f64 / 1e6);
        last = Some((gateway, target));
    }
    let mut out = std::io::stdout();
    writeln!(out, "\nthe process")?;
    writeln!(
        out,
        "start to first answer   {:>8.0} ms",
        crate::throughput::median(times.into_iter())
    )?;
    writeln!(
        out,
        "peak memory, idle       {:>8.1} MB (goal: below 60)",
        crate::throughput::median(idle.into_iter())
    )?;
    if let Some((gateway, target)) = last {
        let load = Load {
            connections: CONNECTIONS,
            seconds: SECONDS,
            customers,
        };
        let seen = wrk(&target, big, load).await?;
        writeln!(
            out,
            "peak memory, {CONNECTIONS} x {}    {:>8.1} MB (goal: below 150), at {:.0} requests/s; {:.1} MB after it",
            big.name,
            gateway.process.peak() as f64 / 1e6,
            seen.rate(),
            gateway.process.resident() as f64 / 1e6,
        )?;
    }
    Ok(())
}
