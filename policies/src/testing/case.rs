//! One case: its expectations held against the policies.

use std::sync::Arc;

use serde_json::Value as Json;
use serde_saphyr::Spanned;

use super::Failure;
use super::coverage::Covered;
use super::file::{Case, Content, Wanted, place};
use super::given::{self, Note};
use super::mask::shown;
use crate::condition::KnownRow;
use crate::decision::{Action, Tier};
use crate::error::{Fault, Findings};
use crate::explain::{Asked, Explanation, Reveal, TIERS};
use crate::set::PolicySet;
use crate::value::ValueKind;
use crate::view::View;

/// What came out of one case.
#[derive(Debug, Default)]
pub(super) struct CaseResult {
    pub(super) checks: usize,
    pub(super) failures: Vec<Failure>,
    pub(super) covered: Covered,
}

/// Runs a case. What is wrong with the case itself goes to the findings.
pub(super) fn run(
    set: &Arc<PolicySet>,
    (content, case): (&Content, &Case),
    text: &str,
    findings: &mut Findings,
) -> CaseResult {
    let mut note = |at: serde_saphyr::Location, fault: Fault| findings.add(place(text, at), fault);
    let Some(given) = given::read(set, content, case, &mut note) else {
        return CaseResult::default();
    };
    let mut checking = Checking {
        case,
        view: given.view,
        entity: given.entity,
        row: given.row,
        result: CaseResult::default(),
    };
    checking.visibility(&mut note);
    for (name, wanted) in &case.fields {
        checking.field(name, wanted, &mut note);
    }
    for (name, allowed) in &case.may {
        checking.action(name, *allowed, &mut note);
    }
    for missed in checking.row.missed() {
        let column = missed.text(set.shape());
        let column = column.strip_prefix("row.").unwrap_or(&column);
        let fault = Fault::new(
            format!("a rule or a masker asks for `{column}`, of which the row says nothing"),
            format!("add `{column}: ..` to the row; `null` if it has none"),
        );
        note(case.name.referenced, fault);
    }
    checking.result
}

struct Checking<'a> {
    case: &'a Case,
    view: View,
    entity: usize,
    row: KnownRow,
    result: CaseResult,
}

impl Checking<'_> {
    fn explain(&self, field: Option<usize>, actions: &[Action]) -> Explanation {
        self.view.explain(Asked {
            entity: self.entity,
            field,
            actions,
            row: Some(&self.row),
            reveal: Reveal::Everything,
        })
    }

    fn check(&mut self, line: u64, what: String, (expected, got): (String, String), by: &[usize]) {
        self.result.checks += 1;
        self.result.covered.lines.extend(by);
        if expected != got {
            self.result.failures.push(Failure {
                file: String::new(),
                line: usize::try_from(line).unwrap_or(0),
                case: self.case.name.value.clone(),
                what,
                expected,
                got,
                decided_by: by.to_vec(),
            });
        }
    }

    fn visibility(&mut self, note: &mut Note<'_>) {
        let case = self.case;
        let (expected, line) = match &case.visible {
            Some(visible) => (visible.value, visible.referenced.line()),
            // what a row may be created with says nothing about seeing it
            None if case.fields.is_empty() && !case.may.is_empty() => return,
            None => (true, case.name.referenced.line()),
        };
        if !expected && !case.fields.is_empty() {
            let fault = Fault::new(
                "the case says that the row is hidden, and what is shown of it",
                "leave out `visible: false` or `fields`",
            );
            note(case.name.referenced, fault);
        }
        let explanation = self.explain(None, &[Action::Row]);
        let Some(verdict) = explanation.verdicts.first() else {
            return;
        };
        let word = |visible: bool| if visible { "visible" } else { "hidden" }.to_owned();
        let told = (word(expected), word(verdict.allowed == Some(true)));
        let what = format!("the row of {}", explanation.coordinate);
        self.check(line, what, told, &verdict.decided_by);
    }

    fn field(&mut self, name: &Spanned<String>, wanted: &Wanted, note: &mut Note<'_>) {
        let set = Arc::clone(self.view.policies());
        let coordinate = format!("{}.{}", self.case.entity.value, name.value);
        let field = match set.coordinate(&coordinate) {
            Ok((_, Some(field))) => field,
            Ok((_, None)) => return,
            Err(error) => return note(name.referenced, Fault::new(error.message, error.cure)),
        };
        let tiers = Tier::ALL.map(Tier::name);
        let Some(tier) = Tier::ALL
            .into_iter()
            .find(|tier| tier.name() == wanted.tier)
        else {
            let message = format!("unknown tier `{}`", wanted.tier);
            let cure = format!("the tiers are {}", tiers.join(", "));
            return note(
                name.referenced,
                Fault::unknown(message, &wanted.tier, tiers, &cure),
            );
        };
        self.result.covered.fields.insert((self.entity, field));
        let explanation = self.explain(Some(field), &TIERS);
        let outcome = explanation.tier;
        let got = outcome.as_ref().and_then(|outcome| outcome.tier);
        let by = outcome.map_or_else(Vec::new, |outcome| outcome.decided_by);
        let got = got.unwrap_or(Tier::None);
        let line = name.referenced.line();
        let told = (tier.name().to_owned(), got.name().to_owned());
        self.check(line, coordinate.clone(), told, &by);
        let Some(text) = wanted.shown.as_ref().filter(|_| tier == got) else {
            return;
        };
        let made = shown(&self.view, (self.entity, field), got, &self.row);
        let expected = match text {
            Json::String(text) => text.clone(),
            other => other.to_string(),
        };
        let is_decimal = set
            .shape()
            .field(self.entity, field)
            .is_some_and(|field| field.kind == ValueKind::Decimal);
        // 1.50 and 1.5 are one number
        let same = is_decimal && number(&expected).is_some() && number(&expected) == number(&made);
        let expected = if same { made.clone() } else { expected };
        self.check(line, format!("{coordinate}, shown"), (expected, made), &by);
    }

    fn action(&mut self, name: &Spanned<String>, allowed: bool, note: &mut Note<'_>) {
        let set = Arc::clone(self.view.policies());
        let (field, action) = match name.value.rsplit_once('.') {
            Some((field, action)) => (Some(field), action),
            None => (None, name.value.as_str()),
        };
        let action = match set.action(action) {
            Ok(action) => action,
            Err(error) => return note(name.referenced, Fault::new(error.message, error.cure)),
        };
        let coordinate = match field {
            Some(field) => format!("{}.{field}", self.case.entity.value),
            None => self.case.entity.value.clone(),
        };
        let field = match set.coordinate(&coordinate) {
            Ok((_, field)) => field,
            Err(error) => return note(name.referenced, Fault::new(error.message, error.cure)),
        };
        if let Some(field) = field {
            self.result.covered.fields.insert((self.entity, field));
        }
        let explanation = self.explain(field, &[action]);
        let Some(verdict) = explanation.verdicts.first() else {
            return;
        };
        let word = |allowed: bool| if allowed { "allowed" } else { "refused" }.to_owned();
        let told = (word(allowed), word(verdict.allowed == Some(true)));
        let what = format!("{} of {coordinate}", action.name());
        self.check(name.referenced.line(), what, told, &verdict.decided_by);
    }
}

fn number(text: &str) -> Option<rust_decimal::Decimal> {
    text.parse().ok()
}
