use super::*;
use crate::{
    allocate::geo::travel_cost,
    reserve::road::{Known, Roads, Spots},
    road::NO_WAY,
};
use pehra_domain::seed::Seed;
use std::sync::Arc;

/// One road along the latitude of everything, on which a degree takes so many seconds; parted where it is closed, and
/// there is none further east than it ends.
struct Line<'a> {
    bases: &'a [Point],
    spots: &'a Spots,
    degree_s: f64,
    closed_lon: f64,
    end_lon: f64,
}

impl Line<'_> {
    fn seconds(&self, from: Point, to: Point) -> Option<u32> {
        let apart = (from.lon_deg() < self.closed_lon) != (to.lon_deg() < self.closed_lon);
        let seconds = (from.lon_deg() - to.lon_deg()).abs() * self.degree_s;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small")]
        (!apart).then_some(seconds.ceil() as u32)
    }

    fn on_road(&self, point: Point) -> bool {
        point.lon_deg() <= self.end_lon
    }
}

impl Roads for Line<'_> {
    fn has_base(&self, base: u32) -> bool {
        self.on_road(self.bases[base as usize])
    }

    fn has_spot(&self, spot: u32) -> bool {
        self.on_road(self.spots.points[spot as usize])
    }

    fn table(&self, bases: &[u32], spots: &[u32]) -> Vec<u32> {
        let ms = |base: u32, spot: u32| {
            let way = self.seconds(self.bases[base as usize], self.spots.points[spot as usize]);
            way.map_or(NO_WAY, |seconds| seconds * 1_000)
        };
        bases.iter().flat_map(|&base| spots.iter().map(move |&spot| ms(base, spot))).collect()
    }

    fn farthest_m(&self, limit_s: u32) -> f64 {
        f64::from(limit_s) / self.degree_s * 112_000.0 + 10.0
    }
}

/// With the ways of a line of so many seconds a degree that is closed, and ends, at some longitudes.
fn with_line(
    mut input: AllocateInput,
    (degree_s, closed_lon, end_lon): (f64, f64, f64),
) -> AllocateInput {
    let ends = Ends::of(&input);
    let (bases, spots) = (ends.bases.clone(), ends.spots.clone());
    let line = Line { bases: &bases, spots: &spots, degree_s, closed_lon, end_lon };
    let limit_s = longest_way_s(&input);
    let ways = RoadWays::measure(ends, ([7; 32], &line), limit_s, &mut go_on).unwrap();
    input.roads = Some(Arc::new(ways));
    input
}

/// A man's station of four posts and a unit of nine men so many kilometres away.
fn apart(km: f64) -> AllocateInput {
    let mut input = one(RiskClass::Normal, StationKind::Men);
    input.units = vec![unit("police", Tier::Police, "pk/sindh/a", km, (9, 0))];
    input
}

const NOWHERE: f64 = 99.0;

#[test]
fn the_longest_way_is_one_by_road_where_a_map_knows_one() {
    // 20 km by an estimate of 40.5 minutes. Minutes by road; closed between, off the road → posted under 40 minutes; note
    let table = [
        (39.0, false, false, 4, "1 ways of 4 people were measured by road; 0 ways of 0"),
        (41.0, false, false, 0, "0 ways of 0 people were measured by road; 0 ways of 0"),
        (39.0, true, false, 0, "0 ways of 0 people were measured by road; 0 ways of 0"),
        (5.0, false, true, 0, "0 ways of 0 people were measured by road"),
    ];
    for (minutes, closed, off_road, want, note) in table {
        let mut input = apart(20.0);
        input.rules = Rules { travel_s_max: Some(2_400), ..Rules::NONE };
        let degrees = input.units[0].point.lon_deg() - 68.0;
        let closed_lon = if closed { 68.1 } else { NOWHERE };
        let end_lon = if off_road { 68.1 } else { NOWHERE };
        let input = with_line(input, (minutes * 60.0 / degrees, closed_lon, end_lon));
        let plan = solve(&input);
        assert_eq!(posted(&plan)[0], want, "{minutes} {closed} {off_road}");
        let told: &[ShortfallReason] = if want == 0 { &[ShortfallReason::TooLong] } else { &[] };
        assert_eq!(reasons(&plan), told);
        assert!(plan.certificate.notes.iter().any(|line| line.starts_with(note)), "{note}");
        assert!(audit(&input, &plan).iter().all(|row| row.people == 0));
        // Whoever is posted all the same is found by the audit.
        let posting = pehra_domain::plan::Posting {
            unit: unit_id("police"),
            building: building_id("B-1"),
            kind: StaffKind::PoliceMan,
            count: 3,
            distance_m: 0,
            origin: pehra_domain::plan::Origin::OwnDistrict,
        };
        let forced = Plan { postings: vec![posting], ..plan };
        let too_long =
            audit(&input, &forced).into_iter().find(|row| row.rule.starts_with("travel"));
        assert_eq!(too_long.unwrap().people, if want == 0 { 3 } else { 0 });
    }
}

#[test]
fn a_minute_by_road_costs_what_one_drives_in_it_and_what_is_not_measured_costs_no_less() {
    // Minutes by road, closed → hundreds of metres at 40 km/h for each of four
    let table = [(30.0, false, 200), (3.0, false, 20), (3.0, true, 2_401), (700.0, false, 2_401)];
    for (minutes, closed, want) in table {
        let input = apart(20.0);
        let degrees = input.units[0].point.lon_deg() - 68.0;
        let closed_lon = if closed { 68.1 } else { NOWHERE };
        let input = with_line(input, (minutes * 60.0 / degrees - 1e-6, closed_lon, NOWHERE));
        let plan = solve(&input);
        assert_eq!(posted(&plan)[0], 4, "without a rule nobody is too far");
        assert_eq!(plan.certificate.objective, 4 * want, "{minutes} {closed}");
        assert!(plan.certificate.notes.iter().any(|line| line.contains("by road")));
        let distance = plan.postings[0].distance_m;
        assert!((26_000..28_000).contains(&distance), "metres stay an estimate: {distance}");
    }
}

#[test]
fn the_input_names_the_network_and_what_was_measured_on_it() {
    let free = apart(20.0);
    let slow = with_line(free.clone(), (9_000.0, NOWHERE, NOWHERE));
    let quick = with_line(free.clone(), (8_000.0, NOWHERE, NOWHERE));
    let hashes = [free.hash(), slow.hash(), quick.hash()];
    assert!(hashes[0] != hashes[1] && hashes[1] != hashes[2] && hashes[0] != hashes[2]);
    assert_eq!(slow.hash(), with_line(free.clone(), (9_000.0, NOWHERE, NOWHERE)).hash());
    let renamed = Ends::of(&free);
    let (bases, spots) = (renamed.bases.clone(), renamed.spots.clone());
    let line = Line {
        bases: &bases,
        spots: &spots,
        degree_s: 9_000.0,
        closed_lon: NOWHERE,
        end_lon: NOWHERE,
    };
    let limit_s = longest_way_s(&free);
    let ways = RoadWays::measure(renamed, ([8; 32], &line), limit_s, &mut go_on).unwrap();
    let other = AllocateInput { roads: Some(Arc::new(ways)), ..free.clone() };
    assert_ne!(other.hash(), slow.hash(), "the same times on another network");
    let mut more = slow.clone();
    more.units.push(unit("new", Tier::Police, "pk/sindh/a", 3.0, (4, 0)));
    assert_eq!(allocate(&more, 1, &mut go_on), Err(AllocateError::Roads));
    let stopped = RoadWays::measure(Ends::of(&free), ([7; 32], &line), limit_s, &mut |_| {
        ControlFlow::Break(())
    });
    assert!(stopped.is_err());
}

/// The least that ways and empty posts cost, by every way to fill stations of four posts from units' men.
fn least(ways: &[Vec<Option<i64>>], men: &mut [u32]) -> i64 {
    let Some((first, rest)) = ways.split_first() else { return 0 };
    fn fill(
        way: &[Option<i64>],
        unit: usize,
        left: usize,
        men: &mut [u32],
        rest: &[Vec<Option<i64>>],
    ) -> i64 {
        if unit == way.len() {
            return [0, 40_000, 80_000, 200_000, 320_000][left] + least(rest, men);
        }
        let mut best = i64::MAX;
        let most = if way[unit].is_some() { left.min(men[unit] as usize) } else { 0 };
        for count in 0..=most {
            men[unit] -= u32::try_from(count).unwrap();
            let cost = way[unit].unwrap_or(0) * i64::try_from(count).unwrap();
            best = best.min(cost + fill(way, unit + 1, left - count, men, rest));
            men[unit] += u32::try_from(count).unwrap();
        }
        best
    }
    fill(first, 0, 4, men, rest)
}

/// Three stations and three units of up to seven men within 120 km; two in three such countries have a longest way.
fn stretched(chance: &mut Seed) -> AllocateInput {
    let mut below = |most: u64| u32::try_from(chance.below(most)).unwrap();
    let mut input = empty();
    for number in 0..3 {
        let name = format!("B-{number}");
        input.buildings.push(building(&name, "pk/sindh/a", f64::from(below(120))));
        let duty = station(&format!("S-{number}"), &name, RiskClass::Normal, StationKind::Men);
        input.stations.push(duty);
    }
    for number in 0..3 {
        let name = format!("U-{number}");
        let km = f64::from(below(120));
        input.units.push(unit(&name, Tier::Police, "pk/sindh/a", km, (below(8), 0)));
    }
    if below(3) > 0 {
        input.rules.travel_s_max = Some(1_800 + below(3_600));
    }
    input
}

#[test]
fn plans_by_road_are_those_of_every_way_written_out() {
    let (mut measured, mut barred) = (0, 0);
    for seed in 0..150 {
        let mut chance = Seed::new(seed);
        let input = stretched(&mut chance);
        let mut below = |most: u64| u32::try_from(chance.below(most)).unwrap();
        let closed_lon = 68.0 + f64::from(below(15)) / 10.0;
        let end_lon = 68.5 + f64::from(below(10)) / 10.0;
        let degree_s = f64::from(2_000 + below(12_000));
        let estimated = input.clone();
        let input = with_line(input, (degree_s, closed_lon, end_lon));
        let roads = input.roads.clone().unwrap();
        let limit_s = longest_way_s(&input);
        let most_s = input.rules.travel_s_max;
        let way = |at: &Building, unit: &Unit| -> Option<i64> {
            let chord = Place::of(at.point).chord_squared(Place::of(unit.point));
            let by_estimate = travel_m(chord, 1_350);
            // Forty kilometres an hour in the plain.
            let driven = |seconds: u32| (seconds * 100).div_ceil(9);
            let off_road = at.point.lon_deg() > end_lon || unit.point.lon_deg() > end_lon;
            let seconds = (at.point.lon_deg() - unit.point.lon_deg()).abs() * degree_s;
            let apart = (at.point.lon_deg() < closed_lon) != (unit.point.lon_deg() < closed_lon);
            let (metres, too_long) = if off_road {
                assert_eq!(roads.known(&unit.id, &at.id), Known::OffRoad);
                (
                    by_estimate,
                    most_s.is_some_and(|most| u64::from(by_estimate) * 9 > u64::from(most) * 100),
                )
            } else if apart || seconds.ceil() > f64::from(limit_s) {
                assert_eq!(roads.known(&unit.id, &at.id), Known::Beyond);
                (by_estimate.max(driven(limit_s + 1)), most_s.is_some())
            } else {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "small"
                )]
                let seconds = seconds.ceil() as u32;
                assert_eq!(roads.known(&unit.id, &at.id), Known::Seconds(seconds));
                (driven(seconds), false)
            };
            (!too_long).then(|| i64::from(travel_cost(metres)))
        };
        let ways: Vec<Vec<Option<i64>>> = input
            .buildings
            .iter()
            .map(|at| input.units.iter().map(|unit| way(at, unit)).collect())
            .collect();
        let mut men: Vec<u32> = input.units.iter().map(|unit| unit.men).collect();
        let plan = solve(&input);
        assert_eq!(plan.certificate.objective, least(&ways, &mut men), "seed {seed}");
        assert!(audit(&input, &plan).iter().all(|row| row.people == 0), "seed {seed}");
        let mut turned = input.clone();
        turned.units.reverse();
        turned.buildings.reverse();
        assert_eq!(allocate(&turned, 2, &mut go_on).unwrap(), plan, "seed {seed}");
        measured += u32::from(plan.postings != solve(&estimated).postings);
        barred += u32::from(ways.iter().flatten().any(Option::is_none));
    }
    assert!(measured > 20 && barred > 20, "{measured} {barred}");
}
