//! One of the two databases, and the gateways before it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Request, StatusCode};
use sea_orm::DbBackend;
use secrecy::SecretBox;
use sudare::blind::BlindKeys;
use sudare::config::{Jwt, Limits, Secret};
use sudare::database::PoolSettings;
use sudare::gateway::Gateway;
use sudare::server::App;
use sudare::server::auth::Verifier;
use sudare::server::front::Front;
use sudare_policies::PolicySet;
use tokio::runtime::Runtime;

use super::change::insert;
use super::keys::Keys;
use super::lookups::Blind;
use super::propose::FREE_KEYS;
use crate::database::Raw;
use crate::harness::SECRET;
use crate::model::data::Data;
use crate::model::policy::{load, reference};
use crate::model::run::parts;
use crate::model::world::World;

/// Customers of a database.
const CUSTOMERS: u64 = 16;

/// The key of their blind indexes.
const BLIND_KEY: [u8; 32] = [7; 32];

/// A database that is put back again and again.
pub(super) struct Side {
    world: World,
    pub(super) raw: Raw,
    pub(super) blind: Blind,
    /// What is in it before anything is changed.
    pub(super) data: Data,
    gateways: Vec<Arc<Gateway>>,
    fronts: Vec<Front>,
}

/// A request.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) method: &'static str,
    pub(super) uri: String,
    pub(super) accept: &'static str,
    pub(super) body: String,
}

/// All of an answer that is under the rule.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Got {
    pub(super) status: StatusCode,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Bytes,
}

impl Side {
    /// With a gateway for each of these sealing keys.
    pub(super) fn new(runtime: &Runtime, seed: u64, keys: &[u8]) -> Self {
        let world = runtime.block_on(World::of(seed, CUSTOMERS));
        let raw = Raw::open(&world.url);
        raw.forget_references();
        if raw.backend() == DbBackend::Sqlite {
            raw.execute("PRAGMA synchronous = OFF");
        }
        let blind = Blind::new(&BlindKeys::new(BLIND_KEY), &policies());
        // Written by the same hand as what will be changed: numbers and documents have more than one form.
        for (entity, known) in world.data.catalog.entities.iter().enumerate() {
            raw.execute(&format!("DELETE FROM \"{}\"", known.table));
            let rows: Vec<_> = world.data.tables()[entity].iter().collect();
            insert((&raw, &blind), known, &rows);
            let (base, table) = (base(&known.table), &known.table);
            raw.execute(&format!(
                "CREATE TABLE \"{base}\" AS SELECT * FROM \"{table}\""
            ));
        }
        let gateways = keys.iter().map(|key| Arc::new(gateway(&world, *key)));
        let gateways: Vec<_> = gateways.collect();
        let side = Self {
            data: Data::read(&raw),
            fronts: gateways.iter().map(front).collect(),
            gateways,
            raw,
            blind,
            world,
        };
        let all = (0..side.data.catalog.entities.len()).collect();
        side.restore(&all, &Keys::same(side.data.catalog.entities.len()));
        side
    }

    /// Puts tables back as they were, and has the next keys of all tables be those after the free ones.
    pub(super) fn restore(&self, dirty: &BTreeSet<usize>, keys: &Keys) {
        let mut all = "BEGIN;".to_owned();
        for entity in dirty {
            let table = &self.data.entity(*entity).table;
            let base = base(table);
            let _ = write!(
                all,
                "DELETE FROM \"{table}\"; INSERT INTO \"{table}\" SELECT * FROM \"{base}\";"
            );
            let _ = write!(all, "{};", self.next_key(*entity, keys.distance(*entity)));
        }
        self.raw.execute(&format!("{all} COMMIT"));
    }

    /// Has the next row of an entity get the key after the free ones, moved by this.
    pub(super) fn go_on_after(&self, entity: usize, moved: i64) {
        self.raw.execute(&self.next_key(entity, moved));
    }

    fn next_key(&self, entity: usize, moved: i64) -> String {
        let rows = &self.data.tables()[entity];
        let highest = rows.last().map_or(0, |row| self.data.key_of(entity, row));
        let last = highest + FREE_KEYS + moved;
        let table = &self.data.entity(entity).table;
        match self.raw.backend() {
            DbBackend::Postgres => {
                let sequence = format!("pg_get_serial_sequence('\"{table}\"', 'id')");
                format!("SELECT setval({sequence}, {last})")
            }
            DbBackend::MySql => {
                let next = last + 1;
                format!("ALTER TABLE \"{table}\" AUTO_INCREMENT = {next}")
            }
            _ => format!("UPDATE sqlite_sequence SET seq = {last} WHERE name = '{table}'"),
        }
    }

    /// The policies of one of the gateways from here on.
    pub(super) fn govern(&self, gateway: usize, policies: &Arc<PolicySet>) {
        let _at_home = self.world.runtime.enter();
        self.gateways[gateway].replace_policies(Arc::clone(policies));
    }

    /// Asks one of the gateways.
    pub(super) async fn ask(&self, gateway: usize, token: &str, sent: &Sent) -> Got {
        let request = Request::builder()
            .method(sent.method)
            .uri(&sent.uri)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .header("accept", sent.accept)
            .body(Body::from(sent.body.clone()))
            .unwrap();
        let answer = self.fronts[gateway].answer(request).await;
        let (head, body) = answer.into_parts();
        let outside = ["date", "x-request-id"];
        let headers = head.headers.iter();
        let headers = headers
            .map(|(name, value)| (name.to_string(), format!("{value:?}")))
            .filter(|(name, _)| !outside.contains(&name.as_str()));
        Got {
            status: head.status,
            headers: headers.collect(),
            body: to_bytes(body, usize::MAX).await.unwrap(),
        }
    }
}

fn base(table: &str) -> String {
    format!("base_{table}")
}

fn gateway(world: &World, key: u8) -> Gateway {
    let _at_home = world.runtime.enter();
    let mut parts = parts(world, policies());
    // That there are no more of them than that, is no matter of what is seen; and two gateways count for themselves.
    parts.limits.lookups_per_hour = u32::MAX;
    parts.blind_keys = BlindKeys::new(BLIND_KEY);
    parts.sealing_key = SecretBox::new(Box::new(vec![key; 64]));
    parts.readers = PoolSettings {
        max_connections: 4,
        ..PoolSettings::default()
    };
    Gateway::open(parts).unwrap().with_clock(super::now)
}

/// The policies of the reference application.
fn policies() -> PolicySet {
    let policies = load(&reference("policy.csv"), &reference("masking.toml"));
    policies.unwrap_or_else(|errors| panic!("{errors}"))
}

fn front(gateway: &Arc<Gateway>) -> Front {
    let limits = Limits {
        request_timeout_ms: 120_000,
        max_body_bytes: 4 * 1024 * 1024,
        ..Limits::default()
    };
    let verifier = Verifier::new(&Jwt::default(), &Secret::new(SECRET));
    let app = App::new(verifier, limits);
    app.start(Arc::clone(gateway));
    Front::new(&app)
}
