//! The compiled form of a policy held against casbin's enforcer, for every role, coordinate and action.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::rows::{Rows, Synthetic};
use super::{Naive, OracleError};
use crate::condition::Condition;
use crate::decision::{Action, Tier};
use crate::error::AudienceError;
use crate::rules::Rule;
use crate::set::{PolicySet, Principal};
use crate::store::{Store, StoreError};
use crate::view::View;

#[cfg(test)]
mod tests;

/// What was compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    /// How many decisions: a role, a coordinate and an action, on a row.
    pub decisions: usize,
    /// How many of them casbin was asked for; the others are about rows on which the same conditions hold.
    pub asked: usize,
}

/// The two do not agree: a bug, whichever of them is right.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Disagreement {
    /// They answer differently.
    #[error(
        "`{role}` may {action} on `{coordinate}`: the compiled policy says {compiled}, casbin says {casbin}, where {truths}"
    )]
    Differs {
        /// The role.
        role: String,
        /// The entity or the field.
        coordinate: String,
        /// The action.
        action: &'static str,
        /// What requests go by.
        compiled: bool,
        /// What casbin goes by.
        casbin: bool,
        /// What is known of the conditions, by line.
        truths: String,
    },
    /// The tier of a cell is not the highest that is allowed.
    #[error("`{role}` sees `{coordinate}` at {compiled}, and casbin allows {casbin}")]
    Tier {
        /// The role.
        role: String,
        /// The field.
        coordinate: String,
        /// What requests go by.
        compiled: &'static str,
        /// What casbin goes by.
        casbin: &'static str,
    },
    /// Casbin cannot answer.
    #[error(transparent)]
    Oracle(#[from] OracleError),
    /// A role on its own is of two audiences.
    #[error(transparent)]
    Audience(#[from] AudienceError),
}

impl PolicySet {
    /// Somebody who has every claim that a condition asks for, and no role.
    #[must_use]
    pub fn somebody(&self, now: DateTime<Utc>) -> Principal {
        let [somebody, ..] = Rows::new(self, now).principals;
        somebody
    }

    /// Compares every decision of every role, on rows that make each condition true, false and unknown, for somebody who
    /// has every claim that a condition asks for, for somebody who has others, and for somebody who has none.
    ///
    /// # Errors
    /// The first decision that differs.
    pub fn agree(
        self: &Arc<Self>,
        now: DateTime<Utc>,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<Agreement, Disagreement> {
        let rows = Rows::new(self, now);
        let mut sum = Agreement::default();
        let roles: Vec<String> = self.roles().map(str::to_owned).collect();
        let steps = roles.len() * self.shape().entities.len();
        let mut comparing = Comparing {
            set: self,
            stores: stores(self).map_err(|error| OracleError::new("*", &error))?,
            answers: HashMap::new(),
        };
        for (nth, role) in roles.iter().enumerate() {
            let views: Result<Vec<View>, AudienceError> = rows
                .principals
                .iter()
                .map(|principal| {
                    let mut principal = principal.clone();
                    principal.roles.insert(role.clone());
                    self.view(principal, now)
                })
                .collect();
            let views = views?;
            for entity in 0..self.shape().entities.len() {
                for view in &views {
                    let told = Told::new(self, view.principal(), now, rows.of(entity), entity);
                    sum.decisions += comparing.entity(role, view, entity, &told)?;
                }
                progress(nth * self.shape().entities.len() + entity + 1, steps);
            }
            sum.asked += comparing.answers.len();
            comparing.answers.clear();
        }
        Ok(sum)
    }
}

/// Rows, and what is known of each condition on each.
struct Told<'a> {
    rows: &'a [Synthetic],
    /// By row: line, action and truth.
    truths: Vec<Vec<(usize, Action, &'static str)>>,
}

impl<'a> Told<'a> {
    fn new(
        set: &PolicySet,
        principal: &Principal,
        now: DateTime<Utc>,
        rows: &'a [Synthetic],
        entity: usize,
    ) -> Self {
        let naive = Naive {
            shape: set.shape(),
            principal,
            now,
        };
        let truth = |condition: &Condition, row: &Synthetic| match naive.truth(condition, row) {
            Some(true) => "true",
            Some(false) => "false",
            None => "unknown",
        };
        let known = |row: &Synthetic| {
            let rules = set.rules().iter();
            rules
                .filter_map(|rule| {
                    let condition = rule.conditions.get(&entity)?;
                    Some((rule.line, rule.action, truth(condition, row)))
                })
                .collect()
        };
        Self {
            rows,
            truths: rows.iter().map(known).collect(),
        }
    }

    /// What is known on each row of the rules about an action, which are all that casbin looks at.
    fn about(&self, action: Action) -> Vec<Vec<(usize, &'static str)>> {
        let about = |truths: &Vec<(usize, Action, &'static str)>| {
            let own = truths.iter().filter(|(_, own, _)| *own == action);
            own.map(|(line, _, truth)| (*line, *truth)).collect()
        };
        self.truths.iter().map(about).collect()
    }
}

/// Casbin with the rules of each action alone: it looks at every rule for every question, and those of other actions match
/// none.
fn stores(set: &PolicySet) -> Result<HashMap<Action, Store>, StoreError> {
    let inherits = set.parts().rows.roles.iter();
    let inherits: Vec<(String, String)> = inherits
        .map(|row| (row.from.clone(), row.to.clone()))
        .collect();
    let store = |action: Action| {
        let rules = set.rules().iter().filter(|rule| rule.action == action);
        let rules: Vec<Rule> = rules.cloned().collect();
        let store = Store::new(&rules, &inherits, set.shape(), set.classes())?;
        Ok((action, store))
    };
    Action::ALL.into_iter().map(store).collect()
}

type Question = (String, Action, Vec<(usize, &'static str)>);

struct Comparing<'a> {
    set: &'a PolicySet,
    stores: HashMap<Action, Store>,
    /// What casbin has said of the role: it knows the conditions by their truths alone.
    answers: HashMap<Question, bool>,
}

impl Comparing<'_> {
    /// Compares all that is decided about an entity; how many decisions these were.
    fn entity(
        &mut self,
        role: &str,
        view: &View,
        entity: usize,
        told: &Told<'_>,
    ) -> Result<usize, Disagreement> {
        let Some(shape) = self.set.shape().entity(entity) else {
            return Ok(0);
        };
        for action in Action::ALL {
            let compiled = view.may_entity(entity, action);
            self.action(role, &shape.name, (action, &compiled), told)?;
        }
        for field in 0..shape.fields.len() {
            let coordinate = self.set.shape().coordinate(entity, field);
            let mut highest = vec![Tier::None; told.rows.len()];
            for action in Action::ALL {
                let compiled = view.may(entity, field, action);
                let allowed = self.action(role, &coordinate, (action, &compiled), told)?;
                let tier = match action {
                    Action::Full => Tier::Full,
                    Action::Partial => Tier::Partial,
                    Action::Desensitized => Tier::Desensitized,
                    _ => continue,
                };
                for (highest, allowed) in highest.iter_mut().zip(allowed) {
                    if allowed {
                        *highest = tier.max(*highest);
                    }
                }
            }
            let decision = view.decision(entity, field);
            for (row, casbin) in told.rows.iter().zip(highest) {
                let compiled = decision.tier(row);
                if compiled != casbin {
                    return Err(Disagreement::Tier {
                        role: role.to_owned(),
                        coordinate,
                        compiled: compiled.name(),
                        casbin: casbin.name(),
                    });
                }
            }
        }
        Ok(told.rows.len() * (shape.fields.len() + 1) * Action::ALL.len())
    }

    /// Compares one action on one coordinate; what casbin says for each row.
    fn action(
        &mut self,
        role: &str,
        coordinate: &str,
        (action, compiled): (Action, &Condition),
        told: &Told<'_>,
    ) -> Result<Vec<bool>, Disagreement> {
        let mut answers = Vec::new();
        for (row, truths) in told.rows.iter().zip(told.about(action)) {
            let casbin = self.casbin(role, coordinate, action, &truths)?;
            let compiled = compiled.holds(row);
            if compiled != casbin {
                let truths = truths
                    .iter()
                    .map(|(line, truth)| format!("line {line} is {truth}"));
                return Err(Disagreement::Differs {
                    role: role.to_owned(),
                    coordinate: coordinate.to_owned(),
                    action: action.name(),
                    compiled,
                    casbin,
                    truths: truths.collect::<Vec<_>>().join(", "),
                });
            }
            answers.push(casbin);
        }
        Ok(answers)
    }

    fn casbin(
        &mut self,
        role: &str,
        coordinate: &str,
        action: Action,
        truths: &[(usize, &'static str)],
    ) -> Result<bool, OracleError> {
        let question = (coordinate.to_owned(), action, truths.to_vec());
        if let Some(answer) = self.answers.get(&question) {
            return Ok(*answer);
        }
        let store = self.stores.get(&action).unwrap_or(self.set.store());
        let answer = store.enforce([role], coordinate, action, truths);
        let answer = answer.map_err(|error| OracleError::new(coordinate, &error))?;
        self.answers.insert(question, answer);
        Ok(answer)
    }
}
