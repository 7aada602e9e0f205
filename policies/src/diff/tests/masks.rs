//! What `masking.toml` changes.

use super::{CLASSES, Diff, MASKING, told, written};

const RULES: &str = "p,a,Customer,row,true,allow\np,a,pii,partial,true,allow\np,a,key,desensitized,true,allow\n\
                     p,b,Customer,row,true,allow\np,b,public,full,true,allow\n";

/// What is told of a file with one thing replaced, and whether it widens.
fn replaced(old: &[(&str, &str)], new: &[(&str, &str)]) -> (Vec<String>, bool) {
    let file = |changes: &[(&str, &str)]| {
        let changes = changes.iter();
        changes.fold(MASKING.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        })
    };
    let (old, new) = (file(old), file(new));
    let (old, new) = (written(CLASSES, RULES, &old), written(CLASSES, RULES, &new));
    (told(&old, &new), Diff::new(&old, &new).widens())
}

fn lines(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

#[test]
fn a_smaller_group_widens_and_a_larger_one_narrows() {
    let smaller = replaced(&[], &[("k = 5", "k = 3")]);
    assert_eq!(smaller, (lines(&["k widens: 5 -> 3"]), true));
    let larger = replaced(&[], &[("k = 5", "k = 7")]);
    assert_eq!(larger, (lines(&["k narrows: 5 -> 7"]), false));
    assert_eq!(replaced(&[], &[("k = 5", "")]), (Vec::new(), false));
}

#[test]
fn another_mask_may_show_more_to_whoever_sees_it() {
    let phone = "[class.\"pii.contact\"]\npartial = { masker = \"email\" }\n[class.\"pii\"]";
    let (told, widens) = replaced(&[], &[("[class.\"pii\"]", phone)]);
    assert_eq!(told, ["a Customer.email mask changed: null -> email"]);
    assert!(widens);
    let ends = |count: u8| {
        format!(
            "[class.\"pii.contact\"]\npartial = {{ masker = \"keep_first_last\", first = {count}, last = 0 }}\n[class.\"pii\"]"
        )
    };
    let (one, two) = (ends(1), ends(2));
    let (told, widens) = replaced(&[("[class.\"pii\"]", &one)], &[("[class.\"pii\"]", &two)]);
    assert_eq!(
        told,
        [
            "a Customer.email mask changed: keep_first_last first = 1, last = 0 -> keep_first_last first = 2, last = 0"
        ]
    );
    assert!(widens);
}

#[test]
fn a_mask_that_nobody_gets_and_one_that_is_the_same_elsewhere_are_no_difference() {
    let financial = "[class.\"financial\"]\npartial = { masker = \"null\" }";
    let other = "[class.\"financial\"]\npartial = { masker = \"bucket\", step = 10 }";
    assert_eq!(replaced(&[], &[(financial, other)]), (Vec::new(), false));
    let spelt = "[class.\"pii.contact\"]\npartial = { masker = \"null\" }\n[class.\"pii\"]";
    assert_eq!(
        replaced(&[], &[("[class.\"pii\"]", spelt)]),
        (Vec::new(), false)
    );
}

#[test]
fn a_keyed_mask_is_another_one_in_another_class() {
    let rules = "p,a,Customer,row,true,allow\np,a,staff,desensitized,true,allow\np,a,public,desensitized,true,allow\n";
    let masking = MASKING.replace(
        "[class.\"staff\"]\npartial = { masker = \"null\" }\ndesensitized = { masker = \"null\" }",
        "[class.\"staff\"]\ndesensitized = { masker = \"hmac_token\" }",
    );
    let moved = CLASSES.replace("Employee.name, staff.name", "Employee.name, staff.other");
    let (old, new) = (
        written(CLASSES, rules, &masking),
        written(&moved, rules, &masking),
    );
    assert_eq!(
        told(&old, &new),
        ["a Employee.name mask changed: hmac_token, for staff.name -> hmac_token, for staff.other"]
    );
}

#[test]
fn who_comes_to_share_masks_can_compare_them() {
    let apart = "[audiences]\na = \"them\"";
    let merged = replaced(&[("[audiences]", apart)], &[]);
    assert_eq!(
        merged,
        (lines(&["a audience widens: them -> internal"]), true)
    );
    let split = replaced(&[], &[("[audiences]", apart)]);
    assert_eq!(
        split,
        (lines(&["a audience narrows: internal -> them"]), false)
    );
    let renamed = replaced(
        &[("[audiences]", apart)],
        &[("[audiences]", "[audiences]\na = \"others\"")],
    );
    assert_eq!(
        renamed,
        (lines(&["a audience changed: them -> others"]), true)
    );
    let taken = replaced(
        &[("[audiences]", apart)],
        &[("[audiences]", "[audiences]\na = \"others\"\nb = \"them\"")],
    );
    assert_eq!(
        taken.0,
        [
            "a audience changed: them -> others",
            "b audience widens: internal -> them"
        ]
    );
}

#[test]
fn another_key_makes_other_masks() {
    let apart = "[audiences]\na = \"them\"";
    let pinned = "[audiences]\na = \"them\"\n[keys]\nthem = \"1\"";
    assert_eq!(
        replaced(&[("[audiences]", apart)], &[("[audiences]", pinned)]),
        (lines(&["a key changed: the current key -> key `1`"]), true)
    );
}

#[test]
fn whose_data_a_row_is_counts_where_somebody_is_told_of_persons() {
    let person = "[subject.\"Customer\"]\nkey = \"id\"\n[audiences]";
    let born = "[subject.\"Customer\"]\nkey = \"id\"\nbirth = \"birth\"\n[audiences]";
    let other = "[subject.\"Customer\"]\nkey = \"owner_id\"\n[audiences]";
    let from = |old, new| replaced(&[("[audiences]", old)], &[("[audiences]", new)]);
    assert_eq!(
        from(person, born),
        (
            lines(&["a Customer subject widens: key row.id -> key row.id, birth row.birth"]),
            true
        )
    );
    assert!(!from(born, person).1);
    assert_eq!(
        from(person, other),
        (
            lines(&["a Customer subject changed: key row.id -> key row.owner_id"]),
            true
        )
    );
}

#[test]
fn coarser_sums_narrow_and_finer_ones_widen() {
    let rules = "p,a,Customer,row,true,allow\np,a,Customer.income,aggregate,true,allow\n";
    let set = |round: &str| {
        let rounding = format!("[field.\"Customer.income\"]\naggregate = {{ round = {round} }}\n");
        let masking = if round.is_empty() {
            MASKING.to_owned()
        } else {
            format!("{MASKING}\n{rounding}")
        };
        written(CLASSES, rules, &masking)
    };
    for (old, new, told_as) in [
        ("", "1000", "narrows: - -> 1000"),
        ("1000", "", "widens: 1000 -> -"),
        ("1000", "5000", "narrows: 1000 -> 5000"),
        ("5000", "1000", "widens: 5000 -> 1000"),
        ("0.5", "1.5", "narrows: 0.5 -> 1.5"),
        // 499 and 501 were both 500, and are 0 and 1000
        ("500", "1000", "changed: 500 -> 1000"),
        ("1000", "500", "changed: 1000 -> 500"),
        ("1000", "1500", "changed: 1000 -> 1500"),
    ] {
        let (old, new) = (set(old), set(new));
        assert_eq!(
            told(&old, &new),
            [format!("a Customer.income rounding {told_as}")]
        );
        assert_eq!(
            Diff::new(&old, &new).widens(),
            !told_as.starts_with("narrows")
        );
    }
}

#[test]
fn what_a_value_must_be_like_is_told_and_discloses_nothing() {
    let rules = "p,a,Customer,row,true,allow\np,a,Customer.email,update,true,allow\n";
    let checked = format!("{MASKING}\n[field.\"Customer.email\"]\ncheck = \"email\"\n");
    let (old, new) = (
        written(CLASSES, rules, MASKING),
        written(CLASSES, rules, &checked),
    );
    assert_eq!(
        told(&old, &new),
        ["a Customer.email check narrows: - -> email"]
    );
    assert_eq!(
        told(&new, &old),
        ["a Customer.email check widens: email -> -"]
    );
    assert!(!Diff::new(&new, &old).widens());
}
