//! Ruin: strings of stops are taken out of tours that lie next to each other.

use super::{
    chance::Chance,
    problem::Problem,
    state::{NOWHERE, State},
};

/// Stops taken out on average, and the longest string: proposed by Christiaens and Vanden Berghe.
const MEAN_REMOVED: f64 = 10.0;
const STRING_MAX: f64 = 10.0;
/// One more preserved stop inside a split string, in all but one of a hundred draws.
const SPLIT_STOP: f64 = 0.01;

pub(super) fn ruin(problem: &Problem, state: &mut State, chance: &mut Chance) {
    let stops = problem.places() - 1;
    let served = stops - state.absent.len();
    let in_use: u32 = state.used.iter().sum();
    if served == 0 || in_use == 0 {
        return;
    }
    let mean = served as f64 / f64::from(in_use);
    let longest = STRING_MAX.min(mean);
    let strings_max = 4.0 * MEAN_REMOVED / (1.0 + longest) - 1.0;
    let strings = floor(chance.unit() * strings_max + 1.0);
    let seed = 1 + chance.index(stops);
    let mut done = 0;
    let around = std::iter::once(u32::try_from(seed).unwrap_or(1));
    for stop in around.chain(problem.near[seed].iter().copied()) {
        if done >= strings {
            break;
        }
        let number = state.tour_of[stop as usize];
        if number == NOWHERE || state.is_touched(number as usize) {
            continue;
        }
        take_string(problem, state, chance, number as usize, stop, longest);
        done += 1;
    }
}

fn take_string(
    problem: &Problem,
    state: &mut State,
    chance: &mut Chance,
    number: usize,
    stop: u32,
    longest: f64,
) {
    state.touch(number);
    let tour = &state.tours[number];
    let count = tour.stops.len();
    let at = tour.stops.iter().position(|&other| other == stop).unwrap_or(0);
    let most = longest.min(count as f64);
    let length = floor(chance.unit() * most + 1.0).min(count);
    let mut kept = 0;
    if length > 1 && length < count && chance.rare(1) {
        kept = 1;
        while length + kept < count && chance.unit() > SPLIT_STOP {
            kept += 1;
        }
    }
    let span = length + kept;
    let first_low = (at + 1).saturating_sub(span);
    let first_high = at.min(count - span);
    let first = first_low + chance.index(first_high - first_low + 1);
    let keep_from = if kept == 0 { span } else { chance.index(length) + 1 };
    remove(problem, state, number, first, keep_from.min(length));
    if kept > 0 {
        let rest = length - keep_from.min(length);
        remove(problem, state, number, first + kept, rest);
    }
    state.settle(problem, number);
    let left = state.tours[number].stops.len();
    if left > 0 && !state.tours[number].is_on_time(problem) {
        remove(problem, state, number, 0, left);
        state.settle(problem, number);
    }
}

/// Takes `count` stops out of a tour from position `first` on.
fn remove(problem: &Problem, state: &mut State, number: usize, first: usize, count: usize) {
    let State { tours, tour_of, absent, cost, .. } = state;
    for stop in tours[number].stops.drain(first..first + count) {
        tour_of[stop as usize] = NOWHERE;
        absent.push(stop);
        *cost += problem.stops[stop as usize].price;
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small and not negative by construction"
)]
fn floor(value: f64) -> usize {
    value.max(0.0) as usize
}
