//! The shape of what is shown, made of the paths of `masking.toml`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::leaf::{Leaf, Parts};
use crate::maskers::params::Params;
use crate::maskers::text::is_invisible;
use crate::maskers::{MaskerError, Subject, Target};

/// So many steps a path may have, and so many paths a mask.
const DEEPEST: usize = 16;
const MOST_PATHS: usize = 256;

/// A place in the shape.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Leaf(Leaf),
    Object(BTreeMap<String, Node>),
    Array(Box<Node>),
}

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Member(String),
    Elements,
}

/// The shape, with every member that a key names.
pub(super) fn build(params: &Params<'_>, target: &Target<'_>) -> Result<Node, MaskerError> {
    let mut root = None;
    let mut count = 0;
    for (parameter, path, leaf) in leaves(params, target)? {
        let steps = steps(&path).ok_or_else(|| {
            let expected =
                format!("made of paths such as `contact.phone` or `tags[*]`, not `{path}`");
            params.bad(parameter, &expected)
        })?;
        count += 1;
        if count > MOST_PATHS || !insert(&mut root, &steps, leaf) {
            let expected = format!(
                "free of paths that are or lead through others, such as `{path}`, and at most {MOST_PATHS} of them"
            );
            return Err(params.bad(parameter, &expected));
        }
    }
    let mut root = root.unwrap_or_else(|| Node::Object(BTreeMap::new()));
    for (key, mask) in table(params, "keys")?.into_iter().flatten() {
        if key.contains(is_invisible) {
            return Err(params.bad("keys", "made of names that can be seen"));
        }
        let leaf = Leaf::Masked(Parts::build(key, mask, target)?);
        add_everywhere(&mut root, key, &leaf);
    }
    Ok(root)
}

/// What stands at the end of each path.
fn leaves(
    params: &Params<'_>,
    target: &Target<'_>,
) -> Result<Vec<(&'static str, String, Leaf)>, MaskerError> {
    let mut leaves = Vec::new();
    for (path, mask) in table(params, "paths")?.into_iter().flatten() {
        let leaf = Leaf::Masked(Parts::build(path, mask, target)?);
        leaves.push(("paths", path.clone(), leaf));
    }
    match params.get("keep") {
        None => {}
        Some(toml::Value::Array(paths)) if paths.iter().all(toml::Value::is_str) => {
            let paths = paths.iter().filter_map(toml::Value::as_str);
            leaves.extend(paths.map(|path| ("keep", path.to_owned(), Leaf::Kept)));
        }
        Some(_) => return Err(params.bad("keep", "a list of paths such as `[\"kind\"]`")),
    }
    Ok(leaves)
}

fn table<'a>(
    params: &Params<'a>,
    parameter: &'static str,
) -> Result<Option<&'a toml::Table>, MaskerError> {
    match params.get(parameter) {
        None => Ok(None),
        Some(toml::Value::Table(table)) => Ok(Some(table)),
        Some(_) => {
            let expected = "a table such as `{ phone = { masker = \"phone\" } }`";
            Err(params.bad(parameter, expected))
        }
    }
}

/// The steps of `contact.phones[*].number`. None if it is no path.
fn steps(path: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    for (i, part) in path.split('.').enumerate() {
        let name = part.trim_end_matches("[*]");
        let arrays = (part.len() - name.len()) / "[*]".len();
        // a document that is an array has elements, but no name
        let nameless = name.is_empty() && i == 0 && arrays > 0;
        if name.contains(['[', ']', '*'])
            || name.contains(is_invisible)
            || name.is_empty() && !nameless
        {
            return None;
        }
        if !nameless {
            steps.push(Step::Member(name.to_owned()));
        }
        steps.extend(std::iter::repeat_n(Step::Elements, arrays));
    }
    (!steps.is_empty() && steps.len() <= DEEPEST).then_some(steps)
}

/// Adds a path. False if there is one already, or one of another form on the way.
fn insert(node: &mut Option<Node>, steps: &[Step], leaf: Leaf) -> bool {
    let Some((step, rest)) = steps.split_first() else {
        let free = node.is_none();
        *node = node.take().or(Some(Node::Leaf(leaf)));
        return free;
    };
    let start = match step {
        Step::Member(_) => Node::Object(BTreeMap::new()),
        // a place that the next steps fill
        Step::Elements => Node::Array(Box::new(Node::Object(BTreeMap::new()))),
    };
    let fresh = node.is_none();
    match (node.get_or_insert(start), step) {
        (Node::Object(members), Step::Member(name)) => {
            let mut member = members.remove(name);
            let inserted = insert(&mut member, rest, leaf);
            members.extend(member.map(|member| (name.clone(), member)));
            inserted
        }
        (Node::Array(element), Step::Elements) => {
            let mut inner = (!fresh).then(|| (**element).clone());
            let inserted = insert(&mut inner, rest, leaf);
            if let Some(inner) = inner {
                **element = inner;
            }
            inserted
        }
        _ => false,
    }
}

/// Adds a member to every object that has none of this name.
fn add_everywhere(node: &mut Node, key: &str, leaf: &Leaf) {
    match node {
        Node::Leaf(_) => {}
        Node::Array(element) => add_everywhere(element, key, leaf),
        Node::Object(members) => {
            for member in members.values_mut() {
                add_everywhere(member, key, leaf);
            }
            members
                .entry(key.to_owned())
                .or_insert_with(|| Node::Leaf(leaf.clone()));
        }
    }
}

impl Node {
    /// What is shown of a part of the document, if it has that part.
    pub(super) fn show(
        &self,
        value: Option<&Value>,
        lengths: bool,
        subject: &Subject<'_>,
    ) -> Value {
        match self {
            Self::Leaf(leaf) => value.map_or(Value::Null, |value| leaf.show(value, subject)),
            Self::Object(members) => {
                let members = members.iter().map(|(name, member)| {
                    let value = value.and_then(|value| value.get(name.as_str()));
                    (name.clone(), member.show(value, lengths, subject))
                });
                Value::Object(members.collect::<Map<_, _>>())
            }
            Self::Array(element) => {
                let elements = value.and_then(Value::as_array);
                let elements = elements.map(Vec::as_slice).unwrap_or_default();
                let shown = |value| element.show(value, lengths, subject);
                Value::Array(if lengths {
                    elements.iter().map(|value| shown(Some(value))).collect()
                } else {
                    vec![shown(elements.first())]
                })
            }
        }
    }

    pub(super) fn needs_subject(&self) -> bool {
        match self {
            Self::Leaf(leaf) => leaf.needs_subject(),
            Self::Object(members) => members.values().any(Self::needs_subject),
            Self::Array(element) => element.needs_subject(),
        }
    }
}
