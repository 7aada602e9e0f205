//! `check = "phone"`: what a value must be like that is written.

use std::collections::HashMap;

use toml::Spanned;
use toml::de::DeValue;

use super::Masking;
use super::assign::{Policies, find};
use super::file::Reading;
use crate::checks::Check;
use crate::error::{Fault, Findings};
use crate::place::Place;

impl Reading<'_> {
    /// What `check` of an entry says.
    pub(super) fn check(&mut self, value: &Spanned<DeValue<'_>>) -> Option<(Check, Place)> {
        let name = value.get_ref().as_str().unwrap_or_default();
        let check = Check::from_name(name);
        if check.is_none() {
            let names = Check::ALL.map(Check::name);
            let cure = format!("the checks are {}", names.join(", "));
            let fault = Fault::unknown(format!("unknown check `{name}`"), name, names, &cure);
            self.add(value.span(), fault);
        }
        Some((check?, self.line(value.span())))
    }
}

/// The check of each field that has one, by entity and field.
pub(super) fn assign(
    masking: &Masking,
    policies: Policies<'_>,
    findings: &mut Findings,
) -> HashMap<(usize, usize), Check> {
    let mut checks = HashMap::new();
    for (entity, position) in policies.shape.fields() {
        let found = find(masking, policies, (entity, position), |entry| {
            entry.check.as_ref()
        });
        let field = policies.shape.field(entity, position);
        let (Some((check, line)), Some(field)) = (found, field) else {
            continue;
        };
        if field.kind == check.kind() {
            checks.insert((entity, position), *check);
        } else {
            let coordinate = policies.shape.coordinate(entity, position);
            let message = format!(
                "`{coordinate}` holds nothing that `{}` checks",
                check.name()
            );
            let cure = "put the check on a class or a field of texts, `birth_date` on one of days";
            findings.add(*line, Fault::new(message, cure));
        }
    }
    checks
}
