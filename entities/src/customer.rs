//! People who buy from us, did so, or may one day.
#![expect(
    missing_docs,
    reason = "the comment of a column is its description, here and in the API"
)]

use sea_orm::entity::prelude::*;

/// A person who buys from us, did so, or may one day.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(
    table_name = "customer",
    comment = "A person who buys from us, did so, or may one day"
)]
pub struct Model {
    #[sea_orm(primary_key, comment = "Number of the row, never used again")]
    pub id: i64,
    #[sea_orm(comment = "Name as the person writes it")]
    pub full_name: String,
    #[sea_orm(comment = "Address for electronic mail")]
    pub email: Option<String>,
    #[sea_orm(comment = "Blind index of `email`")]
    pub email_blind: Option<String>,
    #[sea_orm(comment = "Telephone number with its country code")]
    pub phone: Option<String>,
    #[sea_orm(comment = "Blind index of `phone`")]
    pub phone_blind: Option<String>,
    #[sea_orm(comment = "Number by which the state knows the person")]
    pub national_id: Option<String>,
    #[sea_orm(comment = "Blind index of `national_id`")]
    pub national_id_blind: Option<String>,
    #[sea_orm(comment = "Number of the card that the person pays with")]
    pub bank_card: Option<String>,
    #[sea_orm(comment = "Day of birth")]
    pub birth_date: Option<Date>,
    #[sea_orm(comment = "Gender, where it was told")]
    pub gender: Option<Gender>,
    #[sea_orm(comment = "Marital status, where it was told")]
    pub marital_status: Option<MaritalStatus>,
    #[sea_orm(comment = "What the person does for a living")]
    pub occupation: Option<String>,
    #[sea_orm(
        column_type = "Decimal(Some((12, 2)))",
        comment = "Income of a year, in the currency of the country"
    )]
    pub annual_income: Option<Decimal>,
    #[sea_orm(comment = "ISO 3166 code of the country of residence")]
    pub country: String,
    #[sea_orm(comment = "BCP 47 tag of the language that the person wants to be addressed in")]
    pub language: String,
    #[sea_orm(comment = "Street and house")]
    pub address_line: Option<String>,
    #[sea_orm(comment = "City")]
    pub city: Option<String>,
    #[sea_orm(comment = "State, province or county")]
    pub region: Option<String>,
    #[sea_orm(comment = "Postal code")]
    pub postal_code: Option<String>,
    #[sea_orm(comment = "Whether the person may buy, buys, or has stopped buying")]
    pub lifecycle_stage: LifecycleStage,
    #[sea_orm(comment = "Choices that the person made, as a JSON object")]
    pub preferences: Json,
    #[sea_orm(column_type = "Text", comment = "Free notes of the staff")]
    pub notes: Option<String>,
    #[sea_orm(comment = "Whether marketing is allowed today")]
    pub consent_marketing: bool,
    #[sea_orm(comment = "Whether analysis of behaviour is allowed today")]
    pub consent_analytics: bool,
    #[sea_orm(comment = "Employee who looks after the customer")]
    pub owner_id: Option<i64>,
    #[sea_orm(comment = "Department that the customer belongs to")]
    pub department_id: i64,
    #[sea_orm(comment = "Counts the changes of the row, for `ifVersion`")]
    pub version: i64,
    #[sea_orm(comment = "When the customer was first recorded")]
    pub created_at: DateTimeUtc,
    #[sea_orm(comment = "When the row was last changed")]
    pub updated_at: DateTimeUtc,
}

/// What a person told us about their gender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Enum",
    enum_name = "gender",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum Gender {
    Female,
    Male,
    Diverse,
}

/// What a person told us about their marital status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Enum",
    enum_name = "marital_status",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum MaritalStatus {
    Single,
    Married,
    Divorced,
    Widowed,
}

/// How far a customer has come with us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Enum",
    enum_name = "lifecycle_stage",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum LifecycleStage {
    Potential,
    Active,
    Lost,
}

/// Where one can go from here; the names are those of the API, in camelCase.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::employee::Entity",
        from = "Column::OwnerId",
        to = "super::employee::Column::Id"
    )]
    Owner,
    #[sea_orm(
        belongs_to = "super::department::Entity",
        from = "Column::DepartmentId",
        to = "super::department::Column::Id"
    )]
    Department,
    #[sea_orm(has_many = "super::address::Entity")]
    Addresses,
    #[sea_orm(has_many = "super::account::Entity")]
    Accounts,
    #[sea_orm(has_many = "super::order::Entity")]
    Orders,
    #[sea_orm(has_many = "super::interaction::Entity")]
    Interactions,
    #[sea_orm(has_many = "super::ticket::Entity")]
    Tickets,
    #[sea_orm(has_many = "super::opportunity::Entity")]
    Opportunities,
    #[sea_orm(has_many = "super::campaign_touch::Entity")]
    CampaignTouches,
    #[sea_orm(has_many = "super::visit::Entity")]
    Visits,
    #[sea_orm(has_many = "super::consent::Entity")]
    Consents,
}

impl Related<super::employee::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Owner.def()
    }
}

impl Related<super::department::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Department.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
