//! Which fields and rules the cases have touched.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::rules::Effect;
use crate::set::PolicySet;

/// What cases have touched: a field if one of them says something about it, a rule if it decided such an expectation.
#[derive(Clone, Debug, Default)]
pub(super) struct Covered {
    pub(super) fields: BTreeSet<(usize, usize)>,
    pub(super) lines: BTreeSet<usize>,
}

/// The same, counted.
#[derive(Clone, Debug, Serialize)]
pub struct Coverage {
    /// How many rules decided something.
    pub rules_tested: usize,
    /// How many rules there are.
    pub rules: usize,
    /// How many fields were looked at.
    pub fields_tested: usize,
    /// How many fields there are.
    pub fields: usize,
    /// The rules that decided nothing.
    pub untested_rules: Vec<UntestedRule>,
    /// The fields at which no case looks.
    pub untested_fields: Vec<String>,
}

/// A rule that decided nothing.
#[derive(Clone, Debug, Serialize)]
pub struct UntestedRule {
    /// The line of `policy.csv`.
    pub line: usize,
    /// Its words, but for the condition.
    pub rule: String,
}

impl Coverage {
    /// Of a hundred rules, how many decided something; rounded down, so that 100 means all.
    #[must_use]
    pub fn rule_percentage(&self) -> usize {
        percentage(self.rules_tested, self.rules)
    }

    /// Of a hundred fields, how many were looked at; rounded down.
    #[must_use]
    pub fn field_percentage(&self) -> usize {
        percentage(self.fields_tested, self.fields)
    }
}

impl Covered {
    pub(super) fn add(&mut self, other: Self) {
        self.fields.extend(other.fields);
        self.lines.extend(other.lines);
    }

    pub(super) fn of(&self, set: &PolicySet) -> Coverage {
        let shape = set.shape();
        let untested_rules: Vec<UntestedRule> = set
            .rules()
            .iter()
            .filter(|rule| !self.lines.contains(&rule.line))
            .map(|rule| UntestedRule {
                line: rule.line,
                rule: format!(
                    "{}, {}, {}, {}",
                    rule.role,
                    rule.object,
                    rule.action.name(),
                    match rule.effect {
                        Effect::Allow => "allow",
                        Effect::Deny => "deny",
                    }
                ),
            })
            .collect();
        let untested_fields: Vec<String> = shape
            .fields()
            .filter(|field| !self.fields.contains(field))
            .map(|(entity, field)| shape.coordinate(entity, field))
            .collect();
        let (rules, fields) = (set.rules().len(), shape.fields().count());
        Coverage {
            rules_tested: rules - untested_rules.len(),
            rules,
            fields_tested: fields - untested_fields.len(),
            fields,
            untested_rules,
            untested_fields,
        }
    }
}

fn percentage(part: usize, whole: usize) -> usize {
    (part * 100).checked_div(whole).unwrap_or(100)
}
