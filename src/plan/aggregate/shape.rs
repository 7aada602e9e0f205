//! What is shown of a group.

use async_graphql::parser::types::SelectionSet;
use sea_orm::sea_query::Expr;
use sudare_entities::catalog::{Entity, Kind};

use super::keys::GroupKey;
use super::{Aggregate, SUPPRESSED, grouped};
use crate::graphql::aggregates::{Measure, aggregate_type, key_type, measure_type};
use crate::plan::collect::Selected;
use crate::plan::planner::Planner;
use crate::plan::{CellShape, GrantShape, GroupShape, GroupValue, Key, Show};
use crate::shape::to_one;

impl<'a> Planner<'a> {
    /// Plans the selection on a group.
    pub(super) fn group(
        &mut self,
        aggregate: &mut Aggregate<'_>,
        selected: &Selected<'a>,
    ) -> GroupShape {
        let entity = aggregate.entity;
        let ty = aggregate_type(entity);
        let mut fields = Vec::new();
        for inner in self.collected(&selected.sets(), &ty) {
            let value = match inner.name() {
                "count" => GroupValue::Cell(shown(aggregate, grouped("n"), "count", Kind::Int)),
                SUPPRESSED => GroupValue::Never,
                "key" => {
                    let mut path = Vec::new();
                    let keys = self.keys_of(aggregate, entity, &inner.sets(), &mut path);
                    GroupValue::Object(keys)
                }
                name => match Measure::from_name(name) {
                    Some(measure) => {
                        GroupValue::Object(self.measures_of(aggregate, measure, &inner))
                    }
                    None => GroupValue::Typename(ty.clone()),
                },
            };
            fields.push((Key::new(inner.key), value));
        }
        if !aggregate.withheld.is_empty() {
            let cell = |aggregate: &mut _| {
                shown(aggregate, grouped(SUPPRESSED), SUPPRESSED, Kind::Boolean)
            };
            for (_, value) in &mut fields {
                if let GroupValue::Never = value {
                    *value = GroupValue::Cell(cell(aggregate));
                }
            }
        }
        GroupShape { fields }
    }

    fn keys_of(
        &mut self,
        aggregate: &mut Aggregate<'_>,
        entity: &Entity,
        sets: &[&'a SelectionSet],
        path: &mut Vec<String>,
    ) -> GroupShape {
        let ty = key_type(entity);
        let mut fields = Vec::new();
        for inner in self.collected(sets, &ty) {
            let name = inner.name();
            if name == "__typename" {
                fields.push((Key::new(inner.key), GroupValue::Typename(ty.clone())));
                continue;
            }
            path.push(name.to_owned());
            let relation = to_one(entity).find(|relation| relation.name == name);
            let target = relation.and_then(|relation| self.entity(relation.target));
            let value = match target {
                Some(target) => {
                    let below = self.keys_of(aggregate, target, &inner.sets(), path);
                    Some(GroupValue::Object(below))
                }
                None => self.key_of(aggregate, &inner, path),
            };
            path.pop();
            fields.extend(value.map(|value| (Key::new(inner.key), value)));
        }
        GroupShape { fields }
    }

    fn key_of(
        &mut self,
        aggregate: &mut Aggregate<'_>,
        asked: &Selected<'a>,
        path: &[String],
    ) -> Option<GroupValue> {
        let before = self.errors.len();
        let number = self.key_number(aggregate, path, "the selection asks for");
        if let Some(node) = asked.nodes.first() {
            self.place_errors(before, node);
        }
        let number = number?;
        let key = aggregate.keys.get(number)?;
        let zone = key.bucket.map(|(_, zone)| zone);
        let (kind, stored, is_key) = (key.kind(), key.field.kind.clone(), key.is_key);
        let cell = CellShape {
            is_key,
            ..shown(aggregate, GroupKey::column(number), &path.join("."), kind)
        };
        Some(match (zone, stored) {
            (Some(zone), Kind::DateTime) => GroupValue::Beginning(cell, zone),
            _ => GroupValue::Cell(cell),
        })
    }

    fn measures_of(
        &mut self,
        aggregate: &mut Aggregate<'_>,
        measure: Measure,
        selected: &Selected<'a>,
    ) -> GroupShape {
        let ty = measure_type(aggregate.entity, measure);
        let mut fields = Vec::new();
        for inner in self.collected(&selected.sets(), &ty) {
            let name = inner.name();
            if name == "__typename" {
                fields.push((Key::new(inner.key), GroupValue::Typename(ty.clone())));
                continue;
            }
            let before = self.errors.len();
            let place = format!("{}.{name}", measure.name());
            let number = self.measure(aggregate, measure, name, &place);
            if let Some(node) = inner.nodes.first() {
                self.place_errors(before, node);
            }
            let Some(number) = number else {
                continue;
            };
            let Some(kind) = aggregate.measures.get(number).map(super::Measured::kind) else {
                continue;
            };
            let cell = shown(aggregate, grouped(format!("m{number}")), name, kind);
            fields.push((Key::new(inner.key), GroupValue::Cell(cell)));
        }
        GroupShape { fields }
    }
}

/// A column of the groups, shown as it is: what may not be seen has not come so far.
fn shown(aggregate: &mut Aggregate<'_>, expr: Expr, name: &str, kind: Kind) -> CellShape {
    CellShape {
        coordinate: format!("{}.{name}", aggregate_type(aggregate.entity)),
        kind,
        is_key: false,
        column: Some(aggregate.column(expr)),
        grants: vec![GrantShape {
            guard: None,
            show: Show::Full,
        }],
        subject: None,
    }
}
