//! The types of lookups: by which fields rows are looked for.

use async_graphql::dynamic::{Field as OutField, TypeRef as OutType};
use sudare_entities::Catalog;
use sudare_entities::catalog::Entity;

use super::inputs::{InputField, Inputs, TypeRef, Usable, scalar_name};
use super::schema::{argument, field};

/// What a lookup takes, as the argument of its field.
pub(crate) const BY: &str = "by";

/// The name of the input that says by which field.
pub(crate) fn lookup_name(entity: &Entity) -> String {
    format!("{}Lookup", entity.name)
}

impl Inputs {
    /// Describes what the rows of an entity may be looked for by.
    pub(super) fn add_lookup(&mut self, catalog: &Catalog, usable: &dyn Usable, index: usize) {
        let Some(entity) = catalog.entities.get(index) else {
            return;
        };
        let fields = entity.fields.iter().enumerate();
        let blind = fields
            .filter(|(position, field)| field.blind.is_some() && usable.look_up(index, *position));
        let fields: Vec<InputField> = blind
            .map(|(_, field)| {
                let described = format!("By its whole `{}`, however it is written.", field.name);
                InputField::new(
                    &field.name,
                    TypeRef::named(scalar_name(field, false)),
                    described,
                )
            })
            .collect();
        if !fields.is_empty() {
            let description = format!("What a `{}` is looked for by.", entity.name);
            self.add_object(lookup_name(entity), true, description, fields);
        }
    }
}

/// The field by which rows are looked for; `None` if there is nothing to look for them by.
pub(super) fn lookup_field(entity: &Entity, inputs: &Inputs) -> Option<OutField> {
    let (name, ty) = (entity.lookup()?, lookup_name(entity));
    inputs.get(&ty)?;
    let described = format!(
        "The `{}` rows with exactly this value, ten at the most: of those that you see, and may look for. How often is limited.",
        entity.name
    );
    let by = InputField::new(
        BY,
        TypeRef::named(ty).required(),
        "By which field, and the value.",
    );
    let ty = OutType::named_nn_list_nn(&entity.name);
    Some(field(&name, ty, described).argument(argument(&by)))
}
