//! `sudare mask`: the maskers, and what each of them makes of a value.

mod attempt;
mod list;

use clap::Subcommand;

#[derive(Clone, Debug, Subcommand)]
pub(super) enum Command {
    /// List the maskers: what each takes, promises and shows at most
    List(list::Arguments),
    /// Show what a masker makes of a value, and how many values look the same
    Try(attempt::Arguments),
}

pub(super) fn run(command: &Command) -> anyhow::Result<()> {
    match command {
        Command::List(arguments) => list::run(arguments),
        Command::Try(arguments) => attempt::run(arguments),
    }
}
