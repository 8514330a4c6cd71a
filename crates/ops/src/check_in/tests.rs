use super::{
    alarm::{Watched, alarms},
    late::{Stage, standing},
    schedule::{Due, Schedule, ScheduleError},
    *,
};
use crate::{
    Command as Any, RefusalCode, State, authorise, decide,
    testing::{
        all_roles, apply, area, at, context, date, day, day::on_the_day, early, east, fold, late,
        machine, opened, rules, stamp, station,
    },
};
use pehra_domain::risk::RiskClass;

const HOURS: &str = include_str!("../../../../data/checkins.csv");
const AFTER: &str = include_str!("../../../../data/checkins_after.csv");

fn schedule() -> Schedule {
    Schedule::parse(HOURS, AFTER).unwrap()
}

fn when(minute: i64) -> UnixMs {
    on_the_day(minute)
}

/// A day in which so many check-ins were heard, each so many minutes after midnight.
fn heard(said: &[(Code, i64)]) -> State {
    let (mut state, who) = (opened(), context(1, "SECTOR", when(2_000)));
    for (code, minute) in said {
        apply(&mut state, &who, 1, &day::heard(vec![day::item(1, *code, when(*minute))])).unwrap();
    }
    state
}

fn stage(said: &[(Code, i64)], minute: i64) -> (Stage, Option<Code>) {
    let state = heard(said);
    let day = state.check_ins.area(&east()).and_then(|area| area.day(&day::subject(1)));
    let found = standing(&schedule(), date("2024-02-08"), day, 0, when(minute));
    (found.stage, found.missing)
}

/// Everything of the eve and the morning up to the opening.
const OPEN: [(Code, i64); 7] = [
    (Code::A1, -600),
    (Code::A2, -480),
    (Code::A3, -180),
    (Code::A4, 330),
    (Code::A5, 360),
    (Code::A6, 450),
    (Code::A7, 480),
];

#[test]
fn the_diagram_shows_what_the_code_does() {
    let offers = |state: &State| {
        let one = |code_word: Word, minute: i64| {
            let mut item = day::item(1, Code::A7, UnixMs(early().0 - minute * 60_000));
            item.word = code_word;
            day::heard(vec![item])
        };
        let latest = state.check_ins.area(&east()).and_then(|area| {
            area.day(&day::subject(1))?.standing().map(|claim| claim.entry).last()
        });
        let strike = Any::CheckIn(Command::Strike {
            entry: latest.unwrap_or(at(99, 1)),
            subject: day::subject(1),
            code: Code::A7,
            reason: "wrong station".to_owned(),
        });
        vec![
            machine::offer("well", 1, one(Word::Well, 9)),
            machine::offer("trouble", 1, one(Word::Trouble, 9)),
            machine::offer("well later", 1, one(Word::Well, 5)),
            machine::offer("trouble later", 1, one(Word::Trouble, 5)),
            machine::offer("strike", 1, strike),
        ]
    };
    let phase = |state: &State, _| {
        format!("{:?}", state.check_ins.phase(&east(), &day::subject(1), Code::A7))
    };
    machine::assert_drawn(Noun::CheckIn, &[machine::Machine { start: opened(), offers, phase }]);
}

#[test]
fn the_shipped_schedule_names_the_senders_that_the_code_knows() {
    let schedule = schedule();
    assert_eq!(schedule.rows().len(), 17);
    let on_the_day = schedule.rows().iter().filter(|row| row.code >= Code::A4).count();
    assert_eq!(on_the_day, 14, "14 on the day for 90,675 stations: 1.27 million");
    assert_eq!(schedule.row(Code::A7).unwrap().due, Due::At(480));
    assert_eq!(schedule.row(Code::A3).unwrap().due, Due::At(-180));
    assert_eq!(schedule.row(Code::A15).unwrap().due, Due::After(Code::A14, 60));
    let swapped = HOURS.replace("A3,-1,21:00,station guard", "A3,-1,21:00,sector");
    assert_eq!(Schedule::parse(&swapped, AFTER), Err(ScheduleError::Sender(4)));
    assert_eq!(Schedule::parse(HOURS, "h\nA2,A9,5"), Err(ScheduleError::After(2)));
    let short: Vec<&str> = HOURS.lines().take(9).collect();
    assert_eq!(Schedule::parse(&short.join("\n"), AFTER), Err(ScheduleError::Order(9)));
}

#[test]
fn a_silent_station_climbs_the_ladder_minute_by_minute() {
    for (minute, expected) in [
        (599, Stage::Heard),
        (600, Stage::Due),
        (614, Stage::Due),
        (615, Stage::Amber),
        (639, Stage::Amber),
        (640, Stage::Red),
        (659, Stage::Red),
        (660, Stage::District),
        (679, Stage::District),
        (680, Stage::Dark),
        (900, Stage::Dark),
    ] {
        let missing = (expected > Stage::Heard).then_some(Code::A8);
        assert_eq!(stage(&OPEN, minute), (expected, missing), "minute {minute}");
    }
}

#[test]
fn a_later_word_proves_life_but_not_the_opening() {
    let mut said = OPEN.to_vec();
    said.push((Code::A9, 722));
    assert_eq!(stage(&said, 730), (Stage::Heard, None), "A8 was missed and nobody is silent");
    // The opening was never said: asked for, up to red, and never dark while the guard is heard.
    let unopened: Vec<_> = said.iter().copied().filter(|(code, _)| *code != Code::A7).collect();
    assert_eq!(stage(&unopened, 730), (Stage::Red, Some(Code::A7)));
}

#[test]
fn what_follows_an_event_is_awaited_only_after_it() {
    let mut said = OPEN.to_vec();
    said.extend([(Code::A11, 960), (Code::A12, 1_020), (Code::A13, 1_080)]);
    assert_eq!(stage(&said, 1_259), (Stage::Heard, None));
    assert_eq!(stage(&said, 1_260 + 90), (Stage::Red, Some(Code::A14)));
    said.push((Code::A14, 1_300));
    said.push((Code::A15, 1_310));
    assert_eq!(stage(&said, 1_399), (Stage::Heard, None));
    assert_eq!(stage(&said, 1_400), (Stage::Amber, Some(Code::A16)), "at the planned percentile");
    let state = heard(&said);
    let day = state.check_ins.area(&east()).and_then(|area| area.day(&day::subject(1)));
    let far = standing(&schedule(), date("2024-02-08"), day, 45, when(1_400));
    assert_eq!(far.stage, Stage::Heard, "a longer road is awaited longer");
}

#[test]
fn one_entry_brings_many_and_one_message_on_two_rungs_is_one() {
    let (mut state, who) = (opened(), context(1, "SECTOR", late()));
    let items: Vec<Item> = (0..60).map(|number| day::item(number, Code::A8, early())).collect();
    let entries = apply(&mut state, &who, 1, &day::heard(items.clone())).unwrap();
    assert_eq!((entries.len(), state.check_ins.count()), (1, 60));
    let mut again = items;
    for item in &mut again {
        item.rung = Rung::Courier;
    }
    assert_eq!(apply(&mut state, &who, 2, &day::heard(again)).unwrap(), []);
    assert_eq!(state.check_ins.count(), 60);
}

#[test]
fn of_two_words_of_one_moment_the_graver_shows_and_a_correction_settles() {
    let (mut state, who) = (opened(), context(1, "SECTOR", late()));
    let well = day::item(1, Code::A7, early());
    let trouble = Item { word: Word::Trouble, ..well.clone() };
    let first = decide(&state, &who, &day::heard(vec![well])).unwrap();
    let second = decide(&state, &who, &day::heard(vec![trouble])).unwrap();
    fold(&mut state, &who, 1, first);
    fold(&mut state, &who, 2, second);
    assert_eq!(state.check_ins.phase(&east(), &day::subject(1), Code::A7), Phase::Disputed);
    assert_eq!(state.conflicts()[0].sides.len(), 2);
    let day = state.check_ins.area(&east()).unwrap().day(&day::subject(1)).unwrap();
    let Reading::Disputed(claim) = day.reading(Code::A7) else { panic!() };
    assert_eq!(claim.word, Word::Trouble);
    let strike = Command::Strike {
        entry: at(2, 1),
        subject: day::subject(1),
        code: Code::A7,
        reason: "meant the next station".to_owned(),
    };
    apply(&mut state, &who, 1, &Any::CheckIn(strike.clone())).unwrap();
    assert_eq!(state.check_ins.phase(&east(), &day::subject(1), Code::A7), Phase::Well);
    let twice = apply(&mut state, &who, 1, &Any::CheckIn(strike));
    assert_eq!(twice.unwrap_err().code, RefusalCode::CheckInUnknown);
}

#[test]
fn a_batch_that_makes_no_sense_is_refused_with_its_reason() {
    let who = context(1, "SECTOR", early());
    let refusal = |items| apply(&mut opened(), &who, 1, &day::heard(items)).unwrap_err().code;
    assert_eq!(refusal(Vec::new()), RefusalCode::CheckInsEmpty);
    let one = day::item(1, Code::A8, early());
    assert_eq!(refusal(vec![one.clone(), one.clone()]), RefusalCode::CheckInTwice);
    let ahead = Item { at: UnixMs(early().0 + 600_000), ..one.clone() };
    assert_eq!(refusal(vec![ahead]), RefusalCode::TimeAhead);
    let generated = StationId::try_new("SYN-1").unwrap();
    let mixed = Item { subject: Subject::Station(generated), ..one.clone() };
    assert_eq!(refusal(vec![mixed]), RefusalCode::NatureMixed);
    let many = (0..=ITEMS_MAX)
        .map(|number| Item { subject: Subject::Sector(format!("S-{number}")), ..one.clone() });
    assert_eq!(refusal(many.collect()), RefusalCode::CheckInsTooMany);
}

#[test]
fn in_ones_own_name_only_ones_own_check_ins_whatever_the_certificate_says() {
    let rules = rules();
    let standing = all_roles(&rules);
    let state = opened();
    let sent = |role: &str, code| {
        let event = crate::Event::CheckIn(Event::Sent(vec![day::item(1, code, early())]));
        let decided = crate::Decided { event, area: east(), supersedes: Vec::new() };
        let entry = stamp(&context(1, role, early()), at(1, 1), decided);
        authorise::remote(&rules, &standing, &state, &entry).map_err(|refusal| refusal.code)
    };
    assert_eq!(sent("PO", Code::A7), Ok(()));
    assert_eq!(sent("STN-SEC", Code::A8), Ok(()));
    assert_eq!(sent("STN-SEC", Code::A7), Err(RefusalCode::SenderDiffers));
    assert_eq!(sent("RO", Code::A17), Ok(()));
    assert_eq!(sent("SHO", Code::A8), Err(RefusalCode::RoleLacksPermission));
}

#[test]
fn what_an_office_says_about_a_station_elsewhere_changes_nothing_there() {
    let (mut state, who) = (opened(), context(1, "SECTOR", late()));
    let items = vec![day::item(1, Code::A7, early())];
    let elsewhere = Any::CheckIn(Command::Hear { area: area("pk/punjab/lahore"), items });
    apply(&mut state, &who, 1, &elsewhere).unwrap();
    assert_eq!(state.check_ins.phase(&east(), &day::subject(1), Code::A7), Phase::Silent);
}

#[test]
fn many_silent_stations_are_one_alarm_in_which_the_most_sensitive_stand_out() {
    let silent = standing(&schedule(), date("2024-02-08"), None, 0, when(700));
    assert_eq!(silent.stage, Stage::Dark);
    let calm = late::Standing { stage: Stage::Heard, ..late::Standing::default() };
    let names: Vec<_> = (0..40).map(station).collect();
    let watch = |silent_count: usize| -> Vec<Watched<'_>> {
        names
            .iter()
            .enumerate()
            .map(|(place, station)| Watched {
                station,
                class: if place == 2 { RiskClass::Most } else { RiskClass::Normal },
                standing: if place < silent_count { silent } else { calm },
            })
            .collect()
    };
    assert_eq!(alarms(&east(), &watch(0)), []);
    let few = alarms(&east(), &watch(3));
    assert_eq!(
        few.iter().map(|alarm| alarm.id.as_str()).collect::<Vec<_>>(),
        ["A3@NA-40-2", "A3@NA-40-0", "A3@NA-40-1"]
    );
    assert_eq!((few[0].severity, few[1].severity), (3, 2), "the most sensitive one first");
    let many = alarms(&east(), &watch(9));
    assert_eq!(many.len(), 1);
    assert_eq!(many[0].id, "A3@pk/sindh/karachi-east");
    assert_eq!((many[0].count, many[0].of, many[0].severity), (9, 40, 3));
    assert_eq!(many[0].named, [station(2)]);
    assert_eq!(alarms(&east(), &watch(9)), many, "two nodes raise the same one");
}
