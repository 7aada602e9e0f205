//! What a proof knows of single comparisons, and which of them exclude each other.

use std::cmp::Ordering;

use super::Sign;
use crate::condition::evaluate::order;
use crate::condition::{Comparison, Operand};
use crate::value::Value;

/// What is said of one comparison.
#[derive(Clone, Copy)]
pub(super) struct Fact<'a> {
    sign: Sign,
    atom: Atom<'a>,
}

#[derive(Clone, Copy)]
enum Atom<'a> {
    Value(Comparison, &'a Operand, &'a Value),
    Sides(Comparison, &'a Operand, &'a Operand),
    /// In the list that a claim holds.
    Listed(&'a Operand, &'a str),
    Absent(&'a Operand),
}

/// What is known of one branch of a proof.
#[derive(Default)]
pub(super) struct Facts<'a>(Vec<Fact<'a>>);

impl<'a> Facts<'a> {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn push(&mut self, fact: Fact<'a>) {
        self.0.push(fact);
    }

    pub(super) fn truncate(&mut self, length: usize) {
        self.0.truncate(length);
    }

    /// Whether the fact cannot be beside the others.
    pub(super) fn exclude(&self, fact: &Fact<'a>) -> bool {
        if fact.is_impossible() {
            return true;
        }
        // what one comparison is known to come to, every other of the same sides is
        let known = fact.sign.is_known()
            || fact.is_never_unknown()
            || self
                .0
                .iter()
                .any(|other| other.sign.is_known() && other.beside(fact).is_some());
        let mut others = self.0.iter();
        others.any(|other| match other.beside(fact) {
            Some(order) => known && !possible(other.holding(), fact.holding(), order),
            None => fact.refuses(other) || other.refuses(fact),
        })
    }
}

/// How the right sides of two comparisons of the same left side stand to each other.
#[derive(Clone, Copy, PartialEq)]
enum Beside {
    /// In this order, with values between and beyond them.
    Ordered(Ordering),
    /// In this order, and there is nothing else.
    Boolean(bool, bool),
    /// The same two sides, exchanged.
    Exchanged,
}

impl<'a> Fact<'a> {
    pub(super) fn compared(
        sign: Sign,
        op: Comparison,
        operand: &'a Operand,
        value: &'a Value,
    ) -> Self {
        let atom = Atom::Value(op, operand, value);
        Self { sign, atom }
    }

    pub(super) fn sides(sign: Sign, op: Comparison, left: &'a Operand, right: &'a Operand) -> Self {
        let atom = Atom::Sides(op, left, right);
        Self { sign, atom }
    }

    pub(super) fn listed(sign: Sign, operand: &'a Operand, claim: &'a str) -> Self {
        let atom = Atom::Listed(operand, claim);
        Self { sign, atom }
    }

    pub(super) fn absent(sign: Sign, operand: &'a Operand) -> Self {
        let atom = Atom::Absent(operand);
        Self { sign, atom }
    }

    /// Whether no row and nobody makes it so: what is compared with null is unknown, and there always is a time.
    fn is_impossible(&self) -> bool {
        match self.atom {
            Atom::Value(_, _, Value::Null) => self.sign.is_known(),
            Atom::Absent(Operand::Now) => self.says_absent(),
            _ => false,
        }
    }

    fn is_never_unknown(&self) -> bool {
        let instant = |value: &Value| matches!(value, Value::DateTime(_));
        matches!(self.atom, Atom::Value(_, Operand::Now, value) if instant(value))
    }

    /// If both compare the same left side with something whose order is known.
    fn beside(&self, other: &Self) -> Option<Beside> {
        match (self.atom, other.atom) {
            // a claim is read as what it is compared with
            (Atom::Value(_, left, one), Atom::Value(_, same, another)) if left == same => {
                match (one, another) {
                    (Value::Boolean(one), Value::Boolean(another)) => {
                        Some(Beside::Boolean(*one, *another))
                    }
                    _ => order(one, another).map(Beside::Ordered),
                }
            }
            (Atom::Sides(_, left, right), Atom::Sides(_, same, also)) => {
                if left == same && right == also {
                    Some(Beside::Ordered(Ordering::Equal))
                } else {
                    (left == also && right == same).then_some(Beside::Exchanged)
                }
            }
            _ => None,
        }
    }

    /// The comparison that holds if it is known at all.
    fn holding(&self) -> Comparison {
        let (Atom::Value(op, ..) | Atom::Sides(op, ..)) = self.atom else {
            return Comparison::Eq;
        };
        match self.sign {
            Sign::True | Sign::NotFalse => op,
            Sign::False | Sign::NotTrue => op.invert(),
        }
    }

    /// What has nothing to do with order: presence, and lists of claims.
    fn refuses(&self, other: &Self) -> bool {
        match (self.atom, other.atom) {
            (Atom::Absent(one), Atom::Absent(same)) => {
                one == same && self.says_absent() != other.says_absent()
            }
            (Atom::Listed(one, claim), Atom::Listed(same, own)) => {
                one == same && claim == own && self.sign.excludes(other.sign)
            }
            (Atom::Absent(absent), _) if self.says_absent() => other.needs(absent),
            _ => false,
        }
    }

    fn says_absent(&self) -> bool {
        matches!(self.sign, Sign::True | Sign::NotFalse)
    }

    /// Whether it could not be if the operand were absent.
    fn needs(&self, absent: &Operand) -> bool {
        match self.atom {
            Atom::Value(_, operand, _) => self.sign.is_known() && operand == absent,
            Atom::Sides(_, left, right) => {
                self.sign.is_known() && (left == absent || right == absent)
            }
            // nothing is in an empty list, not even what is absent
            Atom::Listed(operand, claim) => {
                let list = matches!(absent, Operand::User(name) if name == claim);
                (self.sign == Sign::True && operand == absent) || (self.sign.is_known() && list)
            }
            Atom::Absent(_) => false,
        }
    }
}

/// Whether some value stands to one side as `one` says and to the other as `other` does.
fn possible(one: Comparison, other: Comparison, beside: Beside) -> bool {
    use Ordering::{Equal, Greater, Less};
    let places = match beside {
        Beside::Ordered(Less) => vec![
            (Less, Less),
            (Equal, Less),
            (Greater, Less),
            (Greater, Equal),
            (Greater, Greater),
        ],
        Beside::Ordered(Equal) => vec![(Less, Less), (Equal, Equal), (Greater, Greater)],
        Beside::Ordered(Greater) => return possible(other, one, Beside::Ordered(Less)),
        Beside::Boolean(left, right) => {
            let places = [false, true].map(|value| (value.cmp(&left), value.cmp(&right)));
            places.to_vec()
        }
        Beside::Exchanged => return possible(one, other.flip(), Beside::Ordered(Equal)),
    };
    let mut places = places.into_iter();
    places.any(|(left, right)| one.admits(left) && other.admits(right))
}
