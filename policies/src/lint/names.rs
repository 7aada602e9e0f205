//! Classes, audiences and masks that nothing leads to, or too much.

use std::collections::BTreeSet;

use super::{Lint, Linting};
use crate::classes::within;
use crate::error::Fault;
use crate::rows::TO;

/// Classes that no rule names, be it by a prefix or through one of their fields.
pub(super) fn unmentioned_classes(linting: &mut Linting<'_>) {
    let set = linting.set;
    let mut told = BTreeSet::new();
    for row in &set.parts().rows.classes {
        let class = row.to.as_str();
        let names = |object: &str| {
            let prefix = object.split_once(':').map_or(object, |(_, prefix)| prefix);
            let field = set.shape().find_field(object);
            within(class, prefix)
                || field.is_some_and(|(entity, field)| set.classes().of(entity, field) == class)
        };
        if told.contains(class) || set.rules().iter().any(|rule| names(&rule.object)) {
            continue;
        }
        told.insert(class);
        let message = format!("no rule mentions the class `{class}`");
        let cure = "write a rule for it, or give its fields another class; rules for `*` and for entities do not count";
        let fault = Fault::new(message, cure);
        linting.pair(Lint::UnmentionedClass, row, TO, fault);
    }
}

/// Masks that are shown to nobody, and roundings of what nobody adds up.
pub(super) fn idle_masks(linting: &mut Linting<'_>) {
    for mask in &linting.set.masks().idle {
        let message = format!("no rule leads to this mask, `{}`", mask.masker);
        let cure = "remove it, or write a rule that shows its class at this tier";
        linting.masking(Lint::IdleMask, mask.line, Fault::new(message, cure));
    }
    for place in &linting.set.masks().roundings.idle {
        let message = "no rule leads to this rounding";
        let cure = "remove it, or write a rule that grants `aggregate` on its class";
        linting.masking(Lint::IdleMask, *place, Fault::new(message, cure));
    }
}

/// Roles of one audience that inherit a role of another.
pub(super) fn audiences(linting: &mut Linting<'_>) {
    let given = &linting.set.parts().masking.audiences;
    for (role, (audience, place)) in given {
        let inherited: Vec<String> = linting
            .with_inherited(role)
            .into_iter()
            .filter_map(|inherited| Some((inherited, &given.get(inherited)?.0)))
            .filter(|(_, other)| *other != audience)
            .map(|(inherited, other)| format!("`{inherited}` of `{other}`"))
            .collect();
        if inherited.is_empty() {
            continue;
        }
        let message = format!(
            "`{role}` is of the audience `{audience}` and inherits {}",
            inherited.join(" and ")
        );
        let cure = "let it inherit roles of its own audience: rules made for the tokens of one hold for those of another";
        linting.masking(Lint::TwoAudiences, *place, Fault::new(message, cure));
    }
}
