//! Names in Latin letters.

use unicode_normalization::UnicodeNormalization;

/// The ASCII letters of a name in a Latin script, small and without their marks.
pub(super) fn plain(name: &str) -> String {
    if name.is_ascii() {
        let letters = name.chars().filter(char::is_ascii_alphabetic);
        return letters.map(|c| c.to_ascii_lowercase()).collect();
    }
    name.nfd()
        .map(|c| match c {
            'đ' | 'Đ' => 'd',
            other => other.to_ascii_lowercase(),
        })
        .filter(char::is_ascii_lowercase)
        .collect()
}

/// A Ukrainian name in small Latin letters, as passports write it (resolution 55 of the Cabinet of Ministers, 2010).
pub(super) fn ukrainian(name: &str) -> String {
    let mut latin = String::new();
    let mut before = None;
    for c in name.chars().flat_map(char::to_lowercase) {
        // the apostrophe is left out, and what follows it is not the beginning of a word
        let first = before.is_none_or(|before: char| before == '-');
        latin.push_str(letter(c, before, first));
        before = Some(c);
    }
    latin
}

fn letter(c: char, before: Option<char>, first: bool) -> &'static str {
    match c {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        // зг is not to be read as ж
        'г' if before == Some('з') => "gh",
        'г' => "h",
        'ґ' => "g",
        'д' => "d",
        'е' => "e",
        'є' if first => "ye",
        'є' => "ie",
        'ж' => "zh",
        'з' => "z",
        'и' => "y",
        'і' => "i",
        'ї' if first => "yi",
        'ї' => "i",
        'й' if first => "y",
        'й' => "i",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' => "u",
        'ф' => "f",
        'х' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ю' if first => "yu",
        'ю' => "iu",
        'я' if first => "ya",
        'я' => "ia",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ukrainian_names_are_written_as_the_resolution_writes_them() {
        for (name, latin) in [
            ("Алушта", "alushta"),
            ("Андрій", "andrii"),
            ("Борисенко", "borysenko"),
            ("Гадяч", "hadiach"),
            ("Згурський", "zghurskyi"),
            ("Ґалаґан", "galagan"),
            ("Єнакієве", "yenakiieve"),
            ("Гаєвич", "haievych"),
            ("Їжакевич", "yizhakevych"),
            ("Кадиївка", "kadyivka"),
            ("Йосипівка", "yosypivka"),
            ("Стрий", "stryi"),
            ("Щербухи", "shcherbukhy"),
            ("Юрій", "yurii"),
            ("Корюківка", "koriukivka"),
            ("Яготин", "yahotyn"),
            ("Костянтин", "kostiantyn"),
            ("Знам’янка", "znamianka"),
            ("Феодосія", "feodosiia"),
            ("Розгон", "rozghon"),
        ] {
            assert_eq!(ukrainian(name), latin, "{name}");
        }
    }

    #[test]
    fn marks_go() {
        assert_eq!(plain("Nguyễn"), "nguyen");
        assert_eq!(plain("Đặng"), "dang");
        assert_eq!(plain("O'Brien"), "obrien");
    }
}
