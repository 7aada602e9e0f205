//! The statements of a level: rows or a number, for one parent or for all parents at once.

use sea_orm::sea_query::{Alias, Expr, Func, SelectStatement, Value as SqlValue, WindowStatement};
use sudare_entities::catalog::Kind;

use super::bind::{Param, Statement, marker, params};
use super::dialect::{Dialect, PARENT_KEY, PARENT_NUMBER, PARENTS};
use super::order::OrderKey;
use super::sql::{Sql, is_text};

/// The rows of a page, before their statement is built.
pub(super) struct Rows<'r> {
    /// The rows that there are, with neither columns, nor order, nor limits.
    pub(super) base: SelectStatement,
    pub(super) columns: Vec<Expr>,
    pub(super) keys: &'r [OrderKey],
    pub(super) backward: bool,
    /// The place of how many rows are skipped, if any are.
    pub(super) offset: Option<usize>,
    /// Rows at the most.
    pub(super) limit: u64,
}

impl Sql<'_> {
    /// The statement that fetches rows; `parent` is the kind of the parents' key, if there are parents.
    pub(super) fn rows(&self, rows: Rows<'_>, parent: Option<&Kind>) -> Statement {
        match (self.dialect, parent) {
            (Dialect::Postgres, Some(kind)) => self.lateral_rows(rows, kind),
            (Dialect::MariaDb, Some(kind)) => self.ranked_rows(rows, kind),
            _ => self.plain_rows(rows),
        }
    }

    /// The statement that gives one number, or none: that of its first row.
    pub(super) fn number(&self, select: &SelectStatement, parent: Option<&Kind>) -> Statement {
        let (mut text, values) = self.dialect.build(select);
        text.push_str(" LIMIT 1");
        match parent.filter(|_| self.dialect.joins_parents()) {
            None => self.statement(text, &values),
            Some(kind) => self.of_parents(
                &format!("{PARENTS}.{PARENT_NUMBER}, ({text})"),
                &values,
                kind,
            ),
        }
    }

    fn plain_rows(&self, rows: Rows<'_>) -> Statement {
        let (text, values) = self.page(rows);
        self.statement(text, &values)
    }

    /// The limit is no value: who plans the statement should know it. The offset is one: it has no end, and each would be a
    /// statement of its own.
    fn page(&self, rows: Rows<'_>) -> (String, Vec<SqlValue>) {
        let mut select = rows.base;
        select.exprs(rows.columns);
        self.order(&mut select, rows.keys, rows.backward);
        let (mut text, mut values) = self.dialect.build(&select);
        text.push_str(&format!(" LIMIT {}", rows.limit));
        if let Some(place) = rows.offset {
            values.push(marker(place));
            let place = self.dialect.placeholder(values.len());
            text.push_str(&format!(" OFFSET {place}"));
        }
        (text, values)
    }

    /// PostgreSQL: for each parent the first rows, by an index if there is one.
    fn lateral_rows(&self, rows: Rows<'_>, kind: &Kind) -> Statement {
        let (text, values) = self.page(rows);
        let columns = format!("{PARENTS}.{PARENT_NUMBER}, c.*");
        let mut statement = self.of_parents(&columns, &values, kind);
        statement
            .text
            .push_str(&format!(" CROSS JOIN LATERAL ({text}) AS c"));
        statement
    }

    /// MariaDB, which has no lateral join: all rows of all parents with their rank in the page's order.
    fn ranked_rows(&self, rows: Rows<'_>, kind: &Kind) -> Statement {
        let mut window =
            WindowStatement::partition_by((Alias::new(PARENTS), Alias::new(PARENT_NUMBER)));
        self.order(&mut window, rows.keys, rows.backward);
        let mut ranked = rows.base;
        ranked.from(Alias::new(PARENTS)).expr_as(
            Expr::col((Alias::new(PARENTS), Alias::new(PARENT_NUMBER))),
            Alias::new(PARENT_NUMBER),
        );
        for (place, column) in rows.columns.into_iter().enumerate() {
            ranked.expr_as(column, Alias::new(format!("c{place}")));
        }
        ranked.expr_window_as(
            Func::cust(Alias::new("ROW_NUMBER")),
            window,
            Alias::new("n"),
        );
        let (text, values) = self.dialect.build(&ranked);
        let mut statement = self.statement(text, &values);
        statement.params.insert(0, Param::Parent);
        let limit = rows.limit;
        let page = match rows.offset {
            None => format!("n <= {limit}"),
            Some(place) => {
                statement.params.extend([Param::Value(place); 2]);
                format!("n > ? AND n <= ? + {limit}")
            }
        };
        statement.text = format!(
            "WITH {} SELECT * FROM ({}) AS q WHERE {page} ORDER BY {PARENT_NUMBER}, n",
            parents_of_mariadb(kind),
            statement.text
        );
        statement
    }

    /// `SELECT columns FROM` the parents.
    fn of_parents(&self, columns: &str, values: &[SqlValue], kind: &Kind) -> Statement {
        let mut statement = self.statement(String::new(), values);
        if self.dialect == Dialect::Postgres {
            statement.params.push(Param::Parent);
            let place = statement.params.len();
            let ty = if is_text(kind) { "text" } else { "bigint" };
            statement.text = format!(
                "SELECT {columns} FROM unnest(CAST(${place} AS {ty}[])) WITH ORDINALITY AS {PARENTS}({PARENT_KEY}, {PARENT_NUMBER})"
            );
        } else {
            statement.params.insert(0, Param::Parent);
            statement.text = format!(
                "WITH {} SELECT {columns} FROM {PARENTS}",
                parents_of_mariadb(kind)
            );
        }
        statement
    }

    fn statement(&self, text: String, values: &[SqlValue]) -> Statement {
        Statement {
            text,
            params: params(self.binds, values),
        }
    }
}

/// The parents' keys, given as one JSON array: the text of the statement is the same for any number of them.
fn parents_of_mariadb(kind: &Kind) -> String {
    let ty = if is_text(kind) {
        "VARCHAR(768) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin"
    } else {
        "BIGINT"
    };
    format!(
        "{PARENTS} AS (SELECT {PARENT_NUMBER}, {PARENT_KEY} FROM JSON_TABLE(?, '$[*]' COLUMNS ({PARENT_NUMBER} FOR ORDINALITY, {PARENT_KEY} {ty} PATH '$')) AS j)"
    )
}
