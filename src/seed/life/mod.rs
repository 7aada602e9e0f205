//! What happens to a customer: a chapter a file, each row with a stream of its own.

use super::house::House;
use super::person::{Person, person};
use super::store::{Keys, Rows, next};
use super::stream::Stream;
use super::words::Market;

mod belongings;
mod marketing;
mod sales;
mod service;

/// What all lives have in common.
#[derive(Debug)]
pub(super) struct World {
    pub(super) seed: u64,
    pub(super) market: &'static Market,
    pub(super) house: House,
}

impl World {
    /// Adds a customer with everything that is theirs.
    pub(super) fn live(&self, rows: &mut Rows, keys: &mut Keys) {
        let key = next(&mut keys.customer);
        let person = person(self.seed, self.market, &self.house, key);
        belongings::tell(self, &person, rows, keys);
        let purchases = sales::tell(self, &person, rows, keys);
        service::tell(self, &person, &purchases, (rows, keys));
        marketing::tell(self, &person, &purchases, (rows, keys));
        rows.customer.push(person.row);
    }

    fn stream(&self, table: &str, key: i64) -> Stream {
        Stream::of(self.seed, table, key)
    }

    /// How many of something the customer has. A stream of its own, for there is no row yet.
    fn count(&self, what: &str, person: &Person, weights: &[(i64, u32)]) -> i64 {
        self.stream(&format!("n {what}"), person.row.id)
            .weighted(weights)
    }

    /// Mostly the employee who looks after the customer, else a colleague.
    fn employee(&self, stream: &mut Stream, person: &Person) -> Option<i64> {
        let colleague = self.house.employee(stream, person.row.department_id);
        if stream.chance(75) {
            person.row.owner_id.or(colleague)
        } else {
            colleague
        }
    }
}
