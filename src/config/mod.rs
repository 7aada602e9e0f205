//! Configuration: `sudare.toml`, overridden by `SUDARE_*` variables, overridden by flags.
//!
//! One struct per concern. A key that does not exist is an error, wherever it stands.

mod database;
mod error;
mod layers;
mod limits;
mod secret;

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::database::DatabaseUrl;

pub use database::Database;
pub use error::{ConfigError, ConfigErrors};
pub use layers::{Overrides, SETTINGS, Sources};
pub use limits::Limits;
pub use secret::Secret;

/// A secret shorter than this is refused: HMAC-SHA256 is as strong as its key up to 32 bytes.
pub const MIN_SECRET_BYTES: usize = 32;

/// The whole configuration.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address and port to listen on.
    pub listen: String,
    /// The database.
    pub database: Database,
    /// Folder of the policy files.
    pub policies: PathBuf,
    /// Folder of the server's own files.
    pub data: PathBuf,
    /// Tokens.
    pub jwt: Jwt,
    /// Masks and sealed identifiers.
    pub masking: Masking,
    /// The log.
    pub log: Log,
    /// What one request may cost.
    pub limits: Limits,
}

/// How tokens are checked.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Jwt {
    /// The HS256 secret.
    pub secret: Option<Secret>,
    /// A file that holds the secret.
    pub secret_file: Option<PathBuf>,
    /// The `iss` that a token must have; none asks for none.
    pub issuer: Option<String>,
    /// The `aud` that a token must have; none refuses tokens that have one.
    pub audience: Option<String>,
    /// The claim that holds the roles: its name, or a dotted path to it.
    pub roles_claim: String,
    /// By how much clocks may differ.
    pub leeway_seconds: u64,
}

/// The secret behind masks, cursors and node ids, and its predecessor.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Masking {
    /// The master secret.
    pub key: Option<Secret>,
    /// A file that holds it.
    pub key_file: Option<PathBuf>,
    /// What `[keys]` of masking.toml and tokens call it.
    pub key_id: String,
    /// The master secret that it replaces, while it is still needed.
    pub previous_key: Option<Secret>,
    /// A file that holds that one.
    pub previous_key_file: Option<PathBuf>,
    /// What that one is called.
    pub previous_key_id: Option<String>,
}

/// What the log looks like; it goes to standard error.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// One line for eyes or one JSON object for machines.
    pub format: LogFormat,
    /// How much of it.
    pub level: LogLevel,
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For eyes.
    #[default]
    Pretty,
    /// For machines.
    Json,
}

/// The least important event that is logged. It is about Sudare's own events: the libraries beneath log warnings only,
/// since at lower levels they print statements and headers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Faults of ours.
    Error,
    /// What somebody should look at.
    Warn,
    /// One line a request.
    #[default]
    Info,
    /// What decides within a request.
    Debug,
    /// Everything.
    Trace,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            database: Database::default(),
            policies: PathBuf::from("policies"),
            data: PathBuf::from("data"),
            jwt: Jwt::default(),
            masking: Masking::default(),
            log: Log::default(),
            limits: Limits::default(),
        }
    }
}

impl Default for Masking {
    fn default() -> Self {
        Self {
            key: None,
            key_file: None,
            key_id: sudare_policies::maskers::FIRST_KEY.to_owned(),
            previous_key: None,
            previous_key_file: None,
            previous_key_id: None,
        }
    }
}

impl Default for Jwt {
    fn default() -> Self {
        Self {
            secret: None,
            secret_file: None,
            issuer: None,
            audience: None,
            roles_claim: "roles".to_owned(),
            leeway_seconds: 5,
        }
    }
}

impl Config {
    /// Reads every source, or lists everything that is wrong with them.
    pub fn load(sources: &Sources<'_>) -> Result<Self, ConfigErrors> {
        let config = layers::merge(sources)?;
        let faults = config.faults();
        if faults.is_empty() {
            Ok(config)
        } else {
            Err(ConfigErrors(faults))
        }
    }

    /// The database; without a URL SQLite in the data folder.
    pub fn database(&self) -> Result<DatabaseUrl, ConfigError> {
        let url = self.database.url()?;
        Ok(url.unwrap_or_else(|| DatabaseUrl::Sqlite(self.data.join("sudare.db"))))
    }

    /// The copy of the database that is read in its place, if there is one.
    pub fn replica(&self) -> Result<Option<DatabaseUrl>, ConfigError> {
        let replica = self.database.replica_url()?;
        match (&replica, self.database()?) {
            (None, _)
            | (Some(DatabaseUrl::Postgres(_)), DatabaseUrl::Postgres(_))
            | (Some(DatabaseUrl::MariaDb(_)), DatabaseUrl::MariaDb(_)) => Ok(replica),
            (Some(_), _) => Err(ConfigError::BadValue {
                key: "database.replica_url".to_owned(),
                fault:
                    "must be a server of the same kind as `database.url`, which follows that one"
                        .to_owned(),
            }),
        }
    }

    /// The secret of the tokens, from its value or its file.
    pub fn jwt_secret(&self) -> Result<Option<Secret>, ConfigError> {
        secret(
            "jwt.secret",
            self.jwt.secret.as_ref(),
            self.jwt.secret_file.as_deref(),
        )
    }

    /// The master secret of masks and seals, from its value or its file.
    pub fn masking_key(&self) -> Result<Option<Secret>, ConfigError> {
        secret(
            "masking.key",
            self.masking.key.as_ref(),
            self.masking.key_file.as_deref(),
        )
    }

    /// The master secret before the current one, from its value or its file, with its id.
    pub fn previous_masking_key(&self) -> Result<Option<(Secret, &str)>, ConfigError> {
        let masking = &self.masking;
        let key = secret(
            "masking.previous_key",
            masking.previous_key.as_ref(),
            masking.previous_key_file.as_deref(),
        )?;
        let fault = |fault: &str| {
            Err(ConfigError::BadValue {
                key: "masking.previous_key_id".to_owned(),
                fault: fault.to_owned(),
            })
        };
        match (key, masking.previous_key_id.as_deref()) {
            (None, None) => Ok(None),
            (Some(_), Some(id)) if id == masking.key_id => fault(
                "is the id of the current key: give the new key an id of its own as `masking.key_id`",
            ),
            (Some(key), Some(_))
                if self
                    .masking_key()?
                    .is_some_and(|own| own.expose() == key.expose()) =>
            {
                fault("names the current key: under two ids it is still one")
            }
            (Some(key), Some(id)) => Ok(Some((key, id))),
            (Some(_), None) => {
                fault("is missing: name the previous key, as `1` if it never had a name")
            }
            (None, Some(_)) => fault("names a key that is not given as `masking.previous_key`"),
        }
    }

    fn faults(&self) -> Vec<ConfigError> {
        let mut faults: Vec<_> = [
            self.database().err(),
            self.replica().err(),
            self.jwt_secret().err(),
            self.masking_key().err(),
            self.previous_masking_key().err(),
        ]
        .into_iter()
        .flatten()
        .collect();
        let numbers = self.limits.faults().into_iter();
        let numbers = numbers.chain(self.database.faults());
        faults.extend(numbers.map(|(key, fault)| ConfigError::BadValue {
            key: key.to_owned(),
            fault,
        }));
        let texts = [
            ("jwt.roles_claim", Some(&self.jwt.roles_claim)),
            ("jwt.issuer", self.jwt.issuer.as_ref()),
            ("jwt.audience", self.jwt.audience.as_ref()),
            ("listen", Some(&self.listen)),
            ("masking.key_id", Some(&self.masking.key_id)),
            (
                "masking.previous_key_id",
                self.masking.previous_key_id.as_ref(),
            ),
        ];
        for (key, text) in texts {
            if text.is_some_and(String::is_empty) {
                let fault = "is empty: leave it out or give it a value".to_owned();
                faults.push(ConfigError::BadValue {
                    key: key.to_owned(),
                    fault,
                });
            } else if key.ends_with("_id") && !text.is_none_or(|id| is_id(id)) {
                let fault = "is not a name: take letters, digits, `_` and `-`".to_owned();
                faults.push(ConfigError::BadValue {
                    key: key.to_owned(),
                    fault,
                });
            }
        }
        faults
    }
}

/// Whether this can be the id of a key: it is printed, and stands before tokens with a dot behind it.
fn is_id(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

/// What is secret, from its value or its file.
fn given(
    key: &'static str,
    value: Option<&Secret>,
    file: Option<&Path>,
) -> Result<Option<Secret>, ConfigError> {
    match (value, file) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(ConfigError::TwoSecrets { key }),
        (Some(value), None) => Ok(Some(value.clone())),
        (None, Some(file)) => {
            Secret::read(file)
                .map(Some)
                .map_err(|error| ConfigError::SecretFile {
                    key,
                    file: file.to_owned(),
                    error,
                })
        }
    }
}

/// A secret that is long enough to be one.
fn secret(
    key: &'static str,
    value: Option<&Secret>,
    file: Option<&Path>,
) -> Result<Option<Secret>, ConfigError> {
    let Some(secret) = given(key, value, file)? else {
        return Ok(None);
    };
    if secret.len() < MIN_SECRET_BYTES {
        return Err(ConfigError::WeakSecret {
            key,
            length: secret.len(),
        });
    }
    if let Some(fault) = secret.stray() {
        return Err(ConfigError::BadValue {
            key: key.to_owned(),
            fault: fault.to_owned(),
        });
    }
    Ok(Some(secret))
}

#[cfg(test)]
mod tests;
