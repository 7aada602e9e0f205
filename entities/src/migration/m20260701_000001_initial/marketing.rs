//! Campaigns, whom they reached, and who came to look.

use sea_orm_migration::schema::{date, integer, string, string_null};

use super::{Plan, closed_set, instant, key, money};

pub(super) fn campaign() -> Plan {
    let columns = vec![
        string("name"),
        closed_set("channel"),
        date("starts_on"),
        date("ends_on"),
        money("budget"),
    ];
    Plan::new("campaign", columns)
        .index(&["starts_on"])
        .index(&["name"])
}

pub(super) fn campaign_touch() -> Plan {
    let columns = vec![
        key("campaign_id"),
        key("customer_id"),
        instant("touched_at"),
        closed_set("outcome"),
    ];
    Plan::new("campaign_touch", columns)
        .refers("campaign_id", "campaign")
        .refers("customer_id", "customer")
        .index(&["campaign_id", "touched_at"])
        .index(&["customer_id", "touched_at"])
        .index(&["touched_at"])
}

pub(super) fn visit() -> Plan {
    let columns = vec![
        key("customer_id"),
        instant("occurred_at"),
        string("page"),
        string_null("referrer"),
        string("ip"),
        string("user_agent"),
        integer("duration_seconds"),
    ];
    Plan::new("visit", columns)
        .refers("customer_id", "customer")
        .index(&["customer_id", "occurred_at"])
        .index(&["occurred_at"])
}
