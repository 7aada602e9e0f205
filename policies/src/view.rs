//! What one principal may see at one time.

use std::ops::Deref;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::set::{PolicySet, Principal};
use crate::sight::Sight;

/// The policies as they are for one principal at one time, for one request: its sight, and who it is.
///
/// What a view says through its [`Sight`] is the same for everybody who has that sight. Who asks, and when, is known to the view
/// alone, and ends with the request.
#[derive(Debug)]
pub struct View {
    set: Arc<PolicySet>,
    sight: Arc<Sight>,
    principal: Arc<Principal>,
    now: DateTime<Utc>,
    dropped: usize,
}

impl View {
    pub(crate) fn new(
        set: Arc<PolicySet>,
        sight: Arc<Sight>,
        principal: Arc<Principal>,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            set,
            sight,
            principal,
            now,
            dropped: 0,
        }
    }

    pub(crate) fn with_dropped(mut self, dropped: usize) -> Self {
        self.dropped = dropped;
        self
    }

    /// The principal, with the roles that the policies know.
    #[must_use]
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The time for which all of this is settled.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// How many roles of the principal the policies do not know.
    #[must_use]
    pub fn dropped_roles(&self) -> usize {
        self.dropped
    }

    /// What principals of the same fingerprint share: it may outlive the request.
    #[must_use]
    pub fn sight(&self) -> &Arc<Sight> {
        &self.sight
    }

    /// The policies behind the view.
    pub(crate) fn policies(&self) -> &Arc<PolicySet> {
        &self.set
    }

    pub(crate) fn set(&self) -> &PolicySet {
        &self.set
    }
}

/// All that may be seen is known to the sight.
impl Deref for View {
    type Target = Sight;

    fn deref(&self) -> &Sight {
        &self.sight
    }
}
