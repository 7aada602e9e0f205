//! Where invented persons live, and of which gender they are.

/// A country whose persons can be invented.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Country {
    /// The United States.
    #[default]
    Us,
    /// Great Britain.
    Gb,
    /// Mainland China.
    Cn,
    /// Vietnam.
    Vn,
    /// Ukraine.
    Ua,
}

/// What names, patronymics and national ids agree with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Gender {
    /// A woman.
    Female,
    /// A man.
    Male,
}

/// The codes and the names that each country is stored under, in small letters.
const NAMES: [(Country, &[&str]); 5] = [
    (
        Country::Us,
        &[
            "us",
            "usa",
            "united states",
            "united states of america",
            "美国",
        ],
    ),
    (
        Country::Gb,
        &["gb", "gbr", "uk", "united kingdom", "great britain", "英国"],
    ),
    (
        Country::Cn,
        &["cn", "chn", "china", "people's republic of china", "中国"],
    ),
    (
        Country::Vn,
        &["vn", "vnm", "vietnam", "viet nam", "việt nam", "越南"],
    ),
    (Country::Ua, &["ua", "ukr", "ukraine", "україна", "乌克兰"]),
];

impl Country {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Us, Self::Gb, Self::Cn, Self::Vn, Self::Ua];

    /// The country with this ISO 3166 code, or with this name in English or its own language, in letters of any case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.trim();
        let is_code = |country: &Self| name.eq_ignore_ascii_case(country.code());
        if let Some(country) = Self::ALL.into_iter().find(is_code) {
            return Some(country);
        }
        let name = name.to_lowercase();
        let known = |(_, names): &&(Self, &[&str])| names.contains(&name.as_str());
        NAMES.iter().find(known).map(|(country, _)| *country)
    }

    /// The ISO 3166 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Us => "US",
            Self::Gb => "GB",
            Self::Cn => "CN",
            Self::Vn => "VN",
            Self::Ua => "UA",
        }
    }

    /// The language of its names and addresses.
    #[must_use]
    pub fn locale(self) -> &'static str {
        match self {
            Self::Us | Self::Gb => "en",
            Self::Cn => "zh_CN",
            Self::Vn => "vi",
            Self::Ua => "uk",
        }
    }
}

impl Gender {
    /// `MALE` or `FEMALE`, in letters of any case; nothing for any other word.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.trim();
        match name {
            _ if name.eq_ignore_ascii_case("MALE") => Some(Self::Male),
            _ if name.eq_ignore_ascii_case("FEMALE") => Some(Self::Female),
            _ => None,
        }
    }

    /// The name as an enum has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Female => "FEMALE",
            Self::Male => "MALE",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_found_by_code_and_by_name() {
        for country in Country::ALL {
            assert_eq!(Country::from_name(country.code()), Some(country));
        }
        assert_eq!(Country::from_name(" Viet Nam "), Some(Country::Vn));
        assert_eq!(Country::from_name("Україна"), Some(Country::Ua));
        assert_eq!(Country::from_name("ua"), Some(Country::Ua));
        assert_eq!(Country::from_name("中国"), Some(Country::Cn));
        assert_eq!(Country::from_name("FR"), None);
        assert_eq!(Country::from_name(""), None);
    }

    #[test]
    fn only_two_words_tell_a_gender() {
        for gender in [Gender::Female, Gender::Male] {
            assert_eq!(Gender::from_name(gender.name()), Some(gender));
        }
        assert_eq!(Gender::from_name("male"), Some(Gender::Male));
        assert_eq!(Gender::from_name("DIVERSE"), None);
    }
}
