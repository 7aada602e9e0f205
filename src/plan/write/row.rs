//! The row before a change and after it: who may do it, and whether a value is only an echo.

use std::collections::BTreeMap;

use sea_orm::sea_query::{ExprTrait as _, Query};
use sudare_policies::condition::{Condition, Truth};
use sudare_policies::decision::{Action, Tier};

use super::ahead::{Coming, as_number};
use super::values::Written;
use super::{After, Check, Echo, Found, Mutating};
use crate::answer::{ErrorCode, RequestError};
use crate::graphql::coerce::Input;
use crate::graphql::writes::{CONFIRM, ID, IF_VERSION, field_enum_value, version};
use crate::plan::identity::seen_number;
use crate::plan::planner::{Level, Planner};
use crate::plan::sql::{Scope, Sight};

impl Planner<'_> {
    /// The statement that finds the row and locks it.
    pub(super) fn found(
        &mut self,
        one: &Mutating<'_>,
        mut level: Level,
        checks: Vec<Check>,
        echoes: Vec<Echo>,
    ) -> Option<Found> {
        let scope = Scope::root(one.index);
        let place = format!("{}.{ID}", one.name);
        let ty = self.argument_type(one, ID)?;
        let id = self.argument(one.field, ID, &ty);
        let which = self.which(&scope, id.as_ref(), (one.field, &place))?;
        let mut base = self.sql.visible_rows(&scope);
        base.and_where(which);
        let key = level.field(&self.sql, one.entity.key);
        let mut select = self.one_row(level, base, None);
        self.sql.dialect.lock(&mut select.rows.text);
        Some(Found {
            select,
            key,
            keys: self.keys(one, id.as_ref()?)?,
            missing: one.missing_row(),
            checks,
            echoes,
        })
    }

    /// The keys that the row may have: one for each way in which keys are seen.
    fn keys(&self, one: &Mutating<'_>, id: &Input) -> Option<Vec<i64>> {
        let (_, seen) = seen_number(id)?;
        let (view, key) = (self.sql.view, one.entity.key);
        let mut values = Vec::new();
        for grant in &view.decision(one.index, key).grants {
            values.extend(match grant.tier {
                Tier::Full => Some(seen),
                tier => view
                    .masker(one.index, key, tier)
                    .and_then(|masker| masker.value_behind(seen)),
            });
        }
        Some(values)
    }

    /// What must hold of the row, as it is and as it will be, so that these values may be written.
    pub(super) fn may_update(
        &mut self,
        one: &Mutating<'_>,
        level: &mut Level,
        written: &[Written],
    ) -> Vec<Check> {
        let row = Coming {
            written,
            is_new: false,
        };
        let mut checks = Vec::new();
        for value in written {
            let may = self.sql.view.may(one.index, value.position, Action::Update);
            if let Condition::Constant(_) = may {
                continue;
            }
            let mut holds = self.sql.condition(&may, &level.scope);
            let rest = self.rest(one, &may, row);
            if let Some(rest) = rest.filter(|rest| !rest.is_as_before(&may)) {
                holds = holds.and(rest.holds(&self.sql, &level.scope));
            }
            let guard = level.column(as_number(holds));
            let error = one.not_writable(value.position, Action::Update);
            checks.extend(error.map(|error| Check { guard, error }));
        }
        checks
    }

    /// What must hold of the rows as the change has left them; of which of them, by number, for each field that was given.
    pub(super) fn after(
        &mut self,
        one: &Mutating<'_>,
        given: BTreeMap<usize, Vec<usize>>,
        action: Action,
    ) -> Option<After> {
        let scope = Scope::root(one.index);
        let mut level = Level::new(scope.clone());
        let mut checks = Vec::new();
        for (position, rows) in given {
            let may = self.sql.view.may(one.index, position, action);
            if let Condition::Constant(_) = may {
                continue;
            }
            let guard = level.guard(&self.sql, &may);
            let error = one.not_writable(position, action);
            let check = guard
                .zip(error)
                .map(|(guard, error)| Check { guard, error });
            checks.extend(check.map(|check| (check, rows)));
        }
        if checks.is_empty() {
            return None;
        }
        let mut base = Query::select();
        self.sql.from(&mut base, &scope);
        let key = self.sql.column(&scope, one.entity.key);
        base.and_where(key.eq(self.sql.dialect.parent()));
        let kind = one.entity.fields.get(one.entity.key);
        let select = self.one_row(level, base, kind.map(|field| &field.kind));
        Some(After { select, checks })
    }

    /// Whether the row still has the version that the client has read. Whoever does not see it cannot ask for it.
    pub(super) fn same_version(&mut self, one: &Mutating<'_>, level: &mut Level) -> Option<Check> {
        let (position, ty) = version(one.entity)?;
        let input = self.argument(one.field, IF_VERSION, &ty)?;
        let value = self.known(input)?;
        let seen = match self.sql.sight(&level.scope, position) {
            Sight::Whole(column) | Sight::Guarded(column) => column,
            Sight::Hidden => {
                let field = one.entity.fields.get(position)?;
                let coordinate = format!("{}.{}", one.entity.name, field.name);
                let message = format!(
                    "`{}.{IF_VERSION}` may not ask for `{coordinate}`: your roles do not see it in full",
                    one.name
                );
                let error = one.error(ErrorCode::FieldNotFilterable, message);
                self.errors.push(error.about(coordinate));
                return None;
            }
        };
        let same = seen.eq(self.sql.value(&value));
        Some(Check {
            guard: level.column(as_number(same)),
            error: one.changed_row(),
        })
    }

    /// The new values of which the old ones are masked in some row.
    pub(super) fn echoes(
        &mut self,
        one: &Mutating<'_>,
        level: &mut Level,
        written: Vec<Written>,
    ) -> Vec<Echo> {
        let confirmed = self.confirmed(one);
        let mut echoes = Vec::new();
        for value in written {
            let Written {
                position,
                given,
                stored,
                invalid,
                ..
            } = value;
            let decision = self.sql.view.decision(one.index, position);
            // What stands in place of a key is how rows are named: writing it is no echo.
            let names_rows = self.sql.view.has_way_back(one.index, position);
            let full = Condition::Constant(Truth::True);
            let is_shown = decision.highest() != Tier::None;
            if decision.guard(Tier::Full) == full || !is_shown || names_rows {
                self.errors.extend(invalid);
                continue;
            }
            let cell = self.sql.cell(level, one.entity, position);
            let field = one.entity.fields.get(position);
            if let Some((cell, field)) = cell.zip(field) {
                let name = field_enum_value(field);
                let error = (!confirmed.contains(&name)).then(|| echo(one, &field.name, &name));
                echoes.push(Echo {
                    cell,
                    given,
                    stored,
                    class: self.sql.view.check(one.index, position),
                    error,
                    invalid,
                });
            }
        }
        echoes
    }

    fn confirmed(&mut self, one: &Mutating<'_>) -> Vec<String> {
        let Some(ty) = self.argument_type(one, CONFIRM) else {
            return Vec::new();
        };
        let Some(Input::List(items)) = self.argument(one.field, CONFIRM, &ty) else {
            return Vec::new();
        };
        let names = items.into_iter().filter_map(|item| match item {
            Input::Enum(name) => Some(name),
            _ => None,
        });
        names.collect()
    }
}

fn echo(one: &Mutating<'_>, field: &str, name: &str) -> RequestError {
    let coordinate = format!("{}.{field}", one.entity.name);
    let message = format!(
        "`{}.input.{field}` is what you are shown in place of the value: leave it out; if it is meant, say `{CONFIRM}: [{name}]`",
        one.name
    );
    one.error(ErrorCode::MaskedValueEcho, message)
        .about(coordinate)
}
