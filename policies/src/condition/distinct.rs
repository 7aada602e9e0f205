//! Parts of a condition, each once: there may be thousands of them.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use super::{Condition, Truth};

/// So many parts are compared with each other one by one; more are looked up by their hashes.
const FEW: usize = 16;

/// Parts of a condition in their order, each once.
#[derive(Default)]
pub(super) struct Distinct {
    parts: Vec<Condition>,
    /// The first part of each hash, as soon as there are more than a few.
    by_hash: HashMap<u64, usize>,
    hasher: RandomState,
}

impl Distinct {
    pub(super) fn push(&mut self, part: Condition) {
        if self.is_new(&part) {
            self.parts.push(part);
        }
    }

    fn is_new(&mut self, part: &Condition) -> bool {
        if self.parts.len() < FEW {
            return !self.parts.contains(part);
        }
        if self.by_hash.is_empty() {
            let hashes = self.parts.iter().map(|part| self.hasher.hash_one(part));
            self.by_hash = hashes.zip(0..).collect();
        }
        let position = self.parts.len();
        let first = *self
            .by_hash
            .entry(self.hasher.hash_one(part))
            .or_insert(position);
        // two that differ and share a hash both stay
        self.parts.get(first) != Some(part)
    }

    /// One part stands for itself, none for `nothing`.
    pub(super) fn joined(
        mut self,
        nothing: Truth,
        join: fn(Vec<Condition>) -> Condition,
    ) -> Condition {
        match self.parts.pop() {
            None => Condition::Constant(nothing),
            Some(only) if self.parts.is_empty() => only,
            Some(last) => {
                self.parts.push(last);
                join(self.parts)
            }
        }
    }
}
