//! What is found in a text, and where.

use std::ops::{Range, RangeInclusive};
use std::sync::LazyLock;

use regex::Regex;

use super::numbers;
use crate::checksum;

/// What a span is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    Email,
    Phone,
    Card,
    Iban,
    CnId,
    VnId,
    UaId,
    Number,
}

impl Sort {
    pub(super) const ALL: [Self; 8] = [
        Self::Email,
        Self::Phone,
        Self::Card,
        Self::Iban,
        Self::CnId,
        Self::VnId,
        Self::UaId,
        Self::Number,
    ];

    /// The name in `masking.toml`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Card => "card",
            Self::Iban => "iban",
            Self::CnId => "cn_id",
            Self::VnId => "vn_id",
            Self::UaId => "ua_id",
            Self::Number => "number",
        }
    }

    /// What stands in the text instead.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Email => "[EMAIL]",
            Self::Phone => "[PHONE]",
            Self::Card => "[CARD]",
            Self::Iban => "[IBAN]",
            Self::CnId => "[CN_ID]",
            Self::VnId => "[VN_ID]",
            Self::UaId => "[UA_ID]",
            Self::Number => "[NUMBER]",
        }
    }
}

/// A part of the text that is not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// Where, in bytes.
    pub(super) range: Range<usize>,
    /// What it is taken for.
    pub(super) sort: Sort,
    /// Whether it is that and nothing besides.
    pub(super) exact: bool,
}

/// The shapes of what is not made of digits alone.
pub(super) struct Patterns {
    email: Regex,
    spelled: Regex,
    iban: Regex,
    pub(super) extension: Regex,
}

static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
    Some(Patterns {
        email: Regex::new(&email()).ok()?,
        spelled: Regex::new(&spelled()).ok()?,
        iban: Regex::new(r"(?i)(?-u:\b)[A-Z]{2}[ -]?[0-9]{2}(?:[ -]?[A-Z0-9]){11,30}").ok()?,
        extension: Regex::new(r"(?i)^ ?(?:x|ext\.?|доб\.?|转|分机) ?[0-9]{1,6}").ok()?,
    })
});

/// What stands for an `@`: itself, the entities and escapes of markup, addresses and JSON, and what is written against harvesters.
const AT: &str =
    r"(?:@|%40|&\#0{0,5}64;|&\#x0{0,5}40;|&commat;|\\u0040|[(\[{<]\s*(?:at|@)\s*[)\]}>])";
/// What stands for a dot where an `at` is written out.
const DOT: &str = r"(?:\.|\s*[(\[{<]\s*dot\s*[)\]}>]\s*|\s+dot\s+)";

/// Whatever is joined by an `@`, or by what stands for one, is taken for an address: nothing else looks like that. A bare `at` is a
/// word, and joins only what goes on like a domain.
fn email() -> String {
    let name = r#"(?:"[^"\r\n]{1,64}"|[^\s@]+)"#;
    let label = r"[\pL\pN-]+";
    let joined = format!(r"(?:\s*{AT}\s*[^\s@]*[\pL\pN])+(?:{DOT}{label})*");
    let in_words = format!(r"\s+at\s+{label}(?:{DOT}{label})*{DOT}\pL{{2,}}");
    format!("(?i){name}(?:{joined}|{in_words})")
}

/// The digits as words, as numbers are read out: English, Vietnamese with its accents and without, Ukrainian.
const DIGITS: &str = "zero|oh|o|one|two|three|four|five|six|seven|eight|nine|double|triple\
    |không|khong|một|mốt|mot|hai|ba|bốn|bon|tư|năm|nam|lăm|sáu|sau|bảy|bẩy|bay|tám|tam|chín|chin\
    |нуль|один|одна|два|дві|три|чотири|п['’ʼ]?ять|шість|сім|вісім|дев['’ʼ]?ять";

/// Seven digits and more of which some are words.
fn spelled() -> String {
    let digit = format!(r"(?:{DIGITS}|\pN{{1,4}})");
    format!(r"(?i)\b{digit}(?:[^\pL\pN]{{1,3}}{digit}){{6,}}\b")
}

/// The shortest and the longest account number.
const IBAN_LENGTHS: RangeInclusive<usize> = 15..=34;

/// What is not to be shown of the text, in its order. None if nothing can be looked for: then all of it is not to be shown.
pub(super) fn find(text: &str) -> Option<Vec<Span>> {
    let patterns = PATTERNS.as_ref()?;
    let emails = patterns.email.find_iter(text).map(|found| Span {
        range: found.range(),
        sort: Sort::Email,
        exact: true,
    });
    let mut spans: Vec<Span> = emails.collect();
    let spelled = patterns.spelled.find_iter(text);
    // without words it is a run, in which more can be recognised
    let spelled = spelled.filter(|found| found.as_str().contains(char::is_alphabetic));
    spans.extend(spelled.map(|found| Span {
        range: found.range(),
        sort: Sort::Number,
        exact: false,
    }));
    spans.extend(ibans(text, patterns));
    spans.extend(numbers::find(text, patterns));
    Some(joined(spans))
}

/// Spans that overlap become one, so that no part of either is shown; it is taken for what the longest is.
fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by_key(|span| (span.range.start, span.range.end));
    let mut joined: Vec<(Span, usize)> = Vec::new();
    for span in spans {
        let length = span.range.len();
        match joined.last_mut() {
            Some((last, longest)) if span.range.start < last.range.end => {
                let hull = last.range.start..last.range.end.max(span.range.end);
                if length > *longest {
                    *longest = length;
                    last.exact = span.exact && span.range == hull;
                    last.sort = span.sort;
                } else {
                    last.exact &= last.range == hull;
                }
                last.range = hull;
            }
            _ => joined.push((span, length)),
        }
    }
    joined.into_iter().map(|(span, _)| span).collect()
}

/// Account numbers, in groups or not, that prove themselves.
fn ibans(text: &str, patterns: &Patterns) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut at = 0;
    while let Some(found) = patterns.iban.find_at(text, at) {
        match iban_end(text, found.range()) {
            Some(end) => {
                spans.push(Span {
                    range: found.start()..end,
                    sort: Sort::Iban,
                    exact: true,
                });
                at = end;
            }
            // An account may begin within what looked like one.
            None => at = found.start() + 1,
        }
    }
    spans
}

/// Where the account ends, if it is one: the words behind it look like more of its groups.
fn iban_end(text: &str, range: Range<usize>) -> Option<usize> {
    let is_end = |end: usize| {
        let next = text.get(end..).and_then(|rest| rest.chars().next());
        !next.is_some_and(|c| c.is_ascii_alphanumeric())
    };
    let found = text.get(range.clone())?;
    let mut bare = String::new();
    for (i, c) in found
        .char_indices()
        .filter(|(_, c)| c.is_ascii_alphanumeric())
    {
        bare.push(c.to_ascii_uppercase());
        let end = range.start + i + 1;
        // the length is that of the country: no more than one end fits
        if IBAN_LENGTHS.contains(&bare.len()) && is_end(end) && checksum::iban(&bare) {
            return Some(end);
        }
    }
    None
}
