//! Secrets: configured, or made by a demo for itself.

use std::fs::DirBuilder;
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use rand::TryRng;
use rand::rngs::SysRng;
use sha2::Sha256;
use thiserror::Error;

use crate::config::{Config, ConfigError, MIN_SECRET_BYTES, Secret};

/// Where a demo keeps the secret of its tokens, in the data folder.
const JWT_FILE: &str = "demo-jwt-secret";
/// Where a demo keeps its master secret.
const MASKING_FILE: &str = "demo-masking-key";

/// What the key of the maskers is derived for.
const MASKING: &[u8] = b"sudare/masking/1";

/// Why there are no keys.
#[derive(Debug, Error)]
pub enum KeyError {
    /// Nobody set the secret of the tokens.
    #[error(
        "no token secret: set `SUDARE_JWT_SECRET` to at least {MIN_SECRET_BYTES} bytes (`openssl rand -hex 32`), or \
        `SUDARE_JWT_SECRET_FILE` to a file that holds them; to try Sudare out, `sudare serve --demo` makes its own"
    )]
    NoJwtSecret,
    /// Nobody set the master secret.
    #[error(
        "no masking key: set `SUDARE_MASKING_KEY` to at least {MIN_SECRET_BYTES} bytes (`openssl rand -hex 32`), or \
        `SUDARE_MASKING_KEY_FILE` to a file that holds them, and keep it: masked values and cursors depend on it"
    )]
    NoMaskingKey,
    /// The configured secret cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The secret of a demo cannot be kept or read.
    #[error("the demo's secret `{}` cannot be kept: {error}", file.display())]
    Folder {
        /// The file.
        file: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The master secret gives no key.
    #[error(
        "no key can be derived from the masking key: this is a bug of Sudare; please report it"
    )]
    Derive,
    /// The secret of a demo was cut short.
    #[error("the demo's secret `{}` is damaged: remove the file, and a new one is made", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
    },
}

/// The secrets of a server.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Signs tokens.
    pub jwt: Secret,
    master: Secret,
}

impl Keys {
    /// The configured ones.
    pub fn configured(config: &Config) -> Result<Self, KeyError> {
        Ok(Self {
            jwt: config.jwt_secret()?.ok_or(KeyError::NoJwtSecret)?,
            master: config.masking_key()?.ok_or(KeyError::NoMaskingKey)?,
        })
    }

    /// The configured ones; those that are not, from the data folder, made on first use.
    pub fn demo(config: &Config) -> Result<Self, KeyError> {
        let kept = |secret: Option<Secret>, name| {
            secret.map_or_else(|| read_or_make(&config.data.join(name)), Ok)
        };
        Ok(Self {
            jwt: kept(config.jwt_secret()?, JWT_FILE)?,
            master: kept(config.masking_key()?, MASKING_FILE)?,
        })
    }

    /// The secret that `sudare token` signs with: the configured one, else that of a demo that ran in the data folder.
    pub fn for_tokens(config: &Config) -> Result<Secret, KeyError> {
        if let Some(secret) = config.jwt_secret()? {
            return Ok(secret);
        }
        read(&config.data.join(JWT_FILE))?.ok_or(KeyError::NoJwtSecret)
    }

    /// The key of the maskers as a server with this configuration has it, or the demo that ran in the data folder; `None` where
    /// there is neither.
    pub fn for_masks(config: &Config) -> Result<Option<[u8; 32]>, KeyError> {
        let master = match config.masking_key()? {
            Some(master) => Some(master),
            None => read(&config.data.join(MASKING_FILE))?,
        };
        master.map(|master| derive(&master, MASKING)).transpose()
    }

    /// The key of the maskers.
    pub fn masking(&self) -> Result<[u8; 32], KeyError> {
        derive(&self.master, MASKING)
    }

    /// The key that seals cursors and node ids (AES-256-SIV takes two keys in one).
    pub fn sealing(&self) -> Result<[u8; 64], KeyError> {
        derive(&self.master, b"sudare/sealing/1")
    }
}

fn derive<const N: usize>(master: &Secret, purpose: &[u8]) -> Result<[u8; N], KeyError> {
    let mut key = [0; N];
    let hkdf = Hkdf::<Sha256>::new(None, master.expose());
    // A key of zeros would be the same everywhere: no key is better.
    hkdf.expand(purpose, &mut key)
        .map(|()| key)
        .map_err(|_| KeyError::Derive)
}

/// Whoever comes first makes the secret; it appears whole, so that two servers that start together agree on it.
fn read_or_make(file: &Path) -> Result<Secret, KeyError> {
    if let Some(secret) = read(file)? {
        return Ok(secret);
    }
    match make(file) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(KeyError::Folder {
            file: file.to_owned(),
            error,
        }),
        Ok(()) | Err(_) => read(file)?.ok_or_else(|| KeyError::Damaged {
            file: file.to_owned(),
        }),
    }
}

fn read(file: &Path) -> Result<Option<Secret>, KeyError> {
    match Secret::read(file) {
        Ok(secret) if secret.len() < MIN_SECRET_BYTES => Err(KeyError::Damaged {
            file: file.to_owned(),
        }),
        Ok(secret) => Ok(Some(secret)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(KeyError::Folder {
            file: file.to_owned(),
            error,
        }),
    }
}

fn make(file: &Path) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let mut bytes = [0_u8; 32];
    SysRng
        .try_fill_bytes(&mut bytes)
        .map_err(io::Error::other)?;
    // Readable by its owner only, from the moment that it exists.
    let mut draft = tempfile::NamedTempFile::new_in(folder)?;
    writeln!(draft, "{}", URL_SAFE_NO_PAD.encode(bytes))?;
    draft.as_file().sync_all()?;
    draft.persist_noclobber(file)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    fn config(folder: &Path) -> Config {
        Config {
            data: folder.join("data"),
            ..Config::default()
        }
    }

    #[test]
    fn a_demo_keeps_its_secrets_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        let first = Keys::demo(&config).unwrap();
        let second = Keys::demo(&config).unwrap();
        assert_eq!(first.jwt.expose(), second.jwt.expose());
        assert_eq!(first.sealing().unwrap(), second.sealing().unwrap());
        assert_eq!(
            Keys::for_tokens(&config).unwrap().expose(),
            first.jwt.expose()
        );
        for name in [JWT_FILE, MASKING_FILE] {
            let mode = fs::metadata(config.data.join(name))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(fs::read_dir(&config.data).unwrap().count(), 2);
    }

    #[test]
    fn two_demos_and_two_purposes_share_no_key() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let a = Keys::demo(&config(here.path())).unwrap();
        let b = Keys::demo(&config(there.path())).unwrap();
        assert_ne!(a.jwt.expose(), b.jwt.expose());
        assert_ne!(a.masking().unwrap(), b.masking().unwrap());
        assert_ne!(a.masking().unwrap()[..], a.sealing().unwrap()[..32]);
    }

    #[test]
    fn servers_that_start_together_agree_on_the_secret() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        let keys: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| Keys::demo(&config).unwrap()))
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        assert!(
            keys.iter()
                .all(|other| other.jwt.expose() == keys[0].jwt.expose())
        );
        assert!(
            keys.iter()
                .all(|other| other.masking().unwrap() == keys[0].masking().unwrap())
        );
    }

    #[test]
    fn without_secrets_only_a_demo_starts() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        Keys::demo(&config).unwrap();
        let text = Keys::configured(&config).unwrap_err().to_string();
        assert!(
            text.contains("`SUDARE_JWT_SECRET`") && text.contains("--demo"),
            "{text}"
        );
    }

    #[test]
    fn a_damaged_secret_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        fs::create_dir(&config.data).unwrap();
        fs::write(config.data.join(JWT_FILE), "short").unwrap();
        let text = Keys::demo(&config).unwrap_err().to_string();
        assert!(text.contains("is damaged"), "{text}");
    }
}
