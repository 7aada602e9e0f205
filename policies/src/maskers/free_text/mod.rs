//! `free_text`: "call 138 1234 1234" -> "call [PHONE]", what tells of a person in a note.
//!
//! The text is normalised first (NFKC, nothing that cannot be seen), and what is shown is the normalised text: so nothing hides
//! between two characters, and places in it mean the same before and after.

use std::collections::BTreeMap;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::nested::build_part;
use super::params::Params;
use super::registry::listed;
use super::simple::is_simple;
use super::text::{hide, visible};
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

mod numbers;
mod spans;

#[cfg(test)]
mod tests;

use spans::{Sort, Span};

/// The longest text that is read, in bytes, before and after it is normalised.
pub(super) const LONGEST: usize = 64 * 1024;

/// What stands for a text that is too long.
const WHOLE: &str = "[TEXT]";

pub(super) const DECLARATION: Declaration = Declaration {
    name: "free_text",
    summary: "shows a note with labels in place of phones, e-mail addresses, cards, accounts, national ids and all other long numbers, in words too",
    kinds: &[ValueKind::Text],
    output: Output::SameKind,
    format_preserving: false,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "the text but for what is recognised: names, addresses and other words stay; and what a masker under `masks` shows, \
                 with the key if that one has one",
    budget: Budget::Spans,
    params: &[Parameter {
        name: "masks",
        meaning: "maskers in place of labels, `{ phone = { masker = \"phone\" } }`, for `email`, `phone`, `card`, `iban`, `cn_id`, \
                  `vn_id`, `ua_id` or `number`; labels when left out",
    }],
    examples: &[
        "",
        "masks = { phone = { masker = \"phone\" }, email = { masker = \"email\" }, card = { masker = \"bank_card\" } }",
    ],
    build,
};

#[derive(Debug)]
struct FreeText {
    masks: BTreeMap<Sort, Arc<dyn Masker>>,
}

fn build(params: &Params<'_>, target: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    let mut masks = BTreeMap::new();
    let given = match params.get("masks") {
        None => &toml::Table::new(),
        Some(toml::Value::Table(given)) => given,
        Some(_) => {
            return Err(params.bad(
                "masks",
                "a table such as `{ phone = { masker = \"phone\" } }`",
            ));
        }
    };
    for (name, mask) in given {
        let sort = Sort::ALL.into_iter().find(|sort| sort.name() == name);
        let sort = sort.ok_or_else(|| {
            let names = listed(Sort::ALL.iter().map(|sort| sort.name()));
            params.bad("masks", &format!("maskers for some of {names}"))
        })?;
        let masker = build_part(DECLARATION.name, name, mask, target, ValueKind::Text)?;
        masks.insert(sort, masker);
    }
    Ok(Arc::new(FreeText { masks }))
}

impl Masker for FreeText {
    fn mask(&self, value: ValueRef<'_>, subject: &Subject<'_>, out: &mut String) -> Masked {
        let ValueRef::Text(text) = value else {
            return Masked::Null;
        };
        let found = normalised(text).and_then(|text| Some((spans::find(&text)?, text)));
        let Some((spans, text)) = found else {
            out.push_str(WHOLE);
            return Masked::Text;
        };
        let mut shown = 0;
        for span in spans {
            out.push_str(text.get(shown..span.range.start).unwrap_or_default());
            self.push_mask(&span, &text, subject, out);
            shown = span.range.end;
        }
        out.push_str(text.get(shown..).unwrap_or_default());
        if out.trim().is_empty() {
            return hide(out);
        }
        Masked::Text
    }

    fn needs_subject(&self) -> bool {
        self.masks.values().any(|masker| masker.needs_subject())
    }
}

impl FreeText {
    /// Writes what stands for a span. A masker gets what it knows alone; of anything else it could show too much.
    fn push_mask(&self, span: &Span, text: &str, subject: &Subject<'_>, out: &mut String) {
        let found = text.get(span.range.clone()).unwrap_or_default();
        let masker = self.masks.get(&span.sort).filter(|_| span.exact);
        let mut mask = String::new();
        let masked = masker.map(|masker| masker.mask(ValueRef::Text(found), subject, &mut mask));
        match masked {
            Some(Masked::Text) => out.push_str(&mask),
            _ => out.push_str(span.sort.label()),
        }
    }
}

/// The text as it is read and shown. None if it is too long.
fn normalised(text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    if is_simple(text) {
        return Some(text.to_owned());
    }
    let text: String = text.nfkc().filter_map(visible).collect();
    (text.len() <= LONGEST).then_some(text)
}
