//! Simplified Chinese: customers of mainland China.

use super::{Country, Occupation, Place, SeedLocale, Words};

mod house;

pub(super) const WORDS: Words = Words {
    locale: SeedLocale::ZhCn,
    places: PLACES,
    occupations: OCCUPATIONS,
    departments: house::DEPARTMENTS,
    key_accounts: 5,
    shelves: house::SHELVES,
    praises: house::PRAISES,
    campaigns: house::CAMPAIGNS,
    talks: house::TALKS,
    complaints: house::COMPLAINTS,
    requests: house::REQUESTS,
    deals: house::DEALS,
    notes: house::NOTES,
    phone_notes: house::PHONE_NOTES,
    odd_names: [
        "玥",
        "阿卜杜拉希木·买买提尼亚孜·吐尔逊江·艾合买提·阿布都热合曼·库尔班",
        "李雨🎈桐",
        "Lu\u{308}\u{30c} Xia\u{30c}oma\u{30c}n",
    ],
    female: FEMALE,
    male: MALE,
    streets: STREETS,
    languages: &[("zh-CN", 97), ("zh-HK", 3)],
};

const PLACES: &[(Place, u32)] = &[
    (
        place("北京市海淀区", "北京市", ("1000", ""), Country::Cn, 0),
        9,
    ),
    (
        place("北京市朝阳区", "北京市", ("1000", ""), Country::Cn, 0),
        8,
    ),
    (
        place("天津市和平区", "天津市", ("3000", ""), Country::Cn, 0),
        4,
    ),
    (
        place("沈阳市和平区", "辽宁省", ("1100", ""), Country::Cn, 0),
        3,
    ),
    (
        place("上海市浦东新区", "上海市", ("2001", ""), Country::Cn, 1),
        10,
    ),
    (
        place("杭州市西湖区", "浙江省", ("3100", ""), Country::Cn, 1),
        7,
    ),
    (
        place("南京市鼓楼区", "江苏省", ("2100", ""), Country::Cn, 1),
        6,
    ),
    (
        place("苏州市姑苏区", "江苏省", ("2150", ""), Country::Cn, 1),
        4,
    ),
    (
        place("广州市天河区", "广东省", ("5106", ""), Country::Cn, 2),
        8,
    ),
    (
        place("深圳市南山区", "广东省", ("5180", ""), Country::Cn, 2),
        9,
    ),
    (
        place("厦门市思明区", "福建省", ("3610", ""), Country::Cn, 2),
        3,
    ),
    (
        place("成都市武侯区", "四川省", ("6100", ""), Country::Cn, 3),
        7,
    ),
    (
        place("重庆市渝中区", "重庆市", ("4000", ""), Country::Cn, 3),
        5,
    ),
    (
        place("西安市雁塔区", "陕西省", ("7100", ""), Country::Cn, 3),
        5,
    ),
    (
        place("昆明市五华区", "云南省", ("6500", ""), Country::Cn, 3),
        3,
    ),
    (
        place("武汉市武昌区", "湖北省", ("4300", ""), Country::Cn, 4),
        6,
    ),
    (
        place("长沙市岳麓区", "湖南省", ("4100", ""), Country::Cn, 4),
        4,
    ),
    (
        place("郑州市金水区", "河南省", ("4500", ""), Country::Cn, 4),
        5,
    ),
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

const FEMALE: &[&str] = &[
    "芳", "娜", "敏", "静", "丽", "娟", "霞", "秀", "兰", "燕", "玲", "桂", "英", "红", "梅", "雪",
    "琳", "婷", "慧", "莹", "洁", "萍", "倩", "颖", "菲", "怡", "欣", "蕾", "岚", "瑶", "璐", "璇",
    "雯", "妍", "彤", "薇", "佳", "悦", "萱",
];

const MALE: &[&str] = &[
    "伟", "强", "磊", "军", "洋", "勇", "杰", "涛", "明", "超", "刚", "平", "辉", "鹏", "华", "飞",
    "鑫", "波", "斌", "宇", "浩", "凯", "健", "俊", "帆", "帅", "旭", "宁", "龙", "林", "阳", "坤",
    "峰", "晨", "博", "文", "轩", "昊", "然",
];

const STREETS: &[&str] = &[
    "人民路",
    "中山路",
    "解放大道",
    "建设路",
    "和平街",
    "新华街",
    "文化路",
    "学府路",
    "滨河路",
    "长江路",
    "朝阳街",
    "桂花巷",
];

const fn place(
    city: &'static str,
    region: &'static str,
    (postal, area): (&'static str, &'static str),
    country: Country,
    department: usize,
) -> Place {
    Place {
        city,
        region,
        postal,
        area,
        country,
        department,
    }
}

const fn work(title: &'static str, ages: (i64, i64), income: (i64, i64)) -> Occupation {
    Occupation {
        title,
        ages,
        income,
    }
}
