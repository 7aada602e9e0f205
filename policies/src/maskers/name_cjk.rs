//! `name_cjk`: 张三 -> 张*; 欧阳娜娜 -> 欧阳**.

use std::sync::Arc;

use super::declaration::{Budget, Declaration, Output};
use super::name::letters;
use super::params::Params;
use super::text::push_stars;
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
pub(super) fn write(name: &str, out: &mut String) -> Option<()> {
    let count = letters(name).count();
    if count > LONGEST {
        return None;
    }
    let surname = match count {
        0 | 1 => 0,
        2 => 1,
        _ if has_compound_surname(name) => 2,
        _ => 1,
    };
    out.extend(letters(name).take(surname));
    push_stars((count - surname).min(MOST_STARS), "*", out);
    Some(())
}

fn has_compound_surname(name: &str) -> bool {
    COMPOUND_SURNAMES.iter().any(|surname| {
        letters(name)
            .take(2)
            .flat_map(str::chars)
            .eq(surname.chars())
    })
}

/// Surnames of two characters, simplified and traditional, and the Korean ones.
const COMPOUND_SURNAMES: &[&str] = &[
    "欧阳", "歐陽", "司马", "司馬", "诸葛", "諸葛", "上官", "司徒", "东方", "東方", "独孤", "獨孤",
    "南宫", "南宮", "万俟", "闻人", "聞人", "夏侯", "尉迟", "尉遲", "公羊", "赫连", "赫連", "澹台",
    "澹臺", "皇甫", "宗政", "濮阳", "濮陽", "公冶", "太叔", "申屠", "公孙", "公孫", "慕容", "仲孙",
    "仲孫", "钟离", "鍾離", "长孙", "長孫", "宇文", "鲜于", "鮮于", "司空", "闾丘", "閭丘", "子车",
    "子車", "亓官", "司寇", "巫马", "巫馬", "公西", "颛孙", "顓孫", "壤驷", "壤駟", "公良", "漆雕",
    "乐正", "樂正", "宰父", "谷梁", "穀梁", "拓跋", "夹谷", "夾谷", "轩辕", "軒轅", "令狐", "段干",
    "百里", "呼延", "东郭", "東郭", "南门", "南門", "羊舌", "微生", "梁丘", "左丘", "东门", "東門",
    "西门", "西門", "第五", "贯丘", "貫丘", "南荣", "南榮", "即墨", "达奚", "達奚", "褚师", "褚師",
    "太史", "端木", "纳兰", "納蘭", "完颜", "完顏", "叶赫", "葉赫", "那拉", "爱新", "愛新", "남궁",
    "황보", "제갈", "선우", "독고", "사공", "서문", "동방",
];

#[cfg(test)]
mod tests {
    use super::super::harness::{assert_hidden, assert_table};

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
