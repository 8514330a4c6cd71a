//! Public awareness: one neutral message in several languages, which two native readers sign, another person approves, and
//! which is measured after it has run.
//!
//! A language is out only while its text as it stands was read and signed by two persons who did not write it, nobody holds
//! a fault against it, and the approval names that very text. A correction of a rumour rests on an entry of the record that
//! was verified, and is silent as soon as that no longer holds. All this is computed from what is on record, so that no
//! order of delivery lets a blocked text out.

mod decide;
pub mod neutral;
mod record;

pub(crate) use decide::{check, check_area, check_references, decide};
pub use record::{Campaigns, Language as LanguageState, Phase, Record};

use crate::{
    content::Piece,
    incident, permission as row,
    stamp::{EventRef, Mark},
    state::State,
};
use minicbor::{Decode, Encode};
use pehra_domain::{
    AreaId, Date, PersonId,
    campaign::{Channel, Language},
};

/// Longest text of one language, in bytes: about two thousand letters of Urdu.
pub const TEXT_BYTES_MAX: usize = 4_096;
/// Longest time that a campaign may run.
pub const DAYS_MAX: i32 = 120;
/// People, and rupees.
pub const COUNT_MAX: u64 = 1_000_000_000_000;
/// Native readers that sign a text.
pub const READERS: usize = 2;

/// What it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Topic {
    /// How to vote safely.
    #[n(0)]
    Safety,
    /// Where is my station.
    #[n(1)]
    Station,
    /// What guards may not do.
    #[n(2)]
    Guards,
    /// Help for women and for people with disabilities.
    #[n(3)]
    Help,
    /// How to report something.
    #[n(4)]
    Reporting,
    /// What is true instead of a rumour.
    #[n(5)]
    Correction,
}

impl Topic {
    pub const ALL: [Self; 6] =
        [Self::Safety, Self::Station, Self::Guards, Self::Help, Self::Reporting, Self::Correction];

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Safety => "safety",
            Self::Station => "station",
            Self::Guards => "guards",
            Self::Help => "help",
            Self::Reporting => "reporting",
            Self::Correction => "correction",
        }
    }

    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// What a correction rests on.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Fact {
    /// An incident that was judged verified, or false.
    #[n(0)]
    Incident(#[n(0)] incident::Key),
    /// A citizen's report that was judged verified, or false.
    #[n(1)]
    Report(#[n(0)] EventRef),
}

impl Fact {
    /// Whether somebody has found out, and nobody says otherwise.
    #[must_use]
    pub fn is_known(&self, state: &State) -> bool {
        let phase = match self {
            Self::Incident(key) => {
                state.incidents.get(key).map_or("Open", incident::Record::finding_phase)
            }
            Self::Report(at) => {
                let record = state.reports.get(*at);
                let told = record.filter(|record| {
                    record.report().is_some_and(|(it, _)| it.matter == incident::Matter::Incident)
                });
                told.map_or("Open", crate::report::Record::finding_phase)
            }
        };
        matches!(phase, "Verified" | "False")
    }
}

/// What one language says.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Text {
    #[n(0)]
    pub language: Language,
    #[n(1)]
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Draft {
    #[n(0)]
    pub topic: Topic,
    /// What people call it.
    #[n(1)]
    pub name: String,
    /// Each once.
    #[n(2)]
    pub channels: Vec<Channel>,
    /// The first day and the last.
    #[n(3)]
    pub from: Date,
    #[n(4)]
    pub until: Date,
    #[n(5)]
    pub reach_planned: u64,
    #[n(6)]
    pub cost_rs: u64,
    /// Of a correction, and of nothing else.
    #[n(7)]
    pub fact: Option<Fact>,
    /// Each language once.
    #[n(8)]
    pub texts: Vec<Text>,
}

/// How many people it reached by one channel, and how that is known.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Measure {
    #[n(0)]
    pub channel: Channel,
    #[n(1)]
    pub reached: u64,
    #[n(2)]
    pub spent_rs: u64,
    #[n(3)]
    pub on: Date,
    /// A survey, a count of what was put up, calls that were answered.
    #[n(4)]
    pub how: String,
}

/// The very text that an approval lets out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Released {
    #[n(0)]
    pub language: Language,
    /// The entry that wrote it.
    #[n(1)]
    pub text: EventRef,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Draft {
        area: AreaId,
        draft: Box<Draft>,
    },
    /// Writes a language, or writes it anew: whoever read it before reads it again.
    Write {
        campaign: EventRef,
        text: Text,
    },
    /// A native reader's word that the text says what it should. `area` is where the reader holds a role.
    Sign {
        area: AreaId,
        campaign: EventRef,
        language: Language,
    },
    /// A reader's word that it does not; the language is blocked until it is written anew.
    Fault {
        area: AreaId,
        campaign: EventRef,
        language: Language,
        note: String,
    },
    /// Lets out every language that two readers have signed.
    Approve {
        campaign: EventRef,
    },
    Refuse {
        campaign: EventRef,
        reason: String,
    },
    Stop {
        campaign: EventRef,
        reason: String,
    },
    /// `area` is the campaign's own or lies in it.
    Measure {
        area: AreaId,
        campaign: EventRef,
        measure: Measure,
    },
}

impl Command {
    pub(crate) fn permission(&self) -> &'static str {
        match self {
            Self::Draft { .. } | Self::Write { .. } => row::CAMPAIGN_EDIT,
            Self::Sign { .. } | Self::Fault { .. } => row::CAMPAIGN_READ,
            Self::Approve { .. } | Self::Refuse { .. } => row::CAMPAIGN_APPROVE,
            Self::Stop { .. } => row::CAMPAIGN_STOP,
            Self::Measure { .. } => row::CAMPAIGN_MEASURE,
        }
    }

    pub(crate) fn area<'a>(&'a self, state: &'a State) -> Option<&'a AreaId> {
        match self {
            Self::Draft { area, .. }
            | Self::Sign { area, .. }
            | Self::Fault { area, .. }
            | Self::Measure { area, .. } => Some(area),
            Self::Write { campaign, .. }
            | Self::Approve { campaign }
            | Self::Refuse { campaign, .. }
            | Self::Stop { campaign, .. } => state.campaigns.area_of(*campaign),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(3000)]
    Drafted(#[n(0)] Box<Draft>),
    #[n(3001)]
    Written {
        #[n(0)]
        campaign: EventRef,
        #[n(1)]
        text: Text,
    },
    #[n(3002)]
    Signed {
        #[n(0)]
        campaign: EventRef,
        #[n(1)]
        language: Language,
        /// The entry that wrote the text, and who did.
        #[n(2)]
        text: EventRef,
        #[n(3)]
        written_by: PersonId,
    },
    #[n(3003)]
    Faulted {
        #[n(0)]
        campaign: EventRef,
        #[n(1)]
        language: Language,
        #[n(2)]
        text: EventRef,
        #[n(3)]
        note: String,
    },
    #[n(3004)]
    Approved {
        #[n(0)]
        campaign: EventRef,
        #[n(1)]
        drafted_by: PersonId,
        #[n(2)]
        texts: Vec<Released>,
    },
    #[n(3005)]
    Refused {
        #[n(0)]
        campaign: EventRef,
        #[n(1)]
        reason: String,
    },
    #[n(3006)]
    Stopped {
        #[n(0)]
        campaign: EventRef,
        #[n(1)]
        reason: String,
    },
    #[n(3007)]
    Measured {
        #[n(0)]
        campaign: EventRef,
        #[n(1)]
        measure: Measure,
    },
}

impl Event {
    pub(crate) fn kind(&self) -> u32 {
        match self {
            Self::Drafted(_) => 3000,
            Self::Written { .. } => 3001,
            Self::Signed { .. } => 3002,
            Self::Faulted { .. } => 3003,
            Self::Approved { .. } => 3004,
            Self::Refused { .. } => 3005,
            Self::Stopped { .. } => 3006,
            Self::Measured { .. } => 3007,
        }
    }

    pub(crate) fn permission(&self) -> &'static str {
        match self {
            Self::Drafted(_) | Self::Written { .. } => row::CAMPAIGN_EDIT,
            Self::Signed { .. } | Self::Faulted { .. } => row::CAMPAIGN_READ,
            Self::Approved { .. } | Self::Refused { .. } => row::CAMPAIGN_APPROVE,
            Self::Stopped { .. } => row::CAMPAIGN_STOP,
            Self::Measured { .. } => row::CAMPAIGN_MEASURE,
        }
    }

    pub(crate) fn campaign(&self) -> Option<EventRef> {
        match self {
            Self::Drafted(_) => None,
            Self::Written { campaign, .. }
            | Self::Signed { campaign, .. }
            | Self::Faulted { campaign, .. }
            | Self::Approved { campaign, .. }
            | Self::Refused { campaign, .. }
            | Self::Stopped { campaign, .. }
            | Self::Measured { campaign, .. } => Some(*campaign),
        }
    }

    /// The campaign whose area the entry's is: readers and those who measure speak from their own.
    pub(crate) fn bound_to(&self) -> Option<EventRef> {
        match self {
            Self::Drafted(_)
            | Self::Signed { .. }
            | Self::Faulted { .. }
            | Self::Measured { .. } => None,
            Self::Written { campaign, .. }
            | Self::Approved { campaign, .. }
            | Self::Refused { campaign, .. }
            | Self::Stopped { campaign, .. } => Some(*campaign),
        }
    }

    /// The first person's act that this one approves as the second.
    pub(crate) fn approves(&self) -> Option<EventRef> {
        if let Self::Approved { campaign, .. } = self { Some(*campaign) } else { None }
    }

    pub(crate) fn first_mark<'a>(&self, state: &'a State) -> Option<&'a Mark> {
        state.campaigns.get(self.approves()?)?.told().map(|(_, mark)| mark)
    }

    /// Whose work this one looks at: of an approval whoever drafted, of a signature whoever wrote the text.
    pub(crate) fn earlier_act<'a>(&self, state: &'a State) -> Option<crate::authorise::Act<'a>> {
        let person = match self {
            Self::Approved { campaign, .. } => &state.campaigns.get(*campaign)?.told()?.1.person,
            Self::Signed { campaign, language, text, .. } => {
                &state.campaigns.record(*campaign)?.writer(*language, *text)?.person
            }
            Self::Drafted(_)
            | Self::Written { .. }
            | Self::Faulted { .. }
            | Self::Refused { .. }
            | Self::Stopped { .. }
            | Self::Measured { .. } => return None,
        };
        Some(crate::authorise::Act { person, permission: row::CAMPAIGN_EDIT })
    }

    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        match self {
            Self::Drafted(draft) => {
                see(Piece::Name(&draft.name));
                match &draft.fact {
                    Some(Fact::Incident(key)) => {
                        see(Piece::Area(&key.area));
                        see(Piece::incident(&key.incident));
                    }
                    Some(Fact::Report(_)) | None => {}
                }
                for text in &draft.texts {
                    see(Piece::Required(&text.text));
                }
            }
            Self::Written { text, .. } => see(Piece::Required(&text.text)),
            Self::Signed { written_by: person, .. } | Self::Approved { drafted_by: person, .. } => {
                see(Piece::person(person));
            }
            Self::Faulted { note: text, .. }
            | Self::Refused { reason: text, .. }
            | Self::Stopped { reason: text, .. } => see(Piece::Required(text)),
            Self::Measured { measure, .. } => see(Piece::Required(&measure.how)),
        }
    }
}

#[cfg(test)]
mod tests;
