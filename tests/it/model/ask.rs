//! A query as a tree that can be written down, and made smaller.

use serde_json::{Map, Value as Json, json};

/// An operation with its fragments and variables.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ask {
    pub(crate) nodes: Vec<Node>,
    pub(crate) fragments: Vec<Fragment>,
    pub(crate) variables: Vec<Variable>,
    /// Whether it changes something.
    pub(crate) is_mutation: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Fragment {
    pub(crate) name: String,
    pub(crate) on: String,
    pub(crate) nodes: Vec<Node>,
}

#[derive(Clone, Debug)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) ty: String,
    pub(crate) default: Option<Arg>,
    pub(crate) given: Option<Arg>,
}

/// A selection.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Field(Field),
    Inline {
        on: Option<String>,
        directive: Option<Directive>,
        nodes: Vec<Node>,
    },
    Spread {
        name: String,
        directive: Option<Directive>,
    },
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Field {
    pub(crate) alias: Option<String>,
    pub(crate) name: String,
    pub(crate) args: Vec<(String, Arg)>,
    pub(crate) directive: Option<Directive>,
    /// A leaf if there are none.
    pub(crate) nodes: Option<Vec<Node>>,
}

/// `@include` or `@skip`, and its condition.
#[derive(Clone, Debug)]
pub(crate) struct Directive {
    pub(crate) include: bool,
    pub(crate) condition: Arg,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Arg {
    Variable(String),
    Null,
    Boolean(bool),
    Number(String),
    Text(String),
    Enum(String),
    List(Vec<Arg>),
    Object(Vec<(String, Arg)>),
}

impl Arg {
    /// As it is written in a document.
    fn literal(&self) -> String {
        match self {
            Self::Variable(name) => format!("${name}"),
            Self::Null => "null".to_owned(),
            Self::Boolean(value) => value.to_string(),
            Self::Number(text) | Self::Enum(text) => text.clone(),
            Self::Text(text) => serde_json::to_string(text).unwrap(),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::literal).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Object(fields) => {
                let fields = fields.iter();
                let fields: Vec<String> = fields
                    .map(|(name, value)| format!("{name}: {}", value.literal()))
                    .collect();
                format!("{{{}}}", fields.join(", "))
            }
        }
    }

    /// As it is given with a request.
    fn json(&self) -> Json {
        match self {
            Self::Variable(_) | Self::Null => Json::Null,
            Self::Boolean(value) => json!(value),
            Self::Number(text) => serde_json::from_str(text).unwrap(),
            Self::Text(text) | Self::Enum(text) => json!(text),
            Self::List(items) => items.iter().map(Self::json).collect(),
            Self::Object(fields) => {
                let fields = fields.iter();
                Json::Object(
                    fields
                        .map(|(name, value)| (name.clone(), value.json()))
                        .collect(),
                )
            }
        }
    }
}

impl Ask {
    /// The document; fragments and variables that nobody uses are left out.
    pub(crate) fn document(&self) -> String {
        let mut body = String::new();
        write_nodes(&self.nodes, &mut body);
        let mut left: Vec<&Fragment> = self.fragments.iter().collect();
        while let Some(place) = left
            .iter()
            .position(|one| body.contains(&format!("...{} ", one.name)))
        {
            let fragment = left.swap_remove(place);
            body.push_str(&format!("\nfragment {} on {} ", fragment.name, fragment.on));
            write_nodes(&fragment.nodes, &mut body);
        }
        let used = |one: &&Variable| uses(&body, &one.name);
        let variables: Vec<String> = self
            .variables
            .iter()
            .filter(used)
            .map(|one| {
                let default = one
                    .default
                    .as_ref()
                    .map(|value| format!(" = {}", value.literal()));
                format!("${}: {}{}", one.name, one.ty, default.unwrap_or_default())
            })
            .collect();
        let word = if self.is_mutation {
            "mutation"
        } else {
            "query"
        };
        match variables.is_empty() {
            true if self.is_mutation => format!("{word} {body}"),
            true => body,
            false => format!("{word}({}) {body}", variables.join(", ")),
        }
    }

    /// The values of the variables that are given.
    pub(crate) fn given(&self) -> Map<String, Json> {
        let document = self.document();
        let given = self
            .variables
            .iter()
            .filter(|one| uses(&document, &one.name));
        given
            .filter_map(|one| Some((one.name.clone(), one.given.as_ref()?.json())))
            .collect()
    }

    /// Calls for every field, wherever it stands.
    pub(crate) fn each_field(&mut self, change: &mut dyn FnMut(&mut Field)) {
        each_field(&mut self.nodes, change);
        for fragment in &mut self.fragments {
            each_field(&mut fragment.nodes, change);
        }
    }
}

fn uses(document: &str, variable: &str) -> bool {
    let mut parts = document.split('$').skip(1);
    parts.any(|part| {
        let end = part.find(|c: char| !c.is_ascii_alphanumeric());
        part.split_at(end.unwrap_or(part.len())).0 == variable
    })
}

fn each_field(nodes: &mut [Node], change: &mut dyn FnMut(&mut Field)) {
    for node in nodes {
        match node {
            Node::Field(field) => {
                change(field);
                each_field(field.nodes.as_deref_mut().unwrap_or_default(), change);
            }
            Node::Inline { nodes, .. } => each_field(nodes, change),
            Node::Spread { .. } => {}
        }
    }
}

fn write_nodes(nodes: &[Node], out: &mut String) {
    out.push_str("{ ");
    for node in nodes {
        match node {
            Node::Field(field) => write_field(field, out),
            Node::Inline {
                on,
                directive,
                nodes,
            } => {
                out.push_str("... ");
                if let Some(on) = on {
                    out.push_str(&format!("on {on} "));
                }
                write_directive(directive.as_ref(), out);
                write_nodes(nodes, out);
            }
            Node::Spread { name, directive } => {
                out.push_str(&format!("...{name} "));
                write_directive(directive.as_ref(), out);
            }
        }
    }
    out.push_str(if nodes.is_empty() {
        "__typename } "
    } else {
        "} "
    });
}

fn write_field(field: &Field, out: &mut String) {
    if let Some(alias) = &field.alias {
        out.push_str(&format!("{alias}: "));
    }
    out.push_str(&field.name);
    if !field.args.is_empty() {
        let args = field.args.iter();
        let args: Vec<String> = args
            .map(|(name, value)| format!("{name}: {}", value.literal()))
            .collect();
        out.push_str(&format!("({})", args.join(", ")));
    }
    out.push(' ');
    write_directive(field.directive.as_ref(), out);
    if let Some(nodes) = &field.nodes {
        write_nodes(nodes, out);
    }
}

fn write_directive(directive: Option<&Directive>, out: &mut String) {
    if let Some(Directive { include, condition }) = directive {
        let name = if *include { "include" } else { "skip" };
        out.push_str(&format!("@{name}(if: {}) ", condition.literal()));
    }
}
