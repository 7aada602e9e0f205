//! One thing that changes, and how it is told.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::decision::{Action, Tier};
use crate::shape::Shape;

/// One thing that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// For somebody with one of these roles, whichever. None: for everybody.
    pub roles: Vec<String>,
    /// Only for somebody who also has one role of each of these lists.
    pub with: Vec<Vec<String>>,
    /// Entities and fields. None where it is about no data in particular.
    pub coordinates: Vec<String>,
    /// What of them.
    pub what: What,
    /// Whether more is granted or less.
    pub direction: Direction,
    /// As it was.
    pub old: Shown,
    /// As it is to be.
    pub new: Shown,
}

/// What changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// The smallest group that an aggregate may show.
    K,
    /// A role comes or goes.
    Role,
    /// With whom a role shares keyed masks.
    Audience,
    /// The key of these masks.
    Key,
    /// Whose data a row is, and what false identities fit.
    Subject,
    /// How much of a field is shown.
    Tier,
    /// How a field looks at this tier.
    Mask(Tier),
    /// To what granted sums and means of a field are rounded.
    Rounding,
    /// What a value of a field must be like that is written.
    Check,
    /// What else a rule can grant.
    Action(Action),
}

/// Whether more is granted or less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// More, and nowhere less.
    Widens,
    /// More in one place and less in another, or nobody can tell.
    Changed,
    /// Less, and nowhere more.
    Narrows,
}

/// What one of the two sets says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shown {
    /// Nothing.
    Nothing,
    /// This.
    Text(String),
    /// Something is granted where this holds.
    Where(String),
    /// How much of a field is shown: the first tier whose condition holds, NONE if none does.
    Tiers(Vec<Step>),
    /// May be written so, and it decides what the same roles see.
    Steering(Box<Shown>),
}

/// A tier, and where it is shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Step {
    /// What is shown.
    pub tier: Tier,
    /// Where, in the words of `policy.csv`.
    pub when: String,
}

impl Change {
    /// Whether it is about what somebody gets to see, and not only about what they may write.
    #[must_use]
    pub fn discloses(&self) -> bool {
        match self.what {
            // what a role gets is told by itself
            What::Role | What::Action(Action::Delete) => false,
            What::Check | What::Action(Action::Create | Action::Update) => {
                matches!(self.new, Shown::Steering(_))
            }
            What::K
            | What::Audience
            | What::Key
            | What::Subject
            | What::Tier
            | What::Mask(_)
            | What::Rounding
            | What::Action(_) => true,
        }
    }

    /// Whether something is disclosed that was not, or may be.
    #[must_use]
    pub fn widens(&self) -> bool {
        self.discloses() && self.direction != Direction::Narrows
    }

    /// The coordinates in few words: `Customer.{email, phone}`, `Order.*`.
    #[must_use]
    pub fn places(&self, shape: &Shape) -> String {
        let mut places = Vec::new();
        for entity in &shape.entities {
            if self.coordinates.contains(&entity.name) {
                places.push(entity.name.clone());
            }
            let named = |field: &&str| {
                let coordinate = format!("{}.{field}", entity.name);
                self.coordinates.contains(&coordinate)
            };
            let fields = entity.fields.iter().map(|field| field.name.as_str());
            let fields: Vec<&str> = fields.filter(named).collect();
            match fields.as_slice() {
                [] => {}
                [field] => places.push(format!("{}.{field}", entity.name)),
                all if all.len() == entity.fields.len() => {
                    places.push(format!("{}.*", entity.name));
                }
                some => places.push(format!("{}.{{{}}}", entity.name, some.join(", "))),
            }
        }
        places.join(", ")
    }
}

impl What {
    /// Its name on the terminal and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::K => "k",
            Self::Role => "role",
            Self::Audience => "audience",
            Self::Key => "key",
            Self::Subject => "subject",
            Self::Tier => "tier",
            Self::Mask(_) => "mask",
            Self::Rounding => "rounding",
            Self::Check => "check",
            Self::Action(action) => action.name(),
        }
    }
}

impl Direction {
    /// Its name on the terminal and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Widens => "widens",
            Self::Changed => "changed",
            Self::Narrows => "narrows",
        }
    }

    /// Whether more may be granted, and whether less may be; none if neither.
    pub(super) fn of(more: bool, less: bool) -> Option<Self> {
        match (more, less) {
            (true, false) => Some(Self::Widens),
            (true, true) => Some(Self::Changed),
            (false, true) => Some(Self::Narrows),
            (false, false) => None,
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = |when: &str| match when {
            "true" => String::new(),
            when => format!(" where {when}"),
        };
        match self {
            Self::Nothing => f.write_str("-"),
            Self::Text(text) => f.write_str(text),
            Self::Where(when) if when == "true" => f.write_str("always"),
            Self::Where(when) => f.write_str(place(when).trim_start()),
            Self::Tiers(steps) if steps.is_empty() => f.write_str(Tier::None.name()),
            Self::Tiers(steps) => {
                let steps = steps.iter();
                let steps = steps.map(|step| format!("{}{}", step.tier.name(), place(&step.when)));
                f.write_str(&steps.collect::<Vec<_>>().join(", else "))
            }
            Self::Steering(shown) => write!(f, "{shown}; what they may see depends on this"),
        }
    }
}

impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => serializer.serialize_none(),
            Self::Text(text) | Self::Where(text) => serializer.serialize_str(text),
            Self::Tiers(steps) => steps.serialize(serializer),
            Self::Steering(shown) => shown.serialize(serializer),
        }
    }
}
