//! Departments and the people in them.

use sea_orm_migration::schema::{date, string};

use super::{Plan, key, key_null};

pub(super) fn department() -> Plan {
    Plan::new("department", vec![string("name"), string("region")])
}

pub(super) fn employee() -> Plan {
    let columns = vec![
        string("name"),
        string("email"),
        string("phone"),
        key("department_id"),
        key_null("manager_id"),
        date("hired_on"),
    ];
    Plan::new("employee", columns)
        .refers("department_id", "department")
        .refers("manager_id", "employee")
        .index(&["department_id", "name"])
        .index(&["manager_id", "name"])
        .index(&["name"])
}
