//! Courier loops: from a post that is heard, round the stations that are not, and back within the time that a loop may take.
//! Stations join the loop where they lengthen it least (cheapest insertion), then crossings are undone (2-opt).

use super::{field::Spot, narrow};
use crate::road::NO_WAY;

/// One loop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loop {
    /// Positions in the list given, in the order of the visit.
    pub stops: Vec<u32>,
    pub minutes: u32,
}

/// How couriers travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ride {
    /// Thousandths of the straight line, where no road is known.
    pub detour_permille: u32,
    pub speed_m_per_h: u32,
    /// Handing bundles over, in minutes for each stop.
    pub stop_minutes: u32,
    /// A loop takes at most this long, if its only stop allows.
    pub loop_minutes_max: u32,
}

impl Ride {
    /// Motorcycles at 25 km/h over a third more than the straight line, five minutes a stop, back within two hours [P].
    #[must_use]
    pub fn proposed(detour_permille: u32) -> Self {
        Self { detour_permille, speed_m_per_h: 25_000, stop_minutes: 5, loop_minutes_max: 120 }
    }

    /// Minutes of a closed tour of so many straight metres with so many stops, rounded up.
    #[must_use]
    pub fn minutes(self, metres: u64, stops: usize) -> u32 {
        let ridden = metres * u64::from(self.detour_permille) / 1_000;
        self.with_stops((ridden * 60).div_ceil(u64::from(self.speed_m_per_h.max(1))), stops)
    }

    /// Milliseconds over so many straight metres.
    #[must_use]
    pub fn estimated_ms(self, metres: f64) -> u32 {
        let ms = metres * f64::from(self.detour_permille) * 3_600.0
            / f64::from(self.speed_m_per_h.max(1));
        whole(ms).min(NO_WAY - 1)
    }

    fn with_stops(self, riding: u64, stops: usize) -> u32 {
        let waiting = stops as u64 * u64::from(self.stop_minutes);
        u32::try_from(riding + waiting).unwrap_or(u32::MAX)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "milliseconds of a way on earth, held within the type's bounds"
)]
fn whole(ms: f64) -> u32 {
    ms.round().clamp(0.0, f64::from(u32::MAX)) as u32
}

/// Riding times between all places of a district in milliseconds: its sites in their order, then its control room.
/// [`NO_WAY`] where no road leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rides {
    /// Sites of one place share its row.
    row: Vec<u32>,
    rows: usize,
    ms: Vec<u32>,
    /// By row: not on a road, so that ways there are estimated.
    estimated: Vec<bool>,
}

impl Rides {
    /// None unless there is a time from every row to every row, and every site has a row.
    #[must_use]
    pub fn try_new(row: Vec<u32>, ms: Vec<u32>, estimated: Vec<bool>) -> Option<Self> {
        let rows = estimated.len();
        let known = row.iter().all(|&row| (row as usize) < rows);
        (known && ms.len() == rows * rows).then_some(Self { row, rows, ms, estimated })
    }

    fn ms(&self, from: u32, to: u32) -> u32 {
        let (from, to) = (self.row[from as usize] as usize, self.row[to as usize] as usize);
        self.ms[from * self.rows + to]
    }

    /// Whether a way between any of some sites is no measured one. The control room is the last site.
    #[must_use]
    pub fn estimates(&self, sites: impl IntoIterator<Item = u32>) -> bool {
        sites.into_iter().any(|site| self.estimated[self.row[site as usize] as usize])
    }

    /// The position of the control room among the sites.
    #[must_use]
    pub fn control(&self) -> u32 {
        narrow(self.row.len().saturating_sub(1))
    }

    /// From place to place of one tour.
    #[must_use]
    pub fn legs(&self, start: u32, stops: &[u32]) -> Legs {
        let all: Vec<u32> = stops.iter().copied().chain([start]).collect();
        let far = stops.iter().map(|&stop| {
            i64::from(self.ms(start, stop)).saturating_add(i64::from(self.ms(stop, start)))
        });
        let cost = all.iter().flat_map(|&from| all.iter().map(move |&to| self.ms(from, to)));
        Legs { places: all.len(), cost: cost.collect(), far: far.collect(), timed: true }
    }
}

/// What it takes from place to place: stops by their number, the start after them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Legs {
    places: usize,
    /// Straight metres or milliseconds, row by row.
    cost: Vec<u32>,
    /// By stop: the larger, the farther from the start.
    far: Vec<i64>,
    timed: bool,
}

impl Legs {
    /// Straight lines.
    #[must_use]
    pub fn straight(start: Spot, stops: &[Spot]) -> Self {
        let all: Vec<Spot> = stops.iter().copied().chain([start]).collect();
        let cost = all.iter().flat_map(|from| all.iter().map(|to| from.metres(*to)));
        Self {
            places: all.len(),
            cost: cost.collect(),
            far: stops.iter().map(|&stop| start.squared(stop)).collect(),
            timed: false,
        }
    }

    fn start(&self) -> u32 {
        narrow(self.places - 1)
    }

    fn between(&self, from: u32, to: u32) -> u64 {
        u64::from(self.cost[from as usize * self.places + to as usize])
    }

    fn leads_to(&self, stop: u32) -> bool {
        let no_way = u64::from(NO_WAY);
        self.between(self.start(), stop) < no_way && self.between(stop, self.start()) < no_way
    }

    fn at(&self, tour: &[u32], place: usize) -> u32 {
        tour.get(place).copied().unwrap_or(self.start())
    }

    /// Start, tour, start.
    fn length(&self, tour: &[u32]) -> u64 {
        let starts = std::iter::once(self.start()).chain(tour.iter().copied());
        let ends = tour.iter().copied().chain([self.start()]);
        starts.zip(ends).map(|(from, to)| self.between(from, to)).sum()
    }

    fn minutes(&self, tour: &[u32], ride: Ride) -> u32 {
        let length = self.length(tour);
        if self.timed {
            ride.with_stops(length.div_ceil(60_000), tour.len())
        } else {
            ride.minutes(length, tour.len())
        }
    }

    /// Where which stop lengthens the tour least.
    fn cheapest(&self, tour: &[u32], left: &[u32]) -> Option<(usize, u32)> {
        let mut best: Option<(i128, usize, u32)> = None;
        for place in 0..=tour.len() {
            let before = if place == 0 { self.start() } else { self.at(tour, place - 1) };
            let after = self.at(tour, place);
            let gap = i128::from(self.between(before, after));
            for &stop in left {
                let there = i128::from(self.between(before, stop));
                let more = there + i128::from(self.between(stop, after)) - gap;
                if best.is_none_or(|known| (more, place, stop) < known) {
                    best = Some((more, place, stop));
                }
            }
        }
        best.map(|(_, place, stop)| (place, stop))
    }

    /// Turns stretches of the tour round as long as that shortens it.
    fn untangle(&self, tour: &mut [u32]) {
        let mut length = self.length(tour);
        let mut shorter = true;
        while shorter {
            shorter = false;
            for from in 0..tour.len() {
                for to in from + 1..tour.len() {
                    tour[from..=to].reverse();
                    let then = self.length(tour);
                    if then < length {
                        (length, shorter) = (then, true);
                    } else {
                        tour[from..=to].reverse();
                    }
                }
            }
        }
    }
}

/// Loops that visit every stop once to which there is a way and back. A stop that is too far even alone has a loop of its
/// own, which takes what it takes.
#[must_use]
pub fn loops(legs: &Legs, ride: Ride) -> Vec<Loop> {
    let mut left: Vec<u32> = (0..legs.start()).filter(|&stop| legs.leads_to(stop)).collect();
    let mut loops = Vec::new();
    while let Some(first) =
        left.iter().copied().max_by_key(|&stop| (legs.far[stop as usize], std::cmp::Reverse(stop)))
    {
        // The farthest first: it has the fewest choices.
        let mut tour = vec![first];
        left.retain(|&stop| stop != first);
        while let Some((place, stop)) = legs.cheapest(&tour, &left) {
            let mut longer = tour.clone();
            longer.insert(place, stop);
            legs.untangle(&mut longer);
            if legs.minutes(&longer, ride) > ride.loop_minutes_max {
                break;
            }
            tour = longer;
            left.retain(|&other| other != stop);
        }
        let minutes = legs.minutes(&tour, ride);
        loops.push(Loop { stops: tour, minutes });
    }
    loops
}
