//! `fake_from_key`: 张三 -> 梁弘耀, the same every time for one audience.
//!
//! Where `[subject]` tells whose data the cell is, it shows that person's false identity ([`super::identity`]): one in all entities,
//! fields and classes. Elsewhere a keyed function of the value seeds a generator, so that the substitute depends on nothing else: not on
//! the order of rows, not on the machine. Different values may then get the same substitute.

use std::fmt;
use std::sync::Arc;

use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;

use super::declaration::{Budget, Declaration, Output, Parameter};
use super::identity::Identities;
use super::key::Prf;
use super::params::Params;
use super::{Masked, Masker, MaskerError, Subject, Target};
use crate::value::{ValueKind, ValueRef};

mod range;
mod text;
mod topic;
mod traits;
mod words;

#[cfg(test)]
mod tests;

use range::Range;
use text::Text;
use traits::{OfPerson, Trait};

pub(super) const DECLARATION: Declaration = Declaration {
    name: "fake_from_key",
    summary: "shows the false identity of the person, or a believable substitute that is the same for equal values of one audience and class",
    kinds: &[
        ValueKind::Text,
        ValueKind::Int,
        ValueKind::Float,
        ValueKind::Decimal,
        ValueKind::Date,
        ValueKind::DateTime,
        ValueKind::Enum,
    ],
    output: Output::SameKind,
    format_preserving: true,
    deterministic: true,
    joinable: false,
    reversible: false,
    keyed: true,
    max_reveal: "which cells are of one person, with the person's country, gender and decade of birth; else which values are probably equal; nothing else without the key, with which the person's own key comes back",
    budget: Budget::Keyed,
    params: &[
        Parameter {
            name: "kind",
            meaning: "for text, what to show: `name`, `first_name`, `last_name`, `email`, `phone`, `company`, `job`, `street`, `city`, `region`, `postal_code`, `national_id`, `card`, `iban` or `login`; for a date `birth_date`, for an enum `gender`",
        },
        Parameter {
            name: "locale",
            meaning: "for text, the language, `en`, `zh_CN`, `vi` or `uk`; when left out, that of the person's country, else `en`",
        },
        Parameter {
            name: "min",
            meaning: "for numbers and dates, the least substitute",
        },
        Parameter {
            name: "max",
            meaning: "for numbers and dates, the greatest substitute, more than `min`",
        },
    ],
    examples: &[
        "kind = \"name\"",
        "kind = \"name\"\nlocale = \"zh_CN\"",
        "kind = \"name\"\nlocale = \"uk\"",
        "kind = \"email\"",
        "kind = \"phone\"\nlocale = \"zh_CN\"",
        "kind = \"national_id\"\nlocale = \"vi\"",
        "kind = \"company\"",
        "min = 18000\nmax = 250000",
        "min = 1950-01-01\nmax = 2005-12-31",
        "kind = \"birth_date\"",
        "kind = \"gender\"",
    ],
    build,
};

/// A substitute for a number or a date, anywhere in a range.
struct InRange {
    of_value: Prf,
    range: Range,
}

/// Debug output names the masker alone: its limits have as many digits as a key would.
impl fmt::Debug for InRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InRange(..)")
    }
}

impl Masker for InRange {
    fn mask(&self, value: ValueRef<'_>, _: &Subject<'_>, _: &mut String) -> Masked {
        let mut rng = ChaCha12Rng::from_seed(self.of_value.of(value));
        self.range.substitute(value, &mut rng)
    }
}

fn build(params: &Params<'_>, target: &Target<'_>) -> Result<Arc<dyn Masker>, MaskerError> {
    let of_birth = target.kind == ValueKind::Date && params.get("kind").is_some();
    let refuse = |strangers: &[&'static str], why: &str| {
        let mut strangers = strangers.iter();
        match strangers.find(|name| params.get(name).is_some()) {
            Some(stranger) => Err(params.bad(stranger, &format!("left out here, {why}"))),
            None => Ok(()),
        }
    };
    match target.kind {
        ValueKind::Text => {
            refuse(&["min", "max"], "it is for numbers and dates")?;
            Ok(Arc::new(Text::new(params, target)?))
        }
        ValueKind::Date if of_birth => {
            refuse(&["min", "max"], "`kind` says what to show")?;
            refuse(&["locale"], "it is for text")?;
            let shown = params.choice("kind", &[("birth_date", Trait::Birth)], None)?;
            Ok(Arc::new(OfPerson::new(shown, target)?))
        }
        ValueKind::Enum => {
            refuse(&["min", "max"], "it is for numbers and dates")?;
            refuse(&["locale"], "it is for text")?;
            let shown = params.choice("kind", &[("gender", Trait::Gender)], None)?;
            Ok(Arc::new(OfPerson::new(shown, target)?))
        }
        _ => {
            refuse(&["kind", "locale"], "it is for text")?;
            Ok(Arc::new(InRange {
                of_value: target.key.prf(&[DECLARATION.name]),
                range: Range::read(params, target)?,
            }))
        }
    }
}

/// The false identities for a field whose rows speak of persons.
fn identities(target: &Target<'_>) -> Result<Option<Identities>, MaskerError> {
    let identities = target.subject.as_ref().map(Identities::new).transpose();
    identities.map_err(|_| MaskerError::BadTarget {
        masker: DECLARATION.name,
        problem: "cannot permute keys of this size",
        cure: "take `hmac_token`",
    })
}
