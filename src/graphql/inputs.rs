//! The input side of the schema as data: one description from which the schema is registered and by which every argument
//! and variable is coerced.

use std::collections::BTreeMap;

use heck::ToUpperCamelCase as _;
use sudare_entities::Catalog;
use sudare_entities::catalog::{Cardinality, Entity, Field, Kind, Relation};

use super::aggregates::Bucket;
use super::types::SCALARS;
pub(crate) use super::types::{InputField, InputObject, InputType, Scalar, TypeRef};
use crate::shape::to_one;

/// What of an entity may be used in the clauses of a query.
pub(crate) trait Usable {
    /// Whether the entity is there at all.
    fn entity(&self, entity: usize) -> bool;
    /// Whether filters and orders may name the field.
    fn field(&self, entity: usize, field: usize) -> bool;
    /// Whether filters may name rows by the field, a key: by `eq` and `in`, and by nothing else.
    fn names_rows(&self, entity: usize, field: usize) -> bool;
    /// Whether rows may be looked for by the field, which has a blind index.
    fn look_up(&self, entity: usize, field: usize) -> bool;
    /// Whether sums and averages may be taken of the field.
    fn aggregate(&self, entity: usize, field: usize) -> bool;
    /// Whether new rows may have a value in the field.
    fn create(&self, entity: usize, field: usize) -> bool;
    /// Whether the field may be changed.
    fn update(&self, entity: usize, field: usize) -> bool;
    /// Whether rows may be deleted.
    fn delete(&self, entity: usize) -> bool;
}

/// Everything: the schema against which requests are coerced and `schema.graphql` is written.
#[derive(Debug)]
pub(crate) struct Everything;

impl Usable for Everything {
    fn entity(&self, _: usize) -> bool {
        true
    }

    fn field(&self, _: usize, _: usize) -> bool {
        true
    }

    fn names_rows(&self, _: usize, _: usize) -> bool {
        true
    }

    fn look_up(&self, _: usize, _: usize) -> bool {
        true
    }

    fn aggregate(&self, _: usize, _: usize) -> bool {
        true
    }

    fn create(&self, _: usize, _: usize) -> bool {
        true
    }

    fn update(&self, _: usize, _: usize) -> bool {
        true
    }

    fn delete(&self, _: usize) -> bool {
        true
    }
}

/// All input types by name.
#[derive(Clone, Debug)]
pub(crate) struct Inputs {
    types: BTreeMap<String, InputType>,
}

impl Inputs {
    /// Describes the input types for what is usable of the catalog.
    pub(crate) fn new(catalog: &Catalog, usable: &dyn Usable) -> Self {
        let mut inputs = Self {
            types: BTreeMap::new(),
        };
        for (name, scalar) in SCALARS {
            inputs
                .types
                .insert(name.to_owned(), InputType::Scalar(scalar));
        }
        inputs.add_enum("SortDirection", &["ASC", "DESC"]);
        inputs.add_enum("TimeBucket", &Bucket::ALL.map(Bucket::name));
        let usable = &Orderable::new(catalog, usable);
        for index in 0..catalog.entities.len() {
            if usable.by.entity(index) {
                inputs.add_entity(catalog, usable, index);
                inputs.add_aggregates(catalog, usable, index);
                inputs.add_lookup(catalog, usable.by, index);
                inputs.add_writes(catalog, usable.by, index);
            }
        }
        inputs
    }

    /// The type of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&InputType> {
        self.types.get(name)
    }

    /// All types, by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &InputType)> {
        self.types.iter().map(|(name, ty)| (name.as_str(), ty))
    }

    pub(super) fn add_enum<S: AsRef<str>>(&mut self, name: &str, values: &[S]) {
        let values = values
            .iter()
            .map(|value| value.as_ref().to_owned())
            .collect();
        self.types.insert(name.to_owned(), InputType::Enum(values));
    }

    pub(super) fn add_object(
        &mut self,
        name: String,
        one_of: bool,
        description: String,
        fields: Vec<InputField>,
    ) {
        self.types.insert(
            name,
            InputType::Object(InputObject {
                description,
                one_of,
                fields,
            }),
        );
    }

    fn add_entity(&mut self, catalog: &Catalog, usable: &Orderable<'_>, index: usize) {
        let Some(entity) = catalog.entities.get(index) else {
            return;
        };
        let filter = filter_name(entity);
        let mut filters = boolean_fields(&filter);
        let mut orders = Vec::new();
        for (position, field) in entity.fields.iter().enumerate() {
            if let Kind::Enum { name, variants } = &field.kind {
                self.add_enum(name, variants);
            }
            let name = &field.name;
            let is_key = entity.key == position || field.references.is_some();
            let compares = usable.by.field(index, position);
            if compares || (is_key && usable.by.names_rows(index, position)) {
                let ty = TypeRef::named(self.operators(field, entity.key == position, compares));
                filters.push(InputField::new(name, ty, format!("By `{name}`.")));
            }
            if compares && is_sortable(&field.kind) {
                let description = format!("By `{name}`; rows without it come last.");
                let direction = TypeRef::named("SortDirection");
                orders.push(InputField::new(name, direction, description));
            }
        }
        for relation in &entity.relations {
            if usable.by.entity(relation.target) {
                filters.extend(relation_filter(catalog, relation));
                if usable.orders(relation.target) {
                    orders.extend(relation_order(catalog, relation));
                }
            }
        }
        let name = &entity.name;
        let description = format!("Which `{name}` rows; all fields given must hold.");
        self.add_object(filter, false, description, filters);
        let leads_here = |relation: &Relation| {
            relation.target == index && relation.cardinality == Cardinality::ToMany
        };
        let mut all = catalog.entities.iter().enumerate();
        if all.any(|(other, one)| usable.by.entity(other) && one.relations.iter().any(leads_here)) {
            self.add_list_filter(entity);
        }
        if !orders.is_empty() {
            let description = format!("One key by which `{name}` rows are ordered.");
            self.add_object(order_name(entity), true, description, orders);
        }
    }

    /// The filter by a to-many relation to the entity.
    fn add_list_filter(&mut self, entity: &Entity) {
        let quantified = [
            ("some", "At least one"),
            ("none", "None"),
            ("every", "Every one"),
        ]
        .map(|(key, word)| {
            let description = format!("{word} of the visible rows fits.");
            InputField::new(key, TypeRef::named(filter_name(entity)), description)
        });
        let description = format!("How many of the `{}` rows must fit.", entity.name);
        let name = list_filter_name(entity);
        self.add_object(name, false, description, quantified.into());
    }

    /// The operator object for a field; registers it on first use and gives its name. A key that does not compare is equal or not:
    /// the others come with the first key that does.
    pub(super) fn operators(&mut self, field: &Field, is_key: bool, compares: bool) -> String {
        let scalar = scalar_name(field, is_key);
        let name = format!(
            "{}Filter",
            scalar.to_upper_camel_case().replace("Json", "JSON")
        );
        let name = if scalar == "ID" {
            "IDFilter".to_owned()
        } else {
            name
        };
        let all = operator_fields(&field.kind, scalar);
        let known = match self.types.get(&name) {
            Some(InputType::Object(known)) => known.fields.len(),
            _ => 0,
        };
        let fields: Vec<InputField> = if compares {
            all
        } else {
            let equality = |field: &InputField| matches!(field.name.as_str(), "eq" | "in");
            all.into_iter().filter(equality).collect()
        };
        if known < fields.len() {
            self.add_object(
                name.clone(),
                false,
                format!("Comparisons of a `{scalar}`; all given must hold."),
                fields,
            );
        }
        name
    }
}

/// What is usable, and which entities have something to order by: a field of their own, or one of a row that a to-one
/// relation leads to.
pub(super) struct Orderable<'a> {
    pub(super) by: &'a dyn Usable,
    entities: Vec<bool>,
}

impl<'a> Orderable<'a> {
    fn new(catalog: &Catalog, by: &'a dyn Usable) -> Self {
        let mut orderable = Self {
            by,
            entities: vec![false; catalog.entities.len()],
        };
        loop {
            let next = catalog.entities.iter().enumerate();
            let next =
                next.map(|(index, entity)| by.entity(index) && orderable.has_key(index, entity));
            let next: Vec<bool> = next.collect();
            if next == orderable.entities {
                return orderable;
            }
            orderable.entities = next;
        }
    }

    pub(super) fn orders(&self, entity: usize) -> bool {
        self.entities.get(entity) == Some(&true)
    }

    fn has_key(&self, index: usize, entity: &Entity) -> bool {
        let mut fields = entity.fields.iter().enumerate();
        fields.any(|(position, field)| self.by.field(index, position) && is_sortable(&field.kind))
            || to_one(entity).any(|relation| self.orders(relation.target))
    }
}

/// The filter by a relation.
fn relation_filter(catalog: &Catalog, relation: &Relation) -> Option<InputField> {
    let target = catalog.entities.get(relation.target)?;
    let ty = match relation.cardinality {
        Cardinality::ToOne => filter_name(target),
        Cardinality::ToMany => list_filter_name(target),
    };
    let name = &relation.name;
    Some(InputField::new(
        name,
        TypeRef::named(ty),
        format!("By its `{name}`."),
    ))
}

/// The order by a row that a to-one relation leads to.
fn relation_order(catalog: &Catalog, relation: &Relation) -> Option<InputField> {
    let target = catalog.entities.get(relation.target)?;
    let name = &relation.name;
    let description = format!("By a field of its `{name}`.");
    (relation.cardinality == Cardinality::ToOne)
        .then(|| InputField::new(name, TypeRef::named(order_name(target)), description))
}

/// The name of an entity's filter.
pub(crate) fn filter_name(entity: &Entity) -> String {
    format!("{}Filter", entity.name)
}

/// The name of the filter of a to-many relation to an entity.
pub(crate) fn list_filter_name(entity: &Entity) -> String {
    format!("{}ListFilter", entity.name)
}

/// The name of an entity's order.
pub(crate) fn order_name(entity: &Entity) -> String {
    format!("{}OrderBy", entity.name)
}

/// The GraphQL type of a field, without its nullability. Keys are `ID`.
pub(crate) fn scalar_name(field: &Field, is_key: bool) -> &str {
    if is_key || field.references.is_some() {
        return "ID";
    }
    match &field.kind {
        Kind::Boolean => "Boolean",
        Kind::Int => "Int",
        Kind::BigInt => "BigInt",
        Kind::Float => "Float",
        Kind::Decimal { .. } => "Decimal",
        Kind::Text => "String",
        Kind::Date => "Date",
        Kind::DateTime => "DateTime",
        Kind::Json => "JSON",
        Kind::Uuid => "UUID",
        Kind::Enum { name, .. } => name,
    }
}

/// JSON documents have no order.
pub(crate) fn is_sortable(kind: &Kind) -> bool {
    !matches!(kind, Kind::Json)
}

/// The arguments of a connection.
pub(crate) fn connection_arguments(entity: &Entity, inputs: &Inputs) -> Vec<InputField> {
    let mut arguments = Vec::new();
    let filter = filter_name(entity);
    if inputs.get(&filter).is_some() {
        arguments.push(InputField::new(
            "filter",
            TypeRef::named(filter),
            "Which rows.",
        ));
    }
    let order = order_name(entity);
    if inputs.get(&order).is_some() {
        let description = "In which order, the first key first; the primary key breaks ties.";
        arguments.push(InputField::new(
            "orderBy",
            TypeRef::list_of(order),
            description,
        ));
    }
    let int = || TypeRef::named("Int");
    let string = || TypeRef::named("String");
    arguments.extend([
        InputField::new("first", int(), "At most this many from the start."),
        InputField::new("after", string(), "Only what comes after this cursor."),
        InputField::new("last", int(), "At most this many from the end."),
        InputField::new("before", string(), "Only what comes before this cursor."),
        InputField::new(
            "offset",
            int(),
            "Skip this many rows first; cursors are faster.",
        ),
    ]);
    arguments
}

pub(super) fn boolean_fields(filter: &str) -> Vec<InputField> {
    vec![
        InputField::new(
            "and",
            TypeRef::list_of(filter),
            "All of these hold; an empty list always does.",
        ),
        InputField::new(
            "or",
            TypeRef::list_of(filter),
            "At least one of these holds; an empty list never does.",
        ),
        InputField::new("not", TypeRef::named(filter), "This does not hold."),
    ]
}

fn operator_fields(kind: &Kind, scalar: &str) -> Vec<InputField> {
    let one = |name: &str, words: &str| InputField::new(name, TypeRef::named(scalar), words);
    let many = |name: &str, words: &str| InputField::new(name, TypeRef::list_of(scalar), words);
    let mut fields = Vec::new();
    if !matches!(kind, Kind::Json) {
        fields.extend([
            one("eq", "Equal to this."),
            one("ne", "Present and not equal to this."),
        ]);
        fields.extend([
            many(
                "in",
                "Equal to one of these; an empty list matches nothing.",
            ),
            many("notIn", "Present and equal to none of these."),
        ]);
    }
    if !matches!(kind, Kind::Json | Kind::Boolean | Kind::Enum { .. }) {
        fields.extend([
            one("lt", "Less than this."),
            one("lte", "Less than or equal to this."),
            one("gt", "Greater than this."),
            one("gte", "Greater than or equal to this."),
        ]);
    }
    if matches!(kind, Kind::Text) {
        fields.extend([
            one("contains", "Has this text in it."),
            one("startsWith", "Begins with this text."),
            one("endsWith", "Ends with this text."),
            InputField::new(
                "ignoreCase",
                TypeRef::named("Boolean"),
                "Whether all comparisons beside it ignore case, by Unicode folding.",
            ),
        ]);
    }
    fields.push(InputField::new(
        "isNull",
        TypeRef::named("Boolean"),
        "Whether it is absent.",
    ));
    fields
}
