//! What a principal may see, cell by cell, as casbin's own enforcer says. Nothing is compiled, settled or folded.
//!
//! Casbin takes a millisecond or two for an answer. It depends on nothing but the roles, the coordinate, the action and how the
//! conditions read on the row, so that it is asked once for each of these.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use sudare_entities::catalog::Relation;
use sudare_policies::decision::{Action, Tier};
use sudare_policies::value::Value;
use sudare_policies::{PolicySet, Principal, Truths};

use super::data::Data;

/// What casbin has said of a policy set.
#[derive(Default)]
pub(crate) struct Said {
    known: Mutex<HashMap<(String, String, Action, Truths), bool>>,
}

/// Which row is asked about.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Where {
    Row(usize),
    /// Some row that there might be.
    Somewhere,
    /// All rows that there might be.
    Everywhere,
}

/// What is asked: the entity or a field of it, an action, a row.
type Question = (usize, Option<usize>, Action, Where);

/// One principal before the data.
pub(crate) struct Eyes<'a> {
    pub(crate) data: &'a Data,
    pub(crate) set: &'a Arc<PolicySet>,
    pub(crate) principal: Principal,
    pub(crate) audience: String,
    pub(crate) now: DateTime<Utc>,
    said: &'a Said,
    roles: String,
    answers: RefCell<HashMap<Question, bool>>,
    truths: RefCell<HashMap<(usize, Action, Where), Truths>>,
    by_truths: RefCell<HashMap<(usize, Action, Truths), ByField>>,
}

/// What is allowed, by field.
type ByField = Rc<[bool]>;

impl<'a> Eyes<'a> {
    /// `None` if the roles do not go together.
    pub(crate) fn open(
        data: &'a Data,
        (set, said): (&'a Arc<PolicySet>, &'a Said),
        asks: &Principal,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        let mut principal = asks.clone();
        let known: BTreeSet<&str> = set.roles().collect();
        principal.roles.retain(|role| known.contains(role.as_str()));
        let audience = set.audience(&principal.roles).ok()?;
        let roles: Vec<&str> = principal.roles.iter().map(String::as_str).collect();
        let roles = roles.join(" ");
        Some(Self {
            data,
            set,
            principal,
            audience,
            now,
            said,
            roles,
            answers: RefCell::default(),
            truths: RefCell::default(),
            by_truths: RefCell::default(),
        })
    }

    /// The same principal before other data.
    pub(super) fn on<'b>(&self, data: &'b Data) -> Eyes<'b>
    where
        'a: 'b,
    {
        let told = (self.set, self.said);
        Eyes::open(data, told, &self.principal, self.now).expect("the roles go together")
    }

    /// Whether there is such an entity at all.
    pub(crate) fn exists(&self, entity: usize) -> bool {
        self.may_be(entity, None, Action::Row) || self.may_be(entity, None, Action::Create)
    }

    /// The entity of this type name, if there is one for the principal.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        let entity = self.data.catalog.entity(name)?;
        self.exists(entity).then_some(entity)
    }

    /// Whether there may be a row on which the action is allowed.
    pub(crate) fn may_be(&self, entity: usize, field: Option<usize>, action: Action) -> bool {
        self.ask((entity, field, action, Where::Somewhere))
    }

    /// Whether clauses of a query may name the field.
    pub(crate) fn usable(&self, entity: usize, field: usize) -> bool {
        self.may_be(entity, Some(field), Action::Full)
    }

    /// Whether rows may be named by what is shown of the field, a key: as it is, or as a mask from which there is a way back.
    pub(crate) fn names_rows(&self, entity: usize, field: usize) -> bool {
        let is_key = self.data.entity(entity).key == field
            || self.data.field(entity, field).references.is_some();
        is_key
            && TIERS.iter().any(|(action, tier)| {
                let field_of = (entity, field);
                let higher = TIERS.iter().filter(|(_, other)| other > tier);
                let masker = self.set.masker(&self.audience, field_of, *tier);
                let leads_back =
                    *tier == Tier::Full || masker.is_some_and(|masker| masker.has_way_back());
                leads_back
                    && self.may_be(entity, Some(field), *action)
                    && !higher.into_iter().any(|(action, _)| {
                        self.ask((entity, Some(field), *action, Where::Everywhere))
                    })
            })
    }

    /// What is shown of the field of rows in general: its tier, or `MIXED`.
    pub(crate) fn overall(&self, entity: usize, field: usize) -> &'static str {
        for (action, tier) in TIERS {
            if self.ask((entity, Some(field), action, Where::Everywhere)) {
                return tier.name();
            }
            if self.may_be(entity, Some(field), action) {
                return "MIXED";
            }
        }
        Tier::None.name()
    }

    /// Whether the principal may see the row.
    pub(crate) fn visible(&self, entity: usize, row: usize) -> bool {
        self.ask((entity, None, Action::Row, Where::Row(row)))
    }

    /// All rows that the principal may see.
    pub(crate) fn rows(&self, entity: usize) -> Vec<usize> {
        let all = 0..self.data.count(entity);
        all.filter(|row| self.visible(entity, *row)).collect()
    }

    /// What is shown of a cell.
    pub(crate) fn tier(&self, entity: usize, row: usize, field: usize) -> Tier {
        let allowed = |action| self.ask((entity, Some(field), action, Where::Row(row)));
        let highest = TIERS.into_iter().find(|(action, _)| allowed(*action));
        highest.map_or(Tier::None, |(_, tier)| tier)
    }

    /// Whether the action is allowed on the row.
    pub(super) fn may(
        &self,
        entity: usize,
        field: Option<usize>,
        (action, row): (Action, usize),
    ) -> bool {
        self.ask((entity, field, action, Where::Row(row)))
    }

    /// The tier that is shown first of all where it is, if any is: the highest that there may be.
    pub(super) fn highest(&self, entity: usize, field: usize) -> Tier {
        let mut tiers = TIERS.into_iter();
        let highest = tiers.find(|(action, _)| self.may_be(entity, Some(field), *action));
        highest.map_or(Tier::None, |(_, tier)| tier)
    }

    /// Whether the action is allowed on each field of a row.
    pub(crate) fn allowed(&self, entity: usize, row: usize, action: Action) -> Rc<[bool]> {
        let truths = self.read(entity, action, Where::Row(row));
        let key = (entity, action, truths);
        if let Some(known) = self.by_truths.borrow().get(&key) {
            return Rc::clone(known);
        }
        let fields = 0..self.data.entity(entity).fields.len();
        let all: Rc<[bool]> = fields
            .map(|field| self.ask((entity, Some(field), action, Where::Row(row))))
            .collect();
        self.by_truths.borrow_mut().insert(key, Rc::clone(&all));
        all
    }

    /// Whether the row may be deleted.
    pub(crate) fn may_delete(&self, entity: usize, row: usize) -> bool {
        self.ask((entity, None, Action::Delete, Where::Row(row)))
    }

    /// Whether a row may be summed and averaged over by a grant.
    pub(crate) fn is_granted(&self, entity: usize, row: usize, field: usize) -> bool {
        self.ask((entity, Some(field), Action::Aggregate, Where::Row(row)))
    }

    /// Whether there may be such a row, and somebody whose it is.
    pub(crate) fn is_offered_granted(&self, entity: usize, field: usize) -> bool {
        let somebodys = self.set.subject(&self.audience, entity).is_some();
        somebodys && self.is_granted_somewhere(entity, field)
    }

    /// Whether there may be such a row.
    pub(crate) fn is_granted_somewhere(&self, entity: usize, field: usize) -> bool {
        self.may_be(entity, Some(field), Action::Aggregate)
    }

    /// The cell as filters and orders see it: null where it is not shown in full.
    pub(crate) fn clear(&self, entity: usize, row: usize, field: usize) -> Value {
        match self.tier(entity, row, field) {
            Tier::Full => self.data.value(entity, row, field).clone(),
            _ => Value::Null,
        }
    }

    /// The visible rows that a relation leads to. A key that is not shown at all leads nowhere, from either end.
    pub(crate) fn related(&self, entity: usize, row: usize, relation: &Relation) -> Vec<usize> {
        let Value::Int(key) = *self.data.value(entity, row, relation.from) else {
            return Vec::new();
        };
        if self.tier(entity, row, relation.from) == Tier::None {
            return Vec::new();
        }
        let there = self.data.linked(relation, key).iter().copied();
        there
            .filter(|other| {
                self.visible(relation.target, *other)
                    && self.tier(relation.target, *other, relation.to) != Tier::None
            })
            .collect()
    }

    fn ask(&self, question: Question) -> bool {
        if let Some(known) = self.answers.borrow().get(&question) {
            return *known;
        }
        let (entity, field, action, place) = question;
        let name = &self.data.entity(entity).name;
        let coordinate = match field {
            Some(field) => format!("{name}.{}", self.data.field(entity, field).name),
            None => name.clone(),
        };
        let truths = self.read(entity, action, place);
        let key = (self.roles.clone(), coordinate, action, truths);
        let said = self.said.known.lock().unwrap().get(&key).copied();
        let allowed = said.unwrap_or_else(|| {
            let oracle = self.set.oracle(&self.principal, self.now);
            let allowed = oracle.decide(&key.1, action, &key.3).unwrap();
            self.said.known.lock().unwrap().insert(key, allowed);
            allowed
        });
        self.answers.borrow_mut().insert(question, allowed);
        allowed
    }

    fn read(&self, entity: usize, action: Action, place: Where) -> Truths {
        let key = (entity, action, place);
        if let Some(known) = self.truths.borrow().get(&key) {
            return known.clone();
        }
        let oracle = self.set.oracle(&self.principal, self.now);
        let name = &self.data.entity(entity).name;
        let truths = match place {
            Where::Row(row) => oracle.truths(name, action, &self.data.row(entity, row)),
            Where::Somewhere => oracle.truths_at_best(name, action),
            Where::Everywhere => oracle.truths_at_worst(name, action),
        };
        self.truths.borrow_mut().insert(key, truths.clone());
        truths
    }
}

const TIERS: [(Action, Tier); 3] = [
    (Action::Full, Tier::Full),
    (Action::Partial, Tier::Partial),
    (Action::Desensitized, Tier::Desensitized),
];
