//! Sets of rules of every size.

use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};
use sudare_entities::Catalog;
use sudare_policies::maskers::MaskingKey;
use sudare_policies::{PolicyFiles, PolicySet, Principal};

use super::{Outcome, nanoseconds};

/// Sets of 20, 200 and 2,000 rules for 10, 100 and 1,000 roles: loading them, and what they cost a request.
///
/// *one* has a role with its share of the rules, *chief* a role that inherits all. The first decision is that on a field of the
/// customer for the first of them who asks; *next* is the same for somebody of the same role whose claims differ, *warm* is the
/// view and the decision of a later request of the first, and *view* its view alone: role set, fingerprint and sight.
pub(crate) fn measure(out: &mut impl Write) -> Outcome<()> {
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
