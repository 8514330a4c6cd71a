//! Commands about sealed patrols for devices that decide apart.

use super::{date, east, hash, pick};
use crate::{
    Command, EventRef, State,
    patrol::{Command as P, Part, Schedule, Shown, Terms, Way},
};
use pehra_domain::{AreaId, BuildingId, Date, UnixMs};

pub(crate) const TEAMS: [&str; 2] = ["U-1/1", "U-1/2"];

/// Its hour is the midnight with which its day begins.
pub(crate) fn schedule(day: Date, number: u8) -> Schedule {
    let part = |team: &str| Part { team: team.to_owned(), sealed: vec![number; 40] };
    Schedule {
        day,
        from: day.midnight_pkt(),
        terms: Terms {
            teams: 2,
            takes_permille: 700,
            percent: [100; 3],
            tours: None,
            engine: Some(1),
        },
        input: hash(1),
        promise: hash(number),
        parts: TEAMS.map(part).to_vec(),
        whole: vec![number; 60],
    }
}

pub(crate) fn seal(area: AreaId, day: Date, number: u8) -> Command {
    Command::Patrol(P::Seal { area, schedule: schedule(day, number) })
}

pub(crate) fn shown(number: u8) -> Shown {
    let way = |team: &str| Way {
        team: team.to_owned(),
        stops: BuildingId::try_new(format!("B-{number:06}")).into_iter().collect(),
    };
    Shown { seed: [number; 32], ways: TEAMS.map(way).to_vec() }
}

pub(crate) fn show(schedule: EventRef, number: u8) -> Command {
    Command::Patrol(P::Show { schedule, shown: shown(number) })
}

pub(crate) fn withdraw(schedule: EventRef) -> Command {
    let reason = "a team fell out".to_owned();
    Command::Patrol(P::Withdraw { schedule, reason })
}

/// The day after the moments at which stories are told, and one whose hour was before them.
pub(crate) fn days() -> [Date; 2] {
    [date("2024-02-08"), Date::of_pkt(UnixMs(super::early().0 - 3 * 86_400_000))]
}

pub(crate) fn command(state: &State, which: u8, (a, b): (u8, u8)) -> Command {
    let known = pick(state.patrols.all().map(|(at, ..)| at), a);
    match (which % 6, known) {
        (2 | 3, Some(at)) => show(at, b % 2),
        (4, Some(at)) => withdraw(at),
        _ => seal(east(), days()[usize::from(b) % 2], a % 8),
    }
}
