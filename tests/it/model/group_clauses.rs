//! Random aggregates: their arguments, and what is selected of a group.

use sudare_entities::catalog::{Cardinality, Field as Column, Kind};
use sudare_policies::value::Value;

use super::ask::{Arg, Field, Node};
use super::clauses::Clauses;
use super::generate::{Generator, leaf};
use super::group_keys::shouted;
use super::measures::{MEASURES, has, is_withheld, kind};

/// A key of a group: the way to it.
type Path = Vec<String>;

impl Generator<'_> {
    /// The aggregates of a list.
    pub(super) fn aggregate(&mut self, entity: usize, list: &str) -> Field {
        let name = self.eyes.data.entity(entity).name.clone();
        let mut args = Vec::new();
        let mut clauses = Clauses {
            eyes: self.eyes,
            seals: self.seals,
            dice: self.dice,
            wild: self.wild,
        };
        if clauses.dice.chance(35) {
            args.push(("filter", format!("{name}Filter"), clauses.filter(entity, 1)));
        }
        let (paths, keys) = clauses.group_by(entity);
        if !keys.is_empty() {
            args.push(("groupBy", format!("[{name}GroupBy!]"), Arg::List(keys)));
        }
        if clauses.dice.chance(30) {
            args.push(("having", format!("{name}Having"), clauses.having(entity, 0)));
        }
        if clauses.dice.chance(45) {
            let order = clauses.group_order(entity, &paths);
            args.push(("orderBy", format!("[{name}AggregateOrderBy!]"), order));
        }
        if clauses.dice.chance(20) {
            let first = clauses.dice.pick(&["0", "1", "2", "5"]);
            args.push(("first", "Int".to_owned(), Arg::Number(first.to_owned())));
        }
        let args = args.into_iter();
        let args = args.map(|(name, ty, value)| (name.to_owned(), self.maybe_passed(&ty, value)));
        let args = args.collect();
        let nodes = self.of_group(entity, &paths);
        let nodes = self.scatter(&format!("{name}Aggregate"), nodes);
        Field {
            name: format!("{list}Aggregate"),
            args,
            nodes: Some(nodes),
            ..Field::default()
        }
    }

    fn of_group(&mut self, entity: usize, paths: &[Path]) -> Vec<Node> {
        let mut nodes = Vec::new();
        let mut shown: Vec<&Path> = paths.iter().filter(|_| self.dice.chance(85)).collect();
        let stranger = vec!["id".to_owned()];
        if self.wild && self.dice.chance(10) {
            shown.push(&stranger);
        }
        if !shown.is_empty() {
            nodes.push(object(
                "key",
                shown.into_iter().map(|path| nested(path)).collect(),
            ));
        }
        if self.dice.chance(70) {
            nodes.push(leaf("count"));
        }
        if self.dice.chance(50) {
            nodes.push(leaf("suppressed"));
        }
        if self.dice.chance(10) {
            nodes.push(leaf("__typename"));
        }
        for measure in MEASURES {
            let count = self.dice.pick(&[0, 0, 1, 2]);
            let mut below = Vec::new();
            for _ in 0..count {
                let mut clauses = Clauses {
                    eyes: self.eyes,
                    seals: self.seals,
                    dice: self.dice,
                    wild: self.wild,
                };
                below.extend(clauses.measured(entity, measure));
            }
            if !below.is_empty() {
                let fields = self.eyes.data.entity(entity).fields.iter();
                let names = fields
                    .enumerate()
                    .filter(|(field, _)| below.contains(field));
                let names = names.map(|(_, field)| leaf(&field.name)).collect();
                nodes.push(object(measure, names));
            }
        }
        if nodes.is_empty() {
            nodes.push(leaf("count"));
        }
        nodes
    }
}

fn object(name: &str, nodes: Vec<Node>) -> Node {
    Node::Field(Field {
        name: name.to_owned(),
        nodes: Some(nodes),
        ..Field::default()
    })
}

fn nested(path: &[String]) -> Node {
    match path {
        [name] => leaf(name),
        [name, rest @ ..] => object(name, vec![nested(rest)]),
        [] => leaf("__typename"),
    }
}

impl Clauses<'_> {
    fn group_by(&mut self, entity: usize) -> (Vec<Path>, Vec<Arg>) {
        let (mut paths, mut keys) = (Vec::new(), Vec::new());
        for _ in 0..self.dice.pick(&[0, 1, 1, 1, 1, 2, 3]) {
            let Some((path, key)) = self.group_key(entity, 0) else {
                continue;
            };
            if !paths.contains(&path) || self.wild {
                paths.push(path);
                keys.push(key);
            }
        }
        (paths, keys)
    }

    fn group_key(&mut self, entity: usize, depth: usize) -> Option<(Path, Arg)> {
        if depth < 2
            && self.dice.chance(30)
            && let Some(relation) = self.relation(entity, Some(Cardinality::ToOne))
        {
            let (mut path, inner) = self.group_key(relation.target, depth + 1)?;
            path.insert(0, relation.name.clone());
            return Some((path, Arg::Object(vec![(relation.name, inner)])));
        }
        // few values make groups of many rows
        let few = |field: &Column| matches!(field.kind, Kind::Enum { .. } | Kind::Boolean);
        let field = match self.dice.chance(50) {
            true => self.field(entity, few),
            false => None,
        };
        let any = |field: &Column| field.kind != Kind::Json;
        let field = field.or_else(|| self.field(entity, any))?;
        let known = self.eyes.data.field(entity, field);
        let mut parts = vec![("field".to_owned(), Arg::Enum(shouted(&known.name)))];
        let is_moment = matches!(known.kind, Kind::Date | Kind::DateTime);
        if (is_moment && self.dice.chance(80)) || (self.wild && self.dice.chance(5)) {
            let bucket = self.dice.pick(&["DAY", "WEEK", "MONTH", "QUARTER", "YEAR"]);
            parts.push(("bucket".to_owned(), Arg::Enum(bucket.to_owned())));
        }
        if (known.kind == Kind::DateTime && parts.len() > 1 && self.dice.chance(60))
            || (self.wild && self.dice.chance(5))
        {
            let zones = [
                "UTC",
                "Europe/Kyiv",
                "America/New_York",
                "Asia/Shanghai",
                "Asia/Kathmandu",
            ];
            let zone = self.dice.pick(&zones);
            let zone = if self.wild && self.dice.chance(10) {
                "Mars/Olympus"
            } else {
                zone
            };
            parts.push(("timeZone".to_owned(), Arg::Text(zone.to_owned())));
        }
        Some((vec![known.name.clone()], Arg::Object(parts)))
    }

    /// A field that has the measure: mostly one that the principal may have it of.
    fn measured(&mut self, entity: usize, measure: &str) -> Option<usize> {
        let eyes = self.eyes;
        let fields = 0..eyes.data.entity(entity).fields.len();
        let fields = fields.filter(|field| has(measure, eyes, entity, *field));
        let all: Vec<usize> = fields.collect();
        let granted = matches!(measure, "sum" | "avg");
        let may = all.iter().copied().filter(|field| {
            eyes.usable(entity, *field) || (granted && eyes.is_offered_granted(entity, *field))
        });
        let may: Vec<usize> = may.collect();
        // what is granted and not seen is what matters, and seldom
        let withheld = may.iter().copied();
        let withheld = withheld.filter(|field| is_withheld(eyes, entity, *field, measure));
        let withheld: Vec<usize> = withheld.collect();
        if !withheld.is_empty() && self.dice.chance(60) {
            return Some(self.dice.pick(&withheld));
        }
        let fields = if self.wild && self.dice.chance(20) {
            all
        } else {
            may
        };
        (!fields.is_empty()).then(|| self.dice.pick(&fields))
    }

    fn having(&mut self, entity: usize, depth: usize) -> Arg {
        let mut parts: Vec<(String, Arg)> = Vec::new();
        for _ in 0..self.dice.pick(&[0, 1, 1, 2]) {
            let (name, value) = match self.dice.between(0, 99) {
                0..12 if depth < 2 => {
                    let name = self.dice.pick(&["and", "or"]);
                    let count = self.dice.between(0, 2);
                    let items = (0..count).map(|_| self.having(entity, depth + 1));
                    (name.to_owned(), Arg::List(items.collect()))
                }
                12..20 if depth < 2 => ("not".to_owned(), self.having(entity, depth + 1)),
                20..22 if self.wild => ("count".to_owned(), Arg::Null),
                20..50 => ("count".to_owned(), self.number_of()),
                _ => {
                    let measure = self.dice.pick(&MEASURES);
                    let Some(field) = self.measured(entity, measure) else {
                        continue;
                    };
                    let name = self.eyes.data.field(entity, field).name.clone();
                    let operators = self.of_measure(entity, field, measure);
                    (measure.to_owned(), Arg::Object(vec![(name, operators)]))
                }
            };
            if parts.iter().all(|(known, _)| *known != name) {
                parts.push((name, value));
            }
        }
        Arg::Object(parts)
    }

    fn number_of(&mut self) -> Arg {
        let operator = self.dice.pick(&["gt", "lte", "eq", "ne"]);
        let number = self.dice.pick(&["0", "1", "2", "3", "6"]);
        Arg::Object(vec![(operator.to_owned(), Arg::Number(number.to_owned()))])
    }

    fn of_measure(&mut self, entity: usize, field: usize, measure: &str) -> Arg {
        if self.dice.chance(15) {
            let truth = Arg::Boolean(self.dice.chance(50));
            return Arg::Object(vec![("isNull".to_owned(), truth)]);
        }
        match kind(measure, self.eyes.data.field(entity, field)) {
            Kind::Int if measure == "countDistinct" => self.number_of(),
            Kind::Decimal { .. } if matches!(measure, "sum" | "avg") => {
                let operator = self.dice.pick(&["gt", "lt", "gte"]);
                let values = (0..self.eyes.data.count(entity)).map(|row| {
                    match self.eyes.data.value(entity, row, field) {
                        Value::Decimal(value) => value.to_string(),
                        Value::Int(value) => value.to_string(),
                        _ => "10".to_owned(),
                    }
                });
                let values: Vec<String> = values.chain(["100".to_owned()]).collect();
                let value = Arg::Text(self.dice.pick(&values));
                Arg::Object(vec![(operator.to_owned(), value)])
            }
            _ => {
                let operator = self.dice.pick(&["gt", "lte", "eq"]);
                let value = self.operand(entity, field, operator);
                Arg::Object(vec![(operator.to_owned(), value)])
            }
        }
    }

    fn group_order(&mut self, entity: usize, paths: &[Path]) -> Arg {
        let mut keys: Vec<Arg> = Vec::new();
        for _ in 0..self.dice.pick(&[0, 1, 1, 2]) {
            let direction = self.dice.pick(&["ASC", "DESC"]);
            let direction = Arg::Enum(direction.to_owned());
            let key = match self.dice.between(0, 2) {
                0 => Arg::Object(vec![("count".to_owned(), direction)]),
                1 if !paths.is_empty() => {
                    let path = self.dice.pick(paths);
                    let inner = path.iter().rev().fold(direction, |inner, name| {
                        Arg::Object(vec![(name.clone(), inner)])
                    });
                    Arg::Object(vec![("key".to_owned(), inner)])
                }
                _ => {
                    let measure = self.dice.pick(&MEASURES);
                    let Some(field) = self.measured(entity, measure) else {
                        continue;
                    };
                    let name = self.eyes.data.field(entity, field).name.clone();
                    let inner = Arg::Object(vec![(name, direction)]);
                    Arg::Object(vec![(measure.to_owned(), inner)])
                }
            };
            let same = |known: &Arg| way(known) == way(&key);
            if self.wild || !keys.iter().any(same) {
                keys.push(key);
            }
        }
        Arg::List(keys)
    }
}

/// The names of objects in one another.
fn way(arg: &Arg) -> Vec<&str> {
    match arg {
        Arg::Object(fields) => {
            let (name, inner) = &fields[0];
            [vec![name.as_str()], way(inner)].concat()
        }
        _ => Vec::new(),
    }
}
