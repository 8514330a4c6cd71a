//! One tour with the sums that make judging a place in it quick.

use super::problem::{DIMENSIONS, Problem};

#[derive(Clone, Debug, Default)]
pub(super) struct Sums {
    pub(super) kind: usize,
    pub(super) stops: Vec<u32>,
    pub(super) load: [i32; DIMENSIONS],
    /// Travel only.
    pub(super) cost: i64,
    /// Cost of the leg into position `p`; the last one is into the depot.
    pub(super) legs: Vec<i32>,
    /// Earliest departure from what comes before position `p`.
    pub(super) depart: Vec<i32>,
    /// Latest beginning of service at position `p` that keeps every later window, [`i32::MIN`] where none does; the
    /// last one is the closing time.
    pub(super) latest: Vec<i32>,
}

impl Sums {
    pub(super) fn copy_from(&mut self, other: &Self) {
        self.kind = other.kind;
        self.load = other.load;
        self.cost = other.cost;
        self.stops.clone_from(&other.stops);
        self.legs.clone_from(&other.legs);
        self.depart.clone_from(&other.depart);
        self.latest.clone_from(&other.latest);
    }

    pub(super) fn clear(&mut self) {
        self.stops.clear();
        self.legs.clear();
        self.depart.clear();
        self.latest.clear();
        self.load = [0; DIMENSIONS];
        self.cost = 0;
    }

    pub(super) fn has_room(&self, problem: &Problem, demand: &[i32; DIMENSIONS]) -> bool {
        let capacity = &problem.kinds[self.kind].capacity;
        self.load.iter().zip(demand).zip(capacity).all(|((load, more), most)| load + more <= *most)
    }

    /// Computes every sum anew from the order of the stops.
    pub(super) fn refresh(&mut self, problem: &Problem) {
        self.legs.clear();
        self.load = [0; DIMENSIONS];
        let mut before = 0_usize;
        let mut cost = 0_i64;
        for &stop in &self.stops {
            let leg = problem.cost.at(before, stop as usize);
            self.legs.push(leg);
            cost += i64::from(leg);
            for (load, more) in self.load.iter_mut().zip(&problem.stops[stop as usize].demand) {
                *load += more;
            }
            before = stop as usize;
        }
        let home = problem.cost.at(before, 0);
        self.legs.push(home);
        self.cost = cost + i64::from(home);
        if !problem.timeless {
            self.refresh_times(problem);
        }
    }

    /// Whether every window is kept. Taking a stop out can break one where a detour is quicker than the straight way.
    pub(super) fn is_on_time(&self, problem: &Problem) -> bool {
        let (Some(&first), false) = (self.stops.first(), problem.timeless) else { return true };
        let leg = problem.time.at(0, first as usize);
        let begin = problem.kinds[self.kind].open.saturating_add(leg);
        let begin = begin.max(problem.stops[first as usize].earliest);
        self.latest.first().is_some_and(|latest| begin <= *latest)
    }

    fn refresh_times(&mut self, problem: &Problem) {
        let kind = &problem.kinds[self.kind];
        self.depart.clear();
        self.depart.push(kind.open);
        let (mut before, mut now) = (0_usize, kind.open);
        for &stop in &self.stops {
            let here = &problem.stops[stop as usize];
            let arrive = now.saturating_add(problem.time.at(before, stop as usize));
            now = arrive.max(here.earliest).saturating_add(here.service);
            self.depart.push(now);
            before = stop as usize;
        }
        let count = self.stops.len();
        self.latest.clear();
        self.latest.resize(count + 1, kind.close);
        let (mut after, mut limit) = (0_usize, kind.close);
        for (position, &stop) in self.stops.iter().enumerate().rev() {
            let here = &problem.stops[stop as usize];
            let leave = limit.saturating_sub(problem.time.at(stop as usize, after));
            limit = here.latest.min(leave.saturating_sub(here.service));
            // What cannot be kept even by whoever begins here at the earliest is kept by no way here.
            if limit < here.earliest {
                limit = i32::MIN;
            }
            self.latest[position] = limit;
            after = stop as usize;
        }
    }
}
