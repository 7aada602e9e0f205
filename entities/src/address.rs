//! Where customers live, work and want things delivered.
#![expect(
    missing_docs,
    reason = "the comment of a column is its description, here and in the API"
)]

use sea_orm::entity::prelude::*;

/// A postal address of a customer.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "address", comment = "A postal address of a customer")]
pub struct Model {
    #[sea_orm(primary_key, comment = "Number of the row, never used again")]
    pub id: i64,
    #[sea_orm(comment = "Customer whose address it is")]
    pub customer_id: i64,
    #[sea_orm(comment = "What the address is used for")]
    pub kind: AddressKind,
    #[sea_orm(comment = "Street and house")]
    pub address_line: String,
    #[sea_orm(comment = "City")]
    pub city: String,
    #[sea_orm(comment = "State, province or county")]
    pub region: Option<String>,
    #[sea_orm(comment = "Postal code")]
    pub postal_code: String,
    #[sea_orm(comment = "ISO 3166 code of the country")]
    pub country: String,
    #[sea_orm(comment = "When the address was recorded")]
    pub created_at: DateTimeUtc,
}

/// What an address is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Enum",
    enum_name = "address_kind",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum AddressKind {
    Home,
    Work,
    Billing,
    Shipping,
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
