//! Histories in order, each part of which agrees with the others.

use std::collections::BTreeMap;

use chrono::{DateTime, Months, Utc};
use rust_decimal::Decimal;
use sudare_entities::consent::{self, ConsentPurpose};
use sudare_entities::customer::LifecycleStage;
use sudare_entities::{campaign, campaign_touch};

use super::harvest::{HARVESTS, Harvest};
use crate::seed::calendar::{BEGIN, END, days_before_end};

#[test]
fn orders_cost_what_their_items_cost() {
    for harvest in &*HARVESTS {
        let mut totals: BTreeMap<i64, Decimal> = BTreeMap::new();
        for item in &harvest.items {
            *totals.entry(item.order_id).or_default() +=
                item.unit_price * Decimal::from(item.quantity);
        }
        for order in &harvest.orders {
            assert_eq!(Some(&order.total_amount), totals.get(&order.id));
            assert!(order.total_amount > Decimal::ZERO);
        }
    }
}

#[test]
fn nothing_happens_to_customers_before_they_come_or_after_the_end() {
    for harvest in &*HARVESTS {
        for row in harvest.customers.values() {
            assert!(BEGIN <= row.created_at && row.created_at <= row.updated_at);
            assert!(row.updated_at <= END);
            assert!(row.version > 1 || row.created_at == row.updated_at);
            if let Some(birth) = row.birth_date {
                let grown_up = birth.checked_add_months(Months::new(216)).expect("a day");
                assert!(grown_up <= row.created_at.date_naive());
            }
        }
        for row in &harvest.opportunities {
            assert!(row.expected_close > row.created_at.date_naive());
        }
        for row in &harvest.accounts {
            let login = row.last_login_at.unwrap_or(row.created_at);
            assert!(row.created_at <= login && login <= END);
        }
        for row in &harvest.tickets {
            let closed = row.closed_at.unwrap_or(row.opened_at);
            assert!(row.opened_at <= closed && closed <= END);
        }
        for (customer, at) in events(harvest) {
            assert!(harvest.customers[&customer].created_at <= at && at <= END);
        }
    }
}

/// Whom something happened to, and when.
fn events(harvest: &Harvest) -> Vec<(i64, DateTime<Utc>)> {
    let mut events = Vec::new();
    events.extend(
        harvest
            .orders
            .iter()
            .map(|row| (row.customer_id, row.placed_at)),
    );
    let talks = harvest.interactions.iter();
    events.extend(talks.map(|row| (row.customer_id, row.occurred_at)));
    events.extend(
        harvest
            .visits
            .iter()
            .map(|row| (row.customer_id, row.occurred_at)),
    );
    let deals = harvest.opportunities.iter();
    events.extend(deals.map(|row| (row.customer_id, row.created_at)));
    events.extend(
        harvest
            .addresses
            .iter()
            .map(|row| (row.customer_id, row.created_at)),
    );
    events.extend(
        harvest
            .accounts
            .iter()
            .map(|row| (row.customer_id, row.created_at)),
    );
    events.extend(
        harvest
            .tickets
            .iter()
            .map(|row| (row.customer_id, row.opened_at)),
    );
    events.extend(
        harvest
            .consents
            .iter()
            .map(|row| (row.customer_id, row.given_at)),
    );
    events.extend(
        harvest
            .touches
            .iter()
            .map(|row| (row.customer_id, row.touched_at)),
    );
    events
}

/// What each customer allowed for each purpose, in order.
fn consents(harvest: &Harvest) -> BTreeMap<(i64, bool), Vec<&consent::Model>> {
    let mut consents: BTreeMap<_, Vec<&consent::Model>> = BTreeMap::new();
    for row in &harvest.consents {
        let key = (row.customer_id, row.purpose == ConsentPurpose::Marketing);
        consents.entry(key).or_default().push(row);
    }
    for rows in consents.values_mut() {
        rows.sort_by_key(|row| row.given_at);
    }
    consents
}

#[test]
fn consents_agree_with_the_flags_and_follow_each_other() {
    for harvest in &*HARVESTS {
        let consents = consents(harvest);
        for row in harvest.customers.values() {
            let open = |marketing| {
                let rows = consents.get(&(row.id, marketing));
                rows.is_some_and(|rows| rows.iter().any(|row| row.withdrawn_at.is_none()))
            };
            assert_eq!(row.consent_marketing, open(true));
            assert_eq!(row.consent_analytics, open(false));
        }
        for ((customer, _), rows) in &consents {
            let customer = &harvest.customers[customer];
            for pair in rows.windows(2) {
                assert!(pair[0].withdrawn_at.is_some_and(|at| at < pair[1].given_at));
            }
            for row in rows {
                assert!(
                    row.withdrawn_at
                        .is_none_or(|at| row.given_at <= at && at <= END)
                );
                // A change of a flag is a change of the customer.
                let changed = row.withdrawn_at.unwrap_or(row.given_at);
                assert!(changed <= customer.updated_at);
            }
        }
        let again = consents.values().filter(|rows| rows.len() > 1).count();
        let withdrawn = harvest
            .consents
            .iter()
            .filter(|row| row.withdrawn_at.is_some());
        assert!(again > 0 && withdrawn.count() > 4 * again);
    }
}

#[test]
fn nobody_is_reached_or_watched_without_a_consent() {
    let inside = |rows: &[&consent::Model], at| {
        let holds =
            |row: &&consent::Model| row.given_at <= at && at <= row.withdrawn_at.unwrap_or(END);
        rows.iter().any(holds)
    };
    for harvest in &*HARVESTS {
        let consents = consents(harvest);
        let campaigns: BTreeMap<i64, &campaign::Model> =
            harvest.campaigns.iter().map(|row| (row.id, row)).collect();
        for touch in &harvest.touches {
            assert!(inside(
                &consents[&(touch.customer_id, true)],
                touch.touched_at
            ));
            let campaign = &campaigns[&touch.campaign_id];
            let day = touch.touched_at.date_naive();
            assert!(campaign.starts_on <= day && day <= campaign.ends_on);
        }
        for visit in &harvest.visits {
            assert!(inside(
                &consents[&(visit.customer_id, false)],
                visit.occurred_at
            ));
        }
    }
}

#[test]
fn whom_a_campaign_won_over_bought_soon_afterwards() {
    for harvest in &*HARVESTS {
        let orders = harvest.orders_by_customer();
        let mut won = 0;
        for touch in &harvest.touches {
            if touch.outcome != campaign_touch::TouchOutcome::Converted {
                continue;
            }
            won += 1;
            let days = |at: DateTime<Utc>| at.signed_duration_since(touch.touched_at).num_days();
            let orders = &orders[&touch.customer_id];
            assert!(
                orders
                    .iter()
                    .any(|row| { row.placed_at > touch.touched_at && days(row.placed_at) <= 21 })
            );
        }
        assert!(won > 0);
    }
}

#[test]
fn the_stage_of_a_customer_shows_in_the_orders() {
    for harvest in &*HARVESTS {
        let orders = harvest.orders_by_customer();
        for row in harvest.customers.values() {
            let latest = orders.get(&row.id).and_then(|orders| orders.last());
            let latest = latest.map(|order| order.placed_at);
            let year = days_before_end(365);
            match row.lifecycle_stage {
                LifecycleStage::Potential => assert_eq!(latest, None),
                LifecycleStage::Active => assert!(latest.is_some_and(|at| at > year)),
                LifecycleStage::Lost => assert!(latest.is_some_and(|at| at < year)),
            }
        }
    }
}

#[test]
fn owners_work_in_the_department_of_their_customers() {
    for harvest in &*HARVESTS {
        let staff: BTreeMap<i64, i64> = harvest
            .employees
            .iter()
            .map(|row| (row.id, row.department_id))
            .collect();
        let customers = &harvest.customers;
        assert!(customers.values().any(|row| row.owner_id.is_none()));
        for row in customers.values() {
            if let Some(owner) = row.owner_id {
                assert_eq!(staff[&owner], row.department_id);
            }
        }
    }
}
