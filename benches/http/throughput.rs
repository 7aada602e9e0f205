//! Requests a second, by turns: every server answers each query for some seconds, and then again, so that what the machine does
//! besides meets all of them alike.

use std::io::Write as _;
use std::time::Duration;

use crate::Outcome;
use crate::load::{Load, Seen, Target, wrk};
use crate::process::Process;
use crate::query::{QUERIES, Query};

/// A server, or one of its roles, that is compared with the first of them.
pub(crate) struct Contender<'a> {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) target: Target,
    pub(crate) process: &'a Process,
}

/// What its answers are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A baseline: the same data.
    Baseline,
    /// The usual way, which does not answer everything: the same data.
    Usual,
    /// The gateway, everything FULL: the same data.
    Full,
    /// The gateway, every personal field PARTIAL: other data.
    Partial,
}

/// How often, and how hard.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rounds {
    pub(crate) count: usize,
    pub(crate) load: Load,
}

/// One turn of one server.
struct Turn {
    seen: Seen,
    /// CPU time of the server, and of the database.
    cpu: (Duration, Duration),
    peak: u64,
}

/// Compares all of them on the chosen queries, and prints a table for each.
pub(crate) async fn measure(
    contenders: &[Contender<'_>],
    database: &Process,
    chosen: &[String],
    rounds: Rounds,
) -> Outcome<()> {
    for query in QUERIES
        .iter()
        .filter(|query| chosen.is_empty() || chosen.iter().any(|name| name == query.name))
    {
        let contenders = contenders.iter();
        let contenders = contenders.filter(|one| query.is_usual || one.kind != Kind::Usual);
        let contenders: Vec<&Contender<'_>> = contenders.collect();
        check(&contenders, query).await?;
        for contender in &contenders {
            wrk(&target(contender, query), query, rounds.load).await?;
        }
        let mut turns: Vec<Vec<Turn>> = contenders.iter().map(|_| Vec::new()).collect();
        for _ in 0..rounds.count {
            for (contender, turns) in contenders.iter().zip(&mut turns) {
                turns.push(turn(contender, database, query, rounds.load).await?);
            }
        }
        print(query, &contenders, &turns)?;
    }
    Ok(())
}

/// The limit has an address for each query, so that it need not read which one it is asked.
fn target(contender: &Contender<'_>, query: &Query) -> Target {
    let url = contender.target.url.replace("{query}", query.name);
    Target::new(url, contender.target.token.clone())
}

/// What is compared must be the same: byte by byte, up to the extensions that only the gateway has.
async fn check(contenders: &[&Contender<'_>], query: &Query) -> Outcome<()> {
    for customer in ["1", "77", "711", "1000"] {
        let mut expected: Option<String> = None;
        for contender in contenders {
            let answer = target(contender, query).ask(query.body(customer)).await?;
            let expected = expected.get_or_insert_with(|| answer.trim_end_matches('}').to_owned());
            let same = answer.starts_with(expected.as_str());
            let is_json = serde_json::from_str::<serde::de::IgnoredAny>(&answer).is_ok();
            let differs = contender.kind == Kind::Partial && query.is_personal;
            if same == differs || !is_json || answer.contains("\"errors\"") {
                let words = "does not answer with the data that is to be compared";
                return Err(format!(
                    "{}: {} {words}:\n{answer:.2000}\n{expected:.2000}",
                    query.name, contender.name
                )
                .into());
            }
        }
    }
    Ok(())
}

async fn turn(
    contender: &Contender<'_>,
    database: &Process,
    query: &Query,
    load: Load,
) -> Outcome<Turn> {
    let cpu = || (contender.process.cpu(), database.cpu_of_children());
    contender.process.forget_peak()?;
    let before = cpu();
    let seen = wrk(&target(contender, query), query, load).await?;
    let after = cpu();
    Ok(Turn {
        seen,
        cpu: (
            after.0.saturating_sub(before.0),
            after.1.saturating_sub(before.1),
        ),
        peak: contender.process.peak(),
    })
}

fn print(query: &Query, contenders: &[&Contender<'_>], turns: &[Vec<Turn>]) -> Outcome<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n{}: {}", query.name, query.about)?;
    writeln!(
        out,
        "{:<34}{:>10}{:>8}{:>6}{:>10}{:>10}{:>12}{:>10}{:>9}",
        "", "requests/s", "ratio", "goal", "p50 ms", "p99 ms", "CPU us/req", "database", "peak MB"
    )?;
    let limit = turns.first().map(Vec::as_slice).unwrap_or_default();
    for (contender, turns) in contenders.iter().zip(turns) {
        let of = |value: fn(&Turn) -> f64| median(turns.iter().map(value));
        // A turn is compared with the limit's turn of the same round.
        let ratio = median(
            turns
                .iter()
                .zip(limit)
                .map(|(turn, limit)| turn.seen.rate() / limit.seen.rate()),
        );
        let goal = match contender.kind {
            Kind::Baseline | Kind::Usual => String::new(),
            Kind::Full => query.goals.0.to_string(),
            Kind::Partial => query.goals.1.to_string(),
        };
        writeln!(
            out,
            "{:<34}{:>10.0}{:>8.2}{:>6}{:>10.2}{:>10.2}{:>12.1}{:>10.1}{:>9.1}",
            contender.name,
            of(|turn| turn.seen.rate()),
            ratio,
            goal,
            of(|turn| turn.seen.p50.as_secs_f64() * 1e3),
            of(|turn| turn.seen.p99.as_secs_f64() * 1e3),
            of(|turn| turn.cpu.0.as_secs_f64() * 1e6 / turn.seen.requests as f64),
            of(|turn| turn.cpu.1.as_secs_f64() * 1e6 / turn.seen.requests as f64),
            of(|turn| turn.peak as f64) / 1e6,
        )?;
    }
    Ok(())
}

/// The middle of the values.
pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
