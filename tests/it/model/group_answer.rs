//! The groups of a list, asked for and written.

use async_graphql::parser::types::{Field, SelectionSet};
use sudare_entities::catalog::Kind;
use sudare_policies::value::Value;

use super::answer::Answer;
use super::cell::json;
use super::check::MAX_SIZE;
use super::eyes::Eyes;
use super::filter::fits;
use super::group_keys::{Key, beginning};
use super::groups::{By, Shown, Wanted, groups, sort};
use super::input::{Input, Variables, argument};
use super::measures::{MEASURES, kind, measure_type};
use super::select::{Document, Selected};

/// The arguments of an aggregate.
struct Asked {
    wanted: Wanted,
    having: Option<Input>,
    orders: Vec<(By, bool)>,
}

impl Asked {
    /// Reads what has been checked.
    fn read(eyes: &Eyes<'_>, entity: usize, (field, variables): (&Field, &Variables)) -> Self {
        let input = |name| argument(field, name, variables);
        let keys = input("groupBy");
        let keys = keys.iter().flat_map(Input::items).filter_map(Key::read);
        let keys: Vec<Key> = keys.collect();
        let mut wanted = Wanted {
            keys,
            measures: Vec::new(),
        };
        let having = input("having");
        if let Some(having) = &having {
            wanted.note(eyes, entity, having);
        }
        let orders = input("orderBy");
        let orders = orders.iter().flat_map(Input::items);
        let orders: Vec<(By, bool)> = orders
            .map(|item| {
                let (path, descending) = walk(item);
                let by = match path[0].as_str() {
                    "count" => By::Count,
                    "key" => {
                        let mut keys = wanted.keys.iter();
                        By::Key(
                            keys.position(|key| key.name(eyes, entity) == path[1..])
                                .unwrap(),
                        )
                    }
                    measure => {
                        let field = eyes.data.entity(entity).field(&path[1]).unwrap();
                        By::Measure(measure.to_owned(), field)
                    }
                };
                (by, descending)
            })
            .collect();
        for (by, _) in &orders {
            if let By::Measure(measure, field) = by {
                wanted.measures.push((measure.clone(), *field));
            }
        }
        Self {
            wanted,
            having,
            orders,
        }
    }
}

impl Wanted {
    fn note(&mut self, eyes: &Eyes<'_>, entity: usize, having: &Input) {
        for (name, value) in having.fields() {
            match name.as_str() {
                "and" | "or" | "not" => {
                    for one in value.items() {
                        self.note(eyes, entity, one);
                    }
                }
                "count" => {}
                measure => {
                    for (field, _) in value.fields() {
                        let field = eyes.data.entity(entity).field(field).unwrap();
                        self.measures.push((measure.to_owned(), field));
                    }
                }
            }
        }
    }

    fn note_selected(
        &mut self,
        (eyes, entity): (&Eyes<'_>, usize),
        document: Document<'_>,
        selected: &Selected<'_>,
    ) {
        let name = &eyes.data.entity(entity).name;
        for inner in document.fields(&selected.below(), &format!("{name}Aggregate")) {
            let measure = inner.name();
            if MEASURES.contains(&measure) {
                for field in document.fields(&inner.below(), &measure_type(name, measure)) {
                    if let Some(field) = eyes.data.entity(entity).field(field.name()) {
                        self.measures.push((measure.to_owned(), field));
                    }
                }
            }
        }
    }
}

/// The names of objects in one another, and whether the word at the end is `DESC`.
pub(super) fn walk(mut item: &Input) -> (Vec<String>, bool) {
    let mut path = Vec::new();
    while let [(name, inner)] = item.fields() {
        path.push(name.clone());
        item = inner;
    }
    (path, item.text() == Some("DESC"))
}

impl<'a> Answer<'a> {
    /// The groups of some rows.
    pub(super) fn aggregate(
        &mut self,
        entity: usize,
        mut rows: Vec<usize>,
        selected: &Selected<'a>,
    ) {
        let (eyes, variables) = (self.eyes, self.document.variables);
        let field = selected.field();
        if let Some(filter) = argument(field, "filter", variables) {
            rows.retain(|row| fits(eyes, entity, *row, &filter) == Some(true));
        }
        let mut asked = Asked::read(eyes, entity, (field, variables));
        asked
            .wanted
            .note_selected((eyes, entity), self.document, selected);
        let mut found = groups(eyes, entity, &rows, &asked.wanted);
        if let Some(having) = &asked.having {
            found.retain(|group| {
                !group.suppressed && group.fits(eyes, entity, having) == Some(true)
            });
        }
        sort(&mut found, &asked.orders);
        let first = argument(field, "first", variables);
        let first = first.map_or(MAX_SIZE, |first| first.whole_number().unwrap());
        found.truncate(usize::try_from(first).unwrap());
        let name = format!("{}Aggregate", eyes.data.entity(entity).name);
        self.list(&found, |answer, group| {
            answer.object(&selected.below(), &name, |answer, selected| {
                answer.group(entity, (&asked.wanted, group), selected);
            });
        });
    }

    fn group(
        &mut self,
        entity: usize,
        (wanted, group): (&Wanted, &Shown),
        selected: &Selected<'a>,
    ) {
        match selected.name() {
            "count" => self.raw(&group.count.to_string()),
            "suppressed" => self.raw(&group.suppressed.to_string()),
            "key" => self.key((entity, entity), (wanted, group), &selected.below(), &[]),
            measure => {
                let known = self.eyes.data.entity(entity);
                let ty = measure_type(&known.name, measure);
                self.object(&selected.below(), &ty, |answer, selected| {
                    let field = known.field(selected.name()).unwrap();
                    let kind = kind(measure, answer.eyes.data.field(entity, field));
                    answer.raw(&json(group.measure(measure, field), &kind, false));
                });
            }
        }
    }

    fn key(
        &mut self,
        (root, entity): (usize, usize),
        (wanted, group): (&Wanted, &Shown),
        sets: &[&'a SelectionSet],
        path: &[String],
    ) {
        let eyes = self.eyes;
        let known = eyes.data.entity(entity);
        self.object(
            sets,
            &format!("{}GroupKey", known.name),
            |answer, selected| {
                let mut path = path.to_vec();
                path.push(selected.name().to_owned());
                let relation = known
                    .relations
                    .iter()
                    .find(|one| one.name == selected.name());
                if let Some(relation) = relation {
                    let there = (root, relation.target);
                    return answer.key(there, (wanted, group), &selected.below(), &path);
                }
                let mut keys = wanted.keys.iter();
                let place = keys.position(|key| key.name(eyes, root) == path).unwrap();
                let key = &wanted.keys[place];
                let field = known.field(selected.name()).unwrap();
                let shown = eyes.data.field(entity, field);
                let is_key = shown.references.is_some() || known.key == field;
                let value = match (&group.keys[place], &key.bucket, &shown.kind) {
                    (Value::Date(day), Some((_, zone)), Kind::DateTime) => beginning(*day, *zone),
                    (value, ..) => value.clone(),
                };
                answer.raw(&json(&value, &shown.kind, is_key));
            },
        );
    }
}
