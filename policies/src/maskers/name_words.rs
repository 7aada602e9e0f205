//! How a name is read, once, before it is masked: by its characters if each of them is a grapheme, and else by its graphemes.

use unicode_segmentation::UnicodeSegmentation;

use super::simple::{is_alphabet, is_letter};
use super::text::{LONGEST, Tidy, WIDEST_GRAPHEME};

/// A name of more words is a sentence.
const MOST_WORDS: usize = 8;
/// A longer word is no name.
const LONGEST_WORD: usize = 32;

/// How a name is written.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Script {
    /// Chinese, Japanese, Korean: the surname comes first and nothing separates it.
    Cjk,
    /// Everything else: words.
    Spaced,
}

/// The words of a name that have a letter.
#[derive(Default)]
pub(super) struct Words<'a> {
    words: [Word<'a>; MOST_WORDS],
    count: usize,
}

/// A word of a name.
#[derive(Clone, Copy, Default)]
pub(super) struct Word<'a> {
    /// As it is written.
    pub(super) text: &'a str,
    /// The first letter, with its marks.
    pub(super) first: &'a str,
    /// How many letters it has.
    pub(super) letters: usize,
}

impl<'a> Words<'a> {
    pub(super) fn all(&self) -> &[Word<'a>] {
        self.words.get(..self.count).unwrap_or_default()
    }

    /// Takes the next word; none if this is no name then.
    fn push(&mut self, word: Word<'a>) -> Option<()> {
        if word.letters == 0 {
            return Some(());
        }
        *self.words.get_mut(self.count)? = word;
        self.count += 1;
        (word.letters <= LONGEST_WORD).then_some(())
    }
}

/// Finds the words of a name that has nothing but simple letters of an alphabet and the simple ones of the marks that names are joined
/// with. None for any other text, which may be a name all the same.
pub(super) fn read_plain<'a>(name: &'a str, words: &mut Words<'a>) -> Option<()> {
    if name.len() > LONGEST {
        return None;
    }
    let (mut start, mut word) = (0, Word::default());
    for (at, c) in name.char_indices() {
        if is_alphabet(c) {
            if word.letters == 0 {
                word.first = name.get(at..at + c.len_utf8())?;
            }
            word.letters += 1;
        } else if is_gap(c) {
            word.text = name.get(start..at)?;
            words.push(word)?;
            (start, word) = (at + 1, Word::default());
        } else if !matches!(c, '.' | '-' | '\'' | '·' | '‘' | '’') {
            return None;
        }
    }
    word.text = name.get(start..)?;
    words.push(word)
}

/// Finds the words, if a name is written in words. None for what holds anything but letters of one way of writing and the marks that
/// names are joined with, and for what has too many or too long words.
pub(super) fn read<'a>(name: &'a Tidy<'_>, words: &mut Words<'a>) -> Option<Script> {
    if name.is_simple() {
        read_simple(name, words)
    } else {
        read_graphemes(name, words)
    }
}

/// The letters of a name, each with its marks.
pub(super) fn letters<'a>(name: &'a Tidy<'_>) -> impl Iterator<Item = &'a str> {
    let is_simple = name.is_simple();
    name.graphemes().filter(move |grapheme| {
        grapheme.starts_with(|c| {
            if is_simple {
                is_letter(c)
            } else {
                char::is_alphabetic(c)
            }
        })
    })
}

fn read_simple<'a>(name: &'a str, words: &mut Words<'a>) -> Option<Script> {
    if is_cjk(name.chars().find(|c| is_letter(*c))?) {
        let fits = |c| if is_letter(c) { is_cjk(c) } else { is_joint(c) };
        return name.chars().all(fits).then_some(Script::Cjk);
    }
    let mut start = 0;
    let (mut first, mut letters) = ("", 0);
    for (at, c) in name.char_indices() {
        if is_letter(c) {
            if is_cjk(c) {
                return None;
            }
            if letters == 0 {
                first = name.get(at..at + c.len_utf8())?;
            }
            letters += 1;
        } else if is_gap(c) {
            let text = name.get(start..at)?;
            words.push(Word {
                text,
                first,
                letters,
            })?;
            (start, letters) = (at + c.len_utf8(), 0);
        } else if !is_joint(c) {
            return None;
        }
    }
    let text = name.get(start..)?;
    words.push(Word {
        text,
        first,
        letters,
    })?;
    Some(Script::Spaced)
}

fn read_graphemes<'a>(name: &'a str, words: &mut Words<'a>) -> Option<Script> {
    if script(name)? == Script::Cjk {
        return Some(Script::Cjk);
    }
    for text in name.split(is_gap) {
        let graphemes = text.graphemes(true);
        let mut letters = graphemes.filter(|grapheme| grapheme.starts_with(char::is_alphabetic));
        if let Some(first) = letters.next() {
            let letters = 1 + letters.count();
            words.push(Word {
                text,
                first,
                letters,
            })?;
        }
    }
    Some(Script::Spaced)
}

fn script(name: &str) -> Option<Script> {
    let mut found = None;
    for grapheme in name.graphemes(true) {
        let mut chars = grapheme.chars();
        let c = chars.next()?;
        if c.is_alphabetic() {
            let script = if is_cjk(c) {
                Script::Cjk
            } else {
                Script::Spaced
            };
            if *found.get_or_insert(script) != script || grapheme.len() > WIDEST_GRAPHEME {
                return None;
            }
        } else if chars.next().is_some() || !is_joint(c) {
            return None;
        }
    }
    found
}

/// What stands between words.
fn is_gap(c: char) -> bool {
    matches!(c, ' ' | ',')
}

/// Spaces, commas, full stops, hyphens, middle dots and the apostrophes that keyboards make (U+02BC is a letter anyway).
fn is_joint(c: char) -> bool {
    matches!(
        c,
        ' ' | ','
            | '.'
            | '-'
            | '\u{2010}'
            | '\u{2011}'
            | '\''
            | '\u{2018}'
            | '\u{2019}'
            | '·'
            | '•'
            | '・'
    )
}

/// Han, kana, bopomofo and hangul, as the blocks of Unicode have them.
fn is_cjk(c: char) -> bool {
    c >= '\u{1100}'
        && matches!(
            c,
            '\u{1100}'..='\u{11FF}'
                | '\u{3005}'..='\u{3007}'
                | '\u{3040}'..='\u{31FF}'
                | '\u{3400}'..='\u{4DBF}'
                | '\u{4E00}'..='\u{9FFF}'
                | '\u{A960}'..='\u{A97F}'
                | '\u{AC00}'..='\u{D7FF}'
                | '\u{F900}'..='\u{FAFF}'
                | '\u{FF66}'..='\u{FF9F}'
                | '\u{20000}'..='\u{3FFFF}'
        )
}
