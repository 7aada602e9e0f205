//! Cases that once differed, or that are worth asking whenever anything changes: a policy, a principal, queries.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use sudare_policies::Principal;

use chrono::Utc;

use super::ask::Ask;
use super::eyes::{Eyes, Said};
use super::policy::{MASKING, load, reference};
use super::run::{gateway, runtime};
use super::seals::Seals;
use super::session::Session;
use super::world::World;

/// A file of `tests/model-cases/`.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    /// What it is about.
    about: String,
    id: String,
    roles: Vec<String>,
    /// JSON.
    claims: String,
    /// Rules in the place of those of the reference application, beside its classes.
    rules: Option<String>,
    /// Asked one after the other.
    asks: Vec<CaseAsk>,
}

/// A query of a case.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct CaseAsk {
    query: String,
    /// JSON.
    variables: String,
    /// Where in the answer before this one the variable `$cursor` is, as a JSON pointer.
    cursor: Option<String>,
}

impl Case {
    pub(super) fn of(principal: &Principal, rules: Option<&str>, ask: &Ask) -> Self {
        let own = |rules: &str| {
            let lines = rules.lines().filter(|line| !line.starts_with("g2,"));
            lines.fold(String::new(), |text, line| text + line + "\n")
        };
        Self {
            about: String::new(),
            id: principal.id.clone(),
            roles: principal.roles.iter().cloned().collect(),
            claims: Json::Object(principal.attributes.clone()).to_string(),
            rules: rules.map(own),
            asks: vec![CaseAsk {
                query: ask.document(),
                variables: Json::Object(ask.given()).to_string(),
                cursor: None,
            }],
        }
    }

    pub(super) fn to_toml(&self) -> String {
        toml::to_string_pretty(self).unwrap()
    }

    fn policy(&self) -> String {
        let reference = reference("policy.csv");
        let Some(rules) = &self.rules else {
            return reference;
        };
        let classes = reference.lines().filter(|line| line.starts_with("g2,"));
        classes.fold(String::new(), |text, line| text + line + "\n") + rules.as_str()
    }

    fn run(&self, name: &str, world: &World, runtime: &tokio::runtime::Runtime) {
        let loaded = || {
            let own = self.rules.as_ref().map(|_| MASKING.to_owned());
            let masking = own.unwrap_or_else(|| reference("masking.toml"));
            let set = load(&self.policy(), &masking);
            set.unwrap_or_else(|errors| panic!("{name}: {errors}"))
        };
        let principal = Principal {
            id: self.id.clone(),
            roles: self.roles.iter().cloned().collect(),
            attributes: serde_json::from_str(&self.claims).unwrap(),
        };
        let (set, said) = (Arc::new(loaded()), Said::default());
        let eyes = Eyes::open(&world.data, (&set, &said), &principal, Utc::now());
        let mut session = Session {
            runtime,
            gateway: &gateway(world, loaded()),
            principal: &principal,
            eyes: eyes.as_ref(),
            seals: Seals::default(),
        };
        let mut answer = Json::Null;
        for ask in &self.asks {
            let mut variables: Map<String, Json> = serde_json::from_str(&ask.variables).unwrap();
            if let Some(pointer) = &ask.cursor {
                let cursor = answer.pointer(pointer).filter(|cursor| cursor.is_string());
                let cursor = cursor.unwrap_or_else(|| panic!("{name}: no cursor in {answer}"));
                variables.insert("cursor".to_owned(), cursor.clone());
            }
            let text = session
                .ask(&ask.query, &variables)
                .unwrap_or_else(|difference| {
                    panic!(
                        "{name}\n\ngateway: {}\n\nmodel:   {}\n",
                        difference.gateway, difference.model
                    )
                });
            answer = serde_json::from_str(&text).unwrap();
        }
    }
}

#[test]
fn cases_that_once_differed_are_answered_alike() {
    let runtime = runtime();
    let world = runtime.block_on(World::new(4));
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/model-cases");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let case: Case = toml::from_str(&std::fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        case.run(&name, &world, &runtime);
        count += 1;
    }
    assert!(count > 0, "there should be cases");
}
