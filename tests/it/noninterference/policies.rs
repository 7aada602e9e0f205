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

/// A policy set, what it was made of, and what casbin has said of it.
pub(super) struct Rulebook {
    pub(super) set: Arc<PolicySet>,
    pub(super) said: Said,
    pub(super) rules: String,
    masking: String,
}

impl Rulebook {
    /// Half of the time of those who write what they see masked, under the masks of random policies or those of the reference
    /// application; else the rules of the reference application, or any, and some more by which rows are written.
    pub(super) fn random(vocabularies: &[Vocabulary; 2], data: &Data, dice: &mut Dice) -> Self {
        let [random, demo] = vocabularies;
        let (mut rules, vocabulary) = match dice.between(0, 3) {
            0 => (random.clerks(data, dice), random),
            1 => (demo.clerks(data, dice), demo),
            2 => (random.policy(data, dice), random),
            _ => (reference("policy.csv"), demo),
        };
        for _ in 0..dice.between(0, 10) {
            let rule = writing(data, vocabulary.roles(), dice);
            let bare = |line: &str| line.replace([' ', '"'], "");
            if !rules.lines().any(|line| bare(line) == bare(&rule)) {
                rules.push_str(&rule);
                rules.push('\n');
            }
        }
        Self::of(rules, vocabulary.masking.clone())
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
