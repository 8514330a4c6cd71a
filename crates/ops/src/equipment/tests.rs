use super::{alarm::Cause, cover::Norm, health::Uptime, *};
use crate::{
    Command as Any, Noun, Refusal, RefusalCode, State,
    testing::{apply, context, early, east, hash, kit::*, late, machine, opened, station},
};
use pehra_domain::risk::RiskClass;
use proptest::prelude::*;

const MINUTE_MS: i64 = 60_000;

fn after(minutes: i64) -> UnixMs {
    UnixMs(early().0 - 6 * 60 * MINUTE_MS + minutes * MINUTE_MS)
}

fn listed(count: u8) -> State {
    let mut state = opened();
    let items = (0..count).map(|number| listing(number, Kind::Camera)).collect();
    machine::must(&mut state, 1, 1, &list(after(0), items));
    state
}

/// Cameras that stand at a station each and passed their test.
fn working(count: u8) -> State {
    let mut state = listed(count);
    for number in 0..count {
        machine::must(&mut state, 1, 1, &install(after(1), number, number));
        machine::must(&mut state, 1, 1, &test(after(2), number, true));
    }
    state
}

fn record(state: &State, number: u8) -> Record {
    state.equipment.get(&east(), &kit(number)).unwrap().clone()
}

fn refused(state: &State, person: u8, command: &Any) -> RefusalCode {
    apply(&mut state.clone(), &context(person, "DEVICE", early()), 7, command).unwrap_err().code
}

fn next_minute(state: &State) -> UnixMs {
    let record = state.equipment.get(&east(), &kit(0));
    let last = record.and_then(|record| record.claims().last()).map(|claim| claim.at);
    UnixMs(last.map_or(after(0).0, |at| at.0 + MINUTE_MS))
}

#[test]
fn the_diagram_shows_what_the_code_does() {
    let life = |state: &State| {
        let at = next_minute(state);
        vec![
            machine::offer("list", 1, list(at, vec![listing(0, Kind::Camera)])),
            machine::offer("install", 1, install(at, 0, 1)),
            machine::offer("pass the test", 1, test(at, 0, true)),
            machine::offer("fail the test", 1, test(at, 0, false)),
            machine::offer("report a fault", 1, fault(at, 0)),
            machine::offer("repair", 1, repair(at, 0)),
            machine::offer("withdraw", 1, withdraw(at, 0)),
        ]
    };
    let life_phase = |state: &State, _| {
        let record = state.equipment.get(&east(), &kit(0));
        format!("{:?}", record.map_or(Phase::Unknown, Record::phase))
    };
    let mask = |state: &State| match state.equipment.masks().next() {
        None => vec![machine::offer("draw", 1, draw(0))],
        Some((at, ..)) => vec![machine::offer("confirm", 2, confirm(at))],
    };
    let mask_phase = |state: &State, _| {
        let first = state.equipment.masks().next();
        format!("{:?}", first.map_or(MaskPhase::Unknown, |(at, ..)| state.equipment.mask_phase(at)))
    };
    let tasks = |state: &State| match state.equipment.tasks().next() {
        None => vec![machine::offer("give", 1, task(0, UnixMs(early().0 + MINUTE_MS)))],
        Some((task, ..)) => {
            let close = Command::CloseTask { task, note: String::new() };
            vec![machine::offer("close", 1, Any::Equipment(close))]
        }
    };
    let task_phase = |state: &State, moment| {
        let first = state.equipment.tasks().next();
        let phase = first.map(|(at, ..)| state.equipment.task_phase(at, moment));
        format!("{:?}", phase.unwrap_or(TaskPhase::Unknown))
    };
    let exports = |state: &State| match state.equipment.exports().next() {
        None => vec![machine::offer("order", 1, export(&[3]))],
        Some((export, _)) => {
            let approve = Command::ApproveExport { export };
            vec![machine::offer("approve", 2, Any::Equipment(approve))]
        }
    };
    let export_phase = |state: &State, _| {
        let first = state.equipment.exports().next();
        let phase = first.map(|(at, _)| state.equipment.export_phase(at));
        format!("{:?}", phase.unwrap_or(ExportPhase::Unknown))
    };
    let mut kept = working(1);
    let drawn = machine::must(&mut kept, 1, 1, &draw(0));
    machine::must(&mut kept, 2, 2, &confirm(drawn));
    machine::must(&mut kept, 1, 1, &keep(drawn, 3, after(5)));
    machine::assert_drawn(
        Noun::Equipment,
        &[
            machine::Machine { start: opened(), offers: life, phase: life_phase },
            machine::Machine { start: listed(1), offers: mask, phase: mask_phase },
            machine::Machine { start: listed(1), offers: tasks, phase: task_phase },
            machine::Machine { start: kept, offers: exports, phase: export_phase },
        ],
    );
}

#[test]
fn the_latest_moment_counts_and_what_comes_late_changes_no_phase() {
    let mut state = working(1);
    machine::must(&mut state, 1, 1, &fault(after(10), 0));
    machine::must(&mut state, 1, 2, &repair(after(20), 0));
    machine::must(&mut state, 1, 3, &test(after(30), 0, true));
    machine::must(&mut state, 1, 4, &fault(after(15), 0));
    assert_eq!(record(&state, 0).phase(), Phase::Working);
    assert_eq!(record(&state, 0).claims().len(), 7);
}

#[test]
fn two_words_of_one_moment_are_in_dispute_until_a_later_one() {
    let mut state = working(1);
    machine::must(&mut state, 1, 2, &test(after(10), 0, true));
    machine::must(&mut state, 2, 3, &test(after(10), 0, false));
    assert_eq!(record(&state, 0).phase(), Phase::Disputed);
    let sides = &state.conflicts()[0].sides;
    assert_eq!(sides.iter().map(|side| side.word).collect::<Vec<_>>(), ["passed", "failed"]);
    machine::must(&mut state, 1, 2, &fault(after(11), 0));
    assert_eq!((record(&state, 0).phase(), state.conflicts().len()), (Phase::Faulty, 0));
}

#[test]
fn what_makes_no_sense_is_refused_with_its_reason() {
    let mut state = working(2);
    assert_eq!(refused(&state, 1, &test(after(9), 5, true)), RefusalCode::EquipmentUnknown);
    assert_eq!(refused(&state, 1, &repair(after(9), 0)), RefusalCode::EquipmentStateForbids);
    machine::must(&mut state, 1, 1, &withdraw(after(8), 0));
    for command in [install(after(9), 0, 1), test(after(9), 0, true), fault(after(9), 0), draw(0)] {
        assert_eq!(refused(&state, 1, &command), RefusalCode::EquipmentStateForbids);
    }
    let twice = vec![listing(9, Kind::Radio), listing(9, Kind::Radio)];
    assert_eq!(refused(&state, 1, &list(after(9), twice)), RefusalCode::EquipmentItems);
    let ahead = UnixMs(late().0 + 86_400_000);
    assert_eq!(refused(&state, 1, &fault(ahead, 1)), RefusalCode::TimeAhead);
    let backward = observe(after(9), after(8), &[]);
    assert_eq!(refused(&state, 1, &backward), RefusalCode::WindowBackward);
    assert_eq!(refused(&state, 1, &task(1, early())), RefusalCode::ExpiryInPast);
    let named = Any::Equipment(Command::Fault {
        area: east(),
        at: after(9),
        equipment: kit(1),
        note: "42101-1234567-1 broke it".to_owned(),
    });
    assert_eq!(refused(&state, 1, &named), RefusalCode::IdentityNumber);
}

#[test]
fn counts_that_contradict_themselves_are_refused() {
    let state = working(1);
    let counted = |attempts, verified, failed| {
        let tally = Tally { attempts, verified, failed, ..Tally::default() };
        let items = vec![Count { equipment: kit(0), at: after(9), tally }];
        apply(
            &mut state.clone(),
            &context(1, "PO", early()),
            7,
            &Any::Equipment(Command::Count { area: east(), items }),
        )
        .map(|entries| entries.len())
        .map_err(|Refusal { code, .. }| code)
    };
    assert_eq!(counted(212, 190, 22), Ok(1));
    assert_eq!(counted(212, 190, 23), Err(RefusalCode::CountsContradict));
    assert_eq!(counted(u32::MAX, u32::MAX, u32::MAX), Err(RefusalCode::CountsContradict));
}

#[test]
fn a_mask_lies_in_the_picture_and_is_confirmed_by_somebody_else() {
    let mut state = working(1);
    let bent = |polygons| {
        let mask = Mask { polygons, ..mask(0) };
        refused(&state, 1, &Any::Equipment(Command::DrawMask { area: east(), mask }))
    };
    let corner = |x, y| Corner { x, y };
    assert_eq!(bent(vec![]), RefusalCode::MaskMalformed);
    assert_eq!(bent(vec![vec![corner(0, 0), corner(9, 9)]]), RefusalCode::MaskMalformed);
    let outside = vec![corner(0, 0), corner(1_001, 0), corner(0, 9)];
    assert_eq!(bent(vec![outside]), RefusalCode::MaskMalformed);
    let drawn = machine::must(&mut state, 1, 1, &draw(0));
    assert_eq!(refused(&state, 1, &confirm(drawn)), RefusalCode::SamePersonTwice);
    assert_eq!(refused(&state, 1, &keep(drawn, 3, after(5))), RefusalCode::MaskUnconfirmed);
    assert_eq!(state.equipment.mask_in_force(&east(), &kit(0)), None);
    machine::must(&mut state, 2, 2, &confirm(drawn));
    assert_eq!(state.equipment.mask_in_force(&east(), &kit(0)).unwrap().0, drawn);
}

#[test]
fn a_camera_that_looks_elsewhere_is_not_looked_at_until_its_mask_is_drawn_anew() {
    let mut state = working(1);
    let drawn = machine::must(&mut state, 1, 1, &draw(0));
    machine::must(&mut state, 2, 2, &confirm(drawn));
    let moved = UnixMs(early().0 + 1);
    let who = context(1, "DEVICE", late());
    let seen = observe(early(), moved, &[(0, moved, Health::Moved)]);
    apply(&mut state, &who, 1, &seen).unwrap();
    assert_eq!(state.equipment.mask_in_force(&east(), &kit(0)), None);
    apply(&mut state, &who, 1, &draw(0)).unwrap();
    assert_eq!(state.equipment.mask_in_force(&east(), &kit(0)), None, "one person's word");
    let (again, ..) = state.equipment.masks().last().unwrap();
    apply(&mut state, &context(2, "RO", late()), 2, &confirm(again)).unwrap();
    assert_eq!(state.equipment.mask_in_force(&east(), &kit(0)).unwrap().0, again);
}

#[test]
fn pictures_leave_the_house_by_two_persons_and_only_those_that_were_kept() {
    let mut state = working(1);
    let drawn = machine::must(&mut state, 1, 1, &draw(0));
    machine::must(&mut state, 2, 2, &confirm(drawn));
    machine::must(&mut state, 1, 1, &keep(drawn, 3, after(5)));
    assert_eq!(refused(&state, 1, &export(&[3, 4])), RefusalCode::FrameUnknown);
    let order = machine::must(&mut state, 1, 1, &export(&[3]));
    let approve = Any::Equipment(Command::ApproveExport { export: order });
    assert_eq!(refused(&state, 1, &approve), RefusalCode::SamePersonTwice);
    machine::must(&mut state, 2, 2, &approve);
    assert_eq!(state.equipment.export_phase(order), ExportPhase::Approved);
    assert_eq!(state.equipment.area_of_frame(hash(3)), Some(&east()));
}

#[test]
fn health_is_computed_from_what_was_heard_last() {
    let now = after(60);
    let ago = |seconds: i64| Some(UnixMs(now.0 - seconds * 1_000));
    for (kind, heard, expected) in [
        (Kind::Camera, None, None),
        (Kind::Camera, ago(180), Some(Health::Live)),
        (Kind::Camera, ago(181), Some(Health::Silent)),
        (Kind::Generator, ago(900), Some(Health::Live)),
        (Kind::Generator, ago(901), Some(Health::Silent)),
        (Kind::Radio, ago(6 * 3_600), Some(Health::Live)),
    ] {
        assert_eq!(health::of(kind, heard, Health::Live, now), expected, "{kind:?} {heard:?}");
    }
    let frozen = health::of(Kind::Camera, ago(5), Health::Frozen, now);
    assert_eq!(frozen, Some(Health::Frozen));
}

#[test]
fn up_is_only_what_somebody_saw_while_listening() {
    let mut state = working(1);
    machine::must(
        &mut state,
        1,
        1,
        &observe(after(10), after(40), &[(0, after(10), Health::Live)]),
    );
    machine::must(
        &mut state,
        1,
        1,
        &observe(after(35), after(70), &[(0, after(50), Health::Silent)]),
    );
    let kit_of_area = state.equipment.area(&east()).unwrap();
    let minutes =
        |uptime: Uptime| [uptime.due_ms, uptime.up_ms, uptime.unseen_ms].map(|ms| ms / MINUTE_MS);
    let seen = kit_of_area.uptime(&kit(0), after(0), after(100));
    assert_eq!(minutes(seen), [100, 40, 40], "10 to 50 up, 50 to 70 silent, the rest unseen");
    assert_eq!(seen.per_mille(), Some(400));
    let never = kit_of_area.uptime(&kit(9), after(0), after(100));
    assert_eq!(minutes(never), [100, 0, 100]);
}

/// `count` cameras at stations of one area; which are lost, since which minute.
fn alarms_of(state: &State, lost: &[(u8, i64)], class: RiskClass) -> Vec<alarm::Alarm> {
    let mut state = state.clone();
    let kit_of_area = state.equipment.area(&east()).unwrap();
    let count = kit_of_area.items().count();
    let mut changes: Vec<(u8, UnixMs, Health)> =
        (0..u8::try_from(count).unwrap()).map(|n| (n, after(5), Health::Live)).collect();
    changes.extend(lost.iter().map(|(n, minute)| (*n, after(*minute), Health::Silent)));
    machine::must(&mut state, 1, 1, &observe(after(5), after(60), &changes));
    let kit_of_area = state.equipment.area(&east()).unwrap();
    let watched: Vec<_> = kit_of_area
        .items()
        .map(|(equipment, record)| alarm::Watched {
            equipment,
            record,
            class: Some(class),
            health: record.sight().map(|sight| (sight.health, sight.at)),
        })
        .collect();
    alarm::alarms(&east(), &watched)
}

#[test]
fn one_power_cut_is_one_alarm_with_a_count() {
    let state = working(40);
    let lost: Vec<(u8, i64)> = (0..40).map(|n| (n, 30 + i64::from(n % 4))).collect();
    let all = alarms_of(&state, &lost, RiskClass::Normal);
    assert_eq!(all.len(), 1, "{all:?}");
    let one = &all[0];
    assert_eq!((one.id.as_str(), one.cause), ("feeder@Gulshan 4", Cause::Feeder));
    assert_eq!((one.count, one.of, one.severity, one.since), (40, 40, 2, after(30)));
    let most = alarms_of(&state, &lost, RiskClass::Most);
    assert_eq!((most[0].severity, most[0].named.len()), (3, 40));
}

#[test]
fn what_goes_at_other_times_or_is_few_stands_alone() {
    let state = working(10);
    let apart: Vec<(u8, i64)> = vec![(0, 6), (1, 25), (2, 45)];
    let all = alarms_of(&state, &apart, RiskClass::Normal);
    assert!(all.iter().all(|one| one.cause == Cause::Single && one.count == 1), "{all:?}");
    assert_eq!(all.len(), 3);
    let few: Vec<(u8, i64)> = vec![(0, 30), (1, 30)];
    assert_eq!(alarms_of(&state, &few, RiskClass::Normal).len(), 2);
    let tenth: Vec<(u8, i64)> = (0..4).map(|n| (n, 30)).collect();
    assert_eq!(alarms_of(&state, &tenth, RiskClass::Normal).len(), 4, "less than half a feeder");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_lost_is_forgotten_and_nothing_stands_in_two_alarms(
        lost in prop::collection::btree_map(0_u8..12, 6_i64..55, 0..12),
    ) {
        let lost: Vec<(u8, i64)> = lost.into_iter().collect();
        let all = alarms_of(&working(12), &lost, RiskClass::Normal);
        let mut members: Vec<EquipmentId> = all.iter().flat_map(|one| one.members.clone()).collect();
        members.sort();
        let mut expected: Vec<EquipmentId> = lost.iter().map(|(n, _)| kit(*n)).collect();
        expected.sort();
        prop_assert_eq!(members, expected);
        for one in &all {
            prop_assert!(one.count <= one.of && one.id.len() <= 64);
        }
    }
}

#[test]
fn a_station_is_covered_when_what_is_due_stands_there_and_serves() {
    let mut state = working(2);
    machine::must(&mut state, 1, 1, &install(after(3), 1, 9));
    machine::must(&mut state, 1, 1, &test(after(4), 1, true));
    let seen = [(0, after(10), Health::Live), (1, after(10), Health::Silent)];
    machine::must(&mut state, 1, 1, &observe(after(10), after(20), &seen));
    let stations = [(station(0), RiskClass::Most), (station(9), RiskClass::Most)];
    let sites =
        stations.iter().map(|(station, class)| cover::Site { station, class: *class, booths: 4 });
    let kit_of_area = state.equipment.area(&east()).unwrap();
    let norm = Norm { verification_per_booth: 1, ..Norm::default() };
    let all = cover::of(&norm, sites, kit_of_area.items());
    let cameras = &all[&Kind::Camera];
    assert_eq!((cameras.stations_due, cameras.stations_covered), (2, 1));
    assert_eq!(cameras.most_lacking, [station(9)]);
    assert_eq!((cameras.listed, cameras.serving), (2, 1));
    assert_eq!(all[&Kind::Verification].due, 8);
    assert_eq!(all[&Kind::Radio].due, 0);
}
