//! Community policing: committees at places, volunteers by number and duty, vetted, briefed, on a rota, and heard.
//!
//! A volunteer is a number that the committee gave, and a duty. There is no field for a name, for a reason of a refusal, or
//! for anything that a volunteer says about somebody: what comes back is about places and things, in a closed list of
//! matters, and a text that names or accuses somebody is refused. Nothing here knows reports, incidents or intelligence, and
//! they know nothing of it: whoever helps at a gate is on no list of those who tell. A law of the house holds that.

mod cover;
mod decide;
mod record;

pub use cover::{Short, short};
pub(crate) use decide::{check, check_references, decide};
pub use record::{Communities, Phase, Record, Volunteer, VolunteerPhase};

use crate::{authorise::Act, content::Piece, permission as row, stamp::EventRef, state::State};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, Date, PersonId};

/// Volunteers on one day's rota, and shifts.
pub const ROTA_MAX: usize = 256;
/// People at one briefing.
pub const ATTENDED_MAX: u32 = 10_000;

/// Who came together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Kind {
    #[n(0)]
    Peace,
    /// Lady health workers.
    #[n(1)]
    Health,
    #[n(2)]
    Teachers,
    #[n(3)]
    Elders,
    #[n(4)]
    Scouts,
}

/// What volunteers do. Nobody watches anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Duty {
    /// Keeps the queue.
    #[n(0)]
    Queue,
    /// Helps who is old, disabled or pregnant.
    #[n(1)]
    Help,
    /// At the women's gate.
    #[n(2)]
    Women,
    /// Parking and traffic.
    #[n(3)]
    Traffic,
    /// Water, shade, first aid.
    #[n(4)]
    Care,
    /// Carries messages where telephones do not work.
    #[n(5)]
    Runner,
}

/// What a briefing was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Topic {
    /// Neutrality: no party, no pressure, no look at anybody's vote.
    #[n(0)]
    Neutrality,
    /// What a volunteer may not do: search, guard, ask for papers.
    #[n(1)]
    Limits,
    #[n(2)]
    Emergency,
    #[n(3)]
    Access,
    #[n(4)]
    Messages,
}

impl Topic {
    /// What everybody hears before they serve.
    pub const NEEDED: [Self; 2] = [Self::Neutrality, Self::Limits];
}

/// What feedback is about: places and things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Matter {
    #[n(0)]
    Way,
    #[n(1)]
    Light,
    #[n(2)]
    Queue,
    #[n(3)]
    Access,
    #[n(4)]
    Water,
    #[n(5)]
    Mood,
    #[n(6)]
    Rumour,
}

macro_rules! words {
    ($($name:ident: $($variant:ident $word:literal),+;)+) => {$(
        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.word() == word)
            }
        }
    )+};
}

words! {
    Kind: Peace "peace", Health "health", Teachers "teachers", Elders "elders", Scouts "scouts";
    Duty: Queue "queue", Help "help", Women "women", Traffic "traffic", Care "care", Runner "runner";
    Topic: Neutrality "neutrality", Limits "limits", Emergency "emergency", Access "access", Messages "messages";
    Matter: Way "way", Light "light", Queue "queue", Access "access", Water "water", Mood "mood", Rumour "rumour";
}

/// Seats of one duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Seats {
    #[n(0)]
    pub duty: Duty,
    #[n(1)]
    pub count: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Committee {
    #[n(0)]
    pub kind: Kind,
    /// Where it works: a school, a square, a ward.
    #[n(1)]
    pub place: String,
    /// Each duty once.
    #[n(2)]
    pub seats: Vec<Seats>,
}

/// Some hours of a day at a place.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Shift {
    /// Minutes after midnight.
    #[n(0)]
    pub from: u16,
    #[n(1)]
    pub until: u16,
    #[n(2)]
    pub place: String,
    /// Numbers of volunteers, each once.
    #[n(3)]
    pub volunteers: Vec<PersonId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Rota {
    #[n(0)]
    pub day: Date,
    #[n(1)]
    pub shifts: Vec<Shift>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Form {
        area: AreaId,
        committee: Committee,
    },
    Enlist {
        committee: EventRef,
        number: PersonId,
        duty: Duty,
    },
    /// By another person than enlisted; the result alone.
    Vet {
        committee: EventRef,
        number: PersonId,
        passed: bool,
        on: Date,
    },
    Release {
        committee: EventRef,
        number: PersonId,
    },
    Brief {
        committee: EventRef,
        topic: Topic,
        on: Date,
        attended: u32,
    },
    /// Of one day, in place of what stood before.
    Plan {
        committee: EventRef,
        rota: Rota,
    },
    Tell {
        committee: EventRef,
        matter: Matter,
        text: String,
    },
    /// What became of something that the committee told: back to the committee.
    Answer {
        committee: EventRef,
        told: EventRef,
        text: String,
    },
    Dissolve {
        committee: EventRef,
        reason: String,
    },
}

impl Command {
    pub(crate) fn permission(&self) -> &'static str {
        match self {
            Self::Form { .. } | Self::Dissolve { .. } => row::COMMUNITY_FORM,
            Self::Enlist { .. } | Self::Release { .. } => row::COMMUNITY_ENLIST,
            Self::Vet { .. } => row::COMMUNITY_VET,
            Self::Brief { .. } | Self::Plan { .. } | Self::Answer { .. } => row::COMMUNITY_LEAD,
            Self::Tell { .. } => row::COMMUNITY_TELL,
        }
    }

    pub(crate) fn area<'a>(&'a self, state: &'a State) -> Option<&'a AreaId> {
        match self {
            Self::Form { area, .. } => Some(area),
            Self::Enlist { committee, .. }
            | Self::Vet { committee, .. }
            | Self::Release { committee, .. }
            | Self::Brief { committee, .. }
            | Self::Plan { committee, .. }
            | Self::Tell { committee, .. }
            | Self::Answer { committee, .. }
            | Self::Dissolve { committee, .. } => state.communities.area_of(*committee),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(3100)]
    Formed(#[n(0)] Committee),
    #[n(3101)]
    Enlisted {
        #[n(0)]
        committee: EventRef,
        #[n(1)]
        number: PersonId,
        #[n(2)]
        duty: Duty,
    },
    #[n(3102)]
    Vetted {
        #[n(0)]
        committee: EventRef,
        /// The entry that enlisted, and who wrote it.
        #[n(1)]
        enlisted: EventRef,
        #[n(2)]
        enlisted_by: PersonId,
        #[n(3)]
        passed: bool,
        #[n(4)]
        on: Date,
    },
    #[n(3103)]
    Released {
        #[n(0)]
        committee: EventRef,
        #[n(1)]
        enlisted: EventRef,
    },
    #[n(3104)]
    Briefed {
        #[n(0)]
        committee: EventRef,
        #[n(1)]
        topic: Topic,
        #[n(2)]
        on: Date,
        #[n(3)]
        attended: u32,
    },
    #[n(3105)]
    Planned {
        #[n(0)]
        committee: EventRef,
        #[n(1)]
        rota: Rota,
    },
    #[n(3106)]
    Told {
        #[n(0)]
        committee: EventRef,
        #[n(1)]
        matter: Matter,
        #[n(2)]
        text: String,
    },
    #[n(3107)]
    Dissolved {
        #[n(0)]
        committee: EventRef,
        #[n(1)]
        reason: String,
    },
    #[n(3108)]
    Answered {
        #[n(0)]
        committee: EventRef,
        /// The entry that told.
        #[n(1)]
        told: EventRef,
        #[n(2)]
        text: String,
    },
}

impl Event {
    pub(crate) fn kind(&self) -> u32 {
        match self {
            Self::Formed(_) => 3100,
            Self::Enlisted { .. } => 3101,
            Self::Vetted { .. } => 3102,
            Self::Released { .. } => 3103,
            Self::Briefed { .. } => 3104,
            Self::Planned { .. } => 3105,
            Self::Told { .. } => 3106,
            Self::Dissolved { .. } => 3107,
            Self::Answered { .. } => 3108,
        }
    }

    pub(crate) fn permission(&self) -> &'static str {
        match self {
            Self::Formed(_) | Self::Dissolved { .. } => row::COMMUNITY_FORM,
            Self::Enlisted { .. } | Self::Released { .. } => row::COMMUNITY_ENLIST,
            Self::Vetted { .. } => row::COMMUNITY_VET,
            Self::Briefed { .. } | Self::Planned { .. } | Self::Answered { .. } => {
                row::COMMUNITY_LEAD
            }
            Self::Told { .. } => row::COMMUNITY_TELL,
        }
    }

    /// The committee that it speaks of, if that is another entry.
    pub(crate) fn committee(&self) -> Option<EventRef> {
        match self {
            Self::Formed(_) => None,
            Self::Enlisted { committee, .. }
            | Self::Vetted { committee, .. }
            | Self::Released { committee, .. }
            | Self::Briefed { committee, .. }
            | Self::Planned { committee, .. }
            | Self::Told { committee, .. }
            | Self::Answered { committee, .. }
            | Self::Dissolved { committee, .. } => Some(*committee),
        }
    }

    /// Whoever enlisted, of an entry that vets.
    pub(crate) fn earlier_act<'a>(&self, state: &'a State) -> Option<Act<'a>> {
        let Self::Vetted { committee, enlisted, .. } = self else { return None };
        let (_, mark) = state.communities.record(*committee)?.enlisting(*enlisted)?;
        Some(Act { person: &mark.person, permission: row::COMMUNITY_ENLIST })
    }

    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        match self {
            Self::Formed(committee) => see(Piece::Name(&committee.place)),
            Self::Enlisted { number: person, .. } | Self::Vetted { enlisted_by: person, .. } => {
                see(Piece::person(person));
            }
            Self::Planned { rota, .. } => {
                for shift in &rota.shifts {
                    see(Piece::Name(&shift.place));
                    for number in &shift.volunteers {
                        see(Piece::person(number));
                    }
                }
            }
            Self::Told { text, .. }
            | Self::Answered { text, .. }
            | Self::Dissolved { reason: text, .. } => {
                see(Piece::Required(text));
            }
            Self::Released { .. } | Self::Briefed { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests;
