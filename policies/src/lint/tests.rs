//! What lints tell, and that it is true.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::{Finding, Lint};
use crate::decision::Action;
use crate::report::Report;
use crate::tests::fixture::{CLASSES, MASKING, key, now, set, shape};
use crate::tests::{Cells, strategies};
use crate::{PolicyFiles, PolicySet, Principal};

/// Rules that are all meant; a case adds to them.
const SOUND: &str = "\
p, clerk, Customer, row, row.owner_id == user.id, allow
p, clerk, *, row, user.purpose == 'audit', allow
p, clerk, public, full, true, allow
p, clerk, pii, full, row.owner_id == 7, deny
p, boss, key, full, true, allow
p, boss, staff, full, true, allow
p, boss, behavior, full, true, allow
p, boss, commerce, full, true, allow
p, boss, financial, aggregate, true, allow
p, boss, commerce, aggregate, true, allow
g, boss, clerk
";

const CASES: &[(&str, &str)] = &[
    (
        "a rule that an inherited one covers",
        "p, boss, Customer.stage, full, true, allow",
    ),
    (
        "a rule that a wider condition covers",
        "p, boss, Customer, row, row.owner_id == user.id && row.consent, allow",
    ),
    (
        "a rule that two others cover",
        "p, boss, Department, full, row.id == 7, allow\np, boss, Department, full,\"row.id in [7, 8]\", allow",
    ),
    (
        "two rules that say the same",
        "p, boss, Customer:pii, partial, row.consent == true, allow\np, boss, Customer:pii, partial, row.consent, allow",
    ),
    (
        "a deny within a deny",
        "p, boss, Customer:pii.contact, full, row.owner_id == 7 && row.consent, deny",
    ),
    (
        "an allow that an inherited deny beats",
        "p, boss, Customer.email, full, row.owner_id in [7], allow\np, clerk, Customer.income, full, true, deny\np, boss, financial, full, true, allow",
    ),
    (
        "conditions that never hold",
        "p, boss, Order, row, row.total > 3 && false, allow\n\
         p, boss, Customer, update, row.stage == 'ACTIVE' && row.consent && row.stage == 'LOST', allow\n\
         p, boss, Customer, delete, row.owner_id == null && row.owner_id in [7], allow",
    ),
    (
        "a condition that could be unknown, and so hold in a deny",
        "p, boss, Customer, delete, true, allow\np, boss, Customer, delete, row.owner_id == 1 && row.owner_id == 2, deny",
    ),
    (
        "a time that is over, and one that is not",
        "p, boss, Customer, delete, now < '2026-01-01T00:00:00Z', allow\n\
         p, boss, Customer, export, now < '2027-01-01T00:00:00Z', allow",
    ),
    (
        "a grant on what is nobody's",
        "p, boss, commerce, full, row.total > 3, deny",
    ),
    (
        "a role without rows",
        "p, ghost, Customer.email, full, true, allow",
    ),
    (
        "lookups by what has no blind index, and by what has one",
        "p, boss, commerce, lookup, true, allow\np, boss, pii, lookup, true, allow\np, boss, key, lookup, true, deny",
    ),
    (
        "what no row is there for",
        "p, guest, Department, row, true, allow\np, guest, Order, full, true, allow\np, guest, commerce, lookup, true, allow",
    ),
];

fn findings(rules: &str, masking: &str) -> Vec<Finding> {
    let files = PolicyFiles::from_memory(format!("{rules}{CLASSES}"), masking);
    let set = PolicySet::from_files(&files, &shape(), &key());
    set.unwrap_or_else(|errors| panic!("{errors}")).lint(now())
}

/// Whose data the rows of one entity are; those of the others are nobody's.
fn with_subject(masking: &str) -> String {
    format!("{masking}[subject.\"Customer\"]\nkey = \"id\"\n")
}

fn of_rules(finding: &Finding) -> bool {
    finding.lint != Lint::IdleMask && finding.lint != Lint::UnmentionedClass
}

#[test]
fn what_is_hardly_meant_is_told_with_its_place_and_cure() {
    let mut told = String::new();
    let masking = with_subject(MASKING);
    let none: Vec<Finding> = findings(SOUND, &masking)
        .into_iter()
        .filter(of_rules)
        .collect();
    assert_eq!(none, []);
    for (name, rules) in CASES {
        let mut findings = findings(&format!("{SOUND}{rules}\n"), &masking);
        findings.retain(of_rules);
        let shown = Report::new(false, 120).findings(&findings);
        writeln!(told, "# {name}\n{shown}\n").unwrap();
    }
    insta::assert_snapshot!("rules", told);
}

#[test]
fn masks_classes_and_audiences_are_looked_at() {
    let masking = "\
[audiences]
boss = \"abroad\"
clerk = \"home\"
[class.\"pii\"]
partial = { masker = \"null\" }
[class.\"pii.contact\"]
partial = { masker = \"null\" }
desensitized = { masker = \"null\" }
[field.\"Customer.email\".partial]
masker = \"null\"
[class.\"financial\"]
aggregate = { round = 1000 }
[field.\"Customer.income\".aggregate]
round = 5
";
    let rules = format!("{SOUND}p, clerk, Customer:pii, partial, row.consent, allow\n");
    let rules = rules.replace("p, boss, behavior, full", "p, boss, Customer, full");
    let findings = findings(&rules, &with_subject(masking));
    insta::assert_snapshot!("names", Report::new(false, 120).findings(&findings));
}

#[test]
fn a_field_that_all_see_is_told_unless_it_is_public() {
    let rules = "\
p, a, *, row, true, allow
p, a, *, full, true, allow
p, b, *, row, true, allow
p, b, Order, full, true, allow
p, b, Customer.email, full, true, allow
p, b, Customer.birth, full, row.consent, allow
p, b, public, full, true, allow
p, b, Customer.income, full, true, allow
p, a, Customer.income, full, row.consent, deny
";
    let findings = findings(rules, MASKING);
    let seen: Vec<&str> = findings
        .iter()
        .filter(|finding| finding.lint == Lint::SeenByAll)
        .map(|finding| finding.told.message.as_str())
        .collect();
    let expected = ["Customer.email", "Order.id", "Order.total"];
    let expected = expected.map(|field| format!("every role sees `{field}` in full"));
    assert_eq!(seen, expected);
}

/// Whether a rule of this condition is told to ask for what excludes itself.
fn is_contradiction(condition: &str) -> bool {
    let rule = format!("{SOUND}p, boss, Customer, update,\"{condition}\", allow\n");
    let mut findings = findings(&rule, MASKING).into_iter();
    findings.any(|finding| finding.lint == Lint::Contradiction)
}

#[test]
fn what_excludes_itself_is_told_and_nothing_else_is() {
    for never in [
        "row.owner_id < 5 && row.owner_id >= 5",
        "row.owner_id == row.department_id && row.owner_id != row.department_id",
        "row.owner_id in user.ids && !(row.owner_id in user.ids)",
        "!(row.owner_id in user.ids) && row.owner_id in user.ids",
        "row.owner_id == null && row.owner_id < 5",
        "row.owner_id < 5 && row.owner_id == null",
        "row.owner_id == null && row.owner_id in user.ids",
        "row.owner_id in user.ids && row.owner_id == null",
        "row.owner_id in [1, 2] && row.consent && row.owner_id == 3",
        "(row.owner_id == 1 && row.owner_id == 2) || (row.owner_id == 3 && row.owner_id == 4)",
        "(row.owner_id == 1 && row.owner_id == 2) || false",
    ] {
        assert!(is_contradiction(never), "{never}");
    }
    for may in [
        "row.owner_id < 5 && row.department_id >= 5",
        "row.owner_id < 5 && row.owner_id >= 4",
        "row.owner_id < 5 && row.owner_id > 3",
        "row.owner_id in user.ids && !(row.department_id in user.ids)",
        "row.owner_id in user.ids && !(row.owner_id in user.others)",
        "row.owner_id == null && row.department_id < 5",
        "row.owner_id == null && row.department_id in user.ids",
        "row.owner_id == null && row.department_id == null",
        "row.owner_id in [1, 2] && row.owner_id in [2, 3]",
        "row.owner_id in [1, 2] && row.department_id == 3",
        "(row.owner_id == 1 && row.owner_id == 2) || row.owner_id == 3",
    ] {
        assert!(!is_contradiction(may), "{may}");
    }
}

/// Whether the second rule is told to be idle beside the first.
fn is_idle(first: &str, second: &str) -> bool {
    let rules = format!("p, a, *, row, true, allow\n{first}\n{second}\n");
    let mut findings = findings(&rules, MASKING).into_iter();
    findings.any(|finding| {
        finding.told.line == 3 && matches!(finding.lint, Lint::BeatenRule | Lint::ShadowedRule)
    })
}

#[test]
fn a_rule_is_idle_where_another_says_as_much_on_every_row() {
    let with = |condition: &str| format!("p, a, Customer, update,\"{condition}\", allow");
    for (wide, narrow) in [
        (
            "row.owner_id in [7, 8] && row.consent",
            "row.owner_id == 7 && row.consent",
        ),
        ("row.consent || row.owner_id == 7", "row.owner_id == 7"),
        (
            "row.owner_id in [7, 8]",
            "row.owner_id == 7 || row.owner_id == 8",
        ),
    ] {
        assert!(is_idle(&with(wide), &with(narrow)), "{narrow}");
        assert!(
            !is_idle(&with(narrow), &with(wide)) || narrow.contains("||"),
            "{wide}"
        );
    }
    // an update is refused row by row; only an entity as such exists whatever becomes of some rows
    let deny = |action: &str| format!("p, a, Customer, {action}, row.consent, deny");
    let allow = |action: &str| format!("p, a, Customer, {action}, row.consent, allow");
    assert!(is_idle(&deny("update"), &allow("update")));
    assert!(!is_idle(&deny("create"), &allow("create")));
}

/// Conditions that often follow from one another.
fn condition() -> impl Strategy<Value = String> {
    let atoms = [
        "true",
        "row.owner_id == 7",
        "row.owner_id in [7, 8]",
        "row.owner_id == null",
        "row.owner_id != 7",
        "row.consent",
        "row.stage == 'LOST'",
        "user.purpose == 'audit'",
        "now < '2026-02-01T00:00:00Z'",
        "false",
    ];
    select(atoms.to_vec())
        .prop_map(str::to_owned)
        .prop_recursive(2, 6, 2, |inner| {
            prop_oneof![
                (inner.clone(), inner.clone())
                    .prop_map(|(one, other)| format!("({one} && {other})")),
                (inner.clone(), inner.clone())
                    .prop_map(|(one, other)| format!("({one} || {other})")),
                inner.prop_map(|one| format!("!({one})")),
            ]
        })
}

const ROLES: [&str; 3] = ["a", "b", "c"];

fn rules() -> impl Strategy<Value = Vec<String>> {
    let objects = [
        "Customer",
        "Customer:pii",
        "Customer.email",
        "Customer:public",
    ];
    let actions = [Action::Row, Action::Full, Action::Partial, Action::Update];
    let rule = (
        select(&ROLES[..]),
        select(objects.to_vec()),
        select(actions.to_vec()),
        condition(),
        select(&["allow", "allow", "deny"][..]),
    )
        .prop_map(|(role, object, action, when, effect)| {
            let object = match action {
                Action::Row => "Customer",
                _ => object,
            };
            format!("p,{role},{object},{},\"{when}\",{effect}", action.name())
        });
    let pairs = ["g,a,b", "g,b,c", "g,a,c"].map(str::to_owned).to_vec();
    (
        proptest::collection::btree_set(rule, 1..24),
        subsequence(pairs, 0..=3),
    )
        .prop_map(|(rules, pairs)| {
            // every role has a rule of its own that stays, so that inheriting it is no error
            let every =
                ROLES.map(|role| format!("p,{role},Order,lookup,user.nobody == '{role}',allow"));
            [every.to_vec(), pairs, rules.into_iter().collect()].concat()
        })
}

/// Everything that is decided for somebody about a row.
fn decided(set: &Arc<PolicySet>, who: &Principal, row: &Cells) -> String {
    let view = set.view(who.clone(), now()).unwrap();
    let mut told = String::new();
    for (entity, known) in shape().entities.iter().enumerate() {
        let exists = if view.exists(entity) {
            "exists"
        } else {
            "absent"
        };
        write!(told, "\n{} {exists}", known.name).unwrap();
        for action in [
            Action::Row,
            Action::Create,
            Action::Update,
            Action::Delete,
            Action::Export,
        ] {
            write!(told, " {}", view.may_entity(entity, action).holds(row)).unwrap();
        }
    }
    for (entity, field) in shape().fields() {
        let tier = view.decision(entity, field).tier(row);
        write!(told, "\n{} {tier:?}", shape().coordinate(entity, field)).unwrap();
        let actions = Action::ALL.into_iter();
        for action in actions.filter(|action| !matches!(action, Action::Row | Action::Delete)) {
            write!(told, " {}", view.may(entity, field, action).holds(row)).unwrap();
        }
    }
    told
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn rules_that_are_told_to_be_idle_change_no_decision(
        rules in rules(),
        roles in subsequence(ROLES.to_vec(), 1..=3),
        who in proptest::collection::vec(strategies::who(), 3),
        rows in proptest::collection::vec(strategies::row(), 4),
    ) {
        let whole = set(&rules.join("\n")).unwrap_or_else(|errors| panic!("{errors}"));
        let first = CLASSES.lines().count();
        let findings = whole.lint(now());
        let without = |last: Lint| {
            let told = findings.iter().filter(|finding| finding.lint <= last);
            let idle: BTreeSet<usize> = told.map(|finding| finding.told.line - first - 1).collect();
            let left = rules.iter().enumerate().filter(|(at, _)| !idle.contains(at));
            let left: Vec<&str> = left.map(|(_, rule)| rule.as_str()).collect();
            set(&left.join("\n")).unwrap_or_else(|errors| panic!("{errors}"))
        };
        let (less, least) = (without(Lint::ExpiredRule), without(Lint::Contradiction));
        for mut who in who {
            who.roles = roles.iter().map(|role| (*role).to_owned()).collect();
            for row in &rows {
                let all = decided(&whole, &who, row);
                prop_assert_eq!(&all, &decided(&less, &who, row), "{}\n{:?}", rules.join("\n"), findings);
                // what contradicts itself is no row, and yet an entity that exists
                let names = |told: &str| told.replace("exists", "").replace("absent", "");
                let least = names(&decided(&least, &who, row));
                prop_assert_eq!(names(&all), least, "{}\n{:?}", rules.join("\n"), findings);
            }
        }
    }
}
