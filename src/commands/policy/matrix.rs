//! `sudare policy matrix`.

use std::ops::Range;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::Utc;
use clap::{Args, ValueEnum};
use comfy_table::{Cell, Color, Row};
use serde_json::{Map, Value as Json, json};
use sudare_policies::PolicySet;
use sudare_policies::decision::Tier;
use sudare_policies::matrix::{Matrix, MatrixEntity, Shown};

use super::{Terminal, print};

/// What stands around the text of a cell.
const PADDING: usize = 2;

/// The longest word of a cell, and what stands around it.
const WORD: usize = "DESENSITIZED".len() + PADDING;

/// The longest initials of a cell.
const LONGEST_INITIALS: usize = "F/P/D/N".len();

/// How far a field stands to the right of its entity.
const INDENT: usize = 2;

/// What a reader of words has to know.
const WORDS: &str = "Beside an entity: which of its rows (all, some, - for none).
MIXED depends on the row: F full, P partial, D desensitized, N none.";

/// What a reader of initials has to know.
const INITIALS: &str = "Beside an entity: which of its rows (all, some, - for none).
F full, P partial, D desensitized, N none; several: it depends on the row.";

#[derive(Args, Debug)]
pub(in crate::commands) struct Arguments {
    /// How to show it
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Only this entity; can be given several times
    #[arg(long, value_name = "NAME")]
    entity: Vec<String>,
    /// Only this role; can be given several times
    #[arg(long, value_name = "NAME")]
    role: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// One object
    Json,
    /// One line a field and role
    Csv,
}

pub(super) fn run(set: &Arc<PolicySet>, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let matrix = matrix(set, arguments)?;
    match arguments.format {
        Format::Table => print(&table(&matrix, &Terminal::output()))?,
        Format::Json => print(&serde_json::to_string_pretty(&object(&matrix))?)?,
        Format::Csv => print(csv(&matrix)?.trim_end())?,
    }
    Ok(ExitCode::SUCCESS)
}

/// What is asked for, as somebody sees it who has every claim.
fn matrix(set: &Arc<PolicySet>, arguments: &Arguments) -> anyhow::Result<Matrix> {
    let now = Utc::now();
    let known: Vec<String> = set.roles().map(str::to_owned).collect();
    let roles = chosen("role", &known, &arguments.role)?;
    let mut matrix = Matrix::new(set, roles, &set.somebody(now), now)?;
    let entities: Vec<String> = matrix
        .entities
        .iter()
        .map(|entity| entity.name.clone())
        .collect();
    let entities = chosen("entity", &entities, &arguments.entity)?;
    matrix
        .entities
        .retain(|entity| entities.contains(&entity.name));
    Ok(matrix)
}

/// The known names that are asked for, all if none is.
fn chosen(what: &str, known: &[String], asked: &[String]) -> anyhow::Result<Vec<String>> {
    if let Some(unknown) = asked.iter().find(|name| !known.contains(name)) {
        anyhow::bail!(
            "there is no {what} `{unknown}`; there are {}",
            known.join(", ")
        );
    }
    let wanted = |name: &&String| asked.is_empty() || asked.contains(name);
    Ok(known.iter().filter(wanted).cloned().collect())
}

/// One table with a part for each entity. Where words do not fit, initials do; where all roles do not fit, some come after the others.
fn table(matrix: &Matrix, terminal: &Terminal) -> String {
    let width = terminal.width.map(usize::from);
    let words = width.is_none_or(|width| names(matrix) + matrix.roles.len() * WORD <= width);
    let parts: Vec<String> = groups(matrix, width.filter(|_| !words))
        .into_iter()
        .map(|roles| part(matrix, &roles, words, terminal))
        .collect();
    let legend = if words { WORDS } else { INITIALS };
    format!("{}\n\n{legend}", parts.join("\n\n"))
}

/// How wide the names of entities and fields are.
fn names(matrix: &Matrix) -> usize {
    let fields = matrix.entities.iter().flat_map(|entity| {
        let fields = entity.fields.iter().map(|field| field.name.len() + INDENT);
        fields.chain([entity.name.len()])
    });
    fields.max().unwrap_or(0) + PADDING
}

/// The roles, in groups that fit beside the names, at least one a group; all in one where no width is given.
fn groups(matrix: &Matrix, width: Option<usize>) -> Vec<Range<usize>> {
    let width = width.unwrap_or(usize::MAX);
    let first = names(matrix);
    let mut groups = Vec::new();
    let (mut start, mut used) = (0, first);
    for (at, role) in matrix.roles.iter().enumerate() {
        let own = role.len().max(LONGEST_INITIALS) + PADDING;
        if used + own > width && at > start {
            groups.push(start..at);
            (start, used) = (at, first);
        }
        used += own;
    }
    groups.push(start..matrix.roles.len());
    groups
}

/// The table of some of the roles.
fn part(matrix: &Matrix, roles: &Range<usize>, words: bool, terminal: &Terminal) -> String {
    let mut table = terminal.table();
    let head = of(&matrix.roles, roles).iter().map(String::as_str);
    table.set_header(std::iter::once("").chain(head));
    for entity in &matrix.entities {
        table.add_row(Row::new());
        table.add_rows(rows(entity, roles, words));
    }
    table.trim_fmt()
}

/// What stands in a list for these roles.
fn of<'a, T>(all: &'a [T], roles: &Range<usize>) -> &'a [T] {
    all.get(roles.clone()).unwrap_or_default()
}

fn rows(entity: &MatrixEntity, roles: &Range<usize>, words: bool) -> Vec<Row> {
    let name = Cell::new(&entity.name).add_attribute(comfy_table::Attribute::Bold);
    let seen = of(&entity.rows, roles).iter();
    let seen = seen.map(|rows| Cell::new(format!("{rows}")));
    let mut rows = vec![Row::from(std::iter::once(name).chain(seen))];
    for field in &entity.fields {
        let cells = of(&field.shown, roles).iter().map(|shown| {
            let text = match words {
                true => shown.to_string(),
                false => shown.initials(),
            };
            let cell = Cell::new(text);
            match colour(shown) {
                Some(colour) => cell.fg(colour),
                None => cell,
            }
        });
        let name = Cell::new(format!("{:INDENT$}{}", "", field.name));
        rows.push(Row::from(std::iter::once(name).chain(cells)));
    }
    rows
}

/// The more is shown, the warmer.
fn colour(shown: &Shown) -> Option<Color> {
    Some(match shown {
        Shown::Absent => Color::DarkGrey,
        Shown::Tier(Tier::Full) => Color::Red,
        Shown::Tier(Tier::Partial) => Color::Yellow,
        Shown::Tier(Tier::Desensitized) => Color::Green,
        Shown::Tier(Tier::None) => return None,
        Shown::Mixed(_) => Color::Magenta,
    })
}

fn object(matrix: &Matrix) -> Json {
    let by_role = |cells: Vec<String>| -> Map<String, Json> {
        let roles = matrix.roles.iter().cloned();
        roles.zip(cells.into_iter().map(Json::String)).collect()
    };
    let entities = matrix.entities.iter().map(|entity| {
        let fields = entity.fields.iter().map(|field| {
            json!({
                "field": field.name,
                "class": field.class,
                "tier": by_role(field.shown.iter().map(Shown::to_string).collect()),
            })
        });
        json!({
            "entity": entity.name,
            "rows": by_role(entity.rows.iter().map(ToString::to_string).collect()),
            "fields": fields.collect::<Vec<_>>(),
        })
    });
    json!({ "roles": matrix.roles, "entities": entities.collect::<Vec<_>>() })
}

fn csv(matrix: &Matrix) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["entity", "field", "class", "role", "rows", "tier"])?;
    for entity in &matrix.entities {
        for field in &entity.fields {
            let cells = matrix.roles.iter().zip(&entity.rows).zip(&field.shown);
            for ((role, rows), shown) in cells {
                let (rows, shown) = (rows.to_string(), shown.to_string());
                let cells = [&entity.name, &field.name, &field.class, role, &rows, &shown];
                writer.write_record(cells)?;
            }
        }
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

#[cfg(test)]
mod tests {
    use sudare_policies::matrix::{MatrixField, RowsShown};

    use super::*;

    fn some() -> Matrix {
        let field = |name: &str, shown: [Shown; 3]| MatrixField {
            name: name.to_owned(),
            class: "public".to_owned(),
            shown: shown.to_vec(),
        };
        let mixed = Shown::Mixed(vec![Tier::Full, Tier::Partial]);
        Matrix {
            roles: ["admin", "sales", "guest"].map(str::to_owned).to_vec(),
            entities: vec![MatrixEntity {
                name: "Customer".to_owned(),
                rows: vec![RowsShown::All, RowsShown::Some, RowsShown::None],
                fields: vec![
                    field("phone", [Shown::Tier(Tier::Full), mixed, Shown::Absent]),
                    field(
                        "income",
                        [Tier::Partial, Tier::Desensitized, Tier::None].map(Shown::Tier),
                    ),
                ],
            }],
        }
    }

    fn shown(width: Option<u16>, colours: bool) -> String {
        table(&some(), &Terminal { colours, width })
    }

    #[test]
    fn words_are_shown_where_they_fit_and_initials_where_they_do_not() {
        let lines = |told: String| -> Vec<String> {
            let lines = told.lines().map(|line| {
                let words: Vec<&str> = line.split_whitespace().collect();
                words.join(" ")
            });
            lines.filter(|line| !line.is_empty()).collect()
        };
        let words = [
            "admin sales guest",
            "Customer all some -",
            "phone FULL MIXED F/P -",
            "income PARTIAL DESENSITIZED NONE",
        ];
        assert_eq!(lines(shown(None, false))[..4], words);
        assert_eq!(lines(shown(Some(80), false))[..4], words);
        let narrow = shown(Some(40), false);
        assert_eq!(lines(narrow)[2..4], ["phone F F/P -", "income P D N"]);
        let narrower = shown(Some(30), false);
        assert_eq!(
            lines(narrower)[..8],
            [
                "admin sales",
                "Customer all some",
                "phone F F/P",
                "income P D",
                "guest",
                "Customer -",
                "phone -",
                "income N"
            ]
        );
    }

    #[test]
    fn a_table_is_no_wider_than_the_terminal() {
        for width in [30, 40, 60, 80] {
            let told = shown(Some(width), false);
            let (rows, _) = told.split_once("Beside an entity").unwrap();
            for line in rows.lines() {
                assert!(
                    line.chars().count() <= usize::from(width),
                    "{width}:\n{told}"
                );
            }
        }
    }

    #[test]
    fn colours_are_for_terminals() {
        assert!(shown(None, true).contains("\u{1b}["));
        assert!(!shown(Some(80), false).contains('\u{1b}'));
    }
}
