//! Every way in: each root field, each relation, each clause, groups, and what is refused.

use std::collections::HashMap;

use serde_json::Value as Json;
use sudare_entities::catalog::{Cardinality, Entity};

use super::ask::Walk;
use super::planted::ROWS;

/// Roots in one document.
pub(super) const AT_ONCE: usize = 12;

/// What a role may do with a field.
#[derive(Debug)]
pub(super) struct Capability {
    pub(super) filter: bool,
    pub(super) sort: bool,
    pub(super) group: bool,
    pub(super) aggregate: bool,
}

impl Walk<'_> {
    /// Goes everywhere.
    pub(super) fn everywhere(&mut self) {
        for entity in &self.world.catalog.entities {
            if !self.found.leaks.is_empty() {
                return;
            }
            let Some(capabilities) = self.capabilities(entity) else {
                self.ask(
                    "hidden",
                    &format!("{{ {} {{ nodes {{ nodeId }} }} }}", entity.plural),
                );
                continue;
            };
            self.lists(entity);
            self.relations(entity);
            self.singles(entity);
            self.orders(entity, &capabilities);
            self.filters(entity, &capabilities);
            self.groups(entity, &capabilities);
            self.mistakes(entity);
        }
        self.ask("introspection", "{ __schema { types { name description fields { name args { name defaultValue } } inputFields { name defaultValue } enumValues { name } } } }");
        self.ask("me", "{ me { id roles } }");
        for path in [
            "/healthz",
            "/readyz",
            "/graphiql",
            "/graphql?query=%7Bme%7Bid%7D%7D",
            "/nowhere",
        ] {
            let request = format!(
                "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{}\r\n",
                self.headers()
            );
            self.send(path, &request);
        }
    }

    /// Every field of every list, each alone: a broken cell takes the whole answer with it.
    pub(super) fn one_by_one(&mut self) {
        for entity in &self.world.catalog.entities {
            for field in &entity.fields {
                let query = format!(
                    "{{ {}(first: 50) {{ nodes {{ {} }} }} }}",
                    entity.plural, field.name
                );
                self.ask("broken", &query);
            }
            self.groups_one_by_one(entity);
        }
    }

    pub(super) fn capabilities(&mut self, entity: &Entity) -> Option<HashMap<String, Capability>> {
        let query = format!(
            "{{ me {{ capabilities(entity: \"{}\") {{ field filter sort group aggregate }} }} }}",
            entity.name
        );
        let answer = self.ask("capabilities", &query);
        let fields = answer["data"]["me"]["capabilities"].as_array()?;
        let capability = |field: &Json| {
            let may = |what: &str| field[what] == true;
            let capability = Capability {
                filter: may("filter"),
                sort: may("sort"),
                group: may("group"),
                aggregate: may("aggregate"),
            };
            (field["field"].as_str().unwrap().to_owned(), capability)
        };
        Some(fields.iter().map(capability).collect())
    }

    fn lists(&mut self, entity: &Entity) {
        let fields = fields(entity);
        let query = format!(
            "{{ {}(first: 50) {{ totalCount pageInfo {{ startCursor endCursor hasNextPage }} edges {{ cursor node {{ {fields} }} }} \
             nodes {{ nodeId __typename {fields} disclosure {{ field tier }} }} }} }}",
            entity.plural
        );
        let answer = self.ask("list", &query);
        let ids: Vec<&str> = answer["data"][&entity.plural]["nodes"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|node| node["nodeId"].as_str())
            .collect();
        let roots = ids.iter().take(AT_ONCE).enumerate().map(|(number, id)| {
            format!(
                "n{number}: node(nodeId: \"{id}\") {{ nodeId ... on {} {{ {fields} }} }}",
                entity.name
            )
        });
        let roots: Vec<String> = roots.collect();
        if !roots.is_empty() {
            self.ask("node", &format!("{{ {} }}", roots.join(" ")));
        }
        let backward = format!(
            "{{ {}(last: 3) {{ edges {{ cursor }} nodes {{ {fields} }} }} }}",
            entity.plural
        );
        self.ask("last", &backward);
    }

    fn relations(&mut self, entity: &Entity) {
        for relation in &entity.relations {
            let target = &self.world.catalog.entities[relation.target];
            let inner = fields(target);
            let way = match relation.cardinality {
                Cardinality::ToOne => format!(
                    "{} {{ nodeId {inner} disclosure {{ field tier }} }}",
                    relation.name
                ),
                Cardinality::ToMany => format!(
                    "{}(first: 12) {{ totalCount pageInfo {{ endCursor }} edges {{ cursor node {{ {inner} }} }} nodes {{ nodeId }} }}",
                    relation.name
                ),
            };
            self.ask(
                "relation",
                &format!("{{ {}(first: 12) {{ nodes {{ {way} }} }} }}", entity.plural),
            );
            let back = target
                .relations
                .iter()
                .find(|back| back.cardinality == Cardinality::ToOne);
            if let (Cardinality::ToMany, Some(back)) = (relation.cardinality, back) {
                let end = fields(&self.world.catalog.entities[back.target]);
                let way = format!(
                    "{}(first: 12) {{ nodes {{ {} {{ {end} }} }} }}",
                    relation.name, back.name
                );
                self.ask(
                    "relations",
                    &format!("{{ {}(first: 12) {{ nodes {{ {way} }} }} }}", entity.plural),
                );
            }
        }
    }

    fn singles(&mut self, entity: &Entity) {
        let fields = fields(entity);
        let roots: Vec<String> = (0..ROWS)
            .map(|row| {
                let key = self.world.key(&entity.name, row);
                format!("s{row}: {}(id: \"{key}\") {{ {fields} }}", entity.single)
            })
            .collect();
        self.ask("single", &format!("{{ {} }}", roots.join(" ")));
    }
}

fn fields(entity: &Entity) -> String {
    let names: Vec<&str> = entity
        .fields
        .iter()
        .map(|field| field.name.as_str())
        .collect();
    names.join(" ")
}
