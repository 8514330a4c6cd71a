//! What the dearest attack costs at least, whatever tours are drawn.
//!
//! The game is made easier for the teams: each of a base's teams draws its tour by itself, as long as no place of the base
//! is visited more than once a day on the average, and a tour may be a walk that comes back to a place once it is far from
//! it. Every draw of day plans is such a draw, so that what this game is worth bounds theirs:
//!
//! ```text
//! minimise v   subject to   U(i) − D(i) · Σ x(t) a(i, t) ≤ v,   Σ x(t) a(i, t) ≤ 1,   Σ x(t) ≤ teams of each base
//! ```
//! Walks are found one by one like day plans, but exactly. Prices `q` of the first rows, made to add up to one, and `u` of the
//! second are an attack that costs at least `Σ q U − Σ u − Σ over bases of teams · most over walks of Σ (q D − u)`, whatever
//! they are: that is the bound, and the table only makes them good.

use super::{
    Stake,
    ahead::Grid,
    master::{most, spared},
    table::Table,
    tour::{GoOn, Ground},
    walk::{Near, Walk},
};
use pehra_domain::progress::Cancelled;

/// Most rounds.
const ROUNDS_MAX: usize = 400;
/// Walks that a base adds in a round.
const WALKS_A_ROUND: usize = 6;
/// A gap below this share of the value ends the search.
const GAP_GOOD: f64 = 5e-4;

/// The bound, and the tours of the easier game with their shares by base.
pub(super) struct Limit {
    pub(super) bound: f64,
    pub(super) walks: Vec<Vec<(Walk, f64)>>,
}

/// How a base's walks are looked for.
struct Search {
    /// What a walk remembers; none where there are too many places for that.
    near: Option<Near>,
    grid: Option<Grid>,
}

impl Search {
    fn of(ground: &Ground) -> Self {
        let near = (ground.places.len() <= NEAR_MAX).then(|| Near::of(ground));
        Self { near, grid: Grid::over(ground) }
    }

    /// Walks worth more than `least`, the best first.
    fn walks(&self, ground: &Ground, worth: &[f64], least: f64) -> Vec<Walk> {
        let ahead = self.grid.as_ref().map(|grid| grid.ahead(worth));
        let near = self.near.as_ref();
        if let Some(walks) = near.and_then(|near| near.best(ground, worth, ahead.as_ref(), least)) {
            return walks;
        }
        let walk = ahead.map_or_else(|| everywhere(worth), |ahead| ahead.walk());
        Vec::from_iter((walk.worth > least).then_some(walk))
    }
}

/// All places at once: more than any tour.
fn everywhere(worth: &[f64]) -> Walk {
    let nodes: Vec<usize> = (1..worth.len()).filter(|&node| worth[node] > 0.0).collect();
    Walk { worth: nodes.iter().map(|&node| worth[node]).sum(), nodes }
}

/// Most places of a base for walks that remember where they were.
const NEAR_MAX: usize = 100;

/// Bounds the game of some bases over the places that they look after.
pub(super) fn limit(
    stakes: &[Stake],
    grounds: &[Ground],
    go_on: &mut GoOn<'_>,
) -> Result<Limit, Cancelled> {
    let mut once = vec![0_u32; stakes.len()];
    grounds.iter().flat_map(|ground| &ground.places).for_each(|&at| once[at as usize] += 1);
    let ones = std::iter::repeat_n(1.0, stakes.len());
    let teams = grounds.iter().map(|ground| f64::from(ground.teams));
    let mut table = Table::new(spared(stakes).chain(ones).chain(teams).collect(), stakes.len());
    table.solve();
    let searches: Vec<Search> = grounds.iter().map(Search::of).collect();
    let mut columns: Vec<(usize, Walk)> = Vec::new();
    let mut bound = 0.0_f64;
    let mut value = most(stakes);
    for _ in 0..ROUNDS_MAX {
        go_on()?;
        let attack = Attack::of(table.prices(), stakes, &once);
        let mut saved = 0.0;
        let mut found = Vec::new();
        for (number, (ground, search)) in grounds.iter().zip(&searches).enumerate() {
            let worth: Vec<f64> = std::iter::once(0.0)
                .chain(ground.places.iter().map(|&at| attack.left[at as usize]))
                .collect();
            // What is not worth more than its price helps the teams no further.
            let least = attack.bases[number] + 1e-10;
            let walks = search.walks(ground, &worth, least);
            saved += f64::from(ground.teams) * walks.first().map_or(least, |walk| walk.worth);
            found.extend(walks.into_iter().take(WALKS_A_ROUND).map(|walk| (number, walk)));
        }
        bound = bound.max(attack.cost - saved);
        if found.is_empty() || value - bound <= GAP_GOOD * value {
            break;
        }
        for (number, walk) in found {
            let ground = &grounds[number];
            let mut entries = Vec::new();
            for &node in &walk.nodes {
                let at = ground.places[node - 1] as usize;
                let stake = stakes[at];
                entries.push((at, stake.covered - stake.uncovered));
                if once[at] == 1 {
                    entries.push((stakes.len() + at, 1.0));
                }
            }
            entries.push((2 * stakes.len() + number, 1.0));
            table.add(&entries);
            columns.push((number, walk));
        }
        table.solve();
        value = most(stakes) - table.value();
    }
    let mut walks = vec![Vec::new(); grounds.len()];
    for ((number, walk), share) in columns.into_iter().zip(table.values()) {
        if share > 1e-9 {
            walks[number].push((walk, share));
        }
    }
    // Not `clamp`: a value of nought may come out a hair below.
    Ok(Limit { bound: bound.min(value).max(0.0), walks })
}

/// Prices of the table, made into an attack.
struct Attack {
    /// What it costs without teams, less what visits to places give back.
    cost: f64,
    /// What a visit to each place saves.
    left: Vec<f64>,
    bases: Vec<f64>,
}

impl Attack {
    fn of(prices: &[f64], stakes: &[Stake], once: &[u32]) -> Self {
        let (strikes, rest) = prices.split_at(stakes.len());
        let (visits, bases) = rest.split_at(stakes.len());
        let sum: f64 = strikes.iter().map(|q| q.max(0.0)).sum();
        let part = |price: f64| if sum > 0.0 { price.max(0.0) / sum } else { 0.0 };
        let mut attack =
            Self { cost: 0.0, left: Vec::new(), bases: bases.iter().map(|&b| part(b)).collect() };
        for ((stake, &q), (&u, &count)) in stakes.iter().zip(strikes).zip(visits.iter().zip(once)) {
            let u = if count == 1 { part(u) } else { 0.0 };
            attack.cost += part(q) * stake.uncovered - u;
            attack.left.push(part(q) * (stake.uncovered - stake.covered) - u);
        }
        attack
    }
}
