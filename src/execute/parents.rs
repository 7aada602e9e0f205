//! The parents of a level.

use std::collections::HashMap;

use crate::mask::{ParentKey, RawRows};

/// The keys of a level's parents, each once: a hundred customers of one owner ask for the owner once.
pub(super) struct Parents {
    pub(super) keys: Vec<ParentKey>,
    /// By row, the number of its key among them; none where the key is null.
    pub(super) links: Vec<Option<usize>>,
}

impl Parents {
    pub(super) fn of(rows: &RawRows, column: usize) -> Self {
        let mut known: HashMap<ParentKey, usize> = HashMap::with_capacity(rows.len());
        let mut keys = Vec::new();
        let links = (0..rows.len())
            .map(|row| {
                let key = rows.key(row, column)?;
                Some(*known.entry(key).or_insert_with_key(|key| {
                    keys.push(key.clone());
                    keys.len() - 1
                }))
            })
            .collect();
        Self { keys, links }
    }
}
