//! Numbers in a text: runs of digits, however they are separated, and what is recognised in them.
//!
//! What is recognised gets its own label or masker. A run of seven digits or more is hidden whether or not anything is recognised.

use std::ops::Range;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use super::spans::{Patterns, Sort, Span};
use crate::checksum;
use crate::maskers::text::is_mark;

/// So many digits are too many to be shown.
const MANY: usize = 7;
/// So many characters may stand between two groups of one number that is recognised; a run may have any gaps.
const WIDEST_GAP: usize = 3;
/// In a run of more groups nothing is looked for: it is hidden whole.
const MOST_GROUPS: usize = 64;
/// The longest number that is recognised, in digits.
const LONGEST: usize = 19;
/// Chinese digits, as numbers are dictated.
const DICTATED: &str = "〇零一二三四五六七八九幺两兩壹贰貳叁參肆伍陆陸柒捌玖";
/// A word of more letters ends a number wherever it stands; one of fewer may be a part of it, as in `138x1234` or `<b>138</b>`.
const LONGEST_PART: usize = 2;

/// A run of digits, as its groups of neighbours.
#[derive(Debug, Default)]
struct Run {
    groups: Vec<Range<usize>>,
    digits: usize,
}

/// What is not to be shown of the numbers of a text.
pub(super) fn find(text: &str, patterns: &Patterns) -> Vec<Span> {
    let mut spans = Vec::new();
    for run in runs(text, char::is_numeric) {
        spans.extend(resolve(text, &run, patterns));
    }
    for run in runs(text, |c| c.is_numeric() || is_dictated(c)) {
        spans.extend(dictated(text, &run));
    }
    spans
}

fn is_dictated(c: char) -> bool {
    DICTATED.contains(c)
}

/// The runs that have too many digits: nothing but a word ends one.
fn runs(text: &str, is_digit: impl Fn(char) -> bool) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut run = Run::default();
    let mut word = Word::default();
    let mut before = ' ';
    for (i, c) in text.char_indices() {
        let digit = is_digit(c);
        if !digit && is_letter(c) {
            word.add(c, before);
        } else if word.letters > 0 && !is_mark(c) && std::mem::take(&mut word).ends_number(c) {
            runs.push(std::mem::take(&mut run));
        }
        if digit {
            let end = i + c.len_utf8();
            run.digits += 1;
            match run.groups.last_mut() {
                Some(group) if is_digit(before) => group.end = end,
                _ => run.groups.push(i..end),
            }
        }
        before = c;
    }
    runs.push(run);
    runs.retain(|run| run.digits >= MANY);
    runs
}

/// Letters beside each other.
#[derive(Debug, Default)]
struct Word {
    letters: usize,
    /// Whether a space is before it.
    apart: bool,
    /// Whether a letter has no case, as those of Chinese: there each is a word.
    caseless: bool,
}

impl Word {
    fn add(&mut self, letter: char, before: char) {
        if self.letters == 0 {
            self.apart = before.is_whitespace();
        }
        self.letters += 1;
        self.caseless |= !letter.is_lowercase() && !letter.is_uppercase();
    }

    /// Whether a number ends with it, whatever comes after: a single letter is part of one if it touches anything, two if they do on both
    /// sides.
    fn ends_number(self, after: char) -> bool {
        let sides = [self.apart, after.is_whitespace()];
        let apart = sides.into_iter().filter(|apart| *apart).count();
        self.caseless || self.letters + apart > LONGEST_PART
    }
}

/// What separates numbers. Marks and letters that only change the one before do not: they would tear a number apart.
fn is_letter(c: char) -> bool {
    use GeneralCategory as G;
    matches!(
        c.general_category(),
        G::UppercaseLetter | G::LowercaseLetter | G::TitlecaseLetter | G::OtherLetter
    )
}

/// The span of a run that is written with Chinese digits. At the ends of one that is hidden without them they are words.
fn dictated(text: &str, run: &Run) -> Option<Span> {
    let whole = run.groups.first()?.start..run.groups.last()?.end;
    let core = text.get(whole)?.trim_matches(is_dictated);
    let bare = core.chars().filter(|c| c.is_numeric()).count() >= MANY;
    if bare && !core.contains(is_dictated) {
        return None;
    }
    hidden(text, run, Sort::Number)
}

/// The spans of a run: what is recognised, if that is all of it, else the whole.
fn resolve(text: &str, run: &Run, patterns: &Patterns) -> Vec<Span> {
    let mut found = recognised(text, run);
    found.sort_by_key(|found| std::cmp::Reverse(found.groups.len_of(run)));
    let mut chosen: Vec<Found> = Vec::new();
    for one in found {
        if !chosen.iter().any(|other| other.groups.meets(&one.groups)) {
            chosen.push(one);
        }
    }
    let covered: usize = chosen.iter().map(|found| found.groups.len_of(run)).sum();
    if covered < run.digits {
        let sort = chosen.first().map_or(Sort::Number, |found| found.sort);
        return hidden(text, run, sort).into_iter().collect();
    }
    let spans = chosen.into_iter().filter_map(|found| {
        let first = run.groups.get(found.groups.first)?.start;
        let start = lead(text, first);
        let mut end = found.end;
        if found.sort == Sort::Phone {
            let rest = text.get(end..)?;
            end += patterns.extension.find(rest).map_or(0, |found| found.end());
        }
        Some(Span {
            range: start..end,
            sort: found.sort,
            exact: true,
        })
    });
    spans.collect()
}

/// The whole run, with the letters and digits that it is part of: `AB1234567` is one number.
fn hidden(text: &str, run: &Run, sort: Sort) -> Option<Span> {
    let (first, last) = (run.groups.first()?.start, run.groups.last()?.end);
    let before = text.get(..first)?;
    let start = before
        .trim_end_matches(|c: char| c.is_ascii_alphanumeric())
        .len();
    let after = text.get(last..)?;
    let rest = after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || is_mark(c));
    Some(Span {
        range: lead(text, start)..text.len() - rest.len(),
        sort,
        exact: false,
    })
}

/// Where a number begins that has a plus or a parenthesis before its digits.
fn lead(text: &str, first: usize) -> usize {
    let before = text.get(..first).unwrap_or_default();
    before.trim_end_matches(['+', '(']).len()
}

/// Groups of a run, both ends included.
#[derive(Clone, Copy, Debug)]
struct Groups {
    first: usize,
    last: usize,
}

impl Groups {
    fn meets(self, other: &Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// How many digits they have.
    fn len_of(self, run: &Run) -> usize {
        let groups = run.groups.get(self.first..=self.last).unwrap_or_default();
        groups.iter().map(Range::len).sum()
    }
}

/// A number that is recognised in a run.
#[derive(Debug)]
struct Found {
    groups: Groups,
    end: usize,
    sort: Sort,
}

/// Whatever groups next to each other make something that is known.
fn recognised(text: &str, run: &Run) -> Vec<Found> {
    let mut found = Vec::new();
    if run.groups.len() > MOST_GROUPS {
        return found;
    }
    for first in 0..run.groups.len() {
        let mut digits = String::new();
        let mut end = None;
        for (last, group) in run.groups.iter().enumerate().skip(first) {
            if end.is_some_and(|end| !joins(text, end..group.start)) {
                break;
            }
            digits.push_str(text.get(group.clone()).unwrap_or_default());
            if digits.len() > LONGEST {
                break;
            }
            end = Some(group.end);
            let groups = Groups { first, last };
            found.extend(recognise(text, run, groups, &digits));
        }
    }
    found
}

/// Whether what stands between two groups may be part of one number.
fn joins(text: &str, gap: Range<usize>) -> bool {
    text.get(gap).is_some_and(|gap| {
        let separates = [',', ';', ':', '/', '|', '+', '@', '='];
        gap.chars().count() <= WIDEST_GAP && !gap.contains(separates) && !gap.contains(is_letter)
    })
}

fn recognise(text: &str, run: &Run, groups: Groups, digits: &str) -> Option<Found> {
    let (start, end) = (
        run.groups.get(groups.first)?.start,
        run.groups.get(groups.last)?.end,
    );
    let (before, after) = (text.get(..start)?, text.get(end..)?);
    // A number that letters stick to is something else, which nobody here knows; but a Chinese id may end with an X.
    if before.ends_with(|c: char| c.is_ascii_alphanumeric())
        || !digits.bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    if let Some(length) = closing_x(after) {
        let id = format!("{digits}X");
        if checksum::cn_resident(&id) {
            let end = end + length;
            return Some(Found {
                groups,
                end,
                sort: Sort::CnId,
            });
        }
    }
    let extended = after.starts_with(['x', 'X']);
    if !extended && after.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let shape = Shape {
        digits,
        plus: before.trim_end_matches('(').ends_with('+'),
        whole: groups.first == groups.last,
    };
    let sort = shape.sort()?;
    (!extended || sort == Sort::Phone).then_some(Found { groups, end, sort })
}

/// How many bytes an X takes that ends a number, with what separates it.
fn closing_x(after: &str) -> Option<usize> {
    let bare = after.strip_prefix([' ', '-']).unwrap_or(after);
    let rest = bare.strip_prefix(['x', 'X'])?;
    let ends = !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
    ends.then(|| after.len() - rest.len())
}

/// What a number looks like.
struct Shape<'a> {
    digits: &'a str,
    plus: bool,
    /// Written without separators.
    whole: bool,
}

impl Shape<'_> {
    fn sort(&self) -> Option<Sort> {
        let digits = self.digits;
        let length = digits.len();
        let abroad = digits.starts_with("00") && length > 9;
        let citizen = self.whole && checksum::vn_cccd(digits);
        if self.plus || abroad && !citizen || is_mobile(digits) {
            return (8..=17).contains(&length).then_some(Sort::Phone);
        }
        match length {
            18 if checksum::cn_resident(digits) => Some(Sort::CnId),
            13..=19 if checksum::luhn(digits) => Some(Sort::Card),
            15 if is_old_resident(digits) => Some(Sort::CnId),
            12 if citizen => Some(Sort::VnId),
            9..=12 if digits.starts_with('0') => Some(Sort::Phone),
            10 if checksum::ua_rnokpp(digits) => Some(Sort::UaId),
            10 | 11 if is_american(digits) => Some(Sort::Phone),
            11 | 12 if ["84", "380"].iter().any(|code| digits.starts_with(code)) => {
                Some(Sort::Phone)
            }
            _ => None,
        }
    }
}

/// A Chinese mobile number, with its country's code or without.
fn is_mobile(digits: &str) -> bool {
    let number = match digits.len() {
        13 => digits.strip_prefix("86"),
        _ => Some(digits),
    };
    number.is_some_and(|number| {
        number.len() == 11
            && number.starts_with('1')
            && number
                .as_bytes()
                .get(1)
                .is_some_and(|second| *second >= b'3')
    })
}

/// A number of North America: neither area nor exchange begins with 0 or 1.
fn is_american(digits: &str) -> bool {
    let number = match digits.len() {
        11 => digits.strip_prefix('1'),
        _ => Some(digits),
    };
    number.is_some_and(|number| {
        let begins = |place: usize| number.as_bytes().get(place).is_some_and(|b| *b >= b'2');
        number.len() == 10 && begins(0) && begins(3)
    })
}

/// A Chinese resident id of 15 digits, which has no check digit: six of the district, then year, month and day of birth.
fn is_old_resident(digits: &str) -> bool {
    let number = |range: Range<usize>| digits.get(range).and_then(|part| part.parse::<u32>().ok());
    number(8..10).is_some_and(|month| (1..=12).contains(&month))
        && number(10..12).is_some_and(|day| (1..=31).contains(&day))
}
