//! Smaller queries: what is left of one that differs shows what it is about.

use super::ask::{Arg, Ask, Field, Node};

/// Arguments that a field cannot do without.
const REQUIRED: [&str; 3] = ["id", "nodeId", "entity"];

impl Ask {
    /// Each tree with one thing less than this one, the largest things first.
    pub(crate) fn smaller(&self) -> Vec<Self> {
        let mut all = Vec::new();
        let nodes = smaller_nodes(&self.nodes);
        all.extend(nodes.into_iter().map(|nodes| Self {
            nodes,
            ..self.clone()
        }));
        for (place, fragment) in self.fragments.iter().enumerate() {
            for nodes in smaller_nodes(&fragment.nodes) {
                let mut ask = self.clone();
                ask.fragments[place].nodes = nodes;
                all.push(ask);
            }
        }
        for (place, variable) in self.variables.iter().enumerate() {
            for given in variable.given.iter().flat_map(smaller_arg) {
                let mut ask = self.clone();
                ask.variables[place].given = Some(given);
                all.push(ask);
            }
        }
        all
    }
}

/// The list without each of its items, then with each of them smaller.
fn less<T: Clone>(items: &[T], smaller: impl Fn(&T) -> Vec<T>) -> Vec<Vec<T>> {
    let mut all = Vec::new();
    for place in 0..items.len() {
        let mut without = items.to_vec();
        without.remove(place);
        all.push(without);
    }
    for (place, item) in items.iter().enumerate() {
        for one in smaller(item) {
            let mut with = items.to_vec();
            with[place] = one;
            all.push(with);
        }
    }
    all
}

fn smaller_nodes(nodes: &[Node]) -> Vec<Vec<Node>> {
    less(nodes, |node| match node {
        Node::Field(field) => {
            let below = field
                .nodes
                .as_deref()
                .map(smaller_nodes)
                .unwrap_or_default();
            let below = below.into_iter().map(|nodes| Field {
                nodes: Some(nodes),
                ..field.clone()
            });
            let args = less(&field.args, |(name, value)| {
                let smaller = smaller_arg(value).into_iter();
                smaller.map(|value| (name.clone(), value)).collect()
            });
            let required = |args: &Vec<(String, Arg)>| {
                args.iter()
                    .filter(|(name, _)| REQUIRED.contains(&name.as_str()))
                    .count()
            };
            let args = args
                .into_iter()
                .filter(|args| required(args) == required(&field.args));
            let args = args.map(|args| Field {
                args,
                ..field.clone()
            });
            let bare = field.directive.is_some().then(|| Field {
                directive: None,
                ..field.clone()
            });
            args.chain(below).chain(bare).map(Node::Field).collect()
        }
        Node::Inline {
            on,
            directive,
            nodes,
        } => {
            let smaller = smaller_nodes(nodes).into_iter();
            smaller
                .map(|nodes| Node::Inline {
                    on: on.clone(),
                    directive: directive.clone(),
                    nodes,
                })
                .collect()
        }
        Node::Spread { .. } => Vec::new(),
    })
}

fn smaller_arg(arg: &Arg) -> Vec<Arg> {
    match arg {
        // a key of an order: a way to one field and a direction, nothing of which can be left out
        Arg::Object(fields) if is_order_key(fields) => Vec::new(),
        Arg::List(items) => less(items, smaller_arg)
            .into_iter()
            .map(Arg::List)
            .collect(),
        Arg::Object(fields) => {
            let fields = less(fields, |(name, value)| {
                let smaller = smaller_arg(value).into_iter();
                smaller.map(|value| (name.clone(), value)).collect()
            });
            fields.into_iter().map(Arg::Object).collect()
        }
        _ => Vec::new(),
    }
}

fn is_order_key(fields: &[(String, Arg)]) -> bool {
    let is_direction = |name: &str| ["ASC", "DESC"].contains(&name);
    match fields {
        [(_, Arg::Enum(name))] => is_direction(name),
        [(_, Arg::Object(inner))] => is_order_key(inner),
        _ => false,
    }
}
