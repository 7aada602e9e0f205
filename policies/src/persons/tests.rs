//! What holds for every invented person.

use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;

use super::*;

#[test]
fn a_person_is_the_same_whenever_it_is_asked() {
    let traits = Traits {
        country: Country::Cn,
        gender: Gender::Male,
        birth: "1990-06-22".parse().unwrap(),
    };
    let draw = || Person::draw(traits, &mut ChaCha12Rng::seed_from_u64(7));
    assert_eq!(draw().full_name(), draw().full_name());
    assert_eq!(draw(), draw());
    let (person, other) = (draw(), draw());
    let _ = other.card();
    assert_eq!(person.email(), other.email());
}
