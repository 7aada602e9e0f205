//! A loaded set of policies.

use std::collections::BTreeSet;

/// Who asks.
#[derive(Clone, Debug, Default)]
pub struct Principal {
    /// The subject.
    pub id: String,
    /// The roles, as the token names them.
    pub roles: BTreeSet<String>,
    /// The claims.
    pub attributes: serde_json::Map<String, serde_json::Value>,
}
