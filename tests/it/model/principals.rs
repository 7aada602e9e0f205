//! Random principals.

use serde_json::{Value as Json, json};
use sudare_policies::{PolicySet, Principal};

use super::dice::Dice;

/// Who asks: some roles, and claims that are there or missing, of the right kind or of a wrong one.
pub(crate) fn random(set: &PolicySet, dice: &mut Dice) -> Principal {
    let known: Vec<&str> = set.roles().collect();
    let mut principal = Principal {
        id: dice
            .pick(&["1", "2", "3", "5", "7", "12", "007", "", "ann"])
            .to_owned(),
        ..Principal::default()
    };
    for _ in 0..dice.pick(&[1, 1, 1, 1, 1, 2, 2, 3, 0]) {
        principal.roles.insert(dice.pick(&known).to_owned());
    }
    if dice.chance(5) {
        principal.roles.insert("unheard-of".to_owned());
    }
    for (name, values) in claims() {
        if dice.chance(70) {
            principal.attributes.insert(name, dice.pick(&values));
        }
    }
    principal
}

/// Claims and what they may hold, much of it not of the kind that conditions need.
fn claims() -> Vec<(String, Vec<Json>)> {
    let Json::Object(claims) = json!({
        "department_id": [1, 1, "2", "03", null, [3]],
        "departments": [[1, "2"], [], [null, 3], "3", ["x"], [1, 2, 3]],
        "keys": [[1, 2, 3, 4, 5, 6], [7, null], 7],
        "limit": [50, "100.5", "much", 1.5, 20000],
        "stage": ["ACTIVE", "active", "PAID", 1],
        "name": ["Zoë", 7, ""],
        "purpose": ["audit", "mischief", null],
        "clearance": [2, 3, "4", "high"],
        "groups": [["vip"], ["dull"], [1], []],
        "until": ["2099-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "2024-05-05", "soon"],
        "trusted": [true, false, "true", 1],
    }) else {
        panic!("claims are an object");
    };
    let claims = claims.into_iter();
    let claims = claims.map(|(name, values)| (name, values.as_array().unwrap().clone()));
    claims.collect()
}
