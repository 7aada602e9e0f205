//! The statement of an aggregate, from the inside out: the values of the rows, the groups, what is shown of them.

use rust_decimal::Decimal;
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Func, JoinType, Query, SelectStatement};
use sudare_entities::catalog::Kind;

use super::{Aggregate, GROUPS, Measured, SUPPRESSED, grouped};
use crate::graphql::aggregates::{AVERAGE_DIGITS, Measure};
use crate::plan::dialect::{AVERAGE, Dialect, NEAREST, PARENT_NUMBER, PARENTS, SUM};
use crate::plan::sql::Sql;

/// What the values of rows are read from.
pub(super) const VALUES: &str = "q";

/// A value of a row.
pub(super) fn value(place: usize) -> Expr {
    Expr::col((Alias::new(VALUES), Alias::new(format!("c{place}"))))
}

/// The number of the parent, where one statement sees all of them.
pub(super) fn parent_of(alias: &'static str) -> Expr {
    Expr::col((Alias::new(alias), Alias::new(PARENT_NUMBER)))
}

impl Sql<'_> {
    /// `FROM` the groups of these rows: their keys `k0` and so on, the number of rows `n`, the measures `m0` and so on, and whether
    /// what is withheld of them is `suppressed`.
    pub(super) fn groups(
        &self,
        aggregate: &Aggregate<'_>,
        rows: SelectStatement,
        of_parents: bool,
    ) -> SelectStatement {
        // Elsewhere a statement sees one parent at a time.
        let by_parent = of_parents && self.dialect == Dialect::MariaDb;
        let mut inside = self.grouped_rows(aggregate, rows, by_parent);
        if !aggregate.withheld.is_empty() {
            inside = self.judged_groups(aggregate, inside, by_parent);
        }
        let mut groups = Query::select();
        if by_parent && aggregate.keys.is_empty() {
            // No rows are a group, too, whose parent has no row among the groups.
            inside = empty_too(aggregate, inside);
        }
        groups.from_subquery(inside, Alias::new(GROUPS));
        if by_parent {
            groups.and_where(parent_of(GROUPS).eq(parent_of(PARENTS)));
        }
        groups
    }

    /// The groups, as rows.
    fn grouped_rows(
        &self,
        aggregate: &Aggregate<'_>,
        mut rows: SelectStatement,
        by_parent: bool,
    ) -> SelectStatement {
        for (place, expr) in aggregate.values.iter().enumerate() {
            rows.expr_as(expr.clone(), Alias::new(format!("c{place}")));
        }
        if aggregate.values.is_empty() {
            rows.expr(Expr::cust("1"));
        }
        if by_parent {
            rows.from(Alias::new(PARENTS));
            rows.expr_as(parent_of(PARENTS), Alias::new(PARENT_NUMBER));
        }
        if !aggregate.withheld.is_empty() {
            rows = self.of_persons(aggregate, rows, by_parent);
        }
        let mut groups = Query::select();
        if by_parent {
            groups.expr_as(parent_of(VALUES), Alias::new(PARENT_NUMBER));
            groups.add_group_by([parent_of(VALUES)]);
        }
        groups.from_subquery(rows, Alias::new(VALUES));
        for (number, key) in aggregate.keys.iter().enumerate() {
            groups.expr_as(value(key.value), Alias::new(format!("k{number}")));
            groups.add_group_by([value(key.value)]);
        }
        groups.expr_as(Func::count(Expr::cust("*")), Alias::new("n"));
        for (number, measured) in aggregate.measures.iter().enumerate() {
            let expr = self.measure_of(measured);
            groups.expr_as(expr, Alias::new(format!("m{number}")));
        }
        self.judge(aggregate, &mut groups);
        groups
    }

    /// A measure of the values in a group.
    fn measure_of(&self, measured: &Measured) -> Expr {
        let of = value(measured.value);
        let compared = |of: Expr| match measured.field.kind {
            Kind::Text => self.dialect.ordered_text(of),
            _ => of,
        };
        match measured.measure {
            Measure::CountDistinct => Func::count_distinct(of).into(),
            Measure::Min => Func::min(compared(of)).into(),
            Measure::Max => Func::max(compared(of)).into(),
            Measure::Sum => self.dialect.sum(of, scale(&measured.kind())),
            Measure::Avg => self.dialect.average(of, scale(&measured.kind())),
        }
    }

    /// A measure of the groups, as clauses compare it.
    pub(super) fn measured(&self, number: usize, kind: &Kind) -> Expr {
        let measure = grouped(format!("m{number}"));
        match (self.dialect, kind) {
            // sums and averages come as text there, which keeps all of their digits
            (Dialect::Sqlite, Kind::Decimal { .. }) => measure.cast_as(Alias::new("REAL")),
            _ => measure,
        }
    }
}

/// The groups of all parents, one of no rows among them.
fn empty_too(aggregate: &Aggregate<'_>, groups: SelectStatement) -> SelectStatement {
    const FOUND: &str = "f";
    let found = |name: &str| Expr::col((Alias::new(FOUND), Alias::new(name)));
    let or_zero = |expr| Expr::from(Func::coalesce([expr, Expr::cust("0")]));
    let mut all = Query::select();
    all.from(Alias::new(PARENTS))
        .expr_as(parent_of(PARENTS), Alias::new(PARENT_NUMBER))
        .expr_as(or_zero(found("n")), Alias::new("n"));
    if !aggregate.withheld.is_empty() {
        all.expr_as(or_zero(found(SUPPRESSED)), Alias::new(SUPPRESSED));
    }
    for (number, measured) in aggregate.measures.iter().enumerate() {
        let name = format!("m{number}");
        let measure = match measured.measure {
            Measure::CountDistinct => or_zero(found(&name)),
            _ => found(&name),
        };
        all.expr_as(measure, Alias::new(name));
    }
    let same = parent_of(FOUND).eq(parent_of(PARENTS));
    all.join_subquery(JoinType::LeftJoin, groups, Alias::new(FOUND), same);
    all
}

/// Digits behind the point.
pub(super) fn scale(kind: &Kind) -> u32 {
    match kind {
        Kind::Decimal { scale } => *scale,
        _ => 0,
    }
}

impl Dialect {
    /// The exact sum of decimals or whole numbers.
    fn sum(self, of: Expr, scale: u32) -> Expr {
        match self {
            Self::Sqlite => sqlite(SUM, of, &[scale]),
            Self::Postgres => Expr::from(Func::sum(of)).cast_as(Alias::new("numeric")),
            Self::MariaDb => Func::sum(of).into(),
        }
    }

    /// Their mean, rounded half away from zero to so many digits. The servers divide with more than twenty digits first: the mean
    /// of less than 10^12 values lies never so close to the middle between two.
    fn average(self, of: Expr, scale: u32) -> Expr {
        let count = Expr::from(Func::count(of.clone()));
        let sum = Expr::from(Func::sum(of.clone()));
        let sum = match self {
            Self::Sqlite => {
                let stored = scale.saturating_sub(AVERAGE_DIGITS);
                return sqlite(AVERAGE, of, &[stored, scale]);
            }
            Self::Postgres => sum.cast_as(Alias::new("numeric")),
            Self::MariaDb => sum,
        };
        let wide = sum.mul(Expr::cust("1.00000000000000000000"));
        Func::cust(Alias::new("ROUND"))
            .arg(wide.div(count))
            .arg(Expr::cust(scale.to_string()))
            .into()
    }

    /// The multiple of a step that is nearest to a sum or a mean, of two the one away from zero, with so many digits. Nothing is
    /// divided, so it is exact.
    pub(super) fn nearest(self, of: Expr, step: Decimal, scale: u32) -> Expr {
        let call = |name: &'static str, of: Expr| Func::cust(Alias::new(name)).arg(of);
        if self == Self::Sqlite {
            let call = call(NEAREST, of).arg(Expr::cust(format!("'{step}'")));
            return call.arg(Expr::cust(scale.to_string())).into();
        }
        let half = (step / Decimal::TWO).normalize();
        let up = Expr::from(call("ABS", of.clone())).add(Expr::cust(half.to_string()));
        let rest = call("MOD", up.clone()).arg(Expr::cust(step.to_string()));
        let nearest = Expr::from(call("SIGN", of)).mul(up.sub(rest));
        call("ROUND", nearest)
            .arg(Expr::cust(scale.to_string()))
            .into()
    }
}

fn sqlite(function: &'static str, of: Expr, scales: &[u32]) -> Expr {
    let call = Func::cust(Alias::new(function)).arg(of);
    let call = scales
        .iter()
        .fold(call, |call, scale| call.arg(Expr::cust(scale.to_string())));
    call.into()
}
