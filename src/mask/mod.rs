//! The one door by which a stored value leaves: rows come in raw from the executor and go out masked, as bytes of the answer.
//!
//! INVARIANT: [`RawRows`] has no public way to read a cell. The executor can only fill it and pass keys on. `steward` reads for
//! `policy explain`, at the terminal of somebody who has the database anyway; no request goes that way.

mod calendar;
mod cell;
mod echo;
mod group;
mod json;
mod numeric;
mod parents;
mod postgres;
mod raw;
mod steward;
mod write;

pub(crate) use parents::{ParentKey, ParentKeys};
pub(crate) use raw::{Fetched, FetchedChild, Group, RawRows};
pub(crate) use steward::stored;
pub(crate) use write::{Data, WriteError, answer};
