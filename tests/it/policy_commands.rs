//! `sudare policy` as a data steward meets it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value as Json, json};

use crate::harness::policies;
use crate::process::{configured, run, sudare};

#[test]
fn policy_check_counts_what_it_has_read() {
    let data = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(policies().join("policy.csv")).unwrap();
    let rows: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split(',').map(str::trim).collect())
        .collect();
    let rules = rows.iter().filter(|row| row[0] == "p");
    let roles: BTreeSet<&str> = rules.clone().map(|row| row[1]).collect();
    let (output, told, errors) = run(sudare(data.path(), &["policy", "check"]));
    assert!(output.status.success(), "{errors}");
    let counts = format!("{} roles, {} rules, ", roles.len(), rules.count());
    assert!(told.contains(&counts), "{told}, but {counts}");
    assert!(told.ends_with("no errors\n"), "{told}");
}

/// Rows that are wrong, the word that is, and the cure of each.
const FAULTS: [(&str, &str, &str); 7] = [
    (
        "p, support, Custmer, row, true, allow",
        "Custmer",
        "did you mean `Customer`?",
    ),
    (
        "p, support, pii.name, fulll, true, allow",
        "fulll",
        "did you mean `full`?",
    ),
    (
        "p, support, Customer, full, row.owner == user.id, allow",
        "owner",
        "did you mean `owner_id`?",
    ),
    (
        "p, support, pii.name, full, true, denied",
        "denied",
        "did you mean `deny`?",
    ),
    (
        "p, support, pii.name, full",
        "p, support, pii.name, full",
        "write `p, role, object, action, when, eft`",
    ),
    (
        "p, support, pii.name, full, true, allow # why",
        "allow # why",
        "write `allow` or `deny` and nothing else; a comment takes a line of its own",
    ),
    (
        "g2, Customer.phone, public",
        "Customer.phone",
        "a field has one class; remove one of the rows",
    ),
];

#[test]
fn policy_check_shows_every_error_with_its_line_and_cure() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().to_str().unwrap();
    let expected = break_policies(data.path());
    let (output, told, errors) = run(sudare(
        data.path(),
        &["policy", "check", "--policies", folder],
    ));
    assert_eq!((output.status.code(), told.as_str()), (Some(1), ""));
    let blocks: Vec<&str> = errors.trim_end().split("\n\n").collect();
    for (place, text, cure) in &expected {
        let listed = blocks.iter().any(|block| {
            let mut lines = block.lines();
            lines.any(|line| line.trim_start() == format!("--> {folder}/{place}"))
                && block.contains(&format!("help: {cure}"))
                && pointed_at(block) == *text
        });
        assert!(
            listed,
            "nothing at `{place}` on `{text}` with `{cure}`:\n{errors}"
        );
    }
    let count = format!("error: 1 error in {folder}/masking.toml, 8 errors in {folder}/policy.csv");
    assert_eq!(blocks.last(), Some(&count.as_str()));
    assert_eq!(blocks.len(), expected.len() + 1, "{errors}");
}

/// The text above the carets.
fn pointed_at(block: &str) -> String {
    let mut lines = block.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(carets) = lines.peek().filter(|next| next.contains('^')) {
            let (first, last) = (carets.find('^').unwrap(), carets.rfind('^').unwrap());
            return line.get(first..=last).unwrap_or_default().to_owned();
        }
    }
    String::new()
}

#[test]
fn serve_logs_every_error_of_the_policies_on_a_line() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().to_str().unwrap();
    let expected = break_policies(data.path());
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--policies", folder];
    let (output, _, errors) = run(configured(data.path(), &arguments));
    assert_eq!(output.status.code(), Some(1));
    for (place, _, cure) in &expected {
        let listed = errors.lines().any(|line| {
            line.contains(&format!("{folder}/{place}: ")) && line.contains(&format!("; {cure}"))
        });
        assert!(listed, "no line has `{place}` and `{cure}`:\n{errors}");
    }
}

/// Writes policies with mistakes: their places, the words in question, and what to do about them.
fn break_policies(folder: &Path) -> Vec<(String, &'static str, &'static str)> {
    let mut expected = Vec::new();

    let csv = fs::read_to_string(policies().join("policy.csv")).unwrap();
    let mut csv = csv.replacen("g2, Customer.gender, pii.demographic\n", "\n", 1);
    let cure = "add `g2, Customer.gender, <class>`";
    expected.push(("policy.csv".to_owned(), "", cure));
    for (row, word, cure) in FAULTS {
        csv += &format!("{row}\n");
        let (line, column) = (csv.lines().count(), row.find(word).unwrap() + 1);
        expected.push((format!("policy.csv:{line}:{column}"), word, cure));
    }
    let mut toml = fs::read_to_string(policies().join("masking.toml")).unwrap();
    toml += "[class.\"pii.demographic\"]\npartial = { masker = \"phnoe\" }\n";
    let line = toml.lines().count();
    let cure = "did you mean `phone`?";
    expected.push((format!("masking.toml:{line}:22"), "\"phnoe\"", cure));
    fs::write(folder.join("policy.csv"), &csv).unwrap();
    fs::write(folder.join("masking.toml"), &toml).unwrap();
    fs::copy(policies().join("model.conf"), folder.join("model.conf")).unwrap();
    expected
}

/// A copy of the policies with rules added.
fn policies_and(folder: &Path, rules: &str) {
    for file in ["model.conf", "masking.toml"] {
        fs::copy(policies().join(file), folder.join(file)).unwrap();
    }
    let csv = fs::read_to_string(policies().join("policy.csv")).unwrap();
    fs::write(folder.join("policy.csv"), csv + rules).unwrap();
}

#[test]
fn policy_lint_warns_and_fails_only_when_told_to() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().to_str().unwrap();
    policies_and(data.path(), "p, admin, Order.status, full, true, allow\n");
    let line = fs::read_to_string(data.path().join("policy.csv"))
        .unwrap()
        .lines()
        .count();
    let lint = |more: &[&str]| {
        let arguments = [&["policy", "lint", "--policies", folder], more].concat();
        let (output, told, errors) = run(sudare(data.path(), &arguments));
        assert_eq!(errors, "");
        (output.status.code(), told)
    };
    let (code, told) = lint(&[]);
    assert_eq!(code, Some(0), "{told}");
    let place = format!("--> {folder}/policy.csv:{line}:11\n");
    assert!(
        told.contains("warning[shadowed-rule]: ") && told.contains(&place),
        "{told}"
    );
    assert!(told.contains("help: remove this rule"), "{told}");

    assert_eq!(lint(&["--deny-warnings"]), (Some(1), told));

    let (code, told) = lint(&["--format", "json"]);
    let told: Json = serde_json::from_str(&told).unwrap();
    let found = told.as_array().unwrap().iter();
    let found: Vec<&Json> = found.filter(|one| one["line"] == line).collect();
    let expected = ("shadowed-rule", 11, 12);
    let [one] = found.as_slice() else {
        panic!("{told}")
    };
    let seen = (one["id"].as_str().unwrap(), &one["column"], &one["length"]);
    assert_eq!(
        (code, seen),
        (
            Some(0),
            (expected.0, &json!(expected.1), &json!(expected.2))
        )
    );
}

#[test]
fn policy_matrix_shows_the_roles_and_entities_that_are_asked_for() {
    let data = tempfile::tempdir().unwrap();
    let matrix = |more: &[&str]| {
        let (output, told, errors) =
            run(sudare(data.path(), &[&["policy", "matrix"], more].concat()));
        (output.status.code(), told, errors)
    };
    let asked = [
        "--entity", "Customer", "--role", "sales", "--role", "partner",
    ];
    let (code, table, _) = matrix(&asked);
    assert_eq!(code, Some(0));
    assert!(!table.contains('\u{1b}'), "colours in a pipe:\n{table}");
    let row = |name: &str| {
        let row = table
            .lines()
            .find(|line| line.trim_start().starts_with(name));
        let words: Vec<&str> = row.unwrap().split_whitespace().collect();
        words.join(" ")
    };
    assert_eq!(row("phone"), "phone DESENSITIZED MIXED F/P");
    assert_eq!(row("nationalId"), "nationalId NONE MIXED F/N");
    assert!(
        !table.contains("Order") && !table.contains("auditor"),
        "{table}"
    );

    let (_, told, _) = matrix(&[&asked[..], &["--format", "json"]].concat());
    let told: Json = serde_json::from_str(&told).unwrap();
    let fields = told["entities"][0]["fields"].as_array().unwrap();
    let phone = fields
        .iter()
        .find(|field| field["field"] == "phone")
        .unwrap();
    let tiers = json!({ "partner": "DESENSITIZED", "sales": "MIXED F/P" });
    assert_eq!(phone["tier"], tiers);

    let (_, told, _) = matrix(&[&asked[..], &["--format", "csv"]].concat());
    let line = "Customer,phone,pii.contact.phone,sales,some,MIXED F/P";
    assert!(told.lines().any(|own| own == line), "{told}");

    let (code, _, errors) = matrix(&["--role", "slaes"]);
    assert_eq!(code, Some(1));
    assert!(errors.contains("there is no role `slaes`"), "{errors}");
}

/// The block of docs/policies.md about `policy diff` that is fenced so.
fn documented(fence: &str) -> String {
    let document = fs::read_to_string(manual()).unwrap();
    let (_, section) = document.split_once("### What a change discloses").unwrap();
    let (_, block) = section.split_once(&format!("```{fence}\n")).unwrap();
    block.split_once("```").unwrap().0.to_owned()
}

fn manual() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/policies.md")
}

/// The policies with the changes that the document shows.
fn changed_as_documented(folder: &Path) {
    policies_and(folder, "");
    let changes = documented("diff");
    let mut changes = changes.lines().peekable();
    while let Some(old) = changes.next() {
        let old = old.strip_prefix('-').unwrap();
        let new = changes.next_if(|line| line.starts_with('+'));
        let new = new.map_or("", |line| line.strip_prefix('+').unwrap());
        let mut found = 0;
        for file in ["policy.csv", "masking.toml"] {
            let text = fs::read_to_string(folder.join(file)).unwrap();
            found += text.lines().filter(|line| *line == old).count();
            let lines = text
                .lines()
                .map(|line| if line == old { new } else { line });
            let lines: String = lines.map(|line| format!("{line}\n")).collect();
            fs::write(folder.join(file), lines).unwrap();
        }
        assert_eq!(found, 1, "`{old}` is no line of the policies");
    }
}

fn diff(old: &Path, new: &Path, more: &[&str]) -> (Option<i32>, String, String) {
    let data = tempfile::tempdir().unwrap();
    let folders = [old, new].map(|folder| folder.to_str().unwrap());
    let arguments = [&["policy", "diff"], &folders[..], more].concat();
    let (output, told, errors) = run(sudare(data.path(), &arguments));
    (output.status.code(), told, errors)
}

#[test]
fn policy_diff_tells_what_the_document_shows_and_fails_if_more_is_disclosed() {
    let changed = tempfile::tempdir().unwrap();
    changed_as_documented(changed.path());
    let (code, told, errors) = diff(&policies(), changed.path(), &[]);
    assert_eq!((code, errors.as_str()), (Some(1), ""), "{told}");
    assert!(!told.contains('\u{1b}'), "colours in a pipe:\n{told}");
    let shown = documented("text");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let document = fs::read_to_string(manual()).unwrap();
        let fenced = |text: &str| format!("```text\n{text}```");
        let fresh = document.replacen(&fenced(&shown), &fenced(&told), 1);
        fs::write(manual(), fresh).unwrap();
        return;
    }
    assert_eq!(
        shown, told,
        "UPDATE_DOCS=1 would write this into docs/policies.md"
    );
}

#[test]
fn policy_diff_speaks_json_as_documented() {
    let changed = tempfile::tempdir().unwrap();
    changed_as_documented(changed.path());
    let (code, told, _) = diff(&policies(), changed.path(), &["--format", "json"]);
    assert_eq!(code, Some(1));
    let told: Json = serde_json::from_str(&told).unwrap();
    let documented = documented("jsonc");
    let lines = documented.lines();
    let bare: String = lines.map(|line| line.split("//").next().unwrap()).collect();
    let documented: Json = serde_json::from_str(&bare).unwrap();
    assert_eq!(told["widens"], documented["widens"]);
    let changes = told["changes"].as_array().unwrap();
    let shown = &documented["changes"][0];
    assert!(changes.contains(shown), "no {shown} in {changes:#?}");
    let support = changes
        .iter()
        .find(|one| one["roles"] == json!(["support"]));
    let department = "row.department_id == user.department_id";
    let new =
        json!([{ "tier": "FULL", "when": department }, { "tier": "PARTIAL", "when": "true" }]);
    assert_eq!(support.unwrap()["new"], new);
    for change in changes {
        let keys: Vec<&String> = change.as_object().unwrap().keys().collect();
        let documented: Vec<&String> = shown.as_object().unwrap().keys().collect();
        assert_eq!(keys, documented);
    }
}

#[test]
fn policy_diff_ends_well_where_nothing_more_is_disclosed() {
    let (code, told, _) = diff(&policies(), &policies(), &[]);
    assert_eq!(
        (code, told.as_str()),
        (Some(0), "no difference: both mean the same\n")
    );
    let narrower = tempfile::tempdir().unwrap();
    policies_and(
        narrower.path(),
        "p, support, Customer:pii.contact, full, row.consent_marketing == false, deny\n",
    );
    let (code, told, _) = diff(&policies(), narrower.path(), &[]);
    assert_eq!(code, Some(0), "{told}");
    assert!(
        told.contains("narrows") && told.ends_with("disclosure does not widen\n"),
        "{told}"
    );
    let (code, _, _) = diff(narrower.path(), &policies(), &[]);
    assert_eq!(code, Some(1));
    // who is an analyst as well gets false identities in place of what support saw in part
    let false_ones = tempfile::tempdir().unwrap();
    policies_and(
        false_ones.path(),
        "p, support, Customer:pii.contact, partial, row.consent_marketing == false, deny\n",
    );
    let (code, told, _) = diff(&policies(), false_ones.path(), &[]);
    assert_eq!(code, Some(1), "{told}");
    assert!(
        told.contains("analyst, together with support") && told.contains("mask of DESENSITIZED"),
        "{told}"
    );
    // what may be written is told, and no disclosure
    let writing = tempfile::tempdir().unwrap();
    policies_and(writing.path(), "p, support, Ticket, delete, true, allow\n");
    let (code, told, _) = diff(&policies(), writing.path(), &[]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("(widens)"), "{told}");
}

#[test]
fn policy_diff_compares_nothing_that_does_not_load_and_says_which() {
    let broken = tempfile::tempdir().unwrap();
    let expected = break_policies(broken.path());
    let folder = broken.path().to_str().unwrap();
    let sides = [
        diff(broken.path(), &policies(), &[]),
        diff(&policies(), broken.path(), &["--format", "json"]),
    ];
    for (code, told, errors) in sides {
        assert_eq!((code, told.as_str()), (Some(2), ""));
        for (place, _, cure) in &expected {
            let place = format!("--> {folder}/{place}");
            let listed = errors.contains(&place) && errors.contains(cure);
            assert!(listed, "nothing at `{place}`:\n{errors}");
        }
    }
    let missing = broken.path().join("nowhere");
    let (code, _, errors) = diff(&policies(), &missing, &[]);
    assert_eq!(code, Some(2));
    assert!(errors.contains("nowhere/policy.csv"), "{errors}");
}
