//! A page of a list: its rows, its count, what comes before and after it.

use std::sync::Arc;

use async_graphql::Positioned;
use async_graphql::parser::types::{Field, SelectionSet};
use sea_orm::sea_query::SelectStatement;
use sudare_entities::catalog::{Entity, Kind};
use sudare_policies::value::Value;

use super::bind::{Bind, CursorPlace};
use super::collect::Selected;
use super::cursor;
use super::dialect::not_true;
use super::order::{OrderKey, Place, probe};
use super::planner::{Level, Planner};
use super::sql::{Scope, count};
use super::statement::Rows;
use super::{ConnectionShape, ConnectionValue, CursorShape, EdgeValue, Key, PageValue, Select};
use crate::answer::ErrorCode;
use crate::graphql::coerce::Input;
use crate::graphql::inputs::{TypeRef, filter_name, order_name};
use crate::seal::CursorSeal;

/// An offset that skips nothing.
const NO_OFFSET: Bind = Bind::Fixed(Value::Int(0));

/// The arguments of a page.
struct Page {
    limit: u64,
    backward: bool,
    /// The place of how many rows are skipped, if any are.
    offset: Option<usize>,
    after: Option<Place>,
    before: Option<Place>,
}

/// A list that may be paged through.
pub(super) struct List<'l> {
    pub(super) scope: Scope,
    /// Its visible rows, before the client's filter.
    pub(super) rows: SelectStatement,
    /// Where it is in the schema.
    pub(super) coordinate: &'l str,
    /// How many such lists there may be.
    pub(super) parents: u64,
    /// The kind of the key of the rows that they belong to, if they belong to any.
    pub(super) parent: Option<&'l Kind>,
}

/// A connection while its selection is read.
struct Connection<'e> {
    entity: &'e Entity,
    parent: Option<&'e Kind>,
    level: Level,
    /// Rows that there may be in all.
    cells: u64,
    asked: Asked,
}

/// What of a connection is asked for.
#[derive(Default)]
struct Asked {
    /// Rows of the page.
    rows: bool,
    total: bool,
    next: bool,
    previous: bool,
    cursor: bool,
}

impl Asked {
    /// Whether the rows of a page must be fetched: for themselves, or for the one too many, which tells that there is more.
    fn fetches_rows(&self, page: &Page) -> bool {
        let more = if page.backward {
            self.previous
        } else {
            self.next
        };
        more || (page.limit > 0 && (self.rows || self.cursor))
    }
}

impl<'a> Planner<'a> {
    /// Plans a connection over a list.
    pub(super) fn connection(
        &mut self,
        list: List<'_>,
        selected: &Selected<'a>,
    ) -> Option<(Select, ConnectionShape)> {
        let List {
            scope,
            mut rows,
            coordinate,
            parents,
            parent,
        } = list;
        let field = *selected.nodes.first()?;
        let entity = self.entity(scope.entity)?;
        let name = &field.node.name.node;
        let known_errors = self.errors.len();
        let filter = self.argument(field, "filter", &TypeRef::named(filter_name(entity)));
        let form = filter.as_ref().map_or_else(String::new, Input::form);
        if let Some(filter) = filter
            && let Some(filter) = self.filter(&scope, &filter, &format!("{name}.filter"))
        {
            rows.and_where(filter);
        }
        let order = self.argument(field, "orderBy", &TypeRef::list_of(order_name(entity)));
        let keys = self.order(&scope, order.as_ref(), &format!("{name}.orderBy"));
        self.place_errors(known_errors, field);
        let seal = self.cursor_seal((coordinate, scope.entity), &form, &keys);
        let page = self.page(field, &seal, &keys);
        let mut connection = Connection {
            entity,
            parent,
            level: Level::new(scope),
            cells: parents.saturating_mul(Ord::max(page.limit, 1)),
            asked: Asked::default(),
        };
        let fields = self.connection_fields(&mut connection, selected);
        let cursor = connection.asked.cursor.then(|| CursorShape {
            coordinate: coordinate.to_owned(),
            columns: order_columns(&mut connection.level, &keys),
            seal,
        });
        let select = self.page_select(connection, &rows, &keys, &page);
        Some((select, ConnectionShape { fields, cursor }))
    }

    /// Errors of clauses that have no place of their own get that of the field.
    pub(super) fn place_errors(&mut self, from: usize, field: &Positioned<Field>) {
        for error in self
            .errors
            .iter_mut()
            .skip(from)
            .filter(|error| error.locations.is_empty())
        {
            *error = error.clone().at(field.pos.line, field.pos.column);
        }
    }

    /// Cursors fit the list, the form of the filter and the order that they were made for, as the policy lets this principal see its
    /// rows and keys, and no other. What is seen up to now has another bound at each moment, and is the same all the same.
    fn cursor_seal(
        &self,
        (coordinate, entity): (&str, usize),
        form: &str,
        keys: &[OrderKey],
    ) -> CursorSeal {
        let now = self.sql.view.now();
        let moments = [Value::DateTime(now), Value::Date(now.date_naive())]
            .map(|moment| format!("{moment:?}"));
        let timeless = |text: String| {
            let known = moments.iter();
            known.fold(text, |text, moment| text.replace(moment, "now"))
        };
        let rows = timeless(format!("{:?}", self.sql.view.row(entity)));
        let order = keys.iter().map(|key| {
            let sight = timeless(key.sight.clone());
            format!("{sight} {}", key.descending)
        });
        let order = order.collect::<Vec<_>>().join(" ");
        self.seals
            .cursor(&format!("{coordinate} {form} {rows} {order}"))
    }

    fn page(&mut self, field: &Positioned<Field>, seal: &CursorSeal, keys: &[OrderKey]) -> Page {
        let first = self.size(field, "first");
        let last = self.size(field, "last");
        let offset = self.offset(field);
        if first.is_some() && last.is_some() {
            self.refuse(
                field,
                ErrorCode::BadUserInput,
                "`first` and `last` exclude each other: leave one out",
            );
        }
        if last.is_some() && offset.is_some() {
            self.refuse(
                field,
                ErrorCode::BadUserInput,
                "`offset` counts from the start: it goes with `first` only",
            );
        }
        Page {
            limit: first.or(last).unwrap_or(self.limits.default_page_size),
            backward: last.is_some(),
            offset: offset
                .filter(|offset| *offset != NO_OFFSET)
                .map(|offset| self.sql.binds.place(offset)),
            after: self.place(field, "after", seal, keys),
            before: self.place(field, "before", seal, keys),
        }
    }

    pub(super) fn size(&mut self, field: &Positioned<Field>, name: &str) -> Option<u64> {
        let size = self.argument(field, name, &TypeRef::named("Int"))?;
        let size = self.whole_number(field, name, size)?;
        let limit = self.limits.max_page_size;
        if size > limit {
            let message = format!(
                "`{name}` asks for too many rows: the limit `max_page_size` is {limit}; page with `after`"
            );
            self.refuse(field, ErrorCode::CostLimit, message);
        }
        Some(Ord::min(size, limit))
    }

    /// How many rows are skipped. Of a variable the plan hangs on whether any are: then something comes before the page.
    fn offset(&mut self, field: &Positioned<Field>) -> Option<Bind> {
        match self.argument(field, "offset", &TypeRef::named("Int"))? {
            Input::Given(given, Value::Int(1..)) => Some(Bind::Offset(given)),
            other => {
                let offset = self.whole_number(field, "offset", other)?;
                Some(Bind::Fixed(Value::Int(i64::try_from(offset).ok()?)))
            }
        }
    }

    fn whole_number(&mut self, field: &Positioned<Field>, name: &str, input: Input) -> Option<u64> {
        let Some(Value::Int(value)) = self.known(input) else {
            return None;
        };
        if value < 0 {
            self.refuse(
                field,
                ErrorCode::BadUserInput,
                format!("`{name}` must not be negative"),
            );
        }
        u64::try_from(value).ok()
    }

    fn place(
        &mut self,
        field: &Positioned<Field>,
        name: &str,
        seal: &CursorSeal,
        keys: &[OrderKey],
    ) -> Option<Place> {
        let kinds = keys.iter().map(|key| key.kind.clone()).collect::<Vec<_>>();
        let (given, text) = match self.argument(field, name, &TypeRef::named("String"))? {
            Input::Given(given, Value::Text(text)) => (Some(given), text),
            Input::Scalar(Value::Text(text)) => (None, text),
            _ => return None,
        };
        let Some(values) = cursor::open(seal, &kinds, &text) else {
            let message = format!(
                "`{name}` is not a cursor of this list with this filter and in this order: take one from its answer"
            );
            self.refuse(field, ErrorCode::BadUserInput, message);
            return None;
        };
        let given = given.map(|given| {
            Arc::new(CursorPlace {
                given,
                seal: seal.clone(),
                kinds,
                nulls: values.iter().map(|value| *value == Value::Null).collect(),
            })
        });
        Some(Place { values, given })
    }

    fn connection_fields(
        &mut self,
        list: &mut Connection<'_>,
        selected: &Selected<'a>,
    ) -> Vec<(super::Key, ConnectionValue)> {
        let connection = format!("{}Connection", list.entity.name);
        let mut fields = Vec::new();
        for inner in self.collected(&selected.sets(), &connection) {
            list.asked.rows |= matches!(inner.name(), "nodes" | "edges");
            let value = match inner.name() {
                "nodes" => {
                    ConnectionValue::Nodes(self.object(&mut list.level, &inner.sets(), list.cells))
                }
                "edges" => ConnectionValue::Edges(self.edges(list, &inner)),
                "pageInfo" => ConnectionValue::PageInfo(self.page_info(&inner, &mut list.asked)),
                "totalCount" => {
                    list.asked.total = true;
                    ConnectionValue::TotalCount
                }
                _ => ConnectionValue::Typename(connection.clone()),
            };
            fields.push((Key::new(inner.key), value));
        }
        fields
    }

    fn edges(
        &mut self,
        list: &mut Connection<'_>,
        selected: &Selected<'a>,
    ) -> Vec<(super::Key, EdgeValue)> {
        let edge = format!("{}Edge", list.entity.name);
        let mut fields = Vec::new();
        for inner in self.collected(&selected.sets(), &edge) {
            let value = match inner.name() {
                "cursor" => {
                    list.asked.cursor = true;
                    self.spend(list.cells);
                    EdgeValue::Cursor
                }
                "node" => EdgeValue::Node(self.object(&mut list.level, &inner.sets(), list.cells)),
                _ => EdgeValue::Typename(edge.clone()),
            };
            fields.push((Key::new(inner.key), value));
        }
        fields
    }

    fn page_info(
        &mut self,
        selected: &Selected<'a>,
        asked: &mut Asked,
    ) -> Vec<(super::Key, PageValue)> {
        let mut fields = Vec::new();
        for inner in self.collected(&selected.sets(), "PageInfo") {
            let value = match inner.name() {
                "hasNextPage" => PageValue::HasNextPage,
                "hasPreviousPage" => PageValue::HasPreviousPage,
                "startCursor" => PageValue::StartCursor,
                "endCursor" => PageValue::EndCursor,
                _ => PageValue::Typename,
            };
            asked.next |= matches!(value, PageValue::HasNextPage);
            asked.previous |= matches!(value, PageValue::HasPreviousPage);
            asked.cursor |= matches!(value, PageValue::StartCursor | PageValue::EndCursor);
            fields.push((Key::new(inner.key), value));
        }
        fields
    }

    /// The fields of a selection; an error is noted and leaves none.
    pub(super) fn collected(
        &mut self,
        sets: &[&'a SelectionSet],
        type_name: &str,
    ) -> Vec<Selected<'a>> {
        self.reader
            .collect(sets, type_name)
            .unwrap_or_else(|error| {
                self.errors.push(error);
                Vec::new()
            })
    }

    fn page_select(
        &self,
        list: Connection<'_>,
        base: &SelectStatement,
        keys: &[OrderKey],
        page: &Page,
    ) -> Select {
        let sql = self.sql;
        let (columns, children) = list.level.into_parts();
        let width = columns.len();
        let mut inside = base.clone();
        for (place, after) in [(&page.after, true), (&page.before, false)] {
            if let Some(place) = place {
                inside.and_where(sql.beyond(keys, place, after));
            }
        }
        let rows = Rows {
            base: inside,
            columns,
            keys,
            backward: page.backward,
            offset: page.offset,
            limit: page.limit.saturating_add(1),
        };
        let outside = |place: &Option<Place>, after: bool| {
            place.as_ref().map(|place| {
                let mut rows = base.clone();
                // Where a key is null the comparison is unknown, and the row is outside all the same.
                rows.and_where(not_true(sql.beyond(keys, place, after)));
                probe(rows)
            })
        };
        // Rows that an offset skips come before the page, whatever else does.
        let before = if page.offset.is_some() {
            Some(probe(base.clone()))
        } else {
            outside(&page.after, true)
        };
        let after = outside(&page.before, false);
        let number = |select: SelectStatement| sql.number(&select, list.parent);
        Select {
            entity: list.entity.name.clone(),
            rows: sql.rows(rows, list.parent),
            fetches_rows: list.asked.fetches_rows(page),
            columns: width,
            limit: page.limit,
            backward: page.backward,
            count: list.asked.total.then(|| number(count(base.clone()))),
            before: before.filter(|_| list.asked.previous).map(number),
            after: after.filter(|_| list.asked.next).map(number),
            children,
        }
    }
}

fn order_columns(level: &mut Level, keys: &[OrderKey]) -> Vec<(usize, Kind)> {
    keys.iter()
        .map(|order| (level.column(order.expr.clone()), order.kind.clone()))
        .collect()
}
