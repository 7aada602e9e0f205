//! Servers that answer the same queries in other ways, each run as a process of its own.

pub(crate) mod cells;
pub(crate) mod limit;
pub(crate) mod loaders;
pub(crate) mod resolvers;

use axum::Router;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;

use crate::Outcome;

/// How many connections to the database each server has.
pub(crate) const POOL: usize = 12;

/// Serves until the process ends.
pub(crate) async fn serve(router: Router, port: u16) -> Outcome<()> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let listener = listener.tap_io(|stream| {
        // A stream that refuses is a slower one, and no wrong one.
        stream.set_nodelay(true).ok();
    });
    Ok(axum::serve(listener, router).await?)
}
