//! Chance that belongs to a thing: every draw is named by who it is for and what it decides, so that it falls the same in
//! whatever order, on whatever thread, and in a branch of the day that differs elsewhere. Two plans rehearsed with one
//! seed meet the same weather.

use pehra_domain::seed::Seed;

/// Whose chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Who {
    Nation = 1,
    District,
    Station,
    Building,
    Convoy,
    Courier,
    Incident,
    Office,
}

/// What it decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum On {
    Attacks = 1,
    Troubles,
    Illness,
    Travel,
    Breakdown,
    Opening,
    Queue,
    Count,
    Form,
    Seal,
    Guard,
    Device,
    Error,
    Report,
    Target,
    Toll,
    Tip,
    Citizen,
    Response,
    Desk,
    Outage,
}

/// The stream of one decision. `again` counts decisions of the same kind about the same thing.
pub(crate) fn chance(seed: u64, who: Who, number: u32, on: On, again: u32) -> Seed {
    let part = (who as u64) << 56
        | (on as u64) << 48
        | u64::from(again & 0xffff) << 32
        | u64::from(number);
    Seed::fork(seed, part)
}

/// True in so many of a million.
pub(crate) fn happens(chance: &mut Seed, per_million: u32) -> bool {
    chance.below(1_000_000) < u64::from(per_million)
}

/// Uniform in `low..=high`.
pub(crate) fn between(chance: &mut Seed, low: i32, high: i32) -> i32 {
    if high <= low {
        return low;
    }
    let width = u64::from(high.abs_diff(low)) + 1;
    low.saturating_add(i32::try_from(chance.below(width)).unwrap_or(0))
}

/// A standard normal number (Box and Muller, 1958), from `libm`, so that every machine agrees.
pub(crate) fn normal(chance: &mut Seed) -> f64 {
    let radius = libm::sqrt(-2.0 * libm::log(1.0 - chance.unit()));
    radius * libm::cos(core::f64::consts::TAU * chance.unit())
}

/// Log-normal with this median; `spread_permille` is the deviation of the natural logarithm in thousandths. Cut at six
/// deviations' worth: never below 0 or above 2,000,000,000.
pub(crate) fn lognormal(chance: &mut Seed, median: i32, spread_permille: u32) -> i32 {
    let value =
        f64::from(median) * libm::exp(normal(chance) * f64::from(spread_permille) / 1_000.0);
    whole(value)
}

/// Poisson with a mean given in millionths: by Knuth's product below 30, by a rounded normal above.
pub(crate) fn poisson(chance: &mut Seed, mean_micro: u64) -> u32 {
    let mean = real(mean_micro) / 1_000_000.0;
    if mean <= 0.0 {
        return 0;
    }
    if mean > 30.0 {
        let drawn = mean + normal(chance) * libm::sqrt(mean) + 0.5;
        return u32::try_from(whole(drawn)).unwrap_or(0);
    }
    let limit = libm::exp(-mean);
    let (mut count, mut product) = (0, chance.unit());
    while product > limit {
        count += 1;
        product *= chance.unit();
    }
    count
}

/// Of `count` trials with a chance in thousandths each: exact below 32 trials, a rounded normal above.
pub(crate) fn binomial(chance: &mut Seed, count: u32, permille: u32) -> u32 {
    if count <= 32 {
        let hits = (0..count).filter(|_| chance.below(1_000) < u64::from(permille)).count();
        return u32::try_from(hits).unwrap_or(count);
    }
    let share = f64::from(permille.min(1_000)) / 1_000.0;
    let mean = f64::from(count) * share;
    let drawn = mean + normal(chance) * libm::sqrt(mean * (1.0 - share)) + 0.5;
    u32::try_from(whole(drawn)).unwrap_or(0).min(count)
}

/// The factor that the slowest of some log-normal durations stays below nineteen times in twenty: `exp(σ z)` with
/// `Φ(z) = 0.95^(1/count)`, σ in thousandths.
pub(crate) fn slowest_of(count: u32, spread_permille: u32) -> f64 {
    let wanted = libm::pow(0.95, 1.0 / f64::from(count.max(1)));
    let (mut low, mut high) = (0.0_f64, 8.0_f64);
    for _ in 0..50 {
        let middle = f64::midpoint(low, high);
        let below = 0.5 * libm::erfc(-middle / std::f64::consts::SQRT_2);
        if below < wanted { low = middle } else { high = middle }
    }
    libm::exp(high * f64::from(spread_permille) / 1_000.0)
}

/// Seconds so many times over.
pub(crate) fn times(seconds: i32, factor: f64) -> i32 {
    whole(f64::from(seconds) * factor)
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to the range before")]
fn whole(value: f64) -> i32 {
    libm::floor(value.clamp(0.0, 2_000_000_000.0)) as i32
}

#[expect(clippy::cast_precision_loss, reason = "means are far below 2^53")]
fn real(value: u64) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_of_many_stays_below_its_factor_nineteen_times_in_twenty() {
        let one = slowest_of(1, 1_000);
        assert!((libm::log(one) - 1.644_853_6).abs() < 1e-6, "{one}");
        for count in [1, 3, 20] {
            let mut chance = Seed::new(u64::from(count));
            let factor = slowest_of(count, 250);
            let below = (0..20_000)
                .filter(|_| (0..count).all(|_| libm::exp(normal(&mut chance) * 0.25) <= factor));
            let below = below.count();
            assert!((18_870..=19_130).contains(&below), "{below} of 20,000, {count} at a time");
        }
    }

    #[test]
    fn a_draw_depends_on_who_and_what_alone() {
        let once = chance(7, Who::Station, 12, On::Illness, 0).next_u64();
        assert_eq!(once, chance(7, Who::Station, 12, On::Illness, 0).next_u64());
        assert_ne!(once, chance(7, Who::Station, 13, On::Illness, 0).next_u64());
        assert_ne!(once, chance(7, Who::Station, 12, On::Travel, 0).next_u64());
        assert_ne!(once, chance(7, Who::Station, 12, On::Illness, 1).next_u64());
        assert_ne!(once, chance(8, Who::Station, 12, On::Illness, 0).next_u64());
    }

    #[test]
    fn the_draws_have_the_means_they_promise() {
        let mut seed = Seed::new(3);
        let sum =
            |draw: &mut dyn FnMut() -> i32| (0..20_000).map(|_| i64::from(draw())).sum::<i64>();
        let poisson_sum = sum(&mut || i32::try_from(poisson(&mut seed, 2_500_000)).unwrap());
        assert!((48_500..51_500).contains(&poisson_sum), "{poisson_sum}");
        let hits = sum(&mut || i32::try_from(binomial(&mut seed, 10, 300)).unwrap());
        assert!((58_500..61_500).contains(&hits), "{hits}");
        let mut drawn: Vec<i32> = (0..20_001).map(|_| lognormal(&mut seed, 600, 400)).collect();
        drawn.sort_unstable();
        assert!((585..615).contains(&drawn[10_000]), "median {}", drawn[10_000]);
        let wide = (0..20_000).map(|_| between(&mut seed, -3, 3)).collect::<Vec<_>>();
        assert!(
            wide.iter().all(|it| (-3..=3).contains(it)) && wide.contains(&-3) && wide.contains(&3)
        );
    }
}
