//! What invented persons do, and for whom.

use rand::Rng;
use rand::seq::IndexedRandom;

use super::{Country, Word};

/// A company that is called after somebody.
pub(super) fn company(country: Country, family: Word, rng: &mut impl Rng) -> String {
    let trade =
        |trades: &[&'static str], rng: &mut _| trades.choose(rng).copied().unwrap_or_default();
    match country {
        Country::Us => format!(
            "{family} {}",
            trade(&["Inc.", "LLC", "& Sons", "Partners", "Supply Co."], rng)
        ),
        Country::Gb => format!(
            "{family} {}",
            trade(&["Ltd", "& Co", "& Daughters", "Services Ltd", "LLP"], rng)
        ),
        Country::Cn => {
            let trade = trade(
                &[
                    "贸易",
                    "科技",
                    "食品",
                    "建材",
                    "物流",
                    "服装",
                    "电子",
                    "文化传播",
                ],
                rng,
            );
            format!("{family}氏{trade}有限公司")
        }
        Country::Vn => {
            let trade = trade(
                &["Thương mại", "Xây dựng", "Vận tải", "Dịch vụ", "Thực phẩm"],
                rng,
            );
            format!("Công ty TNHH {trade} {family}")
        }
        Country::Ua => {
            let trade = trade(
                &[
                    "Торговий дім",
                    "Майстерня",
                    "Пекарня",
                    "Логістика",
                    "Студія",
                ],
                rng,
            );
            format!("ТОВ «{trade} {family}»")
        }
    }
}

/// What a person of a country does.
pub(super) fn job(country: Country, rng: &mut impl Rng) -> &'static str {
    let jobs = match country {
        Country::Us | Country::Gb => EN,
        Country::Cn => ZH_CN,
        Country::Vn => VI,
        Country::Ua => UK,
    };
    jobs.choose(rng).copied().unwrap_or_default()
}

#[rustfmt::skip] // a word a line would be pages
const EN: &[&str] = &[
    "Accountant", "Architect", "Baker", "Bus driver", "Carpenter", "Chef", "Data analyst", "Electrician", "Journalist",
    "Lawyer", "Librarian", "Nurse", "Pharmacist", "Plumber", "Sales manager", "Software engineer", "Surgeon", "Teacher",
    "Translator", "Veterinarian",
];

#[rustfmt::skip] // as above
const ZH_CN: &[&str] = &[
    "会计", "建筑师", "面包师", "公交司机", "木工", "厨师", "数据分析师", "电工", "记者", "律师", "图书管理员", "护士", "药剂师",
    "水管工", "销售经理", "软件工程师", "外科医生", "教师", "翻译", "兽医",
];

#[rustfmt::skip] // as above
const VI: &[&str] = &[
    "Kế toán", "Kiến trúc sư", "Thợ làm bánh", "Tài xế xe buýt", "Thợ mộc", "Đầu bếp", "Phân tích dữ liệu", "Thợ điện",
    "Nhà báo", "Luật sư", "Thủ thư", "Y tá", "Dược sĩ", "Thợ nước", "Quản lý bán hàng", "Kỹ sư phần mềm", "Bác sĩ",
    "Giáo viên", "Phiên dịch", "Bác sĩ thú y",
];

#[rustfmt::skip] // as above
const UK: &[&str] = &[
    "Бухгалтер", "Архітектор", "Пекар", "Водій автобуса", "Столяр", "Кухар", "Аналітик даних", "Електрик", "Журналіст",
    "Юрист", "Бібліотекар", "Фармацевт", "Сантехнік", "Менеджер з продажу", "Програміст", "Хірург", "Вчитель",
    "Перекладач", "Ветеринар", "Інженер",
];
