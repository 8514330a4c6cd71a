//! The record in the room: every entry within reach, its proof, and what a stranger makes of it.

use crate::{client::Browser, house::House};
use pehra::node::{Node, Verdict};
use pehra_domain::{AreaId, IncidentId, PersonId, UnixMs, role::Role};
use pehra_ledger::{
    ClockQuality, Draft, Entry, Hlc, Payload, SigningKey,
    armour::Piece,
    certificate::{CertificateBody, Subject},
    draft::Next,
    genesis::Genesis,
    paper,
    proof::Proof,
    roster::{Roster, Standing},
};
use pehra_ops::{
    Actor, Command, Event,
    incident::{self, Level, Matter, On},
    intelligence,
};
use serde_json::{Value, json};

const EAST: &str = "pk/balochistan/quetta";

fn entries(browser: &Browser, query: &str) -> Vec<Value> {
    let page = browser.get(&format!("/api/record{query}")).json();
    page["entries"].as_array().unwrap_or_else(|| panic!("{page}")).clone()
}

fn prove(browser: &Browser, place: &str) -> crate::client::Answer {
    browser.post(&format!("/api/record/{place}/proof"), &json!({}))
}

#[test]
fn every_entry_is_listed_from_the_newest_back_and_found_by_its_words() {
    let house = House::planned();
    let first = house.first();
    let all = entries(&first, "");
    assert!(all.len() > 4, "{}", all.len());
    let times: Vec<u64> = all.iter().map(|row| row["received_ms"].as_u64().unwrap()).collect();
    assert!(times.is_sorted_by(|a, b| a >= b), "{times:?}");
    let plans = entries(&first, "?find=DATASET.committed");
    assert!(!plans.is_empty() && plans.len() < all.len());
    assert!(plans.iter().all(|row| row["word"] == "dataset.committed"), "{plans:?}");
    assert!(entries(&first, "?find=nobody-of-this-name").is_empty());
    // From a place back, what comes is what stands behind it.
    let before = first.get("/api/record?before=3").json();
    assert_eq!(before["entries"].as_array().unwrap().len(), 2);
    assert_eq!(before["before"], Value::Null);
    let last = all.last().unwrap()["place"].as_str().unwrap();
    assert_eq!(before["entries"][1]["place"], last);
}

#[test]
fn the_proof_of_an_entry_is_what_the_founding_file_alone_accepts() {
    let house = House::planned();
    let first = house.first();
    let row = entries(&first, "?find=role_granted")
        .first()
        .cloned()
        .unwrap_or_else(|| entries(&first, "").remove(0));
    let place = row["place"].as_str().unwrap();
    let answer = prove(&first, place);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let view = answer.json();
    let genesis = Genesis::from_text(&house.browser().get("/api/founding").text()).unwrap();
    assert_eq!(view["founding"].as_str(), Some(genesis.to_text().as_str()));
    let pieces = Piece::all(view["text"].as_str().unwrap()).unwrap();
    let codes: Vec<&str> =
        view["codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
    assert_eq!(paper::join(&codes.join("\n")).as_ref(), Ok(&pieces[0].bytes));
    let roster = Roster::new(genesis.election_name(), genesis.root());
    let proven = Proof::decode(&pieces[0].bytes).unwrap().verify(&roster).unwrap();
    assert_eq!(proven.header.place.to_string(), place);
    assert_eq!((proven.standing, proven.log_stands), (Standing::Good, true));
    assert_eq!((&view["standing"], &view["forked"]), (&json!("good"), &json!(false)));
    assert_eq!(view["needed"], 2);
    for nothing in [place.replace('/', ":"), format!("{}/0/99999", "0".repeat(32))] {
        assert_eq!(prove(&first, &nothing).status, 404, "{nothing}");
    }
}

#[test]
fn an_orders_proof_shows_its_answers_and_that_no_own_key_signed() {
    let house = House::planned();
    let first = house.first();
    let officer = house.person(&first, "officer", &["SHO"], EAST);
    let wish = json!({ "area": EAST, "to": ["SHO"], "priority": "urgent", "minutes": 30,
        "text": "Hold the convoy at the bridge", "runner": "rider 7" });
    let order = first.post("/api/orders", &wish).json()["orders"][0]["id"].clone();
    let order = order.as_str().unwrap();
    assert_eq!(officer.post(&format!("/api/orders/{order}/read"), &json!({})).status, 200);
    let done = officer.post(&format!("/api/orders/{order}/act"), &json!({ "note": "held" }));
    assert_eq!(done.status, 200, "{}", done.text());
    let view = prove(&first, &order.replace(':', "/")).json();
    let words: Vec<&Value> =
        view["answers"].as_array().unwrap().iter().map(|one| &one["row"]["word"]).collect();
    assert!(words.contains(&&json!("order.read")), "{view}");
    assert!(words.contains(&&json!("order.acted")), "{view}");
    assert_eq!(view["attested_by_node"], true);
    assert_eq!(view["beside"], json!([]));
}

#[test]
fn whoever_is_elsewhere_and_whoever_may_not_read_complaints_is_not_told_that_there_are_any() {
    let house = House::planned();
    let first = house.first();
    let reporter = house.person(&first, "reporter", &["RO"], EAST);
    let commander = house.person(&first, "commander", &["POL-SP"], EAST);
    let district = house.person(&first, "district", &["DRO"], EAST);
    let far = house.person(&first, "far", &["DRO"], "pk/punjab/lahore");
    let report = |code: &str| {
        let wish =
            json!({ "code": code, "area": EAST, "text": "seen at the gate", "source": "desk" });
        let answer = reporter.post("/api/day/incidents", &wish);
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["complaint"].clone()
    };
    assert_eq!(report("ARM.PST"), false);
    assert_eq!(report("STF.MIS"), true);
    let reports = |browser: &Browser| entries(browser, "?find=incident.reported").len();
    assert_eq!((reports(&commander), reports(&district)), (1, 2));
    let newest = entries(&district, "?find=incident.reported").remove(0);
    let place = newest["place"].as_str().unwrap();
    assert_eq!(prove(&district, place).status, 200);
    assert_eq!(prove(&commander, place).status, 404, "not even that it exists");
    let refused = far.get("/api/record");
    assert!(refused.status == 403 || entries(&far, "").iter().all(|row| row["area"] != EAST));
    assert_eq!(prove(&far, place).status, 404);
}

fn task(now: UnixMs) -> intelligence::Task {
    intelligence::Task {
        service: intelligence::Service::Police,
        question: "who was seen at the bridge".to_owned(),
        place: intelligence::Place { subject: None, points: Vec::new(), radius_m: 0 },
        answer_by: UnixMs(now.0 + 3_600_000),
    }
}

#[test]
fn what_the_desk_of_intelligence_does_is_listed_to_the_desk_and_to_auditors() {
    let house = House::planned();
    let first = house.first();
    let analyst = house.person(&first, "analyst", &["DRO", "INTEL-AN"], EAST);
    let commander = house.person(&first, "commander", &["POL-SP"], EAST);
    let auditor = house.person(&first, "auditor", &["AUDITOR"], "pk");
    let area = AreaId::try_new(EAST).unwrap();
    let actor = Actor {
        person: PersonId::try_new("analyst").unwrap(),
        role: Role::try_new("INTEL-AN").unwrap(),
        area: area.clone(),
    };
    let task = task(house.node.now());
    let command = Command::Intelligence(intelligence::Command::Ask { area, task });
    house.node.execute(&actor, command).unwrap();
    let asked = |browser: &Browser| entries(browser, "?find=intelligence.asked");
    assert_eq!((asked(&analyst).len(), asked(&commander).len()), (1, 0));
    assert_eq!(asked(&auditor).len(), 1, "who audits sees who did what");
    let place = asked(&analyst).remove(0)["place"].as_str().unwrap().to_owned();
    assert_eq!((prove(&analyst, &place).status, prove(&commander, &place).status), (200, 404));
}

/// Entries of a device whose role may do none of it: an incident's, a complaint's, one whose content is missing, and a
/// task of the intelligence desk.
fn without_effect(node: &Node) -> [String; 4] {
    let key = SigningKey::from_seed([77; 32]);
    let election = node.ledger_election();
    let body = CertificateBody {
        election,
        subject: Subject::DEVICE,
        key: key.public(),
        name: "stores".to_owned(),
        area: "pk".to_owned(),
        roles: vec!["LOG".to_owned()],
        not_before_ms: 0,
        not_after_ms: u64::MAX >> 12,
        sealing: None,
    };
    node.enrol(node.certify(body).unwrap()).unwrap();
    let acknowledged = |matter| {
        let incident = IncidentId::try_new("I-7Q2M4K9D").unwrap();
        let on = On { incident, matter, at: node.now(), note: String::new() };
        Event::Incident(incident::Event::Acknowledged {
            on,
            by: Level::ReturningOfficer,
            moves: true,
        })
    };
    let said = [
        (acknowledged(Matter::Incident), false),
        (acknowledged(Matter::Complaint), false),
        (acknowledged(Matter::Incident), true),
        (Event::Intelligence(intelligence::Event::Asked(task(node.now()))), false),
    ];
    let mut next = Next::FIRST;
    said.map(|(event, is_absent)| {
        let draft = Draft {
            election,
            clock: Hlc { ms: u64::try_from(node.now().0).unwrap(), counter: 0 },
            clock_quality: ClockQuality::UNKNOWN,
            area: EAST.to_owned(),
            kind: event.kind(),
            person: "storekeeper".to_owned(),
            role: "LOG".to_owned(),
            causes: Vec::new(),
            cosigners: Vec::new(),
            extras: Vec::new(),
            payload: Payload::try_new([9; 32], &event.encode()).unwrap(),
        };
        let entry = Entry::seal(&key, &draft, next).unwrap();
        next = Next { epoch: 0, seq: next.seq + 1, previous: entry.hash() };
        let place = entry.header().place.to_string();
        let entry = if is_absent { entry.withheld() } else { entry };
        let received = node.receive(&[entry.encode()]).unwrap();
        assert!(matches!(received.verdicts[..], [Verdict::WithoutEffect(_)]), "{received:?}");
        place
    })
}

#[test]
fn what_is_kept_without_effect_is_listed_to_those_who_may_see_it_in_the_record() {
    let house = House::planned();
    let first = house.first();
    let commander = house.person(&first, "commander", &["POL-SP"], EAST);
    let district = house.person(&first, "district", &["DRO"], EAST);
    let analyst = house.person(&first, "analyst", &["RO", "INTEL-AN"], EAST);
    let auditor = house.person(&first, "auditor", &["AUDITOR"], "pk");
    let all = without_effect(&house.node);
    let [incident, complaint, absent, task] = all.clone();
    let seen = |browser: &Browser| -> Vec<String> {
        let list = browser.get("/api/withheld").json();
        let entry = |one: &Value| one["entry"].as_str().unwrap().to_owned();
        list.as_array().unwrap_or_else(|| panic!("{list}")).iter().map(entry).collect()
    };
    assert_eq!(
        seen(&commander),
        std::slice::from_ref(&incident),
        "neither who complains nor who asks"
    );
    assert_eq!(seen(&district), [incident.clone(), complaint, absent], "missing: it may be one");
    assert_eq!(seen(&analyst), [incident, task]);
    assert_eq!(seen(&auditor), all);
    for browser in [&commander, &district, &analyst, &auditor] {
        let listed = entries(browser, "?find=storekeeper");
        let mut places: Vec<&str> =
            listed.iter().map(|row| row["place"].as_str().unwrap()).collect();
        places.reverse();
        assert_eq!(places, seen(browser), "the same in the record");
    }
}

#[test]
fn two_persons_delete_what_a_court_wants_gone_with_the_room_open() {
    let house = House::planned();
    let first = house.first();
    let second = house.person(&first, "colleague", &["ECP-NAT"], "pk");
    let auditor = house.person(&first, "auditor", &["AUDITOR"], "pk");
    let stranger = house.person(&first, "stranger", &["DRO"], EAST);
    let wish = json!({ "area": EAST, "to": ["SHO"], "priority": "urgent", "minutes": 30,
        "text": "Unmistakable words of an order", "runner": "" });
    let order = first.post("/api/orders", &wish).json()["orders"][0]["id"].clone();
    let place = order.as_str().unwrap().replace(':', "/");
    let says = || {
        let orders = first.get("/api/orders").text();
        orders.contains("Unmistakable")
    };
    assert!(says());
    let delete = |who: &Browser, place: &str, reason: &str| {
        let wish = json!({ "places": [place], "ground": "court",
            "instrument": "Islamabad High Court, W.P. 1 of 2024", "reason": reason });
        who.post("/api/deletions", &wish)
    };
    assert_eq!(delete(&stranger, &place, "to see").status, 403);
    assert_eq!(stranger.get("/api/deletions").status, 403);
    assert_eq!(delete(&first, "nothing/0/0", "to see").status, 404);
    assert_eq!(delete(&first, &place, "").status, 422, "a reason is owed");
    let waits = delete(&first, &place, "the court wants it gone");
    assert_eq!(waits.status, 200, "{}", waits.text());
    let row = &waits.json()["deletions"][0];
    assert_eq!((&row["in_force"], &row["may_approve"]), (&json!(false), &json!(false)), "{row}");
    assert!(says(), "nothing goes on one person's word");
    let id = row["id"].as_str().unwrap();
    let approve = |who: &Browser| who.post(&format!("/api/deletions/{id}/approve"), &json!({}));
    assert_eq!(approve(&auditor).status, 403);
    assert_eq!(auditor.get("/api/deletions").json()["deletions"][0]["may_approve"], false);
    let same = approve(&first);
    assert!((400..500).contains(&same.status), "not by whoever ordered it: {}", same.text());
    assert_eq!(second.get("/api/deletions").json()["deletions"][0]["may_approve"], true);
    let gone = approve(&second);
    assert_eq!(gone.status, 200, "{}", gone.text());
    let row = &gone.json()["deletions"][0];
    assert_eq!((&row["in_force"], &row["done"][0]["gone"]), (&json!(true), &json!(1)), "{row}");
    assert!(!says(), "the room shows it no more");
    let listed = entries(&first, "?find=order.given");
    assert_eq!(listed[0]["content"], "deleted", "{listed:?}");
    let again = delete(&first, &place, "once more");
    assert_eq!((again.status, &again.json()["code"]), (422, &json!("not-deletable")));
    // That it was deleted cannot be deleted.
    let kept = delete(&first, &id.replace(':', "/"), "to see");
    assert_eq!((kept.status, &kept.json()["code"]), (422, &json!("not-deletable")));
}
