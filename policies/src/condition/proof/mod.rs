//! Whether one condition follows from another, whoever asks, whenever, and whatever the row holds. What is not proved is not
//! claimed.
//!
//! A proof is a search for a counterexample that finds none: the one condition is taken to be true and the other not to be, both
//! are taken apart, and each branch ends with two facts that exclude each other. Conditions know a third truth, so a claim says
//! of a part that it is true, false, or one of the two it is *not*.

mod facts;

#[cfg(test)]
mod tests;

use self::facts::{Fact, Facts};
use super::{Comparison, Condition, InList, Operand, Truth};
use crate::value::Value;

/// How many claims are looked at before giving up.
const STEPS: u32 = 20_000;

/// How many alternatives are looked at inside each other before giving up.
const DEPTH: u32 = 200;

/// What is said of the truth of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    True,
    False,
    NotTrue,
    NotFalse,
}

/// A part of a condition and what is said of it.
type Claim<'a> = (Sign, Part<'a>);

#[derive(Clone, Copy)]
enum Part<'a> {
    Whole(&'a Condition),
    /// One value of a list: the operand is equal to it.
    Equal(&'a Operand, &'a Value),
}

/// Whether `other` is true wherever `one` is.
pub(crate) fn follows(one: &Condition, other: &Condition) -> bool {
    let mut search = Search {
        facts: Facts::default(),
        compounds: Vec::new(),
        steps: STEPS,
    };
    let claims = [(Sign::True, one), (Sign::NotTrue, other)];
    let claims = claims.map(|(sign, condition)| (sign, Part::Whole(condition)));
    search.closed(claims.to_vec(), &[], DEPTH)
}

struct Search<'a> {
    facts: Facts<'a>,
    /// Parts that are taken apart already.
    compounds: Vec<(Sign, &'a Condition)>,
    steps: u32,
}

/// What a claim says in simpler claims.
enum Simpler<'a> {
    All(Vec<Claim<'a>>),
    One(Vec<Claim<'a>>),
    Fact(Fact<'a>),
}

impl<'a> Search<'a> {
    /// Whether the claims, and one of each of the alternatives, cannot be.
    fn closed(
        &mut self,
        mut claims: Vec<Claim<'a>>,
        alternatives: &[Vec<Claim<'a>>],
        depth: u32,
    ) -> bool {
        let (facts, compounds) = (self.facts.len(), self.compounds.len());
        let mut alternatives = alternatives.to_vec();
        let mut closed = false;
        while let Some(claim) = claims.pop() {
            if !self.step(1) {
                return false;
            }
            if self.contradicts(claim) {
                closed = true;
                break;
            }
            if let (sign, Part::Whole(condition)) = claim
                && is_compound(condition)
            {
                self.compounds.push((sign, condition));
            }
            match simpler(claim) {
                Simpler::All(parts) => claims.extend(parts),
                Simpler::One(parts) => alternatives.push(parts),
                Simpler::Fact(fact) => self.facts.push(fact),
            }
        }
        let closed = closed || self.each_closed(alternatives, depth);
        self.facts.truncate(facts);
        self.compounds.truncate(compounds);
        closed
    }

    /// Whether one of the alternatives is closed whichever of its claims is taken: the one with the fewest left.
    fn each_closed(&mut self, alternatives: Vec<Vec<Claim<'a>>>, depth: u32) -> bool {
        let mut open = Vec::new();
        for alternative in alternatives {
            if !self.step(alternative.len()) {
                return false;
            }
            let left = alternative.into_iter();
            let left: Vec<_> = left.filter(|claim| !self.contradicts(*claim)).collect();
            if left.is_empty() {
                return true;
            }
            open.push(left);
        }
        let fewest = (0..open.len()).min_by_key(|at| open.get(*at).map_or(0, Vec::len));
        let Some(fewest) = fewest.filter(|_| depth > 0) else {
            return false;
        };
        let taken = open.swap_remove(fewest);
        taken
            .into_iter()
            .all(|claim| self.closed(vec![claim], &open, depth - 1))
    }

    fn step(&mut self, count: usize) -> bool {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        self.steps = self.steps.saturating_sub(count);
        self.steps > 0
    }

    /// Whether the claim cannot be beside what is known.
    fn contradicts(&self, claim: Claim<'a>) -> bool {
        match claim {
            (sign, Part::Whole(Condition::Not(inner))) => {
                self.contradicts((sign.negate(), Part::Whole(inner)))
            }
            (sign, Part::Whole(Condition::Constant(truth))) => !sign.admits(*truth),
            (sign, Part::Whole(condition)) if is_compound(condition) => {
                let mut known = self.compounds.iter();
                known.any(|(other, same)| sign.excludes(*other) && *same == condition)
            }
            claim => match simpler(claim) {
                Simpler::Fact(fact) => self.facts.exclude(&fact),
                Simpler::All(_) | Simpler::One(_) => false,
            },
        }
    }
}

/// What a claim says in simpler claims.
fn simpler((sign, part): Claim<'_>) -> Simpler<'_> {
    let condition = match part {
        Part::Whole(condition) => condition,
        Part::Equal(operand, value) => {
            return Simpler::Fact(Fact::compared(sign, Comparison::Eq, operand, value));
        }
    };
    match condition {
        // whether it can be so has been asked already
        Condition::Constant(_) => Simpler::All(Vec::new()),
        Condition::Not(inner) => Simpler::All(vec![(sign.negate(), Part::Whole(inner))]),
        Condition::And(parts) => {
            let all = matches!(sign, Sign::True | Sign::NotFalse);
            each(sign, all, parts.iter().map(Part::Whole))
        }
        Condition::Or(parts) => {
            let all = matches!(sign, Sign::False | Sign::NotTrue);
            each(sign, all, parts.iter().map(Part::Whole))
        }
        // equal to one of them, of which nothing is unknown that would not be unknown of the list
        Condition::In {
            operand,
            list: InList::Values(values),
        } => {
            let all = matches!(sign, Sign::False | Sign::NotTrue);
            let equal = values.iter().map(|value| Part::Equal(operand, value));
            each(sign, all, equal)
        }
        Condition::In {
            operand,
            list: InList::Claim(name),
        } => Simpler::Fact(Fact::listed(sign, operand, name)),
        Condition::IsNull(operand) => Simpler::Fact(Fact::absent(sign, operand)),
        Condition::Compare { op, left, right } => Simpler::Fact(match right {
            Operand::Literal(value) => Fact::compared(sign, *op, left, value),
            right => Fact::sides(sign, *op, left, right),
        }),
    }
}

/// The same said of each part, or of one of them.
fn each<'a>(sign: Sign, all: bool, parts: impl Iterator<Item = Part<'a>>) -> Simpler<'a> {
    let parts = parts.map(|part| (sign, part)).collect();
    match all {
        true => Simpler::All(parts),
        false => Simpler::One(parts),
    }
}

fn is_compound(condition: &Condition) -> bool {
    match condition {
        Condition::And(_) | Condition::Or(_) => true,
        Condition::In { list, .. } => matches!(list, InList::Values(_)),
        _ => false,
    }
}

impl Sign {
    /// What is said of a part if this is said of its negation.
    fn negate(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::NotTrue => Self::NotFalse,
            Self::NotFalse => Self::NotTrue,
        }
    }

    fn admits(self, truth: Truth) -> bool {
        match self {
            Self::True => truth == Truth::True,
            Self::False => truth == Truth::False,
            Self::NotTrue => truth != Truth::True,
            Self::NotFalse => truth != Truth::False,
        }
    }

    /// Whether both cannot be said of one part.
    pub(super) fn excludes(self, other: Self) -> bool {
        let mut truths = [Truth::True, Truth::False, Truth::Unknown].into_iter();
        !truths.any(|truth| self.admits(truth) && other.admits(truth))
    }

    /// Whether it leaves no room for unknown.
    pub(super) fn is_known(self) -> bool {
        !self.admits(Truth::Unknown)
    }
}
