//! The types of aggregates: what a list may be grouped by and measured in, and what comes back.

use async_graphql::dynamic::{Field as OutField, Object, SchemaBuilder, TypeRef as OutType};
use heck::ToShoutySnakeCase as _;
use sudare_entities::Catalog;
use sudare_entities::catalog::{Entity, Field, Kind};

use super::inputs::{
    InputField, Inputs, Orderable, TypeRef, Usable, filter_name, is_sortable, scalar_name,
};
use super::schema::{argument, field};
use crate::shape::{aggregate_of, to_one};

/// Digits that an average has behind the point beyond those of its field.
pub(crate) const AVERAGE_DIGITS: u32 = 4;

/// What is measured in the fields of a group, each an object with the fields of the entity that it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    CountDistinct,
    Sum,
    Avg,
    Min,
    Max,
}

impl Measure {
    pub(crate) const ALL: [Self; 5] = [
        Self::CountDistinct,
        Self::Sum,
        Self::Avg,
        Self::Min,
        Self::Max,
    ];

    /// Its name in the schema.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::CountDistinct => "countDistinct",
            Self::Sum => "sum",
            Self::Avg => "avg",
            Self::Min => "min",
            Self::Max => "max",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.name() == name)
    }

    /// Whether the field has it. The sum of floats depends on their order, and keys are names.
    pub(crate) fn has(self, entity: &Entity, position: usize) -> bool {
        let Some(field) = entity.fields.get(position) else {
            return false;
        };
        let is_key = position == entity.key || field.references.is_some();
        match self {
            Self::CountDistinct => is_groupable(&field.kind),
            Self::Sum | Self::Avg => {
                !is_key && matches!(field.kind, Kind::Int | Kind::BigInt | Kind::Decimal { .. })
            }
            Self::Min | Self::Max => {
                let unordered = matches!(
                    field.kind,
                    Kind::Json | Kind::Boolean | Kind::Enum { .. } | Kind::Uuid
                );
                !is_key && !unordered
            }
        }
    }

    /// Whether one may have it of what one may not see, with a grant.
    pub(crate) fn is_grantable(self) -> bool {
        matches!(self, Self::Sum | Self::Avg)
    }

    /// The kind of its values.
    pub(crate) fn kind(self, field: &Field) -> Kind {
        let scale = match &field.kind {
            Kind::Decimal { scale } => *scale,
            _ => 0,
        };
        let decimal = |scale| Kind::Decimal { scale };
        match self {
            Self::CountDistinct => Kind::Int,
            Self::Sum => decimal(scale),
            Self::Avg => decimal(scale + AVERAGE_DIGITS),
            Self::Min | Self::Max => field.kind.clone(),
        }
    }

    /// The word in the names of its types: sums and averages share them, and least and greatest values.
    fn word(self) -> &'static str {
        match self {
            Self::CountDistinct => "Distinct",
            Self::Sum | Self::Avg => "Number",
            Self::Min | Self::Max => "Value",
        }
    }

    fn description(self) -> &'static str {
        match self {
            Self::CountDistinct => "How many different values there are.",
            Self::Sum => "The sum of the values.",
            Self::Avg => "The mean of the values, rounded half away from zero.",
            Self::Min => "The least value.",
            Self::Max => "The greatest value.",
        }
    }
}

/// What days and instants lie in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bucket {
    Day,
    /// From Monday (ISO 8601).
    Week,
    Month,
    Quarter,
    Year,
}

impl Bucket {
    pub(crate) const ALL: [Self; 5] = [
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Quarter,
        Self::Year,
    ];

    /// Its name in the schema.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Day => "DAY",
            Self::Week => "WEEK",
            Self::Month => "MONTH",
            Self::Quarter => "QUARTER",
            Self::Year => "YEAR",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|bucket| bucket.name() == name)
    }
}

/// Whether a list may be grouped by fields of this kind.
pub(crate) fn is_groupable(kind: &Kind) -> bool {
    is_sortable(kind)
}

/// The name by which `groupBy` calls a field.
pub(crate) fn group_field(field: &Field) -> String {
    field.name.to_shouty_snake_case()
}

/// The names of the input types of an entity's aggregates.
pub(crate) fn group_name(entity: &Entity) -> String {
    format!("{}GroupBy", entity.name)
}

pub(crate) fn having_name(entity: &Entity) -> String {
    format!("{}Having", entity.name)
}

pub(crate) fn aggregate_order_name(entity: &Entity) -> String {
    format!("{}AggregateOrderBy", entity.name)
}

fn key_order_name(entity: &Entity) -> String {
    format!("{}GroupKeyOrderBy", entity.name)
}

/// Three of the measures stand for all five: the others have the same types.
const WORDS: [Measure; 3] = [Measure::CountDistinct, Measure::Sum, Measure::Min];

impl Inputs {
    /// The input types of an entity's aggregates.
    pub(super) fn add_aggregates(
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
        let mut fields = super::inputs::boolean_fields(&name);
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

/// The field for the aggregates of a list.
pub(super) fn aggregate_field(entity: &Entity, list: &str, inputs: &Inputs) -> OutField {
    let ty = OutType::named_nn_list_nn(aggregate_type(entity));
    let description = format!("Groups of `{}` rows, and what they amount to.", entity.name);
    aggregate_arguments(entity, inputs).iter().fold(
        field(&aggregate_of(list), ty, description),
        |field, input| field.argument(argument(input)),
    )
}

/// The name of the type of a group.
pub(crate) fn aggregate_type(entity: &Entity) -> String {
    format!("{}Aggregate", entity.name)
}

/// The name of the type of a group's key.
pub(crate) fn key_type(entity: &Entity) -> String {
    format!("{}GroupKey", entity.name)
}

/// The name of the type of the fields of a measure.
pub(crate) fn measure_type(entity: &Entity, measure: Measure) -> String {
    format!("{}{}Measure", entity.name, measure.word())
}

/// Registers the types of what comes back.
pub(super) fn register(
    mut schema: SchemaBuilder,
    catalog: &Catalog,
    usable: &dyn Usable,
    entity: &Entity,
) -> SchemaBuilder {
    let mut group = Object::new(aggregate_type(entity))
        .description(format!("A group of `{}` rows.", entity.name))
        .field(field(
            "count",
            OutType::named_nn(OutType::INT),
            "How many rows it has.",
        ))
        .field(field(
            "suppressed",
            OutType::named_nn(OutType::BOOLEAN),
            "Whether measures of what may not be seen are withheld: they would tell of too few.",
        ));
    if let Some(key) = key_object(catalog, usable, entity) {
        let ty = OutType::named_nn(key_type(entity));
        schema = schema.register(key);
        group = group.field(field(
            "key",
            ty,
            "What the rows of the group have in common.",
        ));
    }
    for measure in WORDS {
        schema = match measure_object(entity, measure) {
            Some(object) => schema.register(object),
            None => schema,
        };
    }
    for measure in Measure::ALL {
        if (0..entity.fields.len()).any(|position| measure.has(entity, position)) {
            let ty = OutType::named_nn(measure_type(entity, measure));
            group = group.field(field(measure.name(), ty, measure.description()));
        }
    }
    schema.register(group)
}

fn key_object(catalog: &Catalog, usable: &dyn Usable, entity: &Entity) -> Option<Object> {
    let mut key = Object::new(key_type(entity)).description(
        "Keys by which the rows were grouped; a key that they were not grouped by is refused.",
    );
    let mut fields = 0;
    for (position, column) in entity.fields.iter().enumerate() {
        if is_groupable(&column.kind) {
            let ty = OutType::named(scalar_name(column, entity.key == position));
            let described = format!("`{}`; of a bucket, its beginning.", column.name);
            key = key.field(field(&column.name, ty, described));
            fields += 1;
        }
    }
    for relation in to_one(entity).filter(|relation| usable.entity(relation.target)) {
        if let Some(target) = catalog.entities.get(relation.target) {
            let ty = OutType::named_nn(key_type(target));
            let described = format!("Keys of its `{}`.", relation.name);
            key = key.field(field(&relation.name, ty, described));
            fields += 1;
        }
    }
    (fields > 0).then_some(key)
}

fn measure_object(entity: &Entity, measure: Measure) -> Option<Object> {
    let name = measure_type(entity, measure);
    let mut object = Object::new(name).description("By field, of the rows that have a value.");
    let mut fields = 0;
    for (position, column) in entity.fields.iter().enumerate() {
        if measure.has(entity, position) {
            let measured = Field {
                kind: measure.kind(column),
                references: None,
                ..column.clone()
            };
            let ty = OutType::named(scalar_name(&measured, false));
            object = object.field(field(&column.name, ty, format!("Of `{}`.", column.name)));
            fields += 1;
        }
    }
    (fields > 0).then_some(object)
}
