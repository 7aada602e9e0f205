//! The fail-safe rule of positional maskers: what is kept shrinks until enough is hidden.

/// How many graphemes stay hidden whatever the parameters say.
pub(super) fn hidden_at_least(len: usize) -> usize {
    len.div_ceil(3).max(4)
}

/// How many graphemes may be shown at most.
pub(super) fn shown_at_most(len: usize) -> usize {
    len.saturating_sub(hidden_at_least(len))
}

/// The parts that may be kept of `len` graphemes when `first` and `last` are wanted: the longer one shrinks first, and of four or
/// fewer graphemes nothing is kept.
pub(super) fn kept(len: usize, first: usize, last: usize) -> (usize, usize) {
    let most = shown_at_most(len);
    let (mut first, mut last) = (first.min(most), last.min(most));
    while first + last > most {
        if first > last {
            first -= 1;
        } else {
            last -= 1;
        }
    }
    (first, last)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn kept_parts_shrink_evenly() {
        assert_eq!(kept(11, 3, 4), (3, 4));
        assert_eq!(kept(8, 3, 4), (2, 2));
        assert_eq!(kept(5, 3, 4), (1, 0));
        assert_eq!(kept(4, 3, 4), (0, 0));
        assert_eq!(kept(0, 1, 1), (0, 0));
        assert_eq!(kept(30, 16, 16), (10, 10));
    }

    proptest! {
        #[test]
        fn enough_stays_hidden(len in 0usize..200, first in 0usize..40, last in 0usize..40) {
            let (kept_first, kept_last) = kept(len, first, last);
            prop_assert!(kept_first <= first && kept_last <= last);
            prop_assert!(kept_first + kept_last <= len.saturating_sub(hidden_at_least(len)));
        }
    }
}
