//! The same queries the usual way: a resolver for each field, SeaORM's models behind them, and loaders against a query for each row.
//! No tokens and no policies here either.

use std::sync::Arc;

use async_graphql::dataloader::DataLoader;
use async_graphql::{
    Context, EmptyMutation, EmptySubscription, Enum, ID, InputObject, Object, Request, Result,
    Schema, SimpleObject,
};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use chrono::{DateTime, SecondsFormat, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveEnum as _, ConnectOptions, Database, DatabaseConnection, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use sudare_entities::{customer, order, order_item, product};

use super::loaders::{ItemsOf, Loaders, OrdersOf, ProductOf};
use super::{POOL, serve};
use crate::Outcome;

type Root = Schema<Query, EmptyMutation, EmptySubscription>;

/// Serves them.
pub(crate) async fn run(database: &str, port: u16) -> Outcome<()> {
    let mut options = ConnectOptions::new(database);
    options
        .sqlx_logging(false)
        .max_connections(u32::try_from(POOL)?);
    let database = Database::connect(options).await?;
    let schema = Schema::build(Query, EmptyMutation, EmptySubscription)
        .data(DataLoader::new(Loaders(database.clone()), tokio::spawn))
        .data(database)
        .finish();
    let router = Router::new()
        .route("/graphql", post(answer))
        .with_state(Arc::new(schema));
    serve(router, port).await
}

async fn answer(State(schema): State<Arc<Root>>, body: Bytes) -> Response {
    let Ok(request) = serde_json::from_slice::<Request>(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let response = schema.execute(request).await;
    match serde_json::to_vec(&response) {
        Ok(body) if response.is_ok() => {
            ([(CONTENT_TYPE, "application/json")], body).into_response()
        }
        Ok(body) => (StatusCode::INTERNAL_SERVER_ERROR, body).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

struct Query;

#[Object]
impl Query {
    async fn customer(&self, context: &Context<'_>, id: ID) -> Result<Option<Customer>> {
        let database = context.data::<DatabaseConnection>()?;
        let found = customer::Entity::find_by_id(id.parse::<i64>()?)
            .one(database)
            .await?;
        Ok(found.map(Customer))
    }

    async fn customers(
        &self,
        context: &Context<'_>,
        filter: Option<CustomerFilter>,
        order_by: Option<Vec<CustomerOrderBy>>,
        first: u64,
    ) -> Result<CustomerConnection> {
        let mut select = customer::Entity::find();
        if let Some(stage) = filter.and_then(|filter| filter.lifecycle_stage?.eq) {
            let stage = customer::LifecycleStage::from(stage);
            // As a text, which is what the column is.
            let column = Expr::col((customer::Entity, customer::Column::LifecycleStage));
            select = select.filter(column.eq(stage.to_value()));
        }
        for CustomerOrderBy { created_at } in order_by.unwrap_or_default() {
            select = match created_at {
                SortDirection::Asc => select.order_by_asc(customer::Column::CreatedAt),
                SortDirection::Desc => select.order_by_desc(customer::Column::CreatedAt),
            };
        }
        let select = select.order_by_asc(customer::Column::Id).limit(first);
        let rows = select.all(context.data::<DatabaseConnection>()?).await?;
        let nodes = rows.into_iter().map(Customer).collect();
        Ok(CustomerConnection { nodes })
    }
}

#[derive(InputObject)]
struct CustomerFilter {
    lifecycle_stage: Option<StageFilter>,
}

#[derive(InputObject)]
struct StageFilter {
    eq: Option<Stage>,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "customer::LifecycleStage")]
enum Stage {
    Potential,
    Active,
    Lost,
}

#[derive(InputObject)]
struct CustomerOrderBy {
    created_at: SortDirection,
}

#[derive(InputObject)]
struct OrderOrderBy {
    placed_at: SortDirection,
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
enum SortDirection {
    Asc,
    Desc,
}

#[derive(SimpleObject)]
struct CustomerConnection {
    nodes: Vec<Customer>,
}

struct Customer(customer::Model);

#[Object]
impl Customer {
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    async fn full_name(&self) -> &str {
        &self.0.full_name
    }

    async fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    async fn phone(&self) -> Option<&str> {
        self.0.phone.as_deref()
    }

    async fn national_id(&self) -> Option<&str> {
        self.0.national_id.as_deref()
    }

    async fn birth_date(&self) -> Option<String> {
        Some(self.0.birth_date?.to_string())
    }

    async fn annual_income(&self) -> Option<String> {
        Some(self.0.annual_income?.to_string())
    }

    async fn city(&self) -> Option<&str> {
        self.0.city.as_deref()
    }

    async fn country(&self) -> &str {
        &self.0.country
    }

    async fn lifecycle_stage(&self) -> Stage {
        self.0.lifecycle_stage.into()
    }

    async fn created_at(&self) -> String {
        instant(&self.0.created_at)
    }

    async fn orders(
        &self,
        context: &Context<'_>,
        first: i64,
        order_by: Vec<OrderOrderBy>,
    ) -> Result<OrderConnection> {
        if !matches!(
            order_by.as_slice(),
            [OrderOrderBy {
                placed_at: SortDirection::Desc
            }]
        ) {
            return Err("this server knows the latest orders only".into());
        }
        let customer = self.0.id;
        let loader = context.data::<DataLoader<Loaders>>()?;
        let rows = loader.load_one(OrdersOf { customer, first }).await?;
        let nodes = rows.unwrap_or_default().into_iter().map(Order).collect();
        Ok(OrderConnection { nodes })
    }
}

#[derive(SimpleObject)]
struct OrderConnection {
    nodes: Vec<Order>,
}

struct Order(order::Model);

#[Object]
impl Order {
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    async fn order_no(&self) -> &str {
        &self.0.order_no
    }

    async fn placed_at(&self) -> String {
        instant(&self.0.placed_at)
    }

    async fn total_amount(&self) -> String {
        self.0.total_amount.to_string()
    }

    async fn items(&self, context: &Context<'_>, first: usize) -> Result<ItemConnection> {
        let loader = context.data::<DataLoader<Loaders>>()?;
        let rows = loader.load_one(ItemsOf(self.0.id)).await?;
        let nodes = rows
            .unwrap_or_default()
            .into_iter()
            .take(first)
            .map(Item)
            .collect();
        Ok(ItemConnection { nodes })
    }
}

#[derive(SimpleObject)]
struct ItemConnection {
    nodes: Vec<Item>,
}

struct Item(order_item::Model);

#[Object]
impl Item {
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    async fn quantity(&self) -> i32 {
        self.0.quantity
    }

    async fn unit_price(&self) -> String {
        self.0.unit_price.to_string()
    }

    async fn product(&self, context: &Context<'_>) -> Result<Option<Product>> {
        let loader = context.data::<DataLoader<Loaders>>()?;
        Ok(loader
            .load_one(ProductOf(self.0.product_id))
            .await?
            .map(Product))
    }
}

struct Product(product::Model);

#[Object]
impl Product {
    async fn name(&self) -> &str {
        &self.0.name
    }
}

fn instant(at: &DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
