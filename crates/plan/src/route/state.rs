//! The tours that a search changes, with what is needed to take a change back.

use super::{Solution, Tour, problem::Problem, tour::Sums};

/// Of no tour.
pub(super) const NOWHERE: u32 = u32::MAX;

#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) tours: Vec<Sums>,
    /// Tour of each place, [`NOWHERE`] for the absent.
    pub(super) tour_of: Vec<u32>,
    pub(super) absent: Vec<u32>,
    /// Vehicles in use, by kind.
    pub(super) used: Vec<u32>,
    pub(super) cost: i64,
    touched: Vec<bool>,
    saved: Vec<(usize, Sums)>,
    saved_count: usize,
    saved_absent: Vec<u32>,
    saved_cost: i64,
}

impl State {
    /// Nothing is served.
    pub(super) fn empty(problem: &Problem) -> Self {
        let all = 1..u32::try_from(problem.places()).unwrap_or(u32::MAX);
        Self {
            tours: Vec::new(),
            tour_of: vec![NOWHERE; problem.places()],
            cost: all.clone().map(|place| problem.stop(place).price).sum(),
            absent: all.collect(),
            used: vec![0; problem.kinds.len()],
            touched: Vec::new(),
            saved: Vec::new(),
            saved_count: 0,
            saved_absent: Vec::new(),
            saved_cost: 0,
        }
    }

    pub(super) fn of(problem: &Problem, tours: &[Tour]) -> Self {
        let mut state = Self::empty(problem);
        state.cost = 0;
        for tour in tours {
            let number = state.open(tour.kind);
            state.tours[number].stops.extend_from_slice(&tour.stops);
            state.tours[number].refresh(problem);
            state.cost += state.tours[number].cost + problem.kinds[tour.kind].fixed;
            for &stop in &tour.stops {
                state.tour_of[stop as usize] = u32::try_from(number).unwrap_or(NOWHERE);
            }
        }
        let tour_of = &state.tour_of;
        state.absent.retain(|&place| tour_of[place as usize] == NOWHERE);
        state.cost += state.absent.iter().map(|&place| problem.stop(place).price).sum::<i64>();
        state
    }

    /// An empty tour of a kind: an old slot or a new one.
    pub(super) fn open(&mut self, kind: usize) -> usize {
        self.used[kind] += 1;
        let free = self.tours.iter().position(|tour| tour.stops.is_empty());
        let number = free.unwrap_or_else(|| {
            self.tours.push(Sums::default());
            self.touched.push(false);
            self.tours.len() - 1
        });
        self.touch(number);
        self.tours[number].kind = kind;
        number
    }

    /// From here on, changes can be taken back.
    pub(super) fn begin(&mut self) {
        for (number, _) in &self.saved[..self.saved_count] {
            self.touched[*number] = false;
        }
        self.saved_count = 0;
        self.saved_absent.clone_from(&self.absent);
        self.saved_cost = self.cost;
    }

    /// Keeps a tour as it is now, before its first change.
    pub(super) fn touch(&mut self, number: usize) {
        if self.touched[number] {
            return;
        }
        self.touched[number] = true;
        if self.saved_count == self.saved.len() {
            self.saved.push((number, Sums::default()));
        }
        let (place, copy) = &mut self.saved[self.saved_count];
        *place = number;
        copy.copy_from(&self.tours[number]);
        self.saved_count += 1;
    }

    pub(super) fn is_touched(&self, number: usize) -> bool {
        self.touched[number]
    }

    /// Takes back everything since [`Self::begin`].
    pub(super) fn undo(&mut self) {
        for (number, copy) in &mut self.saved[..self.saved_count] {
            let tour = &mut self.tours[*number];
            if !tour.stops.is_empty() {
                self.used[tour.kind] -= 1;
            }
            std::mem::swap(tour, copy);
            if !tour.stops.is_empty() {
                self.used[tour.kind] += 1;
            }
            self.touched[*number] = false;
        }
        for place in &self.absent {
            self.tour_of[*place as usize] = NOWHERE;
        }
        for (number, _) in &self.saved[..self.saved_count] {
            let here = u32::try_from(*number).unwrap_or(NOWHERE);
            for &stop in &self.tours[*number].stops {
                self.tour_of[stop as usize] = here;
            }
        }
        self.saved_count = 0;
        std::mem::swap(&mut self.absent, &mut self.saved_absent);
        for place in &self.absent {
            self.tour_of[*place as usize] = NOWHERE;
        }
        self.cost = self.saved_cost;
    }

    /// Brings a changed tour's sums and the total up to date; a tour without stops gives its vehicle back.
    pub(super) fn settle(&mut self, problem: &Problem, number: usize) {
        let tour = &mut self.tours[number];
        let (old, kind) = (tour.cost, tour.kind);
        if tour.stops.is_empty() {
            tour.clear();
            self.used[kind] -= 1;
            self.cost -= problem.kinds[kind].fixed;
        } else {
            tour.refresh(problem);
        }
        self.cost += self.tours[number].cost - old;
    }

    pub(super) fn tours(&self) -> Vec<Tour> {
        let used = self.tours.iter().filter(|tour| !tour.stops.is_empty());
        used.map(|tour| Tour { kind: tour.kind, stops: tour.stops.clone() }).collect()
    }

    pub(super) fn solution(&self) -> Solution {
        let mut unserved = self.absent.clone();
        unserved.sort_unstable();
        Solution { tours: self.tours(), unserved, cost: self.cost, iterations: 0 }
    }
}
