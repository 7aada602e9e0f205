//! What customers bought.
#![expect(
    missing_docs,
    reason = "the comment of a column is its description, here and in the API"
)]

use sea_orm::entity::prelude::*;

/// A purchase of a customer.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "order", comment = "A purchase of a customer")]
pub struct Model {
    #[sea_orm(primary_key, comment = "Number of the row, never used again")]
    pub id: i64,
    #[sea_orm(comment = "Customer who placed it")]
    pub customer_id: i64,
    #[sea_orm(unique, comment = "Number that is printed on the invoice")]
    pub order_no: String,
    #[sea_orm(comment = "When it was placed")]
    pub placed_at: DateTimeUtc,
    #[sea_orm(comment = "How far it has come")]
    pub status: OrderStatus,
    #[sea_orm(
        column_type = "Decimal(Some((12, 2)))",
        comment = "Sum of its items, in the currency of the house"
    )]
    pub total_amount: Decimal,
}

/// How far an order has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Enum",
    enum_name = "order_status",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum OrderStatus {
    Pending,
    Paid,
    Shipped,
    Delivered,
    Cancelled,
    Returned,
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
    #[sea_orm(has_many = "super::order_item::Entity")]
    Items,
}

impl Related<super::customer::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Customer.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
