//! Complaints and requests for service.
#![expect(
    missing_docs,
    reason = "the comment of a column is its description, here and in the API"
)]

use sea_orm::entity::prelude::*;

/// A complaint or a request for service.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(
    table_name = "ticket",
    comment = "A complaint or a request for service"
)]
pub struct Model {
    #[sea_orm(primary_key, comment = "Number of the row, never used again")]
    pub id: i64,
    #[sea_orm(comment = "Customer who asks")]
    pub customer_id: i64,
    #[sea_orm(comment = "Employee who takes care of it")]
    pub assignee_id: Option<i64>,
    #[sea_orm(comment = "Complaint or request for service")]
    pub kind: TicketKind,
    #[sea_orm(comment = "How far it has come")]
    pub status: TicketStatus,
    #[sea_orm(comment = "What it is about")]
    pub subject: String,
    #[sea_orm(column_type = "Text", comment = "What the customer wrote")]
    pub body: String,
    #[sea_orm(comment = "When it was opened")]
    pub opened_at: DateTimeUtc,
    #[sea_orm(comment = "When it was closed")]
    pub closed_at: Option<DateTimeUtc>,
}

/// What a customer wants from us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Enum",
    enum_name = "ticket_kind",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum TicketKind {
    Complaint,
    Service,
}

/// How far a ticket has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Enum",
    enum_name = "ticket_status",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum TicketStatus {
    Open,
    InProgress,
    Resolved,
    Closed,
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
        from = "Column::AssigneeId",
        to = "super::employee::Column::Id"
    )]
    Assignee,
}

impl Related<super::customer::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Customer.def()
    }
}

impl Related<super::employee::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Assignee.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
