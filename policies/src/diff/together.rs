//! What changes only for somebody with several roles: a `deny` of one takes away what another allows.
//!
//! Which sets of roles have to be asked? Say that a set of roles gets more, by an allow of one of them. Then this role gets
//! more, too, beside those that denied it in the old policies, one for each action that could have shown as much: all others
//! only allowed more before, or deny more now. So it is enough to ask one role with one that denies, and where the tiers of
//! a cell are in question, with up to three.

use std::collections::BTreeSet;

use super::change::{Change, Direction, Shown};
use super::grants::{Asked, Class, Comparing, name};
use super::standing::Thing;

/// So many different ways to deny one thing are tried three by three; nobody should need more.
const MOST: usize = 16;

/// What changes for sets of roles and not for a part of them already.
pub(super) fn changes<'a>(
    comparing: &mut Comparing<'a>,
    thing: Thing,
    classes: &[Class<'a>],
    asked: &Asked,
) -> Vec<Change> {
    let standings = comparing.standings;
    let same = |class: &Class<'_>| standings.same(class.standing, asked.actions);
    if classes.iter().all(same) {
        return Vec::new();
    }
    let mut asking = Asking {
        comparing,
        thing,
        classes,
        asked,
    };
    let (mut changes, more) = asking.pairs();
    // who reads of more looks at all who have these roles
    if !more && asked.actions.len() > 1 && asking.may_gain() {
        changes.extend(asking.larger());
    }
    changes
}

struct Asking<'a, 'b> {
    comparing: &'a mut Comparing<'b>,
    thing: Thing,
    classes: &'a [Class<'b>],
    asked: &'a Asked,
}

impl<'a, 'b> Asking<'a, 'b> {
    /// What changes for two roles, and whether anything at all is granted that was not.
    fn pairs(&mut self) -> (Vec<Change>, bool) {
        let alone: Vec<(bool, bool)> = self
            .classes
            .iter()
            .map(|class| {
                let outcome = self.comparing.compare(&[class.standing], self.asked);
                (outcome.more, outcome.less)
            })
            .collect();
        let mut any_more = alone.iter().any(|(more, _)| *more);
        let mut changes = Vec::new();
        let mut asked = BTreeSet::new();
        let allowing: Vec<_> = self.numbered(Self::allows).collect();
        let denying: Vec<_> = self.numbered(Self::denies).collect();
        for (at, class) in &allowing {
            for (other_at, other) in &denying {
                let pair = (at.min(other_at), at.max(other_at));
                if !self.is_of_interest(&[class, other]) || !asked.insert(pair) {
                    continue;
                }
                let members = [class.standing, other.standing];
                let outcome = self.comparing.compare(&members, self.asked);
                let told = |of: fn(&(bool, bool)) -> bool| {
                    let mut either = [*at, *other_at].into_iter();
                    either.any(|at| alone.get(at).is_some_and(of))
                };
                any_more |= outcome.more;
                if (outcome.more && !told(|alone| alone.0))
                    || (outcome.less && !told(|alone| alone.1))
                {
                    let coordinate = self.coordinate();
                    changes.extend(outcome.change(self.asked.what, coordinate, class, &[other]));
                }
            }
        }
        (changes, any_more)
    }

    /// What more is granted to somebody whom two or three roles kept from it.
    fn larger(&mut self) -> Option<Change> {
        let allowing: Vec<_> = self.numbered(Self::allows).collect();
        let denying: Vec<_> = self
            .numbered(Self::denies)
            .map(|(_, class)| class)
            .collect();
        for (_, class) in &allowing {
            if denying.len() > MOST {
                return Some(self.given_up(class, &denying));
            }
            for with in threes(&denying) {
                let members: Vec<&Class<'b>> =
                    std::iter::once(*class).chain(with.clone()).collect();
                if !self.is_of_interest(&members) {
                    continue;
                }
                let standings: Vec<_> = members.iter().map(|class| class.standing).collect();
                let outcome = self.comparing.compare(&standings, self.asked);
                if outcome.more {
                    return outcome.change(self.asked.what, self.coordinate(), class, &with);
                }
            }
        }
        None
    }

    fn coordinate(&self) -> String {
        name(self.comparing.shape, self.thing)
    }

    /// Where there are too many to try: it may be more.
    fn given_up(&self, class: &Class<'b>, with: &[&Class<'b>]) -> Change {
        Change {
            roles: class.names(),
            with: vec![with.iter().flat_map(|class| class.names()).collect()],
            coordinates: vec![self.coordinate()],
            what: self.asked.what,
            direction: Direction::Changed,
            old: Shown::Nothing,
            new: Shown::Text("too many roles deny this to try them together".to_owned()),
        }
    }

    /// Whether some role denies less or is allowed more by one action, be it that another action hides it.
    fn may_gain(&self) -> bool {
        let standings = self.comparing.standings;
        let mut classes = self.classes.iter();
        classes.any(|class| {
            let mut actions = self.asked.actions.iter();
            actions.any(|action| standings.gains(class.standing, *action))
        })
    }

    fn numbered(
        &self,
        which: fn(&Self, &Class<'b>) -> bool,
    ) -> impl Iterator<Item = (usize, &'a Class<'b>)> {
        let classes: &'a [Class<'b>] = self.classes;
        let chosen: Vec<_> = classes
            .iter()
            .enumerate()
            .filter(|(_, class)| which(self, class))
            .collect();
        chosen.into_iter()
    }

    fn allows(&self, class: &Class<'b>) -> bool {
        self.comparing
            .standings
            .allows(class.standing, self.asked.actions)
    }

    fn denies(&self, class: &Class<'b>) -> bool {
        self.comparing
            .standings
            .denies(class.standing, self.asked.actions)
    }

    /// Whether somebody can have all of these roles, which are different ones, and one of them changes.
    fn is_of_interest(&self, members: &[&Class<'b>]) -> bool {
        let meet = |one: &Class<'_>, other: &Class<'_>| {
            let same = |one: Option<&str>, other: Option<&str>| {
                one.is_none() || other.is_none() || one == other
            };
            one.standing != other.standing
                && same(one.audience.old, other.audience.old)
                && same(one.audience.new, other.audience.new)
        };
        let standings = self.comparing.standings;
        let mut pairs = members.iter().enumerate();
        let changed = |class: &&Class<'_>| !standings.same(class.standing, self.asked.actions);
        members.iter().copied().any(|class| changed(&class))
            && pairs.all(|(at, one)| members.iter().skip(at + 1).all(|other| meet(one, other)))
    }
}

/// Any two and any three of them.
fn threes<'a, T>(all: &[&'a T]) -> Vec<Vec<&'a T>> {
    let mut chosen = Vec::new();
    for (at, first) in all.iter().enumerate() {
        for (next, second) in all.iter().enumerate().skip(at + 1) {
            chosen.push(vec![*first, *second]);
            let third = all.iter().skip(next + 1);
            chosen.extend(third.map(|third| vec![*first, *second, *third]));
        }
    }
    chosen
}
