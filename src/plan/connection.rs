//! A page of a list: its rows, its count, what comes before and after it.

use async_graphql::Positioned;
use async_graphql::parser::types::{Field, SelectionSet};
use sea_orm::sea_query::{ExprTrait as _, SelectStatement};
use sudare_entities::catalog::Entity;
use sudare_policies::value::Value;

use super::collect::Selected;
use super::order::{OrderKey, beyond, probe};
use super::planner::{ColumnKey, Level, Planner};
use super::sql::{Scope, count};
use super::{ConnectionShape, ConnectionValue, CursorShape, EdgeValue, PageValue, Select, key};
use crate::answer::ErrorCode;
use crate::graphql::coerce::Input;
use crate::graphql::inputs::{TypeRef, filter_name, order_name};
use crate::seal::{CursorSeal, CursorValue};

/// The arguments of a page.
struct Page {
    limit: u64,
    backward: bool,
    offset: u64,
    after: Option<Vec<CursorValue>>,
    before: Option<Vec<CursorValue>>,
}

/// What of a connection is asked for.
#[derive(Default)]
struct Asked {
    total: bool,
    next: bool,
    previous: bool,
    cursor: bool,
}

impl<'a> Planner<'a> {
    /// Plans a connection over `base`, the visible rows of the list; `parents` is how many such lists there may be.
    pub(super) fn connection(
        &mut self,
        scope: Scope,
        base: &SelectStatement,
        selected: &Selected<'a>,
        coordinate: &str,
        parents: u64,
    ) -> Option<(Select, ConnectionShape)> {
        let field = *selected.nodes.first()?;
        let entity = self.entity(scope.entity)?;
        let mut rows = base.clone();
        let filter = self.argument(field, "filter", &TypeRef::named(filter_name(entity)));
        if let Some(filter) = filter
            && let Some(filter) =
                self.filter(&scope, &filter, &format!("{}.filter", field.node.name.node))
        {
            rows.and_where(filter);
        }
        let order = self.argument(field, "orderBy", &TypeRef::list_of(order_name(entity)));
        let keys = self.order(
            &scope,
            order.as_ref(),
            &format!("{}.orderBy", field.node.name.node),
        );
        let seal = self.cursor_seal(coordinate, &keys);
        let page = self.page(field, &seal, keys.len());
        let cells = parents.saturating_mul(Ord::max(page.limit, 1));

        let mut level = Level::new(scope);
        let mut asked = Asked::default();
        let fields = self.connection_fields(&mut level, selected, entity, &mut asked, cells);
        let cursor = asked.cursor.then(|| CursorShape {
            columns: order_columns(&mut level, &keys),
            seal,
        });
        let select = self.page_select(level, &rows, &keys, &page, &asked);
        Some((select, ConnectionShape { fields, cursor }))
    }

    /// Cursors fit the list and the order that they were made for, and no other.
    fn cursor_seal(&self, coordinate: &str, keys: &[OrderKey]) -> CursorSeal {
        let order: Vec<&str> = keys.iter().map(|key| key.name.as_str()).collect();
        self.seals
            .cursor(&format!("{coordinate}({})", order.join(",")))
    }

    fn page(&mut self, field: &Positioned<Field>, seal: &CursorSeal, keys: usize) -> Page {
        let first = self.size(field, "first");
        let last = self.size(field, "last");
        let offset = self.whole_number(field, "offset");
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
            offset: offset.unwrap_or(0),
            after: self.place(field, "after", seal, keys),
            before: self.place(field, "before", seal, keys),
        }
    }

    fn size(&mut self, field: &Positioned<Field>, name: &str) -> Option<u64> {
        let size = self.whole_number(field, name)?;
        let limit = self.limits.max_page_size;
        if size > limit {
            let message =
                format!("`{name}` asks for too many rows: the limit is {limit}; page with `after`");
            self.refuse(field, ErrorCode::CostLimit, message);
        }
        Some(Ord::min(size, limit))
    }

    fn whole_number(&mut self, field: &Positioned<Field>, name: &str) -> Option<u64> {
        let Some(Input::Scalar(Value::Int(value))) =
            self.argument(field, name, &TypeRef::named("Int"))
        else {
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
        keys: usize,
    ) -> Option<Vec<CursorValue>> {
        let text = self.text_argument(field, name, &TypeRef::named("String"))?;
        let values = seal.open(&text).filter(|values| values.len() == keys);
        if values.is_none() {
            let message = format!(
                "`{name}` is not a cursor of this list in this order: take one from its answer"
            );
            self.refuse(field, ErrorCode::BadUserInput, message);
        }
        values
    }

    fn connection_fields(
        &mut self,
        level: &mut Level,
        selected: &Selected<'a>,
        entity: &Entity,
        asked: &mut Asked,
        cells: u64,
    ) -> Vec<(super::Key, ConnectionValue)> {
        let connection = format!("{}Connection", entity.name);
        let mut fields = Vec::new();
        for inner in self.collected(&selected.sets(), &connection) {
            let value = match inner.name() {
                "nodes" => ConnectionValue::Nodes(self.object(level, &inner.sets(), cells)),
                "edges" => ConnectionValue::Edges(self.edges(level, &inner, entity, asked, cells)),
                "pageInfo" => ConnectionValue::PageInfo(self.page_info(&inner, asked)),
                "totalCount" => {
                    asked.total = true;
                    ConnectionValue::TotalCount
                }
                _ => ConnectionValue::Typename(connection.clone()),
            };
            fields.push((key(inner.key), value));
        }
        fields
    }

    fn edges(
        &mut self,
        level: &mut Level,
        selected: &Selected<'a>,
        entity: &Entity,
        asked: &mut Asked,
        cells: u64,
    ) -> Vec<(super::Key, EdgeValue)> {
        let edge = format!("{}Edge", entity.name);
        let mut fields = Vec::new();
        for inner in self.collected(&selected.sets(), &edge) {
            let value = match inner.name() {
                "cursor" => {
                    asked.cursor = true;
                    self.spend(cells);
                    EdgeValue::Cursor
                }
                "node" => EdgeValue::Node(self.object(level, &inner.sets(), cells)),
                _ => EdgeValue::Typename(edge.clone()),
            };
            fields.push((key(inner.key), value));
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
            fields.push((key(inner.key), value));
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
        &mut self,
        level: Level,
        base: &SelectStatement,
        keys: &[OrderKey],
        page: &Page,
        asked: &Asked,
    ) -> Select {
        let entity = self
            .entity(level.scope.entity)
            .map_or_else(String::new, |entity| entity.name.clone());
        let (columns, children) = level.into_parts();
        let width = columns.len();
        let mut rows = base.clone();
        for (place, after) in [(&page.after, true), (&page.before, false)] {
            if let Some(values) = place {
                rows.and_where(beyond(keys, values, after));
            }
        }
        rows.exprs(columns).limit(page.limit.saturating_add(1));
        if page.offset > 0 {
            rows.offset(page.offset);
        }
        self.apply_order(&mut rows, keys, page.backward);

        let outside = |values: &Option<Vec<CursorValue>>, after: bool| {
            values.as_ref().map(|values| {
                let mut rows = base.clone();
                rows.and_where(beyond(keys, values, after).not());
                probe(rows)
            })
        };
        // Rows that an offset skips come before the page, whatever else does.
        let before = if page.offset > 0 {
            Some(probe(base.clone()))
        } else {
            outside(&page.after, true)
        };
        let after = outside(&page.before, false);
        Select {
            entity,
            rows: self.statement(&rows),
            columns: width,
            limit: page.limit,
            backward: page.backward,
            count: asked.total.then(|| self.statement(&count(base.clone()))),
            before: before
                .filter(|_| asked.previous)
                .map(|rows| self.statement(&rows)),
            after: after
                .filter(|_| asked.next)
                .map(|rows| self.statement(&rows)),
            children,
        }
    }
}

fn order_columns(level: &mut Level, keys: &[OrderKey]) -> Vec<usize> {
    keys.iter()
        .enumerate()
        .map(|(index, order)| level.column(ColumnKey::Order(index), |_| order.expr.clone()))
        .collect()
}
