//! A repoll: ordered by the commission's desk alone, planned and lived as a day of its own at the stations it names.

use crate::{
    drill::{attack_of, begin, options, until},
    house::House,
};
use pehra::{
    drill::{Closely, Options, Phase, Stage, repoll::Repoll},
    work,
};
use pehra_domain::{ConstituencyId, Date, StationId, poll::PollKey};
use pehra_drill::day::Second;
use pehra_ops::{custody, poll};
use std::ops::ControlFlow;

fn day() -> Date {
    Date::parse("2024-02-19").unwrap()
}

/// The school that is attacked at the poll votes again.
pub(crate) fn at_the_school() -> Repoll {
    Repoll {
        seat: ConstituencyId::try_new("NA-11").unwrap(),
        stations: vec![StationId::try_new("NA-11-2").unwrap()],
        ordered: Second::on(1, 11, 0),
        on: day(),
        instrument: String::new(),
    }
}

pub(crate) fn was_ordered_and_is_lived(house: &House) {
    let Repoll { seat, stations, .. } = at_the_school();
    let key = |date: Date| PollKey {
        constituency: seat.clone(),
        station: Some(stations[0].clone()),
        date,
    };
    house.node.ops(|state| {
        assert_eq!(state.polls.phase(&key(house.node.poll_date())), poll::Phase::Repeated);
        assert_eq!(state.polls.phase(&key(day())), poll::Phase::Scheduled);
        let (record, mark) = state.polls.get(&key(day())).unwrap();
        assert_eq!((mark.role.as_str(), mark.person.as_str()), ("ECP-NAT", "desk-commission"));
        assert_eq!(record.continues, Some(house.node.poll_date()));
        assert!(record.order.authority.contains("EXERCISE"), "{:?}", record.order);
    });
    let go_on = &mut |_| ControlFlow::Continue(());
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("again");
    let never = Date::parse("2024-02-20").unwrap();
    let refused = work::repoll::open(&house.node, never, &dir, go_on).err().unwrap().to_string();
    assert!(refused.contains("2024-02-19"), "names the days that are ordered: {refused}");
    let node = work::repoll::open(&house.node, day(), &dir, go_on).unwrap();
    assert_eq!((node.poll_date(), node.exercise()), (day(), Some("EX-TEST-1-R20240219")));
    let world = node.world();
    let table = world.stations.as_ref().unwrap();
    assert_eq!((table.stations.len(), table.buildings.len()), (1, 1), "those stations alone");
    let plan = world.general_plan().unwrap();
    assert!(!plan.plan.postings.is_empty(), "guards are posted there");

    let stage = Stage::default();
    let second = House::on(node);
    let lived = Options {
        events: vec![attack_of(Some("11:00"))],
        full: true,
        closely: Closely::Usual,
        days_after: 11,
        ..options()
    };
    let drill = begin(&second, &stage, &lived);
    until(&drill, "the repoll is over", |status| status.phase == Phase::Over);
    let status = drill.status();
    assert_eq!((status.refused, &status.first_refusal), (0, &None), "{status:?}");
    assert_eq!((status.tally.opened, status.tally.bags_received), (1, 1), "{status:?}");
    let opening = Second::on(0, 7, 0).unix_ms(day());
    second.node.ops(|state| {
        assert!(state.check_ins.count() > 10, "{}", state.check_ins.count());
        let attack = state.incidents.all().find(|(_, record)| {
            record.class().is_some_and(|(code, _)| code.name() == "ARM.PST")
        });
        let (report, _) = attack.unwrap().1.report().unwrap();
        assert!(report.at > opening, "on the day of the repoll");
        let bags = state.custody.areas().flat_map(|(area, place)| {
            let bags = place.items().filter(|(_, item)| item.kind == custody::Kind::Bag);
            bags.map(move |(id, _)| state.custody.hold(area, id))
        });
        let held: Vec<_> = bags.collect();
        let is_with_the_office = |hold: &Option<custody::Hold>| {
            matches!(hold, Some(custody::Hold::Held { role, .. }) if role.as_str() == "RO")
        };
        assert!(held.len() == 1 && held.iter().all(is_with_the_office), "{held:?}");
    });
    assert!(second.node.withheld().is_empty(), "{:?}", second.node.withheld());
    stage.clear();
    let again = work::repoll::open(&house.node, day(), &dir, &mut |_| ControlFlow::Continue(()));
    let again = again.err().unwrap().to_string();
    assert!(again.contains("is there already"), "{again}");
}
