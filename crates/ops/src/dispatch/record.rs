//! What is on record about units, folded in any order.

use super::{DUTY_MS_MAX, Duty, Event, Goal, On, Sending, proposed_floor};
use crate::{
    conflict::{self, Conflict, ConflictKind, Describe, Noun, Side},
    incident::Step,
    register::{Reading, Register},
    stamp::{EventRef, Mark, Stamped},
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, Point, UnitId, UnixMs};
use std::collections::{BTreeMap, BTreeSet};

/// How far a unit is.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Progress {
    #[n(0)]
    Ready,
    #[n(1)]
    Told(#[n(0)] Goal),
    #[n(2)]
    OnTheWay(#[n(0)] Goal),
    #[n(3)]
    There(#[n(0)] Goal),
    #[n(4)]
    Contained(#[n(0)] Goal),
    #[n(5)]
    Returning,
    #[n(6)]
    Resting,
    #[n(7)]
    OutOfService,
    #[n(8)]
    OffDuty,
}

impl Progress {
    fn phase(&self) -> Phase {
        match self {
            Self::Ready => Phase::Ready,
            Self::Told(_) => Phase::Told,
            Self::OnTheWay(_) => Phase::OnTheWay,
            Self::There(_) => Phase::There,
            Self::Contained(_) => Phase::Contained,
            Self::Returning => Phase::Returning,
            Self::Resting => Phase::Resting,
            Self::OutOfService => Phase::OutOfService,
            Self::OffDuty => Phase::OffDuty,
        }
    }

    /// The incident to which it goes, or where it is.
    #[must_use]
    pub fn goal(&self) -> Option<&Goal> {
        match self {
            Self::Told(goal) | Self::OnTheWay(goal) | Self::There(goal) | Self::Contained(goal) => {
                Some(goal)
            }
            Self::Ready | Self::Returning | Self::Resting | Self::OutOfService | Self::OffDuty => {
                None
            }
        }
    }
}

impl Describe for Progress {
    fn word(&self) -> &'static str {
        self.phase().name()
    }
    fn detail(&self) -> String {
        self.goal().map(|goal| goal.incident.to_string()).unwrap_or_default()
    }
}

impl Describe for Duty {
    fn word(&self) -> &'static str {
        "on-duty"
    }
    fn detail(&self) -> String {
        format!("{} · {}", self.base, self.crew)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Unknown,
    Ready,
    Told,
    OnTheWay,
    There,
    Contained,
    Returning,
    Resting,
    OutOfService,
    OffDuty,
    Disputed,
}

impl Phase {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Ready => "ready",
            Self::Told => "told",
            Self::OnTheWay => "on-the-way",
            Self::There => "there",
            Self::Contained => "contained",
            Self::Returning => "returning",
            Self::Resting => "resting",
            Self::OutOfService => "out-of-service",
            Self::OffDuty => "off-duty",
            Self::Disputed => "disputed",
        }
    }

    /// Whether it counts among the units on duty: it could be sent, or is.
    #[must_use]
    pub fn serves(self) -> bool {
        match self {
            Self::Ready
            | Self::Told
            | Self::OnTheWay
            | Self::There
            | Self::Contained
            | Self::Returning
            | Self::Disputed => true,
            Self::Unknown | Self::Resting | Self::OutOfService | Self::OffDuty => false,
        }
    }

    /// Whether a duty may begin: nobody changes crews on the way.
    #[must_use]
    pub fn may_begin(self) -> bool {
        matches!(
            self,
            Self::Unknown | Self::OffDuty | Self::Ready | Self::Resting | Self::OutOfService
        )
    }

    /// Whether it may be sent: whoever comes back may be turned round.
    #[must_use]
    pub fn may_be_sent(self) -> bool {
        matches!(self, Self::Ready | Self::Returning | Self::Disputed)
    }
}

/// A sending as it was signed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
struct Signed {
    #[n(0)]
    at: UnixMs,
    #[n(1)]
    sending: Sending,
    #[n(2)]
    mark: Mark,
    /// Two persons stand for it.
    #[n(3)]
    twice: bool,
}

/// Everything about one unit of one area.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Record {
    #[n(0)]
    progress: Register<Progress>,
    #[n(1)]
    duty: Register<Duty>,
    #[n(2)]
    sendings: BTreeMap<EventRef, Signed>,
    #[n(3)]
    steps: BTreeMap<EventRef, Step>,
    /// The last place that it told, and who wrote it. One: there is no track.
    #[n(4)]
    position: Option<(UnixMs, EventRef, Point)>,
    /// When it last went off duty: what it told before is forgotten.
    #[n(5)]
    off: Option<UnixMs>,
}

impl Record {
    #[must_use]
    pub fn phase(&self) -> Phase {
        match self.progress.reading() {
            Reading::Empty => Phase::Unknown,
            Reading::Disputed => Phase::Disputed,
            Reading::Agreed(progress) => progress.phase(),
        }
    }

    /// Its crew, base and vehicle. Of duties that were entered apart the one that began first: nobody is called fresh
    /// because somebody else thinks so.
    #[must_use]
    pub fn duty(&self) -> Option<(EventRef, &Duty)> {
        let heads = self.duty.heads().map(|(at, head)| (at, &head.value));
        heads.min_by_key(|(at, duty)| (duty.since, *at))
    }

    /// Whether its crew may still be sent at a moment.
    #[must_use]
    pub fn is_rested(&self, at: UnixMs) -> bool {
        self.duty().is_some_and(|(_, duty)| is_rested(duty, at))
    }

    /// The incident to which it goes or where it is; none while it is free or in dispute.
    #[must_use]
    pub fn goal(&self) -> Option<&Goal> {
        self.progress.agreed().and_then(Progress::goal)
    }

    /// Every incident to which it goes: of two nodes that sent it apart, both.
    pub fn goals(&self) -> impl Iterator<Item = &Goal> {
        self.progress.heads().filter_map(|(_, head)| head.value.goal())
    }

    /// When it was told to go where it goes, and how long the way was said to be.
    #[must_use]
    pub fn told(&self) -> Option<(UnixMs, &Sending)> {
        let (_, last) = self.last_to(self.goal()?)?;
        Some((last.at, &last.sending))
    }

    /// The last sending to an incident.
    fn last_to(&self, goal: &Goal) -> Option<(EventRef, &Signed)> {
        let there = self.sendings.iter().filter(|(_, signed)| signed.sending.goal == *goal);
        let last = there.max_by_key(|(entry, signed)| (signed.at, **entry));
        last.map(|(entry, signed)| (*entry, signed))
    }

    /// Since when it rests, if it does.
    #[must_use]
    pub fn resting(&self) -> Option<(EventRef, UnixMs)> {
        (self.phase() == Phase::Resting).then_some(())?;
        let heads = self.progress.refs().into_iter();
        let since = heads.filter_map(|entry| Some((entry, self.steps.get(&entry)?.at)));
        since.max_by_key(|(entry, at)| (*at, *entry))
    }

    /// Where it said that it is, on duty only.
    #[must_use]
    pub fn position(&self) -> Option<(UnixMs, Point)> {
        let (at, _, point) = self.position.filter(|_| self.phase().serves())?;
        Some((at, point))
    }

    /// Everything that was done, by time.
    #[must_use]
    pub fn steps(&self) -> Vec<(EventRef, &Step)> {
        let mut all: Vec<_> = self.steps.iter().map(|(at, step)| (*at, step)).collect();
        all.sort_by_key(|(at, step)| (step.at, *at));
        all
    }

    /// What was done last.
    #[must_use]
    pub fn last_step(&self) -> Option<&Step> {
        let last = self.steps.iter().max_by_key(|(at, step)| (step.at, **at));
        last.map(|(_, step)| step)
    }

    /// When an act of a kind was done last.
    #[must_use]
    pub fn last(&self, kind: u32) -> Option<UnixMs> {
        self.steps.values().filter(|step| step.kind == kind).map(|step| step.at).max()
    }

    pub(super) fn progress_refs(&self) -> Vec<EventRef> {
        self.progress.refs()
    }

    /// Of its progress and its duty: what begins anew follows from both.
    pub(super) fn refs(&self) -> Vec<EventRef> {
        let refs = self.progress.refs().into_iter().chain(self.duty.refs());
        refs.collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn forget(&mut self) {
        let off = self.off;
        self.position = self.position.filter(|(at, ..)| off.is_none_or(|off| *at > off));
    }
}

/// Whether a crew may still be sent at a moment.
pub(super) fn is_rested(duty: &Duty, at: UnixMs) -> bool {
    at.0.saturating_sub(duty.since.0) <= DUTY_MS_MAX
}

/// What the second person said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Answer {
    #[n(0)]
    Approve,
    #[n(1)]
    Decline,
}

impl Describe for Answer {
    fn word(&self) -> &'static str {
        match self {
            Self::Approve => "approved",
            Self::Decline => "declined",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AskPhase {
    Unknown,
    Asked,
    Approved,
    Declined,
    Disputed,
}

/// A wish to send a unit although fewer than the floor stay behind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Ask {
    #[n(0)]
    asked: Option<(On, Sending, Mark)>,
    #[n(1)]
    answer: Register<Answer>,
}

impl Ask {
    #[must_use]
    pub fn asked(&self) -> Option<(&On, &Sending, &Mark)> {
        self.asked.as_ref().map(|(on, sending, mark)| (on, sending, mark))
    }

    #[must_use]
    pub fn phase(&self) -> AskPhase {
        match self.answer.reading() {
            _ if self.asked.is_none() => AskPhase::Unknown,
            Reading::Empty => AskPhase::Asked,
            Reading::Agreed(Answer::Approve) => AskPhase::Approved,
            Reading::Agreed(Answer::Decline) => AskPhase::Declined,
            Reading::Disputed => AskPhase::Disputed,
        }
    }
}

/// All units, by area and name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Dispatch {
    #[n(0)]
    areas: BTreeMap<AreaId, BTreeMap<UnitId, Record>>,
    #[n(1)]
    asks: BTreeMap<EventRef, Ask>,
    #[n(2)]
    floors: BTreeMap<AreaId, Register<Teams>>,
    /// Every floor that was ever set, for the sendings that name it.
    #[n(3)]
    set_floors: BTreeMap<EventRef, (AreaId, u32)>,
    /// Every duty that ever began, likewise.
    #[n(4)]
    duties: BTreeMap<EventRef, (AreaId, Duty)>,
    /// Every rest that ever began, likewise.
    #[n(5)]
    rests: BTreeMap<EventRef, (AreaId, UnitId, UnixMs)>,
    /// Acts folded: another number whenever something changed.
    #[n(6)]
    changes: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
struct Teams(#[n(0)] u32);

impl Describe for Teams {
    fn word(&self) -> &'static str {
        "floor"
    }
    fn detail(&self) -> String {
        self.0.to_string()
    }
}

/// How many stay behind in an area, and who said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FloorNow {
    pub teams: u32,
    pub set_by: Option<EventRef>,
}

impl Dispatch {
    #[must_use]
    pub fn get(&self, area: &AreaId, unit: &UnitId) -> Option<&Record> {
        self.areas.get(area)?.get(unit).filter(|record| record.duty().is_some())
    }

    /// Units that were ever put on duty, area by area.
    pub fn all(&self) -> impl Iterator<Item = (&AreaId, &UnitId, &Record)> {
        self.areas.keys().flat_map(|area| self.of(area).map(move |(unit, it)| (area, unit, it)))
    }

    /// Units of one area.
    pub fn of(&self, area: &AreaId) -> impl Iterator<Item = (&UnitId, &Record)> + use<'_> {
        let units = self.areas.get(area).into_iter().flatten();
        units.filter(|(_, record)| record.duty().is_some())
    }

    pub fn areas(&self) -> impl Iterator<Item = &AreaId> {
        self.areas.keys()
    }

    /// How many units of an area could be sent or are.
    #[must_use]
    pub fn on_duty(&self, area: &AreaId) -> u32 {
        let serving = self.of(area).filter(|(_, record)| record.phase().serves());
        u32::try_from(serving.count()).unwrap_or(u32::MAX)
    }

    /// Units that wait at their bases with crews that may be sent.
    pub fn free<'a>(
        &'a self,
        area: &AreaId,
        at: UnixMs,
    ) -> impl Iterator<Item = (&'a UnitId, &'a Record)> + use<'a> {
        self.of(area).filter(move |(_, it)| it.phase() == Phase::Ready && it.is_rested(at))
    }

    /// How many have to stay behind in an area: what was set there, of numbers set apart the highest; otherwise the
    /// proposed share of those on duty.
    #[must_use]
    pub fn floor(&self, area: &AreaId) -> FloorNow {
        let heads = self.floors.get(area).into_iter().flat_map(Register::heads);
        match heads.map(|(at, head)| (head.value, at)).max() {
            Some((Teams(teams), at)) => FloorNow { teams, set_by: Some(at) },
            None => FloorNow { teams: proposed_floor(self.on_duty(area)), set_by: None },
        }
    }

    #[must_use]
    pub fn ask(&self, ask: EventRef) -> Option<&Ask> {
        self.asks.get(&ask).filter(|found| found.asked.is_some())
    }

    /// Wishes whose entry is here.
    pub fn asks(&self) -> impl Iterator<Item = (EventRef, &Ask)> {
        self.asks.iter().filter(|(_, ask)| ask.asked.is_some()).map(|(at, ask)| (*at, ask))
    }

    /// The units that go to an incident or are there.
    pub fn at<'a>(
        &'a self,
        goal: &Goal,
    ) -> impl Iterator<Item = (&'a AreaId, &'a UnitId, &'a Record)> {
        self.all().filter(move |(.., record)| record.goals().any(|one| one == goal))
    }

    /// How many acts changed something so far.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.changes
    }

    pub(super) fn duty_of(&self, entry: EventRef) -> Option<(&AreaId, &Duty)> {
        self.duties.get(&entry).map(|(area, duty)| (area, duty))
    }

    pub(super) fn rest_of(&self, entry: EventRef) -> Option<(&AreaId, &UnitId, UnixMs)> {
        self.rests.get(&entry).map(|(area, unit, at)| (area, unit, *at))
    }

    pub(super) fn floor_of(&self, entry: EventRef) -> Option<(&AreaId, u32)> {
        self.set_floors.get(&entry).map(|(area, teams)| (area, *teams))
    }

    pub(super) fn floor_refs(&self, area: &AreaId) -> Vec<EventRef> {
        self.floors.get(area).map(Register::refs).unwrap_or_default()
    }

    pub(super) fn answer_refs(&self, ask: EventRef) -> Vec<EventRef> {
        self.ask(ask).map(|ask| ask.answer.refs()).unwrap_or_default()
    }

    pub(crate) fn evolve(&mut self, stamped: &Stamped, event: &Event) {
        self.changes += 1;
        let area = stamped.area.clone();
        match event {
            Event::WentOnDuty { at, duty } => {
                self.duties.insert(stamped.at, (area, duty.clone()));
                let record = self.record(stamped, &duty.unit);
                record.duty.put(stamped, duty.clone(), "");
                record.progress.put(stamped, Progress::Ready, "");
                record.note(stamped, *at, duty.detail(), "");
            }
            Event::FloorSet { floor, .. } => {
                self.set_floors.insert(stamped.at, (area.clone(), floor.teams));
                let teams = Teams(floor.teams);
                self.floors.entry(area).or_default().put(stamped, teams, &floor.reason);
            }
            Event::Declined { ask, note, .. } => {
                self.asks.entry(*ask).or_default().answer.put(stamped, Answer::Decline, note);
            }
            Event::Asked { on, sending } => {
                let asked = (on.clone(), sending.clone(), stamped.mark());
                self.asks.entry(stamped.at).or_default().asked = Some(asked);
                let detail = sending.goal.incident.to_string();
                self.record(stamped, &on.unit).note(stamped, on.at, detail, &on.note);
            }
            Event::Approved { on, ask, goal, .. } => self.approved(stamped, on, *ask, goal),
            Event::Sent { on, sending } => {
                let record = self.record(stamped, &on.unit);
                record.sent(stamped, on.at, Some(sending.clone()), false);
                record.go(stamped, on, Progress::Told(sending.goal.clone()));
            }
            Event::Readied { on, fresh } => {
                if let Some(fresh) = fresh {
                    self.duties.insert(stamped.at, (area, fresh.duty.clone()));
                    let duty = &mut self.record(stamped, &on.unit).duty;
                    duty.put(stamped, fresh.duty.clone(), "");
                }
                self.go(stamped, on, Progress::Ready);
            }
            Event::Departed { on, goal } => self.go(stamped, on, Progress::OnTheWay(goal.clone())),
            Event::Arrived { on, goal } => self.go(stamped, on, Progress::There(goal.clone())),
            Event::Contained { on, goal } => {
                self.go(stamped, on, Progress::Contained(goal.clone()));
            }
            Event::Released { on } | Event::HandedOver { on, .. } => {
                self.go(stamped, on, Progress::Returning);
            }
            Event::Rested { on } => {
                self.rests.insert(stamped.at, (area, on.unit.clone(), on.at));
                self.go(stamped, on, Progress::Resting);
            }
            Event::TakenOut { on } => self.go(stamped, on, Progress::OutOfService),
            Event::WentOffDuty { on } => {
                let record = self.record(stamped, &on.unit);
                record.off = record.off.max(Some(on.at));
                record.forget();
                record.go(stamped, on, Progress::OffDuty);
            }
            Event::Placed { on, point } => {
                let record = self.record(stamped, &on.unit);
                record.position = record.position.max(Some((on.at, stamped.at, *point)));
                record.forget();
            }
        }
    }

    fn approved(&mut self, stamped: &Stamped, on: &On, ask: EventRef, goal: &Goal) {
        let found = self.asks.entry(ask).or_default();
        found.answer.put(stamped, Answer::Approve, "");
        let sending = found.asked.as_ref().map(|(_, sending, _)| sending.clone());
        let record = self.record(stamped, &on.unit);
        record.sent(stamped, on.at, sending, true);
        record.go(stamped, on, Progress::Told(goal.clone()));
    }

    fn record(&mut self, stamped: &Stamped, unit: &UnitId) -> &mut Record {
        let units = self.areas.entry(stamped.area.clone()).or_default();
        units.entry(unit.clone()).or_default()
    }

    fn go(&mut self, stamped: &Stamped, on: &On, progress: Progress) {
        self.record(stamped, &on.unit).go(stamped, on, progress);
    }

    pub(crate) fn conflicts(&self) -> Vec<Conflict> {
        let mut found = Vec::new();
        for (area, units) in &self.areas {
            for (unit, record) in units {
                let about = |what: &str| format!("{unit} {what}");
                let noun = Noun::Dispatch;
                found.extend(conflict::of_register(noun, about("progress"), &record.progress));
                found.extend(conflict::of_register(noun, about("duty"), &record.duty));
            }
            found.extend(self.counted_twice(area));
        }
        for (area, floor) in &self.floors {
            found.extend(conflict::of_register(Noun::Dispatch, area, floor));
        }
        for (ask, found_ask) in &self.asks {
            found.extend(conflict::of_register(Noun::Dispatch, ask, &found_ask.answer));
        }
        found
    }

    /// Sendings of one area that were signed apart and name each other's units as staying behind, while fewer than the
    /// floor are left: each was possible alone. Whoever knows of the others names other units, so that such names never
    /// lead round in a circle.
    fn counted_twice(&self, area: &AreaId) -> Option<Conflict> {
        let mut apart: Vec<(&UnitId, EventRef, &Signed)> = Vec::new();
        for (unit, record) in self.of(area) {
            let last = record.goals().filter_map(|goal| record.last_to(goal));
            apart.extend(last.map(|(entry, signed)| (unit, entry, signed)));
        }
        apart.retain(|(.., signed)| !signed.twice);
        let names = |signed: &Signed, unit: &UnitId| signed.sending.reserve.kept.contains(unit);
        loop {
            let is_in_circle = |(unit, _, signed): &&(&UnitId, EventRef, &Signed)| {
                apart.iter().any(|(_, _, its)| names(its, unit))
                    && apart.iter().any(|(other, ..)| names(signed, other))
            };
            let rest: Vec<_> = apart.iter().filter(is_in_circle).copied().collect();
            if rest.len() == apart.len() {
                break;
            }
            apart = rest;
        }
        let floor = apart.iter().map(|(.., signed)| signed.sending.reserve.floor).max()?;
        let left = self.of(area).filter(|(_, record)| record.phase() == Phase::Ready).count();
        if u32::try_from(left).unwrap_or(u32::MAX) >= floor {
            return None;
        }
        apart.sort_by_key(|(_, entry, _)| *entry);
        let side = |(unit, entry, signed): &(&UnitId, EventRef, &Signed)| Side {
            at: *entry,
            mark: signed.mark.clone(),
            word: "sent",
            detail: format!("{unit} → {}", signed.sending.goal.incident),
            note: String::new(),
        };
        Some(Conflict {
            noun: Noun::Dispatch,
            kind: ConflictKind::BeyondStrength,
            subject: area.to_string(),
            sides: apart.iter().map(side).collect(),
        })
    }
}

impl Record {
    fn sent(&mut self, stamped: &Stamped, at: UnixMs, sending: Option<Sending>, twice: bool) {
        if let Some(sending) = sending {
            let signed = Signed { at, sending, mark: stamped.mark(), twice };
            self.sendings.insert(stamped.at, signed);
        }
    }

    fn go(&mut self, stamped: &Stamped, on: &On, progress: Progress) {
        self.note(stamped, on.at, progress.detail(), &on.note);
        self.progress.put(stamped, progress, "");
    }

    fn note(&mut self, stamped: &Stamped, at: UnixMs, detail: String, note: &str) {
        let (mark, kind) = (stamped.mark(), stamped.event.kind());
        self.steps.insert(stamped.at, Step { at, mark, kind, detail, note: note.to_owned() });
    }
}
