//! What conditions read besides the row: the claims and the time that decisions hang on.

use std::collections::BTreeSet;

use super::settle::is_day;
use super::{Condition, InList, Operand};
use crate::shape::Shape;

/// The claims and the time that some conditions read. Settled for two principals that agree on them, they are the same.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    /// The names of the claims; `id` is the subject.
    pub(crate) claims: BTreeSet<String>,
    /// How closely they look at the clock.
    pub(crate) time: Time,
}

/// How much of the time of a request some conditions read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Time {
    /// None of it.
    #[default]
    Never,
    /// The day: `now` is compared with days alone.
    Day,
    /// The instant: no two requests are alike.
    Instant,
}

impl Reads {
    /// Adds what this condition reads.
    pub(crate) fn add(&mut self, shape: &Shape, condition: &Condition) {
        match condition {
            Condition::Constant(_) => {}
            Condition::Compare { left, right, .. } => {
                self.operand(shape, left, Some(right));
                self.operand(shape, right, Some(left));
            }
            Condition::In { operand, list } => match list {
                InList::Values(values) => {
                    let beside = values.first().cloned().map(Operand::Literal);
                    self.operand(shape, operand, beside.as_ref());
                }
                InList::Claim(name) => {
                    self.claim(name);
                    self.operand(shape, operand, None);
                }
            },
            // that there is a time does not change with it
            Condition::IsNull(Operand::Now) => {}
            Condition::IsNull(operand) => self.operand(shape, operand, None),
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().for_each(|part| self.add(shape, part));
            }
            Condition::Not(inner) => self.add(shape, inner),
        }
    }

    fn claim(&mut self, name: &str) {
        if !self.claims.contains(name) {
            self.claims.insert(name.to_owned());
        }
    }

    fn operand(&mut self, shape: &Shape, operand: &Operand, beside: Option<&Operand>) {
        match operand {
            Operand::User(name) => self.claim(name),
            Operand::Now => {
                let day = beside.is_some_and(|beside| is_day(shape, beside));
                self.time = self.time.max(if day { Time::Day } else { Time::Instant });
            }
            Operand::Row(_) | Operand::Literal(_) => {}
        }
    }
}
