//! When rounded sums and means tell less.

use std::collections::HashMap;

use rust_decimal::Decimal;

use crate::diff::Direction;
use crate::diff::fields::rounded;

/// The nearest multiple of a step, of two the one away from zero, as the gateway has it.
fn nearest(value: i64, step: i64) -> i64 {
    (2 * value.abs() + step) / (2 * step) * step * value.signum()
}

/// What is shown: with as many digits as the field has.
fn shown(value: i64, step: i64, digit: i64) -> i64 {
    nearest(nearest(value, step), digit)
}

/// Whether whoever knows what was shown knows what is to be shown.
fn is_known(old: i64, new: i64, digit: i64) -> bool {
    let mut known = HashMap::new();
    let values = (-1200..=1200).filter(|value| value % digit == 0);
    values.into_iter().all(|value| {
        let new = shown(value, new, digit);
        *known.entry(shown(value, old, digit)).or_insert(new) == new
    })
}

#[test]
fn what_narrows_is_known_from_what_was_shown() {
    let mut narrower = 0;
    for scale in [0, 3] {
        let step = |units| Some(Decimal::new(units, scale));
        for old in 1..=24 {
            for new in (1..=75).filter(|new| *new != old) {
                let direction = rounded(step(old), step(new)).unwrap();
                for digit in [1, 2, 10] {
                    if direction == Direction::Narrows {
                        narrower += 1;
                        assert!(is_known(old, new, digit), "{old} -> {new}, by {digit}");
                    } else if old % 2 == 0 && digit == 1 {
                        // each tie is a value, so that nothing is lost by asking for a proof
                        assert!(!is_known(old, new, digit), "{old} -> {new}");
                    }
                }
                let back = rounded(step(new), step(old)).unwrap();
                let turned = direction == Direction::Narrows;
                assert_eq!(back == Direction::Widens, turned, "{old} -> {new}");
            }
        }
    }
    assert!(narrower > 300, "{narrower}");
}

#[test]
fn steps_at_the_ends_of_what_may_be_written_are_compared() {
    let least = Decimal::new(1, 6);
    let most = Decimal::from(1_000_000_000_000_000_i64);
    assert_eq!(rounded(Some(least), Some(most)), Some(Direction::Changed));
    let odd = Some(most - least);
    assert_eq!(rounded(Some(least), odd), Some(Direction::Narrows));
    assert_eq!(rounded(odd, Some(least)), Some(Direction::Widens));
    assert_eq!(rounded(odd, odd), None);
}
