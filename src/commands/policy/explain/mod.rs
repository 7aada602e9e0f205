//! `sudare policy explain`: why a principal sees what it sees.

mod text;

use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};
use serde_json::{Map, Value as Json, json};
use sudare_entities::Catalog;
use sudare_policies::decision::{Action, Tier};
use sudare_policies::explain::{Asked, Explanation, Reveal, TIERS};
use sudare_policies::{PolicySet, Principal, View};

use crate::commands::{Keys, legible, open, print, token};
use crate::config::Config;
use crate::execute::ExecuteError;
use crate::inspect::{Cell, InspectError, Inspected, Inspector};

#[derive(Args, Debug)]
pub(in crate::commands) struct Arguments {
    /// A role; may be given several times
    #[arg(long = "role", required = true, value_name = "ROLE")]
    roles: Vec<String>,
    /// Who asks: `user.id` in conditions [default: nobody in particular]
    #[arg(long, default_value = "", value_name = "ID", hide_default_value = true)]
    subject: String,
    /// A claim of the token, such as `department_id=3`; numbers, true, false and null are taken as such
    #[arg(long = "user", value_name = "NAME=VALUE", value_parser = token::claim)]
    claims: Vec<(String, Json)>,
    /// What is seen: `Customer.phone`, or `Customer` for its rows
    #[arg(long, value_name = "COORDINATE")]
    field: String,
    /// The key of a row in the configured database; without it, what depends on the row stays open
    #[arg(long, value_name = "ID")]
    row: Option<i64>,
    /// An action, such as `update`; may be given several times [default: those that make the tier]
    #[arg(long = "action", value_name = "ACTION")]
    actions: Vec<String>,
    /// The time of the request [default: now]
    #[arg(long, value_name = "RFC3339")]
    now: Option<DateTime<Utc>>,
    /// Print values of the row that the principal does not see. What is printed may end up in a ticket: think twice
    #[arg(long, requires = "row")]
    show_values: bool,
    /// For eyes, or for machines
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// What was asked, and what came out.
struct Told<'a> {
    view: &'a View,
    now: DateTime<Utc>,
    file: String,
    explanation: Explanation,
    row: Option<RowTold>,
}

/// What the principal gets of the row.
struct RowTold {
    id: i64,
    visible: bool,
    shown: Shown,
}

/// The cell of the row.
enum Shown {
    /// As it is served.
    Cell(Json),
    /// It is FULL, and a stored value is not printed unless asked for.
    Stored,
    /// The key of the masks is not known here.
    NoKey,
    /// The question was for no cell.
    Nothing,
}

pub(super) async fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<()> {
    let catalog = Catalog::new()?;
    let keys = Keys::for_masks(config)?;
    let has_key = keys.is_some();
    let set = Arc::new(match keys {
        Some(keys) => open::policies(config, &catalog, keys)?,
        None => open::policy_set(config)?,
    });
    let now = arguments.now.unwrap_or_else(Utc::now);
    for role in &arguments.roles {
        set.check_role(role)?;
    }
    let view = set.view(arguments.principal()?, now)?;
    let (entity, field) = set.coordinate(&arguments.field)?;
    let actions = arguments.asked(&set, field)?;
    let (explanation, row) = match arguments.row {
        None => {
            let asked = Asked {
                entity,
                field,
                actions: &actions,
                row: None,
                reveal: arguments.reveal(),
            };
            (view.explain(asked), None)
        }
        Some(id) => {
            let inspector = inspector(config, &catalog)?;
            let cell = Cell {
                entity,
                field,
                id,
                actions: &actions,
                reveal: arguments.reveal(),
            };
            let inspected = inspector.explain(&view, set.shape(), cell).await;
            let inspected = inspected.or_else(|error| unread(error, config))?;
            let shown = shown(&inspected, cell, has_key);
            let visible = inspected.visible;
            (inspected.explanation, Some(RowTold { id, visible, shown }))
        }
    };
    let told = Told {
        view: &view,
        now,
        file: config.policies.join("policy.csv").display().to_string(),
        explanation,
        row,
    };
    match arguments.format {
        Format::Text => print(legible(&text::page(&told)).trim_end()),
        Format::Json => print(&serde_json::to_string_pretty(&told.json())?),
    }
}

fn inspector<'a>(config: &Config, catalog: &'a Catalog) -> anyhow::Result<Inspector<'a>> {
    let database = config.database()?;
    Inspector::open(catalog, &database, &config.database.settings()).with_context(|| {
        format!(
            "cannot read `{database}`; `sudare seed` or `sudare serve` makes it, `--data` names the folder that has it"
        )
    })
}

/// Commands that write bring the tables up to date; this one reads them as they are.
fn unread<T>(error: InspectError, config: &Config) -> anyhow::Result<T> {
    let refused = matches!(error, InspectError::Database(ExecuteError::Database(_)));
    let error = anyhow::Error::new(error);
    if !refused {
        return Err(error);
    }
    let database = config.database()?;
    Err(error.context(format!(
        "cannot read the row from `{database}`: if its tables are not up to date, `sudare serve` or `sudare seed` brings them there"
    )))
}

fn shown(inspected: &Inspected, cell: Cell<'_>, has_key: bool) -> Shown {
    let outcome = inspected.explanation.tier.as_ref();
    match outcome.and_then(|outcome| outcome.tier) {
        _ if cell.field.is_none() || !inspected.visible => Shown::Nothing,
        None => Shown::Nothing,
        Some(Tier::Full) if cell.reveal == Reveal::WhatIsSeen => Shown::Stored,
        Some(Tier::Partial | Tier::Desensitized) if !has_key => Shown::NoKey,
        Some(_) => Shown::Cell(inspected.shown.clone()),
    }
}

impl Arguments {
    fn principal(&self) -> anyhow::Result<Principal> {
        let mut attributes = Map::new();
        for (name, value) in &self.claims {
            anyhow::ensure!(
                name != "id",
                "the claim `id` is the subject; give it as `--subject`"
            );
            if attributes.insert(name.clone(), value.clone()).is_some() {
                anyhow::bail!("the claim `{name}` is given twice");
            }
        }
        Ok(Principal {
            id: self.subject.clone(),
            roles: self.roles.iter().cloned().collect(),
            attributes,
        })
    }

    fn reveal(&self) -> Reveal {
        if self.show_values {
            Reveal::Everything
        } else {
            Reveal::WhatIsSeen
        }
    }

    fn asked(&self, set: &PolicySet, field: Option<usize>) -> anyhow::Result<Vec<Action>> {
        if self.actions.is_empty() {
            return Ok(match field {
                Some(_) => TIERS.to_vec(),
                None => vec![Action::Row, Action::Create, Action::Update, Action::Delete],
            });
        }
        let mut actions = Vec::new();
        for name in &self.actions {
            let action = set.action(name)?;
            let whole = matches!(action, Action::Row | Action::Delete);
            anyhow::ensure!(
                field.is_none() || !whole,
                "`{name}` is about whole rows; ask for the entity: `--field {}`",
                self.field.split('.').next().unwrap_or_default()
            );
            actions.push(action);
        }
        Ok(actions)
    }
}

impl Told<'_> {
    fn json(&self) -> Json {
        let principal = self.view.principal();
        json!({
            "principal": { "id": principal.id, "roles": principal.roles, "claims": principal.attributes, "audience": self.view.audience() },
            "now": self.now,
            "file": self.file,
            "explanation": self.explanation,
            "row": self.row.as_ref().map(|row| json!({
                "id": row.id,
                "visible": row.visible,
                "shown": match &row.shown {
                    Shown::Cell(value) => value.clone(),
                    Shown::Stored | Shown::NoKey | Shown::Nothing => Json::Null,
                },
                "withheld": matches!(row.shown, Shown::Stored | Shown::NoKey),
            })),
        })
    }
}
