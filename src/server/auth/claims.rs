//! What a token says, once its signature is checked.

use std::collections::BTreeSet;

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use sudare_policies::Principal;

use crate::server::json::Strict;

use super::TokenFault;

/// More roles than anybody has.
const MAX_ROLES: usize = 64;
/// Longer than the name of any role.
const MAX_ROLE_BYTES: usize = 128;
/// Longer than any subject.
const MAX_SUBJECT_BYTES: usize = 256;

/// All claims; repeated ones are an error.
#[derive(Debug)]
pub(super) struct Claims(Map<String, Value>);

impl<'de> Deserialize<'de> for Claims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Strict::deserialize(deserializer)? {
            Strict(Value::Object(claims)) => Ok(Self(claims)),
            Strict(_) => Err(D::Error::custom("the claims are not an object")),
        }
    }
}

impl Claims {
    /// The principal that they describe.
    pub(super) fn principal(self, roles_claim: &str) -> Result<Principal, TokenFault> {
        // `jsonwebtoken` takes a list of issuers, which no issuer writes.
        if self.0.get("iss").is_some_and(|issuer| !issuer.is_string()) {
            return Err(TokenFault::Issuer);
        }
        let id = match self.0.get("sub") {
            Some(Value::String(id)) if !id.is_empty() && id.len() <= MAX_SUBJECT_BYTES => {
                id.clone()
            }
            _ => return Err(TokenFault::Subject),
        };
        let roles = roles(lookup(&self.0, roles_claim))?;
        Ok(Principal {
            id,
            roles,
            attributes: self.0,
        })
    }
}

/// A claim by its name; if there is none of that name (names with dots exist), by the path that the name spells.
fn lookup<'a>(claims: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    if let Some(claim) = claims.get(path) {
        return Some(claim);
    }
    let mut names = path.split('.');
    let first = claims.get(names.next()?)?;
    names.try_fold(first, |value, name| value.as_object()?.get(name))
}

/// No roles at all are fine, and see nothing.
fn roles(claim: Option<&Value>) -> Result<BTreeSet<String>, TokenFault> {
    let names = match claim {
        None => return Ok(BTreeSet::new()),
        Some(Value::Array(names)) => names.as_slice(),
        Some(name) => std::slice::from_ref(name),
    };
    if names.len() > MAX_ROLES {
        return Err(TokenFault::Roles);
    }
    let role = |name: &Value| match name {
        Value::String(name) if !name.is_empty() && name.len() <= MAX_ROLE_BYTES => Ok(name.clone()),
        _ => Err(TokenFault::Roles),
    };
    names.iter().map(role).collect()
}
