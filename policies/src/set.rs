//! A loaded set of policies.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use moka::sync::Cache;
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use crate::checks::Check;
use crate::classes::Classes;
use crate::decision::Tier;
use crate::error::{AudienceError, PolicyErrors};
use crate::files::PolicyFiles;
use crate::fingerprint::Fingerprint;
use crate::load::{Parts, load};
use crate::maskers::{Masker, MaskingKeys};
use crate::masking::{INTERNAL, Masks, SubjectPaths};
use crate::oracle::Oracle;
use crate::role_set::RoleSet;
use crate::roles::Roles;
use crate::rules::Rule;
use crate::shape::Shape;
use crate::sight::Sight;
use crate::store::Store;
use crate::view::View;

/// About how many bytes of role sets are kept; what is dropped is laid out anew when it is asked for.
const ROLE_SETS: u64 = 16 * 1024 * 1024;

/// About how many bytes of sights are kept; what is dropped is settled anew when it is asked for.
const SIGHTS: u64 = 32 * 1024 * 1024;

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
    loaded: Arc<Loaded>,
    /// By the roles that a principal has.
    role_sets: Cache<BTreeSet<String>, Arc<RoleSet>>,
    sights: Cache<Fingerprint, Arc<Sight>>,
}

/// What was loaded. Sights hold it too: the set holds them, and cannot be held by them.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) shape: Shape,
    pub(crate) parts: Parts,
    /// The hash of the files and of the masking keys.
    pub(crate) identity: [u8; 32],
    revision: String,
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
        let keys = keys.into();
        Ok(Self::of(Loaded {
            shape: shape.clone(),
            parts: load(files, shape, &keys)?,
            identity: identity(files, &keys),
            revision: files.revision(),
        }))
    }

    /// As [`PolicySet::from_files`], with another masker in the place of each for which `other` has one: it is told the audience,
    /// the field and the tier of a masker. For tests alone, which put ideal maskers there: nothing holds these to a declaration.
    ///
    /// # Errors
    /// As [`PolicySet::load`].
    #[doc(hidden)]
    pub fn with_maskers(
        files: &PolicyFiles,
        shape: &Shape,
        keys: impl Into<MaskingKeys>,
        other: impl FnMut(&str, (usize, usize, Tier), &Arc<dyn Masker>) -> Option<Arc<dyn Masker>>,
    ) -> Result<Self, PolicyErrors> {
        static SETS: AtomicU64 = AtomicU64::new(0);
        let keys = keys.into();
        let mut parts = load(files, shape, &keys)?;
        parts.masks.replace(other);
        // Nothing tells what the other maskers do: no two such sets are taken to be alike.
        let mut hash = Sha256::new();
        hash.update(identity(files, &keys));
        hash.update(SETS.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        Ok(Self::of(Loaded {
            shape: shape.clone(),
            parts,
            identity: hash.finalize().into(),
            revision: files.revision(),
        }))
    }

    fn of(loaded: Loaded) -> Self {
        let role_sets = Cache::builder()
            .max_capacity(ROLE_SETS)
            .weigher(|_, role_set: &Arc<RoleSet>| weight(role_set.weight()));
        let sights = Cache::builder()
            .max_capacity(SIGHTS)
            .weigher(|_, sight: &Arc<Sight>| weight(sight.weight()));
        Self {
            loaded: Arc::new(loaded),
            role_sets: role_sets.build(),
            sights: sights.build(),
        }
    }

    /// A short hash of the files.
    #[must_use]
    pub fn revision(&self) -> &str {
        &self.loaded.revision
    }

    /// The roles that the policies know.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.loaded.parts.roles.names()
    }

    /// The smallest group of data subjects that an aggregate may show.
    #[must_use]
    pub fn k(&self) -> u32 {
        self.loaded.parts.masks.k
    }

    /// The step to whose multiples granted sums and means of the field are rounded.
    #[must_use]
    pub fn rounding(&self, entity: usize, field: usize) -> Option<Decimal> {
        self.loaded.parts.masks.roundings.of(entity, field)
    }

    /// How many rules there are.
    #[must_use]
    pub fn rule_count(&self) -> usize {
        self.loaded.parts.rules.len()
    }

    /// What the principal may see, decided as far as it is asked for.
    ///
    /// # Errors
    /// If the roles belong to two audiences.
    pub fn view(
        self: &Arc<Self>,
        principal: impl Into<Arc<Principal>>,
        now: DateTime<Utc>,
    ) -> Result<View, AudienceError> {
        let mut principal = principal.into();
        let is_known = |role: &String| self.loaded.parts.roles.number(role).is_some();
        let asked = principal.roles.len();
        let dropped = asked - principal.roles.iter().filter(|role| is_known(role)).count();
        if dropped > 0 {
            Arc::make_mut(&mut principal).roles.retain(is_known);
        }
        let role_set = self.role_set(&principal.roles)?;
        let fingerprint = role_set.fingerprint(&principal, now);
        let sight = || {
            let basis = role_set.basis(&principal, now);
            let role_set = Arc::clone(&role_set);
            Arc::new(Sight::new(
                Arc::clone(&self.loaded),
                role_set,
                basis,
                fingerprint,
            ))
        };
        let sight = match fingerprint {
            Some(fingerprint) => self.sights.get_with(fingerprint, sight),
            None => sight(),
        };
        Ok(View::new(Arc::clone(self), sight, principal, now).with_dropped(dropped))
    }

    /// Casbin's enforcer over the same rules, for tests and `policy check`; slow.
    #[must_use]
    pub fn oracle<'a>(&'a self, principal: &'a Principal, now: DateTime<Utc>) -> Oracle<'a> {
        Oracle::new(self, principal, now)
    }

    /// What the data looks like.
    #[must_use]
    pub fn shape(&self) -> &Shape {
        &self.loaded.shape
    }

    /// The checked parts, for the lints.
    pub(crate) fn parts(&self) -> &Parts {
        &self.loaded.parts
    }

    /// The masker for cells of the field at a tier below FULL, keyed for an audience.
    #[must_use]
    pub fn masker(
        &self,
        audience: &str,
        (entity, field): (usize, usize),
        tier: Tier,
    ) -> Option<&Arc<dyn Masker>> {
        self.loaded.parts.masks.of(audience, entity, field, tier)
    }

    /// What a value of the field must be like that is written, and the form in which it is stored.
    #[must_use]
    pub fn check(&self, entity: usize, field: usize) -> Option<Check> {
        self.loaded.parts.masks.check(entity, field)
    }

    /// Where the person behind a row of the entity is found, as far as an audience may be told of them.
    #[must_use]
    pub fn subject(&self, audience: &str, entity: usize) -> Option<&SubjectPaths> {
        self.loaded.parts.masks.subject(audience, entity)
    }

    pub(crate) fn rules(&self) -> &[Rule] {
        &self.loaded.parts.rules
    }

    pub(crate) fn role_graph(&self) -> &Roles {
        &self.loaded.parts.roles
    }

    pub(crate) fn store(&self) -> &Store {
        &self.loaded.parts.store
    }

    pub(crate) fn classes(&self) -> &Classes {
        &self.loaded.parts.classes
    }

    pub(crate) fn masks(&self) -> &Masks {
        &self.loaded.parts.masks
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
                    self.loaded
                        .parts
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

    /// About how many bytes of what was decided are kept.
    #[cfg(test)]
    pub(crate) fn bytes_kept(&self) -> u64 {
        self.role_sets.run_pending_tasks();
        self.sights.run_pending_tasks();
        self.role_sets.weighted_size() + self.sights.weighted_size()
    }

    /// The rules of these roles, laid out.
    pub(crate) fn role_set(&self, roles: &BTreeSet<String>) -> Result<Arc<RoleSet>, AudienceError> {
        if let Some(known) = self.role_sets.get(roles) {
            return Ok(known);
        }
        let audience = self.audience(roles)?;
        let new = || Arc::new(RoleSet::new(&self.loaded, roles, audience));
        Ok(self.role_sets.get_with_by_ref(roles, new))
    }
}

/// The hash of all that decides what is seen: two sets that share it answer alike.
fn identity(files: &PolicyFiles, keys: &MaskingKeys) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(files.digest());
    hash.update(keys.identity());
    hash.finalize().into()
}

fn weight(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
