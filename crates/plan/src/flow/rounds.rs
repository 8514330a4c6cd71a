//! From a problem to a certified answer: prices, exact finish, and rounds of pricing the pairs left out.

use super::{
    Arc, Flow, FlowError, NoPairs, Pairs, Problem, Solution, Verified, bound_of,
    finish::finish,
    newton::{Sampling, newton},
    verify, verify_whole,
};
use pehra_domain::progress::{Watch, tell};

/// How to go about it. The answer's cost does not depend on any of these, and no byte of it on `threads`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    pub threads: usize,
    /// Most arcs added to one sink in one round of pricing.
    pub arcs_per_round: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { threads: 1, arcs_per_round: 8 }
    }
}

/// A certified answer, with the problem as it grew by pricing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solved {
    pub problem: Problem,
    pub solution: Solution,
    pub verified: Verified,
    /// Rounds of pricing, and arcs that they added.
    pub rounds: u32,
    pub arcs_added: usize,
}

/// Solves over the rows alone.
///
/// # Errors
/// [`FlowError::Cancelled`], or [`FlowError::Defect`] when the answer does not verify.
pub fn solve(
    problem: Problem,
    options: Options,
    watch: &mut Watch<'_>,
) -> Result<Solved, FlowError> {
    solve_whole(problem, &NoPairs, options, watch)
}

/// Solves over all pairs: rows first, then whatever the prices show to be missing from them, until nothing is.
///
/// # Errors
/// [`FlowError::Cancelled`], or [`FlowError::Defect`] when the answer does not verify.
pub fn solve_whole(
    problem: Problem,
    pairs: &dyn Pairs,
    options: Options,
    watch: &mut Watch<'_>,
) -> Result<Solved, FlowError> {
    let mut problem = problem;
    let listed = problem.arc_count();
    let mut prices = vec![0; problem.sources()];
    if problem.sinks() > 0 {
        let hot = hottest(&problem);
        let sampling = Sampling { stride: stride(&problem), above: 0.0 };
        for _ in 0..COARSE_ROUNDS {
            prices = newton(&problem, &prices, (hot, COARSE), sampling, options.threads, watch)?;
            let scan = Scan { stride: sampling.stride, margin: COARSE_MARGIN, most: 24 };
            let more = improving(&problem, pairs, &prices, scan, options.threads, watch)?;
            let few = more.len() < problem.sinks() / sampling.stride / 10;
            problem = problem.with_more(&more);
            if few {
                break;
            }
        }
        let scan = Scan { stride: 1, margin: COARSE_MARGIN, most: 16 };
        let more = improving(&problem, pairs, &prices, scan, options.threads, watch)?;
        problem = problem.with_more(&more);
        let sampling = Sampling { above: COARSE, ..sampling };
        prices = newton(&problem, &prices, (hot, FINE), sampling, options.threads, watch)?;
        for _ in 0..FINE_ROUNDS {
            let scan = Scan { stride: 1, margin: FINE_MARGIN, most: 8 };
            let more = improving(&problem, pairs, &prices, scan, options.threads, watch)?;
            let few = more.len() < 5_000;
            problem = problem.with_more(&more);
            prices =
                newton(&problem, &prices, (FINE * 2.0, 1.0), sampling, options.threads, watch)?;
            if few {
                break;
            }
        }
    }
    let added = problem.arc_count() - listed;
    let solved = resolve(problem, &prices, pairs, options, watch)?;
    Ok(Solved { arcs_added: solved.arcs_added + added, ..solved })
}

/// Temperature down to which a sample of the sinks finds out what the rows lack, rounds of that, and how much
/// dearer than the best a pair may be to be taken along.
const COARSE: f64 = 256.0;
const COARSE_ROUNDS: u32 = 4;
const COARSE_MARGIN: i64 = 300;

/// The same once more for all sinks, nearer to the truth.
const FINE: f64 = 16.0;
const FINE_ROUNDS: u32 = 1;
const FINE_MARGIN: i64 = 16;

/// Every so many sinks are a sample large enough.
fn stride(problem: &Problem) -> usize {
    (problem.sinks() / (4 * problem.sources().max(1_000))).clamp(1, 8)
}

/// Which sinks to price, how much dearer than the best a pair may be, and how many pairs to take for a sink.
#[derive(Clone, Copy)]
struct Scan {
    stride: usize,
    margin: i64,
    most: usize,
}

/// A temperature at which every piece still matters.
fn hottest(problem: &Problem) -> f64 {
    let dearest = (0..problem.sinks())
        .filter_map(|sink| problem.pieces(sink).last().map(|piece| piece.price))
        .max()
        .unwrap_or(0);
    let mut hot = 1.0;
    while super::finish::number_of(dearest) > hot * 16.0 {
        hot *= 2.0;
    }
    hot
}

/// Solves from known prices: of the same problem before its figures changed.
///
/// # Errors
/// [`FlowError::Cancelled`], or [`FlowError::Defect`] when the answer does not verify.
pub fn resolve(
    mut problem: Problem,
    prices: &[i64],
    pairs: &dyn Pairs,
    options: Options,
    watch: &mut Watch<'_>,
) -> Result<Solved, FlowError> {
    let scan = Scan { stride: 1, margin: 0, most: options.arcs_per_round };
    let mut prices = prices.to_vec();
    let (mut rounds, mut arcs_added) = (0, 0);
    loop {
        let solution = finish(&problem, &prices, watch)?;
        verify(&problem, &solution)?;
        let more = improving(&problem, pairs, &solution.prices, scan, options.threads, watch)?;
        if more.is_empty() {
            let verified = verify_whole(&problem, pairs, &solution)?;
            return Ok(Solved { problem, solution, verified, rounds, arcs_added });
        }
        rounds += 1;
        arcs_added += more.len();
        problem = problem.with_more(&more);
        prices = solution.prices;
    }
}

/// The best few pairs of each sink that would lower the dual value, in order of sink.
fn improving(
    problem: &Problem,
    pairs: &dyn Pairs,
    prices: &[i64],
    scan: Scan,
    threads: usize,
    watch: &mut Watch<'_>,
) -> Result<Vec<(u32, Arc)>, FlowError> {
    tell(watch, "pricing all pairs", 0, problem.sinks() as u64)?;
    let threads = threads.max(1);
    // Whole strides, so that the sample does not depend on the number of threads.
    let share = problem.sinks().div_ceil(threads * scan.stride).max(1) * scan.stride;
    let parts: Vec<Vec<(u32, Arc)>> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads)
            .map(|part| {
                let sinks = part * share..((part + 1) * share).min(problem.sinks());
                scope.spawn(move || {
                    let mut more = Vec::new();
                    for sink in sinks.step_by(scan.stride) {
                        price_out(problem, pairs, prices, scan, sink, &mut more);
                    }
                    more
                })
            })
            .collect();
        handles.into_iter().map(|handle| handle.join().unwrap_or_default()).collect()
    });
    Ok(parts.concat())
}

fn price_out(
    problem: &Problem,
    pairs: &dyn Pairs,
    prices: &[i64],
    scan: Scan,
    sink: usize,
    more: &mut Vec<(u32, Arc)>,
) {
    let Some(bound) = bound_of(problem, sink, prices) else { return };
    let bound = bound.saturating_add(scan.margin);
    let row = problem.row(sink);
    let mut found: Vec<(i64, Arc)> = Vec::new();
    pairs.below(sink, bound, prices, &mut |arc| {
        let reduced = i64::from(arc.cost) + prices[arc.source as usize];
        if reduced < bound && row.binary_search_by_key(&arc.source, |arc| arc.source).is_err() {
            found.push((reduced, arc));
        }
    });
    found.sort_unstable();
    found.truncate(scan.most.max(1));
    let sink = u32::try_from(sink).unwrap_or(u32::MAX);
    more.extend(found.into_iter().map(|(_, arc)| (sink, arc)));
}

/// People of each flow summed by source.
#[must_use]
pub fn loads(problem: &Problem, flows: &[Flow]) -> Vec<u32> {
    let mut load = vec![0; problem.sources()];
    for flow in flows {
        load[flow.source as usize] += flow.count;
    }
    load
}
