//! Databases to ask: seeded, then disturbed, so that there are nulls, ties and texts that are hard to compare.

use sea_orm::DatabaseConnection;
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Query};
use sudare::seed::{SeedLocale, SeedOptions};
use sudare_entities::Catalog;
use sudare_entities::catalog::{Entity, Field, Kind};
use tokio::runtime::Handle;

use crate::database::{self, Raw};
use crate::harness::open;

use super::data::Data;
use super::dice::Dice;

/// A database and what is in it.
pub(crate) struct World {
    /// The URL of the database.
    pub(crate) url: String,
    pub(crate) writer: DatabaseConnection,
    pub(crate) data: Data,
    /// Where its connections are at home.
    pub(crate) runtime: Handle,
    _folder: tempfile::TempDir,
}

/// Customers of a database.
const CUSTOMERS: u64 = 24;

/// Texts whose order, case and parts are easily got wrong.
const TEXTS: [&str; 14] = [
    "",
    " ",
    "Zoë",
    "zoë",
    "ZOË",
    "Straße",
    "STRASSE",
    "100 %",
    "a_b",
    "İstanbul",
    "\u{1F600} smile",
    "ﬁn",
    "a\u{301}",
    "\"quoted\" \\ 'n'\n",
];

impl World {
    pub(crate) async fn new(seed: u64) -> Self {
        Self::of(seed, CUSTOMERS).await
    }

    /// One with so many customers.
    pub(crate) async fn of(seed: u64, customers: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = database::at(folder.path());
        let writer = open(&url).await;
        let options = SeedOptions {
            customers,
            seed,
            locale: if seed.is_multiple_of(2) {
                SeedLocale::En
            } else {
                SeedLocale::ZhCn
            },
            append: false,
            progress: false,
        };
        let never = std::future::pending();
        sudare::seed::seed(&writer, &options, never).await.unwrap();
        let raw = Raw::open(&url);
        disturb(&raw, &mut Dice::new(seed));
        Self {
            data: Data::read(&raw),
            runtime: Handle::current(),
            url,
            writer,
            _folder: folder,
        }
    }
}

fn disturb(raw: &Raw, dice: &mut Dice) {
    raw.execute("BEGIN");
    for entity in Catalog::new().unwrap().entities {
        let keys: Vec<i64> = raw.all(&format!("SELECT id FROM \"{}\" ORDER BY id", entity.table));
        for (place, field) in entity.fields.iter().enumerate() {
            if place == entity.key || field.unique {
                continue;
            }
            for key in &keys {
                disturb_cell(raw, (&entity, field), (*key, dice.pick(&keys)), dice);
            }
        }
    }
    raw.execute("COMMIT");
}

/// Most cells stay; some become null, a hard text, or what another row has.
fn disturb_cell(
    raw: &Raw,
    (entity, field): (&Entity, &Field),
    (key, other): (i64, i64),
    dice: &mut Dice,
) {
    let (table, column) = (&entity.table, &field.column);
    let set = |to: Expr| {
        let mut update = Query::update();
        update
            .table(Alias::new(table))
            .value(Alias::new(column), to)
            .and_where(Expr::col(Alias::new("id")).eq(key));
        assert_eq!(raw.run(&update), 1);
    };
    if field.nullable && dice.chance(20) {
        set(Expr::cust("NULL"));
    } else if field.kind == Kind::Text && dice.chance(12) {
        set(Expr::value(dice.pick(&TEXTS)));
    } else if dice.chance(15) {
        let mut another = Query::select();
        another
            .column(Alias::new(column))
            .from(Alias::new(table))
            .and_where(Expr::col(Alias::new("id")).eq(other));
        set(Expr::SubQuery(None, Box::new(another.into())));
    }
}
