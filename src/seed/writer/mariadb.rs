//! MariaDB and MySQL: statements of many rows, which are nearly as fast there as anything else.

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait,
    IntoActiveModel, TransactionTrait as _,
};

use super::TURN;

/// Rows a statement. It takes 65,535 values, and the widest table has 28 columns.
const ROWS: usize = 400;

pub(crate) struct Writer(DatabaseTransaction);

impl Writer {
    pub(super) async fn begin(db: &DatabaseConnection) -> Result<Self, DbErr> {
        let transaction = db.begin().await?;
        transaction.execute_unprepared(TURN).await?;
        Ok(Self(transaction))
    }

    pub(super) async fn insert<E>(&mut self, rows: Vec<E::Model>) -> Result<(), DbErr>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model);
        loop {
            let part: Vec<E::ActiveModel> = rows.by_ref().take(ROWS).collect();
            if part.is_empty() {
                return Ok(());
            }
            E::insert_many(part).exec_without_returning(&self.0).await?;
        }
    }

    pub(super) async fn commit(self) -> Result<(), DbErr> {
        self.0.commit().await
    }

    pub(super) async fn roll_back(self) -> Result<(), DbErr> {
        self.0.rollback().await
    }
}
