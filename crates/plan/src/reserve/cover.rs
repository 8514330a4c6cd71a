//! Maximal covering with backup: where to base teams so that as much as possible is reached in time, twice where
//! that can be had.
//!
//! ```text
//! maximise   Σ first(r)·[teams reaching r ≥ 1] + second(r)·[teams reaching r ≥ 2],   at most `teams` bases open
//! ```
//!
//! The bound gives every row a price `λ(r)` per team that reaches it; whatever the prices, the `teams` dearest bases
//! plus `Σ max(0, first − λ) + max(0, second − λ)` is not below the optimum (Church and ReVelle 1974 for the
//! problem, Galvão and ReVelle 1996 for the relaxation). Prices are improved by subgradients; the bases that they
//! suggest are improved by exchange.

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

    /// What open bases are worth together.
    #[must_use]
    pub fn value(&self, open: &[u32]) -> i64 {
        let mut chosen = vec![false; self.bases];
        for &base in open {
            chosen[base as usize] = true;
        }
        (0..self.rows())
            .map(|row| {
                let teams = self.reach(row).iter().filter(|&&base| chosen[base as usize]).count();
                let gain = self.gains[row];
                i64::from(if teams > 0 { gain.first } else { 0 })
                    + i64::from(if teams > 1 { gain.second } else { 0 })
            })
            .sum()
    }

    /// The bound of prices in 1/[`SCALE`], and the bases that attain it.
    fn relaxed(&self, teams: usize, prices: &[i64]) -> (i64, Vec<u32>) {
        let mut worth: Vec<(i64, u32)> = (0..self.bases)
            .map(|base| {
                let sum: i64 = self.reached(base).iter().map(|&row| prices[row as usize]).sum();
                (-sum, u32::try_from(base).unwrap_or(u32::MAX))
            })
            .collect();
        let teams = teams.min(worth.len());
        if teams < worth.len() {
            worth.select_nth_unstable(teams);
        }
        worth.truncate(teams);
        worth.sort_unstable();
        let open: i64 = worth.iter().map(|&(sum, _)| -sum).sum();
        let spare: i64 = self
            .gains
            .iter()
            .zip(prices)
            .map(|(gain, &price)| {
                (i64::from(gain.first) * SCALE - price).max(0)
                    + (i64::from(gain.second) * SCALE - price).max(0)
            })
            .sum();
        (open + spare, worth.into_iter().map(|(_, base)| base).collect())
    }
}

/// Bases to open, with a bound that proves how good they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basing {
    /// Ascending.
    pub open: Vec<u32>,
    pub objective: i64,
    /// No choice of so many bases is worth more.
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
}

impl Default for Effort {
    fn default() -> Self {
        Self { steps: 600, enough_per_100_000: 0 }
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

/// Chooses at most `teams` bases.
///
/// # Errors
/// [`CoverError::Cancelled`], or [`CoverError::Defect`] when the answer does not verify.
pub fn choose(
    cover: &Cover,
    teams: usize,
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
    teams: usize,
    effort: Effort,
    watch: &mut Watch<'_>,
    told: &mut Bounding<'_>,
) -> Result<Chosen, CoverError> {
    let mut state = Choice::new(cover);
    state.fill(teams);
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
        let (value, open) = cover.relaxed(teams, &prices);
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
            state.fill(teams);
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
    let mut open: Vec<u32> = best.list();
    open.sort_unstable();
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
pub fn verify(cover: &Cover, teams: usize, basing: &Basing) -> bool {
    let sound = basing.open.len() <= teams
        && basing.open.windows(2).all(|pair| pair[0] < pair[1])
        && basing.open.iter().all(|&base| (base as usize) < cover.bases())
        && basing.prices.len() == cover.rows()
        && basing.prices.iter().all(|&price| price >= 0);
    sound
        && cover.value(&basing.open) == basing.objective
        && basing.bound >= cover.relaxed(teams, &basing.prices).0.div_euclid(SCALE)
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

/// Open bases with what every further one would add and every open one's leaving would cost.
#[derive(Clone)]
struct Choice<'c> {
    cover: &'c Cover,
    open: Vec<bool>,
    teams: Vec<u32>,
    /// Per base: what opening it adds, or what closing it costs.
    worth: Vec<i64>,
    value: i64,
}

impl<'c> Choice<'c> {
    fn new(cover: &'c Cover) -> Self {
        let worth = (0..cover.bases())
            .map(|base| {
                cover.reached(base).iter().map(|&r| i64::from(cover.gain(r as usize).first)).sum()
            })
            .collect();
        let open = vec![false; cover.bases()];
        Self { cover, open, teams: vec![0; cover.rows()], worth, value: 0 }
    }

    fn list(&self) -> Vec<u32> {
        (0..self.open.len())
            .filter(|&base| self.open[base])
            .map(|base| u32::try_from(base).unwrap_or(u32::MAX))
            .collect()
    }

    fn set(&mut self, open: &[u32]) {
        for base in 0..self.open.len() {
            let wanted = open.binary_search(&u32::try_from(base).unwrap_or(u32::MAX)).is_ok();
            if self.open[base] && !wanted {
                self.turn(base);
            }
        }
        for &base in open {
            if !self.open[base as usize] {
                self.turn(base as usize);
            }
        }
    }

    /// Opens a closed base or closes an open one.
    fn turn(&mut self, base: usize) {
        let opening = !self.open[base];
        self.value += if opening { self.worth[base] } else { -self.worth[base] };
        let cover = self.cover;
        for &row in cover.reached(base) {
            let row = row as usize;
            let gain = cover.gain(row);
            let before = self.teams[row];
            let after = if opening { before + 1 } else { before - 1 };
            self.teams[row] = after;
            let last = |teams: u32| teams.checked_sub(1).map_or(0, |others| gain.next(others));
            let opened = gain.next(after) - gain.next(before);
            let closed = last(after) - last(before);
            if opened == 0 && closed == 0 {
                continue;
            }
            for &other in cover.reach(row) {
                let other = other as usize;
                if other != base {
                    self.worth[other] += if self.open[other] { closed } else { opened };
                }
            }
        }
        self.open[base] = opening;
    }

    /// Opens the best base while there are teams.
    fn fill(&mut self, teams: usize) {
        let mut open = self.open.iter().filter(|&&open| open).count();
        while open < teams {
            let closed = (0..self.open.len()).filter(|&base| !self.open[base]);
            let Some(base) = closed.max_by_key(|&base| (self.worth[base], std::cmp::Reverse(base)))
            else {
                return;
            };
            self.turn(base);
            open += 1;
        }
    }

    /// Moves a team to another base while that helps; promising bases are tried first.
    fn exchange(&mut self, watch: &mut Watch<'_>) -> Result<(), Cancelled> {
        loop {
            tell(watch, "exchanging bases", 0, 0)?;
            let least = self.least();
            let mut closed: Vec<usize> = (0..self.open.len())
                .filter(|&base| !self.open[base] && self.worth[base] > 0)
                .collect();
            closed.sort_by_key(|&base| (std::cmp::Reverse(self.worth[base]), base));
            closed.truncate(EXCHANGE_WIDTH);
            let mut moved = false;
            for base in closed {
                if self.open[base] {
                    continue;
                }
                let Some((_, floor)) = least else { break };
                // Opening one makes the others' leaving only cheaper, by no more than it is worth itself.
                if self.worth[base] <= 0 || self.worth[base] * 2 < floor {
                    break;
                }
                let before = self.value;
                self.turn(base);
                let Some((worst, _)) = self.least() else { return Ok(()) };
                self.turn(worst);
                if self.value > before {
                    moved = true;
                } else if worst != base {
                    self.turn(worst);
                    self.turn(base);
                }
            }
            if !moved {
                return Ok(());
            }
        }
    }

    /// The open base whose leaving costs least.
    fn least(&self) -> Option<(usize, i64)> {
        (0..self.open.len())
            .filter(|&base| self.open[base])
            .map(|base| (base, self.worth[base]))
            .min_by_key(|&(base, worth)| (worth, base))
    }
}

/// The same bases and so many more, each the best at its turn, none of them among `never`. Ascending.
#[must_use]
pub fn extend(cover: &Cover, open: &[u32], more: usize, never: &[u32]) -> Vec<u32> {
    let mut sorted = open.to_vec();
    sorted.sort_unstable();
    let mut choice = Choice::new(cover);
    choice.set(&sorted);
    for _ in 0..more {
        let free = (0..cover.bases()).filter(|&base| {
            !choice.open[base] && !never.contains(&u32::try_from(base).unwrap_or(u32::MAX))
        });
        let best = free.max_by_key(|&base| (choice.worth[base], std::cmp::Reverse(base)));
        let Some(base) = best else { break };
        choice.turn(base);
    }
    choice.list()
}
