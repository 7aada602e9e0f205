//! How much of a text is shown, against the budget.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::super::declaration::Budget;
use super::super::reveal::hidden_at_least;
use super::super::text::visible;

/// A text of letters and digits that no masker itself writes.
pub(super) fn is_telling(text: &str) -> bool {
    !text.contains('*') && text.chars().any(char::is_alphanumeric)
}

/// The graphemes of a text that can be seen, as they are seen.
fn seen(text: &str) -> Vec<String> {
    let graphemes = text.graphemes(true);
    graphemes
        .map(|grapheme| grapheme.chars().filter_map(visible).collect::<String>())
        .filter(|grapheme| !grapheme.is_empty())
        .collect()
}

/// How many graphemes of `shown`, in their order, come from the text: the longest common subsequence, stars left out.
fn revealed(text: &[String], shown: &[String]) -> usize {
    let shown: Vec<_> = shown
        .iter()
        .filter(|g| !["*", "•", "#"].contains(&g.as_str()))
        .collect();
    let mut best = vec![0; shown.len() + 1];
    for grapheme in text {
        let mut diagonal = 0;
        for (i, other) in shown.iter().enumerate() {
            let above = best[i + 1];
            best[i + 1] = if grapheme == *other {
                diagonal + 1
            } else {
                above.max(best[i])
            };
            diagonal = above;
        }
    }
    best[shown.len()]
}

fn only(graphemes: &[String], of: impl Fn(char) -> bool) -> Vec<String> {
    graphemes
        .iter()
        .filter(|g| g.starts_with(&of))
        .cloned()
        .collect()
}

/// Whether no more of the text is shown than the budget allows.
pub(super) fn within(budget: Budget, text: &str, shown: &str) -> bool {
    let (nfc, nfkc) = (
        text.nfc().collect::<String>(),
        text.nfkc().collect::<String>(),
    );
    let (shown, text) = (seen(shown), seen(nfc.trim()));
    match budget {
        // other tests hold them to the key, the band, the constant, the bounds and the map; noise, shifts and members are not for text
        Budget::Keyed | Budget::Band | Budget::Constant | Budget::Clamped | Budget::Category => {
            true
        }
        Budget::Shifted | Budget::Noisy | Budget::Members => false,
        Budget::Spans => !tells_of_a_person(&shown.concat()),
        Budget::Nothing => shown.is_empty(),
        Budget::Ends { most } => {
            let hidden = text.len().saturating_sub(hidden_at_least(text.len()));
            revealed(&text, &shown) <= most.min(hidden)
        }
        Budget::Digits { most, hidden } => {
            let digits = |graphemes: &[String]| only(graphemes, |c| c.is_numeric());
            let (text, shown) = (digits(&seen(&nfkc)), digits(&shown));
            // a plus and a calling code may be written anew; all else is a digit of the text
            let revealed = revealed(&text, &shown);
            revealed == shown.len() && revealed <= most.min(text.len().saturating_sub(hidden))
        }
        Budget::Address { local } => {
            let shown = shown.concat();
            match seen(&nfkc).concat().trim().split_once('@') {
                Some((whole, domain)) => {
                    let (head, tail) = shown.split_once('@').unwrap_or((&shown, ""));
                    revealed(&seen(whole), &seen(head))
                        <= local.min(seen(whole).len() - usize::from(!whole.is_empty()))
                        && (tail == domain || tail == "***" || tail.is_empty())
                }
                None => shown == "****",
            }
        }
        Budget::Name { initials } => {
            let letters = |graphemes: &[String]| only(graphemes, char::is_alphabetic);
            let words: String = text.concat();
            let longest = words
                .split([' ', ','])
                .map(|word| letters(&seen(word)).len())
                .max();
            let (text, shown) = (letters(&text), letters(&shown));
            shown.len() <= longest.unwrap_or(0) + initials
                && shown.len() <= text.len().saturating_sub(1)
        }
    }
}

/// Whether a text has seven digits without a letter in between, or something on both sides of an `@`. What a mask with
/// stars shows (`138****1234`, `a***@b.com`) is counted by other budgets.
fn tells_of_a_person(text: &str) -> bool {
    static PATTERNS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
        [
            r"[\w@.+() -]*\*[\w*@.+() -]*",
            r"(?:\p{N}[^\p{L}\p{N}]*){6}\p{N}",
            r"\w@\w",
        ]
        .map(|pattern| Regex::new(pattern).unwrap())
    });
    let [starred, digits, address] = &*PATTERNS;
    let text = starred.replace_all(text, "x");
    digits.is_match(&text) || address.is_match(&text)
}
