//! `sudare index`.

use std::process::ExitCode;

use crate::config::Config;
use crate::server::listen::Stop;

use super::open;

pub(super) async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    open::index(config, Stop::on_signals()?).await?;
    Ok(ExitCode::SUCCESS)
}
