//! The model: random queries, answered by the gateway and by a naive interpreter that loads all rows, asks casbin's own enforcer,
//! masks, filters, sorts and pages in memory. The two must say the same, byte by byte, in what they answer and in what they refuse.
//!
//! Mutations are held against the rows that are there afterwards, too.
//!
//! `SUDARE_MODEL_QUERIES` says how many queries, `SUDARE_MODEL_CHANGES` how many mutations, `SUDARE_MODEL_SEED` where to begin. A difference is made small and printed as a
//! case (`SUDARE_MODEL_TRIES` bounds how long that takes), which belongs into `tests/model-cases/`: the cases there are always run.

mod again;
mod answer;
mod ask;
mod cases;
mod cell;
mod change;
mod changes;
mod check;
mod clauses;
mod conditions;
mod data;
mod dice;
mod disguise;
mod eyes;
mod filter;
mod foresight;
mod generate;
mod group_answer;
mod group_check;
mod group_clauses;
mod group_keys;
mod groups;
mod input;
mod interpreter;
mod lists;
mod measures;
mod names;
mod page;
mod policy;
mod principals;
mod run;
mod seals;
mod select;
mod session;
mod shrink;
mod world;
