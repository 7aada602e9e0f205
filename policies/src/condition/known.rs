//! A row of which some cells are known.

use std::cell::RefCell;
use std::collections::HashMap;

use super::{Row, RowPath};
use crate::value::Value;

/// A row by its known cells. Any other cell is null, and noted when it is asked for.
#[derive(Clone, Debug, Default)]
pub struct KnownRow {
    cells: HashMap<RowPath, Value>,
    missed: RefCell<Vec<RowPath>>,
}

impl KnownRow {
    /// A row with these cells.
    pub fn new(cells: impl IntoIterator<Item = (RowPath, Value)>) -> Self {
        Self {
            cells: cells.into_iter().collect(),
            missed: RefCell::default(),
        }
    }

    /// The cells that were asked for and are not known, in the order of asking, each once.
    #[must_use]
    pub fn missed(&self) -> Vec<RowPath> {
        self.missed.borrow().clone()
    }

    /// The cell, if it is known.
    #[must_use]
    pub fn known(&self, path: &RowPath) -> Option<&Value> {
        self.cells.get(path)
    }
}

impl Row for KnownRow {
    fn value(&self, path: &RowPath) -> Value {
        if let Some(value) = self.cells.get(path) {
            return value.clone();
        }
        let mut missed = self.missed.borrow_mut();
        if !missed.contains(path) {
            missed.push(path.clone());
        }
        Value::Null
    }
}
