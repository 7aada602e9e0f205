//! One set of roles: its rules laid out, and what they read of whoever has it.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Utc};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::compiled::Compiled;
use crate::condition::{Reads, Time};
use crate::fingerprint::{Feed, Fingerprint};
use crate::set::{Loaded, Principal};

/// What all principals with the same roles have in common.
#[derive(Debug)]
pub(crate) struct RoleSet {
    pub(crate) compiled: Compiled,
    pub(crate) audience: String,
    reads: Reads,
    /// The hash of policies, keys, roles and audience.
    common: [u8; 32],
}

/// What the rules of a set of roles read of a principal and of the time, and no more: decisions hang on nothing else.
#[derive(Debug)]
pub(crate) struct Basis {
    pub(crate) principal: Principal,
    pub(crate) now: DateTime<Utc>,
}

impl RoleSet {
    /// The rules of these roles and of all that they inherit.
    pub(crate) fn new(loaded: &Loaded, roles: &BTreeSet<String>, audience: String) -> Self {
        let graph = &loaded.parts.roles;
        let own = roles.iter().filter_map(|role| graph.number(role));
        let closed = graph.closure(own);
        let numbers: BTreeSet<usize> = closed
            .into_iter()
            .filter_map(|role| loaded.parts.rules_of.get(role))
            .flatten()
            .copied()
            .collect();
        let rules = || {
            let numbers = numbers.iter();
            numbers.filter_map(|number| Some((*number, loaded.parts.rules.get(*number)?)))
        };
        let mut reads = Reads::default();
        for condition in rules().flat_map(|(_, rule)| rule.conditions.values()) {
            reads.add(&loaded.shape, condition);
        }
        let mut hash = Sha256::new();
        hash.feed(&loaded.identity);
        hash.feed_length(roles.len());
        roles.iter().for_each(|role| hash.feed(role.as_bytes()));
        hash.feed(audience.as_bytes());
        Self {
            compiled: Compiled::new(&loaded.shape, rules()),
            audience,
            reads,
            common: hash.finalize().into(),
        }
    }

    /// The claims that its rules read.
    pub(crate) fn claims(&self) -> impl Iterator<Item = &str> {
        self.reads.claims.iter().map(String::as_str)
    }

    /// About how many bytes it is.
    pub(crate) fn weight(&self) -> usize {
        size_of::<Self>() + self.compiled.weight()
    }

    /// The fingerprint of somebody with these roles; none if the rules look at the clock more closely than at its day.
    pub(crate) fn fingerprint(
        &self,
        principal: &Principal,
        now: DateTime<Utc>,
    ) -> Option<Fingerprint> {
        let mut hash = Sha256::new();
        hash.update(self.common);
        match self.reads.time {
            Time::Never => {}
            Time::Day => hash.update(now.num_days_from_ce().to_be_bytes()),
            Time::Instant => return None,
        }
        for name in &self.reads.claims {
            match (name.as_str(), principal.attributes.get(name)) {
                ("id", _) if principal.id.is_empty() => hash.feed_absent(),
                ("id", _) => hash.feed_text(&principal.id),
                (_, Some(value)) => hash.feed_json(value),
                (_, None) => hash.feed_absent(),
            }
        }
        Some(Fingerprint::of(hash))
    }

    /// What a fingerprint of these roles is made of.
    pub(crate) fn basis(&self, principal: &Principal, now: DateTime<Utc>) -> Basis {
        let mut basis = Principal::default();
        for name in &self.reads.claims {
            if name == "id" {
                basis.id.clone_from(&principal.id);
            } else if let Some(value) = principal.attributes.get(name) {
                basis.attributes.insert(name.clone(), value.clone());
            }
        }
        let day = || now.date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
        Basis {
            principal: basis,
            now: match self.reads.time {
                Time::Never => DateTime::UNIX_EPOCH,
                Time::Day => day(),
                Time::Instant => now,
            },
        }
    }
}

impl Basis {
    /// About how many bytes the claims are.
    pub(crate) fn size(&self) -> usize {
        let claims = self.principal.attributes.values();
        self.principal.id.len() + claims.map(size).sum::<usize>()
    }
}

fn size(value: &Json) -> usize {
    let own = size_of::<Json>();
    match value {
        Json::Null | Json::Bool(_) | Json::Number(_) => own,
        Json::String(text) => own + text.len(),
        Json::Array(items) => own + items.iter().map(size).sum::<usize>(),
        Json::Object(map) => {
            let entries = map.iter();
            own + entries
                .map(|(name, value)| name.len() + size(value))
                .sum::<usize>()
        }
    }
}
