//! Reads the parameters of a masker strictly: every mistake names the masker, the parameter and the cure.

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use unicode_segmentation::UnicodeSegmentation;

use super::MaskerError;
use super::declaration::Declaration;
use super::registry::listed;
use super::text::{WIDEST_GRAPHEME, is_invisible};

/// A decimal number: a string is taken digit by digit, a number of TOML as it is usually written.
pub(crate) fn decimal(value: &toml::Value) -> Option<Decimal> {
    match value {
        toml::Value::Integer(value) => Some(Decimal::from(*value)),
        toml::Value::Float(value) => Decimal::try_from(*value).ok(),
        toml::Value::String(text) => Decimal::from_str_exact(text).ok(),
        _ => None,
    }
}

/// The parameters of one masker, as `masking.toml` gives them.
#[derive(Debug)]
pub(super) struct Params<'a> {
    declaration: &'static Declaration,
    table: &'a toml::Table,
}

impl<'a> Params<'a> {
    /// Refuses a parameter that the masker does not declare.
    pub(super) fn new(
        declaration: &'static Declaration,
        table: &'a toml::Table,
    ) -> Result<Self, MaskerError> {
        let known = || declaration.params.iter().map(|parameter| parameter.name);
        match table.keys().find(|key| !known().any(|name| name == *key)) {
            None => Ok(Self { declaration, table }),
            Some(stranger) => Err(MaskerError::UnknownParameter {
                masker: declaration.name,
                parameter: stranger.clone(),
                cure: match declaration.params {
                    [] => "it takes none".to_owned(),
                    _ => format!("it takes {}", listed(known())),
                },
            }),
        }
    }

    /// The value as it stands in the file.
    pub(super) fn get(&self, parameter: &str) -> Option<&'a toml::Value> {
        self.table.get(parameter)
    }

    /// A whole number within a range.
    pub(super) fn integer(
        &self,
        parameter: &'static str,
        range: RangeInclusive<i64>,
        default: Option<i64>,
    ) -> Result<i64, MaskerError> {
        match (self.get(parameter), default) {
            (None, Some(default)) => Ok(default),
            (None, None) => Err(self.missing(parameter)),
            (Some(toml::Value::Integer(value)), _) if range.contains(value) => Ok(*value),
            (Some(_), _) => {
                let (from, to) = range.into_inner();
                let upper = if to == i64::MAX {
                    String::new()
                } else {
                    format!(" up to {to}")
                };
                Err(self.bad(parameter, &format!("a whole number from {from}{upper}")))
            }
        }
    }

    /// A finite binary floating-point number.
    pub(super) fn float(&self, parameter: &'static str) -> Result<f64, MaskerError> {
        match self.get(parameter) {
            None => Err(self.missing(parameter)),
            Some(toml::Value::Integer(value)) => Ok(*value as f64),
            Some(toml::Value::Float(value)) if value.is_finite() => Ok(*value),
            Some(_) => Err(self.bad(parameter, "a number")),
        }
    }

    /// A number that [`decimal`] takes.
    pub(super) fn decimal(&self, parameter: &'static str) -> Result<Decimal, MaskerError> {
        let value = self.get(parameter);
        let value = value.ok_or_else(|| self.missing(parameter))?;
        decimal(value).ok_or_else(|| self.bad(parameter, "a decimal number"))
    }

    /// A day, as a TOML date or as a string `YYYY-MM-DD`.
    pub(super) fn date(&self, parameter: &'static str) -> Result<NaiveDate, MaskerError> {
        match self.get(parameter) {
            None => return Err(self.missing(parameter)),
            Some(toml::Value::Datetime(date)) => date.to_string().parse().ok(),
            Some(toml::Value::String(text)) => text.parse().ok(),
            Some(_) => None,
        }
        .ok_or_else(|| self.bad(parameter, "a day such as 1990-12-31"))
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(
        &self,
        parameter: &'static str,
        choices: &[(&str, T)],
        default: Option<T>,
    ) -> Result<T, MaskerError> {
        match (self.get(parameter), default) {
            (None, Some(default)) => Ok(default),
            (None, None) => Err(self.missing(parameter)),
            (Some(value), _) => choices
                .iter()
                .find(|(word, _)| value.as_str() == Some(word))
                .map(|(_, meaning)| *meaning)
                .ok_or_else(|| {
                    let words = listed(choices.iter().map(|(word, _)| *word));
                    self.bad(parameter, &format!("one of {words}"))
                }),
        }
    }

    /// A number of things, small enough to count them.
    pub(super) fn count(
        &self,
        parameter: &'static str,
        range: RangeInclusive<i64>,
        default: i64,
    ) -> Result<usize, MaskerError> {
        self.integer(parameter, range, Some(default))
            .map(|count| usize::try_from(count).unwrap_or(0))
    }

    /// A text as it stands in the file.
    pub(super) fn text(&self, parameter: &'static str) -> Result<&'a str, MaskerError> {
        match self.get(parameter) {
            None => Err(self.missing(parameter)),
            Some(toml::Value::String(text)) => Ok(text),
            Some(_) => Err(self.bad(parameter, "a text in quotes")),
        }
    }

    /// The grapheme that hidden ones are shown as: no letter, no digit, nothing that cannot be seen.
    pub(super) fn mask_char(&self, parameter: &'static str) -> Result<Box<str>, MaskerError> {
        let Some(value) = self.get(parameter) else {
            return Ok("*".into());
        };
        let visible = |c: char| !(c.is_alphanumeric() || c.is_whitespace() || is_invisible(c));
        match value.as_str() {
            Some(text)
                if text.graphemes(true).count() == 1
                    && text.len() <= WIDEST_GRAPHEME
                    && text.chars().all(visible) =>
            {
                Ok(text.into())
            }
            _ => Err(self.bad(
                parameter,
                "one visible character that is neither a letter nor a digit",
            )),
        }
    }

    /// The error for a parameter that was left out.
    pub(super) fn missing(&self, parameter: &'static str) -> MaskerError {
        MaskerError::MissingParameter {
            masker: self.declaration.name,
            parameter,
            meaning: self
                .declaration
                .params
                .iter()
                .find(|declared| declared.name == parameter)
                .map_or("", |declared| declared.meaning)
                .to_owned(),
        }
    }

    /// The error for a parameter with a value that it cannot have.
    pub(super) fn bad(&self, parameter: &'static str, expected: &str) -> MaskerError {
        MaskerError::BadParameter {
            masker: self.declaration.name,
            parameter,
            expected: expected.to_owned(),
        }
    }
}
