//! What the data looks like, told to the policies by the gateway (which reads it from the Catalog).
//!
//! Entities and fields are known by their index in these lists; the gateway uses the same indices.

use crate::value::ValueKind;

/// All entities that a policy may name.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// In the order of the Catalog.
    pub entities: Vec<EntityShape>,
}

/// One entity.
#[derive(Clone, Debug)]
pub struct EntityShape {
    /// The GraphQL type name, for example `OrderItem`.
    pub name: String,
    /// In the order of the Catalog.
    pub fields: Vec<FieldShape>,
    /// The to-one relations, which conditions may walk.
    pub to_one: Vec<ToOneShape>,
}

/// One field of an entity.
#[derive(Clone, Debug)]
pub struct FieldShape {
    /// The GraphQL name, for example `fullName`: coordinates use it.
    pub name: String,
    /// The column name, for example `full_name`: conditions use it.
    pub column: String,
    /// What it holds.
    pub kind: ValueKind,
    /// The closed set of names of an [`ValueKind::Enum`], else empty.
    pub variants: Vec<String>,
    /// Whether it may be null.
    pub nullable: bool,
    /// The key that this foreign key refers to, as (entity, field).
    pub references: Option<(usize, usize)>,
}

/// A relation to at most one row of another entity.
#[derive(Clone, Debug)]
pub struct ToOneShape {
    /// The name in snake_case, for example `owner`: conditions use it.
    pub name: String,
    /// The field of this entity that holds the key.
    pub from: usize,
    /// The entity that it leads to.
    pub target: usize,
    /// The field of that entity that the key is equal to.
    pub to: usize,
}
