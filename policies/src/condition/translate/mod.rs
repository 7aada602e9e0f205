//! From CEL's tree to ours: the condition of a rule as it reads on one entity, with every name and type checked.

use std::ops::Range;

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, operators};

use self::sides::Side;
pub(crate) use self::sides::name_of;
use super::source::{ALLOWED, Source};
use super::{Comparison, Condition, Operand, RowPath, Truth};
use crate::error::Fault;
use crate::shape::Shape;
use crate::value::{Value, ValueKind};

mod sides;

/// How many relations a path may walk.
const MAX_HOPS: usize = 8;

impl Source {
    /// The condition as it reads on rows of `entity`.
    pub(crate) fn translate(&self, shape: &Shape, entity: usize) -> Result<Condition, Fault> {
        Translation {
            shape,
            entity,
            source: Some(self),
        }
        .condition(&self.root)
    }
}

/// The path of `names` from rows of `entity`: to-one relations, and a column at the end.
pub(crate) fn column_path(shape: &Shape, entity: usize, names: &[&str]) -> Result<RowPath, Fault> {
    let leads_nowhere = || Fault::new("the path leads nowhere", "name a column");
    let (column, relations) = names.split_last().ok_or_else(leads_nowhere)?;
    let translation = Translation {
        shape,
        entity,
        source: None,
    };
    let relations: Vec<Name<'_>> = relations.iter().map(|name| (*name, 0..0)).collect();
    match translation.column(&relations, &(column, 0..0))? {
        Side::Row(path, _) => Ok(path),
        _ => Err(leads_nowhere()),
    }
}

#[derive(Clone, Copy)]
struct Translation<'a> {
    shape: &'a Shape,
    entity: usize,
    /// Where the names come from, if from a condition.
    source: Option<&'a Source>,
}

/// A name of a path, and where it stands.
type Name<'a> = (&'a str, Range<usize>);

impl<'a> Translation<'a> {
    fn condition(self, part: &'a IdedExpr) -> Result<Condition, Fault> {
        let condition = self.unplaced(part);
        condition.map_err(|fault| self.placed(fault, part))
    }

    /// A fault is placed by the smallest part that has it.
    fn placed(self, fault: Fault, part: &IdedExpr) -> Fault {
        match self.source {
            Some(source) if fault.stretch.is_none() => fault.within(source.stretch(part)),
            _ => fault,
        }
    }

    fn unplaced(self, part: &'a IdedExpr) -> Result<Condition, Fault> {
        match &part.expr {
            Expr::Literal(LiteralValue::Boolean(value)) => {
                Ok(Condition::Constant(Truth::from(*value.inner())))
            }
            Expr::Call(call) => self.call(call),
            Expr::Ident(_) | Expr::Select(_) => self.flag(part),
            Expr::Literal(_) => Err(not_allowed("a literal that is not true or false")),
            other => Err(not_allowed(describe(other))),
        }
    }

    fn call(self, call: &'a CallExpr) -> Result<Condition, Fault> {
        let arguments: Vec<&IdedExpr> = call.args.iter().collect();
        match (call.func_name.as_str(), arguments.as_slice()) {
            _ if call.target.is_some() => {
                Err(not_allowed(&format!("the function `{}`", call.func_name)))
            }
            (operators::LOGICAL_AND, all) => self.list(all).map(Condition::And),
            (operators::LOGICAL_OR, any) => self.list(any).map(Condition::Or),
            (operators::LOGICAL_NOT, [inner]) => {
                Ok(Condition::Not(Box::new(self.condition(inner)?)))
            }
            (operators::IN, [operand, list]) => self.membership(operand, list),
            (name, [left, right]) => match comparison(name) {
                Some(op) => sides::compare(op, self.side(left)?, self.side(right)?),
                None => Err(not_allowed(&format!("`{}`", plain(name)))),
            },
            (name, _) => Err(not_allowed(&format!("`{}`", plain(name)))),
        }
    }

    fn list(self, expressions: &[&'a IdedExpr]) -> Result<Vec<Condition>, Fault> {
        expressions
            .iter()
            .map(|expression| self.condition(expression))
            .collect()
    }

    /// A boolean column or claim standing alone.
    fn flag(self, part: &'a IdedExpr) -> Result<Condition, Fault> {
        let left = match self.side(part)? {
            Side::Row(path, field) if field.kind == ValueKind::Boolean => Operand::Row(path),
            Side::Row(_, field) => {
                return Err(Fault::new(
                    format!(
                        "`{}` is {}, not a truth value",
                        field.column,
                        name_of(field.kind)
                    ),
                    "compare it with something",
                ));
            }
            Side::User(claim) => Operand::User(claim),
            Side::Now | Side::Literal(_) => {
                return Err(Fault::new(
                    "`now` is not a truth value",
                    "compare it with something",
                ));
            }
        };
        let right = Operand::Literal(Value::Boolean(true));
        Ok(Condition::Compare {
            op: Comparison::Eq,
            left,
            right,
        })
    }

    fn membership(self, operand: &'a IdedExpr, list: &'a IdedExpr) -> Result<Condition, Fault> {
        let operand = self.side(operand)?;
        let Expr::List(list) = &list.expr else {
            return sides::in_claim(operand, self.side(list)?);
        };
        let literals: Option<Vec<&LiteralValue>> = list
            .elements
            .iter()
            .map(|element| match &element.expr {
                Expr::Literal(literal) => Some(literal),
                _ => None,
            })
            .collect();
        let literals = literals.ok_or_else(|| not_allowed("a list of anything but literals"))?;
        sides::in_literals(operand, &literals)
    }

    fn side(self, part: &'a IdedExpr) -> Result<Side<'a>, Fault> {
        let side = match &part.expr {
            Expr::Literal(literal) => Ok(Side::Literal(literal)),
            Expr::Ident(name) if name == "now" => Ok(Side::Now),
            Expr::Ident(_) | Expr::Select(_) => self.path(part),
            other => Err(not_allowed(describe(other))),
        };
        side.map_err(|fault| self.placed(fault, part))
    }

    fn path(self, part: &'a IdedExpr) -> Result<Side<'a>, Fault> {
        let path = self.names(part)?;
        if let [("row", _), relations @ .., column] = path.as_slice()
            && path.len() > 1
        {
            return self.column(relations, column);
        }
        let names: Vec<&str> = path.iter().map(|(name, _)| *name).collect();
        match names.as_slice() {
            ["user", claim] => Ok(Side::User((*claim).to_owned())),
            ["user", ..] => Err(Fault::new(
                format!("`{}` does not name a claim", names.join(".")),
                "claims are flat: user.<claim>",
            )),
            ["row"] => Err(Fault::new(
                "`row` does not name a column",
                "use row.<column>",
            )),
            _ => Err(Fault::new(
                format!("unknown name `{}`", names.join(".")),
                "names start with `row.` or `user.`, or are `now`; text goes in single quotes",
            )),
        }
    }

    fn column(
        self,
        relations: &[Name<'_>],
        (column, stretch): &Name<'_>,
    ) -> Result<Side<'a>, Fault> {
        if relations.len() > MAX_HOPS {
            return Err(Fault::new(
                format!("the path walks more than {MAX_HOPS} relations"),
                "use a shorter one",
            ));
        }
        let mut hops = Vec::new();
        let mut at = self.shape.entity(self.entity);
        for (relation, stretch) in relations {
            let Some(entity) = at else { break };
            let Some(hop) = entity.to_one.iter().position(|one| one.name == *relation) else {
                let known = entity.to_one.iter().map(|one| one.name.as_str());
                return Err(Fault::unknown(
                    format!("`{}` has no to-one relation `{relation}`", entity.name),
                    relation,
                    known,
                    "a path walks to-one relations by their snake_case names",
                )
                .within(stretch.clone()));
            };
            hops.push(hop);
            at = entity
                .to_one
                .get(hop)
                .and_then(|one| self.shape.entity(one.target));
        }
        let Some(entity) = at else {
            return Err(Fault::new("the path leads nowhere", ALLOWED));
        };
        let Some(field) = entity
            .fields
            .iter()
            .position(|field| field.column == *column)
        else {
            let known = entity.fields.iter().map(|field| field.column.as_str());
            return Err(Fault::unknown(
                format!("`{}` has no column `{column}`", entity.name),
                column,
                known,
                "columns go by their snake_case names",
            )
            .within(stretch.clone()));
        };
        let path = RowPath {
            entity: self.entity,
            hops,
            field,
        };
        match entity.fields.get(field) {
            Some(field) => Ok(Side::Row(path, field)),
            None => Err(Fault::new("the path leads nowhere", ALLOWED)),
        }
    }

    /// The names of a path, from its root.
    fn names(self, part: &'a IdedExpr) -> Result<Vec<Name<'a>>, Fault> {
        let mut names = Vec::new();
        let mut at = part;
        loop {
            let stretch = self.source.map_or(0..0, |source| source.name(at));
            match &at.expr {
                Expr::Ident(name) => {
                    names.push((name.as_str(), stretch));
                    names.reverse();
                    return Ok(names);
                }
                Expr::Select(select) if !select.test => {
                    names.push((select.field.as_str(), stretch));
                    at = &select.operand;
                }
                Expr::Select(_) => return Err(not_allowed("`has()`")),
                other => return Err(not_allowed(&format!("a path from {}", describe(other)))),
            }
        }
    }
}

fn comparison(name: &str) -> Option<Comparison> {
    Some(match name {
        operators::EQUALS => Comparison::Eq,
        operators::NOT_EQUALS => Comparison::Ne,
        operators::LESS => Comparison::Lt,
        operators::LESS_EQUALS => Comparison::Le,
        operators::GREATER => Comparison::Gt,
        operators::GREATER_EQUALS => Comparison::Ge,
        _ => return None,
    })
}

fn not_allowed(what: &str) -> Fault {
    Fault::new(format!("{what} is not allowed in a condition"), ALLOWED)
}

/// CEL calls the operator `_+_` what a steward calls `+`.
fn plain(operator: &str) -> &str {
    operator.trim_matches(['_', '@'])
}

fn describe(expression: &Expr) -> &'static str {
    match expression {
        Expr::Call(_) => "a computation",
        Expr::Comprehension(_) => "a loop",
        Expr::List(_) => "a list on its own",
        Expr::Map(_) => "a map",
        Expr::Struct(_) => "a message",
        Expr::Ident(_) | Expr::Select(_) => "a name",
        Expr::Literal(_) => "a literal",
        Expr::Unspecified => "an empty expression",
    }
}
