//! Who sees what, and how: rules, conditions, decisions and maskers.
//!
//! Pure Rust: no HTTP, no SQL, no I/O after [`PolicySet::load`].
//!
//! - [`shape`]: what the data looks like, told to us by the gateway;
//! - [`value`]: the values that conditions compare and maskers mask;
//! - [`condition`]: the `when` column of a rule, parsed, settled, evaluated;
//! - [`decision`]: what a principal may see of a cell, and why;
//! - [`explain`]: which rules speak about a cell, and what each of their comparisons came to;
//! - [`testing`]: the policies held against cases that a steward wrote;
//! - [`lint`]: what loads and is hardly meant;
//! - [`diff`]: what another set of policies discloses more, and what less;
//! - [`maskers`]: how a cell is shown below FULL;
//! - [`matrix`]: who sees what, as a table;
//! - [`report`]: what is wrong with a policy, for people;
//! - [`checks`]: what a value must be like before it is stored;
//! - [`checksum`]: numbers that prove themselves, and their check digits;
//! - [`persons`]: invented persons whose parts fit each other.

pub mod checks;
pub mod checksum;
pub mod condition;
pub mod decision;
pub mod diff;
pub mod explain;
pub mod lint;
pub mod maskers;
pub mod matrix;
pub mod persons;
pub mod report;
pub mod shape;
pub mod testing;
pub mod value;

mod classes;
mod compiled;
mod error;
mod files;
mod fingerprint;
mod load;
mod masking;
mod names;
mod object;
mod oracle;
mod place;
mod role_set;
mod roles;
mod rows;
mod rules;
mod set;
mod sight;
mod store;
mod view;

#[cfg(test)]
mod tests;

pub use error::{AudienceError, PolicyError, PolicyErrors};
pub use files::PolicyFiles;
pub use fingerprint::Fingerprint;
pub use maskers::{MaskingKey, MaskingKeys};
pub use masking::SubjectPaths;
pub use names::UnknownName;
pub use oracle::{Agreement, Disagreement, Oracle, OracleError, Truths};
pub use set::{PolicySet, Principal};
pub use sight::Sight;
pub use view::View;
