//! The substitutes of one field.

use std::collections::HashSet;

use chrono::{Datelike, NaiveDate, NaiveTime};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::super::harness::{error_of, error_of_kind, mask_for, mask_value, masked};
use super::*;
use crate::checksum;

mod identity;

#[test]
fn substitutes_stay_the_same_from_release_to_release() {
    assert_eq!(
        masked("fake_from_key", "kind = \"name\"", "张三"),
        "Jayson Brakus"
    );
    assert_eq!(
        masked(
            "fake_from_key",
            "kind = \"name\"\nlocale = \"zh_CN\"",
            "张三"
        ),
        "梁弘耀"
    );
}

#[test]
fn where_no_person_is_known_the_value_has_a_substitute_of_its_own() {
    let of = |kind: &str, text| {
        let params = format!("kind = {kind:?}\nlocale = \"uk\"");
        masked("fake_from_key", &params, text)
    };
    assert!(checksum::ua_rnokpp(&of("national_id", "3304512345")));
    assert!(checksum::iban(&of("iban", "an account")));
    assert!(checksum::luhn(&of("card", "4111111111111111")));
    assert!(of("phone", "0501234567").starts_with("+380 58 "));
    for kind in ["name", "login", "region", "postal_code", "card"] {
        assert_eq!(of(kind, "Anna"), of(kind, "Anna"));
        let all: HashSet<_> = ["Anna", "Boris", "Clara", "David"]
            .map(|text| of(kind, text))
            .into();
        assert!(all.len() > 1, "{kind}");
    }

    let birth = NaiveDate::from_ymd_opt(1984, 5, 6).unwrap();
    let (masked, _) = mask_value(
        "fake_from_key",
        "kind = \"birth_date\"",
        ValueRef::Date(birth),
    );
    assert!(matches!(masked, Masked::Date(day) if day.year() / 10 == 198 && day != birth));
    let (_, gender) = mask_value(
        "fake_from_key",
        "kind = \"gender\"",
        ValueRef::Enum("DIVERSE"),
    );
    assert!(["FEMALE", "MALE"].contains(&&*gender));
}

#[test]
fn audiences_see_different_people() {
    let seen = |audience| -> Vec<String> {
        ["a", "b", "c"]
            .map(|text| mask_for(audience, "fake_from_key", "kind = \"email\"", text))
            .to_vec()
    };
    assert_eq!(seen("internal"), seen("internal"));
    assert_ne!(seen("internal"), seen("partner"));
}

#[test]
fn mistakes_are_named() {
    assert_eq!(
        error_of("fake_from_key", ""),
        "masker `fake_from_key` needs the parameter `kind`: for text, what to show: `name`, `first_name`, `last_name`, `email`, `phone`, `company`, `job`, `street`, `city`, `region`, `postal_code`, `national_id`, `card`, `iban` or `login`; for a date `birth_date`, for an enum `gender`"
    );
    assert_eq!(
        error_of("fake_from_key", "kind = \"name\"\nlocale = \"uk_UA\""),
        "parameter `locale` of masker `fake_from_key` must be one of `en`, `zh_CN`, `vi`, `uk`"
    );
    assert_eq!(
        error_of("fake_from_key", "kind = \"name\"\nmin = 1"),
        "parameter `min` of masker `fake_from_key` must be left out here, it is for numbers and dates"
    );
    assert_eq!(
        error_of_kind("fake_from_key", "kind = \"name\"", ValueKind::Int),
        "parameter `kind` of masker `fake_from_key` must be left out here, it is for text"
    );
    assert_eq!(
        error_of_kind(
            "fake_from_key",
            "kind = \"birth_date\"\nmin = 1950-01-01",
            ValueKind::Date
        ),
        "parameter `min` of masker `fake_from_key` must be left out here, `kind` says what to show"
    );
    assert_eq!(
        error_of_kind("fake_from_key", "kind = \"name\"", ValueKind::Date),
        "parameter `kind` of masker `fake_from_key` must be one of `birth_date`"
    );
    assert_eq!(
        error_of_kind("fake_from_key", "", ValueKind::Enum),
        "masker `fake_from_key` needs the parameter `kind`: for text, what to show: `name`, `first_name`, `last_name`, `email`, `phone`, `company`, `job`, `street`, `city`, `region`, `postal_code`, `national_id`, `card`, `iban` or `login`; for a date `birth_date`, for an enum `gender`"
    );
    assert_eq!(
        error_of_kind("fake_from_key", "min = 5\nmax = 5", ValueKind::Decimal),
        "parameter `max` of masker `fake_from_key` must be more than `min`"
    );
    assert_eq!(
        error_of_kind("fake_from_key", "min = 1\nmax = 2", ValueKind::Date),
        "parameter `min` of masker `fake_from_key` must be a day such as 1990-12-31"
    );
}

proptest! {
    #[test]
    fn numbers_stay_in_their_range(value in any::<i64>()) {
        let (masked, _) = mask_value("fake_from_key", "min = -5\nmax = 5", ValueRef::Int(value));
        prop_assert!(matches!(masked, Masked::Int(-5..=5)));

        let range = "min = \"10.00\"\nmax = 20.5";
        let decimal = ValueRef::Decimal(Decimal::from(value));
        let (masked, _) = mask_value("fake_from_key", range, decimal);
        let Masked::Decimal(shown) = masked else { panic!("{masked:?}") };
        prop_assert!(shown >= Decimal::new(10, 0) && shown <= Decimal::new(205, 1));
        prop_assert_eq!(shown.scale(), 2);
    }

    #[test]
    fn days_stay_in_their_range(day in -100_000i32..100_000) {
        let (min, max) = ("1950-01-01".parse().unwrap(), "1950-01-31".parse().unwrap());
        let range = "min = 1950-01-01\nmax = \"1950-01-31\"";
        let day = NaiveDate::from_epoch_days(day).unwrap();
        let (masked, _) = mask_value("fake_from_key", range, ValueRef::Date(day));
        let Masked::Date(shown) = masked else { panic!("{masked:?}") };
        prop_assert!((min..=max).contains(&shown));

        let instant = day.and_time(NaiveTime::MIN).and_utc();
        let (masked, _) = mask_value("fake_from_key", range, ValueRef::DateTime(instant));
        let Masked::DateTime(shown) = masked else { panic!("{masked:?}") };
        prop_assert!((min..=max).contains(&shown.date_naive()));
    }
}

#[test]
fn a_number_in_a_range_has_a_substitute_of_its_kind_in_it() {
    let params = "min = 5\nmax = 9";
    for (value, kind) in [
        (ValueRef::Int(1), "int"),
        (ValueRef::Float(1.5), "float"),
        (ValueRef::Decimal(Decimal::new(15, 1)), "decimal"),
    ] {
        let fits = match mask_value("fake_from_key", params, value).0 {
            Masked::Int(int) => kind == "int" && (5..=9).contains(&int),
            Masked::Float(float) => kind == "float" && (5.0..=9.0).contains(&float),
            Masked::Decimal(decimal) => {
                kind == "decimal" && (Decimal::from(5)..=Decimal::from(9)).contains(&decimal)
            }
            _ => false,
        };
        assert!(fits, "{kind}");
    }
}
