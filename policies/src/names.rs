//! Names as somebody types them: found, or answered with the nearest that exists.

use thiserror::Error;

use crate::classes::unknown_field;
use crate::decision::Action;
use crate::error::Fault;
use crate::rules;
use crate::set::PolicySet;
use crate::shape::Shape;

/// A name that nothing has, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}; {cure}")]
pub struct UnknownName {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub cure: String,
}

impl From<Fault> for UnknownName {
    fn from(fault: Fault) -> Self {
        Self {
            message: fault.message,
            cure: fault.cure,
        }
    }
}

impl PolicySet {
    /// Whether the policies know the role.
    ///
    /// # Errors
    /// [`UnknownName`] with the nearest role.
    pub fn check_role(&self, name: &str) -> Result<(), UnknownName> {
        if self.role_graph().number(name).is_some() {
            return Ok(());
        }
        let known: Vec<&str> = self.roles().collect();
        let cure = format!("the roles are {}", known.join(", "));
        Err(Fault::unknown(format!("unknown role `{name}`"), name, known, &cure).into())
    }

    /// The entity, and the field if one is named: `Customer`, `Customer.phone`.
    ///
    /// # Errors
    /// [`UnknownName`] with the nearest entity or field.
    pub fn coordinate(&self, name: &str) -> Result<(usize, Option<usize>), UnknownName> {
        let shape = self.shape();
        let Some((entity, _)) = name.split_once('.') else {
            let found = shape.find(name);
            return found
                .map(|entity| (entity, None))
                .ok_or_else(|| unknown_entity(shape, name).into());
        };
        if shape.find(entity).is_none() {
            return Err(unknown_entity(shape, entity).into());
        }
        match shape.find_field(name) {
            Some((entity, field)) => Ok((entity, Some(field))),
            None => Err(unknown_field(shape, name).into()),
        }
    }

    /// The action of this name.
    ///
    /// # Errors
    /// [`UnknownName`] with the nearest action.
    pub fn action(&self, name: &str) -> Result<Action, UnknownName> {
        Ok(rules::action(name)?)
    }
}

/// The nearest entity; of a field without its entity, those that have one of this name.
fn unknown_entity(shape: &Shape, name: &str) -> Fault {
    let all = (0..shape.entities.len()).flat_map(|entity| {
        let fields = shape.entity(entity).map_or(0, |own| own.fields.len());
        (0..fields).map(move |field| shape.coordinate(entity, field))
    });
    let own = |coordinate: &String| coordinate.rsplit('.').next() == Some(name);
    let fields: Vec<String> = all.filter(own).map(|field| format!("`{field}`")).collect();
    let known = shape.entities.iter().map(|entity| entity.name.as_str());
    let cure = match fields.as_slice() {
        [] => "name an entity, or a field as `Entity.field`".to_owned(),
        fields => format!("name the field with its entity: {}", fields.join(", ")),
    };
    Fault::unknown(format!("unknown entity `{name}`"), name, known, &cure)
}

#[cfg(test)]
mod tests {
    use crate::tests::set;

    #[test]
    fn a_misspelt_name_is_answered_with_the_nearest() {
        let set = set("p, support, Customer, row, true, allow").unwrap();
        let told = |error: super::UnknownName| error.to_string();
        assert_eq!(
            set.check_role("suport").map_err(told).unwrap_err(),
            "unknown role `suport`; did you mean `support`?"
        );
        for (name, cure) in [
            ("Custmer.email", "did you mean `Customer`?"),
            ("Customer.emial", "did you mean `Customer.email`?"),
            ("Customr", "did you mean `Customer`?"),
            ("email", "name the field with its entity: `Customer.email`"),
            ("zzz", "name an entity, or a field as `Entity.field`"),
        ] {
            let error = set.coordinate(name).map_err(told).unwrap_err();
            assert!(error.ends_with(cure), "{error}");
        }
        assert_eq!(set.coordinate("Customer.email").unwrap(), (2, Some(2)));
        assert_eq!(set.coordinate("Order").unwrap(), (3, None));
        assert!(set.action("fulll").is_err());
    }
}
