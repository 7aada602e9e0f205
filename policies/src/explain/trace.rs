//! A condition taken apart: what each comparison came to, and why.

use serde::Serialize;
use serde_json::Value as Json;

use super::sight::may_print;
use super::{Asked, Truths};
use crate::condition::coerce::{self, Wanted};
use crate::condition::text::{instant, literal, tame};
use crate::condition::{Comparison, Condition, InList, Operand, RowPath, Truth, name_of};
use crate::value::{Value, ValueKind};
use crate::view::View;

/// What a part of a condition came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trace {
    /// The part in the words of `policy.csv`; `all of`, `one of` or `not` where it has parts of its own.
    pub text: String,
    /// What it came to.
    pub truth: Truths,
    /// Why; empty where nothing has to be said.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// Its parts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Trace>,
}

/// Takes conditions apart for one principal, and for one row if there is one.
#[derive(Clone, Copy)]
pub(super) struct Tracer<'a> {
    pub(super) view: &'a View,
    pub(super) asked: &'a Asked<'a>,
}

impl Tracer<'_> {
    pub(super) fn trace(self, condition: &Condition) -> Trace {
        match condition {
            Condition::And(_) => self.joined("all of", condition, Truth::True, Truths::and),
            Condition::Or(_) => self.joined("one of", condition, Truth::False, Truths::or),
            // `!= null` is one comparison, not two
            Condition::Not(inner) if !matches!(**inner, Condition::IsNull(_)) => {
                let inner = self.trace(inner);
                Trace {
                    text: "not".to_owned(),
                    truth: inner.truth.negate(),
                    why: String::new(),
                    parts: vec![inner],
                }
            }
            leaf => self.leaf(leaf),
        }
    }

    fn joined(
        self,
        text: &str,
        condition: &Condition,
        none: Truth,
        join: fn(Truths, Truths) -> Truths,
    ) -> Trace {
        let parts: Vec<Trace> = flat(condition)
            .into_iter()
            .map(|part| self.trace(part))
            .collect();
        Trace {
            text: text.to_owned(),
            truth: parts.iter().map(|part| part.truth).fold(none.into(), join),
            why: String::new(),
            parts,
        }
    }

    fn leaf(self, leaf: &Condition) -> Trace {
        let set = self.view.set();
        let settled = leaf.settle(set.shape(), self.view.principal(), self.view.now());
        let truth = match (&settled, self.asked.row) {
            (Condition::Constant(truth), _) => Truths::from(*truth),
            (settled, Some(row)) => settled.evaluate(row).into(),
            (Condition::IsNull(_), None) => Truths::KNOWN,
            (Condition::Not(_), None) => Truths::KNOWN,
            (_, None) => Truths::ANY,
        };
        Trace {
            text: leaf.text(set.shape()),
            truth,
            why: self.why(leaf, &settled),
            parts: Vec::new(),
        }
    }

    fn why(self, leaf: &Condition, settled: &Condition) -> String {
        let shape = self.view.set().shape();
        let depends = !matches!(settled, Condition::Constant(_));
        let facts = match leaf {
            Condition::Compare { op, left, right } => self.compared(*op, left, right),
            Condition::In { operand, list } => self.member(operand, list),
            Condition::IsNull(operand) => vec![self.fact(operand, operand)],
            Condition::Not(inner) => match inner.as_ref() {
                Condition::IsNull(operand) => vec![self.fact(operand, operand)],
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        let facts: Vec<String> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
        if depends && self.asked.row.is_none() {
            return format!("holds where {}", settled.text(shape));
        }
        facts.join(", ")
    }

    fn compared(self, op: Comparison, left: &Operand, right: &Operand) -> Vec<String> {
        if let (Some(one), Some(other)) = (self.printable(left), self.told(right, left))
            && op == Comparison::Eq
            && one != Value::Null
        {
            let left = left.text(self.view.set().shape());
            return vec![match Comparison::Eq.apply(&one, &other) {
                Truth::True => format!("{left} = {}", literal(&one)),
                _ => format!("{left} = {}, not {}", literal(&one), literal(&other)),
            }];
        }
        vec![self.fact(left, right), self.fact(right, left)]
    }

    fn member(self, operand: &Operand, list: &InList) -> Vec<String> {
        let InList::Claim(name) = list else {
            let first = match list {
                InList::Values(values) => values.first().cloned().unwrap_or(Value::Null),
                InList::Claim(_) => Value::Null,
            };
            return vec![self.fact(operand, &Operand::Literal(first))];
        };
        let list = match self.view.principal().claim(name) {
            None => absent(name),
            Some(Json::Array(list)) => {
                format!("user.{name} = {}", tame(&Json::Array(list).to_string()))
            }
            Some(_) => format!("user.{name} is not a list"),
        };
        vec![self.fact(operand, operand), list]
    }

    /// What stands on one side of a comparison; nothing of a literal, which is in the text.
    fn fact(self, operand: &Operand, beside: &Operand) -> String {
        match operand {
            Operand::Row(path) => self.cell(path),
            Operand::User(name) => self.claim(name, beside),
            Operand::Now => format!("now = {}", instant(&self.view.now())),
            Operand::Literal(_) => String::new(),
        }
    }

    fn cell(self, path: &RowPath) -> String {
        let text = path.text(self.view.set().shape());
        let Some(row) = self.asked.row else {
            return String::new();
        };
        // That a cell is null is told: it is what an unknown comparison says anyway.
        match row.value(path) {
            Value::Null if path.hops.is_empty() => format!("{text} is null"),
            Value::Null => format!("{text} is null, or there is no such row"),
            value if may_print(self.view, row, path, self.asked.reveal) => {
                format!("{text} = {}", literal(&value))
            }
            _ => format!("{text} is withheld"),
        }
    }

    fn claim(self, name: &str, beside: &Operand) -> String {
        let claim = match self.view.principal().claim(name) {
            None => return absent(name),
            Some(Json::Null) => return format!("user.{name} is null in the token"),
            Some(claim) => claim,
        };
        let told = tame(&claim.to_string());
        match self.wanted(beside) {
            Some(wanted) if coerce::claim(&claim, wanted).is_none() => {
                format!(
                    "user.{name} = {told}, which is not {}",
                    name_of(wanted.kind)
                )
            }
            _ => format!("user.{name} = {told}"),
        }
    }

    /// The value of a column, if it may be printed.
    fn printable(self, operand: &Operand) -> Option<Value> {
        let (Operand::Row(path), Some(row)) = (operand, self.asked.row) else {
            return None;
        };
        may_print(self.view, row, path, self.asked.reveal).then(|| row.value(path))
    }

    /// The value of an operand, if it may be printed.
    fn told(self, operand: &Operand, beside: &Operand) -> Option<Value> {
        match operand {
            Operand::Row(_) => self.printable(operand),
            Operand::Literal(value) => Some(value.clone()),
            Operand::User(name) => {
                coerce::claim(&self.view.principal().claim(name)?, self.wanted(beside)?)
            }
            Operand::Now => None,
        }
    }

    fn wanted(&self, beside: &Operand) -> Option<Wanted<'_>> {
        match beside {
            Operand::Row(path) => path.end(self.view.set().shape()).map(Wanted::of),
            Operand::Literal(value) => Wanted::like(value),
            Operand::Now => Some(Wanted {
                kind: ValueKind::DateTime,
                variants: &[],
            }),
            Operand::User(_) => None,
        }
    }
}

/// The parts of `a && b && c`, which the parser nests.
fn flat(condition: &Condition) -> Vec<&Condition> {
    let parts = match condition {
        Condition::And(parts) | Condition::Or(parts) => parts,
        _ => return Vec::new(),
    };
    let same = |part: &Condition| std::mem::discriminant(part) == std::mem::discriminant(condition);
    parts
        .iter()
        .flat_map(|part| if same(part) { flat(part) } else { vec![part] })
        .collect()
}

fn absent(name: &str) -> String {
    match name {
        "id" => "user.id: the token names nobody".to_owned(),
        _ => format!("user.{name}: the token has no such claim"),
    }
}
