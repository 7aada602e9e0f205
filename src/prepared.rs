//! Operations that have been prepared: repeated, they are neither parsed, nor validated, nor planned again.

use std::sync::Arc;

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition};
use moka::sync::Cache;
use sha2::{Digest as _, Sha256};
use sudare_policies::View;

use crate::gateway::GraphqlRequest;
use crate::graphql::VisibleSchema;
use crate::graphql::coerce::{self, Variables};
use crate::plan::Plan;
use crate::plan::prepared::{Prepared, Variant};

/// Bytes of prepared operations that are kept.
const CAPACITY: u64 = 48 * 1024 * 1024;

/// Plans that are kept of one operation: for variables of other forms, and other page sizes.
const MAX_VARIANTS: usize = 8;

/// The prepared operations, by what was asked and by what the principal may see.
#[derive(Debug)]
pub(crate) struct Operations(Cache<Key, Arc<Operation>>);

/// A hash: nobody can make two that meet.
pub(crate) type Key = [u8; 32];

/// One of them.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    visible: Arc<VisibleSchema>,
    document: Arc<ExecutableDocument>,
    /// The name by which it was chosen in the document.
    name: Option<String>,
    variants: Vec<Variant>,
}

impl Operation {
    pub(crate) fn new(
        visible: &Arc<VisibleSchema>,
        document: &Arc<ExecutableDocument>,
        name: Option<&str>,
    ) -> Self {
        Self {
            visible: Arc::clone(visible),
            document: Arc::clone(document),
            name: name.map(str::to_owned),
            variants: Vec::new(),
        }
    }

    /// A plan for the request, whose variables are coerced and checked like those of any other; `None` if there is none for
    /// them, or something is wrong with them: then whoever plans it anew says so.
    pub(crate) fn prepare(&self, request: &GraphqlRequest) -> Option<Prepared> {
        let definition = self.definition()?;
        let inputs = &self.visible.inputs;
        let variables = coerce::variables(inputs, definition, &request.variables).ok()?;
        let mut variants = self.variants.iter();
        variants.find_map(|variant| variant.prepare(&variables))
    }

    fn definition(&self) -> Option<&OperationDefinition> {
        let mut operations = self.document.operations.iter();
        let found =
            operations.find(|(name, _)| name.map(|name| name.as_str()) == self.name.as_deref());
        found.map(|(_, operation)| &operation.node)
    }

    fn weight(&self) -> usize {
        4096 + self.variants.iter().map(Variant::weight).sum::<usize>()
    }
}

impl Operations {
    pub(crate) fn new() -> Self {
        let weight = |_: &Key, operation: &Arc<Operation>| {
            u32::try_from(operation.weight()).unwrap_or(u32::MAX)
        };
        let operations = Cache::builder().max_capacity(CAPACITY).weigher(weight);
        Self(operations.build())
    }

    /// Where a request's operation is kept; `None` if what the principal sees changes from moment to moment.
    pub(crate) fn key(&self, view: &View, request: &GraphqlRequest) -> Option<Key> {
        let name = request.operation_name.as_deref().unwrap_or_default();
        let mut hash = Sha256::new();
        hash.update(view.fingerprint()?.bytes());
        hash.update((name.len() as u64).to_be_bytes());
        hash.update(name);
        hash.update(&request.query);
        Some(hash.finalize().into())
    }

    pub(crate) fn get(&self, key: &Key) -> Option<Arc<Operation>> {
        self.0.get(key)
    }

    /// Keeps a plan for requests like this one. `operation` makes it where there is none yet.
    pub(crate) fn keep(
        &self,
        key: Key,
        operation: impl FnOnce() -> Operation,
        plan: &Arc<Plan>,
        variables: &Variables,
    ) {
        let Some(variant) = Variant::new(plan, variables) else {
            return;
        };
        let mut operation = match self.get(&key) {
            Some(known) => Operation::clone(&known),
            None => operation(),
        };
        if operation.variants.len() >= MAX_VARIANTS {
            operation.variants.remove(0);
        }
        operation.variants.push(variant);
        self.0.insert(key, Arc::new(operation));
    }
}
