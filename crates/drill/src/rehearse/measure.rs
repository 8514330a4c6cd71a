//! What many runs say: spreads with intervals, and differences of pairs.

/// From, to and the estimate, in thousandths of the unit; 95 % by the normal approximation of a mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Interval {
    pub low_milli: i64,
    pub estimate_milli: i64,
    pub high_milli: i64,
}

/// One measure over all runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Spread {
    pub least: u32,
    pub median: u32,
    pub p95: u32,
    pub most: u32,
    pub mean: Interval,
    /// 95 % of the 95th percentile, by the ranks of a binomial.
    pub p95_low: u32,
    pub p95_high: u32,
}

/// Two plans under the same luck.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Paired {
    pub runs: u32,
    /// The other less this one.
    pub difference: Interval,
    /// Runs in which the other has less, as much, more.
    pub less: u32,
    pub equal: u32,
    pub more: u32,
}

impl Paired {
    pub(super) fn of(pairs: impl Iterator<Item = (i64, i64)>) -> Self {
        let mut paired = Self::default();
        let mut differences = Vec::new();
        for (this, other) in pairs {
            differences.push(other - this);
            match other.cmp(&this) {
                std::cmp::Ordering::Less => paired.less += 1,
                std::cmp::Ordering::Equal => paired.equal += 1,
                std::cmp::Ordering::Greater => paired.more += 1,
            }
        }
        paired.runs = paired.less + paired.equal + paired.more;
        paired.difference = interval(&differences);
        paired
    }

    /// Whether the interval leaves zero out: the plans differ in this.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.difference.low_milli > 0 || self.difference.high_milli < 0
    }
}

impl Spread {
    pub(super) fn of(mut values: Vec<u32>) -> Self {
        values.sort_unstable();
        let wide: Vec<i64> = values.iter().map(|&value| i64::from(value)).collect();
        let at = |rank: i64| {
            let last = i64::try_from(values.len()).unwrap_or(1) - 1;
            let place = usize::try_from(rank.clamp(0, last.max(0))).unwrap_or(0);
            values.get(place).copied().unwrap_or(0)
        };
        let count = i64::try_from(values.len()).unwrap_or(0);
        let rank95 = (count * 95 + 99) / 100 - 1;
        // Two deviations of a binomial rank: 1.96 √(n · 0.95 · 0.05).
        let slack = i64::try_from((count.unsigned_abs() * 1_825 / 10_000).isqrt()).unwrap_or(0) + 1;
        Self {
            least: at(0),
            median: at((count - 1) / 2),
            p95: at(rank95),
            most: at(count - 1),
            mean: interval(&wide),
            p95_low: at(rank95 - slack),
            p95_high: at(rank95 + slack),
        }
    }
}

/// Mean and 1.96 standard errors, in whole thousandths.
fn interval(values: &[i64]) -> Interval {
    let count = i128::try_from(values.len()).unwrap_or(0);
    if count == 0 {
        return Interval::default();
    }
    let sum: i128 = values.iter().map(|&value| i128::from(value)).sum();
    let mean_milli = sum * 1_000 / count;
    let squares: i128 = values
        .iter()
        .map(|&value| {
            let off = i128::from(value) * 1_000 - mean_milli;
            off * off
        })
        .sum();
    // Variance of the mean in square thousandths, times 1.96².
    let free = (count - 1).max(1);
    let wide = squares * 38_416 / 10_000 / free / count;
    let half = i64::try_from(wide.unsigned_abs().isqrt()).unwrap_or(i64::MAX);
    let estimate_milli = i64::try_from(mean_milli).unwrap_or(i64::MAX);
    Interval {
        low_milli: estimate_milli.saturating_sub(half),
        estimate_milli,
        high_milli: estimate_milli.saturating_add(half),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_sample_has_its_known_mean_and_interval() {
        // 1 to 100: mean 50.5, variance 841.67, standard error 2.901.
        let spread = Spread::of((1..=100).collect());
        assert_eq!((spread.least, spread.median, spread.p95, spread.most), (1, 50, 95, 100));
        assert_eq!(spread.mean.estimate_milli, 50_500);
        let half = spread.mean.high_milli - spread.mean.estimate_milli;
        assert!((5_680..=5_690).contains(&half), "{half}");
        assert!(spread.p95_low < 95 && spread.p95_high > 95);
    }

    #[test]
    fn a_difference_of_pairs_is_seen_through_noise_that_both_share() {
        let noise = |at: i64| (at * 7_919) % 1_000;
        let paired = Paired::of((0..200).map(|at| (noise(at), noise(at) - 3)));
        assert_eq!(paired.difference.estimate_milli, -3_000);
        assert_eq!((paired.less, paired.more), (200, 0));
        assert!(paired.differs());
        assert!(!Paired::of((0..200).map(|at| (noise(at), noise(at)))).differs());
    }
}
