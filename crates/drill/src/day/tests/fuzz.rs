//! Scenarios nobody would think of: whatever passes the validator must run to its end with everything accounted for.

use super::{few, usual, whole};
use crate::day::{
    Cause, Channel, Cut, Day, Event, Place, Scenario, Scripted, Second, Service, Tamper, Trouble,
    Truth,
};
use pehra_domain::seed::Seed;
use proptest::prelude::*;

fn scenario(seed: u64) -> Scenario {
    let plan = few();
    let mut luck = Seed::new(seed);
    let mut scenario = usual(seed);
    let mut pick = |below: usize| u32::try_from(luck.below(below.max(1) as u64)).unwrap();
    let services = Service::ALL;
    for _ in 0..pick(4) {
        let area = &plan.districts[pick(plan.districts.len()) as usize].area;
        let from = Second(i32::try_from(pick(120_000)).unwrap() - 40_000);
        let mut cut = Cut::mobile(from, Some(from.plus(1 + i32::try_from(pick(50_000)).unwrap())));
        cut.services = vec![services[pick(services.len()) as usize]];
        cut.areas = vec![area.clone()];
        scenario.cuts.push(cut);
    }
    for number in 0..pick(12) {
        let at = Second(i32::try_from(pick(170_000)).unwrap() - 43_200);
        let station = pick(plan.stations.len() + 1);
        let event = match pick(11) {
            0 => Event::Burn { stations: vec![station, pick(plan.stations.len())] },
            1 => Event::Snatch { stations: vec![station] },
            2 => Event::BurnOffice { office: pick(plan.offices.len()), count: pick(60) },
            3 => {
                Event::OfficeParalysed { office: pick(plan.offices.len()), until: at.plus(20_000) }
            }
            4 => Event::NotOpen {
                stations: vec![station],
                cause: Cause::Staff,
                until: at.plus(i32::try_from(pick(30_000)).unwrap() - 10),
            },
            5 => Event::Tamper { station, how: Tamper::ALL[pick(5) as usize] },
            6 => Event::Halt {
                convoy: pick(plan.convoys.len()),
                cause: Cause::Road,
                seconds: i32::try_from(pick(40_000)).unwrap(),
            },
            7 => Event::Outage {
                district: pick(plan.districts.len()),
                service: services[pick(services.len()) as usize],
                seconds: i32::try_from(pick(40_000)).unwrap(),
            },
            8 => Event::GuardsLeave {
                building: pick(plan.buildings.len()),
                count: pick(9),
                cause: Cause::Fear,
            },
            9 => Event::Citizen {
                trouble: Trouble::ALL[pick(38) as usize],
                place: Place::Station(station),
                channel: Channel::ALL[pick(4) as usize],
                truth: Truth::Malicious,
            },
            _ => Event::Incident {
                trouble: Trouble::ALL[pick(38) as usize],
                severity: u8::try_from(pick(7)).unwrap(),
                place: if pick(2) == 0 {
                    Place::Convoy(pick(plan.convoys.len()))
                } else {
                    Place::Station(station)
                },
                killed: pick(8),
                injured: pick(30),
                statements: Vec::new(),
                stops_s: i32::try_from(pick(9_000)).unwrap(),
            },
        };
        scenario.script.push(Scripted { at, name: format!("F{number}"), event });
    }
    scenario
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn whatever_the_validator_lets_through_runs_and_balances(seed in any::<u64>()) {
        let scenario = scenario(seed);
        let reasons = scenario.check(&few());
        match Day::new(few(), scenario.clone()) {
            Ok(mut day) => {
                prop_assert!(reasons.is_empty());
                let mut noon = day.clone();
                noon.advance(Second::on(0, 12, 0), &mut |_| {});
                prop_assert!(noon.census().balances(), "{:?}", noon.census());
                let all = whole(&mut day);
                prop_assert!(day.census().balances(), "{:?}", day.census());
                prop_assert!(all.windows(2).all(|pair| pair[0].at <= pair[1].at));
            }
            Err(_) => prop_assert!(!reasons.is_empty()),
        }
    }
}
