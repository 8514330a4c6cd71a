mod custody;
mod fuzz;
mod golden;
pub(crate) mod ground;

use super::*;
use ground::{few, quiet, usual};

fn whole(day: &mut Day) -> Vec<Happening> {
    let mut all = Vec::new();
    let until = day.scenario().until;
    day.advance(until, &mut |happening| all.push(happening));
    all
}

fn begun(scenario: Scenario) -> Day {
    Day::new(few(), scenario).unwrap()
}

#[test]
fn one_seed_gives_one_day_on_any_number_of_threads_and_in_any_number_of_steps() {
    let mut first = begun(usual(7)).with_threads(1);
    let happened = whole(&mut first);
    assert!(happened.len() > 10_000, "{}", happened.len());
    for threads in [2, 3, 8] {
        let mut again = begun(usual(7)).with_threads(threads);
        assert_eq!(whole(&mut again), happened, "on {threads} threads");
        assert_eq!(again.trace(), first.trace());
    }
    let mut stepped = begun(usual(7));
    let mut slowly = Vec::new();
    let mut at = stepped.now();
    while !stepped.is_over() {
        at = at.plus(977);
        stepped.advance(at, &mut |happening| slowly.push(happening));
    }
    assert_eq!(slowly, happened);
    let mut other = begun(usual(8));
    whole(&mut other);
    assert_ne!(other.trace(), first.trace());
}

#[test]
fn happenings_are_numbered_without_gaps_and_never_go_back() {
    let all = whole(&mut begun(usual(1)));
    for (number, pair) in (0_u64..).zip(all.windows(2)) {
        assert_eq!(pair[0].number, number);
        assert!((pair[0].at, pair[0].district) <= (pair[1].at, pair[1].district));
    }
}

#[test]
fn a_branch_goes_its_own_way_and_leaves_the_trunk_alone() {
    let mut trunk = begun(usual(7));
    trunk.advance(Second::on(0, 9, 0), &mut |_| {});
    let mut branch = trunk.clone();
    let station = 3;
    branch
        .inject(Scripted {
            at: Second::on(0, 9, 30),
            name: "inject".to_owned(),
            event: Event::Incident {
                trouble: Trouble::ArmPst,
                severity: 5,
                place: Place::Station(station),
                killed: 1,
                injured: 2,
                statements: Vec::new(),
                stops_s: 3_600,
            },
        })
        .unwrap();
    let (mut there, mut here) = (Vec::new(), Vec::new());
    branch.advance(Second::on(0, 12, 0), &mut |it| there.push(it));
    trunk.advance(Second::on(0, 12, 0), &mut |it| here.push(it));
    let stops = |all: &[Happening]| {
        all.iter()
            .filter(
                |it| matches!(it.what, What::PollSuspended { station: at, .. } if at == station),
            )
            .count()
    };
    assert_eq!((stops(&there), stops(&here)), (1, 0));
    let mut again = begun(usual(7));
    again.advance(Second::on(0, 12, 0), &mut |_| {});
    assert_eq!(again.trace(), trunk.trace(), "the branch has left no trace in the trunk");
    let late = Scripted {
        at: Second(0),
        ..branch.scenario().script.first().cloned().unwrap_or(Scripted {
            at: Second(0),
            name: "late".into(),
            event: Event::Burn { stations: vec![0] },
        })
    };
    assert!(branch.inject(late).is_err(), "the past stays as it was");
}

#[test]
fn everything_is_somewhere_at_every_hour() {
    let mut day = begun(usual(5));
    let start = day.census();
    for hour in -12..36 {
        day.advance(Second(hour * 3_600), &mut |_| {});
        let now = day.census();
        assert!(now.balances(), "at {}: {now:?}", day.now());
        assert_eq!(
            (now.bags, now.guards, now.vehicles, now.teams),
            (start.bags, start.guards, start.vehicles, start.teams)
        );
    }
    assert!(day.census().bags_received > 0 && day.census().messages_delivered > 0);
}

#[test]
fn a_calm_day_has_everything_open_on_time_and_every_bag_home() {
    let mut day = begun(quiet(2));
    let all = whole(&mut day);
    let stations = day.census().bags;
    let count = |test: fn(&What) -> bool| all.iter().filter(|it| test(&it.what)).count() as u64;
    assert_eq!(count(|it| matches!(it, What::Opened { late_s: 0, .. })), stations);
    assert_eq!(count(|it| matches!(it, What::FormPosted { .. })), stations);
    assert_eq!(count(|it| matches!(it, What::BagsReceived { .. })), stations);
    assert_eq!(count(|it| matches!(it, What::IncidentOccurred { .. })), 0);
    for code in 1..=Code::COUNT_OF_CODES {
        let code = Code::try_new(code).unwrap();
        let made = all
            .iter()
            .filter(|it| matches!(it.what, What::CheckInMade { code: other, .. } if other == code));
        assert_eq!(made.count() as u64, stations, "{code}");
    }
    let census = day.census();
    assert_eq!(census.messages, stations * 17);
    assert_eq!(census.messages_delivered, census.messages);
}

#[test]
fn the_cut_of_05_39_is_found_by_those_who_try_and_other_paths_take_over() {
    let mut day = begun(usual(11));
    let all = whole(&mut day);
    let cut = scenario::CUT_2024;
    let ordered = all.iter().find(|it| matches!(it.what, What::SuspensionOrdered { .. })).unwrap();
    assert_eq!((ordered.at, ordered.district), (cut, None));
    let districts = day.plan().districts.len();
    let observed: Vec<_> = all
        .iter()
        .filter(|it| matches!(it.what, What::SuspensionObserved { service: Service::Voice, .. }))
        .collect();
    assert_eq!(observed.len(), districts);
    assert!(observed.iter().all(|it| it.at > cut), "nobody was told");
    let by_phone = |from: Second, until: Second| {
        all.iter()
            .filter(|it| it.at >= from && it.at < until)
            .filter(|it| {
                matches!(it.what, What::CheckInDelivered { path: Path::CellularVoice, .. })
            })
            .count()
    };
    assert!(by_phone(Second::on(-1, 12, 0), cut) > 0);
    assert_eq!(by_phone(cut.plus(3_600), Second::on(1, 5, 39)), 0);
    let other_ways = all.iter().filter(|it| {
        it.at > cut.plus(3_600)
            && matches!(it.what, What::CheckInDelivered { path: Path::Uhf | Path::Vhf, .. })
    });
    assert!(other_ways.count() > 100);
}

#[test]
fn an_impossible_scenario_is_refused_with_all_reasons_at_once() {
    let mut scenario = usual(1);
    scenario.until = scenario.from;
    scenario.cuts[0].until = Some(scenario.cuts[0].from.plus(-1));
    scenario.parameters.guard_absent_permille = 1_001;
    let burn = |name: &str, at| Scripted {
        at,
        name: name.to_owned(),
        event: Event::Burn { stations: vec![1, 99_999_999] },
    };
    scenario.script = vec![burn("first", Second(0)), burn("second", Second(3_600))];
    let DayError::Scenario(reasons) = Day::new(few(), scenario).err().unwrap() else {
        panic!("a scenario's reasons were wanted")
    };
    let has = |test: fn(&Impossible) -> bool| reasons.iter().any(test);
    assert!(has(|it| matches!(it, Impossible::Window { .. })));
    assert!(has(|it| matches!(it, Impossible::CutBackwards { cut: 0, .. })));
    assert!(has(|it| matches!(it, Impossible::Parameter { value: 1_001, limit: 1_000, .. })));
    assert!(has(|it| matches!(it, Impossible::NoSuch { number: 99_999_999, .. })));
    assert!(has(|it| matches!(it, Impossible::GoneAlready { station: 1, .. })));
    assert!(has(|it| matches!(it, Impossible::OutsideWindow { .. })));
}

#[test]
fn a_plan_with_a_stray_position_is_refused() {
    let mut plan = Plan::clone(&few());
    plan.stations[0].building = u32::MAX;
    plan.convoys[0].stops.clear();
    let error = Day::new(Arc::new(plan), usual(1)).err().unwrap();
    let text = error.to_string();
    assert!(text.contains("station 0 names building") && text.contains("convoy 0"), "{text}");
}
