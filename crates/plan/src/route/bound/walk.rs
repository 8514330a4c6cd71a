//! Cheapest walks by load and last stop, from the depot and back to it.

use crate::route::problem::Problem;

/// No way.
const FAR: i64 = i64::MAX / 8;

/// Scaled costs of the legs that may be driven, by column: `into[to][from]`.
pub(super) struct Legs {
    side: usize,
    into: Vec<i64>,
    out: Vec<i64>,
}

impl Legs {
    pub(super) fn of(problem: &Problem, scale: i64) -> Self {
        let side = problem.places();
        let open = problem.kinds.iter().map(|kind| kind.open).min().unwrap_or(0);
        let close = problem.kinds.iter().map(|kind| kind.close).max().unwrap_or(0);
        let cost = |from: usize, to: usize| -> i64 {
            let (a, b) = (&problem.stops[from], &problem.stops[to]);
            let leave = if from == 0 { open } else { a.earliest.max(open) + a.service };
            let latest = if to == 0 { close } else { b.latest };
            let late = i64::from(leave) + i64::from(problem.time.at(from, to)) > i64::from(latest);
            if from == to || late { FAR } else { i64::from(problem.cost.at(from, to)) * scale }
        };
        let mut into = Vec::with_capacity(side * side);
        let mut out = Vec::with_capacity(side * side);
        for here in 0..side {
            into.extend((0..side).map(|other| cost(other, here)));
            out.extend((0..side).map(|other| cost(here, other)));
        }
        Self { side, into, out }
    }
}

/// The best walk of a load to a stop, and the best that comes from elsewhere.
#[derive(Clone, Copy)]
struct Cell {
    best: i64,
    from: u32,
    second: i64,
    second_from: u32,
}

const NONE: Cell = Cell { best: FAR, from: 0, second: FAR, second_from: 0 };

/// One direction's table: `cells[load][stop]`.
struct Table {
    side: usize,
    cells: Vec<Cell>,
}

impl Table {
    fn fill(side: usize, into: &[i64], demand: &[usize], capacity: usize, lambda: &[i64]) -> Self {
        let mut cells = vec![NONE; (capacity + 1) * side];
        for load in 1..=capacity {
            let (done, now) = cells.split_at_mut(load * side);
            for stop in 1..side {
                let Some(rest) = load.checked_sub(demand[stop]) else { continue };
                let row = &into[stop * side..(stop + 1) * side];
                now[stop] = if rest == 0 {
                    let best = if row[0] >= FAR { FAR } else { row[0] - lambda[stop] };
                    Cell { best, from: 0, ..NONE }
                } else {
                    extend(&done[rest * side..(rest + 1) * side], row, stop, lambda[stop])
                };
            }
        }
        Self { side, cells }
    }

    fn at(&self, load: usize, stop: usize) -> &Cell {
        &self.cells[load * self.side + stop]
    }

    /// Calls `visit` for every stop of a walk before (or after) its last one.
    fn follow(&self, load: usize, stop: usize, demand: &[usize], mut visit: impl FnMut(usize)) {
        let (mut load, mut stop) = (load, stop);
        let mut from = self.at(load, stop).from as usize;
        while from != 0 {
            visit(from);
            load -= demand[stop];
            let cell = self.at(load, from);
            let next = if cell.from as usize == stop { cell.second_from } else { cell.from };
            (stop, from) = (from, next as usize);
        }
    }
}

fn extend(before: &[Cell], row: &[i64], stop: usize, lambda: i64) -> Cell {
    let mut cell = NONE;
    let here = u32::try_from(stop).unwrap_or(0);
    for (from, (cell_before, leg)) in (0_u32..).zip(before.iter().zip(row)).skip(1) {
        let walk = if cell_before.from == here { cell_before.second } else { cell_before.best };
        let cost = walk.wrapping_add(*leg);
        if cost < cell.second {
            if cost < cell.best {
                (cell.second, cell.second_from) = (cell.best, cell.from);
                (cell.best, cell.from) = (cost, from);
            } else {
                (cell.second, cell.second_from) = (cost, from);
            }
        }
    }
    let less = |cost: i64| if cost >= FAR { FAR } else { cost - lambda };
    Cell { best: less(cell.best), second: less(cell.second), ..cell }
}

/// A walk through a stop: load up to it, load from it on, both with the stop's own.
pub(super) struct Through {
    pub(super) cost: i64,
    pub(super) load: usize,
    before: usize,
    after: usize,
}

pub(super) struct Walks {
    capacity: usize,
    there: Table,
    back: Table,
}

impl Walks {
    pub(super) fn find(legs: &Legs, demand: &[usize], capacity: usize, lambda: &[i64]) -> Self {
        Self {
            capacity,
            there: Table::fill(legs.side, &legs.into, demand, capacity, lambda),
            back: Table::fill(legs.side, &legs.out, demand, capacity, lambda),
        }
    }

    /// The walk through a stop that costs least per load, multipliers taken off; none when there is no walk.
    pub(super) fn through(
        &self,
        stop: usize,
        demand: &[usize],
        lambda: &[i64],
        fixed: i64,
    ) -> Option<Through> {
        let own = demand[stop];
        let mut best: Option<Through> = None;
        for before in own..=self.capacity {
            let there = self.there.at(before, stop).best;
            if there >= FAR {
                continue;
            }
            for after in own..=self.capacity + own - before {
                let back = self.back.at(after, stop).best;
                if back >= FAR {
                    continue;
                }
                let cost = there + back + lambda[stop] + fixed;
                let load = before + after - own;
                let cheaper = best.as_ref().is_none_or(|known| {
                    i128::from(cost) * (known.load as i128)
                        < i128::from(known.cost) * (load as i128)
                });
                if cheaper {
                    best = Some(Through { cost, load, before, after });
                }
            }
        }
        best
    }

    pub(super) fn follow(
        &self,
        stop: usize,
        through: &Through,
        demand: &[usize],
        mut visit: impl FnMut(usize),
    ) {
        visit(stop);
        self.there.follow(through.before, stop, demand, &mut visit);
        self.back.follow(through.after, stop, demand, &mut visit);
    }
}
