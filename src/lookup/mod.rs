//! What stands around lookups: how many a principal may make, whether their index can be trusted, and what is left on record.

mod quota;

use std::sync::Arc;
use std::time::{Duration, Instant};

use moka::sync::Cache;
use sea_orm::DatabaseConnection;
use sudare_policies::View;
use tokio::sync::Mutex;

use crate::answer::{ErrorCode, RequestError};
use crate::blind::{BlindIndex, is_whole};
use crate::plan::{Lookup, Plan};
pub use quota::Clock;
use quota::Quota;

/// For how long an index is taken to be whole that was found so. It stays whole unless somebody writes past the gateway, or with
/// another key; then lookups would miss rows for no longer than this.
const TRUSTED: Duration = Duration::from_secs(10 * 60);

/// The target of the records, by which they can be told from the rest of the log.
pub(crate) const TARGET: &str = "sudare::audit";

/// All that is known of lookups from one request to the next.
#[derive(Clone, Debug)]
pub(crate) struct Lookups {
    quota: Arc<Quota>,
    looking: Arc<Looking>,
}

/// Looks whether indexes are whole.
#[derive(Debug)]
struct Looking {
    database: DatabaseConnection,
    /// By their marks, the indexes that are.
    whole: Cache<String, ()>,
    /// One looks, the others wait for what it finds.
    turn: Mutex<()>,
}

impl Lookups {
    pub(crate) fn new(limit: u32, database: DatabaseConnection) -> Self {
        let looking = Looking {
            database,
            whole: Cache::builder()
                .max_capacity(1_000)
                .time_to_live(TRUSTED)
                .build(),
            turn: Mutex::new(()),
        };
        Self {
            quota: Arc::new(Quota::new(limit, Arc::new(Instant::now))),
            looking: Arc::new(looking),
        }
    }

    /// Tells the time by another clock.
    pub(crate) fn with_clock(self, clock: Clock) -> Self {
        let quota = Arc::new(Quota::new(self.quota.limit(), clock));
        Self { quota, ..self }
    }

    /// Lets the lookups of a plan be made. The principal must have as many left, whatever they will find.
    pub(crate) async fn admit<'r>(
        &self,
        view: &'r View,
        plan: &'r Plan,
    ) -> Result<Record<'r>, RequestError> {
        let lookups: Vec<&Lookup> = plan.lookups().collect();
        let count = u32::try_from(lookups.len()).unwrap_or(u32::MAX);
        if !self.quota.take(view, count) {
            let message = format!(
                "looking for values is limited: the limit `lookups_per_hour` is {}, and each lookup of a request counts, found or not; try again later",
                self.quota.limit()
            );
            tracing::warn!(
                target: TARGET,
                principal = view.principal().id,
                audience = view.audience(),
                roles = roles(view),
                lookups = count,
                "lookup refused: the quota is used up"
            );
            return Err(RequestError::new(ErrorCode::RateLimited, message));
        }
        let record = Record {
            view,
            lookups,
            is_written: false,
        };
        for lookup in &record.lookups {
            self.trusted(lookup).await?;
        }
        Ok(record)
    }

    /// Refuses a lookup that might not find what is there.
    async fn trusted(&self, lookup: &Lookup) -> Result<(), RequestError> {
        let index = &lookup.index;
        let marks = index.marks();
        if self.looking.whole.contains_key(&marks) {
            return Ok(());
        }
        let (looking, asked) = (Arc::clone(&self.looking), Arc::clone(index));
        // It goes on although nobody waits any more: a large table takes its time, and whoever asks next finds what was found.
        let found = tokio::spawn(async move { looking.look(&asked, marks).await });
        match found.await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => {
                tracing::warn!(
                    coordinate = lookup.coordinate,
                    "rows have no index for lookups, or one of another key: run `sudare index`"
                );
                let message = format!(
                    "`{}` cannot be looked up yet, its index is not complete: whoever runs the server mends that by `sudare index`",
                    lookup.coordinate
                );
                let error = RequestError::new(ErrorCode::ServiceUnavailable, message);
                Err(error.about(&lookup.coordinate))
            }
            Ok(Err(error)) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the database did not answer"
                );
                Err(unavailable())
            }
            Err(_) => Err(unavailable()),
        }
    }
}

impl Looking {
    async fn look(&self, index: &BlindIndex, marks: String) -> Result<bool, sea_orm::DbErr> {
        let _turn = self.turn.lock().await;
        if self.whole.contains_key(&marks) {
            return Ok(true);
        }
        let whole = is_whole(&self.database, index).await?;
        if whole {
            self.whole.insert(marks, ());
        }
        Ok(whole)
    }
}

fn roles(view: &View) -> String {
    let roles = view.principal().roles.iter().map(String::as_str);
    roles.collect::<Vec<_>>().join(" ")
}

fn unavailable() -> RequestError {
    RequestError::new(
        ErrorCode::ServiceUnavailable,
        "the database does not answer: try again",
    )
}

/// The record of the lookups of a request: one event each, of who asked, by what, and how many rows were found. Never of the value:
/// the record would be what the mask is there to hide. It is written when the answer is, or when there will be none.
#[derive(Debug)]
pub(crate) struct Record<'r> {
    view: &'r View,
    lookups: Vec<&'r Lookup>,
    is_written: bool,
}

impl Record<'_> {
    /// Writes how many rows each lookup has found.
    pub(crate) fn found(mut self, found: &[usize]) {
        self.is_written = true;
        for (lookup, found) in self.lookups.iter().zip(found) {
            self.write(lookup, Some(*found));
        }
    }

    fn write(&self, lookup: &Lookup, found: Option<usize>) {
        let principal = self.view.principal();
        tracing::info!(
            target: TARGET,
            principal = principal.id,
            audience = self.view.audience(),
            roles = roles(self.view),
            coordinate = lookup.coordinate,
            found,
            "lookup"
        );
    }
}

impl Drop for Record<'_> {
    /// Of a lookup that failed, or whose answer nobody waited for, it is not known what it found.
    fn drop(&mut self) {
        if !self.is_written {
            for lookup in &self.lookups {
                self.write(lookup, None);
            }
        }
    }
}
