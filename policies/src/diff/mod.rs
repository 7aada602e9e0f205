//! What another set of policies discloses more and what less: by what the rules mean, not by how they are written.
//!
//! Both sets are asked, role by role and thing by thing, where something is granted, and the two conditions are held against
//! each other by `condition::proof`. What cannot be proved to show no more counts as showing more.
//!
//! Roles are compared one by one, with all that they inherit. That is not enough where a `deny` changes that only somebody
//! with two roles ever met, so such sets of roles are compared as well (`together`); what their members tell alone is not
//! told again.

mod change;
mod collapse;
mod fields;
mod grants;
mod masking;
mod masks;
mod standing;
mod steering;
mod together;

#[cfg(test)]
mod tests;

pub use change::{Change, Direction, Shown, Step, What};

use self::collapse::collapsed;
use self::grants::{Comparing, THINGS};
use self::standing::{Both, Standings, things};
use crate::set::PolicySet;

/// All that changes from one set of policies to another, over the same data.
#[derive(Clone, Debug, Default)]
pub struct Diff {
    /// Those about everything first, then by role; what changes alike for more roles or fields is one change.
    pub changes: Vec<Change>,
}

impl Diff {
    /// Compares what two sets of policies say.
    #[must_use]
    pub fn new(old: &PolicySet, new: &PolicySet) -> Self {
        let sets = Both { old, new };
        let standings = Standings::new(sets);
        let lower = masks::lower(sets, new.shape());
        let mut comparing = Comparing::new(&standings, new.shape(), &lower);
        let mut changes = masking::changes(sets, &mut comparing);
        for thing in things(new.shape()) {
            let classes = comparing.classes(thing);
            for asked in THINGS.iter().filter(|asked| asked.is_about(thing)) {
                changes.extend(comparing.alone(thing, &classes, asked));
                changes.extend(together::changes(&mut comparing, thing, &classes, asked));
            }
        }
        let changes = steering::marked(changes, &comparing);
        Self {
            changes: collapsed(changes, new.shape()),
        }
    }

    /// Whether something is disclosed that was not, or may be.
    #[must_use]
    pub fn widens(&self) -> bool {
        self.changes.iter().any(Change::widens)
    }
}
