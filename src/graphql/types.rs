//! Input types as data.

/// A reference to an input type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TypeRef {
    /// A named type.
    Named { name: String, required: bool },
    /// A list of another type.
    List { of: Box<TypeRef>, required: bool },
}

impl TypeRef {
    pub(crate) fn named(name: impl Into<String>) -> Self {
        Self::Named {
            name: name.into(),
            required: false,
        }
    }

    pub(crate) fn list_of(name: impl Into<String>) -> Self {
        let of = Box::new(Self::Named {
            name: name.into(),
            required: true,
        });
        Self::List {
            of,
            required: false,
        }
    }

    pub(crate) fn required(self) -> Self {
        match self {
            Self::Named { name, .. } => Self::Named {
                name,
                required: true,
            },
            Self::List { of, .. } => Self::List { of, required: true },
        }
    }

    /// Whether a value of this type may stand where the other is asked for (`AreTypesCompatible`).
    pub(crate) fn fits(&self, place: &Self) -> bool {
        if place.is_required() && !self.is_required() {
            return false;
        }
        match (self, place) {
            (Self::Named { name, .. }, Self::Named { name: wanted, .. }) => name == wanted,
            (Self::List { of, .. }, Self::List { of: wanted, .. }) => of.fits(wanted),
            _ => false,
        }
    }

    pub(crate) fn is_required(&self) -> bool {
        match self {
            Self::Named { required, .. } | Self::List { required, .. } => *required,
        }
    }
}

impl std::fmt::Display for TypeRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Named { name, .. } => f.write_str(name)?,
            Self::List { of, .. } => write!(f, "[{of}]")?,
        }
        f.write_str(if self.is_required() { "!" } else { "" })
    }
}

/// The scalars that an argument may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scalar {
    Int,
    Float,
    String,
    Boolean,
    Id,
    BigInt,
    Decimal,
    Date,
    DateTime,
    Uuid,
    Json,
}

/// All scalars, with their names in the schema.
pub(super) const SCALARS: [(&str, Scalar); 11] = [
    ("Int", Scalar::Int),
    ("Float", Scalar::Float),
    ("String", Scalar::String),
    ("Boolean", Scalar::Boolean),
    ("ID", Scalar::Id),
    ("BigInt", Scalar::BigInt),
    ("Decimal", Scalar::Decimal),
    ("Date", Scalar::Date),
    ("DateTime", Scalar::DateTime),
    ("UUID", Scalar::Uuid),
    ("JSON", Scalar::Json),
];

/// A named input type.
#[derive(Clone, Debug)]
pub(crate) enum InputType {
    Scalar(Scalar),
    Enum(Vec<String>),
    Object(InputObject),
}

/// An input object.
#[derive(Clone, Debug)]
pub(crate) struct InputObject {
    pub(crate) description: String,
    /// Exactly one field must be given.
    pub(crate) one_of: bool,
    pub(crate) fields: Vec<InputField>,
}

/// A field of an input object, or an argument.
#[derive(Clone, Debug)]
pub(crate) struct InputField {
    pub(crate) name: String,
    pub(crate) ty: TypeRef,
    pub(crate) description: String,
}

impl InputField {
    pub(crate) fn new(name: &str, ty: TypeRef, description: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            ty,
            description: description.into(),
        }
    }
}
