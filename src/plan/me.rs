//! `me`: who asks and what they may do, known before any data is read.

use serde_json::{Map, Value as Json, json};
use sudare_entities::catalog::Entity;
use sudare_policies::condition::{Condition, Truth};
use sudare_policies::decision::{Action, Tier};

use super::collect::Selected;
use super::planner::{Planner, overall_tier};
use crate::answer::ErrorCode;
use crate::graphql::inputs::{TypeRef, is_sortable};

impl<'a> Planner<'a> {
    /// The JSON of `me`.
    pub(super) fn me(&mut self, selected: &Selected<'a>) -> String {
        let principal = self.sql.view.principal();
        let mut object = Map::new();
        for inner in self.collected(&selected.sets(), "Me") {
            let value = match inner.name() {
                // Nobody in particular has no subject.
                "id" if principal.id.is_empty() => json!("anonymous"),
                "id" => json!(principal.id),
                "roles" => json!(principal.roles),
                "capabilities" => self.capabilities(&inner),
                _ => json!("Me"),
            };
            object.insert(inner.key.to_owned(), value);
        }
        Json::Object(object).to_string()
    }

    fn capabilities(&mut self, selected: &Selected<'a>) -> Json {
        let Some(field) = selected.nodes.first() else {
            return Json::Null;
        };
        let name = self.text_argument(field, "entity", &TypeRef::named("String").required());
        let Some(index) = name
            .and_then(|name| self.catalog().entity(&name))
            .filter(|index| self.entity(*index).is_some())
        else {
            let message = "`capabilities.entity` names no entity: give the name of a type such as those of `nodes`";
            self.refuse(field, ErrorCode::BadUserInput, message);
            return Json::Null;
        };
        let Some(entity) = self.entity(index) else {
            return Json::Null;
        };
        let wanted = self.collected(&selected.sets(), "Capability");
        self.spend((entity.fields.len() * wanted.len()) as u64);
        let fields = 0..entity.fields.len();
        fields
            .filter_map(|position| self.capability(index, entity, position, &wanted))
            .collect()
    }

    fn capability(
        &self,
        index: usize,
        entity: &Entity,
        position: usize,
        wanted: &[Selected<'_>],
    ) -> Option<Json> {
        let field = entity.fields.get(position)?;
        let view = self.sql.view;
        let decision = view.decision(index, position);
        let usable = decision.highest() == Tier::Full;
        let may = |action: Action| possible(&view.may(index, position, action));
        let mut object = Map::new();
        for selected in wanted {
            let value = match selected.name() {
                "field" => json!(field.name),
                "tier" => json!(overall_tier(decision).unwrap_or("FULL")),
                "filter" | "group" => json!(usable),
                "sort" => json!(usable && is_sortable(&field.kind)),
                "aggregate" => json!(usable || may(Action::Aggregate)),
                "create" => json!(may(Action::Create)),
                "update" => json!(may(Action::Update)),
                _ => json!("Capability"),
            };
            object.insert(selected.key.to_owned(), value);
        }
        Some(Json::Object(object))
    }
}

/// Whether there may be a row on which it holds.
fn possible(condition: &Condition) -> bool {
    !matches!(
        condition,
        Condition::Constant(Truth::False | Truth::Unknown)
    )
}
