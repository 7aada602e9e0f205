//! A house that sells to many countries, and whose customers write in their own languages.

use sudare_policies::persons::Country;

use super::{Department, Market, Trade, department, en, uk, vi, zh_cn};

pub(super) const MARKET: Market = Market {
    trade: &Trade {
        departments: DEPARTMENTS,
        key_accounts: 5,
        ..en::TRADE
    },
    people: &[
        ((Country::Us, &en::WORDS), 40),
        ((Country::Gb, &en::BRITISH), 15),
        ((Country::Cn, &zh_cn::WORDS), 25),
        ((Country::Vn, &vi::WORDS), 10),
        ((Country::Ua, &uk::WORDS), 10),
    ],
};

const DEPARTMENTS: &[Department] = &[
    department("Sales Americas", "Americas", Country::Us, &["US"]),
    department(
        "Sales Western Europe",
        "Western Europe",
        Country::Gb,
        &["GB"],
    ),
    department(
        "Sales Eastern Europe",
        "Eastern Europe",
        Country::Ua,
        &["UA"],
    ),
    department("Sales China", "China", Country::Cn, &["CN"]),
    department(
        "Sales Southeast Asia",
        "Southeast Asia",
        Country::Vn,
        &["VN"],
    ),
    department("Key Accounts", "Worldwide", Country::Us, &[]),
];
