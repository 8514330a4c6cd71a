//! Whether an area is ready: never by word alone. Without a measured full drill of every path by its own people, dark, it is not; what
//! failed in the drill blocks it until it is mended or waived by name; and a stop order stands until it is lifted.

use crate::{
    content::{Piece, each_once},
    event, permission as row,
    refusal::{Refusal, RefusalCode},
    stamp::{Context, Decided, EventRef, Hash32, Mark, Stamped},
    state::State,
};
use minicbor::{Decode, Encode};
use pehra_domain::AreaId;
use std::collections::{BTreeMap, BTreeSet};

/// Most paths and failures of one drill.
pub const LINES_MAX: usize = 256;

/// How one path of the area answered in the drill.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Measured {
    /// `vhf`, `fixed-line`, `courier`: a path of the area's plan.
    #[n(0)]
    pub path: String,
    /// Messages that were given to it; none: it was not drilled.
    #[n(1)]
    pub asked: u32,
    #[n(2)]
    pub answered: u32,
    #[n(3)]
    pub slowest_s: u32,
}

/// Something that failed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Failure {
    /// Names it in the drill: `vhf`, `SYN-000012 dark`.
    #[n(0)]
    pub key: String,
    #[n(1)]
    pub text: String,
}

/// A drill of an area as it was measured.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Drill {
    #[n(0)]
    pub name: String,
    /// From the eve to the last bag.
    #[n(1)]
    pub full: bool,
    /// Without the cellular network.
    #[n(2)]
    pub dark: bool,
    #[n(3)]
    pub stations: u32,
    /// Every path of the area's plan.
    #[n(4)]
    pub paths: Vec<Measured>,
    #[n(5)]
    pub failures: Vec<Failure>,
    /// SHA-256 of everything that happened in the area.
    #[n(6)]
    pub trace: Hash32,
    /// People answered at the area's desks; otherwise they were simulated, which proves nothing of them.
    #[n(7)]
    pub played: bool,
}

impl Drill {
    /// Whether an area can be called ready by such a drill at all.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        self.full
            && self.dark
            && self.played
            && !self.paths.is_empty()
            && self.paths.iter().all(|it| it.asked > 0)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Record {
        area: AreaId,
        drill: Drill,
    },
    /// What failed was mended.
    Mend {
        drill: EventRef,
        failure: String,
        how: String,
    },
    /// What failed is accepted, by whoever signs.
    Waive {
        drill: EventRef,
        failure: String,
        reason: String,
    },
    Stop {
        area: AreaId,
        reason: String,
    },
    Lift {
        stop: EventRef,
        reason: String,
    },
}

impl Command {
    pub(crate) fn permission(&self) -> &'static str {
        match self {
            Self::Record { .. } => row::READINESS_RECORD,
            Self::Mend { .. } => row::READINESS_MEND,
            Self::Waive { .. } => row::READINESS_WAIVE,
            Self::Stop { .. } | Self::Lift { .. } => row::READINESS_STOP,
        }
    }

    pub(crate) fn area<'a>(&'a self, state: &'a State) -> Option<&'a AreaId> {
        match self {
            Self::Record { area, .. } | Self::Stop { area, .. } => Some(area),
            Self::Mend { drill: at, .. }
            | Self::Waive { drill: at, .. }
            | Self::Lift { stop: at, .. } => state.readiness.area_of(*at),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    #[n(1800)]
    Drilled(#[n(0)] Drill),
    #[n(1801)]
    Mended {
        #[n(0)]
        drill: EventRef,
        #[n(1)]
        failure: String,
        #[n(2)]
        how: String,
    },
    #[n(1802)]
    Waived {
        #[n(0)]
        drill: EventRef,
        #[n(1)]
        failure: String,
        #[n(2)]
        reason: String,
    },
    #[n(1803)]
    Stopped {
        #[n(0)]
        reason: String,
    },
    #[n(1804)]
    Lifted {
        #[n(0)]
        stop: EventRef,
        #[n(1)]
        reason: String,
    },
}

impl Event {
    pub(crate) fn permission(&self) -> &'static str {
        match self {
            Self::Drilled(_) => row::READINESS_RECORD,
            Self::Mended { .. } => row::READINESS_MEND,
            Self::Waived { .. } => row::READINESS_WAIVE,
            Self::Stopped { .. } | Self::Lifted { .. } => row::READINESS_STOP,
        }
    }

    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        match self {
            Self::Drilled(drill) => {
                see(Piece::Name(&drill.name));
                for measured in &drill.paths {
                    see(Piece::Name(&measured.path));
                }
                for failure in &drill.failures {
                    see(Piece::Name(&failure.key));
                    see(Piece::Required(&failure.text));
                }
            }
            Self::Mended { failure, how: reason, .. } | Self::Waived { failure, reason, .. } => {
                see(Piece::Name(failure));
                see(Piece::Required(reason));
            }
            Self::Stopped { reason } | Self::Lifted { reason, .. } => see(Piece::Required(reason)),
        }
    }

    /// The drill or stop that it answers.
    #[must_use]
    pub fn answers(&self) -> Option<EventRef> {
        match self {
            Self::Mended { drill, .. } | Self::Waived { drill, .. } => Some(*drill),
            Self::Lifted { stop, .. } => Some(*stop),
            Self::Drilled(_) | Self::Stopped { .. } => None,
        }
    }
}

/// What somebody said to a failure or a stop.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Answer {
    #[n(0)]
    pub at: EventRef,
    #[n(1)]
    pub mark: Mark,
    /// Accepted as it is; otherwise mended, or lifted.
    #[n(2)]
    pub waived: bool,
    #[n(3)]
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Never drilled.
    Untried,
    /// Drilled, but not whole, not dark, not by people, or not every path.
    Short,
    /// Something failed and is neither mended nor waived.
    Blocked,
    Ready,
    Stopped,
}

impl Phase {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Untried => "untried",
            Self::Short => "short",
            Self::Blocked => "blocked",
            Self::Ready => "ready",
            Self::Stopped => "stopped",
        }
    }
}

/// The state of this noun: what was said is kept, and the standing is read from it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Readiness {
    #[n(0)]
    drills: BTreeMap<EventRef, (Drill, Mark)>,
    #[n(1)]
    answers: BTreeMap<(EventRef, String), Answer>,
    #[n(2)]
    stops: BTreeMap<EventRef, (String, Mark)>,
    #[n(3)]
    lifted: BTreeMap<EventRef, Answer>,
    /// Drills in whose stead a later one stands.
    #[n(4)]
    replaced: BTreeSet<EventRef>,
}

impl Readiness {
    /// The drill that counts for an area: its own latest; of two recorded apart the later one.
    #[must_use]
    pub fn drill(&self, area: &AreaId) -> Option<(EventRef, &Drill, &Mark)> {
        let own = self
            .drills
            .iter()
            .filter(|(at, (_, mark))| mark.area == *area && !self.replaced.contains(at));
        let latest = own.max_by_key(|(at, (_, mark))| (mark.clock_ms, **at));
        latest.map(|(at, (drill, mark))| (*at, drill, mark))
    }

    /// What was said to a failure.
    #[must_use]
    pub fn answer(&self, drill: EventRef, failure: &str) -> Option<&Answer> {
        self.answers.get(&(drill, failure.to_owned()))
    }

    /// What still blocks an area.
    #[must_use]
    pub fn open(&self, area: &AreaId) -> Vec<&Failure> {
        let Some((at, drill, _)) = self.drill(area) else { return Vec::new() };
        drill.failures.iter().filter(|it| self.answer(at, &it.key).is_none()).collect()
    }

    /// Stop orders that stand for an area: its own and those of the areas around it.
    pub fn stops<'a>(
        &'a self,
        area: &'a AreaId,
    ) -> impl Iterator<Item = (EventRef, &'a str, &'a Mark)> {
        let standing = self.stops.iter().filter(|(at, _)| !self.lifted.contains_key(at));
        let here = standing.filter(|(_, (_, mark))| mark.area.contains(area));
        here.map(|(at, (reason, mark))| (*at, reason.as_str(), mark))
    }

    #[must_use]
    pub fn phase(&self, area: &AreaId) -> Phase {
        if self.stops(area).next().is_some() {
            return Phase::Stopped;
        }
        match self.drill(area) {
            None => Phase::Untried,
            Some((_, drill, _)) if !drill.is_enough() => Phase::Short,
            Some(_) if !self.open(area).is_empty() => Phase::Blocked,
            Some(_) => Phase::Ready,
        }
    }

    /// Every stop order, lifted or not, with what lifted it.
    pub fn all_stops(&self) -> impl Iterator<Item = (EventRef, &str, &Mark, Option<&Answer>)> {
        let all = self.stops.iter();
        all.map(|(at, (reason, mark))| (*at, reason.as_str(), mark, self.lifted.get(at)))
    }

    /// Every area that was drilled or stopped.
    #[must_use]
    pub fn areas(&self) -> BTreeSet<&AreaId> {
        let drilled = self.drills.values().map(|(_, mark)| &mark.area);
        drilled.chain(self.stops.values().map(|(_, mark)| &mark.area)).collect()
    }

    /// The area of a drill or a stop.
    #[must_use]
    pub fn area_of(&self, at: EventRef) -> Option<&AreaId> {
        let drilled = self.drills.get(&at).map(|(_, mark)| &mark.area);
        drilled.or_else(|| self.stops.get(&at).map(|(_, mark)| &mark.area))
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        let answer = |waived, text: &str| Answer {
            at: stamped.at,
            mark: stamped.mark(),
            waived,
            text: text.to_owned(),
        };
        match event {
            Event::Drilled(drill) => {
                self.drills.insert(stamped.at, (drill.clone(), stamped.mark()));
                self.replaced.extend(stamped.supersedes.iter().copied());
            }
            Event::Mended { drill, failure, how } => {
                keep_first(&mut self.answers, (*drill, failure.clone()), answer(false, how));
            }
            Event::Waived { drill, failure, reason } => {
                keep_first(&mut self.answers, (*drill, failure.clone()), answer(true, reason));
            }
            Event::Stopped { reason } => {
                self.stops.insert(stamped.at, (reason.clone(), stamped.mark()));
            }
            Event::Lifted { stop, reason } => {
                keep_first(&mut self.lifted, *stop, answer(false, reason));
            }
        }
    }
}

/// The earlier of two, by clock and then by name, so that every order of delivery keeps the same one.
fn keep_first<K: Ord>(kept: &mut BTreeMap<K, Answer>, key: K, answer: Answer) {
    let first = kept.entry(key).or_insert_with(|| answer.clone());
    if (answer.mark.clock_ms, answer.at) < (first.mark.clock_ms, first.at) {
        *first = answer;
    }
}

pub(crate) fn decide(
    state: &State,
    _context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    let readiness = &state.readiness;
    match command {
        Command::Record { area, drill } => {
            state.elections.nature()?;
            let before = readiness.drill(area).map(|(at, ..)| at);
            Ok(one(Event::Drilled(drill.clone()), area, before))
        }
        Command::Mend { drill, failure, how } => {
            let event = Event::Mended { drill: *drill, failure: failure.clone(), how: how.clone() };
            answered(readiness, *drill, failure, event)
        }
        Command::Waive { drill, failure, reason } => {
            let (drill, reason) = (*drill, reason.clone());
            let event = Event::Waived { drill, failure: failure.clone(), reason };
            answered(readiness, drill, failure, event)
        }
        Command::Stop { area, reason } => {
            state.elections.nature()?;
            Ok(one(Event::Stopped { reason: reason.clone() }, area, None))
        }
        Command::Lift { stop, reason } => {
            let known = readiness.stops.get(stop);
            let (_, mark) = known.ok_or_else(|| Refusal::of(RefusalCode::NotKnown, stop))?;
            if readiness.lifted.contains_key(stop) {
                return Ok(Vec::new());
            }
            let event = Event::Lifted { stop: *stop, reason: reason.clone() };
            Ok(one(event, &mark.area, Some(*stop)))
        }
    }
}

fn answered(
    readiness: &Readiness,
    drill: EventRef,
    failure: &str,
    event: Event,
) -> Result<Vec<Decided>, Refusal> {
    let known = readiness.drills.get(&drill);
    let (known, mark) = known.ok_or_else(|| Refusal::of(RefusalCode::NotKnown, drill))?;
    if !known.failures.iter().any(|it| it.key == failure) {
        return Err(Refusal::of(RefusalCode::NotKnown, failure));
    }
    if readiness.answer(drill, failure).is_some() {
        return Ok(Vec::new());
    }
    Ok(one(event, &mark.area, Some(drill)))
}

fn one(event: Event, area: &AreaId, after: Option<EventRef>) -> Vec<Decided> {
    let event = event::Event::Readiness(event);
    vec![Decided { event, area: area.clone(), supersedes: after.into_iter().collect() }]
}

/// A drill says each path and each failure once, and no more was answered than asked.
pub(crate) fn check(event: &Event) -> Result<(), Refusal> {
    let Event::Drilled(drill) = event else { return Ok(()) };
    let Drill { paths, failures, .. } = drill;
    let is_sound = paths.len() <= LINES_MAX
        && failures.len() <= LINES_MAX
        && paths.iter().all(|it| it.answered <= it.asked)
        && each_once(paths.iter().map(|it| &it.path))
        && each_once(failures.iter().map(|it| &it.key));
    if is_sound { Ok(()) } else { Err(Refusal::of(RefusalCode::DrillMalformed, &drill.name)) }
}

#[cfg(test)]
mod tests;
