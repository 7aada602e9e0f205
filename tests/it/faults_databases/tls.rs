//! Servers that take nobody without TLS, with certificates of their own house.

use std::path::Path;
use std::process::Command;

use sudare_testing::{Kind, Server};

use crate::database::only_on_servers;
use crate::process::{self, run};

use super::{CUSTOMERS, asked, seeded, serve};

/// An authority in `ca.pem`, a server for `localhost` whom it has signed, and in `other.pem` an authority that has signed nobody.
const CERTIFICATES: &str = r"
set -eu
cat >config <<END
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:TRUE
[server]
basicConstraints = critical, CA:FALSE
subjectAltName = DNS:localhost
END
key='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config config'
openssl req -x509 $key -extensions authority -days 2 -subj /CN=authority -keyout ca.key -out ca.pem
openssl req -x509 $key -extensions authority -days 2 -subj /CN=other -keyout other.key -out other.pem
openssl req -new $key -subj /CN=server -keyout server.key -out server.csr
openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile config -extensions server -out server.crt
";

fn certificates(folder: &Path) {
    let made = Command::new("/bin/sh")
        .args(["-c", CERTIFICATES])
        .current_dir(folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success(), "is openssl installed?\n{said}");
}

#[test]
fn a_server_proves_its_name_or_is_not_spoken_to() {
    let Some(kind) = only_on_servers("a file is not encrypted") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    certificates(folder.path());
    let server = Server::start_encrypted(kind, folder.path());
    let by_address = server.create();
    let by_name = by_address.replace("127.0.0.1", "localhost");
    let (mode, roots) = match kind {
        Kind::Postgres => ("sslmode=verify-full", "sslrootcert"),
        Kind::MariaDb => ("ssl-mode=VERIFY_IDENTITY", "ssl-ca"),
    };
    let of = |url: &str, authority: &str| {
        let file = folder.path().join(authority);
        format!("{url}?{mode}&{roots}={}", file.display())
    };

    let right = of(&by_name, "ca.pem");
    seeded(&right, 10);
    let data = tempfile::tempdir().unwrap();
    let gateway = process::Server::start(serve(&data, &right, &[]));
    let (status, text) = asked(gateway.address, 1, CUSTOMERS);
    assert_eq!(status, 200, "{text}");

    let soon = ("SUDARE_DATABASE_CONNECT_TIMEOUT_MS", "5000");
    for (url, why) in [
        (of(&by_name, "other.pem"), "certificate"),
        (of(&by_address, "ca.pem"), "certificate"),
        (of(&by_name, "none.pem"), "none.pem"),
        (by_address.clone(), ""),
    ] {
        let (output, _, err) = run(serve(&data, &url, &[soon]));
        assert!(!output.status.success(), "{url}: {err}");
        assert!(
            err.contains("cannot open the database") && err.contains(why),
            "{url}: {err}"
        );
        let (_, password) = by_address
            .split_once('@')
            .unwrap()
            .0
            .rsplit_once(':')
            .unwrap();
        assert!(!err.contains(password), "{err}");
    }
}
