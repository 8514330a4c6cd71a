//! A few satellite terminals or HF sets, and where they help most: each place serves some stations, each station has a
//! weight, `K` places are chosen (maximal covering, Church and ReVelle, 1974).
//!
//! The choice is greedy, then improved by exchanging one place for another. The bound is Lagrange's: whatever the
//! multipliers, no choice of `K` can serve more; a few hundred steps bring it down. Both are whole numbers.

/// Chosen places with what they serve, and what no choice can exceed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Placement {
    /// Positions of the chosen places, rising.
    pub chosen: Vec<u32>,
    pub served: u64,
    /// No choice of so many places serves more.
    pub bound: u64,
}

const STEPS: usize = 300;
/// Multipliers are kept in thousandths of a weight.
const FINE: i64 = 1_000;

/// Places that serve stations (`serves[place]`, positions), stations' weights, and how many places may be chosen.
#[must_use]
pub fn place(serves: &[Vec<u32>], weight: &[u64], count: usize) -> Placement {
    let mut chosen = greedy(serves, weight, count);
    improve(serves, weight, &mut chosen);
    chosen.sort_unstable();
    let served = value(serves, weight, &chosen);
    let bound = bound(serves, weight, count, served).max(served);
    Placement { chosen, served, bound }
}

fn value(serves: &[Vec<u32>], weight: &[u64], chosen: &[u32]) -> u64 {
    let mut seen = vec![false; weight.len()];
    let mut sum = 0;
    for &station in chosen.iter().flat_map(|&place| &serves[place as usize]) {
        if !std::mem::replace(&mut seen[station as usize], true) {
            sum += weight[station as usize];
        }
    }
    sum
}

fn greedy(serves: &[Vec<u32>], weight: &[u64], count: usize) -> Vec<u32> {
    let mut served = vec![false; weight.len()];
    let mut chosen: Vec<u32> = Vec::new();
    let gain = |place: u32, served: &[bool]| -> u64 {
        let open = serves[place as usize].iter().filter(|&&station| !served[station as usize]);
        open.map(|&station| weight[station as usize]).sum()
    };
    // Gains only fall: a place whose old gain is below the best new one need not be looked at again.
    let mut queue: std::collections::BinaryHeap<(u64, std::cmp::Reverse<u32>)> =
        (0_u32..).zip(serves).map(|(p, _)| (gain(p, &served), std::cmp::Reverse(p))).collect();
    while chosen.len() < count {
        let Some((old, std::cmp::Reverse(place))) = queue.pop() else { break };
        let now = gain(place, &served);
        if now == 0 {
            if old == 0 {
                break;
            }
            continue;
        }
        if now < old {
            queue.push((now, std::cmp::Reverse(place)));
            continue;
        }
        chosen.push(place);
        for &station in &serves[place as usize] {
            served[station as usize] = true;
        }
    }
    chosen
}

/// Exchanges a chosen place for another as long as that serves more. Only for choices small enough to try all.
fn improve(serves: &[Vec<u32>], weight: &[u64], chosen: &mut [u32]) {
    const TRIES_MAX: usize = 2_000_000;
    if chosen.len() * serves.len() > TRIES_MAX {
        return;
    }
    let mut cover = vec![0_u32; weight.len()];
    for &place in chosen.iter() {
        for &station in &serves[place as usize] {
            cover[station as usize] += 1;
        }
    }
    let mut better = true;
    while better {
        better = false;
        for slot in chosen.iter_mut() {
            let old = *slot;
            let lost = |cover: &[u32]| -> u64 {
                let alone = serves[old as usize].iter().filter(|&&s| cover[s as usize] == 1);
                alone.map(|&s| weight[s as usize]).sum()
            };
            let lost = lost(&cover);
            for &station in &serves[old as usize] {
                cover[station as usize] -= 1;
            }
            let gain = |place: u32| -> u64 {
                let open = serves[place as usize].iter().filter(|&&s| cover[s as usize] == 0);
                open.map(|&s| weight[s as usize]).sum()
            };
            let best = (0..u32::try_from(serves.len()).unwrap_or(u32::MAX))
                .map(|place| (gain(place), std::cmp::Reverse(place)))
                .max();
            let new = best.filter(|(gain, _)| *gain > lost).map_or(old, |(_, place)| place.0);
            better |= new != old;
            *slot = new;
            for &station in &serves[new as usize] {
                cover[station as usize] += 1;
            }
        }
    }
}

fn bound(serves: &[Vec<u32>], weight: &[u64], count: usize, served: u64) -> u64 {
    let fine = |value: u64| i64::try_from(value).unwrap_or(i64::MAX / FINE / 4) * FINE;
    let weights: Vec<i64> = weight.iter().map(|&w| fine(w)).collect();
    let mut served_by = vec![0_u32; weight.len()];
    for &station in serves.iter().flatten() {
        served_by[station as usize] += 1;
    }
    // A station that nobody serves owes nothing; one that a single place serves owes that place all.
    let mut multiplier: Vec<i64> = weights
        .iter()
        .zip(&served_by)
        .map(|(&w, &by)| if by == 0 { w } else { w / i64::from(by).min(2) })
        .collect();
    let mut best =
        weights.iter().zip(&served_by).filter(|(_, by)| **by > 0).map(|(w, _)| *w).sum::<i64>();
    let mut scale = 2.0_f64;
    let mut stale = 0;
    for _ in 0..STEPS {
        let worth: Vec<i64> =
            serves.iter().map(|list| list.iter().map(|&s| multiplier[s as usize]).sum()).collect();
        let mut order: Vec<usize> = (0..serves.len()).collect();
        order.sort_by_key(|&place| (std::cmp::Reverse(worth[place]), place));
        order.truncate(count);
        let slack: i64 = weights
            .iter()
            .zip(&multiplier)
            .zip(&served_by)
            .filter(|(_, by)| **by > 0)
            .map(|((w, m), _)| (w - m).max(0))
            .sum();
        let bound = slack + order.iter().map(|&place| worth[place].max(0)).sum::<i64>();
        if bound < best {
            (best, stale) = (bound, 0);
        } else {
            stale += 1;
        }
        if stale >= 12 {
            (scale, stale) = (scale / 2.0, 0);
        }
        if best <= fine(served) {
            break;
        }
        step(serves, &weights, &order, &mut multiplier, (bound - fine(served), scale));
    }
    u64::try_from(best / FINE).unwrap_or_default()
}

/// One step against the direction in which the bound rises.
fn step(
    serves: &[Vec<u32>],
    weights: &[i64],
    order: &[usize],
    multiplier: &mut [i64],
    (gap, scale): (i64, f64),
) {
    let mut direction: Vec<i64> =
        weights.iter().zip(&*multiplier).map(|(w, m)| -i64::from(w > m)).collect();
    for &station in order.iter().flat_map(|&place| &serves[place]) {
        direction[station as usize] += 1;
    }
    let norm: i64 = direction.iter().map(|d| d * d).sum();
    if norm == 0 {
        return;
    }
    let length = rounded(scale * real(gap) / real(norm)).max(1);
    for ((m, d), w) in multiplier.iter_mut().zip(&direction).zip(weights) {
        *m = (*m - length * d).clamp(0, *w);
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a step's length need not be exact: any multipliers give a true bound"
)]
fn real(value: i64) -> f64 {
    value as f64
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to what an i64 holds exactly")]
fn rounded(value: f64) -> i64 {
    value.clamp(-9e15, 9e15) as i64
}
