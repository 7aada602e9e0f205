//! Where the database is, and how many connections there are to it.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{ConfigError, Secret, given};
use crate::database::{DatabaseUrl, PoolSettings};

/// The database. Its URLs hold passwords, so that they are secrets.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// Its URL; none is SQLite in the data folder.
    pub url: Option<Secret>,
    /// A file that holds the URL.
    pub url_file: Option<PathBuf>,
    /// The URL of a copy that follows it; if there is one, it is read in its place.
    pub replica_url: Option<Secret>,
    /// A file that holds that one.
    pub replica_url_file: Option<PathBuf>,
    /// Connections that read, at most.
    pub max_connections: u32,
    /// How long to wait for a connection.
    pub connect_timeout_ms: u64,
    /// A connection without work is closed after this.
    pub idle_timeout_ms: u64,
    /// Any connection is closed after this, so that a change of servers behind a name is noticed.
    pub max_lifetime_ms: u64,
}

impl Default for Database {
    fn default() -> Self {
        let settings = PoolSettings::default();
        let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Self {
            url: None,
            url_file: None,
            replica_url: None,
            replica_url_file: None,
            max_connections: settings.max_connections,
            connect_timeout_ms: ms(settings.connect_timeout),
            idle_timeout_ms: ms(settings.idle_timeout),
            max_lifetime_ms: ms(settings.max_lifetime),
        }
    }
}

impl Database {
    /// The settings of a pool of readers.
    #[must_use]
    pub fn settings(&self) -> PoolSettings {
        PoolSettings {
            max_connections: self.max_connections,
            connect_timeout: Duration::from_millis(self.connect_timeout_ms),
            idle_timeout: Duration::from_millis(self.idle_timeout_ms),
            max_lifetime: Duration::from_millis(self.max_lifetime_ms),
        }
    }

    pub(super) fn url(&self) -> Result<Option<DatabaseUrl>, ConfigError> {
        let url = given("database.url", self.url.as_ref(), self.url_file.as_deref())?;
        parsed("database.url", url.as_ref())
    }

    pub(super) fn replica_url(&self) -> Result<Option<DatabaseUrl>, ConfigError> {
        let key = "database.replica_url";
        let url = given(
            key,
            self.replica_url.as_ref(),
            self.replica_url_file.as_deref(),
        )?;
        parsed(key, url.as_ref())
    }

    /// What is wrong with the numbers, as (key, fault).
    pub(super) fn faults(&self) -> Vec<(&'static str, String)> {
        let numbers = [
            ("database.max_connections", u64::from(self.max_connections)),
            ("database.connect_timeout_ms", self.connect_timeout_ms),
            ("database.idle_timeout_ms", self.idle_timeout_ms),
            ("database.max_lifetime_ms", self.max_lifetime_ms),
        ];
        numbers
            .into_iter()
            .filter(|(_, number)| *number == 0)
            .map(|(key, _)| (key, "must be at least 1".to_owned()))
            .collect()
    }
}

fn parsed(key: &'static str, url: Option<&Secret>) -> Result<Option<DatabaseUrl>, ConfigError> {
    let text = url.map(|url| String::from_utf8_lossy(url.expose()));
    text.map(|text| DatabaseUrl::parse(&text))
        .transpose()
        .map_err(|fault| ConfigError::Database { key, fault })
}
