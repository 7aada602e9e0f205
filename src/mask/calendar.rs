//! Days and instants of years of four digits, from counts to text. Others are rare, and left to chrono.

/// Days from the first of March of year 0, where years are counted that end in February, to 2000, where PostgreSQL begins to count.
const DAYS_TO_2000: i64 = 730_425;
/// The last day of 9999 by that count.
const LAST_DAY: u32 = 3_652_364;
const MICROS_A_DAY: i64 = 86_400_000_000;

/// Writes the day so many days after the first of 2000 (ISO 8601), as a JSON string; `None`, and nothing is written, if its year
/// does not have four digits.
pub(super) fn day(out: &mut Vec<u8>, since_2000: i32) -> Option<()> {
    let text = date(i64::from(since_2000))?;
    out.push(b'"');
    out.extend_from_slice(&text);
    out.push(b'"');
    Some(())
}

/// Writes the instant so many microseconds after 2000 began (RFC 3339, in UTC), its fraction in groups of three digits, as [`day`].
pub(super) fn instant(out: &mut Vec<u8>, since_2000: i64) -> Option<()> {
    let text = date(since_2000.div_euclid(MICROS_A_DAY))?;
    let of_day = since_2000.rem_euclid(MICROS_A_DAY);
    let seconds = u32::try_from(of_day / 1_000_000).ok()?;
    let micros = u32::try_from(of_day % 1_000_000).ok()?;
    let [h, hh] = two(seconds / 3_600);
    let [m, mm] = two(seconds / 60 % 60);
    let [s, ss] = two(seconds % 60);
    out.push(b'"');
    out.extend_from_slice(&text);
    out.extend_from_slice(&[b'T', h, hh, b':', m, mm, b':', s, ss]);
    if micros > 0 {
        let ([a, b], [c, d], [e, f]) = (
            two(micros / 10_000),
            two(micros / 100 % 100),
            two(micros % 100),
        );
        let digits = [b'.', a, b, c, d, e, f];
        let (milli, _) = digits.split_at(4);
        out.extend_from_slice(if micros % 1_000 == 0 { milli } else { &digits });
    }
    out.extend_from_slice(b"Z\"");
    Some(())
}

/// The day in the calendar. Years begin in March here, so that a leap day is the last of its year; they repeat every 400.
fn date(since_2000: i64) -> Option<[u8; 10]> {
    let days = u32::try_from(since_2000.checked_add(DAYS_TO_2000)?).ok()?;
    if days > LAST_DAY {
        return None;
    }
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    // Months by their number after March: a line through 153 days for each five of them.
    let march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march + 2) / 5 + 1;
    let (month, next) = if march < 10 {
        (march + 3, 0)
    } else {
        (march - 9, 1)
    };
    let year = 400 * era + year + next;
    let ([a, b], [c, d]) = (two(year / 100), two(year % 100));
    let ([e, f], [g, h]) = (two(month), two(day));
    Some([a, b, c, d, b'-', e, f, b'-', g, h])
}

/// A number below 100, with its zero.
fn two(number: u32) -> [u8; 2] {
    // A digit fits a byte.
    [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8]
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Days, NaiveDate, SecondsFormat};
    use proptest::prelude::*;

    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>) -> Option<()>) -> Option<String> {
        let mut out = Vec::new();
        let done = write(&mut out);
        assert_eq!(done.is_none(), out.is_empty());
        done.map(|()| String::from_utf8(out).unwrap())
    }

    #[test]
    fn days_are_as_chrono_writes_them() {
        let march = NaiveDate::from_ymd_opt(0, 3, 1).unwrap();
        // All of the first era, some of each year after it, and the last.
        for days in (0..146_097)
            .chain((146_097..LAST_DAY).step_by(97))
            .chain([LAST_DAY])
        {
            let date = march.checked_add_days(Days::new(days.into())).unwrap();
            let since_2000 = i32::try_from(i64::from(days) - DAYS_TO_2000).unwrap();
            let text = written(|out| day(out, since_2000));
            assert_eq!(text, Some(format!("\"{}\"", date.format("%Y-%m-%d"))));
        }
        let last = i32::try_from(i64::from(LAST_DAY) - DAYS_TO_2000).unwrap();
        for beyond in [i32::MIN, -730_426, last + 1, i32::MAX] {
            assert_eq!(written(|out| day(out, beyond)), None);
        }
    }

    proptest! {
        #[test]
        fn instants_are_as_chrono_writes_them(
            seconds in -63_000_000_000_i64..252_000_000_000,
            micros in prop_oneof![Just(0), (0..1_000_i64).prop_map(|milli| 1_000 * milli), 0..1_000_000_i64],
        ) {
            let since_2000 = 1_000_000 * seconds + micros;
            let value = DateTime::from_timestamp_micros(since_2000 + 946_684_800_000_000).unwrap();
            let expected = value.to_rfc3339_opts(SecondsFormat::AutoSi, true);
            prop_assert_eq!(written(|out| instant(out, since_2000)), Some(format!("\"{expected}\"")));
        }

        #[test]
        fn any_count_is_written_or_left(count: i64) {
            written(|out| instant(out, count));
        }
    }
}
