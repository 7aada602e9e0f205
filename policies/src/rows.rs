//! The rows of `policy.csv`, read strictly: casbin would drop a damaged deny without a word.

use std::collections::HashMap;

use csv::{ReaderBuilder, StringRecord, Trim};

use crate::error::{Fault, Findings};

/// What the file says, row by row, before names are looked up.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) rules: Vec<RuleRow>,
    pub(crate) roles: Vec<PairRow>,
    pub(crate) classes: Vec<PairRow>,
}

/// `p, role, object, action, when, eft`
#[derive(Debug)]
pub(crate) struct RuleRow {
    pub(crate) line: usize,
    pub(crate) role: String,
    pub(crate) object: String,
    pub(crate) action: String,
    pub(crate) when: String,
    pub(crate) eft: String,
}

/// `g, role, inherited role` or `g2, coordinate, class`
#[derive(Debug)]
pub(crate) struct PairRow {
    pub(crate) line: usize,
    pub(crate) from: String,
    pub(crate) to: String,
}

/// Reads every line; what is wrong with one does not keep the others from being read.
pub(crate) fn read(text: &str, findings: &mut Findings) -> Rows {
    let mut rows = Rows::default();
    let mut seen: HashMap<Vec<String>, usize> = HashMap::new();
    for (line, content) in (1..).zip(text.lines()) {
        if content.trim().is_empty() || content.starts_with('#') {
            continue;
        }
        let cells = match cells(content) {
            Ok(cells) => cells,
            Err(fault) => {
                findings.add(line, fault);
                continue;
            }
        };
        if let Some(first) = seen.get(&cells) {
            let message = format!("the row is the same as that of line {first}");
            findings.add(line, Fault::new(message, "remove one of them"));
            continue;
        }
        if let Err(fault) = sort(&mut rows, line, &cells) {
            findings.add(line, fault);
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

fn cells(content: &str) -> Result<Vec<String>, Fault> {
    if content.matches('"').count() % 2 == 1 {
        return Err(Fault::new(
            "a quote is not closed",
            "quote the whole column, and a quote in it twice",
        ));
    }
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(false)
        .trim(Trim::All)
        .from_reader(content.as_bytes());
    let records: Result<Vec<StringRecord>, _> = reader.records().collect();
    match records.as_deref() {
        Ok([record]) => Ok(record.iter().map(str::to_owned).collect()),
        _ => Err(Fault::new(
            "the row cannot be read",
            "write one row a line, columns parted by commas",
        )),
    }
}

fn sort(rows: &mut Rows, line: usize, cells: &[String]) -> Result<(), Fault> {
    match cells {
        [kind, ..] if !["p", "g", "g2"].contains(&kind.as_str()) => Err(Fault::new(
            format!("unknown row type `{kind}`"),
            "rows start with `p`, `g` or `g2`; a comment is a line of its own that starts with `#`",
        )),
        [_, rest @ ..] if rest.iter().any(String::is_empty) => Err(Fault::new(
            "a column is empty",
            "fill it in; `true` is the condition that always holds",
        )),
        [kind, role, object, action, when, eft] if kind == "p" => {
            rows.rules.push(RuleRow {
                line,
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
        [kind, ..] => {
            let (expected, cure) = match kind.as_str() {
                "p" => (
                    6,
                    "write `p, role, object, action, when, eft`; a condition with a comma is quoted right after the comma before it: ,\"..\",",
                ),
                "g" => (3, "write `g, role, inherited role`"),
                _ => (3, "write `g2, Entity.field, class`"),
            };
            Err(Fault::new(
                format!(
                    "a `{kind}` row has {expected} columns, this one has {}",
                    cells.len()
                ),
                cure,
            ))
        }
        [] => Ok(()),
    }
}
