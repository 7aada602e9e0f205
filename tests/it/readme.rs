//! What README.md shows is what happens.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value as Json;
use sudare::config::Config;

use crate::demo::{Demo, cell};
use crate::harness::policies;
use crate::process::{run, sudare};

const README: &str = include_str!("../../README.md");

/// The lines that follow a mark, up to the next empty line.
fn marked(mark: &str) -> String {
    let mark = format!("<!-- {mark} -->\n");
    let (_, rest) = README.split_once(&mark).expect(&mark);
    rest.split("\n\n").next().unwrap().to_owned()
}

/// The fenced lines that follow a mark.
fn fenced(mark: &str) -> String {
    let lines = marked(mark);
    let inner = lines.lines().filter(|line| !line.starts_with("```"));
    inner.map(|line| format!("{line}\n")).collect()
}

fn query() -> &'static str {
    let (_, rest) = README.split_once("```graphql\n").unwrap();
    rest.split("```").next().unwrap()
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

#[test]
fn the_answers_are_what_comes_back() {
    let data = tempfile::tempdir().unwrap();
    let demo = Demo::start(data.path());
    // The same rows under another key: what differs depends on it.
    let elsewhere = Demo::start_with(data.path(), "another-masking-key-0123456789abcdef");
    let table = marked("answers");
    let mut lines = table.lines();
    let head = lines.next().unwrap();
    let roles: Vec<&str> = head.split('`').skip(1).step_by(2).collect();
    let answers: Vec<[Json; 2]> = roles
        .iter()
        .map(|role| [demo.ask(role, query()), elsewhere.ask(role, query())])
        .collect();

    let mut expected = format!("{head}\n{}\n", lines.next().unwrap());
    let mut node = 0;
    for line in lines {
        let label = line.split('|').nth(1).unwrap().trim();
        if label.starts_with("**second") {
            node = 1;
        }
        write!(expected, "| {label} |").unwrap();
        let path = label.split('`').nth(1).unwrap();
        for [here, there] in &answers {
            let (here, there) = (shown(here, node, path), shown(there, node, path));
            let keyed = if here == there { "" } else { "*" };
            write!(expected, " {keyed}`{here}`{keyed} |").unwrap();
        }
        expected.push('\n');
    }
    assert_eq!(
        table,
        expected.trim_end(),
        "README.md should have this table:\n{expected}"
    );

    let told = &demo.ask("support", query())["extensions"];
    let shown: Json = serde_json::from_str(&fenced("disclosure")).unwrap();
    assert_eq!(shown, *told, "README.md should have these extensions");
    for person in &demo.people {
        assert_eq!(
            words(&person.query()),
            words(query()),
            "the demo asks something else"
        );
    }
}

/// What stands in an answer under the label of a row.
fn shown(answer: &Json, node: usize, path: &str) -> String {
    let customers = &answer["data"]["customers"];
    let node = &customers["nodes"][node];
    match path {
        "totalCount" => cell(&customers["totalCount"]),
        "orders.orderNo" => {
            let orders = node["orders"]["nodes"].as_array().unwrap().iter();
            cell(&orders.map(|order| order["orderNo"].clone()).collect())
        }
        path => cell(path.split('.').fold(node, |value, name| &value[name])),
    }
}

#[test]
fn the_examples_of_a_rule_and_a_mask_load() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["model.conf", "policy.csv", "masking.toml"] {
        let mut text = fs::read_to_string(policies().join(name)).unwrap();
        match name {
            "policy.csv" => text += &fenced("rule"),
            "masking.toml" => text += &fenced("mask"),
            _ => {}
        }
        fs::write(folder.path().join(name), text).unwrap();
    }
    assert_eq!(rules(folder.path()), rules(&policies()) + 1);
}

/// How many rules `policy check` counts in a folder.
fn rules(policies: &Path) -> u64 {
    let (output, text, errors) = run(sudare(
        policies,
        &["policy", "check", "--policies", policies.to_str().unwrap()],
    ));
    assert!(output.status.success(), "{errors}");
    let words = words(&text);
    let at = words.iter().position(|word| *word == "rules,").unwrap();
    words[at - 1].parse().unwrap()
}

#[test]
fn the_settings_exist_and_have_these_defaults() {
    let data = tempfile::tempdir().unwrap();
    let defaults = serde_json::to_value(Config::default()).unwrap();
    let mut rows = 0;
    for line in README.lines().filter(|line| line.starts_with("| `SUDARE_")) {
        rows += 1;
        let cells: Vec<&str> = line.split('|').collect();
        let quoted = |cell: &'static str| cell.split('`').skip(1).step_by(2);
        let told: Vec<&str> = quoted(cells[2]).collect();
        for (number, variable) in quoted(cells[1]).enumerate() {
            let value = default(&defaults, variable);
            let value = (!value.is_null()).then(|| cell(value));
            assert_eq!(
                told.get(number).map(|told| (*told).to_owned()),
                value,
                "{variable}"
            );
        }
    }
    assert!(rows >= 8, "the table of settings has {rows} rows");

    let names: BTreeSet<&str> = README
        .split(|c: char| !(c.is_ascii_uppercase() || c == '_'))
        .filter(|word| word.starts_with("SUDARE_"))
        .collect();
    for name in names {
        let mut command = sudare(data.path(), &["schema"]);
        command.env(name, "1");
        let (_, _, errors) = run(command);
        assert!(!errors.contains("means nothing"), "{errors}");
    }
}

/// The default of a variable: its key has a dot where a table ends.
fn default<'a>(defaults: &'a Json, variable: &str) -> &'a Json {
    let key = variable.strip_prefix("SUDARE_").unwrap().to_lowercase();
    match key.split_once('_') {
        Some((table, inner)) if defaults[table].is_object() => &defaults[table][inner],
        _ => &defaults[&key],
    }
}
