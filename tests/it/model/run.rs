//! The random run.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::Utc;
use secrecy::SecretBox;
use sudare::blind::BlindKeys;
use sudare::config::Limits;
use sudare::database::{DatabaseUrl, PoolSettings};
use sudare::gateway::{Gateway, Parts};
use sudare_entities::Catalog;
use sudare_policies::{PolicySet, Principal};
use tokio::runtime::Runtime;

use super::again;
use super::ask::{Arg, Ask};
use super::cases::Case;
use super::dice::Dice;
use super::eyes::{Eyes, Said};
use super::generate;
use super::policy::{Vocabulary, load, reference};
use super::principals;
use super::seals::{Mark, Seals};
use super::session::{Difference, Session};
use super::world::World;

/// Queries of a run that nobody has made longer.
const QUERIES: usize = 2_000;

/// Queries of one principal.
const EACH: usize = 10;

/// Principals of one policy.
const PRINCIPALS: usize = 3;

/// What all chapters of a run share.
struct Stage {
    runtime: Runtime,
    worlds: Vec<World>,
    vocabulary: Vocabulary,
    demo: Arc<PolicySet>,
    demo_said: Said,
    demo_gateways: Vec<Gateway>,
    answered: AtomicUsize,
    refused: AtomicUsize,
}

pub(crate) fn runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().unwrap()
}

/// A gateway over the database of a world, in this process.
pub(super) fn gateway(world: &World, policies: PolicySet) -> Gateway {
    let _at_home = world.runtime.enter();
    Gateway::open(parts(world, policies)).unwrap()
}

/// What such a gateway is made of.
pub(crate) fn parts(world: &World, policies: PolicySet) -> Parts {
    Parts {
        catalog: Catalog::new().unwrap(),
        policies,
        database: DatabaseUrl::parse(&world.url).unwrap(),
        readers: PoolSettings::default(),
        written: DatabaseUrl::parse(&world.url).unwrap(),
        writer: world.writer.clone(),
        sealing_key: SecretBox::new(Box::new(vec![7; 64])),
        blind_keys: BlindKeys::new([7; 32]),
        // what a query may cost is not what the model is about
        limits: Limits {
            max_cost: u64::MAX,
            max_aliases: 1_000,
            max_depth: 100,
            max_document_tokens: 100_000,
            statement_timeout_ms: 60_000,
            ..Limits::default()
        },
    }
}

fn demo() -> PolicySet {
    load(&reference("policy.csv"), &demo_masking()).unwrap_or_else(|errors| panic!("{errors}"))
}

/// The masks of the reference application, for groups as small as there are here.
pub(crate) fn demo_masking() -> String {
    reference("masking.toml").replace("k = 10", "k = 5")
}

impl Stage {
    fn new() -> Self {
        let runtime = runtime();
        let worlds: Vec<World> = [1, 2, 3]
            .map(|seed| runtime.block_on(World::new(seed)))
            .into();
        Self {
            demo_gateways: worlds.iter().map(|world| gateway(world, demo())).collect(),
            worlds,
            vocabulary: Vocabulary::new(),
            demo: Arc::new(demo()),
            demo_said: Said::default(),
            answered: AtomicUsize::new(0),
            refused: AtomicUsize::new(0),
            runtime,
        }
    }

    fn asked(&self) -> usize {
        self.answered.load(Ordering::Relaxed) + self.refused.load(Ordering::Relaxed)
    }

    /// A policy, some principals, some queries of each; the case, if one differs.
    fn chapter(&self, number: usize) -> Result<(), String> {
        let mut dice = Dice::new(number as u64);
        let place = number % self.worlds.len();
        let world = &self.worlds[place];
        if number.is_multiple_of(2) {
            let told = (&self.demo_gateways[place], &self.demo, &self.demo_said);
            return self.ask_all(world, told, None, &mut dice);
        }
        let rules = self.vocabulary.policy(&world.data, &mut dice);
        let loaded = || {
            self.vocabulary
                .load(&rules)
                .unwrap_or_else(|errors| panic!("{errors}"))
        };
        let (gateway, said) = (gateway(world, loaded()), Said::default());
        self.ask_all(
            world,
            (&gateway, &Arc::new(loaded()), &said),
            Some(&rules),
            &mut dice,
        )
    }

    fn ask_all(
        &self,
        world: &World,
        (gateway, set, said): (&Gateway, &Arc<PolicySet>, &Said),
        rules: Option<&str>,
        dice: &mut Dice,
    ) -> Result<(), String> {
        for _ in 0..PRINCIPALS {
            let principal = principals::random(set, dice);
            let eyes = Eyes::open(&world.data, (set, said), &principal, Utc::now());
            let mut session = Session {
                runtime: &self.runtime,
                gateway,
                principal: &principal,
                eyes: eyes.as_ref(),
                seals: Seals::default(),
            };
            self.converse(&mut session, dice)
                .map_err(|differs| told(&principal, rules, &differs.0, &differs.1))?;
        }
        Ok(())
    }

    /// Some queries; now and then one is asked again from a cursor of its answer.
    fn converse(
        &self,
        session: &mut Session<'_>,
        dice: &mut Dice,
    ) -> Result<(), Box<(Ask, Difference)>> {
        let Some(eyes) = session.eyes else {
            let _ = session
                .ask("{ me { id } }", &serde_json::Map::new())
                .map_err(|difference| Box::new((Ask::default(), difference)))?;
            return Ok(());
        };
        let mut next: Option<Ask> = None;
        let sees_anything = (0..eyes.data.catalog.entities.len()).any(|one| eyes.exists(one));
        for _ in 0..if sees_anything { EACH } else { 1 } {
            let ask = next.take().unwrap_or_else(|| {
                let seals = session.seals.clone();
                generate::query(eyes, &seals, dice)
            });
            match session.ask(&ask.document(), &ask.given()) {
                Ok(answer) if answer.starts_with("{\"data\"") => {
                    self.answered.fetch_add(1, Ordering::Relaxed);
                    if dice.chance(35) {
                        next = walked(&ask, &answer, &session.seals, dice);
                    } else if dice.chance(50) {
                        next = again::revalued(&ask, dice);
                    }
                }
                Ok(_) => drop(self.refused.fetch_add(1, Ordering::Relaxed)),
                Err(_) => return Err(Box::new(session.smallest(ask))),
            }
        }
        Ok(())
    }
}

/// The query again, with the lists of one name from a cursor of its answer on.
fn walked(ask: &Ask, answer: &str, seals: &Seals, dice: &mut Dice) -> Option<Ask> {
    let cursors = answer.split('"').filter_map(|text| match seals.open(text) {
        Some(Mark::Cursor { list, .. }) => {
            Some((text.to_owned(), list.rsplit('.').next()?.to_owned()))
        }
        _ => None,
    });
    let cursors: Vec<(String, String)> = cursors.collect();
    if cursors.is_empty() {
        return None;
    }
    let (cursor, list) = dice.pick(&cursors);
    let (there, size) = dice.pick(&[
        ("after", "first"),
        ("before", "last"),
        ("after", "last"),
        ("before", "first"),
    ]);
    let count = dice.pick(&["1", "2", "3", "7"]);
    let mut ask = ask.clone();
    ask.each_field(&mut |field| {
        if field.name == list {
            field
                .args
                .retain(|(name, _)| ["filter", "orderBy"].contains(&name.as_str()));
            field
                .args
                .push((there.to_owned(), Arg::Text(cursor.clone())));
            field
                .args
                .push((size.to_owned(), Arg::Number(count.to_owned())));
        }
    });
    Some(ask)
}

fn told(principal: &Principal, rules: Option<&str>, ask: &Ask, difference: &Difference) -> String {
    let case = Case::of(principal, rules, ask);
    format!(
        "as a case:\n{}\n\ngateway: {}\n\nmodel:   {}\n",
        case.to_toml(),
        difference.gateway,
        difference.model
    )
}

/// The number that a variable of the environment holds.
pub(crate) fn number(variable: &str) -> Option<usize> {
    let text = std::env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} is a number")),
    )
}

/// Plays on all processors at once; a difference that one of them finds fails the test.
pub(crate) fn on_all_processors(play: impl Fn() -> Result<(), String> + Copy + Send) {
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(8);
    let results: Vec<Result<(), String>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(play)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    for result in results {
        result.unwrap_or_else(|difference| panic!("{difference}"));
    }
}

#[test]
fn answers_and_refusals_are_those_of_a_naive_interpreter() {
    let queries = number("SUDARE_MODEL_QUERIES").unwrap_or(QUERIES);
    let first = number("SUDARE_MODEL_SEED").unwrap_or(0);
    let stage = Stage::new();
    let next = AtomicUsize::new(first);
    let play = || {
        loop {
            let chapter = next.fetch_add(1, Ordering::Relaxed);
            if stage.asked() >= queries {
                return Ok(());
            }
            if let Err(difference) = stage.chapter(chapter) {
                // the others need not go on
                next.store(usize::MAX / 2, Ordering::Relaxed);
                let asked =
                    stage.answered.load(Ordering::Relaxed) + stage.refused.load(Ordering::Relaxed);
                return Err(format!(
                    "chapter {chapter} (SUDARE_MODEL_SEED), after {asked} queries that agree, {difference}"
                ));
            }
        }
    };
    on_all_processors(play);
    let (answered, refused) = (stage.answered.into_inner(), stage.refused.into_inner());
    assert!(
        answered > refused && refused > 0,
        "most queries should be answered, and some refused: {answered} were, {refused} were"
    );
}
