//! `sudare schema`.

use crate::config::Config;

use super::{open, print};

pub(super) fn run(config: &Config) -> anyhow::Result<()> {
    print(open::sdl(config)?.trim_end())
}
