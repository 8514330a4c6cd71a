//! What is on record about campaigns, folded in any order.

use super::{Draft, Event, Measure, READERS, Released};
use crate::{
    conflict::{self, Conflict, Describe, Noun},
    register::{Reading, Register},
    stamp::{EventRef, Mark, Stamped},
    state::State,
};
use minicbor::{Decode, Encode};
use pehra_domain::{
    AreaId, Date,
    campaign::{Channel, Language as Tongue},
};
use std::collections::{BTreeMap, BTreeSet};

/// Where a campaign stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub(super) enum Standing {
    #[n(0)]
    Approved,
    #[n(1)]
    Refused,
    #[n(2)]
    Stopped,
}

impl Describe for Standing {
    fn word(&self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Stopped => "stopped",
        }
    }
}

impl Describe for String {
    fn word(&self) -> &'static str {
        "written"
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Unknown,
    /// No language has two readers yet.
    Drafted,
    /// At least one has; nobody has approved.
    Read,
    /// Its first day is still to come.
    Approved,
    Running,
    /// Its last day is over, and nobody has measured.
    Over,
    Measured,
    Refused,
    Stopped,
    /// Decided apart.
    Disputed,
}

impl Phase {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Drafted => "drafted",
            Self::Read => "read",
            Self::Approved => "approved",
            Self::Running => "running",
            Self::Over => "over",
            Self::Measured => "measured",
            Self::Refused => "refused",
            Self::Stopped => "stopped",
            Self::Disputed => "disputed",
        }
    }
}

/// Where one language of a campaign stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// Nobody has written it.
    Missing,
    /// So many readers have signed; two are needed.
    Unsigned(usize),
    /// A reader holds a fault against it.
    Faulty,
    /// Written apart: two texts stand.
    Disputed,
    /// Two readers have signed; the approval does not name this text, or whoever approved wrote it.
    Signed,
    /// It may be used.
    Out,
}

impl Language {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Unsigned(_) => "unsigned",
            Self::Faulty => "faulty",
            Self::Disputed => "disputed",
            Self::Signed => "signed",
            Self::Out => "out",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
struct Approval {
    #[n(0)]
    texts: Vec<Released>,
    #[n(1)]
    mark: Mark,
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
struct Fault {
    #[n(0)]
    text: EventRef,
    #[n(1)]
    note: String,
    #[n(2)]
    mark: Mark,
}

/// All that is known of one language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
struct Side {
    #[n(0)]
    current: Register<String>,
    /// Every text that ever stood, by its entry.
    #[n(1)]
    writers: BTreeMap<EventRef, Mark>,
    /// By entry: the text that was signed, and who signed.
    #[n(2)]
    signed: BTreeMap<EventRef, (EventRef, Mark)>,
    #[n(3)]
    faults: BTreeMap<EventRef, Fault>,
}

impl Side {
    fn heads(&self) -> BTreeSet<EventRef> {
        self.current.heads().map(|(at, _)| at).collect()
    }

    /// Persons who signed a text that stands and did not write it.
    fn readers(&self) -> Vec<&Mark> {
        let heads = self.heads();
        let mut persons = BTreeSet::new();
        let fits = self.signed.values().filter(|(text, mark)| {
            let own = self.writers.get(text).is_some_and(|by| by.person == mark.person);
            heads.contains(text) && !own
        });
        fits.map(|(_, mark)| mark).filter(|mark| persons.insert(&mark.person)).collect()
    }

    fn fault(&self) -> Option<&Fault> {
        let heads = self.heads();
        self.faults.values().find(|fault| heads.contains(&fault.text))
    }
}

/// All that is known of one campaign.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Record {
    /// None as long as only what follows from it has arrived.
    #[n(0)]
    told: Option<(Draft, Mark)>,
    #[n(1)]
    sides: BTreeMap<Tongue, Side>,
    #[n(2)]
    standing: Register<Standing>,
    #[n(3)]
    approvals: BTreeMap<EventRef, Approval>,
    #[n(4)]
    measures: BTreeMap<EventRef, (Measure, Mark)>,
}

impl Record {
    #[must_use]
    pub fn told(&self) -> Option<&(Draft, Mark)> {
        self.told.as_ref()
    }

    /// The phase on a day.
    #[must_use]
    pub fn phase(&self, today: Date) -> Phase {
        let Some((draft, _)) = &self.told else { return Phase::Unknown };
        match self.standing.reading() {
            Reading::Disputed => Phase::Disputed,
            Reading::Agreed(Standing::Refused) => Phase::Refused,
            Reading::Agreed(Standing::Stopped) => Phase::Stopped,
            Reading::Agreed(Standing::Approved) if today < draft.from => Phase::Approved,
            Reading::Agreed(Standing::Approved) if today <= draft.until => Phase::Running,
            Reading::Agreed(Standing::Approved) if self.measures.is_empty() => Phase::Over,
            Reading::Agreed(Standing::Approved) => Phase::Measured,
            Reading::Empty if self.signed().next().is_some() => Phase::Read,
            Reading::Empty => Phase::Drafted,
        }
    }

    /// Languages that two readers have signed as they stand, whether approved or not.
    pub(super) fn signed(&self) -> impl Iterator<Item = Tongue> {
        self.sides.iter().filter(|(_, side)| is_signed(side)).map(|(language, _)| *language)
    }

    /// Where a language stands. `Out` says nothing of the day, nor of the fact that a correction rests on.
    #[must_use]
    pub fn language(&self, language: Tongue) -> Language {
        let Some(side) = self.sides.get(&language) else { return Language::Missing };
        match side.current.reading() {
            Reading::Empty => return Language::Missing,
            Reading::Disputed => return Language::Disputed,
            Reading::Agreed(_) => {}
        }
        if side.fault().is_some() {
            return Language::Faulty;
        }
        let readers = side.readers().len();
        if readers < READERS {
            return Language::Unsigned(readers);
        }
        let released = self.approvals().any(|approval| {
            approval.texts.iter().any(|one| {
                let by = side.writers.get(&one.text);
                one.language == language
                    && side.heads().contains(&one.text)
                    && by.is_some_and(|by| by.person != approval.mark.person)
            })
        });
        if released { Language::Out } else { Language::Signed }
    }

    /// Languages that may be used on a day, each with its text: none unless it runs, and none of a correction whose fact is
    /// no longer known.
    #[must_use]
    pub fn out<'a>(&'a self, state: &State, today: Date) -> Vec<(Tongue, &'a str)> {
        if self.phase(today) != Phase::Running || !self.is_grounded(state) {
            return Vec::new();
        }
        let all = Tongue::ALL.into_iter().filter(|one| self.language(*one) == Language::Out);
        all.filter_map(|one| Some((one, self.text(one)?))).collect()
    }

    /// Whether the fact of a correction is still known; true of everything else.
    #[must_use]
    pub fn is_grounded(&self, state: &State) -> bool {
        let fact = self.told.as_ref().and_then(|(draft, _)| draft.fact.as_ref());
        fact.is_none_or(|fact| fact.is_known(state))
    }

    /// The text that stands, unless two do.
    #[must_use]
    pub fn text(&self, language: Tongue) -> Option<&str> {
        self.sides.get(&language)?.current.agreed().map(String::as_str)
    }

    /// Texts that stand of a language, with who wrote each: several where they were written apart.
    pub fn texts(&self, language: Tongue) -> impl Iterator<Item = (&str, &Mark)> {
        let side = self.sides.get(&language).into_iter();
        side.flat_map(|side| {
            side.current.heads().map(|(_, head)| (head.value.as_str(), &head.mark))
        })
    }

    /// Who has signed the text as it stands.
    #[must_use]
    pub fn readers(&self, language: Tongue) -> Vec<&Mark> {
        self.sides.get(&language).map(Side::readers).unwrap_or_default()
    }

    /// What a reader holds against the text as it stands.
    #[must_use]
    pub fn fault(&self, language: Tongue) -> Option<(&str, &Mark)> {
        self.sides.get(&language)?.fault().map(|fault| (fault.note.as_str(), &fault.mark))
    }

    /// The entry of the text that stands, and who wrote it.
    pub(super) fn standing_text(&self, language: Tongue) -> Option<(EventRef, &Mark)> {
        let side = self.sides.get(&language)?;
        side.current.agreed()?;
        side.current.heads().next().map(|(at, head)| (at, &head.mark))
    }

    pub(super) fn text_heads(&self, language: Tongue) -> Vec<EventRef> {
        self.sides.get(&language).map(|side| side.current.refs()).unwrap_or_default()
    }

    pub(super) fn has_signed(&self, language: Tongue, mark: &pehra_domain::PersonId) -> bool {
        self.readers(language).iter().any(|reader| reader.person == *mark)
    }

    pub(crate) fn writer(&self, language: Tongue, text: EventRef) -> Option<&Mark> {
        self.sides.get(&language)?.writers.get(&text)
    }

    pub(super) fn standing(&self) -> &Register<Standing> {
        &self.standing
    }

    /// Approvals that stand: those given apart agree, and each lets out what it names.
    fn approvals(&self) -> impl Iterator<Item = &Approval> {
        let approved = self.standing.agreed() == Some(&Standing::Approved);
        let heads = self.standing.heads().filter(move |_| approved);
        heads.filter_map(|(at, _)| self.approvals.get(&at))
    }

    /// Whether the approvals that stand let out every one of these texts.
    pub(super) fn lets_out(&self, texts: &[Released]) -> bool {
        texts.iter().all(|text| self.approvals().any(|approval| approval.texts.contains(text)))
    }

    /// What stands, each with who said it and their reason.
    pub fn words(&self) -> impl Iterator<Item = (&'static str, &Mark, &str)> {
        self.standing.heads().map(|(_, head)| (head.value.word(), &head.mark, head.note.as_str()))
    }

    /// What was measured, in the order of days.
    #[must_use]
    pub fn measures(&self) -> Vec<(&Measure, &Mark)> {
        let mut all: Vec<_> = self.measures.iter().collect();
        all.sort_by_key(|(at, (measure, mark))| (measure.on, mark.clock_ms, **at));
        all.into_iter().map(|(_, (measure, mark))| (measure, mark)).collect()
    }

    /// People reached and rupees spent: the latest word of each channel and area, added up. People whom two channels reached
    /// count twice.
    #[must_use]
    pub fn measured(&self) -> (u64, u64) {
        let mut latest: BTreeMap<(Channel, &AreaId), &Measure> = BTreeMap::new();
        for (measure, mark) in self.measures() {
            latest.insert((measure.channel, &mark.area), measure);
        }
        let sum = |of: fn(&Measure) -> u64| {
            latest.values().fold(0_u64, |sum, one| sum.saturating_add(of(one)))
        };
        (sum(|one| one.reached), sum(|one| one.spent_rs))
    }
}

fn is_signed(side: &Side) -> bool {
    matches!(side.current.reading(), Reading::Agreed(_))
        && side.fault().is_none()
        && side.readers().len() >= READERS
}

/// The state of this noun.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Campaigns {
    #[n(0)]
    records: BTreeMap<EventRef, Record>,
}

impl Campaigns {
    /// Every campaign whose draft is here, in the order of the entries' names.
    pub fn all(&self) -> impl Iterator<Item = (EventRef, &Draft, &Mark, &Record)> {
        self.records.iter().filter_map(|(at, record)| {
            let (draft, mark) = record.told.as_ref()?;
            Some((*at, draft, mark, record))
        })
    }

    #[must_use]
    pub fn get(&self, campaign: EventRef) -> Option<&Record> {
        self.record(campaign).filter(|record| record.told.is_some())
    }

    pub(crate) fn record(&self, campaign: EventRef) -> Option<&Record> {
        self.records.get(&campaign)
    }

    #[must_use]
    pub fn area_of(&self, campaign: EventRef) -> Option<&AreaId> {
        self.get(campaign)?.told.as_ref().map(|(_, mark)| &mark.area)
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        let at = stamped.at;
        let record = self.records.entry(event.campaign().unwrap_or(at)).or_default();
        match event {
            Event::Drafted(draft) => {
                record.told = Some((draft.as_ref().clone(), stamped.mark()));
                for text in &draft.texts {
                    record.write(stamped, text);
                }
            }
            Event::Written { text, .. } => record.write(stamped, text),
            Event::Signed { language, text, .. } => {
                let side = record.sides.entry(*language).or_default();
                side.signed.insert(at, (*text, stamped.mark()));
            }
            Event::Faulted { language, text, note, .. } => {
                let fault = Fault { text: *text, note: note.clone(), mark: stamped.mark() };
                record.sides.entry(*language).or_default().faults.insert(at, fault);
            }
            Event::Approved { texts, .. } => {
                let approval = Approval { texts: texts.clone(), mark: stamped.mark() };
                record.approvals.insert(at, approval);
                record.standing.put(stamped, Standing::Approved, "");
            }
            Event::Refused { reason, .. } => {
                record.standing.put(stamped, Standing::Refused, reason);
            }
            Event::Stopped { reason, .. } => {
                record.standing.put(stamped, Standing::Stopped, reason);
            }
            Event::Measured { measure, .. } => {
                record.measures.insert(at, (measure.clone(), stamped.mark()));
            }
        }
    }

    pub(crate) fn conflicts(&self) -> Vec<Conflict> {
        let mut found = Vec::new();
        for (at, record) in &self.records {
            found.extend(conflict::of_register(Noun::Campaign, at, &record.standing));
            for (language, side) in &record.sides {
                let subject = format!("{at} {}", language.code());
                found.extend(conflict::of_register(Noun::Campaign, &subject, &side.current));
            }
        }
        found
    }
}

impl Record {
    fn write(&mut self, stamped: &Stamped, text: &super::Text) {
        let side = self.sides.entry(text.language).or_default();
        side.writers.insert(stamped.at, stamped.mark());
        side.current.put(stamped, text.text.clone(), "");
    }
}
