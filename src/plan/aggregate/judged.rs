//! Which groups are suppressed: too few persons have a value that may not be seen, or one of them has most of it; and, so that a total
//! does not reveal the one group that is missing, the smallest of the others.
//!
//! All of it is decided by the database, from which what is suppressed does not come.

use sea_orm::sea_query::{
    Alias, Asterisk, Expr, ExprTrait as _, Func, OverStatement as _, Query, SelectStatement,
    WindowStatement,
};
use sudare_entities::catalog::Kind;

use super::keys::GroupKey;
use super::stages::{VALUES, parent_of, scale, value};
use super::{Aggregate, GROUPS, SUPPRESSED, Withheld, grouped};
use crate::plan::dialect::{Dialect, PARENT_NUMBER};
use crate::plan::order::OrderKey;
use crate::plan::sql::Sql;

/// What the groups are read from while they are judged.
const FOUND: &str = "v";

/// Columns of the groups that nobody is shown.
const BAD: &str = "bad";
const PERSONS: &str = "persons";
const OPEN: &str = "open";
const ANY_BAD: &str = "any_bad";
const PLACE: &str = "place";

/// The first row of a person in a group.
const FIRST: &str = "first_row";

fn of(alias: &'static str, name: impl Into<String>) -> Expr {
    Expr::col((Alias::new(alias), Alias::new(name)))
}

fn sum_of_person(number: usize) -> String {
    format!("s{number}")
}

fn number(text: &'static str) -> Expr {
    Expr::cust(text)
}

impl Sql<'_> {
    /// The values of rows, with what the person behind each has in the group.
    pub(super) fn of_persons(
        &self,
        aggregate: &Aggregate<'_>,
        rows: SelectStatement,
        by_parent: bool,
    ) -> SelectStatement {
        let Some(first) = aggregate.withheld.first() else {
            return rows;
        };
        let window = || {
            let mut window = WindowStatement::new();
            if by_parent {
                window.add_partition_by(parent_of(VALUES));
            }
            for key in &aggregate.keys {
                window.add_partition_by(value(key.value));
            }
            window.add_partition_by(value(first.person));
            window
        };
        let mut persons = Query::select();
        persons.column((Alias::new(VALUES), Asterisk));
        for (place, withheld) in aggregate.withheld.iter().enumerate() {
            let sum = Func::sum(self.counted(aggregate, withheld));
            persons.expr_window_as(sum, window(), Alias::new(sum_of_person(place)));
        }
        let mut ordered = window();
        self.dialect
            .order(&mut ordered, value(first.person), false, None);
        let row = Func::cust(Alias::new("ROW_NUMBER"));
        persons.expr_window_as(row, ordered, Alias::new(FIRST));
        persons.from_subquery(rows, Alias::new(VALUES));
        persons
    }

    /// A hidden value as it is added up: what is compared with a half of itself must be exact.
    fn counted(&self, aggregate: &Aggregate<'_>, withheld: &Withheld) -> Expr {
        let hidden = value(withheld.hidden);
        let field = aggregate.entity.fields.get(withheld.position);
        let digits = field.map_or(0, |field| scale(&field.kind));
        if self.dialect != Dialect::Sqlite || digits == 0 {
            return hidden;
        }
        let whole = hidden.mul(Expr::cust(format!("1{}", "0".repeat(digits as usize))));
        let rounded = Func::cust(Alias::new("ROUND")).arg(whole);
        Expr::from(rounded).cast_as(Alias::new("INTEGER"))
    }

    /// Adds to the groups what they are judged by.
    pub(super) fn judge(&self, aggregate: &Aggregate<'_>, groups: &mut SelectStatement) {
        let judged = aggregate.withheld.iter().enumerate();
        let judged = judged.map(|(place, withheld)| self.judgement(place, withheld));
        let all = judged.reduce(|one, other| Judgement {
            bad: one.bad.or(other.bad),
            persons: one.persons.add(other.persons),
            closed: one.closed.and(other.closed),
        });
        let Some(Judgement {
            bad,
            persons,
            closed,
        }) = all
        else {
            return;
        };
        let flag = |truth| Expr::case(truth, number("1")).finally(number("0"));
        groups.expr_as(flag(bad), Alias::new(BAD));
        groups.expr_as(persons, Alias::new(PERSONS));
        let open = Expr::case(closed, number("0")).finally(number("1"));
        groups.expr_as(open, Alias::new(OPEN));
    }

    fn judgement(&self, place: usize, withheld: &Withheld) -> Judgement {
        let with_value = Expr::case(value(withheld.hidden).is_not_null(), value(withheld.person));
        let persons = Expr::from(Func::count_distinct(with_value));
        let sum =
            || Expr::from(Func::cust(Alias::new("ABS")).arg(of(VALUES, sum_of_person(place))));
        let once = Expr::case(of(VALUES, FIRST).eq(number("1")), sum());
        let most = Expr::from(Func::max(sum())).mul(number("2"));
        let closed = Expr::from(Func::sum(value(withheld.is_hidden))).gt(number("0"));
        let few = persons.clone().lt(Expr::cust(self.view.k().to_string()));
        let bad = closed.clone().and(few.or(most.gt(Func::sum(once))));
        Judgement {
            bad,
            persons,
            closed,
        }
    }

    /// The groups as they are shown: `suppressed` or not, and without what is.
    pub(super) fn judged_groups(
        &self,
        aggregate: &Aggregate<'_>,
        groups: SelectStatement,
        by_parent: bool,
    ) -> SelectStatement {
        let window = || {
            let mut window = WindowStatement::new();
            if by_parent {
                window.add_partition_by(parent_of(FOUND));
            }
            window
        };
        let mut among = window();
        among.add_partition_by(of(FOUND, BAD));
        let keys = [OPEN, PERSONS].map(|name| OrderKey {
            nullable: false,
            ..OrderKey::plain(of(FOUND, name), Kind::Int)
        });
        self.order(&mut among, &keys, false);
        let keys = aggregate.keys.iter().enumerate();
        let keys =
            keys.map(|(place, key)| OrderKey::plain(of(FOUND, format!("k{place}")), key.kind()));
        self.order(&mut among, &keys.collect::<Vec<_>>(), false);
        let mut ranked = Query::select();
        let any = Func::max(of(FOUND, BAD));
        ranked
            .column((Alias::new(FOUND), Asterisk))
            .expr_window_as(any, window(), Alias::new(ANY_BAD))
            .expr_window_as(
                Func::cust(Alias::new("ROW_NUMBER")),
                among,
                Alias::new(PLACE),
            )
            .from_subquery(groups, Alias::new(FOUND));
        self.shown(aggregate, ranked, by_parent)
    }

    /// The groups without what is suppressed, and with what is granted as roughly as the policies say: clauses see no more.
    fn shown(
        &self,
        aggregate: &Aggregate<'_>,
        ranked: SelectStatement,
        by_parent: bool,
    ) -> SelectStatement {
        let is = |name| grouped(name).eq(number("1"));
        // the smallest of those that are not bad by themselves, if there is one that is
        let suppressed = || is(BAD).or(is(ANY_BAD).and(is(PLACE)));
        let mut shown = Query::select();
        if by_parent {
            shown.expr_as(parent_of(GROUPS), Alias::new(PARENT_NUMBER));
        }
        for place in 0..aggregate.keys.len() {
            shown.expr_as(GroupKey::column(place), Alias::new(format!("k{place}")));
        }
        shown.expr_as(grouped("n"), Alias::new("n"));
        for (place, measured) in aggregate.measures.iter().enumerate() {
            let name = format!("m{place}");
            let measure = grouped(name.clone());
            let withheld = measured.withheld;
            let withheld = withheld.and_then(|number| aggregate.withheld.get(number));
            let step = withheld.and_then(|withheld| withheld.step);
            let measure = match step {
                Some(step) => self.dialect.nearest(measure, step, scale(&measured.kind())),
                None => measure,
            };
            let measure = match withheld {
                Some(_) => Expr::case(suppressed().not(), measure).into(),
                None => measure,
            };
            shown.expr_as(measure, Alias::new(name));
        }
        let flag = Expr::case(suppressed(), number("1")).finally(number("0"));
        shown.expr_as(flag, Alias::new(SUPPRESSED));
        shown.from_subquery(ranked, Alias::new(GROUPS));
        shown
    }
}

/// What is found out of the hidden values of a field in a group.
struct Judgement {
    /// Whether they would tell of too few.
    bad: Expr,
    /// How many persons have one.
    persons: Expr,
    /// Whether there are any.
    closed: Expr,
}
