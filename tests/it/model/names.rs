//! Names that are not there: an entity that a principal does not have is an unknown name wherever it stands.

use async_graphql::Name;
use async_graphql::parser::types::{BaseType, OperationDefinition, Selection, SelectionSet, Type};
use async_graphql_value::Value as Literal;
use sudare_entities::catalog::Cardinality;

use super::eyes::Eyes;
use super::input::{Input, Variables};
use super::select::Document;

/// Looks for names that the principal does not have.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    pub(super) eyes: &'a Eyes<'a>,
}

impl Names<'_> {
    /// Whether the document has one, in a part that is asked for or not.
    pub(super) fn unknown(self, document: Document<'_>, operation: &OperationDefinition) -> bool {
        let mut fragments = document.parsed.fragments.values();
        let mut variables = operation.variable_definitions.iter();
        variables.any(|one| self.unknown_input(&one.node.var_type.node))
            || self.unknown_below(&operation.selection_set.node, "Query")
            || fragments.any(|fragment| {
                let on = &fragment.node.type_condition.node.on.node;
                self.unknown_type(on) || self.unknown_below(&fragment.node.selection_set.node, on)
            })
    }

    /// Whether the value of a variable has one.
    pub(super) fn unknown_given(
        self,
        operation: &OperationDefinition,
        variables: &Variables,
    ) -> bool {
        operation.variable_definitions.iter().any(|one| {
            let entity = input_entity(&one.node.var_type.node);
            let entity = entity.and_then(|name| self.eyes.data.catalog.entity(name));
            let value = variables.get(one.node.name.node.as_str());
            entity
                .zip(value)
                .is_some_and(|(entity, value)| self.unknown_field(entity, value))
        })
    }

    fn unknown_type(self, name: &str) -> bool {
        self.eyes
            .data
            .catalog
            .entity(name)
            .is_some_and(|entity| !self.eyes.exists(entity))
    }

    fn unknown_input(self, ty: &Type) -> bool {
        input_entity(ty).is_some_and(|name| self.unknown_type(name))
    }

    fn unknown_below(self, set: &SelectionSet, type_name: &str) -> bool {
        set.items.iter().any(|item| match &item.node {
            Selection::InlineFragment(inline) => {
                let on: Option<&Name> = inline
                    .node
                    .type_condition
                    .as_ref()
                    .map(|on| &on.node.on.node);
                let on = on.map_or(type_name, Name::as_str);
                self.unknown_type(on) || self.unknown_below(&inline.node.selection_set.node, on)
            }
            Selection::FragmentSpread(_) => false,
            Selection::Field(field) => {
                let Some(target) = self.leads_to(type_name, &field.node.name.node) else {
                    return false;
                };
                let own = ["Connection", "Aggregate", "GroupKey"]
                    .into_iter()
                    .find_map(|suffix| target.strip_suffix(suffix))
                    .unwrap_or(&target);
                self.unknown_type(own)
                    || self.unknown_below(&field.node.selection_set.node, &target)
                    || field.node.arguments.iter().any(|(_, value)| {
                        let lists = ["Connection", "Aggregate"];
                        let mut lists = lists.into_iter();
                        let entity = lists.find_map(|suffix| target.strip_suffix(suffix));
                        let entity = entity.and_then(|name| self.eyes.data.catalog.entity(name));
                        // what has variables in it is looked at when they have values
                        entity.is_some_and(|entity| {
                            !has_variables(&value.node)
                                && self.unknown_field(entity, &Input::of_constant(&value.node))
                        })
                    })
            }
        })
    }

    /// The type of a field that has fields of its own.
    fn leads_to(self, type_name: &str, field: &str) -> Option<String> {
        let entities = &self.eyes.data.catalog.entities;
        if type_name == "Query" {
            return entities
                .iter()
                .find_map(|entity| match field {
                    _ if field == entity.single => Some(entity.name.clone()),
                    _ if field == entity.plural => Some(format!("{}Connection", entity.name)),
                    _ if field.strip_suffix("Aggregate") == Some(&entity.plural) => {
                        Some(format!("{}Aggregate", entity.name))
                    }
                    _ => None,
                })
                .or_else(|| (field == "node").then(|| "Node".to_owned()));
        }
        if let Some(name) = type_name.strip_suffix("Connection") {
            return match field {
                "nodes" => Some(name.to_owned()),
                "edges" => Some(format!("{name}Edge")),
                _ => None,
            };
        }
        if let Some(name) = type_name.strip_suffix("Aggregate") {
            return (field == "key").then(|| format!("{name}GroupKey"));
        }
        if let Some(name) = type_name.strip_suffix("GroupKey") {
            let entity = &entities[self.eyes.data.catalog.entity(name)?];
            let relation = entity.relations.iter().find(|one| one.name == field)?;
            return Some(format!("{}GroupKey", entities[relation.target].name));
        }
        if let Some(name) = type_name.strip_suffix("Edge") {
            return (field == "node").then(|| name.to_owned());
        }
        let entity = &entities[self.eyes.data.catalog.entity(type_name)?];
        let list = field.strip_suffix("Aggregate");
        let relation = list.unwrap_or(field);
        let relation = entity.relations.iter().find(|one| one.name == relation)?;
        let target = &entities[relation.target].name;
        if list.is_some() {
            return Some(format!("{target}Aggregate"));
        }
        Some(match relation.cardinality {
            Cardinality::ToOne => target.clone(),
            Cardinality::ToMany => format!("{target}Connection"),
        })
    }

    /// Whether a filter or an order walks to an entity that is not there.
    pub(super) fn unknown_field(self, entity: usize, input: &Input) -> bool {
        let known = self.eyes.data.entity(entity);
        match input {
            Input::List(items) => items.iter().any(|item| self.unknown_field(entity, item)),
            Input::Object(fields) => fields.iter().any(|(name, inner)| {
                match known.relations.iter().find(|one| one.name == *name) {
                    Some(relation) => {
                        !self.eyes.exists(relation.target)
                            || self.unknown_field(relation.target, inner)
                    }
                    // `and`, `or`, `not`, `some`, `none`, `every`: still the same rows
                    None => known.field(name).is_none() && self.unknown_field(entity, inner),
                }
            }),
            _ => false,
        }
    }
}

/// The entity whose filter or order a type is.
fn input_entity(ty: &Type) -> Option<&str> {
    match &ty.base {
        BaseType::List(of) => input_entity(of),
        BaseType::Named(name) => ["Filter", "GroupBy", "Having", "AggregateOrderBy", "OrderBy"]
            .into_iter()
            .find_map(|suffix| name.strip_suffix(suffix)),
    }
}

fn has_variables(literal: &Literal) -> bool {
    match literal {
        Literal::Variable(_) => true,
        Literal::List(items) => items.iter().any(has_variables),
        Literal::Object(fields) => fields.values().any(has_variables),
        _ => false,
    }
}
