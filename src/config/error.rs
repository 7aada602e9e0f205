//! What can be wrong with a configuration.

use std::fmt;
use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::MIN_SECRET_BYTES;
use super::layers::variable;
use crate::database::UrlError;

/// Everything that is wrong, one line each.
#[derive(Debug, Error)]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the configuration is not valid")?;
        for error in &self.0 {
            write!(out, "\n  - {error}")?;
        }
        Ok(())
    }
}

/// One thing that is wrong. None of them quotes a secret.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("`{}` cannot be read: {error}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The file is not TOML.
    #[error("`{}` line {line}, column {column}: {message}", file.display())]
    Syntax {
        /// The file.
        file: PathBuf,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What the parser says.
        message: String,
    },
    /// The file has a key that does not exist.
    #[error("`{}`: there is no key `{key}`{}", file.display(), nearest_text(nearest.as_deref()))]
    UnknownKey {
        /// The file.
        file: PathBuf,
        /// The key, dotted.
        key: String,
        /// The most similar key.
        nearest: Option<String>,
    },
    /// The environment has a variable that means nothing.
    #[error("environment: `{name}` means nothing{}{}", nearest_text(nearest.as_deref()), service_text(name))]
    UnknownVariable {
        /// The variable.
        name: String,
        /// The most similar variable.
        nearest: Option<String>,
    },
    /// A variable cannot be read.
    #[error("environment: `{name}` {fault}")]
    BadVariable {
        /// The variable.
        name: String,
        /// What is wrong with it.
        fault: String,
    },
    /// A value is not of its type.
    #[error("{0}")]
    BadType(String),
    /// A value is out of its range.
    #[error("`{key}` (`{}`) {fault}", variable(key))]
    BadValue {
        /// The key.
        key: String,
        /// What is wrong with it.
        fault: String,
    },
    /// The URL of a database is none.
    #[error("`{key}` (`{}`): {fault}", variable(key))]
    Database {
        /// The key.
        key: &'static str,
        /// What is wrong with it.
        fault: UrlError,
    },
    /// A secret is given twice.
    #[error(
        "`{key}` and `{key}_file` (`{}` and `{}_FILE`) are both set: keep one",
        variable(key),
        variable(key)
    )]
    TwoSecrets {
        /// The key.
        key: &'static str,
    },
    /// A secret's file cannot be read.
    #[error("`{key}_file` (`{}_FILE`): `{}` cannot be read: {error}", variable(key), file.display())]
    SecretFile {
        /// The key.
        key: &'static str,
        /// The file.
        file: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A secret is short.
    #[error(
        "`{key}` (`{}`) has {length} bytes and needs at least {MIN_SECRET_BYTES}: `openssl rand -hex 32` makes one",
        variable(key)
    )]
    WeakSecret {
        /// The key.
        key: &'static str,
        /// Its length.
        length: usize,
    },
}

fn nearest_text(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

/// Kubernetes sets `SUDARE_PORT`, `SUDARE_SERVICE_HOST` and more in pods beside a service called `sudare`.
fn service_text(name: &str) -> &'static str {
    let of_a_service = name.starts_with("SUDARE_PORT") || name.starts_with("SUDARE_SERVICE_");
    if of_a_service {
        "; Kubernetes sets it for a service called `sudare`: set `enableServiceLinks: false` in the pod"
    } else {
        ""
    }
}
