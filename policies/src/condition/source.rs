//! The text of a condition, parsed by CEL's parser within bounds that keep it from running away.

use std::collections::HashMap;
use std::ops::Range;
use std::panic;
use std::sync::Arc;

use cel::common::ast::{Expr, IdedExpr, SourceInfo};
use cel::parser::{ParseError, Parser};

use crate::error::Fault;

/// The longest condition, in bytes.
const MAX_BYTES: usize = 4096;
/// How deep brackets may nest; counted before the parser sees the text, inside literals too.
const MAX_NESTING: usize = 16;
/// How many operators and dots a condition may have: each may be a level of the tree.
const MAX_OPERATORS: usize = 512;
/// The parser recurses; its stack is ours to choose. Only what is touched of it is ever used.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// What a condition may consist of; the cure of every condition that cannot be read.
pub(crate) const ALLOWED: &str = "a condition compares row.<column>, row.<to-one relation>.<column>, user.<claim>, now and literals \
     by == != < <= > >= in [..], joined by && || !";

/// The parsed text of a condition, not yet bound to an entity.
#[derive(Debug)]
pub(crate) struct Source {
    pub(super) root: IdedExpr,
    text: String,
    places: SourceInfo,
}

impl Source {
    /// Where a part of the condition stands in its text, in bytes.
    pub(super) fn stretch(&self, part: &IdedExpr) -> Range<usize> {
        match &part.expr {
            Expr::Select(select) if !select.test => {
                self.stretch(&select.operand).start..self.name(part).end
            }
            Expr::Call(call) => {
                let parts = call.target.iter().map(AsRef::as_ref).chain(&call.args);
                parts.fold(self.token(part), |sum, part| {
                    let part = self.stretch(part);
                    sum.start.min(part.start)..sum.end.max(part.end)
                })
            }
            Expr::List(list) => {
                let start = self.token(part);
                let end = list.elements.iter().map(|part| self.stretch(part).end);
                let end = end.fold(start.end, usize::max);
                let rest = self.text.get(end..).unwrap_or_default();
                start.start..rest.find(']').map_or(end, |close| end + close + 1)
            }
            _ => self.token(part),
        }
    }

    /// Where the last name of a path stands.
    pub(super) fn name(&self, part: &IdedExpr) -> Range<usize> {
        let token = self.token(part);
        let Expr::Select(select) = &part.expr else {
            return token;
        };
        let rest = self.text.get(token.end..).unwrap_or_default();
        let start = token.end + (rest.len() - rest.trim_start().len());
        start..start + select.field.len()
    }

    /// The token that the parser remembers for a part: its operator, its dot, or all of it.
    fn token(&self, part: &IdedExpr) -> Range<usize> {
        match self.places.offset_for(part.id) {
            Some((start, last)) => {
                let bytes = character_to_byte(&self.text, start as usize)
                    ..character_to_byte(&self.text, last as usize + 1);
                bytes.start..bytes.end.max(bytes.start)
            }
            None => 0..self.text.len(),
        }
    }
}

/// The parser counts characters.
fn character_to_byte(text: &str, character: usize) -> usize {
    text.char_indices()
        .nth(character)
        .map_or(text.len(), |(byte, _)| byte)
}

/// Parses the texts, in order. Policies for many roles say the same again and again: each text is parsed once.
///
/// On a thread of its own: its stack is large enough for any text within the bounds, and a panic of the parser becomes an
/// error of the text that caused it.
pub(crate) fn parse_all(texts: &[&str]) -> Vec<Result<Arc<Source>, Fault>> {
    let parsed = std::thread::scope(|scope| {
        std::thread::Builder::new()
            .name("conditions".to_owned())
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, || parse_each_once(texts))
            .ok()
            .and_then(|thread| thread.join().ok())
    });
    parsed.unwrap_or_else(|| texts.iter().map(|_| Err(unreadable())).collect())
}

fn parse_each_once(texts: &[&str]) -> Vec<Result<Arc<Source>, Fault>> {
    let mut parsed = HashMap::new();
    let texts = texts.iter();
    texts
        .map(|text| {
            let known = parsed.entry(*text);
            known.or_insert_with(|| parse(text).map(Arc::new)).clone()
        })
        .collect()
}

fn parse(text: &str) -> Result<Source, Fault> {
    check_bounds(text)?;
    let tree = panic::catch_unwind(|| Parser::new().parse_with_source_info(text))
        .map_err(|_| unreadable())?;
    match tree {
        Ok((root, places)) => Ok(Source {
            root,
            text: text.to_owned(),
            places,
        }),
        Err(errors) => Err(errors
            .errors
            .first()
            .map_or_else(unreadable, |error| syntax(text, error))),
    }
}

/// A text that is no expression, and where it stops being one.
fn syntax(text: &str, error: &ParseError) -> Fault {
    let (_, column) = error.pos;
    let what = error.msg.split(" expecting").next().unwrap_or_default();
    let what = what.strip_prefix("Syntax error: ").unwrap_or(what);
    let what = what.replace('\n', " ");
    let start = character_to_byte(text, usize::try_from(column - 1).unwrap_or_default());
    let rest = text.get(start..).unwrap_or_default();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let word = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
    let first = rest.chars().next().map_or(0, char::len_utf8);
    Fault::new(
        format!("the condition cannot be read at character {column}: {what}"),
        ALLOWED,
    )
    .within(start..start + word.max(first))
}

fn check_bounds(text: &str) -> Result<(), Fault> {
    if text.len() > MAX_BYTES {
        return Err(Fault::new(
            format!("the condition is longer than {MAX_BYTES} bytes"),
            "split the rule in two",
        ));
    }
    let (mut depth, mut deepest, mut operators) = (0usize, 0usize, 0usize);
    for character in text.chars() {
        match character {
            '(' | '[' | '{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '.' | '=' | '<' | '>' | '!' | '&' | '|' | '?' | '+' | '-' | '*' | '/' | '%' => {
                operators += 1;
            }
            _ => {}
        }
    }
    if deepest > MAX_NESTING {
        return Err(Fault::new(
            format!("the condition nests deeper than {MAX_NESTING} brackets"),
            "use fewer brackets, or split the rule in two",
        ));
    }
    if operators > MAX_OPERATORS {
        return Err(Fault::new(
            format!("the condition has more than {MAX_OPERATORS} operators"),
            "use `in [..]`, or split the rule in two",
        ));
    }
    Ok(())
}

fn unreadable() -> Fault {
    Fault::new("the condition cannot be read", ALLOWED)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        parse_all(&[text]).remove(0).unwrap_err().message
    }

    #[test]
    fn monstrous_conditions_are_refused_and_do_not_overflow() {
        assert!(fault(&"a".repeat(5000)).contains("longer than 4096 bytes"));
        assert!(fault(&"(".repeat(4000)).contains("nests deeper"));
        assert!(fault(&"{".repeat(17)).contains("nests deeper"));
        assert!(fault(&"!".repeat(4000)).contains("operators"));
        assert!(fault(&"a.".repeat(2000)).contains("operators"));
        assert!(fault(&"1 in ".repeat(800)).contains("cannot be read"));
        assert!(
            parse_all(&[&format!("{}1", "1 in ".repeat(800))])
                .remove(0)
                .is_ok()
        );
        assert!(
            parse_all(&[&format!("a{}", ".a".repeat(511))])
                .remove(0)
                .is_ok()
        );
        let deep = format!("{}true{}", "(".repeat(16), ")".repeat(16));
        assert!(parse_all(&[&deep]).remove(0).is_ok());
    }

    #[test]
    fn one_bad_text_does_not_spoil_the_others() {
        let parsed = parse_all(&["true", "row.", "now < now"]);
        assert!(parsed[0].is_ok());
        assert!(parsed[1].is_err());
        assert!(parsed[2].is_ok());
    }
}
