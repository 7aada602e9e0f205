//! The policies of the reference application: they load, and tell the story that they should.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use chrono::{DateTime, Utc};
use serde_json::json;
use sudare_entities::Catalog;
use sudare_policies::condition::{Condition, Truth};
use sudare_policies::decision::{Action, Tier};
use sudare_policies::maskers::MaskingKey;
use sudare_policies::matrix::{Matrix, Shown};
use sudare_policies::shape::Shape;
use sudare_policies::{PolicySet, Principal, View};

use crate::harness::{ROLES, policies};

static SHAPE: LazyLock<Shape> = LazyLock::new(|| sudare::shape::shape(&Catalog::new().unwrap()));

static POLICIES: LazyLock<Arc<PolicySet>> = LazyLock::new(|| {
    let key = MaskingKey::new(b"a masking key of the tests only!").unwrap();
    let set = PolicySet::load(&policies(), &SHAPE, &key);
    Arc::new(set.unwrap_or_else(|errors| panic!("{errors}")))
});

/// Somebody with these roles.
fn somebody(roles: &[&str]) -> Principal {
    Principal {
        id: "7".to_owned(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        attributes: json!({ "department_id": 3 }).as_object().unwrap().clone(),
    }
}

fn now() -> DateTime<Utc> {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

/// What somebody with these roles sees; `None` if no token may have them together.
fn view(roles: &[&str]) -> Option<View> {
    POLICIES.view(somebody(roles), now()).ok()
}

/// Every set of one role or two that a token may have.
fn views() -> Vec<(Vec<&'static str>, View)> {
    let roles: Vec<&str> = POLICIES.roles().collect();
    let pairs = roles
        .iter()
        .flat_map(|one| roles.iter().map(move |other| [*one, *other]));
    pairs
        .filter(|[one, other]| one <= other)
        .filter_map(|pair| Some((pair.to_vec(), view(&pair)?)))
        .collect()
}

fn never(condition: &Condition) -> bool {
    *condition == Condition::Constant(Truth::False)
}

#[test]
fn roles_see_what_their_story_says() {
    let roles = ROLES.map(str::to_owned).to_vec();
    let table = Matrix::new(&POLICIES, roles, &somebody(&[]), now()).unwrap();
    let mut matrix = String::new();
    for entity in &table.entities {
        write!(matrix, "\n{:<20}", entity.name).unwrap();
        for role in &table.roles {
            write!(matrix, "{role:<14}").unwrap();
        }
        write!(matrix, "\n  {:<18}", "(rows)").unwrap();
        for rows in &entity.rows {
            write!(matrix, "{rows:<14}").unwrap();
        }
        for field in &entity.fields {
            write!(matrix, "\n  {:<18}", field.name).unwrap();
            for cell in &field.shown {
                write!(matrix, "{cell:<14}").unwrap();
            }
        }
        matrix.push('\n');
    }
    let lines: Vec<&str> = matrix.lines().map(str::trim_end).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn no_role_and_no_two_roles_reach_a_secret() {
    let views = views();
    assert!(
        views.len() > 2 * ROLES.len(),
        "only {} sets of roles",
        views.len()
    );
    let mut secrets = 0;
    for (roles, view) in &views {
        for (entity, field) in SHAPE.fields() {
            if !view.class(entity, field).starts_with("secret") {
                continue;
            }
            secrets += 1;
            let decision = view.decision(entity, field);
            assert_eq!(decision.constant(), Some(Tier::None), "{roles:?}");
            // Rows come and go whole; everything else speaks of the field.
            for action in Action::ALL
                .into_iter()
                .filter(|action| !matches!(action, Action::Row | Action::Delete))
            {
                assert!(
                    never(&view.may(entity, field, action)),
                    "{roles:?} may {action:?}"
                );
            }
        }
    }
    assert_eq!(secrets, views.len(), "a secret has been added or lost");
}

#[test]
fn no_two_roles_get_the_same_of_a_customer() {
    let customer = SHAPE.find("Customer").unwrap();
    let fields = [
        "fullName",
        "phone",
        "email",
        "nationalId",
        "annualIncome",
        "birthDate",
    ];
    let mut seen = BTreeMap::new();
    for role in ROLES {
        let view = view(&[role]).unwrap();
        let tiers = fields.map(|name| {
            let fields = &SHAPE.entities[customer].fields;
            let field = fields.iter().position(|field| field.name == name).unwrap();
            Shown::of(view.decision(customer, field)).to_string()
        });
        let rows = format!("{:?}", view.row(customer));
        if let Some(other) = seen.insert((rows, tiers), role) {
            panic!("{role} gets what {other} gets");
        }
    }
}

#[test]
fn two_audiences_never_meet_in_one_token() {
    let inside = [
        "admin",
        "sales",
        "support",
        "analyst",
        "marketing",
        "auditor",
    ];
    for role in inside {
        for outside in ["partner", "customer"] {
            assert!(view(&[role, outside]).is_none(), "{role} and {outside}");
        }
        for other in inside {
            assert!(view(&[role, other]).is_some(), "{role} and {other}");
        }
    }
    assert!(view(&["partner", "customer"]).is_none());
}

#[test]
fn marketing_loses_sight_of_money_whatever_else_it_is() {
    let customer = SHAPE.find("Customer").unwrap();
    let fields = &SHAPE.entities[customer].fields;
    for (roles, view) in views() {
        for (field, known) in fields.iter().enumerate() {
            if view.class(customer, field).starts_with("financial") && roles.contains(&"marketing")
            {
                let tier = view.decision(customer, field).constant();
                assert_eq!(tier, Some(Tier::None), "{roles:?} {}", known.name);
            }
        }
    }
}

#[test]
fn the_compiled_policies_agree_with_casbin() {
    let mut seen = 0;
    let agreement = POLICIES.agree(now(), |done, all| {
        assert!(seen < done && done <= all);
        seen = done;
    });
    let agreement = agreement.unwrap_or_else(|error| panic!("{error}"));
    assert!(agreement.decisions > 100_000, "{agreement:?}");
}

#[test]
fn nothing_in_the_policies_is_hardly_meant() {
    let findings = POLICIES.lint(now());
    let told = findings
        .iter()
        .map(|finding| format!("{}: {}", finding.lint.id(), finding.told.message));
    let told: Vec<String> = told.collect();
    // what a browser tells of itself is seen by nobody but admin
    assert_eq!(
        told,
        ["unmentioned-class: no rule mentions the class `pii.device`"]
    );
}
