//! The substitutes of one field.

use proptest::prelude::*;

use super::super::harness::{error_of, error_of_kind, mask_for, mask_value, masked};
use chrono::{NaiveDate, NaiveTime};
use rust_decimal::Decimal;

use super::*;

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
