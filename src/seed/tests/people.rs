//! Persons whose parts fit each other.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use sudare_entities::customer::{Gender, Model};
use sudare_policies::checksum::{cn_resident, luhn, ua_rnokpp, vn_cccd};

use super::harvest::{HARVESTS, demo};
use crate::seed::SeedLocale;

#[test]
fn all_numbers_are_well_formed_and_belong_to_nobody() {
    for harvest in &*HARVESTS {
        for row in harvest.customers.values() {
            if let Some(card) = &row.bank_card {
                assert!(luhn(card), "{card}");
            }
            let phone = row.phone.as_deref().unwrap_or_default();
            let id = row.national_id.as_deref().unwrap_or_default();
            let (phones, ids, valid): (_, &[&str], fn(&str) -> bool) = match row.country.as_str() {
                "US" => ("-555-01", &["9"], |_| true),
                "GB" => ("+44 7700 900", &["QQ "], |_| true),
                "CN" => ("+86 154", &["99"], cn_resident),
                "VN" => ("+84 74", &["097", "098", "099"], vn_cccd),
                "UA" => ("+380 58", &[""], ua_rnokpp),
                other => panic!("{other}"),
            };
            assert!(phone.is_empty() || phone.contains(phones), "{phone}");
            let fits = ids.iter().any(|ids| id.starts_with(ids)) && valid(id);
            assert!(id.is_empty() || fits, "{id}");
        }
        for row in &harvest.visits {
            let network = row.ip.rsplit_once('.').expect("an address").0;
            assert!(["192.0.2", "198.51.100", "203.0.113"].contains(&network));
        }
    }
}

#[test]
fn mailboxes_are_ascii_and_nobodys() {
    for harvest in &*HARVESTS {
        let customers = harvest.customers.values();
        let mails = customers.filter_map(|row| row.email.clone());
        let staff = harvest.employees.iter().map(|row| row.email.clone());
        for mail in mails.chain(staff) {
            let (local, domain) = mail.split_once('@').expect("a mailbox");
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.';
            assert!(local.len() >= 3 && local.chars().all(fits), "{mail}");
            assert!(["example.com", "example.net", "example.org"].contains(&domain));
        }
    }
}

#[test]
fn numbers_of_residents_agree_with_their_owners() {
    let mut read = BTreeSet::new();
    for row in HARVESTS
        .iter()
        .flat_map(|harvest| harvest.customers.values())
    {
        let Some((birth, male)) = told(row) else {
            continue;
        };
        read.insert(row.country.as_str());
        if let Some(known) = row.birth_date {
            assert_eq!(birth, known.format("%Y%m%d").to_string());
        }
        match row.gender {
            Some(Gender::Male) => assert!(male),
            Some(Gender::Female) => assert!(!male),
            Some(Gender::Diverse) | None => {}
        }
    }
    assert_eq!(read, BTreeSet::from(["CN", "UA", "VN"]));
}

/// The day of birth and whether a man, as a national id tells.
fn told(row: &Model) -> Option<(String, bool)> {
    let id = row.national_id.as_deref()?;
    let digit = |place: usize| id.as_bytes()[place] - b'0';
    match row.country.as_str() {
        "CN" => Some((id.get(6..14)?.to_owned(), digit(16) % 2 == 1)),
        "UA" => {
            let days: u64 = id.get(..5)?.parse().expect("a number");
            let first = NaiveDate::from_ymd_opt(1899, 12, 31).expect("a day");
            let birth = first.checked_add_days(chrono::Days::new(days))?;
            Some((birth.format("%Y%m%d").to_string(), digit(8) % 2 == 1))
        }
        "VN" => {
            // Only the year is told: the rest is taken over.
            let year = 1900 + i32::from(digit(3) / 2) * 100 + id.get(4..6)?.parse::<i32>().ok()?;
            let birth = row.birth_date?.with_year(year)?;
            Some((birth.format("%Y%m%d").to_string(), digit(3) % 2 == 0))
        }
        _ => None,
    }
}

#[test]
fn names_are_written_as_the_country_writes_them() {
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let cyrillic = |c: char| ('\u{400}'..='\u{4ff}').contains(&c) || " -’ʼ'".contains(c);
    let latin = |c: char| c.is_alphabetic() && !han(c) && !cyrillic(c) || " -’'".contains(c);
    for row in HARVESTS.iter().flat_map(|harvest| harvest.usual()) {
        let name = &row.full_name;
        let (fits, languages): (bool, &[&str]) = match row.country.as_str() {
            "US" | "GB" => (
                name.contains(' ') && name.chars().all(latin),
                &["en", "es", "cy"],
            ),
            "CN" => {
                let length = name.chars().count();
                ((2..=4).contains(&length) && name.chars().all(han), &["zh"])
            }
            "VN" => {
                let words = name.split(' ').count();
                (
                    (2..=5).contains(&words) && name.chars().all(latin),
                    &["vi", "en"],
                )
            }
            "UA" => (
                name.contains(' ') && name.chars().all(cyrillic),
                &["uk", "en"],
            ),
            other => panic!("{other}"),
        };
        assert!(fits, "{name}");
        assert!(languages.iter().any(|tag| row.language.starts_with(tag)));
    }
}

#[test]
fn customers_live_where_the_locale_says() {
    for harvest in &*HARVESTS {
        let countries: BTreeSet<&str> = harvest
            .customers
            .values()
            .map(|row| row.country.as_str())
            .collect();
        let expected = match harvest.locale {
            SeedLocale::Mix => vec!["CN", "GB", "UA", "US", "VN"],
            SeedLocale::En => vec!["GB", "US"],
            SeedLocale::ZhCn => vec!["CN"],
            SeedLocale::Vi => vec!["VN"],
            SeedLocale::Uk => vec!["UA"],
        };
        assert!(countries.into_iter().eq(expected));
    }
    let share = |country: &str| {
        let customers = demo().customers.values();
        customers.filter(|row| row.country == country).count()
    };
    for (country, about) in [
        ("US", 400),
        ("GB", 150),
        ("CN", 250),
        ("VN", 100),
        ("UA", 100),
    ] {
        assert!(
            share(country).abs_diff(about) < 50,
            "{country}: {}",
            share(country)
        );
    }
}

#[test]
fn some_persons_are_hard_to_show() {
    for harvest in &*HARVESTS {
        let customers = &harvest.customers;
        let lengths: Vec<usize> = customers
            .values()
            .map(|row| row.full_name.chars().count())
            .collect();
        assert!(lengths.contains(&1));
        assert!(lengths.iter().any(|length| *length > 30));
        let any = |c: char| customers.values().any(|row| row.full_name.contains(c));
        let marked = any('\u{301}') || any('\u{308}');
        assert!(any('🎈') && marked);
        let note = |text: &str| {
            customers
                .values()
                .any(|row| row.notes.as_deref() == Some(text))
        };
        assert!(note("") && note(" "));
    }
}

#[test]
fn logins_are_taken_once() {
    for harvest in &*HARVESTS {
        let names: BTreeSet<&str> = harvest
            .accounts
            .iter()
            .map(|row| row.login_name.as_str())
            .collect();
        assert_eq!(names.len(), harvest.accounts.len());
    }
}

#[test]
fn password_hashes_have_the_shape_of_real_ones_and_say_that_they_are_not() {
    for row in &demo().accounts {
        let parts: Vec<&str> = row.password_hash.split('$').collect();
        assert_eq!(parts[..3], ["", "argon2id", "demo"]);
        assert_eq!((parts[3].len(), parts[4].len()), (22, 43));
    }
}
