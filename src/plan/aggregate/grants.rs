//! Measures of what may not be seen, by the grant `aggregate`: over groups of enough persons, of whom none stands out.

use rust_decimal::Decimal;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sudare_policies::condition::{Condition, Truth};
use sudare_policies::decision::{Action, Tier};

use super::Aggregate;
use crate::answer::{ErrorCode, RequestError};
use crate::plan::dialect::not_true;
use crate::plan::planner::Planner;

/// A field that is measured by a grant.
pub(super) struct Withheld {
    pub(super) position: usize,
    /// The values that go into the measure: those that are seen, and those that are granted.
    pub(super) value: Expr,
    /// To whose multiples the measure is rounded.
    pub(super) step: Option<Decimal>,
    /// The places of a value that is granted and not seen, of whether there may be one, and of the person that it is of.
    pub(super) hidden: usize,
    pub(super) is_hidden: usize,
    pub(super) person: usize,
}

/// A measure that has been refused.
pub(super) struct Refused;

impl Planner<'_> {
    /// The number of a field among those that are withheld; `None` if what is seen of it is all that is measured.
    pub(super) fn withheld(
        &mut self,
        aggregate: &mut Aggregate<'_>,
        position: usize,
        place: &str,
    ) -> Result<Option<usize>, Refused> {
        let known = aggregate.withheld.iter();
        if let Some(number) = known.into_iter().position(|one| one.position == position) {
            return Ok(Some(number));
        }
        let (sql, entity) = (self.sql, aggregate.scope.entity);
        let full = sql.view.decision(entity, position).guard(Tier::Full);
        let granted = sql.view.may(entity, position, Action::Aggregate);
        let always = Condition::Constant(Truth::True);
        if full == always || granted == Condition::Constant(Truth::False) {
            return Ok(None);
        }
        let scope = &aggregate.scope;
        let column = sql.column(scope, position);
        let is_full = sql.condition(&full, scope);
        let is_granted = sql.condition(&granted, scope);
        let is_hidden = is_granted.clone().and(not_true(is_full.clone()));
        let person = sql.view.subject(entity);
        let person = person.and_then(|person| sql.path(&person.key, scope));
        let Some(person) = person else {
            let name = &aggregate.entity.name;
            let field = aggregate.entity.fields.get(position);
            let field = field.map_or("?", |field| &field.name);
            let coordinate = format!("{name}.{field}");
            let message = format!(
                "`{place}` may not aggregate `{coordinate}`: the policies do not say whose data the rows are, so that nobody can count the persons behind a group; `[subject.\"{name}\"]` of masking.toml says so"
            );
            let error = RequestError::new(ErrorCode::FieldNotAggregatable, message);
            self.errors.push(error.about(coordinate));
            return Err(Refused);
        };
        let value = Expr::case(is_granted.or(is_full), column.clone()).into();
        let hidden = Expr::case(is_hidden.clone(), column).into();
        let flag = Expr::case(is_hidden, Expr::cust("1")).finally(Expr::cust("0"));
        let withheld = Withheld {
            position,
            value,
            step: sql.view.rounding(entity, position),
            hidden: aggregate.value(hidden),
            is_hidden: aggregate.value(flag.into()),
            person: aggregate.value(person),
        };
        aggregate.withheld.push(withheld);
        Ok(Some(aggregate.withheld.len() - 1))
    }
}
