//! `sudare policy`.

use clap::Subcommand;

use crate::config::Config;

use super::{open, print};

#[derive(Clone, Copy, Debug, Subcommand)]
pub(super) enum Command {
    /// Load the policies and list everything that is wrong with them
    Check,
}

pub(super) fn run(config: &Config, command: &Command) -> anyhow::Result<()> {
    match command {
        Command::Check => print(&open::check_policies(config)?),
    }
}
