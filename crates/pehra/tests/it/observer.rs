//! An observer follows five registers and takes away what a stranger can check: changes of classes, custody, suspensions,
//! emergency releases and draws.

use crate::{
    after_action::lived,
    client::Browser,
    command::{done, run},
    draw::opening,
    house::House,
};
use pehra::work::{self, draw::entries};
use pehra_domain::{AreaId, Date, PersonId, StationId, risk::RiskClass};
use pehra_ops::{Command, official_class, permission};
use serde_json::{Value, json};
use std::{fs, ops::ControlFlow, path::Path, process};

const QUETTA: &str = "pk/balochistan/quetta";
const REGISTERS: [&str; 5] = ["classes", "custody", "suspensions", "releases", "draws"];

fn change_class(house: &House) {
    let person = |name: &str| PersonId::try_new(name).unwrap();
    let by = |name: &str, row: &str| house.node.acting(&person(name), row).unwrap();
    let record = official_class::ClassRecord {
        station: StationId::try_new("NA-11-2").unwrap(),
        constituency: None,
        class: RiskClass::Most,
        source: "District intelligence committee".to_owned(),
        as_of: Date::of_pkt(house.node.now()),
        reason: "threats since Monday".to_owned(),
    };
    let area = AreaId::try_new("pk/sindh/karachi-east").unwrap();
    let propose = official_class::Command::Propose { area, record };
    let actor = by("chief-of-police", permission::CLASS_PROPOSE);
    let proposal = house.node.execute(&actor, Command::OfficialClass(propose)).unwrap()[0];
    let approve = official_class::Command::Approve { proposal, second: Some(person("second")) };
    house
        .node
        .execute(&by("commissioner", permission::CLASS_APPROVE), Command::OfficialClass(approve))
        .unwrap();
}

fn release(house: &House, first: &Browser) {
    let returning = house.person(first, "returning", &["RO"], QUETTA);
    let district = house.person(first, "returning-district", &["DRO"], QUETTA);
    let deputy = house.person(first, "deputy", &["ARO"], QUETTA);
    let at = house.node.day_now().0 - 60_000;
    let act = |who: &Browser, deed: &Value| {
        let wish = json!({ "area": QUETTA, "at_ms": at, "act": deed });
        let answer = who.post("/api/custody/acts", &wish);
        assert_eq!(answer.status, 200, "{deed}: {}", answer.text());
        answer.json()
    };
    let bag = json!({ "item": "NA-262-7-BAG", "kind": "bag", "station": "NA-262-7",
        "contest": "NA-262", "seals": ["S-41"] });
    act(&returning, &json!({ "deed": "register", "items": [bag] }));
    let wish = json!({ "deed": "propose", "items": ["NA-262-7-BAG"], "absent": "RO", "reason": "in hospital since noon" });
    let proposed = act(&district, &wish)["entries"][0].as_str().unwrap().to_owned();
    let read = json!([{ "item": "NA-262-7-BAG", "seals": ["S-41"] }]);
    act(&deputy, &json!({ "deed": "approve", "release": proposed, "read": read }));
}

fn begin_draw(house: &House, first: &Browser) {
    let mut go_on = |_| ControlFlow::Continue(());
    let (kept, wish) = (work::dispatch::RoadsKept::default(), work::allocate::Options::default());
    let planner = house.node.operator().unwrap();
    work::allocate::run(&house.node, &planner, &wish, &kept, &mut go_on, &mut |_| {}).unwrap();
    let parties =
        [("police", "pol-party"), ("commission", "ecp-party"), ("observers", "obs-party")];
    for ((_, person), role) in parties.iter().zip(["POL-SP", "ECP-MON", "OBS"]) {
        house.person(first, person, &[role], "pk");
    }
    house.person(first, "drawer", &["PEC"], "pk");
    let actor = house.node.acting(&PersonId::try_new("drawer").unwrap(), permission::DRAW_OPEN);
    let persons =
        parties.map(|(name, person)| (name.to_owned(), PersonId::try_new(person).unwrap()));
    let nation = AreaId::nation();
    entries::begin(&house.node, &actor.unwrap(), &nation, opening(), persons.to_vec()).unwrap();
}

fn entries_of(rows: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![rows];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("entry").and_then(Value::as_str).map(str::to_owned));
                waiting.extend(fields.values());
            }
            Value::Array(all) => waiting.extend(all),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    found
}

fn proof_of(browser: &Browser, entry: &str) -> crate::client::Answer {
    browser.post(&format!("/api/observer/proof/{}", entry.replace(':', "/")), &json!({}))
}

fn unpack(file: &Path, into: &Path) {
    let words = ["xf", file.to_str().unwrap(), "-C", into.to_str().unwrap()];
    assert!(process::Command::new("tar").args(words).status().unwrap().success());
}

/// A lived day in which every register holds something, and who watches it.
struct Watched {
    house: House,
    first: Browser,
    observer: Browser,
    view: Value,
    folder: tempfile::TempDir,
}

impl Watched {
    fn begun() -> Self {
        let (house, first) = lived();
        let police = [("chief-of-police", "POL-SP", "pk/sindh/karachi-east")];
        for (name, role, area) in police.into_iter().chain([("commissioner", "PEC", "pk")]) {
            house.person(&first, name, &[role], area);
        }
        change_class(&house);
        release(&house, &first);
        begin_draw(&house, &first);
        let observer = house.person(&first, "watcher", &["OBS"], "pk");
        let answer = observer.get("/api/observer");
        assert_eq!(answer.status, 200, "{}", answer.text());
        let folder = tempfile::tempdir().unwrap();
        let root = house.browser().get("/api/founding").text();
        fs::write(folder.path().join("root.txt"), root).unwrap();
        Self { view: answer.json(), house, first, observer, folder }
    }

    /// What a stranger's program says of a file or folder, with the founding file alone.
    fn stranger(&self, verb: &str, of: &Path) -> crate::command::Said {
        let (elsewhere, root) =
            (self.folder.path().join("stranger"), self.folder.path().join("root.txt"));
        let words = ["prove", verb, of.to_str().unwrap(), "--root", root.to_str().unwrap()];
        run(&elsewhere, &words)
    }
}

#[test]
fn an_observer_sees_five_registers_and_each_act_in_them_is_proven() {
    let watched = Watched::begun();
    let view = &watched.view;
    let class = &view["classes"][0];
    let told = (&class["station"], &class["class"], &class["phase"]);
    assert_eq!(told, (&json!("NA-11-2"), &json!("most"), &json!("approved")));
    assert_eq!(class["acts"].as_array().unwrap().len(), 2, "both persons: {class}");
    let suspension = &view["suspensions"][0];
    assert_eq!(suspension["phase"], "restored");
    assert_eq!(suspension["statements"].as_array().unwrap().len(), 4);
    let release = &view["releases"][0];
    assert_eq!((&release["phase"], &release["absent"]), (&json!("approved"), &json!("RO")));
    assert_eq!(release["acts"].as_array().unwrap().len(), 2);
    assert_eq!(view["draws"][0]["stages"][0]["phase"], "waiting");
    assert_eq!(view["draws"][0]["parties"], json!(["police", "commission", "observers"]));
    let shown = entries_of(view);
    assert!(shown.len() >= 9, "{shown:?}");
    for entry in &shown {
        let proof = proof_of(&watched.observer, entry);
        assert_eq!(proof.status, 200, "{entry}: {}", proof.text());
        let file = watched.folder.path().join("proof.txt");
        fs::write(&file, proof.json()["text"].as_str().unwrap()).unwrap();
        let said = watched.stranger("check", &file);
        assert!(said.out.contains(&entry.replace(':', "/")), "{}{}", said.out, said.err);
    }
}

#[test]
fn a_register_that_is_taken_along_convinces_a_stranger_and_a_changed_byte_does_not() {
    let watched = Watched::begun();
    for register in REGISTERS {
        let path = format!("/api/observer/{register}/bundle");
        let answer = watched.observer.post(&path, &json!({}));
        assert_eq!(answer.status, 200, "{register}: {}", answer.text());
        let file = watched.folder.path().join("taken.tar");
        fs::write(&file, &answer.body).unwrap();
        unpack(&file, watched.folder.path());
        let taken = watched.folder.path().join(format!("pehra-{register}"));
        let said = watched.stranger("verify", &taken);
        assert_eq!(said.code, Some(0), "{register}: {}{}", said.out, said.err);
        assert!(said.out.contains("nothing is missing or added"), "{}", said.out);
        let entry = taken.join("entries/00001.entry");
        let mut bent = fs::read(&entry).unwrap();
        let middle = bent.len() / 2;
        bent[middle] ^= 1;
        fs::write(&entry, bent).unwrap();
        assert_eq!(watched.stranger("verify", &taken).code, Some(1), "{register}");
    }
    assert_eq!(watched.observer.post("/api/observer/secrets/bundle", &json!({})).status, 404);
}

#[test]
fn an_observer_is_shown_no_more_than_the_registers_and_their_own_area() {
    let watched = Watched::begun();
    let (house, first) = (&watched.house, &watched.first);
    let is_check_in = |it: &pehra_store::Stored| [1_200, 1_201].contains(&it.entry.header().kind);
    let other = house.node.leaf(None, 1, &is_check_in).unwrap();
    let place = other.entries[0].entry.header().place;
    let name = format!("{}:{}:{}", place.device, place.epoch, place.seq);
    assert_eq!(proof_of(&watched.observer, &name).status, 404, "it stands in no register");
    let store = house.person(first, "store", &["LOG"], "pk");
    assert_eq!(store.get("/api/observer").status, 403);
    assert_eq!(proof_of(&store, &entries_of(&watched.view)[0]).status, 403);
    let local = house.person(first, "local", &["OBS"], QUETTA);
    let own = local.get("/api/observer").json();
    assert_eq!(own["classes"], json!([]), "of Karachi");
    assert_eq!(own["releases"].as_array().unwrap().len(), 1);
    let whose: Vec<&str> = own["suspensions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["at"]["area"].as_str().unwrap())
        .collect();
    assert_eq!(
        whose,
        ["pk", "pk"],
        "of the nation: the one that was written by hand, and what the day's desks found"
    );
    let of_karachi = watched.view["classes"][0]["acts"][0]["entry"].as_str().unwrap();
    assert_eq!(proof_of(&local, of_karachi).status, 404);
}

#[test]
fn a_register_is_taken_along_at_the_command_line_too() {
    let (house, _first) = lived();
    let folder = tempfile::tempdir().unwrap();
    let (copy, data) = (folder.path().join("copy"), folder.path().join("node"));
    pehra::node::backup(house.node.dir(), &copy, &mut |_| ControlFlow::Continue(())).unwrap();
    pehra::node::restore(&copy, &data).unwrap();
    let out = folder.path().join("suspensions");
    let words = ["prove", "bundle", "--register", "suspensions", "--out", out.to_str().unwrap()];
    let said = done(&data, &words);
    let is_of_it = |it: &pehra_store::Stored| (1_400..1_500).contains(&it.entry.header().kind);
    let entries = house.node.leaf(None, usize::MAX, &is_of_it).unwrap().entries.len();
    assert!(entries > 5, "the day's own desks wrote some of them");
    let told = format!("register suspensions pk: {entries} entries");
    assert!(said.out.contains(&told), "{told}: {}", said.out);
    assert_eq!(run(&data, &["prove", "verify", out.to_str().unwrap()]).code, Some(0));
    let wrong = ["prove", "bundle", "--register", "secrets", "--out", "x"];
    assert!(run(&data, &wrong).err.contains("is no register"));
    let none = ["prove", "bundle", "--register", "draws", "--out", "x"];
    assert!(run(&data, &none).err.contains("nothing is on record about the register draws"));
}
