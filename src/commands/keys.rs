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
use secrecy::SecretBox;
use sha2::Sha256;
use sudare_policies::{MaskingKey, MaskingKeys};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::blind::BlindKeys;
use crate::config::{Config, ConfigError, MIN_SECRET_BYTES, Secret};

/// Where a demo keeps the secret of its tokens, in the data folder.
const JWT_FILE: &str = "demo-jwt-secret";
/// Where a demo keeps its master secret.
const MASKING_FILE: &str = "demo-masking-key";

/// What the key of the maskers is derived for.
const MASKING: &[u8] = b"sudare/masking/1";
/// What the key of blind indexes is derived for.
const BLIND: &[u8] = b"sudare/blind/1";

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
    master: Master,
    previous: Option<Master>,
}

/// A master secret and what it is called.
#[derive(Clone, Debug)]
struct Master {
    id: String,
    secret: Secret,
}

impl Keys {
    /// The configured ones.
    pub fn configured(config: &Config) -> Result<Self, KeyError> {
        Ok(Self {
            jwt: config.jwt_secret()?.ok_or(KeyError::NoJwtSecret)?,
            master: Master::current(config, config.masking_key()?.ok_or(KeyError::NoMaskingKey)?),
            previous: Master::previous(config)?,
        })
    }

    /// The configured ones; those that are not, from the data folder, made on first use.
    pub fn demo(config: &Config) -> Result<Self, KeyError> {
        let kept = |secret: Option<Secret>, name| {
            secret.map_or_else(|| read_or_make(&config.data.join(name)), Ok)
        };
        Ok(Self {
            jwt: kept(config.jwt_secret()?, JWT_FILE)?,
            master: Master::current(config, kept(config.masking_key()?, MASKING_FILE)?),
            previous: Master::previous(config)?,
        })
    }

    /// The secret that `sudare token` signs with: the configured one, else that of a demo that ran in the data folder.
    pub fn for_tokens(config: &Config) -> Result<Secret, KeyError> {
        if let Some(secret) = config.jwt_secret()? {
            return Ok(secret);
        }
        read(&config.data.join(JWT_FILE))?.ok_or(KeyError::NoJwtSecret)
    }

    /// The keys of the maskers as a server with this configuration has them, or the demo that ran in the data folder; `None` where
    /// there is neither.
    pub fn for_masks(config: &Config) -> Result<Option<MaskingKeys>, KeyError> {
        let Some(master) = Master::kept(config)? else {
            return Ok(None);
        };
        masking(&master, Master::previous(config)?.as_ref()).map(Some)
    }

    /// The keys of blind indexes, from where [`Self::for_masks`] has its own.
    pub fn for_indexes(config: &Config) -> Result<Option<BlindKeys>, KeyError> {
        let Some(master) = Master::kept(config)? else {
            return Ok(None);
        };
        blind(&master, Master::previous(config)?.as_ref()).map(Some)
    }

    /// The keys of the maskers.
    pub fn masking(&self) -> Result<MaskingKeys, KeyError> {
        masking(&self.master, self.previous.as_ref())
    }

    /// The keys of blind indexes.
    pub fn blind(&self) -> Result<BlindKeys, KeyError> {
        blind(&self.master, self.previous.as_ref())
    }

    /// The key that seals cursors and node ids (AES-256-SIV takes two keys in one).
    pub fn sealing(&self) -> Result<SecretBox<Vec<u8>>, KeyError> {
        self.master.sealing()
    }

    /// The key that sealed them before, if it is still given.
    pub fn previous_sealing(&self) -> Result<Option<SecretBox<Vec<u8>>>, KeyError> {
        self.previous.as_ref().map(Master::sealing).transpose()
    }
}

impl Master {
    fn current(config: &Config, secret: Secret) -> Self {
        Self {
            id: config.masking.key_id.clone(),
            secret,
        }
    }

    /// The configured one, or that of a demo that ran in the data folder.
    fn kept(config: &Config) -> Result<Option<Self>, KeyError> {
        let secret = match config.masking_key()? {
            Some(secret) => Some(secret),
            None => read(&config.data.join(MASKING_FILE))?,
        };
        Ok(secret.map(|secret| Self::current(config, secret)))
    }

    fn previous(config: &Config) -> Result<Option<Self>, KeyError> {
        let previous = config.previous_masking_key()?;
        Ok(previous.map(|(secret, id)| Self {
            id: id.to_owned(),
            secret,
        }))
    }

    fn masking(&self) -> Result<MaskingKey, KeyError> {
        let key: Zeroizing<[u8; 32]> = self.derive(MASKING)?;
        let key = MaskingKey::new(key.as_slice()).map_err(|_| KeyError::Derive)?;
        Ok(key.with_id(&self.id))
    }

    fn sealing(&self) -> Result<SecretBox<Vec<u8>>, KeyError> {
        let key: Zeroizing<[u8; 64]> = self.derive(b"sudare/sealing/1")?;
        Ok(SecretBox::new(Box::new(key.to_vec())))
    }

    fn derive<const N: usize>(&self, purpose: &[u8]) -> Result<Zeroizing<[u8; N]>, KeyError> {
        let mut key = Zeroizing::new([0; N]);
        let hkdf = Hkdf::<Sha256>::new(None, self.secret.expose());
        // A key of zeros would be the same everywhere: no key is better.
        hkdf.expand(purpose, key.as_mut_slice())
            .map(|()| key)
            .map_err(|_| KeyError::Derive)
    }
}

fn masking(master: &Master, previous: Option<&Master>) -> Result<MaskingKeys, KeyError> {
    let keys = MaskingKeys::new(master.masking()?);
    Ok(match previous {
        Some(previous) => keys.with_previous(previous.masking()?),
        None => keys,
    })
}

fn blind(master: &Master, previous: Option<&Master>) -> Result<BlindKeys, KeyError> {
    let keys = BlindKeys::new(*master.derive(BLIND)?);
    Ok(match previous {
        Some(previous) => keys.with_previous(*previous.derive(BLIND)?),
        None => keys,
    })
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
    use secrecy::ExposeSecret as _;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    fn config(folder: &Path) -> Config {
        Config {
            data: folder.join("data"),
            ..Config::default()
        }
    }

    fn sealing(keys: &Keys) -> Vec<u8> {
        keys.sealing().unwrap().expose_secret().clone()
    }

    #[test]
    fn the_key_before_stays_beside_the_current_one() {
        let folder = tempfile::tempdir().unwrap();
        let secret = |byte: &str| Some(Secret::new(byte.repeat(32)));
        let mut config = config(folder.path());
        config.jwt.secret = secret("j");
        config.masking.key = secret("a");
        let old = Keys::configured(&config).unwrap();
        config.masking.previous_key = config.masking.key.take();
        config.masking.previous_key_id = Some("1".to_owned());
        config.masking.key = secret("b");
        let refused = Keys::configured(&config).unwrap_err().to_string();
        assert!(refused.contains("`masking.previous_key_id`"), "{refused}");
        config.masking.key_id = "2".to_owned();
        let both = Keys::configured(&config).unwrap();
        let before = both.previous_sealing().unwrap().unwrap();
        assert_eq!(*before.expose_secret(), sealing(&old));
        assert_ne!(sealing(&both), sealing(&old));
    }

    #[test]
    fn a_demo_keeps_its_secrets_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        let first = Keys::demo(&config).unwrap();
        let second = Keys::demo(&config).unwrap();
        assert_eq!(first.jwt.expose(), second.jwt.expose());
        assert_eq!(sealing(&first), sealing(&second));
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
        assert_ne!(sealing(&a), sealing(&b));
        let masking: Zeroizing<[u8; 32]> = a.master.derive(MASKING).unwrap();
        assert_ne!(masking[..], sealing(&a)[..32]);
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
        assert!(keys.iter().all(|other| sealing(other) == sealing(&keys[0])));
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
