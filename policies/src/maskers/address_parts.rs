//! Addresses in comma parts: from the house to the country, or the other way round.

use super::address::Level;
use super::text::is_mark;

/// The longest part that is a name, in characters, and the longest word of one.
const LONGEST_PART: usize = 64;
const LONGEST_WORD: usize = 32;
const HIDDEN: &str = "***";

/// Countries that addresses end (or begin) with, small letters. One that is not here counts as a region: less is shown.
const COUNTRIES: &[&str] = &[
    "usa",
    "us",
    "u.s.a.",
    "united states",
    "united states of america",
    "uk",
    "united kingdom",
    "great britain",
    "england",
    "scotland",
    "wales",
    "ireland",
    "canada",
    "australia",
    "new zealand",
    "india",
    "singapore",
    "china",
    "hong kong",
    "taiwan",
    "japan",
    "south korea",
    "vietnam",
    "viet nam",
    "việt nam",
    "ukraine",
    "україна",
    "poland",
    "polska",
    "germany",
    "deutschland",
    "austria",
    "österreich",
    "switzerland",
    "schweiz",
    "suisse",
    "france",
    "belgium",
    "netherlands",
    "nederland",
    "spain",
    "españa",
    "portugal",
    "italy",
    "italia",
    "sweden",
    "norway",
    "denmark",
    "finland",
    "czech republic",
    "czechia",
    "slovakia",
    "hungary",
    "romania",
    "moldova",
    "bulgaria",
    "greece",
    "turkey",
    "mexico",
    "méxico",
    "brazil",
    "brasil",
];

/// Words of a part that names an area which is larger than a street, small letters: an address that begins so is read from there.
const AREAS: &[&str] = &[
    "обл",
    "область",
    "м",
    "місто",
    "смт",
    "с",
    "село",
    "р-н",
    "район",
    "oblast",
];

/// Words of a part that names a street or what is smaller, small letters.
const STREETS: &[&str] = &[
    "street",
    "st",
    "road",
    "rd",
    "avenue",
    "ave",
    "av",
    "lane",
    "ln",
    "drive",
    "dr",
    "boulevard",
    "blvd",
    "way",
    "court",
    "ct",
    "square",
    "sq",
    "place",
    "pl",
    "terrace",
    "highway",
    "hwy",
    "close",
    "crescent",
    "broadway",
    "apt",
    "apartment",
    "flat",
    "unit",
    "suite",
    "ste",
    "floor",
    "fl",
    "room",
    "rm",
    "house",
    "building",
    "bldg",
    "block",
    "tower",
    "box",
    "вул",
    "вулиця",
    "просп",
    "проспект",
    "пр",
    "пр-т",
    "пров",
    "провулок",
    "бул",
    "бульвар",
    "пл",
    "площа",
    "узвіз",
    "шосе",
    "наб",
    "набережна",
    "буд",
    "будинок",
    "кв",
    "квартира",
    "корп",
    "корпус",
    "офіс",
    "đường",
    "phố",
    "ngõ",
    "ngách",
    "hẻm",
    "số",
    "tầng",
    "phòng",
    "tòa",
    "nhà",
    "straße",
    "strasse",
    "str",
    "weg",
    "platz",
    "allee",
    "rue",
    "chemin",
    "impasse",
    "via",
    "calle",
    "ulica",
    "ul",
];

/// Words that a number of one or two digits may follow.
const NUMBERED: &[&str] = &["district", "quận", "quan"];

/// Writes the largest areas; none if there is nothing that is sure to be one.
pub(super) fn write(text: &str, level: Level, out: &mut String) -> Option<()> {
    let parts: Vec<&str> = text
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let first = parts.iter().find(|part| !is_number(part))?;
    let from_largest = is_country(first) || words(first).any(|word| AREAS.contains(&word.as_str()));
    // The part at the other end is never shown, whatever it looks like.
    let (_, larger) = if from_largest {
        parts.split_last()?
    } else {
        parts.split_first()?
    };
    if from_largest {
        let larger = larger.iter().copied().filter(|part| !is_number(part));
        let shown = largest(larger, level);
        push_joined(&shown, out)?;
        out.push_str(", ");
        out.push_str(HIDDEN);
    } else {
        let mut shown = largest(larger.iter().rev().copied(), level);
        shown.reverse();
        out.push_str(HIDDEN);
        out.push_str(", ");
        push_joined(&shown, out)?;
    }
    Some(())
}

/// As many parts as the level has, the largest first, up to the first that may be a street.
fn largest<'a>(parts: impl Iterator<Item = &'a str>, level: Level) -> Vec<&'a str> {
    let mut parts = parts.peekable();
    let named = parts.peek().is_some_and(|part| is_country(part));
    let count = match level {
        Level::Country => 1,
        Level::Region => 2,
        Level::City => 3,
        Level::District => 4,
    };
    parts
        .take(if named { count } else { count - 1 })
        .take_while(|part| !is_small(part))
        .collect()
}

fn push_joined(parts: &[&str], out: &mut String) -> Option<()> {
    let masked: Vec<String> = parts.iter().map(|part| masked(part)).collect();
    let tells = |part: &String| part.split(' ').any(|word| word != HIDDEN);
    masked
        .iter()
        .any(tells)
        .then(|| out.push_str(&masked.join(", ")))
}

/// A part without the words that are no names: postcodes, numbers, and what does not belong into an address.
fn masked(part: &str) -> String {
    let mut before = String::new();
    let words = part.split(' ').filter(|word| !word.is_empty()).map(|word| {
        let numbered = NUMBERED.contains(&before.as_str())
            && word.len() <= 2
            && word.bytes().all(|byte| byte.is_ascii_digit());
        before = word.to_lowercase();
        if numbered || is_name(word) {
            word
        } else {
            HIDDEN
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

fn is_name(word: &str) -> bool {
    word.chars().count() <= LONGEST_WORD
        && word.starts_with(char::is_alphabetic)
        && word
            .chars()
            .all(|c| c.is_alphabetic() || is_mark(c) || matches!(c, '.' | '-' | '\'' | '\u{2019}'))
}

fn is_country(part: &str) -> bool {
    COUNTRIES.contains(&part.to_lowercase().as_str())
}

/// A postcode or a house number, and nothing else.
fn is_number(part: &str) -> bool {
    !part.contains(char::is_alphabetic)
}

/// Whether a part may name a street or something smaller.
fn is_small(part: &str) -> bool {
    let begins_with_number = part
        .split(' ')
        .next()
        .is_some_and(|word| word.contains(char::is_numeric) && !is_postcode(word));
    let part = part.to_lowercase();
    // the Vietnamese word for a city has the one for a street in it
    let part = part.strip_prefix("thành phố").unwrap_or(&part);
    begins_with_number
        || is_number(part)
        || part.chars().count() > LONGEST_PART
        || words(part).any(|word| {
            STREETS.contains(&word.as_str())
                || word.ends_with("straße")
                || word.ends_with("strasse")
        })
}

/// Five digits before the name of a town; fewer may as well be the number of a house.
fn is_postcode(word: &str) -> bool {
    word.len() >= 5 && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// The words of a part in small letters, without the full stops of abbreviations.
fn words(part: &str) -> impl Iterator<Item = String> {
    part.split([' ', '.', '#', ':', '/'])
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}
