//! What is refused before any row is looked at, and what `extensions.disclosure` says.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::parser::types::{Field, SelectionSet};
use sudare_entities::catalog::{Cardinality, Kind};

use super::eyes::Eyes;
use super::input::{Input, argument};
use super::names::Names;
use super::page::{Order, refused_key};
use super::seals::{Mark, Seals};
use super::select::{Document, Selected};

/// Rows that a page may ask for.
pub(super) const MAX_SIZE: i64 = 1000;

/// The code and the coordinate of each refusal.
pub(super) type Refusals = BTreeSet<(String, Option<String>)>;

/// Reads a document as it stands, without rows.
pub(super) struct Check<'a> {
    pub(super) eyes: &'a Eyes<'a>,
    pub(super) seals: &'a Seals,
    pub(super) document: Document<'a>,
    pub(super) refusals: Refusals,
    /// By coordinate, for all fields that are selected.
    pub(super) disclosure: BTreeMap<String, &'static str>,
}

impl<'a> Check<'a> {
    pub(super) fn query(&mut self, sets: &[&'a SelectionSet]) {
        for selected in self.document.fields(sets, "Query") {
            let id = |name| argument(selected.field(), name, self.document.variables);
            match selected.name() {
                "__typename" => {}
                "me" => self.me(&selected),
                // whatever the id is of
                "node" => {
                    for (entity, known) in self.eyes.data.catalog.entities.iter().enumerate() {
                        let of_it = self.document.fields(&selected.below(), &known.name);
                        let mut own = of_it.iter();
                        let own =
                            own.any(|field| !["__typename", "nodeId"].contains(&field.name()));
                        if own && self.eyes.exists(entity) {
                            self.row(entity, &selected.below());
                        }
                    }
                }
                name => {
                    let entities = self.eyes.data.catalog.entities.iter();
                    let entity = entities.into_iter().position(|one| one.single == name);
                    if let Some(entity) = entity {
                        self.by_id(entity, &selected, &id("id").unwrap());
                        continue;
                    }
                    let list = name.strip_suffix("Aggregate");
                    let mut entities = self.eyes.data.catalog.entities.iter();
                    let plural = list.unwrap_or(name);
                    let entity = entities.position(|one| one.plural == plural).unwrap();
                    if list.is_some() {
                        self.aggregate(entity, &selected);
                        continue;
                    }
                    self.connection(entity, &format!("Query.{name}"), &selected);
                }
            }
        }
    }

    fn by_id(&mut self, entity: usize, selected: &Selected<'a>, id: &Input) {
        let key = self.eyes.data.entity(entity).key;
        if !self.eyes.names_rows(entity, key) {
            self.refuse_field("FIELD_NOT_FILTERABLE", entity, key);
        }
        if id.whole_number().is_none() {
            self.refuse("BAD_USER_INPUT");
        }
        self.row(entity, &selected.below());
    }

    fn me(&mut self, selected: &Selected<'a>) {
        for inner in self.document.fields(&selected.below(), "Me") {
            if inner.name() == "capabilities" {
                let name = argument(inner.field(), "entity", self.document.variables).unwrap();
                if self.eyes.find(name.text().unwrap()).is_none() {
                    self.refuse("BAD_USER_INPUT");
                }
            }
        }
    }

    fn row(&mut self, entity: usize, sets: &[&'a SelectionSet]) {
        let known = self.eyes.data.entity(entity);
        for selected in self.document.fields(sets, &known.name) {
            let name = selected.name();
            if let Some(field) = known.field(name) {
                let tier = self.eyes.overall(entity, field);
                if tier != "FULL" {
                    let coordinate = format!("{}.{name}", known.name);
                    self.disclosure.insert(coordinate, tier);
                }
            }
            let list = name.strip_suffix("Aggregate");
            let relation = list.unwrap_or(name);
            let Some(relation) = known.relations.iter().find(|one| one.name == relation) else {
                continue;
            };
            if list.is_some() {
                self.aggregate(relation.target, &selected);
                continue;
            }
            match relation.cardinality {
                Cardinality::ToOne => self.row(relation.target, &selected.below()),
                Cardinality::ToMany => {
                    let coordinate = format!("{}.{name}", known.name);
                    self.connection(relation.target, &coordinate, &selected);
                }
            }
        }
    }

    fn connection(&mut self, entity: usize, coordinate: &str, selected: &Selected<'a>) {
        let field = selected.field();
        if let Some(filter) = self.clause(entity, field, "filter") {
            self.filter(entity, &filter);
        }
        let order = self.clause(entity, field, "orderBy");
        for item in order.iter().flat_map(Input::items) {
            let mut path = Vec::new();
            let mut item = item;
            while let [(name, inner)] = item.fields() {
                path.push(name.clone());
                item = inner;
            }
            if let Some(coordinate) = refused_key(self.eyes, entity, &path) {
                let refusal = ("FIELD_NOT_SORTABLE".to_owned(), Some(coordinate));
                self.refusals.insert(refusal);
            }
        }
        let order = Order::read(self.eyes, entity, order.as_ref());
        if order.repeats() {
            self.refuse("BAD_USER_INPUT");
        }
        self.page(field, coordinate, &order.name());
        let name = &self.eyes.data.entity(entity).name;
        for inner in self
            .document
            .fields(&selected.below(), &format!("{name}Connection"))
        {
            match inner.name() {
                "nodes" => self.row(entity, &inner.below()),
                "edges" => {
                    for inner in self.document.fields(&inner.below(), &format!("{name}Edge")) {
                        if inner.name() == "node" {
                            self.row(entity, &inner.below());
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn page(&mut self, field: &Field, list: &str, order: &str) {
        let sizes = ["first", "last", "offset"].map(|name| {
            let input = self.argument(field, name);
            input.map(|input| input.whole_number().unwrap())
        });
        let [first, last, offset] = sizes;
        let excluded = last.is_some() && (first.is_some() || offset.is_some());
        if excluded || sizes.iter().flatten().any(|size| *size < 0) {
            self.refuse("BAD_USER_INPUT");
        }
        if first.max(last) > Some(MAX_SIZE) {
            self.refuse("COST_LIMIT");
        }
        let filter = self.argument(field, "filter");
        let filter = filter.as_ref().map_or_else(String::new, Input::form);
        for name in ["after", "before"] {
            let Some(text) = self.argument(field, name) else {
                continue;
            };
            let fits = match self.seals.open(text.text().unwrap()) {
                Some(Mark::Cursor {
                    list: own,
                    filter: its_filter,
                    order: its_order,
                    ..
                }) => own == list && *its_filter == filter && its_order == order,
                _ => false,
            };
            if !fits {
                self.refuse("BAD_USER_INPUT");
            }
        }
    }

    pub(super) fn filter(&mut self, entity: usize, filter: &Input) {
        let known = self.eyes.data.entity(entity);
        for (name, value) in filter.fields() {
            let relation = known.relations.iter().find(|one| one.name == *name);
            match (name.as_str(), value) {
                (_, Input::Null) => self.refuse("BAD_USER_INPUT"),
                ("and" | "or" | "not", inner) => {
                    for inner in inner.items() {
                        self.filter(entity, inner);
                    }
                }
                _ => match (known.field(name), relation) {
                    (Some(field), _) => self.operators(entity, field, value),
                    (_, Some(relation)) if relation.cardinality == Cardinality::ToOne => {
                        self.filter(relation.target, value);
                    }
                    (_, Some(relation)) => {
                        for (_, inner) in value.fields() {
                            match inner {
                                Input::Null => self.refuse("BAD_USER_INPUT"),
                                inner => self.filter(relation.target, inner),
                            }
                        }
                    }
                    _ => panic!("`{name}` is not to filter by"),
                },
            }
        }
    }

    fn operators(&mut self, entity: usize, field: usize, operators: &Input) {
        let by_name = |(name, value): &(String, Input)| {
            matches!(name.as_str(), "eq" | "in") || *value == Input::Null
        };
        let named =
            || self.eyes.names_rows(entity, field) && operators.fields().iter().all(by_name);
        if !self.eyes.usable(entity, field) && !named() {
            return self.refuse_field("FIELD_NOT_FILTERABLE", entity, field);
        }
        let known = self.eyes.data.field(entity, field);
        let is_key = known.references.is_some() || self.eyes.data.entity(entity).key == field;
        self.typed((&known.kind, is_key), operators);
    }

    /// Refuses operands that are not of the kind.
    pub(super) fn typed(&mut self, (kind, is_key): (&Kind, bool), operators: &Input) {
        for (operator, value) in operators.fields() {
            let wrong = match operator.as_str() {
                "ignoreCase" => false,
                "isNull" => *value == Input::Null,
                _ => value
                    .items()
                    .iter()
                    .any(|item| item.typed(kind, is_key).is_none()),
            };
            if wrong {
                self.refuse("BAD_USER_INPUT");
            }
        }
    }

    /// A filter or an order, if all names in it are there.
    pub(super) fn clause(&mut self, entity: usize, field: &Field, name: &str) -> Option<Input> {
        let clause = self.argument(field, name)?;
        let names = Names { eyes: self.eyes };
        if names.unknown_field(entity, &clause) {
            self.refuse("BAD_USER_INPUT");
            return None;
        }
        Some(clause)
    }

    pub(super) fn argument(&self, field: &Field, name: &str) -> Option<Input> {
        argument(field, name, self.document.variables)
    }

    pub(super) fn refuse(&mut self, code: &str) {
        self.refusals.insert((code.to_owned(), None));
    }

    pub(super) fn refuse_field(&mut self, code: &str, entity: usize, field: usize) {
        let name = &self.eyes.data.field(entity, field).name;
        let coordinate = format!("{}.{name}", self.eyes.data.entity(entity).name);
        self.refusals.insert((code.to_owned(), Some(coordinate)));
    }
}
