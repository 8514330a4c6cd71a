//! Packs in the room: printed by whoever plans an area, taken along by whoever may read them there, by nobody else.

use super::{more_women, typesetter};
use crate::{client::Browser, house::House};
use pehra::{http::Config, node::OpenOptions};
use serde_json::{Value, json};
use std::io::{Cursor, Read};

const DISTRICT: &str = "pk/sindh/tharparkar";

fn row(browser: &Browser) -> Value {
    let list = browser.get("/api/packs").json();
    list["packs"][0].clone()
}

fn print(browser: &Browser) -> Value {
    let wish = json!({ "area": DISTRICT, "kinds": ["posting-order", "poster"] });
    let job = browser.wait_for(&browser.post("/api/packs", &wish).json());
    assert_eq!(job["state"], "done", "{job}");
    job["result"].clone()
}

fn names(bytes: &[u8]) -> Vec<String> {
    let archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut names: Vec<String> =
        archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_district_is_printed_by_its_planner_and_taken_along_by_those_who_may_read_it() {
    if typesetter().is_none() {
        return;
    }
    let house = House::planned();
    let first = house.first();
    let planner = house.person(&first, "planner", &["DRO"], DISTRICT);
    let desk = house.person(&first, "desk", &["CTRL-D"], DISTRICT);
    let other = house.person(&first, "other", &["DRO"], "pk/sindh/karachi-east");
    let list = planner.get("/api/packs").json();
    assert_eq!(
        (&list["printer"]["found"], &list["prints"][0]["area"]),
        (&true.into(), &DISTRICT.into())
    );
    let made = print(&planner);
    // Two orders and a poster in two languages.
    assert_eq!((&made["printed"], &made["changed"]), (&6.into(), &0.into()));
    let told = row(&desk);
    assert_eq!(
        (&told["area"], &told["by"], &told["state"]),
        (&DISTRICT.into(), &"planner".into(), &"whole".into())
    );
    let sheets = desk.get(&format!("/api/packs/sheets?area={DISTRICT}&find=na-12-4")).json();
    assert_eq!((&sheets["total"], &sheets["rows"][0]["name"]), (&1.into(), &"order-B-4".into()));
    let document = format!("/api/packs/document?area={DISTRICT}&sheet=order-B-4&language=ur");
    let taken = desk.get(&document);
    assert!(taken.body.starts_with(b"%PDF"));
    assert!(taken.headers["content-disposition"].contains("pehra-order-B-4-v1-ur.pdf"));
    is_taken_along(&desk);
    is_closed_to(&desk, &other, document);
    more_women(&house);
    changes(&planner, &desk);
}

fn archive(browser: &Browser, part: &str) -> crate::client::Answer {
    browser.get(&format!("/api/packs/archive?area={DISTRICT}&language=en&part={part}"))
}

/// As one archive, as a kind; nothing has changed yet.
fn is_taken_along(desk: &Browser) {
    let all = archive(desk, "all").body;
    let inside = names(&all);
    for name in [
        "en/posting-order/order-B-5.pdf",
        "en/poster/poster.pdf",
        "record.txt",
        "election.txt",
        "tables/en/tharparkar.xlsx",
    ] {
        assert!(inside.iter().any(|it| it == name), "{name}: {inside:?}");
    }
    let mut whole = Vec::new();
    let mut read = zip::ZipArchive::new(Cursor::new(&all)).unwrap();
    read.by_name("en/posting-order/order-B-5.pdf").unwrap().read_to_end(&mut whole).unwrap();
    let same =
        desk.get(&format!("/api/packs/document?area={DISTRICT}&sheet=order-B-5&language=en"));
    assert_eq!(whole, same.body);
    assert_eq!(
        names(&archive(desk, "poster").body),
        ["election.txt", "en/poster/poster.pdf", "record.txt"]
    );
    assert_eq!(archive(desk, "changed").status, 404, "nothing changed yet");
}

/// Who reads may not print, and who plans elsewhere sees and takes nothing.
fn is_closed_to(desk: &Browser, other: &Browser, document: String) {
    let wish = json!({ "area": DISTRICT });
    assert_eq!(desk.post("/api/packs", &wish).code(), "role-lacks-permission");
    assert_eq!(other.post("/api/packs", &wish).code(), "outside-area");
    assert_eq!(other.get("/api/packs").json()["packs"], json!([]));
    for path in [
        document,
        format!("/api/packs/sheets?area={DISTRICT}"),
        format!("/api/packs/archive?area={DISTRICT}&language=en&part=all"),
    ] {
        assert_eq!(other.get(&path).code(), "outside-area", "{path}");
    }
}

fn changes(planner: &Browser, desk: &Browser) {
    let current = row(desk);
    assert_eq!(
        (&current["state"], &current["kinds"][0]["outdated"]),
        (&"outdated".into(), &true.into())
    );
    let again = print(planner);
    let changed = again["changed"].as_u64().unwrap();
    assert!(changed > 0, "{again}");
    let inside = names(&archive(desk, "changed").body);
    assert!(inside.contains(&"en/changes.pdf".to_owned()), "{inside:?}");
    assert_eq!(inside.iter().filter(|name| name.contains("order-")).count() as u64, changed);
    let sheets = desk.get(&format!("/api/packs/sheets?area={DISTRICT}&changed=true")).json();
    assert_eq!(
        (&sheets["total"], &sheets["rows"][0]["change"]),
        (&changed.into(), &"changed".into())
    );
    assert_eq!(row(desk)["state"], "whole");
}

#[test]
fn without_a_typesetter_the_room_says_where_it_was_looked_for() {
    let place = |config: &mut Config| config.printer = Some("/no/such/pehra-print".into());
    let house = House::open(&OpenOptions::default(), place);
    let first = house.first();
    let list = first.get("/api/packs").json();
    assert_eq!(list["printer"], json!({ "found": false, "places": ["/no/such/pehra-print"] }));
    let refused = first.post("/api/packs", &json!({ "area": "pk" }));
    assert_eq!((refused.status, refused.code().as_str()), (409, "no-typesetter"));
}

#[cfg(unix)]
#[test]
fn a_run_is_stopped_by_whoever_started_it_and_not_by_a_neighbour() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let slow = folder.path().join("slow");
    let says = "#!/bin/sh\necho '{\"is\":\"ready\",\"protocol\":1,\"version\":\"slow\"}'\nexec cat >/dev/null\n";
    std::fs::write(&slow, says).unwrap();
    std::fs::set_permissions(&slow, std::fs::Permissions::from_mode(0o700)).unwrap();
    let house = House::planned_with(|config| config.printer = Some(slow));
    let first = house.first();
    let planner = house.person(&first, "planner", &["DRO"], DISTRICT);
    let other = house.person(&first, "other", &["DRO"], "pk/sindh/karachi-east");
    let strange = json!({ "area": DISTRICT, "kinds": ["summary"] });
    assert_eq!(
        planner.post("/api/packs", &strange).code(),
        "value-refused",
        "sums are above a district"
    );
    let job = planner.post("/api/packs", &json!({ "area": DISTRICT })).json();
    let path = format!("/api/jobs/{}", job["id"].as_str().unwrap());
    assert_eq!(other.json("DELETE", &path, &json!({})).code(), "outside-area");
    assert_eq!(planner.json("DELETE", &path, &json!({})).status, 200);
    assert_eq!(planner.wait_for(&job)["state"], "cancelled");
}
