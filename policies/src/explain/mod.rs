//! Why a principal sees what it sees: each rule that speaks about a coordinate, what its condition came to, and which
//! of them decided.
//!
//! Reads the rules as they were written, not as they were compiled, so that it can say which comparison was unknown. What it
//! concludes must be what [`crate::sight::Sight::decision`] says; a property test holds the two together.

mod sight;
mod trace;
mod truths;
mod verdict;

use std::fmt;

use serde::Serialize;

use crate::condition::Row;
use crate::decision::{Action, Tier};
use crate::view::View;

pub use trace::Trace;
pub use truths::Truths;

/// What is to be explained.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The entity.
    pub entity: usize,
    /// One of its fields; none is the entity as such.
    pub field: Option<usize>,
    /// The actions on it.
    pub actions: &'a [Action],
    /// A row. Without one, what depends on the row stays open.
    pub row: Option<&'a dyn Row>,
    /// Which values of the row may be told.
    pub reveal: Reveal,
}

impl fmt::Debug for Asked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // never the row: what it holds is nobody's business
        write!(f, "Asked({}, {:?})", self.entity, self.field)
    }
}

/// Which values of a row an explanation tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reveal {
    /// Those that the principal sees in full. That a comparison is true or false is always told.
    WhatIsSeen,
    /// All of them: for the eyes of somebody who may read the database.
    Everything,
}

/// The answer.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// What it is about: `Customer` or `Customer.phone`.
    pub coordinate: String,
    /// The sensitivity class of the field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// Whether the row is seen, where the question is about a field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<Section>,
    /// The rules about the actions that were asked for, in the order of the file.
    pub rules: Vec<RuleTrace>,
    /// What came out for each action.
    pub verdicts: Vec<Verdict>,
    /// The tier, where the question was for tiers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<TierOutcome>,
}

/// The rules about one action, and what came out.
#[derive(Clone, Debug, Serialize)]
pub struct Section {
    /// In the order of the file.
    pub rules: Vec<RuleTrace>,
    /// What came out.
    pub verdict: Verdict,
}

/// One rule, and what its condition came to.
#[derive(Clone, Debug, Serialize)]
pub struct RuleTrace {
    /// The line of `policy.csv`.
    pub line: usize,
    /// The role that it is written for.
    pub role: String,
    /// How the principal has that role: its own role first, then what each inherits.
    pub through: Vec<String>,
    /// The object as it is written.
    pub object: String,
    /// The action.
    pub action: Action,
    /// `allow` or `deny`.
    pub effect: &'static str,
    /// The condition.
    pub when: Trace,
}

/// Whether an action is allowed.
#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    /// The action.
    pub action: Action,
    /// Whether it is allowed; nothing if that depends on the row.
    pub allowed: Option<bool>,
    /// Where it is allowed, in the words of `policy.csv`, with the claims filled in.
    #[serde(rename = "where")]
    pub holds_where: String,
    /// The lines that decided: the allows that hold, or the denies that forbid; where it depends on the row, all that may.
    pub decided_by: Vec<usize>,
    /// The step to whose multiples sums and means are rounded that one has by this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rounded_to: Option<String>,
}

/// What is shown of the field.
#[derive(Clone, Debug, Serialize)]
pub struct TierOutcome {
    /// The tier; nothing if it depends on the row.
    pub tier: Option<Tier>,
    /// The tiers that there may be, from the highest, each with where it is.
    pub steps: Vec<TierStep>,
    /// The lines that decided: the allows of the tier, and the denies that keep a higher one away.
    pub decided_by: Vec<usize>,
}

/// One tier and where it is shown.
#[derive(Clone, Debug, Serialize)]
pub struct TierStep {
    /// The tier.
    pub tier: Tier,
    /// Where, in the words of `policy.csv`.
    #[serde(rename = "where")]
    pub holds_where: String,
    /// The masker that makes what is shown, below FULL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub masker: Option<String>,
}

/// The actions that make the tier of a field, from the highest.
pub const TIERS: [Action; 3] = [Action::Full, Action::Partial, Action::Desensitized];

impl View {
    /// Explains; pure, and without any value that [`Asked::reveal`] does not allow.
    #[must_use]
    pub fn explain(&self, asked: Asked<'_>) -> Explanation {
        let shape = self.set().shape();
        let coordinate = match asked.field {
            Some(field) => shape.coordinate(asked.entity, field),
            None => shape
                .entity(asked.entity)
                .map_or_else(String::new, |entity| entity.name.clone()),
        };
        let sections: Vec<Section> = asked
            .actions
            .iter()
            .map(|action| self.section(&asked, asked.field, *action))
            .collect();
        let rows = asked.field.map(|_| self.section(&asked, None, Action::Row));
        let (mut rules, mut verdicts) = (Vec::new(), Vec::new());
        for section in sections {
            rules.extend(section.rules);
            verdicts.push(section.verdict);
        }
        rules.sort_by_key(|rule| rule.line);
        let tier = asked
            .field
            .filter(|_| TIERS.iter().all(|action| asked.actions.contains(action)))
            .map(|field| self.outcome(&asked, field, &verdicts));
        Explanation {
            coordinate,
            class: asked
                .field
                .map(|field| self.class(asked.entity, field).to_owned()),
            rows,
            rules,
            verdicts,
            tier,
        }
    }
}

#[cfg(test)]
mod tests;
