//! Customers get blind indexes, by which they are looked up: keyed hashes of what they are reached and known by.

use sea_orm_migration::{prelude::*, schema};

use super::dialect;

const TABLE: &str = "customer";
const COLUMNS: [&str; 3] = ["email_blind", "phone_blind", "national_id_blind"];

/// Characters of an index, and some to spare.
const LENGTH: u32 = 64;

/// See the module.
#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[expect(
    elided_lifetimes_in_paths,
    reason = "the trait of SeaORM elides the lifetime, and async_trait wants the same words"
)]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// They stay null: what goes into them hangs on a key that migrations do not have. `sudare index` fills them in.
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        for column in COLUMNS {
            // A run that was killed may have come as far as here.
            if !manager.has_column(TABLE, column).await? {
                let declared = schema::string_len_null(column, LENGTH);
                let add = Table::alter()
                    .table(TABLE)
                    .add_column(dialect::declare(declared, backend))
                    .to_owned();
                manager.alter_table(add).await?;
            }
            if !manager.has_index(TABLE, name(column)).await? {
                let index = Index::create()
                    .name(name(column))
                    .table(TABLE)
                    .col(column)
                    .to_owned();
                manager.create_index(index).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in COLUMNS {
            if manager.has_index(TABLE, name(column)).await? {
                let drop = Index::drop().name(name(column)).table(TABLE).to_owned();
                manager.drop_index(drop).await?;
            }
            if manager.has_column(TABLE, column).await? {
                let drop = Table::alter().table(TABLE).drop_column(column).to_owned();
                manager.alter_table(drop).await?;
            }
        }
        Ok(())
    }
}

fn name(column: &str) -> String {
    format!("ix_{TABLE}_{column}")
}
