//! Simplified Chinese: customers of mainland China.

use sudare_policies::persons::Country;

use super::{Department, Market, Occupation, Trade, Words, department, work};

mod goods;
mod talk;

pub(super) const MARKET: Market = Market {
    trade: &Trade {
        departments: DEPARTMENTS,
        key_accounts: 5,
        shelves: goods::SHELVES,
        praises: goods::PRAISES,
        campaigns: goods::CAMPAIGNS,
        dollar: 7,
    },
    people: &[((Country::Cn, &WORDS), 1)],
};

pub(super) const WORDS: Words = Words {
    occupations: OCCUPATIONS,
    shelves: goods::SHELVES,
    talks: talk::TALKS,
    complaints: talk::COMPLAINTS,
    requests: talk::REQUESTS,
    questions: talk::QUESTIONS,
    deals: talk::DEALS,
    notes: talk::NOTES,
    noted: talk::NOTED,
    written: talk::WRITTEN,
    gap: "",
    odd_names: [
        "玥",
        "阿卜杜拉希木·买买提尼亚孜·吐尔逊江·艾合买提·阿布都热合曼·库尔班",
        "李雨🎈桐",
        "Lu\u{308}\u{30c} Xia\u{30c}oma\u{30c}n",
    ],
    languages: &[("zh-CN", 97), ("zh-HK", 3)],
};

const DEPARTMENTS: &[Department] = &[
    department(
        "华北销售部",
        "华北",
        Country::Cn,
        &[
            "北京市",
            "天津市",
            "河北省",
            "山西省",
            "内蒙古自治区",
            "辽宁省",
            "吉林省",
            "黑龙江省",
        ],
    ),
    department(
        "华东销售部",
        "华东",
        Country::Cn,
        &["上海市", "江苏省", "浙江省", "安徽省", "江西省", "山东省"],
    ),
    department(
        "华南销售部",
        "华南",
        Country::Cn,
        &["广东省", "福建省", "海南省", "广西壮族自治区"],
    ),
    department("西部销售部", "西部", Country::Cn, &["CN"]),
    department(
        "华中销售部",
        "华中",
        Country::Cn,
        &["河南省", "湖北省", "湖南省"],
    ),
    department("大客户部", "全国", Country::Cn, &[]),
];

const OCCUPATIONS: &[(Occupation, u32)] = &[
    (work("学生", (18, 27), (0, 24)), 9),
    (work("店员", (18, 55), (36, 72)), 7),
    (work("外卖骑手", (18, 50), (48, 108)), 5),
    (work("电工", (20, 60), (60, 132)), 5),
    (work("护士", (22, 55), (72, 156)), 6),
    (work("小学教师", (22, 60), (72, 150)), 6),
    (work("出租车司机", (22, 60), (60, 108)), 4),
    (work("厨师", (20, 58), (60, 156)), 4),
    (work("软件工程师", (22, 50), (150, 520)), 10),
    (work("数据分析师", (22, 50), (120, 320)), 5),
    (work("会计", (22, 60), (72, 200)), 6),
    (work("土木工程师", (24, 60), (100, 260)), 4),
    (work("设计师", (21, 55), (84, 240)), 4),
    (work("记者", (23, 60), (84, 200)), 2),
    (work("药剂师", (24, 60), (84, 180)), 3),
    (work("律师", (26, 65), (120, 600)), 3),
    (work("医生", (27, 65), (150, 560)), 4),
    (work("销售经理", (26, 58), (120, 420)), 7),
    (work("公务员", (23, 60), (90, 220)), 6),
    (work("大学教授", (32, 65), (160, 480)), 2),
    (work("个体经营者", (24, 65), (60, 500)), 7),
    (work("退休", (55, 110), (24, 120)), 34),
];
