//! Which cartons ride in which vehicle: filled seat after seat, and no vehicle holds two districts' papers, so that a seal
//! is broken once, where the load is handed over.

use pehra_domain::{ConstituencyId, contest::Assembly};
use serde::{Deserialize, Serialize};

/// Ballot papers of one contest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    pub seat: ConstituencyId,
    pub assembly: Assembly,
    pub voters: u32,
    pub stations: u32,
}

/// What a paper, a carton and their packing weigh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paper {
    pub milligrams: u32,
    /// Papers beyond the voters, for each station and contest.
    pub spare_per_station: u32,
    pub per_carton: u32,
    /// Gross weight over net, in thousandths.
    pub packed_permille: u32,
    /// Litres that a kilogram takes, packed, in thousandths.
    pub litres_permille: u32,
}

/// Room of one vehicle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    pub kilograms: u32,
    pub litres: u32,
}

/// A row of a vehicle's manifest: cartons of one seat, numbered within the seat from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cartons {
    pub seat: String,
    pub national: bool,
    pub from: u32,
    pub until: u32,
    pub papers: u64,
    pub grams: u64,
}

impl Lot {
    /// One for every voter, and the spare ones of its stations. No rounding to books: what the rule was is not known.
    #[must_use]
    pub fn papers(&self, paper: &Paper) -> u64 {
        u64::from(self.voters) + u64::from(self.stations) * u64::from(paper.spare_per_station)
    }
}

impl Paper {
    /// Packed weight.
    #[must_use]
    pub fn grams(&self, papers: u64) -> u64 {
        let net = papers.saturating_mul(u64::from(self.milligrams)).div_ceil(1_000);
        net.saturating_mul(u64::from(self.packed_permille)).div_ceil(1_000)
    }

    /// What a vehicle takes by weight and by volume, in grams.
    fn grams_max(&self, room: Room) -> u64 {
        let by_weight = u64::from(room.kilograms) * 1_000;
        let by_volume = u64::from(room.litres) * 1_000_000;
        by_volume.checked_div(u64::from(self.litres_permille)).unwrap_or(u64::MAX).min(by_weight)
    }
}

/// The manifests of all vehicles that the lots need, in order. None when not even one carton fits into one.
#[must_use]
pub fn fill(lots: &[Lot], paper: &Paper, room: Room) -> Option<Vec<Vec<Cartons>>> {
    let most = paper.grams_max(room);
    let per_carton = u64::from(paper.per_carton.max(1));
    let mut vehicles: Vec<Vec<Cartons>> = Vec::new();
    let mut left = 0;
    for lot in lots {
        let papers = lot.papers(paper);
        for number in 0..papers.div_ceil(per_carton) {
            let here = per_carton.min(papers - number * per_carton);
            let grams = paper.grams(here);
            if grams > most {
                return None;
            }
            if grams > left || vehicles.is_empty() {
                vehicles.push(Vec::new());
                left = most;
            }
            left -= grams;
            let number = u32::try_from(number + 1).unwrap_or(u32::MAX);
            let rows = vehicles.last_mut()?;
            match rows.last_mut().filter(|row| row.seat == lot.seat.as_str()) {
                Some(row) => {
                    row.until = number;
                    row.papers += here;
                    row.grams += grams;
                }
                None => rows.push(Cartons {
                    seat: lot.seat.as_str().to_owned(),
                    national: lot.assembly == Assembly::National,
                    from: number,
                    until: number,
                    papers: here,
                    grams,
                }),
            }
        }
    }
    Some(vehicles)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pehra_domain::seed::Seed;

    const PAPER: Paper = Paper {
        milligrams: 10_000,
        spare_per_station: 5,
        per_carton: 100,
        packed_permille: 1_000,
        litres_permille: 1_500,
    };

    fn lot(seat: &str, voters: u32, stations: u32) -> Lot {
        let assembly =
            if seat.starts_with("NA") { Assembly::National } else { Assembly::Provincial };
        Lot { seat: ConstituencyId::try_new(seat).unwrap(), assembly, voters, stations }
    }

    #[test]
    fn a_case_by_hand() {
        // 395 + 5 papers are four cartons of a kilogram; 140 + 10 one of a kilogram and one of half of that.
        let lots = [lot("NA-1", 395, 1), lot("PB-1", 140, 2)];
        let filled = fill(&lots, &PAPER, Room { kilograms: 3, litres: 9 }).unwrap();
        let row = |seat: &str, from, until, papers, grams| {
            let national = seat.starts_with("NA");
            Cartons { seat: seat.to_owned(), national, from, until, papers, grams }
        };
        assert_eq!(
            filled,
            [
                vec![row("NA-1", 1, 3, 300, 3_000)],
                vec![row("NA-1", 4, 4, 100, 1_000), row("PB-1", 1, 2, 150, 1_500)],
            ]
        );
        let by_volume = fill(&lots, &PAPER, Room { kilograms: 3, litres: 3 }).unwrap();
        assert_eq!(by_volume.len(), 3, "three litres hold two cartons of a litre and a half");
        assert_eq!(fill(&lots, &PAPER, Room { kilograms: 0, litres: 9 }), None);
        assert_eq!(fill(&[], &PAPER, Room { kilograms: 3, litres: 9 }), Some(Vec::new()));
    }

    #[test]
    fn every_paper_rides_once_and_no_vehicle_is_overloaded() {
        let mut chance = Seed::new(3);
        for _ in 0..200 {
            let mut draw = |most: u64| u32::try_from(chance.below(most)).unwrap();
            let lots: Vec<Lot> = (0..draw(6))
                .map(|at| lot(&format!("NA-{}", at + 1), draw(5_000), draw(20)))
                .collect();
            let room = Room { kilograms: 1 + draw(9), litres: 2 + draw(20) };
            let filled = fill(&lots, &PAPER, room).unwrap();
            for vehicle in &filled {
                let grams: u64 = vehicle.iter().map(|row| row.grams).sum();
                assert!(grams <= u64::from(room.kilograms) * 1_000);
                assert!(grams * 3 <= u64::from(room.litres) * 2_000);
            }
            for lot in &lots {
                let mut next = 1;
                let mut papers = 0;
                for row in filled.iter().flatten().filter(|row| row.seat == lot.seat.as_str()) {
                    assert_eq!(row.from, next);
                    next = row.until + 1;
                    papers += row.papers;
                }
                assert_eq!(papers, lot.papers(&PAPER));
            }
        }
    }
}
