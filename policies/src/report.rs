//! What is wrong with a policy, as a good compiler would tell it: the place, the line, a caret under the word, the cure.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::error::{PolicyError, PolicyErrors, is_hidden};
use crate::lint::Finding;

/// A longer word is no word, and the renderer draws every caret before it cuts the line.
const MAX_CARETS: usize = 200;

/// Tells errors to a person.
#[derive(Clone, Debug)]
pub struct Report {
    renderer: Renderer,
}

impl Report {
    /// For a terminal of so many columns that shows colours or does not.
    #[must_use]
    pub fn new(colours: bool, width: usize) -> Self {
        let renderer = if colours {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        Self {
            renderer: renderer.term_width(width),
        }
    }

    /// All errors, and how many there are in each file.
    #[must_use]
    pub fn errors(&self, errors: &PolicyErrors) -> String {
        let mut told: Vec<String> = errors
            .0
            .iter()
            .map(|error| self.one(Level::ERROR, None, error))
            .collect();
        told.push(self.count(Level::ERROR, "error", errors.0.iter()));
        told.join("\n\n")
    }

    /// All that is hardly meant, and how much there is in each file; nothing if there is none.
    #[must_use]
    pub fn findings(&self, findings: &[Finding]) -> String {
        let mut told: Vec<String> = findings
            .iter()
            .map(|finding| self.one(Level::WARNING, Some(finding.lint.id()), &finding.told))
            .collect();
        if !told.is_empty() {
            let places = findings.iter().map(|finding| &finding.told);
            told.push(self.count(Level::WARNING, "warning", places));
        }
        told.join("\n\n")
    }

    fn one(&self, level: Level<'_>, id: Option<&str>, told: &PolicyError) -> String {
        let mut title = level.primary_title(told.message.as_str());
        if let Some(id) = id {
            title = title.id(id);
        }
        let mut group = match told.line {
            0 => title.element(Origin::path(told.file.as_str())),
            line => {
                let (text, stretch) = shown(told);
                let snippet = Snippet::source(text).path(told.file.as_str());
                let annotation = AnnotationKind::Primary.span(stretch);
                title.element(snippet.line_start(line).annotation(annotation))
            }
        };
        group = group.element(Level::HELP.message(told.cure.as_str()));
        self.renderer.render(&[group])
    }

    fn count<'a>(
        &self,
        level: Level<'_>,
        word: &str,
        told: impl Iterator<Item = &'a PolicyError>,
    ) -> String {
        let mut files: BTreeMap<&str, usize> = BTreeMap::new();
        for error in told {
            *files.entry(&error.file).or_default() += 1;
        }
        let counts: Vec<String> = files
            .iter()
            .map(|(file, count)| {
                let plural = if *count == 1 { "" } else { "s" };
                format!("{count} {word}{plural} in {file}")
            })
            .collect();
        let title = level.primary_title(counts.join(", "));
        self.renderer.render(&[Group::with_title(title)])
    }
}

/// The line with nothing in it that a terminal would obey, and the bytes of the word in it.
fn shown(told: &PolicyError) -> (String, Range<usize>) {
    let visible = |character| match character {
        '\t' => '\t',
        hidden if is_hidden(hidden) => '\u{fffd}',
        shown => shown,
    };
    let text: String = told.text.chars().map(visible).collect();
    let byte = |character: usize| {
        let found = text.char_indices().nth(character);
        found.map_or(text.len(), |(byte, _)| byte)
    };
    let stretch = match told.column {
        0 => {
            let indent = text.chars().take_while(|c| c.is_whitespace()).count();
            let length = text.trim().chars().count();
            byte(indent)..byte(indent + length.min(MAX_CARETS))
        }
        column => byte(column - 1)..byte(column - 1 + told.length.min(MAX_CARETS)),
    };
    let stretch = stretch.start..stretch.end.max(stretch.start);
    (text, stretch)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, column: usize, length: usize) -> String {
        let error = PolicyError {
            file: "policies/policy.csv".to_owned(),
            line: 7,
            column,
            length,
            message: "unknown action `fulll`".to_owned(),
            cure: "did you mean `full`?".to_owned(),
            text: text.to_owned(),
        };
        Report::new(false, 80).errors(&PolicyErrors(vec![error]))
    }

    /// The characters above the carets, as columns of a terminal.
    fn above_the_carets(told: &str) -> String {
        let lines: Vec<&str> = told.lines().collect();
        let at = lines.iter().position(|line| line.contains('^')).unwrap();
        let columns: Vec<char> = lines[at - 1]
            .chars()
            .flat_map(|c| {
                let wide = ('\u{1100}'..='\u{ffef}').contains(&c);
                std::iter::repeat_n(c, if wide { 2 } else { 1 })
            })
            .collect();
        let carets = lines[at].chars().enumerate();
        carets
            .filter(|(_, caret)| *caret == '^')
            .map(|(at, _)| columns[at])
            .collect()
    }

    #[test]
    fn an_error_is_shown_as_a_compiler_shows_it() {
        insta::assert_snapshot!(told("p, clerk, pii, fulll, true, allow", 16, 5), @r"
        error: unknown action `fulll`
         --> policies/policy.csv:7:16
          |
        7 | p, clerk, pii, fulll, true, allow
          |                ^^^^^
          |
          = help: did you mean `full`?

        error: 1 error in policies/policy.csv
        ");
    }

    #[test]
    fn the_caret_is_under_the_word_whatever_stands_before_it() {
        for before in ["", "p, 日本語, ", "\tp,\t", "é, ", "p, \u{202e}, "] {
            let column = before.chars().count() + 1;
            let told = told(&format!("{before}fulll, true"), column, 5);
            assert_eq!(above_the_carets(&told), "fulll", "{told}");
            assert!(told.contains(&format!("policy.csv:7:{column}")), "{told}");
        }
    }

    #[test]
    fn a_line_of_any_length_is_shown_around_the_word() {
        let long = format!("{}fulll{}", "x, ".repeat(400_000), ", y".repeat(400_000));
        let told = told(&long, 1_200_001, 5);
        assert_eq!(above_the_carets(&told), "fulll", "{told}");
        assert!(told.contains(":7:1200001"), "{told}");
        assert!(
            told.lines().all(|line| line.chars().count() <= 80),
            "{told}"
        );
    }

    #[test]
    fn nothing_in_a_line_reaches_the_terminal_as_a_command() {
        let told = told("p, \u{1b}[31m\u{202e}\u{200f}\u{2066}, fulll", 13, 5);
        let harmless = |c: char| c == '\n' || !is_hidden(c);
        assert!(told.chars().all(harmless), "{told:?}");
    }

    #[test]
    fn what_is_missing_is_shown_where_it_should_be() {
        let told = told("p, clerk, , full", 11, 0);
        assert_eq!(above_the_carets(&told), ",", "{told}");
    }
}
