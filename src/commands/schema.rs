//! `sudare schema`.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::sync::Arc;

use anyhow::Context as _;
use chrono::Utc;
use clap::Args;
use serde_json::{Map, Value};
use sudare_policies::{Principal, View};

use super::token::claim;
use super::{open, print};
use crate::config::Config;
use crate::gateway;
use sudare_entities::Catalog;

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Show what this role can use; may be given several times, for who has all of them
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<String>,
    /// Who has the roles
    #[arg(long, value_name = "ID", requires = "roles")]
    subject: Option<String>,
    /// A claim of whoever has the roles, such as `department_id=3`
    #[arg(long = "claim", value_name = "NAME=VALUE", value_parser = claim, requires = "roles")]
    claims: Vec<(String, Value)>,
}

pub(super) fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<()> {
    if arguments.roles.is_empty() {
        return print(open::sdl()?.trim_end());
    }
    let view = view(config, arguments)?;
    tell_missing(&view)?;
    print(gateway::visible_sdl(&Catalog::new()?, &view)?.trim_end())
}

fn view(config: &Config, arguments: &Arguments) -> anyhow::Result<View> {
    let set = Arc::new(open::policy_set(config)?);
    for role in &arguments.roles {
        set.check_role(role)?;
    }
    let mut attributes = Map::new();
    for (name, value) in &arguments.claims {
        if attributes.insert(name.clone(), value.clone()).is_some() {
            anyhow::bail!("the claim `{name}` is given twice");
        }
    }
    let principal = Principal {
        id: arguments.subject.clone().unwrap_or_default(),
        roles: arguments.roles.iter().cloned().collect::<BTreeSet<_>>(),
        attributes,
    };
    Ok(set.view(principal, Utc::now())?)
}

/// What hangs on a claim that nobody gave is not there: whoever reads the schema should know.
fn tell_missing(view: &View) -> anyhow::Result<()> {
    let principal = view.principal();
    let is_missing = |claim: &&str| match *claim {
        "id" => principal.id.is_empty(),
        name => !principal.attributes.contains_key(name),
    };
    for claim in view.claims().filter(is_missing) {
        let flag = match claim {
            "id" => "--subject ID".to_owned(),
            name => format!("--claim {name}=VALUE"),
        };
        writeln!(
            std::io::stderr().lock(),
            "rules of these roles read `user.{claim}`, and what hangs on it is left out: give `{flag}`"
        )
        .context("standard error cannot be written")?;
    }
    Ok(())
}
