//! What must hold of a row as it will be, asked before it is so. Else the database would come first: whether a value is taken, or a
//! row there to be referred to, would be told to those, too, who may not write it.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Expr, Query};
use sudare_entities::catalog::Kept;
use sudare_policies::condition::{Condition, RowPath, Truth};
use sudare_policies::decision::Action;
use sudare_policies::value::Value;

use super::values::Written;
use super::{Ahead, Check, Mutating};
use crate::plan::planner::{Level, Planner};
use crate::plan::sql::{Scope, Sql};
use crate::shape::to_one;

/// A row as it will be.
#[derive(Clone, Copy)]
pub(super) struct Coming<'c> {
    pub(super) written: &'c [Written],
    /// Whether there is no such row yet.
    pub(super) is_new: bool,
}

/// What is left to ask the database of a row as it will be, and what some columns of it will hold then.
pub(super) struct Rest {
    pub(super) condition: Condition,
    will: BTreeMap<String, Expr>,
}

impl Rest {
    /// Whether it asks nothing that is not asked of the row as it is.
    pub(super) fn is_as_before(&self, may: &Condition) -> bool {
        self.will.is_empty() && self.condition == *may
    }

    /// The condition in SQL, of the row of a scope.
    pub(super) fn holds(self, sql: &Sql<'_>, scope: &Scope) -> Expr {
        sql.condition(&self.condition, &scope.as_it_will_be(self.will))
    }
}

impl Planner<'_> {
    /// Adds what must hold of a new row before it is made, so that these values may be written.
    pub(super) fn ahead(&mut self, one: &Mutating<'_>, written: &[Written], ahead: &mut Ahead) {
        let row = Coming {
            written,
            is_new: true,
        };
        let mut level = Level::new(Scope::root(one.index));
        let mut checks = Vec::new();
        for value in written {
            let may = self.sql.view.may(one.index, value.position, Action::Create);
            let rest = self.rest(one, &may, row);
            let error = one.not_writable(value.position, Action::Create);
            let (Some(rest), Some(error)) = (rest, error) else {
                continue;
            };
            match rest.condition {
                Condition::Constant(Truth::True) => {}
                Condition::Constant(_) if ahead.refused.contains(&error) => {}
                Condition::Constant(_) => ahead.refused.push(error),
                _ => {
                    let holds = rest.holds(&self.sql, &level.scope);
                    let guard = level.column(as_number(holds));
                    checks.push(Check { guard, error });
                }
            }
        }
        if !checks.is_empty() {
            let select = self.one_row(level, Query::select(), None);
            ahead.asked.push((select, checks));
        }
    }

    /// What is not decided by the values that a row will have; `None` if it cannot be told beforehand.
    pub(super) fn rest(
        &self,
        one: &Mutating<'_>,
        may: &Condition,
        row: Coming<'_>,
    ) -> Option<Rest> {
        if !may.paths().iter().all(|path| self.is_there(one, path, row)) {
            return None;
        }
        let known = |path: &RowPath| match path.hops.is_empty() {
            true => self.will_hold(one, path.field, row),
            false => None,
        };
        let condition = may.given(&known).holding();
        let mut will = BTreeMap::new();
        for path in condition.paths() {
            let way = path.hops.first();
            let way = way.and_then(|hop| to_one(one.entity).nth(*hop));
            let from = way.and_then(|way| Some((way.from, one.entity.fields.get(way.from)?)));
            if let Some((position, field)) = from
                && let Some(value) = self.will_hold(one, position, row)
            {
                will.insert(field.column.clone(), self.key(&value));
            }
        }
        Some(Rest { condition, will })
    }

    fn key(&self, value: &Value) -> Expr {
        match value {
            Value::Null => Expr::cust("NULL"),
            value => self.sql.value(value),
        }
    }

    /// What a field will hold, if it is not what it holds now.
    fn will_hold(&self, one: &Mutating<'_>, position: usize, row: Coming<'_>) -> Option<Value> {
        let field = one.entity.fields.get(position)?;
        let mut written = row.written.iter();
        if let Some(value) = written.find(|value| value.position == position) {
            return Some(value.stored.clone());
        }
        match field.kept {
            Some(Kept::UpdatedAt) => Some(self.sql.instant()),
            Some(Kept::CreatedAt) if row.is_new => Some(self.sql.instant()),
            Some(Kept::Version) if row.is_new => Some(Value::Int(1)),
            _ => (row.is_new && position != one.entity.key).then_some(Value::Null),
        }
    }

    /// Whether what is at the end of a path is there before the change: no number that is counted up by it, and nothing that is
    /// reached by way of rows of the same entity, of which it may be one.
    fn is_there(&self, one: &Mutating<'_>, path: &RowPath, row: Coming<'_>) -> bool {
        let counts = |position: usize| {
            let field = one.entity.fields.get(position);
            let is_version = field.is_some_and(|field| field.kept == Some(Kept::Version));
            (row.is_new && position == one.entity.key) || (!row.is_new && is_version)
        };
        let Some((first, further)) = path.hops.split_first() else {
            return !counts(path.field);
        };
        let Some(way) = to_one(one.entity).nth(*first) else {
            return false;
        };
        let mut target = way.target;
        let mut is_apart = !counts(way.from) && target != one.index;
        for hop in further {
            let entity = self.entity(target);
            let way = entity.and_then(|entity| to_one(entity).nth(*hop));
            is_apart &= way.is_some_and(|way| way.target != one.index);
            target = way.map_or(target, |way| way.target);
        }
        is_apart
    }
}

/// A truth as it is selected: 1 where it holds, else 0.
pub(super) fn as_number(holds: Expr) -> Expr {
    Expr::case(holds, Expr::cust("1"))
        .finally(Expr::cust("0"))
        .into()
}
