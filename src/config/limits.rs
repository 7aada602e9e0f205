//! What one request may cost.

use serde::{Deserialize, Serialize};

/// The limits of a request. Each refusal names the limit and its value.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Bytes of a request's body.
    pub max_body_bytes: usize,
    /// Lexical tokens of a document.
    pub max_document_tokens: usize,
    /// Levels of nested selections.
    pub max_depth: usize,
    /// Aliases in an operation, fragments expanded.
    pub max_aliases: usize,
    /// Selected fields of an operation, fragments expanded.
    pub max_fields: usize,
    /// Cells that an operation may ask for: fields times the page sizes above them.
    pub max_cost: u64,
    /// Nodes of one page.
    pub max_page_size: u64,
    /// Nodes of a page that names no size.
    pub default_page_size: u64,
    /// Values that one filter may compare with, and keys that one order may have.
    pub max_list: usize,
    /// Requests in one batch.
    pub max_batch: usize,
    /// Lookups that one principal may make in an hour.
    pub lookups_per_hour: u32,
    /// Milliseconds that the SQL statements of one request may take, the wait for a connection included.
    pub statement_timeout_ms: u64,
    /// Milliseconds from the first byte of a request to its answer.
    pub request_timeout_ms: u64,
    /// Milliseconds that requests in flight get to finish when the server stops.
    pub drain_timeout_ms: u64,
    /// Open connections; more of them wait.
    pub max_connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_body_bytes: 256 * 1024,
            max_document_tokens: 5_000,
            max_depth: 12,
            max_aliases: 50,
            max_fields: 2_000,
            max_cost: 200_000,
            max_page_size: 1_000,
            default_page_size: 50,
            max_list: 1_000,
            max_batch: 10,
            lookups_per_hour: 100,
            statement_timeout_ms: 5_000,
            request_timeout_ms: 15_000,
            drain_timeout_ms: 20_000,
            max_connections: 512,
        }
    }
}

impl Limits {
    /// What does not go together: (key, what is wrong with it).
    pub(super) fn faults(&self) -> Vec<(&'static str, String)> {
        let Self { max_page_size, .. } = self;
        let at_least_one = [
            ("limits.max_body_bytes", self.max_body_bytes),
            ("limits.max_document_tokens", self.max_document_tokens),
            ("limits.max_depth", self.max_depth),
            ("limits.max_fields", self.max_fields),
            (
                "limits.max_page_size",
                usize::try_from(self.max_page_size).unwrap_or(usize::MAX),
            ),
            (
                "limits.default_page_size",
                usize::try_from(self.default_page_size).unwrap_or(usize::MAX),
            ),
            ("limits.max_list", self.max_list),
            ("limits.max_batch", self.max_batch),
            ("limits.max_connections", self.max_connections),
        ];
        let mut faults: Vec<_> = at_least_one
            .into_iter()
            .filter(|(_, value)| *value == 0)
            .map(|(key, _)| (key, "must be at least 1".to_owned()))
            .collect();
        let times = [
            ("limits.statement_timeout_ms", self.statement_timeout_ms),
            ("limits.request_timeout_ms", self.request_timeout_ms),
        ];
        for (key, value) in times {
            if value == 0 {
                faults.push((key, "must be at least 1".to_owned()));
            }
        }
        if self.lookups_per_hour == 0 {
            let text = "must be at least 1: whom no rule grants `lookup` makes none".to_owned();
            faults.push(("limits.lookups_per_hour", text));
        }
        if self.max_cost == 0 {
            faults.push(("limits.max_cost", "must be at least 1".to_owned()));
        }
        if self.default_page_size > *max_page_size {
            let text =
                format!("must not be above `limits.max_page_size`, which is {max_page_size}");
            faults.push(("limits.default_page_size", text));
        }
        if self.max_connections > tokio::sync::Semaphore::MAX_PERMITS {
            faults.push((
                "limits.max_connections",
                "is more than any machine has".to_owned(),
            ));
        }
        faults
    }
}
