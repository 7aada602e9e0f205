//! What `regex_replace` writes in the place of a match: which groups it puts back, and that they are never all of the match.

use regex::{Captures, Regex};
use regex_syntax::hir::{Hir, HirKind};

use super::MaskerError;
use super::params::Params;
use super::text::is_invisible;

/// The longest replacement, in bytes.
const LONGEST: usize = 128;
/// Stands for a match as such in the probe; groups have the characters after [`PROBE`]. A replacement has none of them.
const MATCH: char = '\u{F8FF}';
const PROBE: u32 = 0xE000;

/// A replacement that fits its pattern.
#[derive(Debug)]
pub(super) struct Replacement(Box<str>);

impl Replacement {
    pub(super) fn read(params: &Params<'_>, pattern: &Regex) -> Result<Self, MaskerError> {
        let text = params.text("replacement")?;
        let bad = |expected| Err(params.bad("replacement", expected));
        let parsed = regex_syntax::parse(pattern.as_str());
        let Some(tree) = parsed
            .ok()
            .filter(|tree| tree.properties().minimum_len() != Some(0))
        else {
            return Err(params.bad(
                "pattern",
                "a regular expression that matches at least one character; write `+` where `*` or `?` leaves nothing",
            ));
        };
        if text.len() > LONGEST || text.chars().any(is_invisible) {
            return bad("a text of at most 128 bytes without characters that cannot be seen");
        }
        let Some(references) = references(text, pattern) else {
            return bad(
                "a text with groups that the pattern has; write `${1}a` where a letter, a digit or `_` follows, and `$$` for a dollar",
            );
        };
        if references.whole || left_out(&tree, &references.groups) == 0 {
            return bad(
                "a text that leaves a part of every match out: not `$0`, and no groups that make up the whole pattern",
            );
        }
        Ok(Self(text.into()))
    }

    /// Writes it for one match.
    pub(super) fn write(&self, captures: &Captures<'_>, out: &mut String) {
        captures.expand(&self.0, out);
    }
}

/// What a replacement puts back.
struct References {
    /// All of the match.
    whole: bool,
    /// Groups, by number.
    groups: Vec<u32>,
}

/// Finds out by trying: a probe with the same groups, each of which matches a character of its own, is put into the replacement.
/// The syntax of replacements is read by the library alone. None if it names a group that the pattern does not have.
fn references(text: &str, pattern: &Regex) -> Option<References> {
    let mut whole = MATCH.to_string();
    let mut probe = whole.clone();
    let mut marks = Vec::new();
    for (number, name) in (1_u32..).zip(pattern.capture_names().skip(1)) {
        let mark = char::from_u32(PROBE + number).filter(|mark| *mark < MATCH)?;
        marks.push((number, mark));
        whole.push(mark);
        probe.push_str(&match name {
            Some(name) => format!("(?<{name}>{mark})"),
            None => format!("({mark})"),
        });
    }
    let mut written = String::new();
    Regex::new(&probe)
        .ok()?
        .captures(&whole)?
        .expand(text, &mut written);
    let apart = written.replace(&whole, "");
    let groups: Vec<u32> = marks
        .into_iter()
        .filter(|(_, mark)| apart.contains(*mark))
        .map(|(number, _)| number)
        .collect();

    // Each dollar is half of a `$$`, or begins a reference, or stands for itself; what begins an unknown group comes to nothing.
    let escaped = text.matches("$$").count();
    let single = text.replace("$$", "").matches('$').count();
    let plain = written.matches('$').count() - escaped.min(written.matches('$').count());
    let found = written.matches(&whole).count() + apart.chars().filter(|c| is_probe(*c)).count();
    (found + plain == single).then_some(References {
        whole: written.contains(&whole),
        groups,
    })
}

fn is_probe(c: char) -> bool {
    (PROBE..u32::from(MATCH)).contains(&u32::from(c))
}

/// The least number of bytes of a match that are outside these groups.
fn left_out(tree: &Hir, groups: &[u32]) -> usize {
    let inside = |tree| left_out(tree, groups);
    match tree.kind() {
        HirKind::Capture(capture) if groups.contains(&capture.index) => 0,
        HirKind::Capture(capture) => inside(&capture.sub),
        HirKind::Concat(parts) => parts.iter().map(inside).fold(0, usize::saturating_add),
        HirKind::Alternation(ways) => ways.iter().map(inside).min().unwrap_or(0),
        HirKind::Repetition(times) => {
            inside(&times.sub).saturating_mul(usize::try_from(times.min).unwrap_or(usize::MAX))
        }
        HirKind::Empty | HirKind::Look(_) => 0,
        HirKind::Literal(_) | HirKind::Class(_) => tree.properties().minimum_len().unwrap_or(0),
    }
}
