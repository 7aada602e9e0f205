//! `aggregate = { round = 1000 }`: to what sums and means are rounded that somebody has by a grant.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use rust_decimal::Decimal;
use serde::Deserialize as _;
use serde::de::IntoDeserializer as _;
use toml::Spanned;
use toml::de::DeValue;

use super::Masking;
use super::assign::{Policies, find};
use super::file::{Entry, Reading};
use crate::classes::within;
use crate::decision::Action;
use crate::error::{Fault, Findings};
use crate::maskers;
use crate::place::Place;
use crate::rules::{Effect, Rule};
use crate::shape::Shape;

/// What is far from any amount: exact numbers have to spare beyond it, however much is added up.
const MOST: i64 = 1_000_000_000_000_000;
const MOST_DIGITS: u32 = 6;

/// A step to whose multiples is rounded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rounding {
    pub(crate) line: Place,
    pub(crate) step: Decimal,
}

/// To what is rounded, and where it is said in vain.
#[derive(Debug, Default)]
pub(crate) struct Roundings {
    /// By entity and field.
    steps: HashMap<(usize, usize), Decimal>,
    /// Those of the file that no rule leads to.
    pub(crate) idle: Vec<Place>,
}

impl Roundings {
    /// The step to whose multiples granted sums and means of a field are rounded.
    pub(crate) fn of(&self, entity: usize, field: usize) -> Option<Decimal> {
        self.steps.get(&(entity, field)).copied()
    }
}

impl Reading<'_> {
    /// What `aggregate` of an entry says.
    pub(super) fn rounding(
        &mut self,
        at: Range<usize>,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<Rounding> {
        let cure = "write `aggregate = { round = 1000 }`";
        let Some(table) = value.get_ref().as_table() else {
            let fault = Fault::new("`aggregate` is a table", cure);
            self.add(value.span(), fault);
            return None;
        };
        if table.is_empty() {
            self.add(at, Fault::new("`aggregate` says nothing", cure));
        }
        let mut rounding = None;
        for (key, given) in table {
            match key.get_ref().as_ref() {
                "round" => rounding = self.step(given),
                other => {
                    let message = format!("unknown key `{other}` of `aggregate`");
                    let fault = Fault::unknown(message, other, ["round"], cure);
                    self.add(key.span(), fault);
                }
            }
        }
        rounding
    }

    fn step(&mut self, given: &Spanned<DeValue<'_>>) -> Option<Rounding> {
        let value = toml::Value::deserialize(given.clone().into_deserializer()).ok();
        let step = value.as_ref().and_then(maskers::decimal);
        let step = step.map(|step| step.normalize()).filter(|step| {
            *step > Decimal::ZERO && *step <= Decimal::from(MOST) && step.scale() <= MOST_DIGITS
        });
        let line = self.line(given.span());
        if step.is_none() {
            let cure = "write a number above 0 and up to 10^15, with at most six digits behind the point: `1000`, `0.5` or `\"0.05\"`";
            let fault = Fault::new("`round` is no step to round to", cure);
            self.add(given.span(), fault);
        }
        step.map(|step| Rounding { line, step })
    }
}

/// Finds what each field is rounded to, with every error.
pub(super) fn assign(
    masking: &Masking,
    policies: Policies<'_>,
    findings: &mut Findings,
) -> Roundings {
    check(masking, policies, findings);
    let shape = policies.shape;
    let mut roundings = Roundings::default();
    let mut used = Vec::new();
    for field in shape.fields().filter(|field| is_amount(shape, *field)) {
        let Some(rounding) = find(masking, policies, field, |entry| entry.aggregate.as_ref())
        else {
            continue;
        };
        roundings.steps.insert(field, rounding.step);
        if policies.rules.iter().any(|rule| grants(rule, field)) {
            used.push(rounding.line);
        }
    }
    let all = masking
        .entries()
        .filter_map(|entry| entry.aggregate.as_ref());
    let idle = all.map(|rounding| rounding.line);
    roundings.idle = idle.filter(|line| !used.contains(line)).collect();
    roundings
}

fn grants(rule: &Rule, field: (usize, usize)) -> bool {
    let is_grant = rule.effect == Effect::Allow && rule.action == Action::Aggregate;
    is_grant && rule.fields.contains(&field)
}

/// Whether values of the field may be added up: they are numbers, and no names.
pub(crate) fn is_amount(shape: &Shape, (entity, field): (usize, usize)) -> bool {
    use crate::value::ValueKind::{Decimal, Int};
    let known = shape.field(entity, field);
    known.is_some_and(|known| matches!(known.kind, Int | Decimal)) && !shape.is_key(entity, field)
}

/// What is not added up is not rounded either: a field must be an amount, and a class have one.
fn check(masking: &Masking, policies: Policies<'_>, findings: &mut Findings) {
    let shape = policies.shape;
    let rounded = |entries: &'_ BTreeMap<String, Entry>| -> Vec<(String, Place)> {
        let entries = entries.iter();
        let rounded = entries
            .filter_map(|(name, entry)| Some((name.clone(), entry.aggregate.as_ref()?.line)));
        rounded.collect()
    };
    let cure = "only sums and means of whole numbers and decimals are rounded: remove `aggregate`";
    for (coordinate, line) in rounded(&masking.fields) {
        let field = shape.find_field(&coordinate);
        if field.is_some_and(|field| !is_amount(shape, field)) {
            let message = format!("`{coordinate}` is never added up");
            findings.add(line, Fault::new(message, cure));
        }
    }
    for (prefix, line) in rounded(&masking.classes) {
        let within = |(entity, field)| within(policies.classes.of(entity, field), &prefix);
        let mut fields = shape.fields().filter(|field| within(*field)).peekable();
        if fields.peek().is_some() && !fields.any(|field| is_amount(shape, field)) {
            let message = format!("no field of the class `{prefix}` is ever added up");
            findings.add(line, Fault::new(message, cure));
        }
    }
}
