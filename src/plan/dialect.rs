//! What differs from one database to another in a statement.

use sea_orm::sea_query::{
    Alias, Expr, ExprTrait as _, Func, MysqlQueryBuilder, NullOrdering, Order, OrderedStatement,
    PostgresQueryBuilder, QueryStatementBuilder, SelectStatement, SqliteQueryBuilder,
    Value as SqlValue,
};
use sudare_policies::value::Value;

use super::bind::{marker, parent_marker};

/// The databases that this build knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
    /// MySQL 8 takes the same statements; nothing is tested with it.
    MariaDb,
}

/// How a text is compared with a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextMatch {
    Contains,
    StartsWith,
    EndsWith,
}

/// The SQL function that folds case as Unicode does: registered with SQLite by the executor, made in the others when they
/// are opened.
pub(crate) const FOLD: &str = "sudare_fold";

/// The SQL functions of our own by which SQLite sums and averages decimals, which it keeps as floats: exactly, and as text.
pub(crate) const SUM: &str = "sudare_sum";
pub(crate) const AVERAGE: &str = "sudare_average";
/// The one by which it finds the multiple of a step that is nearest to such a text.
pub(crate) const NEAREST: &str = "sudare_nearest";

/// The relation that the parents' keys are in, where one statement fetches the rows of all parents: their number from 1, and
/// their key.
pub(super) const PARENTS: &str = "p";
pub(super) const PARENT_NUMBER: &str = "ord";
pub(super) const PARENT_KEY: &str = "k";

impl Dialect {
    /// Whether one statement fetches the rows of all parents. SQLite runs in our own process, where a prepared statement for
    /// each parent costs less than any way to join them.
    pub(crate) fn joins_parents(self) -> bool {
        self != Self::Sqlite
    }

    /// How many values a statement may have: what the driver's protocol takes, but for the few that are added to a statement as a whole.
    pub(super) fn max_values(self) -> usize {
        match self {
            Self::Sqlite => 32_766 - 8,
            Self::Postgres | Self::MariaDb => 65_535 - 8,
        }
    }

    /// The key of the parent row.
    pub(super) fn parent(self) -> Expr {
        if self.joins_parents() {
            Expr::col((Alias::new(PARENTS), Alias::new(PARENT_KEY)))
        } else {
            parent_marker()
        }
    }

    /// A value at its place. PostgreSQL is told the type, so that it never has to guess one.
    pub(super) fn value(self, place: usize, value: &Value) -> Expr {
        let place = Expr::value(marker(place));
        if self != Self::Postgres {
            return place;
        }
        place.cast_as(Alias::new(match value {
            Value::Boolean(_) => "boolean",
            Value::Int(_) => "bigint",
            Value::Float(_) => "double precision",
            Value::Decimal(_) => "numeric",
            Value::Null | Value::Text(_) | Value::Json(_) => "text",
            Value::Date(_) => "date",
            Value::DateTime(_) => "timestamptz",
            Value::Uuid(_) => "uuid",
        }))
    }

    /// A text that is to be ordered: by code point, whatever collation the database likes. The columns of MariaDB are looked at
    /// when it is opened; there an expression would keep an index from being used.
    pub(super) fn ordered_text(self, text: Expr) -> Expr {
        match self {
            Self::Postgres => Expr::cust_with_expr("($1) COLLATE \"C\"", text),
            Self::Sqlite | Self::MariaDb => text,
        }
    }

    /// Whether `text` has `part` in it, at its beginning or at its end; by code point.
    pub(crate) fn matches(self, text: Expr, part: Expr, how: TextMatch) -> Expr {
        let call = |name: &'static str| Func::cust(Alias::new(name));
        let length = |text: Expr| Expr::from(Func::char_length(text));
        match (self, how) {
            (Self::Sqlite, TextMatch::Contains) => {
                Expr::from(call("instr").arg(text).arg(part)).gt(Expr::cust("0"))
            }
            (Self::Postgres, TextMatch::Contains) => {
                Expr::from(call("strpos").arg(text).arg(part)).gt(Expr::cust("0"))
            }
            (Self::MariaDb, TextMatch::Contains) => {
                Expr::from(call("locate").arg(part).arg(text)).gt(Expr::cust("0"))
            }
            (Self::Sqlite, TextMatch::StartsWith) => {
                let head = call("substr").arg(text).arg(Expr::cust("1"));
                Expr::from(head.arg(length(part.clone()))).eq(part)
            }
            (_, TextMatch::StartsWith) => {
                let head = call("left").arg(text).arg(length(part.clone()));
                Expr::from(head).eq(part)
            }
            (Self::Sqlite, TextMatch::EndsWith) => {
                let from = length(text.clone()).sub(length(part.clone()));
                let tail = call("substr").arg(text).arg(from.add(Expr::cust("1")));
                Expr::from(tail).eq(part)
            }
            (_, TextMatch::EndsWith) => {
                let tail = call("right").arg(text).arg(length(part.clone()));
                Expr::from(tail).eq(part)
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
        select: &mut impl OrderedStatement,
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

    /// Whether there is one of the rows, for `EXISTS`. A limit says nothing new, but it keeps SQLite from making a join of it: an
    /// `OFFSET` of the statement then counts a row once for each of its matches (3.51). The others are better off without.
    pub(super) fn one_of(self, mut rows: SelectStatement) -> SelectStatement {
        rows.expr(Expr::cust("1"));
        if self == Self::Sqlite {
            rows.limit(1);
        }
        rows
    }

    /// Where the value of this number, from 1, goes into the text of a statement.
    pub(super) fn placeholder(self, number: usize) -> String {
        match self {
            Self::Postgres => format!("${number}"),
            Self::Sqlite | Self::MariaDb => "?".to_owned(),
        }
    }

    /// The text of the statement and the markers of its places, in their order.
    pub(super) fn build(self, select: &SelectStatement) -> (String, Vec<SqlValue>) {
        self.build_any(select)
    }

    /// The same of a statement that changes something.
    pub(super) fn build_any(
        self,
        statement: &impl QueryStatementBuilder,
    ) -> (String, Vec<SqlValue>) {
        let (text, values) = match self {
            Self::Sqlite => statement.build_any(&SqliteQueryBuilder),
            Self::Postgres => statement.build_any(&PostgresQueryBuilder),
            Self::MariaDb => statement.build_any(&MysqlQueryBuilder),
        };
        (text, values.0)
    }

    /// Has a statement lock the row that it gives until the transaction ends. SQLite has one writer at a time, and nothing to lock.
    pub(super) fn lock(self, statement: &mut String) {
        if self != Self::Sqlite {
            statement.push_str(" FOR UPDATE");
        }
    }

    /// A name of ours in the text of a statement.
    pub(super) fn quoted(self, name: &str) -> String {
        match self {
            Self::Sqlite | Self::Postgres => format!("\"{name}\""),
            Self::MariaDb => format!("`{name}`"),
        }
    }
}

/// Whether a truth value is false or unknown.
pub(super) fn not_true(truth: Expr) -> Expr {
    Expr::from(Func::coalesce([truth, Expr::cust("FALSE")])).not()
}
