//! Where rows wait for their turn, and how they get into the database.

use std::mem::take;

use sea_orm::{
    ConnectionTrait, DbErr, EntityName, EntityTrait, FromQueryResult, Iterable, PrimaryKeyToColumn,
    QuerySelect,
};
use sudare_entities::{
    account, address, campaign, campaign_touch, consent, customer, department, employee,
    interaction, opportunity, order, order_item, product, ticket, visit,
};

use super::SeedError;
use super::stop::Stop;
use super::writer::Writer;

/// A key that no row has yet.
pub(super) fn next(key: &mut i64) -> i64 {
    let free = *key;
    *key = free.saturating_add(1);
    free
}

/// The tables, each after those that it refers to: rows can be inserted in this order.
macro_rules! tables {
    ($($table:ident),* $(,)?) => {
        /// Rows that are not in the database yet, or how many have gone there.
        #[derive(Debug, Default)]
        pub(super) struct Rows {
            $(pub(super) $table: Vec<$table::Model>,)*
        }

        /// For each table the smallest key from which on all are free.
        #[derive(Debug)]
        pub(super) struct Keys {
            $(pub(super) $table: i64,)*
        }

        impl Keys {
            /// The keys after those that are in the database.
            pub(super) async fn free(db: &impl ConnectionTrait) -> Result<Self, DbErr> {
                Ok(Self {
                    $($table: last::<$table::Entity>(db).await?.saturating_add(1),)*
                })
            }

            /// Makes the keys that the database gives itself go on from these.
            pub(super) async fn leave(&self, writer: &mut Writer) -> Result<(), DbErr> {
                $(
                    writer.advance::<$table::Entity>(self.$table).await?;
                )*
                Ok(())
            }
        }

        impl Rows {
            /// Moves all rows into the database, and counts them.
            pub(super) async fn flush(
                &mut self,
                writer: &mut Writer,
                counts: &mut Counts,
                stop: &mut Stop<'_>,
            ) -> Result<(), SeedError> {
                $(
                    stop.check().await?;
                    let rows = take(&mut self.$table);
                    counts.$table += rows.len() as u64;
                    writer.insert::<$table::Entity>(rows).await?;
                )*
                Ok(())
            }
        }

        /// How many rows each table was given.
        #[derive(Debug, Default)]
        pub(super) struct Counts {
            $($table: u64,)*
        }

        impl Counts {
            /// By the names of the tables, in the order in which they are filled.
            pub(super) fn named(&self) -> Vec<(&'static str, u64)> {
                vec![$(($table::Entity.table_name(), self.$table),)*]
            }
        }
    };
}

tables! {
    department,
    employee,
    product,
    campaign,
    customer,
    address,
    account,
    consent,
    order,
    order_item,
    opportunity,
    interaction,
    ticket,
    campaign_touch,
    visit,
}

#[derive(FromQueryResult)]
struct Last {
    last: Option<i64>,
}

/// The largest key, or zero.
async fn last<E: EntityTrait>(db: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let mut query = E::find().select_only();
    for key in E::PrimaryKey::iter() {
        query = query.column_as(sea_orm::ColumnTrait::max(&key.into_column()), "last");
    }
    let row = query.into_model::<Last>().one(db).await?;
    Ok(row.and_then(|row| row.last).unwrap_or_default())
}
