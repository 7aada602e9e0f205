//! `me`: who asks and what they may do, known before any data is read.

use serde_json::json;
use sudare_entities::catalog::Entity;
use sudare_policies::decision::{Action, Tier};

use super::Key;
use super::collect::Selected;
use super::planner::{Planner, overall_tier};
use crate::answer::ErrorCode;
use crate::graphql::aggregates::{Measure, is_groupable};
use crate::graphql::inputs::{TypeRef, is_sortable};
use crate::graphql::visible::possible;
use crate::shape::is_writable;

impl<'a> Planner<'a> {
    /// The JSON of `me`.
    pub(super) fn me(&mut self, selected: &Selected<'a>) -> String {
        self.personal = true;
        let principal = self.sql.view.principal();
        let mut object = Vec::new();
        for inner in self.collected(&selected.sets(), "Me") {
            let value = match inner.name() {
                // Nobody in particular has no subject.
                "id" if principal.id.is_empty() => json!("anonymous").to_string(),
                "id" => json!(principal.id).to_string(),
                "roles" => json!(principal.roles).to_string(),
                "capabilities" => self.capabilities(&inner),
                _ => json!("Me").to_string(),
            };
            object.push((Key::new(inner.key), value));
        }
        object_of(&object)
    }

    fn capabilities(&mut self, selected: &Selected<'a>) -> String {
        let null = || "null".to_owned();
        let Some(field) = selected.nodes.first() else {
            return null();
        };
        let name = self.text_argument(field, "entity", &TypeRef::named("String").required());
        let Some(index) = name
            .and_then(|name| self.catalog().entity(&name))
            .filter(|index| self.entity(*index).is_some())
        else {
            let message = "`capabilities.entity` names no entity: give the name of a type such as those of `nodes`";
            self.refuse(field, ErrorCode::BadUserInput, message);
            return null();
        };
        let Some(entity) = self.entity(index) else {
            return null();
        };
        let wanted = self.collected(&selected.sets(), "Capability");
        self.spend((entity.fields.len() * wanted.len()) as u64);
        let fields = 0..entity.fields.len();
        let fields: Vec<String> = fields
            .filter_map(|position| self.capability(index, entity, position, &wanted))
            .collect();
        format!("[{}]", fields.join(","))
    }

    fn capability(
        &self,
        index: usize,
        entity: &Entity,
        position: usize,
        wanted: &[Selected<'_>],
    ) -> Option<String> {
        let field = entity.fields.get(position)?;
        let view = self.sql.view;
        let decision = view.decision(index, position);
        let usable = decision.highest() == Tier::Full;
        let written = is_writable(entity, position);
        let may = |action: Action| possible(&view.may(index, position, action));
        let mut object = Vec::new();
        for selected in wanted {
            let value = match selected.name() {
                "field" => json!(field.name),
                "tier" => json!(overall_tier(decision).unwrap_or("FULL")),
                "filter" => json!(usable),
                "sort" => json!(usable && is_sortable(&field.kind)),
                "group" => json!(usable && is_groupable(&field.kind)),
                "aggregate" => json!(Measure::ALL.iter().any(|measure| {
                    let granted = measure.is_grantable() && view.may_aggregate(index, position);
                    measure.has(entity, position) && (usable || granted)
                })),
                "create" => json!(written && may(Action::Create)),
                "update" => json!(written && may(Action::Update)),
                _ => json!("Capability"),
            };
            object.push((Key::new(selected.key), value.to_string()));
        }
        Some(object_of(&object))
    }
}

/// A JSON object with its keys in this order, which is that of the selection; serde would sort them.
fn object_of(fields: &[(Key, String)]) -> String {
    let fields: Vec<String> = fields
        .iter()
        .map(|(key, value)| format!("{key}{value}"))
        .collect();
    format!("{{{}}}", fields.join(","))
}
