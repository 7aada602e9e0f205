//! What masks and policies cost: nanoseconds a value for every masker, and the time to load and to compile a set of rules.
//! `cargo bench --bench policies`.
//!
//! The first line of each table is the measure: a copy of the text, the smallest set of rules. Ratios within one run are what counts.

use std::time::{Duration, Instant};

mod maskers;
mod people;
mod rules;

const ROUNDS: usize = 15;
const VALUES: u32 = 2_000;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let mut out = std::io::stdout().lock();
    maskers::measure(&mut out)?;
    people::measure(&mut out)?;
    rules::measure(&mut out)
}

/// The median of the rounds, a call.
fn nanoseconds(mut call: impl FnMut()) -> f64 {
    let mut rounds: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            (0..VALUES).for_each(|_| call());
            start.elapsed()
        })
        .collect();
    rounds.sort_unstable();
    let median = rounds.get(ROUNDS / 2).copied().unwrap_or_default();
    median.as_secs_f64() * 1e9 / f64::from(VALUES)
}
