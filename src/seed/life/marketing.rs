//! Consents, and what was done with them: nobody is reached by a campaign or watched on the site without one.

use chrono::{DateTime, TimeDelta, Utc};
use sudare_entities::campaign_touch::{self, TouchOutcome};
use sudare_entities::consent::{self, ConsentPurpose};
use sudare_entities::visit;
use uuid::Uuid;

use super::World;
use super::sales::{Purchase, bought_after};
use crate::seed::calendar::midnight;
use crate::seed::course::Permission;
use crate::seed::person::Person;
use crate::seed::rhythm::BROWSING;
use crate::seed::store::{Keys, Rows, next};
use crate::seed::stream::Stream;

/// Who buys within so many days after a touch may have bought because of it.
pub(in crate::seed) const CONVERTED_WITHIN_DAYS: i64 = 21;

const PAGES: &[(&str, u32)] = &[
    ("/", 20),
    ("/products", 18),
    ("/products/audio", 8),
    ("/products/kitchen", 8),
    ("/products/outdoor", 6),
    ("/offers", 12),
    ("/cart", 8),
    ("/account/orders", 10),
    ("/support", 6),
    ("/stores", 4),
];

const REFERRERS: &[(Option<&str>, u32)] = &[
    (None, 50),
    (Some("https://search.example.com/"), 28),
    (Some("https://news.example.org/deals"), 10),
    (Some("https://mail.example.net/"), 12),
];

const BROWSERS: &[&str] = &[
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:138.0) Gecko/20100101 Firefox/138.0",
];

pub(super) fn tell(
    world: &World,
    person: &Person,
    purchases: &[Purchase],
    (rows, keys): (&mut Rows, &mut Keys),
) {
    for permission in &person.marketing {
        let id = next(&mut keys.consent);
        rows.consent
            .push(consent(person, id, ConsentPurpose::Marketing, *permission));
    }
    touches(world, person, purchases, (rows, keys));
    for permission in &person.analytics {
        let id = next(&mut keys.consent);
        rows.consent
            .push(consent(person, id, ConsentPurpose::Analytics, *permission));
        let visits = [
            (0, 20),
            (1, 16),
            (2, 16),
            (3, 14),
            (5, 14),
            (8, 12),
            (12, 8),
        ];
        let last = permission.until().min(person.course.until());
        if permission.given > last {
            continue;
        }
        let mut session = None;
        for _ in 0..world.stream("n visit", id).weighted(&visits) {
            let id = next(&mut keys.visit);
            session = next_session(world, session, id);
            let visit = visit(world, person, (permission.given, last), id);
            rows.visit.push(visit::Model { session, ..visit });
        }
    }
}

fn consent(
    person: &Person,
    id: i64,
    purpose: ConsentPurpose,
    permission: Permission,
) -> consent::Model {
    consent::Model {
        id,
        customer_id: person.row.id,
        purpose,
        given_at: permission.given,
        withdrawn_at: permission.withdrawn,
    }
}

/// Campaigns reach those who allow it while the campaign runs.
fn touches(
    world: &World,
    person: &Person,
    purchases: &[Purchase],
    (rows, keys): (&mut Rows, &mut Keys),
) {
    let lot = &mut world.stream("n touch", person.row.id);
    for campaign in &world.house.campaigns {
        let first = midnight(campaign.starts_on);
        let last = midnight(campaign.ends_on) + TimeDelta::seconds(86_399);
        let mut windows = person.marketing.iter().map(|permission| {
            let until = last.min(permission.until());
            (first.max(permission.given), until)
        });
        let Some((from, to)) = windows.find(|(from, to)| from <= to) else {
            continue;
        };
        if !lot.chance(55) {
            continue;
        }
        let id = next(&mut keys.campaign_touch);
        let stream = &mut world.stream("campaign_touch", id);
        let touched_at = BROWSING.moment(stream, person.country, (from, to));
        let bought = bought_after(purchases, touched_at, CONVERTED_WITHIN_DAYS);
        rows.campaign_touch.push(campaign_touch::Model {
            id,
            campaign_id: campaign.id,
            customer_id: person.row.id,
            touched_at,
            outcome: outcome(stream, bought),
        });
    }
}

/// Only who bought soon afterwards can have been won over.
fn outcome(stream: &mut Stream, bought: bool) -> TouchOutcome {
    stream.one_of(
        TouchOutcome::Delivered,
        &[
            (TouchOutcome::Delivered, 42),
            (TouchOutcome::Opened, 26),
            (TouchOutcome::Clicked, 12),
            (TouchOutcome::Converted, if bought { 70 } else { 0 }),
            (TouchOutcome::Ignored, 20),
        ],
    )
}

fn visit(
    world: &World,
    person: &Person,
    window: (DateTime<Utc>, DateTime<Utc>),
    id: i64,
) -> visit::Model {
    let stream = &mut world.stream("visit", id);
    visit::Model {
        id,
        customer_id: person.row.id,
        occurred_at: BROWSING.moment(stream, person.country, window),
        page: stream.weighted(PAGES).to_owned(),
        referrer: stream.weighted(REFERRERS).map(str::to_owned),
        ip: ip(stream),
        user_agent: stream.pick(BROWSERS).to_owned(),
        duration_seconds: stream.weighted(&[(4, 20), (25, 25), (70, 25), (190, 20), (640, 10)])
            + i32::try_from(stream.between(0, 60)).unwrap_or_default(),
        session: None,
    }
}

/// The session of the next visit: often that of the last one, and none where the browser keeps none. It has a stream of its own, so
/// that the rest of the visit stays what it was before there were sessions.
fn next_session(world: &World, last: Option<Uuid>, visit: i64) -> Option<Uuid> {
    let stream = &mut world.stream("session", visit);
    if stream.chance(10) {
        return None;
    }
    last.filter(|_| stream.chance(50))
        .or_else(|| Some(stream.uuid()))
}

/// A network address that is kept for documentation (RFC 5737).
fn ip(stream: &mut Stream) -> String {
    let network = stream.pick(&["192.0.2", "198.51.100", "203.0.113"]);
    format!("{network}.{}", stream.between(1, 254))
}
