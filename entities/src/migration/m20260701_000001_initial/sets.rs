//! The types of the closed sets.
//!
//! SeaORM casts a member of a closed set to the type of the set when it writes to PostgreSQL. Here that type is another name of
//! text: the entities hold the set, and a new member needs no migration.

use sea_orm::{ConnectionTrait as _, DbErr};
use sea_orm_migration::SchemaManager;

const SETS: [&str; 13] = [
    "account_status",
    "address_kind",
    "campaign_channel",
    "consent_purpose",
    "gender",
    "interaction_channel",
    "lifecycle_stage",
    "marital_status",
    "opportunity_stage",
    "order_status",
    "ticket_kind",
    "ticket_status",
    "touch_outcome",
];

/// Creates those that are missing.
pub(super) async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for set in SETS {
        let sql = format!(
            r#"DO $$ BEGIN CREATE DOMAIN "{set}" AS text COLLATE "C"; EXCEPTION WHEN duplicate_object THEN NULL; END $$"#
        );
        manager.get_connection().execute_unprepared(&sql).await?;
    }
    Ok(())
}

/// Drops them.
pub(super) async fn drop(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for set in SETS {
        let sql = format!(r#"DROP DOMAIN IF EXISTS "{set}""#);
        manager.get_connection().execute_unprepared(&sql).await?;
    }
    Ok(())
}
