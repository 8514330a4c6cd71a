//! A bomb on a road: units are put on duty, the soonest is sent by one stroke, and below the floor a second person signs.

use crate::{
    client::{Answer, Browser},
    house::House,
};
use serde_json::{Value, json};

const QUETTA: &str = "pk/balochistan/quetta";

struct Room {
    house: House,
    first: Browser,
    control: Browser,
    chief: Browser,
}

fn room() -> Room {
    let house = House::planned();
    let first = house.first();
    let control = house.person(&first, "control", &["CTRL-D"], QUETTA);
    let chief = house.person(&first, "chief", &["POL-SP"], QUETTA);
    Room { house, first, control, chief }
}

fn unit(name: &str, lat: f64) -> Value {
    json!({ "unit": name, "kind": "quick-reaction", "crew": 14, "base": format!("base of {name}"),
        "lat": lat, "lon": 67.0, "vehicle": format!("V-{name}"), "ready_minutes": 2 })
}

fn on_duty(room: &Room, units: &[Value]) -> Value {
    let wish = json!({ "area": QUETTA, "units": units });
    let answer = room.control.post("/api/dispatch/duty", &wish);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

fn bomb(room: &Room) -> String {
    let wish = json!({ "code": "IED.RTE", "area": QUETTA, "lat": 30.2, "lon": 67.0, "source": "desk",
        "text": "a bomb on the road to the school" });
    let answer = room.control.post("/api/day/incidents", &wish);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

fn suggested(room: &Room, incident: &str) -> Value {
    let path = format!("/api/dispatch/suggestion?area={QUETTA}&incident={incident}");
    let answer = room.control.get(&path);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

fn send(who: &Browser, unit: &str, incident: &str, ask: bool) -> Answer {
    let wish = json!({ "area": QUETTA, "unit": unit, "incident": incident, "ask": ask });
    who.post("/api/dispatch/send", &wish)
}

fn act(who: &Browser, unit: &str, deed: &str, note: &str) -> Answer {
    let wish = json!({ "area": QUETTA, "unit": unit, "act": deed, "note": note });
    who.post("/api/dispatch/acts", &wish)
}

fn phase(view: &Value, unit: &str) -> String {
    let units = view["units"].as_array().unwrap();
    let found = units.iter().find(|one| one["unit"] == unit).unwrap();
    found["phase"].as_str().unwrap().to_owned()
}

fn incident(room: &Room, id: &str) -> Value {
    let path = format!("/api/day/incidents/{id}?area={QUETTA}");
    room.control.get(&path).json()["incident"].clone()
}

#[test]
fn the_soonest_goes_by_one_stroke_and_below_the_floor_a_second_person_signs() {
    let room = room();
    let view = on_duty(&room, &[unit("near", 30.21), unit("far", 30.6), unit("mid", 30.3)]);
    assert_eq!((&view["areas"][0]["free"], &view["areas"][0]["floor"]), (&json!(3), &json!(1)));
    let bomb = bomb(&room);
    let offers = suggested(&room, &bomb);
    let names: Vec<&str> = offers["offers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["unit"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["near", "mid", "far"], "{offers}");
    assert_eq!(offers["offers"][0]["basis"], "estimated");
    assert_eq!(offers["offers"][0]["needs_signature"], false);

    let sent = send(&room.control, "near", &bomb, false);
    assert_eq!(sent.status, 200, "{}", sent.text());
    assert_eq!(phase(&sent.json(), "near"), "told");
    let row = incident(&room, &bomb);
    assert_eq!((&row["phase"], &row["units"]), (&json!("assigned"), &json!(["near"])), "{row}");
    for (deed, unit_phase, incident_phase) in
        [("depart", "on-the-way", "en-route"), ("arrive", "there", "on-scene")]
    {
        let done = act(&room.control, "near", deed, "");
        assert_eq!(done.status, 200, "{}", done.text());
        assert_eq!(phase(&done.json(), "near"), unit_phase);
        assert_eq!(incident(&room, &bomb)["phase"], incident_phase);
    }
    assert_eq!(send(&room.control, "mid", &bomb, false).status, 200);
    assert_eq!(suggested(&room, &bomb)["offers"][0]["needs_signature"], true);
    let refused = send(&room.control, "far", &bomb, false);
    assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("reserve-below-floor")));

    let asked = send(&room.control, "far", &bomb, true);
    assert_eq!(asked.status, 200, "{}", asked.text());
    let asked = asked.json();
    assert_eq!(
        (phase(&asked, "far"), &asked["asks"][0]["may_sign"]),
        ("ready".into(), &json!(false))
    );
    let id = asked["asks"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/dispatch/asks/{id}");
    let own = room.control.post(&path, &json!({ "sign": true }));
    assert_eq!(own.status, 403, "{}", own.text());
    assert_eq!(room.chief.get("/api/dispatch").json()["asks"][0]["may_sign"], true);
    let signed = room.chief.post(&path, &json!({ "sign": true }));
    assert_eq!(signed.status, 200, "{}", signed.text());
    assert_eq!(phase(&signed.json(), "far"), "told");
    let going = suggested(&room, &bomb)["going"].clone();
    let names: Vec<&str> =
        going.as_array().unwrap().iter().map(|one| one["unit"].as_str().unwrap()).collect();
    assert_eq!(names, ["far", "mid", "near"]);

    let relieved = json!({ "area": QUETTA, "unit": "near", "act": "hand-over", "to": "mid" });
    let early = room.control.post("/api/dispatch/acts", &relieved);
    assert_eq!(early.json()["code"], "relief-elsewhere");
    assert_eq!(act(&room.control, "mid", "arrive", "").status, 200);
    let relieved = room.control.post("/api/dispatch/acts", &relieved);
    assert_eq!(phase(&relieved.json(), "near"), "returning");
    let broken = act(&room.control, "near", "take-out", "the axle broke");
    assert_eq!(phase(&broken.json(), "near"), "out-of-service");
}

#[test]
fn whoever_has_no_part_in_it_sees_no_unit_and_moves_none() {
    let room = room();
    on_duty(&room, &[unit("near", 30.21)]);
    let Room { house, first, .. } = &room;
    let presiding = house.person(first, "presiding", &["PO"], QUETTA);
    assert_eq!(presiding.get("/api/dispatch").status, 403);
    assert_eq!(act(&presiding, "near", "rest", "").status, 403);
    let elsewhere = house.person(first, "elsewhere", &["CTRL-D"], "pk/sindh/karachi-east");
    assert_eq!(elsewhere.get("/api/dispatch").json()["units"], json!([]));
    assert_eq!(act(&elsewhere, "near", "rest", "").status, 403);
    let here = json!({ "area": QUETTA, "unit": "near", "act": "place", "lat": 30.25, "lon": 67.1 });
    let placed = room.control.post("/api/dispatch/acts", &here);
    assert_eq!(placed.json()["units"][0]["point"], json!([302_500_000, 671_000_000]));
    let off = act(&room.control, "near", "go-off-duty", "");
    assert_eq!(off.json()["units"][0]["point"], Value::Null);
}
