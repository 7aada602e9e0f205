//! docs/policies.md is what happens: its rules load, its cases are met, and its answers come back.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value as Json;
use sudare::config::Limits;
use sudare_entities::Catalog;
use sudare_policies::testing::{self, TestFile};
use sudare_policies::{PolicyFiles, PolicySet};

use crate::harness::{TestGateway, policies};

const DOCUMENT: &str = "docs/policies.md";

/// One situation: the fenced blocks below its heading, each with its kind.
struct Recipe {
    title: String,
    blocks: Vec<(String, String)>,
}

impl Recipe {
    fn of(&self, kind: &str) -> impl Iterator<Item = &str> {
        let blocks = self.blocks.iter();
        blocks
            .filter(move |(own, _)| own == kind)
            .map(|(_, text)| text.as_str())
    }
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(DOCUMENT)
}

fn recipes(document: &str) -> Vec<Recipe> {
    let mut recipes: Vec<Recipe> = Vec::new();
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            recipes.push(Recipe {
                title: title.to_owned(),
                blocks: Vec::new(),
            });
        } else if let (Some(kind), Some(recipe)) = (line.strip_prefix("```"), recipes.last_mut()) {
            let inner = lines.by_ref().take_while(|line| *line != "```");
            let text = inner.map(|line| format!("{line}\n")).collect();
            recipe.blocks.push((kind.to_owned(), text));
        }
    }
    recipes
}

/// The demo's rules and masks with those of the recipes.
fn files<'a>(recipes: impl Iterator<Item = &'a Recipe> + Clone) -> (String, String) {
    let read = |name| fs::read_to_string(policies().join(name)).unwrap();
    let (mut csv, mut toml) = (read("policy.csv"), read("masking.toml"));
    for row in recipes
        .clone()
        .flat_map(|recipe| recipe.of("csv"))
        .flat_map(str::lines)
    {
        // a field has one class: the new one takes the place of the old
        let old = row
            .strip_prefix("g2, ")
            .and_then(|row| row.split_once(", "));
        let old = old.map(|(field, _)| format!("\ng2, {field}, "));
        if let Some(at) = old.and_then(|old| csv.find(&old)) {
            let (before, from) = csv.split_at(at + 1);
            let (_, after) = from.split_once('\n').unwrap();
            csv = format!("{before}{after}");
        }
        csv += &format!("{row}\n");
    }
    for block in recipes.flat_map(|recipe| recipe.of("toml")) {
        let (head, rest) = block.split_once('\n').unwrap();
        // a table that is there gets the new lines; another one is added
        match toml.find(&format!("\n{head}\n")) {
            Some(at) => toml.insert_str(at + head.len() + 2, rest),
            None => toml += &format!("\n{block}"),
        }
    }
    (csv, toml)
}

/// An answer with line breaks of ours, which are no part of it: a compact JSON text has none.
fn laid_out(answer: &str) -> String {
    let answer = answer
        .replace(r#""nodes":[{"#, "\"nodes\":[\n  {")
        .replace("},{", "},\n  {")
        .replace(r#","extensions":"#, ",\n\"extensions\":");
    format!("{answer}\n")
}

fn without_breaks(text: &str) -> String {
    text.lines().map(str::trim_start).collect()
}

#[test]
fn there_are_fourteen_situations_each_with_rules_an_answer_and_a_case() {
    let recipes = recipes(&fs::read_to_string(path()).unwrap());
    assert_eq!(recipes.len(), 14);
    let mut roles = BTreeSet::new();
    for recipe in &recipes {
        for kind in ["csv", "json", "graphql", "answer", "yaml"] {
            assert!(
                recipe.of(kind).next().is_some(),
                "{}: no {kind}",
                recipe.title
            );
        }
        let own: BTreeSet<&str> = recipe
            .of("csv")
            .flat_map(str::lines)
            .filter(|row| !row.starts_with("g2"))
            .map(|row| row.split(", ").nth(1).unwrap())
            .collect();
        // so that all can be loaded together, and none changes what another shows
        assert!(
            own.iter().all(|role| roles.insert((*role).to_owned())),
            "{}: {own:?}",
            recipe.title
        );
    }
}

#[test]
fn each_situation_loads_by_itself_and_its_cases_are_met() {
    let shape = sudare::shape::shape(&Catalog::new().unwrap());
    for recipe in recipes(&fs::read_to_string(path()).unwrap()) {
        let (csv, toml) = files(std::iter::once(&recipe));
        let set = PolicySet::from_files(
            &PolicyFiles::from_memory(csv, toml),
            &shape,
            &testing::key(),
        );
        let set = Arc::new(set.unwrap_or_else(|errors| panic!("{}: {errors}", recipe.title)));
        let cases = recipe.of("yaml").map(|text| TestFile {
            path: recipe.title.clone(),
            text: text.to_owned(),
        });
        let outcome = testing::run(&set, &cases.collect::<Vec<_>>(), None);
        let outcome = outcome.unwrap_or_else(|errors| panic!("{errors}"));
        assert!(
            outcome.cases > 0 && outcome.failures.is_empty(),
            "{:#?}",
            outcome.failures
        );
    }
}

#[tokio::test]
async fn each_question_is_answered_as_the_document_says() {
    let document = fs::read_to_string(path()).unwrap();
    let recipes = recipes(&document);
    let folder = tempfile::tempdir().unwrap();
    let (csv, toml) = files(recipes.iter());
    fs::write(folder.path().join("policy.csv"), csv).unwrap();
    fs::write(folder.path().join("masking.toml"), toml).unwrap();
    fs::copy(
        policies().join("model.conf"),
        folder.path().join("model.conf"),
    )
    .unwrap();
    let gateway = TestGateway::start(folder.path(), Limits::default());

    let mut fresh = String::new();
    let mut rest = document.as_str();
    let mut differing = Vec::new();
    for recipe in &recipes {
        let (mut claims, mut query) = (Json::Null, "");
        for (kind, text) in &recipe.blocks {
            match kind.as_str() {
                "json" => claims = serde_json::from_str(text).unwrap(),
                "graphql" => query = text.trim(),
                "answer" => {
                    let body = serde_json::json!({ "query": query });
                    let answer = gateway.request(Some(claims.clone()), body).await;
                    if without_breaks(text) != answer.text {
                        differing.push(format!(
                            "{}: {query}\n{}",
                            recipe.title,
                            laid_out(&answer.text)
                        ));
                    }
                    let (before, after) = rest.split_once("```answer\n").unwrap();
                    fresh += &format!("{before}```answer\n{}", laid_out(&answer.text));
                    rest = after.split_at(text.len()).1;
                }
                _ => {}
            }
        }
    }
    fresh += rest;
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(path(), fresh).unwrap();
        return;
    }
    assert!(
        differing.is_empty(),
        "UPDATE_DOCS=1 would write these answers into {DOCUMENT}:\n\n{}",
        differing.join("\n")
    );
}
