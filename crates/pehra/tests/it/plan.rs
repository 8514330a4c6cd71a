//! The planner's story: solve, look, lock, solve again, compare, decide, take away.

use crate::house::House;
use serde_json::{Value, json};

fn solve(browser: &crate::client::Browser, label: &str) -> String {
    let job = browser.post("/api/plans", &json!({ "label": label })).json();
    let ended = browser.wait_for(&job);
    assert_eq!(ended["state"], "done", "{ended}");
    ended["result"]["plan_id"].as_str().unwrap().to_owned()
}

#[test]
fn a_plan_adds_up_from_every_side() {
    let house = House::planned();
    let first = house.first();
    let plan = house.node.world().plans[0].id.clone();
    let detail = first.get(&format!("/api/plans/{plan}")).json();
    let sum = |rows: &Value, field: &str| -> u64 {
        rows.as_array().unwrap().iter().map(|row| row[field].as_u64().unwrap()).sum()
    };
    let (posted, missing) = (sum(&detail["totals"], "posted"), sum(&detail["totals"], "missing"));
    assert!(posted > 0 && missing > 0, "{detail}");
    assert_eq!(sum(&detail["totals"], "need"), posted + missing);
    assert_eq!(
        detail["gap"],
        json!(detail["objective"].as_i64().unwrap() - detail["dual_bound"].as_i64().unwrap())
    );
    let buildings = first.get(&format!("/api/plans/{plan}/buildings")).json();
    assert_eq!(sum(&buildings["rows"], "posted"), posted);
    assert_eq!(sum(&buildings["rows"], "missing"), missing);
    let units = first.get(&format!("/api/plans/{plan}/units")).json();
    assert_eq!(sum(&units["rows"], "posted"), posted);
    let districts = first.get(&format!("/api/plans/{plan}/districts")).json();
    let by_district: u64 =
        districts.as_array().unwrap().iter().map(|row| sum(&row["per_kind"], "missing")).sum();
    assert_eq!(by_district, missing);
    let short = first.get(&format!("/api/plans/{plan}/buildings?only_short=true")).json();
    for row in short["rows"].as_array().unwrap() {
        let reason = &row["shortfalls"][0];
        assert!(!reason["reason_en"].as_str().unwrap().is_empty());
        assert!(reason["reason_ur"].as_str().unwrap().chars().any(|c| c > '\u{600}'));
    }
    assert!(first.get("/api/plans/nothing").status == 404);
}

#[test]
fn a_lock_changes_the_next_plan_and_the_comparison_shows_it() {
    let house = House::planned();
    let first = house.first();
    let before = solve(&first, "before");
    let wish = json!({ "unit": "U-quetta", "building": "B-0", "exclude": true, "reason": "feud" });
    let locks = first.post("/api/locks", &wish);
    assert_eq!(locks.status, 200, "{}", locks.text());
    let id = locks.json()[0]["id"].as_str().unwrap().to_owned();
    let after = solve(&first, "after");
    let compared = first.get(&format!("/api/plans/compare?a={before}&b={after}")).json();
    assert!(compared["moves"].as_u64().unwrap() > 0, "{compared}");
    let units =
        first.get(&format!("/api/plans/{after}/units?district=pk/balochistan/quetta")).json();
    let stands = units["rows"][0]["buildings"].as_array().unwrap();
    assert!(stands.iter().all(|posting| posting["building"] != "B-0"), "{stands:?}");
    let id: String = id.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let lifted = first.json("DELETE", &format!("/api/locks/{id}"), &json!({ "reason": "settled" }));
    assert_eq!((lifted.status, lifted.json()), (200, json!([])));
    let wrong = json!({ "unit": "U-quetta", "building": "B-0", "reason": "x" });
    assert_eq!(first.post("/api/locks", &wrong).status, 422);
    let far = json!({ "unit": "U-quetta", "building": "B-0", "exclude": true, "reason": "x" });
    let officer = house.person(&first, "officer", &["DRO"], "pk/sindh/karachi-east");
    let refused = officer.post("/api/locks", &far);
    assert_eq!((refused.status, refused.code().as_str()), (403, "outside-area"));
}

#[test]
fn a_plan_goes_on_from_the_one_that_stands_and_says_so() {
    let house = House::planned();
    let first = house.first();
    let before = solve(&first, "before");
    let from = |label: &str, from: &str| {
        let job = first.post("/api/plans", &json!({ "label": label, "from": from })).json();
        let ended = first.wait_for(&job);
        let id = ended["result"]["plan_id"].as_str().unwrap().to_owned();
        first.get(&format!("/api/plans/{id}")).json()
    };
    let stands = from("nothing changed", &before);
    assert_eq!((&stands["id"], &stands["at_hand"]), (&json!(before), &json!(true)));
    let wish = json!({ "unit": "U-quetta", "building": "B-0", "exclude": true, "reason": "feud" });
    assert_eq!(first.post("/api/locks", &wish).status, 200);
    let after = from("after", &before);
    let nothing = solve(&first, "from nothing");
    let nothing = first.get(&format!("/api/plans/{nothing}")).json();
    assert_ne!(after["id"], nothing["id"], "postings may differ, so the numbers do");
    for field in ["objective", "dual_bound", "gap"] {
        assert_eq!(after[field], nothing[field], "{field}");
    }
    assert_eq!(after["certificate"]["input_hash"], nothing["certificate"]["input_hash"]);
    let says = |plan: &Value| plan["certificate"]["notes"].to_string().contains(&before);
    assert!(says(&after) && !says(&nothing), "{after}");
    let unknown = from("a plan of another day", "P-00000000");
    assert_eq!(unknown["id"], nothing["id"], "what is not at hand is made from nothing");
}

#[test]
fn a_plan_is_adopted_by_two_persons() {
    let house = House::planned();
    let first = house.first();
    let second = house.second(&first);
    let plan = house.node.world().plans[0].id.clone();
    let step = |browser: &crate::client::Browser, word: &str| {
        browser.post(&format!("/api/plans/{plan}/{word}"), &json!({ "reason": "ready" }))
    };
    let early = step(&second, "approve");
    assert_eq!((early.status, early.code().as_str()), (409, "wrong-step"));
    let proposed = step(&first, "propose");
    assert_eq!((proposed.status, &proposed.json()["status"]), (200, &json!("proposed")));
    let own = step(&first, "approve");
    assert_eq!((own.status, own.code().as_str()), (403, "same-person-twice"));
    assert_eq!(step(&second, "approve").json()["status"], "approved");
    let adopted = step(&first, "adopt");
    assert_eq!(
        (&adopted.json()["status"], &adopted.json()["current"]),
        (&json!("adopted"), &json!(true))
    );
    let newer = solve(&first, "newer");
    let rows = first.get("/api/plans").json();
    let current: Vec<&Value> =
        rows.as_array().unwrap().iter().filter(|row| row["current"] == true).collect();
    assert_eq!(
        (current.len(), &current[0]["id"]),
        (1, &json!(plan)),
        "adopted counts, not {newer}"
    );
    assert_eq!(step(&first, "withdraw").json()["status"], "withdrawn");
}

#[test]
fn what_may_be_left_out_may_be_left_out_whole() {
    let house = House::planned();
    let first = house.first();
    let job = first.send("POST", "/api/plans", &[], b"");
    assert_eq!(job.status, 200, "{}", job.text());
    assert_eq!(first.wait_for(&job.json())["state"], "done");
}

#[test]
fn more_people_remove_unmet_posts_and_the_sentence_says_how_many() {
    let house = House::planned();
    let first = house.first();
    let plan = solve(&first, "fresh");
    let path =
        format!("/api/plans/{plan}/more?kind=police_woman&district=pk/balochistan/quetta&n=3");
    let more = first.get(&path).json();
    assert_eq!(more["exact"], true);
    let (before, after) = (more["missing_before"].as_u64(), more["missing_after"].as_u64());
    assert_eq!(more["removes"].as_u64(), Some(before.unwrap() - after.unwrap()));
    assert!(more["removes"].as_u64().unwrap() > 0, "{more}");
    assert!(more["sentence_en"].as_str().unwrap().starts_with("3 more policewomen in Quetta"));
    assert_eq!(first.get(&path.replace("n=3", "n=0")).status, 422);
}

#[test]
fn tables_leave_with_their_age_and_open_again() {
    let house = House::planned();
    let first = house.first();
    let plan = house.node.world().plans[0].id.clone();
    let csv = first.get(&format!("/api/plans/{plan}/export.csv"));
    assert!(csv.headers["content-disposition"].contains("pehra-plan.csv"));
    let text = csv.text();
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let note = lines.next().unwrap();
    assert!(note.contains("as of ") && note.contains("taken by first"), "{note}");
    assert!(lines.next().unwrap().starts_with("building,name,district"));
    let xlsx = first.get(&format!("/api/plans/{plan}/export.xlsx"));
    assert_eq!((xlsx.status, &xlsx.body[..2]), (200, b"PK".as_slice()));
    let xlsx = first.get("/api/stations.xlsx?class=most");
    assert_eq!((xlsx.status, &xlsx.body[..2]), (200, b"PK".as_slice()));
}

#[test]
fn an_assessment_runs_as_a_job_and_two_at_once_are_refused_or_follow() {
    let house = House::planned();
    let first = house.first();
    let job = first.post("/api/assessment", &json!({ "draws": 10, "seed": 9 })).json();
    let ended = first.wait_for(&job);
    assert_eq!((&ended["state"], &ended["result"]["stations"]), (&json!("done"), &json!(6)));
    let summary = first.get("/api/assessment").json();
    assert_eq!((&summary["seed"], &summary["draws"]), (&json!(9), &json!(10)));
    let listed = first.get("/api/jobs").json();
    assert_eq!(listed[0]["id"], job["id"]);
    assert_eq!(first.get("/api/jobs/j999").status, 404);
}

#[test]
fn a_proposed_plan_is_withdrawn_or_answered_with_no() {
    let house = House::planned();
    let first = house.first();
    let second = house.second(&first);
    let step = |browser: &crate::client::Browser, plan: &str, word: &str| {
        browser.post(&format!("/api/plans/{plan}/{word}"), &json!({ "reason": "not this one" }))
    };
    let rejected = house.node.world().plans[0].id.clone();
    assert_eq!(step(&second, &rejected, "reject").code(), "wrong-step", "not proposed yet");
    assert_eq!(step(&first, &rejected, "propose").status, 200);
    let answer = step(&second, &rejected, "reject");
    assert_eq!(answer.json()["status"], "rejected", "{}", answer.text());
    assert_eq!(step(&second, &rejected, "approve").status, 409);

    let withdrawn = solve(&first, "second thoughts");
    assert_eq!(step(&first, &withdrawn, "propose").status, 200);
    let answer = step(&first, &withdrawn, "withdraw");
    assert_eq!(answer.json()["status"], "withdrawn", "{}", answer.text());
    assert_eq!(step(&second, &withdrawn, "approve").status, 409);
}
