//! How connections to PostgreSQL are encrypted.

use std::fmt;

use tokio_postgres_rustls::MakeRustlsConnect;

/// What a connection goes through.
#[derive(Clone)]
pub(crate) enum Tls {
    /// Nothing: the database is on this machine, or somebody has said that plain text will do.
    None,
    /// TLS that verifies who the other side is.
    Rustls(MakeRustlsConnect),
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "Tls::None",
            Self::Rustls(_) => "Tls::Rustls",
        })
    }
}
