//! The radio operator's net: lines as they were heard, each a signed act, none lost and none twice.

use crate::{client::Browser, house::House};
use serde_json::{Value, json};

const QUETTA: &str = "pk/balochistan/quetta";

fn lines(all: &[(&str, i64)]) -> Value {
    let lines: Vec<Value> =
        all.iter().map(|(line, at)| json!({ "line": line, "at_ms": at })).collect();
    json!({ "district": QUETTA, "sector": 1, "rung": "radio", "lines": lines })
}

/// A house with an operator of one district's net.
fn net() -> (House, Browser, Browser, Value) {
    let house = House::planned();
    let first = house.first();
    let operator = house.person(&first, "operator", &["CTRL-D"], QUETTA);
    let roll = operator.get("/api/net").json();
    (house, first, operator, roll)
}

fn station(roll: &Value, place: i64) -> String {
    let members = roll["members"].as_array().unwrap();
    let found = members.iter().find(|it| it["place"] == json!(place)).unwrap();
    found["station"].as_str().unwrap().to_owned()
}

fn claims(who: &Browser, station: &str) -> Vec<Value> {
    let day = who.get(&format!("/api/day/stations/{station}")).json();
    day["claims"].as_array().unwrap().clone()
}

#[test]
fn a_nets_roll_bears_the_plans_own_call_signs_and_looking_keeps_nothing() {
    let (house, first, operator, roll) = net();
    assert_eq!((&roll["net"], &roll["number"]), (&json!("D001 S01"), &json!(1)), "{roll}");
    assert_eq!(roll["districts"].as_array().unwrap().len(), 1, "what is within reach");
    let members = roll["members"].as_array().unwrap();
    assert_eq!(members.len(), 2);
    let plan = first.get(&format!("/api/communications/district?district={QUETTA}")).json();
    for member in members {
        let mut listed = plan["stations"].as_array().unwrap().iter();
        let listed = listed.find(|it| it["id"] == member["station"]).unwrap();
        assert_eq!(listed["call_sign"], member["call_sign"], "as on every card");
    }
    let before = house.node.log_heads().unwrap();
    let look = json!({ "district": QUETTA, "sector": 1, "lines": ["1 a7", "2 armpst", "3"] });
    let read = operator.post("/api/net/read", &look).json();
    assert_eq!(read[0]["station"], json!(station(&roll, 1)));
    assert_eq!((&read[1]["kind"], &read[1]["severity"]), (&json!("incident"), &json!(5)), "{read}");
    assert_eq!(read[2]["fault"]["code"], "code");
    assert_eq!(house.node.log_heads().unwrap(), before, "looking keeps nothing");
}

#[test]
fn lines_of_a_net_are_entered_once_however_often_they_are_given() {
    let (house, _first, operator, roll) = net();
    let now = roll["now_ms"].as_i64().unwrap();
    let heard = lines(&[
        ("1 a7", now),
        ("۲ a8 ۱۲ 9", now + 1),
        ("2 ARM.PST / two at the gate", now + 2),
        ("S01 A4", now + 3),
        ("1 a7!", now + 4),
        ("9 a7", now + 5),
        ("D002 S01 1 a7", now + 6),
        ("what", now + 7),
        ("1 a9 / 35202-1234567-1", now + 8),
        ("S01", now + 9),
    ]);
    let told = operator.post("/api/net/lines", &heard);
    assert_eq!(told.status, 200, "{}", told.text());
    let told = told.json();
    let entered = |at: usize| told[at]["entry"].is_string();
    assert_eq!((0..10).filter(|at| entered(*at)).collect::<Vec<_>>(), [0, 1, 2, 3, 4], "{told}");
    assert!(told[2]["incident"].as_str().unwrap().starts_with("I-"));
    assert_ne!(told[0]["entry"], told[4]["entry"], "one code of one station twice is two entries");
    for (at, code) in [(5, "place-unknown"), (6, "district-outside"), (7, "call-sign")] {
        assert_eq!(told[at]["read"]["fault"]["code"], code, "{told}");
    }
    assert!(told[8]["fault"]["text_ur"].is_string(), "an identity number is refused: {told}");
    assert_eq!(told[9]["read"]["kind"], "net");
    assert_eq!(claims(&operator, &station(&roll, 1)).len(), 2);
    let second = claims(&operator, &station(&roll, 2));
    let wanted = (&json!([12, 9, null]), &json!("radio"));
    assert_eq!((&second[0]["counts"], &second[0]["rung"]), wanted);

    let heads = house.node.log_heads().unwrap();
    let again = operator.post("/api/net/lines", &heard).json();
    assert_eq!(house.node.log_heads().unwrap(), heads, "given again they are the same entries");
    let of = |told: &Value| (told[0]["entry"].clone(), told[2]["incident"].clone());
    assert_eq!(of(&again), of(&told));
}

#[test]
fn what_was_entered_wrongly_is_taken_back_on_record() {
    let (_house, _first, operator, roll) = net();
    let now = roll["now_ms"].as_i64().unwrap();
    let told = operator.post("/api/net/lines", &lines(&[("1 a7!", now), ("S01 A4", now)])).json();
    let strike = json!({ "entry": told[0]["entry"], "station": station(&roll, 1), "code": "A7", "reason": "typed wrongly" });
    assert_eq!(operator.post("/api/net/strike", &strike).status, 204);
    assert_eq!(operator.post("/api/net/strike", &strike).code(), "check-in-unknown");
    let struck = claims(&operator, &station(&roll, 1));
    assert_eq!((struck.len(), &struck[0]["struck"]), (1, &json!(true)), "both stay on record");
    let post = json!({ "entry": told[1]["entry"], "post": "D001 S01", "code": "A4", "reason": "typed wrongly" });
    assert_eq!(operator.post("/api/net/strike", &post).status, 204);
}

#[test]
fn who_only_listens_strikes_and_reports_nothing_beyond_their_rights() {
    let house = House::planned();
    let first = house.first();
    let radio = house.person(&first, "radio", &["COMMS"], QUETTA);
    let roll = radio.get("/api/net").json();
    assert_eq!((&roll["may_strike"], &roll["may_report"]), (&json!(true), &json!(false)));
    let now = roll["now_ms"].as_i64().unwrap();
    let told = radio.post("/api/net/lines", &lines(&[("1 a7", now), ("1 FIR.BLD", now)])).json();
    assert!(told[0]["entry"].is_string(), "{told}");
    let code = told[1]["fault"]["code"].as_str().or(told[1]["read"]["fault"]["code"].as_str());
    assert!(code.is_some() && told[1]["incident"].is_null(), "{told}");
    let elsewhere = house.person(&first, "elsewhere", &["CTRL-D"], "pk/sindh/tharparkar");
    assert_eq!(elsewhere.post("/api/net/lines", &lines(&[("1 a7", now)])).code(), "outside-area");
    let strike = json!({ "entry": told[0]["entry"], "station": told[0]["read"]["station"], "code": "A7", "reason": "x" });
    assert_eq!(elsewhere.post("/api/net/strike", &strike).status, 404);
    assert_eq!(elsewhere.get(&format!("/api/net?district={QUETTA}")).code(), "outside-area");
    let guard = house.person(&first, "watcher", &["OBS"], QUETTA);
    assert_eq!(guard.get("/api/net").status, 403);
    assert_eq!(radio.get(&format!("/api/net?district={QUETTA}&sector=9")).code(), "value-refused");
}
