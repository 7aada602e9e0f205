//! Simple texts, which is nearly all that is stored: every character is a grapheme of its own, seen as it is, and in every normal form.
//!
//! To normalise a text and to cut it into graphemes takes microseconds; to see that neither would change anything, nanoseconds.

/// Whether neither normalising (NFC and NFKC) nor [`super::text::visible`] changes anything, and every character is a grapheme.
pub(super) fn is_simple(text: &str) -> bool {
    simple_len(text).is_some()
}

/// How many characters a simple text has; none if it is not simple.
pub(super) fn simple_len(text: &str) -> Option<usize> {
    if is_plain(text) {
        return Some(text.len());
    }
    let mut len = 0;
    for c in text.chars() {
        if !is_simple_char(c) {
            return None;
        }
        len += 1;
    }
    Some(len)
}

/// Whether there is nothing but ASCII that can be seen.
///
/// Looks at eight bytes at once and has no way out before the end: most texts are short, and a wrong guess of the processor costs more
/// than the whole.
pub(super) fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(last) = bytes.last_chunk() else {
        return bytes
            .iter()
            .fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'));
    };
    let (words, _) = bytes.as_chunks();
    let others = words
        .iter()
        .fold(strange(*last), |others, word| others | strange(*word));
    others == 0
}

/// Not zero if one of these bytes is not plain: then it has the uppermost bit, or gets it when what comes before the first plain byte is
/// taken away, or when one is added.
fn strange(word: [u8; 8]) -> u64 {
    const UPPERMOST: u64 = 0x8080_8080_8080_8080;
    const EACH: u64 = 0x0101_0101_0101_0101;
    let word = u64::from_le_bytes(word);
    (word | word.wrapping_sub(EACH * 0x20) | word.wrapping_add(EACH)) & UPPERMOST
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

/// The last so many characters.
pub(super) fn last(text: &str, count: usize) -> &str {
    let at = if text.is_ascii() {
        text.len().saturating_sub(count)
    } else {
        let chars = text.char_indices().rev().take(count);
        chars.last().map_or(text.len(), |(at, _)| at)
    };
    text.get(at..).unwrap_or_default()
}

/// Whether a character of a simple text is a letter.
pub(super) const fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphabetic()
    } else {
        !matches!(c, '×' | '÷' | '\u{482}' | '·' | '‘' | '’')
    }
}

/// Whether a character is a simple letter of an alphabet: Latin, Vietnamese, Cyrillic.
pub(super) fn is_alphabet(c: char) -> bool {
    has(&ALPHABETS, c).unwrap_or(false)
}

/// Whether a character is a simple one of Chinese, Japanese or Korean, which all are letters.
pub(super) fn is_simple_cjk(c: char) -> bool {
    c as usize >= LISTED && is_listed(c)
}

/// Characters that stay what they are beside any other of them. What is not here is no worse, only slower.
fn is_simple_char(c: char) -> bool {
    has(&SIMPLE, c).unwrap_or_else(|| is_listed(c))
}

/// A bit for each of the lower characters.
type Lower = [u64; LISTED / 64];

static SIMPLE: Lower = lower(false);
static ALPHABETS: Lower = lower(true);

fn has(lower: &Lower, c: char) -> Option<bool> {
    let word = lower.get(c as usize / 64)?;
    Some(word >> (c as usize % 64) & 1 == 1)
}

/// The lower ones of those that are listed, or of the letters among them.
#[expect(
    clippy::indexing_slicing,
    reason = "of a constant: the compiler would notice"
)]
const fn lower(letters: bool) -> Lower {
    let mut lower = [0; LISTED / 64];
    let mut at = 0;
    while at < LISTED {
        if let Some(c) = char::from_u32(at as u32)
            && is_listed(c)
            && (!letters || is_letter(c))
        {
            lower[at / 64] |= 1 << (at % 64);
        }
        at += 1;
    }
    lower
}

/// As far as alphabets go.
const LISTED: usize = 0x2040;

const fn is_listed(c: char) -> bool {
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
    fn the_tables_have_what_is_listed() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_simple_char(c), is_listed(c), "{c:?}");
            let is_one = is_alphabet(c) || is_simple_cjk(c);
            assert_eq!(is_one, is_listed(c) && is_letter(c), "{c:?}");
            assert!(!is_simple_cjk(c) || c.len_utf8() == 3, "{c:?}");
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
        fn a_text_is_plain_if_each_byte_is(text in prop_oneof!["[ -~]{0,40}", "[ -~]{0,20}[\\x00-\\x20~\\x7F\\x80ÿ][ -~]{0,20}"]) {
            let each = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
            prop_assert_eq!(is_plain(&text), each);
        }

        #[test]
        fn a_text_is_split_between_characters(text in any::<String>(), count in 0usize..40) {
            let (first, rest) = split_at(&text, count);
            prop_assert_eq!(first.chars().count(), count.min(text.chars().count()));
            prop_assert_eq!(first.to_owned() + rest, &*text);
            let whole = text.chars().count();
            prop_assert_eq!(last(&text, count), split_at(&text, whole.saturating_sub(count)).1);
        }
    }
}
