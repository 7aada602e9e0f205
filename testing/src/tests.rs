//! The servers start, are good for the tests, and leave nothing behind.

use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::{Kind, Server, wait};
use sea_orm::{ConnectionTrait as _, Database, DbBackend, Statement};

const KINDS: [Kind; 2] = [Kind::Postgres, Kind::MariaDb];

/// Longer than a server takes to end, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// The first column of the first row, as text.
fn ask(url: &str, sql: &str) -> String {
    wait(async {
        let database = Database::connect(url).await.unwrap();
        let statement = Statement::from_string(database.get_database_backend(), sql);
        let row = database.query_one_raw(statement).await.unwrap().unwrap();
        database.close().await.unwrap();
        row.try_get_by_index(0).unwrap()
    })
}

fn port(url: &str) -> u16 {
    let after = url.rsplit(':').next().unwrap();
    after.split('/').next().unwrap().parse().unwrap()
}

fn listens(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).is_ok()
}

fn until(mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < PATIENCE, "it did not come to pass");
    }
}

#[test]
fn a_server_answers_until_it_is_dropped() {
    for kind in KINDS {
        let server = Server::start(kind);
        let urls = [server.create(), server.create()];
        assert_ne!(urls[0], urls[1]);
        for url in &urls {
            assert_eq!(ask(url, "SELECT 'ready'"), "ready");
        }
        drop(server);
        assert!(!listens(port(&urls[0])), "{kind:?} has outlived its end");
    }
}

#[test]
fn a_server_compares_texts_as_people_do() {
    for kind in KINDS {
        let url = Server::shared(kind).create();
        let first =
            "SELECT t FROM (SELECT 'B' AS t UNION ALL SELECT 'a' AS t) AS texts ORDER BY t LIMIT 1";
        assert_eq!(ask(&url, first), "a", "{kind:?}");
    }
}

#[test]
fn a_stranger_is_not_let_in() {
    for kind in KINDS {
        let url = Server::shared(kind).create();
        let (before, after) = url.split_once("sudare:").unwrap();
        let place = after.split_once('@').unwrap().1;
        for who in ["sudare:wrong", "sudare", "root", "postgres"] {
            let stranger = format!("{before}{who}@{place}");
            assert!(
                wait(Database::connect(stranger)).is_err(),
                "{kind:?} lets {who} in"
            );
        }
    }
}

/// Not a test by itself: the process that the next one kills.
#[test]
#[expect(clippy::print_stdout, reason = "the other process reads it")]
fn hold_servers_if_told_to() {
    if std::env::var_os("SUDARE_HOLD_SERVERS").is_some() {
        for kind in KINDS {
            println!("\nserving {}", Server::shared(kind).create());
        }
        std::io::stdin().read_line(&mut String::new()).unwrap();
    }
}

#[test]
fn a_killed_process_leaves_no_server_and_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    // As root, another user's server works in it.
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(folder.path(), open).unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tests::hold_servers_if_told_to", "--nocapture"])
        .env("SUDARE_HOLD_SERVERS", "1")
        .env("TMPDIR", folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let urls = lines.filter_map(|line| Some(line.unwrap().strip_prefix("serving ")?.to_owned()));
    let urls: Vec<String> = urls.take(KINDS.len()).collect();
    assert_eq!(urls.len(), KINDS.len());
    for (url, backend) in urls.iter().zip([DbBackend::Postgres, DbBackend::MySql]) {
        assert!(backend.is_prefix_of(url) && listens(port(url)), "{url}");
    }
    child.kill().unwrap(); // SIGKILL
    child.wait().unwrap();
    until(|| urls.iter().all(|url| !listens(port(url))));
    until(|| folder.path().read_dir().unwrap().next().is_none());
}

#[test]
fn a_killed_server_comes_back_with_what_was_committed() {
    for kind in KINDS {
        let server = Server::start(kind);
        let url = server.create();
        let kept = "CREATE TABLE kept AS SELECT 'kept' AS it";
        wait(async {
            let database = Database::connect(&url).await.unwrap();
            database.execute_unprepared(kept).await.unwrap();
        });
        server.kill();
        assert!(!listens(port(&url)), "{kind:?} has outlived its kill");
        server.start_again();
        assert_eq!(ask(&url, "SELECT it FROM kept"), "kept");
    }
}
