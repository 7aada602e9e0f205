//! Vietnamese names: family, middle, given. The middle name often tells the gender.

use rand::{Rng, RngExt};

use super::{Latin, Name, common};
use crate::persons::Gender;

/// As often of a hundred names has the middle name that is usual for the gender.
const MARKED: u32 = 55;

/// A family, a middle and a given name.
pub(super) fn draw(gender: Gender, rng: &mut impl Rng) -> Name {
    let (marker, middles, given) = match gender {
        Gender::Female => ("Thị", FEMALE_MIDDLES, FEMALE),
        Gender::Male => ("Văn", MALE_MIDDLES, MALE),
    };
    let middle = if rng.random_ratio(MARKED, 100) {
        marker
    } else {
        common(middles, rng)
    };
    // two of five Vietnamese bear the first name of the list
    let family = match rng.random_range(0..100) {
        0..32 => "Nguyễn",
        _ => common(FAMILIES, rng),
    };
    let given = common(given, rng);
    Name {
        latin: Latin::Plain,
        given: given.into(),
        middle: middle.into(),
        family: family.into(),
    }
}

#[rustfmt::skip] // a name a line would be pages
pub(in super::super) const FAMILIES: &[&str] = &[
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý",
    "Huỳnh", "Võ", "Đinh", "Đoàn", "Trịnh", "Đào", "Mai", "Trương", "Lâm", "Phùng", "Tạ", "Hà", "Châu", "Cao",
    "Chu", "Tô", "Lương", "Quách", "Thái", "Tăng", "Kiều", "Nghiêm",
];

#[rustfmt::skip] // as above
pub(in super::super) const FEMALE_MIDDLES: &[&str] = &[
    "Thị", "Ngọc", "Thu", "Thanh", "Kim", "Phương", "Minh", "Hồng", "Bích", "Mỹ", "Quỳnh", "Hoài", "Diệu", "Như",
    "Tuyết", "Khánh",
];

#[rustfmt::skip] // as above
pub(in super::super) const MALE_MIDDLES: &[&str] = &[
    "Văn", "Đức", "Hữu", "Minh", "Quang", "Công", "Đình", "Xuân", "Quốc", "Thành", "Anh", "Duy", "Gia", "Trọng",
    "Hoàng", "Tuấn",
];

#[rustfmt::skip] // as above
pub(in super::super) const FEMALE: &[&str] = &[
    "Hương", "Lan", "Hoa", "Mai", "Linh", "Trang", "Thảo", "Hằng", "Nga", "Thủy", "Hạnh", "Yến", "Phượng", "Loan",
    "Huyền", "Nhung", "Oanh", "Vân", "Ngân", "Trinh", "Diễm", "Cúc", "Đào", "Hiền", "Huệ", "Liên", "Ly", "My",
    "Nguyệt", "Nhi", "Quyên", "Thắm", "Thoa", "Thư", "Trâm", "Trúc", "Tuyền", "Uyên", "Vy", "Xuyến", "Ánh", "Dung",
    "Hà", "Duyên", "Lệ", "Châu", "Ngọc", "Giang",
];

#[rustfmt::skip] // as above
pub(in super::super) const MALE: &[&str] = &[
    "Hùng", "Dũng", "Cường", "Tuấn", "Nam", "Hải", "Sơn", "Long", "Thắng", "Đức", "Trung", "Quân", "Hiếu", "Kiên",
    "Phong", "Khoa", "Huy", "Khôi", "Lâm", "Lộc", "Luân", "Mạnh", "Nghĩa", "Nhân", "Phú", "Phúc", "Quý", "Tài",
    "Tâm", "Tân", "Thịnh", "Thuận", "Tiến", "Toàn", "Trí", "Trường", "Tùng", "Việt", "Vinh", "Vũ", "Bình", "Chiến",
    "Đạt", "Đông", "Duy", "Hưng", "Khánh", "Hoàng",
];
