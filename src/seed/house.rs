//! What a house has before its first customer comes: departments, staff, products, campaigns.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use rust_decimal::Decimal;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QueryOrder};
use sudare_entities::campaign::{self, CampaignChannel};
use sudare_entities::{department, employee, product};
use sudare_policies::persons::{self, Country};

use super::calendar::{BEGIN, day, midnight};
use super::demand::Demand;
use super::person::traits;
use super::store::{Keys, Rows, next};
use super::stream::Stream;
use super::words::{Department, Market, Trade};

/// A house that is too small to be one has this many people.
const FEWEST_EMPLOYEES: u64 = 12;
/// How many customers an employee looks after.
const CUSTOMERS_AN_EMPLOYEE: u64 = 20;

/// The house as customers meet it.
#[derive(Debug)]
pub(super) struct House {
    pub(super) departments: Vec<i64>,
    pub(super) products: Vec<product::Model>,
    pub(super) campaigns: Vec<campaign::Model>,
    pub(super) demand: Demand,
    staff: BTreeMap<i64, Vec<i64>>,
}

impl House {
    /// The house that is in the database. What it lacks altogether is added to the rows.
    pub(super) async fn complete(
        db: &impl ConnectionTrait,
        builder: &Builder,
        rows: &mut Rows,
        keys: &mut Keys,
    ) -> Result<Self, DbErr> {
        let mut departments = department::Entity::find()
            .order_by_asc(department::Column::Id)
            .all(db)
            .await?;
        let mut employees = employee::Entity::find()
            .order_by_asc(employee::Column::Id)
            .all(db)
            .await?;
        let mut products = product::Entity::find()
            .order_by_asc(product::Column::Id)
            .all(db)
            .await?;
        let mut campaigns = campaign::Entity::find()
            .order_by_asc(campaign::Column::Id)
            .all(db)
            .await?;
        if departments.is_empty() {
            departments = builder.departments(&mut keys.department);
            rows.department.clone_from(&departments);
        }
        let departments: Vec<i64> = departments.iter().map(|row| row.id).collect();
        if employees.is_empty() {
            employees = builder.employees(&mut keys.employee, &departments);
            rows.employee.clone_from(&employees);
        }
        if products.is_empty() {
            products = builder.products(&mut keys.product);
            rows.product.clone_from(&products);
        }
        if campaigns.is_empty() {
            campaigns = builder.campaigns(&mut keys.campaign);
            rows.campaign.clone_from(&campaigns);
        }
        let mut staff: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for employee in &employees {
            let colleagues = staff.entry(employee.department_id).or_default();
            colleagues.push(employee.id);
        }
        Ok(Self {
            demand: Demand::of(builder.seed, &products),
            departments,
            products,
            campaigns,
            staff,
        })
    }

    /// Somebody of the department, or of any if nobody works there.
    pub(super) fn employee(&self, stream: &mut Stream, department: i64) -> Option<i64> {
        if let Some(colleagues) = self.staff.get(&department) {
            return Some(stream.pick(colleagues));
        }
        let everybody: Vec<i64> = self.staff.values().flatten().copied().collect();
        Some(stream.pick(&everybody)).filter(|_| !everybody.is_empty())
    }

    /// The department that a place with this number belongs to.
    pub(super) fn department(&self, number: usize) -> i64 {
        let served = number % self.departments.len().max(1);
        self.departments.get(served).copied().unwrap_or_default()
    }
}

/// What makes the parts of a house that are missing.
#[derive(Debug)]
pub(super) struct Builder {
    pub(super) seed: u64,
    pub(super) market: &'static Market,
    pub(super) customers: u64,
}

impl Builder {
    fn trade(&self) -> &'static Trade {
        self.market.trade
    }

    fn departments(&self, key: &mut i64) -> Vec<department::Model> {
        let row = |department: &Department| department::Model {
            id: next(key),
            name: department.name.to_owned(),
            region: department.region.to_owned(),
        };
        self.trade().departments.iter().map(row).collect()
    }

    /// The first of each department leads it.
    fn employees(&self, key: &mut i64, departments: &[i64]) -> Vec<employee::Model> {
        let count = (self.customers / CUSTOMERS_AN_EMPLOYEE).max(FEWEST_EMPLOYEES);
        let mut heads = BTreeMap::new();
        let mut rows = Vec::new();
        let homes = self.trade().departments.iter().cycle();
        let homes = homes.map(|department| department.home);
        let places = departments.iter().zip(homes);
        for ((&department, home), _) in places.cycle().zip(0..count) {
            let id = next(key);
            let head = *heads.entry(department).or_insert(id);
            let manager = Some(head).filter(|head| *head != id);
            rows.push(self.employee((id, home), department, manager));
        }
        rows
    }

    fn employee(
        &self,
        (id, home): (i64, Country),
        department_id: i64,
        manager_id: Option<i64>,
    ) -> employee::Model {
        let stream = &mut Stream::of(self.seed, "employee", id);
        let male = stream.chance(50);
        let birth = day(stream, date((1962, 1, 1)), date((1990, 12, 31)));
        let own = persons::Person::draw(traits(home, male, birth), stream.rng());
        employee::Model {
            id,
            name: own.full_name(),
            // The key keeps it apart from those of namesakes.
            email: format!("{}.{id}@example.com", own.mailbox()),
            phone: own.phone(),
            department_id,
            manager_id,
            hired_on: day(stream, date((2009, 1, 5)), BEGIN.date_naive()),
        }
    }

    fn products(&self, key: &mut i64) -> Vec<product::Model> {
        let mut rows = Vec::new();
        let oldest = date((2018, 3, 1));
        for shelf in self.trade().shelves {
            for (name, units) in shelf.products {
                let id = next(key);
                let stream = &mut Stream::of(self.seed, "product", id);
                // Where everything costs tens of thousands nobody counts cents.
                let cents = stream.pick(&[0, 10, 5, 1]) * i64::from(*units < 10_000);
                let praise = stream.pick(self.trade().praises);
                rows.push(product::Model {
                    id,
                    sku: format!("{}-{id:05}", shelf.code),
                    name: (*name).to_owned(),
                    category: shelf.category.to_owned(),
                    description: Some(praise.to_owned()).filter(|_| stream.chance(70)),
                    price: Decimal::new(units * 100 - cents, 2),
                    active: stream.chance(92),
                    created_at: midnight(day(stream, oldest, BEGIN.date_naive())),
                });
            }
        }
        rows
    }

    fn campaigns(&self, key: &mut i64) -> Vec<campaign::Model> {
        let channels = [
            (CampaignChannel::Email, 5),
            (CampaignChannel::Sms, 2),
            (CampaignChannel::Phone, 1),
            (CampaignChannel::Social, 2),
        ];
        let row = |&(name, first): &(&str, (i32, u32, u32))| {
            let id = next(key);
            let stream = &mut Stream::of(self.seed, "campaign", id);
            let starts_on = date(first);
            campaign::Model {
                id,
                name: name.to_owned(),
                channel: stream.one_of(CampaignChannel::Email, &channels),
                starts_on,
                ends_on: starts_on + TimeDelta::days(stream.between(14, 45)),
                budget: Decimal::new(stream.between(40, 900) * self.trade().dollar * 10_000, 2),
            }
        };
        self.trade().campaigns.iter().map(row).collect()
    }
}

fn date((year, month, day): (i32, u32, u32)) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}
