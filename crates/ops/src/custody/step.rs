//! The eighteen steps from the press to the store, and whose word each is. Guards are in none of them: they witness.

use crate::word::words;
use minicbor::{Decode, Encode};

words! {
    /// A step, in the order of the path.
    Step {
        /// Printing, by constituency, with the serials of books.
        C00 = 0 "C00",
        /// Press to the district.
        C01 = 1 "C01",
        /// Into the district's strong room.
        C02 = 2 "C02",
        /// District to the returning officer.
        C03 = 3 "C03",
        /// The bags are made up.
        C04 = 4 "C04",
        /// To the presiding officer, the day before.
        C05 = 5 "C05",
        /// On the way to the station.
        C06 = 6 "C06",
        /// The night at the station.
        C07 = 7 "C07",
        /// Bag opened, empty box shown and sealed.
        C08 = 8 "C08",
        /// A box is full, the next is opened.
        C09 = 9 "C09",
        /// Close and count.
        C10 = 10 "C10",
        /// The tamper-evident bags are packed.
        C11 = 11 "C11",
        /// On the way to the returning officer.
        C12 = 12 "C12",
        /// Reception by the returning officer.
        C13 = 13 "C13",
        /// Consolidation.
        C14 = 14 "C14",
        /// Into the treasury or the commission's store.
        C15 = 15 "C15",
        /// Opened by order, and sealed again.
        C16 = 16 "C16",
        /// Destruction after the legal time.
        C17 = 17 "C17",
    }
}

/// What is done at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Give,
    Receive,
    /// States something of what one keeps: one custodian, no hand-over.
    Keep,
}

impl Step {
    /// The roles that do a part of the step; none where the step has no such part.
    #[must_use]
    pub fn roles(self, part: Part) -> &'static [&'static str] {
        let (give, receive, keep): (&[&str], &[&str], &[&str]) = match self {
            Self::C00 => (&[], &[], &["LOG", "ECP-NAT"]),
            Self::C01 => (&["LOG"], &["DRO", "LOG"], &["LOG", "DRO"]),
            Self::C02 => (&["DRO"], &["LOG"], &["DRO", "LOG"]),
            Self::C03 => (&["DRO", "LOG"], &["RO", "ARO"], &["DRO", "RO", "ARO", "LOG"]),
            Self::C04 => (&["RO"], &["ARO"], &["RO", "ARO"]),
            Self::C05 => (&["RO", "ARO", "DRO"], &["PO"], &["RO", "ARO", "PO"]),
            Self::C06 | Self::C07 | Self::C08 | Self::C09 | Self::C10 | Self::C11 | Self::C12 => {
                (&[], &[], &["PO"])
            }
            Self::C13 => (&["PO"], &["RO", "ARO"], &["RO", "ARO", "PO"]),
            Self::C14 => (&[], &[], &["RO", "ARO"]),
            Self::C15 => (&["RO", "ARO"], &["LOG"], &["RO", "ARO", "LOG"]),
            Self::C16 => (&["LOG", "DRO", "RO"], &["LOG", "DRO", "RO"], &["LOG", "DRO", "RO"]),
            Self::C17 => (&["LOG"], &["DRO"], &["LOG", "DRO"]),
        };
        match part {
            Part::Give => give,
            Part::Receive => receive,
            Part::Keep => keep,
        }
    }

    #[must_use]
    pub fn allows(self, part: Part, role: &str) -> bool {
        self.roles(part).contains(&role)
    }

    /// Whether it is a hand-over, which takes two.
    #[must_use]
    pub fn is_hand_over(self) -> bool {
        !self.roles(Part::Give).is_empty()
    }

    /// Opening after the day and destruction need a written order.
    #[must_use]
    pub fn needs_order(self) -> bool {
        matches!(self, Self::C16 | Self::C17)
    }
}
