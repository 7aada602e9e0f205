//! What a query costs, stage by stage: `cargo bench --bench gateway`.
//!
//! Ratios within one run are what counts; absolute times are those of the machine. The rows come from a SQLite file that
//! is wholly in the page cache. Roles take turns (A B A B), medians are of all rounds.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sea_orm::DatabaseConnection;
use secrecy::SecretBox;
use serde_json::json;
use sudare::config::Limits;
use sudare::gateway::{Gateway, GraphqlRequest, Parts};
use sudare::seed::{SeedLocale, SeedOptions};
use sudare_entities::Catalog;
use sudare_policies::maskers::MaskingKey;
use sudare_policies::{PolicySet, Principal};
use tracing::Subscriber;
use tracing::span::Id;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

const ROUNDS: usize = 60;

const FIELDS: &str =
    "id fullName email phone nationalId birthDate annualIncome city lifecycleStage createdAt";

const README: &str = "{ customers { nodes { fullName phone email nationalId annualIncome birthDate owner { name } \
    orders(first: 3) { nodes { orderNo } } } } }";

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let stages = Stages::default();
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(stages.clone()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let folder = tempfile::tempdir()?;
    runtime.block_on(async {
        let gateway = open(&folder.path().join("bench.db")).await?;
        let mut out = std::io::stdout().lock();
        let big = format!("{{ customers(first: 1000) {{ nodes {{ {FIELDS} }} }} }}");
        writeln!(
            out,
            "1,000 rows x 10 fields, microseconds (nanoseconds a cell)\n"
        )?;
        compare(&gateway, &stages, &mut out, &big, 10_000).await?;
        writeln!(out, "\nthe README's query, microseconds\n")?;
        compare(&gateway, &stages, &mut out, README, 0).await?;
        writeln!(
            out,
            "\nthe README's query as support, 16 at a time in one process, without HTTP\n"
        )?;
        throughput(&gateway, &mut out).await
    })
}

async fn open(database: &std::path::Path) -> Outcome<Arc<Gateway>> {
    let catalog = Catalog::new()?;
    let policies = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let key = MaskingKey::new(&[7; 32])?;
    let policies = PolicySet::load(&policies, &sudare::shape::shape(&catalog), &key)?;
    let writer: DatabaseConnection = sudare::database::open(database).await?;
    let options = SeedOptions {
        customers: 1_000,
        seed: 42,
        locale: SeedLocale::En,
        append: false,
        progress: false,
    };
    sudare::seed::seed(&writer, &options, std::future::pending()).await?;
    let limits = Limits {
        max_cost: 1_000_000,
        ..Limits::default()
    };
    let sealing_key = SecretBox::new(Box::new(vec![7; 64]));
    let database = database.to_owned();
    Ok(Arc::new(Gateway::open(Parts {
        catalog,
        policies,
        database: (&database).into(),
        readers: sudare::database::PoolSettings::default(),
        written: (&database).into(),
        writer,
        sealing_key,
        blind_keys: sudare::blind::BlindKeys::new([7; 32]),
        limits,
    })?))
}

fn principal(role: &str) -> Principal {
    let attributes = json!({ "department_id": 1 });
    Principal {
        id: "7".to_owned(),
        roles: [role.to_owned()].into(),
        attributes: attributes.as_object().cloned().unwrap_or_default(),
    }
}

async fn ask(gateway: &Gateway, role: &str, query: &str) -> usize {
    let request = GraphqlRequest {
        query: query.to_owned(),
        ..GraphqlRequest::default()
    };
    gateway
        .execute(request, principal(role).into())
        .await
        .body
        .len()
}

/// One line a role: bytes of the answer, the whole, and each stage.
async fn compare(
    gateway: &Gateway,
    stages: &Stages,
    out: &mut impl std::io::Write,
    query: &str,
    cells: u32,
) -> Outcome<()> {
    let roles = ["admin", "analyst", "support"];
    let mut samples: BTreeMap<&str, Vec<(Duration, Spent)>> = BTreeMap::new();
    let mut bytes = BTreeMap::new();
    for _ in 0..ROUNDS {
        for role in roles {
            stages.take();
            let start = Instant::now();
            bytes.insert(role, ask(gateway, role, query).await);
            samples
                .entry(role)
                .or_default()
                .push((start.elapsed(), stages.take()));
        }
    }
    writeln!(
        out,
        "{:<10}{:>10}{:>16}{:>12}{:>12}{:>12}{:>12}",
        "role", "bytes", "all", "plan", "fetch", "write", "before SQL"
    )?;
    for role in roles {
        let Some(samples) = samples.get(role) else {
            continue;
        };
        let stage = |name: &str| {
            median(
                samples
                    .iter()
                    .map(|(_, stages)| stages.get(name).copied().unwrap_or_default()),
            )
        };
        let all = median(samples.iter().map(|(all, _)| *all));
        let (plan, fetch, write) = (stage("plan"), stage("fetch"), stage("write"));
        let per_cell = all
            .as_nanos()
            .checked_div(u128::from(cells))
            .map_or_else(String::new, |ns| format!(" ({ns})"));
        let before = 100.0 * all.saturating_sub(fetch + write).as_secs_f64() / all.as_secs_f64();
        let micros = |time: Duration| time.as_micros();
        writeln!(
            out,
            "{role:<10}{:>10}{:>16}{:>12}{:>12}{:>12}{:>11.1}%",
            bytes.get(role).copied().unwrap_or(0),
            format!("{}{per_cell}", micros(all)),
            micros(plan),
            micros(fetch),
            micros(write),
            before,
        )?;
    }
    Ok(())
}

async fn throughput(gateway: &Arc<Gateway>, out: &mut impl std::io::Write) -> Outcome<()> {
    const EACH: u32 = 200;
    let start = Instant::now();
    let workers: Vec<_> = (0..16)
        .map(|_| {
            let gateway = Arc::clone(gateway);
            tokio::spawn(async move {
                for _ in 0..EACH {
                    ask(&gateway, "support", README).await;
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await?;
    }
    let rate = f64::from(16 * EACH) / start.elapsed().as_secs_f64();
    Ok(writeln!(out, "{rate:.0} requests a second")?)
}

fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Time by stage.
type Spent = BTreeMap<&'static str, Duration>;

/// Adds up the time that each kind of span was entered for.
#[derive(Clone, Default)]
struct Stages(Arc<Mutex<Spent>>);

impl Stages {
    fn take(&self) -> Spent {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

struct Entered(Instant);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Stages {
    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            span.extensions_mut().replace(Entered(Instant::now()));
        }
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(Entered(start)) = span.extensions_mut().remove::<Entered>() {
            let mut times = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            *times.entry(span.name()).or_default() += start.elapsed();
        }
    }
}
