//! Equipment: cameras, verification devices, radios, trackers, generators, hubs. What there is and where, whether it
//! works, whether it is heard, what has to be mended by whom, and which pictures of a camera were kept as evidence.
//!
//! A device of the ledger signs entries; a piece of equipment signs nothing. It stands under the area of its entries. What
//! was done to it is a set of claims, each with its moment: the latest counts, and two of one moment that differ, made on
//! nodes apart, are in dispute until a later one. Heartbeats are no entries: the node that listens signs what changed
//! ([`Event::Observed`]). By schema there is no word for a person, a face or a finger: of verification there are counts.

pub mod alarm;
pub mod cover;
mod decide;
pub mod health;
mod record;
mod rights;

pub(crate) use decide::{check, decide};
pub use record::{
    Answer, AreaKit, Claim, Deed, Equipment, Export, ExportPhase, MaskPhase, MaskRecord, Phase,
    Record, Sight, TaskPhase, TaskRecord,
};

use crate::{
    content::Piece,
    stamp::{EventRef, Hash32},
    word::words,
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, EquipmentId, PersonId, StationId, UnixMs, role::Role};

/// Most pieces of equipment, changes, counts or frames in one entry.
pub const ITEMS_MAX: usize = 1_024;
/// Most corners of all polygons of one mask, and the fewest of one polygon.
pub const CORNERS_MAX: usize = 64;
pub const CORNERS_MIN: usize = 3;
/// A picture is a thousand wide and a thousand high, whatever the camera sends.
pub const PICTURE: u16 = 1_000;
/// The longest span that one observation covers: what a node says of a longer time it says in pieces.
pub const SPAN_MS_MAX: i64 = 3_600_000;

words! {
    /// What it is.
    Kind {
        Camera = 0 "camera",
        /// Compares a thumb with a register at the desk of a booth. Only how often is known here.
        Verification = 1 "verification",
        Radio = 2 "radio",
        Tracker = 3 "tracker",
        Generator = 4 "generator",
        /// A recorder or switch on whose line other equipment hangs.
        Hub = 5 "hub",
    }
}

words! {
    /// What a camera looks at. There is no word for the screened compartment.
    View { Gate = 0 "gate", Queue = 1 "queue", CountTable = 2 "count-table" }
}

words! {
    /// What was seen of a piece of equipment from afar.
    Health {
        Live = 0 "live",
        /// Nothing was heard for too long.
        Silent = 1 "silent",
        /// The password is not taken any more.
        Refused = 2 "refused",
        /// One picture again and again.
        Frozen = 3 "frozen",
        /// Something lies over the lens.
        Covered = 4 "covered",
        /// It looks elsewhere than at its installation.
        Moved = 5 "moved",
        /// Too dark to see anything.
        Black = 6 "black",
        /// Pictures come, and say another time than it is.
        ClockWrong = 7 "clock-wrong",
    }
}

words! {
    /// What has to be done.
    Work {
        Install = 0 "install",
        Test = 1 "test",
        Repair = 2 "repair",
        Replace = 3 "replace",
        Charge = 4 "charge",
        Refuel = 5 "refuel",
        /// A radio was lost: its net gets another key.
        Rekey = 6 "rekey",
        Aim = 7 "aim",
    }
}

impl Health {
    /// Whether it serves: a wrong clock alone makes no camera blind.
    #[must_use]
    pub fn is_up(self) -> bool {
        matches!(self, Self::Live | Self::ClockWrong)
    }
}

/// Where something is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Place {
    #[n(0)]
    Station(#[n(0)] StationId),
    #[n(1)]
    Office(#[n(0)] String),
    #[n(2)]
    Vehicle(#[n(0)] String),
    /// A store or a depot.
    #[n(3)]
    Store(#[n(0)] String),
}

impl Place {
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Station(id) => id.as_str(),
            Self::Office(name) | Self::Vehicle(name) | Self::Store(name) => name,
        }
    }

    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Station(_) => "station",
            Self::Office(_) => "office",
            Self::Vehicle(_) => "vehicle",
            Self::Store(_) => "store",
        }
    }

    fn piece(&self) -> Piece<'_> {
        match self {
            Self::Station(id) => Piece::station(id),
            Self::Office(name) | Self::Vehicle(name) | Self::Store(name) => Piece::Name(name),
        }
    }
}

/// One line of the inventory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Listing {
    #[n(0)]
    pub equipment: EquipmentId,
    #[n(1)]
    pub kind: Kind,
    /// Where it is kept, or already stands.
    #[n(2)]
    pub place: Place,
    /// As its plate says.
    #[n(3)]
    pub serial: String,
    /// The force or office that it belongs to.
    #[n(4)]
    pub owner: String,
    /// The line of the power company that feeds it; empty while nobody knows.
    #[n(5)]
    pub feeder: String,
    /// The hub or line over which it is heard; empty when it is heard directly.
    #[n(6)]
    pub line: String,
}

/// That something stands where it is to serve.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Installation {
    #[n(0)]
    pub equipment: EquipmentId,
    #[n(1)]
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Test {
    #[n(0)]
    pub equipment: EquipmentId,
    #[n(1)]
    pub passed: bool,
    #[n(2)]
    pub note: String,
}

/// That what is seen of a piece of equipment is another than before.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Change {
    #[n(0)]
    pub equipment: EquipmentId,
    /// Since when: of silence the moment when it was heard last.
    #[n(1)]
    pub at: UnixMs,
    #[n(2)]
    pub health: Health,
}

/// How often a verification device worked since the poll opened. Counts of attempts, never of persons.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Count {
    #[n(0)]
    pub equipment: EquipmentId,
    #[n(1)]
    pub at: UnixMs,
    #[n(2)]
    pub tally: Tally,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Tally {
    #[n(0)]
    pub attempts: u32,
    #[n(1)]
    pub verified: u32,
    #[n(2)]
    pub failed: u32,
    /// Went on by the paper way that the law knows.
    #[n(3)]
    pub fallback: u32,
    #[n(4)]
    pub down_minutes: u32,
}

/// A point of the picture, from its upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Corner {
    #[n(0)]
    pub x: u16,
    #[n(1)]
    pub y: u16,
}

/// What is painted over before anything is kept or shown: the screened compartment, and whatever else is nobody's business.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Mask {
    #[n(0)]
    pub equipment: EquipmentId,
    #[n(1)]
    pub view: View,
    #[n(2)]
    pub polygons: Vec<Vec<Corner>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Task {
    #[n(0)]
    pub equipment: Vec<EquipmentId>,
    #[n(1)]
    pub work: Work,
    /// The role that answers for it.
    #[n(2)]
    pub owner: Role,
    #[n(3)]
    pub due: UnixMs,
    /// The alarm that it answers; empty when none.
    #[n(4)]
    pub alarm: String,
    #[n(5)]
    pub note: String,
}

/// A masked picture that was kept, by the hash of its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Frame {
    #[n(0)]
    pub at: UnixMs,
    #[n(1)]
    pub sha256: Hash32,
    /// What it shows.
    #[n(2)]
    pub health: Health,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    List { area: AreaId, at: UnixMs, items: Vec<Listing> },
    Install { area: AreaId, at: UnixMs, items: Vec<Installation> },
    Test { area: AreaId, at: UnixMs, items: Vec<Test> },
    Fault { area: AreaId, at: UnixMs, equipment: EquipmentId, note: String },
    Repair { area: AreaId, at: UnixMs, equipment: EquipmentId, note: String },
    Withdraw { area: AreaId, at: UnixMs, items: Vec<EquipmentId>, reason: String },
    Observe { area: AreaId, from: UnixMs, until: UnixMs, watched: u32, changes: Vec<Change> },
    Count { area: AreaId, items: Vec<Count> },
    DrawMask { area: AreaId, mask: Mask },
    ConfirmMask { mask: EventRef },
    GiveTask { area: AreaId, task: Task },
    CloseTask { task: EventRef, note: String },
    KeepFrames { mask: EventRef, frames: Vec<Frame> },
    OrderExport { area: AreaId, frames: Vec<Hash32>, instrument: String, reason: String },
    ApproveExport { export: EventRef },
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(2100)]
    Listed {
        #[n(0)]
        at: UnixMs,
        #[n(1)]
        items: Vec<Listing>,
    },
    #[n(2101)]
    Installed {
        #[n(0)]
        at: UnixMs,
        #[n(1)]
        items: Vec<Installation>,
    },
    #[n(2102)]
    Tested {
        #[n(0)]
        at: UnixMs,
        #[n(1)]
        items: Vec<Test>,
    },
    #[n(2103)]
    Faulted {
        #[n(0)]
        at: UnixMs,
        #[n(1)]
        equipment: EquipmentId,
        #[n(2)]
        note: String,
    },
    #[n(2104)]
    Repaired {
        #[n(0)]
        at: UnixMs,
        #[n(1)]
        equipment: EquipmentId,
        #[n(2)]
        note: String,
    },
    #[n(2105)]
    Withdrawn {
        #[n(0)]
        at: UnixMs,
        #[n(1)]
        items: Vec<EquipmentId>,
        #[n(2)]
        reason: String,
    },
    /// In this span the entry's device listened to so many; what changed stands here, all else stayed as it was.
    #[n(2106)]
    Observed {
        #[n(0)]
        from: UnixMs,
        #[n(1)]
        until: UnixMs,
        #[n(2)]
        watched: u32,
        #[n(3)]
        changes: Vec<Change>,
    },
    #[n(2107)]
    Counted(#[n(0)] Vec<Count>),
    #[n(2108)]
    MaskDrawn(#[n(0)] Mask),
    /// Names the person who drew it.
    #[n(2109)]
    MaskConfirmed {
        #[n(0)]
        mask: EventRef,
        #[n(1)]
        drawn_by: PersonId,
    },
    #[n(2110)]
    TaskGiven(#[n(0)] Task),
    #[n(2111)]
    TaskClosed {
        #[n(0)]
        task: EventRef,
        #[n(1)]
        note: String,
    },
    /// Frames of the camera that the mask is of, each painted over with it.
    #[n(2112)]
    FramesKept {
        #[n(0)]
        mask: EventRef,
        #[n(1)]
        frames: Vec<Frame>,
    },
    #[n(2113)]
    ExportOrdered {
        #[n(0)]
        frames: Vec<Hash32>,
        /// The court or authority, and the number of its order.
        #[n(1)]
        instrument: String,
        #[n(2)]
        reason: String,
    },
    /// Names the person who ordered it.
    #[n(2114)]
    ExportApproved {
        #[n(0)]
        export: EventRef,
        #[n(1)]
        ordered_by: PersonId,
    },
}

impl Event {
    #[must_use]
    pub fn kind(&self) -> u32 {
        match self {
            Self::Listed { .. } => 2100,
            Self::Installed { .. } => 2101,
            Self::Tested { .. } => 2102,
            Self::Faulted { .. } => 2103,
            Self::Repaired { .. } => 2104,
            Self::Withdrawn { .. } => 2105,
            Self::Observed { .. } => 2106,
            Self::Counted(_) => 2107,
            Self::MaskDrawn(_) => 2108,
            Self::MaskConfirmed { .. } => 2109,
            Self::TaskGiven(_) => 2110,
            Self::TaskClosed { .. } => 2111,
            Self::FramesKept { .. } => 2112,
            Self::ExportOrdered { .. } => 2113,
            Self::ExportApproved { .. } => 2114,
        }
    }

    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        match self {
            Self::Listed { items, .. } => items.iter().for_each(|item| item.pieces(see)),
            Self::Installed { items, .. } => items.iter().for_each(|item| {
                see(Piece::equipment(&item.equipment));
                see(item.place.piece());
            }),
            Self::Tested { items, .. } => items.iter().for_each(|item| {
                see(Piece::equipment(&item.equipment));
                see(Piece::Optional(&item.note));
            }),
            Self::Faulted { equipment, note, .. } => {
                see(Piece::equipment(equipment));
                see(Piece::Required(note));
            }
            Self::Repaired { equipment, note, .. } => {
                see(Piece::equipment(equipment));
                see(Piece::Optional(note));
            }
            Self::Withdrawn { items, reason, .. } => {
                items.iter().for_each(|item| see(Piece::equipment(item)));
                see(Piece::Required(reason));
            }
            Self::Observed { changes, .. } => {
                changes.iter().for_each(|change| see(Piece::equipment(&change.equipment)));
            }
            Self::Counted(items) => {
                items.iter().for_each(|item| see(Piece::equipment(&item.equipment)));
            }
            Self::MaskDrawn(mask) => see(Piece::equipment(&mask.equipment)),
            Self::MaskConfirmed { drawn_by, .. } => see(Piece::person(drawn_by)),
            Self::TaskGiven(task) => {
                task.equipment.iter().for_each(|item| see(Piece::equipment(item)));
                see(Piece::role(&task.owner));
                see(Piece::Optional(&task.alarm));
                see(Piece::Optional(&task.note));
            }
            Self::TaskClosed { note, .. } => see(Piece::Optional(note)),
            Self::FramesKept { .. } => {}
            Self::ExportOrdered { instrument, reason, .. } => {
                see(Piece::Name(instrument));
                see(Piece::Required(reason));
            }
            Self::ExportApproved { ordered_by, .. } => see(Piece::person(ordered_by)),
        }
    }
}

impl Listing {
    fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        see(Piece::equipment(&self.equipment));
        see(self.place.piece());
        for text in [&self.serial, &self.owner, &self.feeder, &self.line] {
            see(Piece::Optional(text));
        }
    }
}

#[cfg(test)]
mod tests;
