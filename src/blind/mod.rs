//! Blind indexes: keyed hashes of values, by which a row is found without a look at the value.
//!
//! An index is HMAC-SHA256 (RFC 2104) of one form of the value, under a key that is derived (HKDF, RFC 5869) for the table, the
//! column and the way in which the form is made: so equal values of two columns have nothing in common. Before it stands a mark of
//! the key. What was made with another key, or of another form, is known by it, and never taken for the index of another value.
//! Whoever has the database and not the key can tell which rows share a value, and neither the value nor whether a guess is right.

mod fill;
mod whole;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use hkdf::{Hkdf, HmacImpl};
use hmac::Hmac;
use sha2::Sha256;
use sudare_entities::Catalog;
use sudare_entities::catalog::{Entity, Field};
use sudare_policies::PolicySet;
use sudare_policies::checks::Check;
use sudare_policies::value::Value;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

pub use fill::{FillError, Filled, fill};
pub(crate) use whole::is_whole;

/// What the keys are derived for. Another way to make forms or indexes wants another label.
const LABEL: &[u8] = b"sudare blind index 1";

/// Bytes of the mark of a key.
const MARK: usize = 6;

/// What stands between the mark and the hash: no letter of either.
const DOT: char = '.';

/// The character that follows it.
const AFTER_DOT: char = '/';

/// Characters that a value must have whose class has no check: if there were fewer, values could be tried one after the other.
const FEWEST: usize = 4;

/// The secrets of all blind indexes: the current one, and the one before it while rows may still have its indexes.
#[derive(Clone)]
pub struct BlindKeys {
    current: Secret,
    previous: Option<Secret>,
}

/// Wiped from memory when it is dropped.
type Secret = Zeroizing<[u8; 32]>;

/// The blind index of one field under one set of policies.
#[derive(Clone, Debug)]
pub struct BlindIndex {
    /// Where it is kept.
    pub(crate) place: Place,
    /// What says which values are full ones, and in which form they are compared.
    check: Option<Check>,
    current: FieldKey,
    previous: Option<FieldKey>,
}

/// The table and the columns of a blind index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) table: String,
    pub(crate) key: String,
    /// The column that is indexed.
    pub(crate) column: String,
    /// The column that holds the index.
    pub(crate) index: String,
}

/// The key of one field and its mark.
#[derive(Clone)]
struct FieldKey {
    key: Secret,
    mark: String,
}

/// Which of the two keys an index is made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Made {
    Now,
    Before,
}

impl BlindKeys {
    /// The current secret alone.
    #[must_use]
    pub fn new(secret: [u8; 32]) -> Self {
        Self {
            current: Zeroizing::new(secret),
            previous: None,
        }
    }

    /// With the secret that it replaces: what was indexed with that one is still found.
    #[must_use]
    pub fn with_previous(mut self, secret: [u8; 32]) -> Self {
        self.previous = Some(Zeroizing::new(secret));
        self
    }

    /// The index of a field; `None` if it has none.
    pub(crate) fn index(
        &self,
        entity: &Entity,
        field: &Field,
        check: Option<Check>,
    ) -> Option<BlindIndex> {
        let place = Place {
            table: entity.table.clone(),
            key: entity.fields.get(entity.key)?.column.clone(),
            column: field.column.clone(),
            index: field.blind.clone()?,
        };
        let key = |secret| FieldKey::new(secret, &place, check);
        Some(BlindIndex {
            current: key(&self.current)?,
            previous: match &self.previous {
                Some(secret) => Some(key(secret)?),
                None => None,
            },
            check,
            place,
        })
    }

    /// The indexes of all fields that have one, as these policies want them.
    #[must_use]
    pub fn indexes(&self, catalog: &Catalog, policies: &PolicySet) -> Vec<BlindIndex> {
        let entities = catalog.entities.iter().enumerate();
        let fields = entities.flat_map(|(at, entity)| {
            let fields = entity.fields.iter().enumerate();
            fields.map(move |(position, field)| ((at, position), entity, field))
        });
        fields
            .filter_map(|((at, position), entity, field)| {
                self.index(entity, field, policies.check(at, position))
            })
            .collect()
    }
}

impl BlindIndex {
    /// What is stored beside a value. Of one that its class would refuse, too: every value has an index.
    #[must_use]
    pub fn of(&self, value: &str) -> String {
        let form = self.form(value);
        self.current
            .index(&form.unwrap_or_else(|_| folded(&plain(value))))
    }

    /// The index to look for, if the value is a full one.
    ///
    /// # Errors
    /// What it must be like, to be read after the name of a place; the value is not in it.
    pub(crate) fn wanted(&self, value: &str, made: Made) -> Result<String, &'static str> {
        let form = self.form(value)?;
        if self.check.is_none() && form.chars().count() < FEWEST {
            return Err("must be the whole value, of at least 4 characters");
        }
        let key = match made {
            Made::Now => &self.current,
            Made::Before => self.previous.as_ref().unwrap_or(&self.current),
        };
        Ok(key.index(&form))
    }

    /// With which keys the index of a row may be made.
    pub(crate) fn made(&self) -> impl Iterator<Item = Made> {
        let before = self.previous.as_ref().map(|_| Made::Before);
        std::iter::once(Made::Now).chain(before)
    }

    /// For each of these keys, the texts between which all of its indexes are: not less than the first, less than the second.
    fn ranges(&self) -> Vec<(String, String)> {
        let keys = std::iter::once(&self.current).chain(&self.previous);
        let range = |key: &FieldKey| {
            let FieldKey { mark, .. } = key;
            (format!("{mark}{DOT}"), format!("{mark}{AFTER_DOT}"))
        };
        keys.map(range).collect()
    }

    /// What tells it from any other index: of another field, another form or other keys.
    pub(crate) fn marks(&self) -> String {
        let keys = std::iter::once(&self.current).chain(&self.previous);
        keys.map(|key| key.mark.as_str()).collect()
    }

    /// The one form of a value: as it would be stored if it were written, with its case folded.
    fn form(&self, value: &str) -> Result<String, &'static str> {
        let text = plain(value);
        let Some(check) = self.check else {
            return Ok(folded(&text));
        };
        // What a text must be like does not depend on the time.
        match check.apply(&Value::Text(text), DateTime::<Utc>::UNIX_EPOCH)? {
            Value::Text(stored) => Ok(folded(&stored)),
            _ => Err("must be a text"),
        }
    }
}

/// The text as whoever typed it means it: other widths of its letters and blanks around it are no difference.
fn plain(value: &str) -> String {
    let composed: String = value.nfkc().collect();
    composed.trim().to_owned()
}

/// The text with its case folded: whoever asks for an address may have heard it.
fn folded(text: &str) -> String {
    caseless::default_case_fold_str(text).nfkc().collect()
}

impl FieldKey {
    /// `None` only if the library refuses.
    fn new(secret: &Secret, place: &Place, check: Option<Check>) -> Option<Self> {
        let mut info = LABEL.to_vec();
        for word in [&*place.table, &*place.column, check.map_or("", Check::name)] {
            // The lengths keep ("ab", "c") and ("a", "bc") apart.
            info.extend_from_slice(&(word.len() as u64).to_be_bytes());
            info.extend_from_slice(word.as_bytes());
        }
        let mut key = Zeroizing::new([0; 32]);
        let mut mark = [0; MARK];
        let hkdf = Hkdf::<Sha256>::from_prk(secret.as_slice()).ok()?;
        hkdf.expand_multi_info(&[&info, b"key"], key.as_mut_slice())
            .ok()?;
        hkdf.expand_multi_info(&[&info, b"mark"], &mut mark).ok()?;
        Some(Self {
            key,
            mark: URL_SAFE_NO_PAD.encode(mark),
        })
    }

    fn index(&self, form: &str) -> String {
        let mut mac = <Hmac<Sha256> as HmacImpl>::new_from_slice(self.key.as_slice());
        HmacImpl::update(&mut mac, form.as_bytes());
        let hash: [u8; 32] = HmacImpl::finalize(mac).into();
        format!("{}{DOT}{}", self.mark, URL_SAFE_NO_PAD.encode(hash))
    }
}

impl fmt::Debug for BlindKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BlindKeys(..)")
    }
}

impl fmt::Debug for FieldKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FieldKey({}, ..)", self.mark)
    }
}

#[cfg(test)]
mod tests;
