//! `category`: type 2 diabetes -> metabolic disease, by a map in `masking.toml`.

use std::collections::HashMap;
use std::sync::Arc;

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::params::Params;
use super::registry::listed;
use super::text::{HIDDEN, is_invisible, tidy};
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

/// The longest name of a category, in bytes.
const LONGEST: usize = 256;

pub(super) const DECLARATION: Declaration = Declaration {
    name: "category",
    summary: "shows the group that a value belongs to, by a map",
    kinds: &[ValueKind::Text, ValueKind::Enum],
    output: Output::SameKind,
    format_preserving: false,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "which group of the map the value belongs to, or that it belongs to none",
    budget: Budget::Category,
    params: &[
        Parameter {
            name: "map",
            meaning: "a table from values to groups, `{ flu = \"infection\" }`; texts are compared without regard to case; for an enum both are variants",
        },
        Parameter {
            name: "otherwise",
            meaning: "the group of all other values; `****` for text when left out, needed for an enum unless each variant is in the map",
        },
    ],
    examples: &[
        "map = { flu = \"infection\", measles = \"infection\", asthma = \"lungs\" }",
        "map = { flu = \"infection\" }\notherwise = \"something else\"",
        "map = { ACTIVE = \"ACTIVE\", DORMANT = \"CLOSED\" }\notherwise = \"CLOSED\"",
        "map = { ACTIVE = \"ACTIVE\", DORMANT = \"ACTIVE\", CLOSED = \"CLOSED\" }",
    ],
    build,
};

#[derive(Debug)]
struct Category {
    kind: ValueKind,
    groups: HashMap<String, Box<str>>,
    otherwise: Box<str>,
}

fn build(params: &Params<'_>, target: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    let check = |parameter: &'static str, group: &toml::Value| match target.kind {
        ValueKind::Enum => variant(params, target, parameter, group),
        _ => plain(params, parameter, group),
    };
    let groups = groups(params, target, &check)?;
    let otherwise = match params.get("otherwise") {
        Some(group) => check("otherwise", group)?.into(),
        None if target.kind == ValueKind::Text => HIDDEN.into(),
        None if target.variants.iter().all(|v| groups.contains_key(v)) => "".into(),
        None => return Err(params.missing("otherwise")),
    };
    Ok(Arc::new(Category {
        kind: target.kind,
        groups,
        otherwise,
    }))
}

fn groups(
    params: &Params<'_>,
    target: &Target<'_>,
    check: &impl Fn(&'static str, &toml::Value) -> Result<String, MaskerError>,
) -> Result<HashMap<String, Box<str>>, MaskerError> {
    let table = match params.get("map") {
        None => return Err(params.missing("map")),
        Some(toml::Value::Table(table)) if !table.is_empty() => table,
        Some(_) => return Err(params.bad("map", "a table such as `{ flu = \"infection\" }`")),
    };
    let mut groups = HashMap::new();
    for (value, group) in table {
        let group = check("map", group)?;
        let value = if target.kind == ValueKind::Enum {
            variant(params, target, "map", &toml::Value::String(value.clone()))?
        } else {
            folded(value).ok_or_else(|| params.bad("map", "from texts of up to 1024 bytes"))?
        };
        if groups.insert(value, group.into()).is_some() {
            let expected = "free of texts that differ in nothing but case";
            return Err(params.bad("map", expected));
        }
    }
    Ok(groups)
}

fn variant(
    params: &Params<'_>,
    target: &Target<'_>,
    parameter: &'static str,
    given: &toml::Value,
) -> Result<String, MaskerError> {
    let known = given
        .as_str()
        .filter(|name| target.variants.iter().any(|variant| variant == name));
    known.map(str::to_owned).ok_or_else(|| {
        let variants = listed(target.variants.iter().map(String::as_str));
        let expected = match parameter {
            "map" => format!("from and to variants of the enum: {variants}"),
            _ => format!("one of {variants}"),
        };
        params.bad(parameter, &expected)
    })
}

fn plain(
    params: &Params<'_>,
    parameter: &'static str,
    given: &toml::Value,
) -> Result<String, MaskerError> {
    let text = given.as_str().filter(|text| {
        !text.trim().is_empty() && text.len() <= LONGEST && !text.contains(is_invisible)
    });
    text.map(str::to_owned).ok_or_else(|| {
        let group = "a text of up to 256 bytes that can be seen";
        let expected = match parameter {
            "map" => format!("to groups, each {group}"),
            _ => group.to_owned(),
        };
        params.bad(parameter, &expected)
    })
}

/// A text as it is looked for.
fn folded(text: &str) -> Option<String> {
    tidy(text).map(|text| text.to_lowercase())
}

impl Masker for Category {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, out: &mut String) -> Masked {
        let group = match value {
            ValueRef::Text(text) if self.kind == ValueKind::Text => {
                folded(text).and_then(|text| self.groups.get(&text))
            }
            ValueRef::Enum(name) if self.kind == ValueKind::Enum => self.groups.get(name),
            _ => return Masked::Null,
        };
        out.push_str(group.unwrap_or(&self.otherwise));
        if out.is_empty() {
            // A value that is no variant has no group.
            return Masked::Null;
        }
        Masked::Text
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{assert_table, error_of, error_of_kind, mask_value};
    use super::*;

    const MAP: &str = "map = { \"Type 2 diabetes\" = \"metabolism\", flu = \"infection\" }";

    #[test]
    fn texts_show_their_group() {
        let table = [
            ("flu", "infection"),
            (" FLU\u{200B}", "infection"),
            ("type 2\u{A0}Diabetes", "metabolism"),
            ("influenza", "****"),
            ("infection", "****"),
            ("", "****"),
        ];
        assert_table("category", MAP, &table);
        let with_rest = format!("{MAP}\notherwise = \"其他\"");
        assert_table("category", &with_rest, &[("gout", "其他"), ("", "其他")]);
    }

    #[test]
    fn variants_show_a_variant() {
        let shown = |params, variant| mask_value("category", params, ValueRef::Enum(variant)).1;
        let params = "map = { DORMANT = \"ACTIVE\" }\notherwise = \"CLOSED\"";
        assert_eq!(shown(params, "DORMANT"), "ACTIVE");
        assert_eq!(shown(params, "ACTIVE"), "CLOSED");
        assert_eq!(shown(params, "no variant"), "CLOSED");
    }

    #[test]
    fn a_value_that_is_no_variant_has_no_group() {
        let whole = "map = { ACTIVE = \"ACTIVE\", DORMANT = \"ACTIVE\", CLOSED = \"CLOSED\" }";
        let (masked, out) = mask_value("category", whole, ValueRef::Enum("no variant"));
        assert_eq!((masked, out.as_str()), (Masked::Null, ""));
    }

    #[test]
    fn what_an_enum_cannot_hold_is_refused_with_its_variants() {
        let error = |params: &str| error_of_kind("category", params, ValueKind::Enum);
        for map in ["{ ACTIVE = \"OPEN\" }", "{ OPEN = \"ACTIVE\" }"] {
            assert_eq!(
                error(&format!("map = {map}\notherwise = \"CLOSED\"")),
                "parameter `map` of masker `category` must be from and to variants of the enum: `ACTIVE`, `DORMANT`, `CLOSED`"
            );
        }
        assert_eq!(
            error("map = { ACTIVE = \"CLOSED\" }\notherwise = \"OTHER\""),
            "parameter `otherwise` of masker `category` must be one of `ACTIVE`, `DORMANT`, `CLOSED`"
        );
        let incomplete = error("map = { ACTIVE = \"CLOSED\" }");
        assert!(incomplete.starts_with("masker `category` needs the parameter `otherwise`:"));
    }

    #[test]
    fn mistakes_are_named() {
        for (params, expected) in [
            ("map = {}", "a table such as `{ flu = \"infection\" }`"),
            ("map = 1", "a table such as `{ flu = \"infection\" }`"),
            (
                "map = { flu = 1 }",
                "to groups, each a text of up to 256 bytes that can be seen",
            ),
            ("map = { \"\" = \"x\" }", "from texts of up to 1024 bytes"),
            (
                "map = { flu = \"a\", Flu = \"b\" }",
                "free of texts that differ in nothing but case",
            ),
        ] {
            assert_eq!(
                error_of("category", params),
                format!("parameter `map` of masker `category` must be {expected}")
            );
        }
    }
}
