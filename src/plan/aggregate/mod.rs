//! Groups of rows, and what they amount to. A group sees what the principal sees: fields in full, on the rows where they are.

mod clauses;
mod grants;
mod judged;
mod keys;
mod shape;
mod stages;

use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, SelectStatement};
use sudare_entities::catalog::{Entity, Field, Kind};

use super::collect::Selected;
use super::connection::List;
use super::order::{OrderKey, hidden};
use super::planner::Planner;
use super::sql::{Scope, Sight};
use super::statement::Rows;
use super::{GroupShape, Select};
use crate::answer::ErrorCode;
use crate::graphql::aggregates::{Measure, group_name, having_name};
use crate::graphql::inputs::{TypeRef, filter_name};

use grants::Withheld;
use keys::GroupKey;

/// What groups are read from, in the clauses of the last stage.
const GROUPS: &str = "g";

/// The column of the groups that holds 1 where what is withheld would tell of too few.
const SUPPRESSED: &str = "suppressed";

/// A column of the groups.
fn grouped(name: impl Into<String>) -> Expr {
    Expr::col((Alias::new(GROUPS), Alias::new(name)))
}

/// An aggregate while its clauses and its selection are read.
pub(super) struct Aggregate<'e> {
    entity: &'e Entity,
    scope: Scope,
    /// What of the rows is needed, by place.
    values: Vec<Expr>,
    keys: Vec<GroupKey>,
    /// Whether a key has been refused: that it is missing elsewhere is not told, too.
    lacks_keys: bool,
    measures: Vec<Measured>,
    /// Fields that are measured by a grant, though they may not be seen.
    withheld: Vec<Withheld>,
    /// What of the groups is shown, by place.
    columns: Vec<Expr>,
}

/// A measure of a field, by the place of the field's values.
struct Measured {
    measure: Measure,
    field: Field,
    value: usize,
    /// By a grant: the number of the field among those that are withheld.
    withheld: Option<usize>,
}

impl Measured {
    fn kind(&self) -> Kind {
        self.measure.kind(&self.field)
    }

    /// The field as if the measure were stored in it.
    fn as_field(&self) -> Field {
        Field {
            kind: self.kind(),
            references: None,
            ..self.field.clone()
        }
    }
}

impl Aggregate<'_> {
    /// The place of a value of the rows; equal needs share one.
    fn value(&mut self, expr: Expr) -> usize {
        place(&mut self.values, expr)
    }

    /// The place of what is shown of a group.
    fn column(&mut self, expr: Expr) -> usize {
        place(&mut self.columns, expr)
    }
}

fn place(known: &mut Vec<Expr>, expr: Expr) -> usize {
    if let Some(place) = known.iter().position(|known| *known == expr) {
        return place;
    }
    known.push(expr);
    known.len() - 1
}

impl<'a> Planner<'a> {
    /// Plans the groups of a list.
    pub(super) fn aggregate(
        &mut self,
        list: List<'_>,
        selected: &Selected<'a>,
    ) -> Option<(Select, GroupShape)> {
        let field = *selected.nodes.first()?;
        let entity = self.entity(list.scope.entity)?;
        let name = field.node.name.node.as_str();
        let known_errors = self.errors.len();
        let mut rows = list.rows;
        if let Some(filter) = self.argument(field, "filter", &TypeRef::named(filter_name(entity)))
            && let Some(filter) = self.filter(&list.scope, &filter, &format!("{name}.filter"))
        {
            rows.and_where(filter);
        }
        let mut aggregate = Aggregate {
            entity,
            scope: list.scope,
            values: Vec::new(),
            keys: Vec::new(),
            lacks_keys: false,
            measures: Vec::new(),
            withheld: Vec::new(),
            columns: Vec::new(),
        };
        let keys = self.argument(field, "groupBy", &TypeRef::list_of(group_name(entity)));
        self.group_keys(&mut aggregate, keys.as_ref(), &format!("{name}.groupBy"));
        let having = self.argument(field, "having", &TypeRef::named(having_name(entity)));
        let place = format!("{name}.having");
        let chosen = having.as_ref();
        let chosen = chosen.and_then(|having| self.having(&mut aggregate, having, &place));
        let mut order = self.aggregate_order(&mut aggregate, field);
        self.place_errors(known_errors, field);
        let limit = self.size(field, "first");
        let limit = limit.unwrap_or(self.limits.max_page_size);
        let shape = self.group(&mut aggregate, selected);
        if !aggregate.withheld.is_empty() {
            order.insert(0, OrderKey::plain(grouped(SUPPRESSED), Kind::Boolean));
        }
        let cells = list.parents.saturating_mul(limit);
        self.spend(cells.saturating_mul(aggregate.columns.len() as u64));
        let parent = list.parent;
        let mut groups = self.sql.groups(&aggregate, rows, parent.is_some());
        groups.and_where_option(chosen);
        if having.is_some() && !aggregate.withheld.is_empty() {
            groups.and_where(grouped(SUPPRESSED).eq(Expr::cust("0")));
        }
        let select = self.groups_select(aggregate, groups, &order, (limit, parent));
        Some((select, shape))
    }

    fn groups_select(
        &self,
        aggregate: Aggregate<'_>,
        base: SelectStatement,
        keys: &[OrderKey],
        (limit, parent): (u64, Option<&Kind>),
    ) -> Select {
        let mut columns = aggregate.columns;
        if columns.is_empty() {
            // a group is one, whatever is shown of it
            columns.push(Expr::cust("1"));
        }
        let width = columns.len();
        let rows = Rows {
            base,
            columns,
            keys,
            backward: false,
            offset: None,
            limit,
        };
        Select {
            entity: aggregate.entity.name.clone(),
            rows: self.sql.rows(rows, parent),
            fetches_rows: true,
            columns: width,
            limit,
            backward: false,
            count: None,
            before: None,
            after: None,
            children: Vec::new(),
        }
    }

    /// The number of a measure among those of the aggregate; `None` if it has been refused.
    fn measure(
        &mut self,
        aggregate: &mut Aggregate<'_>,
        measure: Measure,
        field: &str,
        place: &str,
    ) -> Option<usize> {
        let entity = aggregate.entity;
        let position = entity.field(field)?;
        let decision = self.sql.view.decision(aggregate.scope.entity, position);
        self.disclose(&format!("{}.{field}", entity.name), decision);
        let withheld = if measure.is_grantable() {
            self.withheld(aggregate, position, place).ok()?
        } else {
            None
        };
        let granted = withheld.and_then(|number| aggregate.withheld.get(number));
        let value = match (granted, self.sql.sight(&aggregate.scope, position)) {
            (Some(granted), _) => granted.value.clone(),
            (None, Sight::Whole(expr) | Sight::Guarded(expr)) => expr,
            (None, Sight::Hidden) => {
                let code = ErrorCode::FieldNotAggregatable;
                let error = hidden(code, entity, field, place, "aggregate");
                self.errors.push(error);
                return None;
            }
        };
        let value = aggregate.value(value);
        let same = |known: &Measured| known.measure == measure && known.value == value;
        if let Some(known) = aggregate.measures.iter().position(same) {
            return Some(known);
        }
        aggregate.measures.push(Measured {
            measure,
            field: entity.fields.get(position)?.clone(),
            value,
            withheld,
        });
        Some(aggregate.measures.len() - 1)
    }
}
