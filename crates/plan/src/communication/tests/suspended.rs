use super::super::{
    proof::Test,
    schedule,
    scheme::{Ground, Input, Scheme, Site, plan},
    suspension::{Basis, Cut, CutError, Errand, Fix, Notice, no_path, orders, timeline},
};
use super::*;
use pehra_domain::{AreaId, Point, StationId, risk::RiskClass};
use std::ops::ControlFlow;

fn day() -> Date {
    Date::parse("2024-02-08").unwrap()
}

/// Three districts: a town, a plain, and one where nothing is near anything.
fn grounds(seed: u64, tested: bool) -> Vec<Ground> {
    let mut chance = Seed::new(seed);
    [
        ("town", 300_000_u64, 90_usize, Terrain::Plain),
        ("plain", 6_000_000, 150, Terrain::Plain),
        ("far", 30_000_000, 60, Terrain::Mountain),
    ]
    .into_iter()
    .zip(1_i32..)
    .map(|((name, side, count, terrain), at)| {
        let base = 300_000_000 + at * 40_000_000;
        let mut place = || {
            let e7 = |chance: &mut Seed| i32::try_from(chance.below(side)).unwrap();
            Point { lat_e7: base + e7(&mut chance), lon_e7: 700_000_000 + e7(&mut chance) }
        };
        let sites: Vec<Site> = (0..count)
            .map(|number| Site {
                station: StationId::try_new(format!("NA-{at}-{}", number + 1)).unwrap(),
                point: place(),
                class: RiskClass::ALL[number % 3],
                tests: if tested {
                    [Bearer::Vhf, Bearer::Courier]
                        .map(|bearer| Test {
                            bearer,
                            on: day().plus_days(-2),
                            worked: number % 10 > 0,
                        })
                        .to_vec()
                } else {
                    Vec::new()
                },
            })
            .collect();
        let control = sites[0].point;
        Ground { area: AreaId::nation().below("p").below(name), terrain, control, sites }
    })
    .collect()
}

fn made(grounds: &[Ground], terminals: usize) -> (Scheme, Vec<Vec<RiskClass>>) {
    let bearers = bearers();
    let input = Input {
        bearers: &bearers,
        districts: grounds.to_vec(),
        day: day(),
        terminals,
        detour_permille: [1_350, 1_600, 1_900],
    };
    let scheme = plan(&input, &|_| None, &mut |_| ControlFlow::Continue(())).unwrap();
    let classes = grounds.iter().map(|g| g.sites.iter().map(|s| s.class).collect()).collect();
    (scheme, classes)
}

#[test]
fn a_plan_leaves_no_station_without_a_planned_path_and_is_the_same_twice() {
    let grounds = grounds(1, false);
    let (scheme, classes) = made(&grounds, 3);
    assert_eq!(scheme, made(&grounds, 3).0);
    let stations: usize =
        scheme.districts.iter().flat_map(|d| &d.nets).map(|n| n.stations.len()).sum();
    assert_eq!(stations, 300);
    let cut = Cut::default_plan();
    let hours = timeline(
        &bearers(),
        &scheme,
        &classes,
        &[cut],
        (Basis::Planned, &[4 * 60, 5 * 60, 29 * 60]),
    );
    assert_eq!(hours.iter().map(|h| h.by_rungs.iter().sum::<u32>()).collect::<Vec<_>>(), [300; 3]);
    // Couriers reach whoever no radio does; before the cut and after it mobile telephones come on top.
    assert_eq!(hours[1].dark, [0; 3]);
    assert_eq!(Hourly::of(&hours[0]), Hourly::of(&hours[2]));
    assert!(hours[1].age_p95_s[0] >= hours[0].age_p95_s[0]);
    let terminals = scheme.districts.iter().flat_map(|d| &d.nets).filter(|n| n.terminal).count();
    assert_eq!(terminals, scheme.placement.chosen.len());
    assert!(terminals <= 3 && scheme.placement.served <= scheme.placement.bound);
}

#[derive(Debug, PartialEq)]
struct Hourly([u32; 4], [u32; 3]);

impl Hourly {
    fn of(hour: &super::super::suspension::Hour) -> Self {
        Self(hour.by_rungs, hour.dark)
    }
}

#[test]
fn what_no_test_proved_counts_for_nothing() {
    let (scheme, classes) = made(&grounds(1, false), 0);
    let cut = Cut::default_plan();
    let hours = timeline(
        &bearers(),
        &scheme,
        &classes,
        std::slice::from_ref(&cut),
        (Basis::Proved, &[6 * 60]),
    );
    assert_eq!(hours[0].by_rungs, [300, 0, 0, 0]);
    let list = no_path(&bearers(), &scheme, &cut, &|_, _| false);
    assert_eq!(list.len(), 300);
    assert!(list.iter().all(|one| !one.fixes.is_empty()));
    let (tested, classes) = made(&grounds(1, true), 0);
    let hours = timeline(
        &bearers(),
        &tested,
        &classes,
        std::slice::from_ref(&cut),
        (Basis::Proved, &[6 * 60]),
    );
    assert!(hours[0].by_rungs[0] <= 40, "{:?}", hours[0]);
    let failed = no_path(&bearers(), &tested, &cut, &|_, station| station.is_multiple_of(10));
    assert!(failed.iter().any(|one| one.fixes.contains(&Fix::MendRadio)));
    assert!(failed.iter().all(|one| one.station % 10 != 0 || !one.fixes.contains(&Fix::TestRadio)));
}

#[test]
fn a_cut_in_one_area_leaves_the_others_alone() {
    let (scheme, classes) = made(&grounds(2, false), 0);
    let here = AreaId::nation().below("p").below("town");
    let cut = Cut { areas: vec![here], ..Cut::default_plan() };
    let gone =
        |services: &[Service]| Cut { services: services.iter().copied().collect(), ..cut.clone() };
    let at = |cut: &Cut| {
        timeline(
            &bearers(),
            &scheme,
            &classes,
            std::slice::from_ref(cut),
            (Basis::Planned, &[6 * 60]),
        )
        .remove(0)
    };
    // Data alone takes nothing that the plan stands on; voice takes one rung of the town's ninety.
    let nothing = at(&gone(&[Service::Data]));
    let voice = at(&gone(&[Service::Voice]));
    let rungs = |hour: &super::super::suspension::Hour| -> u32 {
        hour.by_rungs.iter().zip(0_u32..).map(|(count, rungs)| count * rungs).sum()
    };
    assert!(rungs(&nothing) - rungs(&voice) <= 90);
    assert!(rungs(&nothing) > rungs(&voice));
}

#[test]
fn impossible_cuts_are_named() {
    let cut = Cut::default_plan();
    assert_eq!(cut.check(), Ok(()));
    let backwards = Cut { until_minute: cut.from_minute, ..cut.clone() };
    assert_eq!(backwards.check(), Err(CutError::Backwards { from: 300 }));
    assert_eq!(Cut { services: BTreeSet::new(), ..cut }.check(), Err(CutError::Nothing));
}

#[test]
fn orders_leave_before_the_network_does() {
    let (scheme, _) = made(&grounds(3, false), 0);
    let checkins = schedule::parse(CHECKINS).unwrap();
    let unknown = Cut::default_plan();
    let list = orders(&bearers(), &scheme, &unknown, &checkins);
    assert!(
        list.iter().all(|order| order.before_minute < unknown.from_minute && order.stations > 0)
    );
    let rule = |cut: &Cut| {
        let list = orders(&bearers(), &scheme, cut, &checkins);
        list.iter().find(|o| o.what == Errand::SilenceRule).map(|o| o.before_minute)
    };
    // The last planned check-in before 04:00 is that of 21:00 on the eve.
    assert_eq!(rule(&unknown), Some(21 * 60 - 24 * 60));
    let announced = Cut { notice: Notice::Announced, ..unknown };
    assert_eq!(rule(&announced), Some(300));
}

#[test]
fn loads_tell_which_channels_are_late() {
    let checkins = schedule::parse(CHECKINS).unwrap();
    let loads = schedule::loads(&checkins, 24, &[180_000, 900_000], &[30_000]);
    let open = loads.iter().find(|load| load.code == "A7").unwrap();
    assert_eq!((open.messages, open.sector_median_min, open.sector_worst_min), (24, 3, 15));
    // Fifteen minutes of speaking do not fit ten minutes to amber.
    assert_eq!(open.late_channels, 1);
    assert_eq!(schedule::without_sectors_ms(630, 10), 6_300_000);
}

#[test]
fn an_empty_country_is_no_fault() {
    let (scheme, classes) = made(&[], 5);
    assert!(scheme.districts.is_empty());
    let hours =
        timeline(&bearers(), &scheme, &classes, &[Cut::default_plan()], (Basis::Proved, &[0]));
    assert_eq!(hours[0].by_rungs, [0; 4]);
    let empty = Ground { sites: Vec::new(), ..grounds(1, false).remove(0) };
    assert!(made(&[empty], 5).0.districts[0].nets.is_empty());
}
