//! `sudare mask list`.

use clap::{Args, ValueEnum};
use comfy_table::{ContentArrangement, Table, presets};
use serde_json::json;
use sudare_policies::maskers::{Declaration, declaration, declarations};

use super::super::print;

/// What the signs stand for, in their order.
const LEGEND: &str = "FP keeps the format · D deterministic · J joinable · R reversible with the key · K keyed by audience and class";

#[derive(Args, Clone, Debug)]
pub(in crate::commands) struct Arguments {
    /// One masker with its parameters; all of them when left out
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
        (Format::Table, [one]) if arguments.name.is_some() => print(&details(one)),
        (Format::Table, all) => print(&format!("{}\n{LEGEND}", table(all))),
    }
}

fn table(all: &[&Declaration]) -> Table {
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

fn details(one: &Declaration) -> String {
    let mut text = format!(
        "{}: {}\n\ntakes          {}\nshows at most  {}\npromises       {}",
        one.name,
        one.summary,
        kinds(one).join(", "),
        one.max_reveal,
        in_words(one).join(", "),
    );
    if !one.params.is_empty() {
        text += "\n\nparameters";
    }
    for parameter in one.params {
        text += &format!("\n  {:<10} {}", parameter.name, parameter.meaning);
    }
    text
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
