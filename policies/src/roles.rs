//! Roles and what they inherit.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Fault, Findings};
use crate::place::Place;
use crate::rows::{FROM, ROLE, Rows, TO};

/// The longest chain of inheritance. Casbin cuts chains at ten steps without a word.
const MAX_DEPTH: usize = 8;

/// The roles that a policy knows, by number, and the roles that each inherits directly.
#[derive(Debug, Default)]
pub(crate) struct Roles {
    numbers: BTreeMap<String, usize>,
    names: Vec<String>,
    parents: Vec<BTreeSet<usize>>,
}

impl Roles {
    /// The graph of these names and these (role, inherited role) pairs.
    pub(crate) fn new<'a>(
        names: impl IntoIterator<Item = &'a str>,
        inherits: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let mut roles = Self::default();
        for name in names {
            roles.enter(name);
        }
        for (role, inherited) in inherits {
            let (role, inherited) = (roles.enter(role), roles.enter(inherited));
            if let Some(parents) = roles.parents.get_mut(role) {
                parents.insert(inherited);
            }
        }
        roles
    }

    /// Checks names, circles, depth, and inheritance that leads to nothing.
    pub(crate) fn check(rows: &Rows, findings: &mut Findings) -> Self {
        for (place, name) in names(rows) {
            if let Err(fault) = check_name(name) {
                findings.add(place, fault);
            }
        }
        let pairs = rows
            .roles
            .iter()
            .map(|row| (row.from.as_str(), row.to.as_str()));
        let roles = Self::new(rows.rules.iter().map(|row| row.role.as_str()), pairs);
        let ruled: BTreeSet<&str> = rows.rules.iter().map(|row| row.role.as_str()).collect();
        for row in &rows.roles {
            let (role, inherited) = (&row.from, &row.to);
            let closed = roles.closure(roles.number(inherited));
            if roles
                .number(role)
                .is_some_and(|role| closed.contains(&role))
            {
                let message = format!("`{role}` inherits itself through `{inherited}`");
                findings.add(
                    row.places.at(TO),
                    Fault::new(message, "remove one of the `g` rows of the circle"),
                );
            } else if roles.number(role).is_some_and(|role| roles.too_deep(role)) {
                let message =
                    format!("`{role}` inherits through more than {MAX_DEPTH} roles in a row");
                findings.add(
                    row.places.at(TO),
                    Fault::new(message, "let it inherit more directly"),
                );
            } else if !closed
                .iter()
                .any(|number| roles.name(*number).is_some_and(|name| ruled.contains(name)))
            {
                findings.add(
                    row.places.at(TO),
                    Fault::unknown(
                        format!("`{role}` inherits `{inherited}`, which has no rule"),
                        inherited,
                        ruled.iter().copied().filter(|name| name != inherited),
                        "give it a rule, or remove this row",
                    ),
                );
            }
        }
        roles
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.numbers.keys().map(String::as_str)
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.names.len()
    }

    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.numbers.get(name).copied()
    }

    /// The roles and all that they inherit.
    pub(crate) fn closure(&self, roles: impl IntoIterator<Item = usize>) -> BTreeSet<usize> {
        let mut closed = BTreeSet::new();
        let mut open: Vec<usize> = roles.into_iter().collect();
        while let Some(role) = open.pop() {
            if closed.insert(role) {
                open.extend(self.parents.get(role).into_iter().flatten());
            }
        }
        closed
    }

    pub(crate) fn name(&self, number: usize) -> Option<&str> {
        self.names.get(number).map(String::as_str)
    }

    /// The shortest way of inheritance from one of the roles to this one, both ends included.
    pub(crate) fn chain<'a>(
        &'a self,
        from: impl IntoIterator<Item = &'a str>,
        to: &str,
    ) -> Option<Vec<&'a str>> {
        let to = self.number(to)?;
        let mut ways: Vec<Vec<usize>> = from
            .into_iter()
            .filter_map(|role| Some(vec![self.number(role)?]))
            .collect();
        let mut seen: BTreeSet<usize> = ways.iter().flatten().copied().collect();
        while !ways.is_empty() {
            if let Some(way) = ways.iter().find(|way| way.last() == Some(&to)) {
                return way.iter().map(|role| self.name(*role)).collect();
            }
            let mut longer = Vec::new();
            for way in &ways {
                for parent in way
                    .last()
                    .and_then(|role| self.parents.get(*role))
                    .into_iter()
                    .flatten()
                {
                    if seen.insert(*parent) {
                        longer.push([way.as_slice(), &[*parent]].concat());
                    }
                }
            }
            ways = longer;
        }
        None
    }

    fn enter(&mut self, name: &str) -> usize {
        let next = self.parents.len();
        let number = *self.numbers.entry(name.to_owned()).or_insert(next);
        if number == next {
            self.names.push(name.to_owned());
            self.parents.push(BTreeSet::new());
        }
        number
    }

    /// Whether some chain of inheritance from the role is longer than allowed.
    fn too_deep(&self, role: usize) -> bool {
        let mut level = BTreeSet::from([role]);
        for _ in 0..=MAX_DEPTH {
            level = level
                .iter()
                .filter_map(|role| self.parents.get(*role))
                .flatten()
                .copied()
                .collect();
        }
        !level.is_empty()
    }
}

/// Every word that is to be the name of a role.
fn names(rows: &Rows) -> impl Iterator<Item = (Place, &str)> {
    let ruled = rows.rules.iter();
    let paired = rows.roles.iter().flat_map(|row| {
        [
            (row.places.at(FROM), row.from.as_str()),
            (row.places.at(TO), row.to.as_str()),
        ]
    });
    ruled
        .map(|row| (row.places.at(ROLE), row.role.as_str()))
        .chain(paired)
}

fn check_name(name: &str) -> Result<(), Fault> {
    let sound = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-' || c == '.');
    if sound {
        return Ok(());
    }
    Err(Fault::new(
        format!("`{name}` is not the name of a role"),
        "a role starts with a letter and has letters, digits, `_`, `-` and `.`",
    ))
}
