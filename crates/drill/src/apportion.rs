//! Sharing a whole number out in whole numbers, without loss.

/// Shares `total` in proportion to `weights` by largest remainder (Hamilton): the parts always sum to `total`, and no
/// part is off its exact share by one or more. Equal remainders go to the lower index. Without any weight the total is
/// shared evenly; without any place to put it the answer is empty.
#[must_use]
pub fn largest_remainder(total: u64, weights: &[u64]) -> Vec<u64> {
    let sum: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
    if sum == 0 {
        return if weights.is_empty() {
            Vec::new()
        } else {
            largest_remainder(total, &vec![1; weights.len()])
        };
    }
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    let mut given = 0_u64;
    for (index, &weight) in weights.iter().enumerate() {
        let exact = u128::from(total) * u128::from(weight);
        let part = u64::try_from(exact / sum).unwrap_or(total);
        given += part;
        parts.push(part);
        remainders.push((exact % sum, index));
    }
    let left = usize::try_from(total - given).unwrap_or(usize::MAX).min(remainders.len());
    remainders.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for &(_, index) in remainders.iter().take(left) {
        if let Some(part) = parts.get_mut(index) {
            *part += 1;
        }
    }
    parts
}

/// As [`largest_remainder`], with at least `floor` for each. When `total` cannot give everybody the floor, the floors
/// are dropped, so that the sum still holds.
#[must_use]
pub fn with_floor(total: u64, weights: &[u64], floor: u64) -> Vec<u64> {
    let count = u64::try_from(weights.len()).unwrap_or(u64::MAX);
    if floor.checked_mul(count).is_none_or(|floors| floors > total) {
        return largest_remainder(total, weights);
    }
    let mut at_floor = vec![false; weights.len()];
    loop {
        let open: Vec<usize> = (0..weights.len()).filter(|&index| !at_floor[index]).collect();
        let held = floor * (count - u64::try_from(open.len()).unwrap_or(count));
        let open_weights: Vec<u64> = open.iter().map(|&index| weights[index]).collect();
        let parts = largest_remainder(total - held, &open_weights);
        let mut settled = true;
        for (&index, &part) in open.iter().zip(&parts) {
            if part < floor {
                at_floor[index] = true;
                settled = false;
            }
        }
        if settled {
            let mut all = vec![floor; weights.len()];
            for (&index, &part) in open.iter().zip(&parts) {
                all[index] = part;
            }
            return all;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_textbook_case_of_hamilton_holds() {
        // Quotas 9.99, 9.06, 7.18, 5.26, 3.32, 1.19: the two seats left go to the first and the fifth.
        let weights = [27_744, 25_178, 19_947, 14_614, 9_225, 3_292];
        assert_eq!(largest_remainder(36, &weights), [10, 9, 7, 5, 4, 1]);
    }

    #[test]
    fn nothing_to_weigh_by_means_even_shares() {
        assert_eq!(largest_remainder(5, &[0, 0, 0]), [2, 2, 1]);
        assert_eq!(largest_remainder(5, &[]), Vec::<u64>::new());
        assert_eq!(with_floor(5, &[1, 0, 100], 1), [1, 1, 3]);
        assert_eq!(with_floor(2, &[1, 1, 1], 1).iter().sum::<u64>(), 2);
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_total_and_stay_within_one_of_their_share(
            total in 0_u64..1_000_000,
            weights in proptest::collection::vec(0_u64..100_000, 1..60),
        ) {
            let parts = largest_remainder(total, &weights);
            prop_assert_eq!(parts.iter().sum::<u64>(), total);
            let sum: u64 = weights.iter().sum();
            if sum > 0 {
                for (part, weight) in parts.iter().zip(&weights) {
                    let exact = u128::from(total) * u128::from(*weight);
                    let scaled = u128::from(*part) * u128::from(sum);
                    prop_assert!(scaled.abs_diff(exact) < u128::from(sum));
                }
            }
        }

        #[test]
        fn floors_hold_whenever_there_is_enough(
            extra in 0_u64..10_000,
            floor in 0_u64..4,
            weights in proptest::collection::vec(0_u64..1_000, 1..40),
        ) {
            let total = floor * u64::try_from(weights.len()).unwrap() + extra;
            let parts = with_floor(total, &weights, floor);
            prop_assert_eq!(parts.iter().sum::<u64>(), total);
            prop_assert!(parts.iter().all(|&part| part >= floor));
        }
    }
}
