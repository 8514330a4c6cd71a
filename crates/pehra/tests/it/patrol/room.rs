//! Sealed schedules in the room: until its hour a way is in no list, detail, search, stream, job or file that anybody else
//! is answered, and afterwards in what everybody is answered.

use super::sealed::{Offices, seal, today, words};
use crate::{
    client::{Browser, Listening},
    house::House,
};
use pehra::{
    node::Node,
    work::patrol::{self, Opened},
};
use pehra_ops::{EventRef, patrol::Shown};
use serde_json::{Value, json};

/// A node with six assessed stations and the people of a day.
struct Story {
    house: House,
    planner: Browser,
    duty: Browser,
    /// Speaks for a unit.
    sector: Browser,
    viewer: Browser,
    auditor: Browser,
}

impl Story {
    fn begun() -> Self {
        let house = House::planned();
        let first = house.first();
        let person = |name: &str, role: &str| house.person(&first, name, &[role], "pk");
        Self {
            planner: person("planner", "PEC"),
            duty: person("duty", "CTRL-N"),
            sector: person("sector", "SECTOR"),
            viewer: person("viewer", "RO"),
            auditor: person("auditor", "AUDITOR"),
            house,
        }
    }

    fn day(&self, later: i64) -> String {
        let today = today(&self.house.node);
        (0..later).fold(today, |day, _| day.plus_days(1)).to_string()
    }

    fn wish(&self, later: i64, from: &str) -> Value {
        json!({ "area": "pk", "teams": 3, "day": self.day(later), "from": from,
            "tours": { "shift_hours": 8, "stay_minutes": 20 } })
    }

    /// Draws a day; answers the schedule and what the job said.
    fn sealed(&self, wish: &Value) -> (String, Value) {
        let job = self.planner.post("/api/patrols", wish);
        assert_eq!(job.status, 200, "{}", job.text());
        let ended = self.planner.wait_for(&job.json());
        assert_eq!(ended["state"], "done", "{ended}");
        let schedule = ended["result"]["schedule"].as_str().unwrap().to_owned();
        (schedule, ended)
    }

    /// What was drawn, by the node's own key.
    fn drawn(&self, schedule: &str) -> Shown {
        let at = EventRef::parse(schedule).unwrap();
        match patrol::open(&self.house.node, at, None).unwrap() {
            Opened::Whole(shown) => shown,
            Opened::Ways(_) => panic!("a part where the whole should open"),
        }
    }
}

fn phase(who: &Browser, schedule: &str) -> String {
    let all = who.get("/api/patrols").json();
    let mut rows = all["schedules"].as_array().unwrap().iter();
    let row = rows.find(|row| row["id"] == schedule).unwrap_or_else(|| panic!("{all}"));
    row["phase"].as_str().unwrap().to_owned()
}

fn acts(who: &Browser, schedule: &str) -> Value {
    who.get(&format!("/api/patrols/{schedule}")).json()["row"]["acts"].clone()
}

/// Every look that the program offers without saying at what, and every look at this schedule and at what there is of it.
fn looks(schedule: &str, buildings: &[String]) -> Vec<String> {
    let document: Value = serde_json::from_str(&pehra::http::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    // A stream does not end; the room's own is read by itself.
    let is_stream =
        |look: &Value| !look["responses"]["200"]["content"]["text/event-stream"].is_null();
    let plain = paths.iter().filter(|(path, item)| {
        !path.contains('{') && item.get("get").is_some_and(|look| !is_stream(look))
    });
    let mut looks: Vec<String> = plain.map(|(path, _)| path.clone()).collect();
    assert!(looks.len() > 40, "{}", looks.len());
    looks.push(format!("/api/patrols/{schedule}"));
    looks.push(format!("/api/patrols/{schedule}/csv"));
    looks.push("/api/record?find=patrol".to_owned());
    for word in buildings.iter().map(String::as_str).chain(["team", "U-quetta", schedule]) {
        looks.push(format!("/api/search?q={word}"));
    }
    looks
}

fn stops(way: &Value) -> Vec<&str> {
    let stops = way["stops"].as_array().unwrap().iter();
    stops.map(|stop| stop["building"].as_str().unwrap()).collect()
}

fn says(bytes: &[u8], words: &[Vec<u8>]) -> bool {
    words.iter().any(|word| bytes.windows(word.len()).any(|part| part == word))
}

/// As a team's stops stand in an answer of the room or in a table: one after another.
fn told(shown: &Shown) -> Vec<Vec<u8>> {
    let mut all = words(shown);
    for way in shown.ways.iter().filter(|way| !way.stops.is_empty()) {
        let rows = way.stops.iter().enumerate();
        all.extend(rows.map(|(at, stop)| format!("{},{},{stop}", way.team, at + 1).into_bytes()));
    }
    all
}

/// Teams with ways in an answer, wherever they stand in it.
fn ways_in(answer: &Value) -> usize {
    match answer {
        Value::Array(all) => all.iter().map(ways_in).sum(),
        Value::Object(fields) => {
            let own = usize::from(
                fields.contains_key("team")
                    && fields
                        .get("stops")
                        .and_then(Value::as_array)
                        .is_some_and(|it| !it.is_empty()),
            );
            own + fields.values().map(ways_in).sum::<usize>()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// The stream tells of the work and that something about patrols changed, and of nothing else.
fn the_stream_tells_nothing(mut stream: Listening, secret: &[Vec<u8>]) {
    loop {
        let event = stream.next().unwrap();
        assert!(!says(event.data.to_string().as_bytes(), secret), "{}", event.data);
        if event.data["topic"] == "patrol" {
            let mut keys: Vec<&String> = event.data.as_object().unwrap().keys().collect();
            keys.retain(|key| *key != "topic" && *key != "seq");
            assert!(keys.is_empty(), "{}", event.data);
            return;
        }
    }
}

fn no_answer_tells(story: &Story, schedule: &str, secret: &[Vec<u8>]) {
    let buildings: Vec<String> = (0..6).map(|n| format!("B-{n}")).collect();
    for look in looks(schedule, &buildings) {
        for who in [&story.planner, &story.duty, &story.sector, &story.viewer, &story.auditor] {
            let answer = who.get(&look);
            assert!(!says(&answer.body, secret), "{look}: {}", answer.text());
            let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            assert_eq!(ways_in(&body), 0, "{look}: {body}");
        }
    }
}

#[test]
fn a_sealed_way_is_in_nothing_that_the_room_answers_before_its_hour() {
    let story = Story::begun();
    let mut stream = Listening::open(&story.viewer, None);
    assert_eq!(stream.next().unwrap().event, "hello");
    let (schedule, job) = story.sealed(&story.wish(1, "06:00"));
    let secret = told(&story.drawn(&schedule));
    assert_eq!(job["result"]["teams"], 3);
    assert!(!says(job.to_string().as_bytes(), &secret), "{job}");
    the_stream_tells_nothing(stream, &secret);
    no_answer_tells(&story, &schedule, &secret);
    let table = story.viewer.get(&format!("/api/patrols/{schedule}/csv"));
    assert_eq!(table.code(), "still-sealed");
    // That somebody opened it changes nothing of it.
    assert_eq!(story.duty.post(&format!("/api/patrols/{schedule}/open"), &json!({})).status, 200);
    no_answer_tells(&story, &schedule, &secret);
}

#[test]
fn only_the_duty_officer_is_answered_and_only_at_the_hour_it_is_shown() {
    let story = Story::begun();
    let (schedule, _) = story.sealed(&story.wish(1, "06:00"));
    let shown = story.drawn(&schedule);
    let path = format!("/api/patrols/{schedule}");
    let open = |who: &Browser| who.post(&format!("{path}/open"), &json!({}));
    let opened = open(&story.duty).json();
    assert_eq!(opened["whole"], true, "{opened}");
    let ways = opened["ways"].as_array().unwrap();
    assert_eq!(ways.len(), 3);
    for (way, drawn) in ways.iter().zip(&shown.ways) {
        let of_drawn: Vec<&str> = drawn.stops.iter().map(|it| it.as_str()).collect();
        assert_eq!((way["team"].as_str().unwrap(), stops(way)), (drawn.team.as_str(), of_drawn));
        assert!(way["base"]["lat_e7"].is_i64(), "{way}");
    }
    // Whoever speaks for a unit sits at the duty officer's node and is not the duty officer.
    for who in [&story.sector, &story.viewer, &story.auditor] {
        let refused = open(who);
        assert_eq!((refused.status, refused.code().as_str()), (403, "role-lacks-permission"));
        assert!(!says(&refused.body, &told(&shown)));
    }
    assert_eq!(story.duty.post(&path, &json!({ "act": "show" })).code(), "patrol-too-early");
    assert_eq!(acts(&story.duty, &schedule), json!(["open"]));
    assert_eq!(acts(&story.viewer, &schedule), json!([]));
    let check = story.viewer.post(&format!("{path}/check"), &json!({})).json();
    assert_eq!(story.viewer.wait_for(&check)["state"], "failed");
}

#[test]
fn one_stands_for_a_day_and_a_withdrawn_one_stays_sealed() {
    let story = Story::begun();
    let (schedule, _) = story.sealed(&story.wish(1, "06:00"));
    let path = format!("/api/patrols/{schedule}");
    let again = story.planner.post("/api/patrols", &story.wish(1, "06:00")).json();
    let again = story.planner.wait_for(&again);
    assert_eq!(again["error"]["code"], "patrol-stands", "{again}");
    let withdraw = |who: &Browser, reason: &str| {
        who.post(&path, &json!({ "act": "withdraw", "reason": reason }))
    };
    assert_eq!(withdraw(&story.duty, "mine").code(), "role-lacks-permission");
    assert_eq!(withdraw(&story.planner, " ").status, 422);
    assert_eq!(withdraw(&story.planner, "a vehicle broke down").status, 200);
    assert_eq!(phase(&story.viewer, &schedule), "withdrawn");
    assert_eq!(ways_in(&story.viewer.get(&path).json()), 0);
    story.sealed(&story.wish(1, "06:00"));
}

#[test]
fn from_its_hour_on_everybody_sees_it_and_draws_it_again() {
    let story = Story::begun();
    let (schedule, _) = story.sealed(&story.wish(0, "00:00"));
    let shown = story.drawn(&schedule);
    let path = format!("/api/patrols/{schedule}");
    assert_eq!(
        ways_in(&story.viewer.get(&path).json()),
        0,
        "its hour has come, and nobody showed it"
    );
    assert_eq!(story.viewer.post(&path, &json!({ "act": "show" })).code(), "role-lacks-permission");
    let done = story.duty.post(&path, &json!({ "act": "show" }));
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(phase(&story.auditor, &schedule), "shown");
    let seen = story.viewer.get(&path).json();
    assert_eq!(seen["shown"]["ways"].as_array().unwrap().len(), 3);
    let table = story.viewer.get(&format!("{path}/csv")).text();
    for way in &shown.ways {
        for (at, stop) in way.stops.iter().enumerate() {
            let line = format!("{},{},{stop},", way.team, at + 1);
            assert!(table.contains(&line), "{line} in {table}");
        }
    }
    let job = story.auditor.post(&format!("{path}/check"), &json!({})).json();
    let found = story.auditor.wait_for(&job);
    let wanted = json!({ "schedule": schedule, "kept": true, "drawn_again": true, "planned_by": 1, "plans_by": 1 });
    assert_eq!(found["result"], wanted, "{found}");
}

#[test]
fn the_plan_behind_a_draw_is_for_those_who_may_draw_there() {
    let story = Story::begun();
    let first = story.planner.sign_in("first", crate::house::PASSWORD);
    let quetta = story.house.person(&first, "returning", &["DRO"], "pk/balochistan/quetta");
    let wish = json!({ "area": "pk", "teams": 2 });
    assert_eq!(story.viewer.post("/api/patrols/coverage", &wish).status, 403);
    assert_eq!(quetta.post("/api/patrols/coverage", &wish).code(), "outside-area");
    for (field, bent) in [
        ("teams", json!({ "area": "pk", "teams": 0 })),
        (
            "shift_hours",
            json!({ "area": "pk", "teams": 2, "tours": { "shift_hours": 19, "stay_minutes": 20 } }),
        ),
        ("takes_permille", json!({ "area": "pk", "teams": 2, "takes_permille": 0 })),
        ("area", json!({ "area": "Quetta!", "teams": 2 })),
    ] {
        let refused = story.planner.post("/api/patrols/coverage", &bent);
        assert_eq!((refused.status, refused.json()["field"].as_str().unwrap()), (422, field));
    }
    let job = story.planner.post("/api/patrols/coverage", &wish).json();
    let ended = story.planner.wait_for(&job);
    let id = ended["result"]["coverage"].as_str().unwrap_or_else(|| panic!("{ended}"));
    let path = format!("/api/patrols/coverage/{id}");
    let plan = story.planner.get(&path).json();
    let rows = plan["rows"].as_array().unwrap();
    assert_eq!((rows.len(), &plan["buildings"]), (6, &json!(6)));
    let shares: Vec<u64> = rows.iter().map(|row| row["permille"].as_u64().unwrap()).collect();
    // Two teams are at two places, rounding of six shares aside.
    assert!(shares.is_sorted_by(|a, b| a >= b), "{shares:?}");
    let sum: u64 = shares.iter().sum();
    assert!((1_994..=2_006).contains(&sum) || plan["idle"].as_u64().unwrap() > 0, "{plan}");
    let number = |field: &str| plan[field].as_f64().unwrap();
    assert!(number("bound") <= number("level") + 1e-9 && number("level") < number("without"));
    let payoffs = plan["payoffs_en"].as_str().unwrap();
    assert!(payoffs.contains("a team that is there takes away 700 of every 1,000"), "{payoffs}");
    assert!(rows[0]["why_en"].as_str().unwrap().contains("of 1,000 drawn days"), "{}", rows[0]);

    // The map's bytes stand in the order of the map's points, and a point's row is that of its station's building.
    let bytes = story.planner.get(&format!("{path}/points")).body;
    let stations = story.planner.get("/api/map/station-ids").json();
    assert_eq!(bytes.len(), stations.as_array().unwrap().len());
    for (at, byte) in bytes.iter().enumerate() {
        let row = story.planner.get(&format!("{path}/at/{at}")).json();
        let permille = row["permille"].as_u64().unwrap();
        let expected = if permille == 0 { 0 } else { ((permille + 5) / 10).max(1) };
        assert_eq!(u64::from(*byte), expected, "{row}");
        let station = story.planner.get(&format!("/api/map/at/{at}")).json();
        assert!(station.to_string().contains(row["building"].as_str().unwrap()), "{row} {station}");
    }
    let table = story.planner.get(&format!("{path}/csv")).text();
    assert_eq!(table.lines().count(), 2 + 6, "{table}");
    for look in ["", "/points", "/at/0", "/csv"] {
        let look = format!("{path}{look}");
        assert_eq!(quetta.get(&look).status, 404, "{look}: another's plan");
        assert_ne!(story.viewer.get(&look).status, 200, "{look}: not for whoever only looks");
    }
}

#[test]
fn each_node_opens_in_its_room_what_is_sealed_to_its_key_and_nothing_else() {
    let offices = Offices::of(&[
        ("planner", &["PEC"]),
        ("duty", &["CTRL-D", "ECP-NAT", "PEC", "SECOFF", "SYSADMIN"]),
        ("other", &["ECP-NAT", "PEC", "SECOFF", "SYSADMIN"]),
        ("U-tharparkar", &["ECP-NAT", "PEC", "QRF", "SECOFF", "SYSADMIN"]),
    ]);
    let later = {
        let planner = offices.node("planner");
        super::sealed::assessed(&planner);
        let day = today(&planner).plus_days(1);
        seal(&planner, day, &["U-karachi-east/1"])
    };
    let path = format!("/api/patrols/{later}/open");
    for to in ["duty", "other", "U-tharparkar"] {
        offices.carry("planner", to);
    }
    let room = |name: &str| {
        let house = House::on(offices.node(name));
        let first = house.first();
        (house, first)
    };
    let drawn = {
        let node: Node = offices.node("duty");
        match patrol::open(&node, later, None).unwrap() {
            Opened::Whole(shown) => shown,
            Opened::Ways(_) => panic!("a part where the whole should open"),
        }
    };
    {
        let (house, first) = room("duty");
        let officer = house.person(&first, "officer", &["CTRL-D"], "pk");
        let opened = officer.post(&path, &json!({})).json();
        assert_eq!((&opened["whole"], opened["ways"].as_array().unwrap().len()), (&json!(true), 3));
        let sector = house.person(&first, "sector", &["SECTOR"], "pk");
        assert_eq!(sector.post(&path, &json!({})).code(), "role-lacks-permission");
    }
    {
        let (house, first) = room("other");
        for (name, role) in [("planner", "PEC"), ("officer", "CTRL-D"), ("crew", "QRF")] {
            let who = house.person(&first, name, &[role], "pk");
            let refused = who.post(&path, &json!({}));
            assert_eq!(
                (refused.status, refused.code().as_str()),
                (403, "sealed-to-others"),
                "{name}"
            );
            assert!(!says(&refused.body, &told(&drawn)));
        }
    }
    let (house, first) = room("U-tharparkar");
    let crew = house.person(&first, "crew", &["QRF"], "pk/sindh/tharparkar");
    let opened = crew.post(&path, &json!({})).json();
    let ways = opened["ways"].as_array().unwrap_or_else(|| panic!("{opened}"));
    assert_eq!((&opened["whole"], ways.len()), (&json!(false), 1), "{opened}");
    assert_eq!(ways[0]["team"], "U-tharparkar/1");
    let own = drawn.ways.iter().find(|way| way.team == "U-tharparkar/1").unwrap();
    let of_own: Vec<&str> = own.stops.iter().map(|it| it.as_str()).collect();
    assert_eq!(stops(&ways[0]), of_own);
    let clerk = house.person(&first, "clerk", &["LOG"], "pk/sindh/tharparkar");
    assert_eq!(clerk.post(&path, &json!({})).status, 403);
}
