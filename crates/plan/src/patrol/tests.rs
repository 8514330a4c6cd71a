use super::*;

mod tours;

use pehra_domain::seed::Seed;
use proptest::prelude::*;

fn stakes(pairs: &[(f64, f64)]) -> Vec<Stake> {
    pairs.iter().map(|&(uncovered, covered)| Stake { uncovered, covered }).collect()
}

fn dearest(stakes: &[Stake], shares: &[f64]) -> f64 {
    stakes
        .iter()
        .zip(shares)
        .map(|(stake, share)| stake.uncovered - share * (stake.uncovered - stake.covered))
        .fold(0.0, f64::max)
}

/// Maximises by the textbook's simplex method with Bland's rule: all variables and all limits from zero up. Dense; for a
/// handful of rows.
fn maximise(rows: &[Vec<f64>], limits: &[f64], gains: &[f64]) -> f64 {
    let (columns, count) = (gains.len(), rows.len());
    let width = columns + count + 1;
    let mut table = vec![vec![0.0; width]; count + 1];
    for (at, (row, limit)) in rows.iter().zip(limits).enumerate() {
        table[at][..columns].copy_from_slice(row);
        table[at][columns + at] = 1.0;
        table[at][width - 1] = *limit;
    }
    for (cell, gain) in table[count].iter_mut().zip(gains) {
        *cell = -gain;
    }
    while let Some(enter) = (0..width - 1).find(|&column| table[count][column] < -1e-12) {
        let mut leave: Option<(usize, f64)> = None;
        for (row, line) in table.iter().enumerate().take(count) {
            if line[enter] > 1e-12 {
                let ratio = line[width - 1] / line[enter];
                if leave.is_none_or(|(_, least)| ratio < least - 1e-12) {
                    leave = Some((row, ratio));
                }
            }
        }
        let (leave, _) = leave.expect("the program is bounded");
        let pivot = table[leave][enter];
        table[leave].iter_mut().for_each(|cell| *cell /= pivot);
        let line = table[leave].clone();
        for (row, other) in table.iter_mut().enumerate() {
            let factor = other[enter];
            if row != leave && factor != 0.0_f64 {
                other.iter_mut().zip(&line).for_each(|(cell, base)| *cell -= factor * base);
            }
        }
    }
    table[count][width - 1]
}

/// The game as a linear program: what the dearest attack costs when each of the columns (its row and the places it covers) may
/// be used up to the row's limit in all. With `w = most − v`: maximise w; `w − D · x ≤ most − U`; the rows' limits.
fn by_simplex(stakes: &[Stake], columns: &[(usize, Vec<usize>)], limits: &[f64]) -> f64 {
    let most = stakes.iter().fold(0.0_f64, |most, stake| most.max(stake.uncovered));
    let mut rows = vec![vec![0.0; columns.len() + 1]; stakes.len() + limits.len()];
    let mut right: Vec<f64> = stakes.iter().map(|stake| most - stake.uncovered).collect();
    right.extend(limits);
    rows.iter_mut().take(stakes.len()).for_each(|row| row[0] = 1.0);
    for (at, (limit, covers)) in columns.iter().enumerate() {
        for &place in covers {
            rows[place][at + 1] = stakes[place].covered - stakes[place].uncovered;
        }
        rows[stakes.len() + limit][at + 1] = 1.0;
    }
    let mut gains = vec![0.0; columns.len() + 1];
    gains[0] = 1.0;
    // Below nothing no attack can cost.
    let mut whole = vec![0.0; columns.len() + 1];
    whole[0] = 1.0;
    rows.push(whole);
    right.push(most);
    most - maximise(&rows, &right, &gains)
}

/// Single places: one column each, no more than once, all teams together.
fn single_places(stakes: &[Stake], teams: f64) -> f64 {
    let n = stakes.len();
    let most = stakes.iter().fold(0.0_f64, |most, stake| most.max(stake.uncovered));
    let mut rows = vec![vec![0.0; n + 1]; 2 * n + 2];
    let mut right = Vec::new();
    for (i, stake) in stakes.iter().enumerate() {
        rows[i][0] = 1.0;
        rows[i][1 + i] = stake.covered - stake.uncovered;
        right.push(most - stake.uncovered);
        rows[n + i][1 + i] = 1.0;
        rows[2 * n][1 + i] = 1.0;
    }
    right.extend(vec![1.0; n]);
    right.push(teams);
    rows[2 * n + 1][0] = 1.0;
    right.push(most);
    let mut gains = vec![0.0; n + 1];
    gains[0] = 1.0;
    most - maximise(&rows, &right, &gains)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_level_is_the_linear_programs_and_its_own_bound(
        places in prop::collection::vec((1_u32..1_000, 0_u32..1_000), 1..7),
        teams in 0_u32..8,
    ) {
        let stakes: Vec<Stake> = places
            .iter()
            .map(|&(uncovered, permille)| {
                let uncovered = f64::from(uncovered) / 10.0;
                Stake { uncovered, covered: uncovered * f64::from(permille) / 1_000.0 }
            })
            .collect();
        let cover = cover(&stakes, teams).unwrap();
        let linear = single_places(&stakes, f64::from(teams));
        prop_assert!((cover.level - linear).abs() < 1e-9, "{} and {linear}", cover.level);
        prop_assert!((cover.level - cover.bound).abs() < 1e-9, "{cover:?}");
        prop_assert!((dearest(&stakes, &cover.shares) - cover.level).abs() < 1e-9);
        prop_assert!(cover.shares.iter().sum::<f64>() <= f64::from(teams) + 1e-9);
        prop_assert!(cover.shares.iter().all(|share| (0.0..=1.0).contains(share)));
    }
}

#[test]
fn a_place_that_does_not_stick_out_is_left_alone() {
    let cover = cover(&stakes(&[(10.0, 0.0), (8.0, 0.0), (2.0, 0.0)]), 1).unwrap();
    assert!((cover.level - 40.0 / 9.0).abs() < 1e-12, "{cover:?}");
    assert!(cover.shares[2].abs() < 1e-12 && cover.shares[0] > cover.shares[1]);
}

#[test]
fn more_teams_than_help_are_said_to_be_idle() {
    let cover = cover(&stakes(&[(10.0, 4.0), (3.0, 1.0)]), 5).unwrap();
    assert!((cover.level - 4.0).abs() < 1e-12, "{cover:?}");
    assert!((cover.idle - 4.0).abs() < 1e-12, "one place needs a team, the other none: {cover:?}");
}

#[test]
fn stakes_that_cannot_be_are_refused_by_place() {
    for bad in [(1.0, 1.0), (1.0, 2.0), (f64::NAN, 0.0), (f64::INFINITY, 0.0), (1.0, -1.0)] {
        let given = stakes(&[(5.0, 1.0), bad]);
        assert_eq!(cover(&given, 1), Err(PatrolError::Stake(1)), "{bad:?}");
    }
    let nothing = cover(&[], 3).unwrap();
    assert!(nothing.shares.is_empty() && nothing.level.abs() < 1e-12);
}

/// Chi-square limit that is passed by chance once in ten thousand (Wilson and Hilferty).
fn limit(freedom: f64) -> f64 {
    let step = 2.0 / (9.0 * freedom);
    let root = 1.0 - step + 3.719 * libm::sqrt(step);
    freedom * root * root * root
}

#[test]
fn drawn_days_keep_to_the_shares_and_neighbours_know_nothing_of_each_other() {
    const DAYS: u32 = 20_000;
    let mut chance = Seed::new(5);
    let given: Vec<Stake> = (0..60)
        .map(|_| {
            stake_of(
                u16::try_from(2_000 + chance.below(8_000)).unwrap(),
                RiskClass::Normal,
                Payoffs::PROPOSED,
            )
        })
        .collect();
    let cover = cover(&given, 9).unwrap();
    let (mut seen, mut both) = (vec![0_u32; 60], vec![0_u32; 59]);
    for day in 0..DAYS {
        let list = draw(&cover.shares, &[3; 32], &format!("day {day}"));
        assert_eq!(list.places.len(), 9, "as many places as teams");
        for &place in &list.places {
            seen[place as usize] += 1;
        }
        for pair in list.places.array_windows::<2>() {
            if pair[1] == pair[0] + 1 {
                both[pair[0] as usize] += 1;
            }
        }
    }
    let days = f64::from(DAYS);
    let mut chi = 0.0;
    let mut freedom = 0.0;
    for (&seen, &share) in seen.iter().zip(&cover.shares) {
        if share > 0.0 {
            let gap = f64::from(seen) - days * share;
            chi += gap * gap / (days * share * (1.0 - share));
            freedom += 1.0;
        } else {
            assert_eq!(seen, 0);
        }
    }
    assert!(chi < limit(freedom), "chi-square {chi} with {freedom} degrees");
    // A fixed number of teams alone ties places together a little: c(i)·c(j) falls by about 1/n of itself.
    for (at, &both) in both.iter().enumerate() {
        let expected = days * cover.shares[at] * cover.shares[at + 1];
        if expected > 200.0 {
            let off = (f64::from(both) - expected).abs();
            assert!(
                off < 0.35 * expected,
                "places {at} and its neighbour: {both}, expected {expected}"
            );
        }
    }
}

#[test]
fn the_same_seed_and_day_give_the_same_list_and_another_day_another() {
    let shares = vec![0.25; 400];
    let first = draw(&shares, &[1; 32], "2024-02-08");
    assert_eq!(draw(&shares, &[1; 32], "2024-02-08"), first);
    assert_ne!(draw(&shares, &[1; 32], "2024-02-09"), first);
    assert_ne!(draw(&shares, &[2; 32], "2024-02-08"), first);
    assert_eq!(
        draw(&[1.0, 0.0, 1.0], &[1; 32], "x").places,
        [0, 2],
        "certain and impossible places"
    );
}

#[test]
fn a_share_is_explained_in_both_languages() {
    let (english, urdu) =
        sentence(stake_of(6_400, RiskClass::Normal, Payoffs::PROPOSED), 125, 31.0);
    assert!(english.contains("125 of 1,000") && english.contains("every 8"), "{english}");
    assert!(urdu.contains("125") && urdu.ends_with('۔'), "{urdu}");
    let payoffs = Payoffs { takes_permille: 650, percent: [90, 120, 180] };
    let (english, urdu) = payoffs.sentence();
    for word in ["650", "90", "120", "180"] {
        assert!(english.contains(word) && urdu.contains(word), "{english} {urdu}");
    }
    let (none, keine) = sentence(stake_of(1_000, RiskClass::Normal, Payoffs::PROPOSED), 0, 31.0);
    assert!(none.starts_with("Not on the list") && keine.contains("31.0"));
}

#[test]
fn a_class_counts_by_its_signed_share_and_never_above_five_times() {
    let payoffs = Payoffs { takes_permille: 600, percent: [100, 150, 9_000] };
    let stake = |class| stake_of(4_000, class, payoffs);
    assert_eq!(stake(RiskClass::Normal), Stake { uncovered: 40.0, covered: 16.0 });
    assert_eq!(stake(RiskClass::Sensitive).uncovered.to_bits(), 60.0_f64.to_bits());
    assert_eq!(stake(RiskClass::Most).uncovered.to_bits(), 200.0_f64.to_bits());
}
