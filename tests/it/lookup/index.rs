//! The index behind lookups, over the real binary: seeds, `sudare index` and new keys make it, and neither it nor a value is in a log.

use std::path::Path;
use std::task::Poll;

use serde_json::{Value as Json, json};
use sudare::blind::{BlindKeys, FillError, fill};

use super::{BY_PHONE, indexes};
use crate::database::{self, Raw};
use crate::harness::{open, signed};
use crate::process::{MASKING_KEY, SECRET, Server, configured, post, run, sudare};

/// A database of the program, with customers and without a server.
fn seeded(data: &Path, customers: &str) -> Raw {
    let (output, _, errors) = run(configured(data, &["seed", "--customers", customers]));
    assert!(output.status.success(), "{errors}");
    Raw::open(&database::at(data))
}

const BLIND: &str = "SELECT concat_ws(' ', id, email_blind, phone_blind, national_id_blind) FROM customer ORDER BY id";

#[test]
fn a_seed_and_the_command_make_the_same_index() {
    let data = tempfile::tempdir().unwrap();
    let raw = seeded(data.path(), "30");
    let seeded: Vec<String> = raw.all(BLIND);
    assert!(seeded.iter().filter(|row| row.len() > 60).count() > 25);
    let clear = "UPDATE customer SET email_blind = NULL, phone_blind = NULL, national_id_blind = 'x' WHERE id > 3";
    raw.execute(clear);
    let versions: Vec<i64> = raw.all("SELECT version FROM customer ORDER BY id");
    raw.close();
    for changed in ["27", "0"] {
        let (output, _, errors) = run(configured(data.path(), &["index"]));
        assert!(output.status.success(), "{errors}");
        let told = format!("30 rows looked at, {changed} of them changed");
        assert!(errors.contains(&told), "{errors}");
    }
    let raw = Raw::open(&database::at(data.path()));
    assert_eq!(raw.all::<String>(BLIND), seeded);
    let after: Vec<i64> = raw.all("SELECT version FROM customer ORDER BY id");
    assert_eq!(after, versions, "the index is no change of the row");
}

#[test]
fn without_a_key_there_is_no_index_and_a_demo_completes_it() {
    let data = tempfile::tempdir().unwrap();
    let (output, _, errors) = run(sudare(data.path(), &["seed", "--customers", "10"]));
    assert!(output.status.success(), "{errors}");
    assert!(errors.contains("`sudare index`"), "{errors}");
    let (output, _, errors) = run(sudare(data.path(), &["index"]));
    assert!(!output.status.success());
    assert!(errors.contains("SUDARE_MASKING_KEY"), "{errors}");
    let server = Server::start(sudare(
        data.path(),
        &["serve", "--demo", "--listen", "127.0.0.1:0"],
    ));
    let raw = Raw::open(&database::at(data.path()));
    let lacking = "SELECT id FROM customer WHERE phone IS NOT NULL AND phone_blind IS NULL";
    assert_eq!(raw.all::<i64>(lacking), [] as [i64; 0]);
    drop(server);
}

#[tokio::test]
async fn a_fill_that_is_stopped_keeps_what_it_has_done() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().to_owned();
    let seeding = tokio::task::spawn_blocking(move || {
        let raw = seeded(&folder, "700");
        raw.execute(
            "UPDATE customer SET email_blind = NULL, phone_blind = NULL, national_id_blind = NULL",
        );
        raw.close();
    });
    seeding.await.unwrap();
    let database = open(&database::at(data.path())).await;
    let own = indexes(&BlindKeys::new([7; 32]));
    let mut asked = 0;
    // Told after the first batch.
    let stop = std::future::poll_fn(|_| {
        asked += 1;
        if asked > 1 {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    });
    let stopped = match fill(&database, &own, false, stop).await {
        Err(FillError::Stopped(filled)) => filled,
        other => panic!("{other:?}"),
    };
    assert_eq!(stopped.rows, 500);
    let rest = fill(&database, &own, false, std::future::pending())
        .await
        .unwrap();
    assert_eq!(rest.rows, 700);
    assert!(
        stopped.changed > 400 && rest.changed > 150,
        "{stopped} {rest}"
    );
    let again = fill(&database, &own, false, std::future::pending())
        .await
        .unwrap();
    assert_eq!(again.changed, 0);
}

const OLD: (&str, &str) = ("SUDARE_MASKING_KEY", MASKING_KEY);
const NEW: [(&str, &str); 2] = [
    (
        "SUDARE_MASKING_KEY",
        "the-new-masking-key-canary-9876543210",
    ),
    ("SUDARE_MASKING_KEY_ID", "2"),
];
const BEFORE: [(&str, &str); 2] = [
    ("SUDARE_MASKING_PREVIOUS_KEY", MASKING_KEY),
    ("SUDARE_MASKING_PREVIOUS_KEY_ID", "1"),
];

/// What a server with these keys says to whom it shows phones in part; and its log.
fn asked(data: &Path, keys: &[(&str, &str)], phone: &str) -> (Json, String) {
    let mut command = configured(
        data,
        &["serve", "--listen", "127.0.0.1:0", "--log-level", "trace"],
    );
    command.envs(keys.iter().copied());
    let server = Server::start(command);
    let claims =
        json!({ "sub": "12", "roles": ["support"], "department_id": 1, "exp": 4_000_000_000_u64 });
    let headers = format!(
        "authorization: Bearer {}\r\nx-request-id: of-the-lookup\r\n",
        signed(claims, SECRET)
    );
    let body = json!({ "query": BY_PHONE, "variables": { "v": phone } }).to_string();
    let (_, body) = post(server.address, &headers, &body);
    server.terminate();
    (serde_json::from_str(&body).unwrap(), server.ended().1)
}

#[test]
fn a_new_key_finds_what_the_old_one_indexed_until_all_is_indexed_anew() {
    let data = tempfile::tempdir().unwrap();
    let raw = seeded(data.path(), "60");
    let phone: String = raw.one(
        "SELECT phone FROM customer WHERE phone IS NOT NULL AND department_id = 1 ORDER BY id LIMIT 1",
    );
    let old_indexes: Vec<String> = raw.all(BLIND);
    raw.close();
    let both = [&NEW[..], &BEFORE].concat();
    let found = |answer: &Json| answer["data"]["customerLookup"].as_array().map(Vec::len);
    assert_eq!(found(&asked(data.path(), &[OLD], &phone).0), Some(1));
    assert_eq!(found(&asked(data.path(), &both, &phone).0), Some(1));
    // The old key taken away too early: nothing is said not to be there.
    let (early, _) = asked(data.path(), &NEW, &phone);
    assert_eq!(
        early["errors"][0]["extensions"]["code"],
        "SERVICE_UNAVAILABLE"
    );
    let mut index = configured(data.path(), &["index"]);
    index.envs(both.iter().copied());
    let (output, _, errors) = run(index);
    assert!(output.status.success(), "{errors}");
    let raw = Raw::open(&database::at(data.path()));
    let new_indexes: Vec<String> = raw.all(BLIND);
    raw.close();
    assert!(
        old_indexes
            .iter()
            .zip(&new_indexes)
            .all(|(old, new)| old != new)
    );
    assert_eq!(found(&asked(data.path(), &NEW, &phone).0), Some(1));
}

#[test]
fn a_lookup_is_on_record_and_what_was_looked_for_is_not() {
    let data = tempfile::tempdir().unwrap();
    let raw = seeded(data.path(), "60");
    let of = |column: &str| -> String {
        raw.one(&format!(
            "SELECT {column} FROM customer WHERE phone IS NOT NULL AND department_id = 1 ORDER BY id LIMIT 1"
        ))
    };
    let (phone, blind) = (of("phone"), of("phone_blind"));
    raw.close();
    let (answer, log) = asked(data.path(), &[OLD], &phone);
    let records: Vec<Json> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|line: &Json| line["target"] == "sudare::audit")
        .collect();
    assert_eq!(records.len(), 1, "{records:?}");
    let record = &records[0];
    for (name, value) in [
        ("principal", json!("12")),
        ("audience", json!("internal")),
        ("roles", json!("support")),
        ("coordinate", json!("Customer.phone")),
        ("found", json!(1)),
    ] {
        assert_eq!(record[name], value, "{record}");
    }
    assert_eq!(record["span"]["request.id"], "of-the-lookup");
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let hash = blind.split('.').nth(1).unwrap();
    for text in [&*phone, &digits, &blind, hash] {
        assert!(!log.contains(text), "a value or its index is in the log");
        assert!(!answer.to_string().contains(text));
    }
}
