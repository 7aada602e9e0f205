//! A small shape, policies over it, rows and principals, fixed and random.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value as Json};

use crate::condition::{Row, RowPath};
use crate::shape::{EntityShape, FieldShape, Shape, ToOneShape};
use crate::value::{Value, ValueKind};
use crate::{MaskingKey, PolicyErrors, PolicyFiles, PolicySet, Principal};

/// Department(0) <- Employee(1) <- Customer(2) <- Order(3)
pub(crate) fn shape() -> Shape {
    use ValueKind::{Boolean, Date, DateTime, Decimal, Enum, Float, Int, Json, Text};
    Shape {
        entities: vec![
            entity("Department", &[("id", Int), ("name", Text)], &[], &[]),
            entity(
                "Employee",
                &[("id", Int), ("name", Text), ("department_id", Int)],
                &[(2, (0, 0))],
                &[("department", 2, 0)],
            ),
            entity(
                "Customer",
                &[
                    ("id", Int),
                    ("full_name", Text),
                    ("email", Text),
                    ("income", Decimal),
                    ("birth", Date),
                    ("created_at", DateTime),
                    ("consent", Boolean),
                    ("stage", Enum),
                    ("score", Float),
                    ("preferences", Json),
                    ("owner_id", Int),
                    ("department_id", Int),
                ],
                &[(10, (1, 0)), (11, (0, 0))],
                &[("owner", 10, 1), ("department", 11, 0)],
            ),
            entity(
                "Order",
                &[("id", Int), ("customer_id", Int), ("total", Decimal)],
                &[(1, (2, 0))],
                &[("customer", 1, 2)],
            ),
        ],
    }
}

fn entity(
    name: &str,
    fields: &[(&str, ValueKind)],
    references: &[(usize, (usize, usize))],
    to_one: &[(&str, usize, usize)],
) -> EntityShape {
    let fields = fields
        .iter()
        .enumerate()
        .map(|(number, (column, kind))| FieldShape {
            name: camel(column),
            column: (*column).to_owned(),
            kind: *kind,
            variants: match kind {
                ValueKind::Enum => ["POTENTIAL", "ACTIVE", "LOST"].map(str::to_owned).to_vec(),
                _ => Vec::new(),
            },
            nullable: number > 0,
            unique: number == 0,
            blind: *column == "email",
            narrow: false,
            references: references
                .iter()
                .find(|(field, _)| *field == number)
                .map(|(_, key)| *key),
        });
    let to_one = to_one.iter().map(|(name, from, target)| ToOneShape {
        name: (*name).to_owned(),
        from: *from,
        target: *target,
        to: 0,
    });
    EntityShape {
        name: name.to_owned(),
        fields: fields.collect(),
        to_one: to_one.collect(),
    }
}

fn camel(column: &str) -> String {
    let mut words = column.split('_');
    let first = words.next().unwrap().to_owned();
    words.fold(first, |name, word| {
        let (initial, rest) = word.split_at(1);
        format!("{name}{}{rest}", initial.to_uppercase())
    })
}

pub(crate) const CLASSES: &str = "\
g2, Department.id, key.department
g2, Department.name, public
g2, Employee.id, key.employee
g2, Employee.name, staff.name
g2, Customer.id, key.customer
g2, Customer.fullName, pii.name
g2, Customer.email, pii.contact.email
g2, Customer.income, financial.income
g2, Customer.birth, pii.birth
g2, Customer.createdAt, public
g2, Customer.consent, pii.consent
g2, Customer.stage, public
g2, Customer.score, behavior
g2, Customer.preferences, behavior
g2, Order.id, key.order
g2, Order.total, commerce
";

/// Every class can be masked, so that any rule loads.
pub(crate) const MASKING: &str = r#"
k = 5
[audiences]
[class."key"]
partial = { masker = "hmac_token" }
desensitized = { masker = "hmac_token" }
[class."public"]
partial = { masker = "null" }
desensitized = { masker = "null" }
[class."pii"]
partial = { masker = "null" }
desensitized = { masker = "null" }
[class."staff"]
partial = { masker = "null" }
desensitized = { masker = "null" }
[class."financial"]
partial = { masker = "null" }
desensitized = { masker = "null" }
[class."behavior"]
partial = { masker = "null" }
desensitized = { masker = "null" }
[class."commerce"]
partial = { masker = "null" }
desensitized = { masker = "null" }
"#;

pub(crate) fn key() -> MaskingKey {
    MaskingKey::new(&[7; 32]).unwrap()
}

/// The set of these rules, with the classes of the fixture.
pub(crate) fn set(rules: &str) -> Result<Arc<PolicySet>, PolicyErrors> {
    let files = PolicyFiles::from_memory(format!("{CLASSES}{rules}"), MASKING);
    PolicySet::from_files(&files, &shape(), &key()).map(Arc::new)
}

pub(crate) fn principal(id: &str, roles: &[&str], claims: Json) -> Principal {
    let attributes = match claims {
        Json::Object(map) => map,
        _ => Map::new(),
    };
    Principal {
        id: id.to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        attributes,
    }
}

/// A row: the values of the columns by coordinate at the end of the path, whatever the way there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cells(pub(crate) BTreeMap<String, Value>);

impl Row for Cells {
    fn value(&self, path: &RowPath) -> Value {
        // asked for every condition of every rule
        static SHAPE: LazyLock<Shape> = LazyLock::new(shape);
        let shape = &*SHAPE;
        let target = path.target(shape).unwrap();
        let name = format!(
            "{}{}",
            ">".repeat(path.hops.len()),
            shape.coordinate(target, path.field)
        );
        self.0.get(&name).cloned().unwrap_or(Value::Null)
    }
}

pub(crate) fn now() -> DateTime<Utc> {
    "2026-03-01T12:00:00Z".parse().unwrap()
}
