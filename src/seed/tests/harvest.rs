//! What a seed made, read once for all tests of what it says.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use sea_orm::EntityTrait;
use sudare_entities::{
    account, address, campaign, campaign_touch, consent, customer, employee, interaction,
    opportunity, order, order_item, product, ticket, visit,
};

use super::{Field, SeedLocale, options};

/// A house with its customers.
pub(super) struct Harvest {
    pub(super) locale: SeedLocale,
    /// By their keys.
    pub(super) customers: BTreeMap<i64, customer::Model>,
    pub(super) accounts: Vec<account::Model>,
    pub(super) addresses: Vec<address::Model>,
    pub(super) campaigns: Vec<campaign::Model>,
    pub(super) touches: Vec<campaign_touch::Model>,
    pub(super) consents: Vec<consent::Model>,
    pub(super) employees: Vec<employee::Model>,
    pub(super) interactions: Vec<interaction::Model>,
    pub(super) opportunities: Vec<opportunity::Model>,
    pub(super) orders: Vec<order::Model>,
    pub(super) items: Vec<order_item::Model>,
    pub(super) products: Vec<product::Model>,
    pub(super) tickets: Vec<ticket::Model>,
    pub(super) visits: Vec<visit::Model>,
}

/// A house of each locale. The first one is that of the demo.
pub(super) static HARVESTS: LazyLock<Vec<Harvest>> = LazyLock::new(|| {
    let houses = [
        (SeedLocale::Mix, 1_000),
        (SeedLocale::En, 240),
        (SeedLocale::ZhCn, 240),
        (SeedLocale::Vi, 240),
        (SeedLocale::Uk, 240),
    ];
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let mut harvests = Vec::new();
        for (locale, customers) in houses {
            let field = Field::sown(options(customers, locale)).await;
            harvests.push(Harvest::of(&field, locale).await);
        }
        harvests
    })
});

/// The house of the demo.
pub(super) fn demo() -> &'static Harvest {
    &HARVESTS[0]
}

impl Harvest {
    async fn of(field: &Field, locale: SeedLocale) -> Self {
        let customers = all::<customer::Entity>(field).await;
        Self {
            locale,
            customers: customers.into_iter().map(|row| (row.id, row)).collect(),
            accounts: all::<account::Entity>(field).await,
            addresses: all::<address::Entity>(field).await,
            campaigns: all::<campaign::Entity>(field).await,
            touches: all::<campaign_touch::Entity>(field).await,
            consents: all::<consent::Entity>(field).await,
            employees: all::<employee::Entity>(field).await,
            interactions: all::<interaction::Entity>(field).await,
            opportunities: all::<opportunity::Entity>(field).await,
            orders: all::<order::Entity>(field).await,
            items: all::<order_item::Entity>(field).await,
            products: all::<product::Entity>(field).await,
            tickets: all::<ticket::Entity>(field).await,
            visits: all::<visit::Entity>(field).await,
        }
    }

    /// The customers whose names are of the usual kind.
    pub(super) fn usual(&self) -> impl Iterator<Item = &customer::Model> {
        let is_odd = |id: i64| [7, 29, 53, 71].contains(&(id % 120));
        self.customers.values().filter(move |row| !is_odd(row.id))
    }

    /// The orders of each customer, in order.
    pub(super) fn orders_by_customer(&self) -> BTreeMap<i64, Vec<&order::Model>> {
        let mut orders: BTreeMap<i64, Vec<&order::Model>> = BTreeMap::new();
        for order in &self.orders {
            orders.entry(order.customer_id).or_default().push(order);
        }
        for orders in orders.values_mut() {
            orders.sort_by_key(|order| order.placed_at);
        }
        orders
    }
}

async fn all<E: EntityTrait>(field: &Field) -> Vec<E::Model> {
    E::find().all(&field.db).await.expect("rows")
}
