//! Cursors and node ids. The interpreter knows what each stands for and not how it is sealed; the gateway's own answers tell
//! the texts, and must be consistent: one text for one meaning, and one meaning for one text.

use std::collections::HashMap;

/// What a sealed text stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Mark {
    Node {
        entity: usize,
        key: i64,
    },
    /// The place of a row in a list.
    Cursor {
        list: String,
        filter: String,
        order: String,
        key: i64,
    },
}

/// The texts that one principal has met.
#[derive(Clone, Default)]
pub(crate) struct Seals {
    marks: HashMap<String, Mark>,
    texts: HashMap<Mark, String>,
}

/// What the interpreter answers: JSON, with marks where sealed texts belong.
#[derive(Default)]
pub(crate) struct Expected {
    pub(crate) text: String,
    pub(crate) marks: Vec<Mark>,
}

/// Stands around the number of a mark. No stored value has it.
const AROUND: char = '\u{E000}';

impl Expected {
    pub(crate) fn mark(&mut self, mark: Mark) {
        let number = self.marks.len();
        self.text.push_str(&format!("\"{AROUND}{number}{AROUND}\""));
        self.marks.push(mark);
    }
}

impl Seals {
    /// What the text stands for; `None` if it was never seen in an answer.
    pub(crate) fn open(&self, text: &str) -> Option<&Mark> {
        self.marks.get(text)
    }

    /// Keeps a text whose meaning is known.
    pub(crate) fn note(&mut self, mark: Mark, text: &str) {
        self.marks.insert(text.to_owned(), mark.clone());
        self.texts.insert(mark, text.to_owned());
    }

    /// All cursors of a list.
    pub(crate) fn cursors(&self, list: &str) -> Vec<&str> {
        let of_list = |mark: &Mark| matches!(mark, Mark::Cursor { list: own, .. } if own == list);
        let mut texts: Vec<&str> = self
            .marks
            .iter()
            .filter(|(_, mark)| of_list(mark))
            .map(|(text, _)| text.as_str())
            .collect();
        texts.sort_unstable();
        texts
    }

    /// All node ids.
    pub(crate) fn nodes(&self) -> Vec<(&str, usize)> {
        let mut nodes: Vec<(&str, usize)> = self
            .marks
            .iter()
            .filter_map(|(text, mark)| match mark {
                Mark::Node { entity, .. } => Some((text.as_str(), *entity)),
                Mark::Cursor { .. } => None,
            })
            .collect();
        nodes.sort_unstable();
        nodes
    }

    /// Whether the answer is the expected one, byte by byte, with one text for each mark and one mark for each text.
    pub(crate) fn agree(&mut self, expected: &Expected, answer: &str) -> bool {
        let mut rest = answer;
        for (place, part) in expected.text.split(AROUND).enumerate() {
            if place % 2 == 0 {
                match rest.strip_prefix(part) {
                    Some(after) => rest = after,
                    None => return false,
                }
                continue;
            }
            let (text, after) = rest.split_at(rest.find('"').unwrap_or(rest.len()));
            rest = after;
            let mark = &expected.marks[part.parse::<usize>().unwrap()];
            let known = self
                .texts
                .entry(mark.clone())
                .or_insert_with(|| text.to_owned());
            if known != text
                || *self
                    .marks
                    .entry(text.to_owned())
                    .or_insert_with(|| mark.clone())
                    != *mark
            {
                return false;
            }
        }
        rest.is_empty()
    }
}
