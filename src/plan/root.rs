//! The fields of `Query`, and the way from an operation to its plan.

use std::sync::Arc;

use async_graphql::Positioned;
use async_graphql::parser::types::{ExecutableDocument, Field, OperationDefinition, OperationType};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sudare_entities::Catalog;
use sudare_policies::View;
use sudare_policies::value::Value;

use super::bind::{Bind, Binds, NodePlace};
use super::collect::{Reader, Selected};
use super::connection::List;
use super::dialect::Dialect;
use super::identity::seen_number;
use super::order::hidden;
use super::planner::{Level, Planner};
use super::sql::{Scope, Sql};
use super::{Key, ObjectShape, Plan, Root, RootValue, Select};
use crate::answer::{ErrorCode, RequestError};
use crate::blind::BlindKeys;
use crate::config::Limits;
use crate::graphql::coerce::{Input, Variables};
use crate::graphql::inputs::{Inputs, TypeRef};
use crate::graphql::writes::ROOT;
use crate::seal::AudienceSeals;
use crate::shape::aggregate_of;

/// What a plan is made from: a validated document, coerced variables, and what the principal may see.
#[derive(Debug)]
pub(crate) struct PlanRequest<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) dialect: Dialect,
    pub(crate) view: &'a View,
    pub(crate) inputs: &'a Inputs,
    pub(crate) document: &'a ExecutableDocument,
    pub(crate) operation: &'a OperationDefinition,
    pub(crate) variables: &'a Variables,
    pub(crate) limits: &'a Limits,
    pub(crate) seals: &'a AudienceSeals,
    pub(crate) blind: &'a BlindKeys,
}

/// Plans an operation. Every refusal is listed.
pub(crate) fn build(request: &PlanRequest<'_>) -> Result<Plan, Vec<RequestError>> {
    let reader = Reader {
        document: request.document,
        inputs: request.inputs,
        variables: request.variables,
    };
    let binds = Binds::default();
    let sql = Sql {
        catalog: request.catalog,
        view: request.view,
        dialect: request.dialect,
        binds: &binds,
    };
    let keys = (request.seals, request.blind);
    let mut planner = Planner::new(reader, sql, request.limits, keys);
    let mut roots = Vec::new();
    let is_mutation = request.operation.ty == OperationType::Mutation;
    let root = if is_mutation { ROOT } else { "Query" };
    for selected in planner.collected(&[&request.operation.selection_set.node], root) {
        let value = if is_mutation {
            planner.mutation(&selected)
        } else {
            planner.root(&selected)
        };
        if let Some(value) = value {
            roots.push(Root {
                key: Key::new(selected.key),
                value,
            });
        }
    }
    planner.finish()?;
    let Planner {
        disclosure,
        fixed,
        personal,
        ..
    } = planner;
    Ok(Plan {
        roots,
        disclosure,
        binds: binds.into_all(),
        fixed,
        personal,
    })
}

impl<'a> Planner<'a> {
    fn root(&mut self, selected: &Selected<'a>) -> Option<RootValue> {
        match selected.name() {
            "__typename" => Some(RootValue::Ready("\"Query\"".to_owned())),
            "__schema" | "__type" => Some(RootValue::Introspection),
            "me" => Some(RootValue::Ready(self.me(selected))),
            "node" => Some(self.node(selected)),
            name => {
                let entities = self.catalog().entities.iter();
                let index = entities.enumerate().position(|(index, entity)| {
                    self.entity(index).is_some()
                        && (entity.single == name
                            || entity.plural == name
                            || entity.lookup().as_deref() == Some(name)
                            || aggregate_of(&entity.plural) == name)
                })?;
                let entity = self.entity(index)?;
                if entity.single == name {
                    return self.by_id(index, selected);
                }
                if entity.lookup().as_deref() == Some(name) {
                    return self.lookup(index, selected);
                }
                let scope = Scope::root(index);
                let rows = self.sql.visible_rows(&scope);
                let coordinate = format!("Query.{name}");
                let list = List {
                    scope,
                    rows,
                    coordinate: &coordinate,
                    parents: 1,
                    parent: None,
                };
                if entity.plural != name {
                    let (select, shape) = self.aggregate(list, selected)?;
                    return Some(RootValue::Groups { select, shape });
                }
                let (select, shape) = self.connection(list, selected)?;
                Some(RootValue::Many { select, shape })
            }
        }
    }

    /// An entity by its key: a filter like any other. What is selected below is read even if it is refused, so that all
    /// refusals are listed.
    fn by_id(&mut self, index: usize, selected: &Selected<'a>) -> Option<RootValue> {
        let field = selected.nodes.first()?;
        let entity = self.entity(index)?;
        let place = format!("{}.id", entity.single);
        let id = self.argument(field, "id", &TypeRef::named("ID").required());
        let which = self.which(&Scope::root(index), id.as_ref(), (field, &place));
        let which = which.unwrap_or_else(|| Expr::cust("1 = 0"));
        let (select, shape) = self.single(index, which, selected);
        Some(RootValue::One { select, shape })
    }

    /// Whether it is the row with this key, as the principal sees keys; `None` if that has been refused.
    pub(super) fn which(
        &mut self,
        scope: &Scope,
        id: Option<&Input>,
        (field, place): (&Positioned<Field>, &str),
    ) -> Option<Expr> {
        let entity = self.entity(scope.entity)?;
        if id.is_some_and(|id| seen_number(id).is_none()) {
            let message = format!("`{place}` must be a whole number");
            self.refuse(field, ErrorCode::BadUserInput, message);
        }
        let Some(key) = self.sql.seen_key(scope, entity.key) else {
            let name = entity.fields.get(entity.key)?.name.as_str();
            let code = ErrorCode::FieldNotFilterable;
            let error = hidden(code, entity, name, place, "look up by");
            self.errors.push(error.at(field.pos.line, field.pos.column));
            return None;
        };
        self.is_seen_as(&key, &[id?], true)
    }

    /// The row of a sealed id. What is not an id of ours, what does not exist and what is hidden are alike: null. What is selected
    /// is read for rows of each entity, whichever the id is of: what is told besides hangs on the document alone.
    fn node(&mut self, selected: &Selected<'a>) -> RootValue {
        let null = || RootValue::Ready("null".to_owned());
        let Some(field) = selected.nodes.first() else {
            return null();
        };
        let (given, text) = match self.argument(field, "nodeId", &TypeRef::named("ID").required()) {
            Some(Input::Given(given, Value::Text(text))) => (Some(given), text),
            Some(Input::Scalar(Value::Text(text))) => (None, text),
            _ => return null(),
        };
        let found = self.seals.open_node(&text);
        let found = found.and_then(|(name, id)| {
            let index = self.catalog().entity(&name)?;
            Some((index, self.entity(index)?, id))
        });
        let Some((index, entity, id)) = found else {
            // Of this very text: another may be the id of a row.
            self.fixed.extend(given);
            self.of_each_entity(selected, None);
            return null();
        };
        let bind = match given {
            Some(given) => Bind::Node(Arc::new(NodePlace {
                given,
                seals: self.seals.clone(),
                entity: entity.name.clone(),
            })),
            None => Bind::Fixed(Value::Int(id)),
        };
        let column = self.sql.column(&Scope::root(index), entity.key);
        let which = column.eq(self.sql.bound(bind, &Value::Int(id)));
        let found = self.of_each_entity(selected, Some((index, which)));
        found.map_or_else(null, |(select, shape)| RootValue::One { select, shape })
    }

    /// Plans what is selected of a node for rows of each entity, which also makes it cost the same; gives the row, of the one that it
    /// is of.
    fn of_each_entity(
        &mut self,
        selected: &Selected<'a>,
        mut found: Option<(usize, Expr)>,
    ) -> Option<(Select, ObjectShape)> {
        let mut planned = None;
        for index in 0..self.catalog().entities.len() {
            if self.entity(index).is_none() {
                continue;
            }
            if let Some((_, which)) = found.take_if(|(of, _)| *of == index) {
                planned = Some(self.single(index, which, selected));
            } else {
                let mut level = Level::new(Scope::root(index));
                self.object(&mut level, &selected.sets(), 1);
            }
        }
        planned
    }

    fn single(
        &mut self,
        index: usize,
        which: Expr,
        selected: &Selected<'a>,
    ) -> (Select, ObjectShape) {
        let scope = Scope::root(index);
        let mut base = self.sql.visible_rows(&scope);
        base.and_where(which);
        let mut level = Level::new(scope);
        let shape = self.object(&mut level, &selected.sets(), 1);
        (self.one_row(level, base, None), shape)
    }
}
