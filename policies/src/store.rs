//! Casbin: the store of rules and roles, and the enforcer that must agree with the compiled form.
//!
//! Rules go in through casbin's API, never its CSV reader, which drops damaged rows. A condition goes in as the line of its
//! rule: casbin rewrites `p.` and `r.` inside texts. `g` and `g2` share one graph, so names are prefixed inside.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use casbin::function_map::OperatorFunction;
use casbin::rhai::Dynamic;
use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi, RbacApi};

use crate::classes::Classes;
use crate::decision::Action;
use crate::files::MODEL;
use crate::roles::Roles;
use crate::rules::{self, Effect, Rule};
use crate::shape::Shape;

const ROLE: &str = "role:";
const CLASS: &str = "class:";

/// Casbin, filled.
pub(crate) struct Store {
    enforcer: Enforcer,
}

/// Casbin did not take what we gave it: a bug, and never a reason to show anything.
#[derive(Clone, Debug, thiserror::Error)]
#[error("casbin refuses the rules: {0}")]
pub(crate) struct StoreError(String);

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

impl From<casbin::Error> for StoreError {
    fn from(error: casbin::Error) -> Self {
        Self(error.to_string())
    }
}

impl Store {
    /// Fills casbin with checked rules, roles and classes.
    pub(crate) fn new(
        rules: &[Rule],
        inherits: &[(String, String)],
        shape: &Shape,
        classes: &Classes,
    ) -> Result<Self, StoreError> {
        let model = ready(DefaultModel::from_str(MODEL))??;
        let mut enforcer = ready(Enforcer::new(model, MemoryAdapter::default()))??;
        enforcer.add_function("hasRole", OperatorFunction::Arg2(has_role));
        enforcer.add_function("covers", OperatorFunction::Arg2(covers));
        enforcer.add_function("holds", OperatorFunction::Arg3(holds));
        let rows: Vec<Vec<String>> = rules.iter().map(row).collect();
        let roles: Vec<Vec<String>> = inherits
            .iter()
            .map(|(role, inherited)| vec![format!("{ROLE}{role}"), format!("{ROLE}{inherited}")])
            .collect();
        let fields: Vec<Vec<String>> = shape
            .fields()
            .map(|(entity, field)| {
                vec![
                    shape.coordinate(entity, field),
                    format!("{CLASS}{}", classes.of(entity, field)),
                ]
            })
            .collect();
        let expected = rows.len();
        if !rows.is_empty() {
            ready(enforcer.add_named_policies("p", rows))??;
        }
        if !roles.is_empty() {
            ready(enforcer.add_named_grouping_policies("g", roles))??;
        }
        if !fields.is_empty() {
            ready(enforcer.add_named_grouping_policies("g2", fields))??;
        }
        if enforcer.get_named_policy("p").len() != expected {
            return Err(StoreError("it keeps fewer than there are".to_owned()));
        }
        Ok(Self { enforcer })
    }

    /// The rules as casbin holds them, with the parts that casbin has no room for taken from the checked ones.
    pub(crate) fn rules(&self, checked: &[Rule]) -> Result<Vec<Rule>, StoreError> {
        let odd =
            |row: &[String]| StoreError(format!("row `{}` came back changed", row.join(", ")));
        let by_line: HashMap<usize, &Rule> = checked.iter().map(|rule| (rule.line, rule)).collect();
        self.enforcer
            .get_named_policy("p")
            .iter()
            .map(|stored| {
                let [role, object, name, when, eft] = stored.as_slice() else {
                    return Err(odd(stored));
                };
                let line: usize = when.parse().map_err(|_| odd(stored))?;
                let original = *by_line.get(&line).ok_or_else(|| odd(stored))?;
                let rule = Rule {
                    role: role
                        .strip_prefix(ROLE)
                        .ok_or_else(|| odd(stored))?
                        .to_owned(),
                    object: object.clone(),
                    action: rules::action(name).map_err(|_| odd(stored))?,
                    effect: rules::effect(eft).map_err(|_| odd(stored))?,
                    ..original.clone()
                };
                if row(&rule) == row(original) {
                    Ok(rule)
                } else {
                    Err(odd(stored))
                }
            })
            .collect()
    }

    /// The role graph as casbin holds it.
    pub(crate) fn roles(&self, rules: &[Rule]) -> Roles {
        let pairs = self.enforcer.get_named_grouping_policy("g");
        let pairs = pairs.iter().filter_map(|pair| match pair.as_slice() {
            [role, inherited] => Some((role.strip_prefix(ROLE)?, inherited.strip_prefix(ROLE)?)),
            _ => None,
        });
        Roles::new(rules.iter().map(|rule| rule.role.as_str()), pairs)
    }

    /// What casbin's enforcer says. `truths` is the truth of the condition of each rule, by line.
    pub(crate) fn enforce(
        &self,
        roles: impl IntoIterator<Item = impl AsRef<str>>,
        coordinate: &str,
        action: Action,
        truths: &[(usize, &str)],
    ) -> Result<bool, StoreError> {
        let mut closed = Vec::new();
        for role in roles {
            let role = format!("{ROLE}{}", role.as_ref());
            closed.extend(self.enforcer.get_implicit_roles_for_user(&role, None));
            closed.push(role);
        }
        let class = self
            .enforcer
            .get_role_manager()
            .read()
            .get_roles(coordinate, None);
        let class = class
            .first()
            .and_then(|class| class.strip_prefix(CLASS))
            .unwrap_or_default();
        let context: Vec<String> = truths
            .iter()
            .map(|(line, truth)| format!("{line}={truth}"))
            .collect();
        Ok(self.enforcer.enforce(vec![
            closed.join("\n"),
            format!("{coordinate}\n{class}"),
            action.name().to_owned(),
            context.join("\n"),
        ])?)
    }
}

fn row(rule: &Rule) -> Vec<String> {
    let eft = match rule.effect {
        Effect::Allow => "allow",
        Effect::Deny => "deny",
    };
    vec![
        format!("{ROLE}{}", rule.role),
        rule.object.clone(),
        rule.action.name().to_owned(),
        rule.line.to_string(),
        eft.to_owned(),
    ]
}

/// Casbin's API is asynchronous for adapters that wait; the one in memory never does.
fn ready<T>(future: impl Future<Output = T>) -> Result<T, StoreError> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Ok(value),
        Poll::Pending => Err(StoreError("it waits for something".to_owned())),
    }
}

/// `hasRole(roles, role)`: casbin takes plain functions only, so the closed set of roles comes as lines.
#[expect(clippy::needless_pass_by_value, reason = "casbin passes values")]
fn has_role(roles: Dynamic, role: Dynamic) -> Dynamic {
    let role = role.to_string();
    roles.to_string().lines().any(|own| own == role).into()
}

/// `covers(coordinate and class, object)`, on the words alone.
#[expect(clippy::needless_pass_by_value, reason = "casbin passes values")]
fn covers(asked: Dynamic, object: Dynamic) -> Dynamic {
    let (asked, object) = (asked.to_string(), object.to_string());
    let (coordinate, class) = asked.split_once('\n').unwrap_or((&asked, ""));
    let entity = coordinate.split('.').next().unwrap_or_default();
    let is_class = |prefix: &str| {
        !class.is_empty() && (class == prefix || class.starts_with(&format!("{prefix}.")))
    };
    let covered = object == "*"
        || object == coordinate
        || object == entity
        || is_class(&object)
        || object
            .strip_prefix(&format!("{entity}:"))
            .is_some_and(is_class);
    covered.into()
}

/// `holds(truths, rule, effect)`: what is unknown, or not told at all, keeps an allow from holding and lets a deny hold.
#[expect(clippy::needless_pass_by_value, reason = "casbin passes values")]
fn holds(truths: Dynamic, line: Dynamic, eft: Dynamic) -> Dynamic {
    let (truths, line) = (truths.to_string(), line.to_string());
    let truth = truths
        .lines()
        .find_map(|entry| match entry.split_once('=') {
            Some((own, truth)) if own == line => Some(truth),
            _ => None,
        });
    match truth {
        Some("true") => true,
        Some("false") => false,
        _ => eft.to_string() == "deny",
    }
    .into()
}
