//! The false identity that was worked out last: the masked cells of a row are mostly of one person.

use std::cell::Cell;
use std::fmt;

use crate::persons::{Person, Told};

/// Keeps one false identity while an answer is written. Whoever writes the answer makes it and drops it with the answer: no two requests
/// share one.
#[derive(Default)]
pub struct IdentityMemo(Cell<Option<Known>>);

/// Tells the identities of one audience and kind of person from all others. Never printed: it comes from their key.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Domain(pub(super) [u8; 32]);

/// An identity, and whose it is.
#[derive(Clone, Copy)]
pub(super) struct Known {
    /// For which audience and kind of person.
    pub(super) domain: Domain,
    /// The key of the person.
    pub(super) key: i64,
    /// What was told of the person.
    pub(super) told: Told,
    /// The identity.
    pub(super) person: Person,
    /// Whether it has what keeps it apart from others.
    pub(super) is_apart: bool,
}

impl IdentityMemo {
    /// What is known of a person.
    pub(super) fn of(&self, domain: Domain, key: i64) -> Option<Known> {
        let known = self.0.get();
        known.filter(|known| known.key == key && known.domain == domain)
    }

    /// Keeps an identity in the place of the one before.
    pub(super) fn keep(&self, known: Known) {
        self.0.set(Some(known));
    }
}

impl fmt::Debug for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Domain(..)")
    }
}

/// Nothing of the person is printed.
impl fmt::Debug for IdentityMemo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdentityMemo(..)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::harness::{Someone, someone, target};
    use super::super::{Masked, Subject, Target, build, declaration};
    use super::*;
    use crate::value::{ValueKind, ValueRef};

    /// What is shown of a person in every text that a false identity has, in the languages of the examples, for two kinds of person.
    fn shown(someone: &Someone, memo: Option<&IdentityMemo>) -> Vec<(Masked, String)> {
        let kinds = ["internal", "partner"].map(|audience| target(audience, ValueKind::Text));
        let examples = declaration("fake_from_key").unwrap().examples.iter();
        let maskers = examples.flat_map(|example| {
            let masker = |target: &Target<'_>| {
                build("fake_from_key", &example.parse().unwrap(), target).ok()
            };
            kinds.each_ref().map(masker).into_iter().flatten()
        });
        maskers
            .map(|masker| {
                let subject = Subject {
                    memo,
                    ..someone.subject()
                };
                let mut out = String::new();
                (masker.mask(ValueRef::Text("x"), &subject, &mut out), out)
            })
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_memo_changes_nothing(people in prop::collection::vec(someone(), 1..4), turns in prop::collection::vec(0usize..4, 1..6)) {
            let memo = IdentityMemo::default();
            for turn in turns {
                let someone = &people[turn % people.len()];
                prop_assert_eq!(shown(someone, Some(&memo)), shown(someone, None));
            }
        }
    }

    #[test]
    fn a_memo_prints_nothing_of_the_person() {
        assert_eq!(format!("{:?}", IdentityMemo::default()), "IdentityMemo(..)");
    }
}
