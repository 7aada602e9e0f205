//! Mutations: what is looked at before a change, the change, what must hold after it, and how it is told.

mod ahead;
mod row;
mod statements;
mod values;

use std::collections::BTreeMap;

use async_graphql::Positioned;
use async_graphql::parser::types::Field as Asked;
use sea_orm::sea_query::ExprTrait as _;
use sudare_entities::catalog::Entity;
use sudare_policies::checks::Check as Class;
use sudare_policies::condition::{Condition, Truth};
use sudare_policies::decision::Action;
use sudare_policies::value::Value;

use super::collect::Selected;
use super::planner::{Level, Planner};
use super::sql::Scope;
use super::{CellShape, ObjectShape, RootValue, Select, Statement};
use crate::answer::{ErrorCode, RequestError};
use crate::graphql::coerce::Input;
use crate::graphql::inputs::TypeRef;
use crate::graphql::writes::{ID, IF_VERSION, INPUT, create_name, mutation_arguments};
use crate::shape::Mutation;
use values::Written;

/// Rows that one request makes at the most.
const MAX_ROWS: usize = 1_000;

/// A mutation of rows of one entity.
#[derive(Debug)]
pub(crate) struct Write {
    /// The row that is changed or deleted, looked at and locked before anything else; none for new rows.
    pub(crate) found: Option<Found>,
    /// What must hold of new rows before they are made.
    pub(crate) ahead: Ahead,
    /// The statements that change something. Those that make a row give its key; of those that change one, there is one for each key
    /// that it may have.
    pub(crate) changes: Vec<Statement>,
    pub(crate) makes_rows: bool,
    /// What must hold of each row after the change.
    pub(crate) after: Option<After>,
    /// What is told of each row, by its key.
    pub(crate) answer: Select,
    /// It is told before the change: afterwards there is nothing to tell.
    pub(crate) told_before: bool,
    pub(crate) shape: ObjectShape,
    /// Whether it is told as a list.
    pub(crate) many: bool,
    /// Said of whatever the database says of values that are unique, and of keys that are referred to.
    pub(crate) conflict: RequestError,
}

/// The row before a change.
#[derive(Debug)]
pub(crate) struct Found {
    /// Gives one row, or none.
    pub(crate) select: Select,
    /// The column that holds its key.
    pub(crate) key: usize,
    /// The keys that it may have: one for each way in which keys are seen.
    pub(crate) keys: Vec<i64>,
    /// Said if there is no such row, or it is hidden.
    pub(crate) missing: RequestError,
    pub(crate) checks: Vec<Check>,
    pub(crate) echoes: Vec<Echo>,
}

/// What must hold of a row.
#[derive(Debug)]
pub(crate) struct Check {
    /// The column that is 1 where it holds.
    pub(crate) guard: usize,
    /// Said where it does not.
    pub(crate) error: RequestError,
}

/// A new value that may be what is shown in place of the old one.
#[derive(Debug)]
pub(crate) struct Echo {
    pub(crate) cell: CellShape,
    /// As it was given.
    pub(crate) given: Value,
    /// As it would be stored, if it has another form then.
    pub(crate) stored: Value,
    /// What makes that form.
    pub(crate) class: Option<Class>,
    /// Said if it is; none if the client has said that it is meant.
    pub(crate) error: Option<RequestError>,
    /// What else is wrong with the value: said if it is no echo.
    pub(crate) invalid: Option<RequestError>,
}

/// New rows before they are made.
#[derive(Debug, Default)]
pub(crate) struct Ahead {
    /// What is known not to hold already.
    pub(crate) refused: Vec<RequestError>,
    /// What the database must be asked, of one row each.
    pub(crate) asked: Vec<(Select, Vec<Check>)>,
}

/// Rows after a change.
#[derive(Debug)]
pub(crate) struct After {
    /// Gives the row of each key.
    pub(crate) select: Select,
    /// With the numbers of the rows that it is asked of.
    pub(crate) checks: Vec<(Check, Vec<usize>)>,
}

/// One mutation while it is planned.
struct Mutating<'m> {
    index: usize,
    entity: &'m Entity,
    field: &'m Positioned<Asked>,
    kind: Mutation,
    /// Its name in the schema, by which errors name places.
    name: String,
}

impl<'a> Planner<'a> {
    /// A field of `Mutation`.
    pub(super) fn mutation(&mut self, selected: &Selected<'a>) -> Option<RootValue> {
        let name = selected.name();
        if name == "__typename" {
            return Some(RootValue::Ready("\"Mutation\"".to_owned()));
        }
        let field = *selected.nodes.first()?;
        let entities = 0..self.catalog().entities.len();
        let (index, entity, kind) = entities
            .filter_map(|index| Some((index, self.entity(index)?)))
            .find_map(|(index, entity)| {
                let mut kinds = Mutation::ALL.into_iter();
                let kind = kinds.find(|kind| kind.of(entity) == name)?;
                Some((index, entity, kind))
            })?;
        let mutating = Mutating {
            index,
            entity,
            field,
            kind,
            name: name.to_owned(),
        };
        match kind {
            Mutation::Create | Mutation::CreateMany => self.create(&mutating, selected),
            Mutation::Update => self.update(&mutating, selected),
            Mutation::Delete => self.delete(&mutating, selected),
        }
    }

    fn create(&mut self, one: &Mutating<'_>, selected: &Selected<'a>) -> Option<RootValue> {
        let many = one.kind == Mutation::CreateMany;
        let name = create_name(one.entity);
        let ty = if many {
            TypeRef::list_of(name)
        } else {
            TypeRef::named(name)
        };
        let inputs = match self.argument(one.field, INPUT, &ty.required()) {
            Some(Input::List(items)) => items,
            Some(single) => vec![single],
            None => Vec::new(),
        };
        let rows = inputs.len() as u64;
        self.made += inputs.len();
        if self.made > MAX_ROWS {
            let message = format!(
                "`{}.{INPUT}` makes {rows} rows, {} with those before: the limit of a request is {MAX_ROWS}; send the rest by itself",
                one.name, self.made
            );
            self.refuse(one.field, ErrorCode::CostLimit, message);
            return None;
        }
        let mut changes = Vec::with_capacity(inputs.len());
        let mut ahead = Ahead::default();
        let mut given: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (number, input) in inputs.iter().enumerate() {
            let place = if many {
                format!("{}.{INPUT}[{number}]", one.name)
            } else {
                format!("{}.{INPUT}", one.name)
            };
            let written = self.written(one, input, &place);
            let known_errors = self.errors.len();
            self.missing(one, &written, &place);
            if written.is_empty() && self.errors.len() == known_errors {
                self.may_make(one);
            }
            for value in &written {
                self.may_write(one, value, Action::Create);
                self.errors.extend(value.invalid.clone());
                given.entry(value.position).or_default().push(number);
            }
            self.ahead(one, &written, &mut ahead);
            changes.push(self.sql.insertion(one.entity, &written));
        }
        let after = self.after(one, given, Action::Create);
        let (answer, shape) = self.told(one, selected, rows);
        Some(RootValue::Write(Box::new(Write {
            found: None,
            ahead,
            changes,
            makes_rows: true,
            after,
            answer,
            told_before: false,
            shape,
            many,
            conflict: one.conflict(),
        })))
    }

    fn update(&mut self, one: &Mutating<'_>, selected: &Selected<'a>) -> Option<RootValue> {
        let place = format!("{}.{INPUT}", one.name);
        let ty = self.argument_type(one, INPUT)?;
        let input = self.argument(one.field, INPUT, &ty);
        let nothing = |input: &Input| matches!(input, Input::Object(pairs) if pairs.is_empty());
        let changes_nothing = input.as_ref().is_some_and(nothing);
        let written = input.map_or_else(Vec::new, |input| self.written(one, &input, &place));
        if changes_nothing {
            let message = format!("`{place}` changes nothing: give it at least one field");
            self.refuse(one.field, ErrorCode::BadUserInput, message);
        }
        for value in &written {
            self.may_write(one, value, Action::Update);
        }
        let mut level = Level::new(Scope::root(one.index));
        let mut checks = self.may_update(one, &mut level, &written);
        checks.extend(self.same_version(one, &mut level));
        let echoes = self.echoes(one, &mut level, written.clone());
        let found = self.found(one, level, checks, echoes)?;
        let changes = found.keys.iter();
        let changes = changes.map(|key| self.sql.change(one.entity, &written, *key));
        let changes = changes.collect();
        let given = written.iter().map(|value| (value.position, vec![0]));
        let after = self.after(one, given.collect(), Action::Update);
        let (answer, shape) = self.told(one, selected, 1);
        Some(RootValue::Write(Box::new(Write {
            found: Some(found),
            ahead: Ahead::default(),
            changes,
            makes_rows: false,
            after,
            answer,
            told_before: false,
            shape,
            many: false,
            conflict: one.conflict(),
        })))
    }

    fn delete(&mut self, one: &Mutating<'_>, selected: &Selected<'a>) -> Option<RootValue> {
        let may = self.sql.view.may_entity(one.index, Action::Delete);
        let mut level = Level::new(Scope::root(one.index));
        let mut checks = Vec::new();
        let message = format!(
            "`{}` may not delete this `{}`: your roles do not let you",
            one.name, one.entity.name
        );
        let error = one
            .error(ErrorCode::Forbidden, message)
            .about(&one.entity.name);
        match may {
            Condition::Constant(Truth::True) => {}
            Condition::Constant(_) => self.errors.push(error),
            may => checks.extend(
                level
                    .guard(&self.sql, &may)
                    .map(|guard| Check { guard, error }),
            ),
        }
        checks.extend(self.same_version(one, &mut level));
        let found = self.found(one, level, checks, Vec::new())?;
        let changes = found.keys.iter();
        let changes = changes.map(|key| self.sql.deletion(one.entity, *key));
        let changes = changes.collect();
        let (answer, shape) = self.told(one, selected, 1);
        Some(RootValue::Write(Box::new(Write {
            found: Some(found),
            ahead: Ahead::default(),
            changes,
            makes_rows: false,
            after: None,
            answer,
            told_before: true,
            shape,
            many: false,
            conflict: one.conflict(),
        })))
    }

    /// The type of an argument as the schema has it.
    fn argument_type(&self, one: &Mutating<'_>, name: &str) -> Option<TypeRef> {
        let mut arguments = mutation_arguments(one.entity, one.kind).into_iter();
        let argument = arguments.find(|argument| argument.name == name)?;
        Some(argument.ty)
    }

    /// What is told of the rows that have been written: they are read as any query reads them.
    fn told(
        &mut self,
        one: &Mutating<'_>,
        selected: &Selected<'a>,
        rows: u64,
    ) -> (Select, ObjectShape) {
        let scope = Scope::root(one.index);
        let key = self.sql.column(&scope, one.entity.key);
        let mut base = self.sql.visible_rows(&scope);
        base.and_where(key.eq(self.sql.dialect.parent()));
        let mut level = Level::new(scope);
        let shape = self.object(&mut level, &selected.sets(), rows);
        let kind = one.entity.fields.get(one.entity.key);
        let select = self.one_row(level, base, kind.map(|field| &field.kind));
        (select, shape)
    }

    /// Refuses a new row without any value, unless any row may be made.
    fn may_make(&mut self, one: &Mutating<'_>) {
        let may = self.sql.view.may_entity(one.index, Action::Create);
        if may != Condition::Constant(Truth::True) {
            let message = format!(
                "`{}` may not make a `{}` without any value: your roles do not let you",
                one.name, one.entity.name
            );
            let error = one.error(ErrorCode::Forbidden, message);
            self.errors.push(error.about(&one.entity.name));
        }
    }

    /// Refuses what may be written in no row.
    fn may_write(&mut self, one: &Mutating<'_>, value: &Written, action: Action) {
        let may = self.sql.view.may(one.index, value.position, action);
        if let Condition::Constant(Truth::False | Truth::Unknown) = may {
            self.errors.extend(one.not_writable(value.position, action));
        }
    }
}

impl Mutating<'_> {
    fn error(&self, code: ErrorCode, message: impl Into<String>) -> RequestError {
        let pos = self.field.pos;
        RequestError::new(code, message).at(pos.line, pos.column)
    }

    fn conflict(&self) -> RequestError {
        let message = format!(
            "`{}` clashes with rows that are there: a value that must be unique is taken, or a row refers to one that is not there",
            self.name
        );
        self.error(ErrorCode::Conflict, message)
    }

    fn missing_row(&self) -> RequestError {
        let message = format!("`{}.{ID}` names no `{}`", self.name, self.entity.name);
        self.error(ErrorCode::NotFound, message)
    }

    fn changed_row(&self) -> RequestError {
        let message = format!(
            "`{}.{IF_VERSION}` is not the `version` of the row any more: read it again and look at what has changed",
            self.name
        );
        self.error(ErrorCode::Conflict, message)
    }

    fn not_writable(&self, position: usize, action: Action) -> Option<RequestError> {
        let field = self.entity.fields.get(position)?;
        let coordinate = format!("{}.{}", self.entity.name, field.name);
        let message = format!(
            "`{}.{INPUT}` may not {} `{coordinate}`: your roles do not let you, or not in this row",
            self.name,
            action.name()
        );
        let error = self.error(ErrorCode::FieldNotWritable, message);
        Some(error.about(coordinate))
    }
}
