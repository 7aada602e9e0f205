//! GraphQL requests out of HTTP's body or query string. What does not fit is refused without quoting it.

use axum::body::Bytes;
use serde_json::{Map, Value};

use crate::answer::ErrorCode;
use crate::gateway::GraphqlRequest;

use super::json::Strict;
use super::refusal::Refusal;

/// What one HTTP request asks for.
#[derive(Debug)]
pub(super) enum Asked {
    /// One operation.
    One(GraphqlRequest),
    /// Several, to be answered in order.
    Batch(Vec<GraphqlRequest>),
}

/// Reads the body of a POST.
pub(super) fn from_body(body: &Bytes, max_batch: usize) -> Result<Asked, Refusal> {
    match parse("the body", body)? {
        Value::Object(fields) => from_fields(fields, "").map(Asked::One),
        Value::Array(items) => batch(items, max_batch).map(Asked::Batch),
        _ => {
            let message = "the body must be a JSON object with `query`, or a list of such objects";
            Err(Refusal::bad_request(message))
        }
    }
}

fn batch(items: Vec<Value>, max_batch: usize) -> Result<Vec<GraphqlRequest>, Refusal> {
    if items.is_empty() {
        return Err(Refusal::bad_request(
            "the batch is empty: send at least one request",
        ));
    }
    if items.len() > max_batch {
        let message = format!(
            "the batch has {} requests and the limit `max_batch` is {max_batch}: send them in several",
            items.len()
        );
        return Err(Refusal {
            code: ErrorCode::CostLimit,
            ..Refusal::bad_request(message)
        });
    }
    let read = |(position, item)| match item {
        Value::Object(fields) => {
            from_fields(fields, &format!("request {} of the batch: ", position + 1))
        }
        _ => {
            let message = format!(
                "request {} of the batch must be a JSON object",
                position + 1
            );
            Err(Refusal::bad_request(message))
        }
    };
    items.into_iter().enumerate().map(read).collect()
}

/// Reads the query string of a GET.
pub(super) fn from_query(parameters: Vec<(String, String)>) -> Result<GraphqlRequest, Refusal> {
    let mut fields = Map::new();
    for (name, text) in parameters {
        let value = match name.as_str() {
            "query" => Value::from(text),
            // An empty form field is what a page without the value sends.
            "operationName" | "variables" | "extensions" if text.is_empty() => Value::Null,
            "operationName" => Value::from(text),
            "variables" | "extensions" => parse(&format!("`{name}`"), text.as_bytes())?,
            _ => continue,
        };
        let message = format!("`{name}` is in the query string twice");
        if fields.insert(name, value).is_some() {
            return Err(Refusal::bad_request(message));
        }
    }
    let request = from_fields(fields, "")?;
    Ok(GraphqlRequest {
        queries_only: true,
        ..request
    })
}

fn parse(what: &str, text: &[u8]) -> Result<Value, Refusal> {
    // INVARIANT: serde_json's messages say what was expected and where, and never what was found.
    serde_json::from_slice(text)
        .map(|Strict(value)| value)
        .map_err(|error| {
            let problem = if error.is_data() {
                "has"
            } else {
                "is not JSON:"
            };
            Refusal::bad_request(format!("{what} {problem} {error}"))
        })
}

/// Reads the fields of a request; keys that GraphQL over HTTP does not know are left alone, as it says.
fn from_fields(mut fields: Map<String, Value>, place: &str) -> Result<GraphqlRequest, Refusal> {
    let refuse = |message: &str| Err(Refusal::bad_request(format!("{place}{message}")));
    let query = match fields.remove("query") {
        Some(Value::String(query)) => query,
        None | Some(Value::Null) => {
            return refuse("`query` is missing: it holds the GraphQL document");
        }
        Some(_) => return refuse("`query` must be a string"),
    };
    let operation_name = match fields.remove("operationName") {
        None | Some(Value::Null) => None,
        Some(Value::String(name)) => Some(name),
        Some(_) => return refuse("`operationName` must be a string"),
    };
    let variables = match fields.remove("variables") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(variables)) => variables,
        Some(_) => return refuse("`variables` must be an object, one entry a variable"),
    };
    match fields.remove("extensions") {
        None | Some(Value::Null | Value::Object(_)) => {}
        Some(_) => return refuse("`extensions` must be an object"),
    }
    Ok(GraphqlRequest {
        query,
        operation_name,
        variables,
        queries_only: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> Result<Asked, String> {
        from_body(&Bytes::copy_from_slice(text.as_bytes()), 3).map_err(|refusal| refusal.message)
    }

    fn query(pairs: &[(&str, &str)]) -> Result<GraphqlRequest, String> {
        let pairs = pairs
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        from_query(pairs.collect()).map_err(|refusal| refusal.message)
    }

    #[test]
    fn a_whole_request_is_read_from_both_ways() {
        let text = r#"{"query":"{ a }","operationName":"A","variables":{"x":[1]},"extensions":{"e":1},"other":1}"#;
        let Ok(Asked::One(posted)) = body(text) else {
            panic!("not read")
        };
        let pairs = [
            ("query", "{ a }"),
            ("operationName", "A"),
            ("variables", r#"{"x":[1]}"#),
            ("extensions", "{}"),
        ];
        let got = query(&pairs).unwrap();
        for request in [&posted, &got] {
            assert_eq!(request.query, "{ a }");
            assert_eq!(request.operation_name.as_deref(), Some("A"));
            assert_eq!(request.variables["x"][0], 1);
        }
        assert!(!posted.queries_only && got.queries_only);
    }

    #[test]
    fn nulls_and_empty_parameters_are_as_good_as_absent() {
        let text = r#"{"query":"{ a }","operationName":null,"variables":null,"extensions":null}"#;
        let Ok(Asked::One(posted)) = body(text) else {
            panic!("not read")
        };
        let pairs = [
            ("query", "{ a }"),
            ("operationName", ""),
            ("variables", ""),
            ("extensions", ""),
        ];
        for request in [posted, query(&pairs).unwrap()] {
            assert_eq!(request.operation_name, None);
            assert!(request.variables.is_empty());
        }
    }

    #[test]
    fn what_is_malformed_is_named_and_never_quoted() {
        let cases = [
            (
                "",
                "the body is not JSON: EOF while parsing a value at line 1 column 0",
            ),
            (
                "{\"a\": tru}",
                "the body is not JSON: expected ident at line 1 column 10",
            ),
            (
                "{\"query\":\"{ a }\"} x",
                "the body is not JSON: trailing characters at line 1 column 19",
            ),
            (
                "{\"query\":1,\"query\":2}",
                "the body has a key for the second time at line 1 column 21",
            ),
            (
                "3",
                "the body must be a JSON object with `query`, or a list of such objects",
            ),
            ("{}", "`query` is missing: it holds the GraphQL document"),
            (
                "{\"query\":null}",
                "`query` is missing: it holds the GraphQL document",
            ),
            ("{\"query\":[\"secret\"]}", "`query` must be a string"),
            (
                "{\"query\":\"\",\"operationName\":7}",
                "`operationName` must be a string",
            ),
            (
                "{\"query\":\"\",\"variables\":\"secret\"}",
                "`variables` must be an object, one entry a variable",
            ),
            (
                "{\"query\":\"\",\"extensions\":[]}",
                "`extensions` must be an object",
            ),
            ("[]", "the batch is empty: send at least one request"),
            (
                "[{\"query\":\"\"},{}]",
                "request 2 of the batch: `query` is missing: it holds the GraphQL document",
            ),
            ("[[{}]]", "request 1 of the batch must be a JSON object"),
            (
                "[1,2,3,4]",
                "the batch has 4 requests and the limit `max_batch` is 3: send them in several",
            ),
        ];
        for (text, message) in cases {
            assert_eq!(body(text).unwrap_err(), message, "{text}");
        }
        let twice = query(&[("query", "a"), ("query", "b")]).unwrap_err();
        assert_eq!(twice, "`query` is in the query string twice");
        let broken = query(&[("query", "a"), ("variables", "{secret")]).unwrap_err();
        assert_eq!(
            broken,
            "`variables` is not JSON: key must be a string at line 1 column 2"
        );
    }

    #[test]
    fn a_body_that_is_not_utf_8_is_refused() {
        let bytes = Bytes::from_static(b"{\"query\":\"\xff\"}");
        let message = from_body(&bytes, 3).unwrap_err().message;
        assert!(
            message.starts_with("the body is not JSON: invalid unicode"),
            "{message}"
        );
    }
}
