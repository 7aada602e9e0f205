//! Faults of database servers: a typed answer within the deadline, never a wrong one, and nothing left behind in the server.

mod killed;
mod proxy;
mod readers;
mod replica;
mod statements;
mod tls;

use std::net::SocketAddr;
use std::process::Command;
use std::thread::{self, JoinHandle};

use sea_orm::DbBackend;
use serde_json::json;
use sudare::seed::{SeedLocale, SeedOptions};
use sudare_testing::{Kind, Server, wait};

use crate::database::Raw;
use crate::harness::{open, signed};
use crate::process::{self, Connection, SECRET, configured, post};

/// What is read of the tables that are locked, and of one that never is.
const CUSTOMERS: &str = "{ customers(first: 3) { nodes { id fullName notes } } }";
const PRODUCTS: &str = "{ products(first: 3) { nodes { id name } } }";
const DEPARTMENTS: &str = "{ departments { nodes { id name } } }";

/// A statement may take this long where a test is not about its end.
const LONG: (&str, &str) = ("SUDARE_LIMITS_STATEMENT_TIMEOUT_MS", "120000");
const LONG_REQUEST: (&str, &str) = ("SUDARE_LIMITS_REQUEST_TIMEOUT_MS", "150000");
const LONG_WAIT: (&str, &str) = ("SUDARE_DATABASE_CONNECT_TIMEOUT_MS", "120000");

/// A gateway in a process of its own over a database of a server.
struct Gateway {
    process: process::Server,
    /// The database behind its back.
    raw: Raw,
    url: String,
    _data: tempfile::TempDir,
}

/// Migrates and fills a database.
fn seeded(url: &str, customers: u64) {
    wait(async {
        let options = SeedOptions {
            customers,
            seed: 42,
            locale: SeedLocale::En,
            append: false,
            progress: false,
        };
        let never = std::future::pending();
        sudare::seed::seed(&open(url).await, &options, never)
            .await
            .unwrap();
    });
}

/// `serve` on a free port over this database.
fn serve(data: &tempfile::TempDir, url: &str, settings: &[(&str, &str)]) -> Command {
    let mut command = configured(data.path(), &["serve", "--listen", "127.0.0.1:0"]);
    command
        .env("SUDARE_DATABASE_URL", url)
        .envs(settings.iter().copied());
    command
}

/// A request as an administrator of this name.
fn asked(address: SocketAddr, who: u32, query: &str) -> (u16, String) {
    post(address, &authorization(who), &body(query))
}

fn authorization(who: u32) -> String {
    let claims = json!({ "sub": who.to_string(), "roles": ["admin"] });
    format!("authorization: Bearer {}\r\n", signed(claims, SECRET))
}

fn body(query: &str) -> String {
    json!({ "query": query }).to_string()
}

impl Gateway {
    /// Over a new database of the shared server of this kind, filled.
    fn start(kind: Kind, settings: &[(&str, &str)]) -> Self {
        Self::over(&Server::shared(kind).create(), settings)
    }

    fn over(url: &str, settings: &[(&str, &str)]) -> Self {
        seeded(url, 40);
        let data = tempfile::tempdir().unwrap();
        Self {
            process: process::Server::start(serve(&data, url, settings)),
            raw: Raw::open(url),
            url: url.to_owned(),
            _data: data,
        }
    }

    fn ask(&self, who: u32, query: &str) -> (u16, String) {
        asked(self.process.address, who, query)
    }

    /// An answer that must be one.
    fn data(&self, query: &str) -> String {
        let (status, text) = self.ask(1, query);
        assert!(
            status == 200 && !text.contains("\"errors\""),
            "{status} {text}"
        );
        text
    }

    /// Asks on threads of their own.
    fn spawn(&self, who: u32, query: &'static str, times: usize) -> Vec<JoinHandle<(u16, String)>> {
        let address = self.process.address;
        let ask = move || asked(address, who, query);
        (0..times).map(|_| thread::spawn(ask)).collect()
    }

    /// Asks and does not wait for the answer.
    fn send(&self, who: u32, query: &str, times: usize) -> Vec<Connection> {
        let body = body(query);
        let request = format!(
            "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{}content-length: {}\r\n\r\n{body}",
            authorization(who),
            body.len()
        );
        let send = || {
            let mut connection = self.process.connect();
            connection.send(&request);
            connection
        };
        std::iter::repeat_with(send).take(times).collect()
    }

    fn ready(&self) -> u16 {
        process::get(self.process.address, "/readyz").0
    }

    /// How many statements about this table wait in the server for others to let go of it.
    fn blocked(&self, table: &str) -> i64 {
        self.raw.one(&match self.raw.backend() {
            DbBackend::Postgres => format!(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                AND application_name = 'sudare' AND wait_event_type = 'Lock' AND query LIKE '%\"{table}\"%'"
            ),
            _ => format!(
                "SELECT count(*) FROM information_schema.processlist WHERE db = DATABASE() \
                AND state = 'Waiting for table metadata lock' AND info LIKE '%`{table}`%'"
            ),
        })
    }

    /// How many connections the gateway has.
    fn connections(&self) -> i64 {
        self.raw.one(match self.raw.backend() {
            DbBackend::Postgres => {
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sudare'"
            }
            _ => {
                "SELECT count(*) FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()"
            }
        })
    }

    /// Locks tables against readers, until [`release`].
    fn lock(&self, tables: &[&str]) -> Raw {
        let raw = Raw::open(&self.url);
        let names: Vec<String> = tables.iter().map(|name| format!("\"{name}\"")).collect();
        if raw.backend() == DbBackend::Postgres {
            raw.execute("BEGIN");
            raw.execute(&format!(
                "LOCK TABLE {} IN ACCESS EXCLUSIVE MODE",
                names.join(", ")
            ));
        } else {
            raw.execute(&format!("LOCK TABLES {} WRITE", names.join(" WRITE, ")));
        }
        raw
    }

    /// Puts a view in the place of `product` that has its rows where a condition holds.
    fn view(&self, condition: &str) {
        self.raw
            .execute("ALTER TABLE product RENAME TO product_kept");
        let view = format!("CREATE VIEW product AS SELECT * FROM product_kept WHERE {condition}");
        self.raw.execute(&view);
    }
}

fn release(lock: &Raw) {
    lock.execute(match lock.backend() {
        DbBackend::Postgres => "COMMIT",
        _ => "UNLOCK TABLES",
    });
}
