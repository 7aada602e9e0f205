//! Grants of `aggregate` and `lookup` that nobody can use.

use std::collections::BTreeMap;

use super::rows::{InFull, Seen};
use super::rules::Standing;
use super::{Lint, Linting};
use crate::decision::Action;
use crate::error::Fault;
use crate::masking::{INTERNAL, is_amount};
use crate::rows::OBJECT;
use crate::rules::{Effect, Rule};

/// Grants on rows that are nobody's: the persons behind a sum cannot be counted, so that it is refused. Whoever sees all of the values
/// needs no grant.
pub(super) fn unusable(linting: &mut Linting<'_>, standing: &Standing<'_>, seen: &Seen<'_>) {
    let in_full = InFull::new(linting, standing);
    let grants = |rule: &&Rule| rule.effect == Effect::Allow && rule.action == Action::Aggregate;
    for rule in standing.rules().filter(grants) {
        let set = linting.set;
        let shape = set.shape();
        let heirs = linting.with_heirs(&rule.role);
        let needs = |field: &(usize, usize)| {
            let mut heirs = heirs.iter();
            heirs.any(|role| seen.sees(role, field.0) && !in_full.by(role, *field))
        };
        let fields = rule.fields.iter().filter(|field| {
            let unique = shape
                .field(field.0, field.1)
                .is_none_or(|field| field.unique);
            is_amount(shape, **field) && !unique && set.subject(INTERNAL, field.0).is_none()
        });
        let mut nobodys: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for field in fields.filter(|field| needs(field)) {
            if let Some(entity) = shape.entity(field.0) {
                let fields = nobodys.entry(&entity.name).or_default();
                fields.push(format!("`{}`", shape.coordinate(field.0, field.1)));
            }
        }
        for (entity, fields) in nobodys {
            let message = format!(
                "nobody can use this grant on {}: masking.toml does not say whose data the rows are",
                fields.join(", ")
            );
            let cure = format!(
                "add [subject.\"{entity}\"] there if they are a person's, or narrow this rule to fields of rows that are"
            );
            linting.rule(Lint::UnusableGrant, rule, OBJECT, Fault::new(message, cure));
        }
    }
}

/// Grants to look up by fields of which none has a blind index.
pub(super) fn idle_lookups(linting: &mut Linting<'_>, standing: &Standing<'_>) {
    let grants = |rule: &&Rule| rule.effect == Effect::Allow && rule.action == Action::Lookup;
    for rule in standing.rules().filter(grants) {
        let shape = linting.set.shape();
        let is_blind = |(entity, field): &(usize, usize)| {
            let field = shape.field(*entity, *field);
            field.is_some_and(|field| field.blind)
        };
        if rule.fields.iter().any(is_blind) {
            continue;
        }
        let message = format!(
            "nobody can use this grant: no field of `{}` has a blind index",
            rule.object
        );
        let cure = "remove this rule, or give the entity a column for the index, `<column>_blind`";
        linting.rule(Lint::UnusableGrant, rule, OBJECT, Fault::new(message, cure));
    }
}
