//! Which fields may show the false identity of the person that `[subject]` names.

use super::fixture::{CLASSES, MASKING, key, shape};
use crate::{PolicyFiles, PolicySet};

const RULES: &str = "p, clerk, *, row, true, allow\np, clerk, pii, desensitized, true, allow\n";
const EMAIL: &str =
    "[field.\"Customer.email\"]\ndesensitized = { masker = \"fake_from_key\", kind = \"email\" }\n";

/// What is wrong with a unique `Customer.email` that shows false addresses of these subjects.
fn problem(subjects: &str) -> Option<String> {
    let mut shape = shape();
    let customer = &mut shape.entities[2];
    let email = customer
        .fields
        .iter_mut()
        .find(|field| field.column == "email");
    email.unwrap().unique = true;
    let masking = format!("{MASKING}{EMAIL}{subjects}");
    let files = PolicyFiles::from_memory(format!("{CLASSES}{RULES}"), masking);
    let set = PolicySet::from_files(&files, &shape, &key());
    set.err().map(|errors| errors.to_string())
}

#[test]
fn a_unique_field_shows_identities_where_every_row_is_of_another_person() {
    assert_eq!(problem("[subject.Customer]\nkey = \"id\"\n"), None);
    let told = "cannot show another such text for every row";
    let shared = "[subject.Customer]\nthrough = \"owner\"\n[subject.Employee]\nkey = \"id\"\n";
    for subjects in [
        "",
        "[subject.Customer]\nkey = \"owner_id\"\n",
        "[subject.Customer]\nkey = \"email\"\n",
        shared,
    ] {
        let problem = problem(subjects).unwrap();
        assert!(
            problem.contains(told) && problem.contains("hmac_token"),
            "{problem}"
        );
    }
}
