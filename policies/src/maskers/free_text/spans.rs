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
    iban: Regex,
    pub(super) extension: Regex,
}

static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
    Some(Patterns {
        // Whatever is joined by an `@`, or by what stands for one, is taken for an address: nothing else looks like that.
        email: Regex::new(r"(?i)[^\s@]+(?:\s{0,8}(?:@|\(at\)|\[at\])\s{0,8}[^\s@]*[\pL\pN])+")
            .ok()?,
        iban: Regex::new(r"(?i)(?-u:\b)[A-Z]{2}[ -]?[0-9]{2}(?:[ -]?[A-Z0-9]){11,30}").ok()?,
        extension: Regex::new(r"(?i)^ ?(?:x|ext\.?|доб\.?|转|分机) ?[0-9]{1,6}").ok()?,
    })
});

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
