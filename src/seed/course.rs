//! The course of a customer: when one came, went, came back, and what one allowed meanwhile.

use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use sudare_entities::customer::LifecycleStage;
use sudare_policies::persons::Country;

use super::calendar::{BEGIN, END, days_before_end, midnight, moment};
use super::rhythm::SHOPPING;
use super::stream::Stream;

/// A customer has stopped buying after this many days without an order.
pub(super) const LOST_AFTER_DAYS: i64 = 400;
/// Nobody who buys stays away longer between two orders, but for a break.
pub(super) const LONGEST_GAP_DAYS: i64 = 330;
/// Who is here as long as this may have had a break.
const BREAK_AFTER_DAYS: i64 = 900;

/// When a customer came and how far it went.
#[derive(Clone, Copy, Debug)]
pub(super) struct Course {
    pub(super) stage: LifecycleStage,
    pub(super) came: DateTime<Utc>,
    /// When a lost customer was here for the last time.
    left: Option<DateTime<Utc>>,
    /// A long time without an order, after which the customer came back.
    away: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// A time in which something was allowed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Permission {
    pub(super) given: DateTime<Utc>,
    pub(super) withdrawn: Option<DateTime<Utc>>,
}

impl Permission {
    /// The last instant at which it was still allowed.
    pub(super) fn until(self) -> DateTime<Utc> {
        self.withdrawn.unwrap_or(END)
    }
}

impl Course {
    /// The course of somebody born on this day: only grown-ups are recorded, and nobody is lost who came lately.
    pub(super) fn of(stream: &mut Stream, country: Country, birth: NaiveDate) -> Self {
        let grown_up = birth.checked_add_months(Months::new(18 * 12));
        let from = grown_up.map_or(BEGIN, midnight).max(BEGIN);
        let last = days_before_end(1);
        // The house grows: of two moments more often the later one.
        let one = SHOPPING.moment(stream, country, (from, last));
        let other = SHOPPING.moment(stream, country, (from, last));
        let came = if stream.chance(40) {
            one.max(other)
        } else {
            one
        };
        let stage = stage(stream, came);
        let mut course = Self {
            stage,
            came,
            left: None,
            away: None,
        };
        match stage {
            LifecycleStage::Lost => {
                let stayed = came + TimeDelta::days(20);
                course.left = Some(moment(stream, stayed, days_before_end(LOST_AFTER_DAYS)));
            }
            LifecycleStage::Active if came < days_before_end(BREAK_AFTER_DAYS) => {
                course.away = away(stream, came).filter(|_| stream.chance(24));
            }
            LifecycleStage::Active | LifecycleStage::Potential => {}
        }
        course
    }

    /// The last moment at which the customer was here.
    pub(super) fn until(&self) -> DateTime<Utc> {
        self.left.unwrap_or(END)
    }

    /// When the customer ordered, in order: the first time soon, then at a pace of its own, until it went.
    pub(super) fn orders(&self, stream: &mut Stream, country: Country) -> Vec<DateTime<Utc>> {
        if self.stage == LifecycleStage::Potential {
            return Vec::new();
        }
        let soon = self.until().min(self.came + TimeDelta::days(60));
        let mut at = SHOPPING.moment(stream, country, (self.came, soon));
        let mut orders = vec![at];
        let pace = stream.weighted(&[(30, 3), (70, 9), (130, 28), (200, 60)]);
        while let Some(window) = self.next_order(at, pace) {
            at = SHOPPING.moment(stream, country, window);
            if let Some((_, back)) = self.away.filter(|away| away.0 <= at && at < away.1) {
                let settled = END.min(back + TimeDelta::days(45));
                at = SHOPPING.moment(stream, country, (back, settled));
            }
            orders.push(at);
        }
        orders
    }

    /// Between when and when the next order comes, if one does.
    fn next_order(&self, at: DateTime<Utc>, pace: i64) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let from = at + TimeDelta::days(pace / 3);
        let to = at + TimeDelta::days(LONGEST_GAP_DAYS.min(pace * 2));
        let last = self.until();
        (from < last).then(|| (from, to.min(last)))
    }

    /// What the customer allowed, in order: mostly soon, taken back by some, given again by few.
    pub(super) fn permissions(&self, stream: &mut Stream, percent: i64) -> Vec<Permission> {
        let lost = self.left.is_some();
        let soon = self.until().min(self.came + TimeDelta::days(60));
        let given = moment(stream, self.came, soon);
        let withdrawn = match self.left {
            Some(left) => moment(stream, left, END.min(left + TimeDelta::days(90))),
            None => moment(stream, given, END),
        };
        let again = moment(stream, withdrawn, END);
        let (allows, withdraws) = (
            stream.chance(percent),
            stream.chance(if lost { 45 } else { 16 }),
        );
        let relents = stream.chance(if lost { 4 } else { 30 }) && again > withdrawn;
        let mut permissions = Vec::new();
        if allows {
            let withdrawn = Some(withdrawn).filter(|_| withdraws);
            permissions.push(Permission { given, withdrawn });
        }
        if allows && withdraws && relents {
            permissions.push(Permission {
                given: again,
                withdrawn: None,
            });
        }
        permissions
    }
}

fn stage(stream: &mut Stream, came: DateTime<Utc>) -> LifecycleStage {
    let weights: &[_] = if came < days_before_end(LOST_AFTER_DAYS + 30) {
        &[
            (LifecycleStage::Potential, 13),
            (LifecycleStage::Active, 58),
            (LifecycleStage::Lost, 29),
        ]
    } else {
        &[
            (LifecycleStage::Potential, 40),
            (LifecycleStage::Active, 60),
        ]
    };
    stream.one_of(LifecycleStage::Active, weights)
}

/// A break that is longer than the longest gap, with time left to come back.
fn away(stream: &mut Stream, came: DateTime<Utc>) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let gone = moment(
        stream,
        came + TimeDelta::days(90),
        days_before_end(LOST_AFTER_DAYS + 120),
    );
    let longest = days_before_end(60).signed_duration_since(gone).num_days();
    let days = stream.between(LOST_AFTER_DAYS, longest.min(720));
    Some((gone, gone + TimeDelta::days(days)))
}
