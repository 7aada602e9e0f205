//! Whether a value that is written is what its writer is shown in place of the stored one. Nothing but that leaves from here.

use chrono::{DateTime, Utc};
use sudare_entities::catalog::Kind;
use sudare_policies::value::Value;
use unicode_normalization::UnicodeNormalization as _;

use super::json;
use super::parents::ParentKey;
use super::raw::Fetched;
use super::write::{Writer, holds};
use crate::plan::{CellShape, Echo, Show};

impl Fetched {
    /// The key in a column of the first row.
    pub(crate) fn first_key(&self, column: usize) -> Option<ParentKey> {
        self.rows.key(self.first()?, column)
    }

    /// Whether each of these parents, by number, has a row, and the column of its rows is 1.
    pub(crate) fn all_hold(&self, guard: usize, parents: &[usize]) -> bool {
        parents.iter().all(|parent| {
            let group = self.groups.get(*parent);
            let mut rows = group.map_or(0..0, |group| group.rows.clone());
            !rows.is_empty() && rows.all(|row| holds(&self.rows, row, Some(guard)))
        })
    }

    /// Whether there is a first row, and the column of it is 1.
    pub(crate) fn holds(&self, guard: usize) -> bool {
        let row = self.first();
        row.is_some_and(|row| holds(&self.rows, row, Some(guard)))
    }

    /// Whether the value is the mask that the cell of the first row is shown as, or is stored as that mask would be. What is shown in
    /// full is no mask, and what is not shown at all has none.
    ///
    /// What is stored makes no difference: a mask that happens to be the value is refused like any other, or a writer could try
    /// whether it is.
    pub(crate) fn is_echo(&self, echo: &Echo) -> bool {
        self.shown_mask(&echo.cell).is_some_and(|shown| {
            let given = plain(&echo.cell, &echo.given);
            given.is_some_and(|given| alike(&shown, &given)) || is_stored_so(&shown, echo)
        })
    }

    /// The mask of a cell of the first row. A broken value is shown as nothing.
    fn shown_mask(&self, cell: &CellShape) -> Option<serde_json::Value> {
        let row = self.first()?;
        let mut grants = cell.grants.iter();
        let grant = grants.find(|grant| holds(&self.rows, row, grant.guard))?;
        if !matches!(grant.show, Show::Masked(_)) {
            return None;
        }
        let mut shown = Writer::new(64);
        shown.cell(cell, &self.rows, row).ok()?;
        serde_json::from_slice(shown.out()).ok()
    }

    fn first(&self) -> Option<usize> {
        self.groups.first()?.rows.clone().next()
    }
}

/// The value as the cell would be shown if it held it.
fn plain(shape: &CellShape, value: &Value) -> Option<serde_json::Value> {
    let mut out = Vec::new();
    match value {
        Value::Null => return Some(serde_json::Value::Null),
        Value::Text(text) => return Some(serde_json::Value::String(text.clone())),
        Value::Json(document) => return Some(document.clone()),
        Value::Boolean(value) => return Some((*value).into()),
        Value::Float(value) => return Some((*value).into()),
        Value::Int(value) if shape.is_key || shape.kind == Kind::BigInt => {
            json::quoted_integer(&mut out, *value);
        }
        Value::Int(value) => json::integer(&mut out, *value),
        Value::Decimal(value) => json::decimal(&mut out, *value),
        Value::Date(value) => json::day(&mut out, *value),
        Value::DateTime(value) => json::instant(&mut out, *value),
        Value::Uuid(value) => json::uuid(&mut out, *value),
    }
    serde_json::from_slice(&out).ok()
}

/// Whether the mask would be stored in the form of the value: numbers are written in many ways.
fn is_stored_so(shown: &serde_json::Value, echo: &Echo) -> bool {
    let (Some(class), Some(shown)) = (echo.class, shown.as_str()) else {
        return false;
    };
    // What a text must be like does not depend on the time.
    let form = class.apply(&Value::Text(shown.to_owned()), DateTime::<Utc>::UNIX_EPOCH);
    match (form, &echo.stored) {
        (Ok(Value::Text(form)), Value::Text(stored)) => folded(&form) == folded(stored),
        _ => false,
    }
}

/// Texts are alike that a reader would take for one: whatever their width, case and blanks.
fn alike(shown: &serde_json::Value, written: &serde_json::Value) -> bool {
    match (shown.as_str(), written.as_str()) {
        (Some(shown), Some(written)) => folded(shown) == folded(written),
        _ => shown == written,
    }
}

fn folded(text: &str) -> String {
    let plain: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
    caseless::default_case_fold_str(&plain)
}
