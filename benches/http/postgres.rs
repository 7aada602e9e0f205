//! A private PostgreSQL: its data in a temporary folder, its port a free one, its end that of the benchmark.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use tokio_postgres::NoTls;

use crate::Outcome;
use crate::process::{Process, free_port};

/// Settings for a database that is thrown away: nothing waits for the disk, and nothing happens in the background.
const SETTINGS: [&str; 11] = [
    "shared_buffers=1GB",
    "work_mem=16MB",
    "maintenance_work_mem=512MB",
    "max_wal_size=8GB",
    "wal_level=minimal",
    "max_wal_senders=0",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_connections=200",
];

/// The server. It ends, and its folder goes, when this is dropped.
#[derive(Debug)]
pub(crate) struct Postgres {
    process: Process,
    port: u16,
    /// Last, so that it goes when nobody writes to it any more.
    _folder: TempDir,
}

impl Postgres {
    /// Makes a cluster and starts its server.
    pub(crate) async fn start() -> Outcome<Self> {
        let folder = tempfile::Builder::new()
            .prefix("sudare-bench-pg-")
            .tempdir()?;
        let data = folder.path().join("data");
        let programs = programs()?;
        // PostgreSQL refuses to run as root.
        let owner = Path::new("/proc/self")
            .metadata()
            .map(|me| std::os::unix::fs::MetadataExt::uid(&me))?;
        let account = (owner == 0).then_some("postgres");
        if let Some(account) = account {
            run(Command::new("chown").arg(account).arg(folder.path()))?;
        }
        let mut initdb = Command::new("setpriv");
        initdb
            .args(become_user(account))
            .arg(programs.join("initdb"));
        initdb.arg("-D").arg(&data);
        run(initdb.args([
            "-U",
            "postgres",
            "-A",
            "trust",
            "--locale=C",
            "--encoding=UTF8",
            "--no-sync",
        ]))?;
        let port = free_port()?;
        let process = Process::start(Path::new("setpriv"), |command| {
            command.args(become_user(account));
            // A change of the account forgets whose end is to be followed, so that it is said again.
            command
                .args(["--pdeathsig", "INT"])
                .arg(programs.join("postgres"));
            command.arg("-D").arg(&data).arg("-k").arg(folder.path());
            command.args(["-h", "127.0.0.1", "-p", &port.to_string()]);
            command.args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
            command.stderr(std::process::Stdio::null());
        })?;
        let mut server = Self {
            process,
            port,
            _folder: folder,
        };
        let url = server.url("postgres");
        server
            .process
            .until(async || connect(&url).await.map(drop))
            .await?;
        Ok(server)
    }

    /// The address of one of its databases.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Makes an empty database.
    pub(crate) async fn create(&self, database: &str) -> Outcome<String> {
        let client = connect(&self.url("postgres")).await?;
        client
            .batch_execute(&format!("CREATE DATABASE {database}"))
            .await?;
        Ok(self.url(database))
    }

    /// Drops a database, which takes its room on the disk with it.
    pub(crate) async fn remove(&self, database: &str) -> Outcome<()> {
        let client = connect(&self.url("postgres")).await?;
        Ok(client
            .batch_execute(&format!("DROP DATABASE {database} WITH (FORCE)"))
            .await?)
    }

    /// The process of the server; its children are the backends.
    pub(crate) fn process(&self) -> &Process {
        &self.process
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Its backends end with it in good order, and so leave no shared memory behind.
        let id = self.process.id().to_string();
        if run(Command::new("kill").args(["-QUIT", &id])).is_ok() {
            self.process.wait();
        }
    }
}

/// A connection, which lives as long as its client.
pub(crate) async fn connect(url: &str) -> Outcome<tokio_postgres::Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// Where the programs of PostgreSQL are: Debian keeps them out of the path.
pub(crate) fn programs() -> Outcome<PathBuf> {
    let from = |output: &[u8]| PathBuf::from(String::from_utf8_lossy(output).trim());
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output()
        && from(&output.stdout).join("initdb").exists()
    {
        return Ok(from(&output.stdout));
    }
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|entries| {
            entries
                .flatten()
                .map(|entry| entry.path().join("bin"))
                .collect()
        })
        .unwrap_or_default();
    versions.retain(|folder| folder.join("initdb").exists());
    versions.sort();
    versions
        .pop()
        .ok_or_else(|| "PostgreSQL is missing: on Debian, apt-get install postgresql".into())
}

fn become_user(account: Option<&str>) -> Vec<&str> {
    match account {
        Some(account) => vec!["--reuid", account, "--regid", account, "--clear-groups"],
        None => Vec::new(),
    }
}

/// Runs a program to its end; what it says is told if it fails.
pub(crate) fn run(command: &mut Command) -> Outcome<String> {
    let output = command
        .output()
        .map_err(|error| format!("cannot start {command:?}: {error}"))?;
    if !output.status.success() {
        return Err(format!(
            "{command:?} failed: {}",
            String::from_utf8_lossy(&output.stderr)
        )
        .into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
