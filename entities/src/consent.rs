//! What customers allowed us to do with their data.
#![expect(
    missing_docs,
    reason = "the comment of a column is its description, here and in the API"
)]

use sea_orm::entity::prelude::*;

/// A permission that a customer gave.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "consent", comment = "A permission that a customer gave")]
pub struct Model {
    #[sea_orm(primary_key, comment = "Number of the row, never used again")]
    pub id: i64,
    #[sea_orm(comment = "Customer who gave it")]
    pub customer_id: i64,
    #[sea_orm(comment = "What it allows")]
    pub purpose: ConsentPurpose,
    #[sea_orm(comment = "When it was given")]
    pub given_at: DateTimeUtc,
    #[sea_orm(comment = "When it was taken back")]
    pub withdrawn_at: Option<DateTimeUtc>,
}

/// What a consent allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Enum",
    enum_name = "consent_purpose",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum ConsentPurpose {
    Marketing,
    Analytics,
}

/// Where one can go from here; the names are those of the API, in camelCase.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::customer::Entity",
        from = "Column::CustomerId",
        to = "super::customer::Column::Id"
    )]
    Customer,
}

impl Related<super::customer::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Customer.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
