//! Decisions: what a principal may see of a cell, and which rules led to it.

use serde::{Serialize, Serializer};

use crate::condition::{Condition, Row, Truth};

/// What is shown of a cell, from most to least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Nothing: `null`.
    None,
    /// A substitute.
    Desensitized,
    /// A part of the value.
    Partial,
    /// The value.
    Full,
}

/// What a rule grants or denies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// May see the row.
    Row,
    /// May see the value.
    Full,
    /// May see a part.
    Partial,
    /// May see a substitute.
    Desensitized,
    /// May aggregate what it may not see.
    Aggregate,
    /// May find by the exact value.
    Lookup,
    /// May create.
    Create,
    /// May change.
    Update,
    /// May delete.
    Delete,
    /// May export.
    Export,
}

impl Tier {
    /// Every tier, from the highest.
    pub const ALL: [Self; 4] = [Self::Full, Self::Partial, Self::Desensitized, Self::None];

    /// The name in answers and logs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Desensitized => "DESENSITIZED",
            Self::Partial => "PARTIAL",
            Self::Full => "FULL",
        }
    }
}

impl Serialize for Tier {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl Serialize for Action {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 10] = [
        Self::Row,
        Self::Full,
        Self::Partial,
        Self::Desensitized,
        Self::Aggregate,
        Self::Lookup,
        Self::Create,
        Self::Update,
        Self::Delete,
        Self::Export,
    ];

    /// The name in `policy.csv`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Row => "row",
            Self::Full => "full",
            Self::Partial => "partial",
            Self::Desensitized => "desensitized",
            Self::Aggregate => "aggregate",
            Self::Lookup => "lookup",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Export => "export",
        }
    }

    /// The action of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }
}

/// One step of a decision.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Grant {
    /// What is shown where `when` holds.
    pub tier: Tier,
    /// Settled; holds only if it evaluates to [`crate::condition::Truth::True`].
    pub when: Condition,
    /// The rules behind it, as lines of `policy.csv`.
    pub rules: Vec<usize>,
}

/// The decision for (principal, coordinate): grants from the highest tier to the lowest.
///
/// The tier of a cell is that of the first grant that holds, NONE if none does. Grants that can never hold are left out;
/// a grant that always holds is the last one.
#[derive(Clone, Debug, Default, PartialEq, Hash)]
pub struct Decision {
    /// See above.
    pub grants: Vec<Grant>,
}

impl Decision {
    /// The tier, if it is the same for every row.
    #[must_use]
    pub fn constant(&self) -> Option<Tier> {
        match self.grants.first() {
            None => Some(Tier::None),
            Some(grant) if grant.when == Condition::Constant(Truth::True) => Some(grant.tier),
            Some(_) => None,
        }
    }

    /// The settled condition under which the cell is shown at `tier` or above.
    #[must_use]
    pub fn guard(&self, tier: Tier) -> Condition {
        if tier == Tier::None {
            return Condition::Constant(Truth::True);
        }
        let grants = self.grants.iter().filter(|grant| grant.tier >= tier);
        Condition::any(grants.map(|grant| grant.when.clone()))
    }

    /// The tier of the cell in this row.
    #[must_use]
    pub fn tier(&self, row: &dyn Row) -> Tier {
        self.grants
            .iter()
            .find(|grant| grant.when.holds(row))
            .map_or(Tier::None, |grant| grant.tier)
    }

    /// The highest tier that some row may have.
    #[must_use]
    pub fn highest(&self) -> Tier {
        self.grants.first().map_or(Tier::None, |grant| grant.tier)
    }
}
