//! Commands about units for devices that decide apart.

use super::{
    area, at,
    day::{self, eve},
    east, pick, unit,
};
use crate::{
    Command as Any, EventRef, State,
    dispatch::{Answer, Basis, Command, Deed, Duty, Floor, Goal, Kind, On, Phase, Record, Travel},
    incident::Code,
};
use pehra_domain::{Point, UnitId, UnixMs};

pub(crate) fn a_duty(number: u8, since: UnixMs) -> Duty {
    Duty {
        unit: unit(number),
        kind: Kind::QuickReaction,
        crew: 14,
        base: "Sharifabad".to_owned(),
        point: Point { lat_e7: 248_600_000, lon_e7: 670_100_000 },
        vehicle: "SPD-117".to_owned(),
        ready_minutes: 3,
        since,
    }
}

pub(crate) fn duty(number: u8, at: UnixMs) -> Any {
    let duty = a_duty(number, at);
    Any::Dispatch(Command::PutOnDuty { area: east(), at, duty })
}

pub(crate) fn goal(number: u8) -> Goal {
    Goal { area: east(), incident: day::incident(number) }
}

pub(crate) fn on(number: u8, at: UnixMs) -> On {
    On { unit: unit(number), at, note: "by radio".to_owned() }
}

pub(crate) fn act(number: u8, at: UnixMs, deed: Deed) -> Any {
    Any::Dispatch(Command::Act { area: east(), on: on(number, at), deed })
}

const TRAVEL: Travel = Travel { seconds: 600, basis: Basis::Estimated };

pub(crate) fn send(number: u8, incident: u8, at: UnixMs) -> Any {
    act(number, at, Deed::Send { goal: goal(incident), travel: TRAVEL })
}

pub(crate) fn ask(number: u8, incident: u8, at: UnixMs) -> Any {
    act(number, at, Deed::Ask { goal: goal(incident), travel: TRAVEL })
}

pub(crate) fn answer(ask: EventRef, at: UnixMs, answer: Answer) -> Any {
    Any::Dispatch(Command::Answer { ask, at, answer, note: "heard".to_owned() })
}

pub(crate) fn floor(teams: u32, at: UnixMs) -> Any {
    let floor = Floor { teams, reason: "four rallies".to_owned() };
    Any::Dispatch(Command::SetFloor { area: east(), at, floor })
}

/// The step that comes next in most lives of a unit, so that stories get far.
fn usual_step(state: &State, number: u8, incident: u8, relieves: bool) -> Option<Any> {
    let now = eve(2);
    let record = state.dispatch.get(&east(), &unit(number));
    Some(match record.map_or(Phase::Unknown, Record::phase) {
        Phase::Unknown | Phase::OffDuty => duty(number, eve(0)),
        Phase::Ready | Phase::Disputed => {
            if state.incidents.get(&day::key(incident)).is_none() {
                return Some(day::reported(day::report(incident, Code::ArmPst, eve(0))));
            }
            send(number, incident, now)
        }
        Phase::Told => act(number, now, if relieves { Deed::Arrive } else { Deed::Depart }),
        Phase::OnTheWay => act(number, now, Deed::Arrive),
        Phase::There => {
            let goal = record.and_then(Record::goal);
            let others = || {
                let all = state.dispatch.of(&east()).filter(|(_, other)| other.goal() == goal);
                all.filter(|(other, _)| **other != unit(number))
            };
            let is_coming = |other: &Record| matches!(other.phase(), Phase::Told | Phase::OnTheWay);
            if let Some((other, _)) = others().find(|(_, other)| is_coming(other)) {
                let on = On { unit: other.clone(), ..on(number, now) };
                let deed = Deed::Arrive;
                return Some(Any::Dispatch(Command::Act { area: east(), on, deed }));
            }
            let to = others().find(|(_, other)| other.phase() == Phase::There);
            let ready = |number: &u8| {
                let found = state.dispatch.get(&east(), &unit(*number));
                found.is_some_and(|other| other.phase() == Phase::Ready)
            };
            let home = (0..4).find(|other| state.dispatch.get(&east(), &unit(*other)).is_none());
            if let Some(other) = home.filter(|_| relieves && to.is_none()) {
                return Some(duty(other, eve(0)));
            }
            if let Some(other) = (0..4).find(ready).filter(|_| relieves && to.is_none()) {
                let deed = Deed::Send { goal: goal?.clone(), travel: TRAVEL };
                return Some(act(other, now, deed));
            }
            let hand = |(to, _): (&UnitId, &Record)| Deed::HandOver { to: to.clone() };
            act(number, now, to.map_or(Deed::Contain, hand))
        }
        Phase::Contained => act(number, now, Deed::Release),
        Phase::Returning | Phase::OutOfService => act(number, now, Deed::Ready),
        Phase::Resting => {
            // Long enough, so that a new duty begins.
            act(number, UnixMs(super::early().0 + 6 * 3_600_000), Deed::Ready)
        }
    })
}

pub(super) fn command(state: &State, which: u8, (a, b, c): (u8, u8, u8)) -> Any {
    let (number, incident) = (a % 4, u8::from(b % 4 == 3));
    let now = eve(c);
    let is_there = |number: &u8| {
        let found = state.dispatch.get(&east(), &unit(*number));
        found.is_some_and(|record| record.phase() == Phase::There)
    };
    // Whoever is there goes on before anybody else.
    let there = (0..4).find(is_there).unwrap_or(number);
    if which >= 110 {
        let relieves = which.is_multiple_of(2);
        let number = if relieves { there } else { number };
        let usual = usual_step(state, number, incident, relieves);
        return usual.unwrap_or_else(|| duty(number, now));
    }
    let asked = pick(state.dispatch.asks().map(|(entry, _)| entry), b).unwrap_or(at(99, 1));
    let deed = match which % 20 {
        0 => return duty(number, now),
        1 => {
            let duty = Duty { crew: u16::from(b % 3), ..a_duty(number, now) };
            let area = if c % 8 == 7 { area("pk/sindh") } else { east() };
            return Any::Dispatch(Command::PutOnDuty { area, at: now, duty });
        }
        2 => return send(number, incident, now),
        3 | 4 => return ask(number, incident, now),
        5 | 6 => {
            return answer(
                asked,
                now,
                [Answer::Approve, Answer::Approve, Answer::Decline][usize::from(c) % 3],
            );
        }
        7 => return floor(u32::from(b % 4), now),
        8 => Deed::Depart,
        9 => Deed::Arrive,
        10 => return act(there, now, Deed::Contain),
        11 => Deed::Release,
        12 => Deed::HandOver { to: unit(b % 4) },
        13 => Deed::Ready,
        14 => Deed::Rest,
        15 => Deed::TakeOut,
        16 => Deed::GoOffDuty,
        _ => Deed::Place { point: Point { lat_e7: i32::from(b), lon_e7: i32::from(c) } },
    };
    act(number, now, deed)
}
