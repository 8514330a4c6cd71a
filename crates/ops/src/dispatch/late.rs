//! What is late about units, computed from the time: nobody types it. The name of an alarm is made from what it is about,
//! so that two nodes that see the same never raise two.

use super::{AskPhase, DUTY_MS_MAX, Goal, Phase, Record};
use crate::{
    incident::{Severity, Taxonomy, call},
    state::State,
    word::words,
};
use minicbor::{Decode, Encode};
use pehra_domain::{AreaId, Date, UnitId, UnixMs};

const MINUTE_MS: i64 = 60_000;
/// A wish to go below the floor waits so long for its second person: the time to dispatch of the gravest.
pub const ANSWER_MINUTES: u32 = 2;

words! {
    What {
        /// Told to go, and has not left in its own time.
        Departure = 0 "departure",
        /// Not there when the incident's target says.
        Arrival = 1 "arrival",
        /// On its feet for longer than a crew may be.
        Rest = 2 "rest",
        /// Nobody has signed or declined a wish to go below the floor.
        Answer = 3 "answer",
    }
}

/// Something that somebody must look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// The same on every node.
    pub id: String,
    pub what: What,
    pub area: AreaId,
    pub unit: UnitId,
    /// Since when it is late.
    pub due: UnixMs,
    pub goal: Option<Goal>,
    pub severity: Severity,
}

/// When a unit that was sent has to have left and to be there; none where the incident has no target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Targets {
    pub leave: UnixMs,
    pub arrive: Option<UnixMs>,
}

/// The targets of a unit that goes to an incident.
#[must_use]
pub fn targets(state: &State, taxonomy: &Taxonomy, record: &Record) -> Option<Targets> {
    let (told, sending) = record.told()?;
    let (_, duty) = record.duty()?;
    let leave = UnixMs(told.0 + i64::from(duty.ready_minutes) * MINUTE_MS);
    let found = state.incidents.get(&sending.goal.key());
    Some(Targets { leave, arrive: found.and_then(|found| call::arrive_by(found, taxonomy)) })
}

/// Everything that is late in an area, the gravest and longest first.
#[must_use]
pub fn alarms(state: &State, taxonomy: &Taxonomy, area: &AreaId, now: UnixMs) -> Vec<Alarm> {
    let mut all = Vec::new();
    for (unit, record) in state.dispatch.of(area) {
        let goal = record.goal();
        let mut add = |what: What, since: UnixMs, due: UnixMs, goal: Option<&Goal>, severity| {
            if due < now {
                all.push(Alarm {
                    id: name(what, unit, since),
                    what,
                    area: area.clone(),
                    unit: unit.clone(),
                    due,
                    goal: goal.cloned(),
                    severity,
                });
            }
        };
        if let (Some(targets), Some(goal), Some((told, _))) =
            (targets(state, taxonomy, record), goal, record.told())
        {
            let severity = severity_of(state, goal);
            let phase = record.phase();
            if phase == Phase::Told {
                add(What::Departure, told, targets.leave, Some(goal), severity);
            }
            if let (Phase::Told | Phase::OnTheWay, Some(by)) = (phase, targets.arrive) {
                add(What::Arrival, told, by, Some(goal), severity);
            }
        }
        if let Some((_, duty)) = record.duty().filter(|_| record.phase().serves()) {
            let due = UnixMs(duty.since.0 + DUTY_MS_MAX);
            add(What::Rest, duty.since, due, goal, Severity::Two);
        }
    }
    let waits = state.dispatch.asks().filter(|(_, ask)| ask.phase() == AskPhase::Asked);
    for (_, ask) in waits {
        all.extend(unanswered(state, area, ask, now));
    }
    all.sort_by(|a, b| (b.severity, a.due, &a.id).cmp(&(a.severity, b.due, &b.id)));
    all
}

/// `arrival@QRF-7@08-0642`: what is late, who, and since when it counts, by the day of the month and the hour in Pakistan.
/// It is a name for an incident, too: a unit that is late again is another one.
fn name(what: What, unit: &UnitId, since: UnixMs) -> String {
    let day = Date::of_pkt(since);
    let minutes = since.0.saturating_sub(day.midnight_pkt().0).div_euclid(MINUTE_MS);
    let date = day.to_string();
    let of_month = date.rsplit('-').next().unwrap_or_default();
    let stamp = format!("{of_month}-{:02}{:02}", minutes / 60, minutes % 60);
    let room = pehra_domain::id::ID_BYTES_MAX.saturating_sub(what.name().len() + stamp.len() + 2);
    let unit = unit.as_str();
    let skip = unit.char_indices().map(|(at, _)| at).find(|at| unit.len() - at <= room);
    format!("{}@{}@{stamp}", what.name(), unit.get(skip.unwrap_or(0)..).unwrap_or_default())
}

fn unanswered(state: &State, area: &AreaId, ask: &super::Ask, now: UnixMs) -> Option<Alarm> {
    let (on, sending, mark) = ask.asked().filter(|(.., mark)| mark.area == *area)?;
    // Whoever was sent elsewhere meanwhile waits for nobody.
    let record = state.dispatch.get(&mark.area, &on.unit)?;
    let due = UnixMs(on.at.0 + i64::from(ANSWER_MINUTES) * MINUTE_MS);
    (record.phase().may_be_sent() && due < now).then(|| Alarm {
        id: name(What::Answer, &on.unit, on.at),
        what: What::Answer,
        area: area.clone(),
        unit: on.unit.clone(),
        due,
        goal: Some(sending.goal.clone()),
        severity: severity_of(state, &sending.goal),
    })
}

fn severity_of(state: &State, goal: &Goal) -> Severity {
    let found = state.incidents.get(&goal.key());
    found.and_then(|record| record.class()).map_or(Severity::Two, |(_, severity)| severity)
}
