//! Private database servers for the tests: PostgreSQL and MariaDB, on free ports, with their data in temporary folders.
//!
//! A server lives as long as the test process at most, also if that is killed: a shell holds the other end of a pipe, and
//! cleans up when the pipe closes. Nothing here is part of the program.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests alone call this, and what fails here fails them"
)]

use std::fs::File;
use std::future::Future;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DbErr};
use tempfile::TempDir;
use tokio::runtime::Runtime;

#[cfg(test)]
mod tests;

/// The database servers that can be started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// PostgreSQL.
    Postgres,
    /// MariaDB.
    MariaDb,
}

/// A running server. It ends when this is dropped, or with the process.
#[derive(Debug)]
pub struct Server {
    kind: Kind,
    port: u16,
    password: String,
    /// The shell that ends the server when its standard input ends.
    watch: Child,
    databases: AtomicUsize,
}

/// How often a start is tried: another program may take the port between our look and the server's.
const TRIES: usize = 3;

/// Longer than a server takes to end or to come back, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

impl Kind {
    fn script(self) -> &'static str {
        match self {
            Self::Postgres => concat!(include_str!("postgres.sh"), include_str!("watch.sh")),
            Self::MariaDb => concat!(include_str!("mariadb.sh"), include_str!("watch.sh")),
        }
    }

    /// What the server logs when it takes connections.
    fn ready(self) -> &'static str {
        match self {
            Self::Postgres => "database system is ready to accept connections",
            Self::MariaDb => "ready for connections",
        }
    }

    /// The scheme of its URLs, and a database that it always has.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Postgres => ("postgres", "postgres"),
            Self::MariaDb => ("mysql", "mysql"),
        }
    }
}

impl Server {
    /// The server of this kind that the whole process shares, started when it is first asked for.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn shared(kind: Kind) -> &'static Self {
        static POSTGRES: LazyLock<Server> = LazyLock::new(|| Server::start(Kind::Postgres));
        static MARIADB: LazyLock<Server> = LazyLock::new(|| Server::start(Kind::MariaDb));
        match kind {
            Kind::Postgres => &POSTGRES,
            Kind::MariaDb => &MARIADB,
        }
    }

    /// Starts a server and waits until it takes connections.
    ///
    /// # Panics
    /// If it does not start, with what it said.
    #[must_use]
    pub fn start(kind: Kind) -> Self {
        Self::start_with(kind, None)
    }

    /// Starts a server that takes nobody without TLS; `server.crt` and `server.key` are in the folder.
    ///
    /// # Panics
    /// As [`Self::start`].
    #[must_use]
    pub fn start_encrypted(kind: Kind, folder: &Path) -> Self {
        Self::start_with(kind, Some(folder))
    }

    fn start_with(kind: Kind, tls: Option<&Path>) -> Self {
        let mut said = String::new();
        for _ in 0..TRIES {
            match Self::try_start(kind, tls) {
                Ok(server) => return server,
                Err(log) => said = log,
            }
        }
        panic!("{kind:?} does not start; is it installed (`scripts/test` does that)?\n{said}");
    }

    fn try_start(kind: Kind, tls: Option<&Path>) -> Result<Self, String> {
        let (port, password) = (free_port(), password());
        let folder = TempDir::with_prefix("sudare-").unwrap();
        let watch = Command::new("/bin/sh")
            .args(["-c", kind.script()])
            .env("FOLDER", folder.path())
            .env("PORT", port.to_string())
            .env("PASSWORD", &password)
            .env("TLS", tls.unwrap_or(Path::new("")))
            // An interrupt at the terminal is for the tests; the shell hears of their end by its pipe.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // From here on the folder is the shell's to remove.
        let _ = folder.keep();
        let mut server = Self {
            kind,
            port,
            password,
            watch,
            databases: AtomicUsize::new(0),
        };
        let log = server.watch.stderr.take().unwrap();
        wait_for(kind.ready(), log)?;
        Ok(server)
    }

    /// Which of them it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The URL of one of its databases, which need not be there yet.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        let ((scheme, _), Self { port, password, .. }) = (self.kind.names(), self);
        format!("{scheme}://sudare:{password}@127.0.0.1:{port}/{database}")
    }

    /// Makes an empty database that nobody else has; gives its URL.
    ///
    /// # Panics
    /// If the server refuses.
    #[must_use]
    pub fn create(&self) -> String {
        let name = format!("test{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.execute(&format!("CREATE DATABASE {name}"));
        self.url(&name)
    }

    /// Kills it as a loss of power would. What was committed is there when it is started again.
    ///
    /// # Panics
    /// If it does not end.
    pub fn kill(&self) {
        // For the sake of speed a commit does not wait for the log to be written.
        match self.kind {
            Kind::Postgres => self.execute("CHECKPOINT"),
            Kind::MariaDb => {
                // A server that does not wait for its log does not write it when it is told to, either.
                self.execute("SET GLOBAL innodb_flush_log_at_trx_commit = 2");
                self.execute("FLUSH ENGINE LOGS");
            }
        }
        self.tell("kill");
        until(|| TcpStream::connect(("127.0.0.1", self.port)).is_err());
    }

    /// Starts it again, and waits until it takes connections.
    ///
    /// # Panics
    /// If it does not.
    pub fn start_again(&self) {
        self.tell("start");
        until(|| self.try_execute("SELECT 1").is_ok());
    }

    fn tell(&self, command: &str) {
        let mut input = self.watch.stdin.as_ref().unwrap();
        writeln!(input, "{command}").unwrap();
    }

    /// Runs a statement outside of the databases that [`Self::create`] makes.
    ///
    /// # Panics
    /// If the server refuses.
    pub fn execute(&self, sql: &str) {
        self.try_execute(sql)
            .unwrap_or_else(|error| panic!("`{sql}`: {error}"));
    }

    fn try_execute(&self, sql: &str) -> Result<(), DbErr> {
        let mut options = ConnectOptions::new(self.url(self.kind.names().1));
        options.max_connections(1).sqlx_logging(false);
        let work = async {
            let database = Database::connect(options).await?;
            database.execute_unprepared(sql).await?;
            database.close().await
        };
        wait(work)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.watch.stdin.take());
        // Fails if it has ended, which is fine.
        self.watch.wait().ok();
    }
}

/// Waits for a future, also where a run time is at work that must not be waited in.
///
/// # Panics
/// As the future does.
pub fn wait<T: Send>(work: impl Future<Output = T> + Send) -> T {
    // One for all, so that a connection can be used by one wait after the other.
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        runtime.worker_threads(1).enable_all().build().unwrap()
    });
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| RUNTIME.block_on(work));
        thread
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Reads the log until it has the text, and goes on reading it, so that the server never waits for a reader. The log, if it
/// ends first.
fn wait_for(text: &str, log: ChildStderr) -> Result<(), String> {
    let mut log = BufReader::new(log);
    let mut said = String::new();
    loop {
        let start = said.len();
        // Bytes that are no text end the log as well; neither server writes any.
        if log.read_line(&mut said).unwrap_or(0) == 0 {
            return Err(said);
        }
        if said.get(start..).is_some_and(|line| line.contains(text)) {
            std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
            return Ok(());
        }
    }
}

/// Asks again and again.
fn until(mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < PATIENCE, "it did not come to pass");
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// The port is open to everybody on the machine.
fn password() -> String {
    let mut random = [0; 16];
    let mut source = File::open("/dev/urandom").unwrap();
    source.read_exact(&mut random).unwrap();
    random.iter().map(|byte| format!("{byte:02x}")).collect()
}
