//! Random policies under which there is something to write.

use std::sync::Arc;

use sudare_entities::Catalog;
use sudare_policies::decision::Tier;
use sudare_policies::maskers::Masker;
use sudare_policies::{PolicyErrors, PolicyFiles, PolicySet};

use crate::model::conditions::condition;
use crate::model::data::Data;
use crate::model::dice::Dice;
use crate::model::eyes::Said;
use crate::model::policy::{Vocabulary, key, reference};
use crate::model::run::demo_masking;

/// What a role may be granted that writes what it sees masked, without a look at the row.
const CLERK: [&str; 10] = [
    "Customer,row",
    "Customer,update",
    "Customer:pii.name,partial",
    "Customer:pii.contact,partial",
    "Customer:pii.birth,partial",
    "Customer:financial.income,desensitized",
    "Customer:financial.card,partial",
    "Customer.version,full",
    "key,desensitized",
    "Order,row",
];

/// A policy set, what it was made of, and what casbin has said of it.
pub(super) struct Rulebook {
    pub(super) set: Arc<PolicySet>,
    pub(super) said: Said,
    pub(super) rules: String,
    masking: String,
}

impl Rulebook {
    /// Every other time the rules of the reference application; always some more, by which rows are written.
    pub(super) fn random(vocabulary: &Vocabulary, data: &Data, dice: &mut Dice) -> Self {
        let (mut rules, masking, roles) = match dice.chance(50) {
            true => {
                let roles = crate::harness::ROLES.map(str::to_owned).to_vec();
                (reference("policy.csv"), demo_masking(), roles)
            }
            false => {
                let rules = vocabulary.policy(data, dice);
                (
                    rules,
                    vocabulary.masking.clone(),
                    vocabulary.roles().to_vec(),
                )
            }
        };
        let clerk = dice.pick(&roles);
        let writing = (0..dice.between(2, 12)).map(|_| writing(data, &roles, dice));
        let mut more: Vec<String> = writing.collect();
        more.extend(
            CLERK
                .iter()
                .filter(|_| dice.chance(60))
                .map(|rule| format!("p,{clerk},{rule},true,allow")),
        );
        for rule in more {
            let bare = |line: &str| line.replace([' ', '"'], "");
            if !rules.lines().any(|line| bare(line) == bare(&rule)) {
                rules.push_str(&rule);
                rules.push('\n');
            }
        }
        Self::of(rules, masking)
    }

    pub(super) fn of(rules: String, masking: String) -> Self {
        let set = files(&rules, &masking, |_, _, _| None);
        Self {
            set: Arc::new(set.unwrap_or_else(|errors| panic!("{errors}"))),
            said: Said::default(),
            rules,
            masking,
        }
    }

    /// The same rules with other maskers.
    pub(super) fn load_with(
        &self,
        other: impl FnMut(&str, (usize, usize, Tier), &Arc<dyn Masker>) -> Option<Arc<dyn Masker>>,
    ) -> Result<PolicySet, PolicyErrors> {
        files(&self.rules, &self.masking, other)
    }

    /// The rules that are not those of the reference application.
    pub(super) fn own_rules(&self) -> String {
        let known = reference("policy.csv");
        let known: Vec<&str> = known.lines().collect();
        let lines = self.rules.lines();
        let own: Vec<&str> = lines.filter(|line| !known.contains(line)).collect();
        own.join("\n")
    }
}

fn files(
    rules: &str,
    masking: &str,
    other: impl FnMut(&str, (usize, usize, Tier), &Arc<dyn Masker>) -> Option<Arc<dyn Masker>>,
) -> Result<PolicySet, PolicyErrors> {
    let shape = sudare::shape::shape(&Catalog::new().unwrap());
    let files = PolicyFiles::from_memory(rules, masking);
    PolicySet::with_maskers(&files, &shape, &key(), other)
}

fn writing(data: &Data, roles: &[String], dice: &mut Dice) -> String {
    let role = dice.pick(roles);
    let entity = dice.between(0, data.catalog.entities.len() - 1);
    let name = &data.entity(entity).name;
    let action = dice.pick(&["create", "update", "update", "update", "delete"]);
    let when = match dice.chance(60) {
        true => "true".to_owned(),
        false => condition(data, Some(entity), dice),
    };
    format!("p,{role},{name},{action},\"{when}\",allow")
}
