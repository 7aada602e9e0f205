//! Which masks show a cell otherwise than before.

use std::collections::HashMap;

use super::change::{Change, Direction, Shown, What};
use super::grants::{Comparing, name};
use super::masking::{of_role, text};
use super::standing::{Both, Thing};
use crate::decision::{Action, Tier};
use crate::maskers;
use crate::masking::Mask;
use crate::set::PolicySet;
use crate::shape::Shape;

/// The tiers that a mask makes, and what leads to them.
pub(super) const MASKED: [(Tier, Action); 2] = [
    (Tier::Partial, Action::Partial),
    (Tier::Desensitized, Action::Desensitized),
];

/// Cells that look otherwise at a tier, for the roles that get to see them so.
pub(super) fn masks(sets: Both<&PolicySet>, comparing: &mut Comparing<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for field in comparing.shape.fields() {
        for (tier, action) in MASKED {
            let Some(shown) = otherwise(sets, field, (tier, tier)) else {
                continue;
            };
            let thing = (field.0, Some(field.1));
            for role in &comparing.standings.roles {
                let standing = comparing.standings.of(role, thing);
                if role.audience.old.is_none() || !comparing.reaches(standing.new, action) {
                    continue;
                }
                let what = What::Mask(tier);
                let mut change = of_role(role, what, Direction::Changed, shown.clone());
                change.coordinates.push(name(comparing.shape, thing));
                changes.push(change);
            }
        }
    }
    changes
}

/// Where the new mask of DESENSITIZED may tell what the old one of PARTIAL did not: a token tells less of a value than its last
/// digits, and yet whose rows belong together, or the way to a row.
pub(super) fn lower(sets: Both<&PolicySet>, shape: &Shape) -> HashMap<Thing, (Shown, Shown)> {
    let tiers = (Tier::Partial, Tier::Desensitized);
    let fields = shape.fields().filter(|(entity, field)| {
        let new = sets.new.masks().written(*entity, *field, tiers.1);
        new.is_some_and(|new| !shows_nothing(new))
    });
    let masks = fields.filter_map(|field| {
        let (old, new) = otherwise(sets, field, tiers)?;
        let old = text(&format!("{old}, at {}", tiers.0.name()));
        let new = text(&format!(
            "{new}: it may link or find what {} did not",
            tiers.0.name()
        ));
        Some(((field.0, Some(field.1)), (old, new)))
    });
    masks.collect()
}

/// The old mask of one tier and the new one of another, if they do not make the same of a value.
fn otherwise(
    sets: Both<&PolicySet>,
    (entity, field): (usize, usize),
    tiers: (Tier, Tier),
) -> Option<(Shown, Shown)> {
    let old = sets.old.masks().written(entity, field, tiers.0)?;
    let new = sets.new.masks().written(entity, field, tiers.1)?;
    let classes = sets.of(|set| set.classes().of(entity, field));
    // the key of a mask is that of its class
    let moved = classes.old != classes.new && is_keyed(new);
    if old.masker == new.masker && old.params == new.params && !moved {
        return None;
    }
    let told = |mask: &Mask, class: &str| match moved {
        true => text(&format!("{}, for {class}", written_out(mask))),
        false => text(&written_out(mask)),
    };
    Some((told(old, classes.old), told(new, classes.new)))
}

fn shows_nothing(mask: &Mask) -> bool {
    maskers::declaration(&mask.masker)
        .is_ok_and(|declaration| declaration.output == maskers::Output::Null)
}

/// What is not known to do without a key is taken to have one.
pub(super) fn is_keyed(mask: &Mask) -> bool {
    maskers::declaration(&mask.masker).map_or(true, |declaration| declaration.keyed)
}

/// The mask in the words of the file.
fn written_out(mask: &Mask) -> String {
    let params = mask.params.iter();
    let params: Vec<String> = params
        .map(|(name, value)| format!(" {name} = {value}"))
        .collect();
    format!("{}{}", mask.masker, params.join(","))
}
