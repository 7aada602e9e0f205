//! A second URL: a copy that is read in place of the first.

use sudare_testing::{Kind, Server};

use crate::database::{Raw, only_on_servers};
use crate::process::run;

use super::{DEPARTMENTS, Gateway, seeded, serve};

const REPLICA: &str = "SUDARE_DATABASE_REPLICA_URL";

/// `serve` with this replica must end at once; what it says.
fn refused(url: &str, replica: &str) -> String {
    let data = tempfile::tempdir().unwrap();
    let (output, _, err) = run(serve(&data, url, &[(REPLICA, replica)]));
    assert!(!output.status.success(), "{err}");
    err
}

#[test]
fn the_replica_is_read_and_not_the_first() {
    let Some(kind) = only_on_servers("a file has no replica") else {
        return;
    };
    let replica = Server::shared(kind).create();
    seeded(&replica, 10);
    Raw::open(&replica).execute("UPDATE department SET name = 'of the copy' WHERE id = 1");
    let gateway = Gateway::start(kind, &[(REPLICA, &replica)]);
    assert!(gateway.data(DEPARTMENTS).contains("of the copy"));
}

#[test]
fn a_replica_that_is_none_is_refused_at_the_start() {
    let Some(kind) = only_on_servers("a file has no replica") else {
        return;
    };
    let server = Server::shared(kind);
    let (url, empty) = (server.create(), server.create());
    seeded(&url, 10);

    let told = refused(&url, &empty);
    assert!(
        told.contains("replica") && told.contains("up to date"),
        "{told}"
    );

    let (before, _) = empty.split_once('@').unwrap();
    let nowhere = format!("{before}@127.0.0.1:1/shop");
    let told = refused(&url, &nowhere);
    assert!(
        told.contains("replica") && told.contains("127.0.0.1:1/shop"),
        "{told}"
    );
    let (_, password) = before.rsplit_once(':').unwrap();
    assert!(!told.contains(password), "{told}");

    let other = match kind {
        Kind::Postgres => "mariadb://u:hunter2@127.0.0.1/shop",
        Kind::MariaDb => "postgres://u:hunter2@127.0.0.1/shop",
    };
    let told = refused(&url, other);
    assert!(
        told.contains("of the same kind") && !told.contains("hunter2"),
        "{told}"
    );
    let told = refused(&url, "sqlite:copy.db");
    assert!(told.contains("of the same kind"), "{told}");
}
