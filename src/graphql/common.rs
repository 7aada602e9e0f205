//! The types that do not depend on the catalog: pages, disclosure, who asks.

use async_graphql::dynamic::{
    Enum, EnumItem, Interface, InterfaceField, Object, SchemaBuilder, TypeRef,
};

use super::inputs::{self, InputField};
use super::schema::{argument, field};

/// What `nodeId` is, wherever it stands.
pub(super) const NODE_ID: &str = "A sealed id by which `node` finds the object again.";

/// Registers them.
pub(super) fn register(schema: SchemaBuilder) -> SchemaBuilder {
    let id = InterfaceField::new("nodeId", TypeRef::named_nn(TypeRef::ID)).description(NODE_ID);
    let node = Interface::new("Node")
        .description("Anything that `nodeId` can find again.")
        .field(id);
    let types = [page_info(), field_disclosure(), capability(), me()];
    types.into_iter().fold(
        schema.register(node).register(tier()),
        SchemaBuilder::register,
    )
}

fn tier() -> Enum {
    let tiers = [
        ("FULL", "The value."),
        ("PARTIAL", "A part of the value."),
        ("DESENSITIZED", "A substitute for the value."),
        ("NONE", "Nothing: null."),
        (
            "MIXED",
            "It depends on the row; `disclosure` of the row tells.",
        ),
    ];
    let tier = Enum::new("Tier").description("How much of a field is shown.");
    tiers.into_iter().fold(tier, |tier, (name, description)| {
        tier.item(EnumItem::new(name).description(description))
    })
}

fn page_info() -> Object {
    let flag = TypeRef::named_nn(TypeRef::BOOLEAN);
    let cursor = TypeRef::named(TypeRef::STRING);
    Object::new("PageInfo")
        .description("Where a page stands.")
        .field(field(
            "hasNextPage",
            flag.clone(),
            "Whether more comes after it.",
        ))
        .field(field(
            "hasPreviousPage",
            flag,
            "Whether something comes before it.",
        ))
        .field(field(
            "startCursor",
            cursor.clone(),
            "The cursor of its first row.",
        ))
        .field(field("endCursor", cursor, "The cursor of its last row."))
}

fn field_disclosure() -> Object {
    tier_of_field(Object::new("FieldDisclosure").description("A field that is shown below FULL."))
}

fn capability() -> Object {
    let uses = [
        ("filter", "Filters may use it."),
        ("sort", "Orders may use it."),
        ("group", "Groups may use it."),
        ("aggregate", "Aggregates may use it."),
        ("create", "It may be given when a row is made."),
        ("update", "It may be changed."),
    ];
    let capability =
        Object::new("Capability").description("What the principal may do with a field.");
    uses.into_iter().fold(
        tier_of_field(capability),
        |capability, (name, description)| {
            capability.field(field(
                name,
                TypeRef::named_nn(TypeRef::BOOLEAN),
                description,
            ))
        },
    )
}

fn tier_of_field(object: Object) -> Object {
    object
        .field(field(
            "field",
            TypeRef::named_nn(TypeRef::STRING),
            "Its name.",
        ))
        .field(field(
            "tier",
            TypeRef::named_nn("Tier"),
            "What is shown of it.",
        ))
}

fn me() -> Object {
    let entity = InputField::new(
        "entity",
        inputs::TypeRef::named("String").required(),
        "The name of the entity's type, such as `Customer`.",
    );
    let roles = TypeRef::named_nn_list_nn(TypeRef::STRING);
    let list = TypeRef::named_nn_list_nn("Capability");
    Object::new("Me")
        .description("Who asks.")
        .field(field(
            "id",
            TypeRef::named_nn(TypeRef::ID),
            "The subject of the token.",
        ))
        .field(field("roles", roles, "The roles that the policy knows."))
        .field(
            field(
                "capabilities",
                list,
                "What may be done with an entity's fields.",
            )
            .argument(argument(&entity)),
        )
}
