//! The plan of one row for a steward: the raw cells that conditions read, and a cell as the principal sees it.

use sea_orm::sea_query::{Alias, ExprTrait as _, Query, SelectStatement};
use sudare_entities::Catalog;
use sudare_policies::View;
use sudare_policies::condition::RowPath;

use super::dialect::Dialect;
use super::planner::Level;
use super::sql::{Scope, Sql};
use super::{ObjectShape, ObjectValue, Plan, Root, RootValue, Select, Statement, key};

/// Which row, and what of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inspection<'a> {
    pub(crate) catalog: &'a Catalog,
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
    let sql = Sql {
        catalog: inspection.catalog,
        view: inspection.view,
        dialect: Dialect::Sqlite,
    };
    let scope = Scope::root(inspection.entity);
    let this = sql.column(&scope, entity.key).eq(inspection.id);

    let mut raw = Query::select();
    raw.from_as(Alias::new(&entity.table), Alias::new("t0"))
        .and_where(this.clone());
    for path in inspection.paths {
        raw.expr(sql.path(path, &scope)?);
    }
    // A row is a row, even if nobody asks for a cell of it.
    raw.expr(sql.column(&scope, entity.key));
    let nothing = ObjectShape { fields: Vec::new() };

    let mut seen = sql.visible_rows(&scope);
    seen.and_where(this);
    let mut level = Level::new(scope);
    let mut fields = Vec::new();
    if let Some(cell) = inspection
        .field
        .and_then(|field| sql.cell(&mut level, entity, field))
    {
        fields.push((key("cell"), ObjectValue::Cell(cell)));
    }
    let (columns, _) = level.into_parts();
    let width = columns.len();
    seen.exprs(columns);

    let select = |select, columns| one(&sql, &entity.name, select, columns);
    Some(Plan {
        roots: vec![
            root("stored", select(raw, inspection.paths.len() + 1), nothing),
            root("row", select(seen, width), ObjectShape { fields }),
        ],
        disclosure: std::collections::BTreeMap::new(),
    })
}

fn root(name: &str, select: Select, shape: ObjectShape) -> Root {
    Root {
        key: key(name),
        value: RootValue::One { select, shape },
    }
}

fn one(sql: &Sql<'_>, entity: &str, mut select: SelectStatement, columns: usize) -> Select {
    let (text, values) = sql.dialect.build(select.limit(1));
    Select {
        entity: entity.to_owned(),
        rows: Statement { text, values },
        columns,
        limit: 1,
        backward: false,
        count: None,
        before: None,
        after: None,
        children: Vec::new(),
    }
}
