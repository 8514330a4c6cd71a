//! What goes wrong. Each seed switches on a random half.

use crate::chance::Chance;

macro_rules! faults {
    ($($name:ident: $text:literal,)+) => {
        /// One sort of fault.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Fault {
            $(#[doc = $text] $name,)+
        }

        impl Fault {
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// What happens.
            #[must_use]
            pub fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

faults! {
    Loss: "frames are lost, in one direction too",
    Duplication: "frames come twice",
    Delay: "old frames come again, out of their order",
    Flips: "bits flip in flight",
    Forgery: "a stranger sends entries that nobody signed",
    Partition: "nodes part for a day and meet again",
    Crash: "a node stops at a write: before it, in the middle, after it and before the answer",
    LostSync: "a disk forgets writes that it had promised to keep",
    FullDisk: "a disk is full",
    Rot: "bits flip at rest",
    Clock: "clocks run a year ahead, a year behind, and backwards",
    Restore: "a node goes on from an old backup",
    Theft: "a stolen key signs another history",
    Revocation: "devices are revoked, some of them in the middle of a log",
    StaleRoster: "certificates come late to some nodes",
    Rogue: "somebody who is nobody signs certificates and revocations",
    Slow: "a peer answers so late that it is left in the middle",
    OtherElection: "entries of another election are sent",
    Twin: "a copy of a device signs another entry in the last place, and the device falls silent",
    LyingTree: "a device signs two histories of what it received",
    OfficeGone: "an office that enrolled devices is revoked, and what it enrolled falls with it",
    LateWords: "the words of witnesses arrive after the revocation for which they matter",
    LyingReceipt: "a thief proves with false and late witnesses that its entries were received in time",
}

/// The faults of one story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Faults(u32);

impl Faults {
    pub const NONE: Self = Self(0);

    /// A random half of all.
    #[must_use]
    pub fn half(chance: &mut Chance) -> Self {
        let mut left: Vec<Fault> = Fault::ALL.to_vec();
        let mut faults = Self::NONE;
        for _ in 0..Fault::ALL.len() / 2 {
            let at = chance.below(left.len());
            faults = faults.with(left.swap_remove(at));
        }
        faults
    }

    #[must_use]
    pub fn with(self, fault: Fault) -> Self {
        Self(self.0 | (1 << fault as u32))
    }

    #[must_use]
    pub fn has(self, fault: Fault) -> bool {
        self.0 >> fault as u32 & 1 == 1
    }
}
