//! Polling material from the press to the store: what there is, who answers for it, which seals are on it, and what of
//! that does not add up.
//!
//! A hand-over is two entries: the giver signs out, and the receiver signs in over the giver's header with the seal
//! numbers that they read before they were shown any. Whoever keeps an item alone says so in records of one person. What
//! is out of order is nowhere recorded: it is computed ([`exception`]), and only its resolution is an act.
//!
//! An item stands under the area of its entry, as an incident does: what an office says under another area is about
//! another item.

mod act;
mod decide;
pub mod exception;
mod fold;
pub mod form;
mod record;
pub mod rule;
pub mod step;
pub mod survive;
pub mod timer;

pub(crate) use decide::{check, decide};
pub use form::{Compared, Copy, CopySeen, Counted, Desk, FormKind, FormRead, Sheet, Totals};
pub use record::{Act, Area, Custody, Hold, Item, Offered, Phase, Released};
pub use rule::Rule;
pub use step::Step;

use crate::{
    stamp::{EventRef, Hash32},
    word::words,
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, ConstituencyId, ItemId, StationId, UnixMs, role::Role};

/// Most items in one entry.
pub const ITEMS_MAX: usize = 4_096;
/// Most seal numbers on one item, and most photographs in one entry.
pub const NUMBERS_MAX: usize = 64;

words! {
    /// What an item is.
    Kind {
        /// What goes to one office in one delivery.
        Lot = 0 "lot",
        Carton = 1 "carton",
        /// A presiding officer's bag of one contest.
        Bag = 2 "bag",
        Box = 3 "box",
        /// A tamper-evident bag of the law's list.
        TamperBag = 4 "tamper-bag",
        Packet = 5 "packet",
        /// A book of ballot papers, with its serials.
        Book = 6 "book",
        Form = 7 "form",
        Stamp = 8 "stamp",
        Ink = 9 "ink",
        Roll = 10 "roll",
        /// Seals that are not on anything yet.
        SealStock = 11 "seal-stock",
    }
}

words! {
    /// Who witnesses. A candidate's agent signs on the paper; how many did is counted there.
    Witness {
        Guard = 0 "guard",
        Observer = 1 "observer",
    }
}

words! {
    /// How an exception was resolved.
    Outcome {
        Explained = 0 "explained",
        /// A later record mends it.
        Mended = 1 "mended",
        /// Another authority has it.
        Referred = 2 "referred",
        Unfounded = 3 "unfounded",
    }
}

/// Numbers that follow each other: `S-000101` to `S-000200`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Serials {
    /// May be empty.
    #[n(0)]
    pub prefix: String,
    #[n(1)]
    pub first: u64,
    #[n(2)]
    pub last: u64,
}

impl Serials {
    /// Whether a number as it is written lies within; leading zeros do not matter.
    #[must_use]
    pub fn contains(&self, number: &str) -> bool {
        let digits = number.strip_prefix(self.prefix.as_str());
        let digits = digits.filter(|it| it.bytes().all(|byte| byte.is_ascii_digit()));
        digits
            .and_then(|it| it.parse().ok())
            .is_some_and(|at: u64| (self.first..=self.last).contains(&at))
    }

    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.prefix == other.prefix && self.first <= other.last && other.first <= self.last
    }
}

impl std::fmt::Display for Serials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}-{}", self.prefix, self.first, self.last)
    }
}

/// An item when it enters the record.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct NewItem {
    #[n(0)]
    pub item: ItemId,
    #[n(1)]
    pub kind: Kind,
    /// The station it belongs to, where it belongs to one.
    #[n(2)]
    pub station: Option<StationId>,
    #[n(3)]
    pub contest: Option<ConstituencyId>,
    /// What it lies in.
    #[n(4)]
    pub within: Option<ItemId>,
    /// Numbers printed on what it holds: counterfoils of a book, the bag's own.
    #[n(5)]
    pub serials: Option<Serials>,
    /// Numbers of the seals that are on it.
    #[n(6)]
    pub seals: Vec<String>,
}

/// Seal numbers given out, to one station or to an office.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Issue {
    #[n(0)]
    pub seals: Serials,
    #[n(1)]
    pub station: Option<StationId>,
}

/// The seals on one item, as somebody read or put them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Reading {
    #[n(0)]
    pub item: ItemId,
    #[n(1)]
    pub seals: Vec<String>,
}

/// The giver's half of a hand-over. It names no seal: the receiver reads them blind.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Offer {
    #[n(0)]
    pub step: Step,
    #[n(1)]
    pub items: Vec<ItemId>,
    /// The role that is to receive.
    #[n(2)]
    pub to: Role,
    #[n(3)]
    pub at: UnixMs,
    /// When it must be there, where a journey lies between the two halves.
    #[n(4)]
    pub due: Option<UnixMs>,
    /// Counter, office, vehicle; may be empty.
    #[n(5)]
    pub place: String,
    #[n(6)]
    pub photographs: Vec<Hash32>,
}

/// The receiver's half.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Receipt {
    #[n(0)]
    pub offer: EventRef,
    #[n(1)]
    pub step: Step,
    #[n(2)]
    pub at: UnixMs,
    /// As read from the items, before any number was shown.
    #[n(3)]
    pub read: Vec<Reading>,
    /// Offered, and not there.
    #[n(4)]
    pub missing: Vec<ItemId>,
    /// By how many seconds the two devices' clocks differed when they met.
    #[n(5)]
    pub clocks_apart_s: u32,
    #[n(6)]
    pub place: String,
    #[n(7)]
    pub photographs: Vec<Hash32>,
}

/// How a journey went so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Road {
    /// Farthest from the planned corridor, in metres.
    #[n(0)]
    pub off_m: u32,
    #[n(1)]
    pub planned_m: u32,
    #[n(2)]
    pub driven_m: u32,
    /// Longest stop that was not planned.
    #[n(3)]
    pub halt_minutes: u16,
}

/// A departure or an arrival of whoever keeps the items.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Passage {
    #[n(0)]
    pub step: Step,
    #[n(1)]
    pub items: Vec<ItemId>,
    #[n(2)]
    pub at: UnixMs,
    /// Number plate or call sign; may be empty on foot.
    #[n(3)]
    pub vehicle: String,
    /// When 95 of 100 comparable trips have arrived; on departure.
    #[n(4)]
    pub due: Option<UnixMs>,
    /// On arrival.
    #[n(5)]
    pub road: Option<Road>,
}

/// What one custodian states of what they keep.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Note {
    #[n(0)]
    pub step: Step,
    #[n(1)]
    pub items: Vec<ItemId>,
    #[n(2)]
    pub at: UnixMs,
    /// Seals found on opening or checking.
    #[n(3)]
    pub found: Vec<Reading>,
    /// Seals put on.
    #[n(4)]
    pub sealed: Vec<Reading>,
    #[n(5)]
    pub road: Option<Road>,
    /// Ballots used so far; a count of papers, of nothing that is on them.
    #[n(6)]
    pub used: Option<u32>,
    /// Number of an order, of a room, of a guard roster; may be empty.
    #[n(7)]
    pub reference: String,
    #[n(8)]
    pub photographs: Vec<Hash32>,
    #[n(9)]
    pub note: String,
}

/// Items that change hands without their custodian, who cannot be reached: it takes two.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Release {
    #[n(0)]
    pub items: Vec<ItemId>,
    /// The role that cannot act.
    #[n(1)]
    pub absent: Role,
    #[n(2)]
    pub at: UnixMs,
    #[n(3)]
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Parting {
    /// What they come out of, or go into.
    #[n(0)]
    pub whole: ItemId,
    #[n(1)]
    pub parts: Vec<ItemId>,
    #[n(2)]
    pub at: UnixMs,
    #[n(3)]
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Ending {
    #[n(0)]
    pub items: Vec<ItemId>,
    #[n(1)]
    pub at: UnixMs,
    /// The order that allows it.
    #[n(2)]
    pub order: String,
    #[n(3)]
    pub method: String,
    #[n(4)]
    pub photographs: Vec<Hash32>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Register { area: AreaId, items: Vec<NewItem>, at: UnixMs },
    IssueSeals { area: AreaId, issues: Vec<Issue> },
    Offer { area: AreaId, offer: Offer },
    Receive { receipt: Receipt },
    Decline { offer: EventRef, at: UnixMs, reason: String },
    Recall { offer: EventRef, at: UnixMs, reason: String },
    Depart { area: AreaId, passage: Passage },
    Arrive { area: AreaId, passage: Passage },
    Record { area: AreaId, note: Note },
    Split { area: AreaId, parting: Parting },
    Join { area: AreaId, parting: Parting },
    Witness { entry: EventRef, at: UnixMs, witness: Witness, agrees: bool, note: String },
    Propose { area: AreaId, release: Release },
    Approve { release: EventRef, at: UnixMs, read: Vec<Reading> },
    Destroy { area: AreaId, ending: Ending },
    Count { area: AreaId, counted: Counted },
    ReadForm { area: AreaId, read: FormRead },
    Compare { area: AreaId, compared: Compared },
    SeeCopy { area: AreaId, seen: CopySeen },
    Take { area: AreaId, exception: String, at: UnixMs },
    Resolve { area: AreaId, exception: String, at: UnixMs, outcome: Outcome, note: String },
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(1500)]
    Registered {
        #[n(0)]
        items: Vec<NewItem>,
        #[n(1)]
        at: UnixMs,
    },
    #[n(1501)]
    SealsIssued {
        #[n(0)]
        issues: Vec<Issue>,
    },
    #[n(1502)]
    Offered(#[n(0)] Offer),
    #[n(1503)]
    Received(#[n(0)] Receipt),
    #[n(1504)]
    Declined {
        #[n(0)]
        offer: EventRef,
        #[n(1)]
        at: UnixMs,
        #[n(2)]
        reason: String,
    },
    #[n(1505)]
    Recalled {
        #[n(0)]
        offer: EventRef,
        #[n(1)]
        at: UnixMs,
        #[n(2)]
        reason: String,
    },
    #[n(1506)]
    Departed(#[n(0)] Passage),
    #[n(1507)]
    Arrived(#[n(0)] Passage),
    #[n(1508)]
    Recorded(#[n(0)] Note),
    #[n(1509)]
    Split(#[n(0)] Parting),
    #[n(1510)]
    Joined(#[n(0)] Parting),
    #[n(1511)]
    Witnessed {
        #[n(0)]
        entry: EventRef,
        #[n(1)]
        at: UnixMs,
        #[n(2)]
        witness: Witness,
        #[n(3)]
        agrees: bool,
        #[n(4)]
        note: String,
    },
    #[n(1512)]
    ReleaseProposed(#[n(0)] Release),
    #[n(1513)]
    ReleaseApproved {
        #[n(0)]
        release: EventRef,
        #[n(1)]
        at: UnixMs,
        #[n(2)]
        read: Vec<Reading>,
    },
    #[n(1514)]
    Destroyed(#[n(0)] Ending),
    #[n(1515)]
    Counted(#[n(0)] Counted),
    #[n(1516)]
    FormRead(#[n(0)] FormRead),
    #[n(1517)]
    Compared(#[n(0)] Compared),
    #[n(1518)]
    CopySeen(#[n(0)] CopySeen),
    #[n(1519)]
    Taken {
        #[n(0)]
        exception: String,
        #[n(1)]
        at: UnixMs,
    },
    #[n(1520)]
    Resolved {
        #[n(0)]
        exception: String,
        #[n(1)]
        at: UnixMs,
        #[n(2)]
        outcome: Outcome,
        #[n(3)]
        note: String,
    },
}

#[cfg(test)]
mod tests;
