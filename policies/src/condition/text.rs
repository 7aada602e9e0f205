//! Conditions as a steward would write them: for explanations, never read back.

use super::{Comparison, Condition, InList, Operand, RowPath, Truth};
use crate::error::is_hidden;
use crate::shape::Shape;
use crate::value::Value;

impl Condition {
    /// The condition in the words of `policy.csv`.
    #[must_use]
    pub fn text(&self, shape: &Shape) -> String {
        match self {
            Self::Constant(Truth::True) => "true".to_owned(),
            Self::Constant(Truth::False) => "false".to_owned(),
            Self::Constant(Truth::Unknown) => "unknown".to_owned(),
            Self::Compare {
                op: Comparison::Eq,
                left,
                right: Operand::Literal(Value::Boolean(true)),
            } => left.text(shape),
            Self::Compare { op, left, right } => {
                format!("{} {} {}", left.text(shape), op.symbol(), right.text(shape))
            }
            Self::In { operand, list } => {
                let list = match list {
                    InList::Values(values) => {
                        let values: Vec<String> = values.iter().map(literal).collect();
                        format!("[{}]", values.join(", "))
                    }
                    InList::Claim(name) => format!("user.{name}"),
                };
                format!("{} in {list}", operand.text(shape))
            }
            Self::IsNull(operand) => format!("{} == null", operand.text(shape)),
            Self::And(parts) => joined(parts, " && ", shape),
            Self::Or(parts) => joined(parts, " || ", shape),
            Self::Not(inner) => match inner.as_ref() {
                Self::IsNull(operand) => format!("{} != null", operand.text(shape)),
                inner => format!("!({})", inner.text(shape)),
            },
        }
    }
}

impl Operand {
    pub(crate) fn text(&self, shape: &Shape) -> String {
        match self {
            Self::Row(path) => path.text(shape),
            Self::User(name) => format!("user.{name}"),
            Self::Now => "now".to_owned(),
            Self::Literal(value) => literal(value),
        }
    }
}

impl RowPath {
    /// The path in the words of `policy.csv`: `row.order.customer.department_id`.
    #[must_use]
    pub fn text(&self, shape: &Shape) -> String {
        let mut text = "row".to_owned();
        let mut at = shape.entity(self.entity);
        for hop in &self.hops {
            let relation = at.and_then(|entity| entity.to_one.get(*hop));
            text.push('.');
            text.push_str(relation.map_or("?", |relation| &relation.name));
            at = relation.and_then(|relation| shape.entity(relation.target));
        }
        let column = self.end(shape).map_or("?", |field| &field.column);
        format!("{text}.{column}")
    }
}

impl Comparison {
    fn symbol(self) -> &'static str {
        match self {
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
        }
    }
}

/// A value as a literal, on one line and with nothing in it that a terminal would obey.
pub(crate) fn literal(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Boolean(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => value.to_string(),
        Value::Decimal(value) => value.to_string(),
        Value::Text(text) => format!("'{}'", tame(text)),
        Value::Date(value) => format!("'{value}'"),
        Value::DateTime(value) => format!("'{}'", instant(value)),
        Value::Json(value) => tame(&value.to_string()),
        Value::Uuid(value) => format!("'{value}'"),
    }
}

/// An instant as answers write it.
pub(crate) fn instant(value: &chrono::DateTime<chrono::Utc>) -> String {
    value.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

/// The text with control, format and line characters, and the quote, escaped.
pub(crate) fn tame(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        if c == '\'' || is_hidden(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
        out
    })
}

fn joined(parts: &[Condition], operator: &str, shape: &Shape) -> String {
    let parts: Vec<String> = parts
        .iter()
        .map(|part| match part {
            Condition::And(_) | Condition::Or(_) => format!("({})", part.text(shape)),
            part => part.text(shape),
        })
        .collect();
    parts.join(operator)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tests::{set, shape, strategies};

    fn translated(text: &str) -> Condition {
        let rules = format!("p,a,Customer,full,\"{text}\",allow");
        let set = set(&rules).unwrap_or_else(|errors| panic!("{errors}\n{rules}"));
        set.rules()[0].conditions[&2].clone()
    }

    #[test]
    fn a_condition_is_told_as_it_would_be_written() {
        for text in [
            "row.owner_id == user.id && row.consent",
            "row.owner.department.name == 'north' || (row.income >= 100.5 && user.department_id != null)",
            "row.stage in ['ACTIVE', 'LOST'] && !(row.department_id in user.departments)",
        ] {
            assert_eq!(translated(text).text(&shape()), text);
        }
    }

    #[test]
    fn a_literal_moves_no_cursor() {
        let text = literal(&Value::Text("a\u{1b}[2J\u{202e}'\nü".to_owned()));
        assert_eq!(text, "'a\\u{1b}[2J\\u{202e}\\'\\nü'");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn what_is_told_means_what_was_written(
            text in strategies::condition(Some(2)),
            who in strategies::who(),
            row in strategies::row(),
        ) {
            let condition = translated(&text);
            let told = translated(&condition.text(&shape()));
            let now = crate::tests::now();
            prop_assert_eq!(
                condition.settle(&shape(), &who, now).evaluate(&row),
                told.settle(&shape(), &who, now).evaluate(&row)
            );
        }
    }
}
