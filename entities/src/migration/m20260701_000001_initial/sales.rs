//! Products, orders and what may become one.

use sea_orm_migration::schema::{boolean, date, integer, string, text_null};

use super::{Plan, closed_set, instant, key, money};

pub(super) fn product() -> Plan {
    let columns = vec![
        string("sku"),
        string("name"),
        string("category"),
        text_null("description"),
        money("price"),
        boolean("active"),
        instant("created_at"),
    ];
    Plan::new("product", columns)
        .unique(&["sku"])
        .index(&["category", "name"])
        .index(&["name"])
}

pub(super) fn order() -> Plan {
    let columns = vec![
        key("customer_id"),
        string("order_no"),
        instant("placed_at"),
        closed_set("status"),
        money("total_amount"),
    ];
    Plan::new("order", columns)
        .refers("customer_id", "customer")
        .unique(&["order_no"])
        .index(&["customer_id", "placed_at"])
        .index(&["status", "placed_at"])
        .index(&["placed_at"])
}

pub(super) fn order_item() -> Plan {
    let columns = vec![
        key("order_id"),
        key("product_id"),
        integer("quantity"),
        money("unit_price"),
    ];
    Plan::new("order_item", columns)
        .refers("order_id", "order")
        .refers("product_id", "product")
        .index(&["order_id"])
        .index(&["product_id"])
}

pub(super) fn opportunity() -> Plan {
    let columns = vec![
        key("customer_id"),
        key("owner_id"),
        string("title"),
        closed_set("stage"),
        money("amount"),
        date("expected_close"),
        instant("created_at"),
    ];
    Plan::new("opportunity", columns)
        .refers("customer_id", "customer")
        .refers("owner_id", "employee")
        .index(&["customer_id", "created_at"])
        .index(&["owner_id", "expected_close"])
        .index(&["stage", "expected_close"])
        .index(&["expected_close"])
}
