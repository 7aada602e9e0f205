//! The groups of a list, asked for and written.

use async_graphql::parser::types::{Field, SelectionSet};
use sudare_policies::value::Value;

use super::answer::Answer;
use super::cell::json;
use super::check::{Check, MAX_SIZE};
use super::eyes::Eyes;
use super::filter::fits;
use super::groups::{By, Key, Shown, Wanted, beginning, groups, is_withheld, kind, sort};
use super::input::{Input, Variables, argument};
use super::select::{Document, Selected};
use sudare_entities::catalog::Kind;

/// The names of keys, each with the way to it.
type Names = Vec<Vec<String>>;

pub(super) const MEASURES: [&str; 5] = ["countDistinct", "sum", "avg", "min", "max"];

/// The arguments of an aggregate.
pub(super) struct Asked {
    pub(super) wanted: Wanted,
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
fn walk(mut item: &Input) -> (Vec<String>, bool) {
    let mut path = Vec::new();
    while let [(name, inner)] = item.fields() {
        path.push(name.clone());
        item = inner;
    }
    (path, item.text() == Some("DESC"))
}

fn measure_type(entity: &str, measure: &str) -> String {
    let word = match measure {
        "countDistinct" => "Distinct",
        "sum" | "avg" => "Number",
        _ => "Value",
    };
    format!("{entity}{word}Measure")
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

impl<'a> Check<'a> {
    /// What of an aggregate is refused, and what it shows below FULL.
    pub(super) fn aggregate(&mut self, entity: usize, selected: &Selected<'a>) {
        let field = selected.field();
        if let Some(filter) = self.clause(entity, field, "filter") {
            self.filter(entity, &filter);
        }
        let keys = self.group_by(entity, field);
        if let Some(having) = self.clause(entity, field, "having") {
            self.having(entity, &having);
        }
        let mut orders = Vec::new();
        if let Some(order) = self.clause(entity, field, "orderBy") {
            for item in order.items() {
                let (path, _) = walk(item);
                match path[0].as_str() {
                    "count" => {}
                    "key" => self.keyed(keys.as_ref(), &path[1..]),
                    measure if self.measure(entity, measure, &path[1]) => continue,
                    _ => {}
                }
                if orders.contains(&path) {
                    self.refuse("BAD_USER_INPUT");
                }
                orders.push(path);
            }
        }
        if let Some(first) = self.argument(field, "first") {
            match first.whole_number().unwrap() {
                ..0 => self.refuse("BAD_USER_INPUT"),
                size if size > MAX_SIZE => self.refuse("COST_LIMIT"),
                _ => {}
            }
        }
        let name = &self.eyes.data.entity(entity).name;
        for inner in self
            .document
            .fields(&selected.below(), &format!("{name}Aggregate"))
        {
            match inner.name() {
                "key" => self.key(entity, keys.as_ref(), &inner.below(), &[]),
                measure if MEASURES.contains(&measure) => {
                    let ty = measure_type(name, measure);
                    for field in self.document.fields(&inner.below(), &ty) {
                        if field.name() != "__typename" {
                            self.measure(entity, measure, field.name());
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// The names of the keys; `None` if one of them has been refused.
    fn group_by(&mut self, entity: usize, field: &Field) -> Option<Names> {
        let items = self.clause(entity, field, "groupBy");
        let mut names = Names::new();
        let mut lacks = false;
        for item in items.iter().flat_map(Input::items) {
            let Some(key) = Key::read(item) else {
                self.refuse("BAD_USER_INPUT");
                lacks = true;
                continue;
            };
            let (end, position) = key.end(self.eyes, entity);
            self.bucket(item, &self.eyes.data.field(end, position).kind);
            self.disclose(end, position);
            if !self.eyes.usable(end, position) {
                self.refuse_field("FIELD_NOT_GROUPABLE", end, position);
                lacks = true;
                continue;
            }
            let name = key.name(self.eyes, entity);
            if names.contains(&name) {
                self.refuse("BAD_USER_INPUT");
            } else {
                names.push(name);
            }
        }
        (!lacks).then_some(names)
    }

    fn bucket(&mut self, item: &Input, kind: &Kind) {
        let mut item = item;
        loop {
            let given = |name: &str| {
                let found = item.fields().iter().find(|(known, _)| known == name);
                found.filter(|(_, value)| *value != Input::Null)
            };
            if given("field").is_some() {
                let zone = given("timeZone").map(|(_, zone)| zone.text().unwrap().to_owned());
                let wrong = match (kind, given("bucket").is_some(), &zone) {
                    (Kind::Date, true, Some(_)) | (Kind::Date | Kind::DateTime, false, Some(_)) => {
                        true
                    }
                    (Kind::Date | Kind::DateTime, ..) => false,
                    (_, bucket, zone) => bucket || zone.is_some(),
                };
                let unknown = zone.is_some_and(|zone| zone.parse::<chrono_tz::Tz>().is_err());
                if wrong || unknown {
                    self.refuse("BAD_USER_INPUT");
                }
                return;
            }
            match item
                .fields()
                .iter()
                .find(|(_, value)| !value.fields().is_empty())
            {
                Some((_, below)) => item = below,
                None => return,
            }
        }
    }

    fn having(&mut self, entity: usize, having: &Input) {
        for (name, value) in having.fields() {
            match (name.as_str(), value) {
                (_, Input::Null) => self.refuse("BAD_USER_INPUT"),
                ("and" | "or" | "not", inner) => {
                    for inner in inner.items() {
                        self.having(entity, inner);
                    }
                }
                ("count", operators) => self.typed((&Kind::Int, false), operators),
                (measure, fields) => {
                    for (field, operators) in fields.fields() {
                        if *operators == Input::Null {
                            self.refuse("BAD_USER_INPUT");
                        } else if !self.measure(entity, measure, field) {
                            let field = self.eyes.data.entity(entity).field(field).unwrap();
                            let kind = kind(measure, self.eyes.data.field(entity, field));
                            self.typed((&kind, false), operators);
                        }
                    }
                }
            }
        }
    }

    /// Whether the measure is refused.
    fn measure(&mut self, entity: usize, measure: &str, field: &str) -> bool {
        let position = self.eyes.data.entity(entity).field(field).unwrap();
        self.disclose(entity, position);
        let eyes = self.eyes;
        let refused = if is_withheld(eyes, entity, position, measure) {
            eyes.set.subject(&eyes.audience, entity).is_none()
        } else {
            !eyes.usable(entity, position)
        };
        if refused {
            self.refuse_field("FIELD_NOT_AGGREGATABLE", entity, position);
        }
        refused
    }

    fn key(
        &mut self,
        entity: usize,
        keys: Option<&Names>,
        sets: &[&'a SelectionSet],
        path: &[String],
    ) {
        let known = self.eyes.data.entity(entity);
        for selected in self
            .document
            .fields(sets, &format!("{}GroupKey", known.name))
        {
            let mut path = path.to_vec();
            path.push(selected.name().to_owned());
            let mut relations = known.relations.iter();
            match relations.find(|one| one.name == selected.name()) {
                Some(relation) => self.key(relation.target, keys, &selected.below(), &path),
                None if selected.name() == "__typename" => {}
                None => self.keyed(keys, &path),
            }
        }
    }

    fn keyed(&mut self, keys: Option<&Names>, path: &[String]) {
        if keys.is_some_and(|keys| !keys.iter().any(|key| key == path)) {
            self.refuse("BAD_USER_INPUT");
        }
    }

    fn disclose(&mut self, entity: usize, field: usize) {
        let tier = self.eyes.overall(entity, field);
        if tier != "FULL" {
            let known = self.eyes.data.entity(entity);
            let coordinate = format!("{}.{}", known.name, known.fields[field].name);
            self.disclosure.insert(coordinate, tier);
        }
    }
}
