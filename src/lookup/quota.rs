//! How many lookups a principal has left.
//!
//! A grant to look up is a way to try values, one at a time. So there are no more of them than a person needs in an hour.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use sudare_policies::View;

/// Principals whose lookups are counted. Whoever was quiet for longest is forgotten first, and an hour forgets everybody.
const PRINCIPALS: u64 = 100_000;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Lookups of one minute are counted together, so that it is no matter how many may be made.
const MINUTE: Duration = Duration::from_secs(60);

/// What time it is; tests have clocks of their own.
pub type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// The lookups of all principals in the last hour.
pub(crate) struct Quota {
    /// How many each may make in an hour.
    limit: u32,
    clock: Clock,
    known: Cache<(String, String), Arc<Mutex<Made>>>,
}

/// How many lookups were made in which minute; the oldest first. Minutes begin with the first lookup of each.
#[derive(Debug, Default)]
struct Made(VecDeque<(Instant, u32)>);

impl Quota {
    pub(crate) fn new(limit: u32, clock: Clock) -> Self {
        Self {
            limit,
            clock,
            known: Cache::builder()
                .max_capacity(PRINCIPALS)
                // The usual policy may refuse a newcomer while others are busier, and so never count it.
                .eviction_policy(EvictionPolicy::lru())
                .time_to_idle(HOUR + MINUTE)
                .build(),
        }
    }

    pub(crate) fn limit(&self) -> u32 {
        self.limit
    }

    /// Counts so many lookups of the principal. If that would be more than it may make, none of them is counted.
    pub(crate) fn take(&self, view: &View, lookups: u32) -> bool {
        let whose = (view.audience().to_owned(), view.principal().id.clone());
        let made = self.known.get_with(whose, Arc::default);
        let mut made = made.lock().unwrap_or_else(PoisonError::into_inner);
        made.take(lookups, self.limit, (self.clock)())
    }
}

impl Made {
    fn take(&mut self, lookups: u32, limit: u32, now: Instant) -> bool {
        // The lookups of a minute are forgotten when the last that there may have been is an hour old: there are never more in an hour.
        let is_over = |since: &Instant| now.saturating_duration_since(*since) >= HOUR + MINUTE;
        while self.0.front().is_some_and(|(since, _)| is_over(since)) {
            self.0.pop_front();
        }
        let made: u32 = self.0.iter().map(|(_, count)| count).sum();
        if made.saturating_add(lookups) > limit {
            return false;
        }
        match self.0.back_mut() {
            Some((since, count)) if now.saturating_duration_since(*since) < MINUTE => {
                *count += lookups;
            }
            _ => self.0.push_back((now, lookups)),
        }
        true
    }
}

impl std::fmt::Debug for Quota {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Quota")
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn after(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn whoever_has_used_all_waits_until_they_are_an_hour_old() {
        let start = Instant::now();
        let mut made = Made::default();
        assert!(made.take(2, 3, start));
        assert!(!made.take(2, 3, after(start, 1)), "all or none");
        assert!(made.take(1, 3, after(start, 59)));
        assert!(!made.take(1, 3, after(start, 3_600)));
        assert!(!made.take(1, 3, after(start, 3_659)));
        assert!(made.take(3, 3, after(start, 3_660)));
        assert!(!made.take(1, 3, after(start, 3_661)));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_hour_has_more_than_the_limit_and_few_minutes_are_kept(
            steps in proptest::collection::vec((0_u64..400, 1_u32..4), 1..200),
            limit in 1_u32..20,
        ) {
            let start = Instant::now();
            let mut made = Made::default();
            let (mut now, mut taken) = (0, Vec::new());
            for (pause, lookups) in steps {
                now += pause;
                if made.take(lookups, limit, after(start, now)) {
                    taken.push((now, lookups));
                }
                let last_hour = taken.iter().filter(|(at, _)| now - at < 3_600);
                let last_hour: u32 = last_hour.map(|(_, lookups)| lookups).sum();
                prop_assert!(last_hour <= limit);
                prop_assert!(made.0.len() <= 62);
            }
        }
    }
}
