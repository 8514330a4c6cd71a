//! Repolls of the imagined election: only the commission orders one, at stations that the scenario names, and its order is
//! an act of its own desk on the record. The day itself is lived in a folder of its own (`work::repoll`).

use super::{
    convert::{Entered, Matter},
    material::Thread,
};
use crate::{node::Node, world::StationTable};
use pehra_domain::{
    AreaId, ConstituencyId, Date, Point, StationId, UnixMs, exercise::EXERCISE_MARK, poll::PollKey,
};
use pehra_drill::day::{Second, scenario::repoll as documented};
use pehra_ops::{
    Command, State,
    poll::{self, Order, Phase},
};

/// Stations at which the poll is to be held again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repoll {
    pub seat: ConstituencyId,
    pub stations: Vec<StationId>,
    pub ordered: Second,
    pub on: Date,
    /// Number of the order; empty: the seat's and the day's.
    pub instrument: String,
}

/// The documented repolls on this list of stations: of each seat the stations nearest to what happened there.
///
/// # Errors
/// A sentence that names what of the shipped table cannot be read.
pub(super) fn documented(table: &StationTable) -> Result<Vec<Repoll>, String> {
    let all = documented::repolls(documented::REPOLLS_CSV).map_err(|error| error.to_string())?;
    let mut found = Vec::with_capacity(all.len());
    for one in all {
        let votes = |station: &&pehra_domain::station::Station| {
            station.contests.iter().any(|contest| contest.constituency == one.seat)
        };
        let mut near: Vec<_> = table
            .stations
            .iter()
            .filter(votes)
            .map(|station| (apart(station.point, one.near), station.id.clone()))
            .collect();
        near.sort();
        near.truncate(one.stations);
        if near.len() < one.stations {
            tracing::warn!(seat = %one.seat, "a documented repoll has fewer stations here");
        }
        if !near.is_empty() {
            let stations = near.into_iter().map(|(_, id)| id).collect();
            let (seat, ordered, on) = (one.seat, one.ordered, one.date);
            let instrument = String::new();
            found.push(Repoll { seat, stations, ordered, on, instrument });
        }
    }
    Ok(found)
}

/// Enough to sort by.
fn apart(a: Point, b: Point) -> i64 {
    let (x, y) =
        (i64::from(a.lat_e7) - i64::from(b.lat_e7), i64::from(a.lon_e7) - i64::from(b.lon_e7));
    (x / 100) * (x / 100) + (y / 100) * (y / 100)
}

/// What the commission's desk has still to order.
#[derive(Clone, Debug)]
pub(super) struct Commission {
    desk: u32,
    day: Date,
    due: Vec<Repoll>,
}

impl Commission {
    /// `desk`: its place behind the districts'.
    pub(super) fn new(desk: u32, day: Date, due: Vec<Repoll>) -> Self {
        Self { desk, day, due }
    }

    pub(super) fn is_needed(&self) -> bool {
        !self.due.is_empty()
    }

    /// What it orders before a moment; where `is_left` says that people do, they do.
    pub(super) fn take_until(
        &mut self,
        node: &Node,
        until: Second,
        is_left: &dyn Fn(&StationId) -> bool,
    ) -> Vec<Entered> {
        let now = self.due.extract_if(.., |repoll| repoll.ordered < until);
        let now: Vec<Repoll> = now.collect();
        let mut all = Vec::new();
        for repoll in now.iter().filter(|it| !it.stations.iter().any(is_left)) {
            node.ops(|state| all.extend(self.ordered(state, repoll)));
        }
        all
    }

    /// Of each station the acts that lead to its repoll as the record stands: a poll of a constituency is not yet one of a
    /// station of its own.
    fn ordered(&self, state: &State, repoll: &Repoll) -> Vec<Entered> {
        let (area, dated) = (AreaId::nation(), day_of(repoll.ordered, self.day));
        let instrument = if repoll.instrument.is_empty() {
            format!("{} {}", repoll.seat, repoll.on)
        } else {
            repoll.instrument.clone()
        };
        let order = Order {
            authority: format!("{EXERCISE_MARK} · Election Commission"),
            instrument,
            dated,
            copy: None,
        };
        let mut all = Vec::new();
        for station in &repoll.stations {
            let poll = PollKey {
                constituency: repoll.seat.clone(),
                station: Some(station.clone()),
                date: self.day,
            };
            let (area, order) = (|| area.clone(), || order.clone());
            let key = || poll.clone();
            let schedule = poll::Command::Schedule { area: area(), poll: key(), order: order() };
            let adjourn =
                poll::Command::Adjourn { area: area(), poll: key(), to: None, order: order() };
            let repeat =
                poll::Command::Repeat { area: area(), poll: key(), on: repoll.on, order: order() };
            let commands = match state.polls.phase(&poll) {
                Phase::Unknown => vec![schedule, adjourn, repeat],
                Phase::Scheduled => vec![adjourn, repeat],
                Phase::Adjourned | Phase::Held | Phase::Disputed => vec![repeat],
                Phase::Postponed | Phase::Repeated => Vec::new(),
            };
            all.extend(commands.into_iter().map(|command| {
                let what = Matter::Said(Thread::Repoll, Box::new(Command::Poll(command)));
                Entered { district: self.desk, role: "ECP-NAT", what }
            }));
        }
        all
    }
}

fn day_of(at: Second, day: Date) -> Date {
    let UnixMs(ms) = at.unix_ms(day);
    Date::of_pkt(UnixMs(ms))
}
