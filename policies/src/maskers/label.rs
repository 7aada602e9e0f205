//! `label`: +86 138 1234 1234 -> `[REDACTED:PHONE]`.

use std::sync::Arc;

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::params::Params;
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

const LONGEST_NAME: usize = 32;

pub(super) const DECLARATION: Declaration = Declaration {
    name: "label",
    summary: "shows what sort of thing is hidden",
    kinds: &[ValueKind::Text],
    output: Output::SameKind,
    format_preserving: false,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "that there is a value",
    budget: Budget::Constant,
    params: &[
        Parameter {
            name: "name",
            meaning: "what is hidden, such as `PHONE`: up to 32 of `A-Z 0-9 _`",
        },
        Parameter {
            name: "style",
            meaning: "`redacted` for `[REDACTED:PHONE]`, `angle` for `<PHONE>`; `redacted` when left out",
        },
    ],
    examples: &["name = \"PHONE\"", "name = \"PERSON\"\nstyle = \"angle\""],
    build,
};

#[derive(Debug)]
struct Label(Box<str>);

fn build(params: &Params<'_>, _: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    let name = match params.get("name") {
        None => return Err(params.missing("name")),
        Some(value) => value
            .as_str()
            .filter(|name| is_name(name))
            .ok_or_else(|| params.bad("name", "up to 32 of `A-Z 0-9 _`"))?,
    };
    let styles = [("redacted", ("[REDACTED:", "]")), ("angle", ("<", ">"))];
    let (before, after) = params.choice("style", &styles, Some(("[REDACTED:", "]")))?;
    Ok(Arc::new(Label(format!("{before}{name}{after}").into())))
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= LONGEST_NAME
        && name
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

impl Masker for Label {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, out: &mut String) -> Masked {
        match value {
            ValueRef::Text(_) => {
                out.push_str(&self.0);
                Masked::Text
            }
            _ => Masked::Null,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{assert_table, error_of};

    #[test]
    fn the_label_stands_for_any_text() {
        let table = [
            ("+86 138 1234 1234", "[REDACTED:PHONE]"),
            ("", "[REDACTED:PHONE]"),
        ];
        assert_table("label", "name = \"PHONE\"", &table);
        let table = [("Anna", "<PERSON>"), ("[REDACTED:PHONE]", "<PERSON>")];
        assert_table("label", "name = \"PERSON\"\nstyle = \"angle\"", &table);
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(
            error_of("label", ""),
            "masker `label` needs the parameter `name`: what is hidden, such as `PHONE`: up to 32 of `A-Z 0-9 _`"
        );
        for name in ["", "phone", "A B", "<B>", "ТЕЛЕФОН"] {
            assert_eq!(
                error_of("label", &format!("name = \"{name}\"")),
                "parameter `name` of masker `label` must be up to 32 of `A-Z 0-9 _`"
            );
        }
        assert_eq!(
            error_of("label", "name = \"PHONE\"\nstyle = \"round\""),
            "parameter `style` of masker `label` must be one of `redacted`, `angle`"
        );
    }
}
