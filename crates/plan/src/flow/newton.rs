//! Prices that are nearly right, fast: Newton's method on a smoothed dual.
//!
//! At temperature `T` a sink spreads over its arcs by shares `w ∝ exp(−(cost + λ)/T)`, its soft least price is
//! `μ = −T·ln Σ exp(−(cost + λ)/T)`, a piece is served to the part `σ((price − μ)/T)`, and a source offers
//! `supply·σ(λ/T)`. These are the derivatives of a concave value, whose curvature is a diagonal less one sparse
//! outer product per sink; steps come from conjugate gradients on that, without ever building a matrix. `T`
//! halves; between two temperatures the prices move along `dλ/dT`, from the same equations.
//!
//! A door's price is the soft least of the prices behind it, so a sink sums over doors, and what a door serves is shared
//! among those behind it once, not once for every sink: see [`doors`].
//!
//! The result only decides how much the exact finish has left to do, so single precision serves inside a sink. A
//! sink with one arc in reach and no piece in doubt is *settled* and leaves the sums until the temperature changes.
//! Sums run over a fixed number of parts in fixed order, so prices do not depend on the number of threads.

mod crowd;
mod doors;
mod part;

use super::{
    Problem,
    approximate::{exponential, logarithm},
    finish::number_of,
};
use crowd::{Crowd, neighbours};
use doors::Doors;
use part::Part;
use pehra_domain::progress::{Cancelled, Watch, tell};
use std::ops::Range;

const STAGE: &str = "finding prices";
/// Fixed, so that the order of sums is.
const PARTS: usize = 4;
/// Arcs dearer than the cheapest by more than this many temperatures have no weight.
const REACH: f64 = 12.0;
/// Arcs of the pool are within so many times the reach.
const POOL: f64 = 3.0;
/// Sources stay within so many temperatures of taking part.
const EDGE: f64 = 4.0;
/// Longest step in temperatures, and the move from which on arcs are taken up anew.
const STEP: f64 = 6.0;
const STALE: f64 = 2.0;
/// Prices behind one door that differ by less than so many temperatures are one: they differ only so that shares fit.
const LEVEL: f64 = 3.0;
const STEPS_MAX: usize = 3;
const ITERATIONS_MAX: usize = 25;
/// Fewer arcs than this are not worth a second thread.
const SPREAD_FROM: usize = 20_000;
/// Sinks whose arcs stay in the nearest cache while they are worked on.
const BLOCK: usize = 64;

/// How many sinks are taken as one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sampling {
    /// So many neighbours are one.
    pub(super) stride: usize,
    /// From this temperature up; below it fewer, and each is itself from a quarter of it down.
    pub(super) above: f64,
}

impl Sampling {
    fn stride(self, temperature: f64) -> usize {
        if temperature >= self.above {
            self.stride.max(1)
        } else if temperature * 4.0 > self.above {
            self.stride.div_ceil(3).max(1)
        } else {
            1
        }
    }
}

struct Smooth<'p> {
    problem: &'p Problem,
    supply: Vec<f64>,
    doors: Doors<'p>,
    parts: Vec<Part>,
    threads: usize,
    sampling: Sampling,
    /// Cheapest source and sink, in order.
    order: Vec<(u32, u32)>,
    crowd: Crowd,
    /// Prices at which the pool was filled, and how much dearer than the cheapest its arcs may be.
    pool_lambda: Vec<f64>,
    pool_margin: f64,
    /// The prices and a direction as the parts read them, by node.
    lambda: Vec<f32>,
    way: Vec<f32>,
}

/// State of one evaluation, summed over the parts.
struct Point {
    value: f64,
    gradient: Vec<f64>,
    diagonal: Vec<f64>,
}

/// Improves prices while the temperature falls from `from` to `to`.
pub(super) fn newton(
    problem: &Problem,
    prices: &[i64],
    (from, to): (f64, f64),
    sampling: Sampling,
    threads: usize,
    watch: &mut Watch<'_>,
) -> Result<Vec<i64>, Cancelled> {
    let supply: Vec<f64> = problem.supply().iter().map(|&count| f64::from(count)).collect();
    let people = supply.iter().sum::<f64>().max(1.0);
    let count = problem.nodes();
    let mut smooth = Smooth {
        problem,
        doors: Doors::new(problem),
        supply,
        parts: (0..PARTS).map(|_| Part::default()).collect(),
        threads: threads.max(1),
        sampling,
        order: neighbours(problem),
        crowd: Crowd::default(),
        pool_lambda: Vec::new(),
        pool_margin: 0.0,
        lambda: vec![0.0; count],
        way: vec![0.0; count],
    };
    let mut lambda: Vec<f64> = prices.iter().map(|&price| number_of(price)).collect();
    let mut temperature = from;
    let mut level = 0_u64;
    loop {
        tell(watch, STAGE, level, 0)?;
        smooth.gather(&mut lambda, temperature);
        let point = smooth.climb(&mut lambda, temperature, people, watch)?;
        if temperature <= to {
            break;
        }
        smooth.predict(&mut lambda, &point, temperature);
        temperature /= 2.0;
        level += 1;
    }
    smooth.doors.level(&mut lambda, LEVEL * temperature);
    Ok(lambda.into_iter().map(whole).collect())
}

#[expect(clippy::cast_possible_truncation, reason = "prices stay far below 2^53")]
fn whole(price: f64) -> i64 {
    if price.is_finite() { price.round().clamp(0.0, 1e15) as i64 } else { 0 }
}

#[expect(clippy::cast_possible_truncation, reason = "single precision is the point")]
fn single(number: f64) -> f32 {
    number as f32
}

impl Smooth<'_> {
    /// Takes up the arcs that matter at this temperature. They come from a pool that is wide enough for prices to
    /// move; when they moved too far, or the pool is far too wide, it is filled anew.
    fn gather(&mut self, lambda: &mut [f64], temperature: f64) {
        let stride = self.sampling.stride(temperature);
        let reach = REACH * temperature;
        let moved = self
            .pool_lambda
            .iter()
            .zip(&*lambda)
            .map(|(from, to)| (from - to).abs())
            .fold(0.0, f64::max);
        let stale = 2.0 * moved + reach > self.pool_margin || POOL * 8.0 * reach < self.pool_margin;
        if self.crowd.stride != stride || stale {
            if self.crowd.stride != stride {
                self.crowd = Crowd::new(self.problem, &self.order, stride);
            }
            self.pool_margin = POOL * reach;
            self.fill(lambda, temperature);
            if self.call_back(lambda, temperature) {
                self.fill(lambda, temperature);
            }
        }
        self.narrow(lambda, temperature);
        let (crowd, narrow) = (&self.crowd, &self.lambda);
        spread(self.parts.iter_mut().collect(), self.threads, |part| {
            part.gather(crowd, narrow, temperature);
        });
    }

    /// Fills the pool.
    fn fill(&mut self, lambda: &[f64], temperature: f64) {
        self.narrow(lambda, temperature);
        for (price, &supply) in self.lambda.iter_mut().zip(&self.supply) {
            if supply <= 0.0 {
                *price = f32::INFINITY;
            }
        }
        self.pool_lambda.clear();
        self.pool_lambda.extend_from_slice(lambda);
        let (problem, crowd, narrow) = (self.problem, &self.crowd, &self.lambda);
        let margin = single(self.pool_margin);
        let count = crowd.groups();
        let share = count.div_ceil(PARTS).max(1);
        let work: Vec<(&mut Part, Range<usize>)> = self
            .parts
            .iter_mut()
            .enumerate()
            .map(|(n, part)| (part, (n * share).min(count)..((n + 1) * share).min(count)))
            .collect();
        spread(work, self.threads, |(part, groups)| {
            part.pool(problem, crowd, groups, narrow, margin);
        });
    }

    /// Prices as the parts read them, those of doors behind the sources'.
    fn narrow(&mut self, lambda: &[f64], temperature: f64) {
        self.doors.price(lambda, temperature);
        for (to, &from) in self.lambda.iter_mut().zip(lambda.iter().chain(&self.doors.soft)) {
            *to = single(from);
        }
    }

    /// Brings sources that no sink would call, or that are idle beyond doubt, back to where they take part: out
    /// there the value is flat, and steps of a few temperatures would take for ever. Whether any was lowered.
    fn call_back(&mut self, lambda: &mut [f64], temperature: f64) -> bool {
        let mut lowered = false;
        let nearest = |node: usize| {
            f64::from(self.parts.iter().map(|part| part.above[node]).fold(f32::INFINITY, f32::min))
        };
        let mut above: Vec<f64> = (0..self.lambda.len()).map(nearest).collect();
        self.doors.reach_behind(lambda, &mut above);
        for (price, above) in lambda.iter_mut().zip(above) {
            if above.is_finite() && above > EDGE * temperature {
                *price -= above - EDGE * temperature;
                lowered = true;
            }
            *price = price.max(-EDGE * temperature);
        }
        lowered
    }

    /// As many threads as the arcs in reach are worth.
    fn hands(&self) -> usize {
        let arcs: usize = self.parts.iter().map(|part| part.source.len()).sum();
        if arcs < SPREAD_FROM { 1 } else { self.threads }
    }

    fn evaluate(&mut self, lambda: &[f64], temperature: f64) -> Point {
        self.narrow(lambda, temperature);
        let (crowd, hands) = (&self.crowd, self.hands());
        let narrow = &self.lambda;
        spread(self.parts.iter_mut().collect(), hands, |part| {
            part.evaluate(crowd, narrow, temperature);
        });
        let count = self.lambda.len();
        let mut point =
            Point { value: 0.0, gradient: vec![0.0; count], diagonal: vec![0.0; count] };
        for part in &self.parts {
            point.value += part.value + part.settled_value;
            let prices = lambda.iter().chain(&self.doors.soft);
            let sums = prices.zip(&part.settled).zip(&part.sum);
            for (node, ((&price, &settled), &moving)) in sums.enumerate() {
                // An endless price has nothing to settle.
                point.value += if settled > 0.0 { settled * price } else { 0.0 };
                point.gradient[node] += settled + moving;
                point.diagonal[node] += moving;
            }
        }
        self.doors.share_out(&mut point.gradient, &mut point.diagonal);
        for (source, (&price, &supply)) in lambda.iter().zip(&self.supply).enumerate() {
            let (sigma, soft) = logistic(price / temperature);
            point.value -= supply * temperature * soft;
            point.gradient[source] -= supply * sigma;
            let curve = supply * sigma * (1.0 - sigma);
            // A source far from where it belongs has no curvature; it may still move a few temperatures.
            let floor = point.gradient[source].abs() / 4.0;
            let bend = (point.diagonal[source] + curve).max(floor);
            point.diagonal[source] = bend / temperature;
        }
        point
    }

    fn climb(
        &mut self,
        lambda: &mut [f64],
        temperature: f64,
        people: f64,
        watch: &mut Watch<'_>,
    ) -> Result<Point, Cancelled> {
        let mut point = self.evaluate(lambda, temperature);
        let mut damping = 1e-4;
        let enough = if temperature > 4.0 { 0.02 } else { 0.006 };
        for _ in 0..STEPS_MAX {
            let imbalance = point.gradient.iter().map(|g| g.abs()).sum::<f64>() / people;
            if imbalance < enough {
                break;
            }
            tell(watch, STAGE, 0, 0)?;
            let mut direction = self.solve(&point.gradient, &point.diagonal, damping, temperature);
            for step in &mut direction {
                *step = step.clamp(-STEP * temperature, STEP * temperature);
            }
            let mut length = 1.0;
            loop {
                let lowest = -EDGE * temperature;
                let step = |(price, way): (&f64, &f64)| (price + length * way).max(lowest);
                let trial: Vec<f64> = lambda.iter().zip(&direction).map(step).collect();
                let next = self.evaluate(&trial, temperature);
                // Single precision blurs the last digits of the value.
                if next.value >= point.value - 1e-8 * point.value.abs() {
                    let move_max = lambda
                        .iter()
                        .zip(&trial)
                        .map(|(from, to)| (from - to).abs())
                        .fold(0.0, f64::max);
                    lambda.copy_from_slice(&trial);
                    point = if move_max > STALE * temperature {
                        // Arcs out of reach may have come into it; without them the value is too high.
                        self.gather(lambda, temperature);
                        self.evaluate(lambda, temperature)
                    } else {
                        next
                    };
                    damping = f64::max(damping / 4.0, 1e-6);
                    break;
                }
                length /= 3.0;
                damping *= 8.0;
                if length < 1e-2 {
                    return Ok(self.evaluate(lambda, temperature));
                }
            }
        }
        Ok(point)
    }

    /// Moves prices to where they will be at half the temperature.
    fn predict(&mut self, lambda: &mut [f64], point: &Point, temperature: f64) {
        let (crowd, hands) = (&self.crowd, self.hands());
        let narrow = &self.lambda;
        spread(self.parts.iter_mut().collect(), hands, |part| {
            part.drift(crowd, narrow, temperature);
        });
        let mut drift = vec![0.0; self.lambda.len()];
        for part in &self.parts {
            for (total, drift) in drift.iter_mut().zip(&part.drift) {
                *total += drift;
            }
        }
        if self.problem.doors() > 0 {
            // Soft least prices of doors fall with the temperature even when nothing behind them moves.
            self.doors.fall(&mut self.way);
            let narrow = &self.way;
            spread(self.parts.iter_mut().collect(), hands, |part| part.outer(narrow));
            for part in &self.parts {
                for (total, sum) in drift.iter_mut().zip(&part.sum) {
                    *total += sum / temperature;
                }
            }
            self.doors.drift(lambda, temperature, &mut drift);
        }
        for ((drift, &price), &supply) in drift.iter_mut().zip(&*lambda).zip(&self.supply) {
            let (sigma, _) = logistic(price / temperature);
            *drift += supply * sigma * (1.0 - sigma) * price / (temperature * temperature);
        }
        let rate = self.solve(&drift, &point.diagonal, 1e-4, temperature);
        let most = 4.0 * temperature;
        for (price, rate) in lambda.iter_mut().zip(rate) {
            *price += (-rate * temperature / 2.0).clamp(-most, most);
        }
    }

    /// Conjugate gradients with the diagonal as preconditioner, to a hundredth.
    fn solve(
        &mut self,
        right: &[f64],
        diagonal: &[f64],
        damping: f64,
        temperature: f64,
    ) -> Vec<f64> {
        let count = right.len();
        let scale: Vec<f64> = diagonal.iter().map(|d| d * (1.0 + damping) + 1e-9).collect();
        let mut found = vec![0.0; count];
        let mut rest = right.to_vec();
        let mut ready: Vec<f64> = rest.iter().zip(&scale).map(|(r, s)| r / s).collect();
        let mut way = ready.clone();
        let mut size = dot(&rest, &ready);
        let goal = size * 1e-4;
        for _ in 0..ITERATIONS_MAX {
            if size <= goal || size <= 0.0 {
                break;
            }
            let image = self.image(&way, &scale, temperature);
            let curve = dot(&way, &image);
            if curve <= 0.0 {
                break;
            }
            let step = size / curve;
            for source in 0..count {
                found[source] += step * way[source];
                rest[source] -= step * image[source];
                ready[source] = rest[source] / scale[source];
            }
            let next = dot(&rest, &ready);
            let turn = next / size;
            size = next;
            for source in 0..count {
                way[source] = ready[source] + turn * way[source];
            }
        }
        found
    }

    /// The curvature times a vector.
    fn image(&mut self, way: &[f64], scale: &[f64], temperature: f64) -> Vec<f64> {
        let hands = self.hands();
        self.doors.lead(way);
        for (to, &from) in self.way.iter_mut().zip(way.iter().chain(&self.doors.way)) {
            *to = single(from);
        }
        let narrow = &self.way;
        spread(self.parts.iter_mut().collect(), hands, |part| part.outer(narrow));
        let mut sums = vec![0.0; self.lambda.len()];
        for part in &self.parts {
            for (total, sum) in sums.iter_mut().zip(&part.sum) {
                *total += sum;
            }
        }
        self.doors.gather(&mut sums);
        let factor = 1.0 / temperature;
        way.iter().zip(scale).zip(&sums).map(|((w, s), sum)| w * s - sum * factor).collect()
    }
}

/// Does independent pieces of work on so many threads, this one among them.
fn spread<T: Send>(work: Vec<T>, threads: usize, act: impl Fn(T) + Sync) {
    if threads < 2 {
        work.into_iter().for_each(act);
        return;
    }
    let mut lots: Vec<Vec<T>> = (0..threads.min(PARTS)).map(|_| Vec::new()).collect();
    let count = lots.len();
    for (number, piece) in work.into_iter().enumerate() {
        lots[number % count].push(piece);
    }
    std::thread::scope(|scope| {
        let act = &act;
        let own = lots.pop();
        for lot in lots {
            scope.spawn(move || lot.into_iter().for_each(act));
        }
        own.into_iter().flatten().for_each(act);
    });
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// 1/(1 + e⁻ˣ), and ln(1 + eˣ) without overflow.
fn logistic(x: f64) -> (f64, f64) {
    let e = f64::from(exponential(single(-x.abs())));
    let sigma = if x >= 0.0 { 1.0 / (1.0 + e) } else { e / (1.0 + e) };
    (sigma, x.max(0.0) + logarithm(1.0 + e))
}
