//! Chinese names, each character with its reading as a name: 单 is read Shan here, 曾 Zeng.

use rand::{Rng, RngExt};

use super::{Latin, Name, Word, common};
use crate::persons::Gender;

/// As many of a hundred given names have two characters.
const TWO: u32 = 78;
/// As many of a hundred family names have two characters.
const COMPOUND: u32 = 2;

/// A family and a given name.
pub(super) fn draw(gender: Gender, rng: &mut impl Rng) -> Name {
    let (family, family_latin) = if rng.random_ratio(COMPOUND, 100) {
        common(COMPOUNDS, rng)
    } else {
        common(FAMILIES, rng)
    };
    let characters = match gender {
        Gender::Female => FEMALE,
        Gender::Male => MALE,
    };
    let (first, first_latin) = common(characters, rng);
    let (second, second_latin) = if rng.random_ratio(TWO, 100) {
        common(characters, rng)
    } else {
        ("", "")
    };
    Name {
        given: Word::new(first, second),
        middle: "".into(),
        family: family.into(),
        latin: Latin::Read([first_latin, second_latin], family_latin),
    }
}

#[rustfmt::skip] // a name a line would be pages
pub(in super::super) const FAMILIES: &[(&str, &str)] = &[
    ("王", "wang"), ("李", "li"), ("张", "zhang"), ("刘", "liu"), ("陈", "chen"), ("杨", "yang"), ("黄", "huang"),
    ("赵", "zhao"), ("吴", "wu"), ("周", "zhou"), ("徐", "xu"), ("孙", "sun"), ("马", "ma"), ("朱", "zhu"),
    ("胡", "hu"), ("郭", "guo"), ("何", "he"), ("林", "lin"), ("罗", "luo"), ("高", "gao"), ("郑", "zheng"),
    ("梁", "liang"), ("谢", "xie"), ("宋", "song"), ("唐", "tang"), ("许", "xu"), ("韩", "han"), ("邓", "deng"),
    ("冯", "feng"), ("曹", "cao"), ("彭", "peng"), ("曾", "zeng"), ("肖", "xiao"), ("田", "tian"), ("董", "dong"),
    ("潘", "pan"), ("袁", "yuan"), ("蔡", "cai"), ("蒋", "jiang"), ("余", "yu"), ("于", "yu"), ("杜", "du"),
    ("叶", "ye"), ("程", "cheng"), ("魏", "wei"), ("苏", "su"), ("吕", "lu"), ("丁", "ding"), ("任", "ren"),
    ("卢", "lu"), ("姚", "yao"), ("沈", "shen"), ("钟", "zhong"), ("姜", "jiang"), ("崔", "cui"), ("谭", "tan"),
    ("陆", "lu"), ("范", "fan"), ("汪", "wang"), ("廖", "liao"), ("石", "shi"), ("金", "jin"), ("韦", "wei"),
    ("贾", "jia"), ("夏", "xia"), ("付", "fu"), ("方", "fang"), ("邹", "zou"), ("熊", "xiong"), ("白", "bai"),
    ("孟", "meng"), ("秦", "qin"), ("邱", "qiu"), ("侯", "hou"), ("江", "jiang"), ("尹", "yin"), ("薛", "xue"),
    ("闫", "yan"), ("段", "duan"), ("雷", "lei"), ("龙", "long"), ("黎", "li"), ("史", "shi"), ("陶", "tao"),
    ("贺", "he"), ("毛", "mao"), ("郝", "hao"), ("顾", "gu"), ("龚", "gong"), ("邵", "shao"), ("万", "wan"),
    ("覃", "qin"), ("武", "wu"), ("钱", "qian"), ("戴", "dai"), ("严", "yan"), ("莫", "mo"), ("孔", "kong"),
    ("向", "xiang"), ("常", "chang"), ("单", "shan"), ("解", "xie"), ("仇", "qiu"), ("区", "ou"),
];

pub(in super::super) const COMPOUNDS: &[(&str, &str)] = &[
    ("欧阳", "ouyang"),
    ("上官", "shangguan"),
    ("司马", "sima"),
    ("诸葛", "zhuge"),
    ("皇甫", "huangfu"),
    ("司徒", "situ"),
];

#[rustfmt::skip] // as above
pub(in super::super) const FEMALE: &[(&str, &str)] = &[
    ("芳", "fang"), ("娜", "na"), ("敏", "min"), ("静", "jing"), ("丽", "li"), ("娟", "juan"), ("霞", "xia"),
    ("秀", "xiu"), ("兰", "lan"), ("燕", "yan"), ("玲", "ling"), ("桂", "gui"), ("英", "ying"), ("红", "hong"),
    ("梅", "mei"), ("雪", "xue"), ("琳", "lin"), ("婷", "ting"), ("慧", "hui"), ("莹", "ying"), ("洁", "jie"),
    ("萍", "ping"), ("倩", "qian"), ("颖", "ying"), ("菲", "fei"), ("怡", "yi"), ("欣", "xin"), ("蕾", "lei"),
    ("岚", "lan"), ("瑶", "yao"), ("璐", "lu"), ("璇", "xuan"), ("雯", "wen"), ("妍", "yan"), ("彤", "tong"),
    ("薇", "wei"), ("佳", "jia"), ("悦", "yue"), ("萱", "xuan"), ("淑", "shu"), ("珍", "zhen"), ("凤", "feng"),
    ("翠", "cui"), ("琴", "qin"), ("蓉", "rong"), ("婉", "wan"), ("娇", "jiao"), ("媛", "yuan"), ("诗", "shi"),
    ("涵", "han"),
];

#[rustfmt::skip] // as above
pub(in super::super) const MALE: &[(&str, &str)] = &[
    ("伟", "wei"), ("强", "qiang"), ("磊", "lei"), ("军", "jun"), ("洋", "yang"), ("勇", "yong"), ("杰", "jie"),
    ("涛", "tao"), ("明", "ming"), ("超", "chao"), ("刚", "gang"), ("平", "ping"), ("辉", "hui"), ("鹏", "peng"),
    ("华", "hua"), ("飞", "fei"), ("鑫", "xin"), ("波", "bo"), ("斌", "bin"), ("宇", "yu"), ("浩", "hao"),
    ("凯", "kai"), ("健", "jian"), ("俊", "jun"), ("帆", "fan"), ("帅", "shuai"), ("旭", "xu"), ("宁", "ning"),
    ("龙", "long"), ("林", "lin"), ("阳", "yang"), ("坤", "kun"), ("峰", "feng"), ("晨", "chen"), ("博", "bo"),
    ("文", "wen"), ("轩", "xuan"), ("昊", "hao"), ("然", "ran"), ("国", "guo"), ("建", "jian"), ("志", "zhi"),
    ("海", "hai"), ("东", "dong"), ("振", "zhen"), ("亮", "liang"), ("毅", "yi"), ("威", "wei"), ("泽", "ze"),
    ("翔", "xiang"),
];
