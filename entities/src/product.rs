//! What we sell.
#![expect(
    missing_docs,
    reason = "the comment of a column is its description, here and in the API"
)]

use sea_orm::entity::prelude::*;

/// A product that we sell.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "product", comment = "A product that we sell")]
pub struct Model {
    #[sea_orm(primary_key, comment = "Number of the row, never used again")]
    pub id: i64,
    #[sea_orm(unique, comment = "Number of the product in the catalogue")]
    pub sku: String,
    #[sea_orm(comment = "Name of the product")]
    pub name: String,
    #[sea_orm(comment = "Shelf that it stands on")]
    pub category: String,
    #[sea_orm(column_type = "Text", comment = "What it is good for")]
    pub description: Option<String>,
    #[sea_orm(column_type = "Decimal(Some((12, 2)))", comment = "Price of today")]
    pub price: Decimal,
    #[sea_orm(comment = "Whether it can be ordered today")]
    pub active: bool,
    #[sea_orm(comment = "When it came into the catalogue")]
    pub created_at: DateTimeUtc,
}

/// Where one can go from here; the names are those of the API, in camelCase.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::order_item::Entity")]
    OrderItems,
}

impl ActiveModelBehavior for ActiveModel {}
