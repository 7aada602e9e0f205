//! Cities with the regions, postal codes and telephone area codes that they have, and streets as their countries name them.

use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};

use super::Country;

mod cn;
mod gb;
mod ua;
mod us;
mod vn;

/// Where a person lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The country.
    pub country: Country,
    /// The state, county, province or oblast.
    pub region: &'static str,
    /// The city, in China with its district.
    pub city: &'static str,
    /// How its postal codes begin.
    pub postal: &'static str,
    /// The area code of its telephone numbers, where the numbers of persons have one.
    pub area: &'static str,
}

/// Region, city, beginning of the postal code, area code; and how many of the customers live there.
type Row = (&'static str, &'static str, &'static str, &'static str, u32);

/// The places of a country.
#[cfg(test)]
pub(super) fn all(country: Country) -> impl Iterator<Item = Place> {
    rows(country).iter().map(move |row| place(country, row))
}

/// A place of the country, large ones more often.
pub(super) fn draw(country: Country, rng: &mut impl Rng) -> Place {
    let row = rows(country).choose_weighted(rng, |row| row.4).ok();
    place(country, row.unwrap_or(&("", "", "", "", 0)))
}

fn place(country: Country, (region, city, postal, area, _): &Row) -> Place {
    Place {
        country,
        region,
        city,
        postal,
        area,
    }
}

fn rows(country: Country) -> &'static [Row] {
    match country {
        Country::Us => us::PLACES,
        Country::Gb => gb::PLACES,
        Country::Cn => cn::PLACES,
        Country::Vn => vn::PLACES,
        Country::Ua => ua::PLACES,
    }
}

/// Street, house and door.
pub(super) fn address_line(place: &Place, rng: &mut impl Rng) -> String {
    match place.country {
        Country::Us => us::address_line(rng),
        Country::Gb => gb::address_line(rng),
        Country::Cn => cn::address_line(rng),
        Country::Vn => vn::address_line(rng),
        Country::Ua => ua::address_line(rng),
    }
}

/// A postal code of the place.
pub(super) fn postal_code(place: &Place, rng: &mut impl Rng) -> String {
    let prefix = place.postal;
    let free = match place.country {
        Country::Gb => {
            let unit: String = (0..2)
                .filter_map(|_| b"ABDEFGHJLNPQRSTUWXYZ".choose(rng).copied().map(char::from))
                .collect();
            return format!("{prefix} {}{unit}", rng.random_range(1..10));
        }
        Country::Us | Country::Vn | Country::Ua => 5,
        Country::Cn => 6,
    };
    let free = usize::saturating_sub(free, prefix.len());
    let digits = (0..free).map(|_| char::from(b'0' + rng.random_range(0..10)));
    prefix.chars().chain(digits).collect()
}

/// One of these.
fn pick(items: &[&'static str], rng: &mut impl Rng) -> &'static str {
    items.choose(rng).copied().unwrap_or_default()
}
