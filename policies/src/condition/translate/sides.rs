//! The two sides of a comparison, brought together: types, order, absence.

use cel::common::ast::LiteralValue;

use super::not_allowed;
use crate::condition::coerce::{self, Wanted};
use crate::condition::source::ALLOWED;
use crate::condition::{Comparison, Condition, InList, Operand, RowPath};
use crate::error::Fault;
use crate::shape::FieldShape;
use crate::value::{Value, ValueKind};

/// One side of a comparison, before the two are brought together.
pub(super) enum Side<'a> {
    Row(RowPath, &'a FieldShape),
    User(String),
    Now,
    Literal(&'a LiteralValue),
}

impl Side<'_> {
    fn rank(&self) -> u8 {
        match self {
            Self::Row(..) => 0,
            Self::User(_) => 1,
            Self::Now => 2,
            Self::Literal(_) => 3,
        }
    }
}

/// A comparison of two sides.
pub(super) fn compare(op: Comparison, left: Side<'_>, right: Side<'_>) -> Result<Condition, Fault> {
    // INVARIANT: a column is on the left, or else a claim, or else `now`; never a literal.
    if left.rank() > right.rank() {
        return compare(op.flip(), right, left);
    }
    if let Side::Literal(LiteralValue::Null) = right {
        return absence(op, left);
    }
    let kind = match (&left, &right) {
        (Side::Row(_, field), _) => Some(field.kind),
        (_, Side::Now) | (Side::Now, _) => Some(ValueKind::DateTime),
        (_, Side::Literal(literal)) => coerce::plain_literal(literal)
            .and_then(|value| Wanted::like(&value).map(|wanted| wanted.kind)),
        _ => None,
    };
    check_order(op, kind)?;
    let (left, right) = match (left, right) {
        (Side::Row(path, field), right) => (Operand::Row(path), beside_column(field, right)?),
        (Side::User(claim), Side::Now) => (Operand::User(claim), Operand::Now),
        (Side::User(claim), Side::Literal(literal)) => {
            (Operand::User(claim), Operand::Literal(plain(literal)?))
        }
        (Side::Now, Side::Literal(literal)) => {
            let wanted = Wanted {
                kind: ValueKind::DateTime,
                variants: &[],
            };
            (
                Operand::Now,
                Operand::Literal(coerced(literal, "`now`", wanted)?),
            )
        }
        _ => {
            return Err(Fault::new(
                "neither side of a comparison has a type",
                "compare a column with something, or a claim with a literal or `now`",
            ));
        }
    };
    Ok(Condition::Compare { op, left, right })
}

/// A side in a list of literals.
pub(super) fn in_literals(
    operand: Side<'_>,
    literals: &[&LiteralValue],
) -> Result<Condition, Fault> {
    if literals.is_empty() {
        return Err(Fault::new(
            "the list is empty",
            "name at least one value, or use `false`",
        ));
    }
    let (operand, values) = match operand {
        Side::Row(_, field) if field.kind == ValueKind::Json => return Err(json(field)),
        Side::Row(path, field) => {
            let name = format!("`{}`", field.column);
            let values: Result<Vec<_>, _> = literals
                .iter()
                .map(|literal| coerced(literal, &name, Wanted::of(field)))
                .collect();
            (Operand::Row(path), values?)
        }
        Side::User(claim) => {
            let values: Option<Vec<_>> = literals
                .iter()
                .map(|literal| coerce::plain_literal(literal))
                .collect();
            let values = values.ok_or_else(|| not_allowed("this kind of literal in a list"))?;
            let first = values.first().map(std::mem::discriminant);
            if values
                .iter()
                .any(|value| Some(std::mem::discriminant(value)) != first)
            {
                return Err(Fault::new(
                    "the list mixes types",
                    "list values of one type",
                ));
            }
            (Operand::User(claim), values)
        }
        Side::Now | Side::Literal(_) => {
            return Err(Fault::new("`in` looks for a column or a claim", ALLOWED));
        }
    };
    Ok(Condition::In {
        operand,
        list: InList::Values(values),
    })
}

/// A side in a claim that holds a list.
pub(super) fn in_claim(operand: Side<'_>, list: Side<'_>) -> Result<Condition, Fault> {
    let Side::User(claim) = list else {
        return Err(Fault::new(
            "`in` needs a list",
            "use `in [..]` with literals, or `in user.<claim>`",
        ));
    };
    let operand = match operand {
        Side::Row(_, field) if field.kind == ValueKind::Json => return Err(json(field)),
        Side::Row(path, _) => Operand::Row(path),
        Side::Literal(literal) => Operand::Literal(plain(literal)?),
        Side::User(_) | Side::Now => {
            return Err(Fault::new(
                "neither side of `in` has a type",
                "look for a column or a literal in a claim",
            ));
        }
    };
    Ok(Condition::In {
        operand,
        list: InList::Claim(claim),
    })
}

fn absence(op: Comparison, side: Side<'_>) -> Result<Condition, Fault> {
    let operand = match side {
        Side::Row(path, _) => Operand::Row(path),
        Side::User(claim) => Operand::User(claim),
        Side::Now | Side::Literal(_) => {
            return Err(Fault::new("only a column or a claim can be null", ALLOWED));
        }
    };
    match op {
        Comparison::Eq => Ok(Condition::IsNull(operand)),
        Comparison::Ne => Ok(Condition::Not(Box::new(Condition::IsNull(operand)))),
        _ => Err(Fault::new(
            "null has no order",
            "use `== null` or `!= null`",
        )),
    }
}

/// What a column is compared with.
fn beside_column(field: &FieldShape, side: Side<'_>) -> Result<Operand, Fault> {
    if field.kind == ValueKind::Json {
        return Err(json(field));
    }
    match side {
        Side::Row(path, other) if other.kind == field.kind && other.variants == field.variants => {
            Ok(Operand::Row(path))
        }
        Side::Row(_, other) => Err(Fault::new(
            format!(
                "`{}` is {} and `{}` is {}",
                field.column,
                name_of(field.kind),
                other.column,
                name_of(other.kind)
            ),
            "compare columns of one type",
        )),
        Side::Now if matches!(field.kind, ValueKind::DateTime | ValueKind::Date) => {
            Ok(Operand::Now)
        }
        Side::Now => Err(Fault::new(
            format!("`{}` is {}, not a time", field.column, name_of(field.kind)),
            "compare `now` with a date or an instant",
        )),
        Side::User(claim) => Ok(Operand::User(claim)),
        Side::Literal(literal) => {
            coerced(literal, &format!("`{}`", field.column), Wanted::of(field))
                .map(Operand::Literal)
        }
    }
}

fn plain(literal: &LiteralValue) -> Result<Value, Fault> {
    coerce::plain_literal(literal).ok_or_else(|| not_allowed("this kind of literal"))
}

fn coerced(literal: &LiteralValue, beside: &str, wanted: Wanted<'_>) -> Result<Value, Fault> {
    if let Some(value) = coerce::literal(literal, wanted) {
        return Ok(value);
    }
    let cure = match wanted.kind {
        ValueKind::Boolean => "write true or false".to_owned(),
        ValueKind::Int => "write a whole number".to_owned(),
        ValueKind::Float => "write a number".to_owned(),
        ValueKind::Decimal => "write a number, or one in quotes such as '19.90'".to_owned(),
        ValueKind::Text => "write text in quotes".to_owned(),
        ValueKind::Enum => format!("write one of '{}'", wanted.variants.join("', '")),
        ValueKind::Date => "write a day such as '2024-12-31'".to_owned(),
        ValueKind::DateTime => "write an instant such as '2024-12-31T23:59:59Z'".to_owned(),
        ValueKind::Uuid => {
            "write a UUID in lower case such as '01890a5d-ac96-774b-bcce-b302099a8057'".to_owned()
        }
        ValueKind::Json => ALLOWED.to_owned(),
    };
    Err(Fault::new(
        format!(
            "the literal beside {beside} is not {}",
            name_of(wanted.kind)
        ),
        cure,
    ))
}

fn check_order(op: Comparison, kind: Option<ValueKind>) -> Result<(), Fault> {
    let ordered = matches!(
        kind,
        Some(
            ValueKind::Int
                | ValueKind::Float
                | ValueKind::Decimal
                | ValueKind::Date
                | ValueKind::DateTime
        )
    );
    if ordered || matches!(op, Comparison::Eq | Comparison::Ne) {
        return Ok(());
    }
    let what = kind.map_or("what has no type", name_of);
    Err(Fault::new(
        format!("`<` and `>` do not order {what}"),
        "they order numbers, dates and instants; use == or in [..]",
    ))
}

fn json(field: &FieldShape) -> Fault {
    Fault::new(
        format!("`{}` is a JSON document", field.column),
        "it can only be compared with null",
    )
}

pub(crate) fn name_of(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Boolean => "a truth value",
        ValueKind::Int => "a whole number",
        ValueKind::Float => "a number",
        ValueKind::Decimal => "a decimal number",
        ValueKind::Text => "text",
        ValueKind::Enum => "one of a closed set of names",
        ValueKind::Date => "a day",
        ValueKind::DateTime => "an instant",
        ValueKind::Json => "a JSON document",
        ValueKind::Uuid => "a UUID",
    }
}
