//! Vietnamese: customers of Vietnam.

use sudare_policies::persons::Country;

use super::{Department, Market, Occupation, Trade, Words, department, work};

mod goods;
mod talk;

pub(super) const MARKET: Market = Market {
    trade: &Trade {
        departments: DEPARTMENTS,
        key_accounts: 3,
        shelves: goods::SHELVES,
        praises: goods::PRAISES,
        campaigns: goods::CAMPAIGNS,
        dollar: 25_000,
    },
    people: &[((Country::Vn, &WORDS), 1)],
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
    gap: " ",
    odd_names: [
        "Ý",
        "Công Tằng Tôn Nữ Nguyễn Phúc Thị Hoàng Ngọc Quỳnh Như Phương Thảo",
        "Trần Bảo 🎈 An",
        "Nguye\u{302}\u{303}n Thi\u{323} A\u{301}nh Tu\u{308}yet",
    ],
    languages: &[("vi-VN", 98), ("en-US", 2)],
};

const DEPARTMENTS: &[Department] = &[
    department(
        "Kinh doanh miền Bắc",
        "Miền Bắc",
        Country::Vn,
        &[
            "Hà Nội",
            "Hải Phòng",
            "Bắc Ninh",
            "Quảng Ninh",
            "Hưng Yên",
            "Ninh Bình",
            "Thái Nguyên",
            "Phú Thọ",
            "Lào Cai",
            "Thanh Hóa",
            "Hải Dương",
            "Nam Định",
        ],
    ),
    department(
        "Kinh doanh miền Trung",
        "Miền Trung",
        Country::Vn,
        &[
            "Đà Nẵng",
            "Thừa Thiên Huế",
            "Huế",
            "Nghệ An",
            "Quảng Nam",
            "Khánh Hòa",
            "Quảng Trị",
            "Bình Định",
            "Đắk Lắk",
            "Gia Lai",
            "Lâm Đồng",
        ],
    ),
    department("Kinh doanh miền Nam", "Miền Nam", Country::Vn, &["VN"]),
    department("Khách hàng lớn", "Toàn quốc", Country::Vn, &[]),
    department("Kênh trực tuyến", "Toàn quốc", Country::Vn, &[]),
];

const OCCUPATIONS: &[(Occupation, u32)] = &[
    (work("Sinh viên", (18, 27), (0, 48_000)), 9),
    (work("Nhân viên bán hàng", (18, 55), (66_000, 132_000)), 8),
    (work("Tài xế công nghệ", (18, 52), (84_000, 192_000)), 5),
    (work("Thợ điện", (20, 60), (96_000, 216_000)), 5),
    (work("Công nhân may", (18, 50), (78_000, 150_000)), 7),
    (work("Điều dưỡng", (22, 58), (96_000, 204_000)), 5),
    (work("Giáo viên tiểu học", (22, 60), (96_000, 198_000)), 6),
    (work("Đầu bếp", (20, 58), (96_000, 240_000)), 4),
    (work("Kỹ sư phần mềm", (22, 50), (240_000, 960_000)), 9),
    (
        work(
            "Chuyên viên phân tích dữ liệu",
            (22, 50),
            (216_000, 600_000),
        ),
        4,
    ),
    (work("Kế toán", (22, 60), (120_000, 360_000)), 7),
    (work("Kỹ sư xây dựng", (24, 60), (168_000, 480_000)), 5),
    (work("Nhân viên thiết kế", (21, 55), (120_000, 360_000)), 4),
    (work("Phóng viên", (23, 60), (120_000, 300_000)), 2),
    (work("Dược sĩ", (24, 60), (120_000, 300_000)), 3),
    (work("Luật sư", (26, 65), (240_000, 1_200_000)), 2),
    (work("Bác sĩ", (27, 65), (240_000, 1_080_000)), 4),
    (
        work("Trưởng phòng kinh doanh", (27, 58), (240_000, 840_000)),
        6,
    ),
    (work("Công chức", (23, 60), (96_000, 240_000)), 6),
    (work("Giảng viên đại học", (28, 65), (180_000, 540_000)), 3),
    (work("Nông dân", (20, 68), (42_000, 120_000)), 6),
    (work("Kinh doanh tự do", (24, 68), (96_000, 1_200_000)), 8),
    (work("Đã nghỉ hưu", (56, 110), (36_000, 144_000)), 34),
];
