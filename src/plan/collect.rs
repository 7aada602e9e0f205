//! The fields of a selection, merged: fragments spread, `@skip` and `@include` settled, equal response keys joined.

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{Directive, ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql::{Name, Positioned};

use crate::answer::{ErrorCode, RequestError};
use crate::graphql::coerce::{self, Input, Variables};
use crate::graphql::inputs::{Inputs, TypeRef};
use sudare_policies::value::Value;

/// All selections of one response key.
#[derive(Clone, Debug)]
pub(crate) struct Selected<'a> {
    pub(crate) key: &'a str,
    /// They name the same field with the same arguments.
    pub(crate) nodes: Vec<&'a Positioned<Field>>,
}

impl<'a> Selected<'a> {
    /// The name of the field.
    pub(crate) fn name(&self) -> &'a str {
        self.nodes
            .first()
            .map_or("", |node| node.node.name.node.as_str())
    }

    /// What is selected below it.
    pub(crate) fn sets(&self) -> Vec<&'a SelectionSet> {
        self.nodes
            .iter()
            .map(|node| &node.node.selection_set.node)
            .collect()
    }
}

/// Where selections are read from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    pub(crate) document: &'a ExecutableDocument,
    pub(crate) inputs: &'a Inputs,
    pub(crate) variables: &'a Variables,
}

impl<'a> Reader<'a> {
    /// The fields selected on an object of this type; entities also answer to the interface `Node`.
    pub(crate) fn collect(
        &self,
        sets: &[&'a SelectionSet],
        type_name: &str,
    ) -> Result<Vec<Selected<'a>>, RequestError> {
        let mut fields = IndexMap::new();
        let mut spread = Vec::new();
        for set in sets {
            self.collect_into(set, type_name, &mut fields, &mut spread)?;
        }
        Ok(fields
            .into_iter()
            .map(|(key, nodes)| Selected { key, nodes })
            .collect())
    }

    fn collect_into(
        &self,
        set: &'a SelectionSet,
        type_name: &str,
        fields: &mut IndexMap<&'a str, Vec<&'a Positioned<Field>>>,
        spread: &mut Vec<&'a Name>,
    ) -> Result<(), RequestError> {
        for item in &set.items {
            if !self.is_included(item.node.directives())? {
                continue;
            }
            match &item.node {
                Selection::Field(field) => {
                    let key = field.node.response_key().node.as_str();
                    let nodes: &mut Vec<&'a Positioned<Field>> = fields.entry(key).or_default();
                    if let Some(first) = nodes.first() {
                        merge(first, field)?;
                    }
                    nodes.push(field);
                }
                Selection::InlineFragment(inline) => {
                    let on = inline
                        .node
                        .type_condition
                        .as_ref()
                        .map(|condition| &condition.node.on.node);
                    if on.is_none_or(|on| applies(on, type_name)) {
                        self.collect_into(
                            &inline.node.selection_set.node,
                            type_name,
                            fields,
                            spread,
                        )?;
                    }
                }
                Selection::FragmentSpread(fragment) => {
                    let name = &fragment.node.fragment_name.node;
                    let Some(definition) = self.document.fragments.get(name) else {
                        continue;
                    };
                    if spread.contains(&name)
                        || !applies(&definition.node.type_condition.node.on.node, type_name)
                    {
                        continue;
                    }
                    spread.push(name);
                    self.collect_into(
                        &definition.node.selection_set.node,
                        type_name,
                        fields,
                        spread,
                    )?;
                }
            }
        }
        Ok(())
    }

    fn is_included(&self, directives: &[Positioned<Directive>]) -> Result<bool, RequestError> {
        for directive in directives {
            let name = directive.node.name.node.as_str();
            if name != "skip" && name != "include" {
                continue;
            }
            let ty = TypeRef::named("Boolean").required();
            let literal = directive.node.get_argument("if").map(|value| &value.node);
            let condition = match literal {
                Some(literal) => coerce::argument(
                    self.inputs,
                    self.variables,
                    literal,
                    &ty,
                    &format!("@{name}(if)"),
                )
                .map_err(|error| error.at(directive.pos.line, directive.pos.column))?,
                None => None,
            };
            if condition != Some(Input::Scalar(Value::Boolean(name == "include"))) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Fields of one response key must be the same field with the same arguments. Validation compares them within one
/// selection set only.
fn merge(first: &Positioned<Field>, second: &Positioned<Field>) -> Result<(), RequestError> {
    let same_arguments = first.node.arguments.len() == second.node.arguments.len()
        && first.node.arguments.iter().all(|(name, value)| {
            second
                .node
                .get_argument(&name.node)
                .is_some_and(|other| other.node == value.node)
        });
    if first.node.name.node == second.node.name.node && same_arguments {
        return Ok(());
    }
    let key = &first.node.response_key().node;
    let message =
        format!("`{key}` stands for different fields or arguments: give one of them an alias");
    Err(
        RequestError::new(ErrorCode::GraphqlValidationFailed, message)
            .at(first.pos.line, first.pos.column)
            .at(second.pos.line, second.pos.column),
    )
}

fn applies(on: &Name, type_name: &str) -> bool {
    on == type_name
        || (on == "Node"
            && !matches!(
                type_name,
                "Query" | "Mutation" | "Me" | "Capability" | "PageInfo"
            ))
}
