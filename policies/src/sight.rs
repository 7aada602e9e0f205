//! What equal principals see.

use std::sync::{Arc, OnceLock};

use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use crate::checks::Check;
use crate::compiled::{CompiledEntity, Ruling};
use crate::condition::{Condition, Truth};
use crate::decision::{Action, Decision, Grant, Tier};
use crate::fingerprint::Fingerprint;
use crate::maskers::Masker;
use crate::masking::SubjectPaths;
use crate::role_set::{Basis, RoleSet};
use crate::rules::Effect;
use crate::set::Loaded;

static NEVER: Condition = Condition::Constant(Truth::False);
static ALWAYS: Condition = Condition::Constant(Truth::True);
static NOTHING: Decision = Decision { grants: Vec::new() };

/// The tiers that are shown, from the highest, and the action that grants each.
const SHOWN: [(Tier, Action); 3] = [
    (Tier::Full, Action::Full),
    (Tier::Partial, Action::Partial),
    (Tier::Desensitized, Action::Desensitized),
];

/// All that principals of one fingerprint may see: decided once, for the requests of all of them. Nothing is settled before it
/// is asked for, and nothing twice.
///
/// It knows no more of a principal than its rules read, which is what the fingerprint is made of. So nothing that is found
/// out for one of them can be wrong for another.
///
/// All conditions given out are settled and reduced to where they hold (see [`Condition::holding`]): every comparison has
/// a column on its left and a column or a value that is not null on its right, every list holds such values and at least one.
#[derive(Debug)]
pub struct Sight {
    loaded: Arc<Loaded>,
    role_set: Arc<RoleSet>,
    basis: Basis,
    fingerprint: Option<Fingerprint>,
    entities: Vec<EntitySight>,
    visibility: OnceLock<u64>,
}

#[derive(Debug, Default)]
struct EntitySight {
    row: OnceLock<Condition>,
    exists: OnceLock<bool>,
    decisions: Slots<Decision>,
    /// Where each of its rules has its effect, in the order of [`CompiledEntity::place`].
    effective: Slots<Condition>,
}

/// Places for what is found out one by one; they are made when the first of them is.
#[derive(Debug)]
struct Slots<T>(OnceLock<Box<[OnceLock<T>]>>);

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

impl<T> Slots<T> {
    fn get(&self, count: usize, place: usize) -> Option<&OnceLock<T>> {
        let slots = self
            .0
            .get_or_init(|| (0..count).map(|_| OnceLock::new()).collect());
        slots.get(place)
    }
}

impl Sight {
    pub(crate) fn new(
        loaded: Arc<Loaded>,
        role_set: Arc<RoleSet>,
        basis: Basis,
        fingerprint: Option<Fingerprint>,
    ) -> Self {
        let entities = role_set.compiled.entities.iter();
        let entities = entities.map(|_| EntitySight::default()).collect();
        Self {
            loaded,
            role_set,
            basis,
            fingerprint,
            entities,
            visibility: OnceLock::new(),
        }
    }

    /// About how many bytes it may come to hold.
    pub(crate) fn weight(&self) -> usize {
        let settled = size_of::<Condition>() + 4 * self.basis.size();
        size_of::<Self>()
            + self.entities.len() * size_of::<EntitySight>()
            + self.role_set.compiled.mentions * settled
    }

    /// What all principals have in common to whom this belongs. None where a rule looks at the clock more closely than at its
    /// day: then it belongs to one request.
    #[must_use]
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        self.fingerprint
    }

    /// The claims that the rules of the principal's roles read, `id` for the subject.
    pub fn claims(&self) -> impl Iterator<Item = &str> {
        self.role_set.claims()
    }

    /// The key domain of the principal.
    #[must_use]
    pub fn audience(&self) -> &str {
        &self.role_set.audience
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
            .zip(self.role_set.compiled.entities.get(entity));
        let Some((view, compiled)) = found else {
            return &NOTHING;
        };
        let slot = compiled
            .kind(field)
            .and_then(|kind| Some((kind, view.decisions.get(compiled.kinds(), kind)?)));
        match slot {
            Some((kind, decision)) => decision.get_or_init(|| self.decide(entity, compiled, kind)),
            None => &NOTHING,
        }
    }

    /// Where the principal may act on the field.
    #[must_use]
    pub fn may(&self, entity: usize, field: usize, action: Action) -> Condition {
        let ruling = self
            .role_set
            .compiled
            .entities
            .get(entity)
            .and_then(|compiled| {
                let kind = compiled.kind(field)?;
                compiled.field(kind, action)
            });
        self.allowed(entity, ruling)
    }

    /// Where the principal may act on the entity as such: see, create, update or delete its rows.
    #[must_use]
    pub fn may_entity(&self, entity: usize, action: Action) -> Condition {
        let compiled = self.role_set.compiled.entities.get(entity);
        self.allowed(entity, compiled.and_then(|compiled| compiled.whole(action)))
    }

    /// In which rows the principal may look for a value of the field: where that is granted, and where it sees the value anyway.
    #[must_use]
    pub fn may_look_up(&self, entity: usize, field: usize) -> Condition {
        let granted = self.may(entity, field, Action::Lookup);
        Condition::any([granted, self.decision(entity, field).guard(Tier::Full)])
    }

    /// Whether the principal has the field aggregated by a grant on some row. Of rows that are nobody's it is refused: there nobody
    /// could count the persons behind a group.
    #[must_use]
    pub fn may_aggregate(&self, entity: usize, field: usize) -> bool {
        self.subject(entity).is_some() && self.may(entity, field, Action::Aggregate) != NEVER
    }

    /// The smallest group of data subjects that an aggregate may show.
    #[must_use]
    pub fn k(&self) -> u32 {
        self.loaded.parts.masks.k
    }

    /// The step to whose multiples the sums and means of the field are rounded that the principal has by a grant.
    #[must_use]
    pub fn rounding(&self, entity: usize, field: usize) -> Option<Decimal> {
        self.loaded.parts.masks.roundings.of(entity, field)
    }

    /// The sensitivity class of the field.
    #[must_use]
    pub fn class(&self, entity: usize, field: usize) -> &str {
        self.loaded.parts.classes.of(entity, field)
    }

    /// The masker for cells of the field at PARTIAL or DESENSITIZED, keyed for the principal's audience.
    #[must_use]
    pub fn masker(&self, entity: usize, field: usize, tier: Tier) -> Option<&Arc<dyn Masker>> {
        self.loaded
            .parts
            .masks
            .of(self.audience(), entity, field, tier)
    }

    /// What a value of the field must be like that is written.
    #[must_use]
    pub fn check(&self, entity: usize, field: usize) -> Option<Check> {
        self.loaded.parts.masks.check(entity, field)
    }

    /// Whether some row shows the field as a mask from which there is a way back to the value.
    #[must_use]
    pub fn has_way_back(&self, entity: usize, field: usize) -> bool {
        let mut grants = self.decision(entity, field).grants.iter();
        grants.any(|grant| {
            let masker = self.masker(entity, field, grant.tier);
            masker.is_some_and(|masker| masker.has_way_back())
        })
    }

    /// The name of that masker.
    pub(crate) fn masker_name(&self, entity: usize, field: usize, tier: Tier) -> Option<&str> {
        self.loaded.parts.masks.name(entity, field, tier)
    }

    /// Where the person behind a row of the entity is found, for maskers that need it.
    #[must_use]
    pub fn subject(&self, entity: usize) -> Option<&SubjectPaths> {
        self.loaded.parts.masks.subject(self.audience(), entity)
    }

    /// A hash of what exists for the principal and of what it may see in full, name rows by, look up, aggregate or write somewhere:
    /// equal for equal schemas.
    #[must_use]
    pub fn visibility(&self) -> u64 {
        *self.visibility.get_or_init(|| {
            let mut hash = Sha256::new();
            for entity in 0..self.entities.len() {
                let shape = self.loaded.shape.entity(entity);
                let fields = shape.map_or(&[][..], |shape| &shape.fields);
                let exists = self.exists(entity);
                let delete = exists && self.may_entity(entity, Action::Delete) != NEVER;
                hash.update([0xFF, u8::from(exists), u8::from(delete)]);
                for (field, shape) in fields.iter().enumerate() {
                    let may = |action| exists && self.may(entity, field, action) != NEVER;
                    let usable = [
                        exists && self.decision(entity, field).highest() == Tier::Full,
                        exists && self.has_way_back(entity, field),
                        exists && shape.blind && self.may_look_up(entity, field) != NEVER,
                        exists && self.may_aggregate(entity, field),
                        may(Action::Create),
                        may(Action::Update),
                    ];
                    hash.update(usable.map(u8::from));
                }
            }
            let digest = hash.finalize();
            digest
                .iter()
                .take(8)
                .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
        })
    }

    /// The rules about an action on a field, or on an entity as such.
    pub(crate) fn ruling(
        &self,
        entity: usize,
        field: Option<usize>,
        action: Action,
    ) -> Option<&Ruling> {
        let compiled = self.role_set.compiled.entities.get(entity)?;
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
        let some = |rules: &[usize], effect: Effect| {
            let each = rules.iter();
            Condition::any(each.map(|rule| self.effective(entity, *rule, effect).clone()))
        };
        let allow = some(&ruling.allow, Effect::Allow);
        if allow == NEVER || ruling.deny.is_empty() {
            return allow;
        }
        Condition::all([allow, some(&ruling.deny, Effect::Deny).negate()])
    }

    /// Where the rule has its effect: an allow where its condition is known to hold, a deny where it is not known to fail.
    fn effective(&self, entity: usize, rule: usize, effect: Effect) -> &Condition {
        let compiled = self.role_set.compiled.entities.get(entity);
        let slot = self
            .entities
            .get(entity)
            .zip(compiled)
            .and_then(|(sight, compiled)| {
                let place = compiled.place(rule)?;
                sight.effective.get(compiled.rules(), place)
            });
        match (slot, effect) {
            (Some(slot), _) => slot.get_or_init(|| self.settle(entity, rule, effect)),
            // a ruling names no other rules than those of its entity; were it so, less would be shown
            (None, Effect::Allow) => &NEVER,
            (None, Effect::Deny) => &ALWAYS,
        }
    }

    fn settle(&self, entity: usize, rule: usize, effect: Effect) -> Condition {
        let rule = self.loaded.parts.rules.get(rule);
        let condition = rule.and_then(|rule| rule.conditions.get(&entity));
        // a rule always has a condition for what it covers; were it missing, unknown shows less in allow and deny alike
        let settled = condition.map_or(Condition::Constant(Truth::Unknown), |condition| {
            let Basis { principal, now } = &self.basis;
            condition.settle(&self.loaded.shape, principal, *now)
        });
        match effect {
            Effect::Allow => settled.holding(),
            Effect::Deny => settled.not_failing(),
        }
    }

    /// The rules that had a say: those whose conditions can hold, and denies that may.
    fn lines(&self, entity: usize, ruling: &Ruling) -> Vec<usize> {
        let had_a_say =
            |rule: &&usize, effect: Effect| *self.effective(entity, **rule, effect) != NEVER;
        let allows = ruling.allow.iter();
        let denies = ruling.deny.iter();
        let mut lines: Vec<usize> = allows
            .filter(|rule| had_a_say(rule, Effect::Allow))
            .chain(denies.filter(|rule| had_a_say(rule, Effect::Deny)))
            .filter_map(|rule| self.loaded.parts.rules.get(*rule))
            .map(|rule| rule.line)
            .collect();
        lines.sort_unstable();
        lines
    }
}
