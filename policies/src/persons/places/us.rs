//! The United States.

use rand::{Rng, RngExt};

use super::{Row, pick};

pub(super) const PLACES: &[Row] = &[
    ("New York", "New York", "100", "212", 14),
    ("New York", "Brooklyn", "112", "718", 8),
    ("New York", "Buffalo", "142", "716", 3),
    ("Massachusetts", "Boston", "021", "617", 7),
    ("Pennsylvania", "Philadelphia", "191", "215", 6),
    ("Pennsylvania", "Pittsburgh", "152", "412", 3),
    ("Illinois", "Chicago", "606", "312", 10),
    ("Michigan", "Detroit", "482", "313", 4),
    ("Minnesota", "Minneapolis", "554", "612", 4),
    ("Georgia", "Atlanta", "303", "404", 7),
    ("Florida", "Miami", "331", "305", 8),
    ("Florida", "Tampa", "336", "813", 4),
    ("Texas", "Houston", "770", "713", 8),
    ("Texas", "Austin", "787", "512", 5),
    ("Texas", "Dallas", "752", "214", 6),
    ("Colorado", "Denver", "802", "303", 5),
    ("Arizona", "Phoenix", "850", "602", 4),
    ("Nevada", "Las Vegas", "891", "702", 4),
    ("California", "Los Angeles", "900", "213", 12),
    ("California", "San Diego", "921", "619", 5),
    ("California", "San Francisco", "941", "415", 7),
    ("Oregon", "Portland", "972", "503", 4),
    ("Washington", "Seattle", "981", "206", 6),
    ("District of Columbia", "Washington", "200", "202", 6),
    ("Ohio", "Columbus", "432", "614", 4),
    ("Tennessee", "Nashville", "372", "615", 4),
    ("Missouri", "St. Louis", "631", "314", 3),
    ("Louisiana", "New Orleans", "701", "504", 3),
];

const NAMES: &[&str] = &[
    "Oak",
    "Maple",
    "Cedar",
    "Elm",
    "Washington",
    "Lake",
    "Hill",
    "Walnut",
    "Park",
    "Pine",
    "Lincoln",
    "River",
    "Sunset",
    "Jackson",
    "Highland",
    "Franklin",
    "Willow",
    "Prospect",
    "Meadow",
    "Chestnut",
    "Spring",
    "Jefferson",
    "Church",
    "Mill",
];

const KINDS: &[&str] = &[
    "Street",
    "Avenue",
    "Road",
    "Lane",
    "Drive",
    "Way",
    "Court",
    "Boulevard",
];

pub(super) fn address_line(rng: &mut impl Rng) -> String {
    let (house, name, kind) = (
        rng.random_range(1..10_000),
        pick(NAMES, rng),
        pick(KINDS, rng),
    );
    if rng.random_ratio(1, 4) {
        format!("{house} {name} {kind}, Apt {}", rng.random_range(1..41))
    } else {
        format!("{house} {name} {kind}")
    }
}
