//! How much is shown of a text that has a form of its own: words, codes, places, network and web addresses. Written apart from the
//! maskers: nothing here parses as they do.

use std::net::IpAddr;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::super::text::visible;
use super::budget::{is_star, revealed};

/// The graphemes of a text after everything that cannot be seen is gone, in NFC or NFKC.
pub(super) fn clean(text: &str, compatible: bool) -> Vec<String> {
    let normal: String = match compatible {
        true => text.nfkc().filter_map(visible).collect(),
        false => text.nfc().filter_map(visible).collect(),
    };
    normal.trim().graphemes(true).map(str::to_owned).collect()
}

/// What may be shown of `len` graphemes by position.
pub(super) fn positional(len: usize, most: usize) -> usize {
    let hidden = usize::max(4, len - len * 2 / 3);
    most.min(len.saturating_sub(hidden))
}

/// The letters and digits among graphemes.
pub(super) fn signs(graphemes: &[String]) -> Vec<String> {
    let is_sign = |g: &&String| g.starts_with(char::is_alphanumeric);
    graphemes.iter().filter(is_sign).cloned().collect()
}

fn is_hidden(shown: &str) -> bool {
    shown == "****"
}

/// Word by word: a beginning of each, half of it at most.
pub(super) fn words(each: usize, text: &str, shown: &str) -> bool {
    let (text, shown_all) = (clean(text, false), clean(shown, false));
    let all = signs(&text).len();
    let in_all = signs(&shown_all).len() <= positional(all, usize::MAX);
    let (text, shown_text) = (text.concat(), shown_all.concat());
    let words = text.split(' ').filter(|word| !word.is_empty());
    let each_word = words.zip(shown_text.split(' ')).all(|(word, mask)| {
        let (word, mask) = (clean(word, false), clean(mask, false));
        let half = signs(&word).len() / 2;
        let shown = signs(&mask).len();
        let beginning = mask
            .iter()
            .zip(&word)
            .take_while(|(mask, _)| !is_star(mask));
        let in_place = mask
            .iter()
            .zip(&word)
            .all(|(mask, letter)| is_star(mask) || mask == letter);
        in_place && beginning.count() <= each && shown <= each.min(half)
    });
    is_hidden(shown) || (in_all && each_word)
}

/// No more letters and digits than allowed, and no other than those of the text, large or small.
pub(super) fn code(most: usize, hidden: usize, text: &str, shown: &str) -> bool {
    let capital = clean(text, true).concat().to_uppercase();
    let text = signs(&clean(&capital, true));
    let shown = signs(&clean(shown, true));
    let revealed = revealed(&text, &shown);
    revealed == shown.len() && revealed <= most.min(text.len().saturating_sub(hidden))
}

/// Either the beginning of a text without spaces that ends with the word for an area, or fewer comma parts than the text has and
/// no word with more than two digits or a digit beside a letter.
pub(super) fn place(text: &str, shown: &str) -> bool {
    if is_hidden(shown) {
        return true;
    }
    let whole = clean(text, true).concat();
    let digits = |word: &str| word.chars().filter(|c| c.is_numeric()).count();
    if !whole.contains(',') {
        let areas = "国國省市区縣县旗盟州區";
        return shown.strip_suffix("****").is_some_and(|head| {
            whole.replace(' ', "").starts_with(head)
                && head.ends_with(|c| areas.contains(c))
                && head.chars().count() <= 40
                && digits(head) == 0
        });
    }
    let parts = |text: &str| {
        text.split(',')
            .filter(|part| !part.trim().is_empty())
            .count()
    };
    let mut open = shown
        .split([',', ' '])
        .filter(|word| !word.contains('*') && !word.is_empty());
    let letters = |text: &str| {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .collect::<String>()
    };
    let all = letters(&whole);
    let known = |word: &str| all.contains(&letters(word));
    let small = |word: &str| match digits(word) {
        0 => true,
        count => count <= 2 && count == word.chars().count(),
    };
    let shown_parts = shown
        .split(',')
        .filter(|part| !part.contains("***"))
        .count();
    open.all(|word| known(word) && small(word)) && shown_parts < parts(&whole) && shown_parts <= 4
}

/// The network with no bit set beyond its length; of an address that holds an older one, that one's network.
pub(super) fn network(v4: u8, v6: u8, text: &str, shown: &str) -> bool {
    if is_hidden(shown) {
        return true;
    }
    let Some((network, bits)) = shown.split_once('/') else {
        return false;
    };
    let (Ok(network), Ok(bits)) = (network.parse::<IpAddr>(), bits.parse::<u32>()) else {
        return false;
    };
    match network {
        IpAddr::V4(network) => {
            let u32 = u32::from(network);
            bits <= u32::from(v4) && u32.trailing_zeros() >= 32 - bits
        }
        IpAddr::V6(network) => {
            let segments = network.segments();
            bits <= u32::from(v6)
                && u128::from(network).trailing_zeros() >= 128 - bits
                && segments[0] != 0x2002
                && text.contains(':')
        }
    }
}

/// Scheme, host, words and names: no user, no fragment, no value, no digit in the path.
pub(super) fn web(text: &str, shown: &str) -> bool {
    if is_hidden(shown) {
        return true;
    }
    let (before, query) = shown.split_once('?').unwrap_or((shown, ""));
    let Some((_, rest)) = before.split_once("://") else {
        return false;
    };
    let (_, path) = rest.split_once('/').unwrap_or((rest, ""));
    let text = clean(text, true).concat();
    let is_word =
        |word: &str| word == "***" || (text.contains(word) && !word.contains(char::is_numeric));
    !shown.contains(['@', '#'])
        && path.split('/').all(|word| word.is_empty() || is_word(word))
        && query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .all(|pair| pair == "***" || pair.strip_suffix("=***").is_some_and(is_word))
}
