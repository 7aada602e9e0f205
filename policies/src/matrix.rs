//! Who sees what, as a table: roles by fields.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::condition::{Condition, Truth};
use crate::decision::{Decision, Tier};
use crate::error::AudienceError;
use crate::set::{PolicySet, Principal};
use crate::view::View;

/// What each of some roles sees of every entity.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// The columns.
    pub roles: Vec<String>,
    /// In the order of the Catalog.
    pub entities: Vec<MatrixEntity>,
}

/// What each role sees of an entity.
#[derive(Clone, Debug)]
pub struct MatrixEntity {
    /// The GraphQL name.
    pub name: String,
    /// Which rows, by role.
    pub rows: Vec<RowsShown>,
    /// What of each field.
    pub fields: Vec<MatrixField>,
}

/// What each role sees of a field.
#[derive(Clone, Debug)]
pub struct MatrixField {
    /// The GraphQL name.
    pub name: String,
    /// The sensitivity class.
    pub class: String,
    /// By role.
    pub shown: Vec<Shown>,
}

/// Which rows of an entity are seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowsShown {
    /// None.
    None,
    /// Those that a condition holds for.
    Some,
    /// All.
    All,
}

/// What is seen of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The entity does not exist for the role.
    Absent,
    /// The same on every row.
    Tier(Tier),
    /// What it may be, from the highest; it depends on the row.
    Mixed(Vec<Tier>),
}

impl Matrix {
    /// What somebody with these claims sees in each of these roles alone.
    ///
    /// # Errors
    /// If a role is of two audiences.
    pub fn new(
        set: &Arc<PolicySet>,
        roles: Vec<String>,
        who: &Principal,
        now: DateTime<Utc>,
    ) -> Result<Self, AudienceError> {
        let views: Result<Vec<View>, AudienceError> = roles
            .iter()
            .map(|role| {
                let mut who = who.clone();
                who.roles = [role.clone()].into();
                set.view(who, now)
            })
            .collect();
        let views = views?;
        let entities = set.shape().entities.iter().enumerate();
        let entities = entities.map(|(entity, known)| MatrixEntity {
            name: known.name.clone(),
            rows: views
                .iter()
                .map(|view| RowsShown::of(view.row(entity)))
                .collect(),
            fields: known
                .fields
                .iter()
                .enumerate()
                .map(|(field, known)| MatrixField {
                    name: known.name.clone(),
                    class: set.classes().of(entity, field).to_owned(),
                    shown: views
                        .iter()
                        .map(|view| Shown::by(view, entity, field))
                        .collect(),
                })
                .collect(),
        });
        Ok(Self {
            entities: entities.collect(),
            roles,
        })
    }
}

impl RowsShown {
    fn of(rows: &Condition) -> Self {
        match rows {
            Condition::Constant(Truth::True) => Self::All,
            Condition::Constant(_) => Self::None,
            _ => Self::Some,
        }
    }
}

impl Shown {
    fn by(view: &View, entity: usize, field: usize) -> Self {
        match view.exists(entity) {
            true => Self::of(view.decision(entity, field)),
            false => Self::Absent,
        }
    }

    /// What a decision shows.
    #[must_use]
    pub fn of(decision: &Decision) -> Self {
        if let Some(tier) = decision.constant() {
            return Self::Tier(tier);
        }
        let mut tiers: Vec<Tier> = decision.grants.iter().map(|grant| grant.tier).collect();
        let last = decision.grants.last().map(|grant| &grant.when);
        if last != Some(&Condition::Constant(Truth::True)) {
            tiers.push(Tier::None);
        }
        Self::Mixed(tiers)
    }

    /// The initials of the tiers alone.
    #[must_use]
    pub fn initials(&self) -> String {
        let tiers = match self {
            Self::Absent => return "-".to_owned(),
            Self::Tier(tier) => std::slice::from_ref(tier),
            Self::Mixed(tiers) => tiers,
        };
        let initials: Vec<&str> = tiers.iter().map(|tier| initial(*tier)).collect();
        initials.join("/")
    }
}

fn initial(tier: Tier) -> &'static str {
    match tier {
        Tier::Full => "F",
        Tier::Partial => "P",
        Tier::Desensitized => "D",
        Tier::None => "N",
    }
}

impl fmt::Display for RowsShown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "-",
            Self::Some => "some",
            Self::All => "all",
        })
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.pad("-"),
            Self::Tier(tier) => f.pad(tier.name()),
            Self::Mixed(_) => f.pad(&format!("MIXED {}", self.initials())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{now, principal, set};

    #[test]
    fn a_cell_names_every_tier_that_it_may_have() {
        let set = set("\
p, a, Customer, row, row.consent, allow
p, a, Order, row, true, allow
p, a, pii, full, row.owner_id == 7, allow
p, a, pii, partial, true, allow
p, a, behavior, desensitized, row.owner_id == 7, allow
p, a, Customer.income, full, true, allow
p, b, Customer, row, true, allow
")
        .unwrap();
        let roles = ["a", "b"].map(str::to_owned).to_vec();
        let matrix = Matrix::new(
            &set,
            roles,
            &principal("", &[], serde_json::json!({})),
            now(),
        );
        let matrix = matrix.unwrap();
        let entity = |name: &str| matrix.entities.iter().find(|one| one.name == name).unwrap();
        let field = |name: &str| {
            let fields = &entity("Customer").fields;
            let field = fields.iter().find(|field| field.name == name).unwrap();
            let initials: Vec<String> = field.shown.iter().map(Shown::initials).collect();
            (
                initials.join(" "),
                field
                    .shown
                    .iter()
                    .map(Shown::to_string)
                    .collect::<Vec<_>>()
                    .join(" "),
            )
        };
        let shown = |initials: &str, words: &str| (initials.to_owned(), words.to_owned());
        assert_eq!(field("email"), shown("F/P N", "MIXED F/P NONE"));
        assert_eq!(field("score"), shown("D/N N", "MIXED D/N NONE"));
        assert_eq!(field("income"), shown("F N", "FULL NONE"));
        let rows = |name: &str| {
            entity(name)
                .rows
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        };
        assert_eq!(rows("Customer"), ["some", "all"]);
        assert_eq!(rows("Order"), ["all", "-"]);
        assert_eq!(rows("Department"), ["-", "-"]);
        let absent = entity("Department").fields.first().unwrap();
        assert!(
            absent
                .shown
                .iter()
                .all(|shown| *shown == Shown::Absent && shown.initials() == "-")
        );
    }
}
