//! `sudare policy check`.

use crate::commands::{open, print};
use crate::config::Config;

pub(super) fn run(config: &Config) -> anyhow::Result<()> {
    print(&open::check_policies(config)?)
}
