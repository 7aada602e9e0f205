//! An object of the answer: which columns it needs and how each is shown.

use async_graphql::parser::types::SelectionSet;
use sea_orm::sea_query::SelectStatement;
use sudare_entities::catalog::{Cardinality, Entity, Kind, Relation};
use sudare_policies::decision::{Decision, Tier};

use super::collect::Selected;
use super::connection::List;
use super::planner::{Level, Planner};
use super::sql::Scope;
use super::statement::Rows;
use super::{
    CellShape, Child, DisclosureShape, DisclosureValue, FieldTiers, Key, ObjectShape, ObjectValue,
    Select,
};
use crate::shape::aggregate_of;

/// Whether it is the field for the aggregates of a relation.
fn is_aggregate_of(relation: &Relation, name: &str) -> bool {
    relation.cardinality == Cardinality::ToMany && aggregate_of(&relation.name) == name
}

impl<'a> Planner<'a> {
    /// Plans the selection on rows of the level's entity; `rows` is how many there may be in all.
    pub(super) fn object(
        &mut self,
        level: &mut Level,
        sets: &[&'a SelectionSet],
        rows: u64,
    ) -> ObjectShape {
        let Some(entity) = self.entity(level.scope.entity) else {
            return ObjectShape { fields: Vec::new() };
        };
        let selected = match self.reader.collect(sets, &entity.name) {
            Ok(selected) => selected,
            Err(error) => {
                self.errors.push(error);
                Vec::new()
            }
        };
        self.spend(rows.saturating_mul(selected.len() as u64));
        let fields = selected
            .iter()
            .filter_map(|selected| {
                Some((
                    Key::new(selected.key),
                    self.value(level, entity, selected, rows)?,
                ))
            })
            .collect();
        ObjectShape { fields }
    }

    fn value(
        &mut self,
        level: &mut Level,
        entity: &Entity,
        selected: &Selected<'a>,
        rows: u64,
    ) -> Option<ObjectValue> {
        match selected.name() {
            "__typename" => Some(ObjectValue::Typename(entity.name.clone())),
            "nodeId" => {
                let column = level.field(&self.sql, entity.key);
                Some(ObjectValue::NodeId {
                    column,
                    seal: self.seals.node(&entity.name),
                })
            }
            "disclosure" => Some(ObjectValue::Disclosure(
                self.disclosure_of(level, entity, selected, rows),
            )),
            name => {
                if let Some(field) = entity.field(name) {
                    return self.cell(level, entity, field).map(ObjectValue::Cell);
                }
                let mut relations = entity.relations.iter();
                let relation = relations
                    .find(|relation| relation.name == name || is_aggregate_of(relation, name))?;
                self.related(level, relation, selected, rows)
            }
        }
    }

    fn cell(&mut self, level: &mut Level, entity: &Entity, position: usize) -> Option<CellShape> {
        let field = entity.fields.get(position)?;
        let decision = self.sql.view.decision(level.scope.entity, position);
        self.disclose(&format!("{}.{}", entity.name, field.name), decision);
        self.sql.cell(level, entity, position)
    }

    fn related(
        &mut self,
        level: &mut Level,
        relation: &Relation,
        selected: &Selected<'a>,
        rows: u64,
    ) -> Option<ObjectValue> {
        self.entity(relation.target)?;
        let sql = self.sql;
        let key = level.column(sql.seen(&level.scope, relation.from));
        let scope = Scope::root(relation.target);
        let mut base = sql.visible_rows(&scope);
        base.and_where(sql.linked(&scope, relation.to, sql.dialect.parent()));
        let child = level.children.len();
        match relation.cardinality {
            Cardinality::ToOne => {
                let mut inner = Level::new(scope);
                let shape = self.object(&mut inner, &selected.sets(), rows);
                let select = self.one_row(inner, base, Some(self.kind(relation)?));
                level.children.push(Child {
                    key,
                    of_none: false,
                    select,
                });
                Some(ObjectValue::One { child, shape })
            }
            Cardinality::ToMany => {
                let coordinate = format!(
                    "{}.{}",
                    self.entity(level.scope.entity)?.name,
                    relation.name
                );
                let list = List {
                    scope,
                    rows: base,
                    coordinate: &coordinate,
                    parents: rows,
                    parent: self.kind(relation),
                };
                if relation.name != selected.name() {
                    let (select, shape) = self.aggregate(list, selected)?;
                    level.children.push(Child {
                        key,
                        of_none: true,
                        select,
                    });
                    return Some(ObjectValue::Groups { child, shape });
                }
                let (select, shape) = self.connection(list, selected)?;
                level.children.push(Child {
                    key,
                    of_none: false,
                    select,
                });
                Some(ObjectValue::Many { child, shape })
            }
        }
    }

    /// The kind of the key by which the rows of a relation are found.
    fn kind(&self, relation: &Relation) -> Option<&'a Kind> {
        let target = self.entity(relation.target)?;
        Some(&target.fields.get(relation.to)?.kind)
    }

    /// The statement for at most one row, or one for each parent.
    pub(super) fn one_row(
        &self,
        level: Level,
        base: SelectStatement,
        parent: Option<&Kind>,
    ) -> Select {
        let entity = self.entity(level.scope.entity);
        let (columns, children) = level.into_parts();
        let count = columns.len();
        let rows = Rows {
            base,
            columns,
            keys: &[],
            backward: false,
            offset: None,
            limit: 1,
        };
        Select {
            entity: entity.map_or_else(String::new, |entity| entity.name.clone()),
            rows: self.sql.rows(rows, parent),
            fetches_rows: true,
            columns: count,
            limit: 1,
            backward: false,
            count: None,
            before: None,
            after: None,
            children,
        }
    }

    /// All fields of the entity that may be below FULL, whatever is selected beside: an object stays the same object in
    /// the caches of clients.
    fn disclosure_of(
        &mut self,
        level: &mut Level,
        entity: &Entity,
        selected: &Selected<'a>,
        rows: u64,
    ) -> DisclosureShape {
        let sql = self.sql;
        let below_full = |decision: &Decision| decision.constant() != Some(Tier::Full);
        let mut fields = Vec::new();
        for (position, field) in entity.fields.iter().enumerate() {
            let decision = sql.view.decision(level.scope.entity, position);
            if below_full(decision) {
                let tiers = decision.grants.iter();
                let tiers = tiers
                    .map(|grant| (level.guard(&sql, &grant.when), grant.tier.name()))
                    .collect();
                fields.push(FieldTiers {
                    field: field.name.clone(),
                    tiers,
                });
            }
        }
        let entry = match self.reader.collect(&selected.sets(), "FieldDisclosure") {
            Ok(entry) => entry,
            Err(error) => {
                self.errors.push(error);
                Vec::new()
            }
        };
        let cells = fields.len().saturating_mul(entry.len()) as u64;
        self.spend(rows.saturating_mul(cells));
        let entry = entry
            .iter()
            .map(|selected| {
                let value = match selected.name() {
                    "field" => DisclosureValue::Field,
                    "tier" => DisclosureValue::Tier,
                    _ => DisclosureValue::Typename,
                };
                (Key::new(selected.key), value)
            })
            .collect();
        DisclosureShape { fields, entry }
    }
}
