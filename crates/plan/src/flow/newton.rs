//! Prices that are nearly right, fast: Newton's method on a smoothed dual.
//!
//! At temperature `T` a sink spreads over its arcs by shares `w ∝ exp(−(cost + λ)/T)`, its soft least price is
//! `μ = −T·ln Σ exp(−(cost + λ)/T)`, a piece is served to the part `σ((price − μ)/T)`, and a source offers
//! `supply·σ(λ/T)`. These are the derivatives of a concave value, whose curvature is a diagonal less one sparse
//! outer product per sink; steps come from conjugate gradients on that, without ever building a matrix. `T`
//! halves; between two temperatures the prices move along `dλ/dT`, from the same equations.
//!
//! The result only decides how much the exact finish has left to do. Sums run over a fixed number of parts in
//! fixed order, so prices do not depend on the number of threads.

use super::{Problem, finish::number_of};
use pehra_domain::progress::{Cancelled, Watch, tell};

const STAGE: &str = "finding prices";
/// Fixed, so that the order of sums is.
const PARTS: usize = 8;
/// Arcs dearer than the cheapest by more than this many temperatures have no weight.
const REACH: f64 = 16.0;
const STEPS_MAX: usize = 6;
const ITERATIONS_MAX: usize = 30;

/// Which sinks take part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sampling {
    /// Every so many sinks stand for all.
    pub(super) stride: usize,
    /// From this temperature up; below it all take part.
    pub(super) above: f64,
}

/// Some sinks with the arcs that matter at one temperature.
#[derive(Default)]
struct Part {
    start: Vec<usize>,
    source: Vec<u32>,
    cost: Vec<f64>,
    share: Vec<f64>,
    /// Per sink: its number, how much is served, and how much of that moves with the shares.
    sink: Vec<usize>,
    served: Vec<f64>,
    stiff: Vec<f64>,
    /// Per source.
    sum: Vec<f64>,
    diagonal: Vec<f64>,
    drift: Vec<f64>,
    value: f64,
}

struct Smooth<'p> {
    problem: &'p Problem,
    supply: Vec<f64>,
    parts: Vec<Part>,
    threads: usize,
    sampling: Sampling,
    weight: f64,
}

/// State of one evaluation, summed over the parts.
struct Point {
    value: f64,
    gradient: Vec<f64>,
    diagonal: Vec<f64>,
    /// How the gradient changes with the temperature.
    drift: Vec<f64>,
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
    let parts = (0..PARTS).map(|_| Part::default()).collect();
    let mut smooth =
        Smooth { problem, supply, parts, threads: threads.max(1), sampling, weight: 1.0 };
    let mut lambda: Vec<f64> = prices.iter().map(|&price| number_of(price)).collect();
    let mut temperature = from;
    let mut level = 0_u64;
    loop {
        tell(watch, STAGE, level, 0)?;
        smooth.gather(&lambda, temperature);
        smooth.climb(&mut lambda, temperature, people, watch)?;
        if temperature <= to {
            break;
        }
        smooth.predict(&mut lambda, temperature);
        temperature /= 2.0;
        level += 1;
    }
    Ok(lambda.into_iter().map(whole).collect())
}

#[expect(clippy::cast_possible_truncation, reason = "prices stay far below 2^53")]
fn whole(price: f64) -> i64 {
    if price.is_finite() { price.round().clamp(0.0, 1e15) as i64 } else { 0 }
}

impl Smooth<'_> {
    /// Takes up the arcs that matter at this temperature, of all sinks or of a sample.
    fn gather(&mut self, lambda: &[f64], temperature: f64) {
        let Sampling { stride, above } = self.sampling;
        let stride = if temperature >= above { stride.max(1) } else { 1 };
        let sinks: Vec<usize> = (0..self.problem.sinks()).step_by(stride).collect();
        let demand = |sink: usize| f64::from(self.problem.demand(sink));
        let all: f64 = (0..self.problem.sinks()).map(demand).sum();
        let some: f64 = sinks.iter().map(|&sink| demand(sink)).sum();
        self.weight = if some > 0.0 { all / some } else { 1.0 };
        let share = sinks.len().div_ceil(PARTS).max(1);
        let (problem, supply) = (self.problem, &self.supply);
        let mut chunks = sinks.chunks(share);
        let work: Vec<(&mut Part, &[usize])> =
            self.parts.iter_mut().map(|part| (part, chunks.next().unwrap_or(&[]))).collect();
        spread(work, self.threads, |(part, sinks)| {
            part.gather(problem, supply, sinks, lambda, temperature);
        });
    }

    fn evaluate(&mut self, lambda: &[f64], temperature: f64) -> Point {
        let problem = self.problem;
        spread(self.parts.iter_mut().collect(), self.threads, |part| {
            part.evaluate(problem, lambda, temperature);
        });
        let count = lambda.len();
        let mut point = Point {
            value: 0.0,
            gradient: vec![0.0; count],
            diagonal: vec![0.0; count],
            drift: vec![0.0; count],
        };
        for part in &self.parts {
            point.value += part.value * self.weight;
            for source in 0..count {
                point.gradient[source] += part.sum[source] * self.weight;
                point.diagonal[source] += part.diagonal[source] * self.weight;
                point.drift[source] += part.drift[source] * self.weight;
            }
        }
        for (source, (&price, &supply)) in lambda.iter().zip(&self.supply).enumerate() {
            let level = price / temperature;
            let sigma = logistic(level);
            let curve = supply * sigma * (1.0 - sigma);
            point.value -= supply * temperature * soft_plus(level);
            point.gradient[source] -= supply * sigma;
            point.diagonal[source] = (point.diagonal[source] + curve) / temperature;
            point.drift[source] += curve * price / (temperature * temperature);
        }
        point
    }

    fn climb(
        &mut self,
        lambda: &mut [f64],
        temperature: f64,
        people: f64,
        watch: &mut Watch<'_>,
    ) -> Result<(), Cancelled> {
        let mut point = self.evaluate(lambda, temperature);
        let mut damping = 1e-4;
        let enough = if temperature > 4.0 { 0.02 } else { 0.004 };
        for _ in 0..STEPS_MAX {
            if point.gradient.iter().map(|g| g.abs()).sum::<f64>() < enough * people {
                break;
            }
            tell(watch, STAGE, 0, 0)?;
            let mut direction = self.solve(&point.gradient, &point.diagonal, damping, temperature);
            for step in &mut direction {
                *step = step.clamp(-12.0 * temperature, 12.0 * temperature);
            }
            let mut length = 1.0;
            loop {
                let trial: Vec<f64> =
                    lambda.iter().zip(&direction).map(|(l, d)| l + length * d).collect();
                let next = self.evaluate(&trial, temperature);
                if next.value >= point.value {
                    lambda.copy_from_slice(&trial);
                    point = next;
                    damping = f64::max(damping / 4.0, 1e-6);
                    break;
                }
                length /= 3.0;
                damping *= 8.0;
                if length < 1e-3 {
                    self.evaluate(lambda, temperature);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Moves prices to where they will be at half the temperature.
    fn predict(&mut self, lambda: &mut [f64], temperature: f64) {
        let point = self.evaluate(lambda, temperature);
        let rate = self.solve(&point.drift, &point.diagonal, 1e-4, temperature);
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
        spread(self.parts.iter_mut().collect(), self.threads, |part| part.outer(way));
        let mut image: Vec<f64> = way.iter().zip(scale).map(|(w, s)| w * s).collect();
        let factor = self.weight / temperature;
        for part in &self.parts {
            for (total, sum) in image.iter_mut().zip(&part.sum) {
                *total -= sum * factor;
            }
        }
        image
    }
}

impl Part {
    fn gather(
        &mut self,
        problem: &Problem,
        supply: &[f64],
        sinks: &[usize],
        lambda: &[f64],
        temperature: f64,
    ) {
        self.start.clear();
        self.source.clear();
        self.cost.clear();
        self.sink.clear();
        self.start.push(0);
        for &sink in sinks {
            let begin = self.source.len();
            let price = |arc: &super::Arc| f64::from(arc.cost) + lambda[arc.source as usize];
            let row = problem.row(sink);
            let able = |arc: &&super::Arc| supply[arc.source as usize] > 0.0;
            let least = row.iter().filter(able).map(price).fold(f64::INFINITY, f64::min);
            let most = least + REACH * temperature;
            for arc in row.iter().filter(able) {
                if price(arc) <= most {
                    self.source.push(arc.source);
                    self.cost.push(f64::from(arc.cost));
                }
            }
            if self.source.len() > begin {
                self.sink.push(sink);
                self.start.push(self.source.len());
            }
        }
        self.share.clear();
        self.share.resize(self.source.len(), 0.0);
        self.served.clear();
        self.served.resize(self.sink.len(), 0.0);
        self.stiff.clear();
        self.stiff.resize(self.sink.len(), 0.0);
    }

    fn evaluate(&mut self, problem: &Problem, lambda: &[f64], temperature: f64) {
        for sums in [&mut self.sum, &mut self.diagonal, &mut self.drift] {
            sums.clear();
            sums.resize(lambda.len(), 0.0);
        }
        self.value = 0.0;
        let cold = 1.0 / temperature;
        for (at, &sink) in self.sink.iter().enumerate() {
            let range = self.start[at]..self.start[at + 1];
            let sources = &self.source[range.clone()];
            let costs = &self.cost[range.clone()];
            let shares = &mut self.share[range];
            let mut least = f64::INFINITY;
            for ((share, &source), cost) in shares.iter_mut().zip(sources).zip(costs) {
                *share = cost + lambda[source as usize];
                least = least.min(*share);
            }
            let (mut total, mut mean) = (0.0, 0.0);
            for share in shares.iter_mut() {
                let above = *share - least;
                let weight = exponential(-above * cold);
                total += weight;
                mean += weight * above;
                *share = weight;
            }
            mean /= total;
            let entropy = libm::log(total);
            let soft = least - temperature * entropy;
            // dμ/dT = (μ − mean price)/T
            let soft_rate = (soft - least - mean) * cold;
            let (mut served, mut stiff, mut served_rate) = (0.0, 0.0, 0.0);
            for piece in problem.pieces(sink) {
                let count = f64::from(piece.count);
                let gap = (number_of(piece.price) - soft) * cold;
                let sigma = logistic(gap);
                served += count * sigma;
                stiff += count * sigma * sigma;
                served_rate += count * sigma * (1.0 - sigma) * (-gap - soft_rate) * cold;
                self.value += count * (soft - temperature * soft_plus(-gap));
            }
            self.served[at] = served;
            self.stiff[at] = stiff;
            let inverse = 1.0 / total;
            for ((share, &source), cost) in shares.iter_mut().zip(sources).zip(costs) {
                *share *= inverse;
                let source = source as usize;
                let above = cost + lambda[source] - least - mean;
                self.sum[source] += served * *share;
                self.diagonal[source] += served * *share;
                self.drift[source] += *share * (served_rate + served * above * cold * cold);
            }
        }
    }

    /// The sum of outer products times a vector, into `sum`.
    fn outer(&mut self, way: &[f64]) {
        self.sum.fill(0.0);
        for (at, &stiff) in self.stiff.iter().enumerate() {
            let range = self.start[at]..self.start[at + 1];
            let sources = &self.source[range.clone()];
            let shares = &self.share[range];
            let along: f64 =
                shares.iter().zip(sources).map(|(share, &s)| share * way[s as usize]).sum();
            let factor = stiff * along;
            for (share, &source) in shares.iter().zip(sources) {
                self.sum[source as usize] += factor * share;
            }
        }
    }
}

/// Does independent pieces of work on so many threads.
fn spread<T: Send>(work: Vec<T>, threads: usize, act: impl Fn(T) + Sync) {
    if threads < 2 {
        work.into_iter().for_each(act);
        return;
    }
    let mut lots: Vec<Vec<T>> = (0..threads).map(|_| Vec::new()).collect();
    for (number, piece) in work.into_iter().enumerate() {
        lots[number % threads].push(piece);
    }
    std::thread::scope(|scope| {
        let act = &act;
        for lot in lots {
            scope.spawn(move || lot.into_iter().for_each(act));
        }
    });
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn logistic(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + exponential(-x))
    } else {
        let e = exponential(x);
        e / (1.0 + e)
    }
}

/// ln(1 + eˣ) without overflow.
fn soft_plus(x: f64) -> f64 {
    x.max(0.0) + libm::log1p(exponential(-x.abs()))
}

/// eˣ for x ≤ 0 to seven digits, the same on every machine: a power of two times a polynomial for the rest.
fn exponential(x: f64) -> f64 {
    if x < -700.0 {
        return 0.0;
    }
    let scaled = x * std::f64::consts::LOG2_E;
    let floor = scaled.floor();
    let f = (scaled - floor) * std::f64::consts::LN_2;
    let tail = 1.0 / 120.0 + f * (1.0 / 720.0 + f * (1.0 / 5_040.0 + f / 40_320.0));
    let power = 1.0 + f * (1.0 + f * (0.5 + f * (1.0 / 6.0 + f * (1.0 / 24.0 + f * tail))));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from −1010 to 0, so the exponent's bits are those of a normal number"
    )]
    let bits = ((floor + 1_023.0) as u64) << 52;
    power * f64::from_bits(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_exponential_is_right_to_seven_digits() {
        for step in 0..7_000 {
            let x = -f64::from(step) * 0.1;
            let exact = libm::exp(x);
            assert!((exponential(x) - exact).abs() <= 1e-7 * exact.max(1e-300), "{x}");
        }
        assert!(exponential(-1e6).abs() < f64::MIN_POSITIVE);
    }
}
