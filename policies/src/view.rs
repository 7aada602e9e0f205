//! What one principal may see at one time.

use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::compiled::{Compiled, CompiledEntity, Ruling};
use crate::condition::{Condition, Truth};
use crate::decision::{Action, Decision, Grant, Tier};
use crate::maskers::Masker;
use crate::masking::SubjectPaths;
use crate::set::{PolicySet, Principal};

static NEVER: Condition = Condition::Constant(Truth::False);
static NOTHING: Decision = Decision { grants: Vec::new() };

/// The tiers that are shown, from the highest, and the action that grants each.
const SHOWN: [(Tier, Action); 3] = [
    (Tier::Full, Action::Full),
    (Tier::Partial, Action::Partial),
    (Tier::Desensitized, Action::Desensitized),
];

/// The policies as they are for one principal at one time. Nothing is settled before it is asked for, and nothing twice.
///
/// All conditions given out are settled and reduced to where they hold (see [`Condition::holding`]): every comparison has
/// a column on its left and a column or a value that is not null on its right, every list holds such values and at least one.
#[derive(Debug)]
pub struct View {
    set: Arc<PolicySet>,
    compiled: Arc<Compiled>,
    principal: Principal,
    audience: String,
    now: DateTime<Utc>,
    dropped: usize,
    entities: Vec<EntityView>,
    visibility: OnceLock<u64>,
}

#[derive(Debug, Default)]
struct EntityView {
    row: OnceLock<Condition>,
    exists: OnceLock<bool>,
    decisions: OnceLock<Vec<OnceLock<Decision>>>,
}

impl View {
    pub(crate) fn new(
        set: Arc<PolicySet>,
        compiled: Arc<Compiled>,
        principal: Principal,
        audience: String,
        now: DateTime<Utc>,
    ) -> Self {
        let entities = compiled
            .entities
            .iter()
            .map(|_| EntityView::default())
            .collect();
        Self {
            set,
            compiled,
            principal,
            audience,
            now,
            dropped: 0,
            entities,
            visibility: OnceLock::new(),
        }
    }

    pub(crate) fn with_dropped(mut self, dropped: usize) -> Self {
        self.dropped = dropped;
        self
    }

    /// The principal, with the roles that the policies know.
    #[must_use]
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The time for which all of this is settled.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// How many roles of the principal the policies do not know.
    #[must_use]
    pub fn dropped_roles(&self) -> usize {
        self.dropped
    }

    /// The key domain of the principal.
    #[must_use]
    pub fn audience(&self) -> &str {
        &self.audience
    }

    /// Whether the entity exists for the principal: it may see or create some row.
    #[must_use]
    pub fn exists(&self, entity: usize) -> bool {
        self.entities.get(entity).is_some_and(|view| {
            *view.exists.get_or_init(|| {
                *self.row(entity) != NEVER || self.may_entity(entity, Action::Create) != NEVER
            })
        })
    }

    /// Which rows of the entity the principal may see.
    #[must_use]
    pub fn row(&self, entity: usize) -> &Condition {
        match self.entities.get(entity) {
            Some(view) => view
                .row
                .get_or_init(|| self.may_entity(entity, Action::Row)),
            None => &NEVER,
        }
    }

    /// What the principal may see of the field, row visibility apart.
    #[must_use]
    pub fn decision(&self, entity: usize, field: usize) -> &Decision {
        let found = self
            .entities
            .get(entity)
            .zip(self.compiled.entities.get(entity));
        let Some((view, compiled)) = found else {
            return &NOTHING;
        };
        let decisions = view
            .decisions
            .get_or_init(|| (0..compiled.kinds()).map(|_| OnceLock::new()).collect());
        match compiled
            .kind(field)
            .and_then(|kind| Some((kind, decisions.get(kind)?)))
        {
            Some((kind, decision)) => decision.get_or_init(|| self.decide(entity, compiled, kind)),
            None => &NOTHING,
        }
    }

    /// Where the principal may act on the field.
    #[must_use]
    pub fn may(&self, entity: usize, field: usize, action: Action) -> Condition {
        let ruling = self.compiled.entities.get(entity).and_then(|compiled| {
            let kind = compiled.kind(field)?;
            compiled.field(kind, action)
        });
        self.allowed(entity, ruling)
    }

    /// Where the principal may act on the entity as such: see, create, update or delete its rows.
    #[must_use]
    pub fn may_entity(&self, entity: usize, action: Action) -> Condition {
        let compiled = self.compiled.entities.get(entity);
        self.allowed(entity, compiled.and_then(|compiled| compiled.whole(action)))
    }

    /// The sensitivity class of the field.
    #[must_use]
    pub fn class(&self, entity: usize, field: usize) -> &str {
        self.set.classes().of(entity, field)
    }

    /// The masker for cells of the field at PARTIAL or DESENSITIZED, keyed for the principal's audience.
    #[must_use]
    pub fn masker(&self, entity: usize, field: usize, tier: Tier) -> Option<&Arc<dyn Masker>> {
        self.set.masks().of(&self.audience, entity, field, tier)
    }

    /// The name of that masker.
    pub(crate) fn masker_name(&self, entity: usize, field: usize, tier: Tier) -> Option<&str> {
        self.set.masks().name(entity, field, tier)
    }

    /// Where the person behind a row of the entity is found, for maskers that need it.
    #[must_use]
    pub fn subject(&self, entity: usize) -> Option<&SubjectPaths> {
        self.set.masks().subject(&self.audience, entity)
    }

    /// A hash of what exists for the principal and of what it may see in full somewhere: equal for equal schemas.
    #[must_use]
    pub fn visibility(&self) -> u64 {
        *self.visibility.get_or_init(|| {
            let mut hash = Sha256::new();
            for entity in 0..self.entities.len() {
                let fields = self
                    .set
                    .shape()
                    .entity(entity)
                    .map_or(0, |shape| shape.fields.len());
                let exists = self.exists(entity);
                hash.update([0xFF, u8::from(exists)]);
                for field in 0..fields {
                    let full = exists && self.decision(entity, field).highest() == Tier::Full;
                    hash.update([u8::from(full)]);
                }
            }
            let digest = hash.finalize();
            digest
                .iter()
                .take(8)
                .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
        })
    }

    /// The policies behind the view.
    pub(crate) fn policies(&self) -> &Arc<PolicySet> {
        &self.set
    }

    pub(crate) fn set(&self) -> &PolicySet {
        &self.set
    }

    /// The rules about an action on a field, or on an entity as such.
    pub(crate) fn ruling(
        &self,
        entity: usize,
        field: Option<usize>,
        action: Action,
    ) -> Option<&Ruling> {
        let compiled = self.compiled.entities.get(entity)?;
        match field {
            Some(field) => compiled.field(compiled.kind(field)?, action),
            None => compiled.whole(action),
        }
    }

    fn decide(&self, entity: usize, compiled: &CompiledEntity, kind: usize) -> Decision {
        let mut grants: Vec<Grant> = Vec::new();
        for (tier, action) in SHOWN {
            let Some(ruling) = compiled.field(kind, action) else {
                continue;
            };
            let when = self.allowed(entity, Some(ruling));
            if when == NEVER || grants.iter().any(|grant| grant.when == when) {
                continue;
            }
            let always = when == Condition::Constant(Truth::True);
            grants.push(Grant {
                tier,
                when,
                rules: self.lines(entity, ruling),
            });
            if always {
                break;
            }
        }
        Decision { grants }
    }

    /// (one of the allows) and not (one of the denies), as far as it is known to hold.
    fn allowed(&self, entity: usize, ruling: Option<&Ruling>) -> Condition {
        let Some(ruling) = ruling else {
            return NEVER.clone();
        };
        let some =
            |rules: &[usize]| Condition::any(rules.iter().map(|rule| self.settled(entity, *rule)));
        let allow = some(&ruling.allow).holding();
        if allow == NEVER || ruling.deny.is_empty() {
            return allow;
        }
        Condition::all([allow, some(&ruling.deny).negate()]).holding()
    }

    fn settled(&self, entity: usize, rule: usize) -> Condition {
        let condition = self
            .set
            .rules()
            .get(rule)
            .and_then(|rule| rule.conditions.get(&entity));
        // a rule always has a condition for what it covers; were it missing, unknown shows less in allow and deny alike
        condition.map_or(Condition::Constant(Truth::Unknown), |condition| {
            condition.settle(self.set.shape(), &self.principal, self.now)
        })
    }

    /// The rules that had a say: those whose conditions can hold, and denies that may.
    fn lines(&self, entity: usize, ruling: &Ruling) -> Vec<usize> {
        let mut lines: Vec<usize> = ruling
            .allow
            .iter()
            .filter(|rule| self.settled(entity, **rule).holding() != NEVER)
            .chain(
                ruling
                    .deny
                    .iter()
                    .filter(|rule| self.settled(entity, **rule) != NEVER),
            )
            .filter_map(|rule| self.set.rules().get(*rule).map(|rule| rule.line))
            .collect();
        lines.sort_unstable();
        lines
    }
}
