//! What is said by customers and about them.

use crate::seed::words::Asides;

pub(super) const TALKS: &[(&str, &str)] = &[
    (
        "Gọi chào mừng",
        "Đã giới thiệu dịch vụ và kiểm tra lại tài khoản.",
    ),
    (
        "Gia hạn gói dịch vụ",
        "Hài lòng với gói hiện tại, tháng sau quyết định.",
    ),
    (
        "Thắc mắc về hóa đơn",
        "Đã giải thích dòng thứ hai của hóa đơn, khách đồng ý.",
    ),
    (
        "Tư vấn sản phẩm",
        "So sánh hai mẫu, nghiêng về mẫu nhỏ hơn.",
    ),
    ("Giờ giao hàng", "Hẹn giao từ chín giờ đến mười hai giờ."),
    (
        "Hỏi thăm sau mua hàng",
        "Rất hài lòng, sẽ giới thiệu cho bạn bè.",
    ),
    (
        "Thương lượng giá",
        "Xin chiết khấu theo số lượng, sẽ gửi báo giá.",
    ),
    (
        "Tổng kết năm",
        "Điểm lại cả năm, quan tâm đến ưu đãi mùa xuân.",
    ),
    (
        "Gọi lại cuộc gọi nhỡ",
        "Không ai bắt máy, đã để lại lời nhắn.",
    ),
    ("Thu cũ đổi mới", "Muốn đổi thiết bị cũ."),
];

pub(super) const COMPLAINTS: &[(&str, &str)] = &[
    (
        "Hàng bị móp",
        "Hộp {product} bị móp một bên, nắp không đóng được. Xin gửi cái khác.",
    ),
    (
        "Giao sai hàng",
        "Tôi đặt {product} màu đen nhưng nhận màu trắng.",
    ),
    (
        "Bị trừ tiền hai lần",
        "Sao kê có hai khoản giống nhau trong một ngày. Xin hoàn lại một khoản.",
    ),
    (
        "Hỏng sau hai tuần",
        "{product} lúc đầu chạy tốt, giờ không bật lên được.",
    ),
    (
        "Giao chậm",
        "Tôi đang chờ {product}. Trang theo dõi báo ngày mai đã sáu hôm rồi.",
    ),
    (
        "Thái độ qua điện thoại",
        "Tôi chờ nửa tiếng rồi bị ngắt máy.",
    ),
    ("Thiếu phụ kiện", "Trong hộp {product} không có ốc vít."),
    (
        "Chưa được hoàn tiền",
        "Tôi đã gửi trả {product} ba tuần trước mà chưa thấy tiền.",
    ),
];

pub(super) const REQUESTS: &[(&str, &str)] = &[
    (
        "Đổi địa chỉ",
        "Tôi đã chuyển nhà. Lần sau xin giao đến địa chỉ mới.",
    ),
    (
        "Xin lại hóa đơn",
        "Xin gửi lại hóa đơn của đơn hàng gần nhất.",
    ),
    (
        "Cách khôi phục cài đặt",
        "Hướng dẫn của {product} không nói cách về cài đặt gốc.",
    ),
    ("Cần linh kiện", "Tôi tìm vòng cao su nhỏ của {product}."),
    ("Hủy nhận bản tin", "Xin bỏ tôi khỏi danh sách."),
    (
        "Gia hạn bảo hành",
        "Có thể thêm hai năm bảo hành cho {product} không?",
    ),
    (
        "Đổi ngày giao",
        "Thứ ba nhà không có ai. {product} giao thứ sáu được không?",
    ),
];

pub(super) const QUESTIONS: &[(&str, &str)] = &[
    (
        "Có giao ra đảo không",
        "Tôi muốn đặt hàng nhưng biểu mẫu không nhận địa chỉ.",
    ),
    (
        "Không đăng nhập được",
        "Tôi chờ mãi không thấy liên kết đổi mật khẩu.",
    ),
    (
        "Thẻ quà tặng",
        "Có thể dùng hai thẻ quà tặng một lúc không?",
    ),
];

pub(super) const DEALS: &[&str] = &[
    "Thiết bị văn phòng cho nhóm mới",
    "Gói dịch vụ mở rộng",
    "Đơn hàng lớn cho sự kiện",
    "Gia hạn hợp đồng năm",
    "Nâng cấp góc làm việc tại nhà",
    "Bộ nhà thông minh cơ bản",
    "Sửa sang nhà bếp",
    "Bộ làm vườn cho khu dân cư",
];

pub(super) const NOTES: &[&str] = &[
    "Thích nhắn tin hơn gọi điện.",
    "Quan tâm chương trình thu cũ đổi mới.",
    "Gặp ở hội chợ xuân, rất am hiểu.",
    "Cần hóa đơn giấy.",
    "Nói chậm, xin kiên nhẫn.",
    "Làm ca đêm, đừng gọi trước buổi trưa.",
    "Đã giới thiệu chúng ta cho hai đồng nghiệp.",
    "Từng gặp trục trặc với một đơn hàng, cần chú ý.",
    "Sưu tập điểm thưởng, thuộc mọi quy định.",
];

pub(super) const NOTED: Asides = Asides {
    phone: &[
        "Sau sáu giờ tối gọi số {}.",
        "Xin gọi lại {}, đừng gọi đến cơ quan.",
        "Số {} dùng chung với vợ/chồng, đừng để lại chi tiết.",
        "Nhắn {} trước khi giao.",
    ],
    mail: &[
        "Chỉ gửi hóa đơn đến {}.",
        "Đã gửi tài liệu đến {}.",
        "Thư đến {} từng bị trả lại, nay đã nhận được.",
    ],
    card: &[
        "Trả bằng thẻ {}, hoàn tiền về đó.",
        "Khách đọc số thẻ {} qua điện thoại.",
    ],
    id: &["Đã đối chiếu CCCD {}.", "Căn cước {} khớp với hồ sơ."],
};

pub(super) const WRITTEN: Asides = Asides {
    phone: &[
        "Liên hệ tôi qua số {}.",
        "Xin gọi lại {}.",
        "Số của tôi là {}, buổi tối tiện nhất.",
        "Cần gì gọi {}",
    ],
    mail: &[
        "Địa chỉ thư của tôi là {}.",
        "Xin trả lời vào {}.",
        "Gửi về {}",
    ],
    card: &["Tôi trả bằng thẻ {}.", "Xin hoàn về thẻ {}"],
    id: &["Số CCCD của tôi là {}.", "Căn cước công dân: {}"],
};
