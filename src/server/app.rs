//! What all requests share.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::config::Limits;
use crate::gateway::Gateway;

use super::auth::Verifier;

/// The server's state: starting until it is given a gateway, stopping once it was told to.
#[derive(Debug)]
pub struct App {
    gateway: OnceLock<Arc<Gateway>>,
    stopping: AtomicBool,
    pub(super) verifier: Verifier,
    pub(super) limits: Limits,
}

impl App {
    /// A server that is starting.
    pub fn new(verifier: Verifier, limits: Limits) -> Arc<Self> {
        Arc::new(Self {
            gateway: OnceLock::new(),
            stopping: AtomicBool::new(false),
            verifier,
            limits,
        })
    }

    /// From now on it answers. A second gateway is ignored.
    pub fn start(&self, gateway: Arc<Gateway>) {
        if self.gateway.set(gateway).is_err() {
            tracing::warn!("the server has a gateway already");
        }
    }

    /// From now on it is not ready, though it still answers.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    pub(super) fn gateway(&self) -> Option<&Arc<Gateway>> {
        self.gateway.get()
    }

    pub(super) fn request_timeout(&self) -> Duration {
        Duration::from_millis(self.limits.request_timeout_ms)
    }
}
