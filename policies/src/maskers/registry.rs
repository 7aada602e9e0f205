//! The registry: one line a masker.

use std::sync::Arc;

use super::declaration::Declaration;
use super::params::Params;
use super::{Masker, MaskerError, Target, absence};
use crate::value::ValueKind;

/// All maskers, by name.
static REGISTRY: &[Declaration] = &[
    super::address::DECLARATION,
    super::after_delimiter::DECLARATION,
    super::alias::DECLARATION,
    super::bank_card::DECLARATION,
    super::before_delimiter::DECLARATION,
    super::bijective_id::DECLARATION,
    super::bucket::DECLARATION,
    super::category::DECLARATION,
    super::cn_id::DECLARATION,
    super::constant::DECLARATION,
    super::date_shift::DECLARATION,
    super::date_trunc::DECLARATION,
    super::email::DECLARATION,
    super::fake_from_key::DECLARATION,
    super::free_text::DECLARATION,
    super::hmac_token::DECLARATION,
    super::iban::DECLARATION,
    super::ip::DECLARATION,
    super::json::DECLARATION,
    super::keep_first_last::DECLARATION,
    super::keep_separators::DECLARATION,
    super::label::DECLARATION,
    super::landline::DECLARATION,
    super::mask_first_last::DECLARATION,
    super::name_cjk::DECLARATION,
    super::name_latin::DECLARATION,
    super::national_id::DECLARATION,
    super::null::DECLARATION,
    super::per_word::DECLARATION,
    super::phone::DECLARATION,
    super::postcode::DECLARATION,
    super::regex_replace::DECLARATION,
    super::round::DECLARATION,
    super::stars_fixed::DECLARATION,
    super::sticky_noise::DECLARATION,
    super::top_code::DECLARATION,
    super::type_default::DECLARATION,
    super::url::DECLARATION,
];

/// What every registered masker promises.
pub fn declarations() -> &'static [Declaration] {
    REGISTRY
}

/// What the masker of this name promises; the error offers the nearest one.
pub fn declaration(name: &str) -> Result<&'static Declaration, MaskerError> {
    let found = REGISTRY.iter().find(|declaration| declaration.name == name);
    found.ok_or_else(|| unknown(name))
}

/// Makes the masker of this name for a field.
pub fn build(
    name: &str,
    params: &toml::Table,
    target: &Target<'_>,
) -> Result<Arc<dyn Masker>, MaskerError> {
    let declaration = declaration(name)?;
    if !declaration.kinds.contains(&target.kind) {
        return Err(MaskerError::WrongKind {
            masker: declaration.name,
            kind: target.kind,
            takes: listed_kinds(declaration.kinds),
            instead: listed(
                REGISTRY
                    .iter()
                    .filter(|other| other.kinds.contains(&target.kind))
                    .map(|other| other.name),
            ),
        });
    }
    let mut own = params.clone();
    let null = own.remove(absence::PARAMETER);
    let masker = (declaration.build)(&Params::new(declaration, &own)?, target)?;
    absence::wanted(masker, declaration, null.as_ref())
}

fn unknown(name: &str) -> MaskerError {
    let names = || REGISTRY.iter().map(|declaration| declaration.name);
    MaskerError::UnknownMasker {
        name: name.to_owned(),
        cure: match crate::error::nearest(name, names()) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("there are {}", listed(names())),
        },
    }
}

/// `a`, `b`, `c`, as error texts list names.
pub(super) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let quoted: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

fn listed_kinds(kinds: &[ValueKind]) -> String {
    let names: Vec<_> = kinds.iter().map(|kind| format!("{kind:?}")).collect();
    names.join(", ")
}
