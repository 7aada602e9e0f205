//! Fake data: believable customers with their histories, the same for the same seed on every machine and every day.
//!
//! Each row draws from a stream that depends on the seed, its table and its key alone (`stream`), so that neither the
//! size of a batch nor the number of customers before it ever changes it; only who looks after a customer follows from
//! the size of the house. Persons come from `sudare_policies::persons`, whose numbers belong to nobody. Their histories are
//! those of a business: few products sell most (`demand`), each month, day and hour has its share (`rhythm`), customers
//! come, go and come back (`course`), and staff and customers write down what other fields hide (`mention`). All of it is
//! written in one transaction: either everything is there, or nothing.

use std::fmt;
use std::future::Future;
use std::mem::take;
use std::time::Duration;

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use sea_orm::{DatabaseConnection, DbErr, EntityTrait, PaginatorTrait};
use sudare_entities::customer;
use thiserror::Error;
use tokio::sync::mpsc;

use crate::blind::BlindIndex;

mod calendar;
mod course;
mod demand;
mod house;
mod life;
mod mention;
mod person;
mod rhythm;
mod stop;
mod store;
mod stream;
#[cfg(test)]
mod tests;
mod words;
mod writer;

use house::{Builder, House};
use life::World;
use stop::Stop;
use store::{Counts, Keys, Rows};
use words::Market;
use writer::Writer;

/// Customers whose rows are written together. sqlx leaves Nagle's algorithm on, and so the end of a short `COPY` waits some 40 ms until
/// the server has acknowledged its rows: there must be few of them.
const BATCH: usize = 2_000;

/// Batches that wait for the database while the next one is made.
const AHEAD: usize = 1;

/// What to sow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeedOptions {
    /// How many customers.
    pub customers: u64,
    /// The same seed gives the same rows.
    pub seed: u64,
    /// Who they are and what they speak.
    pub locale: SeedLocale,
    /// Whether the database may have customers already. Keys go on after theirs.
    pub append: bool,
    /// Whether to show progress on the standard error stream, if that is a terminal.
    pub progress: bool,
}

/// Who fake customers are and what they speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum SeedLocale {
    /// A house that sells to all of them: most to the United States, then China, Great Britain, Vietnam and Ukraine.
    #[default]
    #[value(name = "mix")]
    Mix,
    /// English: the United States and Great Britain.
    #[value(name = "en")]
    En,
    /// Simplified Chinese: mainland China.
    #[value(name = "zh_CN")]
    ZhCn,
    /// Vietnamese: Vietnam.
    #[value(name = "vi")]
    Vi,
    /// Ukrainian: Ukraine.
    #[value(name = "uk")]
    Uk,
}

/// What was sown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeedReport {
    /// How many rows each table was given, in the order in which the tables were filled.
    pub tables: Vec<(&'static str, u64)>,
}

impl fmt::Display for SeedReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total: u64 = self.tables.iter().map(|(_, rows)| rows).sum();
        for (table, rows) in &self.tables {
            writeln!(f, "{rows:>9} {table}")?;
        }
        write!(f, "{total:>9} rows")
    }
}

/// Why nothing was sown.
#[derive(Debug, Error)]
pub enum SeedError {
    /// Somebody's customers are there.
    #[error(
        "the database has customers already, nothing was changed: use an empty database, or `--append` to add to them"
    )]
    NotEmpty,
    /// Somebody asked to stop.
    #[error("stopped, nothing was changed")]
    Stopped,
    /// The database refused.
    #[error("the database refused, nothing was changed")]
    Database(#[from] DbErr),
}

/// Fills the database, unless it has customers or `stop` is ready first: then it is as it was.
pub async fn seed(
    db: &DatabaseConnection,
    options: &SeedOptions,
    stop: impl Future<Output = ()> + Send,
) -> Result<SeedReport, SeedError> {
    seed_indexed(db, options, Vec::new(), stop).await
}

/// The same, and gives customers the indexes by which they are looked up.
pub async fn seed_indexed(
    db: &DatabaseConnection,
    options: &SeedOptions,
    indexes: Vec<BlindIndex>,
    stop: impl Future<Output = ()> + Send,
) -> Result<SeedReport, SeedError> {
    let batches = Batches {
        size: BATCH,
        indexes,
    };
    sow(db, options, batches, &mut Stop::when(stop)).await
}

/// How rows are made ready for the database.
struct Batches {
    /// Customers of one batch.
    size: usize,
    /// What they are looked up by.
    indexes: Vec<BlindIndex>,
}

async fn sow(
    db: &DatabaseConnection,
    options: &SeedOptions,
    batches: Batches,
    stop: &mut Stop<'_>,
) -> Result<SeedReport, SeedError> {
    let mut writer = Writer::begin(db).await?;
    match fill(db, &mut writer, options, batches, stop).await {
        Ok(counts) => {
            writer.commit().await?;
            Ok(SeedReport {
                tables: counts.named(),
            })
        }
        Err(error) => {
            writer.roll_back().await?;
            Err(error)
        }
    }
}

/// While the database takes some rows, the next ones are made.
async fn fill(
    db: &DatabaseConnection,
    writer: &mut Writer,
    options: &SeedOptions,
    batches: Batches,
    stop: &mut Stop<'_>,
) -> Result<Counts, SeedError> {
    stop.check().await?;
    if !options.append && customer::Entity::find().count(db).await? > 0 {
        return Err(SeedError::NotEmpty);
    }
    let (rows, keys, world) = begin(db, options).await?;
    let (sender, mut made) = mpsc::channel(AHEAD);
    let customers = options.customers;
    let maker = tokio::task::spawn_blocking(move || {
        make(&world, (rows, keys), (customers, &batches), &sender)
    });
    let mut counts = Counts::default();
    let bar = progress(options);
    while let Some(mut rows) = made.recv().await {
        bar.inc(rows.customer.len() as u64);
        rows.flush(writer, &mut counts, stop).await?;
    }
    let broken = |_| DbErr::Custom("the maker of the rows broke down".to_owned());
    let keys = maker.await.map_err(broken)?;
    keys.leave(writer).await?;
    Ok(counts)
}

/// The house, the rows that it lacks, and the keys that are free.
async fn begin(
    db: &DatabaseConnection,
    options: &SeedOptions,
) -> Result<(Rows, Keys, World), DbErr> {
    let (seed, market) = (options.seed, Market::of(options.locale));
    let builder = Builder {
        seed,
        market,
        customers: options.customers,
    };
    let mut keys = Keys::free(db).await?;
    let mut rows = Rows::default();
    let house = House::complete(db, &builder, &mut rows, &mut keys).await?;
    let world = World {
        seed,
        market,
        house,
    };
    Ok((rows, keys, world))
}

/// Makes the rows of so many customers, and sends those of each batch, until nobody takes them any more. Gives the keys that
/// are free then.
fn make(
    world: &World,
    (mut rows, mut keys): (Rows, Keys),
    (customers, batches): (u64, &Batches),
    sender: &mpsc::Sender<Rows>,
) -> Keys {
    for _ in 0..customers {
        let known = rows.customer.len();
        world.live(&mut rows, &mut keys);
        for row in rows.customer.iter_mut().skip(known) {
            person::index(row, &batches.indexes);
        }
        if rows.customer.len() >= batches.size && sender.blocking_send(take(&mut rows)).is_err() {
            return keys;
        }
    }
    // Whoever does not take the last ones does not want the keys either.
    let _ = sender.blocking_send(rows);
    keys
}

/// A bar that shows nothing unless it is wanted and there is a terminal to show it on.
fn progress(options: &SeedOptions) -> ProgressBar {
    if !options.progress {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(options.customers).with_finish(ProgressFinish::AndClear);
    let style =
        ProgressStyle::with_template("{bar:32} {human_pos} of {human_len} customers, {eta} left");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
