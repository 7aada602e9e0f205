//! Selections: the fields that an object is asked for, with fragments spread and equal response keys merged.

use async_graphql::parser::types::{ExecutableDocument, Field, Selection, SelectionSet};

use super::input::{Variables, included};

/// A document and the values of its variables.
#[derive(Clone, Copy)]
pub(super) struct Document<'d> {
    pub(super) parsed: &'d ExecutableDocument,
    pub(super) variables: &'d Variables,
}

/// All selections of one response key.
pub(super) struct Selected<'d> {
    pub(super) key: &'d str,
    fields: Vec<&'d Field>,
}

impl<'d> Selected<'d> {
    pub(super) fn field(&self) -> &'d Field {
        self.fields[0]
    }

    pub(super) fn name(&self) -> &'d str {
        &self.field().name.node
    }

    pub(super) fn below(&self) -> Vec<&'d SelectionSet> {
        let sets = self.fields.iter();
        sets.map(|field| &field.selection_set.node).collect()
    }
}

impl<'d> Document<'d> {
    /// What is selected of an object of this type, in the order in which the keys come up first.
    pub(super) fn fields(&self, sets: &[&'d SelectionSet], type_name: &str) -> Vec<Selected<'d>> {
        let mut selected = Vec::new();
        for set in sets {
            self.gather(set, type_name, &mut selected);
        }
        selected
    }

    fn gather(&self, set: &'d SelectionSet, type_name: &str, into: &mut Vec<Selected<'d>>) {
        // only entities are asked for as `Node`
        let applies = |on: &str| on == type_name || on == "Node";
        for item in &set.items {
            if !included(item.node.directives(), self.variables) {
                continue;
            }
            match &item.node {
                Selection::Field(field) => {
                    let key = field.node.response_key().node.as_str();
                    match into.iter_mut().find(|known| known.key == key) {
                        Some(known) => known.fields.push(&field.node),
                        None => into.push(Selected {
                            key,
                            fields: vec![&field.node],
                        }),
                    }
                }
                Selection::InlineFragment(inline) => {
                    let on = inline.node.type_condition.as_ref();
                    if on.is_none_or(|on| applies(&on.node.on.node)) {
                        self.gather(&inline.node.selection_set.node, type_name, into);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = &self.parsed.fragments[&spread.node.fragment_name.node].node;
                    if applies(&fragment.type_condition.node.on.node) {
                        self.gather(&fragment.selection_set.node, type_name, into);
                    }
                }
            }
        }
    }
}
