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

impl Shape {
    /// Whether rows are linked by the field: a foreign key, or the key that one refers to.
    #[must_use]
    pub fn is_key(&self, entity: usize, field: usize) -> bool {
        let refers = self
            .field(entity, field)
            .is_some_and(|field| field.references.is_some());
        let mut fields = self.entities.iter().flat_map(|entity| &entity.fields);
        refers || fields.any(|other| other.references == Some((entity, field)))
    }

    /// The entity at this index.
    #[must_use]
    pub fn entity(&self, entity: usize) -> Option<&EntityShape> {
        self.entities.get(entity)
    }

    /// The field at this index of this entity.
    #[must_use]
    pub fn field(&self, entity: usize, field: usize) -> Option<&FieldShape> {
        self.entity(entity)?.fields.get(field)
    }

    /// The GraphQL coordinate of a field, for example `Customer.phone`.
    #[must_use]
    pub fn coordinate(&self, entity: usize, field: usize) -> String {
        let name = self
            .entity(entity)
            .map_or("?", |entity| entity.name.as_str());
        let field = self
            .field(entity, field)
            .map_or("?", |field| field.name.as_str());
        format!("{name}.{field}")
    }

    /// The entity of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<usize> {
        self.entities.iter().position(|entity| entity.name == name)
    }

    /// The field of this coordinate.
    #[must_use]
    pub fn find_field(&self, coordinate: &str) -> Option<(usize, usize)> {
        let (name, field) = coordinate.split_once('.')?;
        let entity = self.find(name)?;
        let field = self
            .entity(entity)?
            .fields
            .iter()
            .position(|known| known.name == field)?;
        Some((entity, field))
    }

    /// Every field, as (entity, field).
    pub fn fields(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.entities
            .iter()
            .enumerate()
            .flat_map(|(entity, shape)| (0..shape.fields.len()).map(move |field| (entity, field)))
    }

    /// The key that a foreign key stands for, through as many references as there are; any other field stands for itself.
    #[must_use]
    pub fn key_behind(&self, mut entity: usize, mut field: usize) -> (usize, usize) {
        // bounded, should references ever run in a circle
        for _ in 0..self.entities.len() {
            match self.field(entity, field).and_then(|shape| shape.references) {
                Some(next) if next != (entity, field) => (entity, field) = next,
                _ => break,
            }
        }
        (entity, field)
    }
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
    /// Whether no two rows have the same value.
    pub unique: bool,
    /// Whether rows can be looked up by it: it has a blind index.
    pub blind: bool,
    /// Whether a whole number has 32 bits, not 64.
    pub narrow: bool,
    /// The key that this foreign key refers to, as (entity, field).
    pub references: Option<(usize, usize)>,
}

/// A relation to at most one row of another entity.
#[derive(Clone, Debug)]
pub struct ToOneShape {
    /// The name in `snake_case`, for example `owner`: conditions use it.
    pub name: String,
    /// The field of this entity that holds the key.
    pub from: usize,
    /// The entity that it leads to.
    pub target: usize,
    /// The field of that entity that the key is equal to.
    pub to: usize,
}
