//! The logins of customers.
#![expect(
    missing_docs,
    reason = "the comment of a column is its description, here and in the API"
)]

use sea_orm::entity::prelude::*;

/// A login of a customer.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "account", comment = "A login of a customer")]
pub struct Model {
    #[sea_orm(primary_key, comment = "Number of the row, never used again")]
    pub id: i64,
    #[sea_orm(comment = "Customer who signs in with it")]
    pub customer_id: i64,
    #[sea_orm(unique, comment = "Name to sign in with")]
    pub login_name: String,
    #[sea_orm(comment = "Hash of the password; no role may ever read it")]
    pub password_hash: String,
    #[sea_orm(comment = "Whether it can be used")]
    pub status: AccountStatus,
    #[sea_orm(comment = "When somebody last signed in with it")]
    pub last_login_at: Option<DateTimeUtc>,
    #[sea_orm(comment = "When it was opened")]
    pub created_at: DateTimeUtc,
}

/// Whether an account can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Enum",
    enum_name = "account_status",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum AccountStatus {
    Active,
    Locked,
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
}

impl Related<super::customer::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Customer.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
