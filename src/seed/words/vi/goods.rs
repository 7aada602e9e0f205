//! What a house sells.

use crate::seed::words::Shelf;

pub(super) const SHELVES: &[Shelf] = &[
    Shelf {
        category: "Âm thanh",
        code: "AUD",
        products: &[
            ("Tai nghe kiểm âm", 4_725_000),
            ("Tai nghe du lịch", 1_975_000),
            ("Cặp loa kệ sách", 8_725_000),
            ("Radio nhà bếp", 1_475_000),
            ("Loa thanh", 5_725_000),
            ("Máy quay đĩa than", 6_975_000),
            ("Máy ghi âm", 1_725_000),
            ("Loa tiệc", 3_975_000),
            ("Tai nghe chống ồn", 3_225_000),
            ("Micro để bàn", 2_475_000),
        ],
    },
    Shelf {
        category: "Văn phòng tại nhà",
        code: "OFF",
        products: &[
            ("Bàn đứng nâng hạ", 12_225_000),
            ("Ghế công thái học", 8_225_000),
            ("Tay đỡ màn hình", 2_225_000),
            ("Đèn bàn", 1_225_000),
            ("Bàn phím cơ", 2_725_000),
            ("Chuột đứng", 1_475_000),
            ("Máy quét tài liệu", 3_725_000),
            ("Kê chân", 975_000),
            ("Máng đi dây", 625_000),
            ("Màn hình 27 inch", 7_475_000),
        ],
    },
    Shelf {
        category: "Nhà bếp",
        code: "KIT",
        products: &[
            ("Máy pha cà phê", 10_725_000),
            ("Ấm rót cà phê", 1_625_000),
            ("Dao bếp trưởng", 2_225_000),
            ("Chảo gang", 1_125_000),
            ("Máy trộn bột", 9_475_000),
            ("Nồi cơm điện", 1_975_000),
            ("Máy nướng bánh mì", 1_375_000),
            ("Máy xay cà phê", 2_975_000),
            ("Máy xay chân không", 3_475_000),
            ("Bộ thớt tre", 725_000),
        ],
    },
    Shelf {
        category: "Ngoài trời",
        code: "OUT",
        products: &[
            ("Lều hai người", 5_475_000),
            ("Túi ngủ lông vũ", 3_975_000),
            ("Gậy leo núi", 1_725_000),
            ("Đèn đội đầu", 875_000),
            ("Ba lô đường dài", 3_225_000),
            ("Bếp dã ngoại", 1_225_000),
            ("Bình giữ nhiệt", 725_000),
            ("Áo khoác chống nước", 3_475_000),
            ("Võng", 1_125_000),
            ("Ghế xếp", 975_000),
        ],
    },
    Shelf {
        category: "Nhà thông minh",
        code: "SMA",
        products: &[
            ("Bộ điều nhiệt thông minh", 3_725_000),
            ("Cảm biến cửa", 625_000),
            ("Dải đèn", 875_000),
            ("Chuông cửa có hình", 4_475_000),
            ("Ổ cắm thông minh", 475_000),
            ("Cảm biến rò nước", 725_000),
            ("Robot hút bụi", 9_725_000),
            ("Máy đo không khí", 2_225_000),
            ("Khóa thông minh", 4_975_000),
            ("Bộ trung tâm", 1_725_000),
        ],
    },
    Shelf {
        category: "Làm vườn",
        code: "GAR",
        products: &[
            ("Máy cắt tỉa dùng pin", 3_225_000),
            ("Kéo tỉa cành", 625_000),
            ("Luống trồng nâng", 2_125_000),
            ("Thùng hứng nước mưa", 2_375_000),
            ("Đèn năng lượng mặt trời", 975_000),
            ("Thùng ủ phân", 1_725_000),
            ("Bình tưới", 475_000),
            ("Máng chim ăn", 725_000),
            ("Cuộn ống nước", 1_475_000),
            ("Mành tre", 1_125_000),
        ],
    },
];

pub(super) const PRAISES: &[&str] = &[
    "Bền lâu, có linh kiện thay thế trong mười năm.",
    "Mẫu mà nhân viên chúng tôi cũng mua về.",
    "Êm, nhẹ và dễ lau chùi.",
    "Gửi trong hộp không có nhựa.",
    "Một nâng cấp nhỏ, ngày nào cũng thấy.",
];

pub(super) const CAMPAIGNS: &[(&str, (i32, u32, u32))] = &[
    ("Xuân tươi mới", (2024, 2, 12)),
    ("Trở lại bàn làm việc", (2024, 8, 26)),
    ("Siêu giảm giá 11.11", (2024, 11, 4)),
    ("Tết mới, bếp mới", (2025, 1, 6)),
    ("Mở mùa làm vườn", (2025, 4, 7)),
    ("Hè ngoài trời", (2025, 6, 16)),
    ("Tuần lễ nhà thông minh", (2025, 10, 13)),
    ("Nhân đôi điểm thưởng", (2026, 5, 11)),
];
