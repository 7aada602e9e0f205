//! Being told to stop.

use std::future::{Future, ready};
use std::pin::Pin;

use super::SeedError;

/// Somebody's wish to stop, asked for between two statements.
pub(super) struct Stop<'a>(Pin<Box<dyn Future<Output = ()> + Send + 'a>>);

impl<'a> Stop<'a> {
    pub(super) fn when(stop: impl Future<Output = ()> + Send + 'a) -> Self {
        Self(Box::pin(stop))
    }

    /// An error once the wish is there. Not to be asked again after that.
    pub(super) async fn check(&mut self) -> Result<(), SeedError> {
        tokio::select! {
            biased;
            () = &mut self.0 => Err(SeedError::Stopped),
            () = ready(()) => Ok(()),
        }
    }
}
