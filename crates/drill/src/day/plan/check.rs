//! Whether a plan of the day is whole: every position points at something of the same district.

use super::{Plan, Span};

/// A fault of a plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanFault {
    #[error("district {district}: its {list} are not the next ones of the list")]
    Order { district: usize, list: &'static str },
    #[error("{list} {number} names {other} {at}, which is not of its district")]
    Stray { list: &'static str, number: usize, other: &'static str, at: u32 },
    #[error("{list} {number} has nothing to do: give it {lacks}")]
    Empty { list: &'static str, number: usize, lacks: &'static str },
}

impl Plan {
    /// All faults; empty when a day can be simulated.
    #[must_use]
    pub fn check(&self) -> Vec<PlanFault> {
        let mut faults = Vec::new();
        self.order(&mut faults);
        self.stations_whole(&mut faults);
        self.movers_whole(&mut faults);
        faults
    }

    fn order(&self, faults: &mut Vec<PlanFault>) {
        let mut ends = [0_u32; 7];
        let names = ["buildings", "stations", "offices", "sectors", "convoys", "couriers", "teams"];
        for (number, it) in self.districts.iter().enumerate() {
            let spans: [Span; 7] = [
                it.buildings,
                it.stations,
                it.offices,
                it.sectors,
                it.convoys,
                it.couriers,
                it.teams,
            ];
            for ((span, end), list) in spans.into_iter().zip(&mut ends).zip(names) {
                if span.first != *end || span.end < span.first {
                    faults.push(PlanFault::Order { district: number, list });
                }
                *end = span.end;
            }
        }
        let counts = [
            self.buildings.len(),
            self.stations.len(),
            self.offices.len(),
            self.sectors.len(),
            self.convoys.len(),
            self.couriers.len(),
            self.teams.len(),
        ];
        for ((end, count), list) in ends.into_iter().zip(counts).zip(names) {
            if end as usize != count {
                faults.push(PlanFault::Order { district: self.districts.len(), list });
            }
        }
    }

    fn stations_whole(&self, faults: &mut Vec<PlanFault>) {
        for (number, it) in self.stations.iter().enumerate() {
            let Some(district) = self.districts.get(it.district as usize) else {
                faults.push(stray("station", number, "district", it.district));
                continue;
            };
            let named = [
                (district.buildings, "building", it.building),
                (district.offices, "office", it.office),
                (district.sectors, "sector", it.sector),
            ];
            for (span, other, at) in named {
                if !span.contains(at) {
                    faults.push(stray("station", number, other, at));
                }
            }
            if let Some(at) = it.courier.filter(|at| !district.couriers.contains(*at)) {
                faults.push(stray("station", number, "courier", at));
            }
        }
    }

    fn movers_whole(&self, faults: &mut Vec<PlanFault>) {
        for (number, it) in self.convoys.iter().enumerate() {
            let Some(district) = self.districts.get(it.district as usize) else {
                faults.push(stray("convoy", number, "district", it.district));
                continue;
            };
            if it.stops.is_empty() {
                faults.push(PlanFault::Empty { list: "convoy", number, lacks: "stops" });
            }
            if !district.offices.contains(it.office) {
                faults.push(stray("convoy", number, "office", it.office));
            }
            for stop in it.stops.iter().filter(|stop| !district.buildings.contains(stop.building)) {
                faults.push(stray("convoy", number, "building", stop.building));
            }
        }
        for (number, it) in self.sectors.iter().enumerate() {
            let Some(district) = self.districts.get(it.district as usize) else {
                faults.push(stray("sector", number, "district", it.district));
                continue;
            };
            for &at in it.hears.iter().filter(|at| !district.sectors.contains(**at)) {
                faults.push(stray("sector", number, "sector", at));
            }
            for &at in it.stations.iter().chain([&it.post]) {
                if !district.stations.contains(at) {
                    faults.push(stray("sector", number, "station", at));
                }
            }
        }
        for (number, it) in self.couriers.iter().enumerate() {
            let Some(district) = self.districts.get(it.district as usize) else {
                faults.push(stray("courier", number, "district", it.district));
                continue;
            };
            for &at in it.stops.iter().filter(|at| !district.stations.contains(**at)) {
                faults.push(stray("courier", number, "station", at));
            }
        }
    }
}

fn stray(list: &'static str, number: usize, other: &'static str, at: u32) -> PlanFault {
    PlanFault::Stray { list, number, other, at }
}
