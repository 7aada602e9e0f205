//! `sudare policy check`.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::Utc;
use indicatif::{ProgressBar, ProgressStyle};
use sudare_policies::PolicySet;

use super::print;
use crate::config::Config;

/// Work that takes less shows no progress.
const PATIENCE: Duration = Duration::from_millis(700);

pub(super) fn run(config: &Config, set: &Arc<PolicySet>) -> anyhow::Result<ExitCode> {
    let start = Instant::now();
    let mut bar = None;
    let agreement = set.agree(Utc::now(), |done, all| {
        if start.elapsed() > PATIENCE {
            let bar = bar.get_or_insert_with(|| progress(all));
            bar.set_position(done as u64);
        }
    });
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    let agreement = agreement?;
    print(&format!(
        "{}: {} roles, {} rules, revision {}; {} decisions are casbin's, of which it was asked for {} ({:.1} s): no errors",
        config.policies.display(),
        set.roles().count(),
        set.rule_count(),
        set.revision(),
        agreement.decisions,
        agreement.asked,
        start.elapsed().as_secs_f32(),
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Shown on a terminal only.
fn progress(all: usize) -> ProgressBar {
    let bar = ProgressBar::new(all as u64);
    match ProgressStyle::with_template("asking casbin {wide_bar} {percent:>3} %, {eta} left") {
        Ok(style) => bar.with_style(style),
        // The default bar will do as well.
        Err(_) => bar,
    }
}
