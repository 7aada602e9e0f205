//! One principal before one gateway: asks, compares, and makes what differs small.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};
use sudare::gateway::{Gateway, GraphqlRequest};
use sudare_policies::Principal;
use tokio::runtime::Runtime;

use super::ask::Ask;
use super::check::Refusals;
use super::eyes::Eyes;
use super::interpreter::{Outcome, interpret};
use super::run::number;
use super::seals::Seals;

/// A principal, what it sees, and the sealed texts that it has met.
pub(super) struct Session<'s> {
    pub(super) runtime: &'s Runtime,
    pub(super) gateway: &'s Gateway,
    pub(super) principal: &'s Principal,
    /// `None` if its roles do not go together.
    pub(super) eyes: Option<&'s Eyes<'s>>,
    pub(super) seals: Seals,
}

/// Two answers that should be one.
pub(super) struct Difference {
    pub(super) gateway: String,
    pub(super) model: String,
}

/// How many smaller queries are tried for one that differs, if `SUDARE_MODEL_TRIES` does not say so.
const TRIES: usize = 3_000;

impl Session<'_> {
    /// The gateway's answer, if the interpreter gives the same.
    pub(super) fn ask(
        &mut self,
        query: &str,
        given: &Map<String, Json>,
    ) -> Result<String, Difference> {
        let request = GraphqlRequest {
            query: query.to_owned(),
            variables: given.clone(),
            ..GraphqlRequest::default()
        };
        let answer = self.gateway.execute(request, self.principal.clone().into());
        let answer = self.runtime.block_on(answer);
        let text = String::from_utf8(answer.body.to_vec()).unwrap();
        let (agree, model) = match interpret(self.eyes, &self.seals, query, given) {
            Outcome::Refused(expected) => (
                answer.refused.is_some() && refusals(&text) == expected,
                format!("refused: {expected:?}"),
            ),
            Outcome::Answered(expected) => (
                answer.refused.is_none() && self.seals.agree(&expected, &text),
                expected.text,
            ),
        };
        if agree {
            return Ok(text);
        }
        let gateway = text;
        Err(Difference { gateway, model })
    }

    /// The smallest query that can be had by leaving things out and still differs in the same way.
    pub(super) fn smallest(&mut self, mut ask: Ask) -> (Ask, Difference) {
        let before = self.seals.clone();
        let mut differs = |ask: &Ask| {
            self.seals = before.clone();
            self.ask(&ask.document(), &ask.given()).err()
        };
        let mut difference = differs(&ask).expect("the query differs");
        let mut left = number("SUDARE_MODEL_TRIES").unwrap_or(TRIES);
        'smaller: loop {
            for smaller in ask.smaller() {
                if left == 0 {
                    return (ask, difference);
                }
                left -= 1;
                match differs(&smaller) {
                    Some(other) if other.kind() == difference.kind() => {
                        (ask, difference) = (smaller, other);
                        continue 'smaller;
                    }
                    _ => {}
                }
            }
            return (ask, difference);
        }
    }
}

impl Difference {
    /// What it is about: other kinds are other differences.
    fn kind(&self) -> (BTreeSet<String>, bool) {
        let codes = refusals(&self.gateway).into_iter().map(|(code, _)| code);
        (codes.collect(), self.model.starts_with("refused"))
    }
}

pub(super) fn refusals(body: &str) -> Refusals {
    // what is no JSON is a difference by itself, and told as that
    let body: Json = serde_json::from_str(body).unwrap_or_default();
    let errors = body["errors"].as_array().into_iter().flatten();
    let text = |value: &Json| value.as_str().map(str::to_owned);
    errors
        .map(|error| {
            let extensions = &error["extensions"];
            (
                text(&extensions["code"]).unwrap(),
                text(&extensions["coordinate"]),
            )
        })
        .collect()
}
