//! The history of the schema: one module a step, never changed once it is out.

use sea_orm_migration::prelude::*;

mod dialect;
mod m20260701_000001_initial;
mod m20261123_000002_visit_session;
mod m20261123_000003_customer_blind;
#[cfg(test)]
mod tests;

pub use dialect::{MARIADB_COLLATION, MARIADB_COLLATIONS};

/// Brings a database to the schema of today.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20260701_000001_initial::Migration),
            Box::new(m20261123_000002_visit_session::Migration),
            Box::new(m20261123_000003_customer_blind::Migration),
        ]
    }
}
