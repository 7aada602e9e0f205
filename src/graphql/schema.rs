//! The schema that a principal meets, registered with async-graphql from the catalog. Its resolvers never run for data:
//! it validates documents, answers introspection and writes the SDL.

use async_graphql::dynamic::{
    Enum, EnumItem, Field, FieldFuture, InputObject, InputValue, Object, Scalar, Schema,
    SchemaBuilder, SchemaError, TypeRef,
};
use sudare_entities::Catalog;
use sudare_entities::catalog::{Cardinality, Entity};

use super::aggregates::{self, aggregate_field};
use super::common::{self, NODE_ID};
use super::inputs::{self, InputField, InputType, Inputs, Usable};
use super::lookups::lookup_field;
use super::validate::CheckOnly;
use super::writes;

/// Registers the schema of what is usable.
///
/// # Errors
/// When async-graphql finds the types inconsistent, which a test over the whole catalog excludes.
pub(crate) fn build(
    catalog: &Catalog,
    usable: &dyn Usable,
    inputs: &Inputs,
) -> Result<Schema, SchemaError> {
    let mutation = writes::mutation(catalog, usable, inputs);
    let root = mutation.as_ref().map(|_| writes::ROOT);
    let mut schema = Schema::build("Query", root, None)
        .disable_suggestions()
        .extension(CheckOnly);
    schema = register_inputs(schema, inputs);
    schema = common::register(schema);
    let mut query = Object::new("Query").description("Where every query begins.");
    for (index, entity) in catalog.entities.iter().enumerate() {
        if usable.entity(index) {
            schema = register_entity(schema, catalog, usable, inputs, entity);
            query = query
                .field(one_field(entity))
                .field(connection_field(entity, &entity.plural, inputs))
                .field(aggregate_field(entity, &entity.plural, inputs));
            if let Some(lookup) = lookup_field(entity, inputs) {
                query = query.field(lookup);
            }
        }
    }
    let node = field(
        "node",
        TypeRef::named("Node"),
        "The object that a `nodeId` stands for; null if there is none to see.",
    )
    .argument(argument(&InputField::new(
        "nodeId",
        inputs::TypeRef::named("ID").required(),
        "What `nodeId` of an object said.",
    )));
    let me = field(
        "me",
        TypeRef::named_nn("Me"),
        "Who asks, and what they may do.",
    );
    if let Some(mutation) = mutation {
        schema = schema.register(mutation);
    }
    schema.register(query.field(node).field(me)).finish()
}

fn register_inputs(mut schema: SchemaBuilder, inputs: &Inputs) -> SchemaBuilder {
    for (name, ty) in inputs.iter() {
        schema = match ty {
            InputType::Scalar(_) => match custom_scalar(name) {
                Some(scalar) => schema.register(scalar),
                None => schema,
            },
            InputType::Enum(values) => {
                let described = Enum::new(name).description(format!("The values of `{name}`."));
                schema.register(
                    values
                        .iter()
                        .fold(described, |ty, value| ty.item(EnumItem::new(value))),
                )
            }
            InputType::Object(object) => {
                let mut described = InputObject::new(name).description(&object.description);
                for field in &object.fields {
                    described = described.field(argument(field));
                }
                schema.register(if object.one_of {
                    described.oneof()
                } else {
                    described
                })
            }
        };
    }
    schema
}

/// The scalars that GraphQL lacks, with where they are specified.
fn custom_scalar(name: &str) -> Option<Scalar> {
    let (description, url) = match name {
        "BigInt" => (
            "A whole number of 64 bits, as text.",
            "https://www.w3.org/TR/xmlschema11-2/#long",
        ),
        "Decimal" => (
            "An exact decimal number, as text.",
            "https://www.w3.org/TR/xmlschema11-2/#decimal",
        ),
        "Date" => (
            "A day, as `YYYY-MM-DD`.",
            "https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        ),
        "DateTime" => (
            "An instant, in UTC.",
            "https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        ),
        "UUID" => (
            "A UUID, as 32 hexadecimal digits with hyphens; answers have small letters.",
            "https://www.rfc-editor.org/rfc/rfc9562#section-4",
        ),
        "JSON" => ("Any JSON value.", "https://www.rfc-editor.org/rfc/rfc8259"),
        _ => return None,
    };
    Some(
        Scalar::new(name)
            .description(description)
            .specified_by_url(url),
    )
}

fn register_entity(
    schema: SchemaBuilder,
    catalog: &Catalog,
    usable: &dyn Usable,
    inputs: &Inputs,
    entity: &Entity,
) -> SchemaBuilder {
    let name = &entity.name;
    let described = entity
        .description
        .clone()
        .unwrap_or_else(|| format!("A row of `{name}`."));
    let entries = TypeRef::named_nn_list_nn("FieldDisclosure");
    let mut object = Object::new(name)
        .description(described)
        .implement("Node")
        .field(field("nodeId", TypeRef::named_nn(TypeRef::ID), NODE_ID))
        .field(field(
            "disclosure",
            entries,
            "The fields of this row that are shown below FULL.",
        ));
    for (position, column) in entity.fields.iter().enumerate() {
        let ty = TypeRef::named(inputs::scalar_name(column, entity.key == position));
        let described = column.description.clone();
        let described = described.unwrap_or_else(|| format!("`{}` of the row.", column.name));
        object = object.field(field(&column.name, ty, described));
    }
    for relation in &entity.relations {
        let Some(target) = catalog.entities.get(relation.target) else {
            continue;
        };
        if !usable.entity(relation.target) {
            continue;
        }
        let described = format!("Its `{}`, if visible.", target.name);
        object = object.field(match relation.cardinality {
            Cardinality::ToOne => field(&relation.name, TypeRef::named(&target.name), described),
            Cardinality::ToMany => connection_field(target, &relation.name, inputs),
        });
        if relation.cardinality == Cardinality::ToMany {
            object = object.field(aggregate_field(target, &relation.name, inputs));
        }
    }
    aggregates::register(schema, catalog, usable, entity)
        .register(object)
        .register(connection(name))
        .register(edge(name))
}

fn connection(name: &str) -> Object {
    let nodes = TypeRef::named_nn_list_nn(name);
    let edges = TypeRef::named_nn_list_nn(format!("{name}Edge"));
    let total = TypeRef::named_nn(TypeRef::INT);
    Object::new(format!("{name}Connection"))
        .description(format!("A page of `{name}` rows."))
        .field(field("nodes", nodes, "The rows of the page."))
        .field(field("edges", edges, "The rows with their cursors."))
        .field(field(
            "pageInfo",
            TypeRef::named_nn("PageInfo"),
            "Where the page stands.",
        ))
        .field(field(
            "totalCount",
            total,
            "How many rows there are; counted when asked for.",
        ))
}

fn edge(name: &str) -> Object {
    let cursor = TypeRef::named_nn(TypeRef::STRING);
    Object::new(format!("{name}Edge"))
        .description(format!("A `{name}` row and its place in the order."))
        .field(field("cursor", cursor, "For `after` and `before`."))
        .field(field("node", TypeRef::named_nn(name), "The row."))
}

fn one_field(entity: &Entity) -> Field {
    let id = InputField::new(
        "id",
        inputs::TypeRef::named("ID").required(),
        "The primary key.",
    );
    let description = format!(
        "The `{}` with this key; null if there is none to see.",
        entity.name
    );
    field(&entity.single, TypeRef::named(&entity.name), description).argument(argument(&id))
}

fn connection_field(entity: &Entity, name: &str, inputs: &Inputs) -> Field {
    let ty = TypeRef::named_nn(format!("{}Connection", entity.name));
    inputs::connection_arguments(entity, inputs).iter().fold(
        field(name, ty, format!("A page of `{}` rows.", entity.name)),
        |field, input| field.argument(argument(input)),
    )
}

/// A field that introspection knows and that nothing ever resolves.
pub(super) fn field(name: &str, ty: TypeRef, description: impl Into<String>) -> Field {
    Field::new(name, ty, |_| FieldFuture::Value(None)).description(description)
}

pub(super) fn argument(input: &InputField) -> InputValue {
    InputValue::new(&input.name, input_type(&input.ty)).description(&input.description)
}

fn input_type(ty: &inputs::TypeRef) -> TypeRef {
    let inner = match ty {
        inputs::TypeRef::Named { name, .. } => TypeRef::named(name),
        inputs::TypeRef::List { of, .. } => TypeRef::List(Box::new(input_type(of))),
    };
    if ty.is_required() {
        TypeRef::NonNull(Box::new(inner))
    } else {
        inner
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What any policy may leave usable.
    #[derive(Debug)]
    struct Some {
        entities: Vec<bool>,
        fields: Vec<bool>,
    }

    impl Usable for Some {
        fn entity(&self, entity: usize) -> bool {
            self.entities[entity]
        }

        fn field(&self, entity: usize, field: usize) -> bool {
            self.fields[(entity * 7 + field) % self.fields.len()]
        }

        fn names_rows(&self, entity: usize, field: usize) -> bool {
            self.fields[(entity * 3 + field) % self.fields.len()]
        }

        fn look_up(&self, entity: usize, field: usize) -> bool {
            self.fields[(entity * 17 + field) % self.fields.len()]
        }

        fn aggregate(&self, entity: usize, field: usize) -> bool {
            self.fields[(entity * 5 + field) % self.fields.len()]
        }

        fn create(&self, entity: usize, field: usize) -> bool {
            self.fields[(entity * 11 + field) % self.fields.len()]
        }

        fn update(&self, entity: usize, field: usize) -> bool {
            self.fields[(entity * 13 + field) % self.fields.len()]
        }

        fn delete(&self, entity: usize) -> bool {
            self.fields[entity]
        }
    }

    fn some() -> impl Strategy<Value = Some> {
        let share = prop_oneof![Just(0.0), Just(0.1), Just(0.5), Just(1.0)];
        (share.clone(), share).prop_flat_map(|(entities, fields)| {
            let entities = prop::collection::vec(prop::bool::weighted(entities), 15);
            let fields = prop::collection::vec(prop::bool::weighted(fields), 97);
            (entities, fields).prop_map(|(entities, fields)| Some { entities, fields })
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_is_usable_makes_a_schema(some in some()) {
            let catalog = Catalog::new().unwrap();
            prop_assert_eq!(catalog.entities.len(), 15);
            let inputs = Inputs::new(&catalog, &some);
            let schema = build(&catalog, &some, &inputs);
            prop_assert!(schema.is_ok(), "{:?}", schema.err());
        }
    }
}
