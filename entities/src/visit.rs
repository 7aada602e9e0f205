//! What customers looked at on our site.
#![expect(
    missing_docs,
    reason = "the comment of a column is its description, here and in the API"
)]

use sea_orm::entity::prelude::*;

/// A visit of our site.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "visit", comment = "A visit of our site")]
pub struct Model {
    #[sea_orm(primary_key, comment = "Number of the row, never used again")]
    pub id: i64,
    #[sea_orm(comment = "Customer who came")]
    pub customer_id: i64,
    #[sea_orm(comment = "When the visit began")]
    pub occurred_at: DateTimeUtc,
    #[sea_orm(comment = "Page that was looked at")]
    pub page: String,
    #[sea_orm(comment = "Page that led there")]
    pub referrer: Option<String>,
    #[sea_orm(comment = "Network address of the visitor")]
    pub ip: String,
    #[sea_orm(comment = "Browser of the visitor")]
    pub user_agent: String,
    #[sea_orm(comment = "How long the visit was")]
    pub duration_seconds: i32,
    #[sea_orm(comment = "Session of the browser, where it kept one")]
    pub session: Option<Uuid>,
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
