//! `sudare policy`. Each command is a file of its own.

mod check;

use std::process::ExitCode;

use clap::Subcommand;

use crate::config::Config;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Load the policies and list everything that is wrong with them
    Check,
}

pub(super) fn run(config: &Config, command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Check => check::run(config).map(|()| ExitCode::SUCCESS),
    }
}
