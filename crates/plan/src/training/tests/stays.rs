//! What stays when something falls out.

use super::*;
use crate::training::{Change, Timetable, audit::audit, plan, replan, replan::Named};
use proptest::prelude::*;

fn again(input: &Input, before: &[Named]) -> (Timetable, Change) {
    let (found, change) = replan(input, before, 2, &mut go_on).unwrap();
    assert_eq!(audit(input, &found), vec![]);
    (found, change)
}

fn planned(input: &Input) -> Vec<Named> {
    plan(input, 1, &mut go_on).unwrap().named(input)
}

/// Two venues a way apart, two trainers, ten people at each.
fn two_towns() -> Input {
    let seekers = (0..20).map(|name| seeker(name, if name < 10 { 0 } else { 20 }, &[1, 2, 3], 1));
    let venues = vec![venue(0, 0, (10, 6), &[1, 2, 3]), venue(1, 20, (10, 6), &[1, 2, 3])];
    let trainers =
        vec![trainer(0, 0, &[1, 2, 3]), trainer(1, 20, &[1, 2, 3]), trainer(2, 10, &[1, 2, 3])];
    input(seekers.collect(), venues, trainers)
}

#[test]
fn nothing_fell_out_and_nothing_changes() {
    let input = two_towns();
    let before = planned(&input);
    let (found, change) = again(&input, &before);
    assert_eq!(found.named(&input), before);
    assert_eq!(change, Change { courses_kept: 6, people_kept: 20, ..Change::default() });
}

#[test]
fn people_fall_out_and_everybody_else_keeps_his_seat() {
    let mut input = two_towns();
    let before = planned(&input);
    input.seekers.retain(|one| !["B-0003", "B-0012"].contains(&one.number.as_str()));
    let (_, change) = again(&input, &before);
    assert_eq!(change, Change { courses_kept: 6, people_kept: 18, ..Change::default() });
}

#[test]
fn a_trainer_falls_out_and_another_takes_the_courses_on_their_days() {
    let mut input = two_towns();
    let before = planned(&input);
    let gone = before[0].trainer.clone();
    let his = before.iter().filter(|course| course.trainer == gone).count() as u64;
    input.trainers.retain(|one| one.number != gone);
    let (_, change) = again(&input, &before);
    let kept = Change {
        courses_kept: 6 - his,
        courses_entrusted: his,
        people_kept: 20,
        ..Change::default()
    };
    assert_eq!(change, kept);
}

#[test]
fn a_venue_falls_out_and_only_its_people_move() {
    let mut input = two_towns();
    let before = planned(&input);
    input.venues.retain(|one| one.id != "V-1");
    let (found, change) = again(&input, &before);
    let moved: Vec<String> = change.moved.iter().map(ToString::to_string).collect();
    assert_eq!(moved, (10..20).map(|name| format!("B-{name:04}")).collect::<Vec<_>>());
    assert_eq!((change.people_kept, change.courses_kept, change.courses_fallen), (10, 3, 3));
    assert_eq!((change.courses_new, change.lost.len()), (3, 0));
    assert_eq!(found.certificate.trained, 20);
}

#[test]
fn whoever_passed_a_module_meanwhile_keeps_the_seats_for_the_rest() {
    let mut input = two_towns();
    let before = planned(&input);
    input.seekers[4].lacks = Modules::of(&[3]);
    // A person more, who takes a free seat: there is none on these days, so a new course is held for one.
    input.seekers.push(seeker(20, 0, &[1], 1));
    let (_, change) = again(&input, &before);
    assert_eq!((change.people_kept, change.people_new), (20, 1));
    assert_eq!((change.courses_kept, change.moved.len()), (6, 0));
}

#[test]
fn what_is_past_is_left_alone() {
    let mut input = two_towns();
    let before = planned(&input);
    assert!(before.iter().all(|course| course.date == Date(1)));
    input.first = Date(2);
    for one in &mut input.seekers {
        one.lacks = Modules::default();
    }
    let (found, change) = again(&input, &before);
    assert_eq!((found.courses.len(), change), (0, Change::default()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn nobody_untouched_is_moved(seed in any::<u64>()) {
        let mut input = imagined(seed, 150);
        let before = planned(&input);
        let (_, same) = again(&input, &before);
        prop_assert!(same.moved.is_empty() && same.lost.is_empty(), "{same:?}");
        prop_assert_eq!(same.courses_fallen, 0);
        let mut chance = Seed::new(seed ^ 1);
        let venue = input.venues.remove(draw(&mut chance, input.venues.len() as u64));
        let out: Vec<PersonId> =
            input.seekers.iter().filter(|_| chance.below(12) == 0).map(|one| one.number.clone()).collect();
        input.seekers.retain(|one| !out.contains(&one.number));
        let (_, change) = again(&input, &before);
        let there = |number: &PersonId| {
            before.iter().any(|course| course.venue == venue.id && course.people.contains(number))
        };
        prop_assert!(change.moved.iter().chain(&change.lost).all(there), "{change:?}");
    }
}

#[test]
fn a_trainer_who_rises_for_a_moment_is_not_given_her_own_course() {
    let input = imagined(283_679_633_255_495_494, 150);
    let before = planned(&input);
    let own = |course: &&Named| course.people.contains(&course.trainer);
    assert_eq!(before.iter().find(own), None);
}
