//! What the data is: one file an entity, its migrations, and the [`Catalog`] that the gateway reads it from.
//!
//! A new entity is its file and a migration, and a line in each of the two lists below; nothing in the gateway.

pub mod account;
pub mod address;
pub mod campaign;
pub mod campaign_touch;
pub mod consent;
pub mod customer;
pub mod department;
pub mod employee;
pub mod interaction;
pub mod opportunity;
pub mod order;
pub mod order_item;
pub mod product;
pub mod ticket;
pub mod visit;

pub mod catalog;
pub mod migration;

pub use catalog::{Catalog, CatalogError};

catalog::list! {
    account,
    address,
    campaign,
    campaign_touch,
    consent,
    customer,
    department,
    employee,
    interaction,
    opportunity,
    order,
    order_item,
    product,
    ticket,
    visit,
}
