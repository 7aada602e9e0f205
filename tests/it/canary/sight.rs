//! Who asks in this test, and what casbin's own enforcer says that they see.

use chrono::Utc;
use serde_json::{Value as Json, json};
use sudare_policies::decision::{Action, Tier};
use sudare_policies::{MaskingKey, PolicySet, Principal};

use super::planted::{Planted, ROWS, World};
use super::scan::Sight;
use crate::harness::policies;

/// One who asks.
pub(super) struct Asker {
    pub(super) label: String,
    pub(super) claims: Json,
    pub(super) sight: Sight,
    /// The tier of each cell, by entity, row, field; `None` where the row is not seen.
    pub(super) tiers: Vec<Vec<Option<Vec<Tier>>>>,
}

/// Each role of the demo, roles that go together, and a token without any.
const ASKERS: [&[&str]; 11] = [
    &["admin"],
    &["sales"],
    &["support"],
    &["analyst"],
    &["marketing"],
    &["partner"],
    &["auditor"],
    &["customer"],
    &["analyst", "marketing"],
    &["sales", "support"],
    &[],
];

pub(super) fn askers(world: &World) -> Vec<Asker> {
    let key = MaskingKey::new(b"a masking key of the tests only!").unwrap();
    let set = PolicySet::load(&policies(), &world.shape, &key);
    let set = set.unwrap_or_else(|errors| panic!("{errors}"));
    let asker = |roles: &&[&str]| {
        let subject = match roles.first() {
            Some(&"customer") => world.key("Customer", 1),
            // Nobody of ours: `me` tells them who they are.
            Some(&"partner") | None => "9".to_owned(),
            _ => world.key("Employee", 1),
        };
        let department: i64 = world.key("Department", 0).parse().unwrap();
        let claims = json!({ "sub": subject, "roles": roles, "department_id": department });
        let principal = Principal {
            id: subject,
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            attributes: [("department_id".to_owned(), json!(department))]
                .into_iter()
                .collect(),
        };
        let tiers = tiers(world, &set, &principal);
        Asker {
            label: roles.join("+"),
            claims,
            sight: sight(world, &tiers),
            tiers,
        }
    };
    std::thread::scope(|scope| {
        let halves = ASKERS.chunks(ASKERS.len().div_ceil(2));
        let threads: Vec<_> = halves
            .map(|half| scope.spawn(move || half.iter().map(asker).collect::<Vec<_>>()))
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    })
}

/// The tier of each cell of each row that the principal sees.
fn tiers(world: &World, set: &PolicySet, principal: &Principal) -> Vec<Vec<Option<Vec<Tier>>>> {
    let oracle = set.oracle(principal, Utc::now());
    let row = |entity: usize, row: usize| {
        let name = &world.catalog.entities[entity].name;
        let cells = Planted(world, row);
        if !oracle.enforce(name, Action::Row, &cells).unwrap() {
            return None;
        }
        let fields = 0..world.catalog.entities[entity].fields.len();
        let tier = |field| {
            oracle
                .tier(&world.shape.coordinate(entity, field), &cells)
                .unwrap()
        };
        Some(fields.map(tier).collect())
    };
    (0..world.catalog.entities.len())
        .map(|entity| (0..ROWS).map(|number| row(entity, number)).collect())
        .collect()
}

fn sight(world: &World, tiers: &[Vec<Option<Vec<Tier>>>]) -> Sight {
    let mut sight = Sight::default();
    for (number, canary) in world.canaries.iter().enumerate() {
        let best = canary.places.iter().filter_map(|(entity, row, field)| {
            tiers[*entity][*row].as_ref().map(|fields| fields[*field])
        });
        match best.max() {
            Some(Tier::Full) => sight.full.insert(number),
            Some(Tier::Partial | Tier::Desensitized) if canary.word => sight.words.insert(number),
            _ => false,
        };
    }
    sight
}
