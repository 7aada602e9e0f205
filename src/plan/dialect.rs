//! What differs from one database to another in a statement.

use chrono::SecondsFormat;
use rust_decimal::prelude::ToPrimitive as _;
use sea_orm::sea_query::{
    Alias, Expr, ExprTrait as _, Func, NullOrdering, Order, SelectStatement, SqliteQueryBuilder,
    Value as SqlValue,
};
use sudare_policies::value::Value;

/// The databases that this build knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
}

/// How a text is compared with a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextMatch {
    Contains,
    StartsWith,
    EndsWith,
}

/// The SQL function that folds case as Unicode does; the executor registers it with SQLite.
pub(crate) const FOLD: &str = "sudare_fold";

/// The parameter that stands for the key of the parent row.
pub(crate) const PARENT: &str = ":parent";

/// [`PARENT`] as an expression.
pub(crate) fn parent() -> Expr {
    Expr::cust(PARENT)
}

impl Dialect {
    /// A value in the form in which this database stores it.
    pub(crate) fn bind(self, value: &Value) -> SqlValue {
        match value {
            Value::Null => SqlValue::String(None),
            Value::Boolean(value) => SqlValue::BigInt(Some(i64::from(*value))),
            Value::Int(value) => SqlValue::BigInt(Some(*value)),
            Value::Float(value) => SqlValue::Double(Some(*value)),
            // SQLite stores decimals as floats; the nearest float of both sides is the same.
            Value::Decimal(value) => SqlValue::Double(value.to_f64()),
            Value::Text(value) => SqlValue::String(Some(value.clone())),
            Value::Date(value) => SqlValue::String(Some(value.format("%Y-%m-%d").to_string())),
            // As SeaORM writes it: the order of these texts is the order of the instants.
            Value::DateTime(value) => {
                SqlValue::String(Some(value.to_rfc3339_opts(SecondsFormat::AutoSi, false)))
            }
            Value::Json(value) => SqlValue::String(Some(value.to_string())),
        }
    }

    /// Whether `text` has `part` in it, at its beginning or at its end; by code point.
    pub(crate) fn matches(self, text: Expr, part: Expr, how: TextMatch) -> Expr {
        let instr = |text: Expr, part: Expr| {
            Expr::from(Func::cust(Alias::new("instr")).arg(text).arg(part))
        };
        let length = |text: Expr| Expr::from(Func::char_length(text));
        match how {
            TextMatch::Contains => instr(text, part).gt(0),
            TextMatch::StartsWith => {
                let head = Func::cust(Alias::new("substr"))
                    .arg(text)
                    .arg(Expr::value(1_i32))
                    .arg(length(part.clone()));
                Expr::from(head).eq(part)
            }
            TextMatch::EndsWith => {
                let from = length(text.clone()).sub(length(part.clone())).add(1);
                Expr::from(Func::cust(Alias::new("substr")).arg(text).arg(from)).eq(part)
            }
        }
    }

    /// The text with its case folded.
    pub(crate) fn fold(self, text: Expr) -> Expr {
        Func::cust(Alias::new(FOLD)).arg(text).into()
    }

    /// Orders by an expression, what is absent last or, when read backwards, first.
    pub(crate) fn order(
        self,
        select: &mut SelectStatement,
        expr: Expr,
        descending: bool,
        nulls: Option<NullOrdering>,
    ) {
        let order = if descending { Order::Desc } else { Order::Asc };
        match nulls {
            Some(nulls) => select.order_by_expr_with_nulls(expr, order, nulls),
            None => select.order_by_expr(expr, order),
        };
    }

    /// The text of the statement and its values, in the order of their places.
    pub(crate) fn build(self, select: &SelectStatement) -> (String, Vec<SqlValue>) {
        match self {
            Self::Sqlite => {
                let (text, values) = select.build(SqliteQueryBuilder);
                (text, values.0)
            }
        }
    }
}
