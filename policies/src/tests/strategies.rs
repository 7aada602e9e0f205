//! What random tests draw from.

use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use super::{Cells, now, principal};
use crate::Principal;
use crate::value::Value;

const ON_CUSTOMER: [&str; 57] = [
    "row.owner_id == user.id",
    "row.owner_id != user.id",
    "user.department_id == row.department_id",
    "row.department_id in user.departments",
    "row.owner_id in [7, 8]",
    "row.owner_id == row.department_id",
    "row.owner.department_id == user.department_id",
    "row.owner.department.name == 'north'",
    "row.income >= 100.5",
    "row.income < user.limit",
    "row.birth < now",
    "row.birth == '2026-03-01'",
    "row.created_at <= now",
    "row.created_at > '2026-01-01T00:00:00+01:00'",
    "row.consent",
    "row.consent == false",
    "row.stage in ['ACTIVE', 'LOST']",
    "row.stage == user.stage",
    "row.score > 0.5",
    "row.score <= 1",
    "row.email == null",
    "row.preferences != null",
    "row.full_name == user.name",
    "row.department_id == null",
    "row.id == user.id",
    "row.owner_id < 8",
    "row.owner_id >= user.department_id",
    "row.department_id <= 7",
    "row.owner_id > user.clearance",
    "row.income == 5",
    "row.income != user.limit",
    "row.income in [5, 100.5]",
    "row.birth >= '2000-01-01'",
    "row.birth <= user.born",
    "row.birth != now",
    "row.birth in ['2026-03-01', '1999-12-31']",
    "row.created_at != user.until",
    "row.created_at >= now",
    "row.created_at < user.until",
    "row.consent != user.trusted",
    "row.consent in user.flags",
    "row.stage != 'LOST'",
    "row.stage in user.stages",
    "row.score < user.limit",
    "row.score >= 0.25",
    "row.score != 1",
    "row.score == 0",
    "row.email != null",
    "row.full_name in user.groups",
    "row.full_name != 'Ann'",
    "row.full_name in ['Ann', 'Bob']",
    "row.email == row.full_name",
    "row.owner.department.name != user.name",
    "row.owner.name == null",
    "row.department.name in ['north']",
    "row.owner.department_id > 3",
    "row.owner.department_id in user.departments",
];
const ON_ORDER: [&str; 12] = [
    "row.customer_id == user.id",
    "row.customer.owner_id == user.id",
    "row.total > 10",
    "row.customer.department_id in user.departments",
    "row.customer.owner.department.name == 'north'",
    "row.customer.income >= user.limit",
    "row.customer.consent",
    "row.total < user.limit",
    "row.customer.birth == null",
    "row.customer.stage in ['ACTIVE']",
    "row.customer.created_at < now",
    "row.total != 5",
];
const ANYWHERE: [&str; 18] = [
    "true",
    "false",
    "user.purpose == 'audit'",
    "user.clearance >= 3",
    "user.department_id == null",
    "user.id != null",
    "'vip' in user.groups",
    "user.purpose in ['audit', 'support']",
    "user.until > now",
    "now < '2026-06-01T00:00:00Z'",
    "user.trusted",
    "user.departments == 3",
    "user.clearance in [2, 3]",
    "user.purpose != 'mischief'",
    "3 in user.departments",
    "user.until <= now",
    "user.trusted == false",
    "now >= '2026-02-01T00:00:00Z'",
];

/// Conditions as text, on `Customer` (2), `Order` (3), or anything.
pub(crate) fn condition(entity: Option<usize>) -> BoxedStrategy<String> {
    let atom = match entity {
        Some(2) => prop_oneof![3 => select(&ON_CUSTOMER[..]), 1 => select(&ANYWHERE[..])].boxed(),
        Some(3) => prop_oneof![3 => select(&ON_ORDER[..]), 1 => select(&ANYWHERE[..])].boxed(),
        _ => select(&ANYWHERE[..]).boxed(),
    };
    atom.prop_map(str::to_owned)
        .prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 2..4)
                    .prop_map(|parts| join(&parts, " && ")),
                proptest::collection::vec(inner.clone(), 2..4)
                    .prop_map(|parts| join(&parts, " || ")),
                inner.prop_map(|part| format!("!({part})")),
            ]
        })
        .boxed()
}

fn join(parts: &[String], operator: &str) -> String {
    let parts: Vec<String> = parts.iter().map(|part| format!("({part})")).collect();
    parts.join(operator)
}

/// Columns and what they may hold; a column that a path leads to has a `>` for each step of it.
fn columns() -> [(&'static [&'static str], Vec<Value>); 8] {
    let int = [3, 7, 8].map(Value::Int).to_vec();
    let decimal =
        [(1005, 1), (5, 0)].map(|(digits, scale)| Value::Decimal(Decimal::new(digits, scale)));
    let text = ["north", "Ann"].map(|text| Value::Text(text.to_owned()));
    let day = ["2026-03-01", "1980-02-29"].map(|text| Value::Date(text.parse().unwrap()));
    let instant = [now(), now() + chrono::Days::new(9)].map(Value::DateTime);
    let stage = ["ACTIVE", "POTENTIAL"].map(|text| Value::Text(text.to_owned()));
    [
        (
            &[
                "Customer.ownerId",
                "Customer.departmentId",
                ">Customer.ownerId",
                ">Customer.departmentId",
                ">Employee.departmentId",
                "Order.customerId",
                "Customer.id",
            ],
            int,
        ),
        (
            &["Customer.income", "Order.total", ">Customer.income"],
            decimal.to_vec(),
        ),
        (
            &[
                ">Department.name",
                ">>Department.name",
                ">>>Department.name",
                ">Employee.name",
                "Customer.fullName",
                "Customer.email",
            ],
            text.to_vec(),
        ),
        (&["Customer.birth", ">Customer.birth"], day.to_vec()),
        (
            &["Customer.createdAt", ">Customer.createdAt"],
            instant.to_vec(),
        ),
        (
            &["Customer.consent", ">Customer.consent"],
            [true, false].map(Value::Boolean).to_vec(),
        ),
        (&["Customer.stage", ">Customer.stage"], stage.to_vec()),
        (
            &["Customer.score"],
            [0.25, 1.0, -0.0, f64::NAN].map(Value::Float).to_vec(),
        ),
    ]
}

pub(crate) fn row() -> impl Strategy<Value = Cells> {
    let mut cells: Vec<_> = columns()
        .into_iter()
        .flat_map(|(names, values)| names.iter().map(move |name| (*name, values.clone())))
        .collect();
    cells.push(("Customer.preferences", vec![Value::Json(json!({}))]));
    let (names, values): (Vec<_>, Vec<_>) = cells
        .into_iter()
        .map(|(name, mut values)| {
            // a null now and then
            values.extend(values.clone());
            values.insert(0, Value::Null);
            (name.to_owned(), select(values))
        })
        .unzip();
    values.prop_map(move |values| Cells(names.iter().cloned().zip(values).collect()))
}

/// Claims and what they may hold, much of it not of the kind that conditions need.
fn claims() -> Json {
    json!({
        "department_id": [3, 3, 7, "7", "3", "03", null, [3], {"id": 3}, true],
        "departments": [[3, "7"], [3], [7, 8], [], [null, 3], "3", 3, ["x"]],
        "limit": [50, 6, "0.5", "100.5", "much", 1.5, null, [50]],
        "born": ["1980-02-29", "2026-03-01", "yesterday", 1980],
        "flags": [[true], [true, false], [false, null], ["true"], true],
        "stages": [["ACTIVE"], ["POTENTIAL", "LOST"], ["active", "LOST"], [null], {"a": "ACTIVE"}],
        "stage": ["ACTIVE", "LOST", "active", 1],
        "name": ["Ann", "north", 7],
        "purpose": ["audit", "support", "mischief", null],
        "clearance": [2, 3, 8, "4", "high"],
        "groups": [["vip"], ["vip", "Ann"], ["dull"], [1], []],
        "until": ["2027-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "soon"],
        "trusted": [true, true, false, "true", 1, null, {}],
    })
}

pub(crate) fn who() -> impl Strategy<Value = Principal> {
    let Json::Object(claims) = claims() else {
        unreachable!("claims are an object")
    };
    let (names, values): (Vec<_>, Vec<_>) = claims
        .into_iter()
        .map(|(name, values)| {
            let values = values.as_array().unwrap().clone();
            (name, proptest::option::weighted(0.9, select(values)))
        })
        .unzip();
    (select(vec!["7", "8", "007", "", "ann"]), values).prop_map(move |(id, values)| {
        let mut who = principal(id, &[], Json::Null);
        let given = names.iter().cloned().zip(values);
        who.attributes = given
            .filter_map(|(name, value)| Some((name, value?)))
            .collect();
        who
    })
}
