//! The model: random queries, answered by the gateway and by a naive interpreter that loads all rows, asks casbin's own enforcer,
//! masks, filters, sorts and pages in memory. The two must say the same, byte by byte, in what they answer and in what they refuse.
//!
//! Mutations are held against the rows that are there afterwards, too.
//!
//! `SUDARE_MODEL_QUERIES` says how many queries, `SUDARE_MODEL_CHANGES` how many mutations, `SUDARE_MODEL_SEED` where to begin. A difference is made small and printed as a
//! case (`SUDARE_MODEL_TRIES` bounds how long that takes), which belongs into `tests/model-cases/`: the cases there are always run.

mod again;
mod answer;
pub(crate) mod ask;
mod cases;
pub(crate) mod cell;
mod change;
mod changes;
mod check;
mod clauses;
pub(crate) mod conditions;
pub(crate) mod data;
pub(crate) mod dice;
mod disguise;
pub(crate) mod eyes;
mod filter;
mod foresight;
pub(crate) mod generate;
mod group_answer;
mod group_check;
mod group_clauses;
pub(crate) mod group_keys;
mod groups;
mod input;
mod interpreter;
mod lists;
mod measures;
mod names;
mod page;
pub(crate) mod policy;
pub(crate) mod principals;
pub(crate) mod run;
pub(crate) mod seals;
mod select;
mod session;
mod shrink;
pub(crate) mod world;
