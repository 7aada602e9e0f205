//! Random queries over the whole catalog: mostly of what the principal may ask, now and then of what it may not.

use sudare_entities::catalog::{Cardinality, Entity, Kind};
use sudare_policies::value::Value;

use super::ask::{Arg, Ask, Field, Node};
use super::cell::seen_key;
use super::dice::Dice;
use super::eyes::Eyes;
use super::measures::{has, is_withheld};
use super::seals::Seals;

/// Relations in one another.
const DEPTH: usize = 3;

/// A query in the making.
pub(crate) struct Generator<'g> {
    pub(crate) eyes: &'g Eyes<'g>,
    pub(crate) seals: &'g Seals,
    pub(crate) dice: &'g mut Dice,
    /// Whether to ask for what will be refused, too.
    pub(crate) wild: bool,
    pub(crate) ask: Ask,
    pub(crate) names: usize,
}

/// A random query.
pub(crate) fn query<'g>(eyes: &'g Eyes<'g>, seals: &'g Seals, dice: &'g mut Dice) -> Ask {
    let mut generator = Generator {
        eyes,
        seals,
        wild: dice.chance(15),
        dice,
        ask: Ask::default(),
        names: 0,
    };
    let mut nodes = Vec::new();
    for _ in 0..generator.dice.pick(&[1, 1, 1, 2, 3]) {
        nodes.push(generator.root());
    }
    if generator.dice.chance(10) {
        nodes.push(leaf("__typename"));
    }
    generator.ask.nodes = generator.scatter("Query", nodes);
    generator.ask
}

/// A field without arguments and selections.
pub(crate) fn leaf(name: &str) -> Node {
    Node::Field(Field {
        name: name.to_owned(),
        ..Field::default()
    })
}

impl Generator<'_> {
    fn root(&mut self) -> Node {
        let nodes = self.seals.nodes();
        let amounts = self.amounts();
        if !amounts.is_empty() && self.dice.chance(30) {
            let entity = self.dice.pick(&amounts);
            let name = self.eyes.data.entity(entity).plural.clone();
            let mut field = self.aggregate(entity, &name);
            field.alias = Some(self.name("r"));
            return Node::Field(field);
        }
        let Some(entity) = self.entity() else {
            let nodes = vec![leaf("roles"), leaf("id")];
            return Node::Field(Field {
                name: "me".to_owned(),
                nodes: Some(nodes),
                ..Field::default()
            });
        };
        let key = self.eyes.data.entity(entity).key;
        let mut field = match self.dice.between(0, 99) {
            0..8 => self.me(entity),
            8..16 if !nodes.is_empty() => {
                let (id, entity) = self.dice.pick(&nodes);
                let id = if self.dice.chance(10) { "bm9uZQ" } else { id };
                let id = self.passed("ID!", Arg::Text(id.to_owned()));
                let on = self.eyes.data.entity(entity).name.clone();
                let rest = self.row(entity, 1);
                let inline = Node::Inline {
                    on: Some(on),
                    directive: None,
                    nodes: rest,
                };
                Field {
                    name: "node".to_owned(),
                    args: vec![("nodeId".to_owned(), id)],
                    nodes: Some(vec![leaf("__typename"), leaf("nodeId"), inline]),
                    ..Field::default()
                }
            }
            16..40 => {
                let name = self.eyes.data.entity(entity).plural.clone();
                self.aggregate(entity, &name)
            }
            40..52 if self.wild || self.eyes.names_rows(entity, key) => self.by_id(entity),
            _ => {
                let name = self.eyes.data.entity(entity).plural.clone();
                let list = format!("Query.{name}");
                self.connection(entity, (&name, &list), 0)
            }
        };
        field.alias = Some(self.name("r"));
        Node::Field(field)
    }

    fn me(&mut self, entity: usize) -> Field {
        let name = self.eyes.data.entity(entity).name.clone();
        let uses = [
            "field",
            "tier",
            "filter",
            "sort",
            "group",
            "aggregate",
            "create",
            "update",
        ];
        let capabilities = Node::Field(Field {
            name: "capabilities".to_owned(),
            args: vec![("entity".to_owned(), self.passed("String!", Arg::Text(name)))],
            nodes: Some(uses.map(leaf).to_vec()),
            ..Field::default()
        });
        Field {
            name: "me".to_owned(),
            nodes: Some(vec![
                leaf("roles"),
                leaf("id"),
                capabilities,
                leaf("__typename"),
            ]),
            ..Field::default()
        }
    }

    fn by_id(&mut self, entity: usize) -> Field {
        let known = self.eyes.data.entity(entity);
        let id = match self.dice.between(0, 9) {
            0 if self.wild => Arg::Text("none".to_owned()),
            1 => Arg::Text("99999".to_owned()),
            _ if self.eyes.data.count(entity) == 0 => Arg::Text("1".to_owned()),
            place => {
                let row = self.dice.between(0, self.eyes.data.count(entity) - 1);
                let field = self.eyes.data.entity(entity).key;
                let key = match seen_key(self.eyes, entity, row, field) {
                    Value::Int(shown) if self.dice.chance(80) => shown,
                    _ => self.eyes.data.key(entity, row),
                };
                let key = key.to_string();
                if place < 6 {
                    Arg::Number(key)
                } else {
                    Arg::Text(key)
                }
            }
        };
        Field {
            name: known.single.clone(),
            args: vec![("id".to_owned(), self.passed("ID!", id))],
            nodes: Some(self.row(entity, 1)),
            ..Field::default()
        }
    }

    /// Entities with something that may be added up, though it may not be seen.
    fn amounts(&self) -> Vec<usize> {
        let eyes = self.eyes;
        let entities = 0..eyes.data.catalog.entities.len();
        let has_amount = |entity: &usize| {
            let mut fields = 0..eyes.data.entity(*entity).fields.len();
            eyes.exists(*entity)
                && fields.any(|field| {
                    has("sum", eyes, *entity, field) && is_withheld(eyes, *entity, field, "sum")
                })
        };
        entities.filter(has_amount).collect()
    }

    /// One that the principal has; any, when wild.
    fn entity(&mut self) -> Option<usize> {
        let all: Vec<usize> = (0..self.eyes.data.catalog.entities.len()).collect();
        let there = all.iter().copied();
        let there: Vec<usize> = there.filter(|entity| self.eyes.exists(*entity)).collect();
        // what everything hangs on comes up more often
        let customer = self.eyes.data.catalog.entity("Customer").unwrap();
        if there.contains(&customer) && self.dice.chance(25) {
            return Some(customer);
        }
        if self.wild && self.dice.chance(10) {
            return Some(self.dice.pick(&all));
        }
        (!there.is_empty()).then(|| self.dice.pick(&there))
    }

    /// Selections of a row.
    pub(crate) fn row(&mut self, entity: usize, depth: usize) -> Vec<Node> {
        let known = self.eyes.data.entity(entity);
        let mut nodes = self.cells(known);
        let relations = known
            .relations
            .iter()
            .filter(|relation| self.eyes.exists(relation.target));
        let relations: Vec<_> = relations.collect();
        if depth <= DEPTH && !relations.is_empty() {
            for _ in 0..self.dice.pick(&[0, 0, 1, 1, 2]) {
                let relation = self.dice.pick(&relations);
                let mut field = match relation.cardinality {
                    Cardinality::ToOne => Field {
                        name: relation.name.clone(),
                        nodes: Some(self.row(relation.target, depth + 1)),
                        ..Field::default()
                    },
                    Cardinality::ToMany if self.dice.chance(25) => {
                        self.aggregate(relation.target, &relation.name)
                    }
                    Cardinality::ToMany => {
                        let list = format!("{}.{}", known.name, relation.name);
                        self.connection(relation.target, (&relation.name, &list), depth)
                    }
                };
                field.alias = Some(self.name("r"));
                if field.name == relation.name && self.dice.chance(15) {
                    // the same response key again, with other fields below it
                    let mut again = field.clone();
                    if relation.cardinality == Cardinality::ToOne {
                        again.nodes = Some(self.cells(self.eyes.data.entity(relation.target)));
                    } else {
                        let more = self.cells(self.eyes.data.entity(relation.target));
                        let more = Field {
                            name: "nodes".to_owned(),
                            nodes: Some(more),
                            ..Field::default()
                        };
                        again.nodes = Some(vec![Node::Field(more)]);
                    }
                    nodes.push(Node::Field(again));
                }
                field.directive = self.directive();
                nodes.push(Node::Field(field));
            }
        }
        self.scatter(&known.name, nodes)
    }

    /// Selections of a row that take no arguments; equal keys stand for equal fields wherever they come up.
    fn cells(&mut self, entity: &Entity) -> Vec<Node> {
        let mut nodes = Vec::new();
        for _ in 0..self.dice.between(1, 5) {
            let field = self.dice.pick(&entity.fields);
            let alias = self.dice.chance(10).then(|| format!("as{}", field.name));
            nodes.push(Node::Field(Field {
                alias,
                name: field.name,
                directive: self.directive(),
                ..Field::default()
            }));
        }
        if self.dice.chance(25) {
            nodes.push(leaf("nodeId"));
        }
        if self.dice.chance(12) {
            nodes.push(leaf("__typename"));
        }
        if self.dice.chance(15) {
            let below = Some(vec![leaf("tier"), leaf("field"), leaf("__typename")]);
            nodes.push(Node::Field(Field {
                name: "disclosure".to_owned(),
                nodes: below,
                ..Field::default()
            }));
        }
        nodes
    }
}

/// Whether orders may name a field of this kind.
pub(super) fn is_sortable(kind: &Kind) -> bool {
    *kind != Kind::Json
}
