//! The answer, written from the plan and the raw rows into one buffer.

use sudare_entities::catalog::Kind;
use sudare_policies::maskers::{IdentityMemo, Subject};
use thiserror::Error;

use super::cell;
use super::json::{self, put};
use super::raw::{Cell, Fetched, Group, RawRows};
use crate::plan::{
    CellShape, ConnectionShape, ConnectionValue, CursorShape, DisclosureShape, DisclosureValue,
    EdgeValue, FieldTiers, Key, ObjectShape, ObjectValue, PageValue, Plan, RootValue, Show, Write,
};

/// Bytes of one answer: a row is fetched once and may be written many times, by aliases and below many others.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Why an answer cannot be written.
#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum WriteError {
    /// A stored value is not of the kind of its field.
    #[error("a stored value of `{0}` is not of the field's type: mend it in the database")]
    Broken(String),
    /// A stored value of an order key is no value at all.
    #[error(
        "a stored value by which `{0}` is ordered is not of its field's type: mend it in the database"
    )]
    BrokenKey(String),
    /// The answer is longer than one may be.
    #[error("the answer outgrew {0} bytes")]
    TooLarge(usize),
    /// A cursor or a node id could not be made.
    #[error("a key could not be sealed")]
    Seal,
}

/// What stands behind each root of the plan.
#[derive(Debug)]
pub(crate) enum Data {
    /// The plan has it, or it is introspection, as JSON.
    Ready(String),
    /// Rows.
    Rows(Fetched),
}

impl Data {
    /// Bytes that are held.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Ready(json) => json.len(),
            Self::Rows(fetched) => fetched.bytes(),
        }
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        match self {
            Self::Ready(_) => 0,
            Self::Rows(fetched) => fetched.groups.iter().map(|group| group.rows.len()).sum(),
        }
    }

    /// About how many bytes of an answer it makes.
    fn written(&self) -> usize {
        match self {
            Self::Ready(json) => json.len(),
            Self::Rows(fetched) => fetched.written(),
        }
    }

    /// What the plan has already; null for what has rows.
    pub(crate) fn ready(value: &RootValue) -> Self {
        Self::Ready(match value {
            RootValue::Ready(json) => json.clone(),
            _ => "null".to_owned(),
        })
    }
}

/// Writes `{"data":{...},"extensions":{"disclosure":{...}}}`.
pub(crate) fn answer(plan: &Plan, data: &[Data]) -> Result<Vec<u8>, WriteError> {
    let size: usize = data.iter().map(Data::written).sum();
    let mut writer = Writer::new(1024 + size);
    writer.raw("{\"data\":{");
    for (index, (root, data)) in plan.roots.iter().zip(data).enumerate() {
        writer.check()?;
        writer.key(index, &root.key);
        match (&root.value, data) {
            (_, Data::Ready(json)) => writer.raw(json),
            (RootValue::One { shape, .. }, Data::Rows(fetched)) => {
                writer.one(shape, fetched, fetched.groups.first())?
            }
            (RootValue::Many { shape, .. }, Data::Rows(fetched)) => {
                writer.connection(shape, fetched, fetched.groups.first())?;
            }
            (RootValue::Groups { shape, .. }, Data::Rows(fetched)) => {
                writer.groups(shape, fetched, fetched.groups.first())?;
            }
            (RootValue::Lookup { shape, .. }, Data::Rows(fetched)) => {
                writer.rows(shape, fetched)?;
            }
            (RootValue::Write(write), Data::Rows(fetched)) => writer.written(write, fetched)?,
            (RootValue::Ready(_) | RootValue::Introspection, Data::Rows(_)) => writer.raw("null"),
        }
    }
    writer.check()?;
    writer.raw("},\"extensions\":{\"disclosure\":{");
    for (index, (coordinate, tier)) in plan.disclosure.iter().enumerate() {
        writer.comma(index);
        put(&mut writer.out, format_args!("\"{coordinate}\":\"{tier}\""));
    }
    writer.raw("}}}");
    Ok(writer.out)
}

pub(super) struct Writer {
    out: Vec<u8>,
    /// Where maskers write their text.
    scratch: String,
    /// The false identity of the person whose row is written.
    memo: IdentityMemo,
}

impl Writer {
    /// About so many bytes are expected.
    pub(super) fn new(size: usize) -> Self {
        Self {
            out: Vec::with_capacity(size),
            scratch: String::new(),
            memo: IdentityMemo::default(),
        }
    }

    pub(super) fn raw(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    /// Where the answer is written.
    pub(super) fn out(&mut self) -> &mut Vec<u8> {
        &mut self.out
    }

    fn check(&self) -> Result<(), WriteError> {
        if self.out.len() > MAX_BYTES {
            return Err(WriteError::TooLarge(MAX_BYTES));
        }
        Ok(())
    }

    fn comma(&mut self, index: usize) {
        if index > 0 {
            self.out.push(b',');
        }
    }

    pub(super) fn key(&mut self, index: usize, key: &Key) {
        self.raw(if index == 0 { key.first() } else { key.next() });
    }

    /// All rows, as a list.
    fn rows(&mut self, shape: &ObjectShape, fetched: &Fetched) -> Result<(), WriteError> {
        let none = Group::default();
        let group = fetched.groups.first().unwrap_or(&none);
        self.list(group, |writer, row| writer.object(shape, fetched, row))
    }

    /// The rows of a change, null for each that is not seen.
    fn written(&mut self, write: &Write, fetched: &Fetched) -> Result<(), WriteError> {
        if !write.many {
            return self.one(&write.shape, fetched, fetched.groups.first());
        }
        self.out.push(b'[');
        for (index, group) in fetched.groups.iter().enumerate() {
            self.comma(index);
            self.check()?;
            self.one(&write.shape, fetched, Some(group))?;
        }
        self.out.push(b']');
        Ok(())
    }

    fn one(
        &mut self,
        shape: &ObjectShape,
        fetched: &Fetched,
        group: Option<&Group>,
    ) -> Result<(), WriteError> {
        match group.and_then(|group| group.rows.clone().next()) {
            Some(row) => self.object(shape, fetched, row),
            None => {
                self.raw("null");
                Ok(())
            }
        }
    }

    fn object(
        &mut self,
        shape: &ObjectShape,
        fetched: &Fetched,
        row: usize,
    ) -> Result<(), WriteError> {
        self.out.push(b'{');
        for (index, (key, value)) in shape.fields.iter().enumerate() {
            self.check()?;
            self.key(index, key);
            match value {
                ObjectValue::Typename(name) => self.name(name),
                ObjectValue::Cell(cell) => self.cell(cell, &fetched.rows, row)?,
                ObjectValue::NodeId { column, seal } => match fetched.rows.cell(row, *column) {
                    Cell::Integer(id) => self.name(&seal.seal(id).ok_or(WriteError::Seal)?),
                    _ => return Err(WriteError::Seal),
                },
                ObjectValue::Disclosure(shape) => self.disclosure(shape, &fetched.rows, row),
                ObjectValue::One { child, shape } => {
                    let (below, group) = below(fetched, *child, row);
                    match below {
                        Some(below) => self.one(shape, below, group)?,
                        None => self.raw("null"),
                    }
                }
                ObjectValue::Many { child, shape } => {
                    if let (Some(below), group) = below(fetched, *child, row) {
                        self.connection(shape, below, group)?;
                    } else {
                        self.raw("null");
                    }
                }
                ObjectValue::Groups { child, shape } => {
                    if let (Some(below), group) = below(fetched, *child, row) {
                        self.groups(shape, below, group)?;
                    } else {
                        self.raw("[]");
                    }
                }
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    pub(super) fn cell(
        &mut self,
        shape: &CellShape,
        rows: &RawRows,
        row: usize,
    ) -> Result<(), WriteError> {
        let granted = shape
            .grants
            .iter()
            .find(|grant| holds(rows, row, grant.guard));
        let (Some(column), Some(grant)) = (shape.column, granted) else {
            self.raw("null");
            return Ok(());
        };
        // INVARIANT: the bytes of a stored value go into the answer here and in the arm of FULL of `cell::write`, nowhere else.
        if let Show::Full = grant.show
            && rows.write_full(&mut self.out, shape, row, column).is_some()
        {
            return Ok(());
        }
        // only some masks ask whose the row is; a cell that is shown in full does not
        let subject = match (&grant.show, &shape.subject) {
            (Show::Masked(masker), Some(shape)) if masker.needs_subject() => Subject {
                memo: Some(&self.memo),
                ..cell::subject(shape, rows, row)
            },
            _ => Subject::default(),
        };
        if let (Show::Masked(masker), Kind::Text) = (&grant.show, &shape.kind)
            && let Some(text) = rows.text(row, column)
        {
            let (out, scratch) = (&mut self.out, &mut self.scratch);
            cell::write_masked_text(out, scratch, masker.as_ref(), (text, &subject));
            return Ok(());
        }
        let cell = rows.cell(row, column);
        cell::write(
            &mut self.out,
            &mut self.scratch,
            shape,
            &grant.show,
            (cell, &subject),
        )
        .map_err(|cell::Broken| WriteError::Broken(shape.coordinate.clone()))
    }

    fn disclosure(&mut self, shape: &DisclosureShape, rows: &RawRows, row: usize) {
        self.out.push(b'[');
        let mut written = 0;
        for FieldTiers { field, tiers } in &shape.fields {
            let tier = tiers
                .iter()
                .find(|(guard, _)| holds(rows, row, *guard))
                .map_or("NONE", |(_, tier)| tier);
            if tier == "FULL" {
                continue;
            }
            self.comma(written);
            written += 1;
            self.out.push(b'{');
            for (index, (key, value)) in shape.entry.iter().enumerate() {
                self.key(index, key);
                self.name(match value {
                    DisclosureValue::Field => field,
                    DisclosureValue::Tier => tier,
                    DisclosureValue::Typename => "FieldDisclosure",
                });
            }
            self.out.push(b'}');
        }
        self.out.push(b']');
    }

    fn connection(
        &mut self,
        shape: &ConnectionShape,
        fetched: &Fetched,
        group: Option<&Group>,
    ) -> Result<(), WriteError> {
        let empty = Group::default();
        let group = group.unwrap_or(&empty);
        self.out.push(b'{');
        for (index, (key, value)) in shape.fields.iter().enumerate() {
            self.key(index, key);
            match value {
                ConnectionValue::Typename(name) => self.name(name),
                ConnectionValue::TotalCount => put(&mut self.out, format_args!("{}", group.total)),
                ConnectionValue::Nodes(object) => {
                    self.list(group, |writer, row| writer.object(object, fetched, row))?;
                }
                ConnectionValue::Edges(fields) => {
                    self.list(group, |writer, row| {
                        writer.edge(fields, shape.cursor.as_ref(), fetched, row)
                    })?;
                }
                ConnectionValue::PageInfo(fields) => {
                    self.out.push(b'{');
                    for (index, (key, value)) in fields.iter().enumerate() {
                        self.key(index, key);
                        self.page_value(*value, shape.cursor.as_ref(), &fetched.rows, group)?;
                    }
                    self.out.push(b'}');
                }
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    pub(super) fn list(
        &mut self,
        group: &Group,
        mut item: impl FnMut(&mut Self, usize) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        self.out.push(b'[');
        for (index, row) in group.rows.clone().enumerate() {
            self.check()?;
            self.comma(index);
            item(self, row)?;
        }
        self.out.push(b']');
        Ok(())
    }

    fn edge(
        &mut self,
        fields: &[(Key, EdgeValue)],
        cursor: Option<&CursorShape>,
        fetched: &Fetched,
        row: usize,
    ) -> Result<(), WriteError> {
        self.out.push(b'{');
        for (index, (key, value)) in fields.iter().enumerate() {
            self.key(index, key);
            match value {
                EdgeValue::Typename(name) => self.name(name),
                EdgeValue::Cursor => self.cursor(cursor, &fetched.rows, row)?,
                EdgeValue::Node(shape) => self.object(shape, fetched, row)?,
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    fn page_value(
        &mut self,
        value: PageValue,
        cursor: Option<&CursorShape>,
        rows: &RawRows,
        group: &Group,
    ) -> Result<(), WriteError> {
        let row = match value {
            PageValue::Typename => {
                self.name("PageInfo");
                return Ok(());
            }
            PageValue::HasNextPage => {
                self.raw(if group.after { "true" } else { "false" });
                return Ok(());
            }
            PageValue::HasPreviousPage => {
                self.raw(if group.before { "true" } else { "false" });
                return Ok(());
            }
            PageValue::StartCursor => group.rows.clone().next(),
            PageValue::EndCursor => group.rows.clone().next_back(),
        };
        match row {
            Some(row) => self.cursor(cursor, rows, row),
            None => {
                self.raw("null");
                Ok(())
            }
        }
    }

    fn cursor(
        &mut self,
        shape: Option<&CursorShape>,
        rows: &RawRows,
        row: usize,
    ) -> Result<(), WriteError> {
        let shape = shape.ok_or(WriteError::Seal)?;
        let values: Option<Vec<_>> = shape
            .columns
            .iter()
            .map(|(column, kind)| cell::cursor_value(kind, rows.cell(row, *column)))
            .collect();
        let values = values.ok_or_else(|| WriteError::BrokenKey(shape.coordinate.clone()))?;
        let text = shape.seal.seal(&values).ok_or(WriteError::Seal)?;
        self.name(&text);
        Ok(())
    }

    pub(super) fn name(&mut self, text: &str) {
        json::text(&mut self.out, text);
    }
}

/// Whether a guard holds on the row: nothing but 1 does.
pub(super) fn holds(rows: &RawRows, row: usize, guard: Option<usize>) -> bool {
    guard.is_none_or(|column| rows.cell(row, column) == Cell::Integer(1))
}

/// The rows below a row.
fn below(fetched: &Fetched, child: usize, row: usize) -> (Option<&Fetched>, Option<&Group>) {
    let Some(child) = fetched.children.get(child) else {
        return (None, None);
    };
    let group = child
        .links
        .get(row)
        .copied()
        .flatten()
        .and_then(|group| child.fetched.groups.get(group));
    (Some(&child.fetched), group)
}
