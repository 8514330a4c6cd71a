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
    let chief = house.person(&first, "chief", &["CTRL-P"], "pk/balochistan");
    Room { house, first, control, chief }
}

fn unit(name: &str, lat: f64) -> Value {
    json!({ "unit": name, "kind": "quick-reaction", "crew": 14, "base": format!("base of {name}"),
        "lat": lat, "lon": 67.0, "vehicle": format!("V-{name}"), "ready_minutes": 2 })
}

fn on_duty(room: &Room, units: &[Value]) -> Value {
    let wish = json!({ "area": QUETTA, "units": units });
    done(&room.control.post("/api/dispatch/duty", &wish))
}

fn bomb(room: &Room) -> String {
    let wish = json!({ "code": "IED.RTE", "area": QUETTA, "lat": 30.2, "lon": 67.0, "source": "desk",
        "text": "a bomb on the road to the school" });
    done(&room.control.post("/api/day/incidents", &wish))["id"].as_str().unwrap().to_owned()
}

fn suggested(room: &Room, incident: &str) -> Value {
    let path = format!("/api/dispatch/suggestion?area={QUETTA}&incident={incident}");
    done(&room.control.get(&path))
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

fn done(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

fn names(rows: &Value) -> Vec<&str> {
    rows.as_array().unwrap().iter().map(|one| one["unit"].as_str().unwrap()).collect()
}

/// Three units of which one has to stay, and a bomb on a road.
fn with_a_bomb() -> (Room, String) {
    let room = room();
    let view = on_duty(&room, &[unit("near", 30.21), unit("far", 30.6), unit("mid", 30.3)]);
    assert_eq!((&view["areas"][0]["free"], &view["areas"][0]["floor"]), (&json!(3), &json!(1)));
    let bomb = bomb(&room);
    (room, bomb)
}

#[test]
fn the_soonest_goes_by_one_stroke_and_the_incident_learns_every_step() {
    let (room, bomb) = with_a_bomb();
    let offers = suggested(&room, &bomb);
    assert_eq!(names(&offers["offers"]), ["near", "mid", "far"], "{offers}");
    let first = &offers["offers"][0];
    assert_eq!((&first["basis"], &first["needs_signature"]), (&json!("estimated"), &json!(false)));
    let sent = done(&send(&room.control, "near", &bomb, false));
    assert_eq!(phase(&sent, "near"), "told");
    let row = incident(&room, &bomb);
    assert_eq!((&row["phase"], &row["units"]), (&json!("assigned"), &json!(["near"])), "{row}");
    for (deed, unit_phase, incident_phase) in
        [("depart", "on-the-way", "en-route"), ("arrive", "there", "on-scene")]
    {
        let view = done(&act(&room.control, "near", deed, ""));
        let phases = (phase(&view, "near"), incident(&room, &bomb)["phase"].clone());
        assert_eq!(phases, (unit_phase.to_owned(), json!(incident_phase)));
    }
    done(&send(&room.control, "mid", &bomb, false));
    let relieved = json!({ "area": QUETTA, "unit": "near", "act": "hand-over", "to": "mid" });
    let early = room.control.post("/api/dispatch/acts", &relieved);
    assert_eq!(early.json()["code"], "relief-elsewhere");
    done(&act(&room.control, "mid", "arrive", ""));
    let view = done(&room.control.post("/api/dispatch/acts", &relieved));
    assert_eq!(phase(&view, "near"), "returning");
    let broken = done(&act(&room.control, "near", "take-out", "the axle broke"));
    assert_eq!(phase(&broken, "near"), "out-of-service");
}

#[test]
fn below_the_floor_nobody_goes_until_a_second_person_signs() {
    let (room, bomb) = with_a_bomb();
    done(&send(&room.control, "near", &bomb, false));
    done(&send(&room.control, "mid", &bomb, false));
    assert_eq!(suggested(&room, &bomb)["offers"][0]["needs_signature"], true);
    let refused = send(&room.control, "far", &bomb, false);
    assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("reserve-below-floor")));
    let asked = done(&send(&room.control, "far", &bomb, true));
    let wish = &asked["asks"][0];
    assert_eq!((phase(&asked, "far").as_str(), &wish["may_sign"]), ("ready", &json!(false)));
    let path = format!("/api/dispatch/asks/{}", wish["id"].as_str().unwrap());
    assert_eq!(room.control.post(&path, &json!({ "sign": true })).status, 403);
    assert_eq!(room.chief.get("/api/dispatch").json()["asks"][0]["may_sign"], true);
    let signed = done(&room.chief.post(&path, &json!({ "sign": true })));
    assert_eq!(phase(&signed, "far"), "told");
    assert_eq!(names(&suggested(&room, &bomb)["going"]), ["far", "mid", "near"]);
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

/// A crew that is on its feet for nineteen hours: nobody types that it is late.
#[test]
fn a_late_unit_waits_in_the_days_queue_and_two_desks_take_one_incident() {
    let room = room();
    let before = done(&room.control.get("/api/day"));
    assert_eq!(before["late"], json!([]));
    let now = room.house.node.now().0;
    let mut tired = unit("tired", 30.21);
    tired["since_ms"] = json!(now - 19 * 3_600_000);
    on_duty(&room, &[tired]);
    let day = done(&room.control.get("/api/day"));
    let late = &day["late"][0];
    assert_eq!((&late["what"], &late["unit"]), (&json!("rest"), &json!("tired")), "{day}");
    let id = late["id"].as_str().unwrap();
    assert!(id.starts_with("rest@tired@"), "{id}");
    let taken = done(&room.control.post(&format!("/api/day/alarms/{id}"), &json!({})));
    assert_eq!((&taken["id"], &taken["code"]), (&json!(id), &json!("LOG.MAT")), "{taken}");
    assert_eq!((&taken["source"], &taken["phase"]), (&json!("derived"), &json!("acknowledged")));
    let again = room.chief.post(&format!("/api/day/alarms/{id}"), &json!({}));
    assert_eq!((again.status, &again.json()["id"]), (200, &json!(id)), "{}", again.text());
    let day = done(&room.control.get("/api/day"));
    let same = day["incidents"].as_array().unwrap().iter().filter(|one| one["id"] == id);
    assert_eq!(same.count(), 1);
    let elsewhere = room.house.person(&room.first, "away", &["CTRL-D"], "pk/sindh/karachi-east");
    assert_eq!(done(&elsewhere.get("/api/day"))["late"], json!([]));
    assert_eq!(elsewhere.post(&format!("/api/day/alarms/{id}"), &json!({})).status, 404);
}

fn told(room: &Room, bomb: &str) -> Value {
    done(&room.control.get(&format!("/api/day/incidents/{bomb}?area={QUETTA}")))["methane"].clone()
}

/// A report from what is known, with these changes.
fn tell(room: &Room, bomb: &str, who: &Browser, change: &Value) -> Answer {
    let mut report = told(room, bomb)["draft"].clone();
    report["place"] = json!("culvert on the road to the school");
    for (name, value) in change.as_object().unwrap() {
        report[name] = value.clone();
    }
    let wish = json!({ "area": QUETTA, "report": report });
    who.post(&format!("/api/day/incidents/{bomb}/methane"), &wish)
}

/// A bomb, killed and hurt, one unit there and one on the way.
fn with_casualties() -> (Room, String) {
    let (room, bomb) = with_a_bomb();
    done(&send(&room.control, "near", &bomb, false));
    done(&act(&room.control, "near", "arrive", ""));
    done(&send(&room.control, "mid", &bomb, false));
    let toll =
        json!({ "area": QUETTA, "act": "toll", "toll": [2, 3, 7, 9], "toll_source": "police" });
    done(&room.control.post(&format!("/api/day/incidents/{bomb}"), &toll));
    (room, bomb)
}

#[test]
fn a_major_incident_is_told_in_the_fixed_order_from_what_the_record_knows() {
    let (room, bomb) = with_casualties();
    let known = told(&room, &bomb);
    let draft = &known["draft"];
    assert_eq!((&draft["code"], &draft["declared"]), (&json!("IED.RTE"), &json!("major")));
    assert_eq!((&draft["lat"], &draft["lon"]), (&json!(30.2), &json!(67.0)));
    assert_eq!((&draft["toll"], &draft["toll_source"]), (&json!([2, 3, 7, 9]), &json!("police")));
    assert_eq!((&draft["units"], &known["coming"]), (&json!(["near"]), &json!(["mid"])));
    assert_eq!((&known["reports"], &known["spoken"]), (&json!([]), &json!([])));

    let before = room.house.node.info().entries;
    let first = json!({ "hazards": ["fire"], "suspected": ["second-device"] });
    let row = done(&tell(&room, &bomb, &room.control, &first));
    let declared = (&row["declaration"], &row["methane"]["declared"]);
    assert_eq!(declared, (&json!("major"), &json!("major")));
    assert_eq!(row["toll"]["revisions"], 1, "the toll that stands is no second count: {row}");
    let second = json!({ "toll": [4, 4, 9, 12], "toll_source": "hospital" });
    let row = done(&tell(&room, &bomb, &room.chief, &second));
    assert_eq!((&row["toll"]["revisions"], &row["toll"]["killed"]), (&json!(2), &json!([4, 4])));
    let known = told(&room, &bomb);
    let reports = known["reports"].as_array().unwrap();
    let tolls: Vec<&Value> = reports.iter().map(|it| &it["toll"]["killed"]).collect();
    assert_eq!(tolls, [&json!([4, 4]), &json!([2, 3])], "newest first, each with its own toll");
    let spoken = known["spoken"].as_array().unwrap();
    let letters: String = spoken.iter().map(|line| line["letter"].as_str().unwrap()).collect();
    assert_eq!(letters, "METHANE");
    assert!(spoken[6]["en"].as_str().unwrap().contains("killed four, hurt nine to one two"));
    assert!(spoken[1]["ur"].as_str().unwrap().contains("اعلان"), "{spoken:?}");

    let past = |receipt: u64| {
        let path = format!("/api/replay?receipt={receipt}&seat=s{receipt}");
        let rows = done(&room.control.get(&path))["frame"]["incidents"].clone();
        let all = rows.as_array().unwrap().iter();
        all.clone().find(|row| row["id"] == json!(bomb)).unwrap()["methane"].clone()
    };
    assert_eq!(past(before), Value::Null, "what was not told yet is not shown");
    assert_eq!(past(before + 1)["toll"]["killed"], json!([2, 3]));
}

#[test]
fn a_report_in_the_fixed_order_is_held_to_rights_words_and_what_was_declared() {
    let (room, bomb) = with_a_bomb();
    let say = |who: &Browser, change: Value| {
        let answer = tell(&room, &bomb, who, &change);
        (answer.status, answer.code())
    };
    let refused = |status, code: &str| (status, code.to_owned());
    done(&tell(&room, &bomb, &room.control, &json!({})));
    assert_eq!(
        say(&room.control, json!({ "declared": "none" })),
        refused(409, "declaration-forbids")
    );
    let numbered = json!({ "kind": "held 42101-1234567-1" });
    assert_eq!(say(&room.control, numbered), refused(422, "identity-number"));
    let desk = room.house.person(&room.first, "citizens", &["PUBDESK"], QUETTA);
    assert_eq!(say(&desk, json!({})).0, 403, "the public's desk declares nothing");
    let away = room.house.person(&room.first, "away", &["CTRL-D"], "pk/sindh/karachi-east");
    assert_eq!(say(&away, json!({})).0, 403);
    let down = done(&tell(&room, &bomb, &room.chief, &json!({ "declared": "stood-down" })));
    assert_eq!((&down["declaration"], &down["major_ms"]), (&json!("stood-down"), &Value::Null));
    assert_eq!(told(&room, &bomb)["draft"]["declared"], "none");
}
