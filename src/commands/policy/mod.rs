//! `sudare policy`. Each command is a file of its own.

mod check;
mod diff;
mod explain;
mod lint;
mod matrix;
mod test;

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Subcommand;
use sudare_entities::Catalog;
use sudare_policies::report::Report;
use sudare_policies::{MaskingKeys, PolicyErrors, PolicySet, testing};

use super::terminal::Terminal;
use super::{on_runtime, open, print};
use crate::config::Config;
use crate::shape::shape;

/// How wide a report is that goes to no terminal.
const PAGE: usize = 140;

#[derive(Debug, Subcommand)]
pub(in crate::commands) enum Command {
    /// Load the policies, list everything that is wrong with them, and hold every decision against casbin's
    Check,
    /// Tell why somebody sees what they see: each rule, each comparison, and which rule decided
    Explain(explain::Arguments),
    /// Hold the policies against the cases in their `tests` folder
    Test(test::Arguments),
    /// Look for what loads and is hardly meant: rules that decide nothing, masks that nobody gets, and the like
    Lint(lint::Arguments),
    /// Show who sees what: roles by fields
    Matrix(matrix::Arguments),
    /// Tell what one folder of policies discloses more than another, and what less
    ///
    /// Ends with 1 if anything is disclosed that was not, or may be; with 0 if nothing is; with 2 if one of the two does not load.
    Diff(diff::Arguments),
}

pub(in crate::commands) fn run(config: &Config, command: &Command) -> anyhow::Result<ExitCode> {
    let error = match perform(config, command) {
        Ok(code) => return Ok(code),
        Err(error) => error,
    };
    // What is wrong with a file is shown where it stands.
    let Some(errors) = error.downcast_ref::<PolicyErrors>() else {
        return Err(error);
    };
    complain(errors)?;
    Ok(ExitCode::FAILURE)
}

/// Shows what is wrong with policies, where it stands.
fn complain(errors: &PolicyErrors) -> anyhow::Result<()> {
    let shown = report(&Terminal::error()).errors(errors);
    writeln!(std::io::stderr().lock(), "{shown}").context("standard error cannot be written")
}

fn perform(config: &Config, command: &Command) -> anyhow::Result<ExitCode> {
    let set = || open::policy_set(config).map(Arc::new);
    match command {
        Command::Check => check::run(config, &set()?),
        Command::Explain(arguments) => {
            on_runtime(explain::run(config, arguments)).map(|()| ExitCode::SUCCESS)
        }
        Command::Lint(arguments) => lint::run(config, &*set()?, arguments),
        Command::Matrix(arguments) => matrix::run(&set()?, arguments),
        Command::Test(arguments) => test::run(config, arguments),
        Command::Diff(arguments) => diff::run(arguments),
    }
}

/// The policies of a folder as they read everywhere: under the key of the tests, not under the server's.
fn load(folder: &Path, catalog: &Catalog) -> Result<PolicySet, PolicyErrors> {
    let keys = MaskingKeys::lenient(testing::key());
    PolicySet::load(folder, &shape(catalog), keys)
}

fn report(terminal: &Terminal) -> Report {
    Report::new(terminal.colours, terminal.width.map_or(PAGE, usize::from))
}
