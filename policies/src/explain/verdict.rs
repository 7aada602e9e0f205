//! What the rules come to together.

use super::trace::Tracer;
use super::{Asked, RuleTrace, Section, TIERS, TierOutcome, TierStep, Verdict};
use crate::condition::{Condition, Truth};
use crate::decision::{Action, Tier};
use crate::rules::{Effect, Rule};
use crate::view::View;

impl View {
    pub(super) fn section(
        &self,
        asked: &Asked<'_>,
        field: Option<usize>,
        action: Action,
    ) -> Section {
        let ruling = self.ruling(asked.entity, field, action);
        let rules = ruling
            .into_iter()
            .flat_map(|ruling| ruling.allow.iter().chain(&ruling.deny));
        let mut rules: Vec<RuleTrace> = rules
            .filter_map(|rule| self.set().rules().get(*rule))
            .map(|rule| self.rule(asked, rule))
            .collect();
        rules.sort_by_key(|rule| rule.line);
        let settled = match field {
            Some(field) => self.may(asked.entity, field, action),
            None => self.may_entity(asked.entity, action),
        };
        let step = field.filter(|_| action == Action::Aggregate);
        let step = step.and_then(|field| self.rounding(asked.entity, field));
        let verdict = Verdict {
            action,
            allowed: allowed(&rules),
            rounded_to: step.map(|step| step.to_string()),
            holds_where: settled.text(self.set().shape()),
            decided_by: decided_by(&rules),
        };
        Section { rules, verdict }
    }

    fn rule(&self, asked: &Asked<'_>, rule: &Rule) -> RuleTrace {
        let roles = self.principal().roles.iter().map(String::as_str);
        let through = self.set().role_graph().chain(roles, &rule.role);
        let tracer = Tracer { view: self, asked };
        // a rule always has a condition for what it covers; were it missing, unknown shows less
        let missing = Condition::Constant(Truth::Unknown);
        let condition = rule.conditions.get(&asked.entity).unwrap_or(&missing);
        RuleTrace {
            line: rule.line,
            role: rule.role.clone(),
            through: through
                .unwrap_or_default()
                .into_iter()
                .map(str::to_owned)
                .collect(),
            object: rule.object.clone(),
            action: rule.action,
            effect: match rule.effect {
                Effect::Allow => "allow",
                Effect::Deny => "deny",
            },
            when: tracer.trace(condition),
        }
    }

    pub(super) fn outcome(
        &self,
        asked: &Asked<'_>,
        field: usize,
        verdicts: &[Verdict],
    ) -> TierOutcome {
        let masker = |tier| {
            self.masker_name(asked.entity, field, tier)
                .map(str::to_owned)
        };
        let decision = self.decision(asked.entity, field);
        let mut steps: Vec<TierStep> = Vec::new();
        if asked.row.is_none() {
            steps.extend(decision.grants.iter().map(|grant| TierStep {
                tier: grant.tier,
                holds_where: grant.when.text(self.set().shape()),
                masker: masker(grant.tier),
            }));
        }
        let mut decided_by = Vec::new();
        let mut tier = Some(Tier::None);
        for (action, shown) in TIERS.into_iter().zip(Tier::ALL) {
            let Some(verdict) = verdicts.iter().find(|verdict| verdict.action == action) else {
                continue;
            };
            decided_by.extend(&verdict.decided_by);
            match verdict.allowed {
                Some(false) => {}
                Some(true) if tier.is_some() => {
                    tier = Some(shown);
                    break;
                }
                Some(true) => break,
                None => tier = None,
            }
        }
        if let (Some(tier), Some(_)) = (tier, asked.row) {
            steps.push(TierStep {
                tier,
                holds_where: "true".to_owned(),
                masker: masker(tier),
            });
        }
        decided_by.sort_unstable();
        decided_by.dedup();
        TierOutcome {
            tier,
            steps,
            decided_by,
        }
    }
}

impl RuleTrace {
    fn is_deny(&self) -> bool {
        self.effect == "deny"
    }

    /// Whether the rule has its effect; nothing if that depends on the row.
    #[must_use]
    pub fn applies(&self) -> Option<bool> {
        let truth = self.when.truth;
        let (yes, no) = if self.is_deny() {
            // unknown denies
            (!truth.may_be(Truth::False), truth.is(Truth::False))
        } else {
            (truth.is(Truth::True), !truth.may_be(Truth::True))
        };
        match (yes, no) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        }
    }
}

/// (one of the allows) and not (one of the denies).
fn allowed(rules: &[RuleTrace]) -> Option<bool> {
    let any = |deny: bool, applies: Option<bool>| {
        rules
            .iter()
            .any(|rule| rule.is_deny() == deny && rule.applies() == applies)
    };
    let (given, maybe_given) = (any(false, Some(true)), any(false, None));
    let (denied, maybe_denied) = (any(true, Some(true)), any(true, None));
    match (given, denied) {
        (_, true) => Some(false),
        (false, _) if !maybe_given => Some(false),
        (true, _) if !maybe_denied => Some(true),
        _ => None,
    }
}

fn decided_by(rules: &[RuleTrace]) -> Vec<usize> {
    let lines = |deny: Option<bool>, least: &[Option<bool>]| -> Vec<usize> {
        rules
            .iter()
            .filter(|rule| deny.is_none_or(|deny| rule.is_deny() == deny))
            .filter(|rule| least.contains(&rule.applies()))
            .map(|rule| rule.line)
            .collect()
    };
    match allowed(rules) {
        Some(true) => lines(Some(false), &[Some(true)]),
        Some(false) => lines(Some(true), &[Some(true)]),
        None => lines(None, &[Some(true), None]),
    }
}
