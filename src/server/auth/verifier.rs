//! Checks tokens.

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use moka::sync::Cache;
use sha2::{Digest as _, Sha256};
use sudare_policies::Principal;

use crate::config::{Jwt, Secret};

use super::TokenFault;
use super::claims::Claims;

/// Longer than any token of ours; it bounds what the checks below can cost.
const MAX_TOKEN_BYTES: usize = 8 * 1024;

/// Bytes of tokens that are remembered; what they say takes some times as much.
const MAX_KNOWN: u64 = 4 * 1024 * 1024;

/// The role, and the id, of a request without a token.
const ANONYMOUS: &str = "anonymous";

/// Knows which tokens are good.
pub struct Verifier {
    key: DecodingKey,
    validation: Validation,
    roles_claim: String,
    /// Who sends no token.
    anonymous: Arc<Principal>,
    /// Tokens that were good, by their hash: until they expire they need not be checked again.
    known: Cache<[u8; 32], Arc<Known>>,
}

/// What a good token says.
struct Known {
    principal: Arc<Principal>,
    /// The last second at which it is good.
    last: u64,
    /// Its bytes.
    length: usize,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Verifier").finish_non_exhaustive()
    }
}

impl Verifier {
    /// Takes HS256 tokens signed with `secret` that fit `jwt`, and no others.
    pub fn new(jwt: &Jwt, secret: &Secret) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.validate_nbf = true;
        validation.leeway = jwt.leeway_seconds;
        // INVARIANT: a claim that is checked must also be required, since the library skips absent ones.
        let mut required = vec!["exp"];
        if let Some(issuer) = &jwt.issuer {
            validation.set_issuer(&[issuer]);
            required.push("iss");
        }
        if let Some(audience) = &jwt.audience {
            validation.set_audience(&[audience]);
            required.push("aud");
        }
        validation.set_required_spec_claims(&required);
        Self {
            key: DecodingKey::from_secret(secret.expose()),
            validation,
            roles_claim: jwt.roles_claim.clone(),
            anonymous: Arc::new(anonymous()),
            known: Cache::builder()
                .max_capacity(MAX_KNOWN)
                .weigher(|_: &[u8; 32], known: &Arc<Known>| {
                    u32::try_from(known.length).unwrap_or(u32::MAX)
                })
                .build(),
        }
    }

    /// Who sent these headers. Nobody in particular if they have no `Authorization`.
    pub fn principal(&self, headers: &HeaderMap) -> Result<Arc<Principal>, TokenFault> {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let value = match (values.next(), values.next()) {
            (None, _) => return Ok(Arc::clone(&self.anonymous)),
            (Some(value), None) => value.to_str().map_err(|_| TokenFault::Scheme)?,
            (Some(_), Some(_)) => return Err(TokenFault::Scheme),
        };
        let (scheme, token) = value.split_once(' ').ok_or(TokenFault::Scheme)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(TokenFault::Scheme);
        }
        // Before 1970 nothing is good.
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        self.at(
            token.trim_matches(' '),
            now.map_or(u64::MAX, |now| now.as_secs()),
        )
    }

    /// Who has this token, at a second since 1970.
    pub(super) fn at(&self, token: &str, now: u64) -> Result<Arc<Principal>, TokenFault> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenFault::Size);
        }
        let hash = Sha256::digest(token).into();
        if let Some(known) = self.known.get(&hash) {
            return if now <= known.last {
                Ok(Arc::clone(&known.principal))
            } else {
                Err(TokenFault::Expired)
            };
        }
        let principal = Arc::new(self.check(token)?);
        let expires = principal.attributes.get("exp");
        if let Some(expires) = expires.and_then(serde_json::Value::as_u64) {
            let last = expires.saturating_add(self.validation.leeway);
            let principal = Arc::clone(&principal);
            let known = Known {
                principal,
                last,
                length: token.len(),
            };
            self.known.insert(hash, Arc::new(known));
        }
        Ok(principal)
    }

    fn check(&self, token: &str) -> Result<Principal, TokenFault> {
        let header = decode_header(token).map_err(|error| match error.kind() {
            ErrorKind::Json(_) => TokenFault::Header,
            _ => TokenFault::Form,
        })?;
        if asks_for_more(&header) {
            return Err(TokenFault::Header);
        }
        let token =
            decode::<Claims>(token, &self.key, &self.validation).map_err(|error| fault(&error))?;
        token.claims.principal(&self.roles_claim)
    }
}

/// Whether a header names a key of its own or an extension that we would have to understand. `kid` is harmless: there is
/// one key.
fn asks_for_more(header: &Header) -> bool {
    header.crit.is_some()
        || header.jwk.is_some()
        || header.jku.is_some()
        || header.x5u.is_some()
        || header.x5c.is_some()
        || header.enc.is_some()
        || header.zip.is_some()
}

fn anonymous() -> Principal {
    Principal {
        // No subject: a condition on `user.id` must not hold for nobody in particular.
        roles: [ANONYMOUS.to_owned()].into(),
        ..Principal::default()
    }
}

fn fault(error: &Error) -> TokenFault {
    match error.kind() {
        ErrorKind::InvalidSignature => TokenFault::Signature,
        ErrorKind::ExpiredSignature => TokenFault::Expired,
        ErrorKind::ImmatureSignature => TokenFault::NotYet,
        ErrorKind::InvalidIssuer => TokenFault::Issuer,
        ErrorKind::InvalidAudience => TokenFault::Audience,
        ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName => TokenFault::Header,
        ErrorKind::MissingRequiredClaim(claim) | ErrorKind::InvalidClaimFormat(claim) => {
            match claim.as_str() {
                "exp" => TokenFault::Expired,
                "nbf" => TokenFault::NotYet,
                "iss" => TokenFault::Issuer,
                "aud" => TokenFault::Audience,
                _ => TokenFault::Claims,
            }
        }
        ErrorKind::Json(_) => TokenFault::Claims,
        _ => TokenFault::Form,
    }
}
