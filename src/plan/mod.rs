//! The plan of an operation: what to fetch, a statement a level, and how each cell is shown. Pure data, made without I/O.

mod aggregate;
mod bind;
mod bucket;
mod cell;
mod collect;
mod connection;
mod cursor;
mod dialect;
#[cfg(test)]
mod explain_tests;
mod filter;
mod identity;
mod inspect;
mod key;
mod lookup;
mod me;
mod object;
mod order;
mod planner;
pub(crate) mod prepared;
mod print;
mod root;
#[cfg(test)]
mod semantics_tests;
mod sql;
mod statement;
#[cfg(test)]
mod tests;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono_tz::Tz;
use sudare_entities::catalog::Kind;
use sudare_policies::maskers::Masker;

use crate::seal::{CursorSeal, NodeSeal};

pub(crate) use bind::{Bind, Param, Statement};
pub(crate) use bucket::BUCKET;
pub(crate) use dialect::{AVERAGE, Dialect, FOLD, NEAREST, SUM};
pub(crate) use inspect::{Inspection, inspect};
pub(crate) use key::Key;
pub(crate) use lookup::Lookup;
pub(crate) use root::{PlanRequest, build};
pub(crate) use write::{After, Ahead, Echo, Found, Write};

/// The plan of one operation for one principal.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) roots: Vec<Root>,
    /// By coordinate, what is shown below FULL: the same for every answer of this plan.
    pub(crate) disclosure: BTreeMap<String, &'static str>,
    /// What the places of its statements refer to.
    pub(crate) binds: Vec<Bind>,
    /// The scalars of variables on whose values the plan hangs: page sizes, say.
    pub(crate) fixed: BTreeSet<usize>,
    /// Whether it tells who asks: then it is for nobody else.
    pub(crate) personal: bool,
}

impl Plan {
    /// Whether it asks for the schema, too.
    pub(crate) fn asks_schema(&self) -> bool {
        let asks = |root: &Root| matches!(root.value, RootValue::Introspection);
        self.roots.iter().any(asks)
    }

    /// About how many bytes it holds.
    pub(crate) fn weight(&self) -> usize {
        let selects = self.roots.iter().filter_map(|root| root.value.select());
        1024 + self.binds.iter().map(Bind::weight).sum::<usize>()
            + selects.map(Select::weight).sum::<usize>()
    }

    /// Whether one statement gives all of its rows: it sees one state of the database by itself.
    pub(crate) fn is_one_statement(&self) -> bool {
        let selects = self.roots.iter().filter_map(|root| root.value.select());
        let mut selects = selects.peekable();
        let alone = selects.next().is_some_and(|select| {
            let numbers = [&select.count, &select.before, &select.after];
            let numbers = numbers.iter().filter(|statement| statement.is_some());
            select.children.is_empty() && usize::from(select.fetches_rows) + numbers.count() <= 1
        });
        alone && selects.next().is_none()
    }

    /// Whether it changes anything: then it is for one request alone.
    pub(crate) fn writes(&self) -> bool {
        let writes = |root: &Root| matches!(root.value, RootValue::Write(_));
        self.roots.iter().any(writes)
    }

    /// The lookups in it, in the order of its roots.
    pub(crate) fn lookups(&self) -> impl Iterator<Item = &Lookup> {
        self.roots.iter().filter_map(|root| match &root.value {
            RootValue::Lookup { lookup, .. } => Some(lookup),
            _ => None,
        })
    }

    /// Whether any row is asked for.
    pub(crate) fn reads_rows(&self) -> bool {
        self.roots.iter().any(|root| root.value.select().is_some())
    }
}

/// One field of the answer's `data`.
#[derive(Debug)]
pub(crate) struct Root {
    /// The response key.
    pub(crate) key: Key,
    pub(crate) value: RootValue,
}

/// What stands behind a response key of `data`.
#[derive(Debug)]
pub(crate) enum RootValue {
    /// Known already, as JSON.
    Ready(String),
    /// Answered by async-graphql from the schema.
    Introspection,
    /// At most one row.
    One { select: Select, shape: ObjectShape },
    /// A page of rows.
    Many {
        select: Select,
        shape: ConnectionShape,
    },
    /// Groups of rows.
    Groups { select: Select, shape: GroupShape },
    /// The rows that were looked for.
    Lookup {
        select: Select,
        shape: ObjectShape,
        lookup: Lookup,
    },
    /// A change, and the rows that it was made to.
    Write(Box<Write>),
}

impl RootValue {
    /// What to fetch for it, if anything.
    pub(crate) fn select(&self) -> Option<&Select> {
        match self {
            Self::One { select, .. }
            | Self::Many { select, .. }
            | Self::Groups { select, .. }
            | Self::Lookup { select, .. } => Some(select),
            Self::Ready(_) | Self::Introspection | Self::Write(_) => None,
        }
    }
}

/// What to fetch at one level.
#[derive(Debug)]
pub(crate) struct Select {
    /// The type whose rows these are.
    pub(crate) entity: String,
    pub(crate) rows: Statement,
    /// Whether anything of the answer hangs on them: a number of all rows does not.
    pub(crate) fetches_rows: bool,
    pub(crate) columns: usize,
    /// Rows of the page; one more is fetched to know whether there is more.
    pub(crate) limit: u64,
    /// The rows come from the end of the page to its beginning.
    pub(crate) backward: bool,
    /// The number of all rows, if asked for.
    pub(crate) count: Option<Statement>,
    /// Whether anything comes before (after) the page, if asked for and not known from the rows.
    pub(crate) before: Option<Statement>,
    pub(crate) after: Option<Statement>,
    pub(crate) children: Vec<Child>,
}

impl Select {
    /// A column stands in the text of the statement and, with what shows it, in the shape of the answer.
    fn weight(&self) -> usize {
        let statements = [
            Some(&self.rows),
            self.count.as_ref(),
            self.before.as_ref(),
            self.after.as_ref(),
        ];
        let texts = statements
            .into_iter()
            .flatten()
            .map(|statement| statement.text.len());
        let below = self.children.iter().map(|child| child.select.weight());
        texts.sum::<usize>() + 256 * self.columns + below.sum::<usize>()
    }
}

/// A level below: for each row, the rows whose key is that of a column.
#[derive(Debug)]
pub(crate) struct Child {
    /// The column of the parent that holds the key.
    pub(crate) key: usize,
    /// Whether a row without a key is looked at, too: no rows are a group.
    pub(crate) of_none: bool,
    pub(crate) select: Select,
}

/// How an object is written.
#[derive(Debug)]
pub(crate) struct ObjectShape {
    pub(crate) fields: Vec<(Key, ObjectValue)>,
}

/// What stands behind a response key of an object.
#[derive(Debug)]
pub(crate) enum ObjectValue {
    /// The name of the type.
    Typename(String),
    Cell(CellShape),
    NodeId {
        column: usize,
        seal: NodeSeal,
    },
    Disclosure(DisclosureShape),
    One {
        child: usize,
        shape: ObjectShape,
    },
    Many {
        child: usize,
        shape: ConnectionShape,
    },
    Groups {
        child: usize,
        shape: GroupShape,
    },
}

/// How a group of rows is written.
#[derive(Debug)]
pub(crate) struct GroupShape {
    pub(crate) fields: Vec<(Key, GroupValue)>,
}

/// What stands behind a response key of a group.
#[derive(Debug)]
pub(crate) enum GroupValue {
    /// The name of the type.
    Typename(String),
    /// A key, a number of rows, a measure.
    Cell(CellShape),
    /// The instant at which a day begins in a time zone.
    Beginning(CellShape, Tz),
    Object(GroupShape),
    /// What is never so.
    Never,
}

/// How a cell is written.
#[derive(Debug)]
pub(crate) struct CellShape {
    /// The schema coordinate, for the error that a broken row gives.
    pub(crate) coordinate: String,
    pub(crate) kind: Kind,
    /// Keys are written as text, of type `ID`.
    pub(crate) is_key: bool,
    /// `None` if nothing of it is ever shown: then it is not even fetched.
    pub(crate) column: Option<usize>,
    /// The first whose guard holds decides; nothing is shown if none does.
    pub(crate) grants: Vec<GrantShape>,
    /// Where the person behind the row is, if a mask depends on it.
    pub(crate) subject: Option<SubjectShape>,
}

/// The columns that tell of the person behind a row. They go into masks and nowhere else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SubjectShape {
    pub(crate) key: usize,
    pub(crate) country: Option<usize>,
    pub(crate) gender: Option<usize>,
    pub(crate) birth: Option<usize>,
}

/// One way in which a cell may be shown.
#[derive(Debug)]
pub(crate) struct GrantShape {
    /// The column that holds 1 where this grant holds; `None` if it always does.
    pub(crate) guard: Option<usize>,
    pub(crate) show: Show,
}

/// How a cell is shown.
#[derive(Debug)]
pub(crate) enum Show {
    Full,
    Masked(Arc<dyn Masker>),
}

/// How `disclosure` of a row is written.
#[derive(Debug)]
pub(crate) struct DisclosureShape {
    /// The fields of the entity that may be below FULL.
    pub(crate) fields: Vec<FieldTiers>,
    /// What is written of each.
    pub(crate) entry: Vec<(Key, DisclosureValue)>,
}

/// What may be shown of a field.
#[derive(Debug)]
pub(crate) struct FieldTiers {
    pub(crate) field: String,
    /// The tiers with the columns of their guards, FULL among them; the first whose guard holds decides.
    pub(crate) tiers: Vec<(Option<usize>, &'static str)>,
}

/// What stands behind a response key of a `FieldDisclosure`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum DisclosureValue {
    Field,
    Tier,
    Typename,
}

/// How a connection is written.
#[derive(Debug)]
pub(crate) struct ConnectionShape {
    pub(crate) fields: Vec<(Key, ConnectionValue)>,
    /// How its cursors are made, if any is asked for.
    pub(crate) cursor: Option<CursorShape>,
}

/// The columns whose values a cursor holds, and its seal.
#[derive(Debug)]
pub(crate) struct CursorShape {
    /// The list, for the error that a broken row gives.
    pub(crate) coordinate: String,
    pub(crate) columns: Vec<(usize, Kind)>,
    pub(crate) seal: CursorSeal,
}

/// What stands behind a response key of a connection.
#[derive(Debug)]
pub(crate) enum ConnectionValue {
    Typename(String),
    Nodes(ObjectShape),
    Edges(Vec<(Key, EdgeValue)>),
    PageInfo(Vec<(Key, PageValue)>),
    TotalCount,
}

/// What stands behind a response key of an edge.
#[derive(Debug)]
pub(crate) enum EdgeValue {
    Typename(String),
    Cursor,
    Node(ObjectShape),
}

/// What stands behind a response key of a `PageInfo`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PageValue {
    Typename,
    HasNextPage,
    HasPreviousPage,
    StartCursor,
    EndCursor,
}
