//! Simple texts, which is nearly all that is stored: every character is a grapheme of its own, seen as it is, and in every normal form.
//!
//! To normalise a text and to cut it into graphemes takes microseconds; to see that neither would change anything, nanoseconds.

/// Whether neither normalising (NFC and NFKC) nor [`super::text::visible`] changes anything, and every character is a grapheme.
pub(super) fn is_simple(text: &str) -> bool {
    is_plain(text) || !text.is_ascii() && text.chars().all(is_simple_char)
}

/// Whether there is nothing but ASCII that can be seen.
pub(super) fn is_plain(text: &str) -> bool {
    // without a way out, so that many bytes are looked at at once
    text.bytes()
        .fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'))
}

/// The first so many characters, and the rest.
pub(super) fn split_at(text: &str, count: usize) -> (&str, &str) {
    let at = if text.is_ascii() {
        count
    } else {
        let mut chars = text.char_indices();
        chars.nth(count).map_or(text.len(), |(at, _)| at)
    };
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// Whether a character of a simple text is a letter.
pub(super) fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphabetic()
    } else {
        !matches!(c, '×' | '÷' | '\u{482}' | '·' | '‘' | '’')
    }
}

/// Characters that stay what they are beside any other of them. What is not here is no worse, only slower.
fn is_simple_char(c: char) -> bool {
    matches!(c, ' '..='~'
        // Latin, but for ligatures and letters with a dot or an apostrophe beside them
        | 'À'..='\u{131}' | '\u{134}'..='\u{13E}' | '\u{141}'..='\u{148}' | '\u{14A}'..='\u{17E}'
        // Vietnamese
        | 'Ơ' | 'ơ' | 'Ư' | 'ư' | '\u{1EA0}'..='\u{1EF9}'
        // Cyrillic, but for its combining marks
        | '\u{400}'..='\u{482}' | '\u{48A}'..='\u{52F}'
        // Han, kana, hangul in whole syllables
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFC}' | '々'..='〇'
        | '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | 'ー' | '\u{AC00}'..='\u{D7A3}'
        // what names are joined with
        | '·' | 'ʼ' | '‘' | '’')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;
    use unicode_normalization::{IsNormalized, is_nfc_quick, is_nfkc_quick};
    use unicode_segmentation::UnicodeSegmentation;

    use super::super::harness::simple_texts;
    use super::super::text::{is_mark, visible};
    use super::*;

    /// Every character of Unicode: alone, doubled, and beside a letter, which no mark, joiner, jamo or flag stands.
    #[test]
    fn simple_characters_are_what_is_said_of_them() {
        for c in ('\0'..=char::MAX).filter(|c| is_simple_char(*c)) {
            let normal = [
                is_nfc_quick([c].into_iter()),
                is_nfkc_quick([c].into_iter()),
            ];
            assert!(
                normal.iter().all(|normal| *normal == IsNormalized::Yes),
                "{c:?}"
            );
            assert_eq!(visible(c), Some(c));
            assert!(!is_mark(c), "{c:?}");
            assert_eq!(is_letter(c), c.is_alphabetic(), "{c:?}");
            for text in [
                format!("{c}{c}"),
                format!("{c}a"),
                format!("a{c}"),
                format!("각{c}"),
            ] {
                assert_eq!(text.graphemes(true).count(), 2, "{text:?}");
            }
        }
    }

    #[test]
    fn the_texts_of_the_demo_are_simple() {
        for text in [
            "John Smith",
            "Nguyễn Thị Ánh",
            "Шевченко Мар’яна",
            "欧阳娜娜",
            "남궁민수",
        ] {
            assert!(is_simple(text), "{text}");
        }
        for text in [
            "a\u{301}",
            "a\u{200B}",
            "a\tb",
            "１３８",
            "👍",
            "\u{1100}\u{1161}",
            "½",
        ] {
            assert!(!is_simple(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_simple_text_is_normal_and_its_characters_are_its_graphemes(text in simple_texts()) {
            if is_simple(&text) {
                prop_assert_eq!(&text.nfc().collect::<String>(), &text);
                prop_assert_eq!(&text.nfkc().collect::<String>(), &text);
                prop_assert!(text.chars().all(|c| visible(c) == Some(c)));
                prop_assert_eq!(text.graphemes(true).count(), text.chars().count());
            }
        }

        #[test]
        fn a_text_is_split_between_characters(text in any::<String>(), count in 0usize..40) {
            let (first, rest) = split_at(&text, count);
            prop_assert_eq!(first.chars().count(), count.min(text.chars().count()));
            prop_assert_eq!(format!("{first}{rest}"), text);
        }
    }
}
