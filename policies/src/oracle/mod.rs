//! The second opinion: casbin's own enforcer, with conditions evaluated by a naive reading of the rules.
//!
//! Shares nothing with the compiled form but the rules themselves: no settling, no folding, no truth table. Tests and
//! `policy check` hold the two against each other; no request asks it.

use chrono::{DateTime, Utc};

use crate::condition::{Condition, Row};
use crate::decision::{Action, Tier};
use crate::rules::{Effect, Rule};
use crate::set::{PolicySet, Principal};
use crate::store::StoreError;

mod agreement;
mod naive;
mod possible;
mod rows;

pub use agreement::{Agreement, Disagreement};
pub(crate) use naive::Naive;

/// Answers for one principal at one time.
#[derive(Clone, Copy, Debug)]
pub struct Oracle<'a> {
    set: &'a PolicySet,
    principal: &'a Principal,
    now: DateTime<Utc>,
}

/// How the conditions of rules read, by line: all that a decision of casbin depends on beside who asks for what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Truths(Vec<(usize, &'static str)>);

/// Casbin could not answer.
#[derive(Clone, Debug, thiserror::Error)]
#[error("casbin cannot answer for `{coordinate}`: {detail}")]
pub struct OracleError {
    coordinate: String,
    detail: String,
}

impl OracleError {
    fn new(coordinate: &str, error: &StoreError) -> Self {
        Self {
            coordinate: coordinate.to_owned(),
            detail: error.to_string(),
        }
    }
}

impl<'a> Oracle<'a> {
    pub(crate) fn new(set: &'a PolicySet, principal: &'a Principal, now: DateTime<Utc>) -> Self {
        Self {
            set,
            principal,
            now,
        }
    }

    /// Whether the principal may act on the coordinate (`Customer` or `Customer.phone`) in this row.
    ///
    /// # Errors
    /// If casbin fails, which a loaded policy should never cause.
    pub fn enforce(
        &self,
        coordinate: &str,
        action: Action,
        row: &dyn Row,
    ) -> Result<bool, OracleError> {
        let entity = coordinate.split('.').next().unwrap_or_default();
        self.decide(coordinate, action, &self.truths(entity, action, row))
    }

    /// How the conditions of all rules of an action read on a row of the entity.
    #[must_use]
    pub fn truths(&self, entity: &str, action: Action, row: &dyn Row) -> Truths {
        let naive = self.naive();
        self.read(entity, action, |_, condition| naive.truth(condition, row))
    }

    /// As [`Oracle::truths`] on the row that the rules are kindest to: each holds for itself as it may hold on some row.
    #[must_use]
    pub fn truths_at_best(&self, entity: &str, action: Action) -> Truths {
        self.read_extreme(entity, action, Effect::Allow)
    }

    /// As [`Oracle::truths`] on the row that the rules are hardest on.
    #[must_use]
    pub fn truths_at_worst(&self, entity: &str, action: Action) -> Truths {
        self.read_extreme(entity, action, Effect::Deny)
    }

    /// What casbin says when the conditions read so.
    ///
    /// # Errors
    /// As [`Oracle::enforce`].
    pub fn decide(
        &self,
        coordinate: &str,
        action: Action,
        truths: &Truths,
    ) -> Result<bool, OracleError> {
        self.set
            .store()
            .enforce(&self.principal.roles, coordinate, action, &truths.0)
            .map_err(|error| OracleError::new(coordinate, &error))
    }

    /// The tier of a cell.
    ///
    /// # Errors
    /// As [`Oracle::enforce`].
    pub fn tier(&self, coordinate: &str, row: &dyn Row) -> Result<Tier, OracleError> {
        for (action, tier) in [
            (Action::Full, Tier::Full),
            (Action::Partial, Tier::Partial),
            (Action::Desensitized, Tier::Desensitized),
        ] {
            if self.enforce(coordinate, action, row)? {
                return Ok(tier);
            }
        }
        Ok(Tier::None)
    }

    fn naive(&self) -> Naive<'a> {
        Naive {
            shape: self.set.shape(),
            principal: self.principal,
            now: self.now,
        }
    }

    /// Rules of the wished effect hold wherever they may, the others only where they must.
    fn read_extreme(&self, entity: &str, action: Action, wished: Effect) -> Truths {
        let naive = self.naive();
        self.read(entity, action, |rule, condition| {
            let possible = naive.possible(condition);
            // what is unknown is false to an allow and true to a deny
            let (may, must) = match rule.effect {
                Effect::Allow => (possible.yes, !possible.no && !possible.unknown),
                Effect::Deny => (possible.yes || possible.unknown, !possible.no),
            };
            Some(if rule.effect == wished { may } else { must })
        })
    }

    /// The rules of other actions are left out: casbin asks for the action before it asks what holds.
    fn read(
        &self,
        entity: &str,
        action: Action,
        truth: impl Fn(&Rule, &Condition) -> Option<bool>,
    ) -> Truths {
        let Some(entity) = self.set.shape().find(entity) else {
            return Truths::default();
        };
        let rules = self.set.rules().iter();
        let read = rules
            .filter(|rule| rule.action == action)
            .filter_map(|rule| {
                let truth = match truth(rule, rule.conditions.get(&entity)?) {
                    Some(true) => "true",
                    Some(false) => "false",
                    None => "unknown",
                };
                Some((rule.line, truth))
            });
        Truths(read.collect())
    }
}
