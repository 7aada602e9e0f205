//! Conditions, fields and values as SQL expressions: the one place where a policy becomes part of a statement.

use std::collections::BTreeMap;
use std::sync::Arc;

use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Func, Query, SelectStatement};
use sudare_entities::Catalog;
use sudare_entities::catalog::{Field, Kind, Relation};
use sudare_policies::View;
use sudare_policies::condition::{Comparison, Condition, InList, Operand, RowPath, Truth};
use sudare_policies::decision::Tier;
use sudare_policies::value::Value;

use super::bind::{Bind, Binds};
use super::dialect::Dialect;
use crate::shape::to_one;

/// What every part of a plan is built with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sql<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) view: &'a View,
    pub(crate) dialect: Dialect,
    /// The values of all statements of the plan.
    pub(crate) binds: &'a Binds,
}

/// One use of a table in a statement.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    pub(crate) entity: usize,
    /// How deep in sub-queries; names the alias, so that no two scopes that see each other share one.
    depth: usize,
    alias: Arc<str>,
    /// What some columns of the row will hold, by name: that, and not what they hold now, is meant where rows are reached by them.
    will: Arc<BTreeMap<String, Expr>>,
}

impl Scope {
    pub(crate) fn root(entity: usize) -> Self {
        Self::at(entity, 0)
    }

    /// A sub-query's scope.
    pub(crate) fn inner(&self, entity: usize) -> Self {
        Self::at(entity, self.depth + 1)
    }

    /// How many sub-queries it is in.
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }

    fn at(entity: usize, depth: usize) -> Self {
        Self {
            entity,
            depth,
            alias: format!("t{depth}").into(),
            will: Arc::default(),
        }
    }

    /// The same with what some columns will hold.
    pub(super) fn as_it_will_be(&self, will: BTreeMap<String, Expr>) -> Self {
        Self {
            will: Arc::new(will),
            ..self.clone()
        }
    }

    fn column(&self, field: &Field) -> Expr {
        let will = self.will.get(&field.column);
        will.map_or_else(|| self.named(&field.column), Expr::clone)
    }

    /// A column by its name: of what is no field, too.
    pub(super) fn named(&self, column: &str) -> Expr {
        Expr::col((Alias::new(&*self.alias), Alias::new(column)))
    }
}

/// How a clause may see a field.
pub(crate) enum Sight {
    /// As it is.
    Whole(Expr),
    /// As null, on rows where it is not FULL.
    Guarded(Expr),
    /// Not at all.
    Hidden,
}

impl Sql<'_> {
    /// `SELECT ... FROM table AS tN` with the rows that the principal may see.
    pub(crate) fn visible_rows(&self, scope: &Scope) -> SelectStatement {
        let mut select = Query::select();
        self.from(&mut select, scope);
        if let Some(visible) = self.restriction(self.view.row(scope.entity), scope) {
            select.and_where(visible);
        }
        select
    }

    /// `FROM table AS tN`, with all of its rows.
    pub(crate) fn from(&self, select: &mut SelectStatement, scope: &Scope) {
        if let Some(entity) = self.catalog.entities.get(scope.entity) {
            select.from_as(Alias::new(&entity.table), Alias::new(&*scope.alias));
        }
    }

    /// The condition as SQL; `None` if it always holds.
    pub(crate) fn restriction(&self, condition: &Condition, scope: &Scope) -> Option<Expr> {
        match condition {
            Condition::Constant(Truth::True) => None,
            other => Some(self.condition(other, scope)),
        }
    }

    /// The raw column, for keys and guarded uses.
    pub(crate) fn column(&self, scope: &Scope, field: usize) -> Expr {
        match self.field(scope.entity, field) {
            Some(field) => scope.column(field),
            None => Expr::cust("NULL"),
        }
    }

    /// The field as filters and orders see it.
    pub(crate) fn sight(&self, scope: &Scope, field: usize) -> Sight {
        let decision = self.view.decision(scope.entity, field);
        let column = self.column(scope, field);
        match decision.guard(Tier::Full) {
            Condition::Constant(Truth::True) => Sight::Whole(column),
            Condition::Constant(_) => Sight::Hidden,
            guard => Sight::Guarded(Expr::case(self.condition(&guard, scope), column).into()),
        }
    }

    /// Where the field is seen in full; `None` if it always is.
    pub(crate) fn seen_where(&self, scope: &Scope, field: usize) -> Option<Expr> {
        let decision = self.view.decision(scope.entity, field);
        self.restriction(&decision.guard(Tier::Full), scope)
    }

    /// The column, null where the principal sees nothing of the field: what is not in the view is not fetched, and a key
    /// that is not in the view does not lead anywhere.
    pub(crate) fn seen(&self, scope: &Scope, field: usize) -> Expr {
        let column = self.column(scope, field);
        match self
            .view
            .decision(scope.entity, field)
            .guard(Tier::Desensitized)
        {
            Condition::Constant(Truth::True) => column,
            Condition::Constant(_) => Expr::cust("NULL"),
            guard => Expr::case(self.condition(&guard, scope), column).into(),
        }
    }

    /// Whether the row's key is this one, and the principal sees so: the other side of a link.
    pub(crate) fn linked(&self, scope: &Scope, field: usize, key: Expr) -> Expr {
        let equal = self.column(scope, field).eq(key);
        let guard = self
            .view
            .decision(scope.entity, field)
            .guard(Tier::Desensitized);
        match self.restriction(&guard, scope) {
            Some(guard) => equal.and(guard),
            None => equal,
        }
    }

    /// Rows of the relation's target that belong to the row of `scope` and are visible.
    pub(crate) fn related_rows(
        &self,
        scope: &Scope,
        relation: &Relation,
    ) -> (Scope, SelectStatement) {
        let inner = scope.inner(relation.target);
        let mut select = self.visible_rows(&inner);
        select.and_where(self.linked(&inner, relation.to, self.seen(scope, relation.from)));
        (inner, select)
    }

    /// A guard as a selectable truth: 1 where it holds, else 0.
    pub(crate) fn truth(&self, condition: &Condition, scope: &Scope) -> Expr {
        Expr::case(self.condition(condition, scope), Expr::cust("1"))
            .finally(Expr::cust("0"))
            .into()
    }

    /// The condition as SQL, with SQL's own three-valued logic.
    pub(crate) fn condition(&self, condition: &Condition, scope: &Scope) -> Expr {
        match condition {
            Condition::Constant(truth) => constant(*truth),
            Condition::Compare { op, left, right } => {
                match (self.operand(left, scope), self.operand(right, scope)) {
                    (Some(left_expr), Some(right_expr)) => {
                        let texts = self.is_text(left) || self.is_text(right);
                        self.compare(*op, left_expr, right_expr, texts)
                    }
                    _ => constant(Truth::Unknown),
                }
            }
            Condition::In {
                operand,
                list: InList::Values(values),
            } => {
                let values: Vec<Expr> = values.iter().map(|value| self.value(value)).collect();
                match self.operand(operand, scope) {
                    Some(_) if values.is_empty() => constant(Truth::False),
                    Some(operand) => operand.is_in(values),
                    None => constant(Truth::Unknown),
                }
            }
            // A settled condition has no claims left; if one is, nothing is shown.
            Condition::In {
                list: InList::Claim(_),
                ..
            } => constant(Truth::Unknown),
            Condition::IsNull(operand) => match self.operand(operand, scope) {
                Some(operand) => operand.is_null(),
                None => constant(Truth::Unknown),
            },
            Condition::And(parts) => {
                self.all(parts, scope, Truth::True, |left, right| left.and(right))
            }
            Condition::Or(parts) => {
                self.all(parts, scope, Truth::False, |left, right| left.or(right))
            }
            Condition::Not(inner) => self.condition(inner, scope).not(),
        }
    }

    fn all(
        &self,
        parts: &[Condition],
        scope: &Scope,
        none: Truth,
        join: fn(Expr, Expr) -> Expr,
    ) -> Expr {
        parts
            .iter()
            .map(|part| self.condition(part, scope))
            .reduce(join)
            .unwrap_or_else(|| constant(none))
    }

    fn operand(&self, operand: &Operand, scope: &Scope) -> Option<Expr> {
        match operand {
            Operand::Row(path) => self.path(path, scope),
            Operand::Literal(value) => Some(self.value(value)),
            Operand::User(_) | Operand::Now => None,
        }
    }

    /// A column reached through to-one relations: a scalar sub-query, so that what is absent stays null and `not` of it
    /// unknown.
    pub(crate) fn path(&self, path: &RowPath, scope: &Scope) -> Option<Expr> {
        let Some((hop, rest)) = path.hops.split_first() else {
            return Some(scope.column(self.field(scope.entity, path.field)?));
        };
        let entity = self.catalog.entities.get(scope.entity)?;
        let relation = to_one(entity).nth(*hop)?;
        let inner = scope.inner(relation.target);
        let target = self.catalog.entities.get(relation.target)?;
        let rest = RowPath {
            entity: relation.target,
            hops: rest.to_vec(),
            field: path.field,
        };
        let mut select = Query::select();
        select
            .expr(self.path(&rest, &inner)?)
            .from_as(Alias::new(&target.table), Alias::new(&*inner.alias))
            .and_where(
                self.column(&inner, relation.to)
                    .eq(self.column(scope, relation.from)),
            );
        Some(Expr::from(
            sea_orm::sea_query::SubQueryStatement::SelectStatement(select),
        ))
    }

    /// A value, to be bound.
    pub(crate) fn value(&self, value: &Value) -> Expr {
        self.bound(Bind::Fixed(value.clone()), value)
    }

    /// A value of this origin, to be bound; `value` is one of its kind.
    pub(crate) fn bound(&self, bind: Bind, value: &Value) -> Expr {
        self.dialect.value(self.binds.place(bind), value)
    }

    /// The name of a variant, in the statement itself: there are few of them, and a database that knows it plans better, and once.
    /// `None` if it is no variant of the kind, or no plain name.
    pub(crate) fn variant(kind: &Kind, name: &str) -> Option<Expr> {
        let Kind::Enum { variants, .. } = kind else {
            return None;
        };
        let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let known = variants.iter().any(|variant| variant == name);
        (plain && known).then(|| Expr::cust(format!("'{name}'")))
    }

    /// A comparison; texts are ordered by code point.
    pub(crate) fn compare(&self, op: Comparison, left: Expr, right: Expr, texts: bool) -> Expr {
        let ordered = |expr| {
            if texts {
                self.dialect.ordered_text(expr)
            } else {
                expr
            }
        };
        match op {
            Comparison::Eq => left.eq(right),
            Comparison::Ne => left.ne(right),
            Comparison::Lt => ordered(left).lt(right),
            Comparison::Le => ordered(left).lte(right),
            Comparison::Gt => ordered(left).gt(right),
            Comparison::Ge => ordered(left).gte(right),
        }
    }

    fn is_text(&self, operand: &Operand) -> bool {
        match operand {
            Operand::Literal(Value::Text(_)) => true,
            Operand::Row(path) => self
                .path_target(path)
                .and_then(|entity| self.field(entity, path.field))
                .is_some_and(|field| is_text(&field.kind)),
            Operand::Literal(_) | Operand::User(_) | Operand::Now => false,
        }
    }

    /// The entity that a path ends at.
    fn path_target(&self, path: &RowPath) -> Option<usize> {
        path.hops.iter().try_fold(path.entity, |entity, hop| {
            let entity = self.catalog.entities.get(entity)?;
            Some(to_one(entity).nth(*hop)?.target)
        })
    }

    pub(crate) fn field(&self, entity: usize, field: usize) -> Option<&Field> {
        self.catalog.entities.get(entity)?.fields.get(field)
    }
}

fn constant(truth: Truth) -> Expr {
    match truth {
        Truth::True => Expr::cust("1 = 1"),
        Truth::False => Expr::cust("1 = 0"),
        Truth::Unknown => Expr::cust("NULL = 1"),
    }
}

/// Whether values of the kind are texts to a database.
pub(super) fn is_text(kind: &Kind) -> bool {
    matches!(kind, Kind::Text | Kind::Enum { .. })
}

/// The number of rows of a statement.
pub(crate) fn count(mut rows: SelectStatement) -> SelectStatement {
    rows.clear_selects();
    rows.expr(Func::count(Expr::cust("*")));
    rows
}
