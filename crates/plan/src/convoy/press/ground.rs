//! Everything about one press measured once: loads, parts that fit a convoy, times.

use super::{
    AirLink, Aircraft, PressFinding, PressInput, PressMeans,
    load::{Cartons, fill},
};
use crate::{
    convoy::{
        plan::{LEFT_OUT_S, NO_WAY_S, cost_s},
        travel::{Leg, Travel},
    },
    route::{COST_MAX, Matrix, Problem, Stop, VehicleKind},
};
use pehra_domain::{Point, point::whole_m, risk::RiskClass};

/// Lorries of one district that travel in one convoy.
pub(super) struct Part {
    pub(super) consignment: u32,
    pub(super) lorries: Vec<Vec<Cartons>>,
}

/// A district that is flown to, with the manifest of every flight.
pub(super) struct Flown {
    pub(super) consignment: u32,
    pub(super) link: AirLink,
    pub(super) loads: Vec<Vec<Cartons>>,
    pub(super) distance_m: u32,
    pub(super) out_s: u32,
    /// From where it lands.
    pub(super) road: Leg,
}

pub(super) struct Ground<'a> {
    pub(super) input: &'a PressInput,
    pub(super) travel: &'a dyn Travel,
    pub(super) parts: Vec<Part>,
    pub(super) flown: Vec<Flown>,
    /// Seconds by consignment, the press last.
    times_s: Vec<Vec<i32>>,
}

impl<'a> Ground<'a> {
    /// The second value: what nothing brings.
    pub(super) fn measure(
        input: &'a PressInput,
        travel: &'a dyn Travel,
        findings: &mut Vec<PressFinding>,
    ) -> (Self, Vec<u32>) {
        let places: Vec<Point> =
            input.consignments.iter().map(|it| it.goal).chain([input.place]).collect();
        let time = |from: Point, to: Point| {
            if from == to {
                return 0;
            }
            let known = travel.time(from, to).and_then(|(time_s, _)| i32::try_from(time_s).ok());
            known.map_or(NO_WAY_S, |time_s| time_s.min(NO_WAY_S))
        };
        let row = |from: &Point| places.iter().map(|to| time(*from, *to)).collect();
        let times_s = places.iter().map(row).collect();
        let mut ground = Self { input, travel, parts: Vec::new(), flown: Vec::new(), times_s };
        let mut unserved = Vec::new();
        for (number, consignment) in (0_u32..).zip(&input.consignments) {
            if consignment.lots.iter().all(|lot| lot.papers(&input.means.paper) == 0) {
                continue;
            }
            if let Some(link) = consignment.air {
                if let Some(flown) = ground.flown(number, link) {
                    ground.flown.push(flown);
                    continue;
                }
                findings.push(PressFinding::NotFlown { consignment: number });
            }
            match ground.by_road(number) {
                Ok(parts) => ground.parts.extend(parts),
                Err(finding) => {
                    findings.push(finding);
                    unserved.push(number);
                }
            }
        }
        (ground, unserved)
    }

    fn flown(&self, number: u32, link: AirLink) -> Option<Flown> {
        let means = &self.input.means;
        let Aircraft { count, room, metres_per_hour, range_m, .. } = *means.aircraft(link.craft);
        let consignment = &self.input.consignments[number as usize];
        let distance_m = whole_m(self.input.place.distance_m(link.landing));
        let flies = count > 0 && metres_per_hour > 0 && distance_m <= range_m;
        let loads = fill(&consignment.lots, &means.paper, room).filter(|_| flies)?;
        let here = Leg { distance_m: 0, time_s: 0, estimated: false };
        let road = if link.landing == consignment.goal {
            Some(here)
        } else {
            self.travel.leg(link.landing, consignment.goal)
        };
        let out_s = u64::from(distance_m) * 3_600 / u64::from(metres_per_hour);
        Some(Flown {
            consignment: number,
            link,
            loads,
            distance_m,
            out_s: u32::try_from(out_s).ok()?,
            road: road?,
        })
    }

    fn by_road(&self, number: u32) -> Result<Vec<Part>, PressFinding> {
        let means = &self.input.means;
        let consignment = &self.input.consignments[number as usize];
        let lorries = fill(&consignment.lots, &means.paper, means.lorry);
        let most = means.lorries_per_convoy as usize;
        let Some(lorries) = lorries.filter(|_| most > 0) else {
            return Err(PressFinding::NoVehicle { consignment: number });
        };
        let place = number as usize;
        let press = self.input.consignments.len();
        let [out, back] = [self.times_s[press][place], self.times_s[place][press]];
        if out >= NO_WAY_S || back >= NO_WAY_S {
            return Err(PressFinding::NoWay { consignment: number });
        }
        // Loaded alone and first of all, and handed over by day.
        let rows: Vec<Part> = lorries
            .chunks(most)
            .map(|rows| Part { consignment: number, lorries: rows.to_vec() })
            .collect();
        let largest = rows.iter().map(|part| count(part.lorries.len())).max().unwrap_or(0);
        let service_s = means.handing_over_s(largest);
        let arrive_s = means.loading_s.saturating_add(u32::try_from(out).unwrap_or(u32::MAX));
        let needed_s = means.days.whole(arrive_s, service_s).saturating_add(service_s);
        let horizon_s = means.days.horizon_s();
        if needed_s > horizon_s {
            return Err(PressFinding::TooFar { consignment: number, needed_s, horizon_s });
        }
        Ok(rows)
    }

    fn place(&self, place: usize) -> usize {
        match place.checked_sub(1) {
            None => self.input.consignments.len(),
            Some(part) => self.parts[part].consignment as usize,
        }
    }

    /// Between places of the routing problem: 0 is the press, then the parts.
    pub(super) fn time_s(&self, from: usize, to: usize) -> i32 {
        self.times_s[self.place(from)][self.place(to)]
    }

    pub(super) fn point(&self, place: usize) -> Point {
        let at = self.place(place);
        self.input.consignments.get(at).map_or(self.input.place, |it| it.goal)
    }

    pub(super) fn class(&self, place: usize) -> Option<RiskClass> {
        self.input.consignments.get(self.place(place)).map(|it| it.class)
    }

    pub(super) fn handing_over_s(&self, stop: u32) -> u32 {
        self.input.means.handing_over_s(count(self.parts[stop as usize - 1].lorries.len()))
    }

    /// None with figures that no problem can hold. Times are working hours; nights that a hand-over has to wait for are kept by
    /// the timetable.
    pub(super) fn problem(&self) -> Option<Problem> {
        let means = &self.input.means;
        let PressMeans { days, lorries_per_convoy, convoy_s, .. } = means;
        let horizon = i32::try_from(days.horizon_s()).ok().filter(|it| *it <= COST_MAX)?;
        let stop = |(number, part): (u32, &Part)| -> Option<Stop> {
            let service = i32::try_from(self.handing_over_s(number)).ok()?;
            Some(Stop {
                demand: [i32::try_from(part.lorries.len()).ok()?, 0, 0],
                service,
                earliest: 0,
                latest: (horizon - service).max(0),
                price: LEFT_OUT_S,
            })
        };
        let stops = (1..).zip(&self.parts).map(stop).collect::<Option<Vec<Stop>>>()?;
        let kind = VehicleKind {
            count: u32::try_from(self.parts.len()).ok()?,
            capacity: [i32::try_from(*lorries_per_convoy).ok()?, 0, 0],
            fixed: i64::from(*convoy_s),
            open: i32::try_from(means.loading_s.min(days.horizon_s())).ok()?,
            // Papers have to be there within the days of work; the empty lorries may come home later.
            close: COST_MAX,
        };
        let side = self.parts.len() + 1;
        let time = Matrix::from_fn(side, |from, to| self.time_s(from, to));
        let cost = Matrix::from_fn(side, |from, to| self.cost_s(from, to));
        Problem::try_new(stops, vec![kind], cost, time).ok()
    }

    /// Risk-weighted seconds of a leg.
    pub(super) fn cost_s(&self, from: usize, to: usize) -> i32 {
        cost_s(self.time_s(from, to), self.class(from), self.class(to))
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
