//! The days' lists: which places are covered, drawn so that every place comes up exactly as often as it should.
//!
//! The shares are laid end to end in an order drawn anew each day, and a comb with teeth one apart is laid over them at a
//! place drawn anew (systematic sampling in random order; Madow, On the theory of systematic sampling II, 1949). A place
//! comes up with exactly its share, never twice, and as many teams are used as the shares add up to, one more or less
//! only where they add up to no whole number.

use super::tour::{DayPlan, Tours};
use crate::draw::Chance;

/// Shares in parts of 2³²: whole numbers add up alike on every machine.
const WHOLE: u64 = 1 << 32;

/// One day's list: positions of the places, in rising order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    pub places: Vec<u32>,
}

/// Draws one day's list from a seed and a name of its own, for example the date and the sector.
#[must_use]
pub fn draw(shares: &[f64], seed: &[u8; 32], name: &str) -> Schedule {
    let mut chance = Chance::new("pehra patrol 1", seed, name);
    let mut order: Vec<(u32, u64)> = (0_u32..)
        .zip(shares)
        .map(|(at, &share)| (at, parts(share)))
        .filter(|(_, part)| *part > 0)
        .collect();
    chance.shuffle(&mut order);
    let mut tooth = u64::from(chance.word());
    let (mut end, mut places) = (0_u64, Vec::new());
    for (at, part) in order {
        end += part;
        if tooth < end {
            places.push(at);
            tooth += WHOLE;
        }
    }
    places.sort_unstable();
    Schedule { places }
}

/// Draws what the teams of every base do on a day, from a seed and a name of the day; none for a base whose teams stay. Bases
/// draw apart from each other, and no day tells anything of another.
#[must_use]
pub fn draw_tours<'t>(tours: &'t Tours, seed: &[u8; 32], name: &str) -> Vec<Option<&'t DayPlan>> {
    (0_usize..)
        .zip(&tours.plans)
        .map(|(base, plans)| {
            let mut chance = Chance::new("pehra patrol tours 1", seed, &format!("{name} {base}"));
            let point = u64::from(chance.word());
            let mut end = 0_u64;
            plans
                .iter()
                .find(|(_, share)| {
                    end += parts(*share);
                    point < end
                })
                .map(|(plan, _)| plan)
        })
        .collect()
}

/// A share in whole parts, never above one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=2³², which a double holds exactly"
)]
fn parts(share: f64) -> u64 {
    (share.clamp(0.0, 1.0) * 4_294_967_296.0 + 0.5) as u64
}
