//! Vietnam: provinces and their postal codes as they were before provinces were merged in 2025.

use rand::{Rng, RngExt};

use super::{Row, pick};

#[rustfmt::skip] // a table
pub(super) const PLACES: &[Row] = &[
    ("Hà Nội", "Quận Ba Đình", "111", "", 8),
    ("Hà Nội", "Quận Hoàn Kiếm", "110", "", 8),
    ("Hà Nội", "Quận Cầu Giấy", "113", "", 8),
    ("Thành phố Hồ Chí Minh", "Quận 1", "710", "", 10),
    ("Thành phố Hồ Chí Minh", "Quận 3", "722", "", 8),
    ("Thành phố Hồ Chí Minh", "Quận Bình Thạnh", "723", "", 8),
    ("Đà Nẵng", "Quận Hải Châu", "502", "", 6),
    ("Hải Phòng", "Quận Lê Chân", "047", "", 5),
    ("Cần Thơ", "Quận Ninh Kiều", "941", "", 5),
    ("Thừa Thiên Huế", "Thành phố Huế", "491", "", 4),
    ("Khánh Hòa", "Thành phố Nha Trang", "571", "", 4),
    ("Lâm Đồng", "Thành phố Đà Lạt", "661", "", 3),
    ("Đồng Nai", "Thành phố Biên Hòa", "761", "", 4),
    ("Bình Dương", "Thành phố Thủ Dầu Một", "751", "", 4),
    ("Bà Rịa - Vũng Tàu", "Thành phố Vũng Tàu", "782", "", 3),
    ("Quảng Ninh", "Thành phố Hạ Long", "011", "", 3),
    ("Bắc Ninh", "Thành phố Bắc Ninh", "161", "", 3),
    ("Hải Dương", "Thành phố Hải Dương", "031", "", 2),
    ("Nam Định", "Thành phố Nam Định", "071", "", 2),
    ("Thanh Hóa", "Thành phố Thanh Hóa", "401", "", 3),
    ("Nghệ An", "Thành phố Vinh", "431", "", 3),
    ("Quảng Nam", "Thành phố Hội An", "513", "", 2),
    ("Bình Định", "Thành phố Quy Nhơn", "551", "", 2),
    ("Đắk Lắk", "Thành phố Buôn Ma Thuột", "631", "", 2),
    ("An Giang", "Thành phố Long Xuyên", "901", "", 2),
    ("Kiên Giang", "Thành phố Rạch Giá", "911", "", 2),
    ("Tiền Giang", "Thành phố Mỹ Tho", "841", "", 2),
    ("Cà Mau", "Thành phố Cà Mau", "981", "", 1),
];

#[rustfmt::skip] // as above
const STREETS: &[&str] = &[
    "Lê Lợi", "Trần Hưng Đạo", "Nguyễn Huệ", "Hai Bà Trưng", "Lý Thường Kiệt", "Nguyễn Trãi", "Quang Trung",
    "Phan Chu Trinh", "Điện Biên Phủ", "Nguyễn Du", "Lê Duẩn", "Hùng Vương", "Trần Phú", "Bà Triệu", "Võ Thị Sáu",
    "Phan Đình Phùng", "Ngô Quyền", "Đinh Tiên Hoàng", "Lê Hồng Phong", "Hoàng Diệu",
];

pub(super) fn address_line(rng: &mut impl Rng) -> String {
    let house = rng.random_range(1..400);
    let street = pick(STREETS, rng);
    let ward = rng.random_range(1..19);
    if rng.random_ratio(1, 3) {
        let alley = rng.random_range(1..60);
        format!("{house}/{alley} đường {street}, Phường {ward}")
    } else {
        format!("{house} đường {street}, Phường {ward}")
    }
}
