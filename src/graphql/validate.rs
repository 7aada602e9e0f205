//! Validation and introspection by async-graphql, through the hooks of its extensions: its rules are private, so a request
//! is executed with the execution taken out.

use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::dynamic::Schema;
use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextExecute, NextParseQuery, NextValidation,
};
use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{
    Request, Response, ServerError, ServerResult, ValidationResult, Value, Variables, async_trait,
};

use crate::answer::{ErrorCode, MAX_ERRORS, RequestError};

/// Checks a parsed document against a schema. Variables are left to [`super::coerce`]: the answer depends on the document
/// alone, so that it can be kept.
pub(crate) async fn validate(
    schema: &Schema,
    document: &Arc<ExecutableDocument>,
) -> Result<(), Vec<RequestError>> {
    let parsed = Parsed {
        document: Arc::clone(document),
        introspect: false,
    };
    let mut request = Request::new(String::new()).data(parsed);
    // Which operation is run is our business; the library only wants to hear of one.
    if let Some(name) = document.operations.iter().find_map(|(name, _)| name) {
        request = request.operation_name(name.as_str());
    }
    let response = schema.execute(request).await;
    if response.errors.is_empty() {
        return Ok(());
    }
    let mut errors: Vec<RequestError> = response.errors.iter().map(validation_error).collect();
    // The library looks at fragments in an order of chance, and tells some errors twice.
    errors.sort_by(|one, other| place(one).cmp(&place(other)));
    errors.dedup();
    errors.truncate(MAX_ERRORS);
    Err(errors)
}

/// Answers a document that asks only for `__schema` and `__type`, and has been validated before.
pub(crate) async fn introspect(
    schema: &Schema,
    document: ExecutableDocument,
    operation: Option<&str>,
    variables: serde_json::Map<String, serde_json::Value>,
) -> Result<Value, Vec<RequestError>> {
    let parsed = Parsed {
        document: Arc::new(document),
        introspect: true,
    };
    let mut request = Request::new(String::new())
        .variables(Variables::from_json(serde_json::Value::Object(variables)))
        .data(parsed);
    if let Some(name) = operation {
        request = request.operation_name(name);
    }
    let response = schema.execute(request).await;
    if response.errors.is_empty() {
        return Ok(response.data);
    }
    Err(response.errors.iter().map(validation_error).collect())
}

/// What comes first in the document is told first.
fn place(error: &RequestError) -> (Option<(usize, usize)>, &str) {
    let first = error.locations.first();
    let first = first.map(|location| (location.line, location.column));
    (first, &error.message)
}

fn validation_error(error: &ServerError) -> RequestError {
    let base = RequestError::new(ErrorCode::GraphqlValidationFailed, error.message.clone());
    error
        .locations
        .iter()
        .fold(base, |base, pos| base.at(pos.line, pos.column))
}

/// A document on its way through async-graphql.
struct Parsed {
    document: Arc<ExecutableDocument>,
    introspect: bool,
}

/// The extension of every schema of ours: takes the parsed document from the request and stops before the execution,
/// unless the document is introspection only.
#[derive(Debug)]
pub(crate) struct CheckOnly;

impl ExtensionFactory for CheckOnly {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Hooks::default())
    }
}

#[derive(Default)]
struct Hooks {
    introspect: Mutex<bool>,
}

impl Hooks {
    fn introspects(&self) -> bool {
        *self
            .introspect
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait::async_trait]
impl Extension for Hooks {
    async fn parse_query(
        &self,
        ctx: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        let Some(parsed) = ctx.data_opt::<Parsed>() else {
            return next.run(ctx, query, variables).await;
        };
        *self
            .introspect
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = parsed.introspect;
        Ok(ExecutableDocument::clone(&parsed.document))
    }

    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        if self.introspects() {
            // The part that is left of the document would fail rules that the whole has passed: unused fragments, say.
            return Ok(ValidationResult {
                cache_control: Default::default(),
                complexity: 0,
                depth: 0,
            });
        }
        next.run(ctx).await
    }

    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        if self.introspects() {
            return next.run(ctx, operation_name).await;
        }
        Response::new(Value::Null)
    }
}
