//! A day lived beside a real room: six stations, three districts, from the eve to the next noon.

use crate::{
    client::Browser,
    command::{done, run},
    house::House,
    repoll, sample, tip,
};
use pehra::{
    drill::{
        Closely, Drill, DrillError, InjectError, Options, Phase, Stage, file::Wish,
        material::Material, operator::Skill,
    },
    node::OpenOptions,
};
use pehra_domain::Date;
use pehra_drill::day::{Parameters, Scenario, Second};
use pehra_ops::custody::{Hold, Kind, exception};
use serde_json::{Value, json};
use std::{collections::BTreeSet, ops::ControlFlow, time::Duration};

pub(crate) fn options() -> Options {
    Options {
        scenario: Scenario::usual(7, Parameters::shipped().unwrap()),
        replay: false,
        events: Vec::new(),
        from: Second::on(0, 5, 30),
        pace: 600,
        full: false,
        paused: false,
        area: None,
        closely: Closely::Nowhere,
        skill: Skill::Expert,
        order_from_e4: pehra::drill::tip::ORDER_FROM_E4,
        repolls: Vec::new(),
        days_after: 0,
    }
}

pub(crate) fn exercise() -> (House, Stage) {
    let stage = Stage::default();
    let options = OpenOptions::of("EX-TEST-1", "an exercise", Date(19_761));
    let house = House::open(&options, |config| config.stage = stage.clone());
    sample::fill(&house.node);
    (house, stage)
}

pub(crate) fn begin(house: &House, stage: &Stage, options: &Options) -> Drill {
    let drill = Drill::begin(&house.node, options, &mut |_| ControlFlow::Continue(())).unwrap();
    stage.set(drill.clone());
    drill
}

/// Waits until something holds of the day; what does not come in two minutes never does.
pub(crate) fn until(drill: &Drill, what: &str, holds: impl Fn(&pehra::drill::Status) -> bool) {
    for _ in 0..12_000 {
        if holds(&drill.status()) {
            return;
        }
        std::thread::park_timeout(Duration::from_millis(10));
    }
    panic!("it never came to this: {what}; {:?}", drill.status());
}

pub(crate) fn attack_of(at: Option<&str>) -> Wish {
    Wish {
        at: at.map(str::to_owned),
        name: "attack on the school".to_owned(),
        kind: "incident".to_owned(),
        station: Some("NA-11-2".to_owned()),
        trouble: Some("ARM.PST".to_owned()),
        killed: 2,
        injured: 5,
        minutes: 60,
        ..Wish::default()
    }
}

fn status(browser: &Browser) -> Value {
    browser.get("/api/drill").json()["status"].clone()
}

#[test]
fn a_whole_day_goes_in_as_the_desks_signed_acts_and_nothing_is_refused() {
    let (house, stage) = exercise();
    let mut whole = options();
    whole.full = true;
    whole.closely = Closely::Usual;
    whole.events = vec![attack_of(Some("09:30"))];
    whole.events.extend(deeds_in_secret());
    whole.events.extend(tip::echoes());
    whole.repolls = vec![repoll::at_the_school()];
    let drill = begin(&house, &stage, &whole);
    until(&drill, "over", |status| status.phase == Phase::Over);
    let status = drill.status();
    assert_eq!((status.refused, &status.first_refusal), (0, &None), "{status:?}");
    assert_eq!((status.tally.opened, status.tally.bags_received), (6, 6), "{status:?}");
    let (check_ins, incidents) = house.node.ops(|state| {
        let incidents: Vec<_> =
            state.incidents.all().map(|(key, record)| (key.clone(), record.clone())).collect();
        (state.check_ins.count() as u64, incidents)
    });
    assert_eq!(check_ins, status.tally.check_ins, "the room holds what reached the desks");
    assert!(check_ins > 60, "{check_ins}");
    // Three desks spoke, each with its own key, the field of three districts, the register's desk and the commission's, each
    // service that knew something, and those who grade, write and release; nothing that they said is without effect.
    let heads = house.node.log_heads().unwrap();
    assert_eq!(heads.len(), 9 + tip::writers(&house).len() + 3, "{heads:?}");
    tip::was_graded_once_and_met(&house, &drill);
    material_came_home(&house, &status);
    devices_and_networks_are_on_record(&house);
    assert!(house.node.withheld().is_empty(), "{:?}", house.node.withheld());
    let verified = house.node.verify(&mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!((verified.damages, verified.unsigned), (0, 0));
    let attack = incidents.iter().map(|(_, record)| record).find(|record| {
        let toll = record.toll();
        toll.is_some_and(|toll| (toll.killed_max, toll.hurt_max) == (2, 5))
    });
    let attack = attack.unwrap();
    assert_eq!(attack.class().unwrap().0.name(), "ARM.PST");
    assert_eq!(attack.phase().name(), "closed", "simulated operators answered it");
    assert_eq!(attack.tolls().len(), 2, "a later word stands beside the earlier one");
    assert!(attack.report().unwrap().0.text.contains("EXERCISE"), "every message says so");
    let evaluation = drill.evaluate().unwrap();
    assert!(evaluation.in_time > 0 && evaluation.expected.iter().all(|row| row.simulated));
    repoll::was_ordered_and_is_lived(&house);
    let late = attack_of(None).on(drill.plan(), Second::on(1, 11, 0)).unwrap();
    assert!(matches!(drill.inject(late), Err(InjectError::Drill(DrillError::Over))));
}

/// A seal swapped in the night before, and a form exchanged on the way home.
pub(crate) fn deeds_in_secret() -> [Wish; 2] {
    let deed = |at: &str, station: &str, word: &str| Wish {
        at: Some(at.to_owned()),
        kind: "tamper".to_owned(),
        station: Some(station.to_owned()),
        word: Some(word.to_owned()),
        ..Wish::default()
    };
    [deed("D-1 23:30", "NA-11-2", "seal swapped"), deed("19:30", "NA-10-1", "form altered")]
}

fn material_came_home(house: &House, status: &pehra::drill::Status) {
    assert_eq!((status.closely.len(), status.closely_stations), (3, 6));
    let after = Second::on(1, 12, 0).unix_ms(house.node.poll_date());
    let (mut found, mut steps) = (BTreeSet::new(), BTreeSet::new());
    house.node.ops(|state| {
        for (area, place) in state.custody.areas() {
            for one in exception::exceptions(&state.custody, area, after) {
                found.insert((one.rule.code(), one.station.map(ToString::to_string)));
            }
            for (id, item) in place.items().filter(|(_, item)| item.kind == Kind::Bag) {
                let Some(Hold::Held { person, role }) = state.custody.hold(area, id) else {
                    panic!("{id} is with nobody: {:?}", state.custody.hold(area, id));
                };
                assert_eq!(role.as_str(), "RO", "{id}");
                assert!(person.as_str().starts_with("ro-"), "{person}");
                let acts = state.custody.history(area, id);
                let own: Vec<&str> =
                    acts.iter().filter_map(|(_, act)| Some(act.event.step()?.name())).collect();
                steps.extend(own.iter().copied());
                assert!(own.len() >= 12, "{:?}: {own:?}", item.station);
            }
        }
    });
    for step in ["C05", "C06", "C07", "C08", "C11", "C12", "C13"] {
        assert!(steps.contains(step), "{step}: {steps:?}");
    }
    let of = |code: &'static str, station: &str| found.contains(&(code, Some(station.to_owned())));
    assert!(of("X02", "NA-11-2") && of("X03", "NA-11-2"), "the swapped seal: {found:?}");
    assert!(of("X17", "NA-10-1"), "the exchanged form: {found:?}");
    for never in ["X08", "X09", "X10", "X11", "X22", "X23", "X24"] {
        assert!(!found.iter().any(|(code, _)| *code == never), "{never}: {found:?}");
    }
}

fn devices_and_networks_are_on_record(house: &House) {
    house.node.ops(|state| {
        let mut kinds = BTreeSet::new();
        for (_, kit) in state.equipment.areas() {
            for (_, record) in kit.items() {
                kinds.insert(record.kind().unwrap().name());
                assert!(record.place().is_some(), "installed");
            }
        }
        assert!(kinds.contains("radio") && kinds.contains("camera"), "{kinds:?}");
        let (area, _, cut) = state.suspensions.all().next().unwrap();
        assert_eq!(area.as_str(), "pk", "the narrowest area of three districts in two provinces");
        let said: Vec<&str> = cut.standing().map(|(_, it)| it.statement.word()).collect();
        let probes = said.iter().filter(|word| **word == "probe").count();
        assert!(probes >= 4, "several say so, and say when it is back: {said:?}");
        let from = cut.moment("effective-observed").unwrap();
        let cut_at = Second::on(0, 5, 39).unix_ms(house.node.poll_date());
        assert!(from >= cut_at, "nobody knows before it is found: {from:?}");
        assert!(!said.contains(&"ordered"), "nobody has told them who ordered it");
    });
}

#[test]
fn the_same_material_is_entered_of_the_same_day_on_any_number_of_threads() {
    let (house, _stage) = exercise();
    let mut whole = options();
    whole.events = deeds_in_secret().to_vec();
    let entered = |threads: usize| {
        let go_on = &mut |_| ControlFlow::Continue(());
        let mut day = Drill::alone(&house.node, &whole, go_on).unwrap().with_threads(threads);
        let plan = std::sync::Arc::clone(day.plan());
        let districts = Closely::Usual.districts(&plan).unwrap();
        let mut material = Material::of(&house.node, &plan, &whole.scenario.parameters, &districts);
        let mut all = vec![format!("{:?}", material.made_up(day.now()))];
        while !day.is_over() {
            let until = day.now().plus(300);
            let mut heard = Vec::new();
            day.advance(until, &mut |happening| heard.push(happening));
            let overdue = |convoy| day.overdue_home(convoy);
            all.extend(heard.iter().map(|it| format!("{:?}", material.note(it, &overdue))));
        }
        all.retain(|it| it != "[]");
        all
    };
    let alone = entered(1);
    assert!(alone.len() > 45, "{}", alone.len());
    assert_eq!(alone, entered(3));
}

#[test]
fn a_director_sets_the_pace_injects_and_is_told_what_cannot_be() {
    let (house, stage) = exercise();
    let chief = house.first();
    assert_eq!(status(&chief), Value::Null);
    assert_eq!(chief.post("/api/drill/pace", &json!({ "pace": 60 })).code(), "no-drill");
    let drill = begin(&house, &stage, &Options { pace: 1, ..options() });
    until(&drill, "running", |status| status.phase == Phase::Running);
    let paused = chief.post("/api/drill/pace", &json!({ "running": false, "pace": 600 }));
    assert_eq!(paused.status, 200, "{}", paused.text());
    assert_eq!(paused.json()["status"]["phase"], "paused", "the answer says so already");
    until(&drill, "paused", |status| status.phase == Phase::Paused);
    let stands = drill.status().now_s;
    let back = chief.post("/api/drill/pace", &json!({ "jump": "05:00" }));
    assert_eq!((back.status, back.code().as_str()), (422, "value-refused"), "no way back");
    for wrong in [json!({ "pace": 601 }), json!({ "pace": 0 }), json!({ "jump": "25:00" })] {
        assert_eq!(chief.post("/api/drill/pace", &wrong).status, 422, "{wrong}");
    }
    assert_eq!(drill.status().now_s, stands);

    let wish = |change: &dyn Fn(&mut Wish)| {
        let mut wish = attack_of(Some("09:00"));
        change(&mut wish);
        chief.post("/api/drill/injects", &serde_json::to_value(&wish).unwrap())
    };
    assert_eq!(wish(&|_| {}).status, 200);
    for (says, change) in [
        (
            "no station",
            &(|it: &mut Wish| it.station = Some("NA-1".to_owned())) as &dyn Fn(&mut Wish),
        ),
        ("no code", &|it| it.trouble = Some("X".to_owned())),
        ("no kind", &|it| it.kind = "miracle".to_owned()),
        ("severity", &|it| it.severity = Some(9)),
        ("outside the window", &|it| it.at = Some("05:10".to_owned())),
        ("no time", &|it| it.at = Some("noon".to_owned())),
    ] {
        let answer = wish(change);
        assert_eq!((answer.status, answer.code().as_str()), (422, "drill-impossible"), "{says}");
        assert!(answer.text().contains(says), "{says}: {}", answer.text());
    }
    let jumped = chief.post("/api/drill/pace", &json!({ "jump": "10:00" }));
    assert_eq!(jumped.status, 200, "{}", jumped.text());
    until(&drill, "10:00", |status| status.now_s >= Second::on(0, 10, 0).0);
    let grave = |code: &str| {
        house.node.ops(|state| {
            let of = |(_, record): &(_, &pehra_ops::incident::Record)| {
                record.class().is_some_and(|(found, _)| found.name() == code)
            };
            state.incidents.all().filter(of).count()
        })
    };
    assert!(grave("ARM.PST") >= 1, "what was injected was heard of");
    assert_eq!(house.node.day_now().0, drill.status().now_ms, "the room lives the day's time");
}

#[test]
fn a_day_that_begins_paused_catches_up_and_stands_until_it_is_let_go() {
    let (house, stage) = exercise();
    let drill = begin(&house, &stage, &Options { paused: true, ..options() });
    until(&drill, "paused", |status| status.phase == Phase::Paused);
    let stands = drill.status().now_s;
    assert_eq!(stands, Second::on(0, 5, 30).0, "the eve has come in, and nothing more");
    std::thread::park_timeout(Duration::from_millis(700));
    assert_eq!(drill.status().now_s, stands);
    drill.run(true);
    until(&drill, "it goes on", |status| status.now_s > stands);
}

#[test]
fn where_people_play_nobody_answers_for_them_and_their_acts_are_judged() {
    let (house, stage) = exercise();
    let chief = house.first();
    let desk = house.person(&chief, "karachi", &["CTRL-D"], "pk/sindh/karachi-east");
    let drill = begin(&house, &stage, &options());
    let wish = json!({ "areas": ["pk/sindh"], "skill": "expert" });
    let set = chief.json("PUT", "/api/drill/players", &wish);
    assert_eq!(set.status, 200, "{}", set.text());
    assert_eq!(desk.json("PUT", "/api/drill/players", &wish).status, 403, "players do not direct");
    let wish = serde_json::to_value(attack_of(Some("06:30"))).unwrap();
    assert_eq!(chief.post("/api/drill/injects", &wish).status, 200);
    until(&drill, "08:00", |status| status.now_s >= Second::on(0, 8, 0).0);
    chief.post("/api/drill/pace", &json!({ "running": false }));
    let report = chief.get("/api/drill/report").json();
    let rows = report["expected"].as_array().unwrap();
    let attack: Vec<&Value> = rows.iter().filter(|row| row["code"] == "ARM.PST").collect();
    assert!(!attack.is_empty(), "{report}");
    assert!(attack.iter().all(|row| row["verdict"] == "missing"), "{attack:?}");
    let aim = json!({ "area": "pk", "text": "answer an attack within a minute" });
    let set = chief.post("/api/aims", &aim).json();
    let aim = set["aims"][0]["id"].as_str().unwrap().to_owned();
    let judged = chief.post(&format!("/api/aims/{aim}/judge"), &json!({ "met": false })).json();
    assert_eq!(judged["aims"][0]["verdict"], "missed", "{judged}");
    let finding = json!({ "area": "pk", "text": "nobody answered", "source": "exercise" });
    let found = chief.post("/api/findings", &finding).json();
    let charge = format!("/api/findings/{}/charge", found["findings"][0]["id"].as_str().unwrap());
    let half = json!({ "text": "two at the desk", "owner": "CTRL-D", "due": "soon" });
    assert_eq!(chief.post(&charge, &half).status, 422, "who does what until when");
    let due = Date(Date::of_pkt(house.node.now()).0 + 30).to_string();
    let whole = json!({ "text": "two at the desk", "owner": "CTRL-D", "due": due });
    assert_eq!(chief.post(&charge, &whole).status, 200);
    let page = chief.get("/api/drill/report.html?language=ur").text();
    for word in ["EXERCISE · مشق", "two at the desk", "dir=\"rtl\"", due.as_str(), "پورا نہیں ہوا"]
    {
        assert!(page.contains(word), "{word} is missing");
    }
}

#[test]
fn a_branch_says_what_would_have_come_of_it_and_leaves_the_record_alone() {
    let (house, stage) = exercise();
    let chief = house.first();
    let drill = begin(&house, &stage, &Options { pace: 1, ..options() });
    until(&drill, "running", |status| status.phase == Phase::Running);
    chief.post("/api/drill/pace", &json!({ "running": false }));
    until(&drill, "paused", |status| status.phase == Phase::Paused);
    let before = house.node.info().entries;
    for at in [json!(null), json!("D-1 20:00")] {
        let wish = json!({ "at": at, "events": [attack_of(Some("11:00"))] });
        let job = chief.post("/api/drill/branches", &wish).json();
        let ended = chief.wait_for(&job);
        assert_eq!(ended["state"], "done", "{ended}");
        let (without, with) = (&ended["result"]["without"], &ended["result"]["with"]);
        let count = |tally: &Value, field: &str| tally[field].as_u64().unwrap();
        assert_eq!(count(with, "killed"), count(without, "killed") + 2, "{ended}");
        assert_eq!(count(with, "incidents"), count(without, "incidents") + 1);
    }
    assert_eq!(house.node.info().entries, before);
}

#[test]
fn a_real_election_has_no_drill_and_an_impossible_scenario_is_told_with_its_reasons() {
    let house = House::empty();
    sample::fill(&house.node);
    let go_on = &mut |_| ControlFlow::Continue(());
    assert!(matches!(Drill::begin(&house.node, &options(), go_on), Err(DrillError::Real)));
    let folder = tempfile::tempdir().unwrap();
    let real = folder.path().join("real");
    let list = folder.path().join("list.csv");
    let rows = "Province,Constituency,PS No,Name of Polling Station,Male Voters,Female Voters\n\
        Sindh,NA-200,1,Primary School 1,500,400\n";
    std::fs::write(&list, rows).unwrap();
    done(&real, &["plan", "import", "stations", list.to_str().unwrap()]);
    let refused = run(&real, &["run", "drill"]);
    assert_eq!(refused.code, Some(1), "{}", refused.err);
    assert!(refused.err.contains("this election is real"), "{}", refused.err);

    let (house, _stage) = exercise();
    let mut wrong = options();
    wrong.scenario.cuts[0].until = Some(Second::on(0, 5, 0));
    wrong.scenario.parameters.set("radio_fails_ppm", 2_000_000);
    let error = Drill::begin(&house.node, &wrong, &mut |_| ControlFlow::Continue(()));
    let error = error.err().unwrap().to_string();
    assert!(error.contains("cut 0 ends at") && error.contains("radio_fails_ppm"), "{error}");
    let stopped = Drill::begin(&house.node, &options(), &mut |_| ControlFlow::Break(()));
    assert!(matches!(stopped, Err(DrillError::Cancelled(_))));
}
