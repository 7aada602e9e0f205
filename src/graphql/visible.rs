//! The schemas that a principal meets, by what exists for it.

use async_graphql::dynamic::{Schema, SchemaError};
use sudare_entities::Catalog;
use sudare_policies::View;
use sudare_policies::condition::{Condition, Truth};
use sudare_policies::decision::{Action, Tier};

use super::inputs::{Inputs, Usable};
use super::schema;

/// What requests of equal visibility are checked against and told about.
#[derive(Debug)]
pub(crate) struct VisibleSchema {
    /// Arguments and variables, with all fields of the entities that exist: a refused filter says why.
    pub(crate) inputs: Inputs,
    /// Documents are validated against this one.
    pub(crate) whole: Schema,
    /// Introspection answers from this one, whose inputs have only what may be used.
    pub(crate) trimmed: Schema,
}

impl VisibleSchema {
    /// Builds the schemas of a view.
    pub(crate) fn new(catalog: &Catalog, view: &View) -> Result<Self, SchemaError> {
        let inputs = Inputs::new(catalog, &Existing(view));
        let whole = schema::build(catalog, &Existing(view), &inputs)?;
        let usable = UsableFields(view);
        let trimmed = schema::build(catalog, &usable, &Inputs::new(catalog, &usable))?;
        Ok(Self {
            inputs,
            whole,
            trimmed,
        })
    }
}

/// The entities that exist, with all their fields.
struct Existing<'a>(&'a View);

impl Usable for Existing<'_> {
    fn entity(&self, entity: usize) -> bool {
        self.0.exists(entity)
    }

    fn field(&self, _: usize, _: usize) -> bool {
        true
    }

    fn names_rows(&self, _: usize, _: usize) -> bool {
        true
    }

    fn look_up(&self, _: usize, _: usize) -> bool {
        true
    }

    fn aggregate(&self, _: usize, _: usize) -> bool {
        true
    }

    fn create(&self, _: usize, _: usize) -> bool {
        true
    }

    fn update(&self, _: usize, _: usize) -> bool {
        true
    }

    fn delete(&self, _: usize) -> bool {
        true
    }
}

/// The entities that exist, with the fields that may be seen in full somewhere.
struct UsableFields<'a>(&'a View);

impl Usable for UsableFields<'_> {
    fn entity(&self, entity: usize) -> bool {
        self.0.exists(entity)
    }

    fn field(&self, entity: usize, field: usize) -> bool {
        self.0.decision(entity, field).highest() == Tier::Full
    }

    fn names_rows(&self, entity: usize, field: usize) -> bool {
        self.0.has_way_back(entity, field)
    }

    fn look_up(&self, entity: usize, field: usize) -> bool {
        possible(&self.0.may_look_up(entity, field))
    }

    fn aggregate(&self, entity: usize, field: usize) -> bool {
        self.0.may_aggregate(entity, field)
    }

    fn create(&self, entity: usize, field: usize) -> bool {
        possible(&self.0.may(entity, field, Action::Create))
    }

    fn update(&self, entity: usize, field: usize) -> bool {
        possible(&self.0.may(entity, field, Action::Update))
    }

    fn delete(&self, entity: usize) -> bool {
        possible(&self.0.may_entity(entity, Action::Delete))
    }
}

/// Whether there may be a row on which it holds.
pub(crate) fn possible(condition: &Condition) -> bool {
    !matches!(
        condition,
        Condition::Constant(Truth::False | Truth::Unknown)
    )
}
