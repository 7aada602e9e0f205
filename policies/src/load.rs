//! From files to checked parts: every file is read as far as it goes, and everything that is wrong is told at once.

use crate::classes::Classes;
use crate::error::{Fault, PolicyErrors};
use crate::files::{self, PolicyFiles};
use crate::maskers::MaskingKeys;
use crate::masking::{self, Masking, Masks, Policies};
use crate::roles::Roles;
use crate::rows::{self, Rows};
use crate::rules::{self, Rule};
use crate::shape::Shape;
use crate::store::{Store, StoreError};

/// What a set of policies consists of.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) classes: Classes,
    pub(crate) roles: Roles,
    pub(crate) rules: Vec<Rule>,
    /// The rules of each role, by its number.
    pub(crate) rules_of: Vec<Vec<usize>>,
    pub(crate) masks: Masks,
    pub(crate) store: Store,
    /// What the files say, for whoever has something to say about it.
    pub(crate) files: PolicyFiles,
    pub(crate) rows: Rows,
    pub(crate) masking: Masking,
}

/// Checks the files against the shape of the data.
pub(crate) fn load(
    files: &PolicyFiles,
    shape: &Shape,
    keys: &MaskingKeys,
) -> Result<Parts, PolicyErrors> {
    let mut model = files.model.findings();
    let mut csv = files.rules.findings();
    let mut toml = files.masking.findings();
    if let Some(text) = files.model.text(&mut model) {
        files::check_model(text, &mut model);
    }
    let rows = files
        .rules
        .text(&mut csv)
        .map(|text| rows::read(text, &mut csv));
    let masking = files
        .masking
        .text(&mut toml)
        .and_then(|text| masking::read(text, &mut toml));
    let checked = rows.map(|rows| {
        let classes = Classes::check(&rows.classes, shape, &mut csv);
        let roles = Roles::check(&rows, &mut csv);
        let rules = rules::check(&rows.rules, shape, &classes, &mut csv);
        (rows, classes, roles, rules)
    });
    let masks = checked
        .as_ref()
        .zip(masking)
        .map(|((_, classes, roles, rules), masking)| {
            let policies = Policies {
                shape,
                classes,
                roles,
                rules,
                keys,
            };
            (masking::assign(&masking, policies, &mut toml), masking)
        });
    let findings = [model, csv, toml];
    let mut errors: Vec<_> = findings
        .into_iter()
        .flat_map(|findings| findings.into_errors())
        .collect();
    errors.sort();
    errors.dedup();
    match (checked, masks) {
        (Some((rows, classes, _, rules)), Some((masks, masking))) if errors.is_empty() => {
            let stored = through_casbin(&rows, &rules, shape, &classes);
            let (store, roles, rules) = stored.map_err(|error| bug(files, &error))?;
            Ok(Parts {
                rules_of: rules_of(&rules, &roles),
                classes,
                roles,
                rules,
                masks,
                store,
                files: files.clone(),
                rows,
                masking,
            })
        }
        _ => Err(PolicyErrors(errors)),
    }
}

/// Fills casbin, and reads back from it what the compiled form is made of.
fn through_casbin(
    rows: &Rows,
    rules: &[Rule],
    shape: &Shape,
    classes: &Classes,
) -> Result<(Store, Roles, Vec<Rule>), StoreError> {
    let inherits: Vec<(String, String)> = rows
        .roles
        .iter()
        .map(|row| (row.from.clone(), row.to.clone()))
        .collect();
    let store = Store::new(rules, &inherits, shape, classes)?;
    let rules = store.rules(rules)?;
    let roles = store.roles(&rules);
    Ok((store, roles, rules))
}

fn rules_of(rules: &[Rule], roles: &Roles) -> Vec<Vec<usize>> {
    let mut of: Vec<Vec<usize>> = vec![Vec::new(); roles.count()];
    for (number, rule) in rules.iter().enumerate() {
        let role = roles.number(&rule.role);
        if let Some(own) = role.and_then(|role| of.get_mut(role)) {
            own.push(number);
        }
    }
    of
}

fn bug(files: &PolicyFiles, error: &StoreError) -> PolicyErrors {
    let mut findings = files.rules.findings();
    findings.add(
        0,
        Fault::new(
            error.to_string(),
            "this is a bug of Sudare; please report it",
        ),
    );
    PolicyErrors(findings.into_errors())
}
