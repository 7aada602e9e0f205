//! The departments of the house.
#![expect(
    missing_docs,
    reason = "the comment of a column is its description, here and in the API"
)]

use sea_orm::entity::prelude::*;

/// A department of the house.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "department", comment = "A department of the house")]
pub struct Model {
    #[sea_orm(primary_key, comment = "Number of the row, never used again")]
    pub id: i64,
    #[sea_orm(comment = "Name of the department")]
    pub name: String,
    #[sea_orm(comment = "Part of the country that it serves")]
    pub region: String,
}

/// Where one can go from here; the names are those of the API, in camelCase.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::employee::Entity")]
    Employees,
    #[sea_orm(has_many = "super::customer::Entity")]
    Customers,
}

impl ActiveModelBehavior for ActiveModel {}
