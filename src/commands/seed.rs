//! `sudare seed`.

use std::process::ExitCode;

use clap::Args;

use crate::config::Config;
use crate::seed::SeedLocale;
use crate::server::listen::Stop;

use super::open;

/// The house of the demo. Its first two active customers belong to one department, look complete, agreed to marketing, and are
/// looked after by different people: so the query of the demo shows what each role sees.
pub(super) const DEMO: u64 = 312;

#[derive(Args, Clone, Debug)]
pub(super) struct Arguments {
    /// How many customers
    #[arg(long, default_value_t = 1_000, value_name = "N")]
    pub(super) customers: u64,
    /// The same seed makes the same data
    #[arg(long, default_value_t = DEMO, value_name = "S")]
    pub(super) seed: u64,
    /// Who the customers are and what they speak
    #[arg(long, default_value = "mix")]
    pub(super) locale: SeedLocale,
    /// Add to a database that is not empty
    #[arg(long)]
    pub(super) append: bool,
}

pub(super) async fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    open::seed(config, arguments, Stop::on_signals()?).await?;
    Ok(ExitCode::SUCCESS)
}
