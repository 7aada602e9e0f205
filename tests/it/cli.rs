//! The commands as somebody at a terminal meets them: what they print, what they leave behind, how they end.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use sea_orm::DbBackend;
use serde_json::{Value as Json, json};
use sudare_entities::Catalog;
use sudare_policies::value::Value;

use crate::database::{self, Raw};
use crate::process::{Running, Server, configured, post, run, sudare, until};

/// Far more customers than are written before a signal arrives.
const MANY: &str = "20000";

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
    until(|| written(data) > 2_000_000);
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

/// About how many bytes of rows have reached the database, whether or not their transaction has ended.
fn written(data: &Path) -> u64 {
    let url = database::at(data);
    if let Some(file) = database::file(&url) {
        let log = file.with_extension("db-wal");
        return fs::metadata(log).map_or(0, |log| log.len());
    }
    let raw = Raw::open(&url);
    let sql = match raw.backend() {
        DbBackend::Postgres => "SELECT pg_database_size(current_database()) - 12000000".to_owned(),
        _ => {
            raw.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED");
            "SELECT count(*) * 300 FROM customer".to_owned()
        }
    };
    // Perhaps there are no tables yet.
    let rows = raw.try_rows(&sql).unwrap_or_default();
    let bytes = rows
        .first()
        .map_or(0, |row| row.try_get_by_index::<i64>(0).unwrap());
    u64::try_from(bytes).unwrap_or(0)
}

fn customers(data: &Path) -> usize {
    let rows = contents(data).into_iter();
    rows.filter(|(table, _)| table == "customer").count()
}

/// All rows of all tables that hold data.
fn contents(data: &Path) -> Vec<(String, Vec<Value>)> {
    let raw = Raw::open(&database::at(data));
    let mut rows = Vec::new();
    for entity in Catalog::new().unwrap().entities {
        let found = raw.table(&entity, "TRUE").into_iter();
        rows.extend(found.map(|row| (entity.table.clone(), row)));
    }
    rows
}
