//! Chinese addresses: the areas follow one another, each ends with the word for what it is, and nothing separates them.

use super::address::Level;

/// The country, where it is written.
const COUNTRIES: &[&str] = &["中华人民共和国", "中国", "中國"];

/// Provinces and what ranks with them. They are few and known, and an address is read from here on: before an unknown word there
/// is no telling what it is.
const REGIONS: &[&str] = &[
    "北京市",
    "天津市",
    "上海市",
    "重庆市",
    "河北省",
    "山西省",
    "辽宁省",
    "吉林省",
    "黑龙江省",
    "江苏省",
    "浙江省",
    "安徽省",
    "福建省",
    "江西省",
    "山东省",
    "河南省",
    "湖北省",
    "湖南省",
    "广东省",
    "海南省",
    "四川省",
    "贵州省",
    "云南省",
    "陕西省",
    "甘肃省",
    "青海省",
    "台湾省",
    "臺灣省",
    "台灣省",
    "内蒙古自治区",
    "广西壮族自治区",
    "西藏自治区",
    "宁夏回族自治区",
    "新疆维吾尔自治区",
    "香港特别行政区",
    "澳门特别行政区",
    "香港特別行政區",
    "澳門特別行政區",
    "臺北市",
    "台北市",
    "新北市",
    "桃園市",
    "臺中市",
    "台中市",
    "臺南市",
    "台南市",
    "高雄市",
];

/// A rank of areas: the words that its names end with, each with the most characters of such a name, and what only looks like one.
struct Rank {
    words: &'static [(&'static str, usize)],
    not: &'static [&'static str],
    /// No name has these but at its beginning.
    inside: &'static [char],
}

const CITY: Rank = Rank {
    words: &[
        ("自治州", 12),
        ("地区", 8),
        ("地區", 8),
        ("盟", 6),
        ("市", 5),
    ],
    not: &[
        "超市", "菜市", "夜市", "集市", "早市", "门市", "花市", "城市", "都市", "联盟", "聯盟",
    ],
    inside: &[
        '区', '區', '县', '縣', '路', '街', '巷', '号', '號', '栋', '楼', '村',
    ],
};

const DISTRICT: Rank = Rank {
    words: &[
        ("自治县", 16),
        ("自治旗", 12),
        ("区", 5),
        ("區", 5),
        ("县", 5),
        ("縣", 5),
        ("旗", 9),
        ("市", 5),
    ],
    not: &[
        "小区",
        "社区",
        "园区",
        "校区",
        "院区",
        "厂区",
        "库区",
        "山庄区",
        "宿舍区",
        "住宅区",
        "别墅区",
        "生活区",
        "家属区",
        "小區",
        "社區",
        "園區",
        "校區",
        "院區",
        "廠區",
        "庫區",
        "宿舍區",
        "住宅區",
        "別墅區",
        "国旗",
        "國旗",
        "红旗",
        "紅旗",
        "超市",
        "菜市",
        "夜市",
        "集市",
        "早市",
        "门市",
        "花市",
        "城市",
        "都市",
    ],
    inside: &['路', '街', '巷', '弄', '号', '號', '栋', '道', '村'],
};

/// Writes the areas down to the level; none if the address does not begin with the country or a province.
pub(super) fn write(text: &str, level: Level, out: &mut String) -> Option<()> {
    let text: String = text.chars().filter(|c| *c != ' ').collect();
    let country = one_of(COUNTRIES, &text);
    let mut shown = country;
    if level > Level::Country {
        let rest = |shown| text.get(shown..).unwrap_or_default();
        shown += Some(one_of(REGIONS, rest(shown))).filter(|len| *len > 0)?;
        if level >= Level::City {
            shown += name(&CITY, rest(shown));
        }
        if level >= Level::District {
            shown += name(&DISTRICT, rest(shown));
        }
    }
    let areas = text.get(..shown).filter(|areas| !areas.is_empty())?;
    out.push_str(areas);
    out.push_str("****");
    Some(())
}

/// The bytes of the name that a text begins with, 0 if it is none of these.
fn one_of(names: &[&str], text: &str) -> usize {
    let found = names.iter().find(|name| text.starts_with(*name));
    found.map_or(0, |name| name.len())
}

/// The bytes of the name of this rank that a text begins with, 0 if it does not begin with one. The first word that ends a name
/// decides: what comes after one that only looks so is unknown.
fn name(rank: &Rank, text: &str) -> usize {
    for (i, (at, c)) in text.char_indices().enumerate() {
        if !is_han(c) || (i > 0 && rank.inside.contains(&c)) && !rank.ends_name(text, at, c) {
            return 0;
        }
        let end = at + c.len_utf8();
        let head = text.get(..end).unwrap_or_default();
        let word = rank.words.iter().find(|(word, _)| head.ends_with(word));
        if let Some((word, most)) = word.filter(|(word, _)| head.len() > word.len()) {
            let is_name = i < *most
                && !rank.not.iter().any(|not| head.ends_with(not))
                && !is_direction(head.strip_suffix(word).unwrap_or_default());
            return if is_name { end } else { 0 };
        }
    }
    0
}

impl Rank {
    /// Whether the character is the word that ends a name of this rank.
    fn ends_name(&self, text: &str, at: usize, c: char) -> bool {
        let head = text.get(..at + c.len_utf8()).unwrap_or_default();
        self.words.iter().any(|(word, _)| head.ends_with(word))
    }
}

/// A part of a park or a compound goes by its direction; of the districts that do, none has more than three characters.
fn is_direction(name: &str) -> bool {
    name.chars().count() > 2 && name.ends_with(['东', '南', '西', '北', '中', '東'])
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{323AF}')
}
