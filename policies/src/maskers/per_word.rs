//! `per_word`: John Smith -> J*** S****.

use std::sync::Arc;

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::graphemes::{Graphemes, is_sign, push_kept};
use super::params::Params;
use super::reveal::shown_at_most;
use super::text::{hide, push_stars, tidy};
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

/// The most that may be kept of a word.
const MOST: usize = 4;
/// More words are a sentence.
const MOST_WORDS: usize = 16;

pub(super) const DECLARATION: Declaration = Declaration {
    name: "per_word",
    summary: "shows the beginning of each word",
    kinds: &[ValueKind::Text],
    output: Output::SameKind,
    format_preserving: true,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "the beginning of each of up to 16 words as long as asked for, never more than half a word, and at least four and at least a third of all letters and digits stay hidden; the lengths of the words",
    budget: Budget::Words { each: MOST },
    params: &[
        Parameter {
            name: "keep",
            meaning: "how many graphemes of each word are kept, 1 to 4; 1 when left out",
        },
        Parameter {
            name: "char",
            meaning: "what a hidden grapheme is shown as, neither a letter nor a digit; `*` when left out",
        },
    ],
    examples: &["", "keep = 4\nchar = \"•\""],
    build,
};

#[derive(Debug)]
struct PerWord {
    keep: usize,
    star: Box<str>,
}

fn build(params: &Params<'_>, _: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    Ok(Arc::new(PerWord {
        keep: params.count("keep", 1..=MOST as i64, 1)?,
        star: params.mask_char("char")?,
    }))
}

impl Masker for PerWord {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, out: &mut String) -> Masked {
        let ValueRef::Text(text) = value else {
            return Masked::Null;
        };
        let Some(text) = tidy(text) else {
            return hide(out);
        };
        let words = || text.split(' ').filter(|word| !word.is_empty());
        let signs = text.graphemes().filter(|g| is_sign(g)).count();
        let most = shown_at_most(signs);
        if words().count() > MOST_WORDS || most == 0 {
            return hide(out);
        }
        let mut left = most;
        for (i, word) in words().enumerate() {
            if i > 0 {
                out.push(' ');
            }
            let graphemes = || Graphemes::of(word, text.is_simple());
            left -= self.mask_word(graphemes, left, out);
        }
        Masked::Text
    }
}

impl PerWord {
    /// Shows at most so many graphemes of a word, and says how many it were: none of what does not begin with letters.
    fn mask_word<'a>(
        &self,
        word: impl Fn() -> Graphemes<'a>,
        most: usize,
        out: &mut String,
    ) -> usize {
        let signs = word().filter(|g| is_sign(g)).count();
        let keep = self.keep.min(signs / 2).min(most);
        let mut shown = 0;
        for grapheme in word().take(keep).take_while(|g| is_sign(g)) {
            push_kept(grapheme, &self.star, out);
            shown += 1;
        }
        push_stars(word().count() - shown, &self.star, out);
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{assert_hidden, assert_table, error_of};

    #[test]
    fn each_word_shows_its_beginning() {
        assert_table(
            "per_word",
            "",
            &[
                ("John Smith", "J*** S****"),
                ("  John \u{A0} Smith ", "J*** S****"),
                ("Nguyễn Thị Ánh", "N***** T** Á**"),
                ("Шевченко Олена Іванівна", "Ш******* О**** І*******"),
                ("O'Brien Мар\u{2019}яна", "O****** М******"),
                ("John\u{202E} Smi\u{200B}th", "J*** S****"),
                ("欧阳娜娜 司马光", "欧*** 司**"),
                ("13812341234", "1**********"),
            ],
        );
        assert_table(
            "per_word",
            "keep = 4",
            &[
                ("Alexander Smith", "Alex***** Sm***"),
                ("Jo Smith-Li", "J* Smi*****"),
            ],
        );
    }

    #[test]
    fn enough_stays_hidden_of_short_words() {
        assert_table(
            "per_word",
            "",
            &[("Al Bo Cy", "A* B* **"), ("J R Tolkien", "* * T******")],
        );
        assert_hidden(
            "per_word",
            "",
            &["", "X", "Li Wu", "张三", "王", "a b c d", "- - -"],
        );
    }

    #[test]
    fn what_does_not_begin_with_a_letter_shows_nothing() {
        assert_table(
            "per_word",
            "",
            &[("(John) Smith", "****** S****"), ("👨‍👩‍👧 Smith", "*** S****")],
        );
    }

    #[test]
    fn a_sentence_is_hidden_whole() {
        assert_hidden("per_word", "", &[&"word ".repeat(17)]);
        assert_eq!(
            error_of("per_word", "keep = 0"),
            "parameter `keep` of masker `per_word` must be a whole number from 1 up to 4"
        );
    }
}
