//! Cases: met and not met, and everything that can be wrong with a file of them.

use std::sync::Arc;

use super::{Outcome, TestFile, run};
use crate::tests::{CLASSES, set};
use crate::{PolicyErrors, PolicySet};

const RULES: &str = "
p, support, Customer, row, row.department_id == user.department_id, allow
p, support, pii.contact, partial, true, allow
p, support, Customer:pii.contact, full, row.owner_id == user.id, allow
p, support, Customer, create, row.owner.department_id == user.department_id, allow
p, intern, pii.contact, full, true, deny
";

fn policies() -> Arc<PolicySet> {
    set(RULES).unwrap()
}

fn outcome(text: &str) -> Result<Outcome, PolicyErrors> {
    let file = TestFile {
        path: "policies/tests/some.yaml".to_owned(),
        text: text.to_owned(),
    };
    run(&policies(), &[file], None)
}

/// The line of the rule that has these words.
fn line(words: &str) -> usize {
    let all = format!("{CLASSES}{RULES}");
    1 + all.lines().position(|line| line.contains(words)).unwrap()
}

const GOOD: &str = "
roles: [support]
user: { id: 7, department_id: 3 }
cases:
  - name: their own
    entity: Customer
    row: { owner_id: 7, department_id: 3, email: ann@example.org, income: 10.50 }
    fields: { email: { tier: FULL, shown: ann@example.org }, income: NONE }
  - name: that of a colleague
    entity: Customer
    row: { owner_id: 8, department_id: 3, email: ann@example.org }
    fields: { email: { tier: PARTIAL, shown: null } }
    may: { email.update: false }
  - name: of another department
    entity: Customer
    row: { owner_id: 7, department_id: 4 }
    visible: false
  - name: made for a colleague next door
    user: { id: 7, department_id: \"3\" }
    entity: Customer
    row: { owner.department_id: 3 }
    may: { create: true }
  - name: by an intern
    roles: [support, intern]
    entity: Customer
    row: { owner_id: 7, department_id: 3 }
    fields: { email: PARTIAL }
";

#[test]
fn what_is_as_expected_is_counted() {
    let outcome = outcome(GOOD).unwrap();
    assert_eq!(outcome.failures, []);
    assert_eq!((outcome.cases, outcome.checks), (5, 12));
    let coverage = outcome.coverage;
    assert_eq!((coverage.rules_tested, coverage.rules), (5, 5));
    assert_eq!((coverage.fields_tested, coverage.fields), (2, 20));
    assert_eq!(
        (coverage.rule_percentage(), coverage.field_percentage()),
        (100, 10)
    );
    assert!(
        coverage
            .untested_fields
            .contains(&"Customer.birth".to_owned())
    );
}

#[test]
fn a_rule_that_decided_nothing_is_untested() {
    let cases = GOOD.split("  - name: that of").next().unwrap();
    let coverage = outcome(cases).unwrap().coverage;
    let untested: Vec<usize> = coverage
        .untested_rules
        .iter()
        .map(|rule| rule.line)
        .collect();
    // the partial rule holds, but the full one decided
    let expected = ["pii.contact, partial", "Customer, create", "p, intern"].map(line);
    assert_eq!(untested, expected);
    assert_eq!(coverage.rule_percentage(), 40);
}

#[test]
fn what_is_not_as_expected_is_told_with_the_rule_that_decided() {
    let wrong = GOOD
        .replace("tier: FULL, shown: ann@", "tier: FULL, shown: bob@")
        .replace("fields: { email: PARTIAL }", "fields: { email: FULL }")
        .replace("visible: false", "visible: true")
        .replace("create: true", "create: false");
    let failures = outcome(&wrong).unwrap().failures;
    let told = failures.iter().map(|failure| {
        format!(
            "{} {}: {}: {}, not {}; {:?}",
            failure.line,
            failure.case,
            failure.what,
            failure.got,
            failure.expected,
            failure.decided_by
        )
    });
    let (full, create) = (line("row.owner_id"), line("Customer, create"));
    let (partial, intern) = (line("contact, partial"), line("p, intern"));
    let expected = [
        format!(
            "8 their own: Customer.email, shown: ann@example.org, not bob@example.org; [{full}]"
        ),
        "17 of another department: the row of Customer: hidden, not visible; []".to_owned(),
        format!(
            "22 made for a colleague next door: create of Customer: allowed, not refused; [{create}]"
        ),
        format!("27 by an intern: Customer.email: PARTIAL, not FULL; [{partial}, {intern}]"),
    ];
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

#[test]
fn a_filter_runs_what_it_names() {
    let file = |path: &str| TestFile {
        path: path.to_owned(),
        text: GOOD.to_owned(),
    };
    let files = [file("one.yaml"), file("two.yaml")];
    let cases = |filter| run(&policies(), &files, Some(filter)).unwrap().cases;
    assert_eq!([cases("two"), cases("intern"), cases("nothing")], [5, 2, 0]);
}

#[test]
fn a_column_that_a_rule_asks_for_must_be_in_the_row() {
    let text = GOOD.replace("owner_id: 8, ", "");
    let errors = outcome(&text).unwrap_err().to_string();
    assert_eq!(
        errors,
        "policies/tests/some.yaml:9:11: a rule or a masker asks for `owner_id`, of which the row says nothing; \
         add `owner_id: ..` to the row; `null` if it has none"
    );
}

/// Damage to a file, and what is said.
const DAMAGE: [(&str, &str, &str); 16] = [
    (
        "support]",
        "suport]",
        "2:9: unknown role `suport`; did you mean `support`?",
    ),
    (
        "roles: [support]\nuser",
        "user",
        "4:11: nobody asks; add `roles: [..]` to the case or to the file",
    ),
    (
        "fields: { email: P",
        "feilds: { email: P",
        "unknown key `feilds`; did you mean `fields`?",
    ),
    (
        "tier: FULL",
        "tear: FULL",
        "unknown key `tear`; did you mean `tier`?",
    ),
    (
        "entity: Customer",
        "entity: Custmer",
        "6:13: unknown entity `Custmer`; did you mean `Customer`?",
    ),
    (
        "entity: Customer",
        "entity: Customer.email",
        "6:13: this is a field; name its entity",
    ),
    (
        "{ owner_id: 7",
        "{ ownr_id: 7",
        "7:12: `Customer` has no column `ownr_id`; did you mean `owner_id`?",
    ),
    (
        "owner_id: 7",
        "owner_id: seven",
        "7:12: the value of `owner_id` is not a whole number; write a whole number",
    ),
    (
        "{ email: PARTIAL",
        "{ emial: PARTIAL",
        "unknown field `Customer.emial`; did you mean `Customer.email`?",
    ),
    (
        "email: PARTIAL",
        "email: PARTAL",
        "unknown tier `PARTAL`; did you mean `PARTIAL`?",
    ),
    (
        "create: true",
        "crate: true",
        "unknown action `crate`; did you mean `create`?",
    ),
    (
        "may: { create",
        "now: noon\n    may: { create",
        "`now` is not an instant; write it as",
    ),
    (
        "id: 7, department_id: 3 }",
        "id: [7] }",
        "write `user: { id: 7 }`",
    ),
    (
        "visible: false",
        "visible: false\n    fields: { email: NONE }",
        "says that the row is hidden",
    ),
    (
        "  - name: their own\n",
        "  - \n",
        "the key `name` is missing",
    ),
    ("cases:", "cases: {", "this is not a file of cases"),
];

#[test]
fn what_is_wrong_with_a_file_is_told_with_line_and_cure() {
    for (good, bad, told) in DAMAGE {
        assert!(GOOD.contains(good), "{good}");
        let errors = outcome(&GOOD.replacen(good, bad, 1))
            .unwrap_err()
            .to_string();
        assert!(
            errors.contains(told),
            "`{bad}` should say `{told}`, and says\n{errors}"
        );
        assert!(errors.starts_with("policies/tests/some.yaml:"), "{errors}");
    }
}

#[test]
fn one_key_written_twice_is_an_error() {
    let text = GOOD.replace("{ owner_id: 8", "{ owner_id: 8, owner_id: 9");
    assert!(outcome(&text).is_err());
}

#[test]
fn what_looks_like_a_number_or_a_truth_value_may_be_text() {
    let text = "
roles: [support]
user: { department_id: 3, id: 7 }
cases:
  - name: odd texts
    entity: Customer
    row: { department_id: 3, owner_id: 7, email: 01067 }
    fields: { email: { tier: FULL, shown: \"01067\" } }
  - name: odder ones
    entity: Customer
    row: { department_id: 3, owner_id: 7, email: NO }
    fields: { email: { tier: FULL, shown: \"NO\" } }
";
    assert_eq!(outcome(text).unwrap().failures, []);
}

#[test]
fn what_is_no_yaml_is_told_on_one_line_with_what_is_wrong() {
    let told = outcome("roles: [support\ncases: {")
        .unwrap_err()
        .to_string();
    assert_eq!(told.lines().count(), 1, "{told}");
    let (_, reason) = told.split_once("this is not a file of cases: ").unwrap();
    let (reason, _) = reason.split_once("; write it as").unwrap();
    assert!(reason.contains(' ') && reason.len() > 12, "{told}");
}

#[test]
fn numbers_are_compared_as_numbers() {
    let rules = "
p, boss, Customer, row, true, allow
p, boss, financial, full, true, allow
";
    let failures = |shown: &str| {
        let text = format!(
            "
roles: [boss]
cases:
  - name: an income
    entity: Customer
    row: {{ income: 10.50 }}
    fields: {{ income: {{ tier: FULL, shown: {shown} }} }}
"
        );
        let file = TestFile {
            path: "policies/tests/some.yaml".to_owned(),
            text,
        };
        run(&set(rules).unwrap(), &[file], None)
            .unwrap()
            .failures
            .len()
    };
    assert_eq!(
        [
            failures("10.50"),
            failures("10.5"),
            failures("11"),
            failures("0")
        ],
        [0, 0, 1, 1]
    );
}
