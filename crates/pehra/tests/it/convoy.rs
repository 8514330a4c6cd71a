//! The convoys' story: planned seat by seat into a folder, stopped, gone on with, and repeated.

use crate::{client::Browser, house::House};
use pehra::work::{
    WorkError,
    convoys::{Folder, Locker, Options, PressWish, SeatFile, Shelf, Summary, run},
};
use serde_json::{Value, json};
use std::{fs, ops::ControlFlow, path::Path};

fn options() -> Options {
    Options { workbooks: true, runs: 20, effort_permille: 50, improve: true, ..Options::default() }
}

fn shelf(place: &Path) -> Folder {
    Folder::open(place).unwrap()
}

fn plan(house: &House, place: &Path, options: &Options) -> (Summary, Vec<SeatFile>) {
    let mut files = Vec::new();
    let mut go_on = |_| ControlFlow::Continue(());
    let mut done = |file: &SeatFile| {
        files.push(file.clone());
        Ok(())
    };
    let summary = run(&house.node, &shelf(place), options, &mut go_on, &mut done).unwrap();
    files.sort_by(|a, b| a.seat.cmp(&b.seat));
    (summary, files)
}

#[test]
fn a_run_that_goes_on_keeps_what_is_written_and_makes_the_rest_again() {
    let house = House::planned();
    let place = tempfile::tempdir().unwrap();
    let (first, files) = plan(&house, place.path(), &options());
    assert_eq!((first.seats, first.kept, first.unserved, first.double_booked), (3, 0, 0, 0));
    assert_eq!(
        files.iter().map(|file| file.seat.as_str()).collect::<Vec<_>>(),
        ["NA-10", "NA-11", "NA-12"]
    );
    for file in &files {
        assert!(file.estimated && file.outcome.stations == 2 && file.outcome.runs == 20);
        for planned in [&file.eve, &file.night] {
            assert!(planned.plan.bound.is_some_and(|bound| bound <= planned.plan.objective));
            let bags: Vec<(u32, u32)> = planned
                .calls
                .iter()
                .flatten()
                .map(|call| (call.bag_from, call.bag_until))
                .collect();
            assert_eq!(bags, [(1, 1), (2, 2)]);
        }
        assert_eq!(file.improvements.len(), 6);
    }
    let one = place.path().join("NA-11.json");
    let whole = fs::read(&one).unwrap();
    fs::write(&one, &whole[..whole.len() / 2]).unwrap();
    let (second, _) = plan(&house, place.path(), &options());
    assert_eq!((second.seats, second.kept), (3, 2));
    assert_eq!(fs::read(&one).unwrap(), whole, "the same inputs give the same bytes");
    let more = Options { runs: 30, ..options() };
    assert_eq!(plan(&house, place.path(), &more).0.kept, 0);
    assert!(fs::read(place.path().join("NA-12.xlsx")).unwrap().starts_with(b"PK"));
    let table = fs::read_to_string(place.path().join("calls.csv")).unwrap();
    assert_eq!(table.lines().filter(|line| line.contains(",eve,")).count(), 6);
}

#[test]
fn the_ballot_papers_of_every_district_come_from_their_press_in_time() {
    let house = House::planned();
    let place = tempfile::tempdir().unwrap();
    let (first, _) = plan(&house, place.path(), &options());
    let read = |name: &str| fs::read_to_string(place.path().join(name)).unwrap();
    let presses = read("presses.csv");
    assert_eq!(presses.matches("National Security Printing Company,Karachi,published").count(), 3);
    assert_eq!(presses.matches(",in time,").count(), 3, "{presses}");
    let quetta = presses.lines().find(|line| line.starts_with("quetta,")).unwrap();
    assert!(quetta.contains(",road,1,D-") && quetta.ends_with(",estimated"), "{quetta}");
    assert_eq!((first.supply.districts, first.supply.unserved, first.supply.late), (3, 0, 0));
    let loads = read("press-loads.csv");
    let papers = |line: &str| line.split(',').nth(9).and_then(|cell| cell.parse::<u64>().ok());
    assert_eq!(loads.lines().filter_map(papers).sum::<u64>(), first.supply.papers);
    assert!(loads.contains(",NA-12,green,1,"), "{loads}");
    let strips = read("press-strips.csv");
    assert!(
        strips.lines().any(|line| line.starts_with("NSPC-KHI,1,") && line.contains(",press,,"))
    );
    // Kept with the seats, and made again when the means are others.
    let kept = fs::read(place.path().join("supply.json")).unwrap();
    let poor = PressWish { lorries: Some(0), escorts: None };
    let (summary, _) = plan(&house, place.path(), &Options { press: poor, ..options() });
    assert_eq!((summary.supply.unserved, summary.supply.convoys), (3, 0));
    plan(&house, place.path(), &options());
    assert_eq!(fs::read(place.path().join("supply.json")).unwrap(), kept);
}

#[test]
fn another_sealed_seed_is_another_folder_and_a_spoilt_one_is_refused() {
    let house = House::planned();
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let departs = |files: &[SeatFile]| -> Vec<u32> {
        files.iter().flat_map(|file| &file.eve.plan.convoys).map(|convoy| convoy.depart_s).collect()
    };
    let first = departs(&plan(&house, one.path(), &options()).1);
    assert_ne!(first, departs(&plan(&house, other.path(), &options()).1));
    fs::write(one.path().join("sealed-seed.hex"), "not a seed").unwrap();
    let mut go_on = |_| ControlFlow::Continue(());
    let refused =
        run(&house.node, &shelf(one.path()), &options(), &mut go_on, &mut |_| Ok(())).unwrap_err();
    assert!(refused.to_string().contains("64 hexadecimal digits"), "{refused}");
}

#[test]
fn a_person_stops_the_run_and_a_node_without_stations_says_so() {
    let house = House::planned();
    let place = tempfile::tempdir().unwrap();
    let mut stop = |_| ControlFlow::Break(());
    let stopped =
        run(&house.node, &shelf(place.path()), &options(), &mut stop, &mut |_| Ok(())).unwrap_err();
    assert!(matches!(stopped, WorkError::Cancelled(_)));
    let empty = House::empty();
    let mut go_on = |_| ControlFlow::Continue(());
    let missing = run(&empty.node, &shelf(place.path()), &options(), &mut go_on, &mut |_| Ok(()))
        .unwrap_err();
    assert!(matches!(missing, WorkError::Missing(_)));
}

/// Plans what is wished in the room and waits for it.
fn ask(browser: &Browser, wish: &Value) -> Value {
    let job = browser.post("/api/convoys", wish);
    assert_eq!(job.status, 200, "{}", job.text());
    let ended = browser.wait_for(&job.json());
    assert_eq!(ended["state"], "done", "{ended}");
    ended["result"].clone()
}

fn rows(browser: &Browser) -> Vec<Value> {
    browser.get("/api/convoys").json()["rows"].as_array().unwrap().clone()
}

#[test]
fn the_room_plans_seat_by_seat_and_goes_on_where_it_was() {
    let house = House::planned();
    let first = house.first();
    let list = first.get("/api/convoys").json();
    assert_eq!((&list["rows"], &list["has_roads"]), (&json!([]), &json!(false)));
    let seats = list["seats"].as_array().unwrap();
    assert_eq!(
        (seats.len(), &seats[0]["seat"], &seats[0]["stations"]),
        (3, &json!("NA-10"), &json!(2))
    );
    let one = json!({ "area": "pk", "seat": "NA-11", "runs": 50, "improve": true });
    assert_eq!(ask(&first, &one), json!({ "seats": 1, "kept": 0 }));
    assert_eq!(rows(&first).len(), 1);
    let all = json!({ "area": "pk", "runs": 50, "improve": true });
    assert_eq!(ask(&first, &all), json!({ "seats": 3, "kept": 1 }));
    let held = rows(&first);
    assert_eq!(held.len(), 3);
    for row in &held {
        assert!(row["eve"]["bound"].as_i64().unwrap() <= row["eve"]["objective"].as_i64().unwrap());
        assert_eq!((&row["outdated"], &row["estimated"]), (&json!(false), &json!(true)));
        assert_eq!(row["night"]["double_booked"], 0);
    }
    let since = held.iter().map(|row| row["made_ms"].as_i64().unwrap()).max().unwrap();
    let newer = first.get(&format!("/api/convoys?since_ms={since}")).json();
    assert_eq!((&newer["rows"], &newer["seats"]), (&json!([]), &json!([])));
    // Another room on the same folder finds what the first one kept.
    let again = House::on(house.node.clone());
    let reader = again.browser().sign_in("first", crate::house::PASSWORD);
    assert_eq!(rows(&reader).len(), 3);
    assert_eq!(ask(&reader, &all), json!({ "seats": 3, "kept": 3 }));
    for (wrong, status) in [
        (json!({ "area": "no where!" }), 422),
        (json!({ "area": "in" }), 403),
        (json!({ "area": "pk", "seat": "NA-99" }), 404),
        (json!({ "area": "pk", "runs": 0 }), 422),
        (
            json!({ "area": "pk", "narrows": [{ "name": "b", "lat": 91, "lon": 0, "radius_m": 9 }] }),
            422,
        ),
    ] {
        assert_eq!(first.post("/api/convoys", &wrong).status, status, "{wrong}");
    }
}

#[test]
fn a_seats_plan_says_who_carries_what_where_and_what_a_better_night_costs() {
    let house = House::planned();
    let first = house.first();
    let bridge = json!([{ "name": "bridge", "lat": 30.19, "lon": 67.0, "radius_m": 40_000 }]);
    ask(&first, &json!({ "area": "pk", "runs": 50, "improve": true, "narrows": bridge }));
    let plan = first.get("/api/convoys/NA-10").json();
    let eve = &plan["eve"]["convoys"];
    let calls: Vec<&Value> =
        eve.as_array().unwrap().iter().flat_map(|it| it["calls"].as_array().unwrap()).collect();
    let buildings: Vec<&str> =
        calls.iter().map(|call| call["building"].as_str().unwrap()).collect();
    assert_eq!(
        (buildings.len(), buildings.contains(&"B-0"), buildings.contains(&"B-1")),
        (2, true, true)
    );
    for convoy in eve.as_array().unwrap() {
        let sum = |what: &str| -> u64 {
            convoy["vehicles"].as_array().unwrap().iter().map(|it| it[what].as_u64().unwrap()).sum()
        };
        let aboard: u64 =
            convoy["calls"].as_array().unwrap().iter().map(|it| it["bags"].as_u64().unwrap()).sum();
        assert_eq!(sum("bags"), aboard);
        assert_eq!(sum("escorts") + 1, convoy["escorts"].as_u64().unwrap(), "one of them commands");
        let legs = convoy["legs"].as_array().unwrap();
        assert_eq!(legs.len(), convoy["calls"].as_array().unwrap().len() + 1);
        assert!(legs.last().unwrap()["to"].is_null());
    }
    for call in calls {
        let at = |what: &str| call[what].as_u64().unwrap();
        assert!(at("arrive_s") <= at("overdue_s") && at("arrive_s") < at("leave_s"), "{call}");
    }
    came_from_karachi(&plan["press"]);
    let night = &plan["outcome"];
    assert_eq!(night["received_permille"].as_array().unwrap().last(), Some(&json!(1_000)));
    assert_eq!(night["causes_permille"].as_array().unwrap().len(), 5);
    for convoy in plan["night"]["convoys"].as_array().unwrap() {
        assert!(convoy["home"]["p50_s"].as_u64() <= convoy["home"]["p95_s"].as_u64());
    }
    let better = plan["improvements"].as_array().unwrap();
    assert_eq!(better.len(), 6);
    assert!(better.iter().any(|it| it["escorts_more"].as_u64() > Some(0)));
    assert!(better.iter().all(|it| it["vehicles_out_s"].as_u64() > Some(0)));
    let table = first.get("/api/convoys/NA-10/calls.csv").text();
    assert!(table.contains("taken by first") && table.matches("B-1").count() == 2, "{table}");
    assert!(first.get("/api/convoys/NA-10/plan.xlsx").body.starts_with(b"PK"));
}

fn came_from_karachi(press: &Value) {
    assert_eq!((&press["town"], &press["assumed"]), (&json!("Karachi"), &json!(false)));
    assert_eq!(
        (&press["late"], &press["by_air"], &press["vehicles"]),
        (&json!(false), &json!(false), &json!(1))
    );
    assert!(press["leave_days_before"].as_i64() >= press["done_days_before"].as_i64());
    assert!(press["papers"].as_u64() > Some(0) && press["time_s"].as_u64() > Some(0), "{press}");
}

#[test]
fn a_meeting_with_a_convoy_that_one_may_not_know_keeps_its_name() {
    let house = House::planned();
    let first = house.first();
    ask(&first, &json!({ "area": "pk", "runs": 5 }));
    let met = json!([{ "place": "bridge", "direction": "night", "first": ["NA-11", 2], "second": ["NA-10", 1], "at_s": 70_000 }]);
    let locker = Locker::open(&house.node).unwrap();
    locker.write("meetings.json", &serde_json::to_vec(&met).unwrap()).unwrap();
    let officer = house.person(&first, "officer", &["RO"], "pk/balochistan/quetta");
    let told = |browser: &Browser| browser.get("/api/convoys/NA-10").json()["meetings"].clone();
    let meeting = |other: Value, convoy: Value| json!([{ "place": "bridge", "direction": "night", "convoy": 1, "other": other, "other_convoy": convoy, "at_s": 70_000 }]);
    assert_eq!(told(&first), meeting(json!("NA-11"), json!(2)));
    assert_eq!(told(&officer), meeting(Value::Null, Value::Null));
}

#[test]
fn who_may_not_know_a_route_or_a_time_is_told_none() {
    let house = House::planned();
    let first = house.first();
    ask(&first, &json!({ "area": "pk", "runs": 20 }));
    let viewer = house.person(&first, "viewer", &["ECP-NAT"], "pk");
    let officer = house.person(&first, "officer", &["RO"], "pk/balochistan/quetta");
    let trainer = house.person(&first, "trainer", &["TRAINER"], "pk");
    let paths = ["", "/calls.csv", "/plan.xlsx"].map(|end| format!("/api/convoys/NA-11{end}"));
    for path in &paths {
        let answer = viewer.get(path);
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (403, "role-lacks-permission"),
            "{path}"
        );
        let answer = officer.get(path);
        assert_eq!((answer.status, answer.code().as_str()), (403, "outside-area"), "{path}");
        assert_eq!(trainer.get(path).status, 403);
    }
    assert_eq!(officer.get("/api/convoys/NA-10").status, 200, "it is the officer's own seat");
    assert_eq!(
        officer.post("/api/convoys", &json!({ "area": "pk" })).code(),
        "role-lacks-permission"
    );
    let far = house.person(&first, "far", &["DRO"], "pk/balochistan/quetta");
    assert_eq!(far.post("/api/convoys", &json!({ "area": "pk" })).code(), "outside-area");
    let seat = json!({ "area": "pk/balochistan/quetta", "seat": "NA-11" });
    assert_eq!(
        far.post("/api/convoys", &seat).code(),
        "outside-area",
        "by the seat, not by the word"
    );
    assert_eq!(far.get("/api/convoys").json()["rows"].as_array().unwrap().len(), 1);
    // What everybody may look at who plans: no building and no time of a convoy is in it.
    let told = ["/api/convoys", "/api/jobs", "/api/search?q=convoy", "/api/node"];
    for path in told {
        let text = viewer.get(path).text();
        for word in
            ["depart_s", "arrive_s", "B-2", "calls", "home_s", "leave_s", "done_s", "Printing"]
        {
            assert!(!text.contains(word), "{path} tells {word}: {text}");
        }
    }
    // The node's folder holds the plans under its key alone, and under names that say nothing.
    let folder = house.node.dir().join("convoys");
    let files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(files.len() >= 7, "{files:?}");
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        assert!(name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
        let bytes = fs::read(&file).unwrap();
        for word in [&b"NA-1"[..], b"depart_s", b"B-2", &[0x1f, 0x8b, 8]] {
            assert!(!bytes.windows(word.len()).any(|part| part == word), "{name}");
        }
    }
}
