//! A short name for all that a principal may see.

use std::fmt;

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

/// Equal for principals for whom every decision, row condition, masker, audience and visibility is equal, as long as the
/// policies and the masking keys are the same; it may be kept and compared later.
///
/// Made of the policies, the keys, the roles that the policies know, and of those claims alone that some rule of these roles
/// reads. Claims are partly chosen by others, so it is a cryptographic hash: nobody can make two that meet.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// The first half of the hash.
    pub(crate) fn of(hash: Sha256) -> Self {
        let digest = <[u8; 32]>::from(hash.finalize());
        let mut bytes = [0; 16];
        bytes
            .iter_mut()
            .zip(digest)
            .for_each(|(own, byte)| *own = byte);
        Self(bytes)
    }
}

impl Fingerprint {
    /// As bytes, for keys that are made of more than it.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

/// Feeds a hash so that no two different sequences of things are the same bytes: all that is of no fixed length has its
/// length before it, and every value its kind.
pub(crate) trait Feed {
    fn feed_length(&mut self, length: usize);
    fn feed(&mut self, bytes: &[u8]);
    fn feed_absent(&mut self);
    fn feed_text(&mut self, text: &str);
    fn feed_json(&mut self, value: &Json);
}

impl Feed for Sha256 {
    fn feed_length(&mut self, length: usize) {
        self.update((length as u64).to_be_bytes());
    }

    fn feed(&mut self, bytes: &[u8]) {
        self.feed_length(bytes.len());
        self.update(bytes);
    }

    fn feed_absent(&mut self) {
        self.update(b"-");
    }

    fn feed_text(&mut self, text: &str) {
        self.update(b"s");
        self.feed(text.as_bytes());
    }

    /// The order in which an object has its keys makes no difference.
    fn feed_json(&mut self, value: &Json) {
        match value {
            Json::Null => self.update(b"n"),
            Json::Bool(value) => self.update([b'b', u8::from(*value)]),
            Json::Number(number) => match number.as_i64() {
                Some(whole) => {
                    self.update(b"i");
                    self.update(whole.to_be_bytes());
                }
                None => {
                    self.update(b"d");
                    self.feed(number.to_string().as_bytes());
                }
            },
            Json::String(text) => self.feed_text(text),
            Json::Array(items) => {
                self.update(b"a");
                self.feed_length(items.len());
                items.iter().for_each(|item| self.feed_json(item));
            }
            Json::Object(map) => {
                self.update(b"o");
                self.feed_length(map.len());
                let mut entries: Vec<_> = map.iter().collect();
                entries.sort_unstable_by_key(|(name, _)| *name);
                for (name, value) in entries {
                    self.feed(name.as_bytes());
                    self.feed_json(value);
                }
            }
        }
    }
}
