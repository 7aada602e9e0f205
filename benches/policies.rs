//! What masks and policies cost: nanoseconds a value for every masker, and the time to load and to compile a set of rules.
//! `cargo bench --bench policies`.
//!
//! The first line of each table is the measure: a copy of the text, the smallest set of rules. Ratios within one run are what counts.

use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use sudare_entities::Catalog;
use sudare_policies::maskers::{
    Declaration, Masker, MaskingKey, Subject, Target, build, declarations,
};
use sudare_policies::value::{ValueKind, ValueRef};
use sudare_policies::{PolicyFiles, PolicySet, Principal};

const ROUNDS: usize = 15;
const VALUES: u32 = 2_000;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let mut out = std::io::stdout().lock();
    maskers(&mut out)?;
    policies(&mut out)
}

/// Every masker with the first of its examples, on a value that it is made for.
fn maskers(out: &mut impl Write) -> Outcome<()> {
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
        let value = sample(declaration.name, kind);
        let subject = Subject {
            key: Some(ValueRef::Int(4_711)),
            country: Some("CN"),
            gender: Some("FEMALE"),
            birth: "1990-06-22".parse().ok(),
        };
        let mut shown = String::new();
        let cost = nanoseconds(|| {
            shown.clear();
            black_box(masker.mask(black_box(value), &subject, &mut shown));
        });
        let kind = format!("{kind:?}");
        writeln!(out, "{:<18} {kind:<9} {cost:>9.1}", declaration.name)?;
    }
    Ok(())
}

fn first(declaration: &Declaration) -> Option<(ValueKind, Arc<dyn Masker>)> {
    let secret = MaskingKey::new(&[7; 32]).ok()?;
    let variants = ["ACTIVE", "LOST", "POTENTIAL", "MALE", "FEMALE"].map(str::to_owned);
    let target = |kind| Target {
        kind,
        variants: if kind == ValueKind::Enum {
            &variants
        } else {
            &[]
        },
        nullable: true,
        key: secret.domain("internal", "pii"),
        subject: Some(secret.domain("internal", "subject Customer")),
        own_person: false,
        unique: false,
        narrow: false,
    };
    let mut made = declaration.examples.iter().flat_map(|example| {
        let params = example.parse().unwrap_or_default();
        let kinds = declaration.kinds.iter().copied();
        kinds.filter_map(move |kind| Some((kind, params_for(declaration, &params, &target(kind))?)))
    });
    made.next()
}

fn params_for(
    declaration: &Declaration,
    params: &toml::Table,
    target: &Target<'_>,
) -> Option<Arc<dyn Masker>> {
    build(declaration.name, params, target).ok()
}

fn sample(masker: &str, kind: ValueKind) -> ValueRef<'static> {
    match kind {
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
        ValueKind::Text => ValueRef::Text(text(masker)),
    }
}

/// A text that the masker is made for.
fn text(masker: &str) -> &'static str {
    match masker {
        "address" => "广东省深圳市南山区科技园路1号",
        "bank_card" => "4111 1111 1111 1111",
        "cn_id" => "11010519491231002X",
        "email" | "before_delimiter" | "after_delimiter" => "alice.example@mail.example.com",
        "free_text" => {
            "Please call +86 138 1234 5678 or write to alice@example.com about card 4111 1111 1111 1111, thanks."
        }
        "iban" => "GB82 WEST 1234 5698 7654 32",
        "ip" => "203.0.113.9",
        "landline" => "(010) 6552-9988",
        "name_cjk" => "欧阳娜娜",
        "national_id" => "900-12-3456",
        "phone" => "+86 138 1234 5678",
        "postcode" => "SW1A 1AA",
        "url" => "https://user@example.com/a/b?token=1#x",
        _ => "Nguyễn Thị Ánh",
    }
}

/// The median of the rounds, a call.
fn nanoseconds(mut call: impl FnMut()) -> f64 {
    let mut rounds: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            (0..VALUES).for_each(|_| call());
            start.elapsed()
        })
        .collect();
    rounds.sort_unstable();
    let median = rounds.get(ROUNDS / 2).copied().unwrap_or_default();
    median.as_secs_f64() * 1e9 / f64::from(VALUES)
}

/// Sets of 20, 200 and 2,000 rules for 10, 100 and 1,000 roles: loading them, and what they cost a request.
///
/// *one* has a role with its share of the rules, *chief* a role that inherits all. The first decision is that on a field of the
/// customer for the first of them who asks; *next* is the same for somebody of the same role whose claims differ, *warm* is the
/// view and the decision of a later request of the first, and *view* its view alone: role set, fingerprint and sight.
fn policies(out: &mut impl Write) -> Outcome<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let own = std::fs::read_to_string(folder.join("policy.csv"))?;
    let classes: String = own
        .lines()
        .filter(|line| line.starts_with("g2,"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let shape = sudare::shape::shape(&Catalog::new()?);
    let key = MaskingKey::new(&[7; 32])?;
    writeln!(
        out,
        "\n{:>5}  {:>5}  {:>8}  {:<5}  {:>9}  {:>8}  {:>7}  {:>7}\n",
        "rules", "roles", "load ms", "who", "first us", "next us", "warm us", "view us"
    )?;
    for rules in [20, 200, 2_000] {
        for roles in [10, 100, 1_000] {
            let text = format!("{classes}{}", rules_of(rules, roles));
            let files = PolicyFiles::from_memory(text, MASKING);
            let start = Instant::now();
            let set = Arc::new(PolicySet::from_files(&files, &shape, &key)?);
            let loaded = start.elapsed().as_secs_f64() * 1e3;
            for (who, role) in [("one", "role0"), ("chief", "chief")] {
                let cost = Cost::of(&set, role);
                writeln!(
                    out,
                    "{rules:>5}  {roles:>5}  {loaded:>8.1}  {who:<5}  {:>9.1}  {:>8.1}  {:>7.2}  {:>7.2}",
                    cost.first, cost.next, cost.warm, cost.view
                )?;
            }
        }
    }
    Ok(())
}

/// Microseconds.
struct Cost {
    first: f64,
    next: f64,
    warm: f64,
    view: f64,
}

impl Cost {
    fn of(set: &Arc<PolicySet>, role: &str) -> Self {
        let now = DateTime::<Utc>::UNIX_EPOCH;
        let who = |id: &str| Principal {
            id: id.to_owned(),
            roles: [role.to_owned()].into(),
            ..Principal::default()
        };
        let decide = |who: &Principal| {
            let view = set.view(who.clone(), now);
            black_box(view.map(|view| view.decision(5, 3).highest())).ok();
        };
        let once = |who: &Principal| {
            let start = Instant::now();
            decide(who);
            start.elapsed().as_secs_f64() * 1e6
        };
        let (one, other) = (who("7"), who("8"));
        Self {
            first: once(&one),
            next: once(&other),
            warm: nanoseconds(|| decide(&one)) / 1e3,
            view: nanoseconds(|| {
                black_box(set.view(one.clone(), now)).ok();
            }) / 1e3,
        }
    }
}

/// Every tier of every class has a mask that fits every kind.
const MASKING: &str = r#"
[class."key"]
desensitized = { masker = "hmac_token" }
[class."pii"]
partial = { masker = "null" }
desensitized = { masker = "null" }
"#;

/// So many rules, spread over so many roles: rows and tiers in turn, each with a condition of its own, one in ten a deny. Where
/// there are more roles than rules, the others inherit one that has some. One role inherits all.
fn rules_of(rules: usize, roles: usize) -> String {
    let objects = [
        "Customer",
        "Order",
        "Customer:pii.contact",
        "pii.name",
        "Ticket",
        "public",
    ];
    let line = |number: usize| {
        let object = objects
            .get(number % objects.len())
            .copied()
            .unwrap_or("Customer");
        let is_entity = !object.contains(['.', ':']) && object != "public";
        let action = if is_entity && number.is_multiple_of(2) {
            "row"
        } else {
            "full"
        };
        // no row may stand there twice
        let when = match number % 3 {
            0 => format!("row.id == user.id && row.id != {number}"),
            _ => format!("row.id != {number}"),
        };
        let eft = if number % 10 == 9 { "deny" } else { "allow" };
        format!(
            "p, role{}, {object}, {action}, {when}, {eft}\n",
            number % roles
        )
    };
    let inherits = |role: usize| match role.checked_sub(rules) {
        None => format!("g, chief, role{role}\n"),
        Some(_) => format!("g, role{role}, role{}\n", role % rules),
    };
    (0..rules)
        .map(line)
        .chain((0..roles).map(inherits))
        .collect()
}
