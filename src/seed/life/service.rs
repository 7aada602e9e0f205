//! Talks and tickets.

use chrono::{DateTime, TimeDelta, Utc};
use sudare_entities::customer::LifecycleStage;
use sudare_entities::interaction::{self, InteractionChannel};
use sudare_entities::order::OrderStatus;
use sudare_entities::ticket::{self, TicketKind, TicketStatus};

use super::World;
use super::sales::Purchase;
use crate::seed::calendar::END;
use crate::seed::mention::aside;
use crate::seed::person::Person;
use crate::seed::rhythm::{OFFICE, SHOPPING};
use crate::seed::store::{Keys, Rows, next};
use crate::seed::stream::Stream;

pub(super) fn tell(
    world: &World,
    person: &Person,
    purchases: &[Purchase],
    (rows, keys): (&mut Rows, &mut Keys),
) {
    let talks = [(0, 24), (1, 34), (2, 22), (3, 12), (4, 6), (6, 2)];
    for _ in 0..world.count("interaction", person, &talks) {
        talk(
            world,
            person,
            (rows, keys),
            (person.course.came, person.course.until()),
        );
    }
    if person.course.stage == LifecycleStage::Potential {
        for _ in 0..world.count("ticket", person, &[(0, 92), (1, 8)]) {
            let ticket = question(world, person, next(&mut keys.ticket));
            rows.ticket.push(ticket);
        }
    }
    let stream = &mut world.stream("n ticket", person.row.id);
    for purchase in purchases {
        if !stream.chance(trouble(purchase.status)) {
            continue;
        }
        let ticket = after(world, person, purchase, next(&mut keys.ticket));
        let opened_at = ticket.opened_at;
        rows.ticket.push(ticket);
        if stream.chance(35) {
            let soon = END.min(opened_at + TimeDelta::days(5));
            talk(world, person, (rows, keys), (opened_at, soon));
        }
    }
}

/// How many of a hundred orders end in a ticket.
fn trouble(status: OrderStatus) -> i64 {
    match status {
        OrderStatus::Returned => 70,
        OrderStatus::Cancelled => 30,
        OrderStatus::Delivered | OrderStatus::Shipped => 14,
        OrderStatus::Pending | OrderStatus::Paid => 4,
    }
}

fn talk(
    world: &World,
    person: &Person,
    (rows, keys): (&mut Rows, &mut Keys),
    window: (DateTime<Utc>, DateTime<Utc>),
) {
    let id = next(&mut keys.interaction);
    let stream = &mut world.stream("interaction", id);
    let Some(employee_id) = world.employee(stream, person) else {
        return;
    };
    let words = person.words;
    let (subject, summary) = stream.pick(words.talks);
    let mut summary = summary.to_owned();
    let aside = aside(stream, &words.noted, person.country, &person.row);
    if let Some(aside) = aside.filter(|_| stream.chance(35)) {
        summary = format!("{summary}{}{aside}", words.gap);
    }
    rows.interaction.push(interaction::Model {
        id,
        customer_id: person.row.id,
        employee_id,
        channel: stream.one_of(
            InteractionChannel::Call,
            &[
                (InteractionChannel::Call, 45),
                (InteractionChannel::Mail, 30),
                (InteractionChannel::Meeting, 10),
                (InteractionChannel::Chat, 15),
            ],
        ),
        occurred_at: OFFICE.moment(stream, person.country, window),
        subject: subject.to_owned(),
        summary: Some(summary).filter(|_| stream.chance(85)),
    });
}

/// A ticket about an order: mostly in the first days, and angrier if the order came to nothing.
fn after(world: &World, person: &Person, purchase: &Purchase, id: i64) -> ticket::Model {
    let stream = &mut world.stream("ticket", id);
    let failed = matches!(
        purchase.status,
        OrderStatus::Returned | OrderStatus::Cancelled
    );
    let complains = stream.chance(if failed { 80 } else { 36 });
    let (kind, texts) = if complains {
        (TicketKind::Complaint, person.words.complaints)
    } else {
        (TicketKind::Service, person.words.requests)
    };
    let days = stream.weighted(&[(3, 42), (9, 38), (30, 20)]);
    let from = END.min(purchase.placed_at + TimeDelta::hours(3));
    let to = END.min(purchase.placed_at + TimeDelta::days(days));
    let opened_at = SHOPPING.moment(stream, person.country, (from, to));
    let (subject, body) = stream.pick(texts);
    let product = world.market.trade.product(person.words, &purchase.product);
    let text = (subject, body.replace("{product}", product));
    ticket(world, person, (id, kind, opened_at), text, stream)
}

/// A ticket of somebody who has bought nothing.
fn question(world: &World, person: &Person, id: i64) -> ticket::Model {
    let stream = &mut world.stream("ticket", id);
    let here = (person.course.came, person.course.until());
    let opened_at = SHOPPING.moment(stream, person.country, here);
    let (subject, body) = stream.pick(person.words.questions);
    let text = (subject, body.to_owned());
    ticket(
        world,
        person,
        (id, TicketKind::Service, opened_at),
        text,
        stream,
    )
}

fn ticket(
    world: &World,
    person: &Person,
    (id, kind, opened_at): (i64, TicketKind, DateTime<Utc>),
    (subject, mut body): (&str, String),
    stream: &mut Stream,
) -> ticket::Model {
    let words = person.words;
    let aside = aside(stream, &words.written, person.country, &person.row);
    if let Some(aside) = aside.filter(|_| stream.chance(60)) {
        body = format!("{body}{}{aside}", words.gap);
    }
    let (status, closed_at) = end(stream, person, kind, opened_at);
    let assignee_id = world.employee(stream, person);
    ticket::Model {
        id,
        customer_id: person.row.id,
        assignee_id: assignee_id.filter(|_| status != TicketStatus::Open || stream.chance(40)),
        kind,
        status,
        subject: subject.to_owned(),
        body,
        opened_at,
        closed_at,
    }
}

/// Most is settled within a day or two of work, complaints sooner, some drags on. What would end after the history is not settled yet.
fn end(
    stream: &mut Stream,
    person: &Person,
    kind: TicketKind,
    opened_at: DateTime<Utc>,
) -> (TicketStatus, Option<DateTime<Utc>>) {
    let hours: &[((i64, i64), u32)] = match kind {
        TicketKind::Complaint => &[
            ((1, 20), 48),
            ((20, 48), 32),
            ((48, 150), 14),
            ((150, 700), 6),
        ],
        TicketKind::Service => &[
            ((1, 24), 34),
            ((24, 72), 36),
            ((72, 220), 22),
            ((220, 900), 8),
        ],
    };
    let (soonest, latest) = stream.weighted(hours);
    let from = opened_at + TimeDelta::hours(soonest);
    let to = opened_at + TimeDelta::hours(latest);
    let closed_at = OFFICE.moment(stream, person.country, (from, to));
    let forgotten = stream.chance(2);
    if closed_at <= END && !forgotten {
        let status = stream.one_of(
            TicketStatus::Closed,
            &[(TicketStatus::Closed, 70), (TicketStatus::Resolved, 30)],
        );
        return (status, Some(closed_at));
    }
    let status = stream.one_of(
        TicketStatus::Open,
        &[(TicketStatus::Open, 60), (TicketStatus::InProgress, 40)],
    );
    (status, None)
}
