use super::{
    base::{self, Basis, Block, Demand, Estimates, Targets, TravelTimes},
    cover::{self, Cover, CoverError, Effort, Gain, Teams},
    matrix::{Matrix, MedianFileError, read},
    median::{self, MedianError},
    road::{Measured, RoadTimes, Roads, Spots},
};
use crate::{
    allocate::{DistanceModel, Terrain},
    road::NO_WAY,
};
use pehra_domain::{Point, progress::Step, risk::RiskClass, seed::Seed};
use proptest::prelude::*;
use std::ops::ControlFlow;

fn go_on(_: Step) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn draw(chance: &mut Seed, bound: u64) -> usize {
    usize::try_from(chance.below(bound)).unwrap()
}

/// Every choice of `count` of `all` things.
fn choices(all: usize, count: usize) -> Vec<Vec<usize>> {
    (0..1_usize << all)
        .filter(|bits| bits.count_ones() as usize == count)
        .map(|bits| (0..all).filter(|&at| bits >> at & 1 == 1).collect())
        .collect()
}

fn small_matrix(seed: u64) -> (Matrix, usize) {
    let mut chance = Seed::new(seed);
    let (rows, columns) = (1 + draw(&mut chance, 9), 1 + draw(&mut chance, 12));
    let spread = [2, 12, 900][draw(&mut chance, 3)];
    let table: Vec<Vec<i64>> = (0..rows)
        .map(|_| (0..columns).map(|_| i64::try_from(chance.below(spread)).unwrap()).collect())
        .collect();
    (Matrix::from_rows(&table), 1 + draw(&mut chance, rows as u64))
}

fn small_cover(seed: u64) -> (Cover, usize) {
    let mut chance = Seed::new(seed);
    let bases = 1 + draw(&mut chance, 10);
    let rows: Vec<(Vec<u32>, Gain)> = (0..draw(&mut chance, 25))
        .map(|_| {
            let reach =
                (0..u32::try_from(bases).unwrap()).filter(|_| chance.below(3) == 0).collect();
            let first = u32::try_from(chance.below(40)).unwrap();
            let second = u32::try_from(chance.below(u64::from(first) + 1)).unwrap();
            (reach, Gain { first, second })
        })
        .collect();
    (Cover::try_new(bases, rows).unwrap(), draw(&mut chance, bases as u64 + 1))
}

/// Every list of teams' bases, ascending, each base as often as it may be.
fn sharing(cover: &Cover, teams: Teams, open: &mut Vec<u32>, found: &mut Vec<Vec<u32>>) {
    found.push(open.clone());
    if open.len() == teams.all {
        return;
    }
    for base in open.last().copied().unwrap_or(0)..u32::try_from(cover.bases()).unwrap() {
        if open.iter().filter(|held| **held == base).count() < teams.per_base as usize {
            open.push(base);
            sharing(cover, teams, open, found);
            open.pop();
        }
    }
}

#[test]
fn two_teams_share_a_base_where_that_serves_backup_better() {
    // Base 0 reaches ten places, bases 1 and 2 one each; a second team is worth half.
    let rows = (0..10).map(|_| (vec![0], Gain { first: 10, second: 5 }));
    let rows = rows.chain([1, 2].map(|base| (vec![base], Gain { first: 20, second: 10 })));
    let cover = Cover::try_new(3, rows).unwrap();
    for (per_base, open, worth) in
        [(1, vec![0, 1], 120), (2, vec![0, 0], 150), (3, vec![0, 0], 150)]
    {
        let teams = Teams { all: 2, per_base };
        let found = cover::choose(&cover, teams, Effort::default(), &mut go_on).unwrap();
        assert_eq!((&found.open, found.objective, found.bound), (&open, worth, worth));
        let more = cover::extend(&cover, &[0], Teams { all: 1, per_base }, &[]);
        assert_eq!(more, open);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(700))]
    #[test]
    fn medians_lie_between_their_bound_and_nothing_better(seed in any::<u64>()) {
        let (distance, medians) = small_matrix(seed);
        let answer = median::choose(&distance, medians, &mut go_on).unwrap();
        let cost = |rows: &Vec<usize>| -> i64 {
            (0..distance.columns())
                .map(|at| rows.iter().map(|&row| distance.get(row, at)).min().unwrap())
                .sum()
        };
        let least = choices(distance.rows(), medians).iter().map(cost).min().unwrap();
        prop_assert!(answer.dual_bound <= least && least <= answer.objective);
        // Exchange from many starts finds the best of so few.
        prop_assert!((answer.objective - least) * 20 <= least.max(20), "{} {least}", answer.objective);
    }

    #[test]
    fn bases_lie_between_their_bound_and_nothing_better(seed in any::<u64>()) {
        let (cover, teams) = small_cover(seed);
        let answer = cover::choose(&cover, teams, Effort::default(), &mut go_on).unwrap();
        let threads = 1 + usize::try_from(seed % 4).unwrap();
        let effort = Effort { threads, steps: 20, ..Effort::default() };
        let alone = Effort { threads: 1, ..effort };
        prop_assert_eq!(
            cover::choose(&cover, teams, effort, &mut go_on).unwrap(),
            cover::choose(&cover, teams, alone, &mut go_on).unwrap()
        );
        let most = choices(cover.bases(), teams)
            .iter()
            .map(|open| cover.value(&open.iter().map(|&b| u32::try_from(b).unwrap()).collect::<Vec<_>>()))
            .max()
            .unwrap();
        prop_assert!(answer.objective <= most && most <= answer.bound);
        prop_assert!((most - answer.objective) * 20 <= most.max(20), "{} {most}", answer.objective);
    }

    #[test]
    fn teams_that_share_bases_lie_between_their_bound_and_nothing_better(
        seed in any::<u64>(), per_base in 1_u32..4
    ) {
        let (cover, all) = small_cover(seed);
        let teams = Teams { all: all.min(5), per_base };
        let answer = cover::choose(&cover, teams, Effort::default(), &mut go_on).unwrap();
        let mut listed = Vec::new();
        sharing(&cover, teams, &mut Vec::new(), &mut listed);
        let most = listed.iter().map(|open| cover.value(open)).max().unwrap();
        prop_assert!(answer.objective <= most && most <= answer.bound);
        prop_assert!((most - answer.objective) * 20 <= most.max(20), "{} {most}", answer.objective);
        // Where bases are shared nothing is lost, and what one team a base proves is not proven of more.
        let alone = cover::choose(&cover, teams.all, Effort::default(), &mut go_on).unwrap();
        prop_assert!(most >= alone.objective);
        let shared = answer.open.windows(2).any(|pair| pair[0] == pair[1]);
        prop_assert!(!shared || !cover::verify(&cover, teams.all, &answer));
        prop_assert!(cover::verify(&cover, teams, &answer));
        // A team more goes where it adds most, beside another one too.
        let more = cover::extend(&cover, &answer.open, Teams { all: 1, per_base }, &[0]);
        let room = |base: &u32| answer.open.iter().filter(|held| *held == base).count() < per_base as usize;
        let best = (1..u32::try_from(cover.bases()).unwrap()).filter(room).map(|base| {
            let mut open = answer.open.clone();
            open.push(base);
            cover.value(&open)
        });
        prop_assert_eq!(cover.value(&more), best.max().unwrap_or(answer.objective));
    }

    #[test]
    fn tampered_answers_are_refused(seed in any::<u64>()) {
        let (distance, medians) = small_matrix(seed);
        let good = median::choose(&distance, medians, &mut go_on).unwrap();
        let bad = |change: &dyn Fn(&mut median::Medians)| {
            let mut answer = good.clone();
            change(&mut answer);
            !median::verify(&distance, medians, &answer)
        };
        prop_assert!(bad(&|a| a.objective -= 1) && bad(&|a| a.objective += 1));
        prop_assert!(bad(&|a| a.dual_bound = a.objective + 1));
        prop_assert!(bad(&|a| a.chosen.clear()) && bad(&|a| a.chosen.push(0)));
        prop_assert!(bad(&|a| a.prices.push(0)));
        prop_assert!(bad(&|a| a.prices.iter_mut().for_each(|p| *p = -1_000_000_000)));
        let (cover, teams) = small_cover(seed);
        let good = cover::choose(&cover, teams, Effort::default(), &mut go_on).unwrap();
        let bad = |change: &dyn Fn(&mut cover::Basing)| {
            let mut answer = good.clone();
            change(&mut answer);
            !cover::verify(&cover, teams, &answer)
        };
        prop_assert!(bad(&|a| a.objective += 1) && bad(&|a| a.bound = a.objective - 1));
        prop_assert!(bad(&|a| a.prices.push(0)));
        prop_assert!(bad(&|a| a.open.push(99)));
        let gap = good.bound > good.objective;
        prop_assert!(!gap || bad(&|a| a.bound = a.objective), "a bound that nothing proves");
    }
}

/// A random network in the OR-Library's form, larger than any choice can be listed for.
#[test]
fn a_larger_file_is_chosen_within_two_percent_of_its_bound() {
    for seed in 0..3 {
        let mut chance = Seed::new(seed);
        let (vertices, edges, medians) = (120, 500, 12);
        let mut text = format!("{vertices} {} {medians}\n", edges + vertices - 1);
        for vertex in 2..=vertices {
            text +=
                &format!("{} {vertex} {}\n", 1 + chance.below(vertex - 1), 1 + chance.below(100));
        }
        for _ in 0..edges {
            let (from, to) = (1 + chance.below(vertices), 1 + chance.below(vertices));
            text += &format!("{from} {to} {}\n", 1 + chance.below(100));
        }
        let (distance, medians) = read(&text).unwrap();
        let answer = median::choose(&distance, medians, &mut go_on).unwrap();
        assert!(median::verify(&distance, medians, &answer));
        assert!((answer.objective - answer.dual_bound) * 50 <= answer.objective, "{answer:?}");
    }
}

#[test]
fn a_file_takes_the_last_length_of_a_pair_and_shortest_ways() {
    let (distance, medians) = read("4 4 1  1 2 9  2 1 3  2 3 4  3 4 1").unwrap();
    assert_eq!(medians, 1);
    assert_eq!(distance.row(0), [0, 3, 7, 8]);
    let answer = median::choose(&distance, 1, &mut go_on).unwrap();
    assert_eq!((answer.objective, answer.dual_bound), (12, 12));
}

#[test]
fn a_wrong_file_is_refused() {
    assert!(matches!(read(""), Err(MedianFileError::Head(_))));
    assert!(matches!(read("3 1 4"), Err(MedianFileError::Number { word: 3, .. })));
    assert!(matches!(read("3 1 1 1 9 2"), Err(MedianFileError::Number { word: 5, .. })));
    assert!(matches!(read("3 2 1 1 2 2"), Err(MedianFileError::Ended { expected: 2, found: 1 })));
    assert_eq!(read("3 1 1 1 2 2"), Err(MedianFileError::Unreachable(3)));
    let (distance, _) = read("2 1 1 1 2 2").unwrap();
    let refused = median::choose(&distance, 3, &mut go_on);
    assert_eq!(refused, Err(MedianError::Count { medians: 3, candidates: 2 }));
    let refused = Cover::try_new(1, [(vec![1], Gain::default())]);
    assert_eq!(refused, Err(CoverError::UnknownBase { base: 1, bases: 1 }));
    let refused = Cover::try_new(1, [(vec![0], Gain { first: 1, second: 2 })]);
    assert_eq!(refused, Err(CoverError::RisingGain));
}

fn point(north: f64, east: f64) -> Point {
    Point::try_from_degrees(30.0 + north, 70.0 + east).unwrap()
}

fn demand(north: f64, east: f64, class: RiskClass) -> Demand {
    Demand { point: point(north, east), terrain: Terrain::Plain, class }
}

/// Places strewn over two degrees, with bases among them.
fn country(seed: u64, places: usize, bases: usize) -> (Vec<Point>, Vec<Demand>) {
    let mut chance = Seed::new(seed);
    let demands: Vec<Demand> = (0..places)
        .map(|_| {
            let class = RiskClass::ALL[draw(&mut chance, 3)];
            demand(2.0 * chance.unit(), 2.0 * chance.unit(), class)
        })
        .collect();
    ((0..bases).map(|_| point(2.0 * chance.unit(), 2.0 * chance.unit())).collect(), demands)
}

#[test]
fn the_prefilter_leaves_no_base_within_the_limit_out() {
    let (bases, mut demands) = country(3, 300, 60);
    let distance = DistanceModel::proposed();
    for terrain in [Terrain::Plain, Terrain::Hill, Terrain::Mountain] {
        demands.iter_mut().for_each(|demand| demand.terrain = terrain);
        let times = Estimates::new(&bases, &demands, &distance, &[]);
        for place in 0..demands.len() {
            let mut found = Vec::new();
            times.within(place, 2_400, &mut |base| found.push(base));
            let near = |base: &u32| times.seconds(*base, place).unwrap().0 <= 2_400;
            assert_eq!(found, (0..60).filter(near).collect::<Vec<u32>>());
        }
    }
}

#[test]
fn an_estimate_says_so_and_a_cut_road_stops_what_crosses_it() {
    let demands = [demand(0.0, 0.2, RiskClass::Most), demand(0.3, 0.0, RiskClass::Normal)];
    let bases = [point(0.0, 0.0)];
    let distance = DistanceModel::proposed();
    let open = Estimates::new(&bases, &demands, &distance, &[]);
    let (seconds, basis) = open.seconds(0, 0).unwrap();
    assert_eq!(basis, Basis::Estimated);
    // 0.2° east at 30° north are 19.26 km; times 1.35 at 40 km/h that is 39 minutes.
    assert!((2_330..2_350).contains(&seconds), "{seconds}");
    let cut = [Block { from: point(-0.1, 0.1), to: point(0.1, 0.1) }];
    let blocked = Estimates::new(&bases, &demands, &distance, &cut);
    assert_eq!(blocked.seconds(0, 0), None);
    assert_eq!(blocked.seconds(0, 1), open.seconds(0, 1));
    let targets = Targets::proposed();
    let before = base::outlook(&demands, &targets, &open, &[0], 2);
    let after = base::outlook(&demands, &targets, &blocked, &[0], 2);
    assert_eq!(before.classes[2].guaranteed, 1);
    assert_eq!((after.classes[2].guaranteed, after.classes[2].worst_s), (0, None));
    assert_eq!(after.nearest[0], None);
}

#[test]
fn losing_a_base_uncovers_exactly_what_it_alone_reached() {
    let (bases, demands) = country(8, 600, 40);
    let (distance, targets) = (DistanceModel::proposed(), Targets::proposed());
    let times = Estimates::new(&bases, &demands, &distance, &[]);
    let cover = base::problem(&demands, &targets, &times, 2).unwrap();
    assert_eq!(cover, base::problem(&demands, &targets, &times, 5).unwrap());
    let basing = cover::choose(&cover, 12, Effort::default(), &mut go_on).unwrap();
    let before = base::outlook(&demands, &targets, &times, &basing.open, 2);
    for (lost, &gone) in basing.open.iter().enumerate() {
        let mut open = basing.open.clone();
        open.remove(lost);
        let after = base::outlook(&demands, &targets, &times, &open, 2);
        let (lose, gain) = base::changed(&before, &after);
        let alone = |&place: &usize| {
            let reach = cover.reach(2 * place);
            reach.contains(&gone)
                && reach.iter().filter(|base| basing.open.contains(base)).count() == 1
        };
        assert_eq!(lose, (0..demands.len()).filter(alone).collect::<Vec<_>>());
        assert!(gain.is_empty());
        let suggestion = base::dispatch(&cover, &times, 0, &basing.open, 3);
        let own = suggestion.iter().find(|s| s.base == gone).unwrap();
        assert_eq!(own.uncovered as usize, lose.len());
        assert!(suggestion.windows(2).all(|pair| pair[0].seconds <= pair[1].seconds));
        assert!(suggestion.iter().all(|s| !s.needs_signature));
    }
    let last = base::dispatch(&cover, &times, 0, &basing.open[..3], 3);
    assert!(last.iter().all(|s| s.needs_signature));
}

#[test]
fn more_teams_keep_what_was_open_and_never_cover_less() {
    let (bases, demands) = country(9, 500, 50);
    let (distance, targets) = (DistanceModel::proposed(), Targets::proposed());
    let times = Estimates::new(&bases, &demands, &distance, &[]);
    let cover = base::problem(&demands, &targets, &times, 1).unwrap();
    let basing = cover::choose(&cover, 10, Effort::default(), &mut go_on).unwrap();
    let never: Vec<u32> = (0..50).filter(|base| !basing.open.contains(base)).take(3).collect();
    let more = cover::extend(&cover, &basing.open, 5, &never);
    assert!(never.iter().all(|base| !more.contains(base)), "a base that was lost");
    assert_eq!(more.len(), 15);
    assert!(basing.open.iter().all(|base| more.contains(base)));
    assert!(cover.value(&more) > basing.objective);
}

#[test]
fn whoever_stops_the_search_keeps_the_best_so_far_with_its_bound() {
    let (bases, demands) = country(11, 500, 50);
    let (distance, targets) = (DistanceModel::proposed(), Targets::proposed());
    let times = Estimates::new(&bases, &demands, &distance, &[]);
    let cover = base::problem(&demands, &targets, &times, 1).unwrap();
    for patience in [0, 1, 2, 5, 40, 90] {
        let (mut asked, mut told) = (0, Vec::new());
        let mut watch = |_: Step| {
            asked += 1;
            if asked > patience { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let chosen = cover::choose_bounding(
            &cover,
            10,
            Effort::default(),
            &mut watch,
            &mut |value, bound| told.push((value, bound)),
        );
        let chosen = chosen.unwrap();
        assert!(chosen.stopped && chosen.basing.open.len() == 10, "{patience}");
        assert!(cover::verify(&cover, 10, &chosen.basing));
        assert_eq!(told.last(), Some(&(chosen.basing.objective, chosen.basing.bound)));
        assert!(told.windows(2).all(|pair| pair[0].0 <= pair[1].0 && pair[0].1 >= pair[1].1));
    }
    let mut stop = |_: Step| ControlFlow::Break(());
    let stopped = cover::choose(&cover, 10, Effort::default(), &mut stop);
    assert!(matches!(stopped, Err(CoverError::Cancelled(_))));
}

/// A country of straight streets on which one drives a second for each ten-thousandth of a degree, north first and then
/// east. A river parts it at 71.5° east, and what lies too far north is on no road.
struct Streets<'a> {
    bases: &'a [Point],
    spots: &'a Spots,
}

impl Streets<'_> {
    fn on_road(point: Point) -> bool {
        point.lat_deg() < 31.7
    }

    fn seconds(from: Point, to: Point) -> Option<u32> {
        let river = |point: Point| point.lon_deg() > 71.5;
        let way = from.lat_e7.abs_diff(to.lat_e7) + from.lon_e7.abs_diff(to.lon_e7);
        (river(from) == river(to)).then(|| way.div_ceil(1_000))
    }
}

impl Roads for Streets<'_> {
    fn has_base(&self, base: u32) -> bool {
        Self::on_road(self.bases[base as usize])
    }

    fn has_spot(&self, spot: u32) -> bool {
        Self::on_road(self.spots.points[spot as usize])
    }

    fn table(&self, bases: &[u32], spots: &[u32]) -> Vec<u32> {
        let ms = |base: u32, spot: u32| {
            let way = Self::seconds(self.bases[base as usize], self.spots.points[spot as usize]);
            way.map_or(NO_WAY, |seconds| seconds * 1_000)
        };
        bases.iter().flat_map(|&base| spots.iter().map(move |&spot| ms(base, spot))).collect()
    }

    /// Eleven metres a second as one drives, so never farther as the crow flies.
    fn farthest_m(&self, limit_s: u32) -> f64 {
        f64::from(limit_s) * 11.2
    }
}

#[test]
fn measured_times_are_those_of_the_roads_and_the_rest_says_that_it_is_estimated() {
    let (bases, mut demands) = country(12, 400, 70);
    demands.extend_from_within(..40);
    let (distance, targets) = (DistanceModel::proposed(), Targets::proposed());
    let spots = Spots::new(demands.iter().map(|demand| demand.point));
    assert_eq!(spots.points.len(), 400, "stations of one building are one spot");
    let roads = Streets { bases: &bases, spots: &spots };
    let all: Vec<u32> = (0..70).collect();
    let limit_s = targets.longest_s();
    let measured = Measured::try_new(&roads, (&bases, &all), &spots, limit_s, &mut go_on).unwrap();
    let times = || RoadTimes {
        estimates: Estimates::new(&bases, &demands, &distance, &[]),
        measured: &measured,
        spots: &spots,
        roads: &roads,
    };
    let times = times();
    let estimates = Estimates::new(&bases, &demands, &distance, &[]);
    let mut seen = [0; 3];
    for (place, demand) in demands.iter().enumerate() {
        let expected = |base: u32| {
            let from = bases[base as usize];
            if Streets::on_road(from) && Streets::on_road(demand.point) {
                let way = Streets::seconds(from, demand.point).filter(|&way| way <= limit_s);
                return way.map(|seconds| (seconds, Basis::Road));
            }
            estimates.seconds(base, place)
        };
        for &base in &all {
            let found = times.seconds(base, place);
            assert_eq!(found, expected(base));
            seen[match found {
                None => 0,
                Some((_, Basis::Road)) => 1,
                Some((_, Basis::Estimated)) => 2,
            }] += 1;
        }
        let mut within = Vec::new();
        times.within(place, 1_500, &mut |base| within.push(base));
        within.sort_unstable();
        let near = |base: &u32| expected(*base).is_some_and(|(seconds, _)| seconds <= 1_500);
        assert_eq!(within, all.iter().copied().filter(near).collect::<Vec<u32>>());
    }
    assert!(seen.iter().all(|&pairs| pairs > 500), "{seen:?}");
    // One open base beside the river: what lies beyond it has no way, what is far on its own side has a long one.
    let west = |&&base: &&u32| bases[base as usize].lon_deg() < 71.0;
    let open = *all.iter().filter(west).find(|&&base| roads.has_base(base)).unwrap();
    let outlook = base::outlook(&demands, &targets, &times, &[open], 3);
    assert_eq!(outlook, base::outlook(&demands, &targets, &times, &[open], 1));
    for (demand, nearest) in demands.iter().zip(&outlook.nearest) {
        if Streets::on_road(demand.point) {
            let way = Streets::seconds(bases[open as usize], demand.point);
            assert_eq!(nearest.map(|nearest| nearest.seconds), way);
        }
    }
    assert!(outlook.nearest.iter().flatten().any(|nearest| nearest.seconds > limit_s));
}

#[test]
fn measuring_stops_when_it_is_asked_to() {
    let (bases, demands) = country(13, 50, 40);
    let spots = Spots::new(demands.iter().map(|demand| demand.point));
    let roads = Streets { bases: &bases, spots: &spots };
    let all: Vec<u32> = (0..40).collect();
    let mut stop = |_: Step| ControlFlow::Break(());
    let stopped = Measured::try_new(&roads, (&bases, &all), &spots, 3_600, &mut stop);
    assert!(stopped.is_err());
}

/// Times of which nobody knows more than one at once.
struct OneByOne<'a>(Estimates<'a>);

impl TravelTimes for OneByOne<'_> {
    fn bases(&self) -> usize {
        self.0.bases()
    }

    fn seconds(&self, base: u32, place: usize) -> Option<(u32, Basis)> {
        self.0.seconds(base, place)
    }
}

#[test]
fn what_is_left_out_by_the_chord_is_never_nearest_nor_in_time() {
    let targets = Targets::proposed();
    let distance = DistanceModel::proposed();
    for seed in 20..30 {
        let (mut bases, mut demands) = country(seed, 200, 60);
        // Bases of one place are equally near.
        bases.extend_from_within(..20);
        for (demand, terrain) in demands
            .iter_mut()
            .zip([Terrain::Plain, Terrain::Hill, Terrain::Mountain].iter().cycle())
        {
            demand.terrain = *terrain;
        }
        let blocks = [Block { from: point(0.5, 1.0), to: point(1.5, 1.0) }];
        for blocks in [&blocks[..0], &blocks] {
            let times = || Estimates::new(&bases, &demands, &distance, blocks);
            let open: Vec<u32> = (0..80).filter(|base| base % 3 != 1).collect();
            let whole = base::outlook(&demands, &targets, &OneByOne(times()), &open, 2);
            assert_eq!(base::outlook(&demands, &targets, &times(), &open, 2), whole);
        }
    }
}
