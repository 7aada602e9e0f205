//! Connections: accepted up to a limit, bounded in time, and let go in order when the server stops.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::http::Request;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use super::app::App;
use super::front::Front;

/// How long a client may take to send the head of a request; also how long an idle connection stays open.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes of a request's head, its query string included.
const MAX_HEAD_BYTES: usize = 32 * 1024;
/// Headers of a request.
const MAX_HEADERS: usize = 64;
/// For so long the server goes on as before once it was told to stop: a connection that is let go before its first bytes
/// were read is closed without an answer, even if they have arrived.
const GRACE: Duration = Duration::from_millis(100);
/// What is still open after the drain gets this long to send its last answer.
const LAST_CALL: Duration = Duration::from_millis(500);

/// How often the server was told to stop.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<u32>);

impl Stop {
    /// Counts SIGTERM and SIGINT from now on.
    pub fn on_signals() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let (count, stop) = watch::channel(0);
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
                count.send_modify(|count| *count += 1);
            }
        });
        Ok(Self(stop))
    }

    /// Waits until the server was told to stop `times` times.
    pub async fn told(&mut self, times: u32) {
        // The sender lives as long as the process; without it nobody can tell us anymore.
        if self.0.wait_for(|count| *count >= times).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// How the server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Every request in flight was answered.
    InOrder,
    /// Some were not, within the time that they had.
    CutOff,
    /// It was told a second time.
    AtOnce,
}

/// Serves until it is told to stop, then lets requests in flight finish.
pub async fn serve(listener: TcpListener, app: Arc<App>, mut stop: Stop) -> Ended {
    let mut door = Door {
        listener,
        front: Arc::new(Front::new(&app)),
        places: Arc::new(Semaphore::new(app.limits.max_connections)),
    };
    let connections = GracefulShutdown::new();
    tokio::select! {
        () = stop.told(1) => {}
        () = door.admit(&connections, KeepAlive::Yes) => {}
    }
    app.stop();
    tracing::info!(
        connections = connections.count(),
        "stopping: requests in flight may finish"
    );
    tokio::select! {
        () = tokio::time::sleep(GRACE) => {}
        () = stop.told(2) => return Ended::AtOnce,
        () = door.admit(&connections, KeepAlive::No) => {}
    }
    let patience = Duration::from_millis(app.limits.drain_timeout_ms);
    // While they do, the door stays open, so that a probe sees `/readyz` say no rather than a closed port.
    let late = GracefulShutdown::new();
    let ended = tokio::select! {
        () = connections.shutdown() => Ended::InOrder,
        () = tokio::time::sleep(patience) => Ended::CutOff,
        () = stop.told(2) => Ended::AtOnce,
        () = door.admit(&late, KeepAlive::No) => Ended::InOrder,
    };
    drop(door);
    if ended == Ended::AtOnce {
        return ended;
    }
    tokio::select! {
        result = tokio::time::timeout(LAST_CALL, late.shutdown()) => {
            if result.is_err() { Ended::CutOff } else { ended }
        }
        () = stop.told(2) => Ended::AtOnce,
    }
}

/// Whether a connection may be used for a second request.
#[derive(Clone, Copy)]
enum KeepAlive {
    Yes,
    No,
}

struct Door {
    listener: TcpListener,
    front: Arc<Front>,
    places: Arc<Semaphore>,
}

impl Door {
    /// Accepts connections for ever. Beyond the limit they wait in the operating system's queue.
    async fn admit(&mut self, connections: &GracefulShutdown, keep_alive: KeepAlive) {
        // The semaphore is never closed, so the loop has no end of its own.
        while let Ok(place) = Arc::clone(&self.places).acquire_owned().await {
            let (stream, _) = Listener::accept(&mut self.listener).await;
            let served = self.connection(stream, keep_alive, connections.watcher());
            tokio::spawn(async move {
                served.await;
                drop(place);
            });
        }
    }

    fn connection(
        &self,
        stream: TcpStream,
        keep_alive: KeepAlive,
        watcher: Watcher,
    ) -> impl Future<Output = ()> + Send + use<> {
        // Answers are small and leave in one piece; waiting for more to send would only delay them.
        if stream.set_nodelay(true).is_err() {
            tracing::debug!("the connection keeps Nagle's algorithm");
        }
        let front = Arc::clone(&self.front);
        let service = service_fn(move |request: Request<Incoming>| {
            let front = Arc::clone(&front);
            async move { Ok::<_, Infallible>(front.answer(request).await) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .max_headers(MAX_HEADERS)
            .max_header_size(MAX_HEAD_BYTES)
            .keep_alive(matches!(keep_alive, KeepAlive::Yes))
            .serve_connection(TokioIo::new(stream), service);
        async move {
            if watcher.watch(connection).await.is_err() {
                tracing::debug!("connection broken off");
            }
        }
    }
}
