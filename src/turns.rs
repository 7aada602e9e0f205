//! Turns: one principal runs no more plans at a time than leave readers for the others.

use std::sync::Arc;

use moka::Equivalent;
use moka::sync::Cache;
use sudare_policies::View;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

/// Principals whose turns are counted.
const PRINCIPALS: u64 = 10_000;

/// The turns of all principals.
#[derive(Debug)]
pub(crate) struct Turns {
    /// Plans that each may have running.
    each: usize,
    known: Cache<Whose, Arc<Semaphore>>,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Whose {
    audience: String,
    subject: String,
}

/// A [`Whose`] that is looked for. It has the same hash, since a `str` has that of its `String`.
#[derive(Hash)]
struct Asked<'v> {
    audience: &'v str,
    subject: &'v str,
}

impl Equivalent<Whose> for Asked<'_> {
    fn equivalent(&self, known: &Whose) -> bool {
        self.audience == known.audience && self.subject == known.subject
    }
}

impl Turns {
    pub(crate) fn new(each: usize) -> Self {
        Self {
            each,
            known: Cache::new(PRINCIPALS),
        }
    }

    /// Waits until the principal may run another plan.
    pub(crate) async fn take(&self, view: &View) -> Result<OwnedSemaphorePermit, AcquireError> {
        let asked = Asked {
            audience: view.audience(),
            subject: &view.principal().id,
        };
        let turns = match self.known.get(&asked) {
            Some(turns) => turns,
            None => self.first(&asked),
        };
        turns.acquire_owned().await
    }

    fn first(&self, asked: &Asked<'_>) -> Arc<Semaphore> {
        let whose = Whose {
            audience: asked.audience.to_owned(),
            subject: asked.subject.to_owned(),
        };
        let turns = || Arc::new(Semaphore::new(self.each));
        self.known.get_with(whose, turns)
    }
}
