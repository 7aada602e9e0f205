//! What was compared, so that it is not the same answer again and again.

use std::fmt;

use crate::condition::Condition;
use crate::decision::Tier;

/// A decision is one answer of casbin's enforcer. Shares are of these, of cells, and of conditions that are no constant.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) decisions: u64,
    pub(super) first_failure: Option<u64>,
    /// NONE, DESENSITIZED, PARTIAL, FULL.
    tiers: [u64; 4],
    /// No, yes.
    answers: [u64; 2],
    /// False, true, unknown.
    truths: [u64; 3],
}

impl Tally {
    pub(super) fn tier(&mut self, tier: Tier) {
        self.tiers[tier as usize] += 1;
    }

    pub(super) fn answer(&mut self, yes: bool) {
        self.decisions += 1;
        self.answers[usize::from(yes)] += 1;
    }

    pub(super) fn condition(&mut self, condition: &Condition, truth: Option<bool>) {
        if !matches!(condition, Condition::Constant(_)) {
            self.truths[truth.map_or(2, usize::from)] += 1;
        }
    }

    pub(super) fn fail(&mut self) {
        self.first_failure.get_or_insert(self.decisions);
    }

    /// No answer is rare.
    pub(super) fn check(&self) {
        let [none, shown @ ..] = shares(self.tiers);
        assert!(none > 20 && shown.iter().all(|share| *share >= 5), "{self}");
        assert!(
            shares(self.answers).iter().all(|share| *share >= 5),
            "{self}"
        );
        assert!(
            shares(self.truths).iter().all(|share| *share >= 12),
            "{self}"
        );
    }
}

/// In percent.
fn shares<const N: usize>(counts: [u64; N]) -> [u64; N] {
    let all = counts.iter().sum::<u64>().max(1);
    counts.map(|count| count * 100 / all)
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            decisions,
            tiers,
            answers,
            truths,
            ..
        } = self;
        write!(
            f,
            "{decisions} decisions; none, desensitized, partial, full: {:?} % of {}; no, yes: {:?} % of {}; \
             conditions false, true, unknown: {:?} % of {}",
            shares(*tiers),
            tiers.iter().sum::<u64>(),
            shares(*answers),
            answers.iter().sum::<u64>(),
            shares(*truths),
            truths.iter().sum::<u64>(),
        )
    }
}
