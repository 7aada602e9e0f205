//! `sudare policy`. Each command is a file of its own.

mod check;
mod explain;
mod test;

use std::process::ExitCode;

use clap::Subcommand;

use crate::config::Config;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Load the policies and list everything that is wrong with them
    Check,
    /// Tell why somebody sees what they see: each rule, each comparison, and which rule decided
    Explain(explain::Arguments),
    /// Hold the policies against the cases in their `tests` folder
    Test(test::Arguments),
}

pub(super) fn run(config: &Config, command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Check => check::run(config).map(|()| ExitCode::SUCCESS),
        Command::Test(arguments) => test::run(config, arguments),
        Command::Explain(arguments) => explain::run(config, arguments).map(|()| ExitCode::SUCCESS),
    }
}
