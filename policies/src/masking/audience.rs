//! Audiences: who shares keyed masks with whom, and under which secret.

use std::collections::{BTreeMap, BTreeSet};

use super::{INTERNAL, Masking};
use crate::error::{Fault, Findings};
use crate::maskers::{MaskingKey, MaskingKeys};
use crate::roles::Roles;

/// The secret that each audience is served under: the current one, but for those that `[keys]` pins to another.
pub(super) fn keys<'a>(
    masking: &Masking,
    keys: &'a MaskingKeys,
    audiences: &BTreeSet<&'a str>,
    findings: &mut Findings,
) -> BTreeMap<&'a str, &'a MaskingKey> {
    for (audience, (_, line)) in &masking.keys {
        if !audiences.contains(audience.as_str()) {
            let message = format!("unknown audience `{audience}`");
            let cure = "name an audience of [audiences], or `internal`";
            let known = audiences.iter().copied();
            findings.add(*line, Fault::unknown(message, audience, known, cure));
        }
    }
    let mut found = BTreeMap::new();
    for audience in audiences {
        let pinned = masking.keys.get(*audience);
        match (keys.of(pinned.map(|(id, _)| id.as_str())), pinned) {
            (Some(key), _) => {
                found.insert(*audience, key);
            }
            (None, Some((id, line))) => {
                let held: Vec<_> = keys.ids().map(|id| format!("`{id}`")).collect();
                let message = format!("there is no masking key `{id}`, but {}", held.join(" and "));
                let cure = "give the server that key beside its own (`SUDARE_MASKING_PREVIOUS_KEY` and `.._PREVIOUS_KEY_ID`), or remove this line";
                findings.add(*line, Fault::new(message, cure));
            }
            (None, None) => {}
        }
    }
    found
}

/// Each role of an audience, with those that it inherits.
pub(super) fn roles<'a>(
    roles: &'a Roles,
    audiences: &BTreeMap<String, String>,
    audience: &str,
) -> Vec<Vec<&'a str>> {
    let own = audiences.iter().filter(|(_, own)| *own == audience);
    let with_inherited = |(role, _): (&String, &String)| {
        let closed = roles.closure(roles.number(role)).into_iter();
        closed.filter_map(|role| roles.name(role)).collect()
    };
    own.map(with_inherited).collect()
}

/// The audience of every role: its own entry, else the one of what it inherits, else the internal one.
pub(super) fn of_roles(
    masking: &Masking,
    roles: &Roles,
    findings: &mut Findings,
) -> BTreeMap<String, String> {
    for (role, (_, line)) in &masking.audiences {
        if roles.number(role).is_none() {
            let message = format!("unknown role `{role}`");
            let cure = "name a role of policy.csv";
            findings.add(*line, Fault::unknown(message, role, roles.names(), cure));
        }
    }
    let mut audiences = BTreeMap::new();
    for role in roles.names() {
        let given = |name: &str| {
            masking
                .audiences
                .get(name)
                .map(|(audience, _)| audience.clone())
        };
        let inherited: BTreeSet<String> = roles
            .closure(roles.number(role))
            .into_iter()
            .filter_map(|number| given(roles.name(number)?))
            .collect();
        if given(role).is_none() && inherited.len() > 1 {
            let message = format!("`{role}` inherits roles of two audiences");
            findings.add(
                0,
                Fault::new(message, "name its own audience under [audiences]"),
            );
        }
        let audience = given(role).or_else(|| inherited.into_iter().next());
        audiences.insert(
            role.to_owned(),
            audience.unwrap_or_else(|| INTERNAL.to_owned()),
        );
    }
    audiences
}
