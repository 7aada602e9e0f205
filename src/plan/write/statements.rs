//! The statements that change something.

use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query, QueryStatementBuilder};
use sudare_entities::catalog::{Entity, Field, Kept, Kind};
use sudare_policies::value::Value;

use super::values::Written;
use crate::plan::Statement;
use crate::plan::bind::params;
use crate::plan::sql::Sql;

impl Sql<'_> {
    /// Makes a row and gives its key.
    pub(super) fn insertion(&self, entity: &Entity, written: &[Written]) -> Statement {
        let mut cells = self.cells(entity, written);
        for field in &entity.fields {
            let first = match field.kept {
                Some(Kept::Version) => Value::Int(1),
                Some(Kept::CreatedAt | Kept::UpdatedAt) => self.instant(),
                None => continue,
            };
            cells.push((&field.column, self.cell_of(field, &first)));
        }
        let (columns, values): (Vec<_>, Vec<_>) = cells.into_iter().unzip();
        let mut insert = Query::insert();
        insert
            .into_table(Alias::new(&entity.table))
            .columns(columns.into_iter().map(Alias::new));
        if values.is_empty() {
            insert.or_default_values();
        } else {
            // There are as many of them as columns.
            let _ = insert.values(values);
        }
        let mut statement = self.changing(&insert);
        if let Some(key) = entity.fields.get(entity.key) {
            let key = self.dialect.quoted(&key.column);
            statement.text.push_str(&format!(" RETURNING {key}"));
        }
        statement
    }

    /// Changes the row with this key. What counts changes does so whether a value is another one or not: else it would tell.
    pub(super) fn change(&self, entity: &Entity, written: &[Written], key: i64) -> Statement {
        let mut update = Query::update();
        update.table(Alias::new(&entity.table));
        for (column, value) in self.cells(entity, written) {
            update.value(Alias::new(column), value);
        }
        for field in &entity.fields {
            let next = match field.kept {
                Some(Kept::Version) => Expr::col(Alias::new(&field.column)).add(Expr::cust("1")),
                Some(Kept::UpdatedAt) => self.cell_of(field, &self.instant()),
                Some(Kept::CreatedAt) | None => continue,
            };
            update.value(Alias::new(&field.column), next);
        }
        update.and_where(self.has_key(entity, key));
        self.changing(&update)
    }

    /// Deletes the row with this key.
    pub(super) fn deletion(&self, entity: &Entity, key: i64) -> Statement {
        let mut delete = Query::delete();
        delete
            .from_table(Alias::new(&entity.table))
            .and_where(self.has_key(entity, key));
        self.changing(&delete)
    }

    fn has_key(&self, entity: &Entity, key: i64) -> Expr {
        match entity.fields.get(entity.key) {
            Some(field) => Expr::col(Alias::new(&field.column)).eq(self.value(&Value::Int(key))),
            None => Expr::cust("1 = 0"),
        }
    }

    fn changing(&self, statement: &impl QueryStatementBuilder) -> Statement {
        let (text, values) = self.dialect.build_any(statement);
        Statement {
            text,
            params: params(self.binds, &values),
        }
    }

    fn cells<'e>(&self, entity: &'e Entity, written: &[Written]) -> Vec<(&'e str, Expr)> {
        let mut cells = Vec::with_capacity(written.len());
        for value in written {
            let Some(field) = entity.fields.get(value.position) else {
                continue;
            };
            cells.push((field.column.as_str(), self.cell_of(field, &value.stored)));
            if let (Some(column), Some(index)) = (&field.blind, &value.index) {
                cells.push((column.as_str(), self.cell_of(field, index)));
            }
        }
        cells
    }

    /// A value of the kind of its column: PostgreSQL makes a document of a text only if it is told to.
    fn cell_of(&self, field: &Field, value: &Value) -> Expr {
        if *value == Value::Null {
            return Expr::cust("NULL");
        }
        let bound = self.value(value);
        if field.kind == Kind::Json && self.dialect == crate::plan::Dialect::Postgres {
            return bound.cast_as(Alias::new("json"));
        }
        bound
    }

    /// Now, to the microsecond, which is what every database keeps.
    pub(super) fn instant(&self) -> Value {
        let now = self.view.now();
        let micros = chrono::DateTime::from_timestamp_micros(now.timestamp_micros());
        Value::DateTime(micros.unwrap_or(now))
    }
}
