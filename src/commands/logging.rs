//! Where events go: standard error, as lines for eyes or for machines.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat, LogLevel};
use crate::lookup::TARGET as AUDIT;
use crate::server::layers::REQUEST;

/// Starts the log. The level is that of Sudare's own crates. What lies beneath may warn at most: at lower levels libraries
/// print statements, headers and rows; sqlx prints slow statements even as warnings. What is left on record is, at every level, with
/// the id of its request.
pub(super) fn start(log: &Log) {
    let events = tracing_subscriber::fmt()
        .with_env_filter(filter(log.level))
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

fn filter(level: LogLevel) -> EnvFilter {
    let level = match level {
        LogLevel::Error => "error",
        LogLevel::Warn => "warn",
        LogLevel::Info => "info",
        LogLevel::Debug => "debug",
        LogLevel::Trace => "trace",
    };
    EnvFilter::new(format!(
        "warn,sqlx=error,sudare={level},sudare_policies={level},sudare_entities={level},{AUDIT}=info,{REQUEST}=info"
    ))
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_is_left_on_record_is_there_at_every_level() {
        let lines = Lines::default();
        let writer = lines.clone();
        let events = tracing_subscriber::fmt()
            .with_env_filter(filter(LogLevel::Error))
            .with_writer(move || writer.clone())
            .with_ansi(false)
            .finish();
        tracing::subscriber::with_default(events, || {
            let span = tracing::info_span!(target: REQUEST, "request", request.id = "7");
            let _in_it = span.enter();
            tracing::info!(target: AUDIT, "lookup");
            tracing::warn!("something else");
        });
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert!(
            text.contains("lookup") && text.contains("request.id=\"7\""),
            "{text}"
        );
        assert!(!text.contains("something else"), "{text}");
    }
}
