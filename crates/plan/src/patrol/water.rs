//! How often each place is covered: exact, in time that grows with the number of places alone.
//!
//! ```text
//! minimise v   subject to   uncovered(i) − c(i)·(uncovered(i) − covered(i)) ≤ v,   Σ c(i) ≤ teams,   0 ≤ c(i) ≤ 1
//! ```
//! For a level `v` place `i` needs `max(0, uncovered(i) − v) / (uncovered(i) − covered(i))`. The sum is convex and falls
//! with `v`, so Newton's method from below never passes the root and ends after as many steps as the set of places
//! above the level changes. The level cannot fall below the highest `covered`: there even a team that never leaves helps
//! no further. The bound comes from the attacker's side: striking each place above the level in proportion to
//! `1 / (uncovered − covered)` costs at least as much, whatever the teams do.

use super::{PLACES_MAX, PatrolError, Stake};

/// Steps of Newton's method; each drops places from above the level, and a dozen were seen to be enough for the nation.
const STEPS_MAX: usize = 200;

/// How often to be where, and how good that is.
#[derive(Clone, Debug, PartialEq)]
pub struct Cover {
    /// For each place the share of days on which a team is there, 0 to 1.
    pub shares: Vec<f64>,
    /// What the dearest attack costs.
    pub level: f64,
    /// What it costs at least under any plan with as many teams.
    pub bound: f64,
    /// Teams that would change nothing: all places are at the lowest level that teams can bring.
    pub idle: f64,
}

/// Pours the cover of so many teams over the places.
///
/// # Errors
/// [`PatrolError`] names the place whose stakes cannot be.
pub fn cover(stakes: &[Stake], teams: u32) -> Result<Cover, PatrolError> {
    sound(stakes)?;
    let teams = f64::from(teams);
    let floor = stakes.iter().fold(0.0, |most: f64, stake| most.max(stake.covered));
    let mut level = floor;
    for _ in 0..STEPS_MAX {
        let (need, slope) = need(stakes, level);
        if need <= teams || slope <= 0.0 {
            break;
        }
        let next = level + (need - teams) / slope;
        if next <= level {
            break;
        }
        level = next;
    }
    let shares: Vec<f64> = stakes.iter().map(|stake| share(*stake, level)).collect();
    let used: f64 = shares.iter().sum();
    let bound = bound(stakes, level, floor, teams);
    Ok(Cover { shares, level: level.max(bound), bound, idle: (teams - used).max(0.0) })
}

/// Whether stakes can be.
pub(super) fn sound(stakes: &[Stake]) -> Result<(), PatrolError> {
    if stakes.len() > PLACES_MAX {
        return Err(PatrolError::TooMany);
    }
    for (at, stake) in stakes.iter().enumerate() {
        let sound = stake.uncovered.is_finite() && stake.covered >= 0.0;
        if !sound || stake.covered >= stake.uncovered {
            return Err(PatrolError::Stake(at));
        }
    }
    Ok(())
}

fn share(stake: Stake, level: f64) -> f64 {
    ((stake.uncovered - level) / (stake.uncovered - stake.covered)).clamp(0.0, 1.0)
}

/// Teams that a level asks for, and how much less for each unit that it rises.
fn need(stakes: &[Stake], level: f64) -> (f64, f64) {
    let (mut need, mut slope) = (0.0, 0.0);
    for stake in stakes.iter().filter(|stake| stake.uncovered > level) {
        let each = 1.0 / (stake.uncovered - stake.covered);
        need += (stake.uncovered - level) * each;
        slope += each;
    }
    (need, slope)
}

/// What the attacker is sure of: by striking at random among the places above the level, or at the place where a team helps
/// least.
fn bound(stakes: &[Stake], level: f64, floor: f64, teams: f64) -> f64 {
    let (mut weighted, mut weight) = (0.0, 0.0);
    for stake in stakes.iter().filter(|stake| stake.uncovered > level) {
        let each = 1.0 / (stake.uncovered - stake.covered);
        weighted += stake.uncovered * each;
        weight += each;
    }
    let spread = if weight > 0.0 { (weighted - teams) / weight } else { 0.0 };
    let most = stakes.iter().fold(0.0, |most: f64, stake| most.max(stake.uncovered));
    if teams > 0.0 { spread.max(floor) } else { most }
}
