//! What is measured in a group, and of which fields.

use sudare_entities::catalog::{Entity, Field, Kind};

use super::is_groupable;

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
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::CountDistinct => "Distinct",
            Self::Sum | Self::Avg => "Number",
            Self::Min | Self::Max => "Value",
        }
    }

    pub(super) fn description(self) -> &'static str {
        match self {
            Self::CountDistinct => "How many different values there are.",
            Self::Sum => "The sum of the values.",
            Self::Avg => "The mean of the values, rounded half away from zero.",
            Self::Min => "The least value.",
            Self::Max => "The greatest value.",
        }
    }
}

/// Three of the measures stand for all five: the others have the same types.
pub(super) const WORDS: [Measure; 3] = [Measure::CountDistinct, Measure::Sum, Measure::Min];
