//! Courier loops: from a post that is heard, round the stations that are not, and back within the time that a loop may take.
//! Stations join the loop where they lengthen it least (cheapest insertion), then crossings are undone (2-opt).

use super::{field::Spot, narrow};

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
    /// Thousandths of the straight line.
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
        let riding = (ridden * 60).div_ceil(u64::from(self.speed_m_per_h.max(1)));
        let waiting = stops as u64 * u64::from(self.stop_minutes);
        u32::try_from(riding + waiting).unwrap_or(u32::MAX)
    }
}

/// Loops that visit every stop once. A stop that is too far even alone has a loop of its own, which takes what it takes.
#[must_use]
pub fn loops(start: Spot, stops: &[Spot], ride: Ride) -> Vec<Loop> {
    let mut left: Vec<u32> = (0..narrow(stops.len())).collect();
    let mut loops = Vec::new();
    while let Some(first) = left
        .iter()
        .copied()
        .max_by_key(|&at| (start.squared(stops[at as usize]), std::cmp::Reverse(at)))
    {
        // The farthest first: it has the fewest choices.
        let mut tour = vec![first];
        left.retain(|&at| at != first);
        while let Some((place, at)) = cheapest(start, stops, &tour, &left) {
            let mut longer = tour.clone();
            longer.insert(place, at);
            untangle(start, stops, &mut longer);
            if ride.minutes(length(start, stops, &longer), longer.len()) > ride.loop_minutes_max {
                break;
            }
            tour = longer;
            left.retain(|&other| other != at);
        }
        let minutes = ride.minutes(length(start, stops, &tour), tour.len());
        loops.push(Loop { stops: tour, minutes });
    }
    loops
}

fn spot(start: Spot, stops: &[Spot], tour: &[u32], place: usize) -> Spot {
    tour.get(place).map_or(start, |&at| stops[at as usize])
}

/// Straight metres of start, tour, start.
fn length(start: Spot, stops: &[Spot], tour: &[u32]) -> u64 {
    let mut here = start;
    let mut metres = 0;
    for &at in tour {
        metres += u64::from(here.metres(stops[at as usize]));
        here = stops[at as usize];
    }
    metres + u64::from(here.metres(start))
}

/// Where which stop lengthens the tour least.
fn cheapest(start: Spot, stops: &[Spot], tour: &[u32], left: &[u32]) -> Option<(usize, u32)> {
    let mut best: Option<(i64, usize, u32)> = None;
    for place in 0..=tour.len() {
        let before = if place == 0 { start } else { spot(start, stops, tour, place - 1) };
        let after = spot(start, stops, tour, place);
        let gap = i64::from(before.metres(after));
        for &at in left {
            let here = stops[at as usize];
            let more = i64::from(before.metres(here)) + i64::from(here.metres(after)) - gap;
            if best.is_none_or(|known| (more, place, at) < known) {
                best = Some((more, place, at));
            }
        }
    }
    best.map(|(_, place, at)| (place, at))
}

/// Turns stretches of the tour round as long as that shortens it.
fn untangle(start: Spot, stops: &[Spot], tour: &mut [u32]) {
    let at = |tour: &[u32], place: usize| spot(start, stops, tour, place);
    let mut shorter = true;
    while shorter {
        shorter = false;
        for from in 0..tour.len() {
            for to in from + 1..tour.len() {
                let before = if from == 0 { start } else { at(tour, from - 1) };
                let (first, last, after) = (at(tour, from), at(tour, to), at(tour, to + 1));
                let now = u64::from(before.metres(first)) + u64::from(last.metres(after));
                let then = u64::from(before.metres(last)) + u64::from(first.metres(after));
                if then < now {
                    tour[from..=to].reverse();
                    shorter = true;
                }
            }
        }
    }
}
