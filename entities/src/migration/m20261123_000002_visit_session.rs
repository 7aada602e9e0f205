//! Visits get the session of the browser, which may last for several of them.

use sea_orm_migration::{prelude::*, schema};

const TABLE: &str = "visit";
const COLUMN: &str = "session";

/// See the module.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait of SeaORM elides the lifetime, and async_trait wants the same words"
)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// Nobody knows the session of the visits that are there: it stays null.
    ///
    /// A UUID is 16 bytes in each database, of its own type on PostgreSQL: they are equal and sorted as its digits are.
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A run that was killed may have come as far as this; only MariaDB could say `IF NOT EXISTS` itself.
        if manager.has_column(TABLE, COLUMN).await? {
            return Ok(());
        }
        let add = Table::alter()
            .table(TABLE)
            .add_column(schema::uuid_null(COLUMN))
            .to_owned();
        manager.alter_table(add).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if !manager.has_column(TABLE, COLUMN).await? {
            return Ok(());
        }
        let drop = Table::alter().table(TABLE).drop_column(COLUMN).to_owned();
        manager.alter_table(drop).await
    }
}
