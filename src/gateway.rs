//! The gateway: what is the same for every request, and the way of a request from its document to its answer.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use async_graphql::SDLExportOptions;
use async_graphql::dynamic::{Schema, SchemaError};
use async_graphql::parser::parse_query;
use async_graphql::parser::types::ExecutableDocument;
use chrono::{DateTime, Utc};
use moka::sync::Cache;
use sea_orm::DatabaseConnection;
use secrecy::SecretBox;
use sudare_entities::Catalog;
use sudare_policies::{PolicySet, Principal, View};
use thiserror::Error;
use tokio::sync::OwnedSemaphorePermit;

use crate::answer::{Answer, ErrorCode, RequestError};
use crate::blind::BlindKeys;
use crate::config::Limits;
use crate::database::{DatabaseUrl, PoolSettings};
use crate::execute::{ExecuteError, Reader, RunError, Writer};
use crate::graphql::inputs::{Everything, Inputs};
use crate::graphql::{VisibleSchema, check_document, check_text, coerce, schema};
use crate::introspection;
use crate::lookup::Lookups;
use crate::mask::WriteError;
use crate::operation::{choose, parse_error};
use crate::plan::prepared::Prepared;
use crate::plan::{self, PlanRequest};
use crate::prepared::{self, Operation, Operations};
use crate::seal::AudienceSeals;
use crate::turns::Turns;

pub use crate::lookup::Clock;

/// A GraphQL request as it came in, whatever it came by.
#[derive(Clone, Debug, Default)]
pub struct GraphqlRequest {
    /// The document.
    pub query: String,
    /// Which of its operations to run.
    pub operation_name: Option<String>,
    /// The values of its variables.
    pub variables: serde_json::Map<String, serde_json::Value>,
    /// It came by a way that runs queries only (GET); another operation is refused with [`ErrorCode::NotByGet`].
    pub queries_only: bool,
}

/// What a gateway is made of.
#[derive(Debug)]
pub struct Parts {
    /// What data there is.
    pub catalog: Catalog,
    /// Who sees what of it.
    pub policies: PolicySet,
    /// The migrated database that is read: the one that is written, or a copy that follows it.
    pub database: DatabaseUrl,
    /// How many connections read it.
    pub readers: PoolSettings,
    /// The migrated database that is written.
    pub written: DatabaseUrl,
    /// SeaORM's connection to it. As long as it is open, so are the files that readers of a SQLite WAL need.
    pub writer: DatabaseConnection,
    /// Seals cursors and node ids.
    pub sealing_key: SecretBox<Vec<u8>>,
    /// Index the values that rows are looked up by.
    pub blind_keys: BlindKeys,
    /// What one request may cost.
    pub limits: Limits,
}

/// Why a gateway cannot be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The database cannot be read.
    #[error("cannot read the database")]
    Database(#[source] ExecuteError),
    /// The catalog does not make a schema.
    #[error("cannot make a schema of the catalog: {0}")]
    Schema(#[from] SchemaError),
}

/// Catalog, policies, schemas and the database, ready to answer.
#[derive(Debug)]
pub struct Gateway {
    catalog: Catalog,
    /// Every request takes what is here when it begins, and nothing else.
    policies: ArcSwap<PolicySet>,
    reader: Reader,
    writer: Writer,
    lookups: Lookups,
    blind_keys: BlindKeys,
    sealing_key: SecretBox<Vec<u8>>,
    /// The one before it, whose cursors and node ids still open.
    previous_sealing_key: Option<SecretBox<Vec<u8>>>,
    limits: Limits,
    /// By visibility.
    schemas: Cache<u64, Arc<VisibleSchema>>,
    /// Parsed and validated documents, by visibility and text.
    documents: Cache<(u64, String), Arc<ExecutableDocument>>,
    /// Operations that need not be read again.
    operations: Operations,
    /// By audience.
    seals: Cache<String, AudienceSeals>,
    turns: Turns,
    /// Of those who write: there are fewer connections for them.
    writing: Turns,
    /// What time it is.
    clock: fn() -> DateTime<Utc>,
}

/// Bytes of documents that are kept parsed.
const DOCUMENT_CACHE: u64 = 16 * 1024 * 1024;

impl Gateway {
    /// Opens the gateway over a database that [`crate::database::open`] has brought up to date and looked at: its tables compare
    /// and keep values as the gateway takes them to, and those of PostgreSQL and MariaDB have the function that folds case. A user
    /// of MariaDB needs `SELECT` on the tables and `EXECUTE` on that function; to stop statements it needs no right, they are its own.
    /// Needs a runtime of tokio, on which it looks after its connections.
    ///
    /// # Errors
    /// [`OpenError`] if it cannot be read or the catalog makes no schema.
    pub fn open(parts: Parts) -> Result<Self, OpenError> {
        let Parts {
            catalog,
            policies,
            database,
            readers,
            written,
            writer: open,
            sealing_key,
            blind_keys,
            limits,
        } = parts;
        let timeout = Duration::from_millis(limits.statement_timeout_ms);
        let reader = Reader::open(&database, &readers, timeout).map_err(OpenError::Database)?;
        let writer = Writer::open(&written, &readers, timeout).map_err(OpenError::Database)?;
        let connections = reader.connections(&readers) as usize;
        let writers = writer.connections(&readers) as usize;
        let weight = |(_, text): &(u64, String), _: &Arc<ExecutableDocument>| {
            u32::try_from(text.len().saturating_mul(8)).unwrap_or(u32::MAX)
        };
        Ok(Self {
            catalog,
            policies: ArcSwap::from_pointee(policies),
            reader,
            writer,
            lookups: Lookups::new(limits.lookups_per_hour, open),
            blind_keys,
            sealing_key,
            previous_sealing_key: None,
            limits,
            schemas: Cache::new(256),
            documents: Cache::builder()
                .max_capacity(DOCUMENT_CACHE)
                .weigher(weight)
                .build(),
            operations: Operations::new(),
            seals: Cache::new(256),
            turns: Turns::new(connections.div_ceil(2)),
            writing: Turns::new(writers.div_ceil(2)),
            clock: Utc::now,
        })
    }

    /// Opens the cursors and node ids that this key sealed, too: the one that [`Parts::sealing_key`] replaced.
    #[must_use]
    pub fn with_previous_sealing_key(mut self, key: SecretBox<Vec<u8>>) -> Self {
        self.previous_sealing_key = Some(key);
        self
    }

    /// Counts lookups by another clock than that of the system, for tests of what an hour is.
    #[must_use]
    pub fn with_lookup_clock(mut self, clock: Clock) -> Self {
        self.lookups = self.lookups.with_clock(clock);
        self
    }

    /// Takes the time of requests from another clock than the system's: what conditions call `now`, and what is written into
    /// `created_at` and `updated_at`.
    #[must_use]
    pub fn with_clock(mut self, clock: fn() -> DateTime<Utc>) -> Self {
        self.clock = clock;
        self
    }

    /// From now on requests are answered under these policies; those that have begun end under what they began with. Gives back
    /// what was replaced.
    ///
    /// What is kept between requests stays: schemas and documents belong to what is visible, seals to an audience, whatever the
    /// policies are that say so.
    pub fn replace_policies(&self, policies: impl Into<Arc<PolicySet>>) -> Arc<PolicySet> {
        let before = self.policies.swap(policies.into());
        // Nobody will ask for what was prepared under them; it only takes room.
        self.operations.clear();
        before
    }

    /// Answers one request. Never fails: what goes wrong is part of the answer.
    pub async fn execute(&self, request: GraphqlRequest, principal: Arc<Principal>) -> Answer {
        match self.answer(request, principal).await {
            Ok(answer) => answer,
            Err(errors) => Answer::refuse(&errors),
        }
    }

    /// Whether the database answers.
    pub async fn ready(&self) -> bool {
        self.reader.ping().await
    }

    async fn answer(
        &self,
        request: GraphqlRequest,
        principal: Arc<Principal>,
    ) -> Result<Answer, Vec<RequestError>> {
        let policies = self.policies.load_full();
        let view = policies
            .view(principal, (self.clock)())
            .map_err(|error| vec![RequestError::new(ErrorCode::Forbidden, error.to_string())])?;
        if view.dropped_roles() > 0 {
            tracing::warn!(
                count = view.dropped_roles(),
                "the token has roles that the policy does not know"
            );
        }
        let key = self.operations.key(&view, &request);
        let known = key.and_then(|key| self.operations.get(&key));
        let prepared = match known.and_then(|operation| operation.prepare(&request)) {
            Some(prepared) => prepared,
            // Apart from the request's own future: it is many times as large, and seldom needed.
            None => Box::pin(self.prepare(&view, request, key)).await?,
        };
        if prepared.plan.lookups().next().is_some() {
            return Box::pin(self.looked_up(&view, prepared)).await;
        }
        let done = if prepared.plan.writes() {
            let turn = self.turn(&self.writing, &view).await?;
            self.writer.answer(prepared, turn).await
        } else {
            let turn = self.turn(&self.turns, &view).await?;
            let answered = self.reader.answer(prepared, turn).await;
            answered.map(|answered| answered.body)
        };
        match done {
            // A change that was refused has its own words.
            Err(RunError::Refused(errors)) => Err(errors),
            Ok(body) => Ok(Answer::data(body.into())),
            Err(error) => Err(vec![self.run_error(&error)]),
        }
    }

    /// Answers with lookups: they are counted before, and put on record.
    async fn looked_up(
        &self,
        view: &View,
        prepared: Prepared,
    ) -> Result<Answer, Vec<RequestError>> {
        let plan = Arc::clone(&prepared.plan);
        let record = self.lookups.admit(view, &plan).await;
        let record = record.map_err(|error| vec![error])?;
        let turn = self.turn(&self.turns, view).await?;
        match self.reader.answer(prepared, turn).await {
            Ok(answered) => {
                record.found(&answered.found);
                Ok(Answer::data(answered.body.into()))
            }
            Err(error) => Err(vec![self.run_error(&error)]),
        }
    }

    async fn turn(
        &self,
        turns: &Turns,
        view: &View,
    ) -> Result<OwnedSemaphorePermit, Vec<RequestError>> {
        let turn = turns.take(view).await;
        turn.map_err(|_| vec![internal()])
    }

    /// Reads, checks and plans an operation that has not been prepared, or not for variables like these.
    async fn prepare(
        &self,
        view: &View,
        mut request: GraphqlRequest,
        key: Option<prepared::Key>,
    ) -> Result<Prepared, Vec<RequestError>> {
        let visible = self.visible_schema(view)?;
        let length = request.query.len();
        let document = self
            .document(&visible, view.visibility(), &mut request)
            .await?;
        let (name, operation) = choose(&document, &request)?;
        let seals = self.seals(view.audience())?;
        let variables = coerce::variables(&visible.inputs, operation, &request.variables)?;
        let plan = tracing::debug_span!("plan").in_scope(|| {
            plan::build(&PlanRequest {
                catalog: &self.catalog,
                dialect: self.reader.dialect(),
                view,
                inputs: &visible.inputs,
                document: &document,
                operation,
                variables: &variables,
                limits: &self.limits,
                seals: &seals,
                blind: &self.blind_keys,
            })
        })?;
        let asks_schema = plan.asks_schema();
        let plan =
            introspection::answer(plan, &visible, &document, name, request.variables).await?;
        let plan = Arc::new(plan);
        if let Some(key) = key.filter(|_| !asks_schema && !plan.writes()) {
            let operation = || Operation::new(&visible, &document, (name, length));
            self.operations.keep(key, operation, &plan, &variables);
        }
        Prepared::new(&plan, &variables).ok_or_else(|| vec![internal()])
    }

    fn visible_schema(&self, view: &View) -> Result<Arc<VisibleSchema>, Vec<RequestError>> {
        let build = || VisibleSchema::new(&self.catalog, view).map(Arc::new);
        self.schemas
            .try_get_with(view.visibility(), build)
            .map_err(|error| {
                tracing::error!(%error, "a visible part of the schema is not a schema");
                vec![internal()]
            })
    }

    /// The document, bounded, parsed and validated; kept for the next time.
    async fn document(
        &self,
        visible: &VisibleSchema,
        visibility: u64,
        request: &mut GraphqlRequest,
    ) -> Result<Arc<ExecutableDocument>, Vec<RequestError>> {
        let key = (visibility, std::mem::take(&mut request.query));
        if let Some(document) = self.documents.get(&key) {
            return Ok(document);
        }
        check_text(&key.1, &self.limits).map_err(|error| vec![error])?;
        let document = Arc::new(parse_query(&key.1).map_err(|error| vec![parse_error(&error)])?);
        check_document(&document, &self.limits)?;
        // What may not be run at all is refused as that, not as what else is wrong with it.
        choose(&document, request)?;
        crate::graphql::validate::validate(&visible.whole, &document).await?;
        self.documents.insert(key, Arc::clone(&document));
        Ok(document)
    }

    fn seals(&self, audience: &str) -> Result<AudienceSeals, Vec<RequestError>> {
        let seals = self.seals.optionally_get_with_by_ref(audience, || {
            let seals = AudienceSeals::new(&self.sealing_key, audience)?;
            match &self.previous_sealing_key {
                Some(key) => Some(seals.with_previous(&AudienceSeals::new(key, audience)?)),
                None => Some(seals),
            }
        });
        seals.ok_or_else(|| vec![internal()])
    }

    fn run_error(&self, error: &RunError) -> RequestError {
        match error {
            RunError::Execute(ExecuteError::Timeout) => {
                let limit = self.limits.statement_timeout_ms;
                let message = format!(
                    "the statements took too long: the limit `statement_timeout_ms` is {limit}; ask for less"
                );
                RequestError::new(ErrorCode::Timeout, message)
            }
            // How large rows are may depend on what is hidden: this tells no more than that the server cannot.
            RunError::Execute(ExecuteError::TooLarge(limit))
            | RunError::Write(WriteError::TooLarge(limit)) => {
                let message =
                    format!("the rows outgrew one answer of {limit} bytes: ask for fewer");
                RequestError::new(ErrorCode::ServiceUnavailable, message)
            }
            RunError::Execute(
                error @ (ExecuteError::Unavailable(_) | ExecuteError::Database(_)),
            ) => {
                tracing::error!(
                    error = error as &dyn std::error::Error,
                    "the database did not answer"
                );
                RequestError::new(
                    ErrorCode::ServiceUnavailable,
                    "the database does not answer: try again",
                )
            }
            RunError::Execute(ExecuteError::Broken(error)) => {
                tracing::error!(
                    error = error as &dyn std::error::Error,
                    "the thread that ran a plan ended early"
                );
                internal()
            }
            RunError::Execute(ExecuteError::Conflict | ExecuteError::Again)
            | RunError::Refused(_) => RequestError::new(
                ErrorCode::ServiceUnavailable,
                "others are changing the same rows: try again",
            ),
            RunError::Write(error) => {
                tracing::error!(
                    error = error as &dyn std::error::Error,
                    "an answer could not be written"
                );
                RequestError::new(ErrorCode::Internal, error.to_string())
            }
        }
    }
}

/// The SDL of everything that the catalog has.
///
/// # Errors
/// When the catalog makes no schema.
pub fn sdl(catalog: &Catalog) -> Result<String, SchemaError> {
    let inputs = Inputs::new(catalog, &Everything);
    let schema = schema::build(catalog, &Everything, &inputs)?;
    Ok(sdl_of(&schema))
}

/// The SDL of what introspection shows to those who have this view.
///
/// # Errors
/// When what is visible makes no schema.
pub(crate) fn visible_sdl(catalog: &Catalog, view: &View) -> Result<String, SchemaError> {
    Ok(sdl_of(&VisibleSchema::new(catalog, view)?.trimmed))
}

fn sdl_of(schema: &Schema) -> String {
    schema.sdl_with_options(
        SDLExportOptions::new()
            .include_specified_by()
            .use_space_ident(),
    )
}

fn internal() -> RequestError {
    RequestError::new(
        ErrorCode::Internal,
        "something went wrong on our side: the log has it under the request id",
    )
}
