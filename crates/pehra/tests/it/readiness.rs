//! A day lived by people in an exercise is measured, and the real election's room takes the file: an area is ready by that
//! alone, what failed is answered by name, and a stop order stands until it is lifted.

use crate::{client::Browser, house::House, sample};
use pehra::{
    drill::{Closely, Drill, Options, Phase, Stage, operator::Skill},
    node::OpenOptions,
};
use pehra_domain::Date;
use pehra_drill::day::{Parameters, Scenario, Second};
use serde_json::{Value, json};
use std::{ops::ControlFlow, time::Duration};

const AREA: &str = "pk/sindh/karachi-east";

fn until(drill: &Drill, phase: Phase) {
    for _ in 0..12_000 {
        if drill.status().phase == phase {
            return;
        }
        std::thread::park_timeout(Duration::from_millis(10));
    }
    panic!("it never came to {phase:?}: {:?}", drill.status());
}

/// What a whole day measured of a district, played by people or not.
fn measured(played: bool) -> Value {
    let stage = Stage::default();
    let options = OpenOptions::of("EX-TEST-1", "an exercise", Date(19_761));
    let house = House::open(&options, |config| config.stage = stage.clone());
    sample::fill(&house.node);
    let chief = house.first();
    let options = Options {
        scenario: Scenario::usual(7, Parameters::shipped().unwrap()),
        replay: false,
        events: Vec::new(),
        from: Second::on(0, 5, 30),
        pace: 600,
        full: false,
        paused: true,
        area: None,
        closely: Closely::Nowhere,
        skill: Skill::Expert,
        order_from_e4: pehra::drill::tip::ORDER_FROM_E4,
        repolls: Vec::new(),
        days_after: 0,
    };
    let drill = Drill::begin(&house.node, &options, &mut |_| ControlFlow::Continue(())).unwrap();
    stage.set(drill.clone());
    until(&drill, Phase::Paused);
    let early = chief.get(&format!("/api/drill/measured?area={AREA}")).json();
    assert_eq!((&early["full"], &early["played"]), (&json!(false), &json!(false)), "{early}");
    if played {
        let wish = json!({ "areas": [AREA] });
        assert_eq!(chief.json("PUT", "/api/drill/players", &wish).status, 200);
    }
    drill.set_pace(None);
    drill.run(true);
    until(&drill, Phase::Over);
    let elsewhere = chief.get("/api/drill/measured?area=pk/sindh/nowhere");
    assert_eq!(elsewhere.status, 404);
    let measured = chief.get(&format!("/api/drill/measured?area={AREA}"));
    assert_eq!(measured.status, 200, "{}", measured.text());
    measured.json()
}

fn phase(browser: &Browser, area: &str) -> String {
    let detail = browser.get(&format!("/api/readiness/area?area={area}")).json();
    detail["row"]["phase"].as_str().unwrap().to_owned()
}

/// What the exercise's own room measured, with every path asked and two failures, so that these are what is left.
fn whole() -> Value {
    let mut whole = measured(true);
    for path in whole["paths"].as_array_mut().unwrap() {
        if path["asked"] == json!(0) {
            path["asked"] = json!(1);
            path["answered"] = json!(1);
        }
    }
    whole["failures"] = json!([
        { "key": "vhf", "text": "3 of 40 messages arrived" },
        { "key": "NA-11-2 dark", "text": "not heard of, from 11:20 on" },
    ]);
    whole
}

#[test]
fn a_day_that_people_played_is_measured_path_by_path() {
    let file = measured(true);
    assert!(file["mark"].as_str().is_some_and(|it| it.contains("EXERCISE")), "{file}");
    let enough = ["full", "dark", "played"].map(|field| file[field] == json!(true));
    assert_eq!(enough, [true; 3], "{file}");
    let paths = file["paths"].as_array().unwrap();
    let cellular = |path: &&Value| path["path"].as_str().unwrap().starts_with("cellular");
    assert_eq!(paths.iter().filter(cellular).count(), 0, "it is cut: {file}");
    assert!(paths.iter().all(|path| path["answered"].as_u64() <= path["asked"].as_u64()), "{file}");
    assert!(paths.iter().any(|path| path["answered"].as_u64() > Some(10)), "{file}");
    assert_eq!(file["trace"].as_str().map(str::len), Some(64));
}

#[test]
fn what_is_less_than_a_whole_dark_drill_by_people_makes_no_area_ready() {
    let whole = whole();
    let house = House::planned();
    let chief = house.first();
    let desk = house.person(&chief, "desk", &["CTRL-D"], AREA);
    let other = house.person(&chief, "other", &["CTRL-D"], "pk/punjab/lahore");
    let observer = house.person(&chief, "observer", &["OBS"], "pk");
    assert_eq!(phase(&desk, AREA), "untried");
    assert_eq!(other.post("/api/readiness/drills", &whole).status, 403, "not of another's area");
    assert_eq!(observer.post("/api/readiness/drills", &whole).status, 403, "an observer looks");
    for (field, value) in [
        ("played", json!(false)),
        ("dark", json!(false)),
        ("full", json!(false)),
        ("paths", json!([])),
    ] {
        let mut short = whole.clone();
        short[field] = value;
        let answer = desk.post("/api/readiness/drills", &short);
        assert_eq!(answer.status, 200, "{field}: {}", answer.text());
        assert_eq!(answer.json()["row"]["phase"], "short", "{field}");
    }
    let mut bent = whole.clone();
    bent["paths"][0]["answered"] = json!(1_000_000);
    assert_eq!(desk.post("/api/readiness/drills", &bent).code(), "drill-malformed");
    bent["trace"] = json!("seven");
    assert_eq!(desk.post("/api/readiness/drills", &bent).status, 422);
}

#[test]
fn what_failed_is_answered_by_name_and_a_stop_order_stands_until_it_is_lifted() {
    let house = House::planned();
    let chief = house.first();
    let national = house.person(&chief, "national", &["ECP-NAT"], "pk");
    let desk = house.person(&chief, "desk", &["CTRL-D"], AREA);
    let observer = house.person(&chief, "observer", &["OBS"], "pk");
    let detail = desk.post("/api/readiness/drills", &whole()).json();
    assert_eq!(detail["row"]["phase"], "blocked");
    let act = |deed: &str| {
        format!("/api/readiness/drills/{}/{deed}", detail["drill"]["id"].as_str().unwrap())
    };
    let mend = json!({ "failure": "vhf", "how": "the antenna was raised" });
    assert_eq!(desk.post(&act("mend"), &mend).json()["row"]["open"], 1);
    let waive = json!({ "failure": "NA-11-2 dark", "reason": "a courier stands by" });
    assert_eq!(desk.post(&act("waive"), &waive).status, 403, "not by the desk");
    let nothing = json!({ "failure": "", "reason": "a courier stands by" });
    assert_eq!(national.post(&act("waive"), &nothing).code(), "not-known");
    let waived = national.post(&act("waive"), &waive).json();
    assert_eq!(waived["row"]["phase"], "ready");
    assert_eq!(waived["drill"]["failures"][1]["answer"]["by"]["person"], "national", "by name");

    let stop = json!({ "area": "pk/sindh", "reason": "no seals have come" });
    assert_eq!(desk.post("/api/readiness/stops", &stop).status, 403);
    assert_eq!(national.post("/api/readiness/stops", &stop).status, 200);
    assert_eq!(
        (phase(&observer, AREA), phase(&observer, "pk/punjab/lahore")),
        ("stopped".to_owned(), "untried".to_owned())
    );
    let seen = observer.get(&format!("/api/readiness/area?area={AREA}")).json();
    let lift = format!("/api/readiness/stops/{}/lift", seen["stops"][0]["id"].as_str().unwrap());
    assert_eq!(national.post(&lift, &json!({ "reason": "the seals are here" })).status, 200);
    let rows = observer.get("/api/readiness").json();
    let last = rows["areas"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["area"], &last["phase"], &last["waived"]),
        (&json!(AREA), &json!("ready"), &json!(1)),
        "the worst first: {rows}"
    );
    let lahore = house.person(&chief, "other", &["CTRL-D"], "pk/punjab/lahore");
    let others = lahore.get("/api/readiness").json();
    assert!(others["areas"].as_array().unwrap().iter().all(|row| row["area"] != AREA), "{others}");
}

#[test]
fn a_day_that_nobody_played_proves_nothing_of_people() {
    let file = measured(false);
    assert_eq!((&file["full"], &file["played"]), (&json!(true), &json!(false)), "{file}");
}
