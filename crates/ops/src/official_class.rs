//! The class that an authority gives a station. Classes stand side by side with source and date; none is ever
//! overwritten. One person proposes, another approves; within ten days before the poll the approval names a
//! second person who is neither.

use crate::{
    conflict::{self, Conflict, ConflictKind, Describe, Noun, Side},
    content::Piece,
    event,
    refusal::{Refusal, RefusalCode},
    register::{Head, Reading, Register},
    stamp::{Context, Decided, EventRef, Mark, Stamped},
    state::State,
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, ConstituencyId, Date, PersonId, StationId, UnixMs, risk::RiskClass};
use std::collections::BTreeMap;

/// From so many days before a poll a class changes only with a further person (DOMAIN §4, guardrail 1).
pub const LATE_DAYS: i32 = 10;

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct ClassRecord {
    #[n(0)]
    pub station: StationId,
    /// To find the poll whose date makes the change late; none: the election's date counts.
    #[n(1)]
    pub constituency: Option<ConstituencyId>,
    #[n(2)]
    pub class: RiskClass,
    /// The authority and its paper.
    #[n(3)]
    pub source: String,
    #[n(4)]
    pub as_of: Date,
    #[n(5)]
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Propose {
        area: AreaId,
        record: ClassRecord,
    },
    /// `second` is required within ten days before the poll.
    Approve {
        proposal: EventRef,
        second: Option<PersonId>,
    },
    Reject {
        proposal: EventRef,
        reason: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(500)]
    Proposed(#[n(0)] ClassRecord),
    /// Names the proposer, the second person where the change is late, and the day of poll that the approver went
    /// by: whether it was late can be told from the entry alone, on every node alike.
    #[n(501)]
    Approved {
        #[n(0)]
        proposal: EventRef,
        #[n(1)]
        proposed_by: PersonId,
        #[n(2)]
        second: Option<PersonId>,
        #[n(3)]
        poll_date: Option<Date>,
    },
    #[n(502)]
    Rejected {
        #[n(0)]
        proposal: EventRef,
        #[n(1)]
        reason: String,
    },
}

impl Event {
    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        match self {
            Self::Proposed(record) => {
                see(Piece::station(&record.station));
                if let Some(constituency) = &record.constituency {
                    see(Piece::constituency(constituency));
                }
                see(Piece::Required(&record.source));
                see(Piece::Required(&record.reason));
            }
            Self::Approved { proposed_by, second, .. } => {
                see(Piece::person(proposed_by));
                if let Some(second) = second {
                    see(Piece::person(second));
                }
            }
            Self::Rejected { reason, .. } => see(Piece::Required(reason)),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Answer {
    #[n(0)]
    Proposed,
    #[n(1)]
    Approved,
    #[n(2)]
    Rejected,
}

impl Answer {
    /// `proposed`, `approved` or `rejected`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }
}

impl Describe for Answer {
    fn word(&self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }
}

/// A proposal and its answer. `proposed` is none as long as only answers have arrived.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Proposal {
    #[n(0)]
    pub proposed: Option<(ClassRecord, Mark)>,
    #[n(1)]
    pub answer: Register<Answer>,
    /// Second persons named by approvals, in the order of the entries' names.
    #[n(2)]
    pub seconds: BTreeMap<EventRef, PersonId>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct OfficialClasses {
    #[n(0)]
    proposals: BTreeMap<EventRef, Proposal>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Unknown,
    Proposed,
    Approved,
    Rejected,
    Disputed,
}

impl OfficialClasses {
    #[must_use]
    pub fn phase(&self, proposal: EventRef) -> Phase {
        match self.proposals.get(&proposal).map(|found| found.answer.reading()) {
            None | Some(Reading::Empty) => Phase::Unknown,
            Some(Reading::Agreed(Answer::Proposed)) => Phase::Proposed,
            Some(Reading::Agreed(Answer::Approved)) => Phase::Approved,
            Some(Reading::Agreed(Answer::Rejected)) => Phase::Rejected,
            Some(Reading::Disputed) => Phase::Disputed,
        }
    }

    pub fn proposals(&self) -> impl Iterator<Item = (EventRef, &Proposal)> {
        self.proposals.iter().map(|(at, proposal)| (*at, proposal))
    }

    /// All approved classes of a station, side by side.
    pub fn approved<'a>(
        &'a self,
        station: &'a StationId,
    ) -> impl Iterator<Item = (EventRef, &'a ClassRecord, &'a Mark)> {
        self.proposals.iter().filter_map(move |(at, proposal)| {
            let (record, mark) = proposal.proposed.as_ref()?;
            let approved = proposal.answer.agreed() == Some(&Answer::Approved);
            (approved && record.station == *station).then_some((*at, record, mark))
        })
    }

    /// The class that counts for forces: of the latest `as_of`; none when there is none or when authorities of
    /// the same day differ.
    #[must_use]
    pub fn current(&self, station: &StationId) -> Option<RiskClass> {
        let latest = self.approved(station).map(|(_, record, _)| record.as_of).max()?;
        let mut classes = self
            .approved(station)
            .filter(|(_, record, _)| record.as_of == latest)
            .map(|(_, record, _)| record.class);
        let first = classes.next()?;
        classes.all(|class| class == first).then_some(first)
    }

    /// The current class of every station that has one here.
    #[must_use]
    pub fn all_current(&self) -> BTreeMap<StationId, RiskClass> {
        let mut latest: BTreeMap<&StationId, (Date, Option<RiskClass>)> = BTreeMap::new();
        for proposal in self.proposals.values() {
            let Some((record, _)) = &proposal.proposed else { continue };
            if proposal.answer.agreed() != Some(&Answer::Approved) {
                continue;
            }
            let (as_of, class) =
                latest.entry(&record.station).or_insert((record.as_of, Some(record.class)));
            if record.as_of > *as_of {
                (*as_of, *class) = (record.as_of, Some(record.class));
            } else if record.as_of == *as_of && *class != Some(record.class) {
                *class = None;
            }
        }
        let certain = |(station, (_, class)): (&StationId, (Date, Option<RiskClass>))| {
            Some((station.clone(), class?))
        };
        latest.into_iter().filter_map(certain).collect()
    }

    pub(crate) fn get(&self, proposal: EventRef) -> Option<(&Proposal, &ClassRecord, &Mark)> {
        let found = self.proposals.get(&proposal)?;
        let (record, mark) = found.proposed.as_ref()?;
        Some((found, record, mark))
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        let (proposal, value, note) = match event {
            Event::Proposed(record) => {
                let found = self.proposals.entry(stamped.at).or_default();
                found.proposed = Some((record.clone(), stamped.mark()));
                (stamped.at, Answer::Proposed, record.reason.clone())
            }
            Event::Approved { proposal, second, .. } => {
                let found = self.proposals.entry(*proposal).or_default();
                if let Some(second) = second {
                    found.seconds.insert(stamped.at, second.clone());
                }
                (*proposal, Answer::Approved, String::new())
            }
            Event::Rejected { proposal, reason } => (*proposal, Answer::Rejected, reason.clone()),
        };
        let head = Head { mark: stamped.mark(), value, note };
        let found = self.proposals.entry(proposal).or_default();
        found.answer.write(stamped.at, &stamped.supersedes, head);
    }

    pub(crate) fn conflicts(&self) -> Vec<Conflict> {
        let answers = self.proposals.iter().filter_map(|(at, proposal)| {
            let subject = match &proposal.proposed {
                Some((record, _)) => format!("{} {}", record.station, record.class.word()),
                None => at.to_string(),
            };
            conflict::of_register(Noun::OfficialClass, subject, &proposal.answer)
        });
        answers.chain(self.same_day_conflicts()).collect()
    }

    /// Approved classes of one station, of the same latest day, that differ.
    fn same_day_conflicts(&self) -> Vec<Conflict> {
        let certain = self.all_current();
        let mut approved: BTreeMap<&StationId, Vec<(EventRef, &ClassRecord, &Mark)>> =
            BTreeMap::new();
        for (at, proposal) in &self.proposals {
            let Some((record, mark)) = &proposal.proposed else { continue };
            let counts = proposal.answer.agreed() == Some(&Answer::Approved);
            if counts && !certain.contains_key(&record.station) {
                approved.entry(&record.station).or_default().push((*at, record, mark));
            }
        }
        approved
            .into_iter()
            .map(|(station, mut records)| {
                let latest = records.iter().map(|(_, record, _)| record.as_of).max();
                records.retain(|(_, record, _)| Some(record.as_of) == latest);
                Conflict {
                    noun: Noun::OfficialClass,
                    kind: ConflictKind::DecidedApart,
                    subject: station.to_string(),
                    sides: records.into_iter().map(side).collect(),
                }
            })
            .collect()
    }
}

fn side((at, record, mark): (EventRef, &ClassRecord, &Mark)) -> Side {
    Side {
        at,
        mark: mark.clone(),
        word: record.class.word(),
        detail: format!("{} · {}", record.source, record.as_of),
        note: record.reason.clone(),
    }
}

impl Describe for RiskClass {
    fn word(&self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Sensitive => "sensitive",
            Self::Most => "most-sensitive",
        }
    }
}

/// The day of poll that a class change at this moment has to mind: the next one of the station or its
/// constituency where polls are on record for them, else the election's day. None after the last.
#[must_use]
pub fn poll_date(state: &State, record: &ClassRecord, at: UnixMs) -> Option<Date> {
    let today = Date::of_pkt(at);
    let own: Vec<Date> =
        state.polls.dates_for(&record.station, record.constituency.as_ref()).collect();
    if own.is_empty() {
        let dates = state.elections.register().heads().map(|(_, head)| head.value.date);
        return dates.filter(|date| *date >= today).min();
    }
    own.into_iter().filter(|date| *date >= today).min()
}

/// Whether a moment is within ten days before a day of poll, or on it.
#[must_use]
pub fn late_for(date: Date, at: UnixMs) -> bool {
    let today = Date::of_pkt(at);
    today >= date.plus_days(-LATE_DAYS) && today <= date
}

/// The rule of two, and of three when it is late. Holds for local and remote approvals.
pub(crate) fn check_persons(
    late: bool,
    approver: &PersonId,
    proposed_by: &PersonId,
    second: Option<&PersonId>,
) -> Result<(), Refusal> {
    if approver == proposed_by || second.is_some_and(|s| s == approver || s == proposed_by) {
        return Err(Refusal::of(RefusalCode::SamePersonTwice, approver));
    }
    if late && second.is_none() {
        return Err(Refusal::of(RefusalCode::ClassChangeLate, LATE_DAYS));
    }
    Ok(())
}

pub(crate) fn decide(
    state: &State,
    context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    match command {
        Command::Propose { area, record } => {
            state.elections.admits(&record.station)?;
            let event = event::Event::OfficialClass(Event::Proposed(record.clone()));
            Ok(Decided::over(&event, area, &[]))
        }
        Command::Approve { proposal, second } => {
            let (found, record, mark) = pending(state, *proposal)?;
            let poll_date = poll_date(state, record, context.at);
            let late = poll_date.is_some_and(|date| late_for(date, context.at));
            check_persons(late, &context.actor.person, &mark.person, second.as_ref())?;
            let event = Event::Approved {
                proposal: *proposal,
                proposed_by: mark.person.clone(),
                second: second.clone(),
                poll_date,
            };
            let event = event::Event::OfficialClass(event);
            Ok(Decided::over(&event, &mark.area, &found.answer.refs()))
        }
        Command::Reject { proposal, reason } => {
            let (found, _, mark) = pending(state, *proposal)?;
            let event = Event::Rejected { proposal: *proposal, reason: reason.clone() };
            let event = event::Event::OfficialClass(event);
            Ok(Decided::over(&event, &mark.area, &found.answer.refs()))
        }
    }
}

/// A proposal that waits, or whose answers contradict each other: answering again settles it.
fn pending(state: &State, proposal: EventRef) -> Result<(&Proposal, &ClassRecord, &Mark), Refusal> {
    match state.official_classes.phase(proposal) {
        Phase::Proposed | Phase::Disputed => state
            .official_classes
            .get(proposal)
            .ok_or_else(|| Refusal::of(RefusalCode::NotKnown, proposal)),
        Phase::Unknown => Err(Refusal::of(RefusalCode::NotKnown, proposal)),
        Phase::Approved | Phase::Rejected => {
            Err(Refusal::of(RefusalCode::ClassNotProposed, proposal))
        }
    }
}

#[cfg(test)]
mod tests;
