//! Which operation of a document is run, and what is said of documents that have none.

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType};

use crate::answer::{ErrorCode, RequestError};
use crate::gateway::GraphqlRequest;

/// The operation that is to be run, with its name.
pub(crate) fn choose<'a>(
    document: &'a ExecutableDocument,
    request: &GraphqlRequest,
) -> Result<(Option<&'a str>, &'a OperationDefinition), Vec<RequestError>> {
    let refuse = |code, message: String| Err(vec![RequestError::new(code, message)]);
    let mut operations = document.operations.iter();
    let found = match request
        .operation_name
        .as_deref()
        .filter(|name| !name.is_empty())
    {
        Some(wanted) => operations.find(|(name, _)| name.is_some_and(|name| name == wanted)),
        None => {
            let only = operations.next();
            if operations.next().is_some() {
                return refuse(
                    ErrorCode::BadUserInput,
                    "the document has several operations: say which by `operationName`".to_owned(),
                );
            }
            only
        }
    };
    let Some((name, operation)) = found else {
        return refuse(
            ErrorCode::BadUserInput,
            "`operationName` names no operation of the document".to_owned(),
        );
    };
    if operation.node.ty != OperationType::Query && request.queries_only {
        return refuse(
            ErrorCode::NotByGet,
            "GET answers queries only: send this by POST".to_owned(),
        );
    }
    if operation.node.ty == OperationType::Subscription {
        let message = "the schema has no subscription type: queries and mutations are answered";
        return refuse(ErrorCode::GraphqlValidationFailed, message.to_owned());
    }
    Ok((name.map(|name| name.as_str()), &operation.node))
}

/// What the parser says of a document that is none.
pub(crate) fn parse_error(error: &async_graphql::parser::Error) -> RequestError {
    let message = match error {
        // The parser's own text is a picture of the place in several lines, with what stands there.
        async_graphql::parser::Error::Syntax { message, .. } => {
            let expected = message
                .lines()
                .find_map(|line| line.trim().strip_prefix("= "))
                .unwrap_or("not GraphQL");
            format!("the document is not GraphQL: {expected}")
        }
        other => other.to_string(),
    };
    let base = RequestError::new(ErrorCode::GraphqlParseFailed, message);
    error.positions().fold(base, |base, position| {
        base.at(position.line, position.column)
    })
}
