//! Lookups: blind indexes beside the values of both databases, and questions to which the view has the answer.

use std::collections::{BTreeMap, BTreeSet};

use sudare::blind::{BlindIndex, BlindKeys};
use sudare_entities::Catalog;
use sudare_entities::catalog::Entity;
use sudare_policies::PolicySet;
use sudare_policies::decision::Action;
use sudare_policies::value::Value;

use super::settle::Second;
use super::values::stored;
use super::view::View;
use crate::model::data::Data;
use crate::model::dice::Dice;
use crate::model::eyes::Eyes;

/// The blind indexes of the masks that have some, by table and column.
pub(super) struct Blind(BTreeMap<(String, String), BlindIndex>);

impl Blind {
    pub(super) fn new(keys: &BlindKeys, policies: &PolicySet) -> Self {
        let catalog = Catalog::new().unwrap();
        let indexes = keys.indexes(&catalog, policies).into_iter();
        let columns = catalog.entities.iter().flat_map(|known| {
            let fields = known.fields.iter();
            fields.filter_map(|field| {
                let is_indexed = field.blind.is_some();
                is_indexed.then(|| (known.table.clone(), field.column.clone()))
            })
        });
        Self(columns.zip(indexes).collect())
    }

    /// What a row has in the columns of indexes, in the order of the fields.
    pub(super) fn cells<'b>(
        &'b self,
        known: &'b Entity,
        row: &'b [Value],
    ) -> impl Iterator<Item = Option<String>> {
        let fields = known.fields.iter().zip(row);
        fields.filter_map(|(field, value)| {
            let place = (known.table.clone(), field.column.clone());
            let index = self.0.get(&place)?;
            Some(match value {
                Value::Text(text) => Some(index.of(text)),
                _ => None,
            })
        })
    }

    /// Which visible rows have the value: all that a lookup may tell.
    fn holders(
        &self,
        (data, view): (&Data, &View),
        (entity, field): (usize, usize),
        (value, moved): (&str, i64),
    ) -> Option<BTreeSet<i64>> {
        let known = data.entity(entity);
        let place = (known.table.clone(), known.fields[field].column.clone());
        let index = self.0.get(&place)?;
        let wanted = index.of(value);
        let rows = data.tables()[entity].iter();
        let holders = rows.filter(|row| match &row[field] {
            Value::Text(text) => index.of(text) == wanted,
            _ => false,
        });
        let keys = holders.map(|row| data.key_of(entity, row) - moved);
        Some(keys.filter(|key| view.is_visible((entity, *key))).collect())
    }
}

/// Looks for a value of either database that the same visible rows have in both; mostly none, then.
pub(super) fn lookup(
    (eyes, view): (&Eyes<'_>, &View),
    second: &Second,
    blind: &Blind,
    dice: &mut Dice,
) -> Option<String> {
    let entities = eyes.data.catalog.entities.iter().enumerate();
    let fields = entities.flat_map(|(entity, known)| {
        let fields = known.fields.iter().enumerate();
        let blind = fields.filter(|(_, field)| field.blind.is_some());
        blind.map(move |(field, _)| (entity, field))
    });
    let may = |(entity, field): &(usize, usize)| {
        let actions = [Action::Lookup, Action::Full];
        let mut may = actions.map(|action| eyes.may_be(*entity, Some(*field), action));
        eyes.exists(*entity) && may.iter_mut().any(|may| *may)
    };
    let fields: Vec<_> = fields.filter(may).collect();
    if fields.is_empty() {
        return None;
    }
    let (entity, field) = dice.pick(&fields);
    let known = eyes.data.entity(entity);
    let data = dice.pick(&[eyes.data, &second.data]);
    let Value::Text(value) = stored(data, (entity, field), dice) else {
        return None;
    };
    let moved = second.keys.distance(entity);
    let there = blind.holders((eyes.data, view), (entity, field), (&value, 0))?;
    let here = blind.holders((&second.data, view), (entity, field), (&value, moved))?;
    let (name, by) = (known.lookup()?, &known.fields[field].name);
    let value = serde_json::Value::from(value);
    (there == here).then(|| format!("{{ {name}(by: {{ {by}: {value} }}) {{ nodeId {by} }} }}"))
}
