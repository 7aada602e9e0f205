//! Maskers: how a cell is shown below FULL.
//!
//! A masker is one file here and one line in the registry. [`build`] makes one for a field of the data, [`declarations`] says what
//! each promises; the property tests at the end of this module hold every registered masker against its declaration.
//!
//! What all of them share: they are total, they keep the kind of the field, they never echo a value that they do not understand
//! (`****` instead, whatever its length), and no control, bidirectional or zero-width character passes through them.
//!
//! ```
//! use sudare_policies::maskers::{MaskingKey, Subject, Target, build};
//! use sudare_policies::value::{ValueKind, ValueRef};
//!
//! let key = MaskingKey::new(b"an example, not a secret to keep")?;
//! let target = Target {
//!     kind: ValueKind::Text,
//!     variants: &[],
//!     nullable: true,
//!     key: key.domain("internal", "pii.contact.phone"),
//!     subject: None,
//!     own_person: false,
//!     unique: false,
//!     narrow: false,
//! };
//! let phone = build("phone", &toml::Table::new(), &target)?;
//! let mut text = String::new();
//! phone.mask(ValueRef::Text("+8613812341234"), &Subject::default(), &mut text);
//! assert_eq!(text, "+86 138****1234");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt;
use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::value::{ValueKind, ValueRef};

mod absence;
mod address_areas;
mod address_parts;
pub(crate) mod bijection;
mod calling_code;
mod code;
mod declaration;
mod delimiter;
mod error;
mod fixed;
mod graphemes;
mod identity;
mod key;
mod memo;
mod name;
mod name_words;
mod nested;
mod params;
mod places;
mod registry;
mod replacement;
mod residue;
mod reveal;
mod simple;
mod subject;
mod text;

mod address;
mod after_delimiter;
mod alias;
mod bank_card;
mod before_delimiter;
mod bijective_id;
mod bucket;
mod category;
mod cn_id;
mod constant;
mod date_shift;
mod date_trunc;
mod email;
mod fake_from_key;
mod free_text;
mod hmac_token;
mod iban;
mod ip;
mod json;
mod keep_first_last;
mod keep_separators;
mod label;
mod landline;
mod mask_first_last;
mod name_cjk;
mod name_latin;
mod national_id;
mod null;
mod per_word;
mod phone;
mod postcode;
mod regex_replace;
mod round;
mod schedule;
mod stars_fixed;
mod sticky_noise;
mod top_code;
mod type_default;
mod url;

#[cfg(test)]
mod harness;

pub use declaration::{Budget, Declaration, Output, Parameter};
pub use error::MaskerError;
pub use key::{DomainKey, FIRST_KEY, MaskingKey, MaskingKeys, WeakKey};
pub use memo::IdentityMemo;
pub(crate) use national_id::is_national_id;
pub(crate) use params::decimal;
pub use registry::{build, declaration, declarations};
pub use residue::{Residue, residue};
pub use subject::Subject;

/// What a masker makes of a cell. The kind is that of the field; text is written to the buffer that the caller lends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Masked {
    /// Nothing is shown.
    Null,
    /// A boolean.
    Boolean(bool),
    /// A whole number.
    Int(i64),
    /// A floating-point number.
    Float(f64),
    /// A decimal number.
    Decimal(Decimal),
    /// The text (or the JSON document, or the enum variant) that was written to the buffer.
    Text,
    /// A day.
    Date(NaiveDate),
    /// An instant.
    DateTime(DateTime<Utc>),
    /// A UUID.
    Uuid(Uuid),
}

/// A masking function: total, type-preserving, fail-safe.
pub trait Masker: fmt::Debug + Send + Sync {
    /// Masks one present value. `out` is empty on entry and holds the text on return when [`Masked::Text`] is given back.
    ///
    /// A value of a kind that the masker was not built for becomes [`Masked::Null`].
    fn mask(&self, value: ValueRef<'_>, subject: &Subject<'_>, out: &mut String) -> Masked;

    /// Whether the mask depends on the subject: only then is it fetched.
    fn needs_subject(&self) -> bool {
        false
    }

    /// Whether an absent value is masked like a present one: any value of the field's kind may then be handed in for it.
    fn hides_absence(&self) -> bool {
        false
    }

    /// Whether [`Masker::value_behind`] finds the way back: then a mask can stand for its value where rows are looked for.
    fn has_way_back(&self) -> bool {
        false
    }

    /// The whole number that has this mask, for the server alone; `None` if none has it or there is no way back.
    fn value_behind(&self, _mask: i64) -> Option<i64> {
        None
    }
}

/// The field that a masker is built for, and for whom.
#[derive(Clone, Debug)]
pub struct Target<'a> {
    /// What the field holds.
    pub kind: ValueKind,
    /// The closed set of names of an [`ValueKind::Enum`], else empty.
    pub variants: &'a [String],
    /// Whether the stored value may be null. What is served may always be: a field under policy is nullable in the schema.
    pub nullable: bool,
    /// The key of the audience and class; fields that share both give joinable tokens.
    pub key: DomainKey,
    /// The key of the audience and of the kind of person that the entity's rows speak of, if `[subject]` names one: the same for every
    /// field of every entity that speaks of such persons.
    pub subject: Option<DomainKey>,
    /// Whether every row speaks of a person of its own, told by a whole number: only then is what is shown of persons, where no two
    /// share it, shown in no two rows.
    pub own_person: bool,
    /// Whether no two rows have the same value.
    pub unique: bool,
    /// Whether whole numbers have 32 bits, not 64.
    pub narrow: bool,
}

/// The whole numbers that a field can hold.
fn whole_numbers(narrow: bool) -> RangeInclusive<i64> {
    if narrow {
        i32::MIN.into()..=i32::MAX.into()
    } else {
        i64::MIN..=i64::MAX
    }
}
