//! What a rule is about.

use crate::classes::{Classes, unknown_field, within};
use crate::decision::Action;
use crate::error::Fault;
use crate::shape::Shape;

/// The object of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Object {
    /// `*`
    All,
    /// `Customer`
    Entity(usize),
    /// `Customer.phone`
    Field(usize, usize),
    /// `pii.contact`
    Class(String),
    /// `Customer:pii.contact`
    EntityClass(usize, String),
}

impl Object {
    pub(crate) fn parse(text: &str, shape: &Shape, classes: &Classes) -> Result<Self, Fault> {
        if text == "*" {
            return Ok(Self::All);
        }
        if let Some((entity, class)) = text.split_once(':') {
            let colon = entity.len();
            let entity = shape
                .find(entity)
                .ok_or_else(|| unknown_entity(shape, entity).within(0..colon))?;
            if !classes.knows(class) {
                return Err(unknown_class(classes, class).within(colon + 1..text.len()));
            }
            let object = Self::EntityClass(entity, class.to_owned());
            if object.fields(shape, classes).is_empty() {
                let message = format!("`{text}` covers no field");
                return Err(Fault::new(message, "name a class that the entity has"));
            }
            return Ok(object);
        }
        if let Some(entity) = shape.find(text) {
            return Ok(Self::Entity(entity));
        }
        if let Some((entity, field)) = shape.find_field(text) {
            return Ok(Self::Field(entity, field));
        }
        if classes.knows(text) {
            return Ok(Self::Class(text.to_owned()));
        }
        match text.split_once('.') {
            Some((entity, _)) if shape.find(entity).is_some() => Err(unknown_field(shape, text)),
            _ if text.starts_with(|c: char| c.is_uppercase()) => Err(unknown_entity(shape, text)),
            _ => Err(unknown_class(classes, text)),
        }
    }

    /// Whether the action makes sense for the object: rows are seen and deleted whole.
    pub(crate) fn check(&self, action: Action) -> Result<(), Fault> {
        match (self, action) {
            (Self::All | Self::Entity(_), _) => Ok(()),
            (_, Action::Row | Action::Delete) => Err(Fault::new(
                format!(
                    "`{}` is about whole rows, and the object is not an entity",
                    action.name()
                ),
                "name an entity, or `*`",
            )),
            _ => Ok(()),
        }
    }

    /// The fields that it covers, as (entity, field).
    pub(crate) fn fields(&self, shape: &Shape, classes: &Classes) -> Vec<(usize, usize)> {
        shape
            .fields()
            .filter(|(entity, field)| self.covers(classes, *entity, *field))
            .collect()
    }

    /// The entities that it covers as such.
    pub(crate) fn entities(&self, shape: &Shape) -> Vec<usize> {
        match self {
            Self::All => (0..shape.entities.len()).collect(),
            Self::Entity(entity) => vec![*entity],
            Self::Field(..) | Self::Class(_) | Self::EntityClass(..) => Vec::new(),
        }
    }

    fn covers(&self, classes: &Classes, entity: usize, field: usize) -> bool {
        match self {
            Self::All => true,
            Self::Entity(own) => *own == entity,
            Self::Field(own, own_field) => (*own, *own_field) == (entity, field),
            Self::Class(prefix) => within(classes.of(entity, field), prefix),
            Self::EntityClass(own, prefix) => {
                *own == entity && within(classes.of(entity, field), prefix)
            }
        }
    }
}

fn unknown_entity(shape: &Shape, name: &str) -> Fault {
    let known = shape.entities.iter().map(|entity| entity.name.as_str());
    Fault::unknown(
        format!("unknown entity `{name}`"),
        name,
        known,
        "an object is `*`, an entity, a field `Entity.field`, a class, or `Entity:class`",
    )
}

fn unknown_class(classes: &Classes, name: &str) -> Fault {
    Fault::unknown(
        format!("`{name}` matches no entity, field or class"),
        name,
        classes.prefixes(),
        "an object is `*`, an entity, a field `Entity.field`, a class, or `Entity:class`",
    )
}
