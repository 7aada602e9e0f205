//! `address`: 广东省深圳市南山区科技园南区 -> 广东省深圳市南山区****; 12 Elm Street, Springfield, Illinois, USA -> ***, Springfield,
//! Illinois, USA.

use std::sync::Arc;

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::params::Params;
use super::text::{hide, tidy_compatible};
use super::{Masked, Masker, MaskerError, Subject, Target, address_areas, address_parts};
use crate::value::{ValueKind, ValueRef};

pub(super) const DECLARATION: Declaration = Declaration {
    name: "address",
    summary: "shows the larger areas of an address, down to a level",
    kinds: &[ValueKind::Text],
    output: Output::SameKind,
    format_preserving: false,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: false,
    max_reveal: "of a Chinese address that begins with its province the areas down to the level; of one in comma parts as many of the largest as the level has (one to four, one less if no country is named), never the first, without words that have digits or name a street; nothing of any other",
    budget: Budget::Place,
    params: &[Parameter {
        name: "level",
        meaning: "the smallest area that is shown: `country`, `region`, `city` or `district`; `city` when left out",
    }],
    examples: &[
        "",
        "level = \"country\"",
        "level = \"region\"",
        "level = \"district\"",
    ],
    build,
};

/// The smallest area that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Country,
    Region,
    City,
    District,
}

#[derive(Debug)]
struct Address {
    level: Level,
}

fn build(params: &Params<'_>, _: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    let levels = [
        ("country", Level::Country),
        ("region", Level::Region),
        ("city", Level::City),
        ("district", Level::District),
    ];
    let level = params.choice("level", &levels, Some(Level::City))?;
    Ok(Arc::new(Address { level }))
}

impl Masker for Address {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, out: &mut String) -> Masked {
        let ValueRef::Text(text) = value else {
            return Masked::Null;
        };
        let Some(text) = tidy_compatible(text) else {
            return hide(out);
        };
        // NFKC makes the comma of Chinese and Japanese texts an ASCII one
        let done = if text.contains(',') {
            address_parts::write(&text, self.level, out)
        } else {
            address_areas::write(&text, self.level, out)
        };
        done.map_or_else(|| hide(out), |()| Masked::Text)
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{assert_hidden, assert_table, error_of};

    fn at(level: &str) -> String {
        format!("level = \"{level}\"")
    }

    #[test]
    fn chinese_addresses_show_their_areas() {
        let address = "广东省深圳市南山区科技园南区高新南一道1号2栋301";
        for (level, shown) in [
            ("country", "****"),
            ("region", "广东省****"),
            ("city", "广东省深圳市****"),
            ("district", "广东省深圳市南山区****"),
        ] {
            assert_table("address", &at(level), &[(address, shown)]);
        }
        assert_table(
            "address",
            &at("district"),
            &[
                ("北京市朝阳区建国路88号", "北京市朝阳区****"),
                ("北京市北京市朝阳区建国路88号", "北京市北京市朝阳区****"),
                ("上海市浦东新区世纪大道1号", "上海市浦东新区****"),
                ("浙江省杭州市余杭区文一西路", "浙江省杭州市余杭区****"),
                ("江苏省苏州市昆山市人民路1号", "江苏省苏州市昆山市****"),
                (
                    "新疆维吾尔自治区伊犁哈萨克自治州伊宁市解放路",
                    "新疆维吾尔自治区伊犁哈萨克自治州伊宁市****",
                ),
                (
                    "内蒙古自治区锡林郭勒盟苏尼特左旗",
                    "内蒙古自治区锡林郭勒盟苏尼特左旗****",
                ),
                (
                    "香港特别行政区中西区皇后大道中1号",
                    "香港特别行政区中西区****",
                ),
                ("臺灣省臺中市西屯區臺灣大道1號", "臺灣省臺中市西屯區****"),
                ("广东省 深圳市 南山区 科技园", "广东省深圳市南山区****"),
                (
                    "广东省\u{200B}深圳\u{202E}市南山区科技园",
                    "广东省深圳市南山区****",
                ),
                ("中国广东省深圳市南山区科技园", "中国广东省深圳市南山区****"),
            ],
        );
        assert_table(
            "address",
            &at("country"),
            &[("中国广东省深圳市", "中国****")],
        );
    }

    #[test]
    fn what_only_looks_like_an_area_is_hidden() {
        assert_table(
            "address",
            &at("district"),
            &[
                // a residential compound, a park, a market
                ("广东省深圳市幸福小区3栋", "广东省深圳市****"),
                ("广东省深圳市科技园区1号", "广东省深圳市****"),
                ("广东省大润发超市", "广东省****"),
                ("广东省深圳市1区", "广东省深圳市****"),
                ("北京市国旗", "北京市****"),
            ],
        );
        assert_hidden(
            "address",
            &at("district"),
            &[
                "",
                "张三广东省深圳市南山区",
                // where the province is not known the beginning may be anything
                "深圳市南山区科技园",
                "科技园南区高新南一道",
                "广东深圳",
                "12 Elm Street Springfield",
                "alice@b.com",
            ],
        );
    }

    #[test]
    fn comma_parts_show_the_largest() {
        let address = "12 Elm Street, Downtown, Springfield, Illinois, USA";
        for (level, shown) in [
            ("country", "***, USA"),
            ("region", "***, Illinois, USA"),
            ("city", "***, Springfield, Illinois, USA"),
            ("district", "***, Downtown, Springfield, Illinois, USA"),
        ] {
            assert_table("address", &at(level), &[(address, shown)]);
        }
        assert_table(
            "address",
            "",
            &[
                (
                    "12 Elm Street, Springfield, IL 62704, USA",
                    "***, Springfield, IL ***, USA",
                ),
                // without a country there is one part less
                (
                    "12 Elm Street, Springfield, IL 62704",
                    "***, Springfield, IL ***",
                ),
                (
                    "10 Downing Street, London SW1A 2AA, United Kingdom",
                    "***, London *** ***, United Kingdom",
                ),
                (
                    "12 Nguyễn Huệ, Bến Nghé, District 1, HCMC",
                    "***, District 1, HCMC",
                ),
                (
                    "12 Nguyễn Huệ, Quận 1, TP.HCM, Việt Nam",
                    "***, Quận 1, TP.HCM, Việt Nam",
                ),
                ("12 Elm St，Springfield，USA", "***, Springfield, USA"),
            ],
        );
    }

    #[test]
    fn addresses_that_begin_with_the_largest_part_are_read_that_way() {
        assert_table(
            "address",
            "",
            &[
                (
                    "Україна, Київська обл., м. Ірпінь, вул. Шевченка, 1",
                    "Україна, Київська обл., м. Ірпінь, ***",
                ),
                (
                    "01001, Україна, Київ, вул. Хрещатик, 22, кв. 5",
                    "Україна, Київ, ***",
                ),
                ("м. Київ, вул. Хрещатик, буд. 22, кв. 5", "м. Київ, ***"),
            ],
        );
        assert_table(
            "address",
            &at("country"),
            &[("Україна, Київ, вул. Хрещатик, 22", "Україна, ***")],
        );
    }

    #[test]
    fn streets_and_houses_are_never_shown() {
        assert_hidden(
            "address",
            &at("district"),
            &[
                "вул. Хрещатик, 22",
                "Хрещатик, буд. 22, кв. 5",
                "Elm Street 12, Apt 4",
                "12, 13, 14",
                ", , ,",
                "a,",
            ],
        );
        assert_table(
            "address",
            &at("district"),
            &[(
                "Flat 3, 12 Elm Street, Springfield, USA",
                "***, Springfield, USA",
            )],
        );
        assert_eq!(
            error_of("address", &at("street")),
            "parameter `level` of masker `address` must be one of `country`, `region`, `city`, `district`"
        );
    }
}
