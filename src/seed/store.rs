//! Where rows wait for their turn, and how they get into the database.

use std::mem::take;

use sea_orm::{
    ConnectionTrait, DbErr, EntityName, EntityTrait, FromQueryResult, IntoActiveModel, Iterable,
    PrimaryKeyToColumn, QuerySelect,
};
use sudare_entities::{
    account, address, campaign, campaign_touch, consent, customer, department, employee,
    interaction, opportunity, order, order_item, product, ticket, visit,
};

use super::SeedError;
use super::stop::Stop;

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
        }

        impl Rows {
            /// Moves all rows into the database, at most `batch` with a statement, and counts them.
            pub(super) async fn flush(
                &mut self,
                db: &impl ConnectionTrait,
                batch: usize,
                counts: &mut Counts,
                stop: &mut Stop<'_>,
            ) -> Result<(), SeedError> {
                $(
                    let rows = take(&mut self.$table);
                    counts.$table += rows.len() as u64;
                    insert::<$table::Entity>(db, rows, batch, stop).await?;
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

async fn insert<E>(
    db: &impl ConnectionTrait,
    rows: Vec<E::Model>,
    batch: usize,
    stop: &mut Stop<'_>,
) -> Result<(), SeedError>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    loop {
        stop.check().await?;
        let part: Vec<E::ActiveModel> = rows.by_ref().take(batch).collect();
        if part.is_empty() {
            return Ok(());
        }
        E::insert_many(part).exec_without_returning(db).await?;
    }
}
