//! Is the process alive, and should it get requests?

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;

use super::app::App;

/// A database that has not answered by now counts as gone.
const PATIENCE: Duration = Duration::from_secs(2);

/// `/healthz`: the process runs. It says nothing of the database, whose fault no restart would mend.
pub(super) async fn alive() -> &'static str {
    "ok"
}

/// `/readyz`: 200 between start and stop, while the database answers.
pub(super) async fn ready(State(app): State<Arc<App>>) -> (StatusCode, &'static str) {
    let refuse = |why| (StatusCode::SERVICE_UNAVAILABLE, why);
    if app.is_stopping() {
        return refuse("stopping");
    }
    let Some(gateway) = app.gateway() else {
        return refuse("starting");
    };
    match tokio::time::timeout(PATIENCE, gateway.ready()).await {
        Ok(true) => (StatusCode::OK, "ok"),
        Ok(false) | Err(_) => refuse("the database does not answer"),
    }
}
