//! The first leg of the ballot papers: press → district, days before the poll (custody steps C00 to C02).
//!
//! One problem is one press. A district's papers fill lorries of their own ([`load`]); lorries travel as convoys under one
//! escort, whose tours come from [`crate::route`], and share lorries, escorts and loading bays over several trips. They drive
//! and hand over by day alone ([`days`]). Districts for which an air link is given are flown to. What no vehicle can bring in
//! time is named.

pub mod days;
mod ground;
pub mod load;
mod pool;
mod timetable;

#[cfg(test)]
mod tests;

use super::{plan::search, rule, strip::AlternateWay, travel::Travel};
use crate::{convoy::Effort, route::Solution};
use days::{Days, Moment};
use ground::Ground;
use load::{Cartons, Lot, Paper, Room};
use pehra_domain::{AreaId, Point, risk::RiskClass};
use serde::{Deserialize, Serialize};

/// What flies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Craft {
    Aeroplane,
    Helicopter,
}

/// An air link into a district: where it lands, and from where a road leads on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AirLink {
    pub craft: Craft,
    pub landing: Point,
}

/// What a district gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consignment {
    pub area: AreaId,
    /// The district's store, or a returning office where it has none.
    pub goal: Point,
    pub class: RiskClass,
    pub lots: Vec<Lot>,
    /// With it the papers are flown.
    pub air: Option<AirLink>,
}

/// Aircraft of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aircraft {
    pub count: u32,
    pub room: Room,
    pub metres_per_hour: u32,
    /// Farthest landing place.
    pub range_m: u32,
    pub loading_s: u32,
    pub unloading_s: u32,
}

/// Vehicles, people and times of a press. All figures are proposals for the planner to change; none is law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PressMeans {
    pub days: Days,
    pub paper: Paper,
    pub lorry: Room,
    /// At the press, for all its convoys.
    pub lorries: u32,
    pub escorts: u32,
    /// Lorries that are loaded at once, and how long one takes.
    pub bays: u32,
    pub loading_s: u32,
    pub lorries_per_convoy: u32,
    /// At a store: seals and papers checked, and for each lorry cartons counted and carried in.
    pub handover_s: u32,
    pub unloading_s: u32,
    /// What a further convoy is worth, as travel time.
    pub convoy_s: u32,
    /// A departure is put off by up to this much, drawn, where nothing comes late by it.
    pub jitter_s_max: u32,
    pub aeroplane: Aircraft,
    pub helicopter: Aircraft,
}

impl PressMeans {
    /// Proposed: 07:00 to 17:00 from seven days before the poll to three. A paper's 8.35 g are the 2,170 tonnes of 2024 over
    /// its 260 million papers, its fifteen spare ones a station what those were beyond the voters; all else is assumed.
    /// `loads` are lorry loads; half as many lorries make two trips each.
    #[must_use]
    pub fn proposed(loads: u32) -> Self {
        let lorries_per_convoy = 6;
        let lorries = loads.div_ceil(2).max(lorries_per_convoy);
        Self {
            days: Days { first_before: 7, count: 5, open_s: 7 * 3_600, work_s: 10 * 3_600 },
            paper: Paper {
                milligrams: 8_346,
                spare_per_station: 15,
                per_carton: 2_000,
                packed_permille: 1_050,
                litres_permille: 1_500,
            },
            lorry: Room { kilograms: 5_000, litres: 20_000 },
            lorries,
            escorts: lorries.div_ceil(lorries_per_convoy) * 2 * rule::escort::ESCORTS_MOST,
            bays: 8,
            loading_s: 1_800,
            lorries_per_convoy,
            handover_s: 1_800,
            unloading_s: 900,
            convoy_s: 3_600,
            jitter_s_max: 3_600,
            aeroplane: Aircraft {
                count: 1,
                room: Room { kilograms: 12_000, litres: 100_000 },
                metres_per_hour: 480_000,
                range_m: 2_000_000,
                loading_s: 5_400,
                unloading_s: 3_600,
            },
            helicopter: Aircraft {
                count: 1,
                room: Room { kilograms: 2_500, litres: 12_000 },
                metres_per_hour: 200_000,
                range_m: 500_000,
                loading_s: 2_700,
                unloading_s: 1_800,
            },
        }
    }

    #[must_use]
    pub fn aircraft(&self, craft: Craft) -> &Aircraft {
        match craft {
            Craft::Aeroplane => &self.aeroplane,
            Craft::Helicopter => &self.helicopter,
        }
    }

    fn handing_over_s(&self, lorries: u32) -> u32 {
        self.handover_s.saturating_add(self.unloading_s.saturating_mul(lorries))
    }
}

/// One press with all that it prints.
#[derive(Clone, Debug)]
pub struct PressInput {
    pub press: String,
    pub place: Point,
    pub consignments: Vec<Consignment>,
    pub means: PressMeans,
    /// Opened no sooner than the order is given: whoever has it can foresee the way.
    pub seed: [u8; 32],
}

/// A night on the road: where the convoy stands under guard until the morning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Night {
    pub evening: Moment,
    /// The nearest store, as its place in the list, and how far off the straight way it lies.
    pub near: u32,
    pub off_m: u32,
}

/// A leg as driven.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PressLeg {
    /// Place in the list of consignments; none: the press.
    pub to: Option<u32>,
    pub distance_m: u32,
    pub time_s: u32,
    pub estimated: bool,
    /// Over another store, when the first way is closed.
    pub alternate: Option<AlternateWay>,
    pub nights: Vec<Night>,
}

/// A convoy at a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drop {
    pub consignment: u32,
    pub arrive: Moment,
    /// Arrival that is passed in one of twenty trips.
    pub overdue: Moment,
    pub begin: Moment,
    /// Handed over.
    pub done: Moment,
    /// After the last day of work.
    pub late: bool,
    /// The manifest of each lorry that stays here.
    pub lorries: Vec<Vec<Cartons>>,
}

/// Lorries that leave the press together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PressConvoy {
    /// From 1, in order of departure.
    pub number: u32,
    pub lorries: u32,
    pub escorts: u32,
    /// The escort commander rides in a vehicle without ballot papers.
    pub commander_apart: bool,
    pub load: Moment,
    pub depart: Moment,
    pub home: Moment,
    pub drops: Vec<Drop>,
    /// One more than drops: the last leads home.
    pub legs: Vec<PressLeg>,
    pub distance_m: u64,
    pub estimated: bool,
}

/// One flight with the road that goes on from where it lands. Custody changes hands there: two records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flight {
    pub number: u32,
    pub craft: Craft,
    pub consignment: u32,
    pub escorts: u32,
    pub cartons: Vec<Cartons>,
    pub load: Moment,
    pub depart: Moment,
    pub landed: Moment,
    /// Unloaded, and given to the district's own escort.
    pub unloaded: Moment,
    pub arrive: Moment,
    pub done: Moment,
    pub home: Moment,
    pub late: bool,
    pub distance_m: u32,
    pub road_m: u32,
    pub road_s: u32,
    pub estimated: bool,
    /// The way from the press by road, when nothing flies; none: there is none.
    pub by_road: Option<(u32, u32)>,
}

/// What stands against the plan as made. Places are those of the list of consignments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum PressFinding {
    /// Neither a road nor an air link leads there.
    NoWay { consignment: u32 },
    /// It cannot be reached within the days of work, whatever leaves first.
    TooFar { consignment: u32, needed_s: u32, horizon_s: u32 },
    /// Not even one carton fits into a vehicle, or there is none.
    NoVehicle { consignment: u32 },
    /// The air link is of no use (range, room, no aircraft, or no road from where it lands): it goes by road.
    NotFlown { consignment: u32 },
    /// Handed over after the last day; so many lorries and escorts would do. None: not even one for every load.
    TooFewMeans { late: u32, lorries: u32, escorts: u32, needed: Option<(u32, u32)> },
    /// There are fewer escorts, or lorries, than one convoy takes.
    NoConvoy { consignment: u32 },
}

/// The deliveries of one press.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PressPlan {
    pub press: String,
    pub convoys: Vec<PressConvoy>,
    pub flights: Vec<Flight>,
    /// Consignments that nothing brings, or not whole.
    pub unserved: Vec<u32>,
    /// Risk-weighted travel seconds of the convoys, each at its worth; flights are not in it.
    pub objective: i64,
    /// No set of tours can cost less; none: no bound.
    pub bound: Option<i64>,
    /// How many near-best plans the drawn one was taken from.
    pub drawn_from: u32,
    pub findings: Vec<PressFinding>,
}

impl PressPlan {
    /// When the last papers are handed over.
    #[must_use]
    pub fn last_done(&self) -> Option<Moment> {
        let by_road = self.convoys.iter().flat_map(|convoy| &convoy.drops).map(|drop| drop.done);
        let by_air = self.flights.iter().map(|flight| flight.done);
        by_road.chain(by_air).max()
    }

    /// Handed over after the last day of work.
    #[must_use]
    pub fn late(&self) -> usize {
        let drops = self.convoys.iter().flat_map(|convoy| &convoy.drops);
        drops.filter(|drop| drop.late).count()
            + self.flights.iter().filter(|flight| flight.late).count()
    }
}

/// Lorry loads of some districts, for [`PressMeans::proposed`].
#[must_use]
pub fn loads(consignments: &[Consignment]) -> u32 {
    let means = PressMeans::proposed(0);
    let each = consignments.iter().map(|it| load::fill(&it.lots, &means.paper, means.lorry));
    each.map(|filled| u32::try_from(filled.map_or(0, |it| it.len())).unwrap_or(u32::MAX)).sum()
}

/// Plans the deliveries of one press with the lorries and escorts of its means.
#[must_use]
pub fn deliver(input: &PressInput, travel: &dyn Travel, effort: Effort) -> PressPlan {
    let own = (input.means.lorries, input.means.escorts);
    planned(input, travel, effort, |_, _| own).1
}

/// The same with the fewest lorries and escorts, in steps of one convoy, that bring everything in time, or with those of
/// its means where none do. They stand before the plan.
#[must_use]
pub fn deliver_with_fewest(
    input: &PressInput,
    travel: &dyn Travel,
    effort: Effort,
) -> ((u32, u32), PressPlan) {
    let own = (input.means.lorries, input.means.escorts);
    planned(input, travel, effort, |ground, trips| timetable::needed(ground, trips).unwrap_or(own))
}

/// The tours do not depend on how many lorries and escorts there are; their hours do.
fn planned(
    input: &PressInput,
    travel: &dyn Travel,
    effort: Effort,
    means: impl FnOnce(&Ground<'_>, &[&[u32]]) -> (u32, u32),
) -> ((u32, u32), PressPlan) {
    let mut findings = Vec::new();
    let (ground, mut unserved) = Ground::measure(input, travel, &mut findings);
    let (solution, drawn_from, bound) = match ground.problem() {
        Some(_) if ground.parts.is_empty() => (Solution::default(), 0, Some(0)),
        Some(problem) => search(&input.seed, &input.press, "press", &problem, effort),
        None => {
            for part in &ground.parts {
                findings.push(PressFinding::NoVehicle { consignment: part.consignment });
                unserved.push(part.consignment);
            }
            (Solution::default(), 0, None)
        }
    };
    for &place in &solution.unserved {
        let part = &ground.parts[place as usize - 1];
        findings.push(PressFinding::NoVehicle { consignment: part.consignment });
        unserved.push(part.consignment);
    }
    let mended = timetable::mend(&ground, &solution);
    let trips: Vec<&[u32]> = mended.tours.iter().map(Vec::as_slice).collect();
    let (lorries, escorts) = means(&ground, &trips);
    let timetable = timetable::assign(&ground, &trips, lorries, escorts);
    unserved.extend(&timetable.left);
    for &consignment in &timetable.left {
        findings.push(PressFinding::NoConvoy { consignment });
    }
    let (convoys, flights) = timetable.told(&ground);
    let mut plan = PressPlan {
        press: input.press.clone(),
        convoys,
        flights,
        unserved: Vec::new(),
        objective: mended.cost,
        bound,
        drawn_from,
        findings,
    };
    let late = u32::try_from(plan.late()).unwrap_or(u32::MAX);
    if late > 0 || !timetable.left.is_empty() {
        let needed = timetable::needed(&ground, &trips);
        plan.findings.push(PressFinding::TooFewMeans { late, lorries, escorts, needed });
    }
    unserved.sort_unstable();
    unserved.dedup();
    plan.unserved = unserved;
    ((lorries, escorts), plan)
}
