//! Requests, many of them (wrk) or one (reqwest).

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::Outcome;
use crate::postgres::run;
use crate::query::Query;

/// Where requests go.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) url: String,
    pub(crate) token: String,
    /// For single requests; its connection stays open.
    client: reqwest::Client,
}

impl Target {
    pub(crate) fn new(url: String, token: String) -> Self {
        let client = reqwest::Client::new();
        Self { url, token, client }
    }

    /// One answer, as text; anything but 200 is an error.
    pub(crate) async fn ask(&self, body: String) -> Outcome<String> {
        let request = self.client.post(&self.url).bearer_auth(&self.token);
        let request = request
            .header("Content-Type", "application/json")
            .body(body);
        let response = request.send().await?;
        let status = response.status();
        let text = response.text().await?;
        if status != reqwest::StatusCode::OK {
            return Err(format!("{}: {status}: {text}", self.url).into());
        }
        Ok(text)
    }
}

/// How hard and how long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    pub(crate) connections: u32,
    pub(crate) seconds: u32,
    /// Customers to choose from, by random.
    pub(crate) customers: u64,
}

/// What wrk saw.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    pub(crate) requests: u64,
    pub(crate) elapsed: Duration,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
}

impl Seen {
    pub(crate) fn rate(&self) -> f64 {
        self.requests as f64 / self.elapsed.as_secs_f64()
    }
}

/// Lets wrk ask the query over and over; an answer that is not 200 is an error of the whole benchmark.
pub(crate) async fn wrk(target: &Target, query: &Query, load: Load) -> Outcome<Seen> {
    let script = tempfile::Builder::new().suffix(".lua").tempfile()?;
    std::fs::write(script.path(), query.script(&target.token, load.customers))?;
    let mut command = command(script.path(), &target.url, load);
    // The thread that waits is not the one that started the servers, which must go on.
    let text =
        tokio::task::spawn_blocking(move || run(&mut command).map_err(|error| error.to_string()))
            .await??;
    let numbers: Vec<u64> = text
        .lines()
        .find_map(|line| line.strip_prefix("RESULT "))
        .map(|line| {
            line.split(' ')
                .filter_map(|number| number.parse().ok())
                .collect()
        })
        .unwrap_or_default();
    match *numbers.as_slice() {
        [requests, elapsed, 0, p50, p99] if requests > 0 => Ok(Seen {
            requests,
            elapsed: Duration::from_micros(elapsed),
            p50: Duration::from_micros(p50),
            p99: Duration::from_micros(p99),
        }),
        _ => Err(format!(
            "{} at {}: some requests failed:\n{text}",
            query.name, target.url
        )
        .into()),
    }
}

fn command(script: &Path, url: &str, load: Load) -> Command {
    let mut command = Command::new("wrk");
    // wrk wants a connection for each of its threads
    let threads = load.connections.min(2).to_string();
    command.args(["--threads", &threads, "--timeout", "20s"]);
    command.args(["--connections", &load.connections.to_string()]);
    command.args(["--duration", &format!("{}s", load.seconds)]);
    command.arg("--script").arg(script).arg(url);
    command
}
