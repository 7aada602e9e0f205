//! The schema that a principal meets, registered with async-graphql from the catalog. Its resolvers never run for data:
//! it validates documents, answers introspection and writes the SDL.

use async_graphql::dynamic::{
    Enum, EnumItem, Field, FieldFuture, InputObject, InputValue, Interface, InterfaceField, Object,
    Scalar, Schema, SchemaBuilder, SchemaError, TypeRef,
};
use sudare_entities::Catalog;
use sudare_entities::catalog::{Cardinality, Entity};

use super::inputs::{self, InputField, InputType, Inputs, Usable};
use super::validate::CheckOnly;

/// Registers the schema of what is usable.
///
/// # Errors
/// When async-graphql finds the types inconsistent, which a test over the whole catalog excludes.
pub(crate) fn build(
    catalog: &Catalog,
    usable: &dyn Usable,
    inputs: &Inputs,
) -> Result<Schema, SchemaError> {
    let mut schema = Schema::build("Query", None, None)
        .disable_suggestions()
        .extension(CheckOnly);
    schema = register_inputs(schema, inputs);
    schema = register_common(schema);
    let mut query = Object::new("Query").description("Where every query begins.");
    for (index, entity) in catalog.entities.iter().enumerate() {
        if usable.entity(index) {
            schema = register_entity(schema, catalog, usable, inputs, entity);
            query = query.field(one_field(entity)).field(connection_field(
                entity,
                &entity.plural,
                inputs,
            ));
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
            "https://www.rfc-editor.org/rfc/rfc8259#section-6",
        ),
        "Decimal" => (
            "An exact decimal number, as text.",
            "https://www.rfc-editor.org/rfc/rfc8259#section-6",
        ),
        "Date" => (
            "A day, as `YYYY-MM-DD`.",
            "https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        ),
        "DateTime" => (
            "An instant, in UTC.",
            "https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
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

fn register_common(schema: SchemaBuilder) -> SchemaBuilder {
    let node = Interface::new("Node")
        .description("Anything that `nodeId` can find again.")
        .field(InterfaceField::new("nodeId", TypeRef::named_nn(TypeRef::ID)).description(NODE_ID));
    let tier = ["FULL", "PARTIAL", "DESENSITIZED", "NONE", "MIXED"]
        .into_iter()
        .zip([
            "The value.",
            "A part of the value.",
            "A substitute for the value.",
            "Nothing: null.",
            "It depends on the row; `disclosure` of the row tells.",
        ])
        .fold(
            Enum::new("Tier").description("How much of a field is shown."),
            |ty, (name, description)| ty.item(EnumItem::new(name).description(description)),
        );
    let page_info = Object::new("PageInfo")
        .description("Where a page stands.")
        .field(field(
            "hasNextPage",
            TypeRef::named_nn(TypeRef::BOOLEAN),
            "Whether more comes after it.",
        ))
        .field(field(
            "hasPreviousPage",
            TypeRef::named_nn(TypeRef::BOOLEAN),
            "Whether something comes before it.",
        ))
        .field(field(
            "startCursor",
            TypeRef::named(TypeRef::STRING),
            "The cursor of its first row.",
        ))
        .field(field(
            "endCursor",
            TypeRef::named(TypeRef::STRING),
            "The cursor of its last row.",
        ));
    let disclosure = Object::new("FieldDisclosure")
        .description("A field that is shown below FULL.")
        .field(field(
            "field",
            TypeRef::named_nn(TypeRef::STRING),
            "Its name.",
        ))
        .field(field(
            "tier",
            TypeRef::named_nn("Tier"),
            "What is shown of it.",
        ));
    let mut capability = Object::new("Capability")
        .description("What the principal may do with a field.")
        .field(field(
            "field",
            TypeRef::named_nn(TypeRef::STRING),
            "Its name.",
        ))
        .field(field(
            "tier",
            TypeRef::named_nn("Tier"),
            "What is shown of it.",
        ));
    for (name, description) in [
        ("filter", "Filters may use it."),
        ("sort", "Orders may use it."),
        ("group", "Groups may use it."),
        ("aggregate", "Aggregates may use it."),
        ("create", "It may be given when a row is made."),
        ("update", "It may be changed."),
    ] {
        capability = capability.field(field(
            name,
            TypeRef::named_nn(TypeRef::BOOLEAN),
            description,
        ));
    }
    let me = Object::new("Me")
        .description("Who asks.")
        .field(field(
            "id",
            TypeRef::named_nn(TypeRef::ID),
            "The subject of the token.",
        ))
        .field(field(
            "roles",
            TypeRef::named_nn_list_nn(TypeRef::STRING),
            "The roles that the policy knows.",
        ))
        .field(
            field(
                "capabilities",
                TypeRef::named_nn_list_nn("Capability"),
                "What may be done with an entity's fields.",
            )
            .argument(argument(&InputField::new(
                "entity",
                inputs::TypeRef::named("String").required(),
                "The name of the entity's type, such as `Customer`.",
            ))),
        );
    let objects = [page_info, disclosure, capability, me];
    objects.into_iter().fold(
        schema.register(node).register(tier),
        SchemaBuilder::register,
    )
}

const NODE_ID: &str = "A sealed id by which `node` finds the object again.";

fn register_entity(
    schema: SchemaBuilder,
    catalog: &Catalog,
    usable: &dyn Usable,
    inputs: &Inputs,
    entity: &Entity,
) -> SchemaBuilder {
    let name = &entity.name;
    let description = entity
        .description
        .clone()
        .unwrap_or_else(|| format!("A row of `{name}`."));
    let mut object = Object::new(name).description(description).implement("Node");
    object = object
        .field(field("nodeId", TypeRef::named_nn(TypeRef::ID), NODE_ID))
        .field(field(
            "disclosure",
            TypeRef::named_nn_list_nn("FieldDisclosure"),
            "The fields of this row that are shown below FULL.",
        ));
    for (position, column) in entity.fields.iter().enumerate() {
        let ty = TypeRef::named(inputs::scalar_name(column, entity.key == position));
        let description = column
            .description
            .clone()
            .unwrap_or_else(|| format!("`{}` of the row.", column.name));
        object = object.field(field(&column.name, ty, description));
    }
    for relation in &entity.relations {
        let Some(target) = catalog.entities.get(relation.target) else {
            continue;
        };
        if !usable.entity(relation.target) {
            continue;
        }
        object = object.field(match relation.cardinality {
            Cardinality::ToOne => field(
                &relation.name,
                TypeRef::named(&target.name),
                format!("Its `{}`, if visible.", target.name),
            ),
            Cardinality::ToMany => connection_field(target, &relation.name, inputs),
        });
    }
    let connection = Object::new(format!("{name}Connection"))
        .description(format!("A page of `{name}` rows."))
        .field(field(
            "nodes",
            TypeRef::named_nn_list_nn(name),
            "The rows of the page.",
        ))
        .field(field(
            "edges",
            TypeRef::named_nn_list_nn(format!("{name}Edge")),
            "The rows with their cursors.",
        ))
        .field(field(
            "pageInfo",
            TypeRef::named_nn("PageInfo"),
            "Where the page stands.",
        ))
        .field(field(
            "totalCount",
            TypeRef::named_nn(TypeRef::INT),
            "How many rows there are; counted when asked for.",
        ));
    let edge = Object::new(format!("{name}Edge"))
        .description(format!("A `{name}` row and its place in the order."))
        .field(field(
            "cursor",
            TypeRef::named_nn(TypeRef::STRING),
            "For `after` and `before`.",
        ))
        .field(field("node", TypeRef::named_nn(name), "The row."));
    schema.register(object).register(connection).register(edge)
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
fn field(name: &str, ty: TypeRef, description: impl Into<String>) -> Field {
    Field::new(name, ty, |_| FieldFuture::Value(None)).description(description)
}

fn argument(input: &InputField) -> InputValue {
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
