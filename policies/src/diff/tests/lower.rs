//! What was shown in part and is desensitized.

use super::{CLASSES, Diff, MASKING, told, written};
use crate::PolicySet;
use std::sync::Arc;

const SEEN: &str =
    "p,a,Customer,row,true,allow\np,b,Customer,row,true,allow\np,c,Customer,row,true,allow\n";
const PARTIAL: &str = "p,a,Customer.email,partial,true,allow\n";
const DESENSITIZED: &str = "p,a,Customer.email,desensitized,true,allow\n";

/// The set of these rules, with these two masks.
fn masked(rules: &str, partial: &str, desensitized: &str) -> Arc<PolicySet> {
    let masks = format!(
        "[class.\"pii.contact\"]\npartial = {{ masker = \"{partial}\" }}\ndesensitized = {{ masker = \"{desensitized}\" }}\n"
    );
    written(
        CLASSES,
        &format!("{SEEN}{rules}"),
        &format!("{MASKING}{masks}"),
    )
}

/// What is told from some rules to others, and whether it widens.
fn from(old: &str, new: &str) -> (Vec<String>, bool) {
    let [old, new] = [old, new].map(|rules| masked(rules, "email", "hmac_token"));
    (told(&old, &new), Diff::new(&old, &new).widens())
}

const MASKS: &str = "Customer.email mask changed: email, at PARTIAL -> hmac_token: it may link or find what PARTIAL did not";

#[test]
fn a_token_in_place_of_a_part_may_tell_more() {
    let (told, widens) = from(PARTIAL, DESENSITIZED);
    assert_eq!(
        told,
        [
            "a Customer.email tier changed: PARTIAL -> DESENSITIZED".to_owned(),
            format!("a {MASKS}"),
        ]
    );
    assert!(widens);
    // be it on some rows
    let both = format!("{PARTIAL}{DESENSITIZED}");
    let denied = format!("{both}p,a,Customer.email,partial,row.consent == null,deny\n");
    let (told, widens) = from(&both, &denied);
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(widens);
}

#[test]
fn no_part_that_is_lost_elsewhere_or_whole_and_no_whole_that_is_lost_is_more() {
    let full = "p,a,Customer.email,full,true,allow\n";
    let consent = "p,a,Customer.email,partial,row.consent,allow\n";
    let others = "p,a,Customer.email,desensitized,row.consent == null,allow\n";
    for (old, new) in [
        (full, PARTIAL),
        (full, DESENSITIZED),
        (PARTIAL, ""),
        (DESENSITIZED, ""),
        (PARTIAL, consent),
        // nobody saw a part of the rows that are desensitized
        (&*format!("{consent}{others}"), others),
    ] {
        let (told, widens) = from(old, new);
        assert!(!widens && told.len() == 1, "{told:#?}");
    }
}

#[test]
fn the_same_mask_and_one_that_shows_nothing_tell_no_more() {
    for (partial, desensitized) in [("hmac_token", "hmac_token"), ("email", "null")] {
        let [old, new] = [PARTIAL, DESENSITIZED].map(|rules| masked(rules, partial, desensitized));
        assert_eq!(
            told(&old, &new),
            ["a Customer.email tier narrows: PARTIAL -> DESENSITIZED"]
        );
    }
    // it is the mask of the new set that counts
    let old = masked(PARTIAL, "email", "email");
    let new = masked(DESENSITIZED, "email", "hmac_token");
    assert!(Diff::new(&old, &new).widens());
    let new = masked(DESENSITIZED, "null", "email");
    assert!(!Diff::new(&old, &new).widens());
}

#[test]
fn a_token_that_another_role_brings_is_told_of_the_two() {
    let token = "p,b,Customer.email,desensitized,true,allow\n";
    let (told, widens) = from(&format!("{PARTIAL}{token}"), token);
    assert_eq!(
        told,
        [
            "a Customer.email tier narrows: PARTIAL -> NONE".to_owned(),
            "a & b Customer.email tier changed: PARTIAL -> DESENSITIZED".to_owned(),
            format!("a & b {MASKS}"),
        ]
    );
    assert!(widens);
}

#[test]
fn a_token_that_a_third_role_uncovers_is_told_of_the_three() {
    let two = format!("{PARTIAL}p,b,Customer.email,desensitized,true,allow\n");
    let denied = format!("{two}p,c,Customer.email,partial,true,deny\n");
    let (told, widens) = from(&two, &denied);
    assert_eq!(
        told,
        [
            "a & c Customer.email tier narrows: PARTIAL -> NONE".to_owned(),
            "a & b & c Customer.email tier changed: PARTIAL -> DESENSITIZED".to_owned(),
            format!("a & b & c {MASKS}"),
        ]
    );
    assert!(widens);
    // and of four, where one had denied the whole
    let whole = "p,a,Customer.email,full,true,allow\np,d,Customer.email,full,true,deny\np,d,Order,row,true,allow\n";
    let (told, widens) = from(&format!("{two}{whole}"), &format!("{denied}{whole}"));
    assert!(
        widens
            && told
                .iter()
                .any(|line| line.contains("& d") && line.contains("mask")),
        "{told:#?}"
    );
}
