//! Talks and tickets.

use chrono::{DateTime, TimeDelta, Utc};
use sudare_entities::customer::LifecycleStage;
use sudare_entities::interaction::{self, InteractionChannel};
use sudare_entities::ticket::{self, TicketKind, TicketStatus};

use super::World;
use crate::seed::calendar::{END, days_before_end, moment};
use crate::seed::person::Person;
use crate::seed::store::{Keys, Rows, next};
use crate::seed::stream::Stream;

pub(super) fn tell(world: &World, person: &Person, rows: &mut Rows, keys: &mut Keys) {
    let talks = [(0, 22), (1, 30), (2, 22), (3, 13), (4, 8), (6, 5)];
    for _ in 0..world.count("interaction", person, &talks) {
        let id = next(&mut keys.interaction);
        let stream = &mut world.stream("interaction", id);
        if let Some(employee_id) = world.employee(stream, person) {
            rows.interaction
                .push(interaction(world, person, (id, employee_id), stream));
        }
    }
    let tickets: &[_] = match person.row.lifecycle_stage {
        LifecycleStage::Potential => &[(0, 94), (1, 6)],
        LifecycleStage::Active => &[(0, 56), (1, 28), (2, 12), (3, 4)],
        LifecycleStage::Lost => &[(0, 34), (1, 40), (2, 20), (3, 6)],
    };
    for _ in 0..world.count("ticket", person, tickets) {
        rows.ticket
            .push(ticket(world, person, next(&mut keys.ticket)));
    }
}

fn interaction(
    world: &World,
    person: &Person,
    (id, employee_id): (i64, i64),
    stream: &mut Stream,
) -> interaction::Model {
    let (subject, summary) = stream.pick(world.words.talks);
    interaction::Model {
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
        occurred_at: moment(stream, person.row.created_at, END),
        subject: subject.to_owned(),
        summary: Some(summary.to_owned()).filter(|_| stream.chance(85)),
    }
}

fn ticket(world: &World, person: &Person, id: i64) -> ticket::Model {
    let stream = &mut world.stream("ticket", id);
    let complains = stream.chance(40);
    let (kind, texts) = if complains {
        (TicketKind::Complaint, world.words.complaints)
    } else {
        (TicketKind::Service, world.words.requests)
    };
    let (subject, body) = stream.pick(texts);
    let phone = person.row.phone.as_deref().unwrap_or("-");
    let opened_at = moment(stream, person.row.created_at, END);
    let (status, closed_at) = end(stream, opened_at);
    let assignee_id = world.employee(stream, person);
    ticket::Model {
        id,
        customer_id: person.row.id,
        assignee_id: assignee_id.filter(|_| status != TicketStatus::Open || stream.chance(40)),
        kind,
        status,
        subject: subject.to_owned(),
        body: body.replace("{phone}", phone),
        opened_at,
        closed_at,
    }
}

/// Only what is closed has an end; what is older than a month nearly always is.
fn end(stream: &mut Stream, opened_at: DateTime<Utc>) -> (TicketStatus, Option<DateTime<Utc>>) {
    let old = opened_at < days_before_end(30);
    if stream.chance(if old { 96 } else { 40 }) {
        let minutes = stream.between(20, 21 * 24 * 60);
        let closed_at = END.min(opened_at + TimeDelta::minutes(minutes));
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
