//! Sales that may come.
#![expect(
    missing_docs,
    reason = "the comment of a column is its description, here and in the API"
)]

use sea_orm::entity::prelude::*;

/// A sale that may come.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "opportunity", comment = "A sale that may come")]
pub struct Model {
    #[sea_orm(primary_key, comment = "Number of the row, never used again")]
    pub id: i64,
    #[sea_orm(comment = "Customer who may buy")]
    pub customer_id: i64,
    #[sea_orm(comment = "Employee who works on it")]
    pub owner_id: i64,
    #[sea_orm(comment = "What it is about")]
    pub title: String,
    #[sea_orm(comment = "How far it has come")]
    pub stage: OpportunityStage,
    #[sea_orm(column_type = "Decimal(Some((12, 2)))", comment = "What it is worth")]
    pub amount: Decimal,
    #[sea_orm(comment = "Day by which it should be decided")]
    pub expected_close: Date,
    #[sea_orm(comment = "When it was recorded")]
    pub created_at: DateTimeUtc,
}

/// How far an opportunity has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Enum",
    enum_name = "opportunity_stage",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum OpportunityStage {
    Lead,
    Qualified,
    Proposal,
    Negotiation,
    Won,
    Lost,
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
    #[sea_orm(
        belongs_to = "super::employee::Entity",
        from = "Column::OwnerId",
        to = "super::employee::Column::Id"
    )]
    Owner,
}

impl Related<super::customer::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Customer.def()
    }
}

impl Related<super::employee::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Owner.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
