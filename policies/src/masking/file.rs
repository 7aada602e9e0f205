//! The text of `masking.toml`, every entry checked for its shape.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use serde::de::IntoDeserializer;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::presets;
use super::rounding::Rounding;
use crate::checks::Check;
use crate::decision::Tier;
use crate::error::{Fault, Findings};
use crate::place::Place;

/// What `masking.toml` says.
#[derive(Debug)]
pub(crate) struct Masking {
    /// The smallest group that an aggregate may show.
    pub(crate) k: u32,
    /// The audience of a role, and the place that says so.
    pub(crate) audiences: BTreeMap<String, Word>,
    /// The id of the key of an audience, and the place that says so.
    pub(crate) keys: BTreeMap<String, Word>,
    /// Masks by class prefix and tier.
    pub(crate) classes: BTreeMap<String, Entry>,
    /// Masks by coordinate and tier.
    pub(crate) fields: BTreeMap<String, Entry>,
    /// Whose data the rows of an entity are, by its name.
    pub(crate) subjects: BTreeMap<String, SubjectEntry>,
    /// What stands in for classes and tiers that have no mask of their own here.
    pub(crate) preset: BTreeMap<String, Entry>,
}

/// The person behind the rows of an entity, as columns of its own or of what a path of relations leads to.
#[derive(Debug, Default)]
pub(crate) struct SubjectEntry {
    pub(crate) line: Place,
    pub(crate) key: Option<Word>,
    pub(crate) country: Option<Word>,
    pub(crate) gender: Option<Word>,
    pub(crate) birth: Option<Word>,
    pub(crate) through: Option<Word>,
}

/// A text and where it stands.
pub(crate) type Word = (String, Place);

/// The masks of one class prefix or field, and to what its granted sums and means are rounded.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    pub(crate) line: Place,
    pub(crate) partial: Option<Mask>,
    pub(crate) desensitized: Option<Mask>,
    /// What values must be like that are written, and the place that says so.
    pub(crate) check: Option<(Check, Place)>,
    pub(crate) aggregate: Option<Rounding>,
}

/// A masker by name.
#[derive(Clone, Debug)]
pub(crate) struct Mask {
    pub(crate) line: Place,
    pub(crate) masker: String,
    pub(crate) params: toml::Table,
}

impl Masking {
    pub(crate) fn masks(&self) -> impl Iterator<Item = &Mask> {
        self.entries().flat_map(Entry::masks)
    }

    /// The entries of the file itself.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.classes.values().chain(self.fields.values())
    }
}

impl Entry {
    pub(crate) fn at(&self, tier: Tier) -> Option<&Mask> {
        match tier {
            Tier::Partial => self.partial.as_ref(),
            Tier::Desensitized => self.desensitized.as_ref(),
            Tier::None | Tier::Full => None,
        }
    }

    pub(crate) fn masks(&self) -> impl Iterator<Item = &Mask> {
        self.partial.iter().chain(&self.desensitized)
    }
}

const DEFAULT_K: u32 = 5;
const KEYS: [&str; 7] = [
    "k",
    "preset",
    "audiences",
    "keys",
    "class",
    "field",
    "subject",
];
const ENTRY_KEYS: [&str; 4] = ["partial", "desensitized", "aggregate", "check"];
const SUBJECT_KEYS: [&str; 5] = ["key", "country", "gender", "birth", "through"];

/// Reads the file; what is wrong with one entry does not keep the others from being read. `None` if it is not TOML.
pub(crate) fn read(text: &str, findings: &mut Findings) -> Option<Masking> {
    let mut masking = Masking {
        k: DEFAULT_K,
        audiences: BTreeMap::new(),
        keys: BTreeMap::new(),
        classes: BTreeMap::new(),
        fields: BTreeMap::new(),
        subjects: BTreeMap::new(),
        preset: BTreeMap::new(),
    };
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut reading = Reading { text, findings };
    for error in &errors {
        let start = error.span().unwrap_or(0..0);
        let message = format!(
            "the file is not TOML: {}",
            error.message().replace('\n', " ")
        );
        reading.add(
            start,
            Fault::new(message, "write keys and values as TOML does"),
        );
    }
    if !errors.is_empty() {
        return None;
    }
    for (key, value) in root.get_ref() {
        match key.get_ref().as_ref() {
            "k" => reading.k(value, &mut masking.k),
            "preset" => reading.preset(value, &mut masking.preset),
            "audiences" => reading.names(value, "audience", &mut masking.audiences),
            "keys" => reading.names(value, "key", &mut masking.keys),
            "class" => reading.entries(value, &mut masking.classes),
            "field" => reading.entries(value, &mut masking.fields),
            "subject" => reading.subjects(value, &mut masking.subjects),
            other => {
                let cure = "the keys are `k`, `preset`, `[audiences]`, `[keys]`, `[class.\"..\"]`, `[field.\"..\"]` and `[subject.\"..\"]`";
                let fault = Fault::unknown(format!("unknown key `{other}`"), other, KEYS, cure);
                reading.add(key.span(), fault);
            }
        }
    }
    Some(masking)
}

pub(super) struct Reading<'a> {
    text: &'a str,
    findings: &'a mut Findings,
}

impl Reading<'_> {
    pub(super) fn add(&mut self, at: Range<usize>, fault: Fault) {
        let line = self.line(at);
        self.findings.add(line, fault);
    }

    pub(super) fn line(&self, at: Range<usize>) -> Place {
        Place::in_text(self.text, at)
    }

    fn k(&mut self, value: &Spanned<DeValue<'_>>, k: &mut u32) {
        let given = value
            .get_ref()
            .as_integer()
            .and_then(|number| u32::from_str_radix(number.as_str(), number.radix()).ok());
        match given {
            Some(given) if given >= 2 => *k = given,
            _ => self.add(
                value.span(),
                Fault::new(
                    "`k` is the size of a group",
                    "write a whole number of at least 2",
                ),
            ),
        }
    }

    /// The masks of a preset: they stand where this file names it, should one of them not fit a field.
    fn preset(&mut self, value: &Spanned<DeValue<'_>>, masks: &mut BTreeMap<String, Entry>) {
        let name = value.get_ref().as_str().unwrap_or_default();
        let place = self.line(value.span());
        match presets::text(name)
            .and_then(|text| read(text, &mut Findings::new(name.to_owned(), text.to_owned())))
        {
            Some(preset) => {
                *masks = preset.classes;
                for entry in masks.values_mut() {
                    entry.line = place;
                    let tiers = entry.partial.iter_mut().chain(&mut entry.desensitized);
                    tiers.for_each(|mask| mask.line = place);
                    entry.aggregate.iter_mut().for_each(|one| one.line = place);
                }
            }
            None => {
                let cure = format!("the presets are {}", presets::NAMES.join(", "));
                let message = format!("unknown preset `{name}`");
                let fault = Fault::unknown(message, name, presets::NAMES, &cure);
                self.add(value.span(), fault);
            }
        }
    }

    /// A table of names: the audience of each role, the key of each audience.
    fn names(
        &mut self,
        value: &Spanned<DeValue<'_>>,
        what: &str,
        names: &mut BTreeMap<String, Word>,
    ) {
        let Some(table) = self.table(value) else {
            return;
        };
        for (of, given) in table {
            let line = self.line(of.span());
            match given.get_ref().as_str() {
                Some(name) if is_name(name) => {
                    names.insert(of.get_ref().to_string(), (name.to_owned(), line));
                }
                _ => self.add(
                    given.span(),
                    Fault::new(
                        format!("the {what} of `{}` is not a name", of.get_ref()),
                        "write a text of lower-case letters, digits, `_` and `-`",
                    ),
                ),
            }
        }
    }

    fn entries(&mut self, value: &Spanned<DeValue<'_>>, entries: &mut BTreeMap<String, Entry>) {
        let Some(table) = self.table(value) else {
            return;
        };
        for (name, tiers) in table {
            let Some(tiers) = self.table(tiers) else {
                continue;
            };
            let mut entry = Entry {
                line: self.line(name.span()),
                ..Entry::default()
            };
            for (tier, mask) in tiers {
                let place = match tier.get_ref().as_ref() {
                    "partial" => &mut entry.partial,
                    "desensitized" => &mut entry.desensitized,
                    "aggregate" => {
                        entry.aggregate = self.rounding(tier.span(), mask);
                        continue;
                    }
                    "check" => {
                        entry.check = self.check(mask);
                        continue;
                    }
                    other => {
                        let cure = "the tiers with a masker are `partial` and `desensitized`; `aggregate` rounds sums and means, `check` says what may be written";
                        let message = format!("unknown tier `{other}`");
                        let fault = Fault::unknown(message, other, ENTRY_KEYS, cure);
                        self.add(tier.span(), fault);
                        continue;
                    }
                };
                *place = self.mask(tier.span(), mask);
            }
            entries.insert(name.get_ref().to_string(), entry);
        }
    }

    fn subjects(
        &mut self,
        value: &Spanned<DeValue<'_>>,
        subjects: &mut BTreeMap<String, SubjectEntry>,
    ) {
        let Some(table) = self.table(value) else {
            return;
        };
        for (name, columns) in table {
            let Some(columns) = self.table(columns) else {
                continue;
            };
            let mut entry = SubjectEntry {
                line: self.line(name.span()),
                ..SubjectEntry::default()
            };
            for (key, column) in columns {
                let place = match key.get_ref().as_ref() {
                    "key" => &mut entry.key,
                    "country" => &mut entry.country,
                    "gender" => &mut entry.gender,
                    "birth" => &mut entry.birth,
                    "through" => &mut entry.through,
                    other => {
                        let cure =
                            "a subject has `key`, `country`, `gender` and `birth`, or `through`";
                        let message = format!("unknown key `{other}` of a subject");
                        let fault = Fault::unknown(message, other, SUBJECT_KEYS, cure);
                        self.add(key.span(), fault);
                        continue;
                    }
                };
                match column.get_ref().as_str() {
                    Some(text) => *place = Some((text.to_owned(), self.line(column.span()))),
                    None => self.add(
                        column.span(),
                        Fault::new(
                            format!("`{}` is not a text", key.get_ref()),
                            "write the name of a column",
                        ),
                    ),
                }
            }
            if entry.through.is_some() && entry.key.is_some() {
                let message =
                    "a subject has a `key` of its own or is found `through` a relation, not both";
                self.add(name.span(), Fault::new(message, "remove one of the two"));
            }
            subjects.insert(name.get_ref().to_string(), entry);
        }
    }

    fn mask(&mut self, at: Range<usize>, value: &Spanned<DeValue<'_>>) -> Option<Mask> {
        let cure = "write `{ masker = \"name\", .. }` with the parameters of the masker";
        let mut params = match toml::Table::deserialize(value.clone().into_deserializer()) {
            Ok(params) => params,
            Err(_) => {
                self.add(value.span(), Fault::new("a mask is a table", cure));
                return None;
            }
        };
        let Some(toml::Value::String(masker)) = params.remove("masker") else {
            self.add(at, Fault::new("the mask names no masker", cure));
            return None;
        };
        let word = value
            .get_ref()
            .as_table()
            .and_then(|table| table.get("masker"));
        Some(Mask {
            line: self.line(word.map_or(at, Spanned::span)),
            masker,
            params,
        })
    }

    fn table<'v, 'i>(&mut self, value: &'v Spanned<DeValue<'i>>) -> Option<&'v DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.add(
                value.span(),
                Fault::new("this is not a table", "write `[section]` and its keys"),
            );
        }
        table
    }
}

/// Whether this can name an audience or a key.
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-')
}
