//! The second opinion: casbin's own enforcer, with conditions evaluated by a naive reading of the rules.
//!
//! Shares nothing with the compiled form but the rules themselves: no settling, no folding, no truth table. Tests and
//! `policy check` hold the two against each other; no request asks it.

use chrono::{DateTime, Utc};

use crate::condition::Row;
use crate::decision::{Action, Tier};
use crate::set::{PolicySet, Principal};
use crate::store::StoreError;

mod agreement;
mod naive;
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
        let name = coordinate.split('.').next().unwrap_or_default();
        let entity = self.set.shape().find(name);
        let naive = Naive {
            shape: self.set.shape(),
            principal: self.principal,
            now: self.now,
        };
        let truths: Vec<(usize, &str)> = self
            .set
            .rules()
            .iter()
            .filter_map(|rule| {
                let condition = rule.conditions.get(&entity?)?;
                let truth = match naive.truth(condition, row) {
                    Some(true) => "true",
                    Some(false) => "false",
                    None => "unknown",
                };
                Some((rule.line, truth))
            })
            .collect();
        self.set
            .store()
            .enforce(&self.principal.roles, coordinate, action, &truths)
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
}
