//! Giving every row the blind indexes that it should have: after a migration, a new key, a new check, or a change by others.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use futures_util::FutureExt as _;
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use sea_orm::sea_query::{
    Alias, Expr, ExprTrait as _, Func, Order, Query, SelectStatement, UpdateStatement,
};
use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DbErr, QueryResult, TransactionTrait as _,
};
use thiserror::Error;

use super::BlindIndex;

/// Rows that are looked at, and changed in one transaction, at a time: others who write wait for no more than these.
const BATCH: u64 = 500;

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// Rows that were looked at.
    pub rows: u64,
    /// Rows whose indexes were not those that they should have.
    pub changed: u64,
}

impl fmt::Display for Filled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rows, changed } = self;
        write!(f, "{rows} rows looked at, {changed} of them changed")
    }
}

/// Why not all was done. What was done stays, and need not be done again.
#[derive(Debug, Error)]
pub enum FillError {
    /// Somebody asked to stop.
    #[error("stopped after {0}: run it again for the rest")]
    Stopped(Filled),
    /// The database refused.
    #[error("the database refused: what was done before stays; run it again for the rest")]
    Database(#[from] DbErr),
}

/// Looks at all rows, and gives each the indexes of its values. It may run while others read and write, and again whenever it was
/// stopped.
///
/// # Errors
/// [`FillError`] if not all was done.
pub async fn fill(
    db: &DatabaseConnection,
    indexes: &[BlindIndex],
    progress: bool,
    stop: impl Future<Output = ()> + Send,
) -> Result<Filled, FillError> {
    let mut stop = pin!(stop);
    let mut tables: BTreeMap<&str, Vec<&BlindIndex>> = BTreeMap::new();
    for index in indexes {
        tables.entry(&index.place.table).or_default().push(index);
    }
    let mut filled = Filled::default();
    for (table, indexes) in tables {
        let bar = bar(db, table, progress).await?;
        let mut last = None;
        while let Some(batch) = Batch::read(db, &indexes, last).await? {
            if stop.as_mut().now_or_never().is_some() {
                return Err(FillError::Stopped(filled));
            }
            filled.changed += batch.write(db).await?;
            filled.rows += batch.rows;
            bar.inc(batch.rows);
            last = Some(batch.last);
        }
    }
    Ok(filled)
}

/// Some rows in the order of their keys.
struct Batch {
    rows: u64,
    /// The key of the last one.
    last: i64,
    changes: Vec<UpdateStatement>,
}

impl Batch {
    /// The rows behind a key; `None` if there are no more.
    async fn read(
        db: &DatabaseConnection,
        indexes: &[&BlindIndex],
        after: Option<i64>,
    ) -> Result<Option<Self>, DbErr> {
        let Some(select) = rows(indexes, after) else {
            return Ok(None);
        };
        let rows = db.query_all(&select).await?;
        let mut changes = Vec::new();
        let mut last = None;
        for row in &rows {
            let key = key(row)?;
            last = Some(key);
            changes.extend(change(row, key, indexes)?);
        }
        Ok(last.map(|last| Self {
            rows: rows.len() as u64,
            last,
            changes,
        }))
    }

    /// Makes the changes; how many there were.
    async fn write(&self, db: &DatabaseConnection) -> Result<u64, DbErr> {
        if self.changes.is_empty() {
            return Ok(0);
        }
        let mut changed = 0;
        let transaction = db.begin().await?;
        for change in &self.changes {
            changed += transaction.execute(change).await?.rows_affected();
        }
        transaction.commit().await?;
        Ok(changed)
    }
}

fn rows(indexes: &[&BlindIndex], after: Option<i64>) -> Option<SelectStatement> {
    let place = &indexes.first()?.place;
    let mut select = Query::select();
    select
        .column(Alias::new(&place.key))
        .from(Alias::new(&place.table))
        .order_by(Alias::new(&place.key), Order::Asc)
        .limit(BATCH);
    for index in indexes {
        select
            .column(Alias::new(&index.place.column))
            .column(Alias::new(&index.place.index));
    }
    if let Some(after) = after {
        select.and_where(Expr::col(Alias::new(&place.key)).gt(after));
    }
    Some(select)
}

fn key(row: &QueryResult) -> Result<i64, DbErr> {
    row.try_get_by_index(0)
        .or_else(|_| row.try_get_by_index::<i32>(0).map(i64::from))
}

/// The statement that gives a row its indexes, unless it has them. A row whose values somebody has changed meanwhile stays as it is:
/// whoever did has changed its indexes, too.
fn change(
    row: &QueryResult,
    key: i64,
    indexes: &[&BlindIndex],
) -> Result<Option<UpdateStatement>, DbErr> {
    let mut update = Query::update();
    let mut differs = false;
    for (number, index) in indexes.iter().enumerate() {
        let value: Option<String> = row.try_get_by_index(1 + 2 * number)?;
        let stored: Option<String> = row.try_get_by_index(2 + 2 * number)?;
        let wanted = value.as_deref().map(|value| index.of(value));
        differs |= wanted != stored;
        update.value(Alias::new(&index.place.index), wanted);
        let column = Expr::col(Alias::new(&index.place.column));
        update.and_where(match value {
            Some(value) => column.eq(value),
            None => column.is_null(),
        });
    }
    let place = indexes.first().map(|index| &index.place);
    Ok(place.filter(|_| differs).map(|place| {
        update
            .table(Alias::new(&place.table))
            .and_where(Expr::col(Alias::new(&place.key)).eq(key))
            .to_owned()
    }))
}

/// A bar that shows nothing unless it is wanted and there is a terminal to show it on.
async fn bar(db: &DatabaseConnection, table: &str, progress: bool) -> Result<ProgressBar, DbErr> {
    if !progress {
        return Ok(ProgressBar::hidden());
    }
    let mut count = Query::select();
    count
        .expr(Func::count(Expr::cust("*")))
        .from(Alias::new(table));
    let rows = db.query_one(&count).await?;
    let rows: i64 = rows.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    let bar = ProgressBar::new(u64::try_from(rows).unwrap_or_default())
        .with_finish(ProgressFinish::AndClear);
    let style =
        ProgressStyle::with_template("{bar:32} {human_pos} of {human_len} rows, {eta} left");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    Ok(bar)
}
