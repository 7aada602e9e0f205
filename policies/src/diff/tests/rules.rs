//! What rules change.

use super::{Diff, loaded, rules};

const SEEN: &str = "p,a,Customer,row,true,allow\np,b,Customer,row,true,allow\n";

fn none() -> Vec<String> {
    Vec::new()
}

#[test]
fn what_is_written_otherwise_and_means_the_same_is_no_difference() {
    let same = [
        // comments and order
        (
            "p,a,pii,full,row.consent,allow\np,b,pii,partial,true,allow",
            "# why\np,b,pii,partial,true,allow\n\np,a,pii,full,row.consent,allow",
        ),
        // a rule in two
        (
            "p,a,pii,full,row.consent || row.owner_id == user.id,allow",
            "p,a,pii,full,row.owner_id == user.id,allow\np,a,pii,full,row.consent,allow",
        ),
        (
            "p,a,Customer,full,\"row.stage in ['ACTIVE', 'LOST']\",allow",
            "p,a,Customer,full,row.stage == 'LOST',allow\np,a,Customer,full,row.stage == 'ACTIVE',allow",
        ),
        // a class by its parts
        (
            "p,a,pii,full,true,allow",
            "p,a,pii.name,full,true,allow\np,a,pii.contact,full,true,allow\np,a,pii.birth,full,true,allow\np,a,Customer.consent,full,true,allow",
        ),
        // inheritance, spelt out
        (
            "p,b,pii,full,true,allow\np,a,public,full,true,allow\ng,a,b",
            "p,b,pii,full,true,allow\np,a,public,full,true,allow\np,a,pii,full,true,allow",
        ),
        // what a wider rule or a deny decides anyway
        (
            "p,a,pii,full,true,allow",
            "p,a,pii,full,true,allow\np,a,pii,partial,true,allow\np,a,pii,full,row.consent,allow",
        ),
        (
            "p,a,pii,full,row.consent,allow\np,a,public,full,true,allow",
            "p,a,pii,full,row.consent,allow\np,a,pii,full,!(row.consent),deny\np,a,public,full,true,allow",
        ),
        // what never holds
        (
            "p,a,public,full,true,allow",
            "p,a,public,full,true,allow\np,a,pii,full,row.id == 1 && row.id == 2,allow",
        ),
    ];
    for (old, new) in same {
        let (old, new) = (format!("{SEEN}{old}"), format!("{SEEN}{new}"));
        assert_eq!(rules(&old, &new), none(), "{old}\n\n{new}");
        assert_eq!(rules(&new, &old), none(), "{new}\n\n{old}");
    }
}

#[test]
fn what_more_and_what_less_is_granted_is_told_with_its_conditions() {
    let old = format!(
        "{SEEN}p,a,pii.contact,partial,true,allow\np,a,Order,row,row.total > 10,allow\np,a,pii.name,full,true,allow\n\
         p,a,behavior,full,row.consent,allow"
    );
    let new = format!(
        "{SEEN}p,a,pii.contact,full,row.owner_id == user.id,allow\np,a,pii.contact,partial,true,allow\n\
         p,a,Order,row,row.total > 100 && row.customer.consent,allow\np,a,pii.name,full,true,allow\np,a,pii.name,full,true,deny\n\
         p,a,pii.name,desensitized,true,allow\np,a,behavior,full,row.stage == 'LOST',allow\n\
         p,b,financial.income,aggregate,true,allow\np,b,Customer.email,update,true,allow"
    );
    insta::assert_snapshot!(rules(&old, &new).join("\n"), @r"
    a Customer.fullName tier narrows: FULL -> DESENSITIZED
    a Customer.email tier widens: PARTIAL -> FULL where row.owner_id == user.id, else PARTIAL
    a Customer.{score, preferences} tier changed: FULL where row.consent -> FULL where row.stage == 'LOST'
    a Order row narrows: where row.total > 10 -> where row.total > 100 && row.customer.consent
    b Customer.email update widens: - -> always
    b Customer.income aggregate widens: - -> always
    ");
}

#[test]
fn a_deny_that_leaves_a_lower_tier_narrows() {
    let old =
        format!("{SEEN}p,a,Customer.email,full,true,allow\np,a,Customer.email,partial,true,allow");
    let new = format!("{old}\np,a,Customer.email,full,row.consent == null,deny");
    assert_eq!(
        rules(&old, &new),
        ["a Customer.email tier narrows: FULL -> FULL where row.consent != null, else PARTIAL"]
    );
    let wider =
        ["a Customer.email tier widens: FULL where row.consent != null, else PARTIAL -> FULL"];
    assert_eq!(rules(&new, &old), wider);
}

#[test]
fn a_role_that_comes_or_goes_is_named_and_so_is_what_it_got() {
    let new = format!("{SEEN}p,c,Customer,row,true,allow\np,c,public,full,true,allow\ng,c,a");
    insta::assert_snapshot!(rules(SEEN, &new).join("\n"), @r"
    c role widens: - -> new
    c Department.name, Customer.{createdAt, stage} tier widens: NONE -> FULL
    c Customer row widens: - -> always
    ");
    insta::assert_snapshot!(rules(&new, SEEN).join("\n"), @r"
    c role narrows: gone -> -
    c Department.name, Customer.{createdAt, stage} tier narrows: FULL -> NONE
    c Customer row narrows: always -> -
    ");
}

#[test]
fn a_role_gets_what_it_inherits() {
    let old = format!("{SEEN}g,b,a");
    let new = format!("{old}\np,a,Customer.email,full,true,allow");
    assert_eq!(
        rules(&old, &new),
        ["a|b Customer.email tier widens: NONE -> FULL"]
    );
}

#[test]
fn a_deny_that_only_two_roles_meet_is_told_of_the_two() {
    let allow = format!("{SEEN}p,a,financial.income,full,true,allow\np,b,public,full,true,allow");
    let denied = format!("{allow}\np,b,financial,full,true,deny");
    assert_eq!(
        rules(&denied, &allow),
        ["a & b Customer.income tier widens: NONE -> FULL"]
    );
    assert_eq!(
        rules(&allow, &denied),
        ["a & b Customer.income tier narrows: FULL -> NONE"]
    );
    // the same where the role is gone, or has come
    let gone = format!("{allow}\np,c,financial,full,true,deny");
    assert_eq!(
        rules(&gone, &allow),
        [
            "c role narrows: gone -> -",
            "a & c Customer.income tier widens: NONE -> FULL"
        ]
    );
    // what a role tells alone is not told again
    let both = format!("{denied}\np,a,Customer.email,full,true,allow");
    assert_eq!(
        rules(&denied, &both),
        ["a Customer.email tier widens: NONE -> FULL"]
    );
}

#[test]
fn a_lower_tier_that_a_higher_one_hid_is_found_beside_two_roles_that_deny() {
    // full hides partial, and each was denied by another role
    let old = "p,a,Customer,row,true,allow\np,a,Customer.email,full,true,allow\np,a,Customer.email,partial,true,allow\n\
               p,b,Customer.email,full,true,deny\np,c,Customer.email,partial,true,deny\np,c,Order,row,true,allow\n";
    let new = old.replace("p,c,Customer.email,partial,true,deny\n", "");
    assert_eq!(
        rules(old, &new),
        ["a & b & c Customer.email tier widens: NONE -> PARTIAL"]
    );
    assert!(Diff::new(&loaded(old), &loaded(&new)).widens());
}

#[test]
fn roles_that_nobody_can_have_together_are_not_compared_together() {
    let masking =
        crate::tests::fixture::MASKING.replace("[audiences]", "[audiences]\nb = \"them\"");
    let allow = format!("{SEEN}p,a,financial.income,full,true,allow\np,b,public,full,true,allow\n");
    let denied = format!("{allow}p,b,financial,full,true,deny\n");
    let set = |rules: &str| super::written(crate::tests::CLASSES, rules, &masking);
    assert_eq!(super::told(&set(&denied), &set(&allow)), none());
}

#[test]
fn what_may_be_written_is_told_and_is_no_disclosure() {
    let new = format!(
        "{SEEN}p,a,Customer,create,true,allow\np,a,Customer,update,row.consent,allow\np,a,Customer,delete,true,allow"
    );
    let diff = Diff::new(&loaded(SEEN), &loaded(&new));
    assert!(!diff.widens());
    insta::assert_snapshot!(rules(SEEN, &new).join("\n"), @r"
    a Customer, Customer.* create widens: - -> always
    a Customer, Customer.* update widens: - -> where row.consent
    a Customer delete widens: - -> always
    ");
    for action in [
        "row",
        "lookup",
        "aggregate",
        "export",
        "full",
        "partial",
        "desensitized",
    ] {
        let new = format!("{SEEN}p,a,Employee,{action},true,allow");
        assert!(Diff::new(&loaded(SEEN), &loaded(&new)).widens(), "{action}");
        assert!(
            !Diff::new(&loaded(&new), &loaded(SEEN)).widens(),
            "{action}"
        );
    }
}

#[test]
fn what_cannot_be_proved_either_way_counts_as_more() {
    let old = format!("{SEEN}p,a,Customer.email,full,row.department_id in user.departments,allow");
    let new =
        format!("{SEEN}p,a,Customer.email,full,row.department_id == user.department_id,allow");
    let diff = Diff::new(&loaded(&old), &loaded(&new));
    assert!(diff.widens());
    assert_eq!(
        rules(&old, &new),
        [
            "a Customer.email tier changed: FULL where row.department_id in user.departments -> FULL where row.department_id == user.department_id"
        ]
    );
}

#[test]
fn a_field_of_another_class_is_told_by_what_becomes_of_it() {
    let rules = format!("{SEEN}p,a,public,full,true,allow\np,a,pii,partial,true,allow");
    let classes = crate::tests::CLASSES;
    let moved = classes.replace(
        "Customer.email, pii.contact.email",
        "Customer.email, public",
    );
    let sets = [classes, &moved]
        .map(|classes| super::written(classes, &rules, crate::tests::fixture::MASKING));
    assert_eq!(
        super::told(&sets[0], &sets[1]),
        ["a Customer.email tier widens: PARTIAL -> FULL"]
    );
}
