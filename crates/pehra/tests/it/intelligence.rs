//! The intelligence desk in the room: a tip that three services pass on from one root, until the officer at the school
//! says that it is met; and what nobody may learn on the way.

use crate::{
    client::{Answer, Browser, Listening},
    house::House,
    sample,
};
use pehra::{
    dataset,
    node::{DatasetDraft, OpenOptions},
    work,
};
use pehra_domain::{
    AreaId, BuildingId, Date, Point, TimeWindow, UnixMs,
    building::{Building, BuildingKind},
    station::PlaceBasis,
};
use pehra_ops::dataset::DatasetKind;
use serde_json::{Value, json};
use std::{fs, path::Path};

const QUETTA: &str = "pk/balochistan/quetta";
const HOUR: i64 = 3_600_000;
/// Words that stand in the full text alone.
const SECRET: &str = "the watchman's cousin by the blue gate";

fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap() / 60_000 * 60_000
}

fn tip(service: &str, root: &str, compartment: &str) -> Value {
    json!({ "area": QUETTA, "service": service, "source": "human", "root": root,
        "obtained_ms": now(), "from_ms": now() + 6 * HOUR, "until_ms": now() + 12 * HOUR,
        "points": [[302_000_000, 670_000_000]], "radius_m": 500, "target": "station",
        "threat": "explosive", "horizon": "imminent", "handling": "C",
        "caveats": ["source-at-risk"], "compartment": compartment,
        "expires_ms": now() + 48 * HOUR, "text": format!("A bag will be left, says {SECRET}") })
}

fn made(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

fn act(browser: &Browser, act: &Value) -> Answer {
    browser.post("/api/intelligence/acts", act)
}

fn grade(browser: &Browser, report: &str, grade: &str) -> Answer {
    act(browser, &json!({ "act": "grade", "report": report, "grade": grade }))
}

struct Desk {
    house: House,
    first: Browser,
    police: Browser,
    guards: Browser,
    army: Browser,
    analyst: Browser,
    manager: Browser,
    sector: Browser,
}

fn desk() -> Desk {
    desk_in(House::planned())
}

fn desk_in(house: House) -> Desk {
    let first = house.first();
    let person = |name: &str, role: &str| house.person(&first, name, &[role], QUETTA);
    let police = person("police", "SHO");
    let guards = person("guards", "CAF");
    let army = person("army", "ARMY");
    let analyst = person("analyst", "INTEL-AN");
    let manager = person("manager", "INTEL-MGR");
    let sector = person("sector", "SECTOR");
    Desk { house, first, police, guards, army, analyst, manager, sector }
}

#[test]
fn a_tip_from_three_services_with_one_root_is_one_voice_and_becomes_an_order_in_time() {
    let desk = desk();
    let Desk { first, police, guards, army, analyst, manager, sector, .. } = &desk;
    let tips =
        [(police, "police", "P-7"), (guards, "civil-armed-forces", "C-3"), (army, "army", "A-9")];
    let mut reports = Vec::new();
    for (who, service, root) in tips {
        let wish = tip(service, root, "OPEN");
        let report = made(&who.post("/api/intelligence/reports", &wish));
        assert_eq!(grade(analyst, &report, "B2").status, 200);
        reports.push(report);
    }
    let matter = |roots: u64| {
        let seen = analyst.get("/api/intelligence").json();
        assert_eq!(seen["matters"].as_array().unwrap().len(), 1, "{seen}");
        assert_eq!(seen["matters"][0]["roots"], roots, "{seen}");
        seen["matters"][0].clone()
    };
    assert!(matter(3)["posterior_e4"].as_u64().unwrap() > 3_000);
    for report in &reports[1..] {
        let reason = "each quotes the same call";
        let tie = json!({ "act": "tie", "report": report, "root": "P-7", "reason": reason });
        assert_eq!(act(analyst, &tie).status, 200);
    }
    let one = matter(1);
    // .0583 of a fresh one; minutes take a little of it.
    let posterior = one["posterior_e4"].as_u64().unwrap();
    assert!((578..=583).contains(&posterior) && one["level"] == 1, "{one}");
    assert!(one["english"].as_str().unwrap().contains("2 were an echo"), "{one}");
    let assess = json!({ "act": "assess", "area": QUETTA, "reports": one["reports"],
        "until_ms": now() + 24 * HOUR, "words": "enough to search the school" });
    made(&act(manager, &assess));
    assert_eq!(matter(1)["signed"]["person"], "manager");

    let report = &reports[0];
    let text = "Search the school before it opens";
    let sanitise = json!({ "act": "sanitise", "report": report, "text": text });
    let release =
        json!({ "act": "release", "report": report, "to": ["SHO", "SECTOR", "CAF", "ARMY"] });
    assert_eq!(act(manager, &release).code(), "report-not-sanitised");
    made(&act(analyst, &sanitise));
    assert_eq!(act(analyst, &release).code(), "role-lacks-permission");
    made(&act(manager, &release));

    let warned = sector.get("/api/intelligence/warnings").json();
    assert_eq!((&warned["warnings"][0]["text"], &warned["hands"]), (&json!(text), &json!(1)));
    let away = desk.house.person(first, "away", &["SECTOR"], "pk/sindh/karachi-east");
    assert_eq!(away.get("/api/intelligence/warnings").json()["warnings"], json!([]));
    let warning = warned["warnings"][0]["id"].as_str().unwrap();
    let order = |confirm_by_ms: i64| {
        let charge = json!({ "warning": warning, "measure": "harden", "owner": "SHO",
            "confirm_by_ms": confirm_by_ms });
        first.post(
            "/api/orders",
            &json!({ "area": QUETTA, "to": ["SHO"], "priority": "urgent",
            "text": "Search and post two more", "minutes": 30, "charge": charge }),
        )
    };
    assert_eq!(order(now() + 7 * HOUR).code(), "measure-too-late");
    assert_eq!(order(now() + 5 * HOUR).status, 200);
    let standing =
        || sector.get("/api/intelligence/warnings").json()["warnings"][0]["standing"].clone();
    assert_eq!(standing(), "ordered");
    let mine = police.get("/api/orders").json();
    let id = mine["orders"][0]["id"].as_str().unwrap();
    assert_eq!(police.post(&format!("/api/orders/{id}/act"), &json!({})).status, 200);
    assert_eq!(standing(), "confirmed");
}

fn says(path: &Path, words: &str) -> bool {
    if path.is_dir() {
        return fs::read_dir(path).unwrap().any(|file| says(&file.unwrap().path(), words));
    }
    let bytes = fs::read(path).unwrap_or_default();
    bytes.windows(words.len()).any(|part| part == words.as_bytes())
}

#[test]
fn the_words_of_a_report_are_in_no_list_no_record_and_nowhere_in_the_folder() {
    let desk = desk();
    let Desk { house, first, police, analyst, manager, sector, .. } = &desk;
    let report = made(&police.post("/api/intelligence/reports", &tip("police", "P-7", "SOURCE")));
    assert_eq!(grade(analyst, &report, "A1").status, 200);
    let path = format!("/api/intelligence/reports/{report}/open");
    let reason = json!({ "reason": "to write what may go out" });
    assert_eq!(analyst.post(&path, &reason).code(), "compartment-closed");
    assert_eq!(police.post(&path, &reason).status, 403, "not even its writer");
    let admit = json!({ "act": "admit", "area": QUETTA, "person": "analyst", "compartment": "SOURCE",
        "until_ms": now() + 48 * HOUR, "reason": "duty roster" });
    made(&act(manager, &admit));
    assert_eq!(analyst.post(&path, &json!({ "reason": " " })).code(), "text-empty");
    let opened = analyst.post(&path, &reason);
    assert!(opened.text().contains(SECRET), "{}", opened.text());
    let seen = analyst.get("/api/intelligence");
    assert!(!seen.text().contains(SECRET));
    let course = seen.json()["reports"][0]["course"].clone();
    assert!(course.as_array().unwrap().iter().any(|line| line["word"] == "opened"), "{course}");
    let lists = [
        "/api/intelligence",
        "/api/intelligence/warnings",
        "/api/conflicts",
        "/api/withheld",
        "/api/record",
        "/api/search?q=watchman",
        "/api/orders",
        "/api/day",
    ];
    for who in [first, police, analyst, manager, sector] {
        for list in lists {
            assert!(!says_answer(&who.get(list), SECRET), "{list}");
        }
    }
    assert_eq!(sector.get("/api/intelligence").status, 403);
    for line in first.get("/api/record").json()["entries"].as_array().unwrap() {
        assert!(!line["word"].as_str().unwrap_or_default().starts_with("intelligence."), "{line}");
    }
    let backup = tempfile::tempdir().unwrap();
    let mut go_on = |_| std::ops::ControlFlow::Continue(());
    let copy = backup.path().join("copy");
    pehra::node::backup(house.node.dir(), &copy, &mut go_on).unwrap();
    assert!(says(house.node.dir(), "P-7"), "the test looks in vain");
    for place in [house.node.dir(), backup.path()] {
        assert!(!says(place, SECRET), "{}", place.display());
    }
}

fn says_answer(answer: &Answer, words: &str) -> bool {
    answer.body.windows(words.len()).any(|part| part == words.as_bytes())
}

#[test]
fn a_report_that_would_name_somebody_or_makes_no_sense_is_refused_in_both_languages() {
    let desk = desk();
    let Desk { police, analyst, .. } = &desk;
    let with = |change: &dyn Fn(&mut Value)| {
        let mut wish = tip("police", "P-7", "OPEN");
        change(&mut wish);
        police.post("/api/intelligence/reports", &wish)
    };
    let named = with(&|wish| wish["root"] = json!("Karim"));
    assert_eq!(named.code(), "root-malformed");
    assert!(named.json()["text_ur"].as_str().unwrap().contains("ماخذ"));
    let number = with(&|wish| wish["text"] = json!("he is 42101-1234567-1"));
    assert_eq!(number.code(), "identity-number");
    assert!(!number.text().contains("42101"));
    assert_eq!(with(&|wish| wish["threat"] = json!("rumour")).status, 422);
    let backward = with(&|wish| wish["until_ms"] = wish["from_ms"].clone());
    assert_eq!(backward.code(), "window-backward");
    let report = made(&with(&|_| {}));
    assert_eq!(grade(analyst, &report, "B7").status, 422);
    assert_eq!(grade(police, &report, "B2").code(), "role-lacks-permission");
}

#[test]
fn nobody_grades_their_own_report_and_whoever_graded_or_sanitised_releases_nothing() {
    let desk = desk();
    let Desk { house, first, analyst, manager, .. } = &desk;
    let own = made(&analyst.post("/api/intelligence/reports", &tip("commission", "E-1", "OPEN")));
    assert_eq!(grade(analyst, &own, "B2").code(), "duties-separated");
    let row = |who: &Browser, id: &str| {
        let seen = who.get("/api/intelligence").json();
        let rows = seen["reports"].as_array().unwrap().clone();
        rows.into_iter().find(|row| row["id"] == id).unwrap()
    };
    let may = |row: &Value, act: &str| row["may"].as_array().unwrap().iter().any(|one| one == act);
    assert!(!may(&row(analyst, &own), "grade") && row(analyst, &own)["waits"].is_null());
    let other = house.person(first, "other", &["INTEL-AN"], QUETTA);
    assert_eq!(row(&other, &own)["waits"], "grade");
    assert_eq!(grade(&other, &own, "C3").status, 200);
    let sanitise = json!({ "act": "sanitise", "report": own, "text": "Look twice at the gate" });
    assert_eq!(row(&other, &own)["waits"], "sanitise");
    made(&act(&other, &sanitise));
    assert_eq!(row(manager, &own)["waits"], "release");
    let release = json!({ "act": "release", "report": own, "to": ["SHO"] });
    assert_eq!(act(&other, &release).code(), "role-lacks-permission");
    assert_eq!(act(manager, &json!({ "act": "release", "report": own, "to": [] })).status, 409);
    made(&act(manager, &release));
    assert_eq!(row(manager, &own)["released_to"], json!(["SHO"]));
    // Only those to whom it went are warned.
    let warned = |who: &Browser| who.get("/api/intelligence/warnings").json()["warnings"].clone();
    assert_eq!(warned(&desk.police)[0]["text"], "Look twice at the gate");
    for nobody in [&desk.sector, &desk.guards, &desk.army] {
        assert_eq!(warned(nobody), json!([]));
    }
    let back = json!({ "act": "withdraw", "report": own, "reason": "the source was wrong" });
    made(&act(manager, &back));
    assert_eq!(warned(&desk.police), json!([]));
}

/// A protected place of Quetta, from north to south past the tip's spot.
fn protected(id: &str, kind: BuildingKind, lon: f64, hours: Option<(i64, i64)>) -> Building {
    let at = |lat: f64| Point::try_from_degrees(lat, lon).unwrap();
    let window = |(from, until): (i64, i64)| TimeWindow {
        from: UnixMs(now() + from * HOUR),
        until: UnixMs(now() + until * HOUR),
    };
    Building {
        id: BuildingId::try_new(id).unwrap(),
        kind,
        name: id.to_owned(),
        district: AreaId::try_new(QUETTA).unwrap(),
        point: at(30.3),
        place_basis: PlaceBasis::Given,
        stations: Vec::new(),
        window: hours.map(window),
        line: if kind == BuildingKind::Route { vec![at(30.1)] } else { Vec::new() },
    }
}

/// Material of a school sets out and is due so many hours from now.
fn sets_out(returning: &Browser, officer: &Browser, item: &str, due: i64) {
    let done = |who: &Browser, deed: Value| {
        let wish = json!({ "area": QUETTA, "at_ms": now() - HOUR, "act": deed });
        let answer = who.post("/api/custody/acts", &wish);
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    };
    let bag = json!({ "item": item, "kind": "bag", "station": "NA-10-0", "contest": "NA-10", "seals": [] });
    done(returning, json!({ "deed": "register", "items": [bag] }));
    let offer = json!({ "deed": "offer", "step": "C05", "items": [item], "to": "PO" });
    let offer = done(returning, offer)["entries"][0].clone();
    let read = json!([{ "item": item, "seals": [] }]);
    done(officer, json!({ "deed": "receive", "offer": offer, "read": read }));
    let due_ms = now() + due * HOUR;
    let leaves = json!({ "deed": "depart", "step": "C12", "items": [item], "vehicle": format!("V-{due}"),
        "due_ms": due_ms });
    done(officer, leaves);
}

#[test]
fn what_lies_where_a_report_points_is_shown_to_its_readers_nearest_first() {
    let desk = desk();
    let Desk { house, first, police, analyst, .. } = &desk;
    let returning = house.person(first, "returning", &["RO"], QUETTA);
    let officer = house.person(first, "officer", &["PO"], QUETTA);
    let places = vec![
        protected("ROUTE-1", BuildingKind::Route, 67.0, None),
        protected("ROUTE-2", BuildingKind::Route, 67.001, Some((0, 2))),
        protected("ROUTE-3", BuildingKind::Route, 67.3, None),
        protected("PK-RO-NA-10", BuildingKind::ReturningOffice, 67.0, None),
    ];
    let draft = dataset::write_places(places);
    let draft =
        DatasetDraft::generated(DatasetKind::Buildings, "places.csv", draft, &[("rows", 4)]);
    house.node.commit_dataset(&house.node.operator().unwrap(), draft).unwrap();
    sets_out(&returning, &officer, "BAG-1", 8);
    sets_out(&returning, &officer, "BAG-2", 2);
    let incident = json!({ "code": "ARM.PST", "area": QUETTA, "lat": 30.2, "lon": 67.01,
        "text": "shots near the school", "source": "on-scene" });
    assert_eq!(police.post("/api/day/incidents", &incident).status, 200);

    let report = made(&police.post("/api/intelligence/reports", &tip("police", "P-7", "OPEN")));
    let another = made(&police.post("/api/intelligence/reports", &tip("police", "P-8", "OPEN")));
    let path = format!("/api/intelligence/reports/{report}/near");
    let seen = analyst.get(&path).json();
    let names = |rows: &Value, key: &str| -> Vec<Value> {
        rows.as_array().unwrap().iter().map(|row| row[key].clone()).collect()
    };
    // The spot is 30.2; one school lies at 30.19, one at 30.21 and a bit east.
    assert_eq!(names(&seen["stations"], "station"), ["NA-10-0", "NA-10-1"]);
    let metres = seen["stations"][0]["distance_m"].as_i64().unwrap();
    assert!((metres - 612).abs() < 5, "{metres}");
    assert_eq!(names(&seen["places"], "id"), ["ROUTE-1"], "in its window, and near");
    assert_eq!(names(&seen["convoys"], "vehicle"), ["V-8"], "V-2 is there before the window opens");
    assert_eq!(seen["convoys"][0]["distance_m"], 0, "from 30.19 north to the office at 30.3");
    assert_eq!(names(&seen["incidents"], "code"), ["ARM.PST"]);
    assert_eq!(names(&seen["reports"], "id"), [json!(another)]);
    let closer = analyst.get(&format!("{path}?within_m=700")).json();
    assert_eq!(names(&closer["stations"], "station"), ["NA-10-0"]);

    assert_eq!(police.get(&path).status, 403, "who writes does not look around");
    let away = house.person(first, "away", &["INTEL-AN"], "pk/sindh/karachi-east");
    assert_eq!(away.get(&path).status, 404);
    assert_eq!(away.get("/api/intelligence").json()["reports"], json!([]));
    assert_eq!(grade(&away, &report, "A1").code(), "not-found");
    let reason = json!({ "reason": "curious" });
    let open = format!("/api/intelligence/reports/{report}/open");
    assert_eq!(away.post(&open, &reason).code(), "not-found");

    let watch = json!({ "act": "watch", "area": QUETTA, "name": "schools of the north",
        "points": [[302_000_000, 670_000_000]], "radius_m": 3000, "incidents": true,
        "until_ms": now() + 24 * HOUR });
    made(&act(analyst, &watch));
    let seen = analyst.get("/api/intelligence").json();
    assert_eq!((&seen["hands_up"], &seen["watches"][0]["shape"]), (&json!(3), &json!("circle")));
    let what = seen["hands"].as_array().unwrap().iter().find(|hand| hand["kind"] == "incident");
    let notice = json!({ "act": "notice", "area": QUETTA, "watch": "schools of the north",
        "what": what.unwrap()["what"], "note": "the same gate" });
    made(&act(analyst, &notice));
    assert_eq!(analyst.get("/api/intelligence").json()["hands_up"], 2);
    assert_eq!(analyst.get(&path).json()["watches"], json!(["schools of the north"]));
}

#[test]
fn a_question_goes_to_its_service_and_the_answer_comes_back_with_feedback() {
    let desk = desk();
    let Desk { police, army, analyst, manager, sector, .. } = &desk;
    let ask = |by: i64| {
        json!({ "act": "ask", "area": QUETTA, "service": "police",
            "question": "Who has the keys of the school at night?", "answer_by_ms": by })
    };
    assert_eq!(act(manager, &ask(now() - HOUR)).code(), "expiry-in-past");
    assert_eq!(act(police, &ask(now() + HOUR)).code(), "role-lacks-permission");
    let task = made(&act(manager, &ask(now() + HOUR)));
    let asked = police.get("/api/intelligence").json()["tasks"].clone();
    assert_eq!((&asked[0]["id"], &asked[0]["may_answer"]), (&json!(task), &json!(true)));
    assert_eq!(army.get("/api/intelligence").json()["tasks"], json!([]), "not their question");
    let mut wish = tip("police", "P-9", "OPEN");
    wish["task"] = json!(task);
    let answer = made(&police.post("/api/intelligence/reports", &wish));
    let row = manager.get("/api/intelligence").json()["tasks"][0].clone();
    assert_eq!((&row["phase"], &row["answers"]), (&json!("answered"), &json!(1)));
    let feedback = json!({ "act": "feed-back", "report": answer, "feedback": "useful",
        "note": "the night watch was changed" });
    assert_eq!(
        act(sector, &feedback).code(),
        "not-found",
        "a report of which they were never told"
    );
    made(&act(analyst, &feedback));
    let seen = police.get("/api/intelligence").json();
    let course = seen["reports"][0]["course"].clone();
    assert_eq!((&course[0]["word"], &course[0]["detail"]), (&json!("fed-back"), &json!("useful")));
    let close = json!({ "act": "close-task", "task": task, "outcome": "answered", "note": "" });
    made(&act(manager, &close));
    assert_eq!(police.get("/api/intelligence").json()["tasks"][0]["phase"], "closed");
}

#[test]
fn that_the_desk_is_at_work_is_told_to_the_desk_alone_and_what_goes_out_to_the_warned() {
    let desk = desk();
    let Desk { house, first, police, analyst, manager, sector, .. } = &desk;
    let stores = house.person(first, "stores", &["LOG"], QUETTA);
    let listening = [&stores, sector, analyst].map(|who| Listening::open(who, None));
    let report = made(&police.post("/api/intelligence/reports", &tip("police", "P-7", "OPEN")));
    grade(analyst, &report, "B2");
    made(&act(
        analyst,
        &json!({ "act": "sanitise", "report": report, "text": "Search the school" }),
    ));
    made(&act(manager, &json!({ "act": "release", "report": report, "to": ["SECTOR"] })));
    let order = json!({ "area": QUETTA, "to": ["SHO"], "priority": "routine", "text": "Go on",
        "minutes": 30 });
    assert_eq!(first.post("/api/orders", &order).status, 200);
    let told = listening.map(|mut stream| {
        let mut topics = Vec::new();
        while topics.last().is_none_or(|last| last != "order") {
            let told = stream.next().unwrap();
            let field = told.data["topic"].as_str().unwrap_or(&told.event).to_owned();
            assert!(!told.data.to_string().contains(&report), "{}", told.data);
            topics.push(field);
        }
        topics
    });
    let [stores, sector, analyst] = told;
    assert_eq!(stores, ["hello", "order"]);
    assert_eq!(sector, ["hello", "warning", "order"]);
    let desk = [
        "hello",
        "intelligence",
        "intelligence",
        "intelligence",
        "warning",
        "intelligence",
        "order",
    ];
    assert_eq!(analyst, desk);
}

#[test]
fn a_bundle_of_what_was_released_goes_out_and_one_that_comes_in_is_shown_and_not_kept() {
    let desk = desk();
    let Desk { house, first, police, analyst, manager, sector, .. } = &desk;
    let report = made(&police.post("/api/intelligence/reports", &tip("police", "P-7", "SOURCE")));
    grade(analyst, &report, "B2");
    let text = "Search the school before it opens";
    made(&act(analyst, &json!({ "act": "sanitise", "report": report, "text": text })));
    made(&act(manager, &json!({ "act": "release", "report": report, "to": ["SECTOR"] })));
    let out = |who: &Browser| who.get("/api/intelligence/warnings.stix");
    let bundle = out(sector);
    assert_eq!(bundle.headers["content-type"], "application/stix+json");
    assert!(bundle.text().contains(text));
    assert!(!bundle.text().contains("P-7") && !bundle.text().contains(SECRET));
    assert!(!bundle.text().contains("police"), "no service is named");
    let away = house.person(first, "away", &["SECTOR"], "pk/sindh/karachi-east");
    assert!(out(&away).json()["objects"].is_null() && out(police).json()["objects"].is_null());

    let kind = [("content-type", "application/stix+json")];
    let read = |who: &Browser, body: &[u8]| who.send("POST", "/api/intelligence/stix", &kind, body);
    assert_eq!(read(sector, &bundle.body).status, 403);
    let shown = read(analyst, &bundle.body).json();
    assert_eq!(shown["findings"], json!([]));
    let tips = shown["tips"].as_array().unwrap();
    assert!(tips.iter().any(|tip| tip["text"].as_str().unwrap().contains(text)), "{shown}");
    let report = tips.iter().find(|tip| tip["kind"] == "report").unwrap();
    assert_eq!(report["points"], json!([[302_000_000, 670_000_000]]));
    let person = json!({ "type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000001",
        "objects": [{ "type": "identity", "spec_version": "2.1", "name": "Karim",
            "id": "identity--00000000-0000-4000-8000-000000000002",
            "created": "2024-02-01T00:00:00.000Z", "modified": "2024-02-01T00:00:00.000Z" }] });
    let shown = read(analyst, person.to_string().as_bytes());
    assert!(!shown.text().contains("Karim"), "nobody is repeated");
    assert_eq!(shown.json()["findings"].as_array().unwrap().len(), 1);
    assert_eq!(analyst.get("/api/intelligence").json()["reports"].as_array().unwrap().len(), 1);
}

#[test]
fn what_a_person_signed_reaches_the_index_of_the_stations_that_it_covers_and_changes_no_class() {
    let later = OpenOptions::of("PK-GE-2090", "A later election", Date(44_000));
    let house = House::open(&later, |_| {});
    sample::fill(&house.node);
    let desk = desk_in(house);
    let Desk { house, first, police, analyst, manager, .. } = &desk;
    let assess = || {
        let actor = house.node.operator().unwrap();
        let options =
            work::assess::Options { seed: 1, draws: 20, ..work::assess::Options::default() };
        let mut go_on = |_| std::ops::ControlFlow::Continue(());
        work::assess::run(&house.node, &actor, options, &mut go_on).unwrap();
    };
    let threat = |station: &str| {
        let why = first.get(&format!("/api/stations/{station}/why")).json();
        let factors = why["factors"].as_array().unwrap().clone();
        factors.into_iter().find(|factor| factor["factor"] == "T3").unwrap()
    };
    assess();
    let official = first.get("/api/stations/NA-10-1").json()["official"].clone();
    assert_ne!(threat("NA-10-0")["basis"], "observed");
    // One school lies 1,112 m from the tip, the other 2.2 km.
    let wide = |compartment: &str, spot: [i32; 2]| {
        let mut wish = tip("police", "P-7", compartment);
        wish["radius_m"] = json!(1_200);
        wish["points"] = json!([spot]);
        let report = made(&police.post("/api/intelligence/reports", &wish));
        assert_eq!(grade(analyst, &report, "A1").status, 200);
        report
    };
    let sign = |report: &str| {
        let wish = json!({ "act": "assess", "area": QUETTA, "reports": [report],
            "until_ms": now() + 24 * HOUR, "words": "we search" });
        made(&act(manager, &wish));
    };
    let open = wide("OPEN", [302_000_000, 670_000_000]);
    assess();
    assert_ne!(threat("NA-10-0")["basis"], "observed", "nobody signed it yet");
    sign(&open);
    assess();
    assert_eq!(threat("NA-10-0")["basis"], "observed");
    assert_ne!(threat("NA-10-1")["basis"], "observed", "it lies outside");

    // What rests on a closed compartment moves no list that planners read, before it was released.
    let closed = wide("SOURCE", [302_100_000, 670_200_000]);
    sign(&closed);
    assess();
    assert_ne!(threat("NA-10-1")["basis"], "observed");
    let text = json!({ "act": "sanitise", "report": closed, "text": "Look at the second school" });
    made(&act(analyst, &text));
    made(&act(manager, &json!({ "act": "release", "report": closed, "to": ["SHO"] })));
    assess();
    assert_eq!(threat("NA-10-1")["basis"], "observed");
    assert_eq!(first.get("/api/stations/NA-10-1").json()["official"], official);
}
