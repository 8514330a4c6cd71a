//! The lot by which posts get names, as entries: what is drawn from is fixed first, every stage is opened by two
//! persons, parties who do not trust each other commit to secrets and show them, and one outcome follows.
//!
//! The people and posts themselves never come here: their hash does. A secret shown names every commitment of its
//! stage by digest, which nobody can do before all are on record; so every node judges alike whether it came too early.
//! What hashes to what is looked at outside: whoever draws again finds out.

mod decide;
mod record;
mod rights;

pub(crate) use decide::decide;
pub use record::{Commitment, Draws, Outcome, Phase, Proposal, Record, Sealed, Shown, Told};

use crate::{
    content::{Piece, each_once},
    refusal::{Refusal, RefusalCode},
    stamp::{EventRef, Hash32},
    word::words,
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, PersonId};

/// Fewest parties of a draw.
pub const PARTIES_MIN: usize = 3;
/// Most parties of a draw.
pub const PARTIES_MAX: usize = 16;
/// Longest name of a party, in bytes: it is hashed with its length in one byte.
pub const PARTY_BYTES_MAX: usize = 64;
/// Longest sealed share or replacement.
pub const SEALED_BYTES_MAX: usize = 4_096;

words! {
    /// The stages of a draw, in order.
    Stage {
        /// Who is called, and who stays at home.
        Pool = 0 "pool",
        /// Who holds which sort of post, and who is a spare.
        Posts = 1 "posts",
        /// Where.
        Stations = 2 "stations",
    }
}

impl Stage {
    #[must_use]
    pub fn before(self) -> Option<Self> {
        match self {
            Self::Pool => None,
            Self::Posts => Some(Self::Pool),
            Self::Stations => Some(Self::Posts),
        }
    }
}

/// Somebody who commits to secrets, and the one person who speaks for them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Party {
    #[n(0)]
    pub name: String,
    #[n(1)]
    pub person: PersonId,
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Opening {
    #[n(0)]
    pub title: String,
    /// Of the people, the posts and what posts ask: all that the draw depends on besides the secrets.
    #[n(1)]
    pub input: Hash32,
    #[n(2)]
    pub parties: Vec<Party>,
    #[n(3)]
    pub people: u32,
    #[n(4)]
    pub posts: u32,
}

impl Opening {
    /// The number of the party for which a person speaks.
    #[must_use]
    pub fn party_of(&self, person: &PersonId) -> Option<u8> {
        (0..).zip(&self.parties).find(|(_, party)| party.person == *person).map(|(at, _)| at)
    }

    /// The parties by number.
    pub fn numbered(&self) -> impl Iterator<Item = (u8, &Party)> {
        (0..).zip(&self.parties)
    }
}

/// A share of a party's secret, sealed to another party.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Dealt {
    /// The party's number.
    #[n(0)]
    pub to: u8,
    /// Where the polynomials were evaluated.
    #[n(1)]
    pub number: u8,
    /// By which the share is known again when it is shown.
    #[n(2)]
    pub mark: Hash32,
    #[n(3)]
    #[cbor(with = "minicbor::bytes")]
    pub sealed: Vec<u8>,
}

/// The stage of a draw that an act is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct On {
    #[n(0)]
    pub draw: EventRef,
    #[n(1)]
    pub stage: Stage,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Open {
        area: AreaId,
        opening: Opening,
    },
    /// Publishes the key to which shares for one's own party are sealed.
    Join {
        draw: EventRef,
        key: [u8; 32],
    },
    ProposeStage {
        on: On,
    },
    OpenStage {
        proposal: EventRef,
    },
    Commit {
        on: On,
        digest: Hash32,
        shares: Vec<Dealt>,
    },
    Reveal {
        on: On,
        secret: [u8; 32],
    },
    /// Shows the share of another party's secret that was sealed to one's own.
    ShowShare {
        on: On,
        from: u8,
        number: u8,
        share: [u8; 32],
    },
    /// Gives a withheld secret as the others put it together.
    Recover {
        on: On,
        party: u8,
        secret: [u8; 32],
    },
    Draw {
        on: On,
        outcome: Outcome,
    },
    /// Records who stands in for whom, sealed to the parties.
    Replace {
        draw: EventRef,
        sealed: Vec<u8>,
    },
    Withdraw {
        draw: EventRef,
        reason: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(2200)]
    Opened(#[n(0)] Opening),
    #[n(2201)]
    Joined {
        #[n(0)]
        draw: EventRef,
        #[n(1)]
        party: u8,
        #[n(2)]
        #[cbor(with = "minicbor::bytes")]
        key: [u8; 32],
    },
    #[n(2202)]
    StageProposed {
        #[n(0)]
        on: On,
        /// What its commitments will be about: the input, later the roster of the stage before.
        #[n(1)]
        subject: Hash32,
        /// The entry with the outcome of the stage before.
        #[n(2)]
        after: Option<EventRef>,
    },
    /// Names the person who proposed it.
    #[n(2203)]
    StageOpened {
        #[n(0)]
        proposal: EventRef,
        #[n(1)]
        proposed_by: PersonId,
    },
    #[n(2204)]
    Committed {
        #[n(0)]
        on: On,
        /// The entry by which the stage was opened.
        #[n(1)]
        opened: EventRef,
        #[n(2)]
        party: u8,
        #[n(3)]
        digest: Hash32,
        #[n(4)]
        shares: Vec<Dealt>,
    },
    #[n(2205)]
    Revealed {
        #[n(0)]
        on: On,
        #[n(1)]
        party: u8,
        #[n(2)]
        #[cbor(with = "minicbor::bytes")]
        secret: [u8; 32],
        /// What every party committed to, in their order.
        #[n(3)]
        over: Vec<Hash32>,
    },
    #[n(2206)]
    ShareShown {
        #[n(0)]
        on: On,
        #[n(1)]
        from: u8,
        #[n(2)]
        to: u8,
        #[n(3)]
        number: u8,
        #[n(4)]
        #[cbor(with = "minicbor::bytes")]
        share: [u8; 32],
        #[n(5)]
        over: Vec<Hash32>,
    },
    #[n(2207)]
    Recovered {
        #[n(0)]
        on: On,
        #[n(1)]
        party: u8,
        #[n(2)]
        #[cbor(with = "minicbor::bytes")]
        secret: [u8; 32],
        #[n(3)]
        over: Vec<Hash32>,
    },
    #[n(2208)]
    Drawn {
        #[n(0)]
        on: On,
        #[n(1)]
        outcome: Outcome,
    },
    #[n(2209)]
    Replaced {
        #[n(0)]
        draw: EventRef,
        /// Counted from 1: an earlier one takes a spare away from a later one.
        #[n(1)]
        number: u32,
        #[n(2)]
        #[cbor(with = "minicbor::bytes")]
        sealed: Vec<u8>,
    },
    #[n(2210)]
    Withdrawn {
        #[n(0)]
        draw: EventRef,
        #[n(1)]
        reason: String,
    },
}

impl Event {
    #[must_use]
    pub fn kind(&self) -> u32 {
        match self {
            Self::Opened(_) => 2200,
            Self::Joined { .. } => 2201,
            Self::StageProposed { .. } => 2202,
            Self::StageOpened { .. } => 2203,
            Self::Committed { .. } => 2204,
            Self::Revealed { .. } => 2205,
            Self::ShareShown { .. } => 2206,
            Self::Recovered { .. } => 2207,
            Self::Drawn { .. } => 2208,
            Self::Replaced { .. } => 2209,
            Self::Withdrawn { .. } => 2210,
        }
    }

    /// The draw that an act is about, as far as the act itself says.
    #[must_use]
    pub fn draw(&self) -> Option<EventRef> {
        match self {
            Self::Opened(_) | Self::StageOpened { .. } => None,
            Self::Joined { draw, .. }
            | Self::Replaced { draw, .. }
            | Self::Withdrawn { draw, .. } => Some(*draw),
            Self::StageProposed { on, .. }
            | Self::Committed { on, .. }
            | Self::Revealed { on, .. }
            | Self::ShareShown { on, .. }
            | Self::Recovered { on, .. }
            | Self::Drawn { on, .. } => Some(on.draw),
        }
    }

    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        match self {
            Self::Opened(opening) => {
                see(Piece::Name(&opening.title));
                for party in &opening.parties {
                    see(Piece::Name(&party.name));
                    see(Piece::person(&party.person));
                }
            }
            Self::StageOpened { proposed_by, .. } => see(Piece::person(proposed_by)),
            Self::Withdrawn { reason, .. } => see(Piece::Required(reason)),
            Self::Joined { .. }
            | Self::StageProposed { .. }
            | Self::Committed { .. }
            | Self::Revealed { .. }
            | Self::ShareShown { .. }
            | Self::Recovered { .. }
            | Self::Drawn { .. }
            | Self::Replaced { .. } => {}
        }
    }
}

/// What must hold of the numbers in an act, whoever sent it.
pub(crate) fn check(event: &Event) -> Result<(), Refusal> {
    let is_sealed = |sealed: &[u8]| (1..=SEALED_BYTES_MAX).contains(&sealed.len());
    let right = match event {
        Event::Opened(opening) => {
            let parties = &opening.parties;
            (PARTIES_MIN..=PARTIES_MAX).contains(&parties.len())
                && each_once(parties.iter().map(|party| &party.name))
                && each_once(parties.iter().map(|party| &party.person))
                && parties.iter().all(|party| party.name.len() <= PARTY_BYTES_MAX)
        }
        Event::StageProposed { on, after, .. } => on.stage.before().is_some() == after.is_some(),
        Event::Committed { shares, .. } => {
            shares.len() < PARTIES_MAX && shares.iter().all(|share| is_sealed(&share.sealed))
        }
        Event::Revealed { over, .. }
        | Event::ShareShown { over, .. }
        | Event::Recovered { over, .. } => over.len() <= PARTIES_MAX,
        Event::Replaced { number, sealed, .. } => *number > 0 && is_sealed(sealed),
        Event::Joined { .. }
        | Event::StageOpened { .. }
        | Event::Drawn { .. }
        | Event::Withdrawn { .. } => true,
    };
    if right { Ok(()) } else { Err(Refusal::of(RefusalCode::DrawMalformed, event.kind())) }
}

#[cfg(test)]
mod tests;
