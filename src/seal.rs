//! Sealed identity: cursors and node ids that tell nothing and cannot be made up.
//!
//! AES-SIV (RFC 5297) under keys derived by HKDF (RFC 5869) from one master key: deterministic, so that equal answers are
//! equal bytes. A seal is bound to the audience and to what it is for.

use std::fmt;
use std::sync::Arc;

use aes_siv::KeyInit as _;
use aes_siv::siv::Aes256Siv;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use secrecy::{ExposeSecret as _, SecretBox};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// The seals of one audience. What an older master key sealed is still opened; new seals are made with the current one.
#[derive(Clone)]
pub(crate) struct AudienceSeals {
    cursor: Arc<SealKeys>,
    node: Arc<SealKeys>,
}

/// The key that seals, and the one before it.
struct SealKeys {
    current: SealKey,
    previous: Option<SealKey>,
}

/// Wiped from memory when it is dropped.
type SealKey = Zeroizing<[u8; 64]>;

impl AudienceSeals {
    /// Derives the keys of an audience; `None` only if the library refuses.
    pub(crate) fn new(master: &SecretBox<Vec<u8>>, audience: &str) -> Option<Self> {
        let derive = |purpose: &str| {
            let mut key = Zeroizing::new([0_u8; 64]);
            let info = format!("sudare/seal/v1/{purpose}/{audience}");
            let hkdf = Hkdf::<Sha256>::new(None, master.expose_secret());
            hkdf.expand(info.as_bytes(), key.as_mut_slice())
                .ok()
                .map(|()| key)
        };
        let alone = |current| {
            Arc::new(SealKeys {
                current,
                previous: None,
            })
        };
        Some(Self {
            cursor: alone(derive("cursor")?),
            node: alone(derive("node")?),
        })
    }

    /// Opens what these seals sealed, too.
    pub(crate) fn with_previous(mut self, older: &Self) -> Self {
        for (own, older) in [
            (&mut self.cursor, &older.cursor),
            (&mut self.node, &older.node),
        ] {
            *own = Arc::new(SealKeys {
                current: own.current.clone(),
                previous: Some(older.current.clone()),
            });
        }
        self
    }

    /// The seal of the cursors of one list in one order.
    pub(crate) fn cursor(&self, shape: &str) -> CursorSeal {
        CursorSeal(Seal {
            keys: Arc::clone(&self.cursor),
            bound_to: Sha256::digest(shape).into(),
        })
    }

    /// The seal of the node ids of one entity; unsealing finds out which entity it is, see [`Self::open_node`].
    pub(crate) fn node(&self, entity: &str) -> NodeSeal {
        NodeSeal {
            seal: self.node_seal(),
            entity: entity.to_owned(),
        }
    }

    /// The entity and the key that a node id stands for.
    pub(crate) fn open_node(&self, text: &str) -> Option<(String, i64)> {
        let NodeContent(entity, key) =
            serde_json::from_slice(&self.node_seal().open(text)?).ok()?;
        Some((entity, key))
    }

    fn node_seal(&self) -> Seal {
        Seal {
            keys: Arc::clone(&self.node),
            bound_to: Sha256::digest("node").into(),
        }
    }
}

impl fmt::Debug for AudienceSeals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AudienceSeals")
    }
}

/// A value inside a cursor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum CursorValue {
    #[serde(rename = "n")]
    Null,
    #[serde(rename = "i", with = "fixed")]
    Integer(i64),
    /// A float; its decimal form may not come back the same.
    #[serde(rename = "r", with = "fixed")]
    Real(i64),
    #[serde(rename = "t")]
    Text(String),
    /// A text that stands for another kind of value, in a form of its own.
    #[serde(rename = "s")]
    Stored(String),
}

/// Makes and opens the cursors of one list.
#[derive(Clone, Debug)]
pub(crate) struct CursorSeal(Seal);

impl CursorSeal {
    /// The cursor of a row, from the values of its order keys; `None` only if the library fails.
    pub(crate) fn seal(&self, values: &[CursorValue]) -> Option<String> {
        self.0.seal(&serde_json::to_vec(values).ok()?)
    }

    /// The values of a cursor that was sealed for this very list and order.
    pub(crate) fn open(&self, text: &str) -> Option<Vec<CursorValue>> {
        serde_json::from_slice(&self.0.open(text)?).ok()
    }
}

#[derive(Serialize, Deserialize)]
struct NodeContent(String, #[serde(with = "fixed")] i64);

/// 64 bits as 16 digits: a seal is as long as what is in it, and the length of a key may be all that is hidden of it.
mod fixed {
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &i64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{value:016x}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
        let digits = String::deserialize(deserializer)?;
        u64::from_str_radix(&digits, 16)
            .map(u64::cast_signed)
            .map_err(D::Error::custom)
    }
}

/// Makes the node ids of one entity.
#[derive(Clone, Debug)]
pub(crate) struct NodeSeal {
    seal: Seal,
    entity: String,
}

impl NodeSeal {
    /// The node id of the row with this key.
    pub(crate) fn seal(&self, key: i64) -> Option<String> {
        self.seal
            .seal(&serde_json::to_vec(&NodeContent(self.entity.clone(), key)).ok()?)
    }
}

#[derive(Clone)]
struct Seal {
    keys: Arc<SealKeys>,
    bound_to: [u8; 32],
}

impl Seal {
    fn seal(&self, content: &[u8]) -> Option<String> {
        let sealed = Aes256Siv::new((&*self.keys.current).into())
            .encrypt([&self.bound_to], content)
            .ok()?;
        Some(URL_SAFE_NO_PAD.encode(sealed))
    }

    fn open(&self, text: &str) -> Option<Vec<u8>> {
        let sealed = URL_SAFE_NO_PAD.decode(text).ok()?;
        let mut keys = std::iter::once(&self.keys.current).chain(&self.keys.previous);
        keys.find_map(|key| {
            Aes256Siv::new((&**key).into())
                .decrypt([&self.bound_to], &sealed)
                .ok()
        })
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seals(audience: &str) -> AudienceSeals {
        AudienceSeals::new(&SecretBox::new(Box::new(vec![7; 32])), audience).unwrap()
    }

    #[test]
    fn a_cursor_opens_only_for_its_audience_list_and_order() {
        let values = vec![
            CursorValue::Text("2026".into()),
            CursorValue::Null,
            CursorValue::Integer(7),
        ];
        let text = seals("internal")
            .cursor("Query.customers createdAt")
            .seal(&values)
            .unwrap();
        assert_eq!(
            seals("internal")
                .cursor("Query.customers createdAt")
                .open(&text),
            Some(values)
        );
        assert_eq!(
            seals("internal")
                .cursor("Query.customers fullName")
                .open(&text),
            None
        );
        assert_eq!(
            seals("partner")
                .cursor("Query.customers createdAt")
                .open(&text),
            None
        );
    }

    #[test]
    fn what_the_key_before_sealed_opens_and_is_not_sealed_anew() {
        let old = seals("internal");
        let new = AudienceSeals::new(&SecretBox::new(Box::new(vec![8; 32])), "internal").unwrap();
        let id = old.node("Customer").seal(42).unwrap();
        assert_eq!(new.open_node(&id), None);
        let both = new.clone().with_previous(&old);
        assert_eq!(both.open_node(&id), Some(("Customer".into(), 42)));
        assert_eq!(
            both.node("Customer").seal(42),
            new.node("Customer").seal(42)
        );
        let other = seals("partner").node("Customer").seal(42).unwrap();
        assert_eq!(both.open_node(&other), None);
    }

    #[test]
    fn a_changed_cursor_does_not_open() {
        let seal = seals("internal").cursor("list");
        let text = seal.seal(&[CursorValue::Integer(7)]).unwrap();
        for place in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
            assert_eq!(
                seal.open(&String::from_utf8(bytes).unwrap()),
                None,
                "at {place}"
            );
        }
    }

    #[test]
    fn node_ids_are_equal_for_equal_rows_and_differ_between_audiences() {
        let id = seals("internal").node("Customer").seal(42).unwrap();
        assert_eq!(id, seals("internal").node("Customer").seal(42).unwrap());
        assert_ne!(id, seals("partner").node("Customer").seal(42).unwrap());
        assert_eq!(
            seals("internal").open_node(&id),
            Some(("Customer".into(), 42))
        );
        assert_eq!(seals("partner").open_node(&id), None);
        assert_eq!(seals("internal").open_node("garbage"), None);
    }

    #[test]
    fn seals_do_not_tell_how_long_a_key_is() {
        let node = seals("partner").node("Customer");
        let cursor = seals("partner").cursor("list");
        for key in [9, 1_000_000, i64::MAX, -1] {
            assert_eq!(node.seal(1).unwrap().len(), node.seal(key).unwrap().len());
            let place = |key| cursor.seal(&[CursorValue::Integer(key)]).unwrap();
            assert_eq!(place(1).len(), place(key).len());
            assert_eq!(
                cursor.open(&place(key)),
                Some(vec![CursorValue::Integer(key)])
            );
        }
    }
}
