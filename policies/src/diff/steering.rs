//! What is written may decide what is seen: whoever may set the owner of a row sees what its owner sees.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use super::change::{Change, Direction, Shown, What};
use super::grants::{Asked, Comparing, THINGS, guards, simplest};
use super::standing::things;
use crate::condition::{Condition, Operand, RowPath};
use crate::decision::Action;
use crate::shape::Shape;

/// One field, as (entity, field).
type Field = (usize, usize);

type Fields = Rc<BTreeSet<Field>>;

/// Marks what more may be written where somebody with these roles may bring it about that they see more.
pub(super) fn marked(changes: Vec<Change>, comparing: &Comparing<'_>) -> Vec<Change> {
    let mut steering = Steering {
        comparing,
        read: HashMap::new(),
        by: HashMap::new(),
    };
    let mut marked = Vec::new();
    for change in changes {
        let (steered, plain) = steering.parted(change);
        marked.extend(steered.map(|mut change| {
            change.new = Shown::Steering(Box::new(change.new));
            change
        }));
        marked.extend(plain);
    }
    marked
}

struct Steering<'a, 'b> {
    comparing: &'a Comparing<'b>,
    /// What conditions read, by where roles stand, what is asked, and whether all conditions count.
    read: HashMap<(usize, What, bool), Fields>,
    /// The fields by which somebody with these roles decides what they see.
    by: HashMap<Vec<String>, Fields>,
}

impl Steering<'_, '_> {
    /// The change for the roles that see more by it, and for those that do not.
    fn parted(&mut self, change: Change) -> (Option<Change>, Option<Change>) {
        let names = change.coordinates.first();
        let field = names.and_then(|name| self.comparing.shape.find_field(name));
        let Some(field) = field.filter(|_| widens_writing(&change)) else {
            return (None, Some(change));
        };
        let with: BTreeSet<&String> = change.with.iter().flatten().collect();
        let (steered, plain): (Vec<String>, Vec<String>) =
            change.roles.iter().cloned().partition(|role| {
                let mut all = with.clone();
                all.insert(role);
                self.fields(all).contains(&field)
            });
        let of = |roles: Vec<String>| {
            let change = change.clone();
            (!roles.is_empty()).then_some(Change { roles, ..change })
        };
        (of(steered), of(plain))
    }

    /// The fields by which somebody with these roles decides what they see: those that its conditions read, and those by which
    /// they decide whether they may write one of these.
    fn fields(&mut self, roles: BTreeSet<&String>) -> Fields {
        let names: Vec<String> = roles.into_iter().cloned().collect();
        if let Some(known) = self.by.get(&names) {
            return Rc::clone(known);
        }
        let (mut fields, mut writing) = (BTreeSet::new(), Vec::new());
        let standings = self.comparing.standings;
        let roles = standings
            .roles
            .iter()
            .filter(|role| names.contains(&role.name));
        for role in roles {
            for thing in things(self.comparing.shape) {
                for asked in THINGS.iter().filter(|asked| asked.is_about(thing)) {
                    // what a role denies alone is nothing that it grants, and yet decides what another shows
                    let all = names.len() > 1;
                    let read = self.read(standings.of(role, thing).new, asked, all);
                    match (asked.what, thing.1) {
                        (What::Action(Action::Create | Action::Update), Some(field)) => {
                            writing.push(((thing.0, field), read));
                        }
                        (What::Action(Action::Create | Action::Update | Action::Delete), _) => {}
                        _ => fields.extend(read.iter().copied()),
                    }
                }
            }
        }
        let mut before = 0;
        while fields.len() > before {
            before = fields.len();
            for (field, read) in &writing {
                if fields.contains(field) {
                    fields.extend(read.iter().copied());
                }
            }
        }
        let fields = Rc::new(fields);
        self.by.insert(names, Rc::clone(&fields));
        fields
    }

    /// What conditions read that decide something for roles which stand so: those of each rule, or of what comes of them.
    fn read(&mut self, standing: usize, asked: &Asked, all: bool) -> Fields {
        let key = (standing, asked.what, all);
        if let Some(known) = self.read.get(&key) {
            return Rc::clone(known);
        }
        let Comparing {
            standings, shape, ..
        } = *self.comparing;
        let mut fields = BTreeSet::new();
        if all {
            let actions = asked.actions.iter();
            let conditions = actions.flat_map(|action| standings.conditions(standing, *action));
            conditions.for_each(|condition| add(&mut fields, condition, shape));
        } else {
            let granted = asked.actions.iter();
            let granted = granted.map(|action| standings.granted(&[standing], *action));
            let conditions = guards(&granted.collect::<Vec<_>>())
                .into_iter()
                .map(simplest);
            conditions.for_each(|condition| add(&mut fields, &condition, shape));
        }
        let fields = Rc::new(fields);
        self.read.insert(key, Rc::clone(&fields));
        fields
    }
}

fn widens_writing(change: &Change) -> bool {
    let writes = matches!(
        change.what,
        What::Check | What::Action(Action::Create | Action::Update)
    );
    writes && change.direction != Direction::Narrows
}

/// Adds the fields that a condition reads, with the references that it goes through.
fn add(fields: &mut BTreeSet<Field>, condition: &Condition, shape: &Shape) {
    match condition {
        Condition::Constant(_) => {}
        Condition::Compare { left, right, .. } => {
            of_operand(fields, left, shape);
            of_operand(fields, right, shape);
        }
        // a list is of values or a claim
        Condition::In { operand, .. } | Condition::IsNull(operand) => {
            of_operand(fields, operand, shape);
        }
        Condition::And(parts) | Condition::Or(parts) => {
            parts.iter().for_each(|part| add(fields, part, shape));
        }
        Condition::Not(inner) => add(fields, inner, shape),
    }
}

fn of_operand(fields: &mut BTreeSet<Field>, operand: &Operand, shape: &Shape) {
    match operand {
        Operand::Row(path) => of_path(fields, path, shape),
        Operand::User(_) | Operand::Now | Operand::Literal(_) => {}
    }
}

fn of_path(fields: &mut BTreeSet<Field>, path: &RowPath, shape: &Shape) {
    let mut at = path.entity;
    for hop in &path.hops {
        let relation = shape.entity(at).and_then(|entity| entity.to_one.get(*hop));
        let Some(relation) = relation else {
            return;
        };
        fields.insert((at, relation.from));
        at = relation.target;
        fields.insert((at, relation.to));
    }
    fields.insert((at, path.field));
}
