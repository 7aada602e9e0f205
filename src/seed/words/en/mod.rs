//! English: customers of the United States and Great Britain.

use sudare_policies::persons::Country;

use super::{Asides, Department, Market, Occupation, Trade, Words, department, work};

mod goods;
mod talk;

pub(super) const MARKET: Market = Market {
    trade: &TRADE,
    people: &[((Country::Us, &WORDS), 78), ((Country::Gb, &BRITISH), 22)],
};

pub(super) const TRADE: Trade = Trade {
    departments: DEPARTMENTS,
    key_accounts: 4,
    shelves: goods::SHELVES,
    praises: goods::PRAISES,
    campaigns: goods::CAMPAIGNS,
    dollar: 1,
};

pub(super) const WORDS: Words = Words {
    occupations: OCCUPATIONS,
    shelves: goods::SHELVES,
    talks: talk::TALKS,
    complaints: talk::COMPLAINTS,
    requests: talk::REQUESTS,
    questions: talk::QUESTIONS,
    deals: talk::DEALS,
    notes: talk::NOTES,
    noted: talk::NOTED,
    written: talk::WRITTEN,
    gap: " ",
    odd_names: [
        "X",
        "Maximiliana Wilhelmina Theodora Bartholomea Featherstonehaugh-Cholmondeley-Beauchamp of Upper Marjoribanks",
        "Robin 🎈 Carter",
        "Zoe\u{301} Bru\u{308}nger",
    ],
    languages: &[("en-US", 88), ("es-US", 12)],
};

pub(super) const BRITISH: Words = Words {
    // What British people are known by is no tax id, and too short to be told from other numbers in a text.
    noted: Asides {
        id: &[],
        ..talk::NOTED
    },
    written: Asides {
        id: &[],
        ..talk::WRITTEN
    },
    languages: &[("en-GB", 97), ("cy-GB", 3)],
    ..WORDS
};

const DEPARTMENTS: &[Department] = &[
    department(
        "Sales North",
        "North",
        Country::Us,
        &[
            "Illinois",
            "Indiana",
            "Iowa",
            "Kansas",
            "Michigan",
            "Minnesota",
            "Missouri",
            "Nebraska",
            "North Dakota",
            "Ohio",
            "South Dakota",
            "Wisconsin",
        ],
    ),
    department(
        "Sales East",
        "East",
        Country::Us,
        &[
            "Connecticut",
            "Delaware",
            "District of Columbia",
            "Maine",
            "Maryland",
            "Massachusetts",
            "New Hampshire",
            "New Jersey",
            "New York",
            "Pennsylvania",
            "Rhode Island",
            "Vermont",
        ],
    ),
    department(
        "Sales South",
        "South",
        Country::Us,
        &[
            "Alabama",
            "Arkansas",
            "Florida",
            "Georgia",
            "Kentucky",
            "Louisiana",
            "Mississippi",
            "North Carolina",
            "Oklahoma",
            "South Carolina",
            "Tennessee",
            "Texas",
            "Virginia",
            "West Virginia",
        ],
    ),
    department("Sales West", "West", Country::Us, &["US"]),
    department("Key Accounts", "Nationwide", Country::Us, &[]),
    department("International", "Overseas", Country::Gb, &["GB"]),
];

const OCCUPATIONS: &[(Occupation, u32)] = &[
    (work("Student", (18, 27), (0, 18)), 9),
    (work("Barista", (18, 45), (22, 34)), 4),
    (work("Retail assistant", (18, 64), (24, 38)), 7),
    (work("Electrician", (20, 65), (42, 88)), 5),
    (work("Nurse", (22, 65), (58, 98)), 7),
    (work("Primary school teacher", (23, 66), (44, 82)), 6),
    (work("Truck driver", (21, 64), (40, 72)), 5),
    (work("Chef", (20, 60), (34, 76)), 4),
    (work("Software engineer", (22, 62), (85, 190)), 9),
    (work("Data analyst", (22, 60), (62, 128)), 5),
    (work("Accountant", (23, 66), (55, 118)), 6),
    (work("Civil engineer", (24, 66), (68, 132)), 4),
    (work("Graphic designer", (21, 60), (40, 86)), 4),
    (work("Journalist", (23, 66), (38, 84)), 2),
    (work("Pharmacist", (25, 66), (98, 148)), 3),
    (work("Lawyer", (26, 70), (88, 260)), 4),
    (work("Physician", (29, 70), (160, 380)), 4),
    (work("Architect", (26, 68), (66, 142)), 3),
    (work("Sales manager", (27, 65), (70, 165)), 6),
    (work("Operations director", (35, 66), (120, 290)), 3),
    (work("Professor", (34, 72), (82, 175)), 2),
    (work("Self-employed", (25, 70), (28, 210)), 5),
    (work("Retired", (62, 110), (18, 74)), 40),
];
