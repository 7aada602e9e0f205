//! Keys of the keyed maskers: one secret, a key for each audience and class, a function for each purpose.
//!
//! A secret has an id. While it is replaced, the old one and the new one are held side by side, and each audience is served
//! under one of the two: the new one, unless `[keys]` of `masking.toml` pins it to the old one.

use std::fmt;
use std::sync::Arc;

use hkdf::{Hkdf, HmacImpl};
use hmac::Hmac;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::value::ValueRef;

/// What keeps these keys apart from any other key derived from the same secret.
const LABEL: &[u8] = b"sudare masking 1";

/// The shortest secret that is accepted, in bytes.
const SHORTEST: usize = 16;

/// The id of a secret that nobody named.
pub const FIRST_KEY: &str = "1";

/// The secret that all masking keys come from, with its id. Never printed, and wiped from memory when it is dropped.
#[derive(Clone)]
pub struct MaskingKey {
    id: Arc<str>,
    secret: Zeroizing<Box<[u8]>>,
}

/// The secrets in use: the current one, and the one before it while it is still needed.
#[derive(Clone, Debug)]
pub struct MaskingKeys {
    current: MaskingKey,
    previous: Option<MaskingKey>,
    lenient: bool,
}

/// The key of one audience and class. Never printed.
#[derive(Clone)]
pub struct DomainKey {
    id: Arc<str>,
    key: Zeroizing<[u8; 32]>,
}

/// A masking secret that is too short to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the masking key has {length} bytes; give it at least {SHORTEST}, better 32, from a random source"
)]
pub struct WeakKey {
    /// How many bytes were given.
    pub length: usize,
}

impl MaskingKey {
    /// Takes a secret of at least 16 bytes; 32 random ones are better.
    pub fn new(secret: &[u8]) -> Result<Self, WeakKey> {
        if secret.len() < SHORTEST {
            return Err(WeakKey {
                length: secret.len(),
            });
        }
        Ok(Self {
            id: FIRST_KEY.into(),
            secret: Zeroizing::new(secret.into()),
        })
    }

    /// The same secret under another id.
    #[must_use]
    pub fn with_id(mut self, id: &str) -> Self {
        self.id = id.into();
        self
    }

    /// The key of policy tests: known to everybody, and good for nothing but expectations that stay as they are.
    pub(crate) fn of_tests() -> Self {
        Self {
            id: FIRST_KEY.into(),
            secret: Zeroizing::new(b"the key of policy tests, no secret".as_slice().into()),
        }
    }

    /// The key of an audience and a class (HKDF-SHA256): tokens of one domain say nothing about those of another.
    pub fn domain(&self, audience: &str, class: &str) -> DomainKey {
        // The length keeps ("ab", "c") and ("a", "bc") apart.
        let mut domain = (audience.len() as u64).to_be_bytes().to_vec();
        domain.extend_from_slice(audience.as_bytes());
        domain.extend_from_slice(class.as_bytes());
        let (extracted, hkdf) = Hkdf::<Sha256>::extract(Some(&domain), &self.secret);
        let mut key = Zeroizing::new(<[u8; 32]>::from(extracted));
        // One block can always be expanded; were it refused, the extracted key would stay, which is of this domain too.
        let _ = hkdf.expand(LABEL, key.as_mut_slice());
        DomainKey {
            id: Arc::clone(&self.id),
            key,
        }
    }
}

impl MaskingKeys {
    /// The current secret alone.
    #[must_use]
    pub fn new(current: MaskingKey) -> Self {
        Self {
            current,
            previous: None,
            lenient: false,
        }
    }

    /// With the secret that it replaces, for the audiences that `masking.toml` pins to it.
    #[must_use]
    pub fn with_previous(mut self, previous: MaskingKey) -> Self {
        self.previous = Some(previous);
        self
    }

    /// For tools that mask nothing real, such as a check of the policies: the secret stands for every id.
    #[must_use]
    pub fn lenient(key: MaskingKey) -> Self {
        Self {
            lenient: true,
            ..Self::new(key)
        }
    }

    /// The secret of this id, or the current one if none is asked for.
    pub(crate) fn of(&self, id: Option<&str>) -> Option<&MaskingKey> {
        let Some(id) = id.filter(|_| !self.lenient) else {
            return Some(&self.current);
        };
        self.all().find(|key| &*key.id == id)
    }

    /// The ids of the secrets, the current one first.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.all().map(|key| &*key.id)
    }

    /// What is the same for the same secrets under the same ids, and tells nothing of them.
    pub(crate) fn identity(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update([u8::from(self.lenient)]);
        for key in self.all() {
            hash.update((key.id.len() as u64).to_be_bytes());
            hash.update(key.id.as_bytes());
            // no audience is without a name
            hash.update(key.domain("", "identity").key.as_slice());
        }
        hash.finalize().into()
    }

    fn all(&self) -> impl Iterator<Item = &MaskingKey> {
        std::iter::once(&self.current).chain(&self.previous)
    }
}

impl From<&MaskingKey> for MaskingKeys {
    fn from(key: &MaskingKey) -> Self {
        Self::new(key.clone())
    }
}

impl From<&Self> for MaskingKeys {
    fn from(keys: &Self) -> Self {
        keys.clone()
    }
}

impl DomainKey {
    /// The id of the secret that it comes from.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// The keyed function for one purpose, for example a masker and its kind of output.
    pub(super) fn prf(&self, purpose: &[&str]) -> Prf {
        let mut mac = <Hmac<Sha256> as HmacImpl>::new_from_slice(self.key.as_slice());
        for word in purpose {
            HmacImpl::update(&mut mac, &(word.len() as u64).to_be_bytes());
            HmacImpl::update(&mut mac, word.as_bytes());
        }
        Prf(mac)
    }
}

/// A keyed pseudo-random function over values (HMAC-SHA256), ready to be used many times.
#[derive(Clone)]
pub(super) struct Prf(Hmac<Sha256>);

impl Prf {
    /// The 32 pseudo-random bytes of a value. Values of different kinds never collide on purpose.
    pub(super) fn of(&self, value: ValueRef<'_>) -> [u8; 32] {
        let mut mac = self.0.clone();
        feed(&mut mac, value);
        HmacImpl::finalize(mac).into()
    }

    /// The 32 pseudo-random bytes of two values, in this order.
    pub(super) fn of_both(&self, first: ValueRef<'_>, second: ValueRef<'_>) -> [u8; 32] {
        let mut mac = self.0.clone();
        // The bytes of the first are as many whatever its length, so that the two cannot run into each other.
        HmacImpl::update(&mut mac, b"+");
        HmacImpl::update(&mut mac, &self.of(first));
        feed(&mut mac, second);
        HmacImpl::finalize(mac).into()
    }
}

fn feed(mac: &mut Hmac<Sha256>, value: ValueRef<'_>) {
    let mut feed = |kind: u8, bytes: &[u8]| {
        HmacImpl::update(mac, &[kind]);
        HmacImpl::update(mac, bytes);
    };
    match value {
        ValueRef::Boolean(boolean) => feed(b'b', &[u8::from(boolean)]),
        ValueRef::Int(int) => feed(b'i', &int.to_be_bytes()),
        ValueRef::Float(float) => feed(b'f', &float.to_bits().to_be_bytes()),
        // 1.50 and 1.5 are one number.
        ValueRef::Decimal(decimal) => feed(b'd', &decimal.normalize().serialize()),
        ValueRef::Text(text) => feed(b't', text.as_bytes()),
        ValueRef::Enum(name) => feed(b'e', name.as_bytes()),
        ValueRef::Date(date) => feed(b'y', date.to_string().as_bytes()),
        ValueRef::DateTime(instant) => feed(b'z', instant.to_rfc3339().as_bytes()),
        ValueRef::Json(document) => feed(b'j', document.as_bytes()),
        ValueRef::Uuid(uuid) => feed(b'u', uuid.as_bytes()),
    }
}

impl fmt::Debug for MaskingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MaskingKey({}, ..)", self.id)
    }
}

impl fmt::Debug for DomainKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DomainKey(..)")
    }
}

impl fmt::Debug for Prf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Prf(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> MaskingKey {
        MaskingKey::new(b"0123456789abcdef0123456789abcdef").unwrap()
    }

    #[test]
    fn domains_differ_by_audience_and_by_class() {
        let keys = [
            key().domain("internal", "pii.phone"),
            key().domain("partner", "pii.phone"),
            key().domain("internal", "pii.email"),
            // the border between the two names counts
            key().domain("internalpii.", "phone"),
        ];
        for (i, left) in keys.iter().enumerate() {
            for right in keys.iter().skip(i + 1) {
                assert_ne!(left.key, right.key);
            }
        }
        assert_eq!(key().domain("a", "b").key, key().domain("a", "b").key);
    }

    #[test]
    fn another_secret_gives_another_key() {
        let other = MaskingKey::new(b"0123456789abcdef0123456789abcdeF").unwrap();
        assert_ne!(key().domain("a", "b").key, other.domain("a", "b").key);
    }

    #[test]
    fn short_secrets_are_refused() {
        assert_eq!(MaskingKey::new(&[7; 15]).unwrap_err().length, 15);
        assert!(MaskingKey::new(&[7; 16]).is_ok());
    }

    #[test]
    fn keys_are_never_printed() {
        let domain = key().domain("internal", "pii");
        let printed = format!("{:?} {domain:?} {:?}", key(), domain.prf(&["x"]));
        assert_eq!(printed, "MaskingKey(1, ..) DomainKey(..) Prf(..)");
    }

    #[test]
    fn two_secrets_are_held_side_by_side() {
        let old = key();
        let new = MaskingKey::new(&[9; 32]).unwrap().with_id("2");
        let keys = MaskingKeys::new(new).with_previous(old.clone());
        let tokens = |id| keys.of(id).map(|key| key.domain("partner", "pii").key);
        assert_eq!(tokens(Some("1")), Some(old.domain("partner", "pii").key));
        assert_ne!(tokens(Some("1")), tokens(Some("2")));
        assert_eq!(tokens(None), tokens(Some("2")));
        assert_eq!(tokens(Some("3")), None);
        assert_eq!(keys.ids().collect::<Vec<_>>(), ["2", "1"]);
        assert!(MaskingKeys::lenient(old).of(Some("3")).is_some());
    }

    #[test]
    fn values_of_different_kinds_and_purposes_are_kept_apart() {
        let domain = key().domain("internal", "pii");
        let prf = domain.prf(&["token"]);
        assert_ne!(prf.of(ValueRef::Text("1")), prf.of(ValueRef::Enum("1")));
        assert_ne!(
            prf.of(ValueRef::Int(1)),
            domain.prf(&["fake"]).of(ValueRef::Int(1))
        );
        assert_ne!(
            prf.of_both(ValueRef::Text("ab"), ValueRef::Text("c")),
            prf.of_both(ValueRef::Text("a"), ValueRef::Text("bc"))
        );
        assert_ne!(
            prf.of_both(ValueRef::Int(1), ValueRef::Int(2)),
            prf.of_both(ValueRef::Int(2), ValueRef::Int(1))
        );
        assert_ne!(
            domain.prf(&["ab", "c"]).of(ValueRef::Int(1)),
            domain.prf(&["a", "bc"]).of(ValueRef::Int(1))
        );
    }
}
