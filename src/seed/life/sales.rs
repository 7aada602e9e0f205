//! Orders and what may become one.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use rust_decimal::Decimal;
use sudare_entities::opportunity::{self, OpportunityStage};
use sudare_entities::order::{self, OrderStatus};
use sudare_entities::order_item;

use super::World;
use crate::seed::calendar::{END, days_before_end};
use crate::seed::person::Person;
use crate::seed::rhythm::OFFICE;
use crate::seed::store::{Keys, Rows, next};
use crate::seed::stream::Stream;

/// What the rest of a life needs to know of an order.
#[derive(Debug)]
pub(super) struct Purchase {
    pub(super) placed_at: DateTime<Utc>,
    pub(super) status: OrderStatus,
    /// The name of the first thing that was bought.
    pub(super) product: String,
}

pub(super) fn tell(
    world: &World,
    person: &Person,
    rows: &mut Rows,
    keys: &mut Keys,
) -> Vec<Purchase> {
    let stream = &mut world.stream("t order", person.row.id);
    let placed = person.course.orders(stream, person.country);
    let mut purchases = Vec::with_capacity(placed.len());
    for placed_at in placed {
        purchases.push(order(world, person, placed_at, (rows, keys)));
    }
    let owner = person.row.owner_id;
    for _ in 0..world.count("opportunity", person, &[(0, 64), (1, 27), (2, 9)]) {
        let id = next(&mut keys.opportunity);
        let stream = &mut world.stream("opportunity", id);
        let employee = world.house.employee(stream, person.row.department_id);
        if let Some(owner_id) = owner.or(employee) {
            rows.opportunity
                .push(opportunity(world, person, (id, owner_id), stream));
        }
    }
    purchases
}

fn order(
    world: &World,
    person: &Person,
    placed_at: DateTime<Utc>,
    (rows, keys): (&mut Rows, &mut Keys),
) -> Purchase {
    let id = next(&mut keys.order);
    let stream = &mut world.stream("order", id);
    let mut total_amount = Decimal::ZERO;
    let mut first = None;
    for _ in 0..stream.weighted(&[(1, 48), (2, 28), (3, 16), (4, 8)]) {
        let item_id = next(&mut keys.order_item);
        let (item, product) = item(world, person, (id, item_id), placed_at);
        total_amount += item.unit_price * Decimal::from(item.quantity);
        rows.order_item.push(item);
        first.get_or_insert(product);
    }
    let status = status(stream, placed_at);
    rows.order.push(order::Model {
        id,
        customer_id: person.row.id,
        order_no: format!("SO-{}-{id:07}", placed_at.year()),
        placed_at,
        status,
        total_amount,
    });
    Purchase {
        placed_at,
        status,
        product: first.unwrap_or_default(),
    }
}

/// An item, and what it is called.
fn item(
    world: &World,
    person: &Person,
    (order_id, id): (i64, i64),
    placed_at: DateTime<Utc>,
) -> (order_item::Model, String) {
    let stream = &mut world.stream("order_item", id);
    let product = world.house.demand.product(stream, placed_at.month0());
    let product = world.house.products.get(product);
    let price = product.map_or(Decimal::ZERO, |product| product.price);
    let percent = stream.weighted(&[(100, 70), (95, 12), (90, 12), (80, 6)]);
    let quantity = if person.large {
        stream.weighted(&[(2, 24), (5, 34), (10, 27), (25, 12), (60, 3)])
    } else {
        stream.weighted(&[(1, 76), (2, 16), (3, 5), (5, 2), (10, 1)])
    };
    let item = order_item::Model {
        id,
        order_id,
        product_id: product.map_or(0, |product| product.id),
        quantity,
        unit_price: (price * Decimal::new(percent, 2)).round_dp(2),
    };
    let name = product.map(|product| product.name.clone());
    (item, name.unwrap_or_default())
}

/// What is a month old has arrived, come back, or was called off.
fn status(stream: &mut Stream, placed_at: DateTime<Utc>) -> OrderStatus {
    let weights: &[_] = if placed_at < days_before_end(30) {
        &[
            (OrderStatus::Delivered, 88),
            (OrderStatus::Returned, 5),
            (OrderStatus::Cancelled, 7),
        ]
    } else if placed_at < days_before_end(6) {
        &[
            (OrderStatus::Shipped, 30),
            (OrderStatus::Delivered, 64),
            (OrderStatus::Cancelled, 6),
        ]
    } else {
        &[
            (OrderStatus::Pending, 30),
            (OrderStatus::Paid, 40),
            (OrderStatus::Shipped, 30),
        ]
    };
    stream.one_of(OrderStatus::Delivered, weights)
}

fn opportunity(
    world: &World,
    person: &Person,
    (id, owner_id): (i64, i64),
    stream: &mut Stream,
) -> opportunity::Model {
    let here = (person.course.came, person.course.until());
    let created_at = OFFICE.moment(stream, person.country, here);
    let weights: &[_] = if created_at < days_before_end(180) {
        &[(OpportunityStage::Won, 35), (OpportunityStage::Lost, 65)]
    } else {
        &[
            (OpportunityStage::Lead, 30),
            (OpportunityStage::Qualified, 25),
            (OpportunityStage::Proposal, 20),
            (OpportunityStage::Negotiation, 12),
            (OpportunityStage::Won, 8),
            (OpportunityStage::Lost, 5),
        ]
    };
    // Many small ones, few large ones.
    let (least, most) = stream.weighted(&[((4, 40), 60), ((40, 160), 30), ((160, 900), 10)]);
    let size = world.market.trade.dollar * if person.large { 4 } else { 1 };
    let longest = stream.weighted(&[(30, 40), (90, 40), (170, 20)]);
    opportunity::Model {
        id,
        customer_id: person.row.id,
        owner_id,
        title: stream.pick(person.words.deals).to_owned(),
        stage: stream.one_of(OpportunityStage::Lead, weights),
        amount: Decimal::new(stream.between(least, most) * size * 5_000, 2),
        expected_close: created_at.date_naive() + TimeDelta::days(stream.between(14, longest)),
        created_at,
    }
}

/// Whether something was bought within so many days after an instant.
pub(super) fn bought_after(purchases: &[Purchase], at: DateTime<Utc>, days: i64) -> bool {
    let last = END.min(at + TimeDelta::days(days));
    let within = |purchase: &Purchase| at < purchase.placed_at && purchase.placed_at <= last;
    purchases.iter().any(within)
}
