//! Filters: which rows of a list. A filter sees what the principal sees, and refuses what it does not see in full.

use sea_orm::sea_query::{Expr, ExprTrait as _};
use sudare_entities::catalog::{Cardinality, Field, Relation};
use sudare_policies::condition::Comparison;
use sudare_policies::value::Value;

use super::bind::Bind;
use super::dialect::{TextMatch, not_true};
use super::identity::SeenKey;
use super::order::hidden;
use super::planner::Planner;
use super::sql::{Scope, Sight, Sql, is_text};
use crate::answer::{ErrorCode, RequestError};
use crate::graphql::coerce::Input;

/// Relations that one filter may walk, one after another.
const MAX_RELATIONS: usize = 6;

/// To-many relations among them: each multiplies the rows that are looked at.
const MAX_QUANTIFIERS: usize = 3;

/// Comparisons, `and`s and `or`s of all filters of an operation: the database's parser takes a chain of a thousand.
const MAX_COMPARISONS: usize = 250;

impl Planner<'_> {
    /// The filter as SQL; `None` if it lets everything through or has been refused.
    pub(super) fn filter(&mut self, scope: &Scope, input: &Input, place: &str) -> Option<Expr> {
        let mut filter = Filter {
            planner: self,
            quantifiers: 0,
            positive: true,
        };
        let expr = filter.object(scope, input, place);
        filter.told(place);
        expr
    }
}

impl Planner<'_> {
    /// Comparisons of something that is no field of a row, such as what a group amounts to.
    pub(super) fn compared(
        &mut self,
        expr: Expr,
        field: &Field,
        value: &Input,
        place: &str,
    ) -> Option<Expr> {
        let mut filter = Filter {
            planner: self,
            quantifiers: 0,
            positive: true,
        };
        let compared = Compared {
            expr,
            field,
            is_key: false,
            key: None,
            ignore_case: ignores_case(value),
        };
        let expr = filter.comparisons(&compared, value, place);
        filter.told(place);
        expr
    }
}

/// One filter on its way to SQL.
struct Filter<'f, 'a> {
    planner: &'f mut Planner<'a>,
    /// To-many relations that have been walked to here.
    quantifiers: usize,
    /// Whether what is not known to hold may as well be false here: nothing above it is negated.
    positive: bool,
}

impl Filter<'_, '_> {
    /// The limit that it has passed.
    fn passed(&self) -> Option<String> {
        let max_list = self.planner.limits.max_list;
        if self.planner.comparisons > MAX_COMPARISONS {
            Some(format!("is {MAX_COMPARISONS} comparisons"))
        } else if self.planner.compared_values > max_list {
            Some(format!("`max_list` is {max_list} values"))
        } else {
            None
        }
    }

    /// Notes the limit that it has passed, if any.
    fn told(&mut self, place: &str) {
        if let Some(limit) = self.passed() {
            let message = format!("`{place}` compares too much: the limit {limit}");
            self.refuse(ErrorCode::CostLimit, message);
        }
    }

    fn refuse(&mut self, code: ErrorCode, message: String) {
        self.planner.errors.push(RequestError::new(code, message));
    }

    fn object(&mut self, scope: &Scope, input: &Input, place: &str) -> Option<Expr> {
        let Input::Object(pairs) = input else {
            return None;
        };
        if scope.depth() > MAX_RELATIONS {
            let message =
                format!("`{place}` walks too many relations: the limit is {MAX_RELATIONS}");
            self.refuse(ErrorCode::CostLimit, message);
            return None;
        }
        let mut parts = Vec::new();
        for (name, value) in pairs {
            let place = format!("{place}.{name}");
            parts.extend(match (name.as_str(), value) {
                (_, Input::Null) => {
                    let message =
                        format!("`{place}` must not be null: leave it out, or ask with `isNull`");
                    self.refuse(ErrorCode::BadUserInput, message);
                    None
                }
                ("and" | "or", Input::List(items)) => {
                    self.junction(scope, items, name == "and", &place)
                }
                ("not", inner) => {
                    // Nothing to negate lets everything through, so its negation nothing.
                    let inner = self.negated(true, |filter| filter.object(scope, inner, &place));
                    Some(inner.map_or_else(|| Expr::cust("1 = 0"), |inner| inner.not()))
                }
                _ => self.member(scope, name, value, &place),
            });
        }
        parts.into_iter().reduce(|left, right| left.and(right))
    }

    fn junction(&mut self, scope: &Scope, items: &[Input], all: bool, place: &str) -> Option<Expr> {
        self.planner.comparisons = self.planner.comparisons.saturating_add(items.len());
        if self.passed().is_some() {
            return None;
        }
        let parts = items.iter().map(|item| {
            let part = self.object(scope, item, place);
            part.unwrap_or_else(|| Expr::cust("1 = 1"))
        });
        let joined = parts.reduce(|left, right| if all { left.and(right) } else { left.or(right) });
        joined.or_else(|| (!all).then(|| Expr::cust("1 = 0")))
    }

    fn member(&mut self, scope: &Scope, name: &str, value: &Input, place: &str) -> Option<Expr> {
        let entity = self.planner.entity(scope.entity)?;
        if let Some(position) = entity.field(name) {
            return self.field(scope, position, value, place);
        }
        let relation = entity
            .relations
            .iter()
            .find(|relation| relation.name == name)?;
        match relation.cardinality {
            Cardinality::ToOne => {
                let (inner, mut rows) = self.planner.sql.related_rows(scope, relation);
                if let Some(filter) = self.object(&inner, value, place) {
                    rows.and_where(filter);
                }
                Some(Expr::exists(self.planner.sql.dialect.one_of(rows)))
            }
            Cardinality::ToMany => self.quantified(scope, relation, value, place),
        }
    }

    /// Reads a part of the filter, in a place that negates it or not.
    fn negated<T>(&mut self, negates: bool, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.positive;
        self.positive &= !negates;
        let part = read(self);
        self.positive = before;
        part
    }

    fn field(
        &mut self,
        scope: &Scope,
        position: usize,
        value: &Input,
        place: &str,
    ) -> Option<Expr> {
        let entity = self.planner.entity(scope.entity)?;
        let field = entity.fields.get(position)?;
        let is_key = position == entity.key || field.references.is_some();
        let mut guard = None;
        let (expr, key) = match self.planner.sql.sight(scope, position) {
            Sight::Whole(expr) => (expr, None),
            // What holds of the column where it is seen holds of it: a database can look it up in an index.
            Sight::Guarded(_) if !is_key && self.positive && !asks_absence(value) => {
                guard = self.planner.sql.seen_where(scope, position);
                (self.planner.sql.column(scope, position), None)
            }
            Sight::Guarded(expr) if !is_key => (expr, None),
            Sight::Guarded(expr) => (expr, self.planner.sql.seen_key(scope, position)),
            Sight::Hidden => {
                let key = self.planner.sql.seen_key(scope, position);
                match key.filter(|_| is_key && names_rows(value)) {
                    Some(key) => (Expr::cust("NULL"), Some(key)),
                    None => {
                        let code = ErrorCode::FieldNotFilterable;
                        let error = hidden(code, entity, &field.name, place, "filter by");
                        self.planner.errors.push(error);
                        return None;
                    }
                }
            }
        };
        let compared = Compared {
            expr,
            field,
            is_key,
            key,
            ignore_case: ignores_case(value),
        };
        let holds = self.comparisons(&compared, value, place)?;
        Some(match guard {
            Some(guard) => holds.and(guard),
            None => holds,
        })
    }

    fn quantified(
        &mut self,
        scope: &Scope,
        relation: &Relation,
        value: &Input,
        place: &str,
    ) -> Option<Expr> {
        let Input::Object(pairs) = value else {
            return None;
        };
        let dialect = self.planner.sql.dialect;
        let mut parts = Vec::new();
        for (quantifier, value) in pairs {
            let place = format!("{place}.{quantifier}");
            if *value == Input::Null {
                let message = format!("`{place}` must not be null: leave it out");
                self.refuse(ErrorCode::BadUserInput, message);
                continue;
            }
            if self.quantifiers == MAX_QUANTIFIERS {
                let message = format!(
                    "`{place}` walks too many to-many relations: the limit is {MAX_QUANTIFIERS} in one another"
                );
                self.refuse(ErrorCode::CostLimit, message);
                return None;
            }
            let (inner, mut rows) = self.planner.sql.related_rows(scope, relation);
            self.quantifiers += 1;
            let filter = self.negated(quantifier != "some", |filter| {
                filter.object(&inner, value, &place)
            });
            self.quantifiers -= 1;
            parts.push(match (quantifier.as_str(), filter) {
                ("every", None) => Expr::cust("1 = 1"),
                ("every", Some(filter)) => {
                    // A row for which the filter is unknown does not fit either.
                    rows.and_where(not_true(filter));
                    Expr::not_exists(dialect.one_of(rows))
                }
                (quantifier, filter) => {
                    rows.and_where_option(filter);
                    if quantifier == "none" {
                        Expr::not_exists(dialect.one_of(rows))
                    } else {
                        Expr::exists(dialect.one_of(rows))
                    }
                }
            });
        }
        parts.into_iter().reduce(|left, right| left.and(right))
    }

    fn comparisons(&mut self, compared: &Compared<'_>, value: &Input, place: &str) -> Option<Expr> {
        let Input::Object(pairs) = value else {
            return None;
        };
        let mut parts = Vec::new();
        for (operator, value) in pairs {
            let place = format!("{place}.{operator}");
            self.planner.comparisons += 1;
            if let Input::List(items) = value {
                self.planner.compared_values =
                    self.planner.compared_values.saturating_add(items.len());
            }
            if *value == Input::Null && operator != "ignoreCase" {
                let message =
                    format!("`{place}` must not be null: leave it out, or ask with `isNull`");
                self.refuse(ErrorCode::BadUserInput, message);
                continue;
            }
            if self.passed().is_some() {
                return None;
            }
            parts.extend(self.comparison(compared, operator, value, &place));
        }
        parts.into_iter().reduce(|left, right| left.and(right))
    }

    fn comparison(
        &mut self,
        compared: &Compared<'_>,
        operator: &str,
        value: &Input,
        place: &str,
    ) -> Option<Expr> {
        let sql = self.planner.sql;
        let dialect = sql.dialect;
        let folded = |expr: Expr| {
            if compared.ignore_case {
                dialect.fold(expr)
            } else {
                expr
            }
        };
        let column = || folded(compared.expr.clone());
        if let (Some(key), Some(inputs)) = (&compared.key, named_rows(operator, value)) {
            let seen = self.planner.is_seen_as(key, &inputs, self.positive);
            if seen.is_none() {
                self.no_number(compared, place);
            }
            return seen;
        }
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
        let compare =
            |op, operand| sql.compare(op, column(), operand, is_text(&compared.field.kind));
        Some(match operator {
            "eq" => compare(Comparison::Eq, operand),
            "ne" => compare(Comparison::Ne, operand),
            "lt" => compare(Comparison::Lt, operand),
            "lte" => compare(Comparison::Le, operand),
            "gt" => compare(Comparison::Gt, operand),
            "gte" => compare(Comparison::Ge, operand),
            "contains" => dialect.matches(column(), operand, TextMatch::Contains),
            "startsWith" => dialect.matches(column(), operand, TextMatch::StartsWith),
            "endsWith" => dialect.matches(column(), operand, TextMatch::EndsWith),
            _ => return None,
        })
    }

    /// A value to compare with; keys come as `ID`, which is text on the wire and a number in the row.
    fn operand(&mut self, compared: &Compared<'_>, input: &Input, place: &str) -> Option<Expr> {
        let (given, value) = match input {
            Input::Given(place, value) => (Some(*place), Some(value)),
            Input::Scalar(value) => (None, Some(value)),
            _ => (None, None),
        };
        let value = match (input, value) {
            (_, Some(Value::Text(text))) if compared.is_key => match text.parse() {
                Ok(key) => Value::Int(key),
                Err(_) => {
                    self.no_number(compared, place);
                    return None;
                }
            },
            (_, Some(value)) => value.clone(),
            (Input::Enum(name), None) => Value::Text(name.clone()),
            _ => return None,
        };
        if let Input::Enum(name) = input
            && let Some(variant) = Sql::variant(&compared.field.kind, name)
        {
            return Some(variant);
        }
        let bind = match given {
            Some(place) if compared.is_key => Bind::Key(place),
            Some(place) => Bind::Given(place),
            None => Bind::Fixed(value.clone()),
        };
        Some(self.planner.sql.bound(bind, &value))
    }

    fn no_number(&mut self, compared: &Compared<'_>, place: &str) {
        let field = &compared.field.name;
        let message = format!("`{place}` must be a whole number: that is what `{field}` holds");
        self.refuse(ErrorCode::BadUserInput, message);
    }
}

/// The keys by which an operator names rows.
fn named_rows<'i>(operator: &str, value: &'i Input) -> Option<Vec<&'i Input>> {
    match (operator, value) {
        ("in", Input::List(items)) => Some(items.iter().collect()),
        ("eq", value) => Some(vec![value]),
        _ => None,
    }
}

/// Whether it is asked for what is absent: what is not seen is, too.
fn asks_absence(operators: &Input) -> bool {
    let Input::Object(pairs) = operators else {
        return false;
    };
    let asks = |(name, value): &(String, Input)| name == "isNull" && *value == truth(true);
    pairs.iter().any(asks)
}

/// Whether all that is compared are keys by which rows are named.
fn names_rows(operators: &Input) -> bool {
    let Input::Object(pairs) = operators else {
        return false;
    };
    pairs
        .iter()
        .all(|(name, value)| *value == Input::Null || named_rows(name, value).is_some())
}

/// The left side of comparisons.
struct Compared<'a> {
    expr: Expr,
    field: &'a Field,
    is_key: bool,
    /// How it is seen, if it is a key that is not seen as it is on every row.
    key: Option<SeenKey>,
    ignore_case: bool,
}

fn ignores_case(operators: &Input) -> bool {
    let Input::Object(pairs) = operators else {
        return false;
    };
    pairs
        .iter()
        .any(|(name, value)| name == "ignoreCase" && *value == truth(true))
}

fn truth(value: bool) -> Input {
    Input::Scalar(Value::Boolean(value))
}
