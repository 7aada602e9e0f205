//! The naive interpreter: loads everything, applies the view in memory, filters, sorts, pages, and writes the whole answer.
//!
//! It is the specification of what a query means. It shares nothing with `plan`, `execute` and `mask` but the parser of GraphQL,
//! the policies and the maskers.

use async_graphql::parser::parse_query;
use async_graphql::parser::types::DocumentOperations;
use serde_json::{Map, Value as Json};

use super::answer::Answer;
use super::check::{Check, Refusals};
use super::eyes::Eyes;
use super::input::variables;
use super::names::Names;
use super::seals::{Expected, Seals};
use super::select::Document;

/// What a query comes to.
pub(super) enum Outcome {
    Answered(Expected),
    Refused(Refusals),
}

/// Interprets a query; `None` for eyes stands for a principal whose roles do not go together.
pub(super) fn interpret(
    eyes: Option<&Eyes<'_>>,
    seals: &Seals,
    query: &str,
    given: &Map<String, Json>,
) -> Outcome {
    let refuse = |code: &str| Outcome::Refused(Refusals::from([(code.to_owned(), None)]));
    let Some(eyes) = eyes else {
        return refuse("FORBIDDEN");
    };
    let parsed = parse_query(query).unwrap();
    let DocumentOperations::Single(operation) = &parsed.operations else {
        panic!("the document has one operation");
    };
    let operation = &operation.node;
    let variables = variables(operation, given);
    let document = Document {
        parsed: &parsed,
        variables: &variables,
    };
    let names = Names { eyes };
    if names.unknown(document, operation) {
        return refuse("GRAPHQL_VALIDATION_FAILED");
    }
    if names.unknown_given(operation, &variables) {
        return refuse("BAD_USER_INPUT");
    }
    let sets = [&operation.selection_set.node];
    let mut check = Check {
        eyes,
        seals,
        document,
        refusals: Refusals::new(),
        disclosure: std::collections::BTreeMap::new(),
    };
    check.query(&sets);
    if !check.refusals.is_empty() {
        return Outcome::Refused(check.refusals);
    }
    let disclosure = serde_json::to_string(&check.disclosure).unwrap();
    let mut answer = Answer {
        eyes,
        seals,
        document,
        out: Expected::default(),
    };
    answer.out.text.push_str("{\"data\":");
    answer.query(&sets);
    let end = format!(",\"extensions\":{{\"disclosure\":{disclosure}}}}}");
    answer.out.text.push_str(&end);
    Outcome::Answered(answer.out)
}
