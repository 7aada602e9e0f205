//! The number by which persons of one audience are kept apart.

use rand::{Rng, RngExt};

/// Keys below `2^NARROW_BITS` are permuted, and what is unique stays so.
///
/// As many as fit a Ukrainian taxpayer number, which has the least room: a day of the ten years around the birth (3,652), and half of the
/// 5,000 serials that are used.
pub(crate) const NARROW_BITS: u32 = 23;
/// Keys below `2^WIDE_BITS` are permuted too, for what has room for them.
pub(crate) const WIDE_BITS: u32 = 63;

/// The days of a decade that births are spread over; a decade has one more at most.
pub(super) const DAYS: u64 = 3652;

/// What keeps one person apart from all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Serial {
    /// Nothing but chance.
    Drawn,
    /// A number below `2^NARROW_BITS` that no other person has.
    Narrow(u32),
    /// A number that no other person with a serial of this sort has, too great for what has little room.
    Wide(u64),
    /// 64 bits of a keyed function, for keys that are no numbers: two persons share them by chance only.
    Hashed(u64),
}

impl Serial {
    /// The day of the decade on which the person was born, and what is left to keep those apart who were born on that day.
    pub(super) fn day(self, rng: &mut impl Rng) -> u64 {
        self.own_day().unwrap_or_else(|| rng.random_range(0..DAYS))
    }

    /// That day, if chance has no say in it.
    pub(super) fn own_day(self) -> Option<u64> {
        match self {
            Self::Narrow(serial) => Some(u64::from(serial) % DAYS),
            Self::Drawn | Self::Wide(_) | Self::Hashed(_) => None,
        }
    }

    /// A number below `room`, another one for each narrow serial.
    pub(super) fn spread(self, room: u64, rng: &mut impl Rng) -> u64 {
        let serial = match self {
            Self::Narrow(serial) => Some(u64::from(serial)),
            Self::Drawn | Self::Wide(_) | Self::Hashed(_) => None,
        };
        among(serial, 1 << NARROW_BITS, room, rng)
    }

    /// A number below `room`, another one for each narrow serial of those born on one day of a decade.
    pub(super) fn spread_in_day(self, room: u64, rng: &mut impl Rng) -> u64 {
        let serial = match self {
            Self::Narrow(serial) => Some(u64::from(serial) / DAYS),
            Self::Drawn | Self::Wide(_) | Self::Hashed(_) => None,
        };
        among(serial, SERIALS_OF_A_DAY, room, rng)
    }
}

/// How many narrow serials share a day of a decade at most.
pub(super) const SERIALS_OF_A_DAY: u64 = (1 << NARROW_BITS) / DAYS + 1;

/// Each of `count` serials has a share of its own of what is below `room`, and chance picks in it.
fn among(serial: Option<u64>, count: u64, room: u64, rng: &mut impl Rng) -> u64 {
    let share = room / count;
    match serial {
        Some(serial) if share > 0 => serial * share + rng.random_range(0..share),
        _ => rng.random_range(0..room.max(1)),
    }
}
