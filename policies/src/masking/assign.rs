//! A masker for every tier below FULL that some rule can reach, for every audience.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::checks;
use super::file::Entry;
use super::rounding::{self, Roundings};
use super::seen::Seen;
use super::subject::{self, SubjectPaths};
use super::{INTERNAL, Mask, Masking, audience};
use crate::checks::Check;
use crate::classes::{Classes, unknown_field, within};
use crate::condition::{Condition, Truth};
use crate::decision::{Action, Tier};
use crate::error::{Fault, Findings};
use crate::maskers::{self, Masker, MaskingKey, MaskingKeys, Target};
use crate::roles::Roles;
use crate::rules::{Effect, Rule};
use crate::shape::Shape;

/// The maskers, built, and the audiences of the roles.
#[derive(Debug, Default)]
pub(crate) struct Masks {
    /// The smallest group that an aggregate may show.
    pub(crate) k: u32,
    /// The audience of each role that is known.
    pub(crate) audiences: BTreeMap<String, String>,
    /// The masks of the file that no rule leads to.
    pub(crate) idle: Vec<Mask>,
    /// To what the sums and means of fields are rounded.
    pub(crate) roundings: Roundings,
    maskers: HashMap<String, Maskers>,
    /// What values must be like that are written, by entity and field.
    checks: HashMap<(usize, usize), Check>,
    /// The mask of each cell as the file has it, for explanations and comparisons.
    written: HashMap<(usize, usize, Tier), Mask>,
    /// By audience and entity.
    subjects: HashMap<String, BTreeMap<usize, SubjectPaths>>,
}

/// By entity, field and tier.
type Maskers = HashMap<(usize, usize, Tier), Arc<dyn Masker>>;

impl Masks {
    /// Where the person behind a row of the entity is found, as far as the audience may be told of them.
    pub(crate) fn subject(&self, audience: &str, entity: usize) -> Option<&SubjectPaths> {
        self.subjects.get(audience)?.get(&entity)
    }

    /// The name of the masker of a cell.
    pub(crate) fn name(&self, entity: usize, field: usize, tier: Tier) -> Option<&str> {
        let mask = self.written(entity, field, tier);
        mask.map(|mask| mask.masker.as_str())
    }

    /// The mask of a cell as the file has it.
    pub(crate) fn written(&self, entity: usize, field: usize, tier: Tier) -> Option<&Mask> {
        self.written.get(&(entity, field, tier))
    }

    /// What a value of the field must be like that is written.
    pub(crate) fn check(&self, entity: usize, field: usize) -> Option<Check> {
        self.checks.get(&(entity, field)).copied()
    }

    /// Puts other maskers in the place of those for which there are some.
    pub(crate) fn replace(
        &mut self,
        mut other: impl FnMut(&str, (usize, usize, Tier), &Arc<dyn Masker>) -> Option<Arc<dyn Masker>>,
    ) {
        for (audience, maskers) in &mut self.maskers {
            for (place, masker) in maskers {
                if let Some(other) = other(audience, *place, masker) {
                    *masker = other;
                }
            }
        }
    }

    pub(crate) fn of(
        &self,
        audience: &str,
        entity: usize,
        field: usize,
        tier: Tier,
    ) -> Option<&Arc<dyn Masker>> {
        self.maskers.get(audience)?.get(&(entity, field, tier))
    }
}

/// What masks are assigned to.
#[derive(Clone, Copy)]
pub(crate) struct Policies<'a> {
    pub(crate) shape: &'a Shape,
    pub(crate) classes: &'a Classes,
    pub(crate) roles: &'a Roles,
    pub(crate) rules: &'a [Rule],
    pub(crate) keys: &'a MaskingKeys,
}

/// Builds every masker that can be needed, with every error.
pub(crate) fn assign(masking: &Masking, policies: Policies<'_>, findings: &mut Findings) -> Masks {
    check_names(masking, policies, findings);
    let subjects = subject::resolve(&masking.subjects, policies.shape, findings);
    let audiences = audience::of_roles(masking, policies.roles, findings);
    let mut names: BTreeSet<&str> = audiences.values().map(String::as_str).collect();
    names.insert(INTERNAL);
    let keys = audience::keys(masking, policies.keys, &names, findings);
    let mut maskers: HashMap<String, Maskers> = HashMap::new();
    let mut written = HashMap::new();
    let mut used = Vec::new();
    let mut bare: BTreeMap<(&str, Tier), Vec<(usize, usize)>> = BTreeMap::new();
    for (entity, field, tier) in reachable(policies.rules) {
        let mask = find(masking, policies, (entity, field), |entry| entry.at(tier));
        let Some(mask) = mask else {
            let class = policies.classes.of(entity, field);
            bare.entry((class, tier)).or_default().push((entity, field));
            continue;
        };
        used.push(mask.line);
        if !is_declared(&mask.masker) {
            continue; // reported with the names
        }
        written.insert((entity, field, tier), mask.clone());
        for (audience, key) in &keys {
            let place = Place {
                entity,
                field,
                audience,
                key,
                subject: subjects.get(&entity),
            };
            match build(mask, policies, place) {
                Ok(masker) => {
                    let own = maskers.entry((*audience).to_owned()).or_default();
                    own.insert((entity, field, tier), masker);
                }
                Err(fault) => {
                    findings.add(mask.line, fault);
                    break;
                }
            }
        }
    }
    for ((class, tier), fields) in &bare {
        findings.add(0, missing(policies, class, *tier, fields));
    }
    let idle = masking.masks().filter(|mask| !used.contains(&mask.line));
    Masks {
        k: masking.k,
        subjects: told(policies, &subjects, &names, &audiences),
        audiences,
        idle: idle.cloned().collect(),
        checks: checks::assign(masking, policies, findings),
        roundings: rounding::assign(masking, policies, findings),
        maskers,
        written,
    }
}

/// The subjects, as each audience is told of them.
fn told(
    policies: Policies<'_>,
    subjects: &BTreeMap<usize, SubjectPaths>,
    names: &BTreeSet<&str>,
    audiences: &BTreeMap<String, String>,
) -> HashMap<String, BTreeMap<usize, SubjectPaths>> {
    let seen = Seen::new(subjects, policies.shape, policies.rules);
    let told = names.iter().map(|audience| {
        let roles = audience::roles(policies.roles, audiences, audience);
        ((*audience).to_owned(), seen.told(subjects, &roles))
    });
    told.collect()
}

/// The cells that some rule shows at a tier that needs a masker.
fn reachable(rules: &[Rule]) -> BTreeSet<(usize, usize, Tier)> {
    let mut cells = BTreeSet::new();
    for rule in rules.iter().filter(|rule| rule.effect == Effect::Allow) {
        let tier = match rule.action {
            Action::Partial => Tier::Partial,
            Action::Desensitized => Tier::Desensitized,
            _ => continue,
        };
        for (entity, field) in &rule.fields {
            if rule.conditions.get(entity) != Some(&Condition::Constant(Truth::False)) {
                cells.insert((*entity, *field, tier));
            }
        }
    }
    cells
}

/// What is said of a field: by its own entry, else by that of the longest prefix of its class, else by what the preset has for its
/// class. A foreign key takes its key's.
pub(super) fn find<'a, T>(
    masking: &'a Masking,
    policies: Policies<'_>,
    field: (usize, usize),
    said: impl Fn(&'a Entry) -> Option<&'a T>,
) -> Option<&'a T> {
    let (entity, field) = policies.shape.key_behind(field.0, field.1);
    let own = masking
        .fields
        .get(&policies.shape.coordinate(entity, field));
    let class = policies.classes.of(entity, field);
    own.and_then(&said)
        .or_else(|| longest(&masking.classes, class, &said))
        .or_else(|| longest(&masking.preset, class, &said))
}

/// What is said of the longest prefix of the class of which it is said.
fn longest<'a, T>(
    entries: &'a BTreeMap<String, Entry>,
    class: &str,
    said: impl Fn(&'a Entry) -> Option<&'a T>,
) -> Option<&'a T> {
    entries
        .iter()
        .filter(|(prefix, _)| within(class, prefix))
        .filter_map(|(prefix, entry)| Some((prefix.len(), said(entry)?)))
        .max_by_key(|(length, _)| *length)
        .map(|(_, said)| said)
}

/// Whether equal masks mean equal values.
fn is_joinable(masker: &str) -> bool {
    maskers::declaration(masker).is_ok_and(|declaration| declaration.joinable)
}

/// Where a mask is put, and for whom.
#[derive(Clone, Copy)]
struct Place<'a> {
    entity: usize,
    field: usize,
    audience: &'a str,
    key: &'a MaskingKey,
    subject: Option<&'a SubjectPaths>,
}

fn build(mask: &Mask, policies: Policies<'_>, place: Place<'_>) -> Result<Arc<dyn Masker>, Fault> {
    let Place {
        entity,
        field,
        audience,
        key,
        subject,
    } = place;
    let name = policies.shape.coordinate(entity, field);
    let Some(shape) = policies.shape.field(entity, field) else {
        return Err(Fault::new(
            format!("unknown field `{name}`"),
            "name a field",
        ));
    };
    if policies.shape.is_key(entity, field) && !is_joinable(&mask.masker) {
        return Err(Fault::new(
            format!(
                "`{name}` is a key, and the masker `{}` does not keep keys apart",
                mask.masker
            ),
            "take one whose tokens are as different as the keys, such as `hmac_token`: relations follow it",
        ));
    }
    let key_behind = policies.shape.key_behind(entity, field);
    let behind = policies.shape.field(key_behind.0, key_behind.1);
    if behind.is_some_and(|behind| behind.narrow != shape.narrow) {
        return Err(Fault::new(
            format!(
                "`{name}` has another width than the key that it refers to, and so would its masks"
            ),
            "store both as 64-bit numbers, or do not show this one below FULL",
        ));
    }
    let target = Target {
        kind: shape.kind,
        variants: &shape.variants,
        nullable: shape.nullable,
        key: key.domain(audience, policies.classes.of(entity, field)),
        subject: subject
            .and_then(|paths| policies.shape.entity(paths.entity))
            // no class has a space in its name
            .map(|entity| key.domain(audience, &format!("subject {}", entity.name))),
        own_person: subject.is_some_and(|paths| paths.is_own(policies.shape)),
        unique: shape.unique,
        narrow: shape.narrow,
    };
    maskers::build(&mask.masker, &mask.params, &target).map_err(|error| {
        Fault::new(
            format!("`{name}` cannot be masked so: {error}"),
            format!(
                "name another masker here, or one for the field alone under [field.\"{name}\"]"
            ),
        )
    })
}

fn missing(policies: Policies<'_>, class: &str, tier: Tier, fields: &[(usize, usize)]) -> Fault {
    let names: Vec<String> = fields
        .iter()
        .map(|(entity, field)| format!("`{}`", policies.shape.coordinate(*entity, *field)))
        .collect();
    let tier = tier.name().to_lowercase();
    let shows = |rule: &&Rule| {
        rule.effect == Effect::Allow
            && rule.action.name() == tier
            && rule.fields.iter().any(|field| fields.contains(field))
    };
    let line = policies
        .rules
        .iter()
        .find(shows)
        .map_or(0, |rule| rule.line);
    Fault::new(
        format!(
            "line {line} of policy.csv shows {} at `{tier}`, for which there is no masker",
            names.join(", ")
        ),
        format!("add `{tier} = {{ masker = \"..\" }}` under [class.\"{class}\"]"),
    )
}

fn is_declared(masker: &str) -> bool {
    maskers::declaration(masker).is_ok()
}

/// Names that match nothing, and maskers that do not exist even where no rule reaches them.
fn check_names(masking: &Masking, policies: Policies<'_>, findings: &mut Findings) {
    let prefixes = policies.classes.prefixes();
    for (prefix, entry) in &masking.classes {
        // where no class is known at all, that is what is wrong
        if !prefixes.is_empty() && !prefixes.contains(prefix.as_str()) {
            let known = prefixes.iter().copied();
            let message = format!("unknown class `{prefix}`");
            let cure = "name a class of policy.csv, or a dotted prefix of one";
            findings.add(entry.line, Fault::unknown(message, prefix, known, cure));
        }
    }
    for (coordinate, entry) in &masking.fields {
        let Some(field) = policies.shape.find_field(coordinate) else {
            findings.add(entry.line, unknown_field(policies.shape, coordinate));
            continue;
        };
        let key = policies.shape.key_behind(field.0, field.1);
        if key != field {
            let key = policies.shape.coordinate(key.0, key.1);
            let message = format!("`{coordinate}` refers to `{key}` and has its masks");
            findings.add(entry.line, Fault::new(message, "remove this entry"));
        }
    }
    for mask in masking.masks() {
        if !is_declared(&mask.masker) {
            let names: Vec<&str> = maskers::declarations().iter().map(|one| one.name).collect();
            let message = format!("unknown masker `{}`", mask.masker);
            let cure = format!("the maskers are {}", names.join(", "));
            findings.add(
                mask.line,
                Fault::unknown(message, &mask.masker, names.iter().copied(), &cure),
            );
        }
    }
}
