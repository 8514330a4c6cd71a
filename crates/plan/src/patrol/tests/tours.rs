use super::{by_simplex, limit as chi_limit};
use crate::patrol::{
    Payoffs, Stake,
    ahead::Grid,
    answer, draw_tours, stake_of,
    tour::{Base, Ground, Shift, TOUR_PLACES_MAX, Tours, Ways, level, tours},
    walk::Near,
};
use pehra_domain::{risk::RiskClass, seed::Seed};
use proptest::prelude::*;
use std::{collections::BTreeSet, ops::ControlFlow};

/// Points of a plain; a second for each unit between them, as the crow flies and then rounded up.
struct Plain {
    bases: Vec<[u64; 2]>,
    places: Vec<[u64; 2]>,
    of: Vec<Vec<u32>>,
}

impl Ways for Plain {
    fn seconds(&self, base: usize, from: usize, to: usize) -> u32 {
        let point = |node: usize| match node.checked_sub(1) {
            None => self.bases[base],
            Some(at) => self.places[self.of[base][at] as usize],
        };
        let ([a, b], [c, d]) = (point(from), point(to));
        u32::try_from((a.abs_diff(c).pow(2) + b.abs_diff(d).pow(2)).isqrt() + 1).unwrap()
    }
}

struct Country {
    stakes: Vec<Stake>,
    bases: Vec<Base>,
    plain: Plain,
}

/// Places spread over a square, each with its nearest base.
fn country(seed: u64, places: usize, teams: &[u32], side: u64) -> Country {
    let mut chance = Seed::new(seed);
    let mut point = || [chance.below(side), chance.below(side)];
    let at_bases: Vec<[u64; 2]> = teams.iter().map(|_| point()).collect();
    let at: Vec<[u64; 2]> = (0..places).map(|_| point()).collect();
    let mut of = vec![Vec::new(); teams.len()];
    for (place, [x, y]) in at.iter().enumerate() {
        let far = |base: [u64; 2]| base[0].abs_diff(*x).pow(2) + base[1].abs_diff(*y).pow(2);
        let nearest = (0..teams.len()).min_by_key(|&base| far(at_bases[base])).unwrap();
        of[nearest].push(u32::try_from(place).unwrap());
    }
    let bases = teams.iter().zip(&of);
    let bases = bases.map(|(&teams, places)| Base { teams, places: places.clone() }).collect();
    let stakes = (0..places).map(|_| {
        stake_of(
            u16::try_from(1_000 + chance.below(9_000)).unwrap(),
            RiskClass::Normal,
            Payoffs::PROPOSED,
        )
    });
    Country { stakes: stakes.collect(), bases, plain: Plain { bases: at_bases, places: at, of } }
}

fn go_on(_: pehra_domain::progress::Step) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn planned(country: &Country, shift: Shift) -> Tours {
    tours(&country.stakes, &country.bases, &country.plain, shift, &mut go_on).unwrap()
}

/// Whether some order of visits brings one team home in time: every order is tried.
fn can(country: &Country, base: usize, set: &[usize], shift: Shift) -> bool {
    fn on(
        country: &Country,
        base: usize,
        (at, spent): (usize, u32),
        left: &[usize],
        shift: Shift,
    ) -> bool {
        if spent > shift.seconds {
            return false;
        }
        if left.is_empty() {
            return spent + country.plain.seconds(base, at, 0) <= shift.seconds;
        }
        left.iter().any(|&next| {
            let rest: Vec<usize> = left.iter().copied().filter(|&it| it != next).collect();
            let then = spent + country.plain.seconds(base, at, next) + shift.stay_s;
            on(country, base, (next, then), &rest, shift)
        })
    }
    on(country, base, (0, 0), set, shift)
}

/// Every set of places that the teams of a base can visit in a day.
fn day_plans(country: &Country, base: usize, shift: Shift) -> Vec<Vec<usize>> {
    let nodes = country.bases[base].places.len();
    let members =
        |set: usize| -> Vec<usize> { (1..=nodes).filter(|it| set >> (it - 1) & 1 == 1).collect() };
    let single: Vec<usize> =
        (0..1 << nodes).filter(|&set| can(country, base, &members(set), shift)).collect();
    let mut all: BTreeSet<usize> = BTreeSet::from([0]);
    for _ in 0..country.bases[base].teams {
        let more: Vec<usize> = all
            .iter()
            .flat_map(|&before| {
                single.iter().filter(move |&&one| one & before == 0).map(move |one| one | before)
            })
            .collect();
        all.extend(more);
    }
    let place = |node: &usize| country.bases[base].places[node - 1] as usize;
    all.into_iter().map(|set| members(set).iter().map(place).collect()).collect()
}

/// The value of the game with every day plan listed.
fn by_listing(country: &Country, shift: Shift) -> f64 {
    let mut columns = Vec::new();
    for base in 0..country.bases.len() {
        columns.extend(day_plans(country, base, shift).into_iter().map(|plan| (base, plan)));
    }
    by_simplex(&country.stakes, &columns, &vec![1.0; country.bases.len()])
}

fn assert_sound(country: &Country, plan: &Tours, shift: Shift) {
    for (base, plans) in plan.plans.iter().enumerate() {
        assert!(plans.iter().map(|(_, share)| share).sum::<f64>() <= 1.0 + 1e-9);
        for (day, share) in plans {
            assert!(*share > 0.0 && day.tours.len() <= country.bases[base].teams as usize);
            let mut seen = BTreeSet::new();
            for tour in &day.tours {
                let node = |place: &u32| {
                    1 + country.bases[base].places.iter().position(|it| it == place).unwrap()
                };
                let mut at = 0;
                let mut spent = 0;
                for place in tour {
                    assert!(seen.insert(*place), "no place twice on a day");
                    spent += country.plain.seconds(base, at, node(place)) + shift.stay_s;
                    at = node(place);
                }
                spent += country.plain.seconds(base, at, 0);
                assert!(spent <= shift.seconds, "{spent} of {}", shift.seconds);
            }
        }
    }
    assert!((level(&country.stakes, &plan.shares) - plan.level).abs() < 1e-9);
    assert!(plan.bound <= plan.level + 1e-9);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    #[test]
    fn tours_are_worth_what_listing_every_day_plan_gives(
        seed in any::<u64>(),
        places in 1_usize..8,
        teams in prop::collection::vec(0_u32..3, 1..3),
        hours in 1_u32..5,
    ) {
        let country = country(seed, places, &teams, 2_000);
        let shift = Shift { seconds: hours * 1_200, stay_s: 300 };
        let plan = planned(&country, shift);
        assert_sound(&country, &plan, shift);
        let listed = by_listing(&country, shift);
        prop_assert!((plan.level - listed).abs() < 1e-6, "{} and {listed}", plan.level);
        prop_assert!((plan.level - plan.bound).abs() < 1e-6, "{} and {}", plan.level, plan.bound);
    }

    /// Walks are never worth less than the best tour, what is ahead takes none of them away, and no walk of a few places,
    /// which are all remembered, comes back to one of them.
    #[test]
    fn no_walk_is_missed(
        seed in any::<u64>(),
        places in 1_usize..9,
        hours in 1_u32..6,
        wide in 500_u64..6_000,
    ) {
        let country = country(seed, places, &[1], wide);
        let shift = Shift { seconds: hours * 1_200, stay_s: 240 };
        let ground = Ground::of(0, &country.bases[0], &country.plain, shift);
        let mut chance = Seed::new(seed ^ 1);
        let weights: Vec<f64> = (0..places).map(|_| chance.below(1_000) as f64 / 100.0).collect();
        let plan = answer::best(&ground, &weights, answer::Effort { number: 0, ruins: 0 });
        let exact: f64 = plan.places().map(|at| weights[at as usize]).sum();
        let worth: Vec<f64> = std::iter::once(0.0).chain(weights).collect();
        let grid = Grid::over(&ground).unwrap();
        let ahead = grid.ahead(&worth);
        prop_assert!(ahead.walk().worth >= exact - 1e-9, "{} and {exact}", ahead.walk().worth);
        let near = Near::of(&ground);
        for ahead in [None, Some(&ahead)] {
            let walks = near.best(&ground, &worth, ahead, 0.0).unwrap();
            let most = walks.first().map_or(0.0, |walk| walk.worth);
            prop_assert!((most - exact).abs() < 1e-9, "{most} and {exact}");
            prop_assert!(near.best(&ground, &worth, ahead, most).unwrap().is_empty());
        }
    }
}

#[test]
fn a_district_of_places_is_planned_within_its_bound_and_alike_every_time() {
    let country = country(7, 60, &[2, 2, 1], 9_000);
    let shift = Shift { seconds: 6 * 3_600, stay_s: 1_200 };
    let plan = planned(&country, shift);
    assert_sound(&country, &plan, shift);
    let without = country.stakes.iter().fold(0.0_f64, |most, stake| most.max(stake.uncovered));
    assert!(plan.level < without * 0.8, "{} of {without}", plan.level);
    let gap = (plan.level - plan.bound) / plan.level;
    assert!(gap < 0.1, "{gap}");
    assert_eq!(planned(&country, shift), plan);
}

#[test]
fn drawn_tours_keep_to_their_shares_and_bases_and_days_know_nothing_of_each_other() {
    const DAYS: usize = 20_000;
    let country = country(11, 24, &[1, 1], 4_000);
    let shift = Shift { seconds: 7_200, stay_s: 900 };
    let plan = planned(&country, shift);
    let days: Vec<BTreeSet<u32>> = (0..DAYS)
        .map(|day| {
            let drawn = draw_tours(&plan, &[9; 32], &format!("day {day}"));
            drawn.into_iter().flatten().flat_map(|day| day.places()).collect()
        })
        .collect();
    let seen = |place: u32| days.iter().filter(|day| day.contains(&place)).count() as f64;
    let count = DAYS as f64;
    // Places of one tour come together, so each place stands for itself; the day plans are tested as one below.
    assert!(plan.shares.iter().filter(|share| **share > 0.01 && **share < 0.99).count() > 4);
    for (place, &share) in (0_u32..).zip(&plan.shares) {
        let spread = libm::sqrt(count * share * (1.0 - share)).max(1.0);
        assert!((seen(place) - count * share).abs() < 4.5 * spread, "place {place}");
    }
    // Pairs of places of two bases, and of one place on two days in a row.
    let together = |a: u32, b: u32, apart: usize| {
        let pairs = days.iter().zip(days.iter().skip(apart));
        pairs.filter(|(one, other)| one.contains(&a) && other.contains(&b)).count() as f64
    };
    let assert_apart = |a: u32, b: u32, apart: usize| {
        let expected = count * plan.shares[a as usize] * plan.shares[b as usize];
        let off = (together(a, b, apart) - expected).abs();
        assert!(off < 4.5 * libm::sqrt(expected.max(1.0)), "{a} and {b}, {apart} days apart");
    };
    for &a in &country.bases[0].places {
        assert_apart(a, a, 1);
        for &b in &country.bases[1].places {
            assert_apart(a, b, 0);
        }
    }
}

#[test]
fn day_plans_are_drawn_as_often_as_they_should_be() {
    let country = country(11, 24, &[1, 1], 4_000);
    let plan = planned(&country, Shift { seconds: 7_200, stay_s: 900 });
    const DAYS: u32 = 20_000;
    for (base, plans) in plan.plans.iter().enumerate() {
        let mut seen = vec![0_u32; plans.len()];
        for day in 0..DAYS {
            let drawn = draw_tours(&plan, &[4; 32], &format!("{day}"))[base];
            let at = drawn.and_then(|drawn| plans.iter().position(|(known, _)| known == drawn));
            if let Some(at) = at {
                seen[at] += 1;
            }
        }
        let chi: f64 = plans
            .iter()
            .zip(&seen)
            .map(|((_, share), &seen)| {
                let expected = f64::from(DAYS) * share;
                (f64::from(seen) - expected) * (f64::from(seen) - expected) / expected
            })
            .sum();
        assert!(plans.len() > 1 && chi < chi_limit(plans.len() as f64), "{chi}");
    }
}

#[test]
fn too_many_places_and_a_stop_are_told() {
    let mut small = country(1, 4, &[1], 1_000);
    let shift = Shift { seconds: 3_600, stay_s: 600 };
    let mut stop = |_| ControlFlow::Break(());
    let told = tours(&small.stakes, &small.bases, &small.plain, shift, &mut stop);
    assert_eq!(told, Err(crate::patrol::PatrolError::Cancelled));
    small.stakes = vec![stake_of(5_000, RiskClass::Normal, Payoffs::PROPOSED); TOUR_PLACES_MAX + 1];
    let told = tours(&small.stakes, &small.bases, &small.plain, shift, &mut go_on);
    assert_eq!(told, Err(crate::patrol::PatrolError::TooManyForTours));
}
