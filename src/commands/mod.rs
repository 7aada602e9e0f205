//! The command line. Each command is a file of its own; what several of them open is in `open`.

mod demo;
mod index;
mod keys;
mod logging;
mod mask;
mod open;
mod policy;
mod reload;
mod schema;
mod seed;
mod serve;
mod terminal;
mod token;

use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::{Parser, Subcommand};

use crate::config::{Config, Overrides, SETTINGS, Sources};
use crate::server::layers::log_panics;

pub use keys::{KeyError, Keys};

/// How long the last blocking work may take to notice that the server has stopped.
const LAST_WORK: Duration = Duration::from_secs(1);

/// A GraphQL gateway in which every field of every answer passes a policy and a mask
///
/// Every setting can stand in `sudare.toml`, in a `SUDARE_*` variable, or in a flag; the later ones win. Secrets are
/// `SUDARE_JWT_SECRET` and `SUDARE_MASKING_KEY`, or files of these names with `_FILE` at the end.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Cli {
    /// Configuration file [default: sudare.toml if there is one]
    #[arg(long, global = true, env = "SUDARE_CONFIG", value_name = "FILE", help_heading = SETTINGS)]
    config: Option<PathBuf>,
    #[command(flatten)]
    overrides: Overrides,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer GraphQL over HTTP
    Serve(serve::Arguments),
    /// Fill a database with fake customers and their histories
    Seed(seed::Arguments),
    /// Give all rows the indexes by which they are looked up
    ///
    /// Needed once after an update that brought the indexes, after a new masking key or a new `check` in masking.toml, and after others
    /// have written to the database. The server may run meanwhile.
    Index,
    /// Print the schema of everything, or of what some roles can use, as SDL
    Schema(schema::Arguments),
    /// Print a token and nothing else
    Token(token::Arguments),
    /// List the maskers, and try them on values
    #[command(subcommand)]
    Mask(mask::Command),
    /// Check, explain, test and show the policies
    #[command(subcommand)]
    Policy(policy::Command),
}

/// Runs one command. Its error is for the person at the terminal.
pub fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let mut overrides = cli.overrides;
    if let Command::Serve(arguments) = &cli.command {
        overrides.listen.clone_from(&arguments.listen);
    }
    let config = Config::load(&Sources {
        file: cli.config.as_deref(),
        environment: std::env::vars_os().collect(),
        flags: &overrides,
    })?;
    logging::start(&config.log);
    log_panics();
    match cli.command {
        Command::Serve(arguments) => on_runtime(serve::run(&config, &arguments)),
        Command::Seed(arguments) => on_runtime(seed::run(&config, &arguments)),
        Command::Index => on_runtime(index::run(&config)),
        Command::Schema(arguments) => schema::run(&config, &arguments).map(|()| ExitCode::SUCCESS),
        Command::Token(arguments) => token::run(&config, &arguments).map(|()| ExitCode::SUCCESS),
        Command::Mask(command) => mask::run(&command).map(|()| ExitCode::SUCCESS),
        Command::Policy(command) => policy::run(&config, &command),
    }
}

fn on_runtime<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let result = runtime.block_on(work);
    // Dropping the runtime would wait for blocking work without end.
    runtime.shutdown_timeout(LAST_WORK);
    result
}

/// Writes to standard output, which is for results; the log goes to standard error. Whoever reads as much as they want, as
/// `head` does, has not made a mistake.
fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("standard output cannot be written"),
    }
}

/// An error with its causes, each said once: some put the text of their cause into their own.
pub fn told(error: &anyhow::Error) -> String {
    let mut causes: Vec<String> = Vec::new();
    for cause in error.chain().map(ToString::to_string) {
        if !causes.iter().any(|before| before.contains(&cause)) {
            causes.push(cause);
        }
    }
    legible(&causes.join(": "))
}

/// The text without what would steer a terminal, or change the order of what is read there: names of cases, claims and values are not ours.
fn legible(text: &str) -> String {
    let steers = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    text.replace(steers, "\u{FFFD}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn what_is_not_ours_does_not_steer_a_terminal() {
        assert_eq!(
            legible("a\u{1b}[31m\u{7}\u{9b}1m\u{202e}b\n\tЇ 张"),
            "a\u{FFFD}[31m\u{FFFD}\u{FFFD}1m\u{FFFD}b\n\tЇ 张"
        );
    }

    #[test]
    fn an_error_says_each_cause_once() {
        let error = anyhow::anyhow!("no such database")
            .context("refused: no such database")
            .context("it cannot be reached");
        assert_eq!(
            told(&error),
            "it cannot be reached: refused: no such database"
        );
    }

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_secret_is_no_flag() {
        let help = Cli::command().render_long_help().to_string();
        assert!(
            !help.contains("--jwt-secret") && !help.contains("--masking-key"),
            "{help}"
        );
    }
}
