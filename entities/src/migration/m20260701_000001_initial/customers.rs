//! Customers and what belongs to nobody else.

use sea_orm_migration::prelude::ColumnDef;
use sea_orm_migration::schema::{
    big_integer, boolean, date_null, decimal_len_null, json, string, string_null, text_null,
};

use super::{Plan, closed_set, closed_set_null, instant, instant_null, key, key_null};

pub(super) fn customer() -> Plan {
    let mut columns = person();
    columns.extend(residence());
    columns.extend([
        closed_set("lifecycle_stage"),
        json("preferences"),
        text_null("notes"),
        boolean("consent_marketing"),
        boolean("consent_analytics"),
        key_null("owner_id"),
        key("department_id"),
        big_integer("version"),
        instant("created_at"),
        instant("updated_at"),
    ]);
    Plan::new("customer", columns)
        .refers("owner_id", "employee")
        .refers("department_id", "department")
        .index(&["owner_id", "created_at"])
        .index(&["department_id", "created_at"])
        .index(&["lifecycle_stage", "created_at"])
        .index(&["country", "city"])
        .index(&["created_at"])
        .index(&["updated_at"])
        .index(&["full_name"])
        .index(&["email"])
        .index(&["phone"])
}

fn person() -> Vec<ColumnDef> {
    vec![
        string("full_name"),
        string_null("email"),
        string_null("phone"),
        string_null("national_id"),
        string_null("bank_card"),
        date_null("birth_date"),
        closed_set_null("gender"),
        closed_set_null("marital_status"),
        string_null("occupation"),
        decimal_len_null("annual_income", 12, 2),
    ]
}

fn residence() -> Vec<ColumnDef> {
    vec![
        string("country"),
        string("language"),
        string_null("address_line"),
        string_null("city"),
        string_null("region"),
        string_null("postal_code"),
    ]
}

pub(super) fn address() -> Plan {
    let columns = vec![
        key("customer_id"),
        closed_set("kind"),
        string("address_line"),
        string("city"),
        string_null("region"),
        string("postal_code"),
        string("country"),
        instant("created_at"),
    ];
    Plan::new("address", columns)
        .refers("customer_id", "customer")
        .index(&["customer_id", "kind"])
        .index(&["country", "city"])
}

pub(super) fn account() -> Plan {
    let columns = vec![
        key("customer_id"),
        string("login_name"),
        string("password_hash"),
        closed_set("status"),
        instant_null("last_login_at"),
        instant("created_at"),
    ];
    Plan::new("account", columns)
        .refers("customer_id", "customer")
        .unique(&["login_name"])
        .index(&["customer_id", "created_at"])
        .index(&["last_login_at"])
}

pub(super) fn consent() -> Plan {
    let columns = vec![
        key("customer_id"),
        closed_set("purpose"),
        instant("given_at"),
        instant_null("withdrawn_at"),
    ];
    Plan::new("consent", columns)
        .refers("customer_id", "customer")
        .index(&["customer_id", "given_at"])
        .index(&["purpose", "given_at"])
}
