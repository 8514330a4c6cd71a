//! From a problem to a certified answer: prices, exact finish, and rounds of pricing the pairs left out.

use super::{
    Arc, Flow, FlowError, NoPairs, Pairs, Problem, Solution, Standing, Verified, bound_of,
    finish::Finish,
    newton::{Sampling, newton},
    verify::{check, verify, verify_near, verify_whole},
};
use crate::threads::in_runs;
use pehra_domain::progress::{Watch, tell};

/// How to go about it. The answer's cost does not depend on any of these, and no byte of it on `threads`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    pub threads: usize,
    /// Most arcs added to one sink in one round of pricing.
    pub arcs_per_round: usize,
    /// Nought for the optimum. Otherwise people may go by ways so much dearer than the cheapest, and the work ends
    /// when the answer is within a two-thousandth of the bound of all pairs.
    pub slack: i64,
}

impl Default for Options {
    fn default() -> Self {
        Self { threads: 1, arcs_per_round: 8, slack: 0 }
    }
}

/// What is known while the work goes on. The bound holds for the whole problem, all pairs included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Cost of the best answer so far; none before the first.
    pub objective: Option<i64>,
    pub dual_bound: i64,
}

/// Hears of every better bound and answer.
pub type Bounding<'a> = dyn FnMut(Bounds) + 'a;

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
    solve_whole(problem, &NoPairs, options, watch, &mut |_| {})
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
    bounding: &mut Bounding<'_>,
) -> Result<Solved, FlowError> {
    Ok(Standing::solve(problem, pairs, options, watch, bounding)?.into_solved())
}

/// Prices that are nearly right, for a problem with the ways listed that seem to matter.
pub(super) fn prices(
    problem: Problem,
    pairs: &dyn Pairs,
    threads: usize,
    watch: &mut Watch<'_>,
    bounding: &mut Bounding<'_>,
) -> Result<(Problem, Vec<i64>), FlowError> {
    if problem.sinks() == 0 {
        let prices = vec![0; problem.sources()];
        return Ok((problem, prices));
    }
    prepare(problem, pairs, threads, watch, bounding)
}

/// Lists the ways that matter and finds prices that are nearly right: first with a sample of the sinks, in rounds
/// cheap enough to be thrown away, then with all.
fn prepare(
    mut problem: Problem,
    pairs: &dyn Pairs,
    threads: usize,
    watch: &mut Watch<'_>,
    bounding: &mut Bounding<'_>,
) -> Result<(Problem, Vec<i64>), FlowError> {
    let mut prices = vec![0; problem.sources()];
    let hot = hottest(&problem);
    if !pairs.exist() {
        let sampling = Sampling { stride: stride(&problem), above: FINE * 4.0 };
        // Single precision sees seventeen halvings and not many more; dearer problems leave more to the finish.
        let to = (hot / 131_072.0).max(1.0);
        prices = newton(&problem, &prices, (hot, to), sampling, threads, watch)?;
        return Ok((problem, prices));
    }
    let sampling = Sampling { stride: stride(&problem), above: 0.0 };
    for _ in 0..COARSE_ROUNDS {
        prices = newton(&problem, &prices, (hot, COARSE), sampling, threads, watch)?;
        let scan = Scan { stride: sampling.stride, margin: COARSE_MARGIN, most: 24 };
        let (more, _of_the_sample) = improving(&problem, pairs, &prices, scan, threads, watch)?;
        problem.add_arcs(&more);
        if more.len() < problem.sinks() / sampling.stride / 10 {
            break;
        }
    }
    let scan = Scan { stride: 1, margin: COARSE_MARGIN, most: 16 };
    let (more, dual_bound) = improving(&problem, pairs, &prices, scan, threads, watch)?;
    bounding(Bounds { objective: None, dual_bound });
    problem.add_arcs(&more);
    let sampling = Sampling { above: FINE * 4.0, ..sampling };
    prices = newton(&problem, &prices, (hot, FINE), sampling, threads, watch)?;
    let scan = Scan { stride: 1, margin: FINE_MARGIN, most: 8 };
    let (more, dual_bound) = improving(&problem, pairs, &prices, scan, threads, watch)?;
    bounding(Bounds { objective: None, dual_bound });
    problem.add_arcs(&more);
    prices = newton(&problem, &prices, (FINE * 2.0, 1.0), sampling, threads, watch)?;
    Ok((problem, prices))
}

/// Temperature down to which a sample of the sinks finds out what the rows lack, rounds of that, and how much
/// dearer than the best a pair may be to be taken along.
const COARSE: f64 = 256.0;
const COARSE_ROUNDS: u32 = 4;
const COARSE_MARGIN: i64 = 300;

/// The same once more for all sinks, nearer to the truth.
const FINE: f64 = 16.0;
const FINE_MARGIN: i64 = 16;

/// Every so many sinks are a sample large enough.
fn stride(problem: &Problem) -> usize {
    (problem.sinks() / (4 * places(problem).max(500))).clamp(1, 8)
}

/// How many sources there are when those that share a door count once.
fn places(problem: &Problem) -> usize {
    let mut alone = vec![true; problem.sources()];
    for door in 0..problem.doors() {
        for &source in problem.behind(door).iter().skip(1) {
            alone[source as usize] = false;
        }
    }
    alone.into_iter().filter(|&alone| alone).count()
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

/// Solves from a known answer, flows and prices: of the same problem before its supplies, pieces or costs changed.
/// Whoever still stands where it is cheapest stays there.
///
/// # Errors
/// [`FlowError::Cancelled`], or [`FlowError::Defect`] when the answer does not verify.
pub fn resume(
    problem: Problem,
    known: &Solution,
    pairs: &dyn Pairs,
    options: Options,
    watch: &mut Watch<'_>,
    bounding: &mut Bounding<'_>,
) -> Result<Solved, FlowError> {
    let mut work = Finish::at_answer(problem, known, options.slack);
    let answer = widen(&mut work, pairs, options, watch, bounding)?;
    Ok(answer.of(work.into_problem()))
}

/// An answer with slack is near enough when it is within one of so many of its bound, or after so many rounds.
const NEAR: i64 = 2_000;
const ROUNDS_NEAR: u32 = 4;

/// An answer to the problem as it stands now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub solution: Solution,
    pub verified: Verified,
    /// Rounds of pricing, and arcs that they added.
    pub rounds: u32,
    pub arcs_added: usize,
}

impl Answer {
    pub(super) fn of(self, problem: Problem) -> Solved {
        let Self { solution, verified, rounds, arcs_added } = self;
        Solved { problem, solution, verified, rounds, arcs_added }
    }
}

/// Solves from where the finish stands; adds pairs that improve the answer, and improves it by them, until none does.
pub(super) fn widen(
    work: &mut Finish,
    pairs: &dyn Pairs,
    options: Options,
    watch: &mut Watch<'_>,
    bounding: &mut Bounding<'_>,
) -> Result<Answer, FlowError> {
    let scan = Scan { stride: 1, margin: 0, most: options.arcs_per_round };
    let (mut rounds, mut arcs_added) = (0, 0);
    let exact = options.slack == 0;
    loop {
        work.run(watch)?;
        let mut solution = work.solution(options.threads);
        let objective = solution.objective;
        if exact {
            let verified = verify(work.problem(), &solution)?;
            if !pairs.exist() {
                bounding(Bounds { objective: Some(objective), dual_bound: solution.dual_bound });
                return Ok(Answer { solution, verified, rounds, arcs_added });
            }
        } else {
            check(work.problem(), &solution)?;
        }
        let (more, dual_bound) =
            improving(work.problem(), pairs, &solution.prices, scan, options.threads, watch)?;
        bounding(Bounds { objective: Some(objective), dual_bound });
        if exact && more.is_empty() {
            let verified = verify_whole(work.problem(), pairs, &solution)?;
            return Ok(Answer { solution, verified, rounds, arcs_added });
        }
        let near = objective - dual_bound <= dual_bound.abs() / NEAR;
        if !exact && (near || rounds == ROUNDS_NEAR) {
            let verified = verify_near(work.problem(), pairs, &mut solution)?;
            return Ok(Answer { solution, verified, rounds, arcs_added });
        }
        rounds += 1;
        arcs_added += more.len();
        work.add_arcs(&more);
    }
}

/// The best few pairs of each sink that would lower the dual value, in order of sink; and, of the sinks looked at,
/// the dual value over all pairs, which bounds the whole problem when all were.
fn improving(
    problem: &Problem,
    pairs: &dyn Pairs,
    prices: &[i64],
    scan: Scan,
    threads: usize,
    watch: &mut Watch<'_>,
) -> Result<(Vec<(u32, Arc)>, i64), FlowError> {
    tell(watch, "pricing all pairs", 0, problem.sinks() as u64)?;
    let nodes = problem.node_prices(prices);
    let nodes = nodes.as_slice();
    // Whole strides, so that the sample does not depend on the number of threads.
    let parts = in_runs(problem.sinks().div_ceil(scan.stride), threads, |strides| {
        let (mut more, mut dual) = (Vec::new(), 0);
        for sink in strides.map(|stride| stride * scan.stride) {
            dual += price_out(problem, pairs, nodes, scan, sink, &mut more);
        }
        (more, dual)
    });
    let idle: i64 =
        prices.iter().zip(problem.supply()).map(|(&price, &count)| price * i64::from(count)).sum();
    let dual = parts.iter().map(|(_, dual)| dual).sum::<i64>() - idle;
    Ok((parts.into_iter().flat_map(|(more, _)| more).collect(), dual))
}

fn price_out(
    problem: &Problem,
    pairs: &dyn Pairs,
    prices: &[i64],
    scan: Scan,
    sink: usize,
    more: &mut Vec<(u32, Arc)>,
) -> i64 {
    let Some(paid) = bound_of(problem, sink, prices) else { return 0 };
    let bound = paid.saturating_add(scan.margin);
    let row = problem.row(sink);
    let mut found: Vec<(i64, Arc)> = Vec::new();
    pairs.below(sink, bound, prices, &mut |arc| {
        let reduced = i64::from(arc.cost) + prices[arc.source as usize];
        if reduced < bound && row.binary_search_by_key(&arc.source, |arc| arc.source).is_err() {
            found.push((reduced, arc));
        }
    });
    found.sort_unstable();
    let least = found.first().map_or(paid, |&(reduced, _)| reduced.min(paid));
    let dual = problem
        .pieces(sink)
        .iter()
        .map(|piece| piece.price.min(least) * i64::from(piece.count))
        .sum();
    found.truncate(scan.most.max(1));
    let sink = u32::try_from(sink).unwrap_or(u32::MAX);
    more.extend(found.into_iter().map(|(_, arc)| (sink, arc)));
    dual
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
