//! Ukrainian names: family, given, patronymic, all in the form of the gender.

use rand::Rng;

use super::{Latin, Name, Word, common};
use crate::persons::Gender;

/// A family name, a given name, and a patronymic after a father.
pub(super) fn draw(gender: Gender, rng: &mut impl Rng) -> Name {
    let given = common(
        match gender {
            Gender::Female => FEMALE,
            Gender::Male => MALE,
        },
        rng,
    );
    let family = surname(common(FAMILIES, rng), gender);
    Name {
        latin: Latin::Ukrainian,
        given: given.into(),
        middle: patronymic(common(MALE, rng), gender),
        family,
    }
}

/// A surname in the form of the gender: those that are adjectives, and those in -ов, -ев, -єв, -ін, -їн, have two.
pub(super) fn surname(masculine: &'static str, gender: Gender) -> Word {
    if gender == Gender::Male {
        return masculine.into();
    }
    match masculine.strip_suffix("ий") {
        Some(stem) => Word::new(stem, "а"),
        None if ["ов", "ев", "єв", "ін", "їн"]
            .iter()
            .any(|suffix| masculine.ends_with(suffix)) =>
        {
            Word::new(masculine, "а")
        }
        None => masculine.into(),
    }
}

/// What a father's name makes of the child's.
pub(super) fn patronymic(father: &'static str, gender: Gender) -> Word {
    let (son, daughter) = match father {
        "Григорій" => ("Григорович", "Григорівна"),
        "Ілля" => ("Ілліч", "Іллівна"),
        "Лев" => ("Львович", "Львівна"),
        "Микола" => ("Миколайович", "Миколаївна"),
        "Яків" => ("Якович", "Яківна"),
        _ => return regular(father, gender),
    };
    match gender {
        Gender::Male => son.into(),
        Gender::Female => daughter.into(),
    }
}

fn regular(father: &'static str, gender: Gender) -> Word {
    let hard = father.trim_end_matches(['о', 'а']);
    match (gender, hard.strip_suffix('й'), hard.strip_suffix('ь')) {
        // й and ь stay before the ending of a son
        (Gender::Male, ..) => Word::new(hard, "ович"),
        (Gender::Female, Some(stem), _) => Word::new(stem, "ївна"),
        (Gender::Female, None, soft) => Word::new(soft.unwrap_or(hard), "івна"),
    }
}

#[rustfmt::skip] // a name a line would be pages
pub(in super::super) const FEMALE: &[&str] = &[
    "Олена", "Тетяна", "Наталія", "Ірина", "Оксана", "Анна", "Світлана", "Людмила", "Юлія", "Марія", "Ольга",
    "Катерина", "Галина", "Надія", "Вікторія", "Валентина", "Анастасія", "Любов", "Ганна", "Дарина", "Софія",
    "Христина", "Лариса", "Інна", "Аліна", "Яна", "Леся", "Мар’яна", "Зоряна", "Богдана", "Соломія", "Злата",
    "Уляна", "Ярина", "Лілія", "Жанна", "Раїса", "Ніна", "Віра", "Лідія", "Поліна", "Діана", "Єва", "Маргарита",
    "Олександра", "Вероніка", "Іванна", "Роксолана", "Руслана", "Тамара",
];

#[rustfmt::skip] // as above
pub(in super::super) const MALE: &[&str] = &[
    "Олександр", "Сергій", "Володимир", "Андрій", "Микола", "Іван", "Василь", "Віктор", "Юрій", "Михайло",
    "Олег", "Ігор", "Дмитро", "Петро", "Анатолій", "Роман", "Максим", "Богдан", "Ярослав", "Тарас", "Віталій",
    "Євген", "Григорій", "Павло", "Степан", "Руслан", "Вадим", "Артем", "Денис", "Назар", "Остап", "Данило",
    "Кирило", "Антон", "Борис", "Валерій", "Леонід", "Костянтин", "Матвій", "Тимофій", "Яків", "Лев", "Ілля",
    "Микита", "Святослав", "Всеволод", "Станіслав", "Ростислав", "Мирослав", "Любомир",
];

#[rustfmt::skip] // as above
pub(in super::super) const FAMILIES: &[&str] = &[
    "Мельник", "Шевченко", "Коваленко", "Бондаренко", "Бойко", "Ткаченко", "Кравченко", "Ковальчук", "Коваль",
    "Олійник", "Шевчук", "Поліщук", "Лисенко", "Бондар", "Мороз", "Марченко", "Ткачук", "Руденко", "Савченко",
    "Петренко", "Кравчук", "Клименко", "Павленко", "Савчук", "Кузьменко", "Левченко", "Пономаренко", "Василенко",
    "Волошин", "Харченко", "Карпенко", "Мельничук", "Сидоренко", "Гаврилюк", "Швець", "Мартинюк", "Попович",
    "Романюк", "Панченко", "Юрченко", "Приходько", "Литвиненко", "Кучер", "Гончаренко", "Козак", "Білоус",
    "Яковенко", "Назаренко", "Костенко", "Ковтун", "Білий", "Чорний", "Зелений", "Мудрий", "Гладкий", "Вишневський",
    "Левицький", "Заболотний", "Яворський", "Хмельницький", "Грабовський", "Добровольський", "Островський",
    "Крижанівський", "Сосновський", "Каминський", "Іванов", "Петров", "Соколов", "Федоров", "Лебедєв", "Медведєв",
    "Нікітін", "Ільїн", "Гусак", "Дяченко", "Захарчук", "Жук", "Зінченко", "Кириленко", "Лук’яненко", "Максименко",
    "Непийвода", "Онищенко", "Пилипенко", "Рибак", "Семенюк", "Тимошенко", "Усенко", "Федорчук", "Цимбал", "Чумак",
    "Шаповал", "Щербак", "Юхименко", "Якименко", "Гнатюк", "Дзюба", "Єременко", "Ґудзь",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patronymics_follow_the_fathers_name() {
        for (father, son, daughter) in [
            ("Іван", "Іванович", "Іванівна"),
            ("Андрій", "Андрійович", "Андріївна"),
            ("Юрій", "Юрійович", "Юріївна"),
            ("Петро", "Петрович", "Петрівна"),
            ("Михайло", "Михайлович", "Михайлівна"),
            ("Дмитро", "Дмитрович", "Дмитрівна"),
            ("Василь", "Васильович", "Василівна"),
            ("Ігор", "Ігорович", "Ігорівна"),
            ("Микола", "Миколайович", "Миколаївна"),
            ("Микита", "Микитович", "Микитівна"),
            ("Ілля", "Ілліч", "Іллівна"),
            ("Яків", "Якович", "Яківна"),
            ("Лев", "Львович", "Львівна"),
            ("Григорій", "Григорович", "Григорівна"),
            ("Матвій", "Матвійович", "Матвіївна"),
        ] {
            assert_eq!(patronymic(father, Gender::Male).to_string(), son);
            assert_eq!(patronymic(father, Gender::Female).to_string(), daughter);
        }
    }

    #[test]
    fn surnames_have_the_form_of_the_gender() {
        for (his, hers) in [
            ("Шевченко", "Шевченко"),
            ("Ковальчук", "Ковальчук"),
            ("Левицький", "Левицька"),
            ("Яворський", "Яворська"),
            ("Чорний", "Чорна"),
            ("Петров", "Петрова"),
            ("Медведєв", "Медведєва"),
            ("Нікітін", "Нікітіна"),
            ("Ільїн", "Ільїна"),
            ("Волошин", "Волошин"),
        ] {
            assert_eq!(surname(his, Gender::Male).to_string(), his);
            assert_eq!(surname(his, Gender::Female).to_string(), hers);
        }
    }
}
