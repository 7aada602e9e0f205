//! The answer of the interpreter: `data` as the document asks for it, and `extensions.disclosure`.

use async_graphql::parser::types::SelectionSet;
use sudare_entities::catalog::{Cardinality, Kind, Relation};
use sudare_policies::decision::{Action, Tier};
use sudare_policies::value::Value;

use super::cell::{seen_key, shown};
use super::eyes::Eyes;
use super::input::{Input, argument};
use super::measures::{MEASURES, has};
use super::page::{List, Order, Page, page};
use super::seals::{Expected, Mark, Seals};
use super::select::{Document, Selected};

/// Writes an answer. What the document asks for has been checked: nothing of it is refused.
pub(super) struct Answer<'a> {
    pub(super) eyes: &'a Eyes<'a>,
    pub(super) seals: &'a Seals,
    pub(super) document: Document<'a>,
    pub(super) out: Expected,
}

impl<'a> Answer<'a> {
    /// The fields of `Query`.
    pub(super) fn query(&mut self, sets: &[&'a SelectionSet]) {
        self.object(sets, "Query", |answer, selected| {
            let argument = |name| argument(selected.field(), name, answer.document.variables);
            match selected.name() {
                "me" => answer.me(selected),
                "node" => {
                    let id = argument("nodeId").unwrap();
                    match answer.seals.open(id.text().unwrap()) {
                        Some(Mark::Node { entity, key }) if answer.eyes.exists(*entity) => {
                            let row = answer.eyes.data.find(*entity, *key);
                            answer.one(
                                *entity,
                                row.filter(|row| answer.eyes.visible(*entity, *row)),
                                selected,
                            );
                        }
                        _ => answer.raw("null"),
                    }
                }
                name => {
                    let entities = &answer.eyes.data.catalog.entities;
                    let named = |plural: bool| {
                        entities.iter().position(|entity| {
                            name == if plural {
                                &entity.plural
                            } else {
                                &entity.single
                            }
                        })
                    };
                    if let Some(entity) = named(false) {
                        let key = Value::Int(argument("id").unwrap().whole_number().unwrap());
                        let field = entities[entity].key;
                        let rows = answer.eyes.rows(entity);
                        let mut rows = rows.into_iter();
                        let row =
                            rows.find(|row| seen_key(answer.eyes, entity, *row, field) == key);
                        return answer.one(entity, row, selected);
                    }
                    if let Some(list) = name.strip_suffix("Aggregate") {
                        let entity = entities.iter().position(|one| one.plural == list);
                        let rows = answer.eyes.rows(entity.unwrap());
                        return answer.aggregate(entity.unwrap(), rows, selected);
                    }
                    let entity = named(true).unwrap();
                    let list = List {
                        entity,
                        coordinate: &format!("Query.{name}"),
                        rows: answer.eyes.rows(entity),
                    };
                    answer.connection(list, selected);
                }
            }
        });
    }

    fn one(&mut self, entity: usize, row: Option<usize>, selected: &Selected<'a>) {
        match row {
            Some(row) => self.row(entity, row, &selected.below()),
            None => self.raw("null"),
        }
    }

    fn row(&mut self, entity: usize, row: usize, sets: &[&'a SelectionSet]) {
        let eyes = self.eyes;
        let known = eyes.data.entity(entity);
        self.object(sets, &known.name, |answer, selected| {
            match selected.name() {
                "nodeId" => answer.out.mark(Mark::Node {
                    entity,
                    key: eyes.data.key(entity, row),
                }),
                "disclosure" => answer.disclosure(entity, row, selected),
                name => match known.field(name) {
                    Some(field) => answer.raw(&shown(eyes, entity, row, field)),
                    None => {
                        let list = name.strip_suffix("Aggregate");
                        let relation = list.unwrap_or(name);
                        let relation = known.relations.iter().find(|one| one.name == relation);
                        if list.is_some() {
                            let relation = relation.unwrap();
                            let rows = eyes.related(entity, row, relation);
                            return answer.aggregate(relation.target, rows, selected);
                        }
                        answer.related((entity, row), relation.unwrap(), selected);
                    }
                },
            }
        });
    }

    fn related(
        &mut self,
        (entity, row): (usize, usize),
        relation: &Relation,
        selected: &Selected<'a>,
    ) {
        let rows = self.eyes.related(entity, row, relation);
        match relation.cardinality {
            Cardinality::ToOne => self.one(relation.target, rows.first().copied(), selected),
            Cardinality::ToMany => {
                let coordinate =
                    format!("{}.{}", self.eyes.data.entity(entity).name, relation.name);
                self.connection(
                    List {
                        entity: relation.target,
                        coordinate: &coordinate,
                        rows,
                    },
                    selected,
                );
            }
        }
    }

    /// The fields of a row that are shown below FULL.
    fn disclosure(&mut self, entity: usize, row: usize, selected: &Selected<'a>) {
        let fields = self.eyes.data.entity(entity).fields.iter().enumerate();
        let tiers =
            fields.map(|(field, known)| (known.name.as_str(), self.eyes.tier(entity, row, field)));
        let below: Vec<(&str, Tier)> = tiers.filter(|(_, tier)| *tier != Tier::Full).collect();
        self.list(&below, |answer, (field, tier)| {
            answer.object(
                &selected.below(),
                "FieldDisclosure",
                |answer, selected| match selected.name() {
                    "field" => answer.text(field),
                    _ => answer.text(tier.name()),
                },
            );
        });
    }

    fn connection(&mut self, list: List<'_>, selected: &Selected<'a>) {
        let entity = list.entity;
        let coordinate = list.coordinate;
        let field = selected.field();
        let order = argument(field, "orderBy", self.document.variables);
        let order = Order::read(self.eyes, entity, order.as_ref()).name();
        let filter = argument(field, "filter", self.document.variables);
        let filter = filter.as_ref().map_or_else(String::new, Input::form);
        let cursor = |row: usize, eyes: &Eyes<'_>| Mark::Cursor {
            list: coordinate.to_owned(),
            filter: filter.clone(),
            order: order.clone(),
            key: eyes.data.key(entity, row),
        };
        let coordinate_rows = List { coordinate, ..list };
        let page = page(
            (self.eyes, self.seals),
            coordinate_rows,
            (field, self.document.variables),
        );
        let name = self.eyes.data.entity(entity).name.as_str();
        self.object(
            &selected.below(),
            &format!("{name}Connection"),
            |answer, selected| {
                let below = selected.below();
                match selected.name() {
                    "nodes" => {
                        answer.list(&page.rows, |answer, row| answer.row(entity, *row, &below))
                    }
                    "edges" => answer.list(&page.rows, |answer, row| {
                        answer.object(&below, &format!("{name}Edge"), |answer, selected| {
                            match selected.name() {
                                "cursor" => answer.out.mark(cursor(*row, answer.eyes)),
                                _ => answer.row(entity, *row, &selected.below()),
                            }
                        });
                    }),
                    "pageInfo" => answer.page_info(&page, &below, &cursor),
                    _ => answer.raw(&page.total.to_string()),
                }
            },
        );
    }

    fn page_info(
        &mut self,
        page: &Page,
        sets: &[&'a SelectionSet],
        cursor: &dyn Fn(usize, &Eyes<'_>) -> Mark,
    ) {
        self.object(sets, "PageInfo", |answer, selected| {
            let end = match selected.name() {
                "hasNextPage" => return answer.raw(&page.after.to_string()),
                "hasPreviousPage" => return answer.raw(&page.before.to_string()),
                "startCursor" => page.rows.first(),
                _ => page.rows.last(),
            };
            match end {
                Some(row) => answer.out.mark(cursor(*row, answer.eyes)),
                None => answer.raw("null"),
            }
        });
    }

    fn me(&mut self, selected: &Selected<'a>) {
        let principal = &self.eyes.principal;
        self.object(&selected.below(), "Me", |answer, selected| {
            match selected.name() {
                "id" if principal.id.is_empty() => answer.text("anonymous"),
                "id" => answer.text(&principal.id),
                "roles" => {
                    let roles: Vec<&String> = principal.roles.iter().collect();
                    answer.list(&roles, |answer, role| answer.text(role));
                }
                _ => {
                    let name =
                        argument(selected.field(), "entity", answer.document.variables).unwrap();
                    let entity = answer.eyes.find(name.text().unwrap()).unwrap();
                    let fields: Vec<usize> =
                        (0..answer.eyes.data.entity(entity).fields.len()).collect();
                    answer.list(&fields, |answer, field| {
                        answer.capability(entity, *field, selected)
                    });
                }
            }
        });
    }

    fn capability(&mut self, entity: usize, field: usize, selected: &Selected<'a>) {
        let eyes = self.eyes;
        let known = eyes.data.field(entity, field);
        let may = |action| eyes.may_be(entity, Some(field), action);
        let usable = eyes.usable(entity, field);
        let is_written = eyes.data.entity(entity).key != field && known.kept.is_none();
        self.object(&selected.below(), "Capability", |answer, selected| {
            let truth = match selected.name() {
                "field" => return answer.text(&known.name),
                "tier" => return answer.text(eyes.overall(entity, field)),
                "filter" => usable,
                "sort" | "group" => usable && known.kind != Kind::Json,
                "aggregate" => {
                    let has = |measure: &&&str| has(measure, eyes, entity, field);
                    let granted = |measure: &str| {
                        matches!(measure, "sum" | "avg") && eyes.is_offered_granted(entity, field)
                    };
                    let mut measures = MEASURES.iter().filter(has);
                    measures.any(|measure| usable || granted(measure))
                }
                "create" => is_written && may(Action::Create),
                _ => is_written && may(Action::Update),
            };
            answer.raw(&truth.to_string());
        });
    }

    /// `{"key":value,..}` of what is selected; the name of the type is known without asking further.
    pub(super) fn object(
        &mut self,
        sets: &[&'a SelectionSet],
        type_name: &str,
        value: impl Fn(&mut Self, &Selected<'a>),
    ) {
        self.raw("{");
        for (place, selected) in self.document.fields(sets, type_name).iter().enumerate() {
            self.raw(if place > 0 { "," } else { "" });
            self.text(selected.key);
            self.raw(":");
            match selected.name() {
                "__typename" => self.text(type_name),
                _ => value(self, selected),
            }
        }
        self.raw("}");
    }

    pub(super) fn list<T>(&mut self, items: &[T], write: impl Fn(&mut Self, &T)) {
        self.raw("[");
        for (place, item) in items.iter().enumerate() {
            self.raw(if place > 0 { "," } else { "" });
            write(self, item);
        }
        self.raw("]");
    }

    pub(super) fn raw(&mut self, text: &str) {
        self.out.text.push_str(text);
    }

    fn text(&mut self, text: &str) {
        self.raw(&serde_json::to_string(text).unwrap());
    }
}
