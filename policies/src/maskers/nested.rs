//! Maskers inside a masker: those of the members of a document and of what is found in a text.

use std::sync::Arc;

use super::{Masker, MaskerError, Target, absence, registry};
use crate::value::ValueKind;

/// What a nested mask looks like in `masking.toml`.
const FORM: &str = "a table such as `{ masker = \"phone\" }`";

/// Makes the masker that `given` asks for, for a part of the field that is of this kind.
pub(super) fn build_part(
    outer: &'static str,
    place: &str,
    given: &toml::Value,
    target: &Target<'_>,
    kind: ValueKind,
) -> Result<Arc<dyn Masker>, MaskerError> {
    let mut params = given.as_table().cloned().unwrap_or_default();
    let Some(toml::Value::String(name)) = params.remove("masker") else {
        return Err(MaskerError::BadPart {
            masker: outer,
            place: place.to_owned(),
            expected: FORM,
        });
    };
    if params.contains_key(absence::PARAMETER) {
        return Err(MaskerError::BadPart {
            masker: outer,
            place: place.to_owned(),
            expected: "a mask without `null`: what a part does not have is not made up",
        });
    }
    let part = Target {
        kind,
        variants: &[],
        nullable: true,
        key: target.key.clone(),
        subject: target.subject.clone(),
        own_person: false,
        unique: false,
        narrow: false,
    };
    registry::build(&name, &params, &part).map_err(|error| MaskerError::Part {
        masker: outer,
        place: place.to_owned(),
        error: Box::new(error),
    })
}
