//! What the rules say to each role about each thing, in both sets, as numbers: equal numbers are equal rules.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;

use crate::compiled::Ruling;
use crate::condition::proof::follows;
use crate::condition::{Condition, Truth};
use crate::decision::Action;
use crate::set::PolicySet;
use crate::shape::Shape;

/// An entity as such, or one of its fields.
pub(super) type Thing = (usize, Option<usize>);

/// Of the one set and of the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Both<T> {
    pub(super) old: T,
    pub(super) new: T,
}

impl<T> Both<T> {
    pub(super) fn of<U>(self, each: impl Fn(T) -> U) -> Both<U> {
        Both {
            old: each(self.old),
            new: each(self.new),
        }
    }

    pub(super) fn as_ref(&self) -> Both<&T> {
        Both {
            old: &self.old,
            new: &self.new,
        }
    }
}

/// Conditions by number, of one action on one thing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Stance {
    allow: BTreeSet<usize>,
    deny: BTreeSet<usize>,
}

/// What all rules that a role has say about one thing.
type Standing = BTreeMap<Action, Stance>;

/// A role of either set, with all that it inherits.
#[derive(Debug)]
pub(super) struct Role {
    pub(super) name: String,
    /// None in a set that does not know the role.
    pub(super) audience: Both<Option<String>>,
    on: HashMap<Thing, Both<usize>>,
}

/// The roles of both sets, and what their rules say.
#[derive(Debug, Default)]
pub(super) struct Standings {
    pub(super) roles: Vec<Role>,
    conditions: Numbered<Comparable>,
    standings: Numbered<Standing>,
}

impl Standings {
    pub(super) fn new(sets: Both<&PolicySet>) -> Self {
        let mut standings = Self::default();
        // whom no rule mentions stands at zero
        standings.standings.number(Standing::new());
        let names: BTreeSet<&str> = sets.old.roles().chain(sets.new.roles()).collect();
        for name in names {
            let of = Both {
                old: standings.side(sets.old, name),
                new: standings.side(sets.new, name),
            };
            let mut on: HashMap<Thing, Both<usize>> = HashMap::new();
            for (thing, number) in of.old.1 {
                on.entry(thing).or_default().old = number;
            }
            for (thing, number) in of.new.1 {
                on.entry(thing).or_default().new = number;
            }
            standings.roles.push(Role {
                name: name.to_owned(),
                audience: Both {
                    old: of.old.0,
                    new: of.new.0,
                },
                on,
            });
        }
        standings
    }

    /// The audience of a role in one set, and where it stands on what its rules are about.
    fn side(&mut self, set: &PolicySet, role: &str) -> (Option<String>, Vec<(Thing, usize)>) {
        if set.role_graph().number(role).is_none() {
            return (None, Vec::new());
        }
        // whoever is refused for their audience sees nothing, as nobody in particular does
        let Ok(role_set) = set.role_set(&[role.to_owned()].into()) else {
            return (None, Vec::new());
        };
        let mut stands = Vec::new();
        for thing in things(set.shape()) {
            let (entity, field) = thing;
            let Some(compiled) = role_set.compiled.entities.get(entity) else {
                continue;
            };
            let ruling = |action| match field {
                Some(field) => compiled.field(compiled.kind(field)?, action),
                None => compiled.whole(action),
            };
            let mut standing = Standing::new();
            for action in Action::ALL {
                if let Some(ruling) = ruling(action) {
                    let stance = self.stance(set, entity, ruling);
                    standing.insert(action, stance);
                }
            }
            standing.retain(|_, stance| *stance != Stance::default());
            match self.standings.number(standing) {
                0 => {}
                number => stands.push((thing, number)),
            }
        }
        (Some(role_set.audience.clone()), stands)
    }

    fn stance(&mut self, set: &PolicySet, entity: usize, ruling: &Ruling) -> Stance {
        let mut numbers = |rules: &[usize], idle: &[Truth]| -> BTreeSet<usize> {
            let rules = rules.iter().filter_map(|rule| set.rules().get(*rule));
            // a rule always has a condition for what it covers; were it missing, unknown is what shows least
            let unknown = Condition::Constant(Truth::Unknown);
            let conditions = rules.map(|rule| rule.conditions.get(&entity).unwrap_or(&unknown));
            let idle = |condition: &&Condition| !matches!(condition, Condition::Constant(truth) if idle.contains(truth));
            let conditions = conditions.filter(idle);
            conditions
                .map(|condition| self.conditions.number(Comparable(condition.clone())))
                .collect()
        };
        Stance {
            allow: numbers(&ruling.allow, &[Truth::False, Truth::Unknown]),
            deny: numbers(&ruling.deny, &[Truth::False]),
        }
    }

    /// Where a role stands on a thing.
    pub(super) fn of(&self, role: &Role, thing: Thing) -> Both<usize> {
        role.on.get(&thing).copied().unwrap_or_default()
    }

    /// Where somebody who stands so in one set may do this: where one of the allows is true, and all denies are false.
    pub(super) fn granted(&self, standings: &[usize], action: Action) -> Condition {
        let stances = || {
            standings
                .iter()
                .filter_map(|at| self.stance_at(*at, action))
        };
        let allow = self.any_of(stances().flat_map(|stance| &stance.allow));
        let deny = self.any_of(stances().flat_map(|stance| &stance.deny));
        Condition::all([allow, deny.negate()])
    }

    /// Whether both say the same about these actions.
    pub(super) fn same(&self, standing: Both<usize>, actions: &[Action]) -> bool {
        let at = |action: &Action| standing.of(|number| self.stance_at(number, *action));
        let mut each = actions.iter().map(at);
        standing.old == standing.new || each.all(|stance| stance.old == stance.new)
    }

    /// Whether some allow of either set is about one of these actions.
    pub(super) fn allows(&self, standing: Both<usize>, actions: &[Action]) -> bool {
        self.any(standing, actions, |stance| &stance.allow)
    }

    /// See [`Standings::allows`].
    pub(super) fn denies(&self, standing: Both<usize>, actions: &[Action]) -> bool {
        self.any(standing, actions, |stance| &stance.deny)
    }

    fn any(
        &self,
        standing: Both<usize>,
        actions: &[Action],
        of: fn(&Stance) -> &BTreeSet<usize>,
    ) -> bool {
        let sides = [standing.old, standing.new].into_iter();
        let mut stances = sides.flat_map(|side| {
            actions
                .iter()
                .filter_map(move |action| self.stance_at(side, *action))
        });
        stances.any(|stance| !of(stance).is_empty())
    }

    /// Whether the new set may allow this where the old one did not, or leave out a deny.
    pub(super) fn gains(&self, standing: Both<usize>, action: Action) -> bool {
        self.adds((standing.old, standing.new), action)
    }

    /// Whether the old set may have allowed this where the new one does not, or have left out a deny.
    pub(super) fn loses(&self, standing: Both<usize>, action: Action) -> bool {
        self.adds((standing.new, standing.old), action)
    }

    fn adds(&self, (from, to): (usize, usize), action: Action) -> bool {
        if self.stance_at(from, action) == self.stance_at(to, action) {
            return false;
        }
        let granted = |side| self.granted(&[side], action);
        let spared = |side| {
            let stance = self.stance_at(side, action);
            let denies = stance.into_iter().flat_map(|stance| &stance.deny);
            self.any_of(denies).negate()
        };
        !follows(&granted(to), &granted(from)) || !follows(&spared(to), &spared(from))
    }

    /// Whether one set has an allow, or a deny, of this action.
    pub(super) fn says(&self, standing: usize, action: Action) -> (bool, bool) {
        let stance = self.stance_at(standing, action);
        stance.map_or((false, false), |stance| {
            (!stance.allow.is_empty(), !stance.deny.is_empty())
        })
    }

    /// The conditions of all rules of one set about this action.
    pub(super) fn conditions(
        &self,
        standing: usize,
        action: Action,
    ) -> impl Iterator<Item = &Condition> {
        let stances = self.stance_at(standing, action).into_iter();
        let numbers = stances.flat_map(|stance| stance.allow.iter().chain(&stance.deny));
        let found = numbers.filter_map(|number| self.conditions.list.get(*number));
        found.map(|condition| &condition.0)
    }

    fn any_of<'a>(&self, numbers: impl Iterator<Item = &'a usize>) -> Condition {
        // in the order in which they were met, each once
        let numbers: BTreeSet<&usize> = numbers.collect();
        let found = numbers
            .into_iter()
            .filter_map(|number| self.conditions.list.get(*number));
        Condition::any(found.map(|condition| condition.0.clone()))
    }

    fn stance_at(&self, standing: usize, action: Action) -> Option<&Stance> {
        self.standings.list.get(standing)?.get(&action)
    }
}

/// Every entity, and every field of it.
pub(super) fn things(shape: &Shape) -> impl Iterator<Item = Thing> {
    let entities = shape.entities.iter().enumerate();
    entities.flat_map(|(entity, known)| {
        let fields = (0..known.fields.len()).map(Some);
        std::iter::once(None)
            .chain(fields)
            .map(move |field| (entity, field))
    })
}

/// Different things in the order in which they were met, each with its number.
#[derive(Debug)]
struct Numbered<T> {
    list: Vec<T>,
    numbers: HashMap<T, usize>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self {
            list: Vec::new(),
            numbers: HashMap::new(),
        }
    }
}

impl<T: Clone + Eq + Hash> Numbered<T> {
    fn number(&mut self, thing: T) -> usize {
        if let Some(number) = self.numbers.get(&thing) {
            return *number;
        }
        let number = self.list.len();
        self.list.push(thing.clone());
        self.numbers.insert(thing, number);
        number
    }
}

/// A condition of a rule: its numbers are finite, so that it is equal to itself.
#[derive(Clone, Debug, PartialEq, Hash)]
struct Comparable(Condition);

impl Eq for Comparable {}
