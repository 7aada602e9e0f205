//! `groupBy`: what the rows of a group have in common.

use chrono_tz::Tz;
use sea_orm::sea_query::{Expr, SubQueryStatement};
use sudare_entities::catalog::{Entity, Field, Kind};
use sudare_policies::value::Value;

use super::{Aggregate, grouped};
use crate::answer::{ErrorCode, RequestError};
use crate::graphql::aggregates::{Bucket, group_field};
use crate::graphql::coerce::Input;
use crate::plan::order::hidden;
use crate::plan::planner::Planner;
use crate::plan::sql::{Scope, Sight};
use crate::shape::to_one;

/// Keys at the most.
const MAX_KEYS: usize = 8;

/// Relations that one key may walk, one after another.
const MAX_RELATIONS: usize = 6;

/// One key that rows are grouped by.
pub(super) struct GroupKey {
    /// To-one relations, and the field at the end.
    pub(super) path: Vec<String>,
    pub(super) field: Field,
    /// Whether the field is the key of its entity.
    pub(super) is_key: bool,
    pub(super) bucket: Option<(Bucket, Tz)>,
    /// The place of its value of a row.
    pub(super) value: usize,
}

impl GroupKey {
    /// The column of the groups that has this key, if it is the one of this number.
    pub(super) fn column(number: usize) -> Expr {
        grouped(format!("k{number}"))
    }

    /// What groups hold of it: of a bucket, the day on which it begins.
    pub(super) fn kind(&self) -> Kind {
        match self.bucket {
            Some(_) => Kind::Date,
            None => self.field.kind.clone(),
        }
    }
}

impl Planner<'_> {
    /// Reads the keys; what is refused is noted.
    pub(super) fn group_keys(
        &mut self,
        aggregate: &mut Aggregate<'_>,
        input: Option<&Input>,
        place: &str,
    ) {
        let Some(Input::List(items)) = input else {
            return;
        };
        if items.len() > MAX_KEYS {
            let message = format!("`{place}` has too many keys: the limit is {MAX_KEYS}");
            self.errors
                .push(RequestError::new(ErrorCode::CostLimit, message));
            return;
        }
        for item in items {
            let scope = aggregate.scope.clone();
            let mut path = Vec::new();
            let Some((value, mut key)) = self.group_key(&scope, item, &mut path, place) else {
                aggregate.lacks_keys = true;
                continue;
            };
            key.value = aggregate.value(value);
            if aggregate.keys.iter().any(|known| known.path == key.path) {
                let name = key.path.join(".");
                let message = format!("`{place}` names `{name}` twice: leave one out");
                self.errors
                    .push(RequestError::new(ErrorCode::BadUserInput, message));
                continue;
            }
            aggregate.keys.push(key);
        }
    }

    /// The number of the key of this name; one by which rows are not grouped is refused.
    pub(super) fn key_number(
        &mut self,
        aggregate: &Aggregate<'_>,
        path: &[String],
        asked: &str,
    ) -> Option<usize> {
        let known = aggregate.keys.iter().position(|key| key.path == path);
        if known.is_none() && !aggregate.lacks_keys {
            let name = path.join(".");
            self.bad(format!(
                "{asked} `key.{name}`, by which `groupBy` does not group: add it there, or leave it out here"
            ));
        }
        known
    }

    fn group_key(
        &mut self,
        scope: &Scope,
        item: &Input,
        path: &mut Vec<String>,
        place: &str,
    ) -> Option<(Expr, GroupKey)> {
        let entity = self.entity(scope.entity)?;
        let Input::Object(pairs) = item else {
            return None;
        };
        let given: Vec<&(String, Input)> = pairs
            .iter()
            .filter(|(_, value)| *value != Input::Null)
            .collect();
        let is_option = |name: &str| matches!(name, "bucket" | "timeZone");
        let mut named = given.iter().filter(|(name, _)| !is_option(name));
        let (Some((name, value)), None) = (named.next(), named.next()) else {
            self.bad(format!(
                "each of `{place}` names one field or one relation: a key an entry"
            ));
            return None;
        };
        if name == "field" {
            return self.field_of_group(scope, given.as_slice(), path, place);
        }
        if let Some((option, _)) = given.iter().find(|(name, _)| is_option(name)) {
            self.bad(format!(
                "`{place}.{option}` stands beside the `field` that it is for, not beside `{name}`"
            ));
        }
        if path.len() >= MAX_RELATIONS {
            let message =
                format!("`{place}` walks too many relations: the limit is {MAX_RELATIONS}");
            self.errors
                .push(RequestError::new(ErrorCode::CostLimit, message));
            return None;
        }
        let relation = to_one(entity).find(|relation| relation.name == *name)?;
        path.push(name.clone());
        let (there, mut rows) = self.sql.related_rows(scope, relation);
        let (expr, key) = self.group_key(&there, value, path, place)?;
        rows.expr(expr);
        Some((Expr::from(SubQueryStatement::SelectStatement(rows)), key))
    }

    fn field_of_group(
        &mut self,
        scope: &Scope,
        given: &[&(String, Input)],
        path: &mut Vec<String>,
        place: &str,
    ) -> Option<(Expr, GroupKey)> {
        let entity = self.entity(scope.entity)?;
        let option = |wanted: &str| {
            let mut pairs = given.iter();
            pairs.find_map(|(name, value)| (name == wanted).then_some(value))
        };
        let Some(Input::Enum(name)) = option("field") else {
            return None;
        };
        let mut fields = entity.fields.iter();
        let position = fields.position(|field| group_field(field) == *name)?;
        let field = entity.fields.get(position)?;
        path.push(field.name.clone());
        let decision = self.sql.view.decision(scope.entity, position);
        self.disclose(&format!("{}.{}", entity.name, field.name), decision);
        let bucket = self.bucket(field, (option("bucket"), option("timeZone")), place);
        let expr = match self.sql.sight(scope, position) {
            Sight::Whole(expr) | Sight::Guarded(expr) => expr,
            Sight::Hidden => {
                let code = ErrorCode::FieldNotGroupable;
                let error = hidden(code, entity, &field.name, place, "group by");
                self.errors.push(error);
                return None;
            }
        };
        let expr = match bucket {
            Some((bucket, zone)) => self.sql.dialect.bucket(expr, &field.kind, bucket, zone),
            None => expr,
        };
        let key = GroupKey {
            path: std::mem::take(path),
            field: field.clone(),
            is_key: is_name(entity, position),
            bucket,
            value: 0,
        };
        Some((expr, key))
    }

    /// In what the moments of a field are gathered, and where.
    fn bucket(
        &mut self,
        field: &Field,
        (bucket, zone): (Option<&Input>, Option<&Input>),
        place: &str,
    ) -> Option<(Bucket, Tz)> {
        let zone_name = zone.cloned().and_then(|zone| self.known(zone));
        let bucket = match bucket {
            Some(Input::Enum(name)) => Bucket::from_name(name),
            _ => None,
        };
        let name = &field.name;
        let wrong = match (&field.kind, bucket, &zone_name) {
            (Kind::Date | Kind::DateTime, None, Some(_)) => {
                Some(format!("`{place}.timeZone` goes with a `bucket`"))
            }
            (Kind::Date, Some(_), Some(_)) => Some(format!(
                "`{place}.timeZone` is for instants, and `{name}` holds days: leave it out"
            )),
            (Kind::Date | Kind::DateTime, ..) | (_, None, None) => None,
            _ => Some(format!(
                "`{place}.bucket` is for days and instants, and `{name}` holds neither: leave it out"
            )),
        };
        if let Some(message) = wrong {
            self.bad(message);
            return None;
        }
        let zone = match zone_name {
            Some(Value::Text(name)) => match name.parse() {
                Ok(zone) => zone,
                Err(_) => {
                    self.bad(format!(
                        "`{place}.timeZone` is no time zone of the IANA database: write one such as `Europe/Kyiv` or `UTC`"
                    ));
                    return None;
                }
            },
            _ => Tz::UTC,
        };
        Some((bucket?, zone))
    }

    fn bad(&mut self, message: String) {
        self.errors
            .push(RequestError::new(ErrorCode::BadUserInput, message));
    }
}

/// Whether the values of the field are keys.
pub(super) fn is_name(entity: &Entity, position: usize) -> bool {
    let references = |field: &Field| field.references.is_some();
    position == entity.key || entity.fields.get(position).is_some_and(references)
}
