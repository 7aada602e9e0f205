//! `sudare policy`. Each command is a file of its own.

mod check;
mod lint;
mod matrix;

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Subcommand;
use sudare_policies::report::Report;
use sudare_policies::{PolicyErrors, PolicySet};

use super::terminal::Terminal;
use super::{open, print};
use crate::config::Config;

/// How wide a report is that goes to no terminal.
const PAGE: usize = 140;

#[derive(Debug, Subcommand)]
pub(in crate::commands) enum Command {
    /// Load the policies, list everything that is wrong with them, and hold every decision against casbin's
    Check,
    /// Look for what loads and is hardly meant: rules that decide nothing, masks that nobody gets, and the like
    Lint(lint::Arguments),
    /// Show who sees what: roles by fields
    Matrix(matrix::Arguments),
}

pub(in crate::commands) fn run(config: &Config, command: &Command) -> anyhow::Result<ExitCode> {
    let Some(set) = load(config)? else {
        return Ok(ExitCode::FAILURE);
    };
    match command {
        Command::Check => check::run(config, &set),
        Command::Lint(arguments) => lint::run(config, &set, arguments),
        Command::Matrix(arguments) => matrix::run(&set, arguments),
    }
}

/// The policies; if something is wrong with them, it is told and there are none.
fn load(config: &Config) -> anyhow::Result<Option<Arc<PolicySet>>> {
    let error = match open::policy_set(config) {
        Ok(set) => return Ok(Some(Arc::new(set))),
        Err(error) => error,
    };
    let Some(errors) = error.downcast_ref::<PolicyErrors>() else {
        return Err(error);
    };
    let shown = report(&Terminal::error()).errors(errors);
    writeln!(std::io::stderr().lock(), "{shown}").context("standard error cannot be written")?;
    Ok(None)
}

fn report(terminal: &Terminal) -> Report {
    Report::new(terminal.colours, terminal.width.map_or(PAGE, usize::from))
}
