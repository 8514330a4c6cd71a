//! Figures that are known before: airtime (DOMAIN §3(f)), the replay of 2024, published marginals, and one day's trace.
#![expect(clippy::wildcard_enum_match_arm, reason = "a test looks for one kind of happening")]

use super::{begun, ground, usual, whole};
use crate::day::{
    Between, Cause, Code, Day, Happening, Parameters, Path, Place, Second, Service, Trouble, What,
    plan::Plan, scenario::replay,
};
use std::{collections::BTreeSet, sync::Arc};

/// When the first and the last of a check-in arrived, in seconds from its planned time.
fn arrivals(all: &[Happening], wanted: Code, planned: Second) -> (i32, i32, usize) {
    let times: Vec<i32> = all
        .iter()
        .filter(|it| matches!(it.what, What::CheckInDelivered { code, .. } if code == wanted))
        .map(|it| it.at.since(planned))
        .collect();
    (*times.first().unwrap(), *times.last().unwrap(), times.len())
}

fn one_evening(plan: Plan) -> Vec<Happening> {
    let mut scenario = ground::quiet(1);
    // Couriers and cars stay at home: the air alone is measured.
    scenario.until = Second::on(0, 1, 0);
    // One convoy for all stations is on its way for minutes, so that the evening's air is free.
    scenario.parameters.handover_s = 0;
    whole(&mut Day::new(Arc::new(plan), scenario).unwrap())
}

#[test]
fn six_hundred_and_thirty_stations_on_one_channel_need_105_minutes() {
    let all = one_evening(ground::on_the_air(630, 630, 10));
    let (first, last, count) = arrivals(&all, Code::NIGHT, Second::on(-1, 21, 0));
    assert_eq!((first, last, count), (10, 105 * 60, 630));
}

#[test]
fn through_53_sectors_the_same_round_needs_13_minutes_of_the_district() {
    let all = one_evening(ground::on_the_air(636, 12, 15));
    let (first, last, count) = arrivals(&all, Code::NIGHT, Second::on(-1, 21, 0));
    // Twelve stations speak to their sector at once in all sectors; then the sectors speak one after the other.
    let sector_round = 12 * 15;
    assert_eq!(count, 636);
    assert_eq!(first, sector_round + 15);
    assert_eq!(last - sector_round, 53 * 15);
    assert_eq!((last - sector_round) / 60, 13);
}

fn replayed() -> (Arc<Plan>, Vec<Happening>, replay::Replay) {
    let cases = replay::cases(replay::REPLAY_CSV).unwrap();
    let wanted: BTreeSet<String> =
        cases.iter().map(|it| pehra_domain::area::slug(&it.district)).collect();
    let plan = Arc::new(ground::plan(&|area| wanted.contains(area.name())));
    let replay = replay::replay(&plan, 1, Parameters::shipped().unwrap()).unwrap();
    let mut day = Day::new(Arc::clone(&plan), replay.scenario.clone()).unwrap();
    let all = whole(&mut day);
    assert!(day.census().balances());
    (plan, all, replay)
}

#[test]
fn at_a_repoll_a_station_nearby_stands_for_one_that_is_not_among_those_that_vote() {
    let of = |district: &str| {
        let plan = ground::plan(&|area| area.name() == district);
        let found = replay::replay(&plan, 1, Parameters::shipped().unwrap()).unwrap();
        let again = found.scenario.script.iter().any(|it| it.name == "RC29");
        (again, found.unplaced.contains(&"RC16".to_owned()))
    };
    // Kot Azam lies in Tank, near Dera Ismail Khan, and far from Quetta.
    assert_eq!(of("tank"), (true, false));
    assert_eq!(of("dera-ismail-khan"), (true, true));
    assert_eq!(of("quetta"), (false, true));
}

#[test]
fn the_29_cases_of_2024_happen_again() {
    let (plan, all, replay) = replayed();
    assert_eq!(replay.unplaced, Vec::<String>::new());
    // 29 less the suspension, its end, and the officer who cannot act and the doors that stay shut.
    let occurred = all.iter().filter(|it| matches!(it.what, What::IncidentOccurred { .. }));
    assert_eq!(occurred.count(), 25);
    let burnt: Vec<u32> = all
        .iter()
        .filter_map(|it| match it.what {
            What::Destroyed { station, .. } if it.at > Second::on(1, 0, 0) => Some(station),
            _ => None,
        })
        .collect();
    assert_eq!(burnt.len(), 26, "NA-88");
    let seat = |at: u32| plan.stations[at as usize].constituency.as_str();
    assert!(burnt.iter().all(|&at| seat(at) == "NA-88"));
    let kohat = all
        .iter()
        .filter(|it| matches!(it.what, What::Destroyed { .. }) && it.at < Second::on(1, 0, 0));
    assert_eq!(kohat.count(), 15, "PK-90");
    assert_eq!(all.iter().filter(|it| matches!(it.what, What::Snatched { .. })).count(), 2);
    let tank: Vec<(Second, Trouble, Place)> = all
        .iter()
        .filter_map(|it| match it.what {
            What::IncidentOccurred { trouble, place: place @ Place::Station(at), .. }
                if plan.districts[plan.stations[at as usize].district as usize].area.name()
                    == "tank" =>
            {
                Some((it.at, trouble, place))
            }
            _ => None,
        })
        .collect();
    assert_eq!(tank.len(), 2, "Kot Azam at the poll and at the repoll");
    assert_eq!((tank[0].0, tank[0].1), (Second::on(0, 9, 30), Trouble::ArmCon));
    assert_eq!((tank[1].0, tank[1].1), (Second::on(11, 11, 0), Trouble::ArmPst));
    assert_eq!(tank[0].2, tank[1].2, "the same place");
}

#[test]
fn the_toll_of_pishin_is_revised_from_12_to_14_to_16() {
    let (plan, all, _) = replayed();
    let pishin = plan.districts.iter().position(|it| it.area.name() == "pishin").unwrap();
    let said: Vec<Between> = all
        .iter()
        .filter(|it| it.district == u32::try_from(pishin).ok())
        .filter_map(|it| match it.what {
            What::TollStated { killed, .. } => Some(killed),
            _ => None,
        })
        .collect();
    assert_eq!(
        said,
        [
            Between { low: 12, high: 12 },
            Between { low: 14, high: 14 },
            Between { low: 16, high: 18 }
        ]
    );
}

#[test]
fn service_comes_back_at_eight_in_the_evening_in_some_places_and_a_day_later_in_the_others() {
    let (plan, all, _) = replayed();
    for (at, district) in plan.districts.iter().enumerate() {
        let back: Vec<Second> = all
            .iter()
            .filter(|it| {
                matches!(it.what, What::ServiceRestored { district, service: Service::Voice }
                    if district as usize == at)
            })
            .map(|it| it.at)
            .collect();
        let early = ["sibi", "ghotki", "hyderabad"].contains(&district.area.name());
        let wanted = if early { Second::on(0, 20, 0) } else { Second::on(1, 5, 39) };
        assert_eq!(back, [wanted], "{}", district.area);
    }
}

#[test]
fn na_220_hands_nothing_out_until_the_morning_and_opens_late() {
    let (plan, all, _) = replayed();
    let seat = |at: u32| plan.stations[at as usize].constituency.as_str() == "NA-220";
    let issued = all.iter().filter(
        |it| matches!(it.what, What::CheckInMade { station, code: Code::BAG, .. } if seat(station)),
    );
    assert!(issued.clone().count() > 100);
    assert!(issued.clone().all(|it| it.at >= Second::on(0, 8, 30)));
    let late = all.iter().filter(|it| {
        matches!(it.what, What::OpeningDelayed { station, cause: Cause::Material, .. } if seat(station))
    });
    assert_eq!(late.count(), issued.count());
}

#[test]
fn published_marginals_are_met_over_many_days() {
    // The whole nation's attacks without its stations' day: fates alone.
    let plan = ground::few();
    let days = 40;
    let (mut attacks, mut killed, mut injured) = (0_u32, 0_u32, 0_u32);
    let (mut opened, mut on_time) = (0_u32, 0_u32);
    for seed in 0..days {
        let mut scenario = usual(seed);
        scenario.until = Second::on(1, 0, 0);
        let mut day = Day::new(Arc::clone(&plan), scenario).unwrap();
        day.advance(Second::on(1, 0, 0), &mut |it| match it.what {
            What::IncidentOccurred { trouble, killed: k, injured: i, .. }
                if trouble.is_attack() && it.at >= Second(0) =>
            {
                attacks += 1;
                killed += k;
                injured += i;
            }
            What::Opened { late_s, .. } => {
                opened += 1;
                on_time += u32::from(late_s <= 900);
            }
            _ => {}
        });
    }
    let days = u32::try_from(days).unwrap();
    // 51 attacks, 12 killed, 39 hurt on 8 February 2024 (ISPR); the mean of forty days within four deviations.
    assert!((45..=57).contains(&(attacks / days)), "{attacks} attacks in {days} days");
    assert!((7..=17).contains(&(killed / days)), "{killed} killed");
    assert!((29..=49).contains(&(injured / days)), "{injured} hurt");
    let share = on_time * 1_000 / opened;
    assert!((940..=990).contains(&share), "{share} thousandths open by 08:15");
}

#[test]
fn one_small_day_leaves_the_same_trace_as_ever() {
    let mut day = begun(usual(2_024));
    whole(&mut day);
    let trace: String = day.trace().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        (day.count(), trace.as_str()),
        (76_955, "2ec3387f9366ea873a5c26fb52b1bb48100ba97ba0e7597f805d5efc2ca714fb"),
        "if the change is meant: say in the commit what of the day has changed, and take the new trace"
    );
}

#[test]
fn every_figure_of_the_table_is_read_by_the_day() {
    // A figure that nothing reads would be a promise without a part.
    let mut unread = Vec::new();
    let sources = [
        include_str!("../fate.rs"),
        include_str!("../district/eve.rs"),
        include_str!("../district/message.rs"),
        include_str!("../district/poll.rs"),
        include_str!("../district/queue.rs"),
        include_str!("../district/service.rs"),
        include_str!("../district/thing.rs"),
        include_str!("../district/trouble.rs"),
    ];
    Parameters::shipped().unwrap().each(&mut |key, _| {
        let named = [format!("figures.{key}"), format!("parameters.{key}")];
        if !sources.iter().any(|text| named.iter().any(|name| text.contains(name))) {
            unread.push(key);
        }
    });
    assert_eq!(unread, Vec::<&str>::new());
}

#[test]
fn officers_are_at_their_stations_on_the_eve() {
    let all = whole(&mut begun(usual(3)));
    let arrived = all.iter().filter(|it| matches!(it.what, What::OfficerArrived { .. }));
    let in_time = arrived.clone().filter(|it| it.at < Second::on(-1, 21, 0)).count();
    let stations = arrived.count();
    assert!(in_time * 1_000 >= stations * 990, "{in_time}");
    let night = all.iter().filter(|it| {
        matches!(it.what, What::CheckInDelivered { code: Code::NIGHT, .. })
            && it.at < Second::on(-1, 22, 0)
    });
    assert!(night.count() * 1_000 >= stations * 970);
}

#[test]
fn what_cannot_be_sent_comes_with_the_bag() {
    let all = whole(&mut begun(usual(3)));
    let by_hand = all.iter().filter(|it| {
        matches!(it.what, What::CheckInDelivered { path: Path::ByHand, .. })
            && it.at > Second::on(0, 17, 0)
    });
    assert!(by_hand.count() > 0);
}
