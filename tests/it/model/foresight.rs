//! What a naive interpreter expects of a mutation: whether it is refused, and which rows are there afterwards.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};
use sudare_entities::catalog::{Field, Kept, Kind};
use sudare_policies::decision::{Action, Tier};
use sudare_policies::value::Value;
use unicode_normalization::UnicodeNormalization as _;

use super::cell::{seen_key, shown};
use super::change::{Change, ChangeKind, is_written};
use super::check::Refusals;
use super::data::Data;
use super::eyes::Eyes;
use super::input::Input;

/// A key that no row has.
pub(super) const NEW: i64 = 1 << 40;

/// What the interpreter expects.
pub(super) enum Expected {
    Refused(Refusals),
    /// The rows of the entity afterwards, by key; new ones are told by place. What is deleted is told as it was.
    Done(Data),
}

/// A mutation before the interpreter.
pub(super) struct Foresight<'f> {
    pub(super) eyes: &'f Eyes<'f>,
    pub(super) change: &'f Change,
    pub(super) refusals: Refusals,
}

impl Foresight<'_> {
    pub(super) fn expect(mut self) -> Expected {
        let done = match self.change.kind {
            ChangeKind::Create | ChangeKind::CreateMany => self.create(),
            ChangeKind::Update => self.update(),
            ChangeKind::Delete => self.delete(),
        };
        match done {
            Some(data) if self.refusals.is_empty() => Expected::Done(data),
            _ => Expected::Refused(self.refusals),
        }
    }

    fn refuse(&mut self, code: &str, field: Option<usize>) {
        let entity = self.eyes.data.entity(self.change.entity);
        let coordinate =
            field.map(|field| format!("{}.{}", entity.name, entity.fields[field].name));
        self.refusals.insert((code.to_owned(), coordinate));
    }

    /// The values of an input, by field, as they are stored; what does not fit is refused, and what may be written nowhere.
    fn values(&mut self, input: &Map<String, Json>, action: Action) -> BTreeMap<usize, Value> {
        let (data, index) = (self.eyes.data, self.change.entity);
        let mut values = BTreeMap::new();
        for (name, given) in input {
            let position = data.entity(index).field(name).unwrap();
            match self.stored(position, given) {
                Some(value) => {
                    if !self.eyes.may_be(index, Some(position), action) {
                        self.refuse("FIELD_NOT_WRITABLE", Some(position));
                    }
                    values.insert(position, value);
                }
                None => self.refuse("BAD_USER_INPUT", None),
            }
        }
        values
    }

    fn stored(&self, position: usize, given: &Json) -> Option<Value> {
        let field = self.eyes.data.field(self.change.entity, position);
        match (&field.kind, given) {
            (_, Json::Null) if field.nullable => Some(Value::Null),
            (_, Json::Null) => None,
            _ if field.references.is_some() => {
                let seen = Input::of_json(given).whole_number()?;
                Some(Value::Int(self.key_behind(position, seen)))
            }
            (Kind::Json, document) => Some(Value::Text(document.to_string())),
            (kind, given) => {
                let value = Input::of_json(given).typed(kind, false)?;
                fits(field, &value).then_some(value)
            }
        }
    }

    /// The key that a number stands for: as keys are seen where they are, else as it is.
    fn key_behind(&self, position: usize, seen: i64) -> i64 {
        let (eyes, index) = (self.eyes, self.change.entity);
        let tier = eyes.highest(index, position);
        match eyes.set.masker(&eyes.audience, (index, position), tier) {
            Some(masker) if tier != Tier::Full && masker.has_way_back() => {
                masker.value_behind(seen).unwrap_or(i64::MIN)
            }
            _ => seen,
        }
    }

    fn create(&mut self) -> Option<Data> {
        let index = self.change.entity;
        let fields = &self.eyes.data.entity(index).fields;
        // The type of the variable says so already: nothing else is looked at.
        let is_null =
            |name: &String| !fields[self.eyes.data.entity(index).field(name).unwrap()].nullable;
        let given = self.change.inputs.iter().flatten();
        if given
            .into_iter()
            .any(|(name, value)| value.is_null() && is_null(name))
        {
            self.refuse("BAD_USER_INPUT", None);
            return None;
        }
        let mut rows = Vec::new();
        for input in &self.change.inputs {
            let values = self.values(input, Action::Create);
            for (position, field) in fields.iter().enumerate() {
                let is_missing = !values.contains_key(&position) && !field.nullable;
                if is_missing && is_written(self.eyes.data.entity(index), position) {
                    self.refuse("BAD_USER_INPUT", None);
                }
            }
            rows.push(values);
        }
        if !self.refusals.is_empty() {
            return None;
        }
        let mut data = self.eyes.data.with_rows(index, |_| {});
        let mut clashes = false;
        for (number, values) in (NEW..).zip(&rows) {
            clashes |= self.clashes(&data, None, values);
            let key = data.entity(index).key;
            let cell = |position: usize, field: &Field| match field.kept {
                _ if position == key => Value::Int(number),
                Some(Kept::Version) => Value::Int(1),
                Some(_) => Value::DateTime(self.eyes.now),
                None => values.get(&position).cloned().unwrap_or(Value::Null),
            };
            let all = fields.iter().enumerate();
            let row: Vec<Value> = all.map(|(at, field)| cell(at, field)).collect();
            data = data.with_rows(index, |rows| rows.push(row));
        }
        let before = self.eyes.data.count(index);
        let rows: Vec<_> = (before..).zip(&rows).collect();
        self.hold_after(&data, &rows, (Action::Create, clashes));
        Some(data)
    }

    fn update(&mut self) -> Option<Data> {
        let (eyes, index) = (self.eyes, self.change.entity);
        let input = &self.change.inputs[0];
        if input.is_empty() {
            self.refuse("BAD_USER_INPUT", None);
        }
        let values = self.values(input, Action::Update);
        let row = self.found()?;
        for position in values.keys() {
            if !eyes.may(index, Some(*position), (Action::Update, row)) {
                self.refuse("FIELD_NOT_WRITABLE", Some(*position));
            }
            if self.is_echo(row, *position) {
                self.refuse("MASKED_VALUE_ECHO", Some(*position));
            }
        }
        self.same_version(row);
        let clashes = self.clashes(eyes.data, Some(row), &values);
        let fields = &eyes.data.entity(index).fields;
        let data = eyes.data.with_rows(index, |rows| {
            for (position, value) in &values {
                rows[row][*position] = value.clone();
            }
            for (position, field) in fields.iter().enumerate() {
                match (field.kept, &rows[row][position]) {
                    (Some(Kept::Version), Value::Int(version)) => {
                        rows[row][position] = Value::Int(version + 1);
                    }
                    (Some(Kept::UpdatedAt), _) => rows[row][position] = Value::DateTime(eyes.now),
                    _ => {}
                }
            }
        });
        self.hold_after(&data, &[(row, &values)], (Action::Update, clashes));
        Some(data)
    }

    fn delete(&mut self) -> Option<Data> {
        let (eyes, index) = (self.eyes, self.change.entity);
        let name = eyes.data.entity(index).name.clone();
        let forbidden = ("FORBIDDEN".to_owned(), Some(name));
        if !eyes.may_be(index, None, Action::Delete) {
            self.refusals.insert(forbidden.clone());
        }
        let row = self.found()?;
        if !eyes.may(index, None, (Action::Delete, row)) {
            self.refusals.insert(forbidden);
        }
        self.same_version(row);
        if !self.refusals.is_empty() {
            return None;
        }
        let key = eyes.data.key(index, row);
        let mut catalog = eyes.data.catalog.entities.iter().enumerate();
        let depends = catalog.any(|(other, entity)| {
            entity.fields.iter().enumerate().any(|(position, field)| {
                let refers = field.references.is_some_and(|(target, _)| target == index);
                let mut rows = 0..eyes.data.count(other);
                refers && rows.any(|row| *eyes.data.value(other, row, position) == Value::Int(key))
            })
        });
        if depends {
            self.refuse("CONFLICT", None);
            return None;
        }
        Some(eyes.data.with_rows(index, |rows| drop(rows.remove(row))))
    }

    /// The row that is named, once all is asked for that may be.
    fn found(&mut self) -> Option<usize> {
        let (eyes, index) = (self.eyes, self.change.entity);
        let key = eyes.data.entity(index).key;
        let seen = Input::Text(self.change.id.clone()).whole_number();
        if seen.is_none() {
            self.refuse("BAD_USER_INPUT", None);
        }
        if !eyes.names_rows(index, key) {
            self.refuse("FIELD_NOT_FILTERABLE", Some(key));
        }
        if let Some(version) = self.version().filter(|_| self.change.if_version.is_some())
            && !eyes.usable(index, version)
        {
            self.refuse("FIELD_NOT_FILTERABLE", Some(version));
        }
        if !self.refusals.is_empty() {
            return None;
        }
        let mut rows = eyes.rows(index).into_iter();
        let row = rows.find(|row| seen_key(eyes, index, *row, key) == Value::Int(seen.unwrap()));
        if row.is_none() {
            self.refuse("NOT_FOUND", None);
        }
        row
    }

    fn version(&self) -> Option<usize> {
        let fields = &self.eyes.data.entity(self.change.entity).fields;
        fields
            .iter()
            .position(|field| field.kept == Some(Kept::Version))
    }

    fn same_version(&mut self, row: usize) {
        let asked = self.version().zip(self.change.if_version);
        if let Some((version, asked)) = asked
            && self.eyes.clear(self.change.entity, row, version) != Value::Int(asked)
        {
            self.refuse("CONFLICT", None);
        }
    }

    /// Whether what is given is what is shown in place of the value, and not said to be meant.
    fn is_echo(&self, row: usize, position: usize) -> bool {
        let (eyes, index) = (self.eyes, self.change.entity);
        let field = eyes.data.field(index, position);
        let tier = eyes.tier(index, row, position);
        let names_rows = field.references.is_some() && {
            let masker = |tier| eyes.set.masker(&eyes.audience, (index, position), tier);
            let leads_back = |tier| masker(tier).is_some_and(|masker| masker.has_way_back());
            [Tier::Partial, Tier::Desensitized]
                .into_iter()
                .any(leads_back)
                && eyes.names_rows(index, position)
        };
        if matches!(tier, Tier::Full | Tier::None) || names_rows {
            return false;
        }
        if self.change.confirm.contains(&field.name) {
            return false;
        }
        let shown: Json = serde_json::from_str(&shown(eyes, index, row, position)).unwrap();
        let given = &self.change.inputs[0][&field.name];
        let plain = |json: &Json| match (&field.kind, json.as_str()) {
            (Kind::Decimal { .. }, Some(text)) => {
                let number: rust_decimal::Decimal = text.parse().unwrap();
                number.normalize().to_string()
            }
            (_, Some(text)) => {
                let text: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
                caseless::default_case_fold_str(&text)
            }
            (_, None) => json.to_string(),
        };
        plain(&shown) == plain(given) && shown.is_string() == given.is_string()
    }

    /// Whether a value is taken that must be unique, or a row is referred to that is not there.
    fn clashes(&self, data: &Data, own: Option<usize>, values: &BTreeMap<usize, Value>) -> bool {
        let index = self.change.entity;
        values.iter().any(|(position, value)| {
            let field = data.field(index, *position);
            let mut others = (0..data.count(index)).filter(|row| Some(*row) != own);
            let taken = field.unique
                && *value != Value::Null
                && others.any(|row| data.value(index, row, *position) == value);
            let lost = match (field.references, value) {
                (Some((target, _)), Value::Int(key)) => data.find(target, *key).is_none(),
                _ => false,
            };
            taken || lost
        })
    }

    /// What must hold of the rows as they will be: before the database is asked, if it can be told by then, or else afterwards.
    fn hold_after(
        &mut self,
        data: &Data,
        rows: &[(usize, &BTreeMap<usize, Value>)],
        (action, clashes): (Action, bool),
    ) {
        self.refuse_after(data, rows, (action, true));
        if self.refusals.is_empty() && clashes {
            self.refuse("CONFLICT", None);
        }
        if self.refusals.is_empty() {
            self.refuse_after(data, rows, (action, false));
        }
    }

    fn refuse_after(
        &mut self,
        data: &Data,
        rows: &[(usize, &BTreeMap<usize, Value>)],
        (action, before): (Action, bool),
    ) {
        let eyes = self.eyes.on(data);
        for (row, values) in rows {
            for position in values.keys() {
                let allowed = eyes.may(self.change.entity, Some(*position), (action, *row));
                if !allowed && self.is_foreseen(*position, action) == before {
                    self.refuse("FIELD_NOT_WRITABLE", Some(*position));
                }
            }
        }
    }

    /// Whether what a rule reads of a row is there before the change: no number that is counted up by it, and nothing that is reached
    /// by way of rows of the same entity.
    fn is_foreseen(&self, position: usize, action: Action) -> bool {
        let (eyes, index) = (self.eyes, self.change.entity);
        let view = eyes.set.view(eyes.principal.clone(), eyes.now).unwrap();
        let entity = eyes.data.entity(index);
        let counted = |field: usize| match action {
            Action::Create => field == entity.key,
            _ => entity.fields[field].kept == Some(Kept::Version),
        };
        let may = view.may(index, position, action);
        may.paths().into_iter().all(|path| {
            let ways = &eyes.data.shape.entities;
            let mut reached = vec![(index, path.field)];
            for hop in &path.hops {
                let (at, _) = *reached.last().unwrap();
                let way = &ways[at].to_one[*hop];
                reached.last_mut().unwrap().1 = way.from;
                reached.push((way.target, path.field));
            }
            let ((_, first), further) = reached.split_first().unwrap();
            !counted(*first) && further.iter().all(|(entity, _)| *entity != index)
        })
    }
}

fn fits(field: &Field, value: &Value) -> bool {
    match (&field.kind, value, field.size) {
        (Kind::Text, Value::Text(text), Some(most)) => text.chars().count() <= most as usize,
        (Kind::Decimal { scale }, Value::Decimal(number), Some(most)) => {
            let limit = 10_i64.pow(most - scale);
            number.normalize().scale() <= *scale && number.abs() < limit.into()
        }
        _ => true,
    }
}
