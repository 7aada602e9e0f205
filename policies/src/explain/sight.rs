//! Which values of a row an explanation may print: those that the principal could have selected.

use super::Reveal;
use crate::condition::{Row, RowPath};
use crate::decision::Tier;
use crate::value::Value;
use crate::view::View;

/// Whether the cell at the end of the path may be printed.
///
/// The principal sees the row, everything that it has to walk to get there, and the cell in full.
pub(super) fn may_print(view: &View, row: &dyn Row, path: &RowPath, reveal: Reveal) -> bool {
    if reveal == Reveal::Everything {
        return true;
    }
    let shape = view.set().shape();
    let mut at = path.entity;
    let mut here = Further {
        row,
        entity: path.entity,
        hops: Vec::new(),
    };
    let mut seen = view.row(at).holds(row);
    // No step is skipped, whatever came out before: the row is asked for the same cells whatever it holds.
    for hop in &path.hops {
        let Some(relation) = shape.entity(at).and_then(|entity| entity.to_one.get(*hop)) else {
            return false;
        };
        seen &= view.decision(at, relation.from).tier(&here) != Tier::None;
        at = relation.target;
        here.hops.push(*hop);
        seen &= view.row(at).holds(&here);
        seen &= view.decision(at, relation.to).tier(&here) != Tier::None;
    }
    seen & (view.decision(at, path.field).tier(&here) == Tier::Full)
}

/// A row that another one leads to.
struct Further<'a> {
    row: &'a dyn Row,
    entity: usize,
    hops: Vec<usize>,
}

impl Row for Further<'_> {
    fn value(&self, path: &RowPath) -> Value {
        self.row.value(&RowPath {
            entity: self.entity,
            hops: [self.hops.as_slice(), &path.hops].concat(),
            field: path.field,
        })
    }
}
