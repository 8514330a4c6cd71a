use super::*;
use crate::training::{Reason, TrainingError, audit::audit, coverage::by_area, plan};
use proptest::prelude::*;

#[test]
fn twelve_hours_of_four_people_become_two_days_at_the_nearer_venue() {
    let seekers = (0..4).map(|name| seeker(name, 10, &[1, 2, 3, 7], 1)).collect();
    let venues = vec![venue(0, 11, (4, 6), &[1, 2, 3]), venue(1, 14, (4, 6), &[1, 2, 3])];
    let input = input(seekers, venues, vec![trainer(0, 0, &[1, 2, 3, 7])]);
    let found = plan(&input, 1, &mut go_on).unwrap();
    assert_eq!(audit(&input, &found), vec![]);
    let told: Vec<(u32, i32, u8, u8)> =
        found.courses.iter().map(|one| (one.venue, one.date.0, one.begins_h, one.module)).collect();
    assert_eq!(told, [(0, 1, 0, 1), (0, 1, 2, 2), (0, 1, 4, 3), (0, 2, 0, 7)]);
    let said = found.certificate;
    assert_eq!((said.weight, said.weight_bound, said.trained), (4, 4, 4));
    // A hundredth of a degree is 1,501 m; four people, there and back, on two days.
    assert_eq!(said.travel_m, 4 * 2 * 2 * 1_501);
    assert!(said.travel_m - said.travel_bound_m <= 4 * 2, "{said:?}");
    assert_eq!((said.courses, said.courses_bound, said.courses_bound_there), (4, 4, 4));
}

#[test]
fn whoever_is_not_trained_is_named_with_the_reason() {
    let near = seeker(1, 0, &[1, 2], 1);
    let all = [1, 2, 3, 4, 6, 7, 8];
    let room = || venue(0, 1, (1, 4), &[3]);
    let nobody = |mut one: Seeker| {
        one.place = None;
        one
    };
    let cases: Vec<(&str, Seeker, Venue, Trainer, Reason)> = vec![
        ("place", nobody(near.clone()), room(), trainer(0, 0, &all), Reason::NoPlace),
        ("far", seeker(1, 90, &[1], 1), room(), trainer(0, 0, &all), Reason::TooFar),
        ("long", seeker(1, 0, &[12], 1), room(), trainer(0, 0, &[12]), Reason::NoDays),
        ("days", seeker(1, 0, &[1, 2, 3], 1), room(), trainer(0, 0, &all), Reason::NoDays),
        ("late", near.clone(), venue(0, 1, (1, 4), &[10, 11]), trainer(0, 0, &all), Reason::NoDays),
        ("early", near.clone(), venue(0, 1, (1, 4), &[-1]), trainer(0, 0, &all), Reason::NoDays),
        ("skill", near.clone(), room(), trainer(0, 0, &[1]), Reason::NoTrainer { module: 2 }),
        (
            "woman",
            seeker(1, 0, &[4], 1),
            room(),
            trainer(0, 0, &[4]),
            Reason::NoTrainer { module: 4 },
        ),
        (
            "trainer far",
            near.clone(),
            room(),
            trainer(0, 200, &all),
            Reason::NoTrainer { module: 1 },
        ),
        ("small", near.clone(), venue(0, 1, (0, 4), &[3]), trainer(0, 0, &all), Reason::Full),
    ];
    for (name, seeker, venue, trainer, reason) in cases {
        let input = input(vec![seeker], vec![venue], vec![trainer]);
        let found = plan(&input, 1, &mut go_on).unwrap();
        assert_eq!(found.untrained, [(0, reason)], "{name}");
        assert_eq!(audit(&input, &found), vec![], "{name}");
    }
}

#[test]
fn the_last_seat_is_for_the_most_sensitive_station_and_the_other_is_told_that_it_is_full() {
    let seekers = vec![seeker(1, 0, &[1], 1), seeker(2, 0, &[1], 4), seeker(3, 0, &[1], 2)];
    let input = input(seekers, vec![venue(0, 1, (1, 2), &[3])], vec![trainer(0, 0, &[1])]);
    let found = plan(&input, 1, &mut go_on).unwrap();
    assert_eq!(found.untrained, [(0, Reason::Full), (2, Reason::Full)]);
    assert_eq!((found.certificate.weight, found.certificate.weight_bound), (4, 4));
}

#[test]
fn one_trainer_for_two_rooms_is_told_apart_from_full_rooms() {
    let seekers = vec![seeker(1, 0, &[1], 4), seeker(2, 100, &[1], 1)];
    let venues = vec![venue(0, 0, (1, 2), &[3]), venue(1, 100, (1, 2), &[3])];
    let mut input = input(seekers, venues, vec![trainer(0, 50, &[1])]);
    input.rules.reach_m = 10_000;
    let found = plan(&input, 1, &mut go_on).unwrap();
    assert_eq!(found.untrained, [(1, Reason::TrainersBusy)]);
    assert_eq!(found.certificate.weight, 4);
}

#[test]
fn nobody_sits_in_his_own_course_and_women_sit_apart_under_a_woman() {
    let mut seekers = vec![seeker(1, 0, &[1], 1), seeker(2, 0, &[1, 4], 1)];
    seekers[1].woman = true;
    seekers.push(Seeker { number: number("T-0".to_owned()), ..seeker(3, 0, &[1], 1) });
    let mut woman = trainer(1, 0, &[1, 4]);
    woman.woman = true;
    let trainers = vec![trainer(0, 0, &[1]), woman];
    let input = input(seekers, vec![venue(0, 1, (9, 6), &[3, 4])], trainers);
    let found = plan(&input, 1, &mut go_on).unwrap();
    assert_eq!((audit(&input, &found), found.untrained.len()), (vec![], 0));
    let of = |person: u32| -> Vec<(u8, u32)> {
        let his = found.courses.iter().filter(|one| one.people.contains(&person));
        his.map(|one| (one.module, one.trainer)).collect()
    };
    assert_eq!(of(2), [(1, 1)], "the trainer is trained by the other");
    assert!(of(1).contains(&(4, 1)));
    let mixed = found.courses.iter().any(|one| one.people.contains(&1) && one.people.contains(&0));
    assert!(!mixed);
}

#[test]
fn what_cannot_be_is_refused_before_anything_is_planned() {
    let good = || {
        input(
            vec![seeker(1, 0, &[1], 1)],
            vec![venue(0, 1, (1, 2), &[3])],
            vec![trainer(0, 0, &[1])],
        )
    };
    let told = |change: &dyn Fn(&mut Input)| {
        let mut bent = good();
        change(&mut bent);
        plan(&bent, 1, &mut go_on).unwrap_err().to_string()
    };
    let twice = |bent: &mut Input| bent.seekers.push(seeker(1, 0, &[2], 1));
    assert_eq!(told(&twice), "service number B-0001 stands in the list twice");
    assert_eq!(
        told(&|bent| bent.venues.push(venue(0, 1, (1, 2), &[3]))),
        "two venues are called V-0"
    );
    assert_eq!(
        told(&|bent| bent.trainers.push(trainer(0, 0, &[]))),
        "trainer T-0 stands in the list twice"
    );
    assert!(told(&|bent| bent.election = Date(0)).contains("is not before the election"));
    assert!(told(&|bent| bent.election = Date(401)).contains("more than 400 days before it"));
    let unknown = told(&|bent| bent.modules.truncate(0));
    assert_eq!(unknown, "the table of modules does not hold M1, which somebody lacks");
    let stopped = plan(&good(), 1, &mut |_| ControlFlow::Break(()));
    assert!(matches!(stopped, Err(TrainingError::Cancelled(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]
    #[test]
    fn every_timetable_keeps_every_rule_and_names_whoever_it_leaves(seed in any::<u64>()) {
        let input = imagined(seed, 260);
        let found = plan(&input, 1, &mut go_on).unwrap();
        prop_assert_eq!(audit(&input, &found), vec![]);
        let areas = by_area(&input, &found);
        let (people, trained) =
            areas.values().fold((0, 0), |sum, one| (sum.0 + one.people, sum.1 + one.trained));
        prop_assert_eq!((people, trained), (found.certificate.people, found.certificate.trained));
        for line in areas.values() {
            prop_assert_eq!(line.by(Date(29)), line.trained);
            prop_assert!(line.by(Date(10)) <= line.by(Date(11)));
        }
    }

    #[test]
    fn the_order_of_the_lists_and_the_number_of_threads_change_nothing(seed in any::<u64>()) {
        let mut input = imagined(seed, 120);
        // Two provinces.
        for (at, one) in input.seekers.iter_mut().enumerate().filter(|(at, _)| at % 3 == 0) {
            if let Some((area, _)) = &mut one.place {
                *area = AreaId::try_new(["pk/punjab/lahore", "pk/balochistan/hub"][at % 2]).unwrap();
            }
        }
        if let Some(venue) = input.venues.first_mut() {
            venue.district = AreaId::try_new("pk/punjab/lahore").unwrap();
        }
        let one = plan(&input, 1, &mut go_on).unwrap();
        prop_assert_eq!(&plan(&input, 7, &mut go_on).unwrap(), &one);
        prop_assert_eq!(audit(&input, &one), vec![]);
    }
}
