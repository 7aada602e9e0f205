//! Filters: which rows of a list. A filter sees what the principal sees, and refuses what it does not see in full.

use sea_orm::sea_query::{Expr, ExprTrait as _, SelectStatement};
use sudare_entities::catalog::{Cardinality, Entity, Field, Relation};
use sudare_policies::value::Value;

use super::dialect::TextMatch;
use super::order::hidden;
use super::planner::Planner;
use super::sql::{Scope, Sight};
use crate::answer::{ErrorCode, RequestError};
use crate::graphql::coerce::Input;

/// Filters in filters: what SQLite's expression tree surely takes.
const MAX_FILTER_DEPTH: usize = 12;

impl Planner<'_> {
    /// The filter as SQL; `None` if it lets everything through or has been refused.
    pub(super) fn filter(&mut self, scope: &Scope, input: &Input, place: &str) -> Option<Expr> {
        let mut comparisons = 0;
        let expr = self.filter_object(scope, input, place, &mut comparisons);
        if comparisons > self.limits.max_list {
            self.too_many(place);
        }
        expr
    }

    fn too_many(&mut self, place: &str) {
        let message = format!(
            "`{place}` compares with too many values: the limit is {}",
            self.limits.max_list
        );
        self.errors
            .push(RequestError::new(ErrorCode::CostLimit, message));
    }

    fn filter_object(
        &mut self,
        scope: &Scope,
        input: &Input,
        place: &str,
        comparisons: &mut usize,
    ) -> Option<Expr> {
        let (Some(entity), Input::Object(pairs)) = (self.entity(scope.entity), input) else {
            return None;
        };
        if place.matches('.').count() > MAX_FILTER_DEPTH {
            let message =
                format!("`{place}` nests its filters too deeply: the limit is {MAX_FILTER_DEPTH}");
            self.errors
                .push(RequestError::new(ErrorCode::CostLimit, message));
            return None;
        }
        let mut parts = Vec::new();
        for (name, value) in pairs {
            let place = format!("{place}.{name}");
            parts.extend(match (name.as_str(), value) {
                (_, Input::Null) => {
                    let message =
                        format!("`{place}` must not be null: leave it out, or ask with `isNull`");
                    self.errors
                        .push(RequestError::new(ErrorCode::BadUserInput, message));
                    None
                }
                ("and" | "or", Input::List(items)) => {
                    self.junction(scope, items, name == "and", &place, comparisons)
                }
                ("not", inner) => {
                    // Nothing to negate lets everything through, so its negation nothing.
                    let inner = self.filter_object(scope, inner, &place, comparisons);
                    Some(inner.map_or_else(|| Expr::cust("1 = 0"), |inner| inner.not()))
                }
                _ => self.filter_member(scope, entity, name, value, (&place, comparisons)),
            });
        }
        parts.into_iter().reduce(|left, right| left.and(right))
    }

    fn junction(
        &mut self,
        scope: &Scope,
        items: &[Input],
        all: bool,
        place: &str,
        comparisons: &mut usize,
    ) -> Option<Expr> {
        *comparisons = comparisons.saturating_add(items.len());
        if *comparisons > self.limits.max_list {
            return None;
        }
        let parts = items.iter().map(|item| {
            let part = self.filter_object(scope, item, place, comparisons);
            part.unwrap_or_else(|| Expr::cust("1 = 1"))
        });
        let joined = parts.reduce(|left, right| if all { left.and(right) } else { left.or(right) });
        joined.or_else(|| (!all).then(|| Expr::cust("1 = 0")))
    }

    fn filter_member(
        &mut self,
        scope: &Scope,
        entity: &Entity,
        name: &str,
        value: &Input,
        (place, comparisons): (&str, &mut usize),
    ) -> Option<Expr> {
        if let Some(position) = entity.fields.iter().position(|field| field.name == name) {
            let field = entity.fields.get(position)?;
            let expr = match self.sql.sight(scope, position) {
                Sight::Whole(expr) | Sight::Guarded(expr) => expr,
                Sight::Hidden => {
                    self.errors.push(hidden(
                        ErrorCode::FieldNotFilterable,
                        entity,
                        name,
                        place,
                        "filter by",
                    ));
                    return None;
                }
            };
            let is_key = position == entity.key || field.references.is_some();
            return self.comparisons(
                &Compared {
                    expr,
                    field,
                    is_key,
                },
                value,
                place,
                comparisons,
            );
        }
        let relation = entity
            .relations
            .iter()
            .find(|relation| relation.name == name)?;
        match relation.cardinality {
            Cardinality::ToOne => {
                let (inner, mut rows) = self.sql.related_rows(scope, relation);
                if let Some(filter) = self.filter_object(&inner, value, place, comparisons) {
                    rows.and_where(filter);
                }
                Some(Expr::exists(one(rows)))
            }
            Cardinality::ToMany => self.quantified(scope, relation, value, place, comparisons),
        }
    }

    fn quantified(
        &mut self,
        scope: &Scope,
        relation: &Relation,
        value: &Input,
        place: &str,
        comparisons: &mut usize,
    ) -> Option<Expr> {
        let Input::Object(pairs) = value else {
            return None;
        };
        let mut parts = Vec::new();
        for (quantifier, value) in pairs {
            let place = format!("{place}.{quantifier}");
            if *value == Input::Null {
                let message = format!("`{place}` must not be null: leave it out");
                self.errors
                    .push(RequestError::new(ErrorCode::BadUserInput, message));
                continue;
            }
            let (inner, mut rows) = self.sql.related_rows(scope, relation);
            let filter = self.filter_object(&inner, value, &place, comparisons);
            parts.push(match (quantifier.as_str(), filter) {
                ("every", None) => Expr::cust("1 = 1"),
                ("every", Some(filter)) => {
                    // A row for which the filter is unknown does not fit either.
                    rows.and_where(Expr::cust_with_expr("(?) IS NOT TRUE", filter));
                    Expr::not_exists(one(rows))
                }
                (quantifier, filter) => {
                    rows.and_where_option(filter);
                    if quantifier == "none" {
                        Expr::not_exists(one(rows))
                    } else {
                        Expr::exists(one(rows))
                    }
                }
            });
        }
        parts.into_iter().reduce(|left, right| left.and(right))
    }

    fn comparisons(
        &mut self,
        compared: &Compared<'_>,
        value: &Input,
        place: &str,
        comparisons: &mut usize,
    ) -> Option<Expr> {
        let Input::Object(pairs) = value else {
            return None;
        };
        let ignore_case = pairs
            .iter()
            .any(|(name, value)| name == "ignoreCase" && *value == truth(true));
        let mut parts = Vec::new();
        for (operator, value) in pairs {
            let place = format!("{place}.{operator}");
            *comparisons = comparisons.saturating_add(match value {
                Input::List(items) => items.len(),
                _ => 1,
            });
            if *value == Input::Null && operator != "ignoreCase" {
                let message =
                    format!("`{place}` must not be null: leave it out, or ask with `isNull`");
                self.errors
                    .push(RequestError::new(ErrorCode::BadUserInput, message));
                continue;
            }
            if *comparisons > self.limits.max_list {
                return None;
            }
            parts.extend(self.comparison(compared, operator, value, ignore_case, &place));
        }
        parts.into_iter().reduce(|left, right| left.and(right))
    }

    fn comparison(
        &mut self,
        compared: &Compared<'_>,
        operator: &str,
        value: &Input,
        ignore_case: bool,
        place: &str,
    ) -> Option<Expr> {
        let dialect = self.sql.dialect;
        let folded = |expr: Expr| {
            if ignore_case {
                dialect.fold(expr)
            } else {
                expr
            }
        };
        let column = || folded(compared.expr.clone());
        match operator {
            "ignoreCase" => return None,
            "isNull" => {
                let column = compared.expr.clone();
                return Some(if *value == truth(true) {
                    column.is_null()
                } else {
                    column.is_not_null()
                });
            }
            "in" | "notIn" => {
                let Input::List(items) = value else {
                    return None;
                };
                let values: Vec<Expr> = items
                    .iter()
                    .filter_map(|item| self.operand(compared, item, place))
                    .map(folded)
                    .collect();
                return Some(match (operator, values.is_empty()) {
                    ("in", true) => Expr::cust("1 = 0"),
                    ("in", false) => column().is_in(values),
                    (_, true) => column().is_not_null(),
                    (_, false) => column().is_not_in(values),
                });
            }
            _ => {}
        }
        let operand = folded(self.operand(compared, value, place)?);
        Some(match operator {
            "eq" => column().eq(operand),
            "ne" => column().ne(operand),
            "lt" => column().lt(operand),
            "lte" => column().lte(operand),
            "gt" => column().gt(operand),
            "gte" => column().gte(operand),
            "contains" => dialect.matches(column(), operand, TextMatch::Contains),
            "startsWith" => dialect.matches(column(), operand, TextMatch::StartsWith),
            "endsWith" => dialect.matches(column(), operand, TextMatch::EndsWith),
            _ => return None,
        })
    }

    /// A value to compare with; keys come as `ID`, which is text on the wire and a number in the row.
    fn operand(&mut self, compared: &Compared<'_>, input: &Input, place: &str) -> Option<Expr> {
        let value = match input {
            Input::Scalar(Value::Text(text)) if compared.is_key => match text.parse() {
                Ok(key) => Value::Int(key),
                Err(_) => {
                    let field = &compared.field.name;
                    let message =
                        format!("`{place}` must be a whole number: that is what `{field}` holds");
                    self.errors
                        .push(RequestError::new(ErrorCode::BadUserInput, message));
                    return None;
                }
            },
            Input::Scalar(value) => value.clone(),
            Input::Enum(name) => Value::Text(name.clone()),
            Input::Null | Input::List(_) | Input::Object(_) => return None,
        };
        Some(Expr::value(self.sql.dialect.bind(&value)))
    }
}

/// The left side of comparisons.
struct Compared<'a> {
    expr: Expr,
    field: &'a Field,
    is_key: bool,
}

fn truth(value: bool) -> Input {
    Input::Scalar(Value::Boolean(value))
}

fn one(mut rows: SelectStatement) -> SelectStatement {
    rows.expr(Expr::cust("1"));
    rows
}
