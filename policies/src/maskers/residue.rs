//! What is left to guess: how many values may stand behind a mask, for somebody who knows how such values are made and nothing else.

use chrono::{DateTime, Days, NaiveDate};
use rust_decimal::Decimal;
use unicode_segmentation::UnicodeSegmentation;

use super::declaration::Budget;
use super::text::{LONGEST, tidy_compatible};
use super::{Declaration, Masked, Masker, Subject};
use crate::checksum;
use crate::value::ValueRef;

/// How many values look like this one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Residue {
    /// Every value there is: the mask does not depend on it.
    All,
    /// Every value there is, for whoever lacks the key.
    WithoutKey,
    /// About so many.
    About(f64),
    /// More than can be counted here.
    Many,
}

/// The most values on either side of a number or a day that are looked at.
const FARTHEST: u64 = 1 << 40;
/// Chinese characters in everyday use.
const HAN: f64 = 3_500.0;
/// Letters of an alphabet.
const LETTERS: f64 = 26.0;
/// Days of a century, in which almost everybody was born.
const DAYS: f64 = 36_525.0;

/// Counts the values that the masker shows as it shows this one, without a subject.
#[must_use]
pub fn residue(masker: &dyn Masker, declaration: &Declaration, value: ValueRef<'_>) -> Residue {
    match declaration.budget {
        Budget::Nothing => return Residue::All,
        Budget::Keyed => return Residue::WithoutKey,
        _ => {}
    }
    let mut shown = String::new();
    let masked = masker.mask(value, &Subject::default(), &mut shown);
    match (value, masked) {
        (_, Masked::Null) => Residue::Many,
        (ValueRef::Text(text), Masked::Text) => hidden_in(text, &shown),
        (
            ValueRef::Int(_) | ValueRef::Decimal(_) | ValueRef::Date(_) | ValueRef::DateTime(_),
            _,
        ) => {
            match (
                reach(masker, value, masked, 1),
                reach(masker, value, masked, -1),
            ) {
                (Some(up), Some(down)) => Residue::About((up + down + 1) as f64),
                _ => Residue::Many,
            }
        }
        _ => Residue::Many,
    }
}

/// How far one can go from the value until the mask changes; none if it does not within reason.
fn reach(masker: &dyn Masker, value: ValueRef<'_>, masked: Masked, sign: i64) -> Option<u64> {
    let same = |distance: u64| {
        let moved = i64::try_from(distance)
            .ok()
            .and_then(|distance| moved(value, distance * sign));
        moved.is_some_and(|moved| {
            masker.mask(moved, &Subject::default(), &mut String::new()) == masked
        })
    };
    let mut outside = 1;
    while same(outside) {
        outside *= 2;
        if outside > FARTHEST {
            return None;
        }
    }
    let mut inside = outside / 2;
    while outside - inside > 1 {
        let middle = inside + (outside - inside) / 2;
        if same(middle) {
            inside = middle;
        } else {
            outside = middle;
        }
    }
    Some(inside)
}

/// The value that is so many of its smallest steps away: units of the last digit, days, seconds.
fn moved(value: ValueRef<'_>, by: i64) -> Option<ValueRef<'static>> {
    match value {
        ValueRef::Int(int) => int.checked_add(by).map(ValueRef::Int),
        ValueRef::Decimal(decimal) => {
            let step = Decimal::try_from_i128_with_scale(i128::from(by), decimal.scale()).ok()?;
            decimal.checked_add(step).map(ValueRef::Decimal)
        }
        ValueRef::Date(date) => moved_day(date, by).map(ValueRef::Date),
        ValueRef::DateTime(instant) => {
            let second = instant.timestamp().checked_add(by)?;
            DateTime::from_timestamp(second, 0).map(ValueRef::DateTime)
        }
        _ => None,
    }
}

fn moved_day(date: NaiveDate, by: i64) -> Option<NaiveDate> {
    let days = Days::new(by.unsigned_abs());
    if by < 0 {
        date.checked_sub_days(days)
    } else {
        date.checked_add_days(days)
    }
}

/// How many texts of the same form show the same: the hidden characters, each with the others that could stand there.
fn hidden_in(text: &str, shown: &str) -> Residue {
    let Some(tidy) = tidy_compatible(text).filter(|tidy| tidy.len() <= LONGEST / 4) else {
        return Residue::Many;
    };
    let value: Vec<&str> = telling(&tidy);
    let shown: Vec<&str> = telling(shown);
    let kept = kept(&value, &shown);
    let hidden = || value.iter().zip(&kept).filter(|(_, kept)| !**kept);
    if let Some(count) = resident(&tidy, &kept) {
        return Residue::About(count);
    }
    let all = hidden()
        .map(|(grapheme, _)| alternatives(grapheme))
        .product::<f64>();
    // a check digit rules out all but one of ten (or of ninety-seven) of them
    let checked = if checksum::luhn(&tidy) && value.len() >= 12 {
        10.0
    } else if checksum::iban(&tidy) {
        97.0
    } else {
        1.0
    };
    Residue::About((all / checked).max(1.0))
}

/// The graphemes that tell something: letters and digits.
fn telling(text: &str) -> Vec<&str> {
    let tells = |grapheme: &&str| grapheme.chars().any(char::is_alphanumeric);
    text.graphemes(true).filter(tells).collect()
}

/// Which graphemes of the value stand in what is shown: a longest common subsequence, from the ends.
fn kept(value: &[&str], shown: &[&str]) -> Vec<bool> {
    let same = |(one, other): &(&&str, &&str)| one == other;
    let first = value.iter().zip(shown).take_while(same).count();
    let rest = value
        .iter()
        .rev()
        .zip(shown.iter().rev())
        .take_while(same)
        .count();
    let last = rest.min(value.len().min(shown.len()) - first.min(value.len().min(shown.len())));
    let mut kept = vec![false; value.len()];
    for (place, kept) in kept.iter_mut().enumerate() {
        *kept = place < first || place >= value.len() - last;
    }
    // what is kept in the middle (initials, separators' neighbours), in order
    let inner = shown.get(first..shown.len() - last).unwrap_or_default();
    let mut wanted = inner.iter().peekable();
    for place in first..value.len() - last {
        if wanted
            .peek()
            .is_some_and(|next| value.get(place) == Some(next))
        {
            wanted.next();
            if let Some(kept) = kept.get_mut(place) {
                *kept = true;
            }
        }
    }
    kept
}

fn alternatives(grapheme: &str) -> f64 {
    match grapheme.chars().next() {
        Some('0'..='9') => 10.0,
        Some('\u{3400}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}') => HAN,
        _ => LETTERS,
    }
}

/// Chinese resident numbers are far fewer than their digits: places, days and a check digit (GB 11643).
fn resident(text: &str, kept: &[bool]) -> Option<f64> {
    if !checksum::cn_resident(text) {
        return None;
    }
    let hidden = |places: std::ops::Range<usize>| {
        let places = kept.get(places).unwrap_or_default();
        places.iter().filter(|kept| !**kept).count()
    };
    // about one in ten of a thousand districts exists in each region
    let area = match hidden(0..6) {
        0 => 1.0,
        1 => 5.0,
        2 => 20.0,
        3 => 100.0,
        4 => 350.0,
        5 => 1_000.0,
        _ => 3_200.0,
    };
    let birth = match hidden(6..14) {
        8 => DAYS,
        7 => DAYS / 2.0,
        6 => DAYS / 10.0,
        4 if hidden(10..14) == 4 => 365.0,
        count => 10_f64.powi(i32::try_from(count).unwrap_or(0)).min(DAYS),
    };
    let order = 10_f64.powi(i32::try_from(hidden(14..17)).unwrap_or(0));
    let check = if hidden(17..18) == 0 && hidden(0..17) > 0 {
        11.0
    } else {
        1.0
    };
    Some((area * birth * order / check).max(1.0))
}

#[cfg(test)]
mod tests {
    use super::super::declarations;
    use super::super::harness::try_build;
    use super::*;
    use crate::value::ValueKind;

    fn left(name: &str, params: &str, kind: ValueKind, value: ValueRef<'_>) -> Residue {
        let declaration = declarations().iter().find(|one| one.name == name).unwrap();
        let masker = try_build("internal", name, params, kind).unwrap();
        residue(masker.as_ref(), declaration, value)
    }

    fn of_text(name: &str, params: &str, text: &str) -> Residue {
        left(name, params, ValueKind::Text, ValueRef::Text(text))
    }

    #[test]
    fn display_masks_of_numbers_leave_what_the_field_knows() {
        // 138****1234
        assert_eq!(
            of_text("phone", "", "+86 138 1234 1234"),
            Residue::About(10_000.0)
        );
        // 6 + 4 and 3 + 4 of a resident number
        let resident = "11010519491231002X";
        let Residue::About(six) = of_text("keep_first_last", "first = 6\nlast = 4", resident)
        else {
            panic!()
        };
        assert!((3_300.0..3_330.0).contains(&six), "{six}");
        let Residue::About(three) = of_text("keep_first_last", "first = 3\nlast = 4", resident)
        else {
            panic!()
        };
        assert!((330_000.0..333_000.0).contains(&three), "{three}");
        // the last four of a card: the check digit rules out nine of ten
        assert_eq!(
            of_text("bank_card", "", "4111111111111111"),
            Residue::About(1e11)
        );
    }

    #[test]
    fn bands_have_the_size_of_their_step() {
        let date = ValueRef::Date("1990-06-22".parse().unwrap());
        assert_eq!(
            left("date_trunc", "unit = \"month\"", ValueKind::Date, date),
            Residue::About(30.0)
        );
        assert_eq!(
            left("date_trunc", "unit = \"year\"", ValueKind::Date, date),
            Residue::About(365.0)
        );
        let income = ValueRef::Decimal(Decimal::new(4_730_000, 2));
        assert_eq!(
            left("bucket", "step = 10000", ValueKind::Decimal, income),
            Residue::About(1_000_000.0)
        );
    }

    #[test]
    fn what_shows_nothing_leaves_everything() {
        assert_eq!(of_text("null", "", "x"), Residue::All);
        assert_eq!(of_text("hmac_token", "", "x"), Residue::WithoutKey);
        // shorter than what may be shown: all of it is hidden
        assert_eq!(
            of_text("keep_first_last", "first = 3\nlast = 4", "1234"),
            Residue::About(10_000.0)
        );
        assert_eq!(of_text("name_cjk", "", "张三"), Residue::About(HAN));
    }

    #[test]
    fn what_is_left_of_a_resident_id_follows_from_what_its_parts_can_be() {
        let check = 11.0;
        for (first, last, count) in [
            (8, 4, DAYS / 10.0 / check),
            (7, 4, DAYS / 2.0 / check),
            (6, 4, DAYS / check),
            (5, 4, 5.0 * DAYS / check),
            (4, 4, 20.0 * DAYS / check),
            (3, 4, 100.0 * DAYS / check),
            (2, 4, 350.0 * DAYS / check),
            (1, 4, 1_000.0 * DAYS / check),
            (10, 2, 365.0 * 100.0 / check),
            (11, 1, 1_000.0 * 1_000.0 / check),
            (12, 0, 100.0 * 1_000.0),
        ] {
            let params = format!("first = {first}\nlast = {last}");
            let Residue::About(about) = of_text("keep_first_last", &params, "110105194912317897")
            else {
                panic!("{params}")
            };
            assert!(
                (about / count - 1.0).abs() < 0.01,
                "{params}: {about}, {count}"
            );
        }
    }
}
