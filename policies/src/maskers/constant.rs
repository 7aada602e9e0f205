//! `constant`: one value from `masking.toml` for all that are stored.

use std::sync::Arc;

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::fixed::Fixed;
use super::params::Params;
use super::registry::listed;
use super::text::is_invisible;
use super::{Masked, Masker, MaskerError, Target, whole_numbers};
use crate::value::{ValueKind, uuid};

/// The longest text and the longest JSON document, in bytes.
const LONGEST: usize = 1024;
/// What a UUID is asked for as.
const UUID: &str = "a UUID such as 00000000-0000-0000-0000-000000000000";

pub(super) const DECLARATION: Declaration = Declaration {
    name: "constant",
    summary: "shows one and the same value for all that are stored",
    kinds: &[
        ValueKind::Boolean,
        ValueKind::Int,
        ValueKind::Float,
        ValueKind::Decimal,
        ValueKind::Text,
        ValueKind::Enum,
        ValueKind::Date,
        ValueKind::DateTime,
        ValueKind::Json,
        ValueKind::Uuid,
    ],
    output: Output::SameKind,
    format_preserving: true,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "that there is a value",
    budget: Budget::Constant,
    params: &[Parameter {
        name: "value",
        meaning: "what is shown, of the kind of the field: for an enum one of its variants, for JSON any value of TOML but a date",
    }],
    examples: &[
        "value = \"CONFIDENTIAL\"",
        "value = \"ACTIVE\"",
        "value = 0",
        "value = \"0.00\"",
        "value = false",
        "value = 1970-01-01",
        "value = 1970-01-01T00:00:00Z",
        "value = { redacted = true }",
        "value = \"aaaaaaaa-aaaa-8aaa-8aaa-aaaaaaaaaaaa\"",
    ],
    build,
};

fn build(params: &Params<'_>, target: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    let given = params.get("value").ok_or_else(|| params.missing("value"))?;
    let (shown, text) = match target.kind {
        ValueKind::Boolean => {
            let boolean = given.as_bool();
            let boolean = boolean.ok_or_else(|| params.bad("value", "`true` or `false`"))?;
            (Masked::Boolean(boolean), String::new())
        }
        ValueKind::Int => {
            let int = params.integer("value", whole_numbers(target.narrow), None)?;
            (Masked::Int(int), String::new())
        }
        ValueKind::Float => (Masked::Float(params.float("value")?), String::new()),
        ValueKind::Decimal => (Masked::Decimal(params.decimal("value")?), String::new()),
        ValueKind::Date => (Masked::Date(params.date("value")?), String::new()),
        ValueKind::DateTime => {
            let text = match given {
                toml::Value::Datetime(instant) => instant.to_string(),
                other => other.as_str().unwrap_or_default().to_owned(),
            };
            let instant = text.parse();
            let instant = instant
                .map_err(|_| params.bad("value", "an instant such as 1990-12-31T00:00:00Z"))?;
            (Masked::DateTime(instant), String::new())
        }
        ValueKind::Text => (Masked::Text, plain_text(params, given)?),
        ValueKind::Enum => (Masked::Text, variant(params, target, given)?),
        ValueKind::Json => (Masked::Text, document(params, given)?),
        ValueKind::Uuid => {
            let shown = given.as_str().and_then(uuid);
            let shown = shown.ok_or_else(|| params.bad("value", UUID))?;
            (Masked::Uuid(shown), String::new())
        }
    };
    Ok(Arc::new(Fixed::new(target.kind, shown, &text)))
}

fn plain_text(params: &Params<'_>, given: &toml::Value) -> Result<String, MaskerError> {
    let text = given.as_str().filter(|text| is_plain_text(text));
    text.map(str::to_owned)
        .ok_or_else(|| params.bad("value", "a text of up to 1024 bytes that can be seen"))
}

fn is_plain_text(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= LONGEST && !text.contains(is_invisible)
}

fn variant(
    params: &Params<'_>,
    target: &Target<'_>,
    given: &toml::Value,
) -> Result<String, MaskerError> {
    let known = given
        .as_str()
        .filter(|name| target.variants.iter().any(|variant| variant == name));
    known.map(str::to_owned).ok_or_else(|| {
        let variants = listed(target.variants.iter().map(String::as_str));
        params.bad("value", &format!("one of {variants}"))
    })
}

fn document(params: &Params<'_>, given: &toml::Value) -> Result<String, MaskerError> {
    // serde_json writes a date of TOML as a table with a name of its own
    let document = if holds_date(given) {
        None
    } else {
        serde_json::to_string(given).ok()
    };
    document
        .filter(|document| document.len() <= LONGEST && !document.contains(is_invisible))
        .ok_or_else(|| {
            params.bad(
                "value",
                "a document of up to 1024 bytes without dates, and nothing in it that cannot be seen",
            )
        })
}

fn holds_date(value: &toml::Value) -> bool {
    match value {
        toml::Value::Datetime(_) => true,
        toml::Value::Array(values) => values.iter().any(holds_date),
        toml::Value::Table(values) => values.values().any(holds_date),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::build;
    use super::super::harness::{error_of_kind, mask_value, target};
    use super::*;
    use crate::value::ValueRef;
    use uuid::Uuid;

    #[test]
    fn every_kind_shows_its_constant() {
        let shown = |params, value| mask_value("constant", params, value);
        let (masked, out) = shown("value = \"机密\"", ValueRef::Text("13812341234"));
        assert_eq!((masked, out.as_str()), (Masked::Text, "机密"));
        let (masked, out) = shown("value = \"CLOSED\"", ValueRef::Enum("ACTIVE"));
        assert_eq!((masked, out.as_str()), (Masked::Text, "CLOSED"));
        let (masked, out) = shown("value = { a = [1, \"x\"] }", ValueRef::Json("[7]"));
        assert_eq!((masked, out.as_str()), (Masked::Text, r#"{"a":[1,"x"]}"#));
        assert_eq!(shown("value = -3", ValueRef::Int(7)).0, Masked::Int(-3));
        assert_eq!(
            shown("value = true", ValueRef::Boolean(false)).0,
            Masked::Boolean(true)
        );
        let cents = "0.00".parse().unwrap();
        let (masked, _) = shown("value = \"0.00\"", ValueRef::Decimal(cents));
        assert_eq!(masked, Masked::Decimal(cents));
        let instant = "2024-02-29T12:00:00+02:00";
        let (masked, _) = shown(
            &format!("value = {instant}"),
            ValueRef::DateTime(chrono::DateTime::UNIX_EPOCH),
        );
        assert_eq!(masked, Masked::DateTime(instant.parse().unwrap()));
        let same = "0000abcd-0000-0000-0000-000000000000";
        let params = format!("value = \"{same}\"");
        let (masked, _) = mask_value("constant", &params, ValueRef::Uuid(Uuid::max()));
        assert_eq!(masked, Masked::Uuid(same.parse().unwrap()));
    }

    #[test]
    fn a_value_of_another_kind_is_refused_with_the_cure() {
        for (kind, params, expected) in [
            (ValueKind::Boolean, "value = 1", "`true` or `false`"),
            (
                ValueKind::Int,
                "value = \"1\"",
                "a whole number from -9223372036854775808",
            ),
            (ValueKind::Float, "value = inf", "a number"),
            (ValueKind::Decimal, "value = \"ten\"", "a decimal number"),
            (
                ValueKind::Text,
                "value = \"\"",
                "a text of up to 1024 bytes that can be seen",
            ),
            (
                ValueKind::Text,
                "value = \"a\\u200Bb\"",
                "a text of up to 1024 bytes that can be seen",
            ),
            (
                ValueKind::Enum,
                "value = \"GONE\"",
                "one of `ACTIVE`, `DORMANT`, `CLOSED`",
            ),
            (
                ValueKind::Date,
                "value = \"soon\"",
                "a day such as 1990-12-31",
            ),
            (
                ValueKind::DateTime,
                "value = 1990-12-31",
                "an instant such as 1990-12-31T00:00:00Z",
            ),
            (
                ValueKind::Json,
                "value = [1990-12-31]",
                "a document of up to 1024 bytes without dates, and nothing in it that cannot be seen",
            ),
            (
                ValueKind::Uuid,
                "value = \"0000abcd000000000000000000000000\"",
                "a UUID such as 00000000-0000-0000-0000-000000000000",
            ),
        ] {
            assert_eq!(
                error_of_kind("constant", params, kind),
                format!("parameter `value` of masker `constant` must be {expected}")
            );
        }
        let narrow = Target {
            narrow: true,
            ..target("internal", ValueKind::Int)
        };
        let error = build("constant", &"value = 3000000000".parse().unwrap(), &narrow);
        assert_eq!(
            error.unwrap_err().to_string(),
            "parameter `value` of masker `constant` must be a whole number from -2147483648 up to 2147483647"
        );
    }
}
