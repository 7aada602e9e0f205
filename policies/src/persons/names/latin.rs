//! Names in Latin letters.

use std::sync::LazyLock;

use unicode_normalization::char::decompose_canonical;

/// Writes the ASCII letters of a name in a Latin script, small and without their marks.
pub(super) fn plain(name: impl Iterator<Item = char>, out: &mut String) {
    out.extend(name.filter_map(base));
}

/// The small ASCII letter that a letter is without its marks.
fn base(c: char) -> Option<char> {
    /// Latin letters end before: what Unicode says of each is asked once.
    static BASES: LazyLock<Vec<Option<char>>> =
        LazyLock::new(|| ('\0'..'\u{1F00}').map(base_of).collect());
    match BASES.get(c as usize) {
        Some(base) => *base,
        None => base_of(c),
    }
}

fn base_of(c: char) -> Option<char> {
    let mut base = None;
    decompose_canonical(c, |part| {
        let part = match part {
            'đ' | 'Đ' => 'd',
            other => other.to_ascii_lowercase(),
        };
        if part.is_ascii_lowercase() {
            base = Some(part);
        }
    });
    base
}

/// Writes a Ukrainian name in small Latin letters, as passports do (resolution 55 of the Cabinet of Ministers, 2010).
pub(super) fn ukrainian(name: impl Iterator<Item = char>, out: &mut String) {
    let mut before = None;
    for c in name.map(small) {
        // the apostrophe is left out, and what follows it is not the beginning of a word
        let first = before.is_none_or(|before: char| before == '-');
        out.push_str(letter(c, before, first));
        before = Some(c);
    }
}

/// The small one of a letter; of these only capitals are not small already.
fn small(c: char) -> char {
    match c {
        'а'..='я' | 'і' | 'ї' | 'є' | 'ґ' => c,
        _ => c.to_lowercase().next().unwrap_or(c),
    }
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

    fn read(name: &str) -> String {
        let mut out = String::new();
        ukrainian(name.chars(), &mut out);
        out
    }

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
            assert_eq!(read(name), latin, "{name}");
        }
    }

    #[test]
    fn marks_go() {
        for (name, latin) in [
            ("Nguyễn", "nguyen"),
            ("Đặng", "dang"),
            ("O'Brien", "obrien"),
        ] {
            let mut out = String::new();
            plain(name.chars(), &mut out);
            assert_eq!(out, latin);
        }
    }
}
