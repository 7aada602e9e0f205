//! `name_latin`: John Smith -> John S.; Nguyễn Thị Ánh -> Ánh N.T.; Шевченко Олена Іванівна -> Шевченко О. І.

use std::sync::Arc;

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::name_words::Word;
use super::params::Params;
use super::{Masked, Masker, MaskerError, Subject, Target, name};
use crate::value::{ValueKind, ValueRef};

/// The most initials that are shown.
pub(super) const MOST_INITIALS: usize = 4;

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
pub(super) fn write(words: &[Word<'_>], order: Order, out: &mut String) -> Option<()> {
    let first = words.first()?;
    let family_first = match order {
        Order::Auto => is_vietnamese_surname(first.text),
        Order::GivenFirst => false,
        Order::FamilyFirst => true,
    };
    let at = if family_first { words.len() - 1 } else { 0 };
    let (before, rest) = words.split_at_checked(at)?;
    let (shown, after) = rest.split_first()?;
    let others = || before.iter().chain(after);
    if !others().any(|word| word.letters > 1) {
        // Initials would hide nothing.
        return single(first, out);
    }
    out.push_str(shown.text);
    for (i, word) in others().take(MOST_INITIALS).enumerate() {
        if i == 0 || !family_first {
            out.push(' ');
        }
        out.push_str(word.first);
        out.push('.');
    }
    Some(())
}

fn single(word: &Word<'_>, out: &mut String) -> Option<()> {
    if word.letters < 2 {
        return None;
    }
    out.push_str(word.first);
    out.push_str("***");
    Some(())
}

/// The commonest ones, in NFC; they come first, and as few of them name almost everybody, the given name is what a person goes by.
fn is_vietnamese_surname(word: &str) -> bool {
    matches!(
        word,
        "Nguyễn"
            | "Nguyen"
            | "Trần"
            | "Tran"
            | "Lê"
            | "Phạm"
            | "Pham"
            | "Hoàng"
            | "Hoang"
            | "Huỳnh"
            | "Huynh"
            | "Phan"
            | "Vũ"
            | "Võ"
            | "Đặng"
            | "Dang"
            | "Bùi"
            | "Bui"
            | "Đỗ"
            | "Hồ"
            | "Ngô"
            | "Dương"
            | "Duong"
            | "Lý"
            | "Đinh"
            | "Trịnh"
            | "Trinh"
            | "Đoàn"
            | "Lâm"
            | "Trương"
            | "Truong"
    )
}

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
