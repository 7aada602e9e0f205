//! `name_latin`: John Smith -> John S.; Nguyễn Thị Ánh -> Ánh N.T.; Шевченко Олена Іванівна -> Шевченко О. І.

use std::sync::Arc;

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::name::letters;
use super::params::Params;
use super::{Masked, Masker, MaskerError, Subject, Target, name};
use crate::value::{ValueKind, ValueRef};

/// The most initials that are shown.
pub(super) const MOST_INITIALS: usize = 4;
/// A name of more words is a sentence.
const MOST_WORDS: usize = 8;
/// A longer word is no name.
const LONGEST_WORD: usize = 32;

pub(super) const DECLARATION: Declaration = Declaration {
    name: "name_latin",
    summary: "shows one word of a name and the initials of the others; Chinese, Japanese and Korean names as `name_cjk` does",
    kinds: &[ValueKind::Text],
    output: Output::SameKind,
    format_preserving: true,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "the first word (of a Vietnamese name the last) and up to four initials, of a single word its first grapheme; at least one letter stays hidden",
    budget: Budget::Name {
        initials: MOST_INITIALS,
    },
    params: &[Parameter {
        name: "order",
        meaning: "`given_first` shows the first word, `family_first` the last one, `auto` the last one of names that begin with a Vietnamese surname; `auto` when left out",
    }],
    examples: &["", "order = \"given_first\"", "order = \"family_first\""],
    build,
};

/// Which word of a name is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Order {
    Auto,
    GivenFirst,
    FamilyFirst,
}

#[derive(Debug)]
struct NameLatin {
    order: Order,
}

fn build(params: &Params<'_>, _: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    let orders = [
        ("auto", Order::Auto),
        ("given_first", Order::GivenFirst),
        ("family_first", Order::FamilyFirst),
    ];
    let order = params.choice("order", &orders, Some(Order::Auto))?;
    Ok(Arc::new(NameLatin { order }))
}

impl Masker for NameLatin {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, out: &mut String) -> Masked {
        match value {
            ValueRef::Text(text) => name::mask(text, self.order, out),
            _ => Masked::Null,
        }
    }
}

/// Writes the masked form of a name in words; none if it is not one.
pub(super) fn write(name: &str, order: Order, out: &mut String) -> Option<()> {
    let count = words(name).count();
    if count > MOST_WORDS || words(name).any(|word| letters(word).count() > LONGEST_WORD) {
        return None;
    }
    let first = words(name).next()?;
    let family_first = match order {
        Order::Auto => VIETNAMESE_SURNAMES.contains(&first),
        Order::GivenFirst => false,
        Order::FamilyFirst => true,
    };
    let shown = if family_first { count - 1 } else { 0 };
    let others = || words(name).enumerate().filter(move |(i, _)| *i != shown);
    if !others().any(|(_, word)| letters(word).nth(1).is_some()) {
        // Initials would hide nothing.
        return single(first, out);
    }
    out.push_str(words(name).nth(shown)?);
    for (i, (_, word)) in others().take(MOST_INITIALS).enumerate() {
        if i == 0 || !family_first {
            out.push(' ');
        }
        out.extend(letters(word).next());
        out.push('.');
    }
    Some(())
}

fn single(word: &str, out: &mut String) -> Option<()> {
    let mut letters = letters(word);
    let first = letters.next()?;
    letters.next()?;
    out.push_str(first);
    out.push_str("***");
    Some(())
}

/// The words that have a letter.
fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split([' ', ','])
        .filter(|word| letters(word).next().is_some())
}

/// The commonest ones, in NFC; they come first, and as few of them name almost everybody, the given name is what a person goes by.
const VIETNAMESE_SURNAMES: &[&str] = &[
    "Nguyễn", "Nguyen", "Trần", "Tran", "Lê", "Phạm", "Pham", "Hoàng", "Hoang", "Huỳnh", "Huynh",
    "Phan", "Vũ", "Võ", "Đặng", "Dang", "Bùi", "Bui", "Đỗ", "Hồ", "Ngô", "Dương", "Duong", "Lý",
    "Đinh", "Trịnh", "Trinh", "Đoàn", "Lâm", "Trương", "Truong",
];

#[cfg(test)]
mod tests {
    use super::super::harness::{assert_hidden, assert_table, error_of};

    #[test]
    fn one_word_and_initials_are_shown() {
        assert_table(
            "name_latin",
            "",
            &[
                ("John Smith", "John S."),
                ("John Ronald Reuel Tolkien", "John R. R. T."),
                ("Smith, John", "Smith J."),
                ("Jan van der Berg", "Jan v. d. B."),
                ("Jean-Luc Picard", "Jean-Luc P."),
                ("  John \u{A0} Smith ", "John S."),
                ("John\u{202E} Smi\u{200B}th", "John S."),
                ("Шевченко Олена Іванівна", "Шевченко О. І."),
                ("Nguyễn Thị Ánh", "Ánh N.T."),
                ("Trần Ánh", "Ánh T."),
                // NFD
                ("Nguye\u{302}\u{303}n Thi\u{323} A\u{301}nh", "Ánh N.T."),
            ],
        );
    }

    #[test]
    fn the_three_apostrophes_are_alike() {
        assert_table(
            "name_latin",
            "",
            &[
                ("Мар'яна Дем'янюк", "Мар'яна Д."),
                ("Мар\u{2019}яна Дем\u{2019}янюк", "Мар\u{2019}яна Д."),
                ("Мар\u{2BC}яна Дем\u{2BC}янюк", "Мар\u{2BC}яна Д."),
                ("Shaun 'tHooft", "Shaun t."),
            ],
        );
    }

    #[test]
    fn single_words_show_their_first_letter() {
        assert_table(
            "name_latin",
            "",
            &[
                ("Madonna", "M***"),
                ("Li", "L***"),
                ("E\u{301}ric", "É***"),
                // initials of single letters would hide nothing
                ("John S", "J***"),
                ("John S.", "J***"),
                ("J. R. R. Tolkien", "J. R. R. T."),
            ],
        );
    }

    #[test]
    fn the_order_can_be_given() {
        assert_table(
            "name_latin",
            "order = \"family_first\"",
            &[
                ("Kovács János", "János K."),
                ("Nagy Anna Mária", "Mária N.A."),
            ],
        );
        assert_table(
            "name_latin",
            "order = \"given_first\"",
            &[("Nguyễn Thị Ánh", "Nguyễn T. Á.")],
        );
        assert_eq!(
            error_of("name_latin", "order = \"last\""),
            "parameter `order` of masker `name_latin` must be one of `auto`, `given_first`, `family_first`"
        );
    }

    #[test]
    fn cjk_names_follow_the_cjk_rule() {
        assert_table("name_latin", "", &[("欧阳娜娜", "欧阳**"), ("王", "*")]);
    }

    #[test]
    fn what_is_no_name_is_hidden_whole() {
        assert_hidden(
            "name_latin",
            "",
            &[
                "",
                "X",
                "J S",
                "a b c d e f g h i",
                "one two three four five six seven eight nine",
                "alice@b.com",
                "138 1234 1234",
                "John <john@b.com>",
                "John \u{301}Smith",
                "John 🙂",
                "...",
            ],
        );
        assert_hidden("name_latin", "", &[&format!("John {}", "s".repeat(40))]);
    }
}
