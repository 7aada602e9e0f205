//! `json`: {"phone": "13812341234", "note": "x"} -> {"phone": "138****1234"}, by path.
//!
//! What is shown has the shape that `masking.toml` gives it, not that of the document: a member that is not named is left out, since
//! its name may tell as much as its value; one that is named is there, and null where the document has nothing to show. So neither
//! the presence of a member nor the length of an array is told.

use std::sync::Arc;

use serde_json::Value;

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::params::Params;
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

mod leaf;
mod tree;

#[cfg(test)]
mod tests;

use tree::Node;

/// The longest document that is read, in bytes. The reader itself refuses one that is nested more than 127 deep.
const LONGEST: usize = 64 * 1024;

/// The longest document that is shown.
const LONGEST_SHOWN: usize = 128 * 1024;

pub(super) const DECLARATION: Declaration = Declaration {
    name: "json",
    summary: "shows the members of a document that are named, each by its own masker, and leaves out all others",
    kinds: &[ValueKind::Json],
    output: Output::SameKind,
    format_preserving: false,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "of the members under `paths` and `keys` what their maskers show, with the key if they have one; the members under \
                 `keep` themselves; no other names and values, and no length unless `lengths` is set",
    budget: Budget::Members,
    params: &[
        Parameter {
            name: "paths",
            meaning: "maskers by path, `{ \"contact.phone\" = { masker = \"phone\" }, \"tags[*]\" = { masker = \"label\", name = \"TAG\" } }`; \
                      a masker for text also gets numbers as text, one for numbers gets numbers",
        },
        Parameter {
            name: "keys",
            meaning: "maskers for members of a name in every object that a path leads to, the outermost too: `{ phone = { masker = \"phone\" } }`",
        },
        Parameter {
            name: "keep",
            meaning: "paths of texts, numbers and booleans that are shown as they are, `[\"kind\", \"items[*].count\"]`",
        },
        Parameter {
            name: "lengths",
            meaning: "whether arrays under `[*]` are shown with all their elements; only the first one, or null, when left out",
        },
    ],
    examples: &[
        "paths = { \"contact.phone\" = { masker = \"phone\" }, \"tags[*]\" = { masker = \"label\", name = \"TAG\" } }",
        "keys = { phone = { masker = \"phone\" }, income = { masker = \"bucket\", step = 50 } }\nkeep = [\"a\", \"list[*].kind\"]\nlengths = true",
        "",
    ],
    build,
};

#[derive(Debug)]
struct Json {
    root: Node,
    lengths: bool,
}

fn build(params: &Params<'_>, target: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    let lengths = match params.get("lengths") {
        None => false,
        Some(toml::Value::Boolean(lengths)) => *lengths,
        Some(_) => return Err(params.bad("lengths", "`true` or `false`")),
    };
    let root = tree::build(params, target)?;
    Ok(Arc::new(Json { root, lengths }))
}

impl Masker for Json {
    fn mask(&self, value: ValueRef<'_>, subject: &Subject<'_>, out: &mut String) -> Masked {
        let ValueRef::Json(document) = value else {
            return Masked::Null;
        };
        // What the reader says about a document that is none would quote it.
        let read = (document.len() <= LONGEST)
            .then(|| serde_json::from_str::<Value>(document).ok())
            .flatten();
        let Some(read) = read else {
            return Masked::Null;
        };
        let shown = self.root.show(Some(&read), self.lengths, subject);
        match serde_json::to_string(&shown) {
            Ok(text) if text.len() <= LONGEST_SHOWN => {
                out.push_str(&text);
                Masked::Text
            }
            _ => Masked::Null,
        }
    }

    fn needs_subject(&self) -> bool {
        self.root.needs_subject()
    }
}
