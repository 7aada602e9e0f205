//! How a connection to PostgreSQL is encrypted where sqlx does not do it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::{ClientConfig, RootCertStore};
use thiserror::Error;

/// Why nothing can be encrypted.
#[derive(Debug, Error)]
pub enum TlsError {
    /// The file of roots cannot be read.
    #[error("`{}` (whom to trust) cannot be read as certificates in PEM: {error}", file.display())]
    Roots {
        /// The file.
        file: PathBuf,
        /// Why.
        error: pem::Error,
    },
    /// Nobody is trusted.
    #[error(
        "this machine trusts no authority to say who a server is: install the certificates of your system, or name a file of them in the URL of the database (`sslrootcert`, `ssl-ca`)"
    )]
    NobodyTrusted,
    /// The library refuses.
    #[error("TLS cannot be set up: {0}")]
    Setup(#[from] rustls::Error),
}

/// A client that believes a server whose certificate names the host and is signed by one of those in the file, or
/// without a file by one of those whom the system trusts.
pub(super) fn client(roots: Option<&Path>) -> Result<ClientConfig, TlsError> {
    let mut trusted = RootCertStore::empty();
    let certificates = match roots {
        Some(file) => read(file)?,
        // What cannot be read of them is not trusted.
        None => rustls_native_certs::load_native_certs().certs,
    };
    trusted.add_parsable_certificates(certificates);
    if trusted.is_empty() {
        return Err(TlsError::NobodyTrusted);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(trusted)
        .with_no_client_auth())
}

fn read(file: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect)
        .map_err(|error| TlsError::Roots {
            file: file.to_owned(),
            error,
        })
}
