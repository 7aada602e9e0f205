//! `sudare schema`.

use super::{open, print};

pub(super) fn run() -> anyhow::Result<()> {
    print(open::sdl()?.trim_end())
}
