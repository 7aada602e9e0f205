//! Pairs of policies, and what is told of them.

use std::sync::Arc;

use super::{Change, Diff};
use crate::tests::fixture::MASKING;
use crate::tests::{CLASSES, key, set, shape};
use crate::{PolicyFiles, PolicySet};

mod lower;
mod masks;
mod random;
mod rounding;
mod rules;
mod small;
mod steering;

/// What is told of two sets, a line a change.
fn told(old: &PolicySet, new: &PolicySet) -> Vec<String> {
    let diff = Diff::new(old, new);
    diff.changes.iter().map(line).collect()
}

fn line(change: &Change) -> String {
    let mut who = change.roles.join("|");
    for with in &change.with {
        who = format!("{who} & {}", with.join("|"));
    }
    let words = [
        who,
        change.places(&shape()),
        change.what.name().to_owned(),
        change.direction.name().to_owned(),
    ];
    let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
    format!("{}: {} -> {}", words.join(" "), change.old, change.new)
}

/// The changes from some rules to others.
fn rules(old: &str, new: &str) -> Vec<String> {
    told(&loaded(old), &loaded(new))
}

fn loaded(rules: &str) -> Arc<PolicySet> {
    set(rules).unwrap_or_else(|errors| panic!("{errors}\n{rules}"))
}

/// A set with other classes, or another `masking.toml`.
fn written(classes: &str, rules: &str, masking: &str) -> Arc<PolicySet> {
    let files = PolicyFiles::from_memory(format!("{classes}{rules}"), masking);
    let set = PolicySet::from_files(&files, &shape(), crate::MaskingKeys::lenient(key()));
    Arc::new(set.unwrap_or_else(|errors| panic!("{errors}\n{rules}\n{masking}")))
}
