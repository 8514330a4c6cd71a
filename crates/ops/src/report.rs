//! What a citizen tells: received, triaged, verified or not, merged into an incident by a person, answered within the
//! hour, closed. By schema there is no place for who told it.
//!
//! A report names nobody and nothing that leads to them: no address, no number, no moment finer than an hour, no place
//! finer than a station, and that only when nobody who guards it is spoken of. What names those who guard comes sealed
//! and is a complaint, which control rooms neither read nor handle. How to reach the reporter, if they want to be
//! reached, is an entry of its own, sealed, so that it can be deleted alone.

mod decide;
pub mod receipt;
mod record;
pub mod suggest;
pub mod word;

pub(crate) use decide::{check_references, check_role, decide};
pub use record::{Answered, Phase, Progress, Record, Reports, incident_key};

use crate::{
    content::Piece,
    incident::{Basis, Finding, Matter},
    order::Priority,
    refusal::{Refusal, RefusalCode},
    stamp::{EventRef, Hash32},
    word::words,
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, ConstituencyId, IncidentId, StationId, UnixMs, role::Role};

/// Longest text of a report in the clear, in bytes: a letter of Urdu takes two.
pub const TEXT_BYTES_MAX: usize = 2_000;
/// Longest sealed text or contact.
pub const SEALED_BYTES_MAX: usize = 12_000;
/// An answer is owed within this.
pub const ANSWER_MS: i64 = 3_600_000;
/// Times of what happened are whole hours.
pub const HOUR_MS: i64 = 3_600_000;

words! {
    /// How a report came in.
    Door {
        Page = 0 "page",
        Sms = 1 "sms",
        Helpline = 2 "helpline",
        /// The complaint desk at the district returning officer's.
        Desk = 3 "desk",
        /// A slip of paper that somebody carried.
        Slip = 4 "slip",
    }
}

words! {
    /// What it is about, as the reporter chose.
    Topic {
        Closed = 0 "closed",
        TurnedAway = 1 "turned-away",
        Women = 2 "women",
        Violence = 3 "violence",
        /// What those who guard did.
        Guards = 4 "guards",
        Access = 5 "access",
        Material = 6 "material",
        Crowd = 7 "crowd",
        Rumour = 8 "rumour",
        Other = 9 "other",
    }
}

words! {
    /// The language that the reporter wrote or spoke.
    Language {
        English = 0 "en",
        Urdu = 1 "ur",
        Sindhi = 2 "sd",
        Pashto = 3 "ps",
        Punjabi = 4 "pa",
        Balochi = 5 "bal",
        Saraiki = 6 "skr",
    }
}

words! {
    /// What the desk answers. Closed, because an answer to a complaint stands in the clear.
    Answer {
        /// Those who are responsible have it before them.
        Passed = 0 "passed",
        Acted = 1 "acted",
        NotConfirmed = 2 "not-confirmed",
        /// Please tell it again, with place and hour.
        MoreNeeded = 3 "more-needed",
        Explained = 4 "explained",
    }
}

/// What was told.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Text {
    #[n(0)]
    Plain(#[n(0)] String),
    /// To the public desk, the commission's monitor and the district's returning officer.
    #[n(1)]
    Sealed(
        #[n(0)]
        #[cbor(with = "minicbor::bytes")]
        Vec<u8>,
    ),
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Report {
    /// Of the code that the reporter keeps.
    #[n(0)]
    pub receipt: Hash32,
    #[n(1)]
    pub door: Door,
    #[n(2)]
    pub topic: Topic,
    #[n(3)]
    pub matter: Matter,
    #[n(4)]
    pub constituency: Option<ConstituencyId>,
    /// Of a complaint it stands in the sealed text alone.
    #[n(5)]
    pub station: Option<StationId>,
    /// The hour in which it happened.
    #[n(6)]
    pub hour: Option<UnixMs>,
    #[n(7)]
    pub language: Language,
    #[n(8)]
    pub text: Text,
}

/// What every later act says, so that the right to it can be judged from the act alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct On {
    #[n(0)]
    pub report: EventRef,
    #[n(1)]
    pub matter: Matter,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Receive {
        area: AreaId,
        report: Report,
    },
    /// How to reach the reporter, sealed to the public desk.
    LeaveContact {
        on: On,
        sealed: Vec<u8>,
    },
    Act {
        on: On,
        deed: Deed,
    },
    /// Publishes the key to which what whoever acts may read is sealed.
    NameReader {
        area: AreaId,
        key: [u8; 32],
    },
    EndReader {
        reader: EventRef,
    },
}

/// What is done about a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    Triage {
        urgency: Priority,
    },
    Judge {
        finding: Finding,
        basis: Basis,
    },
    Merge {
        into: IncidentId,
    },
    /// Undoes a merge: the original was never gone.
    Part,
    /// The note is for reports whose text is no secret.
    Answer {
        answer: Answer,
        note: String,
    },
    Close,
    OpenContact {
        reason: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(2020)]
    Received(#[n(0)] Report),
    #[n(2021)]
    ContactLeft {
        #[n(0)]
        on: On,
        #[n(1)]
        #[cbor(with = "minicbor::bytes")]
        sealed: Vec<u8>,
    },
    #[n(2022)]
    Triaged {
        #[n(0)]
        on: On,
        #[n(1)]
        urgency: Priority,
    },
    #[n(2023)]
    Judged {
        #[n(0)]
        on: On,
        #[n(1)]
        finding: Finding,
        #[n(2)]
        basis: Basis,
    },
    #[n(2024)]
    Merged {
        #[n(0)]
        on: On,
        #[n(1)]
        into: IncidentId,
    },
    #[n(2025)]
    Parted {
        #[n(0)]
        on: On,
    },
    #[n(2026)]
    Answered {
        #[n(0)]
        on: On,
        #[n(1)]
        answer: Answer,
        #[n(2)]
        note: String,
    },
    #[n(2027)]
    Closed {
        #[n(0)]
        on: On,
    },
    #[n(2028)]
    ContactOpened {
        #[n(0)]
        on: On,
        #[n(1)]
        reason: String,
    },
    #[n(2029)]
    ReaderNamed {
        #[n(0)]
        #[cbor(with = "minicbor::bytes")]
        key: [u8; 32],
    },
    #[n(2030)]
    ReaderEnded {
        #[n(0)]
        reader: EventRef,
    },
}

impl Event {
    #[must_use]
    pub fn kind(&self) -> u32 {
        match self {
            Self::Received(_) => 2020,
            Self::ContactLeft { .. } => 2021,
            Self::Triaged { .. } => 2022,
            Self::Judged { .. } => 2023,
            Self::Merged { .. } => 2024,
            Self::Parted { .. } => 2025,
            Self::Answered { .. } => 2026,
            Self::Closed { .. } => 2027,
            Self::ContactOpened { .. } => 2028,
            Self::ReaderNamed { .. } => 2029,
            Self::ReaderEnded { .. } => 2030,
        }
    }

    /// What a later act is about; none for a report and for readers.
    #[must_use]
    pub fn on(&self) -> Option<On> {
        match self {
            Self::Received(_) | Self::ReaderNamed { .. } | Self::ReaderEnded { .. } => None,
            Self::ContactLeft { on, .. }
            | Self::Triaged { on, .. }
            | Self::Judged { on, .. }
            | Self::Merged { on, .. }
            | Self::Parted { on }
            | Self::Answered { on, .. }
            | Self::Closed { on }
            | Self::ContactOpened { on, .. } => Some(*on),
        }
    }

    /// Whose business it is; none of readers.
    #[must_use]
    pub fn matter(&self) -> Option<Matter> {
        match self {
            Self::Received(report) => Some(report.matter),
            Self::ContactLeft { .. }
            | Self::Triaged { .. }
            | Self::Judged { .. }
            | Self::Merged { .. }
            | Self::Parted { .. }
            | Self::Answered { .. }
            | Self::Closed { .. }
            | Self::ContactOpened { .. }
            | Self::ReaderNamed { .. }
            | Self::ReaderEnded { .. } => self.on().map(|on| on.matter),
        }
    }

    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        match self {
            Self::Received(report) => {
                if let Some(id) = &report.constituency {
                    see(Piece::constituency(id));
                }
                if let Some(id) = &report.station {
                    see(Piece::station(id));
                }
                if let Text::Plain(text) = &report.text {
                    see(Piece::Required(text));
                }
            }
            Self::Merged { into, .. } => see(Piece::incident(into)),
            Self::Answered { note, .. } => see(Piece::Optional(note)),
            Self::ContactOpened { reason, .. } => see(Piece::Required(reason)),
            Self::ContactLeft { .. }
            | Self::Triaged { .. }
            | Self::Judged { .. }
            | Self::Parted { .. }
            | Self::Closed { .. }
            | Self::ReaderNamed { .. }
            | Self::ReaderEnded { .. } => {}
        }
    }
}

/// The roles to whose keys complaints are sealed.
pub const READERS: [&str; 3] = ["PUBDESK", "ECP-MON", "DRO"];
/// The role to whose keys it is sealed how a reporter can be reached.
pub const CONTACT_READER: &str = "PUBDESK";

/// Whether a role may have a reading key.
#[must_use]
pub fn may_read(role: &Role) -> bool {
    READERS.contains(&role.as_str())
}

/// What must hold of a report and of what is done about it, whoever sent it.
pub(crate) fn check(event: &Event) -> Result<(), Refusal> {
    let wrong = |code| Err(Refusal::of(code, event.kind()));
    match event {
        Event::Received(report) => check_report(report),
        Event::ContactLeft { sealed, .. } => check_sealed(sealed),
        Event::Judged { finding: Finding::Verified, basis: Basis::Desk, .. } => {
            wrong(RefusalCode::SourcesTooFew)
        }
        Event::Answered { on, note, .. } if on.matter == Matter::Complaint && !note.is_empty() => {
            wrong(RefusalCode::NoteOnComplaint)
        }
        Event::Answered { note, .. } if word::mask(note) != *note => {
            wrong(RefusalCode::ContactInText)
        }
        Event::Triaged { .. }
        | Event::Judged { .. }
        | Event::Merged { .. }
        | Event::Parted { .. }
        | Event::Answered { .. }
        | Event::Closed { .. }
        | Event::ContactOpened { .. }
        | Event::ReaderNamed { .. }
        | Event::ReaderEnded { .. } => Ok(()),
    }
}

fn check_sealed(sealed: &[u8]) -> Result<(), Refusal> {
    if sealed.is_empty() || sealed.len() > SEALED_BYTES_MAX {
        return Err(Refusal::of(RefusalCode::TextNotSealed, sealed.len()));
    }
    Ok(())
}

fn check_report(report: &Report) -> Result<(), Refusal> {
    if report.hour.is_some_and(|at| at.0.rem_euclid(HOUR_MS) != 0) {
        return Err(Refusal::of(RefusalCode::TimeTooFine, report.topic.name()));
    }
    match (&report.text, report.matter) {
        (Text::Sealed(sealed), Matter::Complaint) if report.station.is_none() => {
            check_sealed(sealed)
        }
        (Text::Plain(text), Matter::Incident) => {
            if report.topic == Topic::Guards || word::names_guards(text) {
                return Err(Refusal::of(RefusalCode::ComplaintInClear, report.topic.name()));
            }
            if text.len() > TEXT_BYTES_MAX {
                return Err(Refusal::of(RefusalCode::TextTooLong, text.len()));
            }
            if word::mask(text) != *text {
                return Err(Refusal::of(RefusalCode::ContactInText, report.topic.name()));
            }
            Ok(())
        }
        (Text::Sealed(_), Matter::Complaint) => {
            Err(Refusal::of(RefusalCode::PlaceTooFine, report.topic.name()))
        }
        (Text::Plain(_), Matter::Complaint) | (Text::Sealed(_), Matter::Incident) => {
            Err(Refusal::of(RefusalCode::ComplaintInClear, report.topic.name()))
        }
    }
}

#[cfg(test)]
mod tests;
