//! The text of a file of cases.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value as Json};
use serde_saphyr::{Error, Location, Spanned};

use crate::error::{Fault, Findings};
use crate::place::Place;

/// A file: who asks unless a case says otherwise, and the cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Content {
    #[serde(default)]
    pub(super) roles: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    pub(super) user: Option<Map<String, Json>>,
    #[serde(default)]
    pub(super) now: Option<Spanned<String>>,
    pub(super) cases: Vec<Case>,
}

/// A case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    pub(super) name: Spanned<String>,
    #[serde(default)]
    pub(super) roles: Option<Vec<Spanned<String>>>,
    /// Claims; `id` is the subject.
    #[serde(default)]
    pub(super) user: Option<Map<String, Json>>,
    #[serde(default)]
    pub(super) now: Option<Spanned<String>>,
    pub(super) entity: Spanned<String>,
    /// Columns, and columns of related rows by their path, as conditions name them.
    #[serde(default)]
    pub(super) row: HashMap<Spanned<String>, Json>,
    /// Whether the row is seen.
    #[serde(default)]
    pub(super) visible: Option<Spanned<bool>>,
    /// What is shown, by field.
    #[serde(default)]
    pub(super) fields: HashMap<Spanned<String>, Wanted>,
    /// What may be done: `create`, or `phone.update` for a field.
    #[serde(default)]
    pub(super) may: HashMap<Spanned<String>, bool>,
}

/// What is expected of a cell: a tier, or a tier and what is shown.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) tier: String,
    pub(super) shown: Option<Json>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TierAndText {
    tier: String,
    #[serde(default, deserialize_with = "present")]
    shown: Option<Json>,
}

/// A null that is written is not one that is left out.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

impl<'de> Deserialize<'de> for Wanted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WantedVisitor)
    }
}

struct WantedVisitor;

impl<'de> Visitor<'de> for WantedVisitor {
    type Value = Wanted;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a tier, or `{ tier: .., shown: .. }`")
    }

    fn visit_str<E: de::Error>(self, tier: &str) -> Result<Wanted, E> {
        Ok(Wanted {
            tier: tier.to_owned(),
            shown: None,
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Wanted, A::Error> {
        let TierAndText { tier, shown } =
            TierAndText::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Wanted { tier, shown })
    }
}

/// Reads a file; `None`, with what is wrong, if it is not one of cases.
pub(super) fn read(text: &str, findings: &mut Findings) -> Option<Content> {
    let options = serde_saphyr::options! {
        with_snippet: false,
        // `NO` is a country, and 01067 a post code
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
    };
    match serde_saphyr::from_str_with_options(text, options) {
        Ok(content) => Some(content),
        Err(error) => {
            let location = error.location();
            let place = location.map_or(Place::from(0), |location| place(text, location));
            findings.add(place, fault(&error));
            None
        }
    }
}

/// Where something stands.
pub(super) fn place(text: &str, location: Location) -> Place {
    let span = location.span();
    let bytes = |(start, length): (u64, u64)| -> Option<Range<usize>> {
        let start = usize::try_from(start).ok()?;
        Some(start..start.checked_add(usize::try_from(length).ok()?)?)
    };
    match span.byte_offset().zip(span.byte_len()).and_then(bytes) {
        Some(bytes) => Place::in_text(text, bytes),
        None => Place::from(usize::try_from(location.line()).unwrap_or(0)),
    }
}

fn fault(error: &Error) -> Fault {
    match error.without_snippet() {
        Error::SerdeUnknownField {
            field, expected, ..
        } => {
            let cure = format!("the keys here are {}", expected.join(", "));
            let message = format!("unknown key `{field}`");
            Fault::unknown(message, field, expected.iter().copied(), &cure)
        }
        Error::SerdeMissingField { field, .. } => Fault::new(
            format!("the key `{field}` is missing"),
            match *field {
                "cases" => "write `cases:` and a list of them",
                "name" => "say in a few words what the case is about",
                "entity" => "name the entity that the row belongs to, such as `Customer`",
                _ => "add it",
            },
        ),
        other => Fault::new(
            format!(
                "this is not a file of cases: {}",
                first_line(&other.to_string())
            ),
            "write it as the files beside it; quote text that looks like something else",
        ),
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
