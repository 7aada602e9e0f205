//! `sudare policy test`: the policies held against the cases beside them.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use sudare_entities::Catalog;
use sudare_policies::testing::{self, Coverage, Outcome, TestFile};

use super::load;
use crate::commands::{legible, print};
use crate::config::Config;

/// Where the cases are, in the folder of the policies.
const FOLDER: &str = "tests";

#[derive(Args, Debug)]
pub(in crate::commands) struct Arguments {
    /// Run only cases whose file or name has this in it
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// List the rules and fields that no case tests
    #[arg(long)]
    missing: bool,
    /// For eyes, or for machines
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub(super) fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    // What a case expects is the same everywhere.
    let set = load(&config.policies, &Catalog::new()?)?;
    let files = read(&config.policies.join(FOLDER))?;
    let outcome = testing::run(&Arc::new(set), &files, arguments.filter.as_deref())?;
    if let (0, Some(filter)) = (outcome.cases, &arguments.filter) {
        anyhow::bail!("no file and no case has `{filter}` in its name");
    }
    match arguments.format {
        Format::Text => print(legible(&text(&outcome, arguments)).trim_end())?,
        Format::Json => print(&serde_json::to_string_pretty(&outcome)?)?,
    }
    Ok(match outcome.failures.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// The files of cases, in the order of their names.
fn read(folder: &Path) -> anyhow::Result<Vec<TestFile>> {
    let about = |path: &Path| format!("cannot read `{}`", path.display());
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| about(folder))? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            paths.push(path);
        }
    }
    paths.sort();
    anyhow::ensure!(
        !paths.is_empty(),
        "`{}` holds no `.yaml` file: write the first case",
        folder.display()
    );
    let file = |path: std::path::PathBuf| {
        Ok(TestFile {
            text: std::fs::read_to_string(&path).with_context(|| about(&path))?,
            path: path.display().to_string(),
        })
    };
    paths.into_iter().map(file).collect()
}

/// The outcome for eyes. Writing to a text cannot fail.
fn text(outcome: &Outcome, arguments: &Arguments) -> String {
    let mut text = String::new();
    for failure in &outcome.failures {
        writeln!(
            text,
            "{}:{}: {}\n  {}: expected {}, got {}{}",
            failure.file,
            failure.line,
            failure.case,
            failure.what,
            failure.expected,
            failure.got,
            decided(&failure.decided_by),
        )
        .ok();
    }
    writeln!(
        text,
        "{} {}, {} checks: {}",
        outcome.cases,
        if outcome.cases == 1 { "case" } else { "cases" },
        outcome.checks,
        match outcome.failures.len() {
            0 => "all as expected".to_owned(),
            failed => format!("{failed} failed"),
        }
    )
    .ok();
    // A part of the cases says nothing about what all of them leave out.
    if arguments.filter.is_none() {
        coverage(&mut text, &outcome.coverage, arguments.missing);
    }
    text
}

fn coverage(text: &mut String, coverage: &Coverage, missing: bool) {
    writeln!(
        text,
        "{} of {} rules decided an expectation ({} %), {} of {} fields were looked at ({} %)",
        coverage.rules_tested,
        coverage.rules,
        coverage.rule_percentage(),
        coverage.fields_tested,
        coverage.fields,
        coverage.field_percentage(),
    )
    .ok();
    let rest = coverage.untested_rules.len() + coverage.untested_fields.len();
    if rest > 0 && !missing {
        writeln!(text, "`--missing` lists the others").ok();
    }
    if missing {
        for rule in &coverage.untested_rules {
            writeln!(text, "  line {} decided nothing: {}", rule.line, rule.rule).ok();
        }
        for field in &coverage.untested_fields {
            writeln!(text, "  nobody looked at {field}").ok();
        }
    }
}

fn decided(lines: &[usize]) -> String {
    let lines: Vec<String> = lines.iter().map(usize::to_string).collect();
    match lines.len() {
        0 => "; no rule grants more".to_owned(),
        1 => format!("; line {} of policy.csv decided", lines.join("")),
        _ => format!("; lines {} of policy.csv decided", lines.join(", ")),
    }
}
