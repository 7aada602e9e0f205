//! Keys of the keyed maskers: one secret, a key for each audience and class, a function for each purpose.

use std::fmt;

use hkdf::{Hkdf, HmacImpl};
use hmac::Hmac;
use sha2::Sha256;

use crate::value::ValueRef;

/// What keeps these keys apart from any other key derived from the same secret.
const LABEL: &[u8] = b"sudare masking 1";

/// The shortest secret that is accepted, in bytes.
const SHORTEST: usize = 16;

/// The secret that all masking keys come from. Never printed.
#[derive(Clone)]
pub struct MaskingKey(Box<[u8]>);

/// The key of one audience and class. Never printed.
#[derive(Clone)]
pub struct DomainKey([u8; 32]);

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
        Ok(Self(secret.into()))
    }

    /// The key of policy tests: known to everybody, and good for nothing but expectations that stay as they are.
    pub(crate) fn of_tests() -> Self {
        Self(b"the key of policy tests, no secret".as_slice().into())
    }

    /// The key of an audience and a class (HKDF-SHA256): tokens of one domain say nothing about those of another.
    pub fn domain(&self, audience: &str, class: &str) -> DomainKey {
        // The length keeps ("ab", "c") and ("a", "bc") apart.
        let mut domain = (audience.len() as u64).to_be_bytes().to_vec();
        domain.extend_from_slice(audience.as_bytes());
        domain.extend_from_slice(class.as_bytes());
        let (extracted, hkdf) = Hkdf::<Sha256>::extract(Some(&domain), &self.0);
        let mut key: [u8; 32] = extracted.into();
        // One block can always be expanded; were it refused, the extracted key would stay, which is of this domain too.
        let _ = hkdf.expand(LABEL, &mut key);
        DomainKey(key)
    }
}

impl DomainKey {
    /// The keyed function for one purpose, for example a masker and its kind of output.
    pub(super) fn prf(&self, purpose: &[&str]) -> Prf {
        let mut mac = <Hmac<Sha256> as HmacImpl>::new_from_slice(&self.0);
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
        let mut feed = |kind: u8, bytes: &[u8]| {
            HmacImpl::update(&mut mac, &[kind]);
            HmacImpl::update(&mut mac, bytes);
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
        }
        HmacImpl::finalize(mac).into()
    }
}

impl fmt::Debug for MaskingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MaskingKey(..)")
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
                assert_ne!(left.0, right.0);
            }
        }
        assert_eq!(key().domain("a", "b").0, key().domain("a", "b").0);
    }

    #[test]
    fn another_secret_gives_another_key() {
        let other = MaskingKey::new(b"0123456789abcdef0123456789abcdeF").unwrap();
        assert_ne!(key().domain("a", "b").0, other.domain("a", "b").0);
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
        assert_eq!(printed, "MaskingKey(..) DomainKey(..) Prf(..)");
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
            domain.prf(&["ab", "c"]).of(ValueRef::Int(1)),
            domain.prf(&["a", "bc"]).of(ValueRef::Int(1))
        );
    }
}
