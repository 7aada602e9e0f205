//! The random run.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use sudare_policies::Principal;
use tokio::runtime::Runtime;

use super::alike::Seals;
use super::keys::Keys;
use super::pair::{Couple, Pair, Told, token_of};
use super::policies::Rulebook;
use super::propose::Proposer;
use super::rules::{Bounds, Rules};
use super::settle::First;
use super::side::Side;
use crate::model::data::Data;
use crate::model::dice::Dice;
use crate::model::eyes::Eyes;
use crate::model::policy::Vocabulary;
use crate::model::principals;
use crate::model::run::{demo_masking, number, on_all_processors, runtime};

/// Pairs of a run that nobody has made longer or shorter; fewer on a server, where each takes longer.
const PAIRS: usize = 2_000;
const PAIRS_ON_SERVERS: usize = 60;

/// Principals of one policy, and pairs of each.
const PRINCIPALS: usize = 4;
const EACH: usize = 5;

/// Databases that pairs begin with, one in each language.
const SEEDS: [u64; 2] = [1, 2];

/// The keys that seal cursors and node ids in the first database and in the second.
const SEALING_KEYS: [u8; 2] = [7, 9];

/// What all chapters of a thread share.
struct Stage<'s> {
    runtime: &'s Runtime,
    vocabularies: &'s [Vocabulary; 2],
    couples: Vec<Couple>,
}

impl<'s> Stage<'s> {
    fn new(runtime: &'s Runtime, vocabularies: &'s [Vocabulary; 2]) -> Self {
        let couple = |seed| Couple {
            first: Side::new(runtime, seed, &SEALING_KEYS[..1]),
            second: Side::new(runtime, seed, &SEALING_KEYS),
        };
        Self {
            runtime,
            vocabularies,
            couples: SEEDS.map(couple).into(),
        }
    }

    /// A policy, some principals, some pairs of each; what has been found out, and the difference, if one differs.
    fn chapter(&self, number: usize) -> (Told, Result<(), String>) {
        let mut dice = Dice::new(number as u64);
        let couple = &self.couples[number % self.couples.len()];
        let data = &couple.first.data;
        let rulebook = Rulebook::random(self.vocabularies, data, &mut dice);
        couple.first.govern(0, &rulebook.set);
        couple.second.govern(0, &rulebook.set);
        let mut told = Told::default();
        for _ in 0..PRINCIPALS {
            let principal = somebody(&rulebook, data, &mut dice);
            let done = self.scene(couple, &rulebook, &principal, (&mut dice, &mut told));
            if done.is_err() {
                return (told, done);
            }
        }
        (told, Ok(()))
    }

    /// Some pairs of one principal.
    fn scene(
        &self,
        couple: &Couple,
        rulebook: &Rulebook,
        principal: &Principal,
        (dice, told): (&mut Dice, &mut Told),
    ) -> Result<(), String> {
        let policies = (&rulebook.set, &rulebook.said);
        let now = super::now();
        let eyes = Eyes::open(&couple.first.data, policies, principal, now).unwrap();
        let rules = Rules::of(&eyes, &rulebook.set);
        let first = First::new(rulebook, &eyes, &rules);
        let bounds = Bounds::of(&eyes, &rules);
        let other = somebody(rulebook, &couple.first.data, dice);
        let tokens = [token_of(principal), token_of(&other)];
        for _ in 0..EACH {
            let bounds = bounds.as_ref().filter(|_| dice.chance(60));
            let is_ideal = dice.chance(40);
            let mut proposer = Proposer {
                eyes: &eyes,
                view: &first.view,
                bounds,
                dice,
            };
            let second = if is_ideal {
                let keys = proposer.keys();
                let (changes, renames) = proposer.renames();
                first.settle(changes, (keys, Some(&renames)), bounds)
            } else {
                let changes = proposer.changes();
                let keys = Keys::same(eyes.data.catalog.entities.len());
                first.settle(changes, (keys, None), bounds)
            };
            let mut pair = Pair {
                runtime: self.runtime,
                couple,
                first: &first,
                second: &second,
                writes: bounds.is_some(),
                tokens: tokens.clone(),
                seals: is_ideal.then(Seals::default),
                told: Told {
                    pairs: 1,
                    differing: usize::from(!second.changes.is_empty() || second.keys.are_moved()),
                    writing: usize::from(bounds.is_some()),
                    ideal: usize::from(is_ideal),
                    moved: usize::from(second.keys.are_moved()),
                    changes: second.changes.len(),
                    ..Told::default()
                },
                log: Vec::new(),
            };
            let one = pair.play(dice);
            let one = one.map_err(|difference| format!("{}\n\n{difference}", pair.describe()))?;
            told.add(&one);
        }
        Ok(())
    }
}

/// A principal whose roles go together; seldom one that sees nothing, which is all that there is to say of it.
fn somebody(rulebook: &Rulebook, data: &Data, dice: &mut Dice) -> Principal {
    loop {
        let mut principal = principals::random(&rulebook.set, dice);
        if principal.id.is_empty() {
            principal.id = "ann".to_owned();
        }
        let policies = (&rulebook.set, &rulebook.said);
        let eyes = Eyes::open(data, policies, &principal, super::now());
        let Some(eyes) = eyes else {
            continue;
        };
        let mut entities = 0..data.catalog.entities.len();
        if entities.any(|entity| eyes.exists(entity)) || dice.chance(3) {
            return principal;
        }
    }
}

impl Told {
    fn add(&mut self, other: &Self) {
        self.pairs += other.pairs;
        self.differing += other.differing;
        self.writing += other.writing;
        self.ideal += other.ideal;
        self.moved += other.moved;
        self.changes += other.changes;
        self.answered += other.answered;
        self.refused += other.refused;
        self.written += other.written;
        self.looked += other.looked;
    }
}

#[test]
fn databases_that_look_the_same_give_the_same_bytes() {
    let usual = match crate::database::is_server() {
        true => PAIRS_ON_SERVERS,
        false => PAIRS,
    };
    let pairs = number("SUDARE_NONINTERFERENCE_PAIRS").unwrap_or(usual);
    let first = number("SUDARE_NONINTERFERENCE_SEED").unwrap_or(0);
    let runtime = runtime();
    let vocabularies = [Vocabulary::new(), Vocabulary::of(demo_masking())];
    let next = AtomicUsize::new(first);
    let told = Mutex::new(Told::default());
    let play = || {
        let stage = Stage::new(&runtime, &vocabularies);
        loop {
            let chapter = next.fetch_add(1, Ordering::Relaxed);
            if told.lock().unwrap().pairs >= pairs {
                return Ok(());
            }
            let (one, done) = stage.chapter(chapter);
            let mut all = told.lock().unwrap();
            all.add(&one);
            if let Err(difference) = done {
                let tried = all.pairs + 1;
                // the others need not go on
                all.pairs = usize::MAX / 2;
                return Err(format!(
                    "chapter {chapter} (SUDARE_NONINTERFERENCE_SEED), after {tried} pairs\n\n{difference}"
                ));
            }
        }
    };
    on_all_processors(play);
    told.into_inner().unwrap().is_enough(first);
}

impl Told {
    /// Tells how much was tried, and fails if it is too little to mean anything.
    #[expect(clippy::print_stdout, reason = "how much was tried should be seen")]
    fn is_enough(&self, first: usize) {
        println!(
            "{} pairs from seed {first}: {} differ, by {} changes; {} with ideal maskers, {} with other keys; {} write; {} answers, {} refusals, {} changes made, {} lookups",
            self.pairs,
            self.differing,
            self.changes,
            self.ideal,
            self.moved,
            self.writing,
            self.answered,
            self.refused,
            self.written,
            self.looked
        );
        assert!(
            self.differing * 10 >= self.pairs * 8,
            "most databases should differ: {} of {} pairs do",
            self.differing,
            self.pairs
        );
        assert!(
            self.answered > self.refused && self.refused > 0,
            "most requests should be answered, and some refused: {} were, {} were",
            self.answered,
            self.refused
        );
    }
}
