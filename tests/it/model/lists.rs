//! Random lists of a query: their arguments, and what is selected of a page.

use super::ask::{Field, Node};
use super::clauses::Clauses;
use super::generate::{Generator, leaf};

impl Generator<'_> {
    /// A list, which has this coordinate.
    pub(super) fn connection(
        &mut self,
        entity: usize,
        (name, list): (&str, &str),
        depth: usize,
    ) -> Field {
        let mut clauses = Clauses {
            eyes: self.eyes,
            seals: self.seals,
            dice: self.dice,
            wild: self.wild,
        };
        let args = clauses.page(entity, list);
        let types = self.argument_types(entity);
        let args = args.into_iter().map(|(name, value)| {
            let ty = types
                .iter()
                .find(|(own, _)| *own == name)
                .map_or("Int", |(_, ty)| ty);
            let value = self.maybe_passed(ty, value);
            (name, value)
        });
        let args = args.collect();
        let mut nodes = Vec::new();
        if self.dice.chance(60) {
            nodes.push(self.below("nodes", entity, depth));
        }
        if self.dice.chance(45) || nodes.is_empty() {
            let mut edge = vec![self.below("node", entity, depth)];
            if self.dice.chance(70) {
                edge.push(leaf("cursor"));
            }
            if self.dice.chance(10) {
                edge.push(leaf("__typename"));
            }
            nodes.push(Node::Field(Field {
                name: "edges".to_owned(),
                nodes: Some(edge),
                ..Field::default()
            }));
        }
        if self.dice.chance(50) {
            nodes.push(self.page_info());
        }
        if self.dice.chance(40) {
            nodes.push(leaf("totalCount"));
        }
        let ty = format!("{}Connection", self.eyes.data.entity(entity).name);
        let nodes = self.scatter(&ty, nodes);
        Field {
            name: name.to_owned(),
            args,
            nodes: Some(nodes),
            ..Field::default()
        }
    }

    fn page_info(&mut self) -> Node {
        let all = [
            "hasNextPage",
            "startCursor",
            "hasPreviousPage",
            "endCursor",
            "__typename",
        ];
        let below = all.into_iter().filter(|_| self.dice.chance(75));
        Node::Field(Field {
            name: "pageInfo".to_owned(),
            nodes: Some(below.map(leaf).collect()),
            ..Field::default()
        })
    }

    fn argument_types(&self, entity: usize) -> [(&'static str, String); 4] {
        let name = &self.eyes.data.entity(entity).name;
        [
            ("filter", format!("{name}Filter")),
            ("orderBy", format!("[{name}OrderBy!]")),
            ("after", "String".to_owned()),
            ("before", "String".to_owned()),
        ]
    }

    fn below(&mut self, name: &str, entity: usize, depth: usize) -> Node {
        let nodes = self.row(entity, depth + 1);
        Node::Field(Field {
            name: name.to_owned(),
            nodes: Some(nodes),
            ..Field::default()
        })
    }
}
