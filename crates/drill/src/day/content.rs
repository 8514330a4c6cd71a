//! What a check-in says.

use super::list::Cause;
use minicbor::{Decode, Encode};
use pehra_domain::booth::BySex;
use serde::{Deserialize, Serialize};

/// A1 to A17 of `data/checkins.csv`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize,
)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct Code(#[n(0)] u8);

impl Code {
    pub const BAG: Self = Self(1);
    pub const ARRIVED: Self = Self(2);
    pub const NIGHT: Self = Self(3);
    pub const TEST: Self = Self(4);
    pub const STAFF: Self = Self(5);
    pub const READY: Self = Self(6);
    pub const OPEN: Self = Self(7);
    pub const TEN: Self = Self(8);
    pub const NOON: Self = Self(9);
    pub const TWO: Self = Self(10);
    pub const FOUR: Self = Self(11);
    pub const CLOSED: Self = Self(12);
    pub const COUNT: Self = Self(13);
    pub const POSTED: Self = Self(14);
    pub const DEPARTED: Self = Self(15);
    pub const GATE: Self = Self(16);
    pub const RECEIPT: Self = Self(17);
    /// How many there are.
    pub const COUNT_OF_CODES: u8 = 17;

    #[must_use]
    pub fn try_new(number: u8) -> Option<Self> {
        (1..=Self::COUNT_OF_CODES).contains(&number).then_some(Self(number))
    }

    /// 1 for A1.
    #[must_use]
    pub fn number(self) -> u8 {
        self.0
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "A{}", self.0)
    }
}

/// The balance of one contest's ballots at a station: totals alone, nobody's votes (DOMAIN §3(d)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Totals {
    #[n(0)]
    pub registered: u32,
    #[n(1)]
    pub received: u32,
    #[n(2)]
    pub issued: u32,
    #[n(3)]
    pub unissued: u32,
    #[n(4)]
    pub in_box: u32,
    #[n(5)]
    pub spoilt: u32,
    #[n(6)]
    pub unaccounted: u32,
    #[n(7)]
    pub valid: u32,
    #[n(8)]
    pub rejected: u32,
    #[n(9)]
    pub roll_marks: u32,
}

/// The figures of a check-in, by its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// A1: the bag is received; the seal as read.
    #[n(0)]
    Bag {
        #[n(0)]
        seal: u32,
    },
    /// A2: at the station; the seal as read, staff that came along.
    #[n(1)]
    Arrived {
        #[n(0)]
        seal: u32,
        #[n(1)]
        staff: u32,
    },
    /// A3.
    #[n(2)]
    NightGuard {
        #[n(0)]
        guards: u32,
    },
    /// A4: whether the first and the second path answered.
    #[n(3)]
    Test {
        #[n(0)]
        first: bool,
        #[n(1)]
        second: bool,
    },
    /// A5.
    #[n(4)]
    Staff {
        #[n(0)]
        present: u32,
        #[n(1)]
        expected: u32,
    },
    /// A6: ready, or why not.
    #[n(5)]
    Ready {
        #[n(0)]
        missing: Option<Cause>,
    },
    /// A7: open, or why not.
    #[n(6)]
    Open {
        #[n(0)]
        not_open: Option<Cause>,
    },
    /// A8 to A11: an incident under way, people waiting, people who have voted.
    #[n(7)]
    Report {
        #[n(0)]
        incident: bool,
        #[n(1)]
        queue: BySex,
        #[n(2)]
        voted: BySex,
    },
    /// A12: closed, so many still inside.
    #[n(8)]
    Closed {
        #[n(0)]
        inside: BySex,
    },
    /// A13: the count has begun with so many agents.
    #[n(9)]
    Count {
        #[n(0)]
        agents: u32,
    },
    /// A14: the form is posted; totals of the first contest, the bags' first serial and their number. `form` names the
    /// picture of the form: two equal numbers mean the same picture.
    #[n(10)]
    Posted {
        #[n(0)]
        totals: Totals,
        #[n(1)]
        first_bag: u32,
        #[n(2)]
        bags: u32,
        #[n(3)]
        form: u32,
    },
    /// A15.
    #[n(11)]
    Departed {
        #[n(0)]
        convoy: u32,
        #[n(1)]
        escort: u32,
    },
    /// A16.
    #[n(12)]
    Gate {
        #[n(0)]
        convoy: u32,
    },
    /// A17: serials read, the receipt's number.
    #[n(13)]
    Receipt {
        #[n(0)]
        bags: u32,
        #[n(1)]
        receipt: u32,
    },
}

impl Content {
    /// Whether it tells of trouble: not ready, not open, an incident, a path that does not answer.
    #[must_use]
    pub fn is_trouble(&self) -> bool {
        match self {
            Self::Ready { missing } => missing.is_some(),
            Self::Open { not_open } => not_open.is_some(),
            Self::Report { incident, .. } => *incident,
            Self::Test { first, .. } => !first,
            Self::Bag { .. }
            | Self::Arrived { .. }
            | Self::NightGuard { .. }
            | Self::Staff { .. }
            | Self::Closed { .. }
            | Self::Count { .. }
            | Self::Posted { .. }
            | Self::Departed { .. }
            | Self::Gate { .. }
            | Self::Receipt { .. } => false,
        }
    }

    /// The figures that are said with the code: staff present and expected; men and women waiting and women counted; people
    /// inside; agents; guards of the night.
    #[must_use]
    pub fn figures(&self) -> [Option<u32>; 3] {
        match self {
            Self::Staff { present, expected } => [Some(*present), Some(*expected), None],
            Self::Report { queue, voted, .. } => {
                [Some(queue.men), Some(queue.women), Some(voted.women)]
            }
            Self::Closed { inside } => [Some(inside.men + inside.women), None, None],
            Self::Count { agents } => [Some(*agents), None, None],
            Self::NightGuard { guards } => [Some(*guards), None, None],
            Self::Bag { .. }
            | Self::Arrived { .. }
            | Self::Test { .. }
            | Self::Ready { .. }
            | Self::Open { .. }
            | Self::Posted { .. }
            | Self::Departed { .. }
            | Self::Gate { .. }
            | Self::Receipt { .. } => [None; 3],
        }
    }
}
