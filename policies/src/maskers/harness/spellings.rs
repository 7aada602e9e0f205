//! One text in two spellings, of which only the second takes the long way: what is shown of them is the same.

use proptest::prelude::*;
use proptest::sample::Index;

use super::super::declaration::Budget;
use super::super::simple::is_simple;
use super::super::{Masked, Subject};
use super::properties::built;
use super::values::texts;
use crate::value::{ValueKind, ValueRef};

/// Cannot be seen, and so makes another spelling of the same text, which is normalised and cut into graphemes.
const INVISIBLE: char = '\u{200B}';

/// Beyond this an invisible character might be the one too many.
const LONG: usize = 1000;

/// Texts in which every character is a grapheme, as people write them, and any others.
pub(in super::super) fn simple_texts() -> BoxedStrategy<String> {
    let letters = "[À-ıƠơƯưẠ-ỹЀ-ҁҊ-ԯ一-龥ぁ-ゖァ-ヺー々가-힣·’]{1,4}";
    let word = prop_oneof![
        "[A-Z][a-z']{1,9}",
        "[A-ZĐÁÂ][a-zà-ỹ]{1,6}",
        "[А-ЯЄІЇҐ][а-яєіїґ’]{1,11}",
        "[欧阳司马张李王娜明광남궁山田]{1,4}",
        letters,
        "[0-9]{1,6}",
        "[ -~]{1,4}",
        "\\+(1|7|44|84|86|380|999)[ -]?",
        "[a-z.-]{1,6}@[a-z0-9.-]{1,8}\\.[a-z0-9]{1,3}",
    ];
    let gap = prop::sample::select(&[" ", "-", ", ", ".", "@", ""][..]);
    let words = prop::collection::vec((word, gap), 0..7).prop_map(|words| {
        let parts = words.iter().map(|(word, gap)| format!("{word}{gap}"));
        parts.collect::<String>()
    });
    prop_oneof![2 => words, 1 => "[ -~]{0,40}", 1 => texts()].boxed()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn the_short_way_and_the_long_way_show_the_same(text in simple_texts(), at in any::<Index>()) {
        let text = text.trim();
        if text.is_empty() || text.len() > LONG || !is_simple(text) {
            return Ok(());
        }
        let ends: Vec<usize> = text.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
        let mut long = text.to_owned();
        long.insert(*at.get(&ends), INVISIBLE);
        let mask = |masker: &dyn super::super::Masker, text: &str| -> (Masked, String) {
            let mut out = String::new();
            (masker.mask(ValueRef::Text(text), &Subject::default(), &mut out), out)
        };
        let spaced = format!(" {text} ");
        for (declaration, example, masker) in built(ValueKind::Text) {
            // a token is one of the stored bytes
            if declaration.keyed {
                continue;
            }
            let (short, long) = (mask(masker.as_ref(), text), mask(masker.as_ref(), &long));
            // a plain note is written as it is
            if declaration.budget != Budget::Spans {
                prop_assert_eq!(&mask(masker.as_ref(), &spaced), &long, "{} {:?}: {:?}", declaration.name, example, spaced);
            }
            prop_assert_eq!(short, long, "{} {:?}: {:?}", declaration.name, example, text);
        }
    }
}
