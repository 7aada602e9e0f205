//! The part of an operation that asks for the schema itself: answered by async-graphql from the trimmed schema, and put
//! into the plan as known.

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, Selection};
use async_graphql::{Name, Positioned, Value};

use crate::answer::{ErrorCode, RequestError};
use crate::graphql::VisibleSchema;
use crate::graphql::validate::introspect;
use crate::plan::{Plan, RootValue};

/// Answers the introspection roots of a plan.
pub(crate) async fn answer(
    mut plan: Plan,
    visible: &VisibleSchema,
    document: &ExecutableDocument,
    operation: Option<&str>,
    variables: serde_json::Map<String, serde_json::Value>,
) -> Result<Plan, Vec<RequestError>> {
    if !plan.asks_schema() {
        return Ok(plan);
    }
    let mut document = document.clone();
    keep_introspection(&mut document);
    let data = introspect(&visible.trimmed, document, operation, variables).await?;
    let Value::Object(mut fields) = data else {
        return Err(vec![unanswered()]);
    };
    for root in &mut plan.roots {
        if matches!(root.value, RootValue::Introspection) {
            let name = root.key.first().trim_end_matches(':').trim_matches('"');
            let value = fields.swap_remove(name).ok_or_else(|| vec![unanswered()])?;
            let json = serde_json::to_string(&value).map_err(|_| vec![unanswered()])?;
            root.value = RootValue::Ready(json);
        }
    }
    Ok(plan)
}

fn unanswered() -> RequestError {
    RequestError::new(
        ErrorCode::Internal,
        "the introspection could not be answered",
    )
}

/// Takes all else out of what stands at the root, in operations and in fragments on `Query`.
fn keep_introspection(document: &mut ExecutableDocument) {
    match &mut document.operations {
        DocumentOperations::Single(operation) => keep(&mut operation.node.selection_set.node.items),
        DocumentOperations::Multiple(operations) => {
            operations
                .values_mut()
                .for_each(|operation| keep(&mut operation.node.selection_set.node.items));
        }
    }
    let on_query = |name: &Name| name == "Query";
    for fragment in document.fragments.values_mut() {
        if on_query(&fragment.node.type_condition.node.on.node) {
            keep(&mut fragment.node.selection_set.node.items);
        }
    }
}

fn keep(items: &mut Vec<Positioned<Selection>>) {
    items.retain_mut(|item| match &mut item.node {
        Selection::Field(field) => matches!(field.node.name.node.as_str(), "__schema" | "__type"),
        Selection::InlineFragment(inline) => {
            keep(&mut inline.node.selection_set.node.items);
            true
        }
        Selection::FragmentSpread(_) => true,
    });
}
