//! The types of aggregates: what a list may be grouped by and measured in, and what comes back.

mod buckets;
mod clauses;
mod measures;

use async_graphql::dynamic::{Field as OutField, Object, SchemaBuilder, TypeRef as OutType};
use heck::ToShoutySnakeCase as _;
use sudare_entities::Catalog;
use sudare_entities::catalog::{Entity, Field, Kind};

use super::inputs::{Inputs, Usable, is_sortable, scalar_name};
use super::schema::{argument, field};
use crate::shape::{aggregate_of, to_one};

use measures::WORDS;

pub(crate) use buckets::Bucket;
pub(crate) use clauses::aggregate_arguments;
pub(crate) use measures::{AVERAGE_DIGITS, Measure};

/// Whether a list may be grouped by fields of this kind.
pub(crate) fn is_groupable(kind: &Kind) -> bool {
    is_sortable(kind)
}

/// The name by which `groupBy` calls a field.
pub(crate) fn group_field(field: &Field) -> String {
    field.name.to_shouty_snake_case()
}

/// The names of the input types of an entity's aggregates.
pub(crate) fn group_name(entity: &Entity) -> String {
    format!("{}GroupBy", entity.name)
}

pub(crate) fn having_name(entity: &Entity) -> String {
    format!("{}Having", entity.name)
}

pub(crate) fn aggregate_order_name(entity: &Entity) -> String {
    format!("{}AggregateOrderBy", entity.name)
}

fn key_order_name(entity: &Entity) -> String {
    format!("{}GroupKeyOrderBy", entity.name)
}

/// The field for the aggregates of a list.
pub(super) fn aggregate_field(entity: &Entity, list: &str, inputs: &Inputs) -> OutField {
    let ty = OutType::named_nn_list_nn(aggregate_type(entity));
    let description = format!("Groups of `{}` rows, and what they amount to.", entity.name);
    aggregate_arguments(entity, inputs).iter().fold(
        field(&aggregate_of(list), ty, description),
        |field, input| field.argument(argument(input)),
    )
}

/// The name of the type of a group.
pub(crate) fn aggregate_type(entity: &Entity) -> String {
    format!("{}Aggregate", entity.name)
}

/// The name of the type of a group's key.
pub(crate) fn key_type(entity: &Entity) -> String {
    format!("{}GroupKey", entity.name)
}

/// The name of the type of the fields of a measure.
pub(crate) fn measure_type(entity: &Entity, measure: Measure) -> String {
    format!("{}{}Measure", entity.name, measure.word())
}

/// Registers the types of what comes back.
pub(super) fn register(
    mut schema: SchemaBuilder,
    catalog: &Catalog,
    usable: &dyn Usable,
    entity: &Entity,
) -> SchemaBuilder {
    let mut group = Object::new(aggregate_type(entity))
        .description(format!("A group of `{}` rows.", entity.name))
        .field(field(
            "count",
            OutType::named_nn(OutType::INT),
            "How many rows it has.",
        ))
        .field(field(
            "suppressed",
            OutType::named_nn(OutType::BOOLEAN),
            "Whether measures of what may not be seen are withheld: they would tell of too few.",
        ));
    if let Some(key) = key_object(catalog, usable, entity) {
        let ty = OutType::named_nn(key_type(entity));
        schema = schema.register(key);
        group = group.field(field(
            "key",
            ty,
            "What the rows of the group have in common.",
        ));
    }
    for measure in WORDS {
        schema = match measure_object(entity, measure) {
            Some(object) => schema.register(object),
            None => schema,
        };
    }
    for measure in Measure::ALL {
        if (0..entity.fields.len()).any(|position| measure.has(entity, position)) {
            let ty = OutType::named_nn(measure_type(entity, measure));
            group = group.field(field(measure.name(), ty, measure.description()));
        }
    }
    schema.register(group)
}

fn key_object(catalog: &Catalog, usable: &dyn Usable, entity: &Entity) -> Option<Object> {
    let mut key = Object::new(key_type(entity)).description(
        "Keys by which the rows were grouped; a key that they were not grouped by is refused.",
    );
    let mut fields = 0;
    for (position, column) in entity.fields.iter().enumerate() {
        if is_groupable(&column.kind) {
            let ty = OutType::named(scalar_name(column, entity.key == position));
            let described = format!("`{}`; of a bucket, its beginning.", column.name);
            key = key.field(field(&column.name, ty, described));
            fields += 1;
        }
    }
    for relation in to_one(entity).filter(|relation| usable.entity(relation.target)) {
        if let Some(target) = catalog.entities.get(relation.target) {
            let ty = OutType::named_nn(key_type(target));
            let described = format!("Keys of its `{}`.", relation.name);
            key = key.field(field(&relation.name, ty, described));
            fields += 1;
        }
    }
    (fields > 0).then_some(key)
}

fn measure_object(entity: &Entity, measure: Measure) -> Option<Object> {
    let name = measure_type(entity, measure);
    let mut object = Object::new(name).description("By field, of the rows that have a value.");
    let mut fields = 0;
    for (position, column) in entity.fields.iter().enumerate() {
        if measure.has(entity, position) {
            let measured = Field {
                kind: measure.kind(column),
                references: None,
                ..column.clone()
            };
            let ty = OutType::named(scalar_name(&measured, false));
            object = object.field(field(&column.name, ty, format!("Of `{}`.", column.name)));
            fields += 1;
        }
    }
    (fields > 0).then_some(object)
}
