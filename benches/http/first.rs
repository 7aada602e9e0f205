//! How much of a request is over before its first statement is given to the driver: the server's own way of a request, in this
//! process and over PostgreSQL, without sockets before it.

use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use secrecy::SecretBox;
use sudare::blind::BlindKeys;
use sudare::config::{Jwt, Limits, Secret};
use sudare::database::{DatabaseUrl, PoolSettings};
use sudare::gateway::{Gateway, Parts};
use sudare::server::App;
use sudare::server::auth::Verifier;
use sudare::server::front::Front;
use sudare_entities::Catalog;
use sudare_policies::PolicySet;
use sudare_policies::maskers::MaskingKey;
use tracing::Subscriber;
use tracing::span::{Attributes, Id};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

use crate::Outcome;
use crate::gateway::{SECRETS, token};
use crate::query::QUERIES;
use crate::throughput::median;

/// Requests of a query, one after the other, and those before them that warm what is to be warm.
const REQUESTS: usize = 1_000;
const WARM: usize = 100;

/// Asks each query many times over, as a role that sees everything.
pub(crate) async fn measure(database: &str) -> Outcome<()> {
    let fetch = Fetch::default();
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(fetch.clone()))?;
    let front = open(database).await?;
    let token = token("admin")?;

    let mut out = std::io::stdout();
    writeln!(out, "\nbefore the first statement, one request at a time")?;
    for query in &QUERIES {
        let mut samples = Vec::new();
        for number in 0..WARM + REQUESTS {
            let request = Request::post("/graphql")
                .header("content-type", "application/json")
                .header("authorization", format!("Bearer {token}"))
                .body(Body::from(query.body(&(number + 1).to_string())))?;
            fetch.take();
            let start = Instant::now();
            let response = front.answer(request).await;
            let whole = start.elapsed().as_secs_f64() * 1e6;
            let begun = fetch.take().ok_or("nothing was fetched")?;
            if response.status() != StatusCode::OK {
                return Err(format!("{}: {}", query.name, response.status()).into());
            }
            samples.push((begun.duration_since(start).as_secs_f64() * 1e6, whole));
        }
        let of = |value: fn(&(f64, f64)) -> f64| median(samples.iter().skip(WARM).map(value));
        writeln!(
            out,
            "{:<24}{:>8.1} us of {:>6.0} us, {:>5.1} %{}",
            query.name,
            of(|(before, _)| *before),
            of(|(_, whole)| *whole),
            of(|(before, whole)| 100.0 * before / whole),
            if query.name == "Q1" {
                ""
            } else {
                " (goal: below 5)"
            },
        )?;
    }
    Ok(())
}

async fn open(database: &str) -> Outcome<Front> {
    let [(_, jwt), (_, masking)] = SECRETS;
    let catalog = Catalog::new()?;
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let key = MaskingKey::new(masking.as_bytes())?;
    let policies = PolicySet::load(&policies, &sudare::shape::shape(&catalog), &key)?;
    let database = DatabaseUrl::parse(database)?;
    let limits = Limits::default();
    let app = App::new(
        Verifier::new(&Jwt::default(), &Secret::new(jwt)),
        limits.clone(),
    );
    app.start(Arc::new(Gateway::open(Parts {
        catalog,
        policies,
        writer: sudare::database::open(database.clone()).await?,
        written: database.clone(),
        database,
        readers: PoolSettings::default(),
        sealing_key: SecretBox::new(Box::new(vec![7; 64])),
        blind_keys: BlindKeys::new([7; 32]),
        limits,
    })?));
    Ok(Front::new(&app))
}

/// When the rows of a plan began to be fetched.
#[derive(Clone, Default)]
struct Fetch(Arc<Mutex<Option<Instant>>>);

impl Fetch {
    fn take(&self) -> Option<Instant> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<S: Subscriber> Layer<S> for Fetch {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        if attributes.metadata().name() == "fetch" {
            let mut begun = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            begun.get_or_insert_with(Instant::now);
        }
    }
}
