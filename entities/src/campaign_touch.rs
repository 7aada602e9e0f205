//! Which campaign reached whom.
#![expect(
    missing_docs,
    reason = "the comment of a column is its description, here and in the API"
)]

use sea_orm::entity::prelude::*;

/// A contact of a campaign with a customer.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(
    table_name = "campaign_touch",
    comment = "A contact of a campaign with a customer"
)]
pub struct Model {
    #[sea_orm(primary_key, comment = "Number of the row, never used again")]
    pub id: i64,
    #[sea_orm(comment = "Campaign that reached the customer")]
    pub campaign_id: i64,
    #[sea_orm(comment = "Customer who was reached")]
    pub customer_id: i64,
    #[sea_orm(comment = "When the customer was reached")]
    pub touched_at: DateTimeUtc,
    #[sea_orm(comment = "What came of it")]
    pub outcome: TouchOutcome,
}

/// What came of a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Enum",
    enum_name = "touch_outcome",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum TouchOutcome {
    Delivered,
    Opened,
    Clicked,
    Converted,
    Ignored,
}

/// Where one can go from here; the names are those of the API, in camelCase.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::campaign::Entity",
        from = "Column::CampaignId",
        to = "super::campaign::Column::Id"
    )]
    Campaign,
    #[sea_orm(
        belongs_to = "super::customer::Entity",
        from = "Column::CustomerId",
        to = "super::customer::Column::Id"
    )]
    Customer,
}

impl Related<super::campaign::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Campaign.def()
    }
}

impl Related<super::customer::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Customer.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
