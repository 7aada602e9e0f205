//! `name_cjk`: 张三 -> 张*; 欧阳娜娜 -> 欧阳**.

use std::sync::Arc;

use super::declaration::{Budget, Declaration, Output};
use super::name_words::letters;
use super::params::Params;
use super::simple::is_simple_cjk;
use super::text::{Tidy, push_stars};
use super::{Masked, Masker, MaskerError, Subject, Target, name, name_latin};
use crate::value::{ValueKind, ValueRef};

/// A longer one is no name.
const LONGEST: usize = 20;
/// A transliterated name does not show how long it is.
const MOST_STARS: usize = 4;

pub(super) const DECLARATION: Declaration = Declaration {
    name: "name_cjk",
    summary: "shows the surname of a Chinese, Japanese or Korean name; other names as `name_latin` does",
    kinds: &[ValueKind::Text],
    output: Output::SameKind,
    format_preserving: true,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "the first character, or both of a compound surname when more follow, and the number of the others up to four; at least one stays hidden",
    budget: Budget::Name {
        initials: name_latin::MOST_INITIALS,
    },
    params: &[],
    examples: &[""],
    build,
};

#[derive(Debug)]
struct NameCjk;

fn build(_: &Params<'_>, _: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    Ok(Arc::new(NameCjk))
}

impl Masker for NameCjk {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, out: &mut String) -> Masked {
        match value {
            ValueRef::Text(text) => name::mask(text, name_latin::Order::Auto, out),
            _ => Masked::Null,
        }
    }
}

/// Writes the masked form of a name in CJK characters; none if it is too long to be one.
pub(super) fn write(name: &Tidy<'_>, out: &mut String) -> Option<()> {
    let letters = || letters(name);
    let count = letters().count();
    if count > LONGEST {
        return None;
    }
    let mut all = letters();
    let surname = match (count, all.next(), all.next()) {
        (0 | 1, ..) => 0,
        (3.., Some(first), Some(second)) if is_compound_surname(first, second) => 2,
        _ => 1,
    };
    out.extend(letters().take(surname));
    push_stars((count - surname).min(MOST_STARS), "*", out);
    Some(())
}

/// Writes the masked form of a name of simple letters, each of which has three bytes, and nothing else; none if it is not one.
pub(super) fn write_plain(name: &str, out: &mut String) -> Option<()> {
    let count = name.len() / 3;
    if count > LONGEST || !name.chars().all(is_simple_cjk) {
        return None;
    }
    let surname = match (count, name.as_bytes().first_chunk()) {
        (0 | 1, _) => 0,
        (3.., Some(both)) if is_listed(both) => 2,
        _ => 1,
    };
    out.push_str(name.get(..3 * surname)?);
    push_stars((count - surname).min(MOST_STARS), "*", out);
    Some(())
}

/// Whether two letters are a surname: each of those below has six bytes.
fn is_compound_surname(first: &str, second: &str) -> bool {
    let mut bytes = first.bytes().chain(second.bytes());
    let both: [u8; 6] = std::array::from_fn(|_| bytes.next().unwrap_or(0));
    is_listed(&both) && bytes.next().is_none()
}

fn is_listed(surname: &[u8; 6]) -> bool {
    let found = COMPOUND_SURNAMES.binary_search_by_key(&number(surname), |listed| {
        listed.as_bytes().first_chunk().map_or(0, number)
    });
    found.is_ok()
}

/// As a number, which is compared at once.
fn number(surname: &[u8; 6]) -> u64 {
    let [a, b, c, d, e, f] = *surname;
    u64::from_be_bytes([0, 0, a, b, c, d, e, f])
}

/// Surnames of two characters, simplified and traditional, and the Korean ones, in the order of their characters.
const COMPOUND_SURNAMES: &[&str] = &[
    "万俟", "上官", "东方", "东郭", "东门", "乐正", "亓官", "令狐", "仲孙", "仲孫", "公冶", "公孙",
    "公孫", "公羊", "公良", "公西", "南宫", "南宮", "南榮", "南荣", "南門", "南门", "即墨", "叶赫",
    "司寇", "司徒", "司空", "司馬", "司马", "呼延", "壤駟", "壤驷", "夏侯", "太叔", "太史", "夹谷",
    "夾谷", "子車", "子车", "宇文", "完顏", "完颜", "宗政", "宰父", "尉迟", "尉遲", "左丘", "巫馬",
    "巫马", "微生", "愛新", "慕容", "拓跋", "東方", "東郭", "東門", "梁丘", "樂正", "欧阳", "歐陽",
    "段干", "漆雕", "澹台", "澹臺", "濮阳", "濮陽", "爱新", "独孤", "獨孤", "申屠", "百里", "皇甫",
    "穀梁", "端木", "第五", "納蘭", "纳兰", "羊舌", "聞人", "葉赫", "褚师", "褚師", "西門", "西门",
    "諸葛", "诸葛", "谷梁", "貫丘", "贯丘", "赫连", "赫連", "軒轅", "轩辕", "达奚", "達奚", "那拉",
    "鍾離", "钟离", "長孫", "长孙", "閭丘", "闻人", "闾丘", "顓孫", "颛孙", "鮮于", "鲜于", "남궁",
    "독고", "동방", "사공", "서문", "선우", "제갈", "황보",
];

#[cfg(test)]
mod tests {
    use super::super::harness::{assert_hidden, assert_table};

    #[test]
    fn compound_surnames_are_found() {
        let surnames = super::COMPOUND_SURNAMES;
        assert!(surnames.is_sorted() && surnames.iter().all(|surname| surname.len() == 6));
    }

    #[test]
    fn the_surname_is_shown() {
        assert_table(
            "name_cjk",
            "",
            &[
                ("张三", "张*"),
                ("李小龙", "李**"),
                ("欧阳娜娜", "欧阳**"),
                ("歐陽娜娜", "歐陽**"),
                ("司马光", "司马*"),
                // two characters are a surname and a given name
                ("欧阳", "欧*"),
                ("王", "*"),
                ("𠮷田", "𠮷*"),
                ("山田太郎", "山***"),
                ("さくら", "さ**"),
                ("김철수", "김**"),
                ("남궁민수", "남궁**"),
                // NFD hangul
                ("\u{1100}\u{1175}\u{11B7}철수", "김**"),
                ("迪丽热巴·迪力木拉提", "迪****"),
                ("张\u{3000}三", "张*"),
                ("张\u{200B}三\u{FE00}", "张*"),
                ("欧\u{200D}阳娜娜", "欧阳**"),
            ],
        );
    }

    #[test]
    fn foreign_names_follow_the_latin_rule() {
        assert_table(
            "name_cjk",
            "",
            &[
                ("John Smith", "John S."),
                ("Madonna", "M***"),
                ("Ánh", "Á***"),
            ],
        );
    }

    #[test]
    fn what_is_no_name_is_hidden_whole() {
        let address = "广东省深圳市南山区科技园南区高新南一道一号楼";
        assert_hidden(
            "name_cjk",
            "",
            &[
                "",
                "张三1",
                "张三 (John)",
                "John 张",
                "张三 Smith",
                "张三；李四",
                "😀",
                address,
                "110105",
            ],
        );
    }
}
