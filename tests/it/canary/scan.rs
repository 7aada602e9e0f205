//! Looks for all canaries at once, however they are written.

use std::collections::{BTreeSet, HashMap};

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind};

use super::planted::Canary;
use super::written;

/// A run of a value that is longer than this is more than a part of it.
const LONGEST_PART: usize = 8;
/// Shorter texts turn up by themselves.
const SHORTEST: usize = 8;

/// What somebody may find: canaries that they see in full, and texts of which they see something.
#[derive(Debug, Default)]
pub(super) struct Sight {
    pub(super) full: BTreeSet<usize>,
    pub(super) words: BTreeSet<usize>,
}

/// A scanner for a set of canaries.
pub(super) struct Scanner {
    automaton: AhoCorasick,
    /// For each pattern: how it is written, and the canaries that it may come from.
    patterns: Vec<(&'static str, BTreeSet<usize>)>,
    coordinates: Vec<String>,
}

impl Scanner {
    pub(super) fn new(canaries: &[Canary]) -> Self {
        let mut known: HashMap<Vec<u8>, (&'static str, BTreeSet<usize>)> = HashMap::new();
        let mut add = |way: &'static str, bytes: Vec<u8>, canary: usize| {
            if bytes.len() >= SHORTEST {
                let entry = known.entry(bytes.to_ascii_lowercase());
                entry
                    .or_insert_with(|| (way, BTreeSet::new()))
                    .1
                    .insert(canary);
            }
        };
        for (number, canary) in canaries.iter().enumerate() {
            for spelling in &canary.spellings {
                for (way, bytes) in written::plainly(spelling) {
                    add(way, bytes, number);
                }
                for (way, bytes) in written::hashed(spelling) {
                    add(way, bytes, number);
                }
            }
            for part in parts(canary) {
                add("a long part", part.into(), number);
            }
        }
        let (texts, patterns): (Vec<_>, Vec<_>) = known.into_iter().unzip();
        let automaton = AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::NoncontiguousNFA))
            .build(texts)
            .unwrap();
        Self {
            automaton,
            patterns,
            coordinates: canaries
                .iter()
                .map(|canary| canary.coordinate.clone())
                .collect(),
        }
    }

    /// What is found in these bytes beyond what is in sight: the coordinate and the way, never the value.
    pub(super) fn leaks(&self, bytes: &[u8], sight: &Sight) -> BTreeSet<String> {
        self.automaton
            .find_overlapping_iter(bytes)
            .filter_map(|found| {
                let (way, canaries) = &self.patterns[found.pattern().as_usize()];
                let seen = |canary| sight.full.contains(canary) || sight.words.contains(canary);
                let canary = canaries.first()?;
                (!canaries.iter().any(seen))
                    .then(|| format!("{} ({way})", self.coordinates[*canary]))
            })
            .collect()
    }
}

/// The runs of a value that are one character longer than what a mask may show.
fn parts(canary: &Canary) -> Vec<String> {
    let Some(secret) = canary.secret.clone() else {
        return Vec::new();
    };
    let text: Vec<char> = canary.spellings[0].chars().collect();
    text[secret]
        .windows(LONGEST_PART + 1)
        .map(|run| run.iter().collect())
        .collect()
}
