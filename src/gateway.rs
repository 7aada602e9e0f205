//! The gateway: what is the same for every request, and the way of a request from its document to its answer.

use sudare_policies::Principal;

use crate::answer::{Answer, ErrorCode, RequestError};

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

/// Catalog, policies, schemas and the database, ready to answer.
#[derive(Debug)]
pub struct Gateway;

impl Gateway {
    /// Answers one request. Never fails: what goes wrong is part of the answer.
    pub async fn execute(&self, _request: GraphqlRequest, _principal: Principal) -> Answer {
        Answer::refuse(&[RequestError::new(ErrorCode::Internal, "not built yet")])
    }

    /// Whether the database answers.
    pub async fn ready(&self) -> bool {
        true
    }

    /// The SDL of everything.
    pub fn sdl(&self) -> String {
        String::new()
    }
}
