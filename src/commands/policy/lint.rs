//! `sudare policy lint`.

use std::process::ExitCode;

use chrono::Utc;
use clap::{Args, ValueEnum};
use serde_json::{Value as Json, json};
use sudare_policies::PolicySet;
use sudare_policies::lint::Finding;

use super::{Terminal, print, report};
use crate::config::Config;

#[derive(Args, Debug)]
pub(in crate::commands) struct Arguments {
    /// Fail if there is anything to warn of
    #[arg(long)]
    deny_warnings: bool,
    /// How to tell it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// As a compiler would
    Text,
    /// A list of objects
    Json,
}

pub(super) fn run(
    config: &Config,
    set: &PolicySet,
    arguments: &Arguments,
) -> anyhow::Result<ExitCode> {
    let findings = set.lint(Utc::now());
    match arguments.format {
        Format::Text if findings.is_empty() => {
            print(&format!("{}: no warnings", config.policies.display()))?;
        }
        Format::Text => print(&report(&Terminal::output()).findings(&findings))?,
        Format::Json => {
            let list: Vec<Json> = findings.iter().map(object).collect();
            print(&serde_json::to_string_pretty(&list)?)?;
        }
    }
    Ok(match arguments.deny_warnings && !findings.is_empty() {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

fn object(finding: &Finding) -> Json {
    let told = &finding.told;
    json!({
        "id": finding.lint.id(),
        "file": told.file,
        "line": told.line,
        "column": told.column,
        "length": told.length,
        "message": told.message,
        "cure": told.cure,
    })
}
