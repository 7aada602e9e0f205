//! `sudare mask list`.

use clap::{Args, ValueEnum};
use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};
use serde_json::json;
use sudare_policies::maskers::{Declaration, declaration, declarations};

use super::super::print;
use super::super::terminal::Terminal;

/// What the signs stand for, in their order.
const LEGEND: &str = "FP keeps the format · D deterministic · J joinable · R reversible with the key · K keyed by audience and class";

/// Below this a column of its own for what is shown at most would be a ribbon of words.
const WIDE: u16 = 140;

/// The legend where that column is missing.
const NARROW_LEGEND: &str = "FP keeps the format · D deterministic · J joinable
R reversible with the key · K keyed by audience and class
`sudare mask list MASKER` tells what one shows at most, and its parameters";

#[derive(Args, Clone, Debug)]
pub(in crate::commands) struct Arguments {
    /// One masker with its parameters; all of them when left out
    #[arg(value_name = "MASKER")]
    name: Option<String>,
    /// Form of the list
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For eyes.
    Table,
    /// For programs.
    Json,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let chosen: Vec<&Declaration> = match &arguments.name {
        Some(name) => vec![declaration(name)?],
        None => declarations().iter().collect(),
    };
    match (arguments.format, chosen.as_slice()) {
        (Format::Json, _) => {
            let all: Vec<_> = chosen.iter().map(|one| as_json(one)).collect();
            print(&serde_json::to_string_pretty(&all)?)
        }
        (Format::Table, [one]) if arguments.name.is_some() => {
            print(&details(one, Terminal::output().width))
        }
        (Format::Table, all) => print(&overview(all, Terminal::output().width)),
    }
}

/// The list with its legend. A narrow terminal has no room for what each shows at most, which the list of one tells.
fn overview(all: &[&Declaration], width: Option<u16>) -> String {
    let narrow = width.is_some_and(|width| width < WIDE);
    let legend = if narrow { NARROW_LEGEND } else { LEGEND };
    format!("{}\n{legend}", table(all, width, narrow))
}

fn table(all: &[&Declaration], width: Option<u16>, narrow: bool) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header([
            "masker",
            "takes",
            "FP D J R K",
            "what it does",
            "shows at most",
        ]);
    for one in all {
        table.add_row([
            one.name.to_owned(),
            kinds(one).join(" "),
            promises(one),
            one.summary.to_owned(),
            one.max_reveal.to_owned(),
        ]);
    }
    if let Some(width) = width {
        table.set_width(width);
    }
    // names and signs are never broken
    let [name, signs, most] = [0, 2, 4];
    for whole in [name, signs] {
        if let Some(column) = table.column_mut(whole) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    if let Some(column) = table.column_mut(most).filter(|_| narrow) {
        column.set_constraint(ColumnConstraint::Hidden);
    }
    table
}

/// The promises as signs, in the order of the legend.
fn promises(one: &Declaration) -> String {
    let promises = [
        one.format_preserving,
        one.deterministic,
        one.joinable,
        one.reversible,
        one.keyed,
    ];
    let signs = promises.map(|promise| if promise { "✓" } else { "·" });
    format!(" {}", signs.join(" "))
}

fn kinds(one: &Declaration) -> Vec<String> {
    one.kinds.iter().map(|kind| format!("{kind:?}")).collect()
}

fn details(one: &Declaration, width: Option<u16>) -> String {
    let mut told = plain(width);
    told.add_row([one.name, one.summary]);
    told.add_row(["takes", &kinds(one).join(", ")]);
    told.add_row(["shows at most", one.max_reveal]);
    told.add_row(["promises", &in_words(one).join(", ")]);
    let mut text = told.trim_fmt();
    if !one.params.is_empty() {
        let mut parameters = plain(width);
        for parameter in one.params {
            parameters.add_row([parameter.name, parameter.meaning]);
        }
        text += &format!("\n\nparameters\n{}", parameters.trim_fmt());
    }
    text
}

/// Words and what they mean, in two columns.
fn plain(width: Option<u16>) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic);
    if let Some(width) = width {
        table.set_width(width);
    }
    table
}

fn in_words(one: &Declaration) -> Vec<&'static str> {
    let promises = [
        (one.format_preserving, "keeps the format"),
        (one.deterministic, "deterministic"),
        (one.joinable, "joinable"),
        (one.reversible, "reversible with the key"),
        (one.keyed, "keyed by audience and class"),
    ];
    promises
        .into_iter()
        .filter(|(holds, _)| *holds)
        .map(|(_, words)| words)
        .collect()
}

fn as_json(one: &Declaration) -> serde_json::Value {
    let parameters: Vec<_> = one
        .params
        .iter()
        .map(|parameter| json!({ "name": parameter.name, "meaning": parameter.meaning }))
        .collect();
    json!({
        "name": one.name,
        "summary": one.summary,
        "kinds": kinds(one),
        "formatPreserving": one.format_preserving,
        "deterministic": one.deterministic,
        "joinable": one.joinable,
        "reversible": one.reversible,
        "keyed": one.keyed,
        "maxReveal": one.max_reveal,
        "parameters": parameters,
    })
}
