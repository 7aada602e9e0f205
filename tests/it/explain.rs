//! `policy explain`: it says what is served, names what was unknown, and prints no value that the principal does not see.

use std::path::Path;

use serde_json::{Value as Json, json};
use sudare_entities::Catalog;
use sudare_policies::value::Value;

use crate::database::{self, Raw};
use crate::harness::{ROLES, claims, signed};
use crate::process::{SECRET, Server, configured, post, run, sudare};

/// Fields of every kind of mask.
const FIELDS: [&str; 5] = ["phone", "email", "nationalId", "annualIncome", "birthDate"];

fn seeded() -> tempfile::TempDir {
    let data = tempfile::tempdir().unwrap();
    let (output, _, errors) = run(sudare(data.path(), &["seed", "--customers", "60"]));
    assert!(output.status.success(), "{errors}");
    data
}

/// What the command prints for somebody with a role.
fn explained(data: &Path, role: &str, arguments: &[&str]) -> String {
    let claims = claims(role);
    let department = format!("department_id={}", claims["department_id"]);
    let subject = claims["sub"].as_str().unwrap();
    let who = ["--role", role, "--subject", subject, "--user", &department];
    let all = [&["policy", "explain"], &who[..], arguments].concat();
    let (output, text, errors) = run(configured(data, &all));
    assert!(output.status.success(), "{errors}");
    text
}

fn as_json(data: &Path, role: &str, arguments: &[&str]) -> Json {
    let text = explained(data, role, &[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&text).unwrap()
}

fn refused(arguments: &[&str]) -> String {
    let data = tempfile::tempdir().unwrap();
    let all = [&["policy", "explain"], arguments].concat();
    let (output, text, errors) = run(configured(data.path(), &all));
    assert_eq!((output.status.code(), text.as_str()), (Some(1), ""));
    errors
}

/// What a server gives somebody with a role.
fn served(server: &Server, role: &str, query: &str) -> Json {
    let token = signed(claims(role), SECRET);
    let headers = format!("authorization: Bearer {token}\r\n");
    let body = json!({ "query": query }).to_string();
    let (_, answer) = post(server.address, &headers, &body);
    let answer: Json = serde_json::from_str(&answer).unwrap();
    answer["data"].clone()
}

#[test]
fn a_row_of_a_database_without_tables_is_an_error_with_its_cure() {
    let data = tempfile::tempdir().unwrap();
    if let Some(file) = database::file(&database::at(data.path())) {
        std::fs::write(file, []).unwrap();
    }
    let asked = ["--role", "admin", "--field", "Customer.phone", "--row", "1"];
    let all = [&["policy", "explain"], &asked[..]].concat();
    let (output, _, errors) = run(configured(data.path(), &all));
    assert_eq!(output.status.code(), Some(1));
    assert!(
        errors.contains("`sudare serve` or `sudare seed` brings them there"),
        "{errors}"
    );
    assert!(!errors.contains("customer"), "{errors}");
}

#[test]
fn what_is_explained_is_what_is_served() {
    let data = seeded();
    let server = Server::start(configured(
        data.path(),
        &["serve", "--listen", "127.0.0.1:0"],
    ));
    let mut tiers = std::collections::BTreeSet::new();
    for role in ROLES {
        // The keys of a partner are tokens: it cannot ask for a row by its number.
        if role == "partner" {
            continue;
        }
        for (number, field) in FIELDS.iter().enumerate() {
            let id = (number + 1).to_string();
            let query =
                format!("{{ customer(id: {id}) {{ {field} disclosure {{ field tier }} }} }}");
            let served = &served(&server, role, &query)["customer"];

            let coordinate = format!("Customer.{field}");
            let told = as_json(
                data.path(),
                role,
                &["--field", &coordinate, "--row", &id, "--show-values"],
            );
            assert_eq!(told["row"]["visible"], !served.is_null(), "{role} {id}");
            if served.is_null() {
                continue;
            }
            assert_eq!(
                told["row"]["shown"], served[field],
                "{role} {coordinate} {id}"
            );
            let below = served["disclosure"].as_array().unwrap().iter();
            let below = below.filter(|entry| entry["field"] == *field);
            let tier = below.map(|entry| entry["tier"].clone()).next();
            let tier = tier.unwrap_or_else(|| json!("FULL"));
            assert_eq!(
                told["explanation"]["tier"]["tier"], tier,
                "{role} {coordinate} {id}"
            );
            tiers.insert(tier.to_string());
        }
    }
    assert_eq!(tiers.len(), 4, "only {tiers:?}");
}

#[test]
fn a_partner_is_explained_with_the_keys_of_its_audience() {
    let data = seeded();
    let server = Server::start(configured(
        data.path(),
        &["serve", "--listen", "127.0.0.1:0"],
    ));
    let query = "{ customers(first: 60) { nodes { id } } }";
    let served = served(&server, "partner", query);
    let served = served["customers"]["nodes"].as_array().unwrap();
    let mut visible = 0;
    for id in ["1", "2", "3", "4", "5"] {
        let told = as_json(
            data.path(),
            "partner",
            &["--field", "Customer.id", "--row", id],
        );
        let is_served = served.contains(&json!({ "id": told["row"]["shown"] }));
        assert_eq!(told["row"]["visible"], is_served, "{id}");
        visible += usize::from(is_served);
    }
    assert!((1..5).contains(&visible), "{visible} of 5 are visible");
}

#[test]
fn a_rule_is_told_with_its_line_its_way_and_its_comparisons() {
    let data = tempfile::tempdir().unwrap();
    let text = explained(data.path(), "support", &["--field", "Customer.phone"]);
    let csv = include_str!("../../policies/policy.csv");
    let line = |rule: &str| 1 + csv.lines().position(|line| line == rule).unwrap();
    let row = line("p, support, Customer, row, row.department_id == user.department_id, allow");
    let partial = line("p, support, pii.contact, partial, true, allow");
    let full = line("p, support, Customer:pii.contact, full, row.owner_id == user.id, allow");
    for told in [
        format!("  policies/policy.csv:{row}: support, Customer, row, allow: depends on the row\n"),
        "row.department_id == user.department_id depends on the row: holds where row.department_id == 1\n".to_owned(),
        format!("=> row: allowed where row.department_id == 1 (line {row})\n"),
        format!("=> FULL where row.owner_id == 12, else PARTIAL (lines {partial}, {full})\n"),
        "PARTIAL is made by `phone`: it ".to_owned(),
    ] {
        assert!(text.contains(&told), "no `{told}` in\n{text}");
    }
    let text = explained(data.path(), "support", &["--field", "Account.passwordHash"]);
    assert!(
        text.contains(": everyone (inherited by support > staff), secret, full, deny: denies\n"),
        "{text}"
    );
}

#[test]
fn a_claim_that_is_missing_is_named() {
    let data = tempfile::tempdir().unwrap();
    let arguments = [
        "policy", "explain", "--role", "support", "--field", "Customer",
    ];
    let (_, text, _) = run(sudare(data.path(), &arguments));
    let told = "row.department_id == user.department_id is unknown: user.department_id: the token has no such claim\n";
    assert!(text.contains(told), "{text}");
    assert!(
        text.contains("=> row: not allowed, no rule grants it\n"),
        "{text}"
    );
}

#[test]
fn other_actions_are_explained_when_asked_for() {
    let data = tempfile::tempdir().unwrap();
    let text = explained(
        data.path(),
        "sales",
        &[
            "--field",
            "Customer.phone",
            "--action",
            "update",
            "--action",
            "aggregate",
        ],
    );
    assert!(
        text.contains("=> update: allowed where row.owner_id == 7 (line "),
        "{text}"
    );
    assert!(
        text.contains("=> aggregate: not allowed, no rule grants it\n"),
        "{text}"
    );
    let asked = ["--field", "Customer.annualIncome", "--action", "aggregate"];
    let text = explained(data.path(), "analyst", &asked);
    assert!(
        text.contains("sums and means are rounded to multiples of 1000\n"),
        "{text}"
    );
}

/// All that a row stores, as the database has it, but for numbers so short that they stand anywhere.
fn stored(data: &Path, entity: &str, id: i64) -> Vec<String> {
    let catalog = Catalog::new().unwrap();
    let entity = &catalog.entities[catalog.entity(entity).unwrap()];
    let rows = Raw::open(&database::at(data)).table(entity, &format!("id = {id}"));
    let texts = rows.into_iter().flatten().filter_map(|value| match value {
        Value::Text(text) if text.len() > 4 => Some(text),
        Value::Date(day) => Some(day.to_string()),
        Value::DateTime(instant) => Some(instant.to_rfc3339()),
        Value::Uuid(uuid) => Some(uuid.to_string()),
        _ => None,
    });
    texts.collect()
}

#[test]
fn values_that_are_not_seen_are_not_printed() {
    let data = seeded();
    for role in ["support", "analyst", "marketing", "partner", "customer"] {
        for id in 1..=3 {
            let (row, format) = (id.to_string(), if id == 1 { "json" } else { "text" });
            let arguments = [
                "--field",
                "Customer.phone",
                "--row",
                &row,
                "--format",
                format,
            ];
            let text = explained(data.path(), role, &arguments);
            // What is stored is printed only on demand, FULL or not, but for columns of conditions that are FULL.
            for value in stored(data.path(), "Customer", id) {
                let condition = ["ACTIVE", "POTENTIAL", "LOST"].contains(&value.as_str());
                assert!(
                    condition || !text.contains(&value),
                    "{role}: `{value}` in\n{text}"
                );
            }
        }
    }
}

#[test]
fn a_misspelt_name_is_answered_with_the_nearest() {
    let wrong = [
        (
            &["--role", "suport", "--field", "Customer"][..],
            "did you mean `support`?",
        ),
        (
            &["--role", "support", "--field", "Custmer"],
            "did you mean `Customer`?",
        ),
        (
            &["--role", "support", "--field", "Customer.emial"],
            "did you mean `Customer.email`?",
        ),
        (
            &[
                "--role", "support", "--field", "Customer", "--action", "updat",
            ],
            "did you mean `update`?",
        ),
        (
            &[
                "--role", "support", "--role", "partner", "--field", "Customer",
            ],
            "roles of one audience",
        ),
        (
            &[
                "--role",
                "support",
                "--field",
                "Customer.phone",
                "--action",
                "row",
            ],
            "`--field Customer`",
        ),
    ];
    for (arguments, cure) in wrong {
        let errors = refused(arguments);
        assert!(errors.contains(cure), "{errors}");
    }
    if database::only_on_sqlite("the database is a file in a folder") {
        let errors = refused(&["--role", "support", "--field", "Customer", "--row", "1"]);
        assert!(errors.contains("`--data` names the folder"), "{errors}");
    }
    let data = seeded();
    let arguments = [
        "policy", "explain", "--role", "support", "--field", "Customer", "--row", "9999",
    ];
    let (_, _, errors) = run(configured(data.path(), &arguments));
    assert!(
        errors.contains("`Customer` has no row with the key 9999"),
        "{errors}"
    );
}
