//! What a planner fixes by hand before solving again: so many of a unit at a building, or never there.

mod decide;

pub(crate) use decide::{check, decide};

use crate::{
    conflict::{self, Conflict, ConflictKind, Describe, Noun, Side},
    content::Piece,
    register::{Head, Reading, Register},
    stamp::{EventRef, Mark, Stamped},
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, BuildingId, UnitId, force::StaffKind};
use std::collections::BTreeMap;

/// One unit and one building.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct LockKey {
    #[n(0)]
    pub unit: UnitId,
    #[n(1)]
    pub building: BuildingId,
}

impl std::fmt::Display for LockKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.unit, self.building)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// `strength` is how many of this kind the unit has, as the forces on record say.
    Pin {
        area: AreaId,
        key: LockKey,
        kind: StaffKind,
        count: u32,
        strength: u32,
        reason: String,
    },
    Exclude {
        area: AreaId,
        key: LockKey,
        reason: String,
    },
    Release {
        area: AreaId,
        key: LockKey,
        reason: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(800)]
    Pinned {
        #[n(0)]
        key: LockKey,
        #[n(1)]
        kind: StaffKind,
        #[n(2)]
        count: u32,
        #[n(3)]
        strength: u32,
        #[n(4)]
        reason: String,
    },
    #[n(801)]
    Excluded {
        #[n(0)]
        key: LockKey,
        #[n(1)]
        reason: String,
    },
    #[n(802)]
    Released {
        #[n(0)]
        key: LockKey,
        #[n(1)]
        reason: String,
    },
}

impl Event {
    pub(crate) fn key(&self) -> &LockKey {
        match self {
            Self::Pinned { key, .. } | Self::Excluded { key, .. } | Self::Released { key, .. } => {
                key
            }
        }
    }

    fn reason(&self) -> &str {
        match self {
            Self::Pinned { reason, .. }
            | Self::Excluded { reason, .. }
            | Self::Released { reason, .. } => reason,
        }
    }

    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        see(Piece::unit(&self.key().unit));
        see(Piece::building(&self.key().building));
        see(Piece::Required(self.reason()));
    }
}

/// What is fixed between a unit and a building.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Lock {
    #[n(0)]
    Pinned {
        #[n(0)]
        kind: StaffKind,
        #[n(1)]
        count: u32,
        #[n(2)]
        strength: u32,
    },
    #[n(1)]
    Excluded,
    #[n(2)]
    Released,
}

impl Describe for Lock {
    fn word(&self) -> &'static str {
        match self {
            Self::Pinned { .. } => "pinned",
            Self::Excluded => "excluded",
            Self::Released => "released",
        }
    }
    fn detail(&self) -> String {
        match self {
            Self::Pinned { kind, count, .. } => format!("{count} {}", kind.word()),
            Self::Excluded | Self::Released => String::new(),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Locks {
    #[n(0)]
    locks: BTreeMap<LockKey, Register<Lock>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Free,
    Pinned,
    Excluded,
    Disputed,
}

/// How many of one kind of a unit are pinned, and to how many pins that adds up.
#[derive(Clone, Debug, Default)]
struct Drawn<'a> {
    pinned: u64,
    strength: u32,
    pins: Vec<(EventRef, &'a LockKey, &'a Head<Lock>, u32)>,
}

impl Locks {
    #[must_use]
    pub fn phase(&self, key: &LockKey) -> Phase {
        match self.locks.get(key).map(Register::reading) {
            None | Some(Reading::Empty | Reading::Agreed(Lock::Released)) => Phase::Free,
            Some(Reading::Agreed(Lock::Pinned { .. })) => Phase::Pinned,
            Some(Reading::Agreed(Lock::Excluded)) => Phase::Excluded,
            Some(Reading::Disputed) => Phase::Disputed,
        }
    }

    /// Every lock that holds and is undisputed, in the order of unit and building.
    pub fn in_force(&self) -> impl Iterator<Item = (&LockKey, &Lock, &Mark)> {
        self.locks.iter().filter_map(|(key, register)| {
            let lock = register.agreed().filter(|lock| **lock != Lock::Released)?;
            let mark = register.heads().map(|(_, head)| &head.mark).next()?;
            Some((key, lock, mark))
        })
    }

    pub(crate) fn refs(&self, key: &LockKey) -> Vec<EventRef> {
        self.locks.get(key).map(Register::refs).unwrap_or_default()
    }

    pub(crate) fn agreed(&self, key: &LockKey) -> Option<&Lock> {
        self.locks.get(key)?.agreed()
    }

    /// People of one kind of a unit pinned at other buildings than this one; a disputed pin counts in full.
    pub(crate) fn pinned_elsewhere(&self, key: &LockKey, kind: StaffKind) -> u64 {
        self.of_unit(&key.unit)
            .filter(|(other, _)| *other != key)
            .filter_map(|(_, register)| most_pinned(register, kind))
            .map(|(_, _, count)| u64::from(count))
            .sum()
    }

    fn of_unit<'a>(
        &'a self,
        unit: &'a UnitId,
    ) -> impl Iterator<Item = (&'a LockKey, &'a Register<Lock>)> {
        self.locks.iter().filter(move |(key, _)| key.unit == *unit)
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        let value = match event {
            Event::Pinned { kind, count, strength, .. } => {
                Lock::Pinned { kind: *kind, count: *count, strength: *strength }
            }
            Event::Excluded { .. } => Lock::Excluded,
            Event::Released { .. } => Lock::Released,
        };
        let head = Head { mark: stamped.mark(), value, note: event.reason().to_owned() };
        let register = self.locks.entry(event.key().clone()).or_default();
        register.write(stamped.at, &stamped.supersedes, head);
    }

    pub(crate) fn conflicts(&self) -> Vec<Conflict> {
        self.locks
            .iter()
            .filter_map(|(key, register)| conflict::of_register(Noun::Lock, key, register))
            .chain(self.overdrafts())
            .collect()
    }

    /// Pins that were each possible alone and together take more people than the unit has. The strength is the
    /// greatest that any of the pins was made with.
    fn overdrafts(&self) -> impl Iterator<Item = Conflict> {
        let mut drawn: BTreeMap<(&UnitId, StaffKind), Drawn<'_>> = BTreeMap::new();
        for (key, register) in &self.locks {
            for kind in StaffKind::ALL {
                let Some((at, head, count)) = most_pinned(register, kind) else { continue };
                let Lock::Pinned { strength, .. } = head.value else { continue };
                let sum = drawn.entry((&key.unit, kind)).or_default();
                sum.pinned += u64::from(count);
                sum.strength = sum.strength.max(strength);
                sum.pins.push((at, key, head, count));
            }
        }
        drawn.into_iter().filter_map(|((unit, kind), sum)| {
            (sum.pinned > u64::from(sum.strength)).then(|| overdraft(unit, kind, sum))
        })
    }
}

fn overdraft(unit: &UnitId, kind: StaffKind, mut sum: Drawn<'_>) -> Conflict {
    sum.pins.sort_by_key(|(at, ..)| *at);
    let side = |(at, key, head, count): (EventRef, &LockKey, &Head<Lock>, u32)| Side {
        at,
        mark: head.mark.clone(),
        word: head.value.word(),
        detail: format!("{count} · {}", key.building),
        note: head.note.clone(),
    };
    Conflict {
        noun: Noun::Lock,
        kind: ConflictKind::BeyondStrength,
        subject: format!("{unit} {} {}/{}", kind.word(), sum.pinned, sum.strength),
        sides: sum.pins.into_iter().map(side).collect(),
    }
}

/// The largest pin of a kind among the heads.
fn most_pinned(register: &Register<Lock>, kind: StaffKind) -> Option<(EventRef, &Head<Lock>, u32)> {
    register
        .heads()
        .filter_map(|(at, head)| match &head.value {
            Lock::Pinned { kind: pinned, count, .. } if *pinned == kind => Some((at, head, *count)),
            Lock::Pinned { .. } | Lock::Excluded | Lock::Released => None,
        })
        .max_by_key(|(at, _, count)| (*count, *at))
}

#[cfg(test)]
mod tests;
