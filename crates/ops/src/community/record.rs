//! What is on record about committees, folded in any order.

use super::{Committee, Duty, Event, Matter, Rota, Topic};
use crate::{
    conflict::{self, Conflict, Describe, Noun},
    register::{Reading, Register},
    stamp::{EventRef, Mark, Stamped},
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, Date, PersonId};
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Unknown,
    Formed,
    Dissolved,
}

/// Where a volunteer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum VolunteerPhase {
    Unknown,
    /// Nobody has vetted.
    Enlisted,
    Passed,
    Refused,
    Released,
    /// Vetted apart.
    Disputed,
}

impl VolunteerPhase {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Enlisted => "enlisted",
            Self::Passed => "passed",
            Self::Refused => "refused",
            Self::Released => "released",
            Self::Disputed => "disputed",
        }
    }
}

/// The result alone: why is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub(super) enum Standing {
    #[n(0)]
    Passed(#[n(0)] Date),
    #[n(1)]
    Refused(#[n(0)] Date),
    #[n(2)]
    Released,
}

impl Describe for Standing {
    fn word(&self) -> &'static str {
        match self {
            Self::Passed(_) => "passed",
            Self::Refused(_) => "refused",
            Self::Released => "released",
        }
    }
}

impl Describe for Rota {
    fn word(&self) -> &'static str {
        "planned"
    }
    fn detail(&self) -> String {
        self.day.to_string()
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
struct Enlisting {
    /// None as long as only what follows from it has arrived.
    #[n(0)]
    told: Option<(PersonId, Duty, Mark)>,
    #[n(1)]
    standing: Register<Standing>,
}

impl Enlisting {
    fn phase(&self) -> VolunteerPhase {
        if self.told.is_none() {
            return VolunteerPhase::Unknown;
        }
        match self.standing.reading() {
            Reading::Empty => VolunteerPhase::Enlisted,
            Reading::Disputed => VolunteerPhase::Disputed,
            Reading::Agreed(Standing::Passed(_)) => VolunteerPhase::Passed,
            Reading::Agreed(Standing::Refused(_)) => VolunteerPhase::Refused,
            Reading::Agreed(Standing::Released) => VolunteerPhase::Released,
        }
    }

    fn vetted(&self) -> Option<(Date, &Mark)> {
        self.standing.heads().find_map(|(_, head)| match head.value {
            Standing::Passed(on) | Standing::Refused(on) => Some((on, &head.mark)),
            Standing::Released => None,
        })
    }

    fn vetted_on(&self) -> Option<Date> {
        self.vetted().map(|(on, _)| on)
    }
}

/// A volunteer as the record has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volunteer<'a> {
    pub number: &'a PersonId,
    pub duty: Duty,
    pub phase: VolunteerPhase,
    /// The day of the vetting, and who did it.
    pub vetted: Option<(Date, &'a Mark)>,
    /// Two who had not heard each other enlisted the number.
    pub twice: bool,
}

/// Where a number stands that was enlisted apart: no better than the worse of both, and nowhere when they contradict.
fn together(one: VolunteerPhase, other: VolunteerPhase) -> VolunteerPhase {
    use VolunteerPhase as P;
    match (one, other) {
        (same, also) if same == also => same,
        (P::Disputed, _) | (_, P::Disputed) | (P::Passed, P::Refused) | (P::Refused, P::Passed) => {
            P::Disputed
        }
        (P::Refused, _) | (_, P::Refused) => P::Refused,
        (P::Enlisted, _) | (_, P::Enlisted) => P::Enlisted,
        (better, _) => better,
    }
}

/// All that is known of one committee.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Record {
    #[n(0)]
    told: Option<(Committee, Mark)>,
    #[n(1)]
    dissolved: BTreeMap<EventRef, (String, Mark)>,
    #[n(2)]
    enlistings: BTreeMap<EventRef, Enlisting>,
    #[n(3)]
    briefings: BTreeMap<EventRef, (Topic, Date, u32, Mark)>,
    #[n(4)]
    rotas: BTreeMap<Date, Register<Rota>>,
    #[n(5)]
    feedback: BTreeMap<EventRef, (Matter, String, Mark)>,
    /// By the entry that told, then by the answer's own.
    #[n(6)]
    #[cbor(default)]
    answers: BTreeMap<EventRef, BTreeMap<EventRef, (String, Mark)>>,
}

impl Record {
    #[must_use]
    pub fn told(&self) -> Option<&(Committee, Mark)> {
        self.told.as_ref()
    }

    #[must_use]
    pub fn phase(&self) -> Phase {
        match (&self.told, self.dissolved.is_empty()) {
            (None, _) => Phase::Unknown,
            (Some(_), true) => Phase::Formed,
            (Some(_), false) => Phase::Dissolved,
        }
    }

    /// Volunteers in the order of their entries; a number that was released may stand again.
    pub fn volunteers(&self) -> impl Iterator<Item = Volunteer<'_>> {
        self.enlistings.values().filter_map(|one| {
            let (number, duty, _) = one.told.as_ref()?;
            let vetted = one.vetted();
            Some(Volunteer { number, duty: *duty, phase: one.phase(), vetted, twice: false })
        })
    }

    /// Whom the committee has now: each number once, in the order of the numbers, without those released.
    #[must_use]
    pub fn roster(&self) -> Vec<Volunteer<'_>> {
        let mut found: BTreeMap<&PersonId, Volunteer<'_>> = BTreeMap::new();
        for one in self.volunteers().filter(|one| one.phase != VolunteerPhase::Released) {
            let Some(known) = found.get_mut(one.number) else {
                found.insert(one.number, one);
                continue;
            };
            let later = |it: &(Date, &Mark)| (it.0, it.1.clock_ms);
            *known = Volunteer {
                phase: together(known.phase, one.phase),
                vetted: [known.vetted, one.vetted].into_iter().flatten().max_by_key(later),
                twice: true,
                ..one
            };
        }
        found.into_values().collect()
    }

    /// The entries under which a number stands now; several where it was enlisted apart.
    pub(super) fn standing(
        &self,
        number: &PersonId,
    ) -> Vec<(EventRef, VolunteerPhase, Option<Date>, &Mark)> {
        let of_number = self.enlistings.iter().filter_map(|(at, one)| {
            let (own, _, mark) = one.told.as_ref()?;
            (own == number).then_some((*at, one.phase(), one.vetted_on(), mark))
        });
        of_number.filter(|(_, phase, ..)| *phase != VolunteerPhase::Released).collect()
    }

    /// Whether a number passed and may stand on a rota.
    #[must_use]
    pub fn may_serve(&self, number: &PersonId) -> bool {
        let phases = self.standing(number).into_iter().map(|(_, phase, ..)| phase);
        phases.reduce(together) == Some(VolunteerPhase::Passed)
    }

    pub(super) fn heads(&self, enlisted: EventRef) -> Vec<EventRef> {
        self.enlistings.get(&enlisted).map(|one| one.standing.refs()).unwrap_or_default()
    }

    pub(crate) fn enlisting(&self, at: EventRef) -> Option<(&PersonId, &Mark)> {
        self.enlistings.get(&at)?.told.as_ref().map(|(number, _, mark)| (number, mark))
    }

    pub(super) fn rota_heads(&self, day: Date) -> Vec<EventRef> {
        self.rotas.get(&day).map(Register::refs).unwrap_or_default()
    }

    /// Rotas by day; none for a day on which two stand.
    pub fn rotas(&self) -> impl Iterator<Item = (Date, Option<&Rota>)> {
        self.rotas.iter().map(|(day, register)| (*day, register.agreed()))
    }

    /// The rotas that stand for a day: none, one, or those that were written apart and differ.
    pub fn rotas_of(&self, day: Date) -> impl Iterator<Item = (&Rota, &Mark)> {
        let register = self.rotas.get(&day);
        let most = register.map_or(0, |one| if one.is_disputed() { usize::MAX } else { 1 });
        let heads = register.into_iter().flat_map(Register::heads).take(most);
        heads.map(|(_, head)| (&head.value, &head.mark))
    }

    pub fn briefings(&self) -> impl Iterator<Item = (Topic, Date, u32, &Mark)> {
        self.briefings.values().map(|(topic, on, attended, mark)| (*topic, *on, *attended, mark))
    }

    /// Why it was dissolved, and by whom; several where it was said apart.
    pub fn endings(&self) -> impl Iterator<Item = (&str, &Mark)> {
        self.dissolved.values().map(|(reason, mark)| (reason.as_str(), mark))
    }

    pub fn feedback(&self) -> impl Iterator<Item = (EventRef, Matter, &str, &Mark)> {
        self.feedback.iter().map(|(at, (matter, text, mark))| (*at, *matter, text.as_str(), mark))
    }

    pub(super) fn has_told(&self, told: EventRef) -> bool {
        self.feedback.contains_key(&told)
    }

    /// What was said back about something told, in the order of the entries.
    pub fn answers(&self, told: EventRef) -> impl Iterator<Item = (&str, &Mark)> {
        let answers = self.answers.get(&told).into_iter().flat_map(BTreeMap::values);
        answers.map(|(text, mark)| (text.as_str(), mark))
    }
}

/// The state of this noun.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Communities {
    #[n(0)]
    records: BTreeMap<EventRef, Record>,
}

impl Communities {
    /// Every committee that is on record, in the order of the entries' names.
    pub fn all(&self) -> impl Iterator<Item = (EventRef, &Committee, &Mark, &Record)> {
        self.records.iter().filter_map(|(at, record)| {
            let (committee, mark) = record.told.as_ref()?;
            Some((*at, committee, mark, record))
        })
    }

    #[must_use]
    pub fn get(&self, committee: EventRef) -> Option<&Record> {
        self.record(committee).filter(|record| record.told.is_some())
    }

    pub(crate) fn record(&self, committee: EventRef) -> Option<&Record> {
        self.records.get(&committee)
    }

    #[must_use]
    pub fn area_of(&self, committee: EventRef) -> Option<&AreaId> {
        self.get(committee)?.told.as_ref().map(|(_, mark)| &mark.area)
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        let at = stamped.at;
        let record = self.records.entry(event.committee().unwrap_or(at)).or_default();
        match event {
            Event::Formed(committee) => record.told = Some((committee.clone(), stamped.mark())),
            Event::Enlisted { number, duty, .. } => {
                let told = (number.clone(), *duty, stamped.mark());
                record.enlistings.entry(at).or_default().told = Some(told);
            }
            Event::Vetted { enlisted, passed, on, .. } => {
                let standing = if *passed { Standing::Passed(*on) } else { Standing::Refused(*on) };
                let one = record.enlistings.entry(*enlisted).or_default();
                one.standing.put(stamped, standing, "");
            }
            Event::Released { enlisted, .. } => {
                let one = record.enlistings.entry(*enlisted).or_default();
                one.standing.put(stamped, Standing::Released, "");
            }
            Event::Briefed { topic, on, attended, .. } => {
                record.briefings.insert(at, (*topic, *on, *attended, stamped.mark()));
            }
            Event::Planned { rota, .. } => {
                record.rotas.entry(rota.day).or_default().put(stamped, rota.clone(), "");
            }
            Event::Told { matter, text, .. } => {
                record.feedback.insert(at, (*matter, text.clone(), stamped.mark()));
            }
            Event::Answered { told, text, .. } => {
                let answers = record.answers.entry(*told).or_default();
                answers.insert(at, (text.clone(), stamped.mark()));
            }
            Event::Dissolved { reason, .. } => {
                record.dissolved.insert(at, (reason.clone(), stamped.mark()));
            }
        }
    }

    pub(crate) fn conflicts(&self) -> Vec<Conflict> {
        let mut found = Vec::new();
        for (at, record) in &self.records {
            for (enlisted, one) in &record.enlistings {
                found.extend(conflict::of_register(Noun::Community, enlisted, &one.standing));
            }
            for (day, register) in &record.rotas {
                found.extend(conflict::of_register(
                    Noun::Community,
                    format!("{at} {day}"),
                    register,
                ));
            }
        }
        found
    }
}
