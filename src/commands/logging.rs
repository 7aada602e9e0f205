//! Where events go: standard error, as lines for eyes or for machines.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat, LogLevel};

/// Starts the log. The level is that of Sudare's own crates. What lies beneath may warn at most: at lower levels libraries
/// print statements, headers and rows; sqlx prints slow statements even as warnings.
pub(super) fn start(log: &Log) {
    let level = match log.level {
        LogLevel::Error => "error",
        LogLevel::Warn => "warn",
        LogLevel::Info => "info",
        LogLevel::Debug => "debug",
        LogLevel::Trace => "trace",
    };
    let filter = EnvFilter::new(format!(
        "warn,sqlx=error,sudare={level},sudare_policies={level},sudare_entities={level}"
    ));
    let events = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(log.format == LogFormat::Pretty && std::io::stderr().is_terminal())
        // A full disk must not end a request: by default a line that cannot be written is a panic.
        .log_internal_errors(false);
    let started = match log.format {
        LogFormat::Pretty => events.try_init(),
        LogFormat::Json => events.json().flatten_event(true).try_init(),
    };
    if started.is_err() {
        tracing::debug!("the log has been started before");
    }
}
