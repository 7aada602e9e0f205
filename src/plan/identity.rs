//! Keys as the principal sees them: whoever sees other numbers in their place can name rows by these, and by nothing else.

use std::sync::Arc;

use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait as _};
use sudare_policies::condition::{Condition, Truth};
use sudare_policies::decision::Tier;
use sudare_policies::maskers::Masker;
use sudare_policies::value::Value;

use super::bind::{Bind, MaskedKey};
use super::dialect::not_true;
use super::planner::Planner;
use super::sql::{Scope, Sql};
use crate::graphql::coerce::Input;

/// The ways in which a key is shown, each on rows of its own.
pub(super) struct SeenKey(Vec<Way>);

struct Way {
    column: Expr,
    /// Where the key is shown so; `None` if it always is.
    guard: Option<Expr>,
    /// What stands in place of the key; `None` if it is the key.
    masker: Option<Arc<dyn Masker>>,
}

impl Sql<'_> {
    /// The key or reference as it is seen on one row or another; `None` if it is nowhere seen as a number that leads back to it.
    pub(super) fn seen_key(&self, scope: &Scope, field: usize) -> Option<SeenKey> {
        let decision = self.view.decision(scope.entity, field);
        let column = self.column(scope, field);
        let mut ways = Vec::new();
        let mut before: Vec<Condition> = Vec::new();
        for grant in &decision.grants {
            let masker = match grant.tier {
                Tier::Full => Some(None),
                tier => {
                    let masker = self.view.masker(scope.entity, field, tier);
                    masker.filter(|masker| masker.has_way_back()).map(Some)
                }
            };
            if let Some(masker) = masker {
                let mut guard = self.restriction(&grant.when, scope);
                for higher in &before {
                    let not_higher = not_true(self.condition(higher, scope));
                    guard = Some(match guard {
                        Some(guard) => guard.and(not_higher),
                        None => not_higher,
                    });
                }
                ways.push(Way {
                    column: column.clone(),
                    guard,
                    masker: masker.cloned(),
                });
            }
            if grant.when != Condition::Constant(Truth::False) {
                before.push(grant.when.clone());
            }
        }
        (!ways.is_empty()).then_some(SeenKey(ways))
    }
}

impl Sql<'_> {
    /// The key that is meant by a number that is written: the principal knows keys as it sees them, and as they are where it sees
    /// none. `None` if the number stands for no key.
    pub(super) fn key_behind(&self, entity: usize, field: usize, seen: i64) -> Option<i64> {
        let grants = &self.view.decision(entity, field).grants;
        let mut maskers = grants.iter().map(|grant| match grant.tier {
            Tier::Full => None,
            tier => self.view.masker(entity, field, tier),
        });
        match maskers.next().flatten() {
            Some(masker) if masker.has_way_back() => masker.value_behind(seen),
            _ => Some(seen),
        }
    }
}

impl Planner<'_> {
    /// Whether the key is seen as one of these numbers, each as text on the wire. `None` if one of them is no number. In a place that
    /// is `positive`, what is not known to hold may be false; elsewhere the key is as null where it is not seen.
    pub(super) fn is_seen_as(
        &mut self,
        key: &SeenKey,
        inputs: &[&Input],
        positive: bool,
    ) -> Option<Expr> {
        let seen = inputs.iter().map(|input| seen_number(input));
        let seen: Vec<(Option<usize>, i64)> = seen.collect::<Option<_>>()?;
        if seen.is_empty() {
            return Some(Expr::cust("1 = 0"));
        }
        let mut ways = Vec::with_capacity(key.0.len());
        for way in &key.0 {
            let keys = seen.iter().filter_map(|seen| self.bound_key(way, *seen));
            ways.push((way.guard.clone(), is_one_of(&way.column, keys.collect())));
        }
        if positive {
            let ways = ways.into_iter().map(|(guard, holds)| match guard {
                Some(guard) => holds.and(guard),
                None => holds,
            });
            return ways.reduce(|one, other| one.or(other));
        }
        let mut seen_so = CaseStatement::new();
        for (guard, holds) in ways {
            match guard {
                Some(guard) => seen_so = seen_so.case(guard, holds),
                // Before this one there is none: what comes after it would be on no row.
                None => return Some(holds),
            }
        }
        Some(seen_so.into())
    }

    /// The key that is seen as this number, bound; `None` if no key is.
    fn bound_key(&mut self, way: &Way, (given, seen): (Option<usize>, i64)) -> Option<Expr> {
        let Some(masker) = &way.masker else {
            let value = Value::Int(seen);
            let bind = given.map_or_else(|| Bind::Fixed(value.clone()), Bind::Key);
            return Some(self.sql.bound(bind, &value));
        };
        let Some(key) = masker.value_behind(seen) else {
            // Of this very number: another may stand for a key.
            self.fixed.extend(given);
            return None;
        };
        let value = Value::Int(key);
        let bind = match given {
            Some(given) => Bind::MaskedKey(Arc::new(MaskedKey {
                given,
                masker: Arc::clone(masker),
            })),
            None => Bind::Fixed(value.clone()),
        };
        Some(self.sql.bound(bind, &value))
    }
}

/// Whether the key is one of these; unknown where there is no key.
fn is_one_of(column: &Expr, mut keys: Vec<Expr>) -> Expr {
    let column = column.clone();
    match keys.pop() {
        None => column.clone().ne(column),
        Some(only) if keys.is_empty() => column.eq(only),
        Some(last) => column.is_in(keys.into_iter().chain([last])),
    }
}

/// The number that a key is named by, which is text on the wire, and the scalar of a variable that it is; `None` if it is no number.
pub(super) fn seen_number(input: &Input) -> Option<(Option<usize>, i64)> {
    let (given, text) = match input {
        Input::Scalar(Value::Text(text)) => (None, text),
        Input::Given(place, Value::Text(text)) => (Some(*place), text),
        _ => return None,
    };
    Some((given, text.parse().ok()?))
}
