//! The plan of one row for a steward: the raw cells that conditions read, and a cell as the principal sees it.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query, SelectStatement};
use sudare_entities::Catalog;
use sudare_policies::View;
use sudare_policies::condition::RowPath;
use sudare_policies::value::Value;

use super::bind::Binds;
use super::dialect::Dialect;
use super::planner::Level;
use super::sql::{Scope, Sql};
use super::statement::Rows;
use super::{Key, ObjectShape, ObjectValue, Plan, Root, RootValue, Select};

/// Which row, and what of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inspection<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) dialect: Dialect,
    pub(crate) view: &'a View,
    pub(crate) entity: usize,
    /// The primary key of the row.
    pub(crate) id: i64,
    /// The field to show as the principal sees it.
    pub(crate) field: Option<usize>,
    /// The cells that conditions read.
    pub(crate) paths: &'a [RowPath],
}

/// A plan of two roots: the raw cells of the row whoever may see it, in the order of the paths, and `row { cell }` as it is
/// served. `None` if there is no such entity.
pub(crate) fn inspect(inspection: Inspection<'_>) -> Option<Plan> {
    let entity = inspection.catalog.entities.get(inspection.entity)?;
    let binds = Binds::default();
    let sql = Sql {
        catalog: inspection.catalog,
        view: inspection.view,
        dialect: inspection.dialect,
        binds: &binds,
    };
    let scope = Scope::root(inspection.entity);
    let this = sql
        .column(&scope, entity.key)
        .eq(sql.value(&Value::Int(inspection.id)));

    let mut raw = Query::select();
    raw.from_as(Alias::new(&entity.table), Alias::new("t0"))
        .and_where(this.clone());
    let cells = inspection.paths.iter().map(|path| sql.path(path, &scope));
    let mut cells: Vec<Expr> = cells.collect::<Option<_>>()?;
    // A row is a row, even if nobody asks for a cell of it.
    cells.push(sql.column(&scope, entity.key));
    let nothing = ObjectShape { fields: Vec::new() };

    let mut seen = sql.visible_rows(&scope);
    seen.and_where(this);
    let mut level = Level::new(scope);
    let mut fields = Vec::new();
    if let Some(cell) = inspection
        .field
        .and_then(|field| sql.cell(&mut level, entity, field))
    {
        fields.push((Key::new("cell"), ObjectValue::Cell(cell)));
    }
    let (columns, _) = level.into_parts();
    let select = |base, columns| one(&sql, &entity.name, base, columns);
    let roots = vec![
        root("stored", select(raw, cells), nothing),
        root("row", select(seen, columns), ObjectShape { fields }),
    ];
    Some(Plan {
        roots,
        disclosure: BTreeMap::new(),
        binds: binds.into_all(),
        fixed: BTreeSet::new(),
        personal: true,
    })
}

fn root(name: &str, select: Select, shape: ObjectShape) -> Root {
    Root {
        key: Key::new(name),
        value: RootValue::One { select, shape },
    }
}

fn one(sql: &Sql<'_>, entity: &str, base: SelectStatement, columns: Vec<Expr>) -> Select {
    let width = columns.len();
    let rows = Rows {
        base,
        columns,
        keys: &[],
        backward: false,
        offset: None,
        limit: 1,
    };
    Select {
        entity: entity.to_owned(),
        rows: sql.rows(rows, None),
        fetches_rows: true,
        columns: width,
        limit: 1,
        backward: false,
        count: None,
        before: None,
        after: None,
        children: Vec::new(),
    }
}
