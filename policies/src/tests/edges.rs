//! The edges of what loads: comments, places, sizes and names.

use std::fs;

use super::broken::{errors, shown, with};
use super::fixture::MASKING;
use super::{key, shape};
use crate::{PolicyFiles, PolicySet};

#[test]
fn comments_and_empty_lines_of_their_own_are_welcome() {
    let rules = with(
        "# a comment\n\n#p, intern, nonsense\np,intern,Customer,row,\"row.owner_id in [1, 2]\",deny",
    );
    let files = PolicyFiles::from_memory(rules, MASKING);
    let set = PolicySet::from_files(&files, &shape(), &key()).unwrap();
    assert_eq!(set.rule_count(), 3);
}

#[test]
fn a_control_character_is_told_where_it_stands() {
    let rules = with("p, intern, Customer, row, true\u{1}, allow");
    let told = errors(rules.as_bytes(), MASKING);
    assert!(
        told.contains("policy.csv:3:31: the line holds the control character U+0001"),
        "{told}"
    );
    let told = shown(rules.as_bytes(), MASKING);
    let carets = told.lines().filter(|line| line.contains('^'));
    assert!(
        carets.clone().all(|line| line.matches('^').count() == 1),
        "{told}"
    );
    assert!(carets.count() > 0, "{told}");
    let tabbed = with("p,\tintern,\tCustomer,\trow,\ttrue,\tallow");
    let files = PolicyFiles::from_memory(tabbed, MASKING);
    assert!(PolicySet::from_files(&files, &shape(), &key()).is_ok());
}

#[test]
fn the_class_of_an_object_is_what_is_wrong_with_it() {
    let column = |object: &str| {
        let told = errors(
            with(&format!("p, a, {object}, full, true, allow")).as_bytes(),
            MASKING,
        );
        let place = told.split("policy.csv:3:").nth(1).unwrap();
        place.split(':').next().unwrap().parse::<usize>().unwrap()
    };
    assert_eq!(column("Custmer:pii"), "p, a, ".len() + 1);
    assert_eq!(column("Customer:pii.contct"), "p, a, Customer:".len() + 1);
}

#[test]
fn a_file_of_four_megabytes_is_read_and_a_larger_one_is_not() {
    let dir = std::env::temp_dir().join(format!("sudare-large-{}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    fs::write(dir.join("masking.toml"), MASKING).unwrap();
    fs::write(dir.join("model.conf"), crate::files::MODEL).unwrap();
    let load = |bytes: usize| {
        let mut rules = with("").into_bytes();
        rules.resize(bytes, b'\n');
        fs::write(dir.join("policy.csv"), rules).unwrap();
        PolicySet::load(&dir, &shape(), &key()).map(drop)
    };
    let limit = 4 * 1024 * 1024;
    assert!(load(limit).is_ok());
    for bytes in [limit + 1, limit + 4096] {
        let told = load(bytes).unwrap_err().to_string();
        assert!(told.contains("larger than 4194304 bytes"), "{told}");
    }
    fs::remove_dir_all(&dir).unwrap();
}

#[test]
fn a_class_with_a_wrong_end_is_an_unknown_class() {
    let told = errors(
        with("p, a, pii.contct, full, true, allow").as_bytes(),
        MASKING,
    );
    assert!(
        told.contains("class") && !told.contains("unknown field"),
        "{told}"
    );
    let told = errors(
        with("p, a, Customer.emial, full, true, allow").as_bytes(),
        MASKING,
    );
    assert!(told.contains("unknown field"), "{told}");
}

#[test]
fn a_key_needs_a_mask_that_keeps_keys_apart() {
    let rules = with("p, clerk, key, partial, true, allow");
    let masking = |masker: &str| {
        format!("{MASKING}\n[field.\"Customer.id\".partial]\nmasker = \"{masker}\"\n")
    };
    let told = errors(rules.as_bytes(), &masking("null"));
    assert!(told.contains("does not keep keys apart"), "{told}");
    let files = PolicyFiles::from_memory(rules, masking("bijective_id"));
    assert!(PolicySet::from_files(&files, &shape(), &key()).is_ok());
}

#[test]
fn audiences_have_names_of_small_letters_digits_and_dashes() {
    let load = |audience: &str| {
        let masking = MASKING.replace(
            "[audiences]",
            &format!("[audiences]\nclerk = \"{audience}\""),
        );
        let files = PolicyFiles::from_memory(with("p, clerk, pii, partial, true, allow"), masking);
        PolicySet::from_files(&files, &shape(), &key()).map(drop)
    };
    for good in ["eu-west_1", "9a", "a"] {
        assert!(load(good).is_ok(), "{good}");
    }
    for bad in ["", "-a", "_a", "A", "aB", "a b", "a.b", "é"] {
        assert!(load(bad).is_err(), "{bad}");
    }
}
