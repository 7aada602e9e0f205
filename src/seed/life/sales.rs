//! Orders and what may become one.

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use rust_decimal::Decimal;
use sudare_entities::customer::LifecycleStage;
use sudare_entities::opportunity::{self, OpportunityStage};
use sudare_entities::order::{self, OrderStatus};
use sudare_entities::order_item;

use super::World;
use crate::seed::calendar::{END, days_before_end, moment};
use crate::seed::person::{LOST_AFTER_DAYS, Person};
use crate::seed::store::{Keys, Rows, next};
use crate::seed::stream::Stream;

pub(super) fn tell(world: &World, person: &Person, rows: &mut Rows, keys: &mut Keys) {
    for placed_at in instants(world, person) {
        let id = next(&mut keys.order);
        let mut total_amount = Decimal::ZERO;
        let stream = &mut world.stream("order", id);
        for _ in 0..stream.weighted(&[(1, 48), (2, 28), (3, 16), (4, 8)]) {
            let item = item(world, id, next(&mut keys.order_item));
            total_amount += item.unit_price * Decimal::from(item.quantity);
            rows.order_item.push(item);
        }
        rows.order.push(order::Model {
            id,
            customer_id: person.row.id,
            order_no: format!("SO-{}-{id:07}", placed_at.year()),
            placed_at,
            status: status(stream, placed_at),
            total_amount,
        });
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
}

/// When the customer ordered, in order. An active customer has ordered within the last year.
fn instants(world: &World, person: &Person) -> Vec<DateTime<Utc>> {
    let from = person.row.created_at;
    let many = [
        (1, 22),
        (2, 20),
        (3, 17),
        (4, 14),
        (5, 10),
        (6, 8),
        (8, 6),
        (12, 3),
    ];
    let few = [(1, 50), (2, 30), (3, 20)];
    let (count, to, lately) = match person.row.lifecycle_stage {
        LifecycleStage::Potential => return Vec::new(),
        LifecycleStage::Active => (
            world.count("order", person, &many),
            END,
            days_before_end(330),
        ),
        LifecycleStage::Lost => {
            let to = days_before_end(LOST_AFTER_DAYS);
            (world.count("order", person, &few), to, from)
        }
    };
    let stream = &mut world.stream("t order", person.row.id);
    let mut instants = vec![moment(stream, from.max(lately), to)];
    for _ in 1..count {
        instants.push(moment(stream, from, to));
    }
    instants.sort();
    instants
}

fn item(world: &World, order_id: i64, id: i64) -> order_item::Model {
    let stream = &mut world.stream("order_item", id);
    let products = &world.house.products;
    let last = i64::try_from(products.len()).unwrap_or(1) - 1;
    let product = usize::try_from(stream.between(0, last)).unwrap_or_default();
    let (product_id, price) = products
        .get(product)
        .map_or((0, Decimal::ZERO), |product| (product.id, product.price));
    let percent = stream.weighted(&[(100, 70), (95, 12), (90, 12), (80, 6)]);
    order_item::Model {
        id,
        order_id,
        product_id,
        quantity: stream.weighted(&[(1, 72), (2, 18), (3, 6), (5, 3), (10, 1)]),
        unit_price: (price * Decimal::new(percent, 2)).round_dp(2),
    }
}

/// What is a month old has arrived, come back, or was called off.
fn status(stream: &mut Stream, placed_at: DateTime<Utc>) -> OrderStatus {
    let weights = if placed_at < days_before_end(30) {
        [
            (OrderStatus::Delivered, 88),
            (OrderStatus::Returned, 5),
            (OrderStatus::Cancelled, 7),
        ]
    } else {
        [
            (OrderStatus::Pending, 25),
            (OrderStatus::Paid, 35),
            (OrderStatus::Shipped, 40),
        ]
    };
    stream.one_of(OrderStatus::Delivered, &weights)
}

fn opportunity(
    world: &World,
    person: &Person,
    (id, owner_id): (i64, i64),
    stream: &mut Stream,
) -> opportunity::Model {
    let created_at = moment(stream, person.row.created_at, END);
    let weights: &[_] = if created_at < days_before_end(180) {
        &[(OpportunityStage::Won, 45), (OpportunityStage::Lost, 55)]
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
    opportunity::Model {
        id,
        customer_id: person.row.id,
        owner_id,
        title: stream.pick(world.words.deals).to_owned(),
        stage: stream.one_of(OpportunityStage::Lead, weights),
        amount: Decimal::new(stream.between(10, 800) * 5_000, 2),
        expected_close: created_at.date_naive() + TimeDelta::days(stream.between(14, 170)),
        created_at,
    }
}
