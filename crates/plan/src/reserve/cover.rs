//! Maximal covering with backup: where to base teams so that as much as possible is reached in time, twice where
//! that can be had.
//!
//! ```text
//! maximise   Σ first(r)·[teams reaching r ≥ 1] + second(r)·[teams reaching r ≥ 2],   at most `teams` teams at bases
//! ```
//!
//! A base holds one team, or up to some number ([`Teams`]): then a list of bases names one as often as it has teams.
//!
//! The bound gives every row a price `λ(r)` per team that reaches it; whatever the prices, the `teams` dearest bases
//! plus `Σ max(0, first − λ) + max(0, second − λ)` is not below the optimum (Church and ReVelle 1974 for the
//! problem, Galvão and ReVelle 1996 for the relaxation). Prices are improved by subgradients; the bases that they
//! suggest are improved by exchange.

use crate::threads::in_runs;
use pehra_domain::progress::{Cancelled, Watch, tell};

/// Prices count in this part of a gain.
pub const SCALE: i64 = 256;

/// What one place is worth when a first and when a second team reaches it; the second never more than the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gain {
    pub first: u32,
    pub second: u32,
}

impl Gain {
    /// What one team more is worth where so many reach.
    fn next(self, reached: u32) -> i64 {
        match reached {
            0 => i64::from(self.first),
            1 => i64::from(self.second),
            _ => 0,
        }
    }
}

/// Teams that are to be based.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Teams {
    pub all: usize,
    /// Most at one base; none counts as one.
    pub per_base: u32,
}

impl Teams {
    fn at_one(self) -> usize {
        self.per_base.max(1) as usize
    }
}

/// One team a base.
impl From<usize> for Teams {
    fn from(all: usize) -> Self {
        Self { all, per_base: 1 }
    }
}

/// Why there is no basing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CoverError {
    #[error("a row names base {base}, but there are {bases}")]
    UnknownBase { base: u32, bases: usize },
    #[error("the second team at a place may not be worth more than the first")]
    RisingGain,
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    #[error("the answer did not pass its own verifier; please report this input")]
    Defect,
}

/// Which bases reach what, and what that is worth.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cover {
    bases: usize,
    start: Vec<usize>,
    reach: Vec<u32>,
    gains: Vec<Gain>,
    column_start: Vec<usize>,
    columns: Vec<u32>,
}

impl Cover {
    /// A problem from its rows: the bases that reach a place in time, each once, and what that is worth.
    ///
    /// # Errors
    /// [`CoverError`] when a figure cannot be.
    pub fn try_new(
        bases: usize,
        rows: impl IntoIterator<Item = (Vec<u32>, Gain)>,
    ) -> Result<Self, CoverError> {
        let mut cover = Self { bases, start: vec![0], ..Self::default() };
        for (mut reach, gain) in rows {
            if gain.second > gain.first {
                return Err(CoverError::RisingGain);
            }
            reach.sort_unstable();
            reach.dedup();
            if let Some(&base) = reach.iter().find(|&&base| base as usize >= bases) {
                return Err(CoverError::UnknownBase { base, bases });
            }
            cover.reach.extend(reach);
            cover.start.push(cover.reach.len());
            cover.gains.push(gain);
        }
        cover.transpose();
        Ok(cover)
    }

    fn transpose(&mut self) {
        let mut start = vec![0_usize; self.bases + 1];
        for &base in &self.reach {
            start[base as usize + 1] += 1;
        }
        for base in 0..self.bases {
            start[base + 1] += start[base];
        }
        let mut next = start.clone();
        self.columns = vec![0; self.reach.len()];
        for row in 0..self.rows() {
            for &base in &self.reach[self.start[row]..self.start[row + 1]] {
                let place = &mut next[base as usize];
                self.columns[*place] = u32::try_from(row).unwrap_or(u32::MAX);
                *place += 1;
            }
        }
        self.column_start = start;
    }

    #[must_use]
    pub fn rows(&self) -> usize {
        self.gains.len()
    }

    #[must_use]
    pub fn bases(&self) -> usize {
        self.bases
    }

    #[must_use]
    pub fn gain(&self, row: usize) -> Gain {
        self.gains[row]
    }

    /// The bases that reach a row.
    #[must_use]
    pub fn reach(&self, row: usize) -> &[u32] {
        &self.reach[self.start[row]..self.start[row + 1]]
    }

    /// The rows that a base reaches.
    #[must_use]
    pub fn reached(&self, base: usize) -> &[u32] {
        &self.columns[self.column_start[base]..self.column_start[base + 1]]
    }

    /// What teams at bases are worth together.
    #[must_use]
    pub fn value(&self, open: &[u32]) -> i64 {
        let mut chosen = vec![0_u32; self.bases];
        for &base in open {
            chosen[base as usize] += 1;
        }
        (0..self.rows())
            .map(|row| {
                let teams: u32 = self.reach(row).iter().map(|&base| chosen[base as usize]).sum();
                let gain = self.gains[row];
                i64::from(if teams > 0 { gain.first } else { 0 })
                    + i64::from(if teams > 1 { gain.second } else { 0 })
            })
            .sum()
    }

    /// By base what the prices of the places that it reaches sum up to, and what is left over at all places, both in
    /// 1/[`SCALE`]. Whole numbers, so the threads change nothing.
    fn weighed(&self, prices: &[i64], threads: usize) -> (Vec<i64>, i64) {
        let runs = in_runs(self.rows(), threads, |rows| {
            let (mut worth, mut spare) = (vec![0_i64; self.bases], 0);
            for row in rows {
                let (gain, price) = (self.gains[row], prices[row]);
                spare += (i64::from(gain.first) * SCALE - price).max(0)
                    + (i64::from(gain.second) * SCALE - price).max(0);
                if price != 0 {
                    for &base in self.reach(row) {
                        worth[base as usize] += price;
                    }
                }
            }
            (worth, spare)
        });
        let (mut worth, mut spare) = (vec![0; self.bases], 0);
        for (here, left) in runs {
            worth.iter_mut().zip(here).for_each(|(sum, more)| *sum += more);
            spare += left;
        }
        (worth, spare)
    }

    /// The bound of prices in 1/[`SCALE`], and the bases that attain it.
    fn relaxed(&self, teams: Teams, prices: &[i64], threads: usize) -> (i64, Vec<u32>) {
        let (worth, spare) = self.weighed(prices, threads);
        let mut worth: Vec<(i64, u32)> = worth.into_iter().map(|sum| -sum).zip(0_u32..).collect();
        // The dearest bases are full, the last of them with what is left.
        let full = teams.all.div_ceil(teams.at_one()).min(worth.len());
        if full < worth.len() {
            worth.select_nth_unstable(full);
        }
        worth.truncate(full);
        worth.sort_unstable();
        let mut worth: Vec<(i64, u32)> =
            worth.into_iter().flat_map(|base| std::iter::repeat_n(base, teams.at_one())).collect();
        worth.truncate(teams.all);
        let open: i64 = worth.iter().map(|&(sum, _)| -sum).sum();
        (open + spare, worth.into_iter().map(|(_, base)| base).collect())
    }
}

/// Bases to open, with a bound that proves how good they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basing {
    /// Ascending, a base as often as it has teams.
    pub open: Vec<u32>,
    pub objective: i64,
    /// No choice of so many teams' bases is worth more.
    pub bound: i64,
    /// Per row, in 1/[`SCALE`]: the prices that prove the bound.
    pub prices: Vec<i64>,
}

impl Basing {
    /// The bound less the objective, in hundred-thousandths of the bound.
    #[must_use]
    pub fn gap_per_100_000(&self) -> i64 {
        (self.bound - self.objective) * 100_000 / self.bound.max(1)
    }
}

/// How hard to try. The answer does not depend on time, only on these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Most steps of the bound.
    pub steps: usize,
    /// Stop once the gap is so small, in hundred-thousandths.
    pub enough_per_100_000: i64,
    /// The answer is the same with any number of threads.
    pub threads: usize,
}

impl Default for Effort {
    fn default() -> Self {
        Self { steps: 1_000, enough_per_100_000: 0, threads: 1 }
    }
}

/// Told what the best choice so far is worth, and what none is worth more than.
pub type Bounding<'a> = dyn FnMut(i64, i64) + 'a;

/// A basing, and whether somebody stopped the search for a better one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    pub basing: Basing,
    pub stopped: bool,
}

/// Chooses bases for at most so many teams; a number alone means one team a base.
///
/// # Errors
/// [`CoverError::Cancelled`], or [`CoverError::Defect`] when the answer does not verify.
pub fn choose(
    cover: &Cover,
    teams: impl Into<Teams>,
    effort: Effort,
    watch: &mut Watch<'_>,
) -> Result<Basing, CoverError> {
    let chosen = choose_bounding(cover, teams, effort, watch, &mut |_, _| {})?;
    if chosen.stopped { Err(CoverError::Cancelled(Cancelled)) } else { Ok(chosen.basing) }
}

/// As [`choose`], telling how good the choice is while it becomes better. Whoever stops it keeps the best so far, with
/// the bound that was proven by then.
///
/// # Errors
/// [`CoverError::Defect`] when the answer does not verify.
pub fn choose_bounding(
    cover: &Cover,
    teams: impl Into<Teams>,
    effort: Effort,
    watch: &mut Watch<'_>,
    told: &mut Bounding<'_>,
) -> Result<Chosen, CoverError> {
    let teams = teams.into();
    let mut state = Choice::new(cover, teams.at_one());
    state.fill(teams.all);
    let mut stopped = state.exchange(watch).is_err();
    let mut best = state.clone();
    let mut prices: Vec<i64> = cover
        .gains
        .iter()
        .enumerate()
        .map(|(row, gain)| match best.teams[row] {
            0 => i64::from(gain.first) * SCALE,
            1 => i64::from(gain.first + gain.second) * SCALE / 2,
            _ => 0,
        })
        .collect();
    let (mut bound, mut bound_prices) = (i64::MAX, prices.clone());
    let (mut length, mut since) = (1.0_f64, 0_usize);
    let mut way = vec![0.0; prices.len()];
    for step in 0..effort.steps.max(1) {
        let (value, open) = cover.relaxed(teams, &prices, effort.threads);
        if value < bound {
            (bound, since) = (value, 0);
            bound_prices.clone_from(&prices);
        } else {
            since += 1;
        }
        told(best.value, bound.div_euclid(SCALE));
        let told = tell(watch, "bounding the cover", step as u64, effort.steps as u64);
        stopped = stopped || told.is_err();
        if stopped {
            break;
        }
        if step % TRY_EVERY == TRY_EVERY - 1 {
            state.set(&open);
            state.fill(teams.all);
            stopped = state.exchange(watch).is_err();
            if state.value > best.value {
                best = state.clone();
            }
        }
        let gap = bound.div_euclid(SCALE) - best.value;
        if gap * 100_000 <= effort.enough_per_100_000 * bound.div_euclid(SCALE) {
            break;
        }
        if since >= PATIENCE {
            (length, since) = (length * SHORTER, 0);
            prices.clone_from(&bound_prices);
            way.fill(0.0);
            if length < 1e-4 {
                break;
            }
            continue;
        }
        let gap = length * to_float(value - best.value * SCALE);
        lower(cover, &open, &mut prices, &mut way, gap);
    }
    let open = best.list();
    let basing = Basing {
        open,
        objective: best.value,
        bound: bound.div_euclid(SCALE),
        prices: bound_prices,
    };
    if verify(cover, teams, &basing) {
        Ok(Chosen { basing, stopped })
    } else {
        Err(CoverError::Defect)
    }
}

/// Checks that the bases are no more than were asked for, are worth what is stated, and that the prices prove the
/// bound.
#[must_use]
pub fn verify(cover: &Cover, teams: impl Into<Teams>, basing: &Basing) -> bool {
    let teams = teams.into();
    let sound = basing.open.len() <= teams.all
        && basing.open.is_sorted()
        && basing.open.chunk_by(u32::eq).all(|here| here.len() <= teams.at_one())
        && basing.open.iter().all(|&base| (base as usize) < cover.bases())
        && basing.prices.len() == cover.rows()
        && basing.prices.iter().all(|&price| price >= 0);
    sound
        && cover.value(&basing.open) == basing.objective
        && basing.bound >= cover.relaxed(teams, &basing.prices, 1).0.div_euclid(SCALE)
        && basing.bound >= basing.objective
}

#[expect(clippy::cast_precision_loss, reason = "sums stay far below 2^53")]
fn to_float(number: i64) -> f64 {
    number as f64
}

/// Moves prices along the subgradient, deflected by the moves before (Camerini, Fratta and Maffioli 1975): up where
/// too few reach, down where more do than are worth it.
#[expect(clippy::cast_possible_truncation, reason = "a step is far below 2^53")]
fn lower(cover: &Cover, open: &[u32], prices: &mut [i64], way: &mut [f64], gap: f64) {
    let mut excess = vec![0_i32; prices.len()];
    for &base in open {
        for &row in cover.reached(base as usize) {
            excess[row as usize] += 1;
        }
    }
    let mut size = 0.0;
    for (((excess, gain), &price), way) in
        excess.iter_mut().zip(&cover.gains).zip(&*prices).zip(&mut *way)
    {
        *excess -= i32::from(i64::from(gain.first) * SCALE > price);
        *excess -= i32::from(i64::from(gain.second) * SCALE > price);
        *way = DEFLECTION * *way + f64::from(*excess);
        // A price at nought cannot fall.
        if price == 0 && *way > 0.0 {
            *way = 0.0;
        }
        size += *way * *way;
    }
    if size <= 0.0 {
        return;
    }
    let step = gap / size;
    for (price, way) in prices.iter_mut().zip(way) {
        *price = (*price - (step * *way).round() as i64).max(0);
    }
}

/// How much of the last move goes into the next.
const DEFLECTION: f64 = 0.6;
/// Steps without a better bound after which steps become shorter, and by what.
const PATIENCE: usize = 15;
const SHORTER: f64 = 0.6;
/// Every so many steps the bases that prices suggest are tried.
const TRY_EVERY: usize = 60;

/// So many of the most promising bases are tried in one round of exchange.
const EXCHANGE_WIDTH: usize = 300;

/// Teams at bases with what every further one would add and every one's leaving would cost.
#[derive(Clone)]
struct Choice<'c> {
    cover: &'c Cover,
    /// Most teams at a base; teams by base, and all of them.
    most: usize,
    held: Vec<usize>,
    all: usize,
    /// Teams that reach a row.
    teams: Vec<u32>,
    /// By base: what one team more adds, and what the last one's leaving costs.
    adds: Vec<i64>,
    leaving: Vec<i64>,
    value: i64,
}

impl<'c> Choice<'c> {
    fn new(cover: &'c Cover, most: usize) -> Self {
        let adds = (0..cover.bases())
            .map(|base| {
                cover.reached(base).iter().map(|&r| i64::from(cover.gain(r as usize).first)).sum()
            })
            .collect();
        let none = vec![0; cover.bases()];
        let (teams, leaving) = (vec![0; cover.rows()], vec![0; cover.bases()]);
        Self { cover, most, held: none, all: 0, teams, adds, leaving, value: 0 }
    }

    /// Ascending, a base as often as it has teams.
    fn list(&self) -> Vec<u32> {
        let bases = (0..).zip(&self.held);
        bases.flat_map(|(base, &held)| std::iter::repeat_n(base, held)).collect()
    }

    fn set(&mut self, open: &[u32]) {
        let mut wanted = vec![0; self.held.len()];
        for &base in open {
            wanted[base as usize] += 1;
        }
        for (base, &wanted) in wanted.iter().enumerate() {
            while self.held[base] > wanted {
                self.take(base);
            }
        }
        for (base, wanted) in wanted.into_iter().enumerate() {
            while self.held[base] < wanted {
                self.put(base);
            }
        }
    }

    fn has_room(&self, base: usize) -> bool {
        self.held[base] < self.most
    }

    /// A team more at a base.
    fn put(&mut self, base: usize) {
        self.value += self.adds[base];
        self.held[base] += 1;
        self.all += 1;
        self.reach(base, true);
    }

    /// A team less at a base that has one.
    fn take(&mut self, base: usize) {
        self.value -= self.leaving[base];
        self.held[base] -= 1;
        self.all -= 1;
        self.reach(base, false);
    }

    fn reach(&mut self, base: usize, more: bool) {
        let cover = self.cover;
        for &row in cover.reached(base) {
            let row = row as usize;
            let gain = cover.gain(row);
            let before = self.teams[row];
            let after = if more { before + 1 } else { before - 1 };
            self.teams[row] = after;
            let last = |teams: u32| teams.checked_sub(1).map_or(0, |others| gain.next(others));
            let added = gain.next(after) - gain.next(before);
            let left = last(after) - last(before);
            if added == 0 && left == 0 {
                continue;
            }
            for &other in cover.reach(row) {
                self.adds[other as usize] += added;
                self.leaving[other as usize] += left;
            }
        }
    }

    /// Puts teams where they add most while there are any.
    fn fill(&mut self, teams: usize) {
        while self.all < teams {
            let Some(base) = self.best(&[]) else { return };
            self.put(base);
        }
    }

    /// The base with room at which a team more adds most, none of some.
    fn best(&self, never: &[u32]) -> Option<usize> {
        let free = (0..self.held.len()).filter(|&base| {
            self.has_room(base) && !never.contains(&u32::try_from(base).unwrap_or(u32::MAX))
        });
        free.max_by_key(|&base| (self.adds[base], std::cmp::Reverse(base)))
    }

    /// Moves a team to another base while that helps; promising bases are tried first.
    fn exchange(&mut self, watch: &mut Watch<'_>) -> Result<(), Cancelled> {
        loop {
            tell(watch, "exchanging bases", 0, 0)?;
            let least = self.least();
            let mut free: Vec<usize> = (0..self.held.len())
                .filter(|&base| self.has_room(base) && self.adds[base] > 0)
                .collect();
            free.sort_by_key(|&base| (std::cmp::Reverse(self.adds[base]), base));
            free.truncate(EXCHANGE_WIDTH);
            let mut moved = false;
            for base in free {
                if !self.has_room(base) {
                    continue;
                }
                let Some((_, floor)) = least else { break };
                // A team more makes the others' leaving only cheaper, by no more than it is worth itself.
                if self.adds[base] <= 0 || self.adds[base] * 2 < floor {
                    break;
                }
                let before = self.value;
                self.put(base);
                let Some((worst, _)) = self.least() else { return Ok(()) };
                self.take(worst);
                if self.value > before {
                    moved = true;
                } else if worst != base {
                    self.put(worst);
                    self.take(base);
                }
            }
            if !moved {
                return Ok(());
            }
        }
    }

    /// The base with a team whose leaving costs least.
    fn least(&self) -> Option<(usize, i64)> {
        (0..self.held.len())
            .filter(|&base| self.held[base] > 0)
            .map(|base| (base, self.leaving[base]))
            .min_by_key(|&(base, cost)| (cost, base))
    }
}

/// The same teams and so many more (`all` of them), each where it adds most at its turn, none at a base of `never`.
/// Ascending, a base as often as it has teams.
#[must_use]
pub fn extend(cover: &Cover, open: &[u32], more: impl Into<Teams>, never: &[u32]) -> Vec<u32> {
    let more = more.into();
    let mut choice = Choice::new(cover, more.at_one());
    choice.set(open);
    for _ in 0..more.all {
        let Some(base) = choice.best(never) else { break };
        choice.put(base);
    }
    choice.list()
}
