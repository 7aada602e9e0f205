//! What changes only for somebody with several roles: a `deny` of one takes away what another allows.
//!
//! Which sets of roles have to be asked? Say that a set of roles gets more, by an allow of one of them. Then this role gets
//! more, too, beside those that denied it in the old policies, one for each action that could have shown as much: all others
//! only allowed more before, or deny more now. So it is enough to ask one role with one that denies, and where the tiers of
//! a cell are in question, with up to three.
//!
//! What was shown in part and is desensitized may tell more, too. One role showed the part, one shows the rest now; of those who
//! denied the whole before and who deny the part now, one each is enough for the same to be so, or for more to be shown.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::change::{Change, Direction, Shown};
use super::grants::{Asked, Class, Comparing, Outcome, name};
use super::standing::{Both, Thing};
use crate::decision::Action;

/// So many different ways to deny one thing are tried three by three; nobody should need more.
const MOST: usize = 16;

/// So many sets of roles are tried to find one who sees desensitized what was shown in part.
const MOST_SETS: usize = MOST * MOST * MOST;

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
    let (mut changes, mut more) = asking.pairs();
    // who reads of more looks at all who have these roles
    if !more && asked.actions.len() > 1 && asking.may_gain() {
        let larger = asking.larger();
        more = !larger.is_empty();
        changes.extend(larger);
    }
    if !more && asking.may_lower() {
        changes.extend(asking.lowered());
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
                let outcome = self.compare(&[class]);
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
                let outcome = self.compare(&[class, other]);
                let told = |of: fn(&(bool, bool)) -> bool| {
                    let mut either = [*at, *other_at].into_iter();
                    either.any(|at| alone.get(at).is_some_and(of))
                };
                any_more |= outcome.more;
                if (outcome.more && !told(|alone| alone.0))
                    || (outcome.less && !told(|alone| alone.1))
                {
                    changes.extend(self.told(&outcome, class, &[other]));
                }
            }
        }
        (changes, any_more)
    }

    /// What more is granted to somebody whom two or three roles kept from it.
    fn larger(&mut self) -> Vec<Change> {
        let allowing: Vec<_> = self.numbered(Self::allows).collect();
        let denying: Vec<_> = self
            .numbered(Self::denies)
            .map(|(_, class)| class)
            .collect();
        for (_, class) in &allowing {
            if denying.len() > MOST {
                return vec![self.given_up(class, &denying)];
            }
            for with in threes(&denying) {
                let members: Vec<&Class<'b>> =
                    std::iter::once(*class).chain(with.clone()).collect();
                if !self.is_of_interest(&members) {
                    continue;
                }
                let outcome = self.compare(&members);
                if outcome.more {
                    return self.told(&outcome, class, &with);
                }
            }
        }
        Vec::new()
    }

    /// What is desensitized for somebody who saw a part of it, by several roles: all pairs, else the first larger sets.
    fn lowered(&mut self) -> Vec<Change> {
        let [part, rest, whole_denied, part_denied] = self.lowering();
        let beside = (whole_denied.len() + 1) * (part_denied.len() + 1);
        if (part.len() * rest.len()).saturating_mul(beside) > MOST_SETS {
            let first = part.first();
            return first
                .map(|class| self.given_up(class, &rest))
                .into_iter()
                .collect();
        }
        let mut changes = Vec::new();
        let mut known = BTreeSet::new();
        for beside in ones_or_none(&whole_denied, &part_denied) {
            for one in part.iter().copied() {
                for other in rest.iter().copied() {
                    let all = std::iter::once(other).chain(beside.iter().copied());
                    let with = others(one, all);
                    let members: Vec<_> = std::iter::once(one).chain(with.clone()).collect();
                    if with.is_empty() || !self.is_of_interest(&members) {
                        continue;
                    }
                    let outcome = self.compare(&members);
                    let names: BTreeSet<_> = members.iter().map(|class| class.names()).collect();
                    if outcome.more && known.insert(names) {
                        changes.extend(self.told(&outcome, one, &with));
                    }
                }
            }
            // pairs come first
            if !changes.is_empty() {
                break;
            }
        }
        changes
    }

    /// Who showed a part, who desensitizes, who denied the whole, and who denies the part.
    fn lowering(&self) -> [Vec<&'a Class<'b>>; 4] {
        let standings = self.comparing.standings;
        let classes: &'a [Class<'b>] = self.classes;
        let chosen = |which: &dyn Fn(Both<usize>) -> bool| {
            let chosen = classes.iter().filter(|class| which(class.standing));
            chosen.collect()
        };
        [
            chosen(&|standing| standings.says(standing.old, Action::Partial).0),
            chosen(&|standing| standings.says(standing.new, Action::Desensitized).0),
            chosen(&|standing| standings.says(standing.old, Action::Full).1),
            chosen(&|standing| standings.says(standing.new, Action::Partial).1),
        ]
    }

    fn compare(&mut self, members: &[&Class<'_>]) -> Rc<Outcome> {
        let standings: Vec<_> = members.iter().map(|class| class.standing).collect();
        self.comparing.compare(&standings, self.asked, self.thing)
    }

    fn told(&self, outcome: &Outcome, class: &Class<'_>, with: &[&Class<'_>]) -> Vec<Change> {
        let whom = (class, with);
        self.comparing.told(outcome, self.asked, self.thing, whom)
    }

    /// Where there are too many to try: it may be more.
    fn given_up(&self, class: &Class<'b>, with: &[&Class<'b>]) -> Change {
        Change {
            roles: class.names(),
            with: vec![with.iter().flat_map(|class| class.names()).collect()],
            coordinates: vec![name(self.comparing.shape, self.thing)],
            what: self.asked.what,
            direction: Direction::Changed,
            old: Shown::Nothing,
            new: Shown::Text("too many roles speak of this to try them together".to_owned()),
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

    /// Whether somebody may lose sight of a part, and what they see then makes a difference.
    fn may_lower(&self) -> bool {
        let standings = self.comparing.standings;
        let mut classes = self.classes.iter();
        self.comparing.may_lower(self.asked, self.thing)
            && classes.any(|class| standings.loses(class.standing, Action::Partial))
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

/// Those that are not the first one, each once.
fn others<'a, T>(first: &T, all: impl Iterator<Item = &'a T>) -> Vec<&'a T> {
    let mut others: Vec<&T> = Vec::new();
    for other in all {
        let known = others.iter().any(|known| std::ptr::eq(*known, other));
        if !known && !std::ptr::eq(first, other) {
            others.push(other);
        }
    }
    others
}

/// Of each of the two one or none, the smaller choices first.
fn ones_or_none<'a, T>(ones: &[&'a T], others: &[&'a T]) -> Vec<Vec<&'a T>> {
    let alone = ones.iter().chain(others).map(|one| vec![*one]);
    let both = ones
        .iter()
        .flat_map(|one| others.iter().map(|other| vec![*one, *other]));
    std::iter::once(Vec::new())
        .chain(alone)
        .chain(both)
        .collect()
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
