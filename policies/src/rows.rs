//! The rows of `policy.csv`, read strictly: casbin would drop a damaged deny without a word.

use std::collections::HashMap;

use csv_core::Reader;

use crate::error::{Fault, Findings};
use crate::place::{Place, Places};

/// The columns of a rule.
pub(crate) const ROLE: usize = 1;
pub(crate) const OBJECT: usize = 2;
pub(crate) const ACTION: usize = 3;
pub(crate) const WHEN: usize = 4;
pub(crate) const EFT: usize = 5;
/// The columns of a pair.
pub(crate) const FROM: usize = 1;
pub(crate) const TO: usize = 2;

/// What the file says, row by row, before names are looked up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    pub(crate) rules: Vec<RuleRow>,
    pub(crate) roles: Vec<PairRow>,
    pub(crate) classes: Vec<PairRow>,
}

/// `p, role, object, action, when, eft`
#[derive(Clone, Debug)]
pub(crate) struct RuleRow {
    pub(crate) line: usize,
    pub(crate) places: Places,
    pub(crate) role: String,
    pub(crate) object: String,
    pub(crate) action: String,
    pub(crate) when: String,
    pub(crate) eft: String,
}

/// `g, role, inherited role` or `g2, coordinate, class`
#[derive(Clone, Debug)]
pub(crate) struct PairRow {
    pub(crate) line: usize,
    pub(crate) places: Places,
    pub(crate) from: String,
    pub(crate) to: String,
}

/// Reads every line; what is wrong with one does not keep the others from being read.
pub(crate) fn read(text: &str, findings: &mut Findings) -> Rows {
    let mut rows = Rows::default();
    let mut seen: HashMap<Vec<String>, usize> = HashMap::new();
    // it takes longer to make than to read a line with
    let mut reader = Reader::new();
    for (line, content) in (1..).zip(text.lines()) {
        if content.trim().is_empty() || content.starts_with('#') {
            continue;
        }
        if let Some((quote, fault)) = open_quote(content) {
            findings.add(Place::new(line, quote..quote + 1), fault);
            continue;
        }
        let (places, cells) = Places::read(&mut reader, line, content);
        if let Some(first) = seen.get(&cells) {
            let message = format!("the row is the same as that of line {first}");
            findings.add(places.from(0), Fault::new(message, "remove one of them"));
            continue;
        }
        if let Err((place, fault)) = sort(&mut rows, line, &cells, places) {
            findings.add(place, fault);
        }
        seen.insert(cells, line);
    }
    if rows.rules.is_empty() {
        findings.add(
            0,
            Fault::new(
                "the file holds no rule",
                "add a row `p, role, object, action, when, eft`",
            ),
        );
    }
    rows
}

/// A quote without its other half, and where it stands.
fn open_quote(content: &str) -> Option<(usize, Fault)> {
    let last = content.rfind('"')?;
    if content.matches('"').count().is_multiple_of(2) {
        return None;
    }
    let fault = Fault::new(
        "a quote is not closed",
        "quote the whole column, and a quote in it twice",
    );
    Some((last, fault))
}

fn sort(
    rows: &mut Rows,
    line: usize,
    cells: &[String],
    places: Places,
) -> Result<(), (Place, Fault)> {
    match cells {
        [kind, ..] if !["p", "g", "g2"].contains(&kind.as_str()) => Err((
            places.at(0),
            Fault::new(
                format!("unknown row type `{kind}`"),
                "rows start with `p`, `g` or `g2`; a comment is a line of its own that starts with `#`",
            ),
        )),
        [_, ..] if let Some(empty) = cells.iter().position(String::is_empty) => Err((
            places.at(empty),
            Fault::new(
                "a column is empty",
                "fill it in; `true` is the condition that always holds",
            ),
        )),
        [kind, role, object, action, when, eft] if kind == "p" => {
            rows.rules.push(RuleRow {
                line,
                places,
                role: role.clone(),
                object: object.clone(),
                action: action.clone(),
                when: when.clone(),
                eft: eft.clone(),
            });
            Ok(())
        }
        [kind, from, to] if kind != "p" => {
            let pair = PairRow {
                line,
                places,
                from: from.clone(),
                to: to.clone(),
            };
            if kind == "g" {
                rows.roles.push(pair)
            } else {
                rows.classes.push(pair)
            }
            Ok(())
        }
        [kind, ..] => Err(miscounted(kind, cells.len(), &places)),
        [] => Ok(()),
    }
}

/// A row with too few or too many columns; what is too much is where the caret goes.
fn miscounted(kind: &str, count: usize, places: &Places) -> (Place, Fault) {
    let (expected, cure) = match kind {
        "p" => (
            6,
            "write `p, role, object, action, when, eft`; a condition with a comma is quoted right after the comma before it: ,\"..\",",
        ),
        "g" => (3, "write `g, role, inherited role`"),
        _ => (3, "write `g2, Entity.field, class`"),
    };
    // what is too much is most often the rest of a condition
    let first = if kind == "p" { WHEN } else { expected };
    let place = places.from(if count > expected { first } else { 0 });
    let message = format!("a `{kind}` row has {expected} columns, this one has {count}");
    (place, Fault::new(message, cure))
}
