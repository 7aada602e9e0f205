//! What loads and is hardly meant. A finding is always true; what cannot be known for certain is not told.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::error::{Fault, PolicyError};
use crate::place::Place;
use crate::rows::PairRow;
use crate::rules::Rule;
use crate::set::PolicySet;

mod grants;
mod implies;
mod names;
mod rows;
mod rules;

#[cfg(test)]
mod tests;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lint {
    /// A rule about nothing that others for the same role do not decide already.
    ShadowedRule,
    /// An allow that denies for the same role always beat.
    BeatenRule,
    /// A rule whose condition no row and no principal can fulfil.
    NeverHolds,
    /// A rule whose condition was bound to a time that is over.
    ExpiredRule,
    /// A rule whose condition asks for two things that exclude each other.
    Contradiction,
    /// A role that is granted something, and no row.
    NoRows,
    /// A rule about what is in rows that no role with it sees.
    UnseenRows,
    /// A grant that nobody can use: to add up what is nobody's, or to look up by what has no blind index.
    UnusableGrant,
    /// A field that every role sees in full, and that is not classed as public.
    SeenByAll,
    /// A role of one audience that inherits a role of another.
    TwoAudiences,
    /// A class that no rule names.
    UnmentionedClass,
    /// A mask that no rule leads to.
    IdleMask,
}

impl Lint {
    /// Its name on the terminal and in JSON.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::ShadowedRule => "shadowed-rule",
            Self::BeatenRule => "beaten-rule",
            Self::NeverHolds => "never-holds",
            Self::ExpiredRule => "expired-rule",
            Self::Contradiction => "contradiction",
            Self::NoRows => "no-rows",
            Self::UnseenRows => "unseen-rows",
            Self::UnusableGrant => "unusable-grant",
            Self::SeenByAll => "seen-by-all",
            Self::TwoAudiences => "two-audiences",
            Self::UnmentionedClass => "unmentioned-class",
            Self::IdleMask => "idle-mask",
        }
    }
}

/// Something that is hardly meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was found.
    pub lint: Lint,
    /// Where, and what to do about it.
    pub told: PolicyError,
}

impl PolicySet {
    /// Looks for what is hardly meant, as of this time: by file and line.
    #[must_use]
    pub fn lint(&self, now: DateTime<Utc>) -> Vec<Finding> {
        let mut linting = Linting {
            set: self,
            now,
            rules: Vec::new(),
            masking: Vec::new(),
        };
        let standing = rules::Standing::look(&mut linting);
        let seen = rows::Seen::new(&linting, &standing);
        rows::unseen(&mut linting, &standing, &seen);
        grants::unusable(&mut linting, &standing, &seen);
        grants::idle_lookups(&mut linting, &standing);
        rows::seen_by_all(&mut linting, &standing, &seen);
        names::unmentioned_classes(&mut linting);
        names::idle_masks(&mut linting);
        names::audiences(&mut linting);
        linting.findings()
    }
}

/// What was found so far, in `policy.csv` and in `masking.toml`.
struct Linting<'a> {
    set: &'a PolicySet,
    now: DateTime<Utc>,
    rules: Vec<(Lint, Place, Fault)>,
    masking: Vec<(Lint, Place, Fault)>,
}

impl<'a> Linting<'a> {
    fn rule(&mut self, lint: Lint, rule: &Rule, column: usize, fault: Fault) {
        let mut rows = self.set.parts().rows.rules.iter();
        let row = rows.find(|row| row.line == rule.line);
        let place = row.map_or(rule.line.into(), |row| row.places.at(column));
        self.rules.push((lint, place, fault));
    }

    fn pair(&mut self, lint: Lint, row: &PairRow, column: usize, fault: Fault) {
        self.rules.push((lint, row.places.at(column), fault));
    }

    fn masking(&mut self, lint: Lint, place: Place, fault: Fault) {
        self.masking.push((lint, place, fault));
    }

    /// The role and all that it inherits.
    fn with_inherited(&self, role: &str) -> BTreeSet<&'a str> {
        let roles = &self.set.parts().roles;
        let closed = roles.closure(roles.number(role));
        closed
            .into_iter()
            .filter_map(|number| roles.name(number))
            .collect()
    }

    /// The role and all that inherit it.
    fn with_heirs(&self, role: &str) -> BTreeSet<&'a str> {
        let roles = self.set.roles();
        roles
            .filter(|heir| self.with_inherited(heir).contains(role))
            .collect()
    }

    fn findings(self) -> Vec<Finding> {
        let files = &self.set.parts().files;
        let mut findings = Vec::new();
        for (file, found) in [(&files.rules, self.rules), (&files.masking, self.masking)] {
            let mut places = file.findings();
            let lints: Vec<Lint> = found.iter().map(|(lint, ..)| *lint).collect();
            for (_, place, fault) in found {
                places.add(place, fault);
            }
            let told = lints.into_iter().zip(places.into_errors());
            findings.extend(told.map(|(lint, told)| Finding { lint, told }));
        }
        findings.sort_by(|one, other| {
            let key = |finding: &Finding| (finding.told.clone(), finding.lint);
            key(one).cmp(&key(other))
        });
        findings
    }
}
