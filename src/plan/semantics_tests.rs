//! One condition, two readings: compiled to SQL and evaluated in memory, on random conditions and seeded rows.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive as _;
use sea_orm::sea_query::{Alias, Expr};
use sudare_entities::Catalog;
use sudare_policies::View;
use sudare_policies::condition::{Comparison, Condition, InList, Operand, Row, RowPath, Truth};
use sudare_policies::value::Value;

use super::bind::{Bind, Binds, Param};
use super::dialect::Dialect;
use super::sql::{Scope, Sql};
use super::statement::Rows;
use super::tests::view;
use crate::seed::{SeedLocale, SeedOptions};
use crate::shape::to_one;

/// Columns of `customer` and of rows that it leads to, with the hand-written SQL that reads them.
const COLUMNS: [(&[&str], &str, &str); 9] = [
    (&[], "annualIncome", "c.annual_income"),
    (&[], "ownerId", "c.owner_id"),
    (&[], "lifecycleStage", "c.lifecycle_stage"),
    (&[], "birthDate", "c.birth_date"),
    (&[], "createdAt", "c.created_at"),
    (&[], "consentMarketing", "c.consent_marketing"),
    (&["department"], "region", "d.region"),
    (&["owner"], "hiredOn", "o.hired_on"),
    (&["owner", "manager"], "departmentId", "m.department_id"),
];

const JOINS: &str = "FROM customer c JOIN department d ON d.id = c.department_id \
    LEFT JOIN employee o ON o.id = c.owner_id LEFT JOIN employee m ON m.id = o.manager_id";

struct World {
    _folder: tempfile::TempDir,
    database: rusqlite::Connection,
    catalog: Catalog,
    view: View,
    customer: usize,
    paths: Vec<RowPath>,
    rows: HashMap<i64, Cells>,
}

struct Cells(HashMap<RowPath, Value>);

impl Row for Cells {
    fn value(&self, path: &RowPath) -> Value {
        self.0[path].clone()
    }
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sudare.db");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let writer = crate::database::open(&file).await.unwrap();
            let options = SeedOptions {
                customers: 60,
                seed: 7,
                locale: SeedLocale::En,
                append: false,
                progress: false,
            };
            crate::seed::seed(&writer, &options, std::future::pending())
                .await
                .unwrap();
        });
        let catalog = Catalog::new().unwrap();
        let customer = catalog.entity("Customer").unwrap();
        let paths: Vec<RowPath> = COLUMNS
            .iter()
            .map(|(hops, field, _)| path(&catalog, customer, hops, field))
            .collect();
        let database = rusqlite::Connection::open(&file).unwrap();
        let rows = read(&database, &paths);
        Self {
            _folder: folder,
            database,
            view: view(&catalog, "admin"),
            catalog,
            customer,
            paths,
            rows,
        }
    }

    fn by_sql(&self, condition: &Condition) -> BTreeSet<i64> {
        let binds = Binds::default();
        let sql = Sql {
            catalog: &self.catalog,
            view: &self.view,
            dialect: Dialect::Sqlite,
            binds: &binds,
        };
        let scope = Scope::root(self.customer);
        let mut select = sql.visible_rows(&scope);
        select.and_where(sql.condition(condition, &scope));
        let rows = Rows {
            base: select,
            columns: vec![Expr::col((Alias::new("t0"), Alias::new("id")))],
            keys: &[],
            backward: false,
            offset: None,
            limit: 1_000,
        };
        let built = sql.rows(rows, None);
        let values = binds.into_all();
        let values = built.params.iter().map(|param| match param {
            Param::Value(place) => match &values[*place] {
                Bind::Fixed(value) => crate::execute::sqlite_value(value),
                other => unreachable!("{other:?} in a condition"),
            },
            Param::Parent => unreachable!("nobody has parents here"),
        });
        let mut statement = self.database.prepare(&built.text).unwrap();
        statement
            .query_map(rusqlite::params_from_iter(values), |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    }

    fn by_evaluation(&self, condition: &Condition) -> BTreeSet<i64> {
        let holds = self
            .rows
            .iter()
            .filter(|(_, row)| condition.evaluate(*row) == Truth::True);
        holds.map(|(id, _)| *id).collect()
    }
}

fn path(catalog: &Catalog, entity: usize, hops: &[&str], field: &str) -> RowPath {
    let mut at = entity;
    let numbers = hops
        .iter()
        .map(|name| {
            let relations: Vec<_> = to_one(&catalog.entities[at]).collect();
            let number = relations
                .iter()
                .position(|relation| relation.name == *name)
                .unwrap();
            at = relations[number].target;
            number
        })
        .collect();
    RowPath {
        entity,
        hops: numbers,
        field: catalog.entities[at].field(field).unwrap(),
    }
}

fn read(database: &rusqlite::Connection, paths: &[RowPath]) -> HashMap<i64, Cells> {
    let columns: Vec<&str> = COLUMNS.iter().map(|(_, _, sql)| *sql).collect();
    let mut statement = database
        .prepare(&format!("SELECT c.id, {} {JOINS}", columns.join(", ")))
        .unwrap();
    let rows = statement.query_map([], |row| {
        let cells = paths.iter().enumerate().map(|(index, path)| {
            (
                path.clone(),
                typed(
                    COLUMNS[index].1,
                    row.get::<_, rusqlite::types::Value>(index + 1).unwrap(),
                ),
            )
        });
        Ok((row.get(0)?, Cells(cells.collect())))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

fn typed(field: &str, value: rusqlite::types::Value) -> Value {
    use rusqlite::types::Value as Stored;
    match (field, value) {
        (_, Stored::Null) => Value::Null,
        ("annualIncome", Stored::Real(value)) => Value::Decimal(Decimal::from_f64(value).unwrap()),
        ("annualIncome", Stored::Integer(value)) => Value::Decimal(value.into()),
        ("consentMarketing", Stored::Integer(value)) => Value::Boolean(value == 1),
        ("birthDate" | "hiredOn", Stored::Text(text)) => Value::Date(text.parse().unwrap()),
        ("createdAt", Stored::Text(text)) => Value::DateTime(
            DateTime::parse_from_rfc3339(&text)
                .unwrap()
                .with_timezone(&Utc),
        ),
        (_, Stored::Integer(value)) => Value::Int(value),
        (_, Stored::Text(text)) => Value::Text(text),
        other => panic!("{other:?}"),
    }
}

fn condition(world: &Rc<World>) -> BoxedStrategy<Condition> {
    let columns = 0..world.paths.len();
    let known = Rc::clone(world);
    let leaf = (
        columns,
        prop::collection::vec(any::<prop::sample::Index>(), 1..4),
        0..8_u8,
    )
        .prop_map(move |(column, picks, shape)| {
            let path = &known.paths[column];
            // Literals are values that some row has, so that equality is met.
            let mut present: Vec<Value> = known.rows.values().map(|row| row.value(path)).collect();
            present.retain(|value| *value != Value::Null);
            present.sort_by_key(|value| format!("{value:?}"));
            let values: Vec<Value> = picks
                .iter()
                .map(|pick| pick.get(&present).clone())
                .collect();
            let operand = Operand::Row(path.clone());
            let ordered = !matches!(values[0], Value::Text(_) | Value::Boolean(_));
            let op = match shape {
                0 => return Condition::IsNull(operand),
                1 => {
                    return Condition::In {
                        operand,
                        list: InList::Values(values),
                    };
                }
                2 if ordered => Comparison::Lt,
                3 if ordered => Comparison::Le,
                4 if ordered => Comparison::Gt,
                5 if ordered => Comparison::Ge,
                6 => Comparison::Ne,
                _ => Comparison::Eq,
            };
            Condition::Compare {
                op,
                left: operand,
                right: Operand::Literal(values[0].clone()),
            }
        });
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Condition::And),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Condition::Or),
            inner.prop_map(|inner| Condition::Not(Box::new(inner))),
        ]
    })
    .boxed()
}

#[test]
fn sql_and_evaluation_read_a_condition_alike() {
    let world = Rc::new(World::new());
    assert_eq!(world.rows.len(), 60);
    let config = ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(
        config.clone(),
        proptest::test_runner::TestRng::deterministic_rng(config.rng_algorithm),
    );
    let mut told_apart = 0;
    let outcome = runner.run(&condition(&world), |condition| {
        let found = world.by_evaluation(&condition);
        prop_assert_eq!(world.by_sql(&condition), found);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    // The conditions must cut the rows in two often enough to prove anything.
    let mut samples = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..100 {
        use proptest::strategy::ValueTree as _;
        let tree = condition(&world).new_tree(&mut samples).unwrap();
        let found = world.by_evaluation(&tree.current()).len();
        told_apart += usize::from(found > 0 && found < 60);
    }
    assert!(told_apart > 50, "{told_apart}");
}
