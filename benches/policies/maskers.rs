//! Every masker on values that it is made for.

use std::hint::black_box;
use std::io::Write;
use std::sync::{Arc, LazyLock};

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sudare_policies::maskers::{
    Declaration, IdentityMemo, Masker, MaskingKey, Subject, Target, build, declaration,
    declarations,
};
use sudare_policies::value::{ValueKind, ValueRef};

use super::{Outcome, nanoseconds};

/// Every masker with the first of its examples, on values that it is made for, of each script.
pub(crate) fn measure(out: &mut impl Write) -> Outcome<()> {
    let mut copy = String::new();
    let text = "Nguyễn Thị Ánh, +84 912 345 678";
    let base = nanoseconds(|| {
        copy.clear();
        copy.push_str(black_box(text));
    });
    writeln!(
        out,
        "nanoseconds a value (the kind of the field); a copy of 31 characters: {base:.1}\n"
    )?;
    for declaration in declarations() {
        let Some((kind, masker)) = first(declaration) else {
            writeln!(out, "{:<18} no example can be built here", declaration.name)?;
            continue;
        };
        let of_kind = sample(kind).map(|value| vec![value]);
        let values = of_kind.unwrap_or_else(|| texts(declaration.name));
        for value in values {
            let cost = cost(&[masker.as_ref()], value);
            let kind = format!("{kind:?}");
            let shown = match value {
                ValueRef::Text(text) => text,
                _ => "",
            };
            writeln!(
                out,
                "{:<18} {kind:<9} {cost:>9.1}  {shown}",
                declaration.name
            )?;
        }
    }
    row(out)
}

/// What a mask costs on average, when these are the cells of a row.
fn cost(maskers: &[&dyn Masker], value: ValueRef<'static>) -> f64 {
    let memo = IdentityMemo::default();
    let mut shown = String::new();
    let mut key = 0;
    let row = nanoseconds(|| {
        key += 1;
        let subject = Subject {
            key: Some(ValueRef::Int(key)),
            country: Some("CN"),
            gender: Some("FEMALE"),
            birth: NaiveDate::from_ymd_opt(1990, 6, 22),
            memo: Some(&memo),
        };
        for masker in maskers {
            shown.clear();
            black_box(masker.mask(black_box(value), &subject, &mut shown));
        }
    });
    row / maskers.len() as f64
}

/// The false identity of a person in four cells of a row, which share the work.
fn row(out: &mut impl Write) -> Outcome<()> {
    let declaration = declaration("fake_from_key")?;
    let target = target(&MaskingKey::new(&[7; 32])?, ValueKind::Text);
    let kinds = ["name", "email", "phone", "national_id"].map(|kind| format!("kind = \"{kind}\""));
    let maskers: Vec<_> = kinds
        .iter()
        .filter_map(|kind| params_for(declaration, &kind.parse().ok()?, &target))
        .collect();
    let maskers: Vec<_> = maskers.iter().map(AsRef::as_ref).collect();
    let cost = cost(&maskers, ValueRef::Text("欧阳娜娜"));
    writeln!(
        out,
        "\nfake_from_key      a cell of a row of name, e-mail, telephone and id: {cost:.1}"
    )?;
    Ok(())
}

fn first(declaration: &Declaration) -> Option<(ValueKind, Arc<dyn Masker>)> {
    let secret = &MaskingKey::new(&[7; 32]).ok()?;
    let mut made = declaration.examples.iter().flat_map(|example| {
        let params = example.parse().unwrap_or_default();
        let kinds = declaration.kinds.iter().copied();
        kinds.filter_map(move |kind| {
            Some((
                kind,
                params_for(declaration, &params, &target(secret, kind))?,
            ))
        })
    });
    made.next()
}

/// A field of a kind.
pub(crate) fn target(secret: &MaskingKey, kind: ValueKind) -> Target<'static> {
    static VARIANTS: LazyLock<[String; 5]> =
        LazyLock::new(|| ["ACTIVE", "LOST", "POTENTIAL", "MALE", "FEMALE"].map(str::to_owned));
    Target {
        kind,
        variants: match kind {
            ValueKind::Enum => &*VARIANTS,
            _ => &[],
        },
        nullable: true,
        key: secret.domain("internal", "pii"),
        subject: Some(secret.domain("internal", "subject Customer")),
        own_person: false,
        unique: false,
        narrow: false,
    }
}

fn params_for(
    declaration: &Declaration,
    params: &toml::Table,
    target: &Target<'_>,
) -> Option<Arc<dyn Masker>> {
    build(declaration.name, params, target).ok()
}

/// A value of a kind; none for text, of which every masker has its own.
fn sample(kind: ValueKind) -> Option<ValueRef<'static>> {
    Some(match kind {
        ValueKind::Boolean => ValueRef::Boolean(true),
        ValueKind::Int => ValueRef::Int(4_711),
        ValueKind::Float => ValueRef::Float(47_300.25),
        ValueKind::Decimal => ValueRef::Decimal(Decimal::new(4_730_025, 2)),
        ValueKind::Enum => ValueRef::Enum("ACTIVE"),
        ValueKind::Date => ValueRef::Date("1990-06-22".parse().unwrap_or_default()),
        ValueKind::DateTime => ValueRef::DateTime(DateTime::<Utc>::UNIX_EPOCH),
        ValueKind::Json => {
            ValueRef::Json(r#"{"contact":{"phone":"+86 138 1234 5678"},"tags":["a","b"]}"#)
        }
        ValueKind::Uuid => ValueRef::Uuid(uuid::Uuid::NAMESPACE_DNS),
        ValueKind::Text => return None,
    })
}

/// Texts that the masker is made for.
fn texts(masker: &str) -> Vec<ValueRef<'static>> {
    let texts: &[&str] = match masker {
        "address" => &[
            "12 Elm Street, Springfield, IL 62704, USA",
            "广东省深圳市南山区科技园路1号",
            "12/3 đường Nguyễn Huệ, Phường 7, TP. Hồ Chí Minh",
            "вул. Хрещатик, 12, кв. 34, Київ",
        ],
        "bank_card" => &["4111 1111 1111 1111", "6205501234567890123"],
        "cn_id" => &["11010519491231002X", "110105491231002"],
        "email" | "before_delimiter" | "after_delimiter" => &[
            "alice.example@mail.example.com",
            "olena.shevchenko1234567@example.com",
            "张伟@例子.中国",
        ],
        "free_text" => &[
            "Please call +86 138 1234 5678 or write to alice@example.com about card 4111 1111 1111 1111, thanks.",
        ],
        "iban" => &["GB82 WEST 1234 5698 7654 32"],
        "ip" => &["203.0.113.9"],
        "landline" => &["(010) 6552-9988"],
        "national_id" => &["900-12-3456"],
        "phone" => &[
            "+86 138 1234 5678",
            "+1 212-555-0142",
            "+84 741 234 567",
            "+380 58 123 45 67",
        ],
        "postcode" => &["SW1A 1AA", "518000"],
        "url" => &["https://user@example.com/a/b?token=1#x"],
        _ => &[
            "Jennifer Johnson",
            "欧阳娜娜",
            "Nguyễn Thị Ánh",
            "Шевченко Олена Іванівна",
            // with a combining mark: the long way
            "Zoe\u{308} Müller",
        ],
    };
    texts.iter().map(|text| ValueRef::Text(text)).collect()
}
