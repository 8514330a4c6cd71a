#![expect(clippy::wildcard_enum_match_arm, reason = "a test looks for one kind of happening")]

use super::*;
use crate::day::{Day, What, list::Path, tests::ground};
use std::{collections::BTreeSet, ops::ControlFlow, sync::Arc};

fn go(plan: &Plan, setup: &Setup) -> Rehearsal {
    let figures = Parameters::shipped().unwrap();
    rehearse(plan, &figures, setup, &mut |_| ControlFlow::Continue(())).unwrap()
}

fn setup(runs: u32) -> Setup {
    Setup { runs, ..Setup::default() }
}

#[test]
fn runs_do_not_depend_on_threads_nor_on_how_many_there_are() {
    let plan = ground::few();
    let one = go(&plan, &Setup { threads: 1, ..setup(130) });
    for threads in [2, 3, 8] {
        assert_eq!(go(&plan, &Setup { threads, ..setup(130) }), one);
    }
    assert_eq!(go(&plan, &setup(20)).runs, one.runs[..20]);
    assert_ne!(go(&plan, &Setup { seed: 1, ..setup(20) }).runs, one.runs[..20]);
}

#[test]
fn a_stopped_rehearsal_keeps_nothing() {
    let figures = Parameters::shipped().unwrap();
    let stopped = rehearse(&ground::few(), &figures, &setup(10), &mut |_| ControlFlow::Break(()));
    assert_eq!(stopped, Err(Cancelled));
}

#[test]
fn with_the_network_up_nobody_is_dark() {
    let plan = ground::few();
    let up = go(&plan, &Setup { gone: Vec::new(), ..setup(50) });
    assert!(up.runs.iter().all(|run| run.dark == [0; 3]));
    let gone = go(&plan, &setup(50));
    assert!(gone.runs.iter().all(|run| run.dark.iter().sum::<u32>() > 0));
}

#[test]
fn a_proved_path_and_a_nearer_team_are_seen_as_better_and_nothing_else_changes() {
    let plan = ground::few();
    let mut better = Plan::clone(&plan);
    for station in &mut better.stations {
        station.proved = station.planned;
    }
    let (a, b) = (go(&plan, &setup(200)), go(&better, &setup(200)));
    let paired = a.against(&b);
    assert!(paired[0].differs() && paired[0].difference.high_milli < 0, "{:?}", paired[0]);
    assert_eq!(paired[0].more, 0, "no run is worse: the luck is the same");
    // Teams and convoys are the same, and so is their day in every run.
    for measure in 2..MEASURES.len() {
        assert_eq!(paired[measure].equal, 200, "{}", MEASURES[measure]);
    }
    let mut bare = Plan::clone(&plan);
    for district in &mut bare.districts {
        district.teams = crate::day::Span { first: 0, end: 0 };
    }
    bare.teams.clear();
    let unanswered = a.against(&go(&bare, &setup(50)))[4];
    assert_eq!(unanswered.more, 50, "without teams every incident is unanswered");
}

#[test]
fn the_weakest_places_are_weak_for_the_reason_that_is_named() {
    let plan = ground::few();
    let rehearsal = go(&plan, &setup(100));
    assert_eq!(rehearsal.weakest.len(), 10);
    assert!(rehearsal.weakest.windows(2).all(|pair| pair[0].score >= pair[1].score));
    for weak in &rehearsal.weakest {
        let named = match weak.because {
            Weakness::Paths => weak.dark_permille > 0,
            Weakness::Help => weak.help_s > 0,
            Weakness::Convoy => weak.late_permille > 0,
        };
        assert!(named, "{weak:?}");
    }
}

#[test]
fn the_reduced_model_agrees_with_the_whole_day_on_what_it_keeps() {
    let plan = ground::few();
    let rehearsal = go(&plan, &setup(400));
    let reduced_dark = rehearsal.mean(0).estimate_milli / 1_000;
    let reduced_two = rehearsal.mean(8).estimate_milli / 1_000;
    let days = 6;
    let (mut silent, mut after_two) = (0, 0);
    for seed in 0..days {
        let mut day = Day::new(Arc::clone(&plan), ground::usual(seed)).unwrap();
        // Stations that spoke over no path of their own at noon.
        let mut spoke = BTreeSet::new();
        let until = day.scenario().until;
        day.advance(until, &mut |it| match it.what {
            What::CheckInDelivered { station, code, path, .. }
                if code == crate::day::Code::NOON
                    && !matches!(path, Path::Courier | Path::SectorCar | Path::ByHand) =>
            {
                spoke.insert(station);
            }
            What::BagsReceived { .. } if it.at.0 > 26 * 3_600 => after_two += 1,
            _ => {}
        });
        silent += plan.stations.len() - spoke.len();
    }
    let days = i64::try_from(days).unwrap();
    let whole_dark = i64::try_from(silent).unwrap() / days;
    assert!(
        (whole_dark - reduced_dark).abs() * 100 <= whole_dark * 30,
        "the whole day has {whole_dark} silent at noon, the reduced model {reduced_dark} dark"
    );
    let whole_two = after_two / days;
    let stations = i64::try_from(plan.stations.len()).unwrap();
    assert!(
        (whole_two - reduced_two).abs() * 100 <= stations * 6,
        "after 02:00: {whole_two} in the whole day, {reduced_two} in the reduced model"
    );
}

#[test]
fn few_convoys_are_overdue_and_as_many_as_on_whole_days() {
    let plan = ground::few();
    let reduced = go(&plan, &setup(200)).mean(7).estimate_milli / 1_000;
    let days = 6;
    let mut overdue = 0;
    for seed in 0..days {
        let mut day = Day::new(Arc::clone(&plan), ground::usual(seed)).unwrap();
        let until = day.scenario().until;
        day.advance(until, &mut |it| {
            overdue += i64::from(matches!(it.what, What::BagsReceived { late_s: 1.., .. }));
        });
    }
    let whole = overdue / i64::try_from(days).unwrap();
    let stations = i64::try_from(plan.stations.len()).unwrap();
    assert!(whole > 0 && reduced > 0, "{whole} and {reduced}");
    assert!(whole * 10 < stations, "{whole} of {stations} late: the mark cries wolf");
    assert!((whole - reduced).abs() * 100 <= stations * 5, "{whole} and {reduced}");
}
