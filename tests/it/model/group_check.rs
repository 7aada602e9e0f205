//! What of an aggregate is refused, and what it shows below FULL.

use async_graphql::parser::types::{Field, SelectionSet};
use sudare_entities::catalog::Kind;

use super::check::{Check, MAX_SIZE};
use super::group_answer::walk;
use super::group_keys::Key;
use super::input::Input;
use super::measures::{MEASURES, is_withheld, kind, measure_type};
use super::select::Selected;

/// The names of keys, each with the way to it.
type Names = Vec<Vec<String>>;

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
