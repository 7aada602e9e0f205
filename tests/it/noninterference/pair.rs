//! Two databases and one principal, who asks both the same.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::{Value as Json, json};
use sudare_policies::Principal;
use tokio::runtime::Runtime;

use super::alike::Seals;
use super::change::write;
use super::keys::Keys;
use super::operations::{Asker, Operation, first_look, marks, whole_view};
use super::settle::{First, Second};
use super::side::{Got, Side};
use crate::harness::token;
use crate::model::ask::Ask;
use crate::model::dice::Dice;
use crate::model::run::number;

/// Requests of a pair.
const EACH: usize = 8;

/// How many smaller requests are tried for one that differs, if `SUDARE_NONINTERFERENCE_TRIES` does not say so.
const TRIES: usize = 400;

/// Two databases, alike at first.
pub(super) struct Couple {
    pub(super) first: Side,
    pub(super) second: Side,
}

/// What came of a pair.
#[derive(Clone, Copy, Default)]
pub(super) struct Told {
    pub(super) pairs: usize,
    pub(super) differing: usize,
    pub(super) writing: usize,
    pub(super) ideal: usize,
    pub(super) moved: usize,
    pub(super) changes: usize,
    pub(super) answered: usize,
    pub(super) refused: usize,
    pub(super) written: usize,
    pub(super) looked: usize,
}

/// A principal before a pair.
pub(super) struct Pair<'p> {
    pub(super) runtime: &'p Runtime,
    pub(super) couple: &'p Couple,
    pub(super) first: &'p First<'p>,
    pub(super) second: &'p Second,
    pub(super) writes: bool,
    /// Its token, and that of somebody else.
    pub(super) tokens: [String; 2],
    /// The seals of two keys, if the gateways have two.
    pub(super) seals: Option<Seals>,
    pub(super) told: Told,
    /// What has been asked.
    pub(super) log: Vec<String>,
}

/// A token for a principal.
pub(super) fn token_of(principal: &Principal) -> String {
    let mut claims = principal.attributes.clone();
    claims.insert("sub".to_owned(), json!(principal.id));
    claims.insert("roles".to_owned(), json!(principal.roles));
    token(Json::Object(claims))
}

impl Pair<'_> {
    /// Makes the second database what it should be, asks, and puts both back.
    pub(super) fn play(&mut self, dice: &mut Dice) -> Result<Told, String> {
        let data = [self.first.eyes.data, &self.second.data];
        let (changes, keys) = (&self.second.changes, &self.second.keys);
        let second = &self.couple.second;
        let mut dirty = write(
            (&second.raw, &second.blind),
            (data[0], data[1]),
            changes,
            keys,
        );
        let entities = data[0].catalog.entities.len();
        for entity in 0..entities {
            if keys.distance(entity) != 0 {
                second.go_on_after(entity, keys.distance(entity));
            }
        }
        let gateway = usize::from(self.seals.is_some());
        if let Some(set) = &self.second.set {
            second.govern(gateway, set);
        } else if gateway == 1 {
            second.govern(gateway, &self.first.rulebook.set);
        }
        let done = self.converse(dice);
        let same = Keys::same(entities);
        if self.writes {
            // what was refused may have taken keys all the same
            dirty = (0..entities).collect();
            self.couple.first.restore(&dirty, &same);
        }
        self.couple.second.restore(&dirty, &same);
        done.map(|()| self.told)
    }

    fn converse(&mut self, dice: &mut Dice) -> Result<(), String> {
        let eyes = self.first.eyes;
        let got = self.ask(&first_look(eyes))?;
        let mut asker = Asker {
            eyes,
            view: &self.first.view,
            blind: &self.couple.first.blind,
            second: self.second,
            writes: self.writes,
            seals: marks(eyes, &text(&got)),
            cursors: Vec::new(),
            last: None,
        };
        for _ in 0..EACH {
            let operation = asker.next(dice);
            if !operation.writes && dice.chance(15) {
                // whatever is kept of the answer to somebody else, it is not for this one
                self.somebody_asks(&operation);
            }
            let got = match self.ask(&operation) {
                Ok(got) => got,
                Err(difference) => return Err(self.smallest(&operation, difference)),
            };
            asker.hear(&text(&got));
            let answered = got.status == StatusCode::OK && got.body.starts_with(b"{\"data\"");
            match answered {
                true => self.told.answered += 1,
                false => self.told.refused += 1,
            }
            self.told.written += usize::from(answered && operation.writes);
            self.told.looked += usize::from(answered && operation.looks);
        }
        if self.told.written > 0 || dice.chance(10) {
            self.ask(&whole_view(eyes))?;
        }
        Ok(())
    }

    /// The answer, if both databases give it.
    fn ask(&mut self, operation: &Operation) -> Result<Got, String> {
        let sent = &operation.sent;
        self.log
            .push(format!("{} {} {}", sent.method, sent.uri, sent.body));
        let (first, second) = (&self.couple.first, &self.couple.second);
        let token = &self.tokens[0];
        let got = self.runtime.block_on(first.ask(0, token, sent));
        let difference = match &mut self.seals {
            None => {
                let other = self.runtime.block_on(second.ask(0, token, sent));
                (got != other).then_some(("the answers differ", other))
            }
            Some(seals) => {
                let sent = seals.translated(sent);
                let other = self.runtime.block_on(second.ask(1, token, &sent));
                let alike = seals.compare(&got, &other);
                alike.err().map(|why| (why, other))
            }
        };
        match difference {
            None => Ok(got),
            Some((why, other)) => Err(told(why, &got, &other)),
        }
    }

    fn somebody_asks(&self, operation: &Operation) {
        let (first, second) = (&self.couple.first, &self.couple.second);
        let token = &self.tokens[1];
        let sent = &operation.sent;
        self.runtime.block_on(first.ask(0, token, sent));
        let (gateway, sent) = match &self.seals {
            None => (0, sent.clone()),
            Some(seals) => (1, seals.translated(sent)),
        };
        self.runtime.block_on(second.ask(gateway, token, &sent));
    }

    /// The difference, of the smallest request that still makes one, if it is one that only reads.
    fn smallest(&mut self, operation: &Operation, mut difference: String) -> String {
        let log = self.log.clone();
        let mut left = number("SUDARE_NONINTERFERENCE_TRIES").unwrap_or(TRIES);
        let mut smallest: Option<Ask> = None;
        let mut ask = operation.ask().filter(|_| !operation.writes).cloned();
        while let Some(from) = ask.take() {
            for smaller in from.smaller() {
                if left == 0 {
                    break;
                }
                left -= 1;
                if let Err(told) = self.ask(&super::operations::asks(&smaller)) {
                    difference = told;
                    smallest = Some(smaller.clone());
                    ask = Some(smaller);
                    break;
                }
            }
        }
        let smallest =
            smallest.map(|ask| format!("smallest: {}\n{:?}\n", ask.document(), ask.given()));
        let smallest = smallest.unwrap_or_default();
        format!("asked:\n{}\n\n{smallest}\n{difference}", log.join("\n"))
    }

    /// Everything about the pair, for whoever reads of a failure.
    pub(super) fn describe(&self) -> String {
        let (eyes, second) = (self.first.eyes, self.second);
        let changes = second.changes.iter().map(|change| change.told(eyes.data));
        let changes: BTreeSet<String> = changes.collect();
        let changes: Vec<String> = changes.into_iter().collect();
        let entities = eyes.data.catalog.entities.iter().enumerate();
        let moved: Vec<String> = entities
            .filter(|(entity, _)| second.keys.distance(*entity) != 0)
            .map(|(entity, known)| format!("{} by {}", known.name, second.keys.distance(entity)))
            .collect();
        format!(
            "rules:\n{}\n\nprincipal: {:?}\n\nideal maskers: {}, keys moved: {moved:?}, differences:\n{}",
            self.first.rulebook.own_rules(),
            eyes.principal,
            second.set.is_some(),
            changes.join("\n")
        )
    }
}

fn text(got: &Got) -> String {
    String::from_utf8_lossy(&got.body).into_owned()
}

/// Two answers, from a little before they differ on.
fn told(why: &str, first: &Got, second: &Got) -> String {
    let (one, other) = (text(first), text(second));
    let same = one.bytes().zip(other.bytes());
    let same = same.take_while(|(one, other)| one == other).count();
    let near = |text: &str| -> String {
        let bytes = text.bytes().skip(same.saturating_sub(300)).take(700);
        String::from_utf8_lossy(&bytes.collect::<Vec<u8>>()).into_owned()
    };
    let headers = if first.headers == second.headers {
        String::new()
    } else {
        format!("\n{:?}\n{:?}", first.headers, second.headers)
    };
    format!(
        "{why}\n\nfirst ({}): {}\n\nsecond ({}): {}{headers}",
        first.status,
        near(&one),
        second.status,
        near(&other)
    )
}
