//! Numbers that look like those of a business. The bounds are such that a seed which draws evenly misses them; only growth, and
//! that what is old is settled, it has too.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Months, TimeDelta, Utc};
use rust_decimal::prelude::ToPrimitive;
use sudare_entities::customer::LifecycleStage;
use sudare_entities::order;
use sudare_entities::ticket::{self, TicketKind};

use super::harvest::{Harvest, demo};
use crate::seed::calendar::{END, days_before_end};
use crate::seed::course::{LONGEST_GAP_DAYS, LOST_AFTER_DAYS};

/// A share in percent.
fn percent(part: usize, whole: usize) -> usize {
    assert!(whole > 0);
    part * 100 / whole
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len() as f64
}

#[test]
fn a_fifth_of_the_products_sells_most() {
    let harvest = demo();
    let mut sold: BTreeMap<i64, usize> = BTreeMap::new();
    for item in &harvest.items {
        *sold.entry(item.product_id).or_default() += 1;
    }
    let mut sold: Vec<usize> = sold.into_values().collect();
    sold.sort_unstable_by(|one, other| other.cmp(one));
    assert_eq!(sold.len(), harvest.products.len(), "each is sold at times");
    let top: usize = sold.iter().take(sold.len() / 5).sum();
    let share = percent(top, harvest.items.len());
    assert!((55..85).contains(&share), "{share} %");
    assert!(sold[0] > sold[1] * 3 / 2);
}

#[test]
fn the_end_of_the_year_and_of_the_week_sell_most() {
    let whole_years = |order: &&order::Model| (2022..=2025).contains(&order.placed_at.year());
    let orders: Vec<_> = demo().orders.iter().filter(whole_years).collect();
    let late = |order: &&&order::Model| order.placed_at.month() >= 11;
    let share = percent(orders.iter().filter(late).count(), orders.len());
    assert!((22..40).contains(&share), "two of twelve months: {share} %");
    let weekend = |order: &&&order::Model| order.placed_at.weekday().num_days_from_monday() >= 5;
    let share = percent(orders.iter().filter(weekend).count(), orders.len());
    assert!((33..50).contains(&share), "two of seven days: {share} %");
}

#[test]
fn what_is_for_the_garden_is_bought_in_spring() {
    let harvest = demo();
    let garden = |id: i64| {
        let product = harvest.products.iter().find(|product| product.id == id);
        product.is_some_and(|product| product.sku.starts_with("GAR"))
    };
    let months: BTreeMap<i64, u32> = harvest
        .orders
        .iter()
        .map(|order| (order.id, order.placed_at.month()))
        .collect();
    let share = |range: std::ops::RangeInclusive<u32>| {
        let within = |id: &i64| range.contains(&months[id]);
        let items: Vec<_> = harvest
            .items
            .iter()
            .filter(|item| within(&item.order_id))
            .collect();
        let of_garden = items.iter().filter(|item| garden(item.product_id));
        percent(of_garden.count(), items.len())
    };
    let (spring, winter) = (share(4..=6), share(10..=12));
    assert!(spring > 3 * winter.max(1), "{spring} % against {winter} %");
}

#[test]
fn the_house_grows_from_year_to_year() {
    let year = |year: i32| {
        let orders = demo().orders.iter();
        orders
            .filter(|order| order.placed_at.year() == year)
            .count()
    };
    for at in 2021..2025 {
        assert!(year(at) * 11 < year(at + 1) * 10, "{at}");
    }
}

#[test]
fn some_are_lost_and_do_nothing_any_more() {
    let harvest = demo();
    let lost = |id: i64| harvest.customers[&id].lifecycle_stage == LifecycleStage::Lost;
    let last = days_before_end(LOST_AFTER_DAYS);
    let buyers = harvest.orders_by_customer();
    let share = percent(buyers.keys().filter(|id| lost(**id)).count(), buyers.len());
    assert!((15..35).contains(&share), "{share} %");
    for order in harvest.orders.iter().filter(|row| lost(row.customer_id)) {
        assert!(order.placed_at <= last);
    }
    for visit in harvest.visits.iter().filter(|row| lost(row.customer_id)) {
        assert!(visit.occurred_at <= last);
    }
    for account in harvest.accounts.iter().filter(|row| lost(row.customer_id)) {
        assert!(account.last_login_at.is_none_or(|at| at <= last));
    }
    // Whom we lose takes the consent back more often than others do.
    let withdrawn = |of_lost: bool| {
        let rows = harvest
            .consents
            .iter()
            .filter(|row| lost(row.customer_id) == of_lost);
        let (gone, all) = rows.fold((0, 0), |(gone, all), row| {
            (gone + usize::from(row.withdrawn_at.is_some()), all + 1)
        });
        percent(gone, all)
    };
    assert!(withdrawn(true) > 2 * withdrawn(false));
}

#[test]
fn some_come_back_after_a_long_time_and_nobody_else_is_away_for_long() {
    let harvest = demo();
    let mut returned = 0;
    let orders = harvest.orders_by_customer();
    for (customer, orders) in &orders {
        let gaps = orders.windows(2).map(|pair| {
            let gap = pair[1].placed_at.signed_duration_since(pair[0].placed_at);
            gap.num_days()
        });
        let mut breaks = 0;
        for gap in gaps {
            assert!(
                gap <= LONGEST_GAP_DAYS || gap >= LOST_AFTER_DAYS,
                "{gap} days"
            );
            breaks += usize::from(gap >= LOST_AFTER_DAYS);
        }
        if breaks > 0 {
            assert_eq!(breaks, 1);
            let stage = harvest.customers[customer].lifecycle_stage;
            assert_eq!(stage, LifecycleStage::Active);
            returned += 1;
        }
    }
    let share = percent(returned, orders.len());
    assert!((3..12).contains(&share), "{share} %");
}

#[test]
fn few_orders_and_few_customers_bring_most_of_the_money() {
    let harvest = demo();
    let amounts: Vec<f64> = harvest
        .orders
        .iter()
        .filter_map(|row| row.total_amount.to_f64())
        .collect();
    assert!(median(amounts.clone()) < 0.7 * mean(&amounts));
    assert!(top_fifth(&amounts) > 50.0);
    let mut by_customer: BTreeMap<i64, f64> = BTreeMap::new();
    for (order, amount) in harvest.orders.iter().zip(&amounts) {
        *by_customer.entry(order.customer_id).or_default() += amount;
    }
    let by_customer: Vec<f64> = by_customer.into_values().collect();
    assert!(top_fifth(&by_customer) > 60.0);
}

/// The share of the sum that the largest fifth holds, in percent.
fn top_fifth(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(|one, other| other.total_cmp(one));
    let top: f64 = sorted.iter().take(sorted.len() / 5).sum();
    top * 100.0 / numbers.iter().sum::<f64>()
}

#[test]
fn tickets_follow_orders() {
    let harvest = demo();
    let orders = harvest.orders_by_customer();
    let after_an_order = |ticket: &ticket::Model| {
        let orders = orders.get(&ticket.customer_id);
        let lately = ticket.opened_at - TimeDelta::days(30);
        orders.is_some_and(|orders| {
            let placed = |order: &&order::Model| {
                lately <= order.placed_at && order.placed_at < ticket.opened_at
            };
            orders.iter().any(placed)
        })
    };
    for ticket in &harvest.tickets {
        let stage = harvest.customers[&ticket.customer_id].lifecycle_stage;
        let bought = stage != LifecycleStage::Potential;
        assert_eq!(after_an_order(ticket), bought);
        assert!(bought || ticket.kind == TicketKind::Service);
    }
    let returned = share_with_ticket(harvest, order::OrderStatus::Returned);
    let delivered = share_with_ticket(harvest, order::OrderStatus::Delivered);
    assert!(
        returned > 2 * delivered,
        "{returned} % against {delivered} %"
    );
}

/// How many of a hundred orders of a status have a ticket of their customer in the month after.
fn share_with_ticket(harvest: &Harvest, status: order::OrderStatus) -> usize {
    let orders: Vec<_> = harvest
        .orders
        .iter()
        .filter(|row| row.status == status)
        .collect();
    let followed = |order: &&&order::Model| {
        let soon = order.placed_at..=order.placed_at + TimeDelta::days(30);
        let mut tickets = harvest.tickets.iter();
        tickets.any(|row| row.customer_id == order.customer_id && soon.contains(&row.opened_at))
    };
    percent(orders.iter().filter(followed).count(), orders.len())
}

#[test]
fn tickets_are_answered_soon_but_for_a_long_tail() {
    let hours = |kind: TicketKind| -> Vec<f64> {
        let tickets = demo().tickets.iter().filter(|row| row.kind == kind);
        let took = |(from, to): (DateTime<Utc>, DateTime<Utc>)| {
            to.signed_duration_since(from).num_minutes() as f64 / 60.0
        };
        tickets
            .filter_map(|row| Some(took((row.opened_at, row.closed_at?))))
            .collect()
    };
    let (complaints, requests) = (hours(TicketKind::Complaint), hours(TicketKind::Service));
    for hours in [&complaints, &requests] {
        let (median, mean) = (median(hours.clone()), mean(hours));
        assert!(median < 0.6 * mean, "{median} h against {mean} h");
        assert!((4.0..72.0).contains(&median));
    }
    assert!(median(complaints) < median(requests));
}

#[test]
fn what_is_old_is_settled() {
    let month = END.checked_sub_months(Months::new(2)).expect("a day");
    let tickets: Vec<_> = demo()
        .tickets
        .iter()
        .filter(|row| row.opened_at < month)
        .collect();
    let open = tickets.iter().filter(|row| row.closed_at.is_none()).count();
    assert!(percent(open, tickets.len()) < 8);
    let fresh = demo().tickets.iter().filter(|row| row.closed_at.is_none());
    assert!(fresh.count() > 5);
}
