//! What commands open: the one place that knows how a gateway, a seed and a set of policies are made from a configuration.

use std::sync::Arc;

use anyhow::Context as _;
use sea_orm::DatabaseConnection;
use sudare_entities::Catalog;
use sudare_policies::{MaskingKey, MaskingKeys, PolicySet};

use crate::config::Config;
use crate::database::DatabaseUrl;
use crate::gateway::{self, Gateway, Parts};
use crate::seed::{self, SeedError, SeedLocale, SeedOptions};
use crate::server::listen::Stop;
use crate::{database, shape};

use super::{Keys, seed as command};

/// The gateway over the configured database, which is created and migrated as needed.
pub(super) async fn gateway(config: &Config, keys: &Keys) -> anyhow::Result<Arc<Gateway>> {
    let catalog = Catalog::new()?;
    let policies = policies(config, &catalog, keys.masking()?)?;
    let replica = config.replica()?;
    let writer = open_database(config).await?;
    let database = match replica {
        Some(replica) => {
            database::check_replica(&replica, &config.database.settings())
                .await
                .with_context(|| format!("cannot read the replica `{replica}`"))?;
            replica
        }
        None => config.database()?,
    };
    let gateway = Gateway::open(Parts {
        catalog,
        policies,
        database,
        readers: config.database.settings(),
        written: config.database()?,
        writer,
        sealing_key: keys.sealing()?,
        limits: config.limits.clone(),
    })?;
    Ok(Arc::new(match keys.previous_sealing()? {
        Some(key) => gateway.with_previous_sealing_key(key),
        None => gateway,
    }))
}

/// The schema of everything; needs no database.
pub(super) fn sdl() -> anyhow::Result<String> {
    Ok(gateway::sdl(&Catalog::new()?)?)
}

/// The policies, for whoever only looks at them.
pub(super) fn policy_set(config: &Config) -> anyhow::Result<PolicySet> {
    // What a policy means does not depend on the key of its masks; but a key that it names must be one of those that are configured.
    let keys = match config.masking_key()? {
        Some(_) => Keys::for_masks(config)?,
        None => None,
    };
    let keys = match keys {
        Some(keys) => keys,
        None => MaskingKeys::lenient(MaskingKey::new(&[0; 32])?),
    };
    policies(config, &Catalog::new()?, keys)
}

/// Fills the configured database. Told to stop, it leaves the database as it was.
pub(super) async fn seed(
    config: &Config,
    arguments: &command::Arguments,
    stop: Stop,
) -> anyhow::Result<()> {
    let options = SeedOptions {
        customers: arguments.customers,
        seed: arguments.seed,
        locale: arguments.locale,
        append: arguments.append,
        progress: true,
    };
    Ok(fill(&open_database(config).await?, &options, stop).await?)
}

/// Fills the database of a demo with 1,000 customers if it is empty.
pub(super) async fn fill_demo(config: &Config, stop: Stop) -> anyhow::Result<()> {
    let database = open_database(config).await?;
    let options = SeedOptions {
        customers: 1_000,
        seed: command::DEMO,
        locale: SeedLocale::Mix,
        append: false,
        progress: true,
    };
    match fill(&database, &options, stop).await {
        // The demo of another day, perhaps with changes: it stays as it is.
        Err(SeedError::NotEmpty) => Ok(()),
        other => Ok(other?),
    }
}

async fn fill(
    database: &DatabaseConnection,
    options: &SeedOptions,
    mut stop: Stop,
) -> Result<(), SeedError> {
    let report = seed::seed(database, options, async move { stop.told(1).await }).await?;
    tracing::info!(%report, "the database is filled");
    Ok(())
}

/// The configured policies as they are now, for a gateway that serves already.
pub(super) fn policies_again(config: &Config, keys: &Keys) -> anyhow::Result<PolicySet> {
    policies(config, &Catalog::new()?, keys.masking()?)
}

/// The configured policies, checked.
pub(super) fn policies(
    config: &Config,
    catalog: &Catalog,
    keys: MaskingKeys,
) -> anyhow::Result<PolicySet> {
    Ok(PolicySet::load(
        &config.policies,
        &shape::shape(catalog),
        keys,
    )?)
}

async fn open_database(config: &Config) -> anyhow::Result<DatabaseConnection> {
    let url = config.database()?;
    if let DatabaseUrl::Sqlite(path) = &url
        && let Some(folder) = path.parent()
    {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    }
    database::open_with(&url, &config.database.settings())
        .await
        .with_context(|| format!("cannot open the database `{url}`"))
}
