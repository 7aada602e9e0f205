//! The same query, asked in other words: fragments, directives, variables.

use super::ask::{Arg, Directive, Fragment, Node, Variable};
use super::generate::{Generator, leaf};

impl Generator<'_> {
    /// Puts some of the selections into fragments, which may hold fragments themselves.
    pub(super) fn scatter(&mut self, ty: &str, mut nodes: Vec<Node>) -> Vec<Node> {
        if !self.dice.chance(30) {
            return nodes;
        }
        let keep = self.dice.between(0, nodes.len());
        let moved = nodes.split_off(keep);
        let directive = self.directive();
        let is_entity = self.eyes.data.catalog.entity(ty).is_some();
        if self.dice.chance(40) {
            let name = self.name("F");
            self.ask.fragments.push(Fragment {
                name: name.clone(),
                on: ty.to_owned(),
                nodes: moved,
            });
            if self.dice.chance(20) {
                nodes.insert(
                    0,
                    Node::Spread {
                        name: name.clone(),
                        directive: self.directive(),
                    },
                );
            }
            nodes.push(Node::Spread { name, directive });
        } else {
            let on = self.dice.chance(60).then(|| ty.to_owned());
            nodes.push(Node::Inline {
                on,
                directive,
                nodes: moved,
            });
        }
        if is_entity && self.dice.chance(15) {
            let node = Node::Inline {
                on: Some("Node".to_owned()),
                directive: None,
                nodes: vec![leaf("nodeId")],
            };
            nodes.insert(0, node);
        }
        nodes
    }

    pub(super) fn directive(&mut self) -> Option<Directive> {
        if !self.dice.chance(8) {
            return None;
        }
        let include = self.dice.chance(50);
        let condition = Arg::Boolean(self.dice.chance(50) == include);
        let condition = self.maybe_passed("Boolean!", condition);
        Some(Directive { include, condition })
    }

    /// The value, or a variable that has it.
    pub(super) fn maybe_passed(&mut self, ty: &str, value: Arg) -> Arg {
        if self.dice.chance(25) {
            self.passed(ty, value)
        } else {
            value
        }
    }

    pub(crate) fn passed(&mut self, ty: &str, value: Arg) -> Arg {
        let name = self.name("v");
        let required = ty.ends_with('!');
        let scalar = !matches!(value, Arg::Object(_) | Arg::List(_));
        let (ty, default, given) = match self.dice.between(0, 9) {
            // by its default
            0 if scalar => (ty.trim_end_matches('!'), Some(value), None),
            // over a default
            1 if scalar => (ty, Some(value.clone()), Some(value)),
            // not at all
            2 if !required => (ty, None, None),
            3 if !required => (ty, None, Some(Arg::Null)),
            _ => (ty, None, Some(value)),
        };
        let ty = ty.to_owned();
        self.ask.variables.push(Variable {
            name: name.clone(),
            ty,
            default,
            given,
        });
        Arg::Variable(name)
    }

    pub(crate) fn name(&mut self, prefix: &str) -> String {
        self.names += 1;
        format!("{prefix}{}", self.names)
    }
}
