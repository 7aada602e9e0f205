//! Talks with customers, and what they ask for.

use sea_orm_migration::schema::{string, text, text_null};

use super::{Plan, closed_set, instant, instant_null, key, key_null};

pub(super) fn interaction() -> Plan {
    let columns = vec![
        key("customer_id"),
        key("employee_id"),
        closed_set("channel"),
        instant("occurred_at"),
        string("subject"),
        text_null("summary"),
    ];
    Plan::new("interaction", columns)
        .refers("customer_id", "customer")
        .refers("employee_id", "employee")
        .index(&["customer_id", "occurred_at"])
        .index(&["employee_id", "occurred_at"])
        .index(&["occurred_at"])
}

pub(super) fn ticket() -> Plan {
    let columns = vec![
        key("customer_id"),
        key_null("assignee_id"),
        closed_set("kind"),
        closed_set("status"),
        string("subject"),
        text("body"),
        instant("opened_at"),
        instant_null("closed_at"),
    ];
    Plan::new("ticket", columns)
        .refers("customer_id", "customer")
        .refers("assignee_id", "employee")
        .index(&["customer_id", "opened_at"])
        .index(&["assignee_id", "opened_at"])
        .index(&["status", "opened_at"])
        .index(&["opened_at"])
}
