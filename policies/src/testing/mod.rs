//! The policies held against cases that a steward wrote: `policies/tests/*.yaml`.
//!
//! A case says who asks, what the row holds, and what must come out: whether the row is seen, the tier of fields, the text that
//! a masker makes, what may be done. Masks are made with whatever key the set was loaded with; tests use [`key`].

mod case;
mod coverage;
mod file;
mod given;
mod mask;

use std::sync::Arc;

use serde::Serialize;

use crate::error::Findings;
use crate::maskers::MaskingKey;
use crate::set::PolicySet;
use crate::{PolicyError, PolicyErrors};

pub use coverage::{Coverage, UntestedRule};

use coverage::Covered;

/// One file of cases, read whole.
#[derive(Clone, Debug)]
pub struct TestFile {
    /// The path, as errors name it.
    pub path: String,
    /// What is in it.
    pub text: String,
}

/// What came out of all cases.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// How many cases were run.
    pub cases: usize,
    /// How many expectations they have.
    pub checks: usize,
    /// What was not as expected.
    pub failures: Vec<Failure>,
    /// What the cases have touched.
    pub coverage: Coverage,
}

/// An expectation that was not met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The file.
    pub file: String,
    /// The line of the expectation.
    pub line: usize,
    /// The name of the case.
    pub case: String,
    /// What was looked at, such as `Customer.phone`.
    pub what: String,
    /// What the case says.
    pub expected: String,
    /// What the policies say.
    pub got: String,
    /// The lines of `policy.csv` that decided.
    pub decided_by: Vec<usize>,
}

/// The key that makes the masks of tests: the same everywhere, so that expectations stay as they are, and of no other use.
#[must_use]
pub fn key() -> MaskingKey {
    MaskingKey::of_tests()
}

/// Runs the cases whose file or name has `filter` in it.
///
/// # Errors
/// Everything that is wrong with the files, whether their cases are run or not.
pub fn run(
    set: &Arc<PolicySet>,
    files: &[TestFile],
    filter: Option<&str>,
) -> Result<Outcome, PolicyErrors> {
    let mut covered = Covered::default();
    let (mut cases, mut checks) = (0, 0);
    let mut failures = Vec::new();
    let mut errors: Vec<PolicyError> = Vec::new();
    for file in files {
        let mut findings = Findings::new(file.path.clone(), file.text.clone());
        let Some(content) = file::read(&file.text, &mut findings) else {
            errors.extend(findings.into_errors());
            continue;
        };
        for case in &content.cases {
            let name = &case.name.value;
            if filter.is_some_and(|part| !file.path.contains(part) && !name.contains(part)) {
                continue;
            }
            cases += 1;
            let result = case::run(set, (&content, case), &file.text, &mut findings);
            checks += result.checks;
            covered.add(result.covered);
            failures.extend(result.failures.into_iter().map(|failure| Failure {
                file: file.path.clone(),
                ..failure
            }));
        }
        errors.extend(findings.into_errors());
    }
    if !errors.is_empty() {
        errors.sort();
        return Err(PolicyErrors(errors));
    }
    failures.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
    Ok(Outcome {
        cases,
        checks,
        failures,
        coverage: covered.of(set),
    })
}

#[cfg(test)]
mod tests;
