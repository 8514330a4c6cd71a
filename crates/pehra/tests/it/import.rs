//! The wizard: file, columns, check, sign.

use crate::{client::Browser, house::House};
use pehra::node::OpenOptions;
use serde_json::{Value, json};

const LIST: &str = "Constituency,PS No,Name of Polling Station,District,Province,Latitude,Longitude,Male Voters,Female Voters,Male Booths,Female Booths\n\
NA-246,1,Govt Girls School Baldia,Karachi West,Sindh,24.93,66.97,600,500,2,2\n\
NA-246,2,Govt Boys School Baldia,Karachi West,Sindh,66.98,24.94,700,0,2,0\n\
NA-246,3,Govt Boys School Orangi,Karachi West,Sindh,,,650,400,2,1\n";

fn upload(browser: &Browser, kind: &str, name: &str, bytes: &[u8]) -> crate::client::Answer {
    browser.send("POST", &format!("/api/imports?kind={kind}&name={name}"), &[], bytes)
}

fn run(browser: &Browser, id: &str, step: &str) -> Value {
    run_with(browser, id, step, &json!({}))
}

fn run_with(browser: &Browser, id: &str, step: &str, wish: &Value) -> Value {
    let job = browser.post(&format!("/api/imports/{id}/{step}"), wish).json();
    browser.wait_for(&job)
}

#[test]
fn a_list_goes_in_by_four_steps_and_a_second_time_changes_nothing() {
    let house = House::empty();
    let first = house.first();
    let answer = upload(&first, "stations", "list.csv", LIST.as_bytes());
    assert_eq!(answer.status, 200, "{}", answer.text());
    let import = answer.json();
    let id = import["id"].as_str().unwrap();
    assert_eq!((&import["state"], &import["format"]), (&json!("columns"), &json!("csv")));
    let columns = import["columns"].as_array().unwrap();
    assert_eq!(columns.len(), 11);
    let guess = |header: &str| {
        let column = columns.iter().find(|column| column["header"] == header).unwrap();
        column["guess"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(guess("Latitude"), "latitude");
    assert_eq!(guess("Female Voters"), "voters-women");
    assert_eq!(first.post(&format!("/api/imports/{id}/sign"), &json!({})).status, 409);

    let checked = run(&first, id, "check");
    assert_eq!(checked["state"], "done", "{checked}");
    let import = first.get(&format!("/api/imports/{id}")).json();
    assert_eq!((&import["state"], &import["summary"]["stations"]), (&json!("checked"), &json!(3)));
    assert_eq!(import["diff"]["added"], 3);
    let findings = first.get(&format!("/api/imports/{id}/findings")).json();
    let codes: Vec<&str> =
        findings["codes"].as_array().unwrap().iter().map(|c| c["code"].as_str().unwrap()).collect();
    assert!(
        codes.contains(&"coordinate-swapped") && codes.contains(&"coordinate-missing"),
        "{codes:?}"
    );
    let one = first.get(&format!("/api/imports/{id}/findings?code=coordinate-swapped")).json();
    assert_eq!((&one["total"], &one["rows"][0]["row"]), (&json!(1), &json!(3)));
    let csv = first.get(&format!("/api/imports/{id}/findings.csv")).text();
    assert!(csv.contains("coordinate-swapped"));
    assert_eq!(first.get("/api/stations").status, 409, "nothing is kept before it is signed");

    let signed = run(&first, id, "sign");
    assert_eq!(signed["state"], "done", "{signed}");
    assert_eq!(first.get("/api/stations").json()["total"], 3);
    let data = first.get("/api/node").json()["data"].clone();
    assert_eq!(
        (&data[0]["source_file"], &data[0]["signed_by"]),
        (&json!("list.csv"), &json!("first"))
    );

    let again = upload(&first, "stations", "list.csv", LIST.as_bytes()).json();
    let again = again["id"].as_str().unwrap();
    run(&first, again, "check");
    let diff = first.get(&format!("/api/imports/{again}")).json()["diff"].clone();
    assert_eq!(
        (&diff["added"], &diff["changed"], &diff["unchanged"]),
        (&json!(0), &json!(0), &json!(3))
    );
    assert_eq!(first.json("DELETE", &format!("/api/imports/{again}"), &json!({})).status, 204);
    assert_eq!(first.get(&format!("/api/imports/{again}")).status, 404);
}

#[test]
fn a_person_may_say_what_a_column_means() {
    let house = House::empty();
    let first = house.first();
    let import = upload(&first, "stations", "list.csv", LIST.as_bytes()).json();
    let id = import["id"].as_str().unwrap();
    let path = format!("/api/imports/{id}/mapping");
    let wish = json!({ "columns": [{ "index": 9, "meaning": null }] });
    let mapped = first.json("PUT", &path, &wish);
    assert_eq!(mapped.status, 200, "{}", mapped.text());
    assert_eq!(mapped.json()["columns"][9]["meaning"], Value::Null);
    run(&first, id, "check");
    let booths = first.get(&format!("/api/imports/{id}")).json()["summary"]["booths"].clone();
    assert_eq!(booths, 3, "men's booths are not read");
    let wrong = json!({ "columns": [{ "index": 9, "meaning": "votes" }] });
    let refused = first.json("PUT", &path, &wrong);
    assert_eq!((refused.status, refused.code().as_str()), (422, "value-refused"));
}

#[test]
fn a_file_that_is_too_large_or_unreadable_is_refused_and_leaves_nothing_behind() {
    let mut folder = None;
    let house = House::open(&OpenOptions::default(), |config| {
        config.upload_bytes_max = 10_000;
        folder = Some(config.uploads.clone());
    });
    let first = house.first();
    let large = upload(&first, "stations", "large.csv", &vec![b'x'; 20_000]);
    assert_eq!((large.status, large.code().as_str()), (413, "too-large"));
    let unreadable = upload(&first, "stations", "x.xlsx", b"PK\x03\x04 this is no workbook");
    assert_eq!(unreadable.status, 422, "{}", unreadable.text());
    assert!(!unreadable.text().contains(".upload"), "{}", unreadable.text());
    assert_eq!(upload(&first, "votes", "x.csv", b"a,b\n").status, 422);
    assert_eq!(upload(&first, "stations", "x.csv", b"").status, 400);
    let left = std::fs::read_dir(folder.unwrap()).unwrap().count();
    assert_eq!(left, 0);
}

#[test]
fn half_an_upload_is_no_file() {
    let house = House::empty();
    let first = house.first();
    let path = "/api/imports?kind=stations&name=half.csv";
    let length = [("transfer-encoding", "chunked")];
    let mut half = first.clone();
    half.csrf = first.csrf.clone();
    // The body announces a chunk of 100 bytes and ends after five.
    let answer = half.send_raw("POST", path, &length, b"64\r\nabcde");
    assert_eq!(answer.map(|answer| answer.status), None, "the connection was given up");
    let import = upload(&first, "stations", "list.csv", LIST.as_bytes());
    assert_eq!(import.status, 200, "the room goes on");
}

#[test]
fn a_complete_list_removes_what_it_does_not_name_and_another_removes_nothing() {
    let house = House::empty();
    let first = house.first();
    let import = upload(&first, "stations", "list.csv", LIST.as_bytes()).json();
    let id = import["id"].as_str().unwrap();
    assert_eq!(run(&first, id, "check")["state"], "done");
    assert_eq!(run(&first, id, "sign")["state"], "done");
    let shorter: String = LIST.lines().take(3).flat_map(|line| [line, "\n"]).collect();
    let import = upload(&first, "stations", "shorter.csv", shorter.as_bytes()).json();
    let id = import["id"].as_str().unwrap();
    let removed = |wish: Value| {
        assert_eq!(run_with(&first, id, "check", &wish)["state"], "done");
        first.get(&format!("/api/imports/{id}")).json()["diff"]["removed"].clone()
    };
    assert_eq!(removed(json!({})), 0, "a file that is silent removes nothing");
    assert_eq!(removed(json!({ "complete": true })), 1);
    assert_eq!(run(&first, id, "sign")["state"], "done");
    assert_eq!(first.get("/api/stations").json()["total"], 2);
}

/// Each line twice, once for either assembly: the first pair lies apart, the second differs in voters.
const DOUBTFUL: &str = "Constituency,PS No,Name of Polling Station,District,Province,Latitude,Longitude,Male Voters,Female Voters,Male Booths,Female Booths\n\
NA-210,1,GPS Lakhi,Shikarpur,Sindh,26.5,68.5,600,500,2,1\n\
NA-210,2,GPS Miani,Shikarpur,Sindh,26.1,68.1,300,200,2,1\n\
PS-44,1,GPS Lakhi,Shikarpur,Sindh,26.9,68.5,600,500,2,1\n\
PS-44,2,GPS Miani,Shikarpur,Sindh,26.1,68.1,310,205,2,1\n";

#[test]
fn a_person_decides_which_doubtful_rows_are_one_station() {
    let house = House::empty();
    let first = house.first();
    let import = upload(&first, "stations", "both.csv", DOUBTFUL.as_bytes()).json();
    let id = import["id"].as_str().unwrap();
    let path = format!("/api/imports/{id}/pairs");
    assert_eq!(first.get(&path).status, 409, "nothing is checked yet");
    assert_eq!(run(&first, id, "check")["state"], "done");
    let pairs = first.get(&path).json();
    assert_eq!(pairs["total"], 2, "{pairs}");
    let rows = pairs["rows"].as_array().unwrap();
    let reasons: Vec<&Value> = rows.iter().map(|row| &row["reason"]).collect();
    assert_eq!(reasons, ["points-apart", "voters-differ"]);
    let (national, provincial) = (&rows[1]["national"], &rows[1]["provincial"]);
    assert_eq!((&national["name"], &national["men"]), (&json!("GPS Miani"), &json!(300)));
    assert_eq!((&provincial["men"], &provincial["source_row"]), (&json!(310), &json!(5)));
    assert_eq!(first.get(&format!("{path}?offset=1&limit=1")).json()["rows"][0], rows[1]);

    let joined = json!({ "joined": [[national["id"], provincial["id"]]] });
    assert_eq!(run_with(&first, id, "check", &joined)["state"], "done");
    let import = first.get(&format!("/api/imports/{id}")).json();
    assert_eq!(import["summary"]["stations"], 3, "two rows became one station");
    let wrong = json!({ "joined": [["", "PS-44-2"]] });
    let refused = first.post(&format!("/api/imports/{id}/check"), &wrong);
    assert_eq!((refused.status, refused.code().as_str()), (400, "malformed"));
}
