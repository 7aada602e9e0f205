//! Where a word stands in a policy file, so that an error can point at it.

use std::ops::Range;

use csv_core::{ReadFieldResult, Reader};

use crate::error::Fault;

/// A stretch of one line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// Counted from 1; 0 is the file as a whole.
    pub(crate) line: usize,
    /// From and to, in bytes of the line; none is the whole line.
    pub(crate) stretch: Option<(usize, usize)>,
}

impl From<usize> for Place {
    fn from(line: usize) -> Self {
        Self {
            line,
            stretch: None,
        }
    }
}

impl Place {
    pub(crate) fn new(line: usize, stretch: Range<usize>) -> Self {
        Self {
            line,
            stretch: Some((stretch.start, stretch.end)),
        }
    }

    /// The place of these bytes of a text of many lines; what runs over the end of its first line is cut off there.
    pub(crate) fn in_text(text: &str, bytes: Range<usize>) -> Self {
        let before = text.get(..bytes.start).unwrap_or(text);
        let line = 1 + before.bytes().filter(|byte| *byte == b'\n').count();
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let rest = text.get(start..).unwrap_or_default();
        let length = rest.lines().next().map_or(0, str::len);
        let from = (before.len() - start).min(length);
        Self::new(line, from..(bytes.end.max(bytes.start) - start).min(length))
    }
}

/// Where the columns of one row of `policy.csv` stand.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    line: usize,
    columns: Vec<Column>,
}

/// Where the text of one column stands, without its quotes and the space around it.
#[derive(Clone, Debug)]
struct Column {
    start: usize,
    end: usize,
    /// The quotes of the text, as offsets in it, that are written twice.
    doubled: Vec<usize>,
}

impl Places {
    /// Finds the columns with a reader that tells how much of the line each takes; and what they say, without the space around it.
    /// The reader may have read other lines.
    pub(crate) fn read(reader: &mut Reader, line: usize, content: &str) -> (Self, Vec<String>) {
        reader.reset();
        let mut text = vec![0; content.len() + 1];
        let (mut columns, mut cells, mut start, mut at) = (Vec::new(), Vec::new(), 0, 0);
        let mut written = 0;
        loop {
            let rest = content.as_bytes().get(at..).unwrap_or_default();
            let room = text.get_mut(written..).unwrap_or_default();
            let (result, read, wrote) = reader.read_field(rest, room);
            (at, written) = (at + read, written + wrote);
            match result {
                ReadFieldResult::Field { record_end } => {
                    let raw = content.get(start..at).unwrap_or_default();
                    let raw = if record_end {
                        raw
                    } else {
                        raw.strip_suffix(',').unwrap_or(raw)
                    };
                    columns.push(Column::new(start, raw));
                    let cell = text.get(..written).unwrap_or_default();
                    cells.push(String::from_utf8_lossy(cell).trim().to_owned());
                    (start, written) = (at, 0);
                }
                ReadFieldResult::InputEmpty if !rest.is_empty() => {}
                // the end; or more text than there is, which cannot be
                _ => break,
            }
        }
        (Self { line, columns }, cells)
    }

    /// The column, counted from 0; the whole line if there is none.
    pub(crate) fn at(&self, column: usize) -> Place {
        let found = self.columns.get(column);
        found.map_or(self.line.into(), |found| {
            Place::new(self.line, found.start..found.end)
        })
    }

    /// From this column to the end of the last one.
    pub(crate) fn from(&self, column: usize) -> Place {
        match (self.columns.get(column), self.columns.last()) {
            (Some(first), Some(last)) => Place::new(self.line, first.start..last.end),
            _ => self.line.into(),
        }
    }

    /// What is wrong in the column: the stretch that the fault names, else the whole of it.
    pub(crate) fn of(&self, column: usize, fault: &Fault) -> Place {
        match (self.columns.get(column), &fault.stretch) {
            (Some(found), Some(stretch)) => Place::new(self.line, found.written(stretch)),
            _ => self.at(column),
        }
    }
}

impl Column {
    fn new(start: usize, raw: &str) -> Self {
        let quoted = raw.strip_prefix('"');
        let inner = quoted.map_or(raw, |inner| {
            let inner = inner.trim_end();
            inner.strip_suffix('"').unwrap_or(inner)
        });
        let start = start + usize::from(quoted.is_some());
        let before = inner.len() - inner.trim_start().len();
        let text = inner.trim();
        let pairs = text.match_indices("\"\"").enumerate();
        let doubled = match quoted {
            Some(_) => pairs.map(|(nth, (at, _))| at - nth).collect(),
            None => Vec::new(),
        };
        Self {
            start: start + before,
            end: start + before + text.len(),
            doubled,
        }
    }

    /// A stretch of the text as it stands in the line.
    fn written(&self, stretch: &Range<usize>) -> Range<usize> {
        let at = |offset: usize| {
            let doubled = self.doubled.iter().filter(|quote| **quote < offset);
            (self.start + offset + doubled.count()).min(self.end)
        };
        at(stretch.start)..at(stretch.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str, column: usize, stretch: Option<Range<usize>>) -> &str {
        let mut fault = Fault::new("", "");
        fault.stretch = stretch;
        let (from, to) = Places::read(&mut Reader::new(), 1, line)
            .0
            .of(column, &fault)
            .stretch
            .unwrap();
        line.get(from..to).unwrap()
    }

    #[test]
    fn columns_stand_where_they_are_written() {
        let line = "p, sales ,Order,\trow,\" row.status in ['A', \"\"b\"\"] \" , allow";
        let columns = [0, 1, 2, 3, 4, 5].map(|column| shown(line, column, None));
        let when = "row.status in ['A', \"\"b\"\"]";
        assert_eq!(columns, ["p", "sales", "Order", "row", when, "allow"]);
    }

    #[test]
    fn a_stretch_is_found_behind_quotes_and_wide_characters() {
        let line = "p,a,b,c,\"row.x == \"\"日本\"\" && row.y\",allow";
        let text = "row.x == \"日本\" && row.y";
        for word in ["row.x", "\"日本\"", "日本", "row.y"] {
            let at = text.find(word).unwrap();
            let seen = shown(line, 4, Some(at..at + word.len())).replace("\"\"", "\"");
            assert_eq!(seen, word);
        }
    }

    #[test]
    fn bytes_of_a_text_are_on_the_line_where_they_begin() {
        let text = "a = 1\nbc = [\n2]\n";
        assert_eq!(Place::in_text(text, 6..8), Place::new(2, 0..2));
        assert_eq!(Place::in_text(text, 11..15), Place::new(2, 5..6));
        assert_eq!(Place::in_text(text, 99..99), Place::new(4, 0..0));
    }
}
