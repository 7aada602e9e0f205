//! What `masking.toml` changes: k, audiences and their keys, whose data the rows are, and masks.

use super::change::{Change, Direction, Shown, What};
use super::grants::{Comparing, name};
use super::masks::{MASKED, is_keyed, masks};
use super::standing::{Both, Role};
use crate::condition::RowPath;
use crate::decision::Action;
use crate::masking::{Masking, SubjectPaths};
use crate::set::PolicySet;
use crate::shape::Shape;

/// All of it, and which roles come and go.
pub(super) fn changes(sets: Both<&PolicySet>, comparing: &mut Comparing<'_>) -> Vec<Change> {
    let written = sets.of(|set| Written::of(&set.parts().masking));
    let mut changes: Vec<Change> = written.k().into_iter().collect();
    let roles = &comparing.standings.roles;
    for role in roles {
        match role.audience.as_ref().of(Option::as_deref) {
            Both {
                old: Some(old),
                new: Some(new),
            } if old != new => {
                let audiences = (text(old), text(new));
                changes.push(of_role(role, What::Audience, moved(role, roles), audiences));
            }
            Both {
                old: Some(audience),
                new: Some(_),
            } => {
                let keys = (written.old.key(audience), written.new.key(audience));
                if keys.0 != keys.1 {
                    changes.push(of_role(role, What::Key, Direction::Changed, keys));
                }
            }
            Both { new, .. } => {
                let (direction, shown) = match new {
                    Some(_) => (Direction::Widens, (Shown::Nothing, text("new"))),
                    None => (Direction::Narrows, (text("gone"), Shown::Nothing)),
                };
                changes.push(of_role(role, What::Role, direction, shown));
            }
        }
    }
    changes.extend(subjects(sets, comparing));
    changes.extend(masks(sets, comparing));
    changes.extend(super::fields::changes(sets, comparing));
    changes
}

/// What the file says of nothing in particular.
struct Written<'a> {
    k: u32,
    masking: &'a Masking,
}

impl<'a> Written<'a> {
    fn of(masking: &'a Masking) -> Self {
        // What is added to the file is to be compared, too: here, or by what it does to audiences, subjects and masks.
        let Masking {
            k,
            keys: _,
            audiences: _,
            classes: _,
            fields: _,
            subjects: _,
            preset: _,
        } = masking;
        Self { k: *k, masking }
    }

    fn key(&self, audience: &str) -> Shown {
        let pinned = self.masking.keys.get(audience);
        pinned.map_or(text("the current key"), |(id, _)| {
            text(&format!("key `{id}`"))
        })
    }
}

impl Both<Written<'_>> {
    fn k(&self) -> Option<Change> {
        let (old, new) = (self.old.k, self.new.k);
        Some(Change {
            roles: Vec::new(),
            with: Vec::new(),
            coordinates: Vec::new(),
            what: What::K,
            direction: Direction::of(new < old, new > old)?,
            old: text(&old.to_string()),
            new: text(&new.to_string()),
        })
    }
}

pub(super) fn text(text: &str) -> Shown {
    Shown::Text(text.to_owned())
}

pub(super) fn of_role(
    role: &Role,
    what: What,
    direction: Direction,
    (old, new): (Shown, Shown),
) -> Change {
    Change {
        roles: vec![role.name.clone()],
        with: Vec::new(),
        coordinates: Vec::new(),
        what,
        direction,
        old,
        new,
    }
}

/// What it means that a role changes its audience: whoever it meets in the new one could not compare masks with it before.
fn moved(role: &Role, roles: &[Role]) -> Direction {
    let others = || {
        let others = roles.iter().filter(|other| other.name != role.name);
        others.filter(|other| other.audience.old.is_some())
    };
    let was_with = |other: &Role| other.audience.old == role.audience.old;
    let joins = |other: &Role| {
        // tokens of an audience are what they were, whoever gets them now
        let name = other.audience.old == role.audience.new;
        name || (other.audience.new == role.audience.new && !was_with(other))
    };
    let leaves = |other: &Role| {
        was_with(other) && other.audience.new.is_some() && other.audience.new != role.audience.new
    };
    if others().any(joins) {
        Direction::Widens
    } else if others().any(leaves) {
        Direction::Narrows
    } else {
        Direction::Changed
    }
}

/// The person behind the rows of an entity, where a mask or an aggregate of the role speaks of them.
fn subjects(sets: Both<&PolicySet>, comparing: &mut Comparing<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for role in &comparing.standings.roles {
        let audiences = role.audience.as_ref().of(Option::as_deref);
        let (Some(old), Some(new)) = (audiences.old, audiences.new) else {
            continue;
        };
        for entity in 0..comparing.shape.entities.len() {
            let paths = (sets.old.subject(old, entity), sets.new.subject(new, entity));
            if paths.0 == paths.1 || !speaks_of_persons(sets.new, comparing, role, entity) {
                continue;
            }
            let shape = comparing.shape;
            let told = |paths: Option<&SubjectPaths>| {
                paths.map_or(Shown::Nothing, |paths| text(&person(paths, shape)))
            };
            let shown = (told(paths.0), told(paths.1));
            let mut change = of_role(role, What::Subject, other_person(paths), shown);
            change.coordinates.push(name(shape, (entity, None)));
            changes.push(change);
        }
    }
    changes
}

/// Whether the role gets a keyed mask or an aggregate of a field of the entity.
fn speaks_of_persons(
    set: &PolicySet,
    comparing: &mut Comparing<'_>,
    role: &Role,
    entity: usize,
) -> bool {
    let fields = comparing.shape.entity(entity);
    let mut fields = 0..fields.map_or(0, |entity| entity.fields.len());
    fields.any(|field| {
        let standing = comparing.standings.of(role, (entity, Some(field))).new;
        let mut masked = MASKED.into_iter();
        comparing.reaches(standing, Action::Aggregate)
            || masked.any(|(tier, action)| {
                let mask = set.masks().written(entity, field, tier);
                mask.is_some_and(is_keyed) && comparing.reaches(standing, action)
            })
    })
}

/// Another person altogether, or one of whom more or less is told.
fn other_person(paths: (Option<&SubjectPaths>, Option<&SubjectPaths>)) -> Direction {
    let (Some(old), Some(new)) = paths else {
        return Direction::Changed;
    };
    let traits =
        |paths: &SubjectPaths| [&paths.country, &paths.gender, &paths.birth].map(Option::clone);
    let told = |one: &SubjectPaths, other: &SubjectPaths| {
        let mut pairs = traits(one).into_iter().zip(traits(other));
        pairs.all(|(one, other)| one.is_none() || one == other)
    };
    let same = old.entity == new.entity && old.key == new.key;
    Direction::of(!same || !told(new, old), !same || !told(old, new)).unwrap_or(Direction::Changed)
}

fn person(paths: &SubjectPaths, shape: &Shape) -> String {
    let SubjectPaths {
        entity: _,
        key,
        country,
        gender,
        birth,
    } = paths;
    let traits = [("country", country), ("gender", gender), ("birth", birth)];
    let traits = traits.into_iter();
    let told = traits.filter_map(|(name, path)| Some((name, path.as_ref()?)));
    let all = std::iter::once(("key", key)).chain(told);
    let all = all.map(|(name, path): (&str, &RowPath)| format!("{name} {}", path.text(shape)));
    all.collect::<Vec<_>>().join(", ")
}
