//! The commands as somebody at a terminal meets them: what they print, what they leave behind, how they end.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use rusqlite::Connection;
use rusqlite::types::Value;
use serde_json::{Value as Json, json};

use crate::harness::policies;
use crate::process::{Running, Server, configured, post, run, sudare, until};

/// Far more customers than are written before a signal arrives.
const MANY: &str = "20000";

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

#[test]
fn equal_seeds_write_equal_tables_and_others_do_not() {
    let folders = [(), (), ()].map(|()| tempfile::tempdir().unwrap());
    let contents = ["7", "7", "8"].iter().zip(&folders).map(|(seed, data)| {
        seed_some(data.path(), &["--customers", "40", "--seed", seed]);
        contents(data.path())
    });
    let contents: Vec<_> = contents.collect();
    assert!(
        contents[0].len() > 500,
        "hardly a row: {}",
        contents[0].len()
    );
    assert!(
        contents[0] == contents[1],
        "the same seed has made other rows"
    );
    assert!(
        contents[0] != contents[2],
        "another seed has made the same rows"
    );
}

#[test]
fn seed_adds_to_what_is_there_only_when_told() {
    let data = tempfile::tempdir().unwrap();
    seed_some(data.path(), &["--customers", "20"]);
    let before = contents(data.path());
    let (output, _, errors) = run(sudare(data.path(), &["seed", "--customers", "20"]));
    assert_eq!(output.status.code(), Some(1));
    assert!(errors.contains("`--append`"), "{errors}");
    assert!(
        contents(data.path()) == before,
        "a refused seed has changed the data"
    );

    seed_some(data.path(), &["--customers", "3", "--append"]);
    assert_eq!(customers(data.path()), 23);
}

#[test]
fn an_interrupted_seed_leaves_the_database_empty() {
    let data = tempfile::tempdir().unwrap();
    let (status, errors) = interrupted_seed(data.path(), "INT");
    assert_eq!(status.code(), Some(1), "{errors}");
    assert!(errors.contains("stopped, nothing was changed"), "{errors}");
    assert_eq!(contents(data.path()), Vec::new());
}

#[test]
fn a_killed_seed_leaves_a_database_that_the_next_one_fills() {
    let data = tempfile::tempdir().unwrap();
    let (status, _) = interrupted_seed(data.path(), "KILL");
    assert_eq!(status.code(), None);
    seed_some(data.path(), &["--customers", "20"]);

    let whole = tempfile::tempdir().unwrap();
    seed_some(whole.path(), &["--customers", "20"]);
    assert!(
        contents(data.path()) == contents(whole.path()),
        "the killed seed has left something"
    );
}

#[test]
fn a_token_is_all_that_is_printed_and_the_server_takes_it() {
    let data = tempfile::tempdir().unwrap();
    let arguments =
        "token --role sales --role support --subject 7 --claim department_id=1 --ttl 5m";
    let arguments: Vec<&str> = arguments.split(' ').collect();
    let (output, token, errors) = run(configured(data.path(), &arguments));
    assert!(output.status.success() && errors.is_empty(), "{errors}");
    let token = token.strip_suffix('\n').unwrap();
    let letters = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    assert!(
        token.chars().all(letters) && token.split('.').count() == 3,
        "{token}"
    );

    let server = Server::start(configured(
        data.path(),
        &["serve", "--listen", "127.0.0.1:0"],
    ));
    let headers = format!("authorization: Bearer {token}\r\n");
    let (status, body) = post(
        server.address,
        &headers,
        r#"{"query":"{ me { id roles } }"}"#,
    );
    let body: Json = serde_json::from_str(&body).unwrap();
    let me = json!({ "id": "7", "roles": ["sales", "support"] });
    assert_eq!((status, &body["data"]["me"]), (200, &me), "{body}");
}

#[test]
fn a_misspelt_setting_is_named_with_the_right_one() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("sudare.toml");
    fs::write(&file, "lisen = \"x\"\n[limits]\nmax_pagesize = 3\n").unwrap();
    let mut command = sudare(data.path(), &["schema", "--config", file.to_str().unwrap()]);
    command.env("SUDARE_LOG_LEVL", "info");
    let (output, _, errors) = run(command);
    assert_eq!(output.status.code(), Some(1));
    let all = [
        "there is no key `lisen`; did you mean `listen`?",
        "there is no key `limits.max_pagesize`; did you mean `limits.max_page_size`?",
        "`SUDARE_LOG_LEVL` means nothing; did you mean `SUDARE_LOG_LEVEL`?",
    ];
    for text in all {
        assert!(errors.contains(text), "{errors}");
    }
}

#[test]
fn serve_asks_for_the_secret_that_it_lacks() {
    let data = tempfile::tempdir().unwrap();
    for (missing, cure) in [
        ("SUDARE_JWT_SECRET", "serve --demo"),
        ("SUDARE_MASKING_KEY", "openssl rand"),
    ] {
        let mut command = configured(data.path(), &["serve", "--listen", "127.0.0.1:0"]);
        command.env_remove(missing);
        let (output, _, errors) = run(command);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            errors.contains(&format!("set `{missing}`")) && errors.contains(cure),
            "{errors}"
        );
    }
}

fn seed_some(data: &Path, options: &[&str]) {
    let (output, _, errors) = run(sudare(data, &[&["seed"], options].concat()));
    assert!(output.status.success(), "{errors}");
}

/// Starts a large seed and sends it a signal once rows have reached the disk; how it ended, and what it said.
fn interrupted_seed(data: &Path, signal: &str) -> (ExitStatus, String) {
    let mut command = sudare(data, &["seed", "--customers", MANY]);
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = Running(command.spawn().unwrap());
    let log = data.join("sudare.db-wal");
    until(|| fs::metadata(&log).is_ok_and(|log| log.len() > 2_000_000));
    assert_eq!(
        child.0.try_wait().unwrap(),
        None,
        "it was done before the signal"
    );
    // The shell's own `kill`; a bare Debian has no other.
    let kill = format!("kill -{signal} {}", child.0.id());
    let sent = Command::new("/bin/sh")
        .args(["-c", &kill])
        .status()
        .unwrap();
    assert!(sent.success());
    let errors = std::io::read_to_string(child.0.stderr.take().unwrap()).unwrap();
    (child.0.wait().unwrap(), errors)
}

fn customers(data: &Path) -> usize {
    let rows = contents(data).into_iter();
    rows.filter(|(table, _)| table == "customer").count()
}

/// All rows of all tables that hold data.
fn contents(data: &Path) -> Vec<(String, Vec<Value>)> {
    let database = Connection::open(data.join("sudare.db")).unwrap();
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'seaql_migrations' ORDER BY name";
    let mut tables = database.prepare(tables).unwrap();
    let tables = tables.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let mut rows = Vec::new();
    for table in tables.map(Result::unwrap) {
        let mut all = database
            .prepare(&format!("SELECT * FROM \"{table}\" ORDER BY id"))
            .unwrap();
        let width = all.column_count();
        let values = all.query_map([], |row| (0..width).map(|column| row.get(column)).collect());
        rows.extend(
            values
                .unwrap()
                .map(|values| (table.clone(), values.unwrap())),
        );
    }
    rows
}
