//! A gateway on a real socket over a real, seeded database, for the tests of this binary.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, OnceLock, mpsc};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use jsonwebtoken::{EncodingKey, Header, encode};
use sea_orm::DatabaseConnection;
use secrecy::SecretBox;
use serde_json::{Value as Json, json};
use sudare::blind::{BlindIndex, BlindKeys};
use sudare::config::{Jwt, Limits, Secret};
use sudare::database::{DatabaseUrl, PoolSettings};
use sudare::gateway::{Clock, Gateway, Parts};
use sudare::seed::{SeedLocale, SeedOptions};
use sudare::server::App;
use sudare::server::auth::Verifier;
use sudare::server::front::Front;
use sudare_entities::Catalog;
use sudare_policies::PolicySet;
use sudare_policies::maskers::MaskingKey;

use crate::database::{self, Raw};

pub(crate) const SECRET: &str = "a secret of the tests, and of nothing else";

/// The roles of the demo, with a subject and claims that fit the seeded rows.
pub(crate) const ROLES: [&str; 8] = [
    "admin",
    "sales",
    "support",
    "analyst",
    "marketing",
    "partner",
    "auditor",
    "customer",
];

/// A running gateway.
pub(crate) struct TestGateway {
    pub(crate) url: String,
    /// The URL of its database.
    pub(crate) database: String,
    pub(crate) catalog: Catalog,
    raw: OnceLock<Raw>,
    _folder: tempfile::TempDir,
}

/// An answer as it came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) text: String,
    pub(crate) body: Json,
}

/// Where the policies of the reference application are.
pub(crate) fn policies() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("policies")
}

/// The gateway that most tests share: 120 customers, the demo's policies, default limits.
pub(crate) fn demo() -> &'static TestGateway {
    static DEMO: LazyLock<TestGateway> =
        LazyLock::new(|| TestGateway::start(&policies(), Limits::default()));
    &DEMO
}

/// Who has this role in the tests.
pub(crate) fn claims(role: &str) -> Json {
    let (subject, department) = match role {
        "sales" => ("7", 1),
        "support" => ("12", 1),
        _ => ("1", 1),
    };
    json!({ "sub": subject, "roles": [role], "department_id": department })
}

/// A database opened and migrated as the program does it.
pub(crate) async fn open(url: &str) -> DatabaseConnection {
    let url = DatabaseUrl::parse(url).unwrap();
    let opened = sudare::database::open(&url).await;
    opened.unwrap_or_else(|error| panic!("{error}: {:?}", std::error::Error::source(&error)))
}

/// The customers that most tests share, and what they are looked up by.
async fn seeded(url: &str, indexes: Vec<BlindIndex>) -> DatabaseConnection {
    let writer = open(url).await;
    let options = SeedOptions {
        customers: 120,
        seed: 42,
        locale: SeedLocale::En,
        append: false,
        progress: false,
    };
    sudare::seed::seed_indexed(&writer, &options, indexes, std::future::pending())
        .await
        .unwrap();
    writer
}

impl TestGateway {
    /// Starts a gateway of its own on a thread of its own, which ends with the process.
    pub(crate) fn start(policies: &Path, limits: Limits) -> Self {
        Self::start_at(policies, limits, Arc::new(Instant::now))
    }

    /// The same, counting lookups by a clock of the test's.
    pub(crate) fn start_at(policies: &Path, limits: Limits, clock: Clock) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = database::at(folder.path());
        let catalog = Catalog::new().unwrap();
        let key = MaskingKey::new(b"a masking key of the tests only!").unwrap();
        let policies = PolicySet::load(policies, &sudare::shape::shape(&catalog), &key);
        let policies = policies.unwrap_or_else(|errors| panic!("{errors}"));
        let blind_keys = BlindKeys::new([7; 32]);
        let indexes = blind_keys.indexes(&catalog, &policies);
        let (sender, receiver) = mpsc::channel();
        let url = database.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async move {
                let writer = seeded(&url, indexes).await;
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                let gateway = Gateway::open(Parts {
                    catalog: Catalog::new().unwrap(),
                    policies,
                    database: DatabaseUrl::parse(&url).unwrap(),
                    readers: PoolSettings::default(),
                    written: DatabaseUrl::parse(&url).unwrap(),
                    writer,
                    sealing_key: SecretBox::new(Box::new(vec![7; 64])),
                    blind_keys,
                    limits: limits.clone(),
                })
                .unwrap()
                .with_lookup_clock(clock);
                let verifier = Verifier::new(&Jwt::default(), &Secret::new(SECRET));
                let app = App::new(verifier, limits);
                app.start(Arc::new(gateway));
                sender.send(listener.local_addr().unwrap()).unwrap();
                let front = Arc::new(Front::new(&app));
                let all =
                    axum::Router::new().fallback(async move |request| front.answer(request).await);
                axum::serve(listener, all).await.unwrap();
            });
        });
        let address = receiver.recv().expect("the gateway should start");
        Self {
            url: format!("http://{address}/graphql"),
            database,
            catalog,
            raw: OnceLock::new(),
            _folder: folder,
        }
    }

    /// Asks as a role.
    pub(crate) async fn query(&self, role: &str, query: &str) -> Answer {
        self.request(Some(claims(role)), json!({ "query": query }))
            .await
    }

    /// Asks as a role, with variables.
    pub(crate) async fn query_with(&self, role: &str, query: &str, variables: Json) -> Answer {
        self.request(
            Some(claims(role)),
            json!({ "query": query, "variables": variables }),
        )
        .await
    }

    /// Asks with these claims, or with no token.
    pub(crate) async fn request(&self, claims: Option<Json>, body: Json) -> Answer {
        let mut request = reqwest::Client::new()
            .post(&self.url)
            .header("content-type", "application/json")
            .header(
                "accept",
                "application/graphql-response+json, application/json;q=0.9",
            )
            .body(body.to_string());
        if let Some(claims) = claims {
            request = request.header("authorization", format!("Bearer {}", token(claims)));
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"));
        Answer { status, text, body }
    }

    /// Asks the database itself, behind the gateway's back.
    pub(crate) fn raw(&self) -> &Raw {
        self.raw.get_or_init(|| Raw::open(&self.database))
    }
}

impl Answer {
    /// The data of an answer that must have come without errors.
    pub(crate) fn data(&self) -> &Json {
        assert_eq!(
            (self.status, self.body.get("errors")),
            (200, None),
            "{}",
            self.text
        );
        &self.body["data"]
    }

    /// The codes of the errors of an answer that must have been refused.
    pub(crate) fn codes(&self) -> Vec<&str> {
        assert!(
            self.body.get("data").is_none(),
            "refused, and yet with data: {}",
            self.text
        );
        let errors = self.body["errors"]
            .as_array()
            .unwrap_or_else(|| panic!("not refused: {}", self.text));
        errors
            .iter()
            .map(|error| error["extensions"]["code"].as_str().unwrap())
            .collect()
    }
}

/// A token that the test gateways take.
pub(crate) fn token(claims: Json) -> String {
    signed(claims, SECRET)
}

/// A token signed with a secret; good for an hour unless it says otherwise.
pub(crate) fn signed(mut claims: Json, secret: &str) -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    if claims.get("exp").is_none() {
        claims["exp"] = json!(now + 3600);
    }
    encode(
        &Header::default(),
        &claims,
        &EncodingKey::from_secret(secret.as_bytes()),
    )
    .unwrap()
}
