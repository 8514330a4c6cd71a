//! Quick-reaction forces: based by road where there is a map, put on record, and in force by another person alone.

use crate::{
    client::Browser,
    command::{assert_whole, done, run},
    house::House,
    sample,
};
use pehra::{
    node::{Node, OpenOptions},
    work::reserves,
};
use pehra_domain::Point;
use pehra_exchange::osm::write::Writer;
use pehra_ops::{
    RefusalCode,
    plan::{Command, Phase},
};
use serde_json::{Value, json};
use std::path::Path;

/// The one road between the two stations of Quetta, round a corner.
fn road(path: &Path) {
    let mut out = Writer::try_new(Vec::new()).unwrap();
    let point = |lat_e7, lon_e7| Point { lat_e7, lon_e7 };
    for (id, lat, lon) in [
        (1, 301_900_000, 670_000_000),
        (2, 301_900_000, 670_200_000),
        (3, 302_100_000, 670_200_000),
    ] {
        out.node(id, point(lat, lon), &[]).unwrap();
    }
    for (id, refs) in [(10, [1, 2]), (11, [2, 3])] {
        out.way(id, &refs, &[("highway", "secondary")]).unwrap();
    }
    std::fs::write(path, out.finish().unwrap()).unwrap();
}

fn filled(data: &Path) {
    sample::fill(&Node::open(data, &OpenOptions::default()).unwrap());
}

#[test]
fn times_are_the_roads_own_where_there_is_a_map_and_marked_where_there_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("node"), folder.path().join("map.osm.pbf"));
    filled(&data);
    let ask = |more: &[&str]| {
        let mut words = vec!["plan", "reserves", "--teams", "3", "--json"];
        words.extend(more);
        done(&data, &words).json()
    };
    let of_most = |said: &Value, what: &str| said["classes"][2][what].clone();
    let before = ask(&[]);
    assert_eq!((&before["by_road"], &before["estimated"]), (&0.into(), &true.into()));
    road(&file);
    done(&data, &["plan", "import", "roads", file.to_str().unwrap()]);
    let said = ask(&[]);
    // The other two districts are far from the only road of the map.
    assert_eq!((&said["by_road"], &said["estimated"]), (&2.into(), &true.into()));
    assert_eq!(of_most(&said, "estimated"), 0);
    let way = ["plan", "roads", "way", "30.19,67.0", "30.21,67.02", "--json"];
    let ms = done(&data, &way).json()["time_ms"].as_u64().unwrap();
    assert_eq!(of_most(&said, "worst_s"), ms.div_ceil(1_000), "as the way itself is told");
    assert_ne!(of_most(&said, "worst_s"), of_most(&before, "worst_s"));
    let text = done(&data, &["plan", "reserves", "--teams", "3"]).out;
    assert!(text.contains("2 measured along roads, 4 estimated"), "{text}");
    // A line across the road: its only station beyond has no way any more.
    let cut = ask(&["--block", "30.195,67.01,30.195,67.03"]);
    assert_eq!(cut["change"]["lose"], json!(["NA-10-1"]));
    assert_eq!(cut["change"]["classes"][2]["worst_s"], Value::Null);
    let beside = ask(&["--block", "30.205,67.00,30.205,67.01"]);
    assert_eq!(beside["change"]["lose"], json!([]), "no road crosses that line");
    let team = ask(&["--incident", "NA-10-1"]);
    assert_eq!(
        (&team["suggestions"][0]["base"], &team["suggestions"][0]["basis"]),
        (&"U-quetta".into(), &"road".into())
    );
}

#[test]
fn a_basing_is_proposed_on_the_command_line_and_not_approved_by_the_same_hand() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("node");
    filled(&data);
    let none = done(&data, &["plan", "reserves", "status"]);
    assert!(none.err.contains("no plan of reserves is on record"), "{}", none.err);
    let words =
        ["plan", "reserves", "--teams", "2", "--record", "--label", "first draft", "--json"];
    let name = done(&data, &words).json()["recorded"].as_str().unwrap().to_owned();
    done(&data, &words);
    let status = || done(&data, &["plan", "reserves", "status", "--json"]).json();
    let all = status();
    assert_eq!(all.as_array().map(Vec::len), Some(1), "the same basing again signs nothing");
    assert_eq!((&all[0]["plan"], &all[0]["phase"]), (&name.as_str().into(), &"proposed".into()));
    assert_eq!((&all[0]["teams"], &all[0]["estimated"]), (&2.into(), &6.into()));
    let own = run(&data, &["plan", "reserves", "approve"]);
    assert_eq!(own.code, Some(3), "refused");
    assert!(own.err.contains("two different persons"), "{}", own.err);
    let early = run(&data, &["plan", "reserves", "adopt", &name]);
    assert_eq!(early.code, Some(3), "{}", early.out);
    let asked = run(&data, &["plan", "reserves", "--record", "--more", "1"]);
    assert!(asked.err.contains("without --record"), "{}", asked.err);
    done(&data, &["plan", "reserves", "withdraw", &name, "--reason", "new strengths"]);
    assert_eq!(status()[0]["phase"], "withdrawn");
    assert_whole(&data);
}

#[test]
fn teams_share_a_base_where_they_may_and_are_lost_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("node");
    filled(&data);
    let ask = |more: &[&str]| {
        let mut words = vec!["plan", "reserves", "--teams", "4", "--json"];
        words.extend(more);
        done(&data, &words).json()
    };
    let bases = |said: &Value| -> Vec<String> {
        let list = said["bases"].as_array().unwrap();
        list.iter().map(|base| base.as_str().unwrap().to_owned()).collect()
    };
    let alone = ask(&[]);
    assert_eq!(bases(&alone).len(), 3, "three units, a team each");
    let shared = ask(&["--per-base", "2", "--record", "--label", "in pairs"]);
    let teams = bases(&shared);
    let pair = teams.windows(2).find(|pair| pair[0] == pair[1]).unwrap()[0].clone();
    assert_eq!(teams.len(), 4);
    let worth = |said: &Value| said["objective"].as_i64().unwrap();
    assert!(worth(&shared) > worth(&alone) && worth(&shared) <= shared["bound"].as_i64().unwrap());
    let twice = |said: &Value| {
        said["classes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line["twice"].as_u64().unwrap())
            .sum::<u64>()
    };
    assert!(twice(&shared) > twice(&alone), "the second team is backup");
    let status = done(&data, &["plan", "reserves", "status", "--json"]).json();
    assert_eq!((&status[0]["teams"], &status[0]["bases"]), (&4.into(), &3.into()));
    let lost = ask(&["--per-base", "2", "--lose", &pair]);
    assert_eq!(bases(&lost["change"]).len(), 2, "both are lost with their base");
    let more = ask(&["--per-base", "2", "--more", "2"]);
    assert_eq!(bases(&more["change"]).len(), 6);
    let told = done(&data, &["plan", "reserves", "--teams", "4", "--per-base", "2"]).out;
    assert!(told.contains(&format!("base {pair}: 2 teams")), "{told}");
}

#[test]
fn a_plan_of_reserves_is_in_force_by_another_persons_approval() {
    let house = House::planned();
    let first = house.first();
    house.second(&first);
    let node = &house.node;
    let acting = |name: &str, permission: &str| {
        node.acting(&pehra_domain::PersonId::try_new(name).unwrap(), permission).unwrap()
    };
    let mut go_on = |_| std::ops::ControlFlow::Continue(());
    let kept = pehra::work::dispatch::RoadsKept::default();
    let prepared = reserves::Prepared::open(node, &kept, &mut go_on).unwrap();
    let based = reserves::solve(prepared.into(), 2, &mut go_on, &mut |_, _| {}).unwrap();
    let manifest =
        reserves::propose(node, &acting("first", "plan.edit"), &based, ("", "")).unwrap();
    let found = reserves::find(node, &reserves::name_of(manifest)).unwrap();
    let (plan, step) = (found.at, |name: &str, permission: &str, command: Command| {
        reserves::step(node, &acting(name, permission), command)
    });
    let own = step("first", "plan.approve", Command::Approve { plan }).unwrap_err();
    assert!(
        matches!(&own, pehra::node::NodeError::Refused(refusal)
        if refusal.code == RefusalCode::SamePersonTwice),
        "{own}"
    );
    assert!(reserves::in_force(node).is_none());
    step("second", "plan.approve", Command::Approve { plan }).unwrap();
    step("first", "plan.adopt", Command::Adopt { plan }).unwrap();
    let (adoption, reserve) = reserves::in_force(node).unwrap();
    assert_eq!((adoption.plan, adoption.manifest), (plan, manifest));
    assert_eq!(reserve.teams(), 2);
    assert_eq!(reserves::decided(node)[0].phase, Phase::Adopted);
    assert_eq!(reserves::units(node, 200, &kept, &mut go_on).unwrap().len(), 2, "packs follow it");
}

fn based(browser: &Browser, teams: u32, label: &str) -> String {
    let job = browser.post("/api/reserves", &json!({ "teams": teams, "label": label })).json();
    let ended = browser.wait_for(&job);
    assert_eq!(ended["state"], "done", "{ended}");
    assert!(ended["bound"]["objective"].as_i64() <= ended["bound"]["dual_bound"].as_i64());
    assert_eq!(ended["result"]["stopped"], false);
    ended["result"]["reserve_id"].as_str().unwrap().to_owned()
}

fn sum(rows: &Value, field: &str) -> u64 {
    rows.as_array().unwrap().iter().map(|row| row[field].as_u64().unwrap()).sum()
}

fn length(rows: &Value) -> Option<usize> {
    rows.as_array().map(Vec::len)
}

#[test]
fn the_room_chooses_bases_and_tells_what_they_reach() {
    let house = House::planned();
    let first = house.first();
    let list = first.get("/api/reserves").json();
    assert_eq!(
        (&list["plans"], &list["places"], &list["has_roads"]),
        (&json!([]), &json!(3), &json!(false))
    );
    assert_eq!(first.post("/api/reserves", &json!({ "teams": 0 })).status, 422);
    let id = based(&first, 2, "two teams");
    let path = format!("/api/reserves/{id}");
    let one = first.get(&path).json();
    assert_eq!(
        (&one["label"], &one["status"], &one["teams"], &one["outdated"]),
        (&json!("two teams"), &json!("draft"), &json!(2), &json!(false))
    );
    assert_eq!(sum(&one["classes"], "stations"), 6);
    assert_eq!(sum(&one["classes"], "estimated"), 6, "there is no road map");
    let reached = sum(&one["classes"], "reached");
    assert_eq!(sum(&one["base_list"], "nearest"), 6);
    let points = first.get(&format!("{path}/map"));
    let covered = points.body.chunks(2).filter(|pair| matches!(pair[0] & 7, 1 | 2)).count();
    assert_eq!((points.body.len(), covered as u64), (12, reached));
    assert!(points.body.chunks(2).all(|pair| pair[0] & 8 == 8), "every time is estimated");

    // A district's officer sees the bases and stations of the district, and cannot sign for the nation.
    let officer = house.person(&first, "officer", &["DRO"], "pk/balochistan/quetta");
    let part = officer.get(&path).json();
    assert_eq!(sum(&part["classes"], "stations"), 2);
    assert_eq!(officer.get(&format!("{path}/map")).body.len(), 4);
    assert!(part["base_list"].as_array().unwrap().iter().all(|base| base["unit"] == "U-quetta"));
    let refused = officer.post(&format!("{path}/propose"), &json!({}));
    assert_eq!((refused.status, refused.code().as_str()), (403, "outside-area"));
}

#[test]
fn what_if_is_answered_and_signs_nothing() {
    let house = House::planned();
    let first = house.first();
    let id = based(&first, 2, "two teams");
    let path = format!("/api/reserves/{id}");
    let one = first.get(&path).json();
    let reached = sum(&one["classes"], "reached");
    let ask = |wish: &Value| first.post(&format!("{path}/what-if"), wish);
    let lost = one["base_list"][0]["unit"].as_str().unwrap();
    let alone = one["base_list"][0]["alone"].as_u64().unwrap();
    let entries = || first.get("/api/node").json()["entries"].clone();
    let before = entries();
    let change = ask(&json!({ "lose": [lost] })).json();
    assert!(alone > 0, "{one}");
    assert_eq!((change["lose"].as_u64(), change["teams"].as_u64()), (Some(alone), Some(1)));
    assert_eq!(length(&change["lost"]), length(&change["lost_points"]));
    assert_eq!(sum(&change["classes"], "reached"), reached - alone);
    let more = ask(&json!({ "more": 1 })).json();
    assert_eq!((more["teams"].as_u64(), sum(&more["classes"], "reached")), (Some(3), 6));
    assert_eq!(length(&more["added"]), Some(1));
    for wrong in [json!({}), json!({ "lose": ["U-nowhere"] }), json!({ "blocks": [[91, 0, 0, 0]] })]
    {
        assert_eq!(ask(&wrong).status, 422, "{wrong}");
    }
    assert!(before.is_u64() && entries() == before, "{before}");
}

#[test]
fn two_basings_stand_side_by_side_and_tables_leave() {
    let house = House::planned();
    let first = house.first();
    let id = based(&first, 2, "two teams");
    let path = format!("/api/reserves/{id}");
    let one = first.get(&path).json();
    let reached = sum(&one["classes"], "reached");
    let lost = one["base_list"][0]["unit"].as_str().unwrap();
    let three = based(&first, 3, "");
    let two = first.get(&format!("/api/reserves/compare?a={id}&b={three}")).json();
    assert_eq!((&two["lose"], &two["shared"]), (&json!(0), &json!(2)));
    assert_eq!(two["gain"].as_u64(), Some(6 - reached));
    assert_eq!((length(&two["only_a"]), length(&two["only_b"])), (Some(0), Some(1)));
    let text = first.get(&format!("{path}/stations.csv")).text();
    assert_eq!((text.lines().count(), text.matches(",estimated,").count()), (8, 6), "{text}");
    assert!(first.get(&format!("{path}/bases.csv")).text().contains(lost));
    for file in ["stations.xlsx", "bases.xlsx"] {
        let file = first.get(&format!("{path}/{file}"));
        assert_eq!((file.status, &file.body[..2]), (200, b"PK".as_slice()));
    }
}

#[test]
fn in_the_room_reserves_are_in_force_by_two_persons() {
    let house = House::planned();
    let first = house.first();
    let second = house.second(&first);
    let id = based(&first, 2, "two teams");
    let step = |browser: &Browser, word: &str| {
        browser.post(&format!("/api/reserves/{id}/{word}"), &json!({ "reason": "ready" }))
    };
    let early = step(&second, "approve");
    assert_eq!((early.status, early.code().as_str()), (409, "wrong-step"));
    let proposed = step(&first, "propose");
    assert_eq!((proposed.status, &proposed.json()["status"]), (200, &json!("proposed")));
    let own = step(&first, "approve");
    assert_eq!((own.status, own.code().as_str()), (403, "same-person-twice"));
    assert_eq!(step(&second, "approve").json()["status"], "approved");
    let adopted = step(&first, "adopt").json();
    assert_eq!((&adopted["status"], &adopted["in_force"]), (&json!("adopted"), &json!(true)));
    let deployment = first.get("/api/plans").json();
    assert_eq!(deployment[0]["status"], "draft", "the deployment is another plan: {deployment}");
    let newer = based(&first, 3, "");
    let list = first.get("/api/reserves").json();
    let in_force: Vec<&Value> =
        list["plans"].as_array().unwrap().iter().filter(|row| row["in_force"] == true).collect();
    assert_eq!((in_force.len(), &in_force[0]["id"]), (1, &json!(id)), "not {newer}");
    assert_eq!(step(&first, "withdraw").json()["status"], "withdrawn");
    assert!(reserves::in_force(&house.node).is_none());
}
