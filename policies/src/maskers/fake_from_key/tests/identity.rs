//! The false identities of persons, as cells show them.

use std::collections::HashSet;

use chrono::{Datelike, NaiveDate};
use proptest::prelude::*;

use super::super::super::harness::{Someone, dates, someone, target, texts};
use super::super::super::{Masked, Target, build};
use crate::checksum;
use crate::value::{Value, ValueKind, ValueRef};

/// What is shown of a person in a cell; `null` where nothing is.
fn shown(target: &Target<'_>, params: &str, someone: &Someone, value: ValueRef<'_>) -> String {
    let target = Target {
        kind: match value {
            ValueRef::Date(_) => ValueKind::Date,
            ValueRef::Enum(_) => ValueKind::Enum,
            _ => ValueKind::Text,
        },
        variants: &["FEMALE".to_owned(), "MALE".to_owned(), "DIVERSE".to_owned()],
        ..target.clone()
    };
    let masker = build("fake_from_key", &params.parse().unwrap(), &target).unwrap();
    assert!(masker.needs_subject());
    let mut out = String::new();
    match masker.mask(value, &someone.subject(), &mut out) {
        Masked::Text => out,
        Masked::Date(day) => day.to_string(),
        Masked::Null => "null".to_owned(),
        other => panic!("{other:?}"),
    }
}

fn text(target: &Target<'_>, kind: &str, someone: &Someone) -> String {
    let params = format!("kind = \"{kind}\"");
    shown(target, &params, someone, ValueRef::Text("what is stored"))
}

fn customer(audience: &str) -> Target<'static> {
    target(audience, ValueKind::Text)
}

fn olena() -> Someone {
    Someone {
        key: Some(Value::Int(42)),
        country: Some("UA".to_owned()),
        gender: Some("FEMALE".to_owned()),
        birth: NaiveDate::from_ymd_opt(1984, 5, 6),
    }
}

#[test]
fn an_identity_stays_the_same_from_release_to_release() {
    let target = customer("internal");
    let kinds = [
        "name",
        "email",
        "login",
        "phone",
        "street",
        "city",
        "region",
        "postal_code",
        "national_id",
        "card",
        "iban",
    ];
    let lines: Vec<_> = kinds
        .iter()
        .map(|kind| format!("{kind}: {}", text(&target, kind, &olena())))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    name: Коваленко Тетяна Андріївна
    email: tetiana.kovalenko4398357@example.org
    login: tkovalenko4398357
    phone: +380 58 055 19 97
    street: вул. Садова, 130
    city: Київ
    region: м. Київ
    postal_code: 03728
    national_id: 3056974087
    card: 4242425234045523
    iban: UA410004130000092620048381930
    ");
}

#[test]
fn a_person_has_one_identity_in_every_entity_and_class_of_an_audience() {
    let here = customer("internal");
    // another field, of another class, in another entity that speaks of the same persons
    let there = Target {
        key: crate::MaskingKey::new(b"the secret that the tests share.")
            .unwrap()
            .domain("internal", "another.class"),
        nullable: false,
        own_person: false,
        ..customer("internal")
    };
    let name = text(&here, "name", &olena());
    assert_eq!(text(&there, "name", &olena()), name);
    assert_eq!(
        text(&there, "email", &olena()),
        text(&here, "email", &olena())
    );
    // whatever the cell holds
    let named = shown(&here, "kind = \"name\"", &olena(), ValueRef::Text(&name));
    assert_eq!(named, name, "not even the name itself changes it");
    assert_ne!(text(&customer("partner"), "name", &olena()), name);
    assert_ne!(
        text(&customer("partner"), "email", &olena()),
        text(&here, "email", &olena())
    );
}

#[test]
fn the_language_can_be_chosen() {
    let name = |locale: &str, country: &str| {
        let someone = Someone {
            country: Some(country.to_owned()),
            ..olena()
        };
        let params = format!("kind = \"phone\"\nlocale = \"{locale}\"");
        shown(
            &customer("internal"),
            &params,
            &someone,
            ValueRef::Text("x"),
        )
    };
    assert!(name("zh_CN", "UA").starts_with("+86 154"));
    assert!(name("vi", "US").starts_with("+84 74"));
    assert!(name("uk", "").starts_with("+380 58"));
    assert!(name("en", "GB").starts_with("+44 7700 900"));
    // where English is spoken, but not in Ukraine
    let abroad = name("en", "UA");
    assert!(abroad.starts_with("+44 7700 900") || abroad.contains("-555-01"));
}

#[test]
fn a_unique_field_shows_what_no_two_persons_share_or_is_refused() {
    let unique = Target {
        unique: true,
        ..customer("internal")
    };
    let with_key = |key: Value| Someone {
        key: Some(key),
        ..olena()
    };
    for kind in ["email", "login"] {
        assert_ne!(text(&unique, kind, &with_key(Value::Int(i64::MAX))), "null");
        assert_eq!(text(&unique, kind, &with_key(Value::Int(-1))), "null");
    }
    for kind in ["national_id", "card", "iban"] {
        assert_ne!(
            text(&unique, kind, &with_key(Value::Int((1 << 23) - 1))),
            "null"
        );
        assert_eq!(text(&unique, kind, &with_key(Value::Int(1 << 23))), "null");
        assert_eq!(
            text(&unique, kind, &with_key(Value::Text("k".into()))),
            "null"
        );
    }
    let refused = |kind: &str, target: &Target<'_>| {
        let params = format!("kind = \"{kind}\"").parse().unwrap();
        build("fake_from_key", &params, target)
            .unwrap_err()
            .to_string()
    };
    let told = "masker `fake_from_key` cannot show another such text for every row, and the field is unique; take `hmac_token`";
    assert_eq!(refused("phone", &unique), told);
    assert_eq!(refused("company", &unique), told);
    let shared = Target {
        own_person: false,
        ..unique.clone()
    };
    assert_eq!(refused("login", &shared), told);
    let nobody = Target {
        subject: None,
        own_person: false,
        ..unique
    };
    assert_eq!(refused("email", &nobody), told);
}

#[test]
fn a_field_without_the_two_genders_is_refused() {
    let target = Target {
        variants: &["M".to_owned(), "F".to_owned()],
        ..target("internal", ValueKind::Enum)
    };
    let error = build(
        "fake_from_key",
        &"kind = \"gender\"".parse().unwrap(),
        &target,
    )
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "masker `fake_from_key` shows `FEMALE` or `MALE`, which the field cannot hold; take `null`"
    );
}

proptest! {
    #[test]
    fn the_parts_of_an_identity_fit_each_other_and_what_is_told(someone in someone(), stored in texts(), day in dates()) {
        prop_assume!(someone.key.is_some());
        let target = customer("internal");
        let of = |kind: &str| shown(&target, &format!("kind = {kind:?}"), &someone, ValueRef::Text(&stored));
        // nothing of the cell goes into it
        prop_assert_eq!(of("name"), text(&target, "name", &someone));
        let (name, first, last) = (of("name"), of("first_name"), of("last_name"));
        prop_assert!(name.contains(&first) && name.contains(&last));

        let birth = shown(&target, "kind = \"birth_date\"", &someone, ValueRef::Date(day));
        let birth: NaiveDate = birth.parse().unwrap();
        if let Some(real) = someone.birth.filter(|real| (1900..2100).contains(&real.year())) {
            prop_assert_eq!(real.year() / 10, birth.year() / 10);
        }
        let gender = shown(&target, "kind = \"gender\"", &someone, ValueRef::Enum("DIVERSE"));
        if let Some(real @ ("MALE" | "FEMALE")) = someone.gender.as_deref() {
            prop_assert_eq!(&gender, real);
        }

        let (phone, id) = (of("phone"), of("national_id"));
        let email = of("email");
        prop_assert!(email.is_ascii());
        match someone.country.as_deref() {
            Some("CN") => {
                prop_assert!(phone.starts_with("+86 "));
                prop_assert!(checksum::cn_resident(&id));
                prop_assert!(id.split_at(6).1.starts_with(&birth.format("%Y%m%d").to_string()));
                let order = id.as_bytes()[16];
                prop_assert_eq!(order % 2 == 1, gender == "MALE");
            }
            Some("vn") => {
                prop_assert!(phone.starts_with("+84 "));
                prop_assert!(id.split_at(4).1.starts_with(&birth.format("%y").to_string()));
            }
            Some("Україна") => {
                prop_assert!(phone.starts_with("+380 "));
                prop_assert!(checksum::ua_rnokpp(&id));
                let male = name.ends_with("ч");
                prop_assert_eq!(male, gender == "MALE");
            }
            Some("GB") => prop_assert!(phone.starts_with("+44 ")),
            Some("US") => prop_assert!(phone.starts_with("+1 ")),
            _ => prop_assert!(phone.starts_with("+1 ") || phone.starts_with("+44 ")),
        }
        if name.is_ascii() {
            // the given name first, whatever the order of the country is
            let both = format!("{first}.{last}").to_lowercase();
            let mailbox: String = both.chars().filter(|c| *c == '.' || c.is_alphanumeric()).collect();
            prop_assert!(email.starts_with(&mailbox), "{email} of {name}");
        }
    }

    #[test]
    fn no_two_persons_share_an_e_mail_or_a_login(left in 0..=i64::MAX, right in 0..=i64::MAX, bits in 0u32..63, someone in someone()) {
        let (left, right) = (left >> bits, right >> (62 - bits));
        prop_assume!(left != right);
        let target = customer("internal");
        for kind in ["email", "login"] {
            let of = |key, someone: &Someone| text(&target, kind, &Someone { key: Some(Value::Int(key)), ..someone.clone() });
            prop_assert_ne!(of(left, &olena()), of(right, &olena()));
            prop_assert_ne!(of(left, &olena()), of(right, &someone));
        }
    }
}

#[test]
fn the_persons_of_a_table_have_national_ids_of_their_own() {
    let target = customer("internal");
    for country in ["US", "GB", "CN", "VN", "UA"] {
        let of = |key| {
            let someone = Someone {
                key: Some(Value::Int(key)),
                country: Some(country.to_owned()),
                ..olena()
            };
            text(&target, "national_id", &someone)
        };
        let ids: HashSet<_> = (0..500).map(of).collect();
        assert_eq!(ids.len(), 500, "{country}");
    }
}
