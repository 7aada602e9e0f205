//! Whether a blind index can be trusted: a row without one would be looked for and not found.

use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbErr};

use super::BlindIndex;

/// Whether every row that has a value has its index, made with a key that is held and of the form that is looked for.
pub(crate) async fn is_whole(db: &DatabaseConnection, index: &BlindIndex) -> Result<bool, DbErr> {
    // Two statements, each of which an index of the database can answer.
    for rows in [lacking(index), foreign(index)] {
        if db.query_one(&rows).await?.is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// One of the rows that have a value and no index.
fn lacking(index: &BlindIndex) -> SelectStatement {
    let mut rows = one(index);
    rows.and_where(Expr::col(Alias::new(&index.place.index)).is_null())
        .and_where(Expr::col(Alias::new(&index.place.column)).is_not_null());
    rows
}

/// One of the rows whose index was made with other keys, or of another form.
fn foreign(index: &BlindIndex) -> SelectStatement {
    let mut rows = one(index);
    for (first, behind) in index.ranges() {
        let column = || Expr::col(Alias::new(&index.place.index));
        rows.and_where(column().lt(first).or(column().gte(behind)));
    }
    rows
}

fn one(index: &BlindIndex) -> SelectStatement {
    let mut rows = Query::select();
    rows.expr(Expr::cust("1"))
        .from(Alias::new(&index.place.table))
        .limit(1);
    rows
}
