//! What a condition may come to, as far as is known.

use serde::{Serialize, Serializer};

use crate::condition::Truth;

/// A set of truth values: one of them if all is known, several where it depends on the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Truths {
    yes: bool,
    no: bool,
    unknown: bool,
}

impl Truths {
    /// All of them.
    pub(super) const ANY: Self = Self {
        yes: true,
        no: true,
        unknown: true,
    };
    /// Of what is never unknown.
    pub(super) const KNOWN: Self = Self {
        yes: true,
        no: true,
        unknown: false,
    };

    /// Whether it may be this one.
    #[must_use]
    pub fn may_be(self, truth: Truth) -> bool {
        match truth {
            Truth::True => self.yes,
            Truth::False => self.no,
            Truth::Unknown => self.unknown,
        }
    }

    /// Whether it is this one and no other.
    #[must_use]
    pub fn is(self, truth: Truth) -> bool {
        self == Self::from(truth)
    }

    /// How an explanation says it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match (self.yes, self.no, self.unknown) {
            (true, false, false) => "true",
            (false, true, false) => "false",
            (false, false, true) => "unknown",
            (false, true, true) => "never true",
            (true, false, true) => "never false",
            (_, _, _) => "depends on the row",
        }
    }

    pub(super) fn negate(self) -> Self {
        Self {
            yes: self.no,
            no: self.yes,
            unknown: self.unknown,
        }
    }

    pub(super) fn and(self, other: Self) -> Self {
        let mut all = Self {
            yes: false,
            no: false,
            unknown: false,
        };
        for one in self.values() {
            for two in other.values() {
                all.add(one.and(two));
            }
        }
        all
    }

    pub(super) fn or(self, other: Self) -> Self {
        self.negate().and(other.negate()).negate()
    }

    fn values(self) -> impl Iterator<Item = Truth> + Clone {
        [Truth::True, Truth::False, Truth::Unknown]
            .into_iter()
            .filter(move |truth| self.may_be(*truth))
    }

    fn add(&mut self, truth: Truth) {
        match truth {
            Truth::True => self.yes = true,
            Truth::False => self.no = true,
            Truth::Unknown => self.unknown = true,
        }
    }
}

impl From<Truth> for Truths {
    fn from(truth: Truth) -> Self {
        Self {
            yes: truth == Truth::True,
            no: truth == Truth::False,
            unknown: truth == Truth::Unknown,
        }
    }
}

impl Serialize for Truths {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}
