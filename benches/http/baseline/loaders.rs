//! What the resolvers fetch for many parents at once.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use sea_orm::{
    ColumnTrait as _, DatabaseConnection, DbErr, EntityTrait as _, FromQueryResult as _,
    QueryFilter as _, QueryOrder as _, Statement,
};
use sudare_entities::{order, order_item, product};

/// Behind all of them.
#[derive(Clone, Debug)]
pub(crate) struct Loaders(pub(crate) DatabaseConnection);

/// The latest orders of a customer, so many of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct OrdersOf {
    pub(crate) customer: i64,
    pub(crate) first: i64,
}

/// The items of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ItemsOf(pub(crate) i64);

/// A product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ProductOf(pub(crate) i64);

/// The latest orders of each customer: SeaORM has no words for it.
const LATEST: &str = "SELECT o.* FROM unnest($1::bigint[]) AS c(id) CROSS JOIN LATERAL \
    (SELECT * FROM \"order\" WHERE customer_id = c.id ORDER BY placed_at DESC, id DESC LIMIT $2) o";

impl Loader<OrdersOf> for Loaders {
    type Value = Vec<order::Model>;
    type Error = Arc<DbErr>;

    async fn load(&self, keys: &[OrdersOf]) -> Result<HashMap<OrdersOf, Self::Value>, Self::Error> {
        let mut found: HashMap<OrdersOf, Self::Value> = HashMap::new();
        // Queries that ask for different numbers may meet in a batch.
        let mut sizes: Vec<i64> = keys.iter().map(|key| key.first).collect();
        sizes.sort_unstable();
        sizes.dedup();
        for first in sizes {
            let customers: Vec<i64> = keys
                .iter()
                .filter(|key| key.first == first)
                .map(|key| key.customer)
                .collect();
            let statement = Statement::from_sql_and_values(
                sea_orm::DbBackend::Postgres,
                LATEST,
                [customers.into(), first.into()],
            );
            for order in order::Model::find_by_statement(statement)
                .all(&self.0)
                .await?
            {
                let customer = order.customer_id;
                found
                    .entry(OrdersOf { customer, first })
                    .or_default()
                    .push(order);
            }
        }
        Ok(found)
    }
}

impl Loader<ItemsOf> for Loaders {
    type Value = Vec<order_item::Model>;
    type Error = Arc<DbErr>;

    async fn load(&self, keys: &[ItemsOf]) -> Result<HashMap<ItemsOf, Self::Value>, Self::Error> {
        let items = order_item::Entity::find()
            .filter(order_item::Column::OrderId.is_in(keys.iter().map(|key| key.0)))
            .order_by_asc(order_item::Column::Id)
            .all(&self.0)
            .await?;
        let mut found: HashMap<ItemsOf, Self::Value> = HashMap::new();
        for item in items {
            found.entry(ItemsOf(item.order_id)).or_default().push(item);
        }
        Ok(found)
    }
}

impl Loader<ProductOf> for Loaders {
    type Value = product::Model;
    type Error = Arc<DbErr>;

    async fn load(
        &self,
        keys: &[ProductOf],
    ) -> Result<HashMap<ProductOf, Self::Value>, Self::Error> {
        let products = product::Entity::find()
            .filter(product::Column::Id.is_in(keys.iter().map(|key| key.0)))
            .all(&self.0)
            .await?;
        Ok(products
            .into_iter()
            .map(|product| (ProductOf(product.id), product))
            .collect())
    }
}
