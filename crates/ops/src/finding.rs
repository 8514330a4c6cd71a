//! What was found wanting, and who mends it until when: after an exercise, in the account of a day, at any other time.
//!
//! A finding has one standing: charged to an owner, said to be done, closed by somebody else, or dropped. What was
//! decided apart stays side by side until somebody decides anew. The aims of an exercise stand beside them, each judged
//! once it is over. The words follow ISO 22398 (exercises) and HSEEP 2020 (improvement planning).

mod decide;

pub(crate) use decide::{check, check_owner, check_references, decide};

use crate::{
    conflict::{self, Conflict, Describe, Noun},
    content::Piece,
    permission as row,
    register::{Reading, Register},
    stamp::{EventRef, Mark, Stamped},
    state::State,
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, Date, PersonId, role::Role};
use std::collections::{BTreeMap, BTreeSet};

/// How it came to light.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Source {
    /// Seen by whoever signs.
    #[n(0)]
    Observed,
    /// In an exercise, or in the evaluation of one.
    #[n(1)]
    Exercise,
    /// A figure of the account missed its target: `K07`.
    #[n(2)]
    Figure(#[n(0)] String),
}

impl Source {
    /// A word for data and screens.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::Exercise => "exercise",
            Self::Figure(_) => "figure",
        }
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Finding {
    #[n(0)]
    pub source: Source,
    #[n(1)]
    pub text: String,
}

/// Who mends it, how, and until when.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Action {
    #[n(0)]
    pub text: String,
    /// Whoever holds this role in the finding's area, above it or below it.
    #[n(1)]
    pub owner: Role,
    #[n(2)]
    pub due: Date,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Record {
        area: AreaId,
        finding: Finding,
    },
    Charge {
        finding: EventRef,
        action: Action,
    },
    /// The owner says that it is done. `area` is where the owner holds the role.
    Finish {
        area: AreaId,
        finding: EventRef,
        note: String,
    },
    /// It is not: the action stands as before.
    Return {
        finding: EventRef,
        reason: String,
    },
    /// By another person than said that it is done.
    Close {
        finding: EventRef,
        note: String,
    },
    Drop {
        finding: EventRef,
        reason: String,
    },
    /// What an exercise is for.
    Aim {
        area: AreaId,
        text: String,
    },
    Judge {
        aim: EventRef,
        met: bool,
        note: String,
    },
}

impl Command {
    pub(crate) fn permission(&self) -> &'static str {
        match self {
            Self::Record { .. } => row::FINDING_RECORD,
            Self::Charge { .. } | Self::Return { .. } | Self::Drop { .. } => row::FINDING_CHARGE,
            Self::Finish { .. } => row::FINDING_ANSWER,
            Self::Close { .. } => row::FINDING_CLOSE,
            Self::Aim { .. } | Self::Judge { .. } => row::FINDING_AIM,
        }
    }

    pub(crate) fn area<'a>(&'a self, state: &'a State) -> Option<&'a AreaId> {
        match self {
            Self::Record { area, .. } | Self::Finish { area, .. } | Self::Aim { area, .. } => {
                Some(area)
            }
            Self::Charge { finding: at, .. }
            | Self::Return { finding: at, .. }
            | Self::Close { finding: at, .. }
            | Self::Drop { finding: at, .. }
            | Self::Judge { aim: at, .. } => state.findings.area_of(*at),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(2700)]
    Recorded(#[n(0)] Finding),
    #[n(2701)]
    Charged {
        #[n(0)]
        finding: EventRef,
        #[n(1)]
        action: Action,
    },
    #[n(2702)]
    Finished {
        #[n(0)]
        finding: EventRef,
        /// The entry that charged the owner.
        #[n(1)]
        charge: EventRef,
        #[n(2)]
        note: String,
    },
    #[n(2703)]
    Returned {
        #[n(0)]
        finding: EventRef,
        #[n(1)]
        charge: EventRef,
        #[n(2)]
        reason: String,
    },
    #[n(2704)]
    Closed {
        #[n(0)]
        finding: EventRef,
        /// The entry that said that it is done, and who wrote it.
        #[n(1)]
        finished: EventRef,
        #[n(2)]
        finished_by: PersonId,
        #[n(3)]
        note: String,
    },
    #[n(2705)]
    Dropped {
        #[n(0)]
        finding: EventRef,
        #[n(1)]
        reason: String,
    },
    #[n(2706)]
    Aimed {
        #[n(0)]
        text: String,
    },
    #[n(2707)]
    Judged {
        #[n(0)]
        aim: EventRef,
        #[n(1)]
        met: bool,
        #[n(2)]
        note: String,
    },
}

impl Event {
    pub(crate) fn kind(&self) -> u32 {
        match self {
            Self::Recorded(_) => 2700,
            Self::Charged { .. } => 2701,
            Self::Finished { .. } => 2702,
            Self::Returned { .. } => 2703,
            Self::Closed { .. } => 2704,
            Self::Dropped { .. } => 2705,
            Self::Aimed { .. } => 2706,
            Self::Judged { .. } => 2707,
        }
    }

    pub(crate) fn permission(&self) -> &'static str {
        match self {
            Self::Recorded(_) => row::FINDING_RECORD,
            Self::Charged { .. } | Self::Returned { .. } | Self::Dropped { .. } => {
                row::FINDING_CHARGE
            }
            Self::Finished { .. } => row::FINDING_ANSWER,
            Self::Closed { .. } => row::FINDING_CLOSE,
            Self::Aimed { .. } | Self::Judged { .. } => row::FINDING_AIM,
        }
    }

    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        match self {
            Self::Recorded(finding) => {
                if let Source::Figure(code) = &finding.source {
                    see(Piece::Name(code));
                }
                see(Piece::Required(&finding.text));
            }
            Self::Charged { action, .. } => {
                see(Piece::Required(&action.text));
                see(Piece::role(&action.owner));
            }
            Self::Finished { note: text, .. }
            | Self::Returned { reason: text, .. }
            | Self::Dropped { reason: text, .. }
            | Self::Aimed { text } => see(Piece::Required(text)),
            Self::Closed { finished_by, note, .. } => {
                see(Piece::person(finished_by));
                see(Piece::Optional(note));
            }
            Self::Judged { note, .. } => see(Piece::Optional(note)),
        }
    }

    /// Whoever said that it is done, of an entry that closes.
    pub(crate) fn finisher<'a>(&self, state: &'a State) -> Option<&'a PersonId> {
        let Self::Closed { finding, finished, .. } = self else { return None };
        let word = state.findings.records.get(finding)?.finished.get(finished)?;
        Some(&word.mark.person)
    }

    /// The finding or the aim that it speaks of, if that is another entry, and whether its area is that one's: an owner
    /// speaks from their own.
    pub(crate) fn bound_to(&self) -> Option<EventRef> {
        match self {
            Self::Recorded(_) | Self::Aimed { .. } | Self::Finished { .. } => None,
            Self::Charged { finding: at, .. }
            | Self::Returned { finding: at, .. }
            | Self::Closed { finding: at, .. }
            | Self::Dropped { finding: at, .. }
            | Self::Judged { aim: at, .. } => Some(*at),
        }
    }
}

/// Where a finding stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Standing {
    /// By the entry that charged its owner.
    #[n(0)]
    Charged(#[n(0)] EventRef),
    /// By the entry that says so.
    #[n(1)]
    Finished(#[n(0)] EventRef),
    /// By the entry that said that it was done.
    #[n(2)]
    Closed(#[n(0)] EventRef),
    #[n(3)]
    Dropped,
}

impl Standing {
    /// A word for data and screens.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Charged(_) => "charged",
            Self::Finished(_) => "finished",
            Self::Closed(_) => "closed",
            Self::Dropped => "dropped",
        }
    }
}

impl Describe for Standing {
    fn word(&self) -> &'static str {
        self.name()
    }
}

/// The owner's word that it is done.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
struct Word {
    #[n(0)]
    charge: EventRef,
    #[n(1)]
    mark: Mark,
}

/// All that is known of one finding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Record {
    /// None as long as only what follows from it has arrived.
    #[n(0)]
    told: Option<(Finding, Mark)>,
    #[n(1)]
    standing: Register<Standing>,
    #[n(2)]
    charges: BTreeMap<EventRef, (Action, Mark)>,
    #[n(3)]
    finished: BTreeMap<EventRef, Word>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Unknown,
    /// Nobody is charged with it.
    Found,
    Charged,
    /// The day on which it was due is over.
    Overdue,
    /// Its owner says that it is done; nobody else has looked.
    Finished,
    Closed,
    Dropped,
    /// Decided apart.
    Disputed,
}

impl Phase {
    pub const ALL: [Self; 8] = [
        Self::Unknown,
        Self::Found,
        Self::Charged,
        Self::Overdue,
        Self::Finished,
        Self::Closed,
        Self::Dropped,
        Self::Disputed,
    ];

    /// A word for data and screens.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Found => "found",
            Self::Charged => "charged",
            Self::Overdue => "overdue",
            Self::Finished => "finished",
            Self::Closed => "closed",
            Self::Dropped => "dropped",
            Self::Disputed => "disputed",
        }
    }

    /// The phase of a word.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.name() == word)
    }

    /// How it stands in words for paper, in English and in Urdu.
    #[must_use]
    pub fn said(self) -> (&'static str, &'static str) {
        match self {
            Self::Unknown => ("not recorded", "درج نہیں"),
            Self::Found => ("nobody is charged", "کوئی ذمہ دار نہیں"),
            Self::Charged => ("charged", "ذمہ داری دی گئی"),
            Self::Overdue => ("overdue", "مدت گزر گئی"),
            Self::Finished => ("said to be done", "مکمل بتایا گیا"),
            Self::Closed => ("closed", "بند"),
            Self::Dropped => ("dropped", "ختم"),
            Self::Disputed => ("decided apart", "متضاد فیصلے"),
        }
    }

    /// Whether somebody still has to do something about it.
    #[must_use]
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Closed | Self::Dropped | Self::Unknown)
    }
}

impl Record {
    #[must_use]
    pub fn told(&self) -> Option<&(Finding, Mark)> {
        self.told.as_ref()
    }

    /// The phase on a day.
    #[must_use]
    pub fn phase(&self, today: Date) -> Phase {
        if self.told.is_none() {
            return Phase::Unknown;
        }
        match self.standing.reading() {
            Reading::Empty => Phase::Found,
            Reading::Disputed => Phase::Disputed,
            Reading::Agreed(Standing::Charged(charge)) => match self.charges.get(charge) {
                Some((action, _)) if action.due < today => Phase::Overdue,
                Some(_) | None => Phase::Charged,
            },
            Reading::Agreed(Standing::Finished(_)) => Phase::Finished,
            Reading::Agreed(Standing::Closed(_)) => Phase::Closed,
            Reading::Agreed(Standing::Dropped) => Phase::Dropped,
        }
    }

    /// The action that counts, with the entry that charges its owner: of what was decided apart, or of what is closed,
    /// the latest.
    #[must_use]
    pub fn action(&self) -> Option<(EventRef, &Action, &Mark)> {
        let standing: BTreeSet<EventRef> = self
            .standing
            .heads()
            .filter_map(|(_, head)| match head.value {
                Standing::Charged(charge) => Some(charge),
                Standing::Finished(at) | Standing::Closed(at) => {
                    self.finished.get(&at).map(|word| word.charge)
                }
                Standing::Dropped => None,
            })
            .collect();
        let counts = self.charges.iter().filter(|(at, _)| standing.contains(at));
        let latest = counts.max_by_key(|(at, (_, mark))| (mark.clock_ms, **at));
        latest.map(|(at, (action, mark))| (*at, action, mark))
    }

    /// What stands, each with who said it and their words: several where it was decided apart.
    pub fn words(&self) -> impl Iterator<Item = (Standing, &Mark, &str)> {
        self.standing.heads().map(|(_, head)| (head.value, &head.mark, head.note.as_str()))
    }
}

/// What an exercise is for, and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Aim {
    #[n(0)]
    told: Option<(String, Mark)>,
    #[n(1)]
    verdict: Register<Verdict>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Verdict {
    #[n(0)]
    Missed,
    #[n(1)]
    Met,
}

impl Describe for Verdict {
    fn word(&self) -> &'static str {
        match self {
            Self::Missed => "missed",
            Self::Met => "met",
        }
    }
}

impl Aim {
    #[must_use]
    pub fn told(&self) -> Option<&(String, Mark)> {
        self.told.as_ref()
    }

    /// `open`, `met`, `missed`, or `disputed`.
    #[must_use]
    pub fn verdict(&self) -> &'static str {
        match self.verdict.reading() {
            Reading::Empty => "open",
            Reading::Agreed(verdict) => verdict.word(),
            Reading::Disputed => "disputed",
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Findings {
    #[n(0)]
    records: BTreeMap<EventRef, Record>,
    #[n(1)]
    aims: BTreeMap<EventRef, Aim>,
}

impl Findings {
    /// Every finding whose text is here, in the order of the entries' names.
    pub fn all(&self) -> impl Iterator<Item = (EventRef, &Finding, &Mark, &Record)> {
        self.records.iter().filter_map(|(at, record)| {
            let (finding, mark) = record.told.as_ref()?;
            Some((*at, finding, mark, record))
        })
    }

    #[must_use]
    pub fn get(&self, finding: EventRef) -> Option<&Record> {
        self.records.get(&finding).filter(|record| record.told.is_some())
    }

    /// Every aim whose text is here.
    pub fn aims(&self) -> impl Iterator<Item = (EventRef, &str, &Mark, &Aim)> {
        self.aims.iter().filter_map(|(at, aim)| {
            let (text, mark) = aim.told.as_ref()?;
            Some((*at, text.as_str(), mark, aim))
        })
    }

    /// The area of a finding or an aim.
    #[must_use]
    pub fn area_of(&self, at: EventRef) -> Option<&AreaId> {
        let finding = self.records.get(&at).and_then(|record| record.told.as_ref());
        let aim = || self.aims.get(&at).and_then(|aim| aim.told.as_ref()).map(|(_, mark)| mark);
        finding.map(|(_, mark)| mark).or_else(aim).map(|mark| &mark.area)
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        let at = stamped.at;
        match event {
            Event::Recorded(finding) => {
                self.record(at).told = Some((finding.clone(), stamped.mark()));
            }
            Event::Charged { finding, action } => {
                let record = self.record(*finding);
                record.charges.insert(at, (action.clone(), stamped.mark()));
                record.standing.put(stamped, Standing::Charged(at), "");
            }
            Event::Finished { finding, charge, note } => {
                let record = self.record(*finding);
                record.finished.insert(at, Word { charge: *charge, mark: stamped.mark() });
                record.standing.put(stamped, Standing::Finished(at), note);
            }
            Event::Returned { finding, charge, reason } => {
                let standing = Standing::Charged(*charge);
                self.record(*finding).standing.put(stamped, standing, reason);
            }
            Event::Closed { finding, finished, note, .. } => {
                let standing = Standing::Closed(*finished);
                self.record(*finding).standing.put(stamped, standing, note);
            }
            Event::Dropped { finding, reason } => {
                self.record(*finding).standing.put(stamped, Standing::Dropped, reason);
            }
            Event::Aimed { text } => {
                self.aims.entry(at).or_default().told = Some((text.clone(), stamped.mark()));
            }
            Event::Judged { aim, met, note } => {
                let verdict = if *met { Verdict::Met } else { Verdict::Missed };
                self.aims.entry(*aim).or_default().verdict.put(stamped, verdict, note);
            }
        }
    }

    fn record(&mut self, finding: EventRef) -> &mut Record {
        self.records.entry(finding).or_default()
    }

    pub(crate) fn conflicts(&self) -> Vec<Conflict> {
        let findings = self.records.iter();
        let findings =
            findings.filter_map(|(at, it)| conflict::of_register(Noun::Finding, at, &it.standing));
        let aims = self.aims.iter();
        findings
            .chain(
                aims.filter_map(|(at, it)| conflict::of_register(Noun::Finding, at, &it.verdict)),
            )
            .collect()
    }
}

#[cfg(test)]
mod tests;
