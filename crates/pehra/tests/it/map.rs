//! What the map and the station's page are told.

use crate::house::House;
use pehra::work;
use serde_json::{Value, json};

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

#[test]
fn points_districts_and_names_agree() {
    let house = House::planned();
    let first = house.first();
    let points = first.get("/api/map/points");
    assert_eq!((&points.body[..4], u32_at(&points.body, 4)), (b"PHP1".as_slice(), 6));
    let districts = first.get("/api/map/districts").json();
    assert_eq!(u32_at(&points.body, 8) as usize, districts.as_array().unwrap().len());
    let ids = first.get("/api/map/station-ids").json();
    assert_eq!(ids.as_array().unwrap().len(), 6);
    for (index, id) in ids.as_array().unwrap().iter().enumerate() {
        let at = first.get(&format!("/api/map/at/{index}")).json();
        assert_eq!((&at["id"], &at["point_index"]), (id, &json!(index)));
        let by_name = first.get(&format!("/api/stations/{}", id.as_str().unwrap())).json();
        assert_eq!(at, by_name);
    }
    assert_eq!(first.get("/api/map/at/6").status, 404);
    assert_eq!(first.get("/api/map/boundaries").status, 404, "nothing imported, nothing drawn");
}

#[test]
fn unchanged_points_are_not_sent_again_and_packed_ones_are_the_same() {
    let house = House::planned();
    let first = house.first();
    let plain = first.get("/api/map/points");
    let tag = plain.headers["etag"].clone();
    let same = first.send("GET", "/api/map/points", &[("if-none-match", &tag)], b"");
    assert_eq!((same.status, same.body.len()), (304, 0));
    let packed = first.send("GET", "/api/map/points", &[("accept-encoding", "gzip")], b"");
    assert_eq!(packed.headers["content-encoding"], "gzip");
    assert_eq!(packed.body, plain.body);
    assert_eq!(packed.headers["etag"], tag);
}

#[test]
fn a_district_officer_sees_the_district_alone() {
    let house = House::planned();
    let first = house.first();
    let officer = house.person(&first, "officer", &["DRO"], "pk/sindh/karachi-east");
    assert_eq!(u32_at(&officer.get("/api/map/points").body, 4), 2);
    let districts = officer.get("/api/map/districts").json();
    assert_eq!(districts[0]["area"], "pk/sindh/karachi-east");
    assert_eq!(districts.as_array().unwrap().len(), 1);
    assert_eq!(officer.get("/api/stations").json()["total"], 2);
    assert_eq!(districts[0]["name_ur"], "کراچی شرقی");
    let assessed = officer.get("/api/assessment").json();
    assert_eq!(assessed["stations"], 2);
    assert_eq!(assessed["districts"][0]["name_ur"], "کراچی شرقی");
    assert_eq!(assessed["provinces"][0]["name_ur"], "سندھ");
    assert_eq!(officer.get("/api/stations/NA-11-2").status, 200);
    let other = officer.get("/api/stations/NA-10-0");
    assert_eq!((other.status, other.code().as_str()), (403, "outside-area"));
    assert_eq!(officer.get("/api/stations/NA-99-1").status, 403, "nor whether it exists");
    let asked = officer.get("/api/stations?district=pk/sindh/tharparkar");
    assert_eq!((asked.status, asked.code().as_str()), (403, "outside-area"));
    let csv = officer.get("/api/stations.csv").text();
    assert_eq!(csv.lines().count(), 2 + 2, "{csv}");
    assert!(!csv.contains("quetta"));
    let plan = house.node.world().plans[0].id.clone();
    let units = officer.get(&format!("/api/plans/{plan}/units")).json();
    assert_eq!(units["total"], 1);
    let buildings = officer.get(&format!("/api/plans/{plan}/buildings")).json();
    assert_eq!(buildings["total"], 2);
}

#[test]
fn a_station_says_why_and_what_if() {
    let house = House::planned();
    let first = house.first();
    let why = first.get("/api/stations/NA-10-0/why").json();
    assert_eq!(why["reasons"].as_array().unwrap().len(), 4);
    assert_eq!(why["factors"].as_array().unwrap().len(), 19);
    assert!(why["reasons"][0]["sentence_ur"].as_str().unwrap().chars().any(|c| c > '\u{600}'));
    let path = "/api/stations/NA-10-0/what-if";
    let same = first.post(path, &json!({ "changes": [] })).json();
    assert_eq!(same["score_centi"], same["before_centi"]);
    assert_eq!(same["before_centi"], why["score_centi"]);
    let all: Vec<_> = why["factors"].as_array().unwrap().iter().collect();
    let worst: Vec<_> =
        all.iter().map(|factor| json!({ "factor": factor["factor"], "centi": 400 })).collect();
    let worst = first.post(path, &json!({ "changes": worst })).json();
    assert_eq!((&worst["score_centi"], &worst["class"]), (&json!(10_000), &json!("most")));
    let wrong = first.post(path, &json!({ "changes": [{ "factor": "Z9", "centi": 1 }] }));
    assert_eq!((wrong.status, wrong.code().as_str()), (422, "value-refused"));
    let wrong = first.post(path, &json!({ "changes": [{ "factor": "T1", "centi": 401 }] }));
    assert_eq!(wrong.status, 422);
    let entries = first.get("/api/node").json()["entries"].clone();
    first.post(path, &json!({ "changes": [{ "factor": "T1", "centi": 400 }] }));
    assert_eq!(first.get("/api/node").json()["entries"], entries, "asking signs nothing");
}

#[test]
fn an_override_is_signed_shown_and_lifted_by_another() {
    let house = House::planned();
    let first = house.first();
    let second = house.second(&first);
    let in_a_day = house.node.now().0 + 86_400_000;
    let wish = json!({ "code": "O1", "reason": "graded B2 threat", "expires_ms": in_a_day });
    let set = first.post("/api/stations/NA-10-0/override", &wish);
    assert_eq!(set.status, 200, "{}", set.text());
    let overrides = &set.json()["assessment"]["overrides"];
    assert_eq!(
        (&overrides[0]["code"], &overrides[0]["signed_by"]),
        (&json!("O1"), &json!("first"))
    );
    let path = "/api/stations/NA-10-0/override/O1";
    let own = first.json("DELETE", path, &json!({ "reason": "over" }));
    assert_eq!(own.status, 403, "{}", own.text());
    let lifted = second.json("DELETE", path, &json!({ "reason": "over" }));
    assert_eq!(lifted.status, 200, "{}", lifted.text());
    assert_eq!(lifted.json()["assessment"]["overrides"], json!([]));
}

#[test]
fn every_figure_says_how_old_it_is_and_whence() {
    let house = House::planned();
    let first = house.first();
    let plan = house.node.world().plans[0].id.clone();
    for path in [
        "/api/stations".to_owned(),
        "/api/stations/NA-10-0".to_owned(),
        "/api/assessment".to_owned(),
        format!("/api/plans/{plan}"),
        format!("/api/plans/{plan}/buildings"),
        format!("/api/plans/{plan}/units"),
    ] {
        let body = first.get(&path).json();
        assert!(body["as_of_ms"].as_i64().unwrap() > 0, "{path}");
        assert!(!body["source"].as_str().unwrap().is_empty(), "{path}");
    }
}

#[test]
fn a_changed_parameter_is_signed_and_told() {
    let house = House::planned();
    let first = house.first();
    let wish = json!({ "value": 55.0, "source": "order 12 of today", "reason": "trial" });
    let set = first.json("PUT", "/api/parameters/risk.threshold.most", &wish);
    assert_eq!(set.status, 200, "{}", set.text());
    let rows = set.json();
    let row = rows.as_array().unwrap().iter().find(|row| row["key"] == "risk.threshold.most");
    assert_eq!(
        (&row.unwrap()["value"], &row.unwrap()["signed_by"]),
        (&json!(55.0), &json!("first"))
    );
    let wish = json!({ "value": -1.0, "source": "x", "reason": "y" });
    assert_eq!(first.json("PUT", "/api/parameters/risk.threshold.most", &wish).status, 422);
}

#[test]
fn an_official_class_counts_once_a_second_person_approves_it() {
    let house = House::planned();
    let first = house.first();
    let second = house.second(&first);
    let officer = house.person(&first, "officer", &["DRO"], "pk/balochistan/quetta");
    let wish = json!({ "class": "most", "source": "order 7", "as_of": "2024-01-20" });
    let proposed = officer.post("/api/stations/NA-10-0/official", &wish);
    assert_eq!(proposed.status, 200, "{}", proposed.text());
    let detail = proposed.json();
    assert_eq!(detail["official"], json!([]), "a proposal alone is no class");
    let proposal = &detail["proposals"][0];
    assert_eq!((&proposal["class"], &proposal["proposed_by"]), (&json!("most"), &json!("officer")));
    let name = proposal["proposal"].as_str().unwrap();
    let path = format!("/api/stations/NA-10-0/official/{name}/approve");
    assert_eq!(officer.post(&path, &json!({})).status, 403);
    let other = format!("/api/stations/NA-11-2/official/{name}/approve");
    assert_eq!(second.post(&other, &json!({})).status, 404, "not of that station");
    let approved = second.post(&path, &json!({}));
    assert_eq!(approved.status, 200, "{}", approved.text());
    let official = &approved.json()["official"][0];
    let seen = (&official["class"], &official["source"], &official["approved_by"]);
    assert_eq!(seen, (&json!("most"), &json!("order 7"), &json!("second")));
    assert_eq!(approved.json()["proposals"], json!([]));
}

#[test]
fn a_rejected_class_never_counts() {
    let house = House::planned();
    let first = house.first();
    let second = house.second(&first);
    let officer = house.person(&first, "officer", &["DRO"], "pk/balochistan/quetta");
    let wish = json!({ "class": "most", "source": "order 7", "as_of": "2024-01-20" });
    let proposed = officer.post("/api/stations/NA-10-0/official", &wish).json();
    let name = proposed["proposals"][0]["proposal"].as_str().unwrap();
    let path = format!("/api/stations/NA-10-0/official/{name}/reject");
    let reason = json!({ "reason": "order 7 names another school" });
    assert_eq!(officer.post(&path, &reason).code(), "role-lacks-permission");
    let silent = second.post(&path, &json!({ "reason": " " }));
    assert_eq!(silent.status, 422, "a reason is asked for: {}", silent.text());
    let rejected = second.post(&path, &reason);
    assert_eq!(rejected.status, 200, "{}", rejected.text());
    let detail = rejected.json();
    assert_eq!((&detail["official"], &detail["proposals"]), (&json!([]), &json!([])));
    let late = second.post(&path.replace("reject", "approve"), &json!({}));
    assert_eq!(late.status, 404, "what was rejected waits no more");
}

#[test]
fn a_why_told_again_is_the_same_and_follows_what_changes() {
    let house = House::planned();
    let first = house.first();
    let why = |station: &str| first.get(&format!("/api/stations/{station}/why")).json();
    // As the command line tells it, which prepares everything anew.
    let position = house.node.world().stations.as_ref().unwrap().find("NA-10-0").unwrap();
    let fresh = || -> Vec<String> {
        let told = work::explain::run(&house.node, position).unwrap();
        told.factors.into_iter().map(|factor| factor.source.en).collect()
    };
    let sources = |why: &Value| -> Vec<String> {
        let factors = why["factors"].as_array().unwrap().iter();
        factors.map(|factor| factor["source_en"].as_str().unwrap().to_owned()).collect()
    };
    let (one, other) = (why("NA-10-0"), why("NA-12-5"));
    assert_ne!(one["factors"], other["factors"]);
    assert_eq!(why("NA-10-0"), one, "the second time from what was prepared");
    assert_eq!(sources(&one), fresh());
    // A plan that comes into force changes what stands at the station.
    let second = house.second(&first);
    let plan = house.node.world().plans[0].id.clone();
    for (browser, word) in [(&first, "propose"), (&second, "approve"), (&first, "adopt")] {
        let answer = browser.post(&format!("/api/plans/{plan}/{word}"), &json!({}));
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    let after = why("NA-10-0");
    assert_eq!(sources(&after), fresh());
    assert_ne!(sources(&after), sources(&one), "somebody is posted now");
}

#[test]
fn the_plan_of_communications_is_shown_within_reach_and_a_cut_is_only_supposed() {
    let house = House::planned();
    let first = house.first();
    let whole = first.get("/api/communications").json();
    assert_eq!((&whole["stations"], &whole["from_minute"]), (&json!(6), &json!(300)));
    let dark = |hours: &Value| -> u64 {
        hours.as_array().unwrap().iter().map(|hour| hour["by_rungs"][0].as_u64().unwrap()).sum()
    };
    assert!(dark(&whole["planned"]) <= dark(&whole["proved"]), "nothing was tested yet");
    let officer = house.person(&first, "officer", &["DRO"], "pk/sindh/karachi-east");
    let part = officer.get("/api/communications?from=05:39&services=voice").json();
    assert_eq!((&part["stations"], &part["services"]), (&json!(2), &json!(["voice"])));
    assert_eq!(part["districts"].as_array().unwrap().len(), 1);
    let one = "/api/communications/district?district=pk/sindh/karachi-east";
    let district = officer.get(one).json();
    let rows = district["stations"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row["call_sign"].as_str().unwrap().starts_with('D')));
    assert!(rows.iter().all(|row| !row["fixes"].as_array().unwrap().is_empty()));
    let other = first.get("/api/map/districts").json();
    let mut other = other.as_array().unwrap().iter().map(|it| it["area"].as_str().unwrap());
    let other = other.rfind(|area| *area != "pk/sindh/karachi-east").unwrap();
    let refused = officer.get(&format!("/api/communications/district?district={other}"));
    assert!([403, 404].contains(&refused.status), "{}", refused.status);
    for wrong in ["from=25:00", "services=post", "notice=perhaps", "hours=0"] {
        assert_eq!(first.get(&format!("/api/communications?{wrong}")).status, 422, "{wrong}");
    }
    let csv = first.get("/api/communications.csv?district=pk/sindh/karachi-east").text();
    assert_eq!(csv.lines().filter(|line| line.contains("NA-11")).count(), 2, "{csv}");
}
