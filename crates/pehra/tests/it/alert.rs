//! Alerts to partners: from an incident to a signed message that a stranger checks, and what never goes out.

use crate::{
    client::Browser,
    command::{done, run},
    house::House,
};
use pehra::node::OpenOptions;
use pehra_domain::Date;
use pehra_exchange::cap::{self, Alert};
use pehra_ledger::envelope::Enveloped;
use serde_json::{Value, json};
use std::{fs, path::Path, process::Command};

const QUETTA: &str = "pk/balochistan/quetta";
/// Words that stand in the incident's report alone.
const SAID: &str = "the caretaker saw two men with a red car";

struct Desk {
    house: House,
    duty: Browser,
    police: Browser,
    officer: Browser,
}

impl Desk {
    fn of(house: House) -> Self {
        let first = house.first();
        let duty = house.person(&first, "duty", &["CTRL-D"], QUETTA);
        let police = house.person(&first, "police", &["POL-SP"], QUETTA);
        let officer = house.person(&first, "officer", &["DRO"], QUETTA);
        Self { house, duty, police, officer }
    }

    /// Reports a bomb, and answers what is proposed from it.
    fn proposed(&self) -> Value {
        let wish = json!({ "code": "IED.PST", "area": QUETTA, "lat": 30.2, "lon": 67.0,
            "text": SAID, "source": "desk" });
        let reported = self.duty.post("/api/day/incidents", &wish);
        assert_eq!(reported.status, 200, "{}", reported.text());
        let id = reported.json()["id"].as_str().unwrap().to_owned();
        let seed = self.duty.get(&format!("/api/alerts/seed?area={QUETTA}&incident={id}"));
        assert_eq!(seed.status, 200, "{}", seed.text());
        seed.json()
    }
}

/// The draft that was written last.
fn written(by: &Browser, wish: &Value) -> String {
    let answer = by.post("/api/alerts", wish);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["alerts"][0]["id"].as_str().unwrap().to_owned()
}

fn act(by: &Browser, id: &str, act: &Value) -> (u16, String) {
    let answer = by.post(&format!("/api/alerts/{id}"), act);
    let code = if answer.status == 200 { String::new() } else { answer.code() };
    (answer.status, code)
}

fn release(by: &Browser, id: &str) -> (u16, String) {
    act(by, id, &json!({ "act": "release" }))
}

fn row(by: &Browser, id: &str) -> Value {
    let all = by.get("/api/alerts").json();
    let rows = all["alerts"].as_array().unwrap();
    rows.iter().find(|row| row["id"] == id).unwrap_or_else(|| panic!("{id}: {all}")).clone()
}

fn public(wish: &Value) -> Value {
    let mut wish = wish.clone();
    wish["scope"] = json!("Public");
    wish["restriction"] = json!("");
    wish
}

/// Reads a file back as anybody would, and holds it to the standard's own schema where that is at hand.
fn read(text: &str, dir: &Path) -> Alert {
    let enveloped = Enveloped::read(text).unwrap();
    let alert = cap::read(&enveloped.document).unwrap();
    assert_eq!(alert.write(), enveloped.document, "it is its own canonical form");
    let Some(schema) = std::env::var_os("PEHRA_CAP_XSD") else { return alert };
    let file = dir.join("message.xml");
    fs::write(&file, text).unwrap();
    let checked = Command::new("xmllint")
        .args(["--noout", "--schema"])
        .args([Path::new(&schema), &file])
        .output()
        .unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    alert
}

/// Whole in both languages, for some, around the place, and without the reporter's words.
fn assert_proposed(wish: &Value) {
    assert!(!wish.to_string().contains("caretaker"), "nobody's words are taken over: {wish}");
    assert_eq!(wish["scope"], "Restricted");
    assert_eq!(wish["outline"]["kind"], "circle");
    for language in ["english", "urdu"] {
        for part in ["event", "place", "office", "headline", "description", "instruction"] {
            assert!(!wish[language][part].as_str().unwrap().is_empty(), "{language} {part}");
        }
    }
}

/// What stands in the file, and who does not.
fn assert_said(text: &str, dir: &Path) {
    let alert = read(text, dir);
    assert_eq!((alert.status.as_str(), alert.kind.as_str()), ("Actual", "Alert"));
    assert!(alert.restriction.unwrap().contains("1122"));
    let languages: Vec<&str> = alert.infos.iter().map(|info| info.language.as_str()).collect();
    assert_eq!(languages, ["en-PK", "ur-PK"]);
    let english = &alert.infos[0];
    assert_eq!((english.severity.as_str(), english.urgency.as_str()), ("Extreme", "Immediate"));
    assert_eq!(english.area.circles[0].1, 1_000);
    assert_eq!(english.area.geocodes[0].1, QUETTA);
    for hidden in ["duty", "police", "caretaker", "I-"] {
        let said = text.split("<KeyInfo>").next().unwrap();
        assert!(!said.contains(&format!(">{hidden}")), "{hidden}: {said}");
    }
}

/// A stranger has the file and the founding, and no node.
fn assert_strangers_check(house: &House, text: &str, first: &str) {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("root.txt");
    fs::write(&root, house.browser().get("/api/founding").text()).unwrap();
    let path = dir.path().join("alert.cap.xml");
    fs::write(&path, text).unwrap();
    let [root, path] = [&root, &path].map(|it| it.to_str().unwrap());
    let check = ["prove", "alert", path, "--root", root];
    let told = done(&dir.path().join("none"), &[&check[..], &["--json"]].concat()).json();
    assert_eq!((&told["identifier"], &told["kind"]), (&json!(first), &json!("Alert")));
    let said = done(&dir.path().join("none"), &check).out;
    assert!(said.contains("every byte is as") && said.contains("ACTUAL Alert"), "{said}");
    fs::write(path, text.replacen("Immediate", "Future", 1)).unwrap();
    let said = run(&dir.path().join("none"), &check);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("SHA-256 differs"), "{}", said.err);
}

#[test]
fn an_incident_becomes_a_message_in_two_languages_that_another_person_releases() {
    let desk = Desk::of(House::planned());
    let wish = desk.proposed();
    assert_proposed(&wish);
    let id = written(&desk.duty, &wish);
    let own = row(&desk.duty, &id);
    assert_eq!((&own["phase"], &own["own"]), (&json!("drafted"), &json!(true)));
    assert_eq!(own["acts"], json!(["discard"]), "whoever wrote it does not release it");
    assert_eq!(release(&desk.duty, &id), (403, "same-person-twice".to_owned()));
    assert_eq!(desk.police.get("/api/alerts").json()["waiting"], 1);
    assert_eq!(release(&desk.police, &id), (200, String::new()));
    let shown = row(&desk.police, &id);
    assert_eq!((&shown["phase"], &shown["link"]), (&json!("released"), &Value::Null));
    // What is for some is in no open feed, and under no open address.
    let strangers = [Browser::new(desk.house.public), desk.house.browser()];
    for stranger in &strangers {
        assert!(!stranger.get("/alerts/atom.xml").text().contains(&id));
        assert_eq!(stranger.get(&format!("/alerts/{id}.cap.xml")).status, 404);
    }
    assert_eq!(desk.house.browser().get(&format!("/api/alerts/{id}/cap")).status, 401);
    let dir = tempfile::tempdir().unwrap();
    let file = desk.officer.get(&format!("/api/alerts/{id}/cap"));
    assert_eq!(file.status, 200, "{}", file.text());
    assert_said(&file.text(), dir.path());
}

#[test]
fn what_everybody_reads_is_released_for_the_election_updated_cancelled_and_checked_by_a_stranger() {
    let desk = Desk::of(House::planned());
    let mut wish = public(&desk.proposed());
    wish["outline"] = json!({ "kind": "area" });
    let first = written(&desk.duty, &wish);
    assert_eq!(release(&desk.police, &first).0, 403, "the police release what is for some");
    assert_eq!(release(&desk.officer, &first), (200, String::new()));
    let link = row(&desk.duty, &first)["link"].as_str().unwrap().to_owned();
    let door = Browser::new(desk.house.public);
    let file = door.get(&link);
    assert_eq!(file.status, 200, "{}", file.text());
    assert_eq!(file.text(), desk.house.browser().get(&link).text(), "both doors serve one file");
    let dir = tempfile::tempdir().unwrap();
    let alert = read(&file.text(), dir.path());
    assert_eq!(alert.infos[0].area.circles.len(), 1, "around the two stations that it has");

    let mut update = row(&desk.duty, &first)["written"].clone();
    update["follows"] = json!(first);
    update["english"]["headline"] = json!("The road is closed & guarded <for now>");
    let second = written(&desk.duty, &update);
    assert_eq!(release(&desk.officer, &second), (200, String::new()));
    assert_eq!(row(&desk.duty, &first)["phase"], "updated");
    let refused =
        act(&desk.officer, &first, &json!({ "act": "cancel", "english": "x", "urdu": "و" }));
    assert_eq!(refused, (409, "alert-state-forbids".to_owned()), "the last one is cancelled");
    let cancel = json!({ "act": "cancel", "english": "The road is open.", "urdu": "سڑک کھلی ہے۔" });
    assert_eq!(act(&desk.officer, &second, &cancel), (200, String::new()));
    let ended = row(&desk.duty, &second)["ended"]["message"].as_str().unwrap().to_owned();

    let feed = door.get("/alerts/atom.xml").text();
    for id in [&first, &second, &ended] {
        assert!(feed.contains(&format!("href=\"{id}.cap.xml\"")), "{id}: {feed}");
    }
    assert!(feed.contains("The road is closed &amp; guarded &lt;for now&gt;"));
    assert!(!feed.contains("officer") && !feed.contains("duty"), "no person: {feed}");
    let last = door.get(&format!("/alerts/{ended}.cap.xml"));
    let last = read(&last.text(), dir.path());
    assert_eq!((last.kind.as_str(), last.references.len()), ("Cancel", 2));
    assert_eq!(last.references[0], alert.reference());
    assert!(last.infos[1].headline.starts_with("منسوخ"), "{}", last.infos[1].headline);
    assert_eq!(last.infos[0].description, "The road is open.");

    assert_strangers_check(&desk.house, &file.text(), &first);
}

#[test]
fn an_exercise_is_never_actual() {
    let options = OpenOptions::of("EX-TEST-1", "an exercise", Date(19_761));
    let desk = Desk::of(House::open(&options, |_| {}));
    let mut wish = desk.duty.get(&format!("/api/alerts/seed?area={QUETTA}")).json();
    wish["status"] = json!("Actual");
    for language in ["english", "urdu"] {
        wish[language]["headline"] = json!("Road closed · سڑک بند");
        wish[language]["description"] = json!("A drill · مشق");
    }
    let id = written(&desk.duty, &public(&wish));
    assert_eq!(release(&desk.officer, &id), (200, String::new()));
    assert_eq!(desk.duty.get("/api/alerts").json()["status"], "Exercise");
    let dir = tempfile::tempdir().unwrap();
    let file = Browser::new(desk.house.public).get(&format!("/alerts/{id}.cap.xml")).text();
    assert_eq!(read(&file, dir.path()).status, "Exercise");
    let feed = desk.house.browser().get("/alerts/atom.xml").text();
    assert!(feed.contains("<category term=\"Exercise\"/>") && !feed.contains("Actual"), "{feed}");
}

#[test]
fn what_may_not_be_said_is_refused_without_being_repeated() {
    let desk = Desk::of(House::planned());
    let wish = desk.proposed();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut wish = wish.clone();
        change(&mut wish);
        desk.duty.post("/api/alerts", &wish)
    };
    let named = with(&|wish| wish["english"]["description"] = json!("ask 42101-1234567-1"));
    assert_eq!(named.json()["code"], "identity-number");
    assert!(!named.text().contains("42101"));
    assert_eq!(with(&|wish| wish["urdu"]["headline"] = json!("")).json()["code"], "text-empty");
    assert_eq!(with(&|wish| wish["category"] = json!("Politics")).status, 422);
    assert_eq!(with(&|wish| wish["restriction"] = json!("")).json()["code"], "alert-malformed");
    assert_eq!(with(&|wish| wish["expires_ms"] = json!(1)).json()["code"], "alert-expires");
    let elsewhere = with(&|wish| wish["area"] = json!("pk/punjab/lahore"));
    assert_eq!(elsewhere.status, 403, "{}", elsewhere.text());
    assert_eq!(desk.duty.get("/api/alerts").json()["alerts"], json!([]), "nothing was kept");
    for path in ["/alerts/x.cap.xml", "/alerts/", "/alerts/..%2f..%2fetc%2fpasswd.cap.xml"] {
        assert_eq!(Browser::new(desk.house.public).get(path).status, 404, "{path}");
    }
}
