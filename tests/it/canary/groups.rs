//! Groups: every field as a key and by every measure, of lists and behind relations, in clauses and where it is refused.

use std::collections::HashMap;

use heck::ToShoutySnakeCase as _;
use serde_json::{Value as Json, json};
use sudare_entities::catalog::{Cardinality, Entity, Field, Kind};
use sudare_policies::decision::Tier;

use super::ask::Walk;
use super::clauses::literal;
use super::planted::ROWS;
use super::walk::{AT_ONCE, Capability};

const MEASURES: [&str; 5] = ["countDistinct", "sum", "avg", "min", "max"];

type Capabilities = HashMap<String, Capability>;

/// Groups that are asked for by a planted value, and whether the role may ask so and sees the value in full.
struct Chosen {
    root: String,
    alias: String,
    may: bool,
    seen: bool,
}

impl Walk<'_> {
    /// Every field of an entity as a key and by every measure, where the role may and where it may not.
    pub(super) fn groups(&mut self, entity: &Entity, capabilities: &Capabilities) {
        let measured = measured(entity, |field, measure| may(capabilities, field, measure));
        let all = format!("{{ {} }}", group(entity, "all", "", &measured));
        self.ask("groups", &all);
        let refused = refused_measures(entity, capabilities);
        self.ask_all("refused measures", &refused);
        let keys = entity.fields.iter().filter(|field| is_groupable(field));
        let (may, not): (Vec<_>, Vec<_>) = keys.partition(|field| capabilities[&field.name].group);
        // what is added up is what small groups would tell
        let sums = sums(entity, capabilities);
        for (what, fields, shown) in [("keys", may, sums.as_str()), ("refused keys", not, "")] {
            let roots = fields.iter().flat_map(|field| {
                let keys = as_keys(field).into_iter().enumerate();
                keys.map(|(form, key)| {
                    let shown = format!("key {{ {} }} {shown}", field.name);
                    let alias = format!("{}{form}", field.name);
                    group(entity, &alias, &format!("groupBy: [{key}]"), &shown)
                })
            });
            self.ask_all(what, &roots.collect::<Vec<_>>());
        }
        self.groups_of_relations(entity);
        self.groups_chosen(entity, capabilities);
        self.groups_by_mistake(entity);
    }

    /// Keys behind relations, and the groups of the rows that a row leads to.
    fn groups_of_relations(&mut self, entity: &Entity) {
        for relation in &entity.relations {
            let target = &self.world.catalog.entities[relation.target];
            let Some(there) = self.capabilities(target) else {
                continue;
            };
            let (name, plural) = (&relation.name, &entity.plural);
            let may_key = |field: &&Field| is_groupable(field) && there[&field.name].group;
            if relation.cardinality == Cardinality::ToOne {
                let keys = target.fields.iter().filter(may_key);
                let roots = keys.map(|field| {
                    let key = &as_keys(field)[0];
                    let shown = format!("key {{ {name} {{ {} }} }}", field.name);
                    let by = format!("groupBy: [{{ {name}: {key} }}]");
                    group(entity, &field.name, &by, &shown)
                });
                self.ask_all("keys of a relation", &roots.collect::<Vec<_>>());
                continue;
            }
            let measured = measured(target, |field, measure| may(&there, field, measure));
            let id = &target.fields[target.key];
            let by_key = match may_key(&id) {
                true => format!(
                    "one: {name}Aggregate(groupBy: [{}], first: {ROWS}) {{ key {{ {} }} suppressed {measured} }}",
                    as_keys(id)[0],
                    id.name
                ),
                false => String::new(),
            };
            let query = format!(
                "{{ {plural}(first: {ROWS}) {{ nodes {{ {name}Aggregate(first: 1) {{ count suppressed {measured} }} {by_key} }} }} }}"
            );
            self.ask("groups of a relation", &query);
        }
    }

    /// Asks for the groups, one of each row, in which a measure is a planted value: only what is seen in full may be found so.
    fn groups_chosen(&mut self, entity: &Entity, capabilities: &Capabilities) {
        let fields = 0..entity.fields.len();
        let chosen = fields.flat_map(|place| self.chosen(entity, place, capabilities));
        let (may, not): (Vec<_>, Vec<_>) = chosen.partition(|chosen| chosen.may);
        let refused: Vec<String> = not.into_iter().map(|chosen| chosen.root).collect();
        self.ask_all("refused groups", &refused);
        for all in may.chunks(AT_ONCE) {
            let roots: Vec<&str> = all.iter().map(|chosen| chosen.root.as_str()).collect();
            let answer = self.ask("chosen groups", &format!("{{ {} }}", roots.join(" ")));
            for Chosen { alias, seen, .. } in all {
                let found = answer["data"][alias].as_array().map_or(0, Vec::len);
                if found > 0 && !seen {
                    let (label, name) = (&self.asker.label, &entity.name);
                    let leak = format!("{label}: groups with {name}.{alias}: {found} found");
                    self.found.leaks.insert(leak);
                }
            }
        }
    }

    /// The planted values of two rows as sums, else as least values.
    fn chosen(&self, entity: &Entity, place: usize, capabilities: &Capabilities) -> Vec<Chosen> {
        let number = self.world.catalog.entity(&entity.name).unwrap();
        let key = &entity.fields[entity.key];
        let by_key = match capabilities[&key.name].group {
            true => format!("groupBy: [{}], ", as_keys(key)[0]),
            false => String::new(),
        };
        let field = &entity.fields[place];
        let name = &field.name;
        let mut measures = ["sum", "min"].into_iter();
        let Some(measure) = measures.find(|measure| has(entity, place, measure)) else {
            return Vec::new();
        };
        let chosen = [0, 5].into_iter().filter_map(|row| {
            let value = literal(&field.kind, &self.world.cells[number][row][place])?;
            let value = match measure {
                // sums are decimals, whatever they are of
                "sum" => format!("\"{}\"", value.trim_matches('"')),
                _ => value,
            };
            let clauses = format!(
                "{by_key}having: {{ {measure}: {{ {name}: {{ eq: {value} }} }} }}, orderBy: [{{ {measure}: {{ {name}: DESC }} }}]"
            );
            let alias = format!("{name}{row}");
            let tiers = self.asker.tiers[number][row].as_ref();
            Some(Chosen {
                root: group(entity, &alias, &clauses, ""),
                alias,
                may: may(capabilities, field, measure),
                seen: tiers.is_some_and(|tiers| tiers[place] == Tier::Full),
            })
        });
        chosen.collect()
    }

    /// Planted values where none belong: in wrong types, as time zones, in variables. What stands in the place of a name comes back, as
    /// any misspelt name does, so none does here.
    fn groups_by_mistake(&mut self, entity: &Entity) {
        let number = self.world.catalog.entity(&entity.name).unwrap();
        let cells = entity.fields.iter().zip(&self.world.cells[number][2]);
        let literals: Vec<(&Field, String)> = cells
            .filter_map(|(field, value)| Some((field, literal(&field.kind, value)?)))
            .collect();
        let roots = literals.iter().enumerate().map(|(place, (field, value))| {
            let wrong = match place % 5 {
                0 => format!("groupBy: [{value}]"),
                1 => format!("groupBy: [{{ field: ID, timeZone: {value} }}]"),
                2 => format!(
                    "having: {{ countDistinct: {{ {}: {{ eq: [{value}] }} }} }}",
                    field.name
                ),
                3 => format!("orderBy: [{value}]"),
                _ => format!("first: {value}"),
            };
            group(entity, &field.name, &wrong, "")
        });
        self.ask_all("wrong groups", &roots.collect::<Vec<_>>());
        let name = &entity.name;
        let query = format!(
            "query($h: {name}Having, $z: String) {{ {} }}",
            group(
                entity,
                "all",
                "having: $h, groupBy: [{ field: ID, bucket: DAY, timeZone: $z }]",
                ""
            )
        );
        let wrong = literals
            .iter()
            .map(|(field, value)| (field.name.clone(), json!({ "eq": [value] })));
        let having = json!({ "sum": wrong.collect::<serde_json::Map<_, _>>() });
        let zone = literals
            .last()
            .map_or(Json::Null, |(_, value)| json!(value));
        self.ask_with("variables", &query, &json!({ "h": having, "z": zone }));
        self.ask_with("variables", &query, &json!({ "h": null, "z": zone }));
    }

    /// Each field of an entity as a key and by each measure, alone: a broken cell takes the whole answer with it.
    pub(super) fn groups_one_by_one(&mut self, entity: &Entity) {
        let Some(capabilities) = self.capabilities(entity) else {
            return;
        };
        for (place, field) in entity.fields.iter().enumerate() {
            let name = &field.name;
            let key = is_groupable(field) && capabilities[name].group;
            for key in as_keys(field).iter().filter(|_| key) {
                let by = format!("groupBy: [{key}]");
                let root = group(entity, "all", &by, &format!("key {{ {name} }}"));
                self.ask_all("broken key", &[root]);
            }
            let has = |measure: &&str| has(entity, place, measure);
            let measures = MEASURES.into_iter().filter(has);
            for measure in measures.filter(|measure| may(&capabilities, field, measure)) {
                let root = group(entity, "all", "", &format!("{measure} {{ {name} }}"));
                self.ask_all("broken measure", &[root]);
            }
        }
    }

    fn ask_all(&mut self, what: &str, roots: &[String]) {
        for roots in roots.chunks(AT_ONCE) {
            self.ask(what, &format!("{{ {} }}", roots.join(" ")));
        }
    }
}

/// A root field for the groups of a list.
fn group(entity: &Entity, alias: &str, clauses: &str, shown: &str) -> String {
    let clauses = match clauses {
        "" => String::new(),
        clauses => format!("({clauses}, first: {ROWS})"),
    };
    format!(
        "{alias}: {}Aggregate{clauses} {{ count {shown} }}",
        entity.plural
    )
}

/// The selection of all measures that are wanted.
fn measured(entity: &Entity, wanted: impl Fn(&Field, &str) -> bool) -> String {
    let measures = MEASURES.into_iter().filter_map(|measure| {
        let fields = entity.fields.iter().enumerate();
        let fields =
            fields.filter(|(place, field)| has(entity, *place, measure) && wanted(field, measure));
        let names: Vec<&str> = fields.map(|(_, field)| field.name.as_str()).collect();
        (!names.is_empty()).then(|| format!("{measure} {{ {} }}", names.join(" ")))
    });
    measures.collect::<Vec<_>>().join(" ")
}

/// The selection of what may be added up.
fn sums(entity: &Entity, capabilities: &Capabilities) -> String {
    let sums = measured(entity, |field, measure| {
        matches!(measure, "sum" | "avg") && may(capabilities, field, measure)
    });
    format!("suppressed {sums}")
}

/// A root for each measure of what the role may not have it of.
fn refused_measures(entity: &Entity, capabilities: &Capabilities) -> Vec<String> {
    let roots = MEASURES.into_iter().filter_map(|wanted| {
        let shown = measured(entity, |field, measure| {
            measure == wanted && !may(capabilities, field, measure)
        });
        (!shown.is_empty()).then(|| group(entity, wanted, "", &shown))
    });
    roots.collect()
}

/// Whether the role may have the measure of the field.
fn may(capabilities: &Capabilities, field: &Field, measure: &str) -> bool {
    let capability = &capabilities[&field.name];
    capability.filter || (capability.aggregate && matches!(measure, "sum" | "avg"))
}

fn is_groupable(field: &Field) -> bool {
    field.kind != Kind::Json
}

/// Whether the schema has the measure of the field.
fn has(entity: &Entity, place: usize, measure: &str) -> bool {
    let field = &entity.fields[place];
    let is_key = place == entity.key || field.references.is_some();
    match (measure, &field.kind) {
        (_, Kind::Json) => false,
        ("countDistinct", _) => true,
        ("sum" | "avg", kind) => {
            !is_key && matches!(kind, Kind::Int | Kind::BigInt | Kind::Decimal { .. })
        }
        (_, Kind::Boolean | Kind::Enum { .. } | Kind::Uuid) => false,
        _ => !is_key,
    }
}

/// A field as keys: its value, and what it lies in.
fn as_keys(field: &Field) -> Vec<String> {
    let name = field.name.to_shouty_snake_case();
    let mut keys = vec![format!("{{ field: {name} }}")];
    match field.kind {
        Kind::Date => keys.push(format!("{{ field: {name}, bucket: MONTH }}")),
        Kind::DateTime => keys.push(format!(
            "{{ field: {name}, bucket: DAY, timeZone: \"Asia/Kathmandu\" }}"
        )),
        _ => {}
    }
    keys
}
