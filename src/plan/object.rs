//! An object of the answer: which columns it needs and how each is shown.

use async_graphql::parser::types::SelectionSet;
use sea_orm::sea_query::SelectStatement;
use sudare_entities::catalog::{Cardinality, Entity, Kind, Relation};
use sudare_policies::condition::RowPath;
use sudare_policies::decision::{Decision, Tier};

use super::collect::Selected;
use super::connection::List;
use super::planner::{Level, Planner};
use super::sql::Scope;
use super::{
    CellShape, Child, DisclosureShape, DisclosureValue, FieldTiers, GrantShape, ObjectShape,
    ObjectValue, Select, Show, Statement, SubjectShape, key,
};

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
                    key(selected.key),
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
                self.disclosure_of(level, entity, selected),
            )),
            name => {
                if let Some(field) = entity.field(name) {
                    return self.cell(level, entity, field).map(ObjectValue::Cell);
                }
                let relation = entity
                    .relations
                    .iter()
                    .find(|relation| relation.name == name)?;
                self.related(level, relation, selected, rows)
            }
        }
    }

    fn cell(&mut self, level: &mut Level, entity: &Entity, position: usize) -> Option<CellShape> {
        let field = entity.fields.get(position)?;
        let (view, sql) = (self.sql.view, self.sql);
        let decision = view.decision(level.scope.entity, position);
        let coordinate = format!("{}.{}", entity.name, field.name);
        self.disclose(&coordinate, decision);
        let grants: Vec<GrantShape> = decision
            .grants
            .iter()
            .filter_map(|grant| {
                // A tier without a masker is refused when policies are loaded; were one to slip through, it shows nothing.
                let show = match grant.tier {
                    Tier::Full => Show::Full,
                    tier => Show::Masked(view.masker(level.scope.entity, position, tier)?.clone()),
                };
                Some(GrantShape {
                    guard: level.guard(&sql, &grant.when),
                    show,
                })
            })
            .collect();
        let column = (!grants.is_empty()).then(|| level.column(sql.seen(&level.scope, position)));
        let is_key = position == entity.key || field.references.is_some();
        let subject = self.subject(level, &grants);
        Some(CellShape {
            coordinate,
            kind: Kind::clone(&field.kind),
            is_key,
            column,
            grants,
            subject,
        })
    }

    /// The columns of the person behind the row, if one of the masks needs them.
    fn subject(&self, level: &mut Level, grants: &[GrantShape]) -> Option<SubjectShape> {
        let needs = |grant: &GrantShape| matches!(&grant.show, Show::Masked(masker) if masker.needs_subject());
        if !grants.iter().any(needs) {
            return None;
        }
        let paths = self.sql.view.subject(level.scope.entity)?;
        let mut column = |path: &RowPath| Some(level.column(self.sql.path(path, &level.scope)?));
        Some(SubjectShape {
            key: column(&paths.key)?,
            country: paths.country.as_ref().and_then(&mut column),
            gender: paths.gender.as_ref().and_then(&mut column),
            birth: paths.birth.as_ref().and_then(&mut column),
        })
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
        base.and_where(sql.linked(&scope, relation.to, super::dialect::parent()));
        let child = level.children.len();
        match relation.cardinality {
            Cardinality::ToOne => {
                let mut inner = Level::new(scope);
                let shape = self.object(&mut inner, &selected.sets(), rows);
                let select = self.one_row(inner, base, relation.target);
                level.children.push(Child { key, select });
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
                };
                let (select, shape) = self.connection(list, selected)?;
                level.children.push(Child { key, select });
                Some(ObjectValue::Many { child, shape })
            }
        }
    }

    /// The statement for at most one row.
    pub(super) fn one_row(&self, level: Level, mut base: SelectStatement, entity: usize) -> Select {
        let (columns, children) = level.into_parts();
        let count = columns.len();
        base.exprs(columns).limit(1);
        Select {
            entity: self
                .entity(entity)
                .map_or_else(String::new, |entity| entity.name.clone()),
            rows: self.statement(&base),
            columns: count,
            limit: 1,
            backward: false,
            count: None,
            before: None,
            after: None,
            children,
        }
    }

    pub(super) fn statement(&self, select: &SelectStatement) -> Statement {
        let (text, values) = self.sql.dialect.build(select);
        Statement { text, values }
    }

    /// All fields of the entity that may be below FULL, whatever is selected beside: an object stays the same object in
    /// the caches of clients.
    fn disclosure_of(
        &mut self,
        level: &mut Level,
        entity: &Entity,
        selected: &Selected<'a>,
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
        let entry = entry
            .iter()
            .map(|selected| {
                let value = match selected.name() {
                    "field" => DisclosureValue::Field,
                    "tier" => DisclosureValue::Tier,
                    _ => DisclosureValue::Typename,
                };
                (key(selected.key), value)
            })
            .collect();
        DisclosureShape { fields, entry }
    }
}
