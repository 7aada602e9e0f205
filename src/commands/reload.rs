//! SIGHUP: the policies are read anew and replaced whole, or stay as they are.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use sudare_policies::{PolicyErrors, PolicySet};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::spawn_blocking;

use crate::config::Config;
use crate::gateway::Gateway;

use super::{Keys, open};

/// The signals that ask for it.
#[derive(Debug)]
pub(super) struct Reloads(Signal);

impl Reloads {
    /// Takes SIGHUP from now on: it no longer ends the process.
    pub(super) fn on_signals() -> io::Result<Self> {
        signal(SignalKind::hangup()).map(Self)
    }

    /// Serves one signal after the other, without end. Those that come while policies are being read are served as one.
    pub(super) async fn serve(
        mut self,
        config: &Config,
        keys: &Keys,
        gateway: &Gateway,
    ) -> Infallible {
        while self.0.recv().await.is_some() {
            reload(config, keys, gateway).await;
        }
        std::future::pending().await
    }
}

/// Reads the policies beside the requests that are served, on a thread that may block.
async fn reload(config: &Config, keys: &Keys, gateway: &Gateway) {
    let (own_config, own_keys) = (config.clone(), keys.clone());
    let read = spawn_blocking(move || open::policies_again(&own_config, &own_keys)).await;
    match read.map_err(anyhow::Error::from).and_then(|read| read) {
        Ok(policies) => {
            let (revision, rules) = (policies.revision().to_owned(), policies.rule_count());
            let old = gateway.replace_policies(policies);
            tracing::info!(
                policy.revision = revision,
                policy.rules = rules,
                "the policies are replaced"
            );
            retire(old, config.limits.request_timeout_ms);
        }
        Err(error) => refuse(&error),
    }
}

/// Lets go of replaced policies when no request can have them any more: thousands of rules take their time, which is nobody's
/// to wait for.
fn retire(old: Arc<PolicySet>, request_timeout_ms: u64) {
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(request_timeout_ms)).await;
        spawn_blocking(move || drop(old)).await.ok();
    });
}

fn refuse(error: &anyhow::Error) {
    match error.downcast_ref::<PolicyErrors>() {
        Some(PolicyErrors(errors)) => {
            for error in errors {
                tracing::error!(%error, "the policies are wrong");
            }
        }
        None => tracing::error!(
            error = AsRef::<dyn std::error::Error>::as_ref(error),
            "the policies cannot be read"
        ),
    }
    tracing::error!(
        "the policies are not replaced: those that were served are served on; correct the files and send SIGHUP again"
    );
}
