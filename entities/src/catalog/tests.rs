//! What a catalog takes and what it refuses.

use super::*;

/// An entity of a test: its module, table and columns, and, where it has any, its relations as SeaORM writes them.
macro_rules! entity {
    ($module:ident, $table:literal, { $($columns:tt)* } $(, { $($relations:tt)* })?) => {
        pub(super) mod $module {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub(crate) struct Model { $($columns)* }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub(crate) enum Relation { $($($relations)*)? }

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

mod bad {
    entity!(composite, "composite", {
        #[sea_orm(primary_key)]
        pub left: i64,
        #[sea_orm(primary_key)]
        pub right: i64,
    });
    entity!(text_key, "text_key", {
        #[sea_orm(primary_key, auto_increment = false)]
        pub code: String,
    });
    entity!(naive_instant, "naive_instant", {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub seen_at: DateTime,
    });
    entity!(money_without_scale, "money_without_scale", {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub amount: Decimal,
    });
    entity!(sheep, "sheep", {
        #[sea_orm(primary_key)]
        pub id: i64,
    });
    entity!(gender, "gender", {
        #[sea_orm(primary_key)]
        pub id: i64,
    });
    entity!(reserved, "reserved", {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub node_id: String,
    });
    entity!(numbered, "numbered", {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(column_name = "2nd_name")]
        pub second_name: String,
    });
    entity!(short_sighted, "short_sighted", {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub phone: String,
        pub phone_blind: i64,
    });
    entity!(shared_name, "shared_name", {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub customer: String,
        pub customer_id: i64,
    }, {
        #[sea_orm(
            belongs_to = "crate::customer::Entity",
            from = "Column::CustomerId",
            to = "crate::customer::Column::Id"
        )]
        Customer,
    });
    entity!(conditional, "conditional", {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub customer_id: i64,
    }, {
        #[sea_orm(
            belongs_to = "crate::customer::Entity",
            from = "Column::CustomerId",
            to = "crate::customer::Column::Id",
            on_condition = "crate::customer::Column::ConsentMarketing.eq(true)"
        )]
        Customer,
    });
}

mod good {
    entity!(painter, "painter", {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub colour_blind: bool,
    });
}

fn catalog() -> Catalog {
    Catalog::new().expect("the entities make a catalog")
}

/// The message with which the entities and one more are refused.
fn refusal(extra: Description) -> String {
    let mut descriptions = crate::descriptions();
    descriptions.push(extra);
    Catalog::of(descriptions)
        .expect_err("the entity is refused")
        .to_string()
}

#[test]
fn the_catalog_is_what_the_entities_say() {
    let mut lines = String::new();
    let catalog = catalog();
    let coordinate = |(entity, field): (usize, usize)| {
        let entity = &catalog.entities[entity];
        format!("{}.{}", entity.name, entity.fields[field].name)
    };
    for entity in &catalog.entities {
        let key = &entity.fields[entity.key].name;
        lines += &format!(
            "{} = {} ({} / {}), key {key}\n",
            entity.name, entity.table, entity.single, entity.plural
        );
        for field in &entity.fields {
            let null = if field.nullable { "?" } else { "" };
            let unique = if field.unique { " unique" } else { "" };
            let to = field
                .references
                .map(|to| format!(" -> {}", coordinate(to)))
                .unwrap_or_default();
            let blind = field.blind.iter().map(|blind| format!(" by {blind}"));
            let blind: String = blind.collect();
            lines += &format!(
                "  {}{null}: {:?}{unique}{to}{blind}\n",
                field.name, field.kind
            );
        }
        for relation in &entity.relations {
            lines += &format!(
                "  {}: {:?} {} = {}\n",
                relation.name,
                relation.cardinality,
                entity.fields[relation.from].name,
                coordinate((relation.target, relation.to))
            );
        }
    }
    insta::assert_snapshot!(lines);
}

#[test]
fn everything_is_described() {
    for entity in catalog().entities {
        assert!(entity.description.is_some(), "{}", entity.name);
        for field in entity.fields {
            let described = field.description.is_some_and(|text| !text.is_empty());
            assert!(described, "{}.{}", entity.name, field.name);
        }
    }
}

#[test]
fn every_relation_can_be_walked_back() {
    let catalog = catalog();
    for (index, entity) in catalog.entities.iter().enumerate() {
        for relation in &entity.relations {
            let back = catalog.entities[relation.target]
                .relations
                .iter()
                .filter(|back| {
                    let ends = (back.target, back.from, back.to);
                    ends == (index, relation.to, relation.from)
                        && back.cardinality != relation.cardinality
                })
                .count();
            assert_eq!(back, 1, "{}.{}", entity.name, relation.name);
        }
    }
}

#[test]
fn every_foreign_key_is_named_after_its_relation() {
    for entity in catalog().entities {
        for relation in &entity.relations {
            if relation.cardinality == Cardinality::ToOne {
                let field = &entity.fields[relation.from];
                assert_eq!(
                    field.name,
                    format!("{}Id", relation.name),
                    "{}",
                    entity.name
                );
                assert_eq!(field.references, Some((relation.target, relation.to)));
            }
        }
    }
}

#[test]
fn what_only_ends_like_a_blind_index_is_a_field() {
    let mut descriptions = crate::descriptions();
    descriptions.push(describe::<good::painter::Entity>());
    let catalog = Catalog::of(descriptions).expect("a catalog");
    let painter = &catalog.entities[catalog.entity("Painter").expect("it is there")];
    assert!(painter.field("colourBlind").is_some());
    assert_eq!(painter.lookup(), None);
    let customer = catalog.entity("Customer").expect("it is there");
    let customer = &catalog.entities[customer];
    assert!(customer.column("phone_blind").is_none());
    assert_eq!(customer.lookup().as_deref(), Some("customerLookup"));
}

#[test]
fn what_cannot_be_served_is_refused_with_a_cure() {
    let refusals = [
        refusal(describe::<bad::composite::Entity>()),
        refusal(describe::<bad::text_key::Entity>()),
        refusal(describe::<bad::naive_instant::Entity>()),
        refusal(describe::<bad::money_without_scale::Entity>()),
        refusal(describe::<bad::sheep::Entity>()),
        refusal(describe::<bad::gender::Entity>()),
        refusal(describe::<bad::reserved::Entity>()),
        refusal(describe::<bad::numbered::Entity>()),
        refusal(describe::<bad::short_sighted::Entity>()),
        refusal(describe::<bad::shared_name::Entity>()),
        refusal(describe::<bad::conditional::Entity>()),
        refusal(describe::<crate::order::Entity>()),
    ];
    insta::assert_snapshot!(refusals.join("\n"));
}

#[test]
fn a_relation_must_not_leave_the_catalog() {
    let mut descriptions = crate::descriptions();
    descriptions.retain(|description| description.table != "department");
    let error = Catalog::of(descriptions).expect_err("customers need departments");
    insta::assert_snapshot!(error);
}
