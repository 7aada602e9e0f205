//! The order of a list and the places in it.

use sea_orm::sea_query::{Expr, ExprTrait as _, NullOrdering, SelectStatement};
use sudare_entities::catalog::Entity;

use super::cursor;
use super::planner::Planner;
use super::sql::{Scope, Sight};
use crate::answer::{ErrorCode, RequestError};
use crate::graphql::coerce::Input;
use crate::seal::CursorValue;
use crate::shape::to_one;

/// Keys of an order at the most: the place of a cursor is compared with each of them and all before it.
const MAX_KEYS: usize = 16;

/// One key of an order.
#[derive(Clone, Debug)]
pub(super) struct OrderKey {
    pub(super) expr: Expr,
    pub(super) descending: bool,
    pub(super) nullable: bool,
}

impl Planner<'_> {
    /// The keys of `orderBy`, the primary key last; refused keys are noted as errors.
    pub(super) fn order(
        &mut self,
        scope: &Scope,
        input: Option<&Input>,
        place: &str,
    ) -> Vec<OrderKey> {
        let Some(entity) = self.entity(scope.entity) else {
            return Vec::new();
        };
        let mut keys = Vec::new();
        if let Some(Input::List(items)) = input {
            if items.len() > MAX_KEYS {
                let message = format!("`{place}` has too many keys: the limit is {MAX_KEYS}");
                self.errors
                    .push(RequestError::new(ErrorCode::CostLimit, message));
                return keys;
            }
            for item in items {
                let Some(key) = self.order_key(scope, item, place) else {
                    continue;
                };
                if keys.iter().any(|known: &OrderKey| known.expr == key.expr) {
                    let message = format!(
                        "`{place}` names a key twice: the first decides, leave the other out"
                    );
                    self.errors
                        .push(RequestError::new(ErrorCode::BadUserInput, message));
                }
                keys.push(key);
            }
        }
        // Ties are broken in the direction of the last key, so that one index serves both.
        let descending = keys.last().is_some_and(|key| key.descending);
        keys.push(OrderKey {
            expr: self.sql.column(scope, entity.key),
            descending,
            nullable: false,
        });
        keys
    }

    fn order_key(&mut self, scope: &Scope, item: &Input, place: &str) -> Option<OrderKey> {
        let entity = self.entity(scope.entity)?;
        let Input::Object(pairs) = item else {
            return None;
        };
        let (name, value) = pairs.first()?;
        match value {
            Input::Enum(direction) => self.field_key(scope, name, direction == "DESC", place),
            inner => {
                let relation = to_one(entity).find(|relation| relation.name == *name)?;
                let (there, mut rows) = self.sql.related_rows(scope, relation);
                let key = self.order_key(&there, inner, place)?;
                rows.expr(key.expr);
                let expr = Expr::from(sea_orm::sea_query::SubQueryStatement::SelectStatement(rows));
                Some(OrderKey {
                    expr,
                    descending: key.descending,
                    nullable: true,
                })
            }
        }
    }

    fn field_key(
        &mut self,
        scope: &Scope,
        name: &str,
        descending: bool,
        place: &str,
    ) -> Option<OrderKey> {
        let entity = self.entity(scope.entity)?;
        let position = entity.field(name)?;
        let (expr, guarded) = match self.sql.sight(scope, position) {
            Sight::Whole(expr) => (expr, false),
            Sight::Guarded(expr) => (expr, true),
            Sight::Hidden => {
                self.errors.push(hidden(
                    ErrorCode::FieldNotSortable,
                    entity,
                    name,
                    place,
                    "order by",
                ));
                return None;
            }
        };
        let nullable = guarded
            || entity
                .fields
                .get(position)
                .is_none_or(|field| field.nullable);
        Some(OrderKey {
            expr,
            descending,
            nullable,
        })
    }

    /// Orders the rows; nulls come last, or first when the rows are read backwards.
    pub(super) fn apply_order(
        &self,
        select: &mut SelectStatement,
        keys: &[OrderKey],
        backward: bool,
    ) {
        for key in keys {
            let nulls = if backward {
                NullOrdering::First
            } else {
                NullOrdering::Last
            };
            let descending = key.descending != backward;
            self.sql.dialect.order(
                select,
                key.expr.clone(),
                descending,
                key.nullable.then_some(nulls),
            );
        }
    }
}

/// The refusal of a field that the principal sees below FULL.
pub(super) fn hidden(
    code: ErrorCode,
    entity: &Entity,
    field: &str,
    place: &str,
    verb: &str,
) -> RequestError {
    let coordinate = format!("{}.{field}", entity.name);
    let message =
        format!("`{place}` may not {verb} `{coordinate}`: your roles do not see it in full");
    RequestError::new(code, message).about(coordinate)
}

/// What comes after (or before) the place that a cursor holds.
pub(super) fn beyond(keys: &[OrderKey], values: &[CursorValue], after: bool) -> Expr {
    let mut alternatives: Option<Expr> = None;
    for (index, (key, value)) in keys.iter().zip(values).enumerate() {
        let equal = keys
            .iter()
            .zip(values)
            .take(index)
            .map(|(key, value)| same(key, value));
        let step = equal
            .chain([past(key, value, after)])
            .reduce(|left, right| left.and(right));
        alternatives = match (alternatives, step) {
            (Some(left), Some(right)) => Some(left.or(right)),
            (left, right) => left.or(right),
        };
    }
    let alternatives = alternatives.unwrap_or_else(|| Expr::cust("1 = 0"));
    // A plain bound on the first key lets an index find the place; the alternatives alone do not.
    match (keys.first(), values.first()) {
        (Some(key), Some(value)) if !key.nullable && keys.len() > 1 => {
            let bound = cursor::value(value);
            let expr = key.expr.clone();
            let bound = if key.descending == after {
                expr.lte(bound)
            } else {
                expr.gte(bound)
            };
            bound.and(alternatives)
        }
        _ => alternatives,
    }
}

fn same(key: &OrderKey, value: &CursorValue) -> Expr {
    match value {
        CursorValue::Null => key.expr.clone().is_null(),
        value => key.expr.clone().eq(cursor::value(value)),
    }
}

fn past(key: &OrderKey, value: &CursorValue, after: bool) -> Expr {
    let expr = key.expr.clone();
    if *value == CursorValue::Null {
        // What is absent comes last: nothing but further ties is after it, all that is present is before it.
        return if after {
            Expr::cust("1 = 0")
        } else {
            expr.is_not_null()
        };
    }
    let bound = cursor::value(value);
    let further = if key.descending == after {
        expr.clone().lt(bound)
    } else {
        expr.clone().gt(bound)
    };
    if after && key.nullable {
        further.or(expr.is_null())
    } else {
        further
    }
}

/// Whether there is any such row.
pub(super) fn probe(mut rows: SelectStatement) -> SelectStatement {
    rows.expr(Expr::cust("1")).limit(1);
    rows
}
