//! `having` and `orderBy` of groups: they see what is shown of a group, and nothing else.

use async_graphql::Positioned;
use async_graphql::parser::types::Field as Asked;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sudare_entities::catalog::{Field, Kind};

use super::keys::GroupKey;
use super::{Aggregate, grouped};
use crate::answer::{ErrorCode, RequestError};
use crate::graphql::aggregates::{Measure, aggregate_order_name};
use crate::graphql::coerce::Input;
use crate::graphql::inputs::TypeRef;
use crate::plan::order::{MAX_KEYS, OrderKey};
use crate::plan::planner::Planner;

impl Planner<'_> {
    /// The condition on groups; `None` if it lets everything through or has been refused.
    pub(super) fn having(
        &mut self,
        aggregate: &mut Aggregate<'_>,
        input: &Input,
        place: &str,
    ) -> Option<Expr> {
        let Input::Object(pairs) = input else {
            return None;
        };
        let mut parts = Vec::new();
        for (name, value) in pairs {
            let place = format!("{place}.{name}");
            if *value == Input::Null {
                self.refuse_null(&place);
                continue;
            }
            parts.extend(match (name.as_str(), value) {
                ("and" | "or", Input::List(items)) => {
                    self.having_of_all(aggregate, items, name == "and", &place)
                }
                ("not", inner) => {
                    let inner = self.having(aggregate, inner, &place);
                    Some(inner.map_or_else(|| Expr::cust("1 = 0"), |inner| inner.not()))
                }
                ("count", value) => {
                    let count = count_field(aggregate)?;
                    self.compared(grouped("n"), &count, value, &place)
                }
                (measure, value) => self.having_of(aggregate, measure, value, &place),
            });
        }
        parts.into_iter().reduce(|left, right| left.and(right))
    }

    fn having_of_all(
        &mut self,
        aggregate: &mut Aggregate<'_>,
        items: &[Input],
        all: bool,
        place: &str,
    ) -> Option<Expr> {
        self.comparisons = self.comparisons.saturating_add(items.len());
        let parts = items.iter().map(|item| {
            let part = self.having(aggregate, item, place);
            part.unwrap_or_else(|| Expr::cust("1 = 1"))
        });
        let joined = parts.reduce(|left, right| if all { left.and(right) } else { left.or(right) });
        joined.or_else(|| (!all).then(|| Expr::cust("1 = 0")))
    }

    fn having_of(
        &mut self,
        aggregate: &mut Aggregate<'_>,
        measure: &str,
        value: &Input,
        place: &str,
    ) -> Option<Expr> {
        let measure = Measure::from_name(measure)?;
        let Input::Object(fields) = value else {
            return None;
        };
        let mut parts = Vec::new();
        for (field, value) in fields {
            let place = format!("{place}.{field}");
            if *value == Input::Null {
                self.refuse_null(&place);
                continue;
            }
            let Some(number) = self.measure(aggregate, measure, field, &place) else {
                continue;
            };
            let measured = aggregate.measures.get(number)?.as_field();
            let expr = self.sql.measured(number, &measured.kind);
            parts.extend(self.compared(expr, &measured, value, &place));
        }
        parts.into_iter().reduce(|left, right| left.and(right))
    }

    fn refuse_null(&mut self, place: &str) {
        let message = format!("`{place}` must not be null: leave it out");
        self.errors
            .push(RequestError::new(ErrorCode::BadUserInput, message));
    }

    /// The keys of `orderBy`, and those that group behind them.
    pub(super) fn aggregate_order(
        &mut self,
        aggregate: &mut Aggregate<'_>,
        asked: &Positioned<Asked>,
    ) -> Vec<OrderKey> {
        let place = format!("{}.orderBy", asked.node.name.node);
        let ty = TypeRef::list_of(aggregate_order_name(aggregate.entity));
        let mut keys: Vec<OrderKey> = Vec::new();
        if let Some(Input::List(items)) = self.argument(asked, "orderBy", &ty) {
            if items.len() > MAX_KEYS {
                let message = format!("`{place}` has too many keys: the limit is {MAX_KEYS}");
                self.errors
                    .push(RequestError::new(ErrorCode::CostLimit, message));
                return keys;
            }
            for item in &items {
                let Some(key) = self.aggregate_order_key(aggregate, item, &place) else {
                    continue;
                };
                if keys.iter().any(|known| known.expr == key.expr) {
                    let message = format!(
                        "`{place}` names a key twice: the first decides, leave the other out"
                    );
                    self.errors
                        .push(RequestError::new(ErrorCode::BadUserInput, message));
                }
                keys.push(key);
            }
        }
        for (number, key) in aggregate.keys.iter().enumerate() {
            let expr = GroupKey::column(number);
            if keys.iter().all(|known| known.expr != expr) {
                keys.push(OrderKey::plain(expr, key.kind()));
            }
        }
        keys
    }

    fn aggregate_order_key(
        &mut self,
        aggregate: &mut Aggregate<'_>,
        item: &Input,
        place: &str,
    ) -> Option<OrderKey> {
        let Input::Object(pairs) = item else {
            return None;
        };
        let (name, value) = pairs.first()?;
        match (name.as_str(), value) {
            ("count", value) => Some(order_key(grouped("n"), descending(value), Kind::Int)),
            ("key", value) => {
                let (path, direction) = walk(value);
                let asked = format!("`{place}` orders by");
                let number = self.key_number(aggregate, &path, &asked)?;
                let kind = aggregate.keys.get(number)?.kind();
                Some(order_key(
                    GroupKey::column(number),
                    descending(direction),
                    kind,
                ))
            }
            (measure, value) => {
                let measure = Measure::from_name(measure)?;
                let Input::Object(fields) = value else {
                    return None;
                };
                let (field, direction) = fields.first()?;
                let number = self.measure(aggregate, measure, field, place)?;
                let kind = aggregate.measures.get(number)?.kind();
                let expr = self.sql.measured(number, &kind);
                Some(order_key(expr, descending(direction), kind))
            }
        }
    }
}

fn order_key(expr: Expr, descending: bool, kind: Kind) -> OrderKey {
    OrderKey {
        descending,
        ..OrderKey::plain(expr, kind)
    }
}

fn descending(direction: &Input) -> bool {
    matches!(direction, Input::Enum(name) if name == "DESC")
}

/// The names of objects in one another, and what stands at the end.
fn walk(mut value: &Input) -> (Vec<String>, &Input) {
    let mut path = Vec::new();
    while let Input::Object(pairs) = value {
        let Some((name, inner)) = pairs.first() else {
            break;
        };
        path.push(name.clone());
        value = inner;
    }
    (path, value)
}

/// What `count` is compared as.
fn count_field(aggregate: &Aggregate<'_>) -> Option<Field> {
    Some(Field {
        name: "count".to_owned(),
        kind: Kind::Int,
        references: None,
        ..aggregate.entity.fields.first()?.clone()
    })
}
