//! The order of a list and the places in it.

use std::sync::Arc;

use sea_orm::sea_query::{
    Expr, ExprTrait as _, NullOrdering, OrderedStatement, SelectStatement, SubQueryStatement,
};
use sudare_entities::catalog::{Entity, Kind, Relation};
use sudare_policies::condition::Comparison;
use sudare_policies::decision::Tier;
use sudare_policies::value::Value;

use super::bind::{Bind, CursorPlace};
use super::planner::Planner;
use super::sql::{Scope, Sight, Sql, is_text};
use crate::answer::{ErrorCode, RequestError};
use crate::graphql::coerce::Input;
use crate::shape::to_one;

/// Keys of an order at the most: the place of a cursor is compared with each of them and all before it.
pub(super) const MAX_KEYS: usize = 16;

/// A place in an order: the values of its keys there.
pub(super) struct Place {
    pub(super) values: Vec<Value>,
    /// The cursor, if a variable holds it.
    pub(super) given: Option<Arc<CursorPlace>>,
}

/// One key of an order.
#[derive(Clone, Debug)]
pub(super) struct OrderKey {
    pub(super) expr: Expr,
    pub(super) descending: bool,
    pub(super) nullable: bool,
    pub(super) kind: Kind,
    /// What it is and where the principal sees it, in the words of the policies: cursors are bound to it.
    pub(super) sight: String,
}

impl OrderKey {
    /// Upwards by something that may be absent.
    pub(super) fn plain(expr: Expr, kind: Kind) -> Self {
        Self {
            expr,
            descending: false,
            nullable: true,
            kind,
            sight: String::new(),
        }
    }
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
            kind: entity
                .fields
                .get(entity.key)
                .map_or(Kind::BigInt, |field| field.kind.clone()),
            sight: "key".to_owned(),
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
                rows.expr(key.expr.clone());
                let expr = Expr::from(SubQueryStatement::SelectStatement(rows));
                Some(OrderKey {
                    expr,
                    nullable: true,
                    sight: format!("{} > {}", self.link(scope, relation), key.sight),
                    ..key
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
        let field = entity.fields.get(position)?;
        let full = self
            .sql
            .view
            .decision(scope.entity, position)
            .guard(Tier::Full);
        Some(OrderKey {
            expr,
            descending,
            nullable: guarded || field.nullable,
            kind: field.kind.clone(),
            sight: format!("{name} {full:?}"),
        })
    }

    /// A link and where the principal sees it.
    fn link(&self, scope: &Scope, relation: &Relation) -> String {
        let view = self.sql.view;
        let shown = |entity, field| view.decision(entity, field).guard(Tier::Desensitized);
        format!(
            "{} {:?} {:?} {:?}",
            relation.name,
            view.row(relation.target),
            shown(scope.entity, relation.from),
            shown(relation.target, relation.to),
        )
    }
}

impl Sql<'_> {
    /// Orders the rows; nulls come last, or first when the rows are read backwards.
    pub(super) fn order(
        &self,
        select: &mut impl OrderedStatement,
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
            let nulls = key.nullable.then_some(nulls);
            self.dialect
                .order(select, self.ordered(key), descending, nulls);
        }
    }

    /// The key as orders compare it.
    fn ordered(&self, key: &OrderKey) -> Expr {
        if is_text(&key.kind) {
            self.dialect.ordered_text(key.expr.clone())
        } else {
            key.expr.clone()
        }
    }

    /// What comes after (or before) the place that a cursor holds.
    pub(super) fn beyond(&self, keys: &[OrderKey], place: &Place, after: bool) -> Expr {
        let bound = |(index, (key, value)): (usize, _)| Bound {
            key,
            value,
            bind: match &place.given {
                Some(cursor) => Bind::Cursor(Arc::clone(cursor), index),
                None => Bind::Fixed(Value::clone(value)),
            },
        };
        let bounds = keys.iter().zip(&place.values).enumerate().map(bound);
        let bounds: Vec<Bound<'_>> = bounds.collect();
        let mut alternatives: Option<Expr> = None;
        for (index, bound) in bounds.iter().enumerate() {
            let equal = bounds.iter().take(index).map(|bound| self.same(bound));
            let step = equal
                .chain([self.past(bound, after)])
                .reduce(|left, right| left.and(right));
            alternatives = match (alternatives, step) {
                (Some(left), Some(right)) => Some(left.or(right)),
                (left, right) => left.or(right),
            };
        }
        let alternatives = alternatives.unwrap_or_else(|| Expr::cust("1 = 0"));
        // A plain bound on the first key lets an index find the place; the alternatives alone do not.
        match bounds.first() {
            Some(bound) if !bound.key.nullable && keys.len() > 1 => {
                let op = if bound.key.descending == after {
                    Comparison::Le
                } else {
                    Comparison::Ge
                };
                self.against(op, bound).and(alternatives)
            }
            _ => alternatives,
        }
    }

    fn against(&self, op: Comparison, bound: &Bound<'_>) -> Expr {
        let value = self.bound(bound.bind.clone(), bound.value);
        let texts = is_text(&bound.key.kind);
        self.compare(op, bound.key.expr.clone(), value, texts)
    }

    fn same(&self, bound: &Bound<'_>) -> Expr {
        match bound.value {
            Value::Null => bound.key.expr.clone().is_null(),
            _ => self.against(Comparison::Eq, bound),
        }
    }

    fn past(&self, bound: &Bound<'_>, after: bool) -> Expr {
        let key = bound.key;
        if *bound.value == Value::Null {
            // What is absent comes last: nothing but further ties is after it, all that is present is before it.
            return if after {
                Expr::cust("1 = 0")
            } else {
                key.expr.clone().is_not_null()
            };
        }
        let op = if key.descending == after {
            Comparison::Lt
        } else {
            Comparison::Gt
        };
        let further = self.against(op, bound);
        if after && key.nullable {
            further.or(key.expr.clone().is_null())
        } else {
            further
        }
    }
}

/// The value of one key at a place.
struct Bound<'b> {
    key: &'b OrderKey,
    value: &'b Value,
    bind: Bind,
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

/// Whether there is any such row.
pub(super) fn probe(mut rows: SelectStatement) -> SelectStatement {
    rows.expr(Expr::cust("1"));
    rows
}
