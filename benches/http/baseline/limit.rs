//! The limit: what a server reaches that was written by hand for these queries and can do nothing else. A prepared statement for
//! each, its cells written as JSON as they come in. It checks no token, reads no query, and knows no policy.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use deadpool_postgres::{Manager, ManagerConfig, Pool};
use futures_util::TryStreamExt as _;
use serde::Deserialize;
use tokio_postgres::{NoTls, Row, RowStream};

use super::cells::{Fault, Writer, amount, cells, date, id, instant, key, name, number, text};
use super::{POOL, serve};
use crate::Outcome;

type Columns = &'static [(&'static str, Writer)];

const POINT: &str =
    "SELECT id, full_name, email, phone, city, created_at FROM customer WHERE id = $1";
const POINT_COLUMNS: Columns = &[
    ("{\"id\":", id),
    (",\"fullName\":", text),
    (",\"email\":", text),
    (",\"phone\":", text),
    (",\"city\":", text),
    (",\"createdAt\":", instant),
];

const LIST: &str = "SELECT id, full_name, email, phone, city, country, lifecycle_stage, created_at FROM customer \
    WHERE lifecycle_stage = 'ACTIVE' ORDER BY created_at DESC, id DESC LIMIT 50";
const LIST_COLUMNS: Columns = &[
    ("{\"id\":", id),
    (",\"fullName\":", text),
    (",\"email\":", text),
    (",\"phone\":", text),
    (",\"city\":", text),
    (",\"country\":", text),
    (",\"lifecycleStage\":", name),
    (",\"createdAt\":", instant),
];

/// A statement a level takes the database half the time of one that joins all three.
const CUSTOMERS: &str = "SELECT id, full_name FROM customer ORDER BY id LIMIT 20";
const ORDERS: &str = "SELECT o.customer_id, o.id, o.order_no, o.placed_at, o.total_amount FROM unnest($1::bigint[]) AS c(id) \
    CROSS JOIN LATERAL (SELECT customer_id, id, order_no, placed_at, total_amount FROM \"order\" WHERE customer_id = c.id \
        ORDER BY placed_at DESC, id DESC LIMIT 5) o \
    ORDER BY o.customer_id, o.placed_at DESC, o.id DESC";
const ITEMS: &str = "SELECT i.order_id, i.id, i.quantity, i.unit_price, p.name FROM order_item i JOIN product p ON p.id = i.product_id \
    WHERE i.order_id = ANY($1) ORDER BY i.order_id, i.id";
/// As many items of an order as are asked for: to cut here costs less than to let the database count.
const ITEMS_AN_ORDER: usize = 50;
const CUSTOMER_COLUMNS: Columns = &[("{\"id\":", id), (",\"fullName\":", text)];
const ORDER_COLUMNS: Columns = &[
    ("{\"id\":", id),
    (",\"orderNo\":", text),
    (",\"placedAt\":", instant),
    (",\"totalAmount\":", amount),
];
const ITEM_COLUMNS: Columns = &[
    ("{\"id\":", id),
    (",\"quantity\":", number),
    (",\"unitPrice\":", amount),
    (",\"product\":{\"name\":", text),
];

const BIG: &str = "SELECT id, full_name, email, phone, national_id, birth_date, annual_income, city, lifecycle_stage, created_at \
    FROM customer ORDER BY id LIMIT 1000";
const BIG_COLUMNS: Columns = &[
    ("{\"id\":", id),
    (",\"fullName\":", text),
    (",\"email\":", text),
    (",\"phone\":", text),
    (",\"nationalId\":", text),
    (",\"birthDate\":", date),
    (",\"annualIncome\":", amount),
    (",\"city\":", text),
    (",\"lifecycleStage\":", name),
    (",\"createdAt\":", instant),
];

const GROUPS: &str = "SELECT status, count(*)::int, sum(total_amount) FROM \"order\" GROUP BY status ORDER BY status COLLATE \"C\"";
const GROUP_COLUMNS: Columns = &[
    ("{\"key\":{\"status\":", name),
    ("},\"count\":", number),
    (",\"sum\":{\"totalAmount\":", amount),
];

/// Serves each query at an address of its own.
pub(crate) async fn run(database: &str, port: u16) -> Outcome<()> {
    let config = ManagerConfig::default();
    let manager = Manager::from_config(database.parse()?, NoTls, config);
    let pool = Arc::new(Pool::builder(manager).max_size(POOL).build()?);
    let router = Router::new()
        .route(
            "/Q1",
            post(async |State(pool): State<Arc<Pool>>, body: Bytes| {
                answer(point(&pool, &body).await)
            }),
        )
        .route(
            "/Q2",
            post(async |State(pool): State<Arc<Pool>>, _: Bytes| answer(list(&pool).await)),
        )
        .route(
            "/Q3",
            post(async |State(pool): State<Arc<Pool>>, _: Bytes| answer(nested(&pool).await)),
        )
        .route(
            "/Q4",
            post(async |State(pool): State<Arc<Pool>>, _: Bytes| answer(big(&pool).await)),
        )
        .route(
            "/Q5",
            post(async |State(pool): State<Arc<Pool>>, _: Bytes| answer(groups(&pool).await)),
        )
        .with_state(pool);
    serve(router, port).await
}

fn answer(body: Result<Vec<u8>, Fault>) -> Response {
    match body {
        Ok(body) => ([(CONTENT_TYPE, "application/json")], body).into_response(),
        Err(fault) => (StatusCode::INTERNAL_SERVER_ERROR, fault.to_string()).into_response(),
    }
}

/// The part of a request that matters here.
#[derive(Deserialize)]
struct Asked<'a> {
    #[serde(borrow)]
    variables: Variables<'a>,
}

#[derive(Deserialize)]
struct Variables<'a> {
    id: &'a str,
}

async fn point(pool: &Pool, body: &[u8]) -> Result<Vec<u8>, Fault> {
    let asked: Asked<'_> = serde_json::from_slice(body)?;
    let number: i64 = asked.variables.id.parse()?;
    let client = pool.get().await?;
    let statement = client.prepare_cached(POINT).await?;
    let row = client.query_opt(&statement, &[&number]).await?;
    let mut out = Vec::with_capacity(512);
    out.extend_from_slice(b"{\"data\":{\"customer\":");
    match row {
        Some(row) => {
            cells(&mut out, &row, 0, POINT_COLUMNS)?;
            out.extend_from_slice(b"}}}");
        }
        None => out.extend_from_slice(b"null}}"),
    }
    Ok(out)
}

async fn list(pool: &Pool) -> Result<Vec<u8>, Fault> {
    flat(pool, LIST, LIST_COLUMNS, 16 << 10).await
}

async fn big(pool: &Pool) -> Result<Vec<u8>, Fault> {
    flat(pool, BIG, BIG_COLUMNS, 384 << 10).await
}

/// A list of objects, one a row.
async fn flat(pool: &Pool, sql: &str, columns: Columns, size: usize) -> Result<Vec<u8>, Fault> {
    let client = pool.get().await?;
    let mut rows = std::pin::pin!(stream(&client, sql).await?);
    let mut out = Vec::with_capacity(size);
    out.extend_from_slice(b"{\"data\":{\"customers\":{\"nodes\":[");
    let start = out.len();
    while let Some(row) = rows.try_next().await? {
        if out.len() > start {
            out.push(b',');
        }
        cells(&mut out, &row, 0, columns)?;
        out.push(b'}');
    }
    out.extend_from_slice(b"]}}}");
    Ok(out)
}

async fn groups(pool: &Pool) -> Result<Vec<u8>, Fault> {
    let client = pool.get().await?;
    let mut rows = std::pin::pin!(stream(&client, GROUPS).await?);
    let mut out = Vec::with_capacity(1 << 10);
    out.extend_from_slice(b"{\"data\":{\"ordersAggregate\":[");
    let start = out.len();
    while let Some(row) = rows.try_next().await? {
        if out.len() > start {
            out.push(b',');
        }
        cells(&mut out, &row, 0, GROUP_COLUMNS)?;
        out.extend_from_slice(b"}}");
    }
    out.extend_from_slice(b"]}}");
    Ok(out)
}

async fn stream(client: &deadpool_postgres::Client, sql: &str) -> Result<RowStream, Fault> {
    let statement = client.prepare_cached(sql).await?;
    Ok(client
        .query_raw(&statement, std::iter::empty::<i64>())
        .await?)
}

/// The customers, their orders and the items of these: a list each, in which the children of a parent stand together.
async fn nested(pool: &Pool) -> Result<Vec<u8>, Fault> {
    let client = pool.get().await?;
    let customers = level(&client, CUSTOMERS, None).await?;
    let orders = level(&client, ORDERS, Some(keys(&customers, 0)?)).await?;
    let items = level(&client, ITEMS, Some(keys(&orders, 1)?)).await?;
    let mut out = Vec::with_capacity(64 << 10);
    out.extend_from_slice(b"{\"data\":{\"customers\":");
    nodes(&mut out, &customers, |out, customer| {
        cells(out, customer, 0, CUSTOMER_COLUMNS)?;
        out.extend_from_slice(b",\"orders\":");
        nodes(out, of(&orders, key(customer, 0)?), |out, order| {
            cells(out, order, 1, ORDER_COLUMNS)?;
            out.extend_from_slice(b",\"items\":");
            let items = of(&items, key(order, 1)?);
            let items = items.get(..ITEMS_AN_ORDER).unwrap_or(items);
            nodes(out, items, |out, item| {
                cells(out, item, 1, ITEM_COLUMNS)?;
                out.push(b'}');
                Ok(())
            })
        })
    })?;
    out.extend_from_slice(b"}}");
    Ok(out)
}

async fn level(
    client: &deadpool_postgres::Client,
    sql: &str,
    parents: Option<Vec<i64>>,
) -> Result<Vec<Row>, Fault> {
    let statement = client.prepare_cached(sql).await?;
    Ok(match parents {
        Some(parents) => client.query(&statement, &[&parents]).await?,
        None => client.query(&statement, &[]).await?,
    })
}

fn keys(rows: &[Row], column: usize) -> Result<Vec<i64>, Fault> {
    rows.iter().map(|row| key(row, column)).collect()
}

/// The rows whose first column is the key of this parent.
fn of(rows: &[Row], parent: i64) -> &[Row] {
    let from = rows.partition_point(|row| key(row, 0).is_ok_and(|key| key < parent));
    let to = rows.partition_point(|row| key(row, 0).is_ok_and(|key| key <= parent));
    rows.get(from..to).unwrap_or_default()
}

fn nodes(
    out: &mut Vec<u8>,
    rows: &[Row],
    write: impl Fn(&mut Vec<u8>, &Row) -> Result<(), Fault>,
) -> Result<(), Fault> {
    out.extend_from_slice(b"{\"nodes\":[");
    for (index, row) in rows.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write(out, row)?;
        out.push(b'}');
    }
    out.extend_from_slice(b"]}");
    Ok(())
}
