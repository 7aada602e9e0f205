//! `sudare serve`.

use std::io;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use tokio::net::TcpListener;

use crate::config::Config;
use crate::server::App;
use crate::server::auth::Verifier;
use crate::server::listen::{self, Ended, Stop};

use super::reload::Reloads;
use super::{Keys, demo, open, print};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Address and port; port 0 takes a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    pub(super) listen: Option<String>,
    /// Make secrets, fill an empty database with fake customers, and print a token for each demo role
    #[arg(long)]
    demo: bool,
}

pub(super) async fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let keys = if arguments.demo {
        Keys::demo(config)
    } else {
        Keys::configured(config)
    }?;
    let stop = Stop::on_signals()?;
    let reloads = Reloads::on_signals()?;
    let listener = bind(&config.listen).await?;
    let address = listener.local_addr()?;
    log_start(config, address);

    // The server answers probes while the database is made ready.
    let app = App::new(Verifier::new(&config.jwt, &keys.jwt), config.limits.clone());
    let mut server = tokio::spawn(listen::serve(listener, Arc::clone(&app), stop.clone()));
    let ready = async {
        if arguments.demo {
            // What is wrong with the policies is told before anything is made.
            open::policy_set(config)?;
            open::fill_demo(config, &keys, stop.clone()).await?;
        }
        open::gateway(config, &keys).await
    };
    let ended = tokio::select! {
        gateway = ready => {
            let gateway = gateway?;
            app.start(Arc::clone(&gateway));
            tracing::info!("ready");
            if arguments.demo {
                introduce(config, &keys, address)?;
            }
            tokio::select! {
                ended = &mut server => ended,
                never = reloads.serve(config, &keys, &gateway) => match never {},
            }
        }
        ended = &mut server => ended,
    };
    Ok(report(ended.context("the server broke down")?))
}

async fn bind(address: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => anyhow::anyhow!(
            "`{address}` is in use: stop the server that has it, or take another port, \
            for example `--listen 127.0.0.1:0` for any free one"
        ),
        _ => anyhow::Error::new(error).context(format!(
            "cannot listen on `{address}`: `--listen` takes an address and a port, for example `127.0.0.1:8080`"
        )),
    })
}

fn log_start(config: &Config, address: std::net::SocketAddr) {
    // INVARIANT: secrets serialise as `[redacted]`.
    let effective = serde_json::to_string(config).unwrap_or_default();
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        listen = %address,
        config = effective,
        "starting"
    );
}

fn introduce(config: &Config, keys: &Keys, address: std::net::SocketAddr) -> anyhow::Result<()> {
    if !address.ip().is_loopback() {
        tracing::warn!(%address, "a demo with printed tokens listens to other machines");
    }
    let text = demo::introduction(config, &keys.jwt, address)?;
    // A reader that has gone away is no reason to stop serving.
    if print(&text).is_err() {
        tracing::warn!("standard output is closed: nobody can read the tokens");
    }
    Ok(())
}

fn report(ended: Ended) -> ExitCode {
    match ended {
        Ended::InOrder => tracing::info!("stopped"),
        Ended::CutOff => {
            tracing::warn!("stopped; some requests took longer than `drain_timeout_ms`")
        }
        Ended::AtOnce => {
            tracing::warn!("stopped at once; requests in flight were dropped");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
