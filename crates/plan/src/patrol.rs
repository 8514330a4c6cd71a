//! Patrols and inspections that cannot be predicted: how often each place is to be looked at when whoever means harm
//! watches for weeks and then strikes where it hurts most (a Stackelberg security game; Kiekintveld et al., Computing
//! optimal randomized resource allocations for massive security games, AAMAS 2009).
//!
//! With cover `c` an attack on a place costs `uncovered − c · (uncovered − covered)`. The plan makes the dearest attack as
//! cheap as it can be: cover is poured like water over the places that stick out, until all teams are used up. What is
//! drawn for a day keeps to these shares exactly, and nothing of tomorrow follows from today.

mod ahead;
mod answer;
mod comb;
mod limit;
mod master;
mod table;
#[cfg(test)]
mod tests;
pub mod tour;
mod walk;
mod water;
pub mod way;

pub use comb::{Schedule, draw, draw_tours};
pub use water::{Cover, cover};

use pehra_domain::risk::RiskClass;

/// The version of what plans shares and tours. Another number whenever the same input may come out otherwise: schedules
/// name it, and no program draws again what another version planned.
pub const ENGINE: u16 = 1;

/// What an attack on one place costs, in any unit that is the same for all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stake {
    /// Nobody is there.
    pub uncovered: f64,
    /// A team is there; less than uncovered.
    pub covered: f64,
}

/// Why there is no plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatrolError {
    #[error(
        "place {0}: a stake is no finite number of zero or more, or a team there would not lower it"
    )]
    Stake(usize),
    #[error("there are more than {PLACES_MAX} places")]
    TooMany,
    #[error(
        "there are more than {} places for tours: choose a smaller area",
        tour::TOUR_PLACES_MAX
    )]
    TooManyForTours,
    #[error("stopped")]
    Cancelled,
}

/// Most places of one game.
pub const PLACES_MAX: usize = 1 << 24;

/// What the stakes of a place are made of besides its score: figures that somebody signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payoffs {
    /// How much of an attack's cost a team at the place takes away, in thousandths.
    pub takes_permille: u16,
    /// What an attack without a team costs at a normal, sensitive and most sensitive place, in hundredths of its score.
    pub percent: [u16; 3],
}

impl Payoffs {
    /// A team takes away seven tenths, and a score costs what it says whatever the class: assumed, no count was found, to
    /// be set by whoever plans.
    pub const PROPOSED: Self = Self { takes_permille: 700, percent: [100; 3] };
    /// A score counts at most five times.
    pub const PERCENT_MAX: u16 = 500;

    /// What they say, in a sentence: English and Urdu.
    #[must_use]
    pub fn sentence(self) -> (String, String) {
        let (takes, [normal, sensitive, most]) = (self.takes_permille, self.percent);
        (
            format!(
                "An attack costs {normal} % of the score at a normal place, {sensitive} % at a sensitive and {most} % at a most sensitive one; a team that is there takes away {takes} of every 1,000 of it."
            ),
            format!(
                "حملے کا نقصان معمول کی جگہ پر اسکور کا {normal} فیصد، حساس جگہ پر {sensitive} فیصد اور نہایت حساس جگہ پر {most} فیصد ہے؛ موجود ٹیم اس کے ہر 1,000 میں سے {takes} کم کر دیتی ہے۔"
            ),
        )
    }
}

/// The stakes of a place from its risk.
///
/// A score of 0 to 100 (hundredths of a point), weighed by its class, is what an attack without a team costs; a team there
/// takes away its share of it.
#[must_use]
pub fn stake_of(score_centi: u16, class: RiskClass, payoffs: Payoffs) -> Stake {
    let percent = payoffs.percent[class as usize].min(Payoffs::PERCENT_MAX);
    let uncovered = f64::from(u32::from(score_centi) * u32::from(percent)) / 10_000.0;
    let takes = f64::from(payoffs.takes_permille.min(1_000)) / 1_000.0;
    Stake { uncovered, covered: uncovered * (1.0 - takes) }
}

/// Why a place is looked at so often, in a sentence: English and Urdu.
#[must_use]
pub fn sentence(stake: Stake, cover_permille: u16, level: f64) -> (String, String) {
    let days = if cover_permille == 0 { 0 } else { 1_000_u32.div_ceil(u32::from(cover_permille)) };
    let (uncovered, level) = (stake.uncovered, level);
    if cover_permille == 0 {
        return (
            format!(
                "Not on the list: an attack here would cost {uncovered:.1}, no more than the {level:.1} that remains elsewhere with the best use of all teams."
            ),
            format!(
                "فہرست میں نہیں: یہاں حملے کا نقصان {uncovered:.1} ہوگا، جو تمام ٹیموں کے بہترین استعمال کے بعد دوسری جگہوں پر باقی {level:.1} سے زیادہ نہیں۔"
            ),
        );
    }
    (
        format!(
            "On {cover_permille} of 1,000 drawn days (about every {days}): without a team an attack here would cost {uncovered:.1}; so often looked at, it costs no more than {level:.1}, as everywhere else."
        ),
        format!(
            "قرعے کے 1,000 میں سے {cover_permille} دن (تقریباً ہر {days} دن): ٹیم کے بغیر یہاں حملے کا نقصان {uncovered:.1} ہوگا؛ اتنی نگرانی کے ساتھ یہ {level:.1} سے زیادہ نہیں، جیسا ہر جگہ۔"
        ),
    )
}
