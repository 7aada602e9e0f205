//! Databases to ask: seeded, then disturbed, so that there are nulls, ties and texts that are hard to compare.

use std::path::PathBuf;

use sea_orm::DatabaseConnection;
use sudare::seed::{SeedLocale, SeedOptions};
use sudare_entities::Catalog;
use sudare_entities::catalog::{Entity, Field, Kind};

use super::data::Data;
use super::dice::Dice;

/// A database and what is in it.
pub(super) struct World {
    pub(super) file: PathBuf,
    pub(super) writer: DatabaseConnection,
    pub(super) data: Data,
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
    pub(super) async fn new(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sudare.db");
        let writer = sudare::database::open(&file).await.unwrap();
        let options = SeedOptions {
            customers: CUSTOMERS,
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
        disturb(
            &rusqlite::Connection::open(&file).unwrap(),
            &mut Dice::new(seed),
        );
        Self {
            data: Data::read(&file),
            file,
            writer,
            _folder: folder,
        }
    }
}

fn disturb(database: &rusqlite::Connection, dice: &mut Dice) {
    let transaction = database.unchecked_transaction().unwrap();
    for entity in Catalog::new().unwrap().entities {
        let keys: Vec<i64> = {
            let text = format!("SELECT id FROM \"{}\" ORDER BY id", entity.table);
            let mut statement = database.prepare(&text).unwrap();
            let keys = statement.query_map([], |row| row.get(0)).unwrap();
            keys.map(Result::unwrap).collect()
        };
        for (place, field) in entity.fields.iter().enumerate() {
            if place == entity.key || field.unique {
                continue;
            }
            for key in &keys {
                disturb_cell(database, (&entity, field), (*key, dice.pick(&keys)), dice);
            }
        }
    }
    transaction.commit().unwrap();
}

/// Most cells stay; some become null, a hard text, or what another row has.
fn disturb_cell(
    database: &rusqlite::Connection,
    (entity, field): (&Entity, &Field),
    (key, other): (i64, i64),
    dice: &mut Dice,
) {
    let (table, column) = (&entity.table, &field.column);
    let set = |to: &str, with: &[&dyn rusqlite::ToSql]| {
        let text = format!("UPDATE \"{table}\" SET \"{column}\" = {to} WHERE id = {key}");
        database.execute(&text, with).unwrap();
    };
    if field.nullable && dice.chance(20) {
        set("NULL", &[]);
    } else if field.kind == Kind::Text && dice.chance(12) {
        set("?", &[&dice.pick(&TEXTS)]);
    } else if dice.chance(15) {
        set(
            &format!("(SELECT \"{column}\" FROM \"{table}\" WHERE id = {other})"),
            &[],
        );
    }
}
