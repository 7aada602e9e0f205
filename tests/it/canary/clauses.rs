//! Orders, filters and mistakes.

use std::collections::HashMap;

use serde_json::json;
use sudare_entities::catalog::{Entity, Kind};
use sudare_policies::decision::Tier;
use sudare_policies::value::Value;

use super::ask::Walk;
use super::walk::{AT_ONCE, Capability};

impl Walk<'_> {
    pub(super) fn orders(&mut self, entity: &Entity, capabilities: &HashMap<String, Capability>) {
        let order = |name: &str, direction: &str, after: &str| {
            format!(
                "{}(first: 2, orderBy: [{{ {name}: {direction} }}]{after}) {{ nodes {{ nodeId {name} }} edges {{ cursor }} pageInfo {{ endCursor }} }}",
                entity.plural
            )
        };
        let sortable = entity
            .fields
            .iter()
            .filter(|field| !matches!(field.kind, Kind::Json));
        let (may, not): (Vec<_>, Vec<_>) =
            sortable.partition(|field| capabilities[&field.name].sort);
        for fields in may.chunks(AT_ONCE) {
            let roots = fields
                .iter()
                .map(|field| format!("{0}: {1}", field.name, order(&field.name, "DESC", "")));
            let answer = self.ask(
                "order",
                &format!("{{ {} }}", roots.collect::<Vec<_>>().join(" ")),
            );
            let next = fields.iter().filter_map(|field| {
                let cursor = answer["data"][&field.name]["pageInfo"]["endCursor"].as_str()?;
                let after = format!(", after: \"{cursor}\"");
                Some(format!(
                    "{0}: {1}",
                    field.name,
                    order(&field.name, "DESC", &after)
                ))
            });
            let next: Vec<String> = next.collect();
            if !next.is_empty() {
                self.ask("next page", &format!("{{ {} }}", next.join(" ")));
            }
        }
        for fields in not.chunks(AT_ONCE) {
            let roots = fields
                .iter()
                .map(|field| format!("{0}: {1}", field.name, order(&field.name, "ASC", "")));
            self.ask(
                "refused order",
                &format!("{{ {} }}", roots.collect::<Vec<_>>().join(" ")),
            );
        }
    }

    /// Asks for planted values: those that are not seen in full must not be found either.
    pub(super) fn filters(&mut self, entity: &Entity, capabilities: &HashMap<String, Capability>) {
        let number = self.world.catalog.entity(&entity.name).unwrap();
        for may in [true, false] {
            let mut roots = Vec::new();
            for (place, field) in entity.fields.iter().enumerate() {
                if capabilities[&field.name].filter != may {
                    continue;
                }
                for row in [0, 1, 4, 5] {
                    let Some(literal) = literal(&field.kind, &self.world.cells[number][row][place])
                    else {
                        continue;
                    };
                    let seen = self.asker.tiers[number][row]
                        .as_ref()
                        .is_some_and(|tiers| tiers[place] == Tier::Full);
                    let unique = field.references.is_none();
                    let root = format!(
                        "{}{row}: {}(filter: {{ {}: {{ eq: {literal} }} }}) {{ totalCount nodes {{ nodeId }} pageInfo {{ endCursor }} }}",
                        field.name, entity.plural, field.name
                    );
                    roots.push((root, format!("{}{row}", field.name), unique.then_some(seen)));
                }
            }
            for roots in roots.chunks(AT_ONCE) {
                let texts: Vec<&str> = roots.iter().map(|(root, ..)| root.as_str()).collect();
                let answer = self.ask("filter", &format!("{{ {} }}", texts.join(" ")));
                for (_, name, seen) in roots {
                    let count = answer["data"][name]["totalCount"].as_u64();
                    let expected = seen.map(u64::from);
                    if may && expected.is_some() && count != expected {
                        let place = format!(
                            "{}: filter by {}.{name}: {count:?} found",
                            self.asker.label, entity.name
                        );
                        self.found.leaks.insert(place);
                    }
                }
            }
        }
    }

    /// What is wrong, said with values that are planted.
    pub(super) fn mistakes(&mut self, entity: &Entity) {
        let number = self.world.catalog.entity(&entity.name).unwrap();
        let (plural, single) = (&entity.plural, &entity.single);
        let mut wrong = Vec::new();
        for (place, field) in entity.fields.iter().enumerate() {
            let Some(literal) = literal(&field.kind, &self.world.cells[number][2][place]) else {
                continue;
            };
            let name = &field.name;
            wrong.push(format!("{name}: {plural}(filter: {{ {name}: {{ eq: {{ a: {literal} }} lte: [{literal}] }} }}) {{ totalCount }}"));
        }
        for roots in wrong.chunks(AT_ONCE) {
            self.ask("wrong types", &format!("{{ {} }}", roots.join(" ")));
        }
        let text = entity
            .fields
            .iter()
            .position(|field| matches!(field.kind, Kind::Text));
        let text = match text.map(|place| &self.world.cells[number][2][place]) {
            Some(Value::Text(text)) => json!(text).to_string(),
            _ => "\"nothing\"".to_owned(),
        };
        for query in [
            format!("{{ {single}(id: {text}) {{ id }} }}"),
            format!("{{ node(nodeId: {text}) {{ nodeId }} }}"),
            format!("{{ {plural}(after: {text}) {{ totalCount }} }}"),
            format!("{{ {plural}(first: {text}) {{ totalCount }} }}"),
            format!("{{ {plural} {{ nodes {{ nodeIds }} }} }}"),
        ] {
            self.ask("mistake", &query);
        }
        let query = format!(
            "query($f: {}Filter, $n: Int) {{ {plural}(filter: $f, first: $n) {{ totalCount }} }}",
            entity.name
        );
        let mut filter = json!({});
        for (place, field) in entity.fields.iter().enumerate() {
            if let Some(literal) = literal(&field.kind, &self.world.cells[number][2][place]) {
                filter[&field.name] = json!({ "eq": [literal] });
            }
        }
        self.ask_with("variables", &query, &json!({ "f": filter, "n": text }));
    }
}

/// A planted value as a document spells it; `None` for what is no canary.
pub(super) fn literal(kind: &Kind, value: &Value) -> Option<String> {
    match (kind, value) {
        (Kind::Enum { .. } | Kind::Boolean | Kind::Json, _) | (_, Value::Null) => None,
        (Kind::Int, Value::Int(value)) => Some(value.to_string()),
        (_, Value::Int(value)) => Some(format!("\"{value}\"")),
        (_, Value::Float(value)) => Some(value.to_string()),
        (_, Value::Decimal(value)) => Some(format!("\"{value}\"")),
        (_, Value::Text(text)) => Some(json!(text).to_string()),
        (_, Value::Date(day)) => Some(format!("\"{day}\"")),
        (_, Value::DateTime(instant)) => {
            Some(format!("\"{}\"", instant.format("%Y-%m-%dT%H:%M:%SZ")))
        }
        (_, Value::Uuid(uuid)) => Some(format!("\"{uuid}\"")),
        (_, Value::Boolean(_) | Value::Json(_)) => None,
    }
}
