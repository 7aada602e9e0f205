//! The types of mutations: what may be written, and what comes back.

use async_graphql::dynamic::{Field as OutField, Object, TypeRef as OutType};
use heck::ToShoutySnakeCase as _;
use sudare_entities::Catalog;
use sudare_entities::catalog::{Entity, Field, Kept, Kind};

use super::inputs::{InputField, Inputs, TypeRef, Usable, scalar_name};
use super::schema::{argument, field};
use crate::shape::{Mutation, is_writable};

/// The type of which mutations are the fields.
pub(crate) const ROOT: &str = "Mutation";

/// What a mutation takes, as the arguments of its field.
pub(crate) const INPUT: &str = "input";
pub(crate) const ID: &str = "id";
pub(crate) const IF_VERSION: &str = "ifVersion";
pub(crate) const CONFIRM: &str = "confirm";

/// The name of the input for new rows.
pub(crate) fn create_name(entity: &Entity) -> String {
    format!("{}CreateInput", entity.name)
}

/// The name of the input for changes.
pub(crate) fn update_name(entity: &Entity) -> String {
    format!("{}UpdateInput", entity.name)
}

/// The name of the enum of what may be changed.
pub(crate) fn field_enum_name(entity: &Entity) -> String {
    format!("{}Field", entity.name)
}

/// The name of a field in that enum.
pub(crate) fn field_enum_value(field: &Field) -> String {
    field.name.to_shouty_snake_case()
}

/// The field that counts the changes of a row, and the type of its numbers.
pub(crate) fn version(entity: &Entity) -> Option<(usize, TypeRef)> {
    let mut fields = entity.fields.iter();
    let position = fields.position(|field| field.kept == Some(Kept::Version))?;
    let field = entity.fields.get(position)?;
    Some((position, TypeRef::named(scalar_name(field, false))))
}

impl Inputs {
    /// Describes what may be written of an entity.
    pub(super) fn add_writes(&mut self, catalog: &Catalog, usable: &dyn Usable, index: usize) {
        let Some(entity) = catalog.entities.get(index) else {
            return;
        };
        let writable = |may: &dyn Fn(usize) -> bool| -> Vec<usize> {
            let fields = 0..entity.fields.len();
            fields
                .filter(|position| is_writable(entity, *position) && may(*position))
                .collect()
        };
        let created = writable(&|position| usable.create(index, position));
        if is_creatable(entity, &created) {
            let fields = self.written(entity, &created, |field| !field.nullable);
            let description = format!("What a new `{}` holds.", entity.name);
            self.add_object(create_name(entity), false, description, fields);
        }
        let updated = writable(&|position| usable.update(index, position));
        if !updated.is_empty() {
            let fields = self.written(entity, &updated, |_| false);
            let description = format!(
                "What changes in one `{}`; what is left out stays.",
                entity.name
            );
            self.add_object(update_name(entity), false, description, fields);
            let names = updated.iter().filter_map(|at| entity.fields.get(*at));
            let names: Vec<String> = names.map(field_enum_value).collect();
            self.add_enum(&field_enum_name(entity), &names);
        }
    }

    fn written(
        &mut self,
        entity: &Entity,
        positions: &[usize],
        required: fn(&Field) -> bool,
    ) -> Vec<InputField> {
        let mut inputs = Vec::new();
        for field in positions.iter().filter_map(|at| entity.fields.get(*at)) {
            if let Kind::Enum { name, variants } = &field.kind {
                self.add_enum(name, variants);
            }
            let ty = TypeRef::named(scalar_name(field, false));
            let ty = if required(field) { ty.required() } else { ty };
            let described = field.description.clone();
            let described = described.unwrap_or_else(|| format!("Its `{}`.", field.name));
            inputs.push(InputField::new(&field.name, ty, described));
        }
        inputs
    }
}

/// Whether a row can be made of these fields: all that it must have are among them.
fn is_creatable(entity: &Entity, fields: &[usize]) -> bool {
    let all = entity.fields.iter().enumerate();
    let mut required =
        all.filter(|(position, field)| is_writable(entity, *position) && !field.nullable);
    !fields.is_empty() && required.all(|(position, _)| fields.contains(&position))
}

/// The object whose fields are all mutations; `None` if there is none.
pub(super) fn mutation(catalog: &Catalog, usable: &dyn Usable, inputs: &Inputs) -> Option<Object> {
    let description = "What changes data: one transaction a request, all or nothing.";
    let mut object = Object::new(ROOT).description(description);
    let mut any = false;
    for (index, entity) in catalog.entities.iter().enumerate() {
        for kind in Mutation::ALL.into_iter().filter(|_| usable.entity(index)) {
            let is_offered = match kind {
                Mutation::Create | Mutation::CreateMany => {
                    inputs.get(&create_name(entity)).is_some()
                }
                Mutation::Update => inputs.get(&update_name(entity)).is_some(),
                Mutation::Delete => usable.delete(index),
            };
            if is_offered {
                any = true;
                object = object.field(mutation_field(entity, kind));
            }
        }
    }
    any.then_some(object)
}

fn mutation_field(entity: &Entity, kind: Mutation) -> OutField {
    let name = &entity.name;
    let (ty, described) = match kind {
        Mutation::Create => (
            OutType::named(name),
            format!("Makes one `{name}`; null if the new row is not one that you see."),
        ),
        Mutation::CreateMany => (
            OutType::named_list_nn(name),
            format!(
                "Makes `{name}` rows, all or none, in this order; null for each that you do not see."
            ),
        ),
        Mutation::Update => (
            OutType::named(name),
            format!("Changes one `{name}`; null if you do not see the row any more."),
        ),
        Mutation::Delete => (
            OutType::named(name),
            format!("Deletes one `{name}`, and tells what it was."),
        ),
    };
    mutation_arguments(entity, kind)
        .iter()
        .fold(field(&kind.of(entity), ty, described), |field, input| {
            field.argument(argument(input))
        })
}

/// The arguments of a mutation.
pub(crate) fn mutation_arguments(entity: &Entity, kind: Mutation) -> Vec<InputField> {
    let id = || InputField::new(ID, TypeRef::named("ID").required(), "The primary key.");
    let if_version = version(entity).map(|(_, ty)| {
        let described = "Only if the row still has this `version`, else `CONFLICT`.";
        InputField::new(IF_VERSION, ty, described)
    });
    let input = |ty: TypeRef, words: &str| InputField::new(INPUT, ty.required(), words);
    match kind {
        Mutation::Create => vec![input(TypeRef::named(create_name(entity)), "What it holds.")],
        Mutation::CreateMany => vec![input(
            TypeRef::list_of(create_name(entity)),
            "What they hold.",
        )],
        Mutation::Update => {
            let mut arguments = vec![
                id(),
                input(TypeRef::named(update_name(entity)), "What changes."),
            ];
            arguments.extend(if_version);
            arguments.push(InputField::new(
                CONFIRM,
                TypeRef::list_of(field_enum_name(entity)),
                "Fields whose new value is meant, although it is what you are shown in place of the old one.",
            ));
            arguments
        }
        Mutation::Delete => std::iter::once(id()).chain(if_version).collect(),
    }
}
