//! The sensitivity class of every field, from the `g2` rows.

use std::collections::{BTreeSet, HashMap};

use crate::error::{Fault, Findings};
use crate::rows::{FROM, PairRow, TO};
use crate::shape::Shape;

/// The class of every field.
#[derive(Debug, Default)]
pub(crate) struct Classes {
    of: HashMap<(usize, usize), String>,
    names: BTreeSet<String>,
}

impl Classes {
    /// Reads the classes; every field must get exactly one, foreign keys that of the key that they reference.
    pub(crate) fn check(rows: &[PairRow], shape: &Shape, findings: &mut Findings) -> Self {
        let mut classes = Self::default();
        let mut given: HashMap<(usize, usize), &PairRow> = HashMap::new();
        for row in rows {
            // a class is known even where its field is not: one mistake, one error
            if let Err(fault) = check_name(&row.to) {
                findings.add(row.places.at(TO), fault);
                continue;
            }
            classes.names.insert(row.to.clone());
            let Some(field) = shape.find_field(&row.from) else {
                findings.add(row.places.at(FROM), unknown_field(shape, &row.from));
                continue;
            };
            if let Some(first) = given.insert(field, row) {
                let message = format!(
                    "`{}` has a class already, from line {}",
                    row.from, first.line
                );
                findings.add(
                    row.places.at(FROM),
                    Fault::new(message, "a field has one class; remove one of the rows"),
                );
                continue;
            }
            classes.of.insert(field, row.to.clone());
        }
        for field in shape.fields() {
            classes.settle_field(shape, field, given.get(&field).copied(), findings);
        }
        classes
    }

    /// The class of the field; empty if it has none (then the set does not load).
    pub(crate) fn of(&self, entity: usize, field: usize) -> &str {
        self.of.get(&(entity, field)).map_or("", String::as_str)
    }

    /// Whether `prefix` is a class or a dotted prefix of one.
    pub(crate) fn knows(&self, prefix: &str) -> bool {
        self.names.iter().any(|class| within(class, prefix))
    }

    /// All classes and their dotted prefixes.
    pub(crate) fn prefixes(&self) -> BTreeSet<&str> {
        let mut prefixes = BTreeSet::new();
        for class in &self.names {
            prefixes.insert(class.as_str());
            prefixes.extend(
                class
                    .match_indices('.')
                    .filter_map(|(dot, _)| class.get(..dot)),
            );
        }
        prefixes
    }

    fn settle_field(
        &mut self,
        shape: &Shape,
        field: (usize, usize),
        row: Option<&PairRow>,
        findings: &mut Findings,
    ) {
        let key = shape.key_behind(field.0, field.1);
        let name = shape.coordinate(field.0, field.1);
        if key == field {
            if row.is_none() {
                let cure = format!("add `g2, {name}, <class>`");
                findings.add(0, Fault::new(format!("`{name}` has no class"), cure));
            }
            return;
        }
        let Some(class) = self.of.get(&key).cloned() else {
            return; // the key itself is reported
        };
        let own = self.of.insert(field, class.clone());
        if let (Some(row), Some(own)) = (row, own)
            && own != class
        {
            let message = format!(
                "`{name}` refers to `{}` and has its class, `{class}`",
                shape.coordinate(key.0, key.1)
            );
            findings.add(row.places.from(0), Fault::new(message, "remove this row"));
        }
    }
}

/// Whether `class` is `prefix` or below it.
pub(crate) fn within(class: &str, prefix: &str) -> bool {
    class
        .strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// A coordinate that names no field, with the nearest that does.
pub(crate) fn unknown_field(shape: &Shape, name: &str) -> Fault {
    let known: Vec<String> = shape
        .fields()
        .map(|(entity, field)| shape.coordinate(entity, field))
        .collect();
    Fault::unknown(
        format!("unknown field `{name}`"),
        name,
        known.iter().map(String::as_str),
        "fields are named by coordinate, such as `Customer.phone`",
    )
}

fn check_name(class: &str) -> Result<(), Fault> {
    let sound = class.split('.').all(|part| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    });
    if sound {
        return Ok(());
    }
    Err(Fault::new(
        format!("`{class}` is not the name of a class"),
        "a class is a dotted path of lower-case names, such as `pii.contact.phone`",
    ))
}
