//! Noninterference: to a principal, two databases that look the same are the same. Random policies, principals and pairs of databases
//! with equal views; random requests of every kind; and each answer must be the same bytes from both, with its status and its headers.
//!
//! What [docs/releases.md](../../../docs/releases.md) names is kept equal, and its list is what this test takes for public: sums of what is granted,
//! what is taken or referred to where the principal writes, the order of keys, the next key. The clock stands still.
//!
//! `SUDARE_NONINTERFERENCE_PAIRS` says how many pairs, `SUDARE_NONINTERFERENCE_SEED` where to begin. A difference is printed with its seed,
//! the policy, the principal, what differs between the databases, the requests and both answers.

mod alike;
mod cases;
mod change;
mod ideal;
mod keys;
mod lookups;
mod mutations;
mod operations;
mod pair;
mod policies;
mod propose;
mod rules;
mod run;
mod settle;
mod side;
mod values;
mod view;
mod written;

use chrono::{DateTime, Utc};

/// What time it is, for all that takes part.
fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000, 0).unwrap()
}
