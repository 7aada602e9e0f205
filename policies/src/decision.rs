//! Decisions: what a principal may see of a cell, and which rules led to it.

use crate::condition::Condition;

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

/// One step of a decision.
#[derive(Clone, Debug, PartialEq)]
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
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// See above.
    pub grants: Vec<Grant>,
}
