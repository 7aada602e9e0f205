//! The arguments of aggregates, and the input types of their clauses.

use sudare_entities::Catalog;
use sudare_entities::catalog::{Entity, Field, Kind};

use super::measures::{Measure, WORDS};
use super::{
    aggregate_order_name, group_field, group_name, having_name, is_groupable, key_order_name,
};
use crate::graphql::inputs::{
    InputField, Inputs, Orderable, TypeRef, Usable, boolean_fields, filter_name,
};
use crate::shape::to_one;

impl Inputs {
    /// The input types of an entity's aggregates.
    pub(in crate::graphql) fn add_aggregates(
        &mut self,
        catalog: &Catalog,
        usable: &Orderable<'_>,
        index: usize,
    ) {
        let Some(entity) = catalog.entities.get(index) else {
            return;
        };
        if usable.orders(index) {
            self.add_grouping(catalog, usable, (index, entity));
        }
        for measure in WORDS {
            self.add_measure(usable.by, (index, entity), measure);
        }
        self.add_having(entity);
        self.add_aggregate_order(entity, usable.orders(index));
    }

    fn add_grouping(
        &mut self,
        catalog: &Catalog,
        usable: &Orderable<'_>,
        (index, entity): (usize, &Entity),
    ) {
        let mut keys = Vec::new();
        let mut orders = Vec::new();
        let fields = entity.fields.iter().enumerate();
        let groupable = fields.filter(|(position, field)| {
            usable.by.field(index, *position) && is_groupable(&field.kind)
        });
        let groupable: Vec<&Field> = groupable.map(|(_, field)| field).collect();
        for field in &groupable {
            let direction = TypeRef::named("SortDirection");
            let description = format!("By `{}`; groups without it come last.", field.name);
            orders.push(InputField::new(&field.name, direction, description));
        }
        if !groupable.is_empty() {
            let names: Vec<String> = groupable.iter().map(|field| group_field(field)).collect();
            let ty = format!("{}GroupField", entity.name);
            self.add_enum(&ty, &names);
            let bucket = TypeRef::named("TimeBucket");
            keys.extend([
                InputField::new("field", TypeRef::named(ty), "By this field."),
                InputField::new(
                    "bucket",
                    bucket,
                    "For days and instants: by what they lie in.",
                ),
                InputField::new(
                    "timeZone",
                    TypeRef::named("String"),
                    "Where instants are looked at, by its IANA name; `UTC` when left out.",
                ),
            ]);
        }
        for relation in to_one(entity).filter(|relation| usable.orders(relation.target)) {
            let Some(target) = catalog.entities.get(relation.target) else {
                continue;
            };
            let description = format!("By a field of its `{}`.", relation.name);
            let ty = TypeRef::named(group_name(target));
            keys.push(InputField::new(&relation.name, ty, description.clone()));
            let ty = TypeRef::named(key_order_name(target));
            orders.push(InputField::new(&relation.name, ty, description));
        }
        let name = &entity.name;
        let description = format!("One key by which `{name}` rows are grouped.");
        self.add_object(group_name(entity), false, description, keys);
        let description = format!("One key by which groups of `{name}` rows are ordered.");
        self.add_object(key_order_name(entity), true, description, orders);
    }

    /// How groups are filtered and ordered by a measure.
    fn add_measure(
        &mut self,
        usable: &dyn Usable,
        (index, entity): (usize, &Entity),
        measure: Measure,
    ) {
        let mut having = Vec::new();
        let mut orders = Vec::new();
        for (position, field) in entity.fields.iter().enumerate() {
            let may = usable.field(index, position)
                || (measure.is_grantable() && usable.aggregate(index, position));
            if !may || !measure.has(entity, position) {
                continue;
            }
            let measured = Field {
                kind: measure.kind(field),
                references: None,
                ..field.clone()
            };
            let ty = TypeRef::named(self.operators(&measured, false, true));
            let description = format!("By that of `{}`.", field.name);
            having.push(InputField::new(&field.name, ty, description.clone()));
            let ty = TypeRef::named("SortDirection");
            orders.push(InputField::new(&field.name, ty, description));
        }
        if having.is_empty() {
            return;
        }
        let (name, word) = (&entity.name, measure.word());
        let description = format!("Which groups of `{name}` rows, by a measure of their fields.");
        self.add_object(format!("{name}{word}Having"), false, description, having);
        let description = format!("The field by whose measure groups of `{name}` are ordered.");
        self.add_object(format!("{name}{word}OrderBy"), true, description, orders);
    }

    fn add_having(&mut self, entity: &Entity) {
        let name = having_name(entity);
        let mut fields = boolean_fields(&name);
        let int = Field {
            kind: Kind::Int,
            references: None,
            ..Field::clone(match entity.fields.first() {
                Some(field) => field,
                None => return,
            })
        };
        let count = TypeRef::named(self.operators(&int, false, true));
        fields.push(InputField::new("count", count, "By the number of rows."));
        for measure in Measure::ALL {
            let ty = format!("{}{}Having", entity.name, measure.word());
            if self.get(&ty).is_some() {
                let ty = TypeRef::named(ty);
                fields.push(InputField::new(measure.name(), ty, measure.description()));
            }
        }
        let description = format!("Which groups of `{}` rows.", entity.name);
        self.add_object(name, false, description, fields);
    }

    fn add_aggregate_order(&mut self, entity: &Entity, has_keys: bool) {
        let direction = || TypeRef::named("SortDirection");
        let mut fields = vec![InputField::new(
            "count",
            direction(),
            "By the number of rows.",
        )];
        if has_keys {
            let ty = TypeRef::named(key_order_name(entity));
            fields.push(InputField::new("key", ty, "By one of the keys that group."));
        }
        for measure in Measure::ALL {
            let ty = format!("{}{}OrderBy", entity.name, measure.word());
            if self.get(&ty).is_some() {
                let ty = TypeRef::named(ty);
                fields.push(InputField::new(measure.name(), ty, measure.description()));
            }
        }
        let description = format!("One key by which groups of `{}` are ordered.", entity.name);
        self.add_object(aggregate_order_name(entity), true, description, fields);
    }
}

/// The arguments of an aggregate.
pub(crate) fn aggregate_arguments(entity: &Entity, inputs: &Inputs) -> Vec<InputField> {
    let typed = |name: &str, ty: TypeRef, description: &str| InputField::new(name, ty, description);
    let mut arguments = Vec::new();
    if inputs.get(&filter_name(entity)).is_some() {
        let ty = TypeRef::named(filter_name(entity));
        arguments.push(typed("filter", ty, "Of which rows."));
    }
    if inputs.get(&group_name(entity)).is_some() {
        let ty = TypeRef::list_of(group_name(entity));
        let description = "By what rows are grouped; all are one group when left out.";
        arguments.push(typed("groupBy", ty, description));
    }
    let having = TypeRef::named(having_name(entity));
    arguments.push(typed("having", having, "Which groups."));
    let order = TypeRef::list_of(aggregate_order_name(entity));
    let description = "In which order; the keys that group break ties.";
    arguments.push(typed("orderBy", order, description));
    let description = "At most this many groups; as many as a page may have when left out.";
    arguments.push(typed("first", TypeRef::named("Int"), description));
    arguments
}
