//! Great Britain.

use rand::{Rng, RngExt};

use super::{Row, pick};

pub(super) const PLACES: &[Row] = &[
    ("Greater London", "London", "SE1", "", 14),
    ("Greater London", "London", "N1", "", 12),
    ("Greater London", "London", "E14", "", 10),
    ("Greater Manchester", "Manchester", "M4", "", 8),
    ("West Midlands", "Birmingham", "B5", "", 8),
    ("West Yorkshire", "Leeds", "LS2", "", 6),
    ("South Yorkshire", "Sheffield", "S10", "", 4),
    ("Merseyside", "Liverpool", "L8", "", 5),
    ("Bristol", "Bristol", "BS1", "", 5),
    ("Tyne and Wear", "Newcastle upon Tyne", "NE1", "", 4),
    ("Nottinghamshire", "Nottingham", "NG7", "", 4),
    ("Cambridgeshire", "Cambridge", "CB1", "", 3),
    ("Oxfordshire", "Oxford", "OX4", "", 3),
    ("East Sussex", "Brighton", "BN1", "", 4),
    ("Devon", "Exeter", "EX4", "", 2),
    ("North Yorkshire", "York", "YO10", "", 3),
    ("City of Edinburgh", "Edinburgh", "EH3", "", 5),
    ("Glasgow City", "Glasgow", "G12", "", 5),
    ("Aberdeen City", "Aberdeen", "AB24", "", 2),
    ("Cardiff", "Cardiff", "CF10", "", 4),
    ("Swansea", "Swansea", "SA1", "", 2),
];

const NAMES: &[&str] = &[
    "Station",
    "Church",
    "Victoria",
    "Albert",
    "Mill",
    "Park",
    "Queens",
    "Kings",
    "Green",
    "Manor",
    "Grange",
    "Springfield",
    "George",
    "Windsor",
    "York",
    "Richmond",
    "Chapel",
    "Orchard",
    "Abbey",
    "Castle",
];

const KINDS: &[&str] = &[
    "Street", "Road", "Lane", "Close", "Terrace", "Gardens", "Crescent", "Avenue",
];

pub(super) fn address_line(rng: &mut impl Rng) -> String {
    let house = rng.random_range(1..221);
    format!("{house} {} {}", pick(NAMES, rng), pick(KINDS, rng))
}
