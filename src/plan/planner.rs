//! What all parts of planning share: where selections are read, what the principal may see, the limits, and what has been
//! found so far.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::Positioned;
use async_graphql::parser::types::Field;
use sea_orm::sea_query::Expr;
use sudare_entities::Catalog;
use sudare_entities::catalog::Entity;
use sudare_policies::condition::{Condition, Truth};
use sudare_policies::decision::{Decision, Tier};
use sudare_policies::value::Value;

use super::Child;
use super::collect::Reader;
use super::sql::{Scope, Sql};
use crate::answer::{ErrorCode, MAX_ERRORS, RequestError};
use crate::blind::BlindKeys;
use crate::config::Limits;
use crate::graphql::coerce::{self, Input};
use crate::graphql::inputs::TypeRef;
use crate::seal::AudienceSeals;

/// The state of planning one operation. Errors are gathered, so that all of them are listed.
pub(super) struct Planner<'a> {
    pub(super) reader: Reader<'a>,
    pub(super) sql: Sql<'a>,
    pub(super) limits: &'a Limits,
    pub(super) seals: &'a AudienceSeals,
    pub(super) blind: &'a BlindKeys,
    pub(super) errors: Vec<RequestError>,
    pub(super) disclosure: BTreeMap<String, &'static str>,
    /// See [`super::Plan`].
    pub(super) fixed: BTreeSet<usize>,
    pub(super) personal: bool,
    cost: u64,
    /// Comparisons of all filters, and the values of their lists.
    pub(super) comparisons: usize,
    pub(super) compared_values: usize,
    /// Rows that all mutations make.
    pub(super) made: usize,
}

impl<'a> Planner<'a> {
    pub(super) fn new(
        reader: Reader<'a>,
        sql: Sql<'a>,
        limits: &'a Limits,
        (seals, blind): (&'a AudienceSeals, &'a BlindKeys),
    ) -> Self {
        Self {
            reader,
            sql,
            limits,
            seals,
            blind,
            errors: Vec::new(),
            disclosure: BTreeMap::new(),
            fixed: BTreeSet::new(),
            personal: false,
            cost: 0,
            comparisons: 0,
            compared_values: 0,
            made: 0,
        }
    }

    pub(super) fn catalog(&self) -> &'a Catalog {
        self.sql.catalog
    }

    /// The entity, if the principal has it.
    pub(super) fn entity(&self, index: usize) -> Option<&'a Entity> {
        self.sql
            .catalog
            .entities
            .get(index)
            .filter(|_| self.sql.view.exists(index))
    }

    /// Adds what a selection costs: a cell for each field and row.
    pub(super) fn spend(&mut self, cells: u64) {
        self.cost = self.cost.saturating_add(cells);
    }

    /// The errors found, if any, the cost among them.
    pub(super) fn finish(&mut self) -> Result<(), Vec<RequestError>> {
        if self.cost > self.limits.max_cost {
            let message = format!(
                "the operation may return {} cells, page sizes multiplied: the limit `max_cost` is {}; ask for fewer rows or fields",
                self.cost, self.limits.max_cost
            );
            self.errors
                .push(RequestError::new(ErrorCode::CostLimit, message));
        }
        let (widest, most) = (self.sql.binds.widest(), self.sql.dialect.max_values());
        if widest > most {
            let message = format!(
                "a statement of the operation has {widest} values, and the database takes {most}: select fewer fields, or shorten the lists of the filters and of the token"
            );
            self.errors
                .push(RequestError::new(ErrorCode::CostLimit, message));
        }
        // One filter in many places has its errors in each.
        let mut told = std::collections::HashSet::new();
        self.errors
            .retain(|error| told.insert(error.message.clone()));
        self.errors.truncate(MAX_ERRORS);
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(std::mem::take(&mut self.errors))
        }
    }

    /// Notes what is shown of a coordinate below FULL.
    pub(super) fn disclose(&mut self, coordinate: &str, decision: &Decision) {
        if let Some(tier) = overall_tier(decision) {
            self.disclosure.insert(coordinate.to_owned(), tier);
        }
    }

    /// The coerced argument; absent and null are alike.
    pub(super) fn argument(
        &mut self,
        field: &Positioned<Field>,
        name: &str,
        ty: &TypeRef,
    ) -> Option<Input> {
        let literal = field.node.get_argument(name)?;
        let place = format!("{}.{name}", field.node.name.node);
        let coerced = coerce::argument(
            self.reader.inputs,
            self.reader.variables,
            &literal.node,
            ty,
            &place,
        );
        match coerced {
            Ok(Some(Input::Null) | None) => None,
            Ok(value) => value,
            Err(error) => {
                self.errors
                    .push(error.at(literal.pos.line, literal.pos.column));
                None
            }
        }
    }

    pub(super) fn text_argument(
        &mut self,
        field: &Positioned<Field>,
        name: &str,
        ty: &TypeRef,
    ) -> Option<String> {
        match self
            .argument(field, name, ty)
            .and_then(|input| self.known(input))?
        {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A scalar on whose value the plan hangs.
    pub(super) fn known(&mut self, input: Input) -> Option<Value> {
        match input {
            Input::Scalar(value) => Some(value),
            Input::Given(place, value) => {
                self.fixed.insert(place);
                Some(value)
            }
            Input::Null | Input::Enum(_) | Input::List(_) | Input::Object(_) => None,
        }
    }

    /// Adds an error at a field of the document.
    pub(super) fn refuse(
        &mut self,
        field: &Positioned<Field>,
        code: ErrorCode,
        message: impl Into<String>,
    ) {
        self.errors
            .push(RequestError::new(code, message).at(field.pos.line, field.pos.column));
    }
}

/// A level of the plan while its columns are gathered.
pub(super) struct Level {
    pub(super) scope: Scope,
    columns: Vec<Expr>,
    pub(super) children: Vec<Child>,
}

impl Level {
    pub(super) fn new(scope: Scope) -> Self {
        Self {
            scope,
            columns: Vec::new(),
            children: Vec::new(),
        }
    }

    /// The place of a column; equal needs share one.
    pub(super) fn column(&mut self, expr: Expr) -> usize {
        if let Some(place) = self.columns.iter().position(|known| *known == expr) {
            return place;
        }
        self.columns.push(expr);
        self.columns.len() - 1
    }

    /// The place of a field's column.
    pub(super) fn field(&mut self, sql: &Sql<'_>, field: usize) -> usize {
        self.column(sql.column(&self.scope, field))
    }

    /// The place of the column that tells whether a grant holds; `None` if it always does.
    pub(super) fn guard(&mut self, sql: &Sql<'_>, when: &Condition) -> Option<usize> {
        if *when == Condition::Constant(Truth::True) {
            return None;
        }
        Some(self.column(sql.truth(when, &self.scope)))
    }

    /// The expressions, in the order of their places; never none, so that a row is a row.
    pub(super) fn into_parts(mut self) -> (Vec<Expr>, Vec<Child>) {
        if self.columns.is_empty() {
            self.columns.push(Expr::cust("1"));
        }
        (self.columns, self.children)
    }
}

/// The tier of a coordinate as `extensions.disclosure` tells it; `None` for FULL.
pub(super) fn overall_tier(decision: &Decision) -> Option<&'static str> {
    match decision.constant() {
        Some(Tier::Full) => None,
        Some(tier) => Some(tier.name()),
        None => Some("MIXED"),
    }
}
