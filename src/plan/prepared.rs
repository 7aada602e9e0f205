//! Plans that serve again: the same operation, for principals who see the same, with variables of the same form.
//!
//! Nothing here widens what a plan shows. Variables are coerced and checked anew for every request; what a plan hangs on beyond
//! their form (page sizes, which keys of a cursor are null, of which entity a node id is) is compared, and where it differs
//! another plan is made.

use std::collections::BTreeSet;
use std::sync::Arc;

use sudare_policies::value::Value;

use super::{Bind, Plan};
use crate::graphql::coerce::{Input, Variables};

/// A plan with the values of one request.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) plan: Arc<Plan>,
    /// By the places of its statements.
    pub(crate) values: Vec<Value>,
}

/// A plan and the variables that it is for.
#[derive(Clone, Debug)]
pub(crate) struct Variant {
    plan: Arc<Plan>,
    /// The variables that it was made with, in the order of their names.
    form: Vec<(String, Option<Input>)>,
}

impl Prepared {
    /// A plan that hangs on no variable.
    pub(crate) fn fixed(plan: &Arc<Plan>) -> Self {
        Self {
            values: plan
                .binds
                .iter()
                .map(|bind| value(bind, &[]).unwrap_or(Value::Null))
                .collect(),
            plan: Arc::clone(plan),
        }
    }

    /// A plan with the variables that it was made with; `None` if they do not fit after all.
    pub(crate) fn new(plan: &Arc<Plan>, variables: &Variables) -> Option<Self> {
        let given = scalars(variables);
        let values = plan.binds.iter().map(|bind| value(bind, &given));
        Some(Self {
            values: values.collect::<Option<_>>()?,
            plan: Arc::clone(plan),
        })
    }
}

impl Variant {
    /// The plan, for variables of the form of these; `None` if it is for this request alone.
    pub(crate) fn new(plan: &Arc<Plan>, variables: &Variables) -> Option<Self> {
        // What is no node id, say: each text would have a plan of its own.
        let hangs_on_text = |scalar: &Value| matches!(scalar, Value::Text(_));
        let given = scalars(variables);
        let mut fixed = plan
            .fixed
            .iter()
            .filter_map(|place| given.get(*place).copied().flatten());
        if plan.personal || fixed.any(hangs_on_text) {
            return None;
        }
        let mut form: Vec<(String, Option<Input>)> = variables
            .iter()
            .map(|(name, variable)| {
                let form = variable.value().map(|value| form(value, &plan.fixed));
                (name.clone(), form)
            })
            .collect();
        form.sort_by(|left, right| left.0.cmp(&right.0));
        Some(Self {
            plan: Arc::clone(plan),
            form,
        })
    }

    /// The plan with the values of these variables; `None` if it is not for them.
    pub(crate) fn prepare(&self, variables: &Variables) -> Option<Prepared> {
        let fits = self.form.len() == variables.len()
            && self.form.iter().all(|(name, form)| {
                let value = variables.get(name).map(|variable| variable.value());
                match (form, value) {
                    (Some(form), Some(Some(value))) => alike(form, value, &self.plan.fixed),
                    (None, Some(None)) => true,
                    _ => false,
                }
            });
        if fits {
            Prepared::new(&self.plan, variables)
        } else {
            None
        }
    }

    /// About how many bytes it holds.
    pub(crate) fn weight(&self) -> usize {
        self.plan.weight() + 256 * self.form.len()
    }
}

/// An input without the values on which the plan does not hang: they may be anybody's, and the plan is kept.
fn form(input: &Input, fixed: &BTreeSet<usize>) -> Input {
    match input {
        Input::Given(place, value) if !fixed.contains(place) => Input::Given(*place, blank(value)),
        Input::List(items) => Input::List(items.iter().map(|item| form(item, fixed)).collect()),
        Input::Object(fields) => {
            let fields = fields.iter();
            Input::Object(
                fields
                    .map(|(name, value)| (name.clone(), form(value, fixed)))
                    .collect(),
            )
        }
        other => other.clone(),
    }
}

/// Some value of the same kind.
fn blank(value: &Value) -> Value {
    match value {
        Value::Text(_) => Value::Text(String::new()),
        Value::Json(_) => Value::Json(serde_json::Value::Null),
        Value::Int(_) => Value::Int(0),
        Value::Float(_) => Value::Float(0.0),
        Value::Decimal(_) => Value::Decimal(rust_decimal::Decimal::ZERO),
        Value::Date(_) => Value::Date(chrono::NaiveDate::MIN),
        Value::DateTime(_) => Value::DateTime(chrono::DateTime::<chrono::Utc>::MIN_UTC),
        Value::Uuid(_) => Value::Uuid(uuid::Uuid::nil()),
        Value::Null | Value::Boolean(_) => value.clone(),
    }
}

/// Whether two inputs are of one form, and equal where a plan hangs on their values.
fn alike(form: &Input, value: &Input, fixed: &BTreeSet<usize>) -> bool {
    match (form, value) {
        (Input::Given(left, form), Input::Given(right, value)) => {
            left == right
                && std::mem::discriminant(form) == std::mem::discriminant(value)
                && (!fixed.contains(left) || form == value)
        }
        (Input::List(form), Input::List(value)) => {
            form.len() == value.len()
                && form
                    .iter()
                    .zip(value)
                    .all(|(form, value)| alike(form, value, fixed))
        }
        (Input::Object(form), Input::Object(value)) => {
            form.len() == value.len()
                && form
                    .iter()
                    .zip(value)
                    .all(|(form, value)| form.0 == value.0 && alike(&form.1, &value.1, fixed))
        }
        (form, value) => form == value,
    }
}

/// The scalars of all variables, by their number.
fn scalars(variables: &Variables) -> Vec<Option<&Value>> {
    let mut scalars = Vec::new();
    let values = variables.values().filter_map(|variable| variable.value());
    values.for_each(|value| collect(value, &mut scalars));
    scalars
}

fn collect<'v>(input: &'v Input, scalars: &mut Vec<Option<&'v Value>>) {
    match input {
        Input::Given(place, value) => {
            if scalars.len() <= *place {
                scalars.resize(place + 1, None);
            }
            if let Some(scalar) = scalars.get_mut(*place) {
                *scalar = Some(value);
            }
        }
        Input::List(items) => items.iter().for_each(|item| collect(item, scalars)),
        Input::Object(fields) => fields.iter().for_each(|(_, value)| collect(value, scalars)),
        Input::Null | Input::Scalar(_) | Input::Enum(_) => {}
    }
}

fn value(bind: &Bind, given: &[Option<&Value>]) -> Option<Value> {
    let scalar = |place: &usize| given.get(*place).copied().flatten();
    match bind {
        Bind::Fixed(value) => Some(value.clone()),
        Bind::Given(place) => scalar(place).cloned(),
        Bind::Key(place) => match scalar(place)? {
            Value::Text(text) => text.parse().ok().map(Value::Int),
            _ => None,
        },
        Bind::MaskedKey(key) => match scalar(&key.given)? {
            Value::Text(text) => key.open(text).map(Value::Int),
            _ => None,
        },
        Bind::Offset(place) => match scalar(place)? {
            offset @ Value::Int(1..) => Some(offset.clone()),
            _ => None,
        },
        Bind::Node(node) => match scalar(&node.given)? {
            Value::Text(text) => node.open(text).map(Value::Int),
            _ => None,
        },
        Bind::Blind(blind) => match scalar(&blind.given)? {
            Value::Text(text) => blind.open(text).map(Value::Text),
            _ => None,
        },
        Bind::Cursor(cursor, place) => match scalar(&cursor.given)? {
            Value::Text(text) => cursor.open(text)?.get(*place).cloned(),
            _ => None,
        },
    }
}
