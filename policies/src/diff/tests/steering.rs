//! What may be written and decides what may be seen.

use super::{CLASSES, Diff, MASKING, loaded, rules, told, written};

const SEEN: &str = "p,a,Customer,row,true,allow\np,a,pii.contact,partial,true,allow\np,b,Customer,row,true,allow\n\
                    p,a,pii.contact,full,row.owner_id == user.id,allow\n";

/// Whether more is disclosed by such a rule beside these, and less without it.
fn widens(seen: &str, rule: &str) -> bool {
    let (without, with) = (loaded(seen), loaded(&format!("{seen}{rule}\n")));
    assert!(!Diff::new(&with, &without).widens(), "without {rule}");
    Diff::new(&without, &with).widens()
}

#[test]
fn whoever_may_set_what_a_tier_hangs_on_may_see_more() {
    for action in ["create", "update"] {
        let rule = format!("p,a,Customer.ownerId,{action},row.consent,allow");
        assert_eq!(
            rules(SEEN, &format!("{SEEN}{rule}")),
            [format!(
                "a Customer.ownerId {action} widens: - -> where row.consent; what they may see depends on this"
            )]
        );
        assert!(widens(SEEN, &rule));
    }
    let narrow = format!("{SEEN}p,a,Customer.ownerId,update,row.consent,allow\n");
    assert!(widens(&narrow, "p,a,Customer.ownerId,update,true,allow"));
}

#[test]
fn other_columns_and_other_roles_are_no_disclosure() {
    for rule in [
        "p,a,Customer.departmentId,update,true,allow",
        "p,a,Customer.email,update,true,allow",
        "p,a,Customer,delete,true,allow",
        "p,b,Customer.ownerId,update,true,allow",
    ] {
        assert!(!widens(SEEN, rule), "{rule}");
    }
    // a condition that decides nothing
    let all = format!("{SEEN}p,a,pii.contact,full,true,allow\n");
    assert!(!widens(&all, "p,a,Customer.ownerId,update,true,allow"));
    // roles that stand alike are told apart
    let new = format!("{SEEN}p,a,Customer,update,true,allow\np,b,Customer,update,true,allow\n");
    insta::assert_snapshot!(rules(SEEN, &new).join("\n"), @r"
    a Customer.ownerId update widens: - -> always; what they may see depends on this
    a|b Customer, Customer.{id, fullName, email, income, birth, createdAt, consent, stage, score, preferences, departmentId} update widens: - -> always
    b Customer.ownerId update widens: - -> always
    ");
}

#[test]
fn rows_sums_lookups_exports_and_denies_hang_on_columns_as_tiers_do() {
    for seen in [
        "p,b,Customer,row,row.owner_id == user.id,allow\n",
        "p,b,Customer.income,aggregate,row.owner_id != user.id,allow\n",
        "p,b,Customer.email,lookup,row.owner_id in user.departments,allow\n",
        "p,b,Customer,export,row.owner_id == null,allow\n",
        "p,b,Customer.email,desensitized,!(row.owner_id == user.id),allow\n",
        "p,b,Customer.email,full,true,allow\np,b,Customer.email,full,row.owner_id in [7],deny\n",
    ] {
        assert!(
            widens(seen, "p,b,Customer.ownerId,update,true,allow"),
            "{seen}"
        );
        assert!(
            !widens(seen, "p,b,Customer.stage,update,true,allow"),
            "{seen}"
        );
    }
}

#[test]
fn each_reference_on_the_way_to_a_column_counts() {
    let seen = "p,b,Order,row,row.customer.owner.department.name == 'north',allow\n";
    for column in [
        "Order.customerId",
        "Customer.id",
        "Customer.ownerId",
        "Employee.departmentId",
        "Department.name",
    ] {
        let rule = format!("p,b,{column},update,true,allow");
        assert!(widens(seen, &rule), "{rule}");
    }
    for column in ["Order.total", "Customer.departmentId", "Employee.name"] {
        let rule = format!("p,b,{column},update,true,allow");
        assert!(!widens(seen, &rule), "{rule}");
    }
}

#[test]
fn what_lets_one_write_such_a_column_counts_as_it_does() {
    let seen = format!("{SEEN}p,a,Customer.ownerId,update,row.stage == 'LOST',allow\n");
    assert!(widens(&seen, "p,a,Customer.stage,update,row.consent,allow"));
    assert!(!widens(&seen, "p,a,Customer.consent,update,true,allow"));
    let stage = format!("{seen}p,a,Customer.stage,update,row.consent,allow\n");
    assert!(widens(&stage, "p,a,Customer.consent,update,true,allow"));
}

#[test]
fn a_deny_of_another_role_that_is_gone_lets_two_roles_write() {
    let may = format!("{SEEN}p,a,Customer.ownerId,update,true,allow\n");
    let denied = format!("{may}p,b,Customer.ownerId,update,true,deny\n");
    assert_eq!(
        rules(&denied, &may),
        ["a & b Customer.ownerId update widens: - -> always; what they may see depends on this"]
    );
    // be it that the other one brings the condition
    let may =
        "p,b,Customer.ownerId,update,true,allow\np,a,Customer.email,full,row.owner_id == 7,deny\n";
    let denied = format!("{may}p,a,Customer.ownerId,update,true,deny\n");
    assert!(Diff::new(&loaded(&denied), &loaded(may)).widens());
}

#[test]
fn a_check_that_is_gone_counts_where_the_column_does() {
    let checked = format!("{MASKING}\n[field.\"Customer.email\"]\ncheck = \"email\"\n");
    let seen = format!("{SEEN}p,a,Customer.email,update,true,allow\n");
    for (rule, told_as) in [
        ("", "email -> -"),
        (
            "p,a,Customer.income,full,row.email == user.name,allow\n",
            "email -> -; what they may see depends on this",
        ),
    ] {
        let rules = format!("{seen}{rule}");
        let (old, new) = (
            written(CLASSES, &rules, &checked),
            written(CLASSES, &rules, MASKING),
        );
        assert_eq!(
            told(&old, &new),
            [format!("a Customer.email check widens: {told_as}")]
        );
        assert_eq!(Diff::new(&old, &new).widens(), !rule.is_empty());
        assert!(!Diff::new(&new, &old).widens());
    }
}
