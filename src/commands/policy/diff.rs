//! `sudare policy diff`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use comfy_table::{Cell, Color, ColumnConstraint, Row};
use serde_json::{Value as Json, json};
use sudare_entities::Catalog;
use sudare_policies::PolicyErrors;
use sudare_policies::diff::{Change, Diff, Direction, What};
use sudare_policies::shape::Shape;

use super::{PAGE, Terminal, complain, load, print};
use crate::commands::legible;
use crate::shape::shape;

/// How the command ends where there is nothing to compare.
const UNLOADABLE: u8 = 2;

/// What a reader has to know of writing.
const WRITES: &str = "In brackets: what may be written discloses nothing by itself.";

/// What a reader has to know of masks.
const MASKS: &str = "A mask that changed may show more: `sudare mask try` tells what each of the two makes of a value.";

#[derive(Args, Debug)]
pub(in crate::commands) struct Arguments {
    /// The folder of policies as they were
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The folder of policies as they are to be
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// How to tell it
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// One object
    Json,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let catalog = Catalog::new()?;
    let diff = match (
        load(&arguments.old, &catalog),
        load(&arguments.new, &catalog),
    ) {
        (Ok(old), Ok(new)) => Diff::new(&old, &new),
        (old, new) => {
            // each error names its file, and so which of the two it is
            let errors = [old.err(), new.err()].into_iter().flatten();
            let errors = errors.flat_map(|errors| errors.0);
            complain(&PolicyErrors(errors.collect()))?;
            return Ok(ExitCode::from(UNLOADABLE));
        }
    };
    match arguments.format {
        Format::Table => print(&told(&diff, &shape(&catalog), &Terminal::output()))?,
        Format::Json => print(&serde_json::to_string_pretty(&object(&diff))?)?,
    }
    Ok(match diff.widens() {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

/// A table for each role or each few, and what it comes to.
fn told(diff: &Diff, shape: &Shape, terminal: &Terminal) -> String {
    if diff.changes.is_empty() {
        return "no difference: both mean the same".to_owned();
    }
    let who = |one: &Change, other: &Change| (&one.roles, &one.with) == (&other.roles, &other.with);
    let mut parts: Vec<String> = diff
        .changes
        .chunk_by(who)
        .map(|changes| part(changes, shape, terminal))
        .collect();
    let any = |which: fn(&Change) -> bool| diff.changes.iter().any(which);
    if any(|change| matches!(change.what, What::Mask(_))) {
        parts.push(MASKS.to_owned());
    }
    if any(|change| !change.discloses() && change.what != What::Role) {
        parts.push(WRITES.to_owned());
    }
    parts.push(sum(diff));
    parts.join("\n\n")
}

/// What changes for some roles.
fn part(changes: &[Change], shape: &Shape, terminal: &Terminal) -> String {
    let mut table = Terminal {
        colours: terminal.colours,
        width: terminal.width.or(u16::try_from(PAGE).ok()),
    }
    .table();
    table.add_rows(changes.iter().map(|change| row(change, shape)));
    for (at, column) in table.column_iter_mut().enumerate() {
        // the words of fixed length stay whole
        if at % 2 == 0 {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    let who = changes.first().map(who).unwrap_or_default();
    format!("{who}\n{}", table.trim_fmt())
}

/// Whom a change is for.
fn who(change: &Change) -> String {
    let alone = match change.roles.as_slice() {
        [] => "everybody".to_owned(),
        roles => roles.join(", "),
    };
    let with = change.with.iter();
    with.fold(alone, |who, roles| {
        format!("{who}, together with {}", roles.join(" or "))
    })
}

fn row(change: &Change, shape: &Shape) -> Row {
    let direction = match (change.what, change.discloses()) {
        // that there is a role is neither more nor less
        (What::Role, _) => String::new(),
        (_, true) => format!("  {}", change.direction.name()),
        (_, false) => format!("  ({})", change.direction.name()),
    };
    let direction = match colour(change) {
        Some(colour) => Cell::new(direction).fg(colour),
        None => Cell::new(direction),
    };
    let what = match change.what {
        What::Mask(tier) => format!("mask of {}", tier.name()),
        what => what.name().to_owned(),
    };
    let [old, new] = [&change.old, &change.new].map(|shown| legible(&shown.to_string()));
    let words = [change.places(shape), what, old, "->".to_owned(), new];
    Row::from(std::iter::once(direction).chain(words.into_iter().map(Cell::new)))
}

/// The more is shown, the warmer.
fn colour(change: &Change) -> Option<Color> {
    let colour = match change.direction {
        Direction::Widens => Color::Red,
        Direction::Changed => Color::Magenta,
        Direction::Narrows => Color::Green,
    };
    change.discloses().then_some(colour)
}

fn sum(diff: &Diff) -> String {
    let all = match diff.changes.len() {
        1 => "1 change".to_owned(),
        count => format!("{count} changes"),
    };
    match diff.changes.iter().filter(|change| change.widens()).count() {
        0 => format!("{all}: disclosure does not widen"),
        wider => format!("{all}, {wider} of which show more or may: disclosure widens"),
    }
}

fn object(diff: &Diff) -> Json {
    let changes = diff.changes.iter().map(|change| {
        let tier = match change.what {
            What::Mask(tier) => Some(tier),
            _ => None,
        };
        json!({
            "roles": change.roles,
            "with": change.with,
            "coordinates": change.coordinates,
            "what": change.what.name(),
            "tier": tier,
            "direction": change.direction.name(),
            "discloses": change.discloses(),
            "old": change.old,
            "new": change.new,
        })
    });
    json!({ "widens": diff.widens(), "changes": changes.collect::<Vec<_>>() })
}
