//! The Catalog as the policies see it.

use heck::ToUpperCamelCase as _;
use sudare_entities::Catalog;
use sudare_entities::catalog::{Cardinality, Entity, Field, Kind, Relation};
use sudare_policies::shape::{EntityShape, FieldShape, Shape, ToOneShape};
use sudare_policies::value::ValueKind;

/// Tells the policies what the data looks like; indices are those of the catalog.
pub fn shape(catalog: &Catalog) -> Shape {
    Shape {
        entities: catalog.entities.iter().map(entity_shape).collect(),
    }
}

/// The to-one relations of an entity, in the order in which [`ToOneShape`]s are numbered.
pub(crate) fn to_one(entity: &Entity) -> impl Iterator<Item = &Relation> {
    entity
        .relations
        .iter()
        .filter(|relation| relation.cardinality == Cardinality::ToOne)
}

/// The name of the field for the aggregates of a list.
pub(crate) fn aggregate_of(list: &str) -> String {
    format!("{list}Aggregate")
}

/// What may be done to the rows of an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mutation {
    Create,
    CreateMany,
    Update,
    Delete,
}

impl Mutation {
    pub(crate) const ALL: [Self; 4] = [Self::Create, Self::CreateMany, Self::Update, Self::Delete];

    /// The name of its field.
    pub(crate) fn of(self, entity: &Entity) -> String {
        match self {
            Self::Create => format!("create{}", entity.name),
            Self::CreateMany => format!("create{}", entity.plural.to_upper_camel_case()),
            Self::Update => format!("update{}", entity.name),
            Self::Delete => format!("delete{}", entity.name),
        }
    }
}

/// Whether clients write the field: keys and what is kept up to date they do not.
pub(crate) fn is_writable(entity: &Entity, position: usize) -> bool {
    let field = entity.fields.get(position);
    position != entity.key && field.is_some_and(|field| field.kept.is_none())
}

fn entity_shape(entity: &Entity) -> EntityShape {
    let to_one = to_one(entity).map(|relation| ToOneShape {
        name: heck::ToSnakeCase::to_snake_case(relation.name.as_str()),
        from: relation.from,
        target: relation.target,
        to: relation.to,
    });
    EntityShape {
        name: entity.name.clone(),
        fields: entity.fields.iter().map(field_shape).collect(),
        to_one: to_one.collect(),
    }
}

fn field_shape(field: &Field) -> FieldShape {
    FieldShape {
        name: field.name.clone(),
        column: field.column.clone(),
        kind: value_kind(&field.kind),
        variants: match &field.kind {
            Kind::Enum { variants, .. } => variants.clone(),
            _ => Vec::new(),
        },
        nullable: field.nullable,
        unique: field.unique,
        blind: field.blind.is_some(),
        narrow: field.kind == Kind::Int,
        references: field.references,
    }
}

/// What the policies call a kind of the catalog.
pub(crate) fn value_kind(kind: &Kind) -> ValueKind {
    match kind {
        Kind::Boolean => ValueKind::Boolean,
        Kind::Int | Kind::BigInt => ValueKind::Int,
        Kind::Float => ValueKind::Float,
        Kind::Decimal { .. } => ValueKind::Decimal,
        Kind::Text => ValueKind::Text,
        Kind::Date => ValueKind::Date,
        Kind::DateTime => ValueKind::DateTime,
        Kind::Json => ValueKind::Json,
        Kind::Uuid => ValueKind::Uuid,
        Kind::Enum { .. } => ValueKind::Enum,
    }
}
