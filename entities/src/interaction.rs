//! Calls, mails and meetings with customers.
#![expect(
    missing_docs,
    reason = "the comment of a column is its description, here and in the API"
)]

use sea_orm::entity::prelude::*;

/// A talk with a customer: call, mail, meeting or chat.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(
    table_name = "interaction",
    comment = "A talk with a customer: call, mail, meeting or chat"
)]
pub struct Model {
    #[sea_orm(primary_key, comment = "Number of the row, never used again")]
    pub id: i64,
    #[sea_orm(comment = "Customer who was talked with")]
    pub customer_id: i64,
    #[sea_orm(comment = "Employee who talked with the customer")]
    pub employee_id: i64,
    #[sea_orm(comment = "How they talked")]
    pub channel: InteractionChannel,
    #[sea_orm(comment = "When they talked")]
    pub occurred_at: DateTimeUtc,
    #[sea_orm(comment = "What it was about")]
    pub subject: String,
    #[sea_orm(column_type = "Text", comment = "What was said")]
    pub summary: Option<String>,
}

/// How staff and customer talked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Enum",
    enum_name = "interaction_channel",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum InteractionChannel {
    Call,
    Mail,
    Meeting,
    Chat,
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
        from = "Column::EmployeeId",
        to = "super::employee::Column::Id"
    )]
    Employee,
}

impl Related<super::customer::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Customer.def()
    }
}

impl Related<super::employee::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Employee.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
