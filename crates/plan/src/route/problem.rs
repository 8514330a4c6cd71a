//! What is to be routed: stops, vehicle kinds, and two square tables of costs and times.

/// Load is counted in so many ways at once: bags, people, seats.
pub const DIMENSIONS: usize = 3;
/// Largest cost and time of one leg, and largest time of day: sums along a tour then fit 63 bits, and the sums of
/// the inner loop fit 31.
pub const COST_MAX: i32 = 1 << 28;
/// Most stops of one problem.
const STOPS_MAX: usize = 20_000;
/// Nearest stops that a ruin follows.
const NEAR_MAX: usize = 100;

/// A place that wants to be visited once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    pub demand: [i32; DIMENSIONS],
    /// Time spent there.
    pub service: i32,
    /// Service begins no earlier (a vehicle waits) and no later than this.
    pub earliest: i32,
    pub latest: i32,
    /// Cost of leaving it out.
    pub price: i64,
}

/// So many vehicles of one make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VehicleKind {
    pub count: u32,
    pub capacity: [i32; DIMENSIONS],
    /// Cost of using one at all.
    pub fixed: i64,
    /// It leaves the depot no earlier and is back no later.
    pub open: i32,
    pub close: i32,
}

/// A square table by row (from) and column (to).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    side: usize,
    cells: Vec<i32>,
}

impl Matrix {
    /// `value(from, to)` for every pair.
    #[must_use]
    pub fn from_fn(side: usize, mut value: impl FnMut(usize, usize) -> i32) -> Self {
        let mut cells = Vec::with_capacity(side * side);
        for from in 0..side {
            cells.extend((0..side).map(|to| value(from, to)));
        }
        Self { side, cells }
    }

    #[must_use]
    pub fn side(&self) -> usize {
        self.side
    }

    #[must_use]
    pub fn at(&self, from: usize, to: usize) -> i32 {
        self.cells[from * self.side + to]
    }

    pub(super) fn row(&self, from: usize) -> &[i32] {
        &self.cells[from * self.side..(from + 1) * self.side]
    }

    fn turned(&self) -> Self {
        Self::from_fn(self.side, |from, to| self.at(to, from))
    }
}

/// Why a problem cannot be stated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RouteError {
    #[error("a table of {side} rows for {stops} stops and one depot")]
    Side { side: usize, stops: usize },
    #[error("the leg from {from} to {to} costs {value}, which is not within 0 and {COST_MAX}")]
    Leg { from: usize, to: usize, value: i32 },
    #[error("stop {0}: a demand, time or price is negative or too large")]
    Stop(usize),
    #[error("vehicle kind {0}: a capacity, time or cost is negative or too large")]
    Vehicle(usize),
    #[error("more than {STOPS_MAX} stops")]
    TooLarge,
}

/// Place 0 is the depot, stop `k` of the list is place `k + 1`.
#[derive(Clone, Debug)]
pub struct Problem {
    /// By place; the depot's entry is empty.
    pub(super) stops: Vec<Stop>,
    pub(super) kinds: Vec<VehicleKind>,
    pub(super) cost: Matrix,
    /// Costs by column: the way into a place lies in one row.
    pub(super) cost_into: Matrix,
    pub(super) time: Matrix,
    pub(super) time_into: Matrix,
    /// No window, service or closing time can bind.
    pub(super) timeless: bool,
    /// Nearest places of each stop, nearest first.
    pub(super) near: Vec<Vec<u32>>,
}

impl Problem {
    /// States a problem. `cost` and `time` have a row for the depot and one for each stop.
    ///
    /// # Errors
    /// [`RouteError`] names the figure that is out of bounds. Stops that no vehicle can serve are no error: they
    /// stay unserved.
    pub fn try_new(
        stops: Vec<Stop>,
        kinds: Vec<VehicleKind>,
        cost: Matrix,
        time: Matrix,
    ) -> Result<Self, RouteError> {
        if stops.len() > STOPS_MAX {
            return Err(RouteError::TooLarge);
        }
        for table in [&cost, &time] {
            check_table(table, stops.len())?;
        }
        for (place, stop) in stops.iter().enumerate() {
            let times = [stop.service, stop.earliest, stop.latest];
            let sound =
                stop.demand.iter().chain(&times).all(|value| (0..=COST_MAX).contains(value))
                    && (0..=1 << 40).contains(&stop.price);
            if !sound {
                return Err(RouteError::Stop(place + 1));
            }
        }
        for (place, kind) in kinds.iter().enumerate() {
            let figures = kind.capacity.iter().chain([&kind.open, &kind.close]);
            if !figures.into_iter().all(|value| (0..=COST_MAX).contains(value))
                || !(0..=1 << 40).contains(&kind.fixed)
            {
                return Err(RouteError::Vehicle(place));
            }
        }
        let depot =
            Stop { demand: [0; DIMENSIONS], service: 0, earliest: 0, latest: COST_MAX, price: 0 };
        let stops: Vec<Stop> = std::iter::once(depot).chain(stops).collect();
        let near = (0..stops.len()).map(|place| nearest(&cost, place)).collect();
        Ok(Self::assembled(stops, kinds, cost, time, near))
    }

    fn assembled(
        stops: Vec<Stop>,
        kinds: Vec<VehicleKind>,
        cost: Matrix,
        time: Matrix,
        near: Vec<Vec<u32>>,
    ) -> Self {
        let timeless = timeless(&stops, &kinds, &time);
        let (cost_into, time_into) = (cost.turned(), time.turned());
        Self { stops, kinds, cost, cost_into, time, time_into, timeless, near }
    }

    /// The same problem with some of its stops and fewer vehicles, numbered anew in the given order.
    pub(super) fn part(&self, members: &[u32], counts: &[u32]) -> Self {
        let mut places = vec![0_u32];
        places.extend_from_slice(members);
        let old = |place: usize| places[place] as usize;
        let mut new = vec![u32::MAX; self.places()];
        for (number, &place) in (0_u32..).zip(&places) {
            new[place as usize] = number;
        }
        let side = places.len();
        let near = |place: usize| -> Vec<u32> {
            let all = self.near[old(place)].iter().map(|&other| new[other as usize]);
            all.filter(|&other| other != u32::MAX).collect()
        };
        let kinds = self.kinds.iter().zip(counts);
        Self::assembled(
            (0..side).map(|place| self.stops[old(place)].clone()).collect(),
            kinds.map(|(kind, &count)| VehicleKind { count, ..kind.clone() }).collect(),
            Matrix::from_fn(side, |from, to| self.cost.at(old(from), old(to))),
            Matrix::from_fn(side, |from, to| self.time.at(old(from), old(to))),
            (0..side).map(near).collect(),
        )
    }

    /// Places with the depot.
    #[must_use]
    pub fn places(&self) -> usize {
        self.stops.len()
    }

    #[must_use]
    pub fn stop(&self, place: u32) -> &Stop {
        &self.stops[place as usize]
    }

    #[must_use]
    pub fn kinds(&self) -> &[VehicleKind] {
        &self.kinds
    }

    #[must_use]
    pub fn cost(&self) -> &Matrix {
        &self.cost
    }

    #[must_use]
    pub fn time(&self) -> &Matrix {
        &self.time
    }
}

fn check_table(table: &Matrix, stops: usize) -> Result<(), RouteError> {
    let side = table.side();
    if side != stops + 1 {
        return Err(RouteError::Side { side, stops });
    }
    for from in 0..side {
        for (to, &value) in table.row(from).iter().enumerate() {
            if !(0..=COST_MAX).contains(&value) {
                return Err(RouteError::Leg { from, to, value });
            }
        }
    }
    Ok(())
}

fn nearest(cost: &Matrix, place: usize) -> Vec<u32> {
    if place == 0 {
        return Vec::new();
    }
    let mut others: Vec<(i64, u32)> = (1_u32..)
        .zip(1..cost.side())
        .filter(|&(_, other)| other != place)
        .map(|(number, other)| {
            (i64::from(cost.at(place, other)) + i64::from(cost.at(other, place)), number)
        })
        .collect();
    if others.len() > NEAR_MAX {
        others.select_nth_unstable(NEAR_MAX);
        others.truncate(NEAR_MAX);
    }
    others.sort_unstable();
    others.into_iter().map(|(_, number)| number).collect()
}

/// Whether even the slowest tour through everything keeps every window.
fn timeless(stops: &[Stop], kinds: &[VehicleKind], time: &Matrix) -> bool {
    let longest = (0..time.side()).map(|from| {
        let legs = time.row(from).iter().copied().max().unwrap_or(0);
        i64::from(legs) + i64::from(stops[from].service)
    });
    let all: i64 = longest.sum();
    let open = i64::from(kinds.iter().map(|kind| kind.open).max().unwrap_or(0));
    let close = i64::from(kinds.iter().map(|kind| kind.close).min().unwrap_or(0));
    open + all <= close
        && stops
            .iter()
            .skip(1)
            .all(|stop| i64::from(stop.earliest) <= 0 && open + all <= i64::from(stop.latest))
}
