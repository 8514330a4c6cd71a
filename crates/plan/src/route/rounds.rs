//! Rounds: the problem is cut into districts of whole tours, which are searched side by side and put together.

use super::{
    Solution, Tour,
    anneal::{Found, anneal},
    chance::Chance,
    problem::Problem,
    recreate::recreate,
    savings::savings,
    state::State,
};

/// When to stop.
#[derive(Clone, Copy)]
pub enum Budget<'a> {
    /// So many ruins and recreations; the answer then depends on the problem and the seed alone.
    Iterations(u64),
    /// The share of a budget that is used up (a clock outside); the search ends when it reaches 1.
    Share(&'a (dyn Fn() -> f64 + Sync)),
}

/// How to search.
#[derive(Clone, Debug)]
pub struct Settings {
    pub seed: u64,
    pub threads: usize,
    /// First and last temperature, in thousandths of the mean leg of the first answer.
    pub heat_permille: (f64, f64),
    /// Stops of one district of the search.
    pub district: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { seed: 1, threads: 1, heat_permille: (300.0, 3.0), district: 300 }
    }
}

/// Told the cost of every better answer.
pub type Improved<'a> = dyn FnMut(i64) + 'a;

/// Iterations of one district in one round.
const ROUND: u64 = 5_000;

/// Searches until the budget is used up. Feasible whenever it stops.
#[must_use]
pub fn solve(
    problem: &Problem,
    settings: &Settings,
    budget: Budget<'_>,
    improved: &mut Improved<'_>,
) -> Solution {
    let mut chance = Chance::fork(settings.seed, 0);
    let mut state = State::of(problem, &savings(problem));
    recreate(problem, &mut state, &mut chance);
    let mut current = state.tours();
    let mut best = state.solution();
    let heat = Heat::of(problem, &best, settings);
    let mut round = 0_u64;
    let stops = problem.places().saturating_sub(1);
    while stops > 0 && best.iterations < limit(budget) && share(budget, best.iterations) < 1.0 {
        round += 1;
        let parts = districts(problem, &current, settings.district, &mut chance);
        let found = search(&parts, settings, budget, &heat, (round, best.iterations));
        let mut next = Vec::with_capacity(current.len());
        let mut best_tours = Vec::with_capacity(current.len());
        for (part, found) in parts.iter().zip(&found) {
            part.lift(&found.current, &mut next);
            part.lift(&found.best, &mut best_tours);
            best.iterations += found.iterations;
        }
        current = next;
        let candidate = State::of(problem, &best_tours).solution();
        if candidate.cost < best.cost {
            best = Solution { iterations: best.iterations, ..candidate };
            improved(best.cost);
        }
    }
    best.tours.sort_by(|a, b| a.stops.cmp(&b.stops));
    best
}

fn limit(budget: Budget<'_>) -> u64 {
    match budget {
        Budget::Iterations(count) => count,
        Budget::Share(_) => u64::MAX,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share needs no more than 53 bits")]
fn share(budget: Budget<'_>, done: u64) -> f64 {
    match budget {
        Budget::Iterations(count) => done as f64 / count.max(1) as f64,
        Budget::Share(share) => share(),
    }
}

/// The temperature falls geometrically with the share of the budget.
struct Heat {
    first: f64,
    last: f64,
}

impl Heat {
    #[expect(clippy::cast_precision_loss, reason = "costs are far below 2^53")]
    fn of(problem: &Problem, first: &Solution, settings: &Settings) -> Self {
        let unserved: i64 = first.unserved.iter().map(|&place| problem.stop(place).price).sum();
        let fixed: i64 = first.tours.iter().map(|tour| problem.kinds[tour.kind].fixed).sum();
        let legs: usize = first.tours.iter().map(|tour| tour.stops.len() + 1).sum();
        let leg = (first.cost - unserved - fixed) as f64 / legs.max(1) as f64;
        let (from, to) = settings.heat_permille;
        Self { first: leg * from / 1_000.0, last: (leg * to / 1_000.0).max(1e-6) }
    }

    fn at(&self, share: f64) -> f64 {
        self.first * libm::pow(self.last / self.first.max(self.last), share.clamp(0.0, 1.0))
    }
}

/// A district of the search.
struct Part {
    problem: Problem,
    tours: Vec<Tour>,
    /// Place in the whole problem of each place but the depot.
    members: Vec<u32>,
}

impl Part {
    fn lift(&self, tours: &[Tour], into: &mut Vec<Tour>) {
        into.extend(tours.iter().map(|tour| Tour {
            kind: tour.kind,
            stops: tour.stops.iter().map(|&stop| self.members[stop as usize - 1]).collect(),
        }));
    }
}

/// Cuts along a line between two distant stops, drawn anew every round: whole tours, about equally many stops.
fn districts(problem: &Problem, tours: &[Tour], district: usize, chance: &mut Chance) -> Vec<Part> {
    let stops = problem.places() - 1;
    let count = (stops + district / 2).div_euclid(district.max(1)).clamp(1, tours.len().max(1));
    if count == 1 {
        let members: Vec<u32> = (1..=u32::try_from(stops).unwrap_or(u32::MAX)).collect();
        return vec![Part { problem: problem.clone(), tours: tours.to_vec(), members }];
    }
    let first = 1 + chance.index(stops);
    let second = 1 + chance.index(stops);
    let side = |tour: &Tour| -> i64 {
        let lean = |&stop: &u32| {
            let stop = stop as usize;
            i64::from(problem.cost.at(first, stop)) - i64::from(problem.cost.at(second, stop))
        };
        let sum: i64 = tour.stops.iter().map(lean).sum();
        sum * 1_000 / i64::try_from(tour.stops.len().max(1)).unwrap_or(i64::MAX)
    };
    let mut order: Vec<(i64, &Tour)> = tours.iter().map(|tour| (side(tour), tour)).collect();
    order.sort_by(|a, b| (a.0, &a.1.stops).cmp(&(b.0, &b.1.stops)));
    let served: usize = tours.iter().map(|tour| tour.stops.len()).sum();
    let mut groups: Vec<Vec<&Tour>> = vec![Vec::new(); count];
    let mut seen = 0;
    for (_, tour) in order {
        groups[(seen * count / served.max(1)).min(count - 1)].push(tour);
        seen += tour.stops.len();
    }
    assemble(problem, tours, groups)
}

/// Each group becomes a problem of its own; spare vehicles and the unserved go around.
fn assemble(problem: &Problem, tours: &[Tour], groups: Vec<Vec<&Tour>>) -> Vec<Part> {
    let count = groups.len();
    let mut absent = vec![true; problem.places()];
    let mut spare: Vec<u32> = problem.kinds.iter().map(|kind| kind.count).collect();
    for tour in tours {
        spare[tour.kind] = spare[tour.kind].saturating_sub(1);
        for &stop in &tour.stops {
            absent[stop as usize] = false;
        }
    }
    let absent: Vec<u32> =
        (1_u32..).zip(&absent[1..]).filter(|(_, out)| **out).map(|(n, _)| n).collect();
    let mut parts = Vec::with_capacity(count);
    for (number, group) in groups.into_iter().enumerate() {
        let mut members: Vec<u32> = group.iter().flat_map(|t| t.stops.iter().copied()).collect();
        members.extend(absent.iter().skip(number).step_by(count));
        members.sort_unstable();
        let mut counts: Vec<u32> = spare
            .iter()
            .map(|&spare| {
                let (each, over) = (spare as usize / count, spare as usize % count);
                u32::try_from(each + usize::from(number < over)).unwrap_or(u32::MAX)
            })
            .collect();
        for tour in &group {
            counts[tour.kind] += 1;
        }
        let mut new = vec![0_u32; problem.places()];
        for (place, &member) in (1_u32..).zip(&members) {
            new[member as usize] = place;
        }
        let renamed = group.iter().map(|tour| Tour {
            kind: tour.kind,
            stops: tour.stops.iter().map(|&stop| new[stop as usize]).collect(),
        });
        let tours = renamed.collect();
        parts.push(Part { problem: problem.part(&members, &counts), tours, members });
    }
    parts
}

/// Searches all parts; part `k` belongs to thread `k mod threads`, and its chance to its number and the round.
fn search(
    parts: &[Part],
    settings: &Settings,
    budget: Budget<'_>,
    heat: &Heat,
    (round, done): (u64, u64),
) -> Vec<Found> {
    let left = limit(budget) - done;
    let count = parts.len() as u64;
    let one = |number: usize| -> Found {
        let part = &parts[number];
        let mut chance = Chance::fork(settings.seed, round * 1_000 + 1 + number as u64);
        let most = ROUND.min(left.saturating_add(count - 1 - number as u64) / count);
        let start = share(budget, done);
        let warmth = |inside: u64| -> Option<f64> {
            let now = match budget {
                Budget::Iterations(_) => share(budget, done + inside * count),
                Budget::Share(_) if inside == 0 => start,
                Budget::Share(share) => share(),
            };
            (now < 1.0 || inside == 0).then(|| heat.at(now))
        };
        anneal(&part.problem, &part.tours, &mut chance, most, &warmth)
    };
    let threads = settings.threads.clamp(1, parts.len());
    if threads == 1 {
        return (0..parts.len()).map(one).collect();
    }
    let mut found: Vec<Option<Found>> = vec![None; parts.len()];
    std::thread::scope(|scope| {
        let one = &one;
        let work = |first: usize| -> Vec<(usize, Found)> {
            (first..parts.len()).step_by(threads).map(|number| (number, one(number))).collect()
        };
        let handles: Vec<_> = (1..threads).map(|first| scope.spawn(move || work(first))).collect();
        let mut all = work(0);
        for handle in handles {
            all.extend(handle.join().unwrap_or_default());
        }
        for (number, result) in all {
            found[number] = Some(result);
        }
    });
    found.into_iter().enumerate().map(|(number, it)| it.unwrap_or_else(|| one(number))).collect()
}
