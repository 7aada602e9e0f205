//! The parents of a level.

use std::collections::HashMap;

use crate::mask::{ParentKey, RawRows};
use crate::plan::Child;

/// The keys of a level's parents, each once: a hundred customers of one owner ask for the owner once.
pub(super) struct Parents {
    pub(super) keys: Vec<ParentKey>,
    /// By row, the number of its key among them; none where the key is null, unless no rows are something, too.
    pub(super) links: Vec<Option<usize>>,
}

impl Parents {
    pub(super) fn of(rows: &RawRows, child: &Child) -> Self {
        let mut known: HashMap<ParentKey, usize> = HashMap::with_capacity(rows.len());
        let mut keys = Vec::new();
        let links = (0..rows.len())
            .map(|row| {
                let none = || child.of_none.then(ParentKey::none);
                let key = rows.key(row, child.key).or_else(none)?;
                Some(*known.entry(key).or_insert_with_key(|key| {
                    keys.push(key.clone());
                    keys.len() - 1
                }))
            })
            .collect();
        Self { keys, links }
    }
}
