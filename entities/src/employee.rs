//! The people who work here.
#![expect(
    missing_docs,
    reason = "the comment of a column is its description, here and in the API"
)]

use sea_orm::entity::prelude::*;

/// A person who works here.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "employee", comment = "A person who works here")]
pub struct Model {
    #[sea_orm(primary_key, comment = "Number of the row, never used again")]
    pub id: i64,
    #[sea_orm(comment = "Name of the person")]
    pub name: String,
    #[sea_orm(comment = "Address for electronic mail at work")]
    pub email: String,
    #[sea_orm(comment = "Telephone number at work")]
    pub phone: String,
    #[sea_orm(comment = "Department that the person works in")]
    pub department_id: i64,
    #[sea_orm(comment = "Employee whom the person reports to")]
    pub manager_id: Option<i64>,
    #[sea_orm(comment = "First day at work")]
    pub hired_on: Date,
}

/// Where one can go from here; the names are those of the API, in camelCase.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::department::Entity",
        from = "Column::DepartmentId",
        to = "super::department::Column::Id"
    )]
    Department,
    #[sea_orm(belongs_to = "Entity", from = "Column::ManagerId", to = "Column::Id")]
    Manager,
    #[sea_orm(has_many = "Entity")]
    Reports,
    #[sea_orm(has_many = "super::customer::Entity")]
    Customers,
    #[sea_orm(has_many = "super::interaction::Entity")]
    Interactions,
    #[sea_orm(has_many = "super::ticket::Entity")]
    Tickets,
    #[sea_orm(has_many = "super::opportunity::Entity")]
    Opportunities,
}

impl Related<super::department::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Department.def()
    }
}

impl Related<Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Manager.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
