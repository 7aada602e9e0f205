//! The data subject behind a cell: whose false identity stands in it.

use chrono::NaiveDate;

use super::IdentityMemo;
use crate::value::ValueRef;

/// The person that a row speaks of, as `[subject."Entity"]` of `masking.toml` finds it; all absent where none is.
///
/// Maskers that give one person one false identity derive it from `key`, and let it fit what else is here. Whoever sees such a mask
/// may thereby learn the country, the gender and the age band, and nothing of `key` but which cells are of one person, and from what no two
/// persons share whether it is a small number.
#[derive(Clone, Copy, Debug, Default)]
pub struct Subject<'a> {
    /// The key of the person.
    pub key: Option<ValueRef<'a>>,
    /// Where the person lives: an ISO 3166 code or a name, as stored.
    pub country: Option<&'a str>,
    /// `MALE`, `FEMALE` or whatever is stored.
    pub gender: Option<&'a str>,
    /// The day of birth; only the ten years around it are told.
    pub birth: Option<NaiveDate>,
    /// Where the person's false identity is kept for the next cell of the row. It changes nothing but the time that a mask takes.
    pub memo: Option<&'a IdentityMemo>,
}
