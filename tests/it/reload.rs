//! Policies that are replaced while the server serves.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use crate::harness::policies;
use crate::process::{Server, configured, post, run};

const QUERY: &str = "{ customers(first: 40) { nodes { fullName email phone } } }";
const SHOWS: &str = "p, support, pii.contact, partial, true, allow\n";

/// A server with some customers, under policies of its own.
struct Served {
    data: tempfile::TempDir,
    server: Server,
    bearer: String,
}

impl Served {
    fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        for file in fs::read_dir(policies()).unwrap() {
            let file = file.unwrap().path();
            if file.is_file() {
                fs::copy(&file, data.path().join(file.file_name().unwrap())).unwrap();
            }
        }
        let seed = ["seed", "--customers", "60", "--seed", "7"];
        let (seeded, _, err) = run(configured(data.path(), &seed));
        assert!(seeded.status.success(), "{err}");
        let token = [
            "token",
            "--role",
            "support",
            "--subject",
            "12",
            "--claim",
            "department_id=1",
        ];
        let token = run(configured(data.path(), &token)).1;
        let mut command = configured(data.path(), &["serve", "--listen", "127.0.0.1:0"]);
        command
            .env("SUDARE_POLICIES", data.path())
            // a request of these tests lasts as long as several reloads
            .env("SUDARE_LIMITS_REQUEST_TIMEOUT_MS", "120000");
        Self {
            bearer: format!("authorization: Bearer {}\r\n", token.trim()),
            server: Server::start(command),
            data,
        }
    }

    fn csv(&self) -> String {
        fs::read_to_string(self.path()).unwrap()
    }

    fn write(&self, csv: &str) {
        fs::write(self.path(), csv).unwrap();
    }

    fn path(&self) -> Box<Path> {
        self.data.path().join("policy.csv").into()
    }

    fn asked(&self) -> impl Fn() -> String + Send + Sync + 'static {
        let (address, bearer) = (self.server.address, self.bearer.clone());
        let body = json!({ "query": QUERY }).to_string();
        move || {
            let (status, answer) = post(address, &bearer, &body);
            assert_eq!(status, 200, "{answer}");
            answer
        }
    }
}

#[test]
fn sighup_replaces_the_policies_and_keeps_them_when_the_new_ones_are_wrong() {
    let mut served = Served::start();
    let ask = served.asked();
    let (csv, partly) = (served.csv(), ask());
    assert!(
        partly.contains(r#""Customer.email":"PARTIAL""#) || partly.contains("MIXED"),
        "{partly}"
    );

    served.write(&csv.replace(SHOWS, ""));
    let told = served.server.reload("the policies are replaced");
    assert!(told.contains("\"policy.rules\""), "{told}");
    let hidden = ask();
    assert_ne!(hidden, partly);

    // two mistakes, and a rule that would show more
    let more = "p, support, pii, full, true, allow\np, support, Custmer, row, true, allow\n";
    served.write(&format!("{csv}{more}p, support, pii, fulll, true, allow\n"));
    served.server.reload("the policies are not replaced");
    assert_eq!(ask(), hidden);
    fs::remove_file(served.path()).unwrap();
    served.server.reload("the policies are not replaced");
    assert_eq!(ask(), hidden);

    served.write(&csv);
    served.server.reload("the policies are replaced");
    assert_eq!(ask(), partly);

    served.server.terminate();
    let (status, log) = served.server.ended();
    assert_eq!(status.code(), Some(0), "{log}");
    for wrong in [
        "unknown entity `Custmer`",
        "unknown action `fulll`",
        "does not exist",
    ] {
        assert!(log.contains(wrong), "{wrong}: {log}");
    }
    assert!(!log.contains("canary"), "{log}");
}

#[test]
fn every_answer_in_flight_is_wholly_of_the_old_or_of_the_new_policies() {
    let mut served = Served::start();
    let ask = served.asked();
    let csv = served.csv();
    let less = csv.replace(SHOWS, "");
    let old = ask();
    served.write(&less);
    served.server.reload("the policies are replaced");
    let new = ask();
    assert_ne!(old, new);

    // Headers that came under one set of policies, a body that came under another.
    let body = json!({ "query": QUERY }).to_string();
    let mut early = served.server.connect();
    early.send(format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{}expect: 100-continue\r\ncontent-length: {}\r\n\r\n",
        served.bearer,
        body.len()
    ));
    assert_eq!(early.answer().0, 100);

    let done = AtomicBool::new(false);
    let counts = std::thread::scope(|scope| {
        let asking = || {
            let (mut olds, mut news) = (0_u32, 0_u32);
            while !done.load(Ordering::Relaxed) {
                let answer = ask();
                match (answer == old, answer == new) {
                    (true, _) => olds += 1,
                    (_, true) => news += 1,
                    _ => panic!("neither old nor new: {answer}"),
                }
            }
            (olds, news)
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(asking)).collect();
        for round in 0..7 {
            served.write(if round % 2 == 0 { &csv } else { &less });
            served.server.reload("the policies are replaced");
        }
        done.store(true, Ordering::Relaxed);
        let counts = threads.into_iter().map(|thread| thread.join().unwrap());
        counts.fold((0, 0), |(olds, news), (more, others)| {
            (olds + more, news + others)
        })
    });
    assert!(counts.0 > 0 && counts.1 > 0, "{counts:?}");

    early.send(&body);
    assert_eq!(early.answer(), (200, old));
}
