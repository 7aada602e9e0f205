//! The URL of a database: read strictly, and never shown with its password.

use std::fmt;
use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use secrecy::SecretString;
use thiserror::Error;
use url::Url;

use super::server::{Encryption, Host, MariaDb, Postgres, Server};

/// Where a database is.
#[derive(Clone, Debug)]
pub enum DatabaseUrl {
    /// A file of SQLite.
    Sqlite(PathBuf),
    /// A PostgreSQL server.
    Postgres(Postgres),
    /// A MariaDB server, or one of MySQL 8.
    MariaDb(MariaDb),
}

/// What is wrong with a URL. None of these quotes any of it but its scheme: the rest may hold a password, also where a
/// password should not be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum UrlError {
    /// A kind of database that is not known.
    #[error(
        "the scheme `{0}` is not known: take `sqlite:`, `postgres:`, `mariadb:` or `mysql:`, for example `sqlite:data/sudare.db` or `postgres://user:password@host/database`"
    )]
    UnknownScheme(String),
    /// SQLite, but not in a file.
    #[error(
        "`sqlite:` takes the path of a file and no parameters, for example `sqlite:data/sudare.db`"
    )]
    NotAFile,
    /// Nothing that can be read as a URL.
    #[error(
        "it is not of the form `{0}://user:password@host:port/database`: in user and password write special characters percent-encoded, for example `/` as `%2F`, `#` as `%23`, `?` as `%3F`, `@` as `%40`"
    )]
    Malformed(&'static str),
    /// No host.
    #[error("it names no host: write `{0}://user:password@host/database`")]
    NoHost(&'static str),
    /// No user.
    #[error("it names no user: write `{0}://user:password@host/database`")]
    NoUser(&'static str),
    /// No database, or a path in its place.
    #[error("it names no database: write `{0}://user:password@host/database`")]
    NoDatabase(&'static str),
    /// Bytes that are not text.
    #[error(
        "its {0} is not percent-encoded text: write `%` itself as `%25`, other characters in UTF-8, and no NUL"
    )]
    Encoding(&'static str),
    /// A parameter that is not known.
    #[error("it has a parameter that is not known: `{0}` takes {1}")]
    UnknownParameter(&'static str, &'static str),
    /// A parameter twice.
    #[error("it has `{0}` twice: keep one")]
    Twice(&'static str),
    /// A way of encrypting that is none.
    #[error("`{0}` is not a mode that is known: take {1}")]
    UnknownMode(&'static str, &'static str),
    /// A mode that goes on in plain text when encryption is not to be had.
    #[error(
        "`{0}={1}` would send passwords and rows in plain text when somebody on the way says that the server has no TLS: take `{0}={2}`, or `{0}={3}` where the network is trusted"
    )]
    FallsBack(&'static str, &'static str, &'static str, &'static str),
    /// A mode that takes the certificate of any host.
    #[error(
        "`{0}={1}` would take the certificate of any host that one of the trusted authorities has signed: take `{0}={2}`, and a certificate that names the host"
    )]
    AnyHost(&'static str, &'static str, &'static str),
    /// Roots of trust for a connection that is not encrypted.
    #[error(
        "`{0}` says whom to trust, but the connection is not encrypted: set `{1}={2}`, or leave `{0}` out"
    )]
    RootsWithoutTls(&'static str, &'static str, &'static str),
    /// TLS over a socket of this machine.
    #[error("a socket of this machine has no TLS: leave `{0}` out")]
    TlsOverSocket(&'static str),
}

impl DatabaseUrl {
    /// Reads a URL.
    ///
    /// # Errors
    /// [`UrlError`] with the cure.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
        match scheme {
            "sqlite" => file(text).map(Self::Sqlite),
            "postgres" | "postgresql" => Ok(Self::Postgres(Postgres(server(text, &POSTGRES)?))),
            "mysql" | "mariadb" => Ok(Self::MariaDb(MariaDb(server(text, &MARIADB)?))),
            other => {
                let named = other.chars().all(|c| c.is_ascii_alphanumeric());
                let name = if named { other } else { "" };
                Err(UrlError::UnknownScheme(name.to_owned()))
            }
        }
    }
}

/// Without user and password.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(out, "sqlite:{}", path.display()),
            Self::Postgres(Postgres(server)) => write!(out, "postgres://{server}"),
            Self::MariaDb(MariaDb(server)) => write!(out, "mariadb://{server}"),
        }
    }
}

impl From<&Path> for DatabaseUrl {
    fn from(path: &Path) -> Self {
        Self::Sqlite(path.to_owned())
    }
}

impl From<&PathBuf> for DatabaseUrl {
    fn from(path: &PathBuf) -> Self {
        Self::Sqlite(path.clone())
    }
}

impl From<&Self> for DatabaseUrl {
    fn from(url: &Self) -> Self {
        url.clone()
    }
}

fn file(text: &str) -> Result<PathBuf, UrlError> {
    let path = text.strip_prefix("sqlite:").unwrap_or(text);
    let path = path.strip_prefix("//").unwrap_or(path);
    if path.is_empty() || path.starts_with(':') || path.contains('?') {
        return Err(UrlError::NotAFile);
    }
    Ok(PathBuf::from(path))
}

/// What the URLs of a kind of server call things: each kind has its own words, those of its own tools.
struct Words {
    scheme: &'static str,
    port: u16,
    mode: &'static str,
    roots: &'static str,
    socket: &'static str,
    parameters: &'static str,
    modes: &'static str,
    off: &'static str,
    verified: &'static [&'static str],
    falls_back: &'static [&'static str],
    any_host: &'static str,
}

const POSTGRES: Words = Words {
    scheme: "postgres",
    port: 5432,
    mode: "sslmode",
    roots: "sslrootcert",
    socket: "host",
    parameters: "`sslmode`, `sslrootcert` and `host` (the folder of a socket)",
    modes: "`verify-full`, `require` (which is the same here) or `disable`",
    off: "disable",
    verified: &["verify-full", "require"],
    falls_back: &["prefer", "allow"],
    any_host: "verify-ca",
};

const MARIADB: Words = Words {
    scheme: "mariadb",
    port: 3306,
    mode: "ssl-mode",
    roots: "ssl-ca",
    socket: "socket",
    parameters: "`ssl-mode`, `ssl-ca` and `socket` (the path of one)",
    modes: "`VERIFY_IDENTITY`, `REQUIRED` (which is the same here) or `DISABLED`",
    off: "DISABLED",
    verified: &["VERIFY_IDENTITY", "REQUIRED"],
    falls_back: &["PREFERRED"],
    any_host: "VERIFY_CA",
};

impl Words {
    fn strictest(&self) -> &'static str {
        self.verified.first().copied().unwrap_or_default()
    }
}

/// The parameters of a URL, each at most once.
#[derive(Default)]
struct Parameters {
    mode: Option<String>,
    roots: Option<String>,
    socket: Option<String>,
}

fn server(text: &str, words: &Words) -> Result<Server, UrlError> {
    let malformed = UrlError::Malformed(words.scheme);
    let url = Url::parse(text).map_err(|_| malformed.clone())?;
    if url.fragment().is_some() || url.cannot_be_a_base() || url.port() == Some(0) {
        return Err(malformed);
    }
    let parameters = parameters(&url, words)?;
    let host = host(&url, parameters.socket.as_deref(), words)?;
    let user = decoded(url.username(), "user")?;
    if user.is_empty() {
        return Err(UrlError::NoUser(words.scheme));
    }
    let password = url.password().map(|text| decoded(text, "password"));
    let path = url.path().strip_prefix('/').unwrap_or_default();
    if path.is_empty() || path.contains('/') {
        return Err(UrlError::NoDatabase(words.scheme));
    }
    Ok(Server {
        encryption: encryption(&parameters, &host, words)?,
        host,
        port: url.port().unwrap_or(words.port),
        user,
        password: password.transpose()?.map(SecretString::from),
        database: decoded(path, "database")?,
    })
}

fn parameters(url: &Url, words: &Words) -> Result<Parameters, UrlError> {
    let mut found = Parameters::default();
    for (name, value) in url.query_pairs() {
        let (slot, name) = match name.as_ref() {
            name if name == words.mode => (&mut found.mode, words.mode),
            name if name == words.roots => (&mut found.roots, words.roots),
            name if name == words.socket => (&mut found.socket, words.socket),
            _ => {
                return Err(UrlError::UnknownParameter(words.scheme, words.parameters));
            }
        };
        if slot.replace(value.into_owned()).is_some() {
            return Err(UrlError::Twice(name));
        }
    }
    Ok(found)
}

/// The host of the URL, or a socket: as a parameter, or percent-encoded in the place of the host.
fn host(url: &Url, socket: Option<&str>, words: &Words) -> Result<Host, UrlError> {
    let name = url.host_str().unwrap_or_default();
    match (name, socket) {
        ("", Some(path)) if path.starts_with('/') => Ok(Host::Socket(PathBuf::from(path))),
        // A user needs a host behind it in a URL, so that `localhost` may stand before a socket.
        ("localhost", Some(path)) if path.starts_with('/') => Ok(Host::Socket(PathBuf::from(path))),
        (_, Some(_)) => Err(UrlError::Malformed(words.scheme)),
        ("", None) => Err(UrlError::NoHost(words.scheme)),
        (name, None) => {
            let name = decoded(name, "host")?;
            // The brackets of an IPv6 address belong to the URL.
            let bare = name.trim_start_matches('[').trim_end_matches(']');
            Ok(if name.starts_with('/') {
                Host::Socket(PathBuf::from(name))
            } else {
                Host::Name(bare.to_owned())
            })
        }
    }
}

/// Without a mode, what leaves this machine is encrypted to a server that has proved its name.
fn encryption(parameters: &Parameters, host: &Host, words: &Words) -> Result<Encryption, UrlError> {
    let roots = parameters.roots.as_ref().map(PathBuf::from);
    let is_socket = matches!(host, Host::Socket(_));
    let encrypted = match parameters.mode.as_deref() {
        None => roots.is_some() || !host.is_this_machine(),
        Some(mode) if mode == words.off => false,
        Some(mode) if words.verified.contains(&mode) => true,
        Some(mode) if mode == words.any_host => {
            return Err(UrlError::AnyHost(
                words.mode,
                words.any_host,
                words.strictest(),
            ));
        }
        Some(mode) => {
            let known = words.falls_back.iter().find(|known| **known == mode);
            return Err(
                known.map_or(UrlError::UnknownMode(words.mode, words.modes), |known| {
                    UrlError::FallsBack(words.mode, known, words.strictest(), words.off)
                }),
            );
        }
    };
    match (encrypted, roots) {
        (true, _) if is_socket => Err(UrlError::TlsOverSocket(words.mode)),
        (true, roots) => Ok(Encryption::Verified { roots }),
        (false, None) => Ok(Encryption::None),
        (false, Some(_)) => Err(UrlError::RootsWithoutTls(
            words.roots,
            words.mode,
            words.strictest(),
        )),
    }
}

fn decoded(text: &str, what: &'static str) -> Result<String, UrlError> {
    let whole = text.split('%').skip(1).all(|rest| {
        let mut digits = rest.chars().take(2).filter(char::is_ascii_hexdigit);
        digits.next().is_some() && digits.next().is_some()
    });
    let decoded = percent_decode_str(text).decode_utf8().ok();
    decoded
        .filter(|text| whole && !text.contains('\0'))
        .map(|text| text.into_owned())
        .ok_or(UrlError::Encoding(what))
}

#[cfg(test)]
mod tests;
