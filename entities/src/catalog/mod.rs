//! What data there is: entities, their fields, and the relations between them.
//!
//! Read from SeaORM's own reflection and nothing else, so that an entity is described once, in its file.

mod build;
mod describe;
mod error;
#[cfg(test)]
mod tests;

pub(crate) use describe::{Description, describe};
pub use error::CatalogError;

/// Everything that the gateway knows about the data. Entities and fields are referred to by their index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalog {
    /// The entities, by name.
    pub entities: Vec<Entity>,
}

/// A kind of thing that there are rows of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// The name of its type, for example `OrderItem`.
    pub name: String,
    /// The name of its table, for example `order_item`.
    pub table: String,
    /// What one of it is called, for example `orderItem`.
    pub single: String,
    /// What many of it are called, for example `orderItems`.
    pub plural: String,
    /// What it is, in a sentence.
    pub description: Option<String>,
    /// The field that holds the primary key.
    pub key: usize,
    /// In the order of the columns.
    pub fields: Vec<Field>,
    /// In the order of the entity's file.
    pub relations: Vec<Relation>,
}

/// A value that each row of an entity has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name in the API, for example `fullName`.
    pub name: String,
    /// The name in the database, for example `full_name`.
    pub column: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether it may be null.
    pub nullable: bool,
    /// The most that fits: characters of a text, digits of a decimal number. `None` if there is no such limit.
    pub size: Option<u32>,
    /// Whether no two rows hold the same value.
    pub unique: bool,
    /// What keeps it up to date, if nobody writes it.
    pub kept: Option<Kept>,
    /// The column of its blind index, by which rows are looked up: that of the same name with `_blind` behind it. It is no field, so
    /// that nobody can select it, filter by it or grant it.
    pub blind: Option<String>,
    /// The key that this foreign key refers to, as (entity, field).
    pub references: Option<(usize, usize)>,
    /// What it is, in a sentence.
    pub description: Option<String>,
}

/// What the gateway itself writes into a row, by the name and the kind of its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// `version`, a whole number: 1 for a new row, one more with each change.
    Version,
    /// `created_at`, an instant.
    CreatedAt,
    /// `updated_at`, an instant.
    UpdatedAt,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// True or false.
    Boolean,
    /// A whole number of 32 bits.
    Int,
    /// A whole number of 64 bits.
    BigInt,
    /// A binary floating-point number.
    Float,
    /// An exact number.
    Decimal {
        /// How many digits follow the point.
        scale: u32,
    },
    /// Unicode text.
    Text,
    /// A calendar day.
    Date,
    /// An instant, in UTC.
    DateTime,
    /// A JSON document.
    Json,
    /// A UUID.
    Uuid,
    /// One of a closed set of names.
    Enum {
        /// The name of its type, for example `LifecycleStage`.
        name: String,
        /// The names, the same in the database and the API, for example `POTENTIAL`.
        variants: Vec<String>,
    },
}

/// A way from an entity to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// The name in the API, for example `owner` or `orders`.
    pub name: String,
    /// How many rows it leads to.
    pub cardinality: Cardinality,
    /// The entity that it leads to.
    pub target: usize,
    /// The field of this entity that is equal to [`Self::to`].
    pub from: usize,
    /// The field of the target.
    pub to: usize,
}

/// How many rows a relation leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cardinality {
    /// One or none.
    ToOne,
    /// Any number.
    ToMany,
}

impl Catalog {
    /// The catalog of the entities of this crate.
    pub fn new() -> Result<Self, CatalogError> {
        Self::of(crate::descriptions())
    }

    /// The index of the entity with this type name.
    pub fn entity(&self, name: &str) -> Option<usize> {
        self.entities.iter().position(|entity| entity.name == name)
    }
}

impl Entity {
    /// The index of the field with this name in the API.
    pub fn field(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// What looking one of them up is called, for example `customerLookup`; none if no field has a blind index.
    pub fn lookup(&self) -> Option<String> {
        let mut fields = self.fields.iter();
        let name = || format!("{}Lookup", self.single);
        fields.any(|field| field.blind.is_some()).then(name)
    }

    /// The index of the field with this name in the database.
    pub fn column(&self, column: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.column == column)
    }
}

/// The entities that the catalog holds, each by the module that it lives in.
macro_rules! list {
    ($($module:ident),* $(,)?) => {
        fn descriptions() -> Vec<$crate::catalog::Description> {
            vec![$($crate::catalog::describe::<$crate::$module::Entity>()),*]
        }
    };
}
pub(crate) use list;
