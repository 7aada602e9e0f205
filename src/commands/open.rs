//! What commands open: the one place that knows how a gateway, a seed and a set of policies are made from a configuration.

use std::sync::Arc;

use anyhow::Context as _;
use sea_orm::DatabaseConnection;
use sudare_entities::Catalog;
use sudare_policies::{MaskingKey, MaskingKeys, PolicySet};

use crate::blind::{self, BlindIndex, BlindKeys};
use crate::config::Config;
use crate::database::DatabaseUrl;
use crate::gateway::{self, Gateway, Parts};
use crate::seed::{self, SeedError, SeedLocale, SeedOptions};
use crate::server::listen::Stop;
use crate::{database, shape};

use super::{KeyError, Keys, seed as command};

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
        blind_keys: keys.blind()?,
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
    let indexes = match Keys::for_indexes(config)? {
        Some(keys) => indexes(config, &keys)?,
        None => {
            tracing::info!(
                "there is no masking key yet: once there is, `sudare index` lets customers be looked up"
            );
            Vec::new()
        }
    };
    let database = open_database(config).await?;
    Ok(sow(&database, &options, indexes, stop).await?)
}

/// Gives all rows of the configured database their indexes. Told to stop, it leaves the rest for the next time.
pub(super) async fn index(config: &Config, mut stop: Stop) -> anyhow::Result<()> {
    let keys = Keys::for_indexes(config)?.ok_or(KeyError::NoMaskingKey)?;
    let indexes = indexes(config, &keys)?;
    let database = open_database(config).await?;
    let told = async move { stop.told(1).await };
    let filled = blind::fill(&database, &indexes, true, told).await?;
    tracing::info!("{filled}: the indexes are complete");
    Ok(())
}

fn indexes(config: &Config, keys: &BlindKeys) -> anyhow::Result<Vec<BlindIndex>> {
    Ok(keys.indexes(&Catalog::new()?, &policy_set(config)?))
}

/// Fills the database of a demo with 1,000 customers if it is empty, and sees to it that they can be looked up.
pub(super) async fn fill_demo(config: &Config, keys: &Keys, stop: Stop) -> anyhow::Result<()> {
    let database = open_database(config).await?;
    let indexes = indexes(config, &keys.blind()?)?;
    let options = SeedOptions {
        customers: 1_000,
        seed: command::DEMO,
        locale: SeedLocale::Mix,
        append: false,
        progress: true,
    };
    match sow(&database, &options, indexes.clone(), stop.clone()).await {
        // The demo of another day, perhaps with changes: it stays as it is, but for indexes that it may lack.
        Err(SeedError::NotEmpty) => complete(&database, &indexes, stop).await,
        other => Ok(other?),
    }
}

async fn complete(
    database: &DatabaseConnection,
    indexes: &[BlindIndex],
    mut stop: Stop,
) -> anyhow::Result<()> {
    for index in indexes {
        if !blind::is_whole(database, index).await? {
            let told = async move { stop.told(1).await };
            blind::fill(database, indexes, true, told).await?;
            break;
        }
    }
    Ok(())
}

async fn sow(
    database: &DatabaseConnection,
    options: &SeedOptions,
    indexes: Vec<BlindIndex>,
    mut stop: Stop,
) -> Result<(), SeedError> {
    let told = async move { stop.told(1).await };
    let report = seed::seed_indexed(database, options, indexes, told).await?;
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
