//! What can be wrong with a set of policies, told with its place and its cure.

use std::fmt;
use std::ops::Range;

use thiserror::Error;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use crate::place::Place;

/// Longer messages quote a word that is none.
const MAX_MESSAGE: usize = 600;

/// One thing that is wrong in one of the policy files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Error)]
pub struct PolicyError {
    /// The file, as its path was given.
    pub file: String,
    /// The line, counted from 1; 0 if it is the file as a whole.
    pub line: usize,
    /// The first character, counted from 1; 0 if it is the line or the file as a whole.
    pub column: usize,
    /// How many characters are meant; 0 if something is missing before `column`.
    pub length: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub cure: String,
    /// The line itself, for whoever shows the place. It may hold anything.
    pub text: String,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.file)?;
        if self.line > 0 {
            write!(f, "{}:", self.line)?;
        }
        if self.column > 0 {
            write!(f, "{}:", self.column)?;
        }
        write!(f, " {}; {}", self.message, self.cure)
    }
}

/// Everything that is wrong, by file and line, one a line.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub struct PolicyErrors(pub Vec<PolicyError>);

impl fmt::Display for PolicyErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, error) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

/// The roles of a principal belong to two audiences, whose keys must not meet in one answer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "the roles `{first_role}` and `{second_role}` belong to two audiences, `{first}` and `{second}`; give the principal roles of one audience"
)]
pub struct AudienceError {
    /// One role.
    pub first_role: String,
    /// Its audience.
    pub first: String,
    /// A role of another audience.
    pub second_role: String,
    /// That audience.
    pub second: String,
}

/// What is wrong, before anybody says where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) message: String,
    pub(crate) cure: String,
    /// Which bytes of the text in question are meant, if not all of it.
    pub(crate) stretch: Option<Range<usize>>,
}

impl Fault {
    pub(crate) fn new(message: impl Into<String>, cure: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            cure: cure.into(),
            stretch: None,
        }
    }

    /// The fault lies in these bytes, unless it is known more closely already.
    pub(crate) fn within(mut self, stretch: Range<usize>) -> Self {
        self.stretch.get_or_insert(stretch);
        self
    }

    /// A name that is not known: the cure is the nearest known one, or what is allowed.
    pub(crate) fn unknown<'a>(
        message: impl Into<String>,
        name: &str,
        known: impl IntoIterator<Item = &'a str>,
        otherwise: &str,
    ) -> Self {
        let cure = match nearest(name, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => otherwise.to_owned(),
        };
        Self::new(message, cure)
    }
}

/// The errors of one file, as they are found.
#[derive(Debug)]
pub(crate) struct Findings {
    file: String,
    text: String,
    found: Vec<(Place, Fault)>,
}

impl Findings {
    pub(crate) fn new(file: String, text: String) -> Self {
        Self {
            file,
            text,
            found: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, place: impl Into<Place>, fault: Fault) {
        self.found.push((place.into(), fault));
    }

    pub(crate) fn into_errors(self) -> Vec<PolicyError> {
        let lines: Vec<&str> = self.text.lines().collect();
        let found = self.found.into_iter();
        let told = |(place, fault): (Place, Fault)| {
            let line = place.line.checked_sub(1).and_then(|line| lines.get(line));
            let line = line.copied().unwrap_or_default();
            let (column, length) = characters(line, place.stretch);
            PolicyError {
                file: self.file.clone(),
                line: place.line,
                column,
                length,
                message: plain(&fault.message),
                cure: plain(&fault.cure),
                text: line.to_owned(),
            }
        };
        found.map(told).collect()
    }
}

/// A message on one line that hides nothing: words of a file may hold anything, and be of any length.
fn plain(message: &str) -> String {
    let mut plain = String::new();
    for character in message.chars().take(MAX_MESSAGE) {
        match is_hidden(character) {
            true => plain.extend(character.escape_unicode()),
            false => plain.push(character),
        }
    }
    if message.chars().nth(MAX_MESSAGE).is_some() {
        plain.push('…');
    }
    plain
}

/// Whether a terminal shows something else than the character, or other characters in another order because of it.
pub(crate) fn is_hidden(character: char) -> bool {
    matches!(
        character.general_category(),
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
    )
}

/// The first character of a stretch of bytes, counted from 1, and how many there are.
fn characters(line: &str, stretch: Option<(usize, usize)>) -> (usize, usize) {
    let Some((from, to)) = stretch else {
        return (0, 0);
    };
    let count = |until: usize| {
        line.char_indices()
            .take_while(|(at, _)| *at < until)
            .count()
    };
    (count(from) + 1, count(to).saturating_sub(count(from)))
}

/// The known name that is most like `name`, if one is like it at all.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| {
            let (name, known) = without_common_path(name, candidate);
            (strsim::jaro_winkler(name, known), candidate)
        })
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(one, a), (other, b)| one.total_cmp(other).then_with(|| b.cmp(a)))
        .map(|(_, candidate)| candidate)
}

/// The two names from where their dotted paths part: `Customer.fax` is not like `Customer.id`.
fn without_common_path<'a>(mut one: &'a str, mut other: &'a str) -> (&'a str, &'a str) {
    while let (Some((head, rest)), Some((other_head, other_rest))) =
        (one.split_once('.'), other.split_once('.'))
        && head == other_head
    {
        (one, other) = (rest, other_rest);
    }
    (one, other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered_only_when_it_is_near() {
        assert_eq!(nearest("fulll", ["full", "partial"]), Some("full"));
        assert_eq!(nearest("xyz", ["full", "partial"]), None);
        assert_eq!(
            nearest("Customer.fax", ["Customer.id", "Customer.email"]),
            None
        );
        assert_eq!(
            nearest("Customer.emial", ["Customer.id", "Customer.email"]),
            Some("Customer.email")
        );
    }

    #[test]
    fn an_error_names_file_line_and_cure() {
        let error = PolicyError {
            file: "policies/policy.csv".into(),
            line: 12,
            column: 24,
            length: 5,
            message: "unknown action `fulll`".into(),
            cure: "did you mean `full`?".into(),
            text: String::new(),
        };
        assert_eq!(
            error.to_string(),
            "policies/policy.csv:12:24: unknown action `fulll`; did you mean `full`?"
        );
    }
}
