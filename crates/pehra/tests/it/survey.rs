//! Forms filled in a browser: signed once, seen by those in reach, and counted by the next assessment.

use crate::{client::Browser, house::House};
use serde_json::{Value, json};

fn form(on: &str, answers: &[(&str, &str)]) -> Value {
    let lines: Vec<Value> = answers
        .iter()
        .map(|(question, choice)| json!({ "question": question, "choice": choice }))
        .collect();
    json!({ "building": "B-0", "on": on, "answers": lines })
}

fn entries(browser: &Browser) -> u64 {
    browser.get("/api/node").json()["entries"].as_u64().unwrap()
}

/// A picture of 640 by 480 with what a telephone writes into it; `shade` makes it another one.
fn picture(shade: u8) -> Vec<u8> {
    let part = |marker: u8, content: &[u8]| {
        let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker], &length[..], content].concat()
    };
    let mut file = vec![0xff, 0xd8];
    file.extend(part(0xe1, b"Exif\0\0 where it was taken: 24.86 N 67.01 E"));
    file.extend(part(0xdb, &[shade; 65]));
    file.extend(part(0xc0, &[8, 1, 224, 2, 128, 1, 1, 0x11, 0]));
    file.extend(part(0xda, &[1, 1, 0, 0, 63, 0]));
    file.extend([1, 2, 3, 0xff, 0xd9]);
    file
}

#[test]
fn the_forms_are_told_in_both_languages_and_printed() {
    let house = House::empty();
    let first = house.first();
    let forms = first.get("/api/surveys/forms").json();
    assert_eq!(forms["building"]["questions"].as_array().unwrap().len(), 19);
    assert_eq!(forms["district"]["questions"].as_array().unwrap().len(), 17);
    assert_eq!(forms["building"]["questions"][0]["feeds"], "V1");
    assert!(forms["parts"].as_array().unwrap().iter().any(|part| part["key"] == "gate"));
    let paper = first.get("/api/surveys/paper/building");
    assert_eq!(paper.headers["content-type"], "text/html; charset=utf-8");
    assert!(paper.text().contains("عمارت کا جائزہ") && !paper.text().contains("<script"));
    assert_eq!(first.get("/api/surveys/paper/house").status, 404);
}

#[test]
fn a_form_sent_twice_is_one_entry_and_a_later_look_another() {
    let house = House::planned();
    let first = house.first();
    let wish = form("2024-01-20", &[("walls", "e"), ("gates", "c"), ("light", "")]);
    let before = entries(&first);
    let answer = first.post("/api/surveys", &wish);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let seen = answer.json();
    assert_eq!(seen["answers"].as_array().unwrap().len(), 2, "an empty line is no answer");
    assert_eq!(seen["answers"][1]["choice"], "e");
    assert_eq!(seen["answers"][1]["signed_by"], "first");
    assert_eq!(entries(&first), before + 1);
    assert_eq!(first.post("/api/surveys", &wish).status, 200);
    assert_eq!(entries(&first), before + 1, "the same form again says nothing new");
    let later = first.post("/api/surveys", &form("2024-01-22", &[("walls", "a")])).json();
    assert_eq!(entries(&first), before + 2);
    let walls: Vec<&Value> =
        later["answers"].as_array().unwrap().iter().filter(|a| a["question"] == "walls").collect();
    assert_eq!((walls.len(), &walls[0]["choice"]), (1, &json!("a")));
}

#[test]
fn what_makes_no_sense_is_refused_and_nothing_is_kept() {
    let house = House::planned();
    let first = house.first();
    let before = entries(&first);
    let refused = |wish: &Value| {
        let answer = first.post("/api/surveys", wish);
        (answer.status, answer.code())
    };
    let value = (422, "value-refused".to_owned());
    assert_eq!(refused(&form("2024-01-20", &[("walls", "z")])), value);
    assert_eq!(refused(&form("2024-01-20", &[("feuds", "a")])), value, "of the other form");
    assert_eq!(refused(&form("2024-01-20", &[("walls", "a"), ("walls", "b")])), value);
    assert_eq!(refused(&form("2999-01-20", &[("walls", "a")])), value, "a day to come");
    assert_eq!(refused(&form("20.1.2024", &[("walls", "a")])), value);
    assert_eq!(refused(&form("2024-01-20", &[])), (409, "survey-empty".to_owned()));
    let mut elsewhere = form("2024-01-20", &[("walls", "a")]);
    elsewhere["building"] = json!("B-99");
    assert_eq!(refused(&elsewhere).0, 404);
    let mut named = form("2024-01-20", &[("walls", "a")]);
    named["answers"][0]["note"] = json!("the keeper is 42101-1234567-1");
    assert_eq!(refused(&named), (422, "identity-number".to_owned()));
    let mut looked = form("2024-01-20", &[("walls", "a")]);
    looked["looked"] = json!("MR KHAN");
    assert_eq!(refused(&looked).0, 422, "a role of the table, not a name");
    assert_eq!(entries(&first), before);
}

#[test]
fn an_answer_reaches_the_factor_and_the_next_assessment() {
    let house = House::planned();
    let first = house.first();
    let factor = |browser: &Browser| {
        let why = browser.get("/api/stations/NA-10-0/why").json();
        let factors = why["factors"].as_array().unwrap().clone();
        factors.into_iter().find(|factor| factor["factor"] == "V1").unwrap()
    };
    assert_ne!(factor(&first)["basis"], "observed");
    let all_bad = [("walls", "e"), ("gates", "e"), ("sight-lines", "e"), ("overlooking", "e")];
    assert_eq!(first.post("/api/surveys", &form("2024-01-20", &all_bad)).status, 200);
    assert_eq!(first.get("/api/surveys").json()["newer_than_assessment"], true);
    let job = first.post("/api/assessment", &json!({ "draws": 20 })).json();
    assert_eq!(first.wait_for(&job)["state"], "done");
    assert_eq!(first.get("/api/surveys").json()["newer_than_assessment"], false);
    let now = factor(&first);
    assert_eq!((&now["basis"], &now["centi"]), (&json!("observed"), &json!(400)));
}

#[test]
fn coverage_counts_buildings_by_district_and_the_list_to_take_along_says_when() {
    let house = House::planned();
    let first = house.first();
    first.post("/api/surveys", &form("2024-01-20", &[("walls", "a"), ("gates", "a")]));
    let checklist = json!({ "district": "pk/sindh/tharparkar", "on": "2024-01-21",
        "answers": [{ "question": "feuds", "choice": "b" }] });
    assert_eq!(first.post("/api/surveys", &checklist).status, 200);
    let rows = first.get("/api/surveys").json()["rows"].as_array().unwrap().clone();
    let of = |area: &str| rows.iter().find(|row| row["area"] == area).unwrap().clone();
    let quetta = of("pk/balochistan/quetta");
    assert_eq!((&quetta["buildings"], &quetta["seen"]), (&json!(2), &json!(1)));
    assert_eq!(of("pk/sindh/tharparkar")["checklist_on"], "2024-01-21");
    let places = first.get("/api/surveys/places?district=pk/balochistan/quetta").json();
    let seen = places["rows"].as_array().unwrap().iter().find(|row| row["id"] == "B-0").unwrap();
    assert_eq!((&seen["seen_on"], &seen["lines"]), (&json!("2024-01-20"), &json!(2)));
}

#[test]
fn a_photograph_loses_what_the_telephone_adds_and_stays_within_reach() {
    let house = House::planned();
    let first = house.first();
    let take = |browser: &Browser, query: &str, file: &[u8]| {
        let path = format!("/api/surveys/photographs?{query}");
        browser.send("POST", &path, &[("content-type", "image/jpeg")], file)
    };
    let query = "building=B-0&part=gate&on=2024-01-20";
    let before = entries(&first);
    let answer = take(&first, query, &picture(1));
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(take(&first, query, &picture(1)).status, 200);
    assert_eq!(entries(&first), before + 1, "sent twice it is one");
    let shown = answer.json()["photographs"][0].clone();
    assert_eq!((&shown["part"], &shown["here"]), (&json!("gate"), &json!(true)));
    let path = format!("/api/surveys/photographs/{}", shown["sha256"].as_str().unwrap());
    let file = first.get(&path);
    assert_eq!(file.headers["content-type"], "image/jpeg");
    assert!(file.body.starts_with(&[0xff, 0xd8, 0xff, 0xdb]));
    assert!(!file.body.windows(4).any(|window| window == b"Exif"));

    let refused = take(&first, query, b"no picture");
    assert_eq!((refused.status, refused.code().as_str()), (422, "photograph-refused"));
    let refused = take(&first, "building=B-0&part=guard&on=2024-01-20", &picture(2));
    assert_eq!((refused.status, refused.code().as_str()), (422, "value-refused"), "no person");
    let far = house.person(&first, "far", &["DRO"], "pk/sindh");
    assert_eq!(take(&far, query, &picture(3)).code(), "outside-area");
    assert_eq!(far.get(&path).status, 404, "out of reach is like not there");
    assert_eq!(far.get("/api/surveys/seen?building=B-0").status, 403);
    assert_eq!(entries(&first), before + 5, "the account and the role of the other, no form");
}

#[test]
fn who_may_look_and_not_plan_fills_forms_of_the_own_district_alone() {
    let house = House::planned();
    let first = house.first();
    let officer = house.person(&first, "officer", &["SHO"], "pk/balochistan/quetta");
    let wish = form("2024-01-20", &[("walls", "a")]);
    assert_eq!(officer.post("/api/surveys", &wish).status, 200);
    let rows = officer.get("/api/surveys").json()["rows"].as_array().unwrap().len();
    assert_eq!(rows, 1, "only the own district is listed");
    let places = officer.get("/api/surveys/places?district=pk/sindh/tharparkar");
    assert_eq!((places.status, places.code().as_str()), (403, "outside-area"));
    let checklist = json!({ "district": "pk/sindh/tharparkar", "on": "2024-01-21",
        "answers": [{ "question": "feuds", "choice": "b" }] });
    assert_eq!(officer.post("/api/surveys", &checklist).code(), "outside-area");
}
