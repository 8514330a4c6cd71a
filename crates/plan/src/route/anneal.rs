//! One search: ruin, recreate, and keep what simulated annealing keeps.

use super::{Tour, chance::Chance, problem::Problem, recreate::recreate, ruin::ruin, state::State};

/// Iterations between two looks at the budget.
pub(super) const LOOK_EVERY: u64 = 64;

/// What one search found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Where the search stands.
    pub(super) current: Vec<Tour>,
    pub(super) best: Vec<Tour>,
    pub(super) iterations: u64,
}

/// Searches for `iterations`, or until `heat` is none; `heat(done)` is the temperature in units of cost.
pub(super) fn anneal(
    problem: &Problem,
    tours: &[Tour],
    chance: &mut Chance,
    iterations: u64,
    heat: &dyn Fn(u64) -> Option<f64>,
) -> Found {
    let mut state = State::of(problem, tours);
    let (mut best, mut best_cost) = (tours.to_vec(), state.cost);
    let mut current = state.cost;
    let mut temperature = 0.0;
    let mut done = 0;
    while done < iterations {
        if done.is_multiple_of(LOOK_EVERY) {
            let Some(now) = heat(done) else { break };
            temperature = now;
        }
        done += 1;
        state.begin();
        ruin(problem, &mut state, chance);
        recreate(problem, &mut state, chance);
        if keeps(state.cost - current, temperature, chance) {
            current = state.cost;
            if current < best_cost {
                best_cost = current;
                best = state.tours();
            }
        } else {
            state.undo();
        }
    }
    Found { current: state.tours(), best, iterations: done }
}

#[expect(clippy::cast_precision_loss, reason = "costs of a tour change are far below 2^53")]
fn keeps(worse: i64, temperature: f64, chance: &mut Chance) -> bool {
    if worse <= 0 {
        return true;
    }
    let worse = worse as f64;
    // Beyond 40 temperatures the chance is below 1e-17.
    worse < 40.0 * temperature && worse < -temperature * libm::log(1.0 - chance.unit())
}
