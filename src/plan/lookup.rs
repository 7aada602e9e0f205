//! Looking for rows by a value that is masked in them: one statement, by the blind index of the field.

use std::sync::Arc;

use async_graphql::Positioned;
use async_graphql::parser::types::Field as Asked;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sudare_entities::catalog::{Entity, Field};
use sudare_policies::condition::{Condition, Truth};
use sudare_policies::value::Value;

use super::bind::{Bind, BlindPlace};
use super::collect::Selected;
use super::order::hidden;
use super::planner::{Level, Planner};
use super::sql::Scope;
use super::statement::Rows;
use super::{RootValue, Select};
use crate::answer::ErrorCode;
use crate::blind::BlindIndex;
use crate::graphql::coerce::Input;
use crate::graphql::inputs::TypeRef;
use crate::graphql::lookups::{BY, lookup_name};

/// Rows that one lookup finds at the most. Whoever shares a number with more than these shares it with a house.
const MOST: u64 = 10;

/// What is looked for, as far as anybody may be told.
#[derive(Debug)]
pub(crate) struct Lookup {
    /// The field by whose values.
    pub(crate) coordinate: String,
    pub(crate) index: Arc<BlindIndex>,
}

/// A field that is looked up by, and where that was asked.
struct Looking<'l> {
    entity: &'l Entity,
    field: &'l Field,
    position: usize,
    asked: &'l Positioned<Asked>,
    /// The value's place in the document.
    place: String,
}

impl<'a> Planner<'a> {
    /// The rows with a value. Those that the principal does not see, or may not look for, are not there.
    pub(super) fn lookup(&mut self, index: usize, selected: &Selected<'a>) -> Option<RootValue> {
        let asked = *selected.nodes.first()?;
        let entity = self.entity(index)?;
        let scope = Scope::root(index);
        let ty = TypeRef::named(lookup_name(entity)).required();
        let by = self.argument(asked, BY, &ty);
        let found = by.and_then(|by| self.looked_for(&scope, &by, asked));
        // What is selected below is read even if the lookup is refused, so that all refusals are listed.
        let mut level = Level::new(scope.clone());
        let shape = self.object(&mut level, &selected.sets(), MOST);
        let (lookup, which) = found?;
        let mut base = self.sql.visible_rows(&scope);
        base.and_where(which);
        let keys = self.order(&scope, None, BY);
        let (columns, children) = level.into_parts();
        let width = columns.len();
        let rows = Rows {
            base,
            columns,
            keys: &keys,
            backward: false,
            offset: None,
            limit: MOST,
        };
        let select = Select {
            entity: entity.name.clone(),
            rows: self.sql.rows(rows, None),
            fetches_rows: true,
            columns: width,
            limit: MOST,
            backward: false,
            count: None,
            before: None,
            after: None,
            children,
        };
        Some(RootValue::Lookup {
            select,
            shape,
            lookup,
        })
    }

    /// Which rows have the value, of those in which it may be looked for; `None` if it has been refused.
    fn looked_for(
        &mut self,
        scope: &Scope,
        by: &Input,
        asked: &Positioned<Asked>,
    ) -> Option<(Lookup, Expr)> {
        let entity = self.entity(scope.entity)?;
        let Input::Object(pairs) = by else {
            return None;
        };
        let (name, value) = pairs.first()?;
        let position = entity.field(name)?;
        let looking = Looking {
            entity,
            field: entity.fields.get(position)?,
            position,
            asked,
            place: format!("{}.{BY}.{name}", asked.node.name.node),
        };
        let may = self.may_look(scope, &looking)?;
        let check = self.sql.view.check(scope.entity, position);
        let index = self.blind.index(entity, looking.field, check)?;
        let index = Arc::new(index);
        let equal = self.is_indexed_as(scope, &index, (value, &looking))?;
        let lookup = Lookup {
            coordinate: format!("{}.{name}", entity.name),
            index,
        };
        Some((
            lookup,
            match self.sql.restriction(&may, scope) {
                Some(may) => equal.and(may),
                None => equal,
            },
        ))
    }

    /// In which rows the principal may look; refused if in none.
    fn may_look(&mut self, scope: &Scope, looking: &Looking<'_>) -> Option<Condition> {
        let may = self.sql.view.may_look_up(scope.entity, looking.position);
        if let Condition::Constant(Truth::False | Truth::Unknown) = may {
            let Looking {
                entity,
                field,
                asked,
                place,
                ..
            } = looking;
            let code = ErrorCode::FieldNotFilterable;
            let error = hidden(code, entity, &field.name, place, "look up by");
            self.errors.push(error.at(asked.pos.line, asked.pos.column));
            return None;
        }
        Some(may)
    }

    /// Whether the row has the index of the value: with each key with which it may be made.
    fn is_indexed_as(
        &mut self,
        scope: &Scope,
        index: &Arc<BlindIndex>,
        (value, looking): (&Input, &Looking<'_>),
    ) -> Option<Expr> {
        let (given, text) = match value {
            Input::Given(given, Value::Text(text)) => (Some(*given), text),
            Input::Scalar(Value::Text(text)) => (None, text),
            _ => return None,
        };
        let mut wanted = Vec::new();
        for made in index.made() {
            let value = match index.wanted(text, made) {
                Ok(wanted) => Value::Text(wanted),
                Err(cure) => {
                    let message = format!("`{}` {cure}", looking.place);
                    self.refuse(looking.asked, ErrorCode::BadUserInput, message);
                    return None;
                }
            };
            let bind = match given {
                Some(given) => Bind::Blind(Arc::new(BlindPlace {
                    given,
                    index: Arc::clone(index),
                    made,
                })),
                None => Bind::Fixed(value.clone()),
            };
            wanted.push(self.sql.bound(bind, &value));
        }
        let column = scope.named(&index.place.index);
        Some(column.is_in(wanted))
    }
}
