//! What each set grants to some roles on one thing, and which of the two grants more.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::change::{Change, Direction, Shown, Step, What};
use super::standing::{Both, Role, Standings, Thing};
use crate::condition::proof::follows;
use crate::condition::{Condition, Truth};
use crate::decision::{Action, Tier};
use crate::shape::Shape;

const ALWAYS: Condition = Condition::Constant(Truth::True);
const NEVER: Condition = Condition::Constant(Truth::False);

/// What is compared of a thing: all that shows a cell in one, since a higher tier hides the lower ones.
pub(super) struct Asked {
    pub(super) what: What,
    pub(super) actions: &'static [Action],
}

/// The actions that show a cell, from the highest tier.
const TIERS: [(Tier, Action); 3] = [
    (Tier::Full, Action::Full),
    (Tier::Partial, Action::Partial),
    (Tier::Desensitized, Action::Desensitized),
];

const fn asked(what: What, actions: &'static [Action]) -> Asked {
    Asked { what, actions }
}

/// All that is compared.
pub(super) const THINGS: [Asked; 8] = [
    asked(What::Action(Action::Row), &[Action::Row]),
    asked(
        What::Tier,
        &[Action::Full, Action::Partial, Action::Desensitized],
    ),
    asked(What::Action(Action::Aggregate), &[Action::Aggregate]),
    asked(What::Action(Action::Lookup), &[Action::Lookup]),
    asked(What::Action(Action::Create), &[Action::Create]),
    asked(What::Action(Action::Update), &[Action::Update]),
    asked(What::Action(Action::Delete), &[Action::Delete]),
    asked(What::Action(Action::Export), &[Action::Export]),
];

impl Asked {
    /// Whether rules decide it for such a thing: rows come and go whole, and what is seen of one is a matter of its fields.
    pub(super) fn is_about(&self, (_, field): Thing) -> bool {
        match self.what {
            What::Action(Action::Row | Action::Delete) => field.is_none(),
            What::Action(Action::Create | Action::Update | Action::Export) => true,
            _ => field.is_some(),
        }
    }
}

/// Roles that stand alike on a thing, and may meet the same others.
pub(super) struct Class<'a> {
    pub(super) roles: Vec<&'a Role>,
    pub(super) audience: Both<Option<&'a str>>,
    pub(super) standing: Both<usize>,
}

impl Class<'_> {
    /// The names of its roles.
    pub(super) fn names(&self) -> Vec<String> {
        self.roles.iter().map(|role| role.name.clone()).collect()
    }
}

/// What a comparison came to.
#[derive(Debug)]
pub(super) struct Outcome {
    /// Whether more is granted somewhere, as far as nobody proves that it is not.
    pub(super) more: bool,
    /// The same of less.
    pub(super) less: bool,
    /// Whether something may have been shown at PARTIAL that is desensitized, with another mask.
    lowered: bool,
    old: Shown,
    new: Shown,
}

/// Who is compared, on what, and whether it makes a difference that a part is desensitized.
type Compared = (Vec<Both<usize>>, What, bool);

/// Comparisons, each made once.
pub(super) struct Comparing<'a> {
    pub(super) standings: &'a Standings,
    pub(super) shape: &'a Shape,
    /// The old mask of PARTIAL and the new one of DESENSITIZED, where the one may tell what the other did not.
    lower: &'a HashMap<Thing, (Shown, Shown)>,
    known: HashMap<Compared, Rc<Outcome>>,
    reached: HashMap<(usize, Action), bool>,
}

impl<'a> Comparing<'a> {
    pub(super) fn new(
        standings: &'a Standings,
        shape: &'a Shape,
        lower: &'a HashMap<Thing, (Shown, Shown)>,
    ) -> Self {
        Self {
            standings,
            shape,
            lower,
            known: HashMap::new(),
            reached: HashMap::new(),
        }
    }

    /// All roles, by where they stand on a thing.
    pub(super) fn classes(&self, thing: Thing) -> Vec<Class<'a>> {
        let mut classes: BTreeMap<_, Vec<&Role>> = BTreeMap::new();
        for role in &self.standings.roles {
            let standing = self.standings.of(role, thing);
            let audience = role.audience.as_ref().of(Option::as_deref);
            classes.entry((audience, standing)).or_default().push(role);
        }
        let classes = classes.into_iter();
        let classes = classes.map(|((audience, standing), roles)| Class {
            roles,
            audience,
            standing,
        });
        classes.collect()
    }

    /// What changes for each role alone.
    pub(super) fn alone(
        &mut self,
        thing: Thing,
        classes: &[Class<'_>],
        asked: &Asked,
    ) -> Vec<Change> {
        let mut changes = Vec::new();
        for class in classes {
            if self.standings.same(class.standing, asked.actions) {
                continue;
            }
            let outcome = self.compare(&[class.standing], asked, thing);
            changes.extend(self.told(&outcome, asked, thing, (class, &[])));
        }
        changes
    }

    /// What changes for somebody who stands so by one role and so by another.
    pub(super) fn compare(
        &mut self,
        members: &[Both<usize>],
        asked: &Asked,
        thing: Thing,
    ) -> Rc<Outcome> {
        let mut members = members.to_vec();
        members.sort_unstable();
        members.dedup();
        let key = (members, asked.what, self.may_lower(asked, thing));
        if let Some(known) = self.known.get(&key) {
            return Rc::clone(known);
        }
        let outcome = Rc::new(self.outcome(&key.0, asked, key.2));
        self.known.insert(key, Rc::clone(&outcome));
        outcome
    }

    /// Whether it makes a difference that what was shown in part is desensitized.
    pub(super) fn may_lower(&self, asked: &Asked, thing: Thing) -> bool {
        asked.what == What::Tier && self.lower.contains_key(&thing)
    }

    fn outcome(&self, members: &[Both<usize>], asked: &Asked, may_lower: bool) -> Outcome {
        let granted = |of: fn(&Both<usize>) -> usize| -> Vec<Condition> {
            let standings: Vec<usize> = members.iter().map(of).collect();
            let actions = asked.actions.iter();
            actions
                .map(|action| simplest(self.standings.granted(&standings, *action)))
                .collect()
        };
        let old = granted(|standing| standing.old);
        let new = granted(|standing| standing.new);
        let (guards, new_guards) = (guards(&old), guards(&new));
        let pairs = || guards.iter().zip(&new_guards);
        let lowered = may_lower && lowers(&guards, &new_guards);
        Outcome {
            more: lowered || pairs().any(|(old, new)| !follows(new, old)),
            less: pairs().any(|(old, new)| !follows(old, new)),
            lowered,
            old: self.shown(&old, asked.what),
            new: self.shown(&new, asked.what),
        }
    }

    /// What is told of a comparison for somebody with one of the roles and one of each of the others, if anything changes.
    pub(super) fn told(
        &self,
        outcome: &Outcome,
        asked: &Asked,
        thing: Thing,
        (class, with): (&Class<'_>, &[&Class<'_>]),
    ) -> Vec<Change> {
        let told = |what, direction, (old, new): (&Shown, &Shown)| Change {
            roles: class.names(),
            with: with.iter().map(|class| class.names()).collect(),
            coordinates: vec![name(self.shape, thing)],
            what,
            direction,
            old: old.clone(),
            new: new.clone(),
        };
        let direction = Direction::of(outcome.more, outcome.less);
        let change =
            direction.map(|direction| told(asked.what, direction, (&outcome.old, &outcome.new)));
        let masks = self.lower.get(&thing).filter(|_| outcome.lowered);
        let masks = masks.map(|(old, new)| {
            let what = What::Mask(Tier::Desensitized);
            told(what, Direction::Changed, (old, new))
        });
        change.into_iter().chain(masks).collect()
    }

    fn shown(&self, granted: &[Condition], what: What) -> Shown {
        if what != What::Tier {
            return match granted.first().unwrap_or(&NEVER) {
                never if *never == NEVER => Shown::Nothing,
                condition => Shown::Where(condition.text(self.shape)),
            };
        }
        let mut above = NEVER;
        let mut steps = Vec::new();
        for ((tier, _), when) in TIERS.iter().zip(granted) {
            if follows(when, &above) {
                continue;
            }
            steps.push(Step {
                tier: *tier,
                when: when.text(self.shape),
            });
            above = Condition::any([above, when.clone()]);
        }
        Shown::Tiers(steps)
    }

    /// Whether somebody who stands so may do this on some row.
    pub(super) fn reaches(&mut self, standing: usize, action: Action) -> bool {
        let standings = self.standings;
        *self
            .reached
            .entry((standing, action))
            .or_insert_with(|| !follows(&standings.granted(&[standing], action), &NEVER))
    }
}

/// Where each tier or one above it is shown.
pub(super) fn guards(granted: &[Condition]) -> Vec<Condition> {
    let tiers = 1..=granted.len();
    tiers
        .map(|count| Condition::any(granted.iter().take(count).cloned()))
        .collect()
}

/// Whether something may have been shown at PARTIAL that is shown at DESENSITIZED, as far as nobody proves that it is not.
fn lowers(old: &[Condition], new: &[Condition]) -> bool {
    let ([full, partial, _], [_, above, shown]) = (old, new) else {
        return false;
    };
    let both = Condition::all([partial.clone(), shown.clone()]);
    let higher = Condition::any([full.clone(), above.clone()]);
    !follows(&both, &higher)
}

/// The condition itself, but for one that always or never holds.
pub(super) fn simplest(condition: Condition) -> Condition {
    if follows(&condition, &NEVER) {
        NEVER
    } else if follows(&ALWAYS, &condition) {
        ALWAYS
    } else {
        condition
    }
}

/// The coordinate of a thing.
pub(super) fn name(shape: &Shape, (entity, field): Thing) -> String {
    match (field, shape.entity(entity)) {
        (None, Some(known)) => known.name.clone(),
        (field, _) => shape.coordinate(entity, field.unwrap_or_default()),
    }
}
