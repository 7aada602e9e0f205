//! Ideal maskers. A keyed masker that is deterministic shows different values as different masks, so that under it equal views force
//! equal values, and a test of them tries nothing. An ideal one is a table of its own for each database: here the second database
//! shows a value as the first one shows the value in whose place it stands. To whom the masks tell nothing, that is the same.

use std::collections::HashMap;
use std::sync::Arc;

use sudare_entities::catalog::Kind;
use sudare_policies::PolicySet;
use sudare_policies::maskers::{Masked, Masker, Subject};
use sudare_policies::value::{Value, ValueRef};

use super::keys::Keys;
use super::policies::Rulebook;
use crate::model::cell::lent;
use crate::model::data::Data;

/// What values of the second database stand for in the first, by entity and field.
#[derive(Default)]
pub(super) struct Renames(HashMap<(usize, usize), Table>);

/// By how a value prints; with the kind of the values.
#[derive(Clone, Debug)]
struct Table(Kind, HashMap<String, Value>);

impl Renames {
    pub(super) fn add(&mut self, field: (usize, usize), kind: &Kind, (from, to): (Value, &Value)) {
        let table = self.0.entry(field);
        let table = table.or_insert_with(|| Table(kind.clone(), HashMap::new()));
        table.1.insert(printed(lent(to, kind)), from);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The policies of the second database.
    pub(super) fn policies(&self, rulebook: &Rulebook, data: &Data, keys: &Keys) -> PolicySet {
        let set = rulebook.load_with(|audience, (entity, field, _), inner| {
            let subject = rulebook.set.subject(audience, entity);
            let ideal = Ideal {
                inner: Arc::clone(inner),
                table: self.0.get(&(entity, field)).cloned(),
                moved: keys.of_field(entity, data.entity(entity), field),
                person: subject.map_or(0, |subject| keys.distance(subject.entity)),
            };
            Some(Arc::new(ideal) as Arc<dyn Masker>)
        });
        set.unwrap_or_else(|errors| panic!("{errors}"))
    }
}

/// A masker of the second database: another one, of what the value stands for.
#[derive(Debug)]
struct Ideal {
    inner: Arc<dyn Masker>,
    table: Option<Table>,
    /// By how much keys are moved, if these are keys, and those of persons.
    moved: i64,
    person: i64,
}

impl Masker for Ideal {
    fn mask(&self, value: ValueRef<'_>, subject: &Subject<'_>, out: &mut String) -> Masked {
        let subject = match subject.key {
            Some(ValueRef::Int(key)) if self.person != 0 => Subject {
                key: Some(ValueRef::Int(key - self.person)),
                memo: None,
                ..*subject
            },
            _ => *subject,
        };
        let behind = self.table.as_ref().and_then(|Table(kind, table)| {
            let behind = table.get(&printed(value))?;
            Some(lent(behind, kind))
        });
        let value = match (behind, value) {
            (Some(behind), _) => behind,
            (None, ValueRef::Int(key)) => ValueRef::Int(key.wrapping_sub(self.moved)),
            (None, value) => value,
        };
        self.inner.mask(value, &subject, out)
    }

    fn needs_subject(&self) -> bool {
        self.inner.needs_subject()
    }

    fn hides_absence(&self) -> bool {
        self.inner.hides_absence()
    }

    fn has_way_back(&self) -> bool {
        self.inner.has_way_back()
    }

    fn value_behind(&self, mask: i64) -> Option<i64> {
        self.inner.value_behind(mask)?.checked_add(self.moved)
    }
}

/// Equal for equal values, whatever their scale.
fn printed(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Decimal(number) => number.normalize().to_string(),
        other => format!("{other:?}"),
    }
}
