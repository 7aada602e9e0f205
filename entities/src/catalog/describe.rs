//! What SeaORM knows about an entity, without its types.

use sea_orm::sea_query::{ColumnType, TableRef};
use sea_orm::{
    ColumnTrait, DbBackend, EntityTrait, IdenStatic, Identity, Iterable, PrimaryKeyToColumn,
    RelationTrait, RelationType, Schema,
};

use super::Cardinality;

/// An entity as its file describes it.
#[derive(Debug)]
pub(crate) struct Description {
    pub(super) table: String,
    pub(super) comment: Option<String>,
    pub(super) keys: Vec<String>,
    pub(super) columns: Vec<Column>,
    pub(super) links: Vec<Link>,
}

/// A column.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) column_type: ColumnType,
    pub(super) nullable: bool,
    pub(super) unique: bool,
    pub(super) comment: Option<String>,
}

/// A relation.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) name: String,
    pub(super) cardinality: Cardinality,
    /// Whether the foreign key is here.
    pub(super) holds_key: bool,
    /// Whether rows are related by more than equal keys.
    pub(super) conditional: bool,
    pub(super) from: Vec<String>,
    pub(super) table: Option<String>,
    pub(super) to: Vec<String>,
}

/// Reads an entity.
pub(crate) fn describe<E: EntityTrait>() -> Description {
    let entity = E::default();
    Description {
        table: entity.table_name().to_owned(),
        comment: entity.comment().map(str::to_owned),
        keys: E::PrimaryKey::iter()
            .map(|key| key.into_column().as_str().to_owned())
            .collect(),
        columns: E::Column::iter().map(column::<E>).collect(),
        links: E::Relation::iter()
            .map(|relation| link(&relation))
            .collect(),
    }
}

fn column<E: EntityTrait>(column: E::Column) -> Column {
    let definition = column.def();
    // The definition keeps its comment to itself; the statement that would create the column shows it.
    let statement = Schema::new(DbBackend::Sqlite).get_column_def::<E>(column);
    Column {
        name: column.as_str().to_owned(),
        column_type: definition.get_column_type().clone(),
        nullable: definition.is_null(),
        unique: definition.is_unique(),
        comment: statement.get_column_spec().comment.clone(),
    }
}

fn link(relation: &impl RelationTrait) -> Link {
    let definition = relation.def();
    Link {
        name: relation.name(),
        cardinality: match definition.rel_type {
            RelationType::HasOne => Cardinality::ToOne,
            RelationType::HasMany => Cardinality::ToMany,
        },
        // SeaORM calls the side that has the other one its owner.
        holds_key: !definition.is_owner,
        conditional: definition.on_condition.is_some(),
        from: names(&definition.from_col),
        table: table(&definition.to_tbl),
        to: names(&definition.to_col),
    }
}

fn names(identity: &Identity) -> Vec<String> {
    identity.iter().map(ToString::to_string).collect()
}

fn table(reference: &TableRef) -> Option<String> {
    match reference {
        TableRef::Table(name, _) => Some(name.1.to_string()),
        _ => None,
    }
}
