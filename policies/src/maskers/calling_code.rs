//! Calling codes (ITU-T E.164, list of codes): no code is the beginning of another one.

/// Splits a number after its calling code; none if it begins with none that is assigned.
pub(super) fn split(rest: &str) -> Option<(&str, &str)> {
    let digit = |place| {
        let byte: Option<&u8> = rest.as_bytes().get(place);
        byte.filter(|byte| byte.is_ascii_digit())
            .map(|byte| u16::from(byte - b'0'))
    };
    let one = digit(0)?;
    if matches!(one, 1 | 7) {
        return rest.split_at_checked(1);
    }
    let two = 10 * one + digit(1)?;
    if is_short_code(two) {
        return rest.split_at_checked(2);
    }
    let three = 10 * two + digit(2)?;
    is_long_code(three).then(|| rest.split_at_checked(3))?
}

/// Whether a calling code of two digits is assigned.
fn is_short_code(code: u16) -> bool {
    matches!(
        code,
        20 | 27 | 30..=34 | 36 | 39 | 40 | 41 | 43..=49 | 51..=58 | 60..=66 | 81 | 82 | 84 | 86 | 90..=95 | 98
    )
}

/// Whether a calling code of three digits is assigned.
fn is_long_code(code: u16) -> bool {
    matches!(
        code,
        211..=213 | 216 | 218 | 220..=258 | 260..=269 | 290 | 291 | 297..=299 | 350..=359 | 370..=383
            | 385..=387 | 389 | 420 | 421 | 423 | 500..=509 | 590..=599 | 670 | 672..=683 | 685..=692
            | 800 | 808 | 850 | 852 | 853 | 855 | 856 | 870 | 878 | 880..=883 | 886 | 888 | 960..=968
            | 970..=977 | 979 | 992..=996 | 998
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_code_is_the_beginning_of_another_one(digits in "[0-9]{3}") {
            let codes: Vec<&str> = (1..=3)
                .filter_map(|length| digits.get(..length))
                .filter(|code| split(code).is_some_and(|(whole, _)| whole == *code))
                .collect();
            prop_assert!(codes.len() <= 1, "{:?}", codes);
        }
    }

    #[test]
    fn a_number_is_split_after_its_code() {
        for (number, parts) in [
            ("8613812341234", Some(("86", "13812341234"))),
            ("1 555", Some(("1", " 555"))),
            ("380501234567", Some(("380", "501234567"))),
            ("7", Some(("7", ""))),
            ("8", None),
            ("8 6138", None),
            ("999123", None),
            ("0123", None),
            ("", None),
        ] {
            assert_eq!(split(number), parts, "{number}");
        }
    }
}
