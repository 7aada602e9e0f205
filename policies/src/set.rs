//! A loaded set of policies.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};

use crate::classes::Classes;
use crate::compiled::Compiled;
use crate::decision::Tier;
use crate::error::{AudienceError, PolicyErrors};
use crate::files::PolicyFiles;
use crate::load::{Parts, load};
use crate::maskers::{Masker, MaskingKeys};
use crate::masking::{INTERNAL, Masks, SubjectPaths};
use crate::oracle::Oracle;
use crate::roles::Roles;
use crate::rules::Rule;
use crate::shape::Shape;
use crate::store::Store;
use crate::view::View;

/// How many sets of roles are kept compiled; beyond it all are dropped and compiled anew when asked for.
const MAX_ROLE_SETS: usize = 1024;
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

impl Principal {
    /// The claim of this name; `id` is the subject.
    #[must_use]
    pub fn claim(&self, name: &str) -> Option<serde_json::Value> {
        if name == "id" {
            // nobody in particular is nobody: an empty subject equals nothing
            return (!self.id.is_empty()).then(|| serde_json::Value::String(self.id.clone()));
        }
        self.attributes.get(name).cloned()
    }
}

/// One revision of all policies: checked, compiled, immutable. A new one replaces it whole.
#[derive(Debug)]
pub struct PolicySet {
    revision: String,
    shape: Shape,
    parts: Parts,
    compiled: RwLock<HashMap<BTreeSet<String>, Arc<Compiled>>>,
}

impl PolicySet {
    /// Reads `model.conf`, `policy.csv` and `masking.toml` in `dir`.
    ///
    /// # Errors
    /// Everything that is wrong with the files, not only the first of it.
    pub fn load(
        dir: &Path,
        shape: &Shape,
        keys: impl Into<MaskingKeys>,
    ) -> Result<Self, PolicyErrors> {
        Self::from_files(&PolicyFiles::read(dir), shape, keys)
    }

    /// Makes a set of files that are read already.
    ///
    /// # Errors
    /// As [`PolicySet::load`].
    pub fn from_files(
        files: &PolicyFiles,
        shape: &Shape,
        keys: impl Into<MaskingKeys>,
    ) -> Result<Self, PolicyErrors> {
        Ok(Self {
            revision: files.revision(),
            shape: shape.clone(),
            parts: load(files, shape, &keys.into())?,
            compiled: RwLock::default(),
        })
    }

    /// A short hash of the files.
    #[must_use]
    pub fn revision(&self) -> &str {
        &self.revision
    }

    /// The roles that the policies know.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.parts.roles.names()
    }

    /// The smallest group of data subjects that an aggregate may show.
    #[must_use]
    pub fn k(&self) -> u32 {
        self.parts.masks.k
    }

    /// How many rules there are.
    #[must_use]
    pub fn rule_count(&self) -> usize {
        self.parts.rules.len()
    }

    /// What the principal may see, decided as far as it is asked for.
    ///
    /// # Errors
    /// If the roles belong to two audiences.
    pub fn view(
        self: &Arc<Self>,
        mut principal: Principal,
        now: DateTime<Utc>,
    ) -> Result<View, AudienceError> {
        let asked = principal.roles.len();
        principal
            .roles
            .retain(|role| self.parts.roles.number(role).is_some());
        let dropped = asked - principal.roles.len();
        let audience = self.audience(&principal.roles)?;
        let compiled = self.compiled(&principal.roles);
        Ok(View::new(Arc::clone(self), compiled, principal, audience, now).with_dropped(dropped))
    }

    /// Casbin's enforcer over the same rules, for tests and `policy check`; slow.
    #[must_use]
    pub fn oracle<'a>(&'a self, principal: &'a Principal, now: DateTime<Utc>) -> Oracle<'a> {
        Oracle::new(self, principal, now)
    }

    /// What the data looks like.
    #[must_use]
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// The checked parts, for the lints.
    pub(crate) fn parts(&self) -> &Parts {
        &self.parts
    }

    /// The masker for cells of the field at a tier below FULL, keyed for an audience.
    #[must_use]
    pub fn masker(
        &self,
        audience: &str,
        (entity, field): (usize, usize),
        tier: Tier,
    ) -> Option<&Arc<dyn Masker>> {
        self.parts.masks.of(audience, entity, field, tier)
    }

    /// Where the person behind a row of the entity is found, as far as an audience may be told of them.
    #[must_use]
    pub fn subject(&self, audience: &str, entity: usize) -> Option<&SubjectPaths> {
        self.parts.masks.subject(audience, entity)
    }

    pub(crate) fn rules(&self) -> &[Rule] {
        &self.parts.rules
    }

    pub(crate) fn role_graph(&self) -> &Roles {
        &self.parts.roles
    }

    pub(crate) fn store(&self) -> &Store {
        &self.parts.store
    }

    pub(crate) fn classes(&self) -> &Classes {
        &self.parts.classes
    }

    pub(crate) fn masks(&self) -> &Masks {
        &self.parts.masks
    }

    /// The key domain of a principal with these roles.
    ///
    /// # Errors
    /// If they belong to two.
    pub fn audience(&self, roles: &BTreeSet<String>) -> Result<String, AudienceError> {
        let audiences: BTreeMap<&str, &str> = roles
            .iter()
            .map(|role| {
                (
                    self.parts
                        .masks
                        .audiences
                        .get(role)
                        .map_or(INTERNAL, String::as_str),
                    role.as_str(),
                )
            })
            .collect();
        let mut audiences = audiences.into_iter();
        let Some((first, first_role)) = audiences.next() else {
            return Ok(INTERNAL.to_owned());
        };
        match audiences.next() {
            None => Ok(first.to_owned()),
            Some((second, second_role)) => Err(AudienceError {
                first_role: first_role.to_owned(),
                first: first.to_owned(),
                second_role: second_role.to_owned(),
                second: second.to_owned(),
            }),
        }
    }

    fn compiled(&self, roles: &BTreeSet<String>) -> Arc<Compiled> {
        let known = self.compiled.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(compiled) = known.get(roles) {
            return Arc::clone(compiled);
        }
        drop(known);
        let closed = self.parts.roles.closure(
            roles
                .iter()
                .filter_map(|role| self.parts.roles.number(role)),
        );
        let names = closed
            .iter()
            .filter_map(|role| self.parts.roles.name(*role))
            .collect();
        let compiled = Arc::new(Compiled::new(&self.shape, &self.parts.rules, &names));
        let mut known = self
            .compiled
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_ROLE_SETS {
            known.clear();
        }
        known.insert(roles.clone(), Arc::clone(&compiled));
        compiled
    }
}
