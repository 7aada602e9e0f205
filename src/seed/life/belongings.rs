//! Addresses and logins.

use sudare_entities::account::{self, AccountStatus};
use sudare_entities::address::{self, AddressKind};
use sudare_entities::customer::LifecycleStage;
use sudare_policies::persons;

use super::World;
use crate::seed::calendar::moment;
use crate::seed::person::Person;
use crate::seed::rhythm::BROWSING;
use crate::seed::store::{Keys, Rows, next};

/// The characters of a hash in the format of password hashing competitions.
const HASH_ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub(super) fn tell(world: &World, person: &Person, rows: &mut Rows, keys: &mut Keys) {
    addresses(world, person, rows, keys);
    let percent = match person.row.lifecycle_stage {
        LifecycleStage::Potential => 40,
        LifecycleStage::Active | LifecycleStage::Lost => 90,
    };
    let accounts = [(1, percent), (0, 100 - percent)];
    for _ in 0..world.count("account", person, &accounts) {
        rows.account
            .push(account(world, person, next(&mut keys.account)));
    }
}

/// The first is the one that the customer itself shows.
fn addresses(world: &World, person: &Person, rows: &mut Rows, keys: &mut Keys) {
    let row = &person.row;
    let (Some(line), Some(city), Some(code)) = (&row.address_line, &row.city, &row.postal_code)
    else {
        return;
    };
    rows.address.push(address::Model {
        id: next(&mut keys.address),
        customer_id: row.id,
        kind: AddressKind::Home,
        address_line: line.clone(),
        city: city.clone(),
        region: row.region.clone(),
        postal_code: code.clone(),
        country: row.country.clone(),
        created_at: row.created_at,
    });
    for _ in 0..world.count("address", person, &[(0, 74), (1, 22), (2, 4)]) {
        let id = next(&mut keys.address);
        let stream = &mut world.stream("address", id);
        let other = persons::Person::draw(person.own.traits(), stream.rng());
        rows.address.push(address::Model {
            id,
            customer_id: row.id,
            kind: stream.one_of(
                AddressKind::Shipping,
                &[
                    (AddressKind::Work, 4),
                    (AddressKind::Billing, 2),
                    (AddressKind::Shipping, 4),
                ],
            ),
            address_line: other.address_line(),
            city: other.city().to_owned(),
            region: Some(other.region().to_owned()),
            postal_code: other.postal_code(),
            country: row.country.clone(),
            created_at: moment(stream, row.created_at, person.course.until()),
        });
    }
}

fn account(world: &World, person: &Person, id: i64) -> account::Model {
    let stream = &mut world.stream("account", id);
    let row = &person.row;
    let last = person.course.until();
    let created_at = BROWSING.moment(stream, person.country, (row.created_at, last));
    let closed = if row.lifecycle_stage == LifecycleStage::Lost {
        35
    } else {
        2
    };
    let status = stream.one_of(
        AccountStatus::Active,
        &[
            (AccountStatus::Active, 100),
            (AccountStatus::Locked, 4),
            (AccountStatus::Closed, closed),
        ],
    );
    let (salt, hash) = (
        stream.text(22, HASH_ALPHABET),
        stream.text(43, HASH_ALPHABET),
    );
    let last_login_at = BROWSING.moment(stream, person.country, (created_at, last));
    account::Model {
        id,
        customer_id: row.id,
        // The key keeps it apart from those of namesakes.
        login_name: format!("{}{id}", person.own.login()),
        password_hash: format!("$argon2id$demo${salt}${hash}"),
        status,
        last_login_at: Some(last_login_at).filter(|_| stream.chance(92)),
        created_at,
    }
}
