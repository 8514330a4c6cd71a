//! What was found wanting is charged to an owner, said to be done by that owner alone, and closed by somebody else; what an
//! exercise found is taken along into the real election; and the account names who mends what missed its target.

use crate::{
    after_action::lived,
    client::Browser,
    command::{done, run},
    house::House,
};
use pehra::{
    node::{Node, OpenOptions},
    work::after_action::{Account, Edition, Options, account},
};
use pehra_domain::{AreaId, Date};
use serde_json::{Value, json};
use std::path::Path;

const EAST: &str = "pk/sindh/karachi-east";

fn list(browser: &Browser) -> Vec<Value> {
    browser.get("/api/findings").json()["findings"].as_array().unwrap().clone()
}

fn only(browser: &Browser) -> Value {
    let all = list(browser);
    assert_eq!(all.len(), 1, "{all:?}");
    all[0].clone()
}

fn acts(finding: &Value) -> Vec<&str> {
    finding["acts"].as_array().unwrap().iter().filter_map(Value::as_str).collect()
}

fn in_days(node: &Node, days: i32) -> String {
    Date(Date::of_pkt(node.now()).0 + days).to_string()
}

/// Six persons around one finding in a district.
struct Desk {
    house: House,
    first: Browser,
    desk: Browser,
    store: Browser,
    officer: Browser,
    far: Browser,
    observer: Browser,
}

impl Desk {
    fn seated() -> Self {
        let house = House::planned();
        let first = house.first();
        let [desk, store, officer, far, observer] = [
            ("desk", ["CTRL-D"].as_slice(), EAST),
            ("store", &["LOG"], "pk/sindh"),
            ("officer", &["DRO", "LOG"], EAST),
            ("far", &["DRO"], "pk/punjab/lahore"),
            ("observer", &["OBS"], "pk"),
        ]
        .map(|(name, roles, area)| house.person(&first, name, roles, area));
        let wish = json!({ "area": EAST, "text": "two bags came without a seal" });
        assert_eq!(observer.post("/api/findings", &wish).status, 403, "an observer looks");
        assert_eq!(far.post("/api/findings", &wish).status, 403, "not of another's area");
        assert_eq!(desk.post("/api/findings", &wish).status, 200);
        Self { house, first, desk, store, officer, far, observer }
    }

    fn path(&self, act: &str) -> String {
        format!("/api/findings/{}/{act}", only(&self.first)["id"].as_str().unwrap())
    }

    fn charge(&self, by: &Browser, owner: &str, due: &str) -> crate::client::Answer {
        let action = json!({ "text": "seals at the store", "owner": owner, "due": due });
        by.post(&self.path("charge"), &action)
    }

    fn say(&self, by: &Browser, act: &str, note: &str) -> crate::client::Answer {
        by.post(&self.path(act), &json!({ "note": note }))
    }
}

#[test]
fn whoever_answers_for_the_area_charges_an_owner_with_a_day() {
    let of = Desk::seated();
    assert_eq!((list(&of.far).len(), only(&of.observer)["phase"].clone()), (0, json!("found")));
    assert!(acts(&only(&of.desk)).is_empty(), "who records does not charge");
    let soon = in_days(&of.house.node, 14);
    assert_eq!(of.charge(&of.officer, "NOBODY", &soon).status, 422);
    assert_eq!(of.charge(&of.officer, "LOG", "soon").status, 422);
    let long = of.charge(&of.officer, "LOG", "2001-01-01");
    assert_eq!(long.json()["code"], "finding-due-far", "{}", long.text());
    assert_eq!(of.charge(&of.officer, "LOG", &soon).status, 200);
    assert_eq!(of.charge(&of.far, "LOG", &soon).status, 404, "nor seen");
    let table = of.observer.get("/api/findings.csv").text();
    assert!(table.contains("two bags came without a seal") && table.contains("LOG"), "{table}");
    assert_eq!(of.observer.get("/api/findings.xlsx").status, 200);
}

#[test]
fn its_owner_says_that_it_is_done_and_somebody_else_closes_it() {
    let of = Desk::seated();
    assert_eq!(of.charge(&of.officer, "LOG", &in_days(&of.house.node, 14)).status, 200);
    let refused = of.say(&of.desk, "finish", "six hundred seals counted");
    assert_eq!(refused.json()["code"], "finding-not-yours", "{}", refused.text());
    assert_eq!(acts(&only(&of.store)), ["finish"], "the owner of the province above it");
    assert_eq!(of.say(&of.store, "finish", "six hundred seals counted").status, 200);
    assert_eq!(only(&of.observer)["phase"], "finished");
    assert_eq!(of.say(&of.officer, "return", "forty are missing").status, 200);
    let again = of.say(&of.officer, "finish", "all are there");
    assert_eq!(again.status, 200, "the officer owns it as LOG, too");
    let own = of.say(&of.officer, "close", "");
    assert_eq!(own.json()["code"], "same-person-twice", "{}", own.text());
    assert!(!acts(&only(&of.officer)).contains(&"close"));
    assert_eq!(of.say(&of.first, "close", "").status, 200);
    let closed = only(&of.observer);
    assert_eq!(
        (&closed["phase"], &closed["words"][0]["by"]["person"]),
        (&json!("closed"), &json!("first"))
    );
    assert_eq!(of.say(&of.officer, "drop", "none").status, 409);
}

/// What the command prints of a folder.
fn printed(folder: &Path) -> Value {
    done(folder, &["plan", "findings", "--json"]).json()
}

#[test]
fn what_an_exercise_found_is_taken_along_once() {
    let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let [exercise, real] = folders.each_ref().map(tempfile::TempDir::path);
    let due = {
        let node =
            Node::open(exercise, &OpenOptions::of("EX-1", "an exercise", Date(19_761))).unwrap();
        let house = House::on(node);
        let first = house.first();
        for text in ["a runner lost his way", "the relay had no fuel", "counted twice"] {
            let wish = json!({ "area": "pk", "text": text, "source": "exercise" });
            assert_eq!(first.post("/api/findings", &wish).status, 200);
        }
        let by_text = |text: &str| {
            let all = list(&first);
            let found = all.iter().find(|it| it["text"] == text).unwrap();
            found["id"].as_str().unwrap().to_owned()
        };
        let due = in_days(&house.node, 30);
        let charge = json!({ "text": "fuel for two days", "owner": "COMMS", "due": due });
        let at = format!("/api/findings/{}/charge", by_text("the relay had no fuel"));
        assert_eq!(first.post(&at, &charge).status, 200);
        let at = format!("/api/findings/{}/drop", by_text("counted twice"));
        assert_eq!(first.post(&at, &json!({ "note": "it was one" })).status, 200);
        due
    };
    let told = printed(exercise);
    assert_eq!(told["findings"].as_array().map(Vec::len), Some(2), "{told}");
    let file = real.join("found.json");
    std::fs::write(&file, told.to_string()).unwrap();
    let take = ["plan", "findings", "--take", file.to_str().unwrap()];
    let said = done(real, &take);
    assert!(said.err.contains("2 taken, 0 on record already"), "{}", said.err);
    let again = done(real, &take);
    assert!(again.err.contains("0 taken, 2 on record already"), "{}", again.err);
    let here = printed(real);
    let lines = here["findings"].as_array().unwrap();
    let fuel = lines.iter().find(|it| it["text"] == "the relay had no fuel").unwrap();
    assert_eq!(
        fuel["action"],
        json!({ "text": "fuel for two days", "owner": "COMMS", "due": due })
    );
    assert_eq!(fuel["phase"], "charged");
    std::fs::write(&file, "{}").unwrap();
    let wrong = run(real, &take);
    assert_ne!(wrong.code, Some(0));
    assert!(wrong.err.contains("is not what `pehra plan findings --json` prints"), "{}", wrong.err);
}

fn told(house: &House, edition: Edition) -> Account {
    let options = Options { area: AreaId::nation(), as_of: None, edition };
    account(&house.node, &options).unwrap()
}

#[test]
fn the_account_names_who_mends_what_missed_its_target_and_the_public_reads_no_free_text() {
    let (house, first) = lived();
    let missed = told(&house, Edition::Internal).findings;
    let code = missed.iter().find_map(|it| it.figure.clone());
    let code = code.unwrap_or_else(|| "K01".to_owned());
    for (source, text) in [(code.as_str(), "too few"), ("observed", "the gate at the mill")] {
        let wish = json!({ "area": "pk", "text": text, "source": source });
        assert_eq!(first.post("/api/findings", &wish).status, 200);
    }
    let all = list(&first);
    let id = all.iter().find(|it| it["source"] == code).unwrap()["id"].as_str().unwrap();
    let due = in_days(&house.node, 60);
    let charge = json!({ "text": "hire at the mill", "owner": "LOG", "due": due });
    assert_eq!(first.post(&format!("/api/findings/{id}/charge"), &charge).status, 200);

    let inside = told(&house, Edition::Internal);
    let line = inside.findings.iter().find(|it| it.figure.as_deref() == Some(&code)).unwrap();
    assert_eq!(line.action.as_deref(), Some("hire at the mill"));
    assert_eq!(
        (line.owner.as_deref(), line.due.as_ref(), line.phase),
        (Some("LOG"), Some(&due), Some("charged"))
    );
    assert!(inside.findings.iter().any(|it| it.name.en == "the gate at the mill"));
    let outside = told(&house, Edition::Public);
    let line = outside.findings.iter().find(|it| it.figure.as_deref() == Some(&code)).unwrap();
    assert_eq!((line.action.as_deref(), line.phase), (None, Some("charged")));
    assert!(!serde_json::to_string(&outside).unwrap().contains("at the mill"));
}
