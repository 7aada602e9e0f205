//! What marketing does.
#![expect(
    missing_docs,
    reason = "the comment of a column is its description, here and in the API"
)]

use sea_orm::entity::prelude::*;

/// An action of marketing.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "campaign", comment = "An action of marketing")]
pub struct Model {
    #[sea_orm(primary_key, comment = "Number of the row, never used again")]
    pub id: i64,
    #[sea_orm(comment = "Name of the campaign")]
    pub name: String,
    #[sea_orm(comment = "How it reaches people")]
    pub channel: CampaignChannel,
    #[sea_orm(comment = "First day")]
    pub starts_on: Date,
    #[sea_orm(comment = "Last day")]
    pub ends_on: Date,
    #[sea_orm(column_type = "Decimal(Some((12, 2)))", comment = "What it may cost")]
    pub budget: Decimal,
}

/// How a campaign reaches people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Enum",
    enum_name = "campaign_channel",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum CampaignChannel {
    Email,
    Sms,
    Phone,
    Social,
}

/// Where one can go from here; the names are those of the API, in camelCase.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::campaign_touch::Entity")]
    Touches,
}

impl ActiveModelBehavior for ActiveModel {}
