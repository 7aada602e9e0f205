//! Canaries: what is planted in every cell comes back nowhere below FULL, and never in a log.

mod ask;
mod clauses;
mod groups;
mod planted;
mod scan;
mod scanner_tests;
mod sight;
mod values;
mod walk;
mod written;

use std::net::SocketAddr;
use std::path::Path;

use sudare_entities::catalog::Kind;
use sudare_testing::wait;

use self::ask::{Found, Walk};
use self::planted::{Canary, ROWS, World};
use self::scan::{Scanner, Sight};
use self::sight::Asker;
use crate::database::{self, Raw};
use crate::harness::open;
use crate::process::{Server, configured};

#[test]
fn no_canary_is_found_below_full_nor_any_in_a_log() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::new();
    let url = database::at(folder.path());
    wait(async { open(&url).await.close().await }).unwrap();
    world.store(&Raw::open(&url));
    let askers = sight::askers(&world);
    check_sights(&world, &askers);
    let broken = broken(&world);
    let scanner = Scanner::new(&[&world.canaries[..], &broken].concat());
    let servers = ["json", "pretty"].map(|format| serve(folder.path(), format));
    let addresses = [servers[0].address, servers[1].address];
    let visit = |half: usize| Visit {
        world: &world,
        scanner: &scanner,
        address: addresses[half],
    };
    let mut found = Found::default();
    for other in at_once(|half| visit(half).all(&askers, |walk| walk.everywhere())) {
        found.add(other);
    }
    check_leaks(&found);
    damage(&world, &broken, &Raw::open(&url));
    let halves: Vec<&[Asker]> = askers.chunks(askers.len().div_ceil(2)).collect();
    for other in at_once(|half| visit(half).all(halves[half], |walk| walk.one_by_one())) {
        found.add(other);
    }
    for server in servers {
        server.terminate();
        let (status, log) = server.ended();
        assert!(status.success() && log.contains("request answered"));
        let leaks = scanner.leaks(log.as_bytes(), &Sight::default());
        found
            .leaks
            .extend(leaks.iter().map(|leak| format!("log: {leak}")));
    }
    check_leaks(&found);
    check_ways(&found);
}

/// The first who finds something goes no further.
fn check_leaks(found: &Found) {
    let Found { leaks, answers, .. } = found;
    assert!(
        leaks.is_empty(),
        "{} leaks in {answers} answers: {leaks:#?}",
        leaks.len()
    );
}

/// It got around: many answers, each kind of refusal, and none for asking too much at once.
fn check_ways(found: &Found) {
    assert!(
        found.answers > 10_000 && found.bytes > 5_000_000,
        "{} answers",
        found.answers
    );
    for code in [
        "BAD_USER_INPUT",
        "FIELD_NOT_FILTERABLE",
        "FIELD_NOT_SORTABLE",
        "FIELD_NOT_GROUPABLE",
        "FIELD_NOT_AGGREGATABLE",
        "GRAPHQL_VALIDATION_FAILED",
        "INTERNAL",
    ] {
        let count = found.codes.get(code).copied().unwrap_or_default();
        assert!(count > 50, "hardly any {code}: {:?}", found.codes);
    }
    assert!(!found.codes.contains_key("COST_LIMIT"), "{:?}", found.codes);
}

/// Where those who ask go.
struct Visit<'a> {
    world: &'a World,
    scanner: &'a Scanner,
    address: SocketAddr,
}

impl Visit<'_> {
    fn all(&self, askers: &[Asker], walk: impl Fn(&mut Walk<'_>)) -> Found {
        let mut all = Found::default();
        for asker in askers {
            let mut one = Walk {
                world: self.world,
                scanner: self.scanner,
                asker,
                address: self.address,
                found: Found::default(),
            };
            walk(&mut one);
            all.add(one.found);
            if !all.leaks.is_empty() {
                break;
            }
        }
        all
    }
}

/// Both halves of a work at the same time.
fn at_once(work: impl Fn(usize) -> Found + Sync) -> [Found; 2] {
    std::thread::scope(|scope| {
        let work = &work;
        let halves = [0, 1].map(|half| scope.spawn(move || work(half)));
        halves.map(|half| half.join().unwrap())
    })
}

fn serve(data: &Path, format: &str) -> Server {
    let mut command = configured(data, &["serve", "--listen", "127.0.0.1:0"]);
    command
        .env("SUDARE_LOG_FORMAT", format)
        .env("SUDARE_LOG_LEVEL", "trace")
        .env("RUST_LOG", "trace");
    Server::start(command)
}

/// The roles still differ: each sees something, all but one of them not everything, and nobody a secret.
fn check_sights(world: &World, askers: &[Asker]) {
    for asker in askers {
        let full = asker.sight.full.len();
        let nothing = asker.label.is_empty();
        assert!(
            nothing == (full == 0),
            "{} sees {full} canaries",
            asker.label
        );
        assert!(
            full < world.canaries.len(),
            "{} sees everything",
            asker.label
        );
        for canary in &asker.sight.full {
            assert_ne!(world.canaries[*canary].coordinate, "Account.passwordHash");
        }
    }
}

/// Canaries for cells that will not be of the kind of their field: nobody sees these.
fn broken(world: &World) -> Vec<Canary> {
    let mut canaries = Vec::new();
    for (entity, known) in world.catalog.entities.iter().enumerate() {
        for (field, column) in known.fields.iter().enumerate() {
            if field == known.key || column.references.is_some() {
                continue;
            }
            canaries.push(Canary {
                spellings: vec![format!(
                    "xbroken{entity}q{field}zvk{}",
                    entity * 7919 + field * 104_729
                )],
                secret: None,
                places: vec![(entity, ROWS - 1, field)],
                word: false,
                coordinate: format!("{}.{}, broken", known.name, column.name),
            });
        }
    }
    canaries
}

/// Breaks cells of a row each, behind the back of the servers: those whose column takes what they should not hold.
fn damage(world: &World, broken: &[Canary], raw: &Raw) {
    raw.forget_references();
    let any = database::only_on_sqlite("a column takes what is not of its type");
    for canary in broken {
        let (entity, row, field) = canary.places[0];
        let known = &world.catalog.entities[entity];
        let text = &canary.spellings[0];
        let value = match known.fields[field].kind {
            Kind::Enum { .. } => format!("'{text}'"),
            Kind::Text if any => format!("CAST('{text}' AS BLOB)"),
            _ if any => format!("'{text}'"),
            _ => continue,
        };
        let changed = raw.execute(&format!(
            "UPDATE \"{}\" SET \"{}\" = {value} WHERE id = {}",
            known.table,
            known.fields[field].column,
            world.key(&known.name, row)
        ));
        assert_eq!(changed, 1);
    }
}
