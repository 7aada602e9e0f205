//! What a case starts from: who asks, when, and for which row. Every name is looked up, every value is of its column's kind.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value as Json};
use serde_saphyr::{Location, Spanned};

use super::file::{Case, Content};
use crate::condition::coerce::{self, Wanted};
use crate::condition::{KnownRow, RowPath, column_path, name_of};
use crate::error::Fault;
use crate::names::UnknownName;
use crate::set::{PolicySet, Principal};
use crate::value::{Value, ValueKind};
use crate::view::View;

/// The time of a case that names none.
const NOON: &str = "2026-07-01T12:00:00Z";

/// Where faults of the case go.
pub(super) type Note<'n> = dyn FnMut(Location, Fault) + 'n;

/// What a case starts from.
pub(super) struct Given {
    pub(super) view: View,
    pub(super) entity: usize,
    pub(super) row: KnownRow,
}

/// A fault and where it is.
type Placed = (Location, Fault);

/// Reads it; `None`, with all that is wrong, if something is.
pub(super) fn read(
    set: &Arc<PolicySet>,
    content: &Content,
    case: &Case,
    note: &mut Note<'_>,
) -> Option<Given> {
    let mut faults: Vec<Placed> = Vec::new();
    let principal = principal(set, content, case, &mut faults);
    let now = now(case.now.as_ref().or(content.now.as_ref())).map_err(|fault| faults.push(fault));
    let entity = entity(set, &case.entity).map_err(|fault| faults.push(fault));
    let mut cells = Vec::new();
    if let Ok(entity) = entity {
        for (column, value) in &case.row {
            match cell(set, entity, &column.value, value) {
                Ok(known) => cells.push(known),
                Err(fault) => faults.push((column.referenced, fault)),
            }
        }
    }
    let view = match (principal, now) {
        (Some(principal), Ok(now)) => set
            .view(principal, now)
            .map_err(|error| {
                let fault = Fault::new(error.to_string(), "see [audiences] in masking.toml");
                faults.push((case.name.referenced, fault));
            })
            .ok(),
        _ => None,
    };
    let sound = faults.is_empty();
    for (at, fault) in faults {
        note(at, fault);
    }
    Some(Given {
        view: view?,
        entity: entity.ok().filter(|_| sound)?,
        row: KnownRow::new(cells),
    })
}

impl From<UnknownName> for Fault {
    fn from(error: UnknownName) -> Self {
        Self::new(error.message, error.cure)
    }
}

fn now(now: Option<&Spanned<String>>) -> Result<DateTime<Utc>, Placed> {
    let (text, at) = match now {
        Some(now) => (now.value.as_str(), now.referenced),
        None => (NOON, Location::UNKNOWN),
    };
    text.parse().map_err(|_| {
        let fault = Fault::new("`now` is not an instant", format!("write it as `{NOON}`"));
        (at, fault)
    })
}

fn entity(set: &PolicySet, name: &Spanned<String>) -> Result<usize, Placed> {
    let fault = match set.coordinate(&name.value) {
        Ok((entity, None)) => return Ok(entity),
        Ok((_, Some(_))) => Fault::new("this is a field", "name its entity"),
        Err(error) => error.into(),
    };
    Err((name.referenced, fault))
}

/// Who asks; `None`, with what is wrong, if nobody can be it.
fn principal(
    set: &PolicySet,
    content: &Content,
    case: &Case,
    faults: &mut Vec<Placed>,
) -> Option<Principal> {
    let at = case.name.referenced;
    let roles = case.roles.as_ref().or(content.roles.as_ref());
    let roles = roles.map_or(&[][..], Vec::as_slice);
    if roles.is_empty() {
        let cure = "add `roles: [..]` to the case or to the file";
        faults.push((at, Fault::new("nobody asks", cure)));
    }
    for role in roles {
        if let Err(error) = set.check_role(&role.value) {
            faults.push((role.referenced, error.into()));
        }
    }
    let user = case.user.as_ref().or(content.user.as_ref());
    let mut attributes: Map<String, Json> = user.cloned().unwrap_or_default();
    let id = match attributes.remove("id") {
        None | Some(Json::Null) => String::new(),
        Some(Json::String(id)) => id,
        Some(Json::Number(id)) if id.is_i64() => id.to_string(),
        Some(_) => {
            let message = "the `id` of the user is not a text or a whole number";
            faults.push((at, Fault::new(message, "write `user: { id: 7 }`")));
            return None;
        }
    };
    Some(Principal {
        id,
        roles: roles.iter().map(|role| role.value.clone()).collect(),
        attributes,
    })
}

/// A cell of the row: the path as conditions name it, the value as the kind of its column.
fn cell(
    set: &PolicySet,
    entity: usize,
    name: &str,
    value: &Json,
) -> Result<(RowPath, Value), Fault> {
    let names: Vec<&str> = name.split('.').collect();
    let path = column_path(set.shape(), entity, &names)?;
    let Some(field) = path.end(set.shape()) else {
        return Err(Fault::new("the path leads nowhere", "name a column"));
    };
    let value = match (field.kind, value) {
        (_, Json::Null) => Some(Value::Null),
        (ValueKind::Json, document) => Some(Value::Json(document.clone())),
        (_, value) => coerce::claim(value, Wanted::of(field)),
    };
    match value {
        Some(value) => Ok((path, value)),
        None => {
            let cure = match field.kind {
                ValueKind::Enum => format!("write one of {}", field.variants.join(", ")),
                ValueKind::Date => "write a day such as 2024-12-31".to_owned(),
                ValueKind::DateTime => format!("write an instant such as {NOON}"),
                kind => format!("write {}", name_of(kind)),
            };
            Err(Fault::new(
                format!("the value of `{name}` is not {}", name_of(field.kind)),
                cure,
            ))
        }
    }
}
