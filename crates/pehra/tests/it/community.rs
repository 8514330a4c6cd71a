//! Committees of a place: formed, volunteers enlisted by number, vetted by another person, briefed, on a rota, heard and answered;
//! nobody of the intelligence desk has any part in it, and numbers are for those who need them.

use crate::{
    client::{Answer, Browser},
    house::House,
};
use pehra_domain::PersonId;
use pehra_ops::{Actor, Command, EventRef, community as ops};
use serde_json::{Value, json};

const EAST: &str = "pk/sindh/karachi-east";
const POLL: &str = "2024-02-08";

struct Desk {
    house: House,
    officer: Browser,
    police: Browser,
    observer: Browser,
    analyst: Browser,
    far: Browser,
    id: String,
}

impl Desk {
    fn seated() -> Self {
        let house = House::planned();
        let first = house.first();
        let [officer, police, observer, analyst, far] = [
            ("officer", ["DRO"].as_slice(), EAST),
            ("police", &["SHO"], EAST),
            ("observer", &["OBS"], "pk"),
            ("analyst", &["INTEL-AN"], "pk"),
            ("far", &["DRO"], "pk/punjab/lahore"),
        ]
        .map(|(name, roles, area)| house.person(&first, name, roles, area));
        let wish = json!({ "area": EAST, "kind": "health", "place": "Ward 7 school",
            "seats": { "women": 1, "queue": 0 } });
        let path = "/api/community/committees";
        assert_eq!(observer.post(path, &wish).status, 403);
        assert_eq!(far.post(path, &wish).status, 403);
        let formed = officer.post(path, &wish);
        assert_eq!(formed.status, 200, "{}", formed.text());
        let id = formed.json()["row"]["id"].as_str().unwrap().to_owned();
        Self { house, officer, police, observer, analyst, far, id }
    }

    fn path(&self, rest: &str) -> String {
        format!("/api/community/committees/{}{rest}", self.id)
    }

    fn act(&self, by: &Browser, act: &str, what: &Value) -> Answer {
        by.post(&self.path(&format!("/{act}")), what)
    }

    fn must(&self, by: &Browser, act: &str, what: &Value) -> Value {
        let answer = self.act(by, act, what);
        assert_eq!(answer.status, 200, "{act}: {}", answer.text());
        answer.json()
    }

    fn refused(&self, by: &Browser, act: &str, what: &Value) -> String {
        self.act(by, act, what).code()
    }

    /// Enlists and vets numbers in few commits.
    fn enrol(&self, numbers: impl Iterator<Item = u32>) {
        let committee = EventRef::parse(&self.id).unwrap();
        let actor = |person: &str, role: &str| Actor {
            person: PersonId::try_new(person).unwrap(),
            role: pehra_domain::role::Role::try_new(role).unwrap(),
            area: pehra_domain::AreaId::try_new(EAST).unwrap(),
        };
        let acts = numbers.map(|of| {
            let number = PersonId::try_new(format!("v-{of}")).unwrap();
            let duty = if of % 2 == 0 { ops::Duty::Women } else { ops::Duty::Queue };
            (
                actor("police", "SHO"),
                Command::Community(ops::Command::Enlist { committee, number, duty }),
            )
        });
        let done = self.house.node.execute_batch(&acts.collect::<Vec<_>>()).unwrap();
        assert!(done.iter().all(Result::is_ok), "{:?}", done.first());
    }
}

fn rota(shifts: &Value) -> Value {
    json!({ "day": POLL, "shifts": shifts })
}

fn keeps_numbers_from_those_who_only_look(of: &Desk) {
    let looked = of.observer.get(&of.path("")).json();
    assert_eq!((&looked["numbers"], &looked["rotas"]), (&json!(false), &json!([])), "counts alone");
    assert_eq!(looked["row"]["counts"]["passed"], 1);
    assert!(!looked.to_string().contains("vol-017"), "{looked}");
    for path in ["rota", "rota.csv", "roster.csv"] {
        assert_eq!(of.observer.get(&format!("/api/community/{path}")).status, 403, "{path}");
        let far = of.far.get(&format!("/api/community/{path}"));
        assert!(far.status == 200 && !far.text().contains("vol-017"), "{path}");
    }
    assert_eq!(of.observer.get(&of.path("/volunteers")).status, 403);
    assert_eq!(of.far.get(&of.path("/volunteers")).status, 404);
    assert_eq!(of.far.get(&of.path("")).status, 404, "nor seen from another district");
}

#[test]
fn a_volunteer_serves_once_another_person_has_vetted_the_number() {
    let of = Desk::seated();
    let seventeen = json!({ "number": "vol-017", "duty": "women" });
    of.must(&of.police, "enlist", &seventeen);
    let gate =
        json!([{ "from": 420, "until": 720, "place": "women's gate", "volunteers": ["vol-017"] }]);
    assert_eq!(of.refused(&of.police, "rota", &rota(&gate)), "volunteer-not-vetted");
    let vet = json!({ "number": "vol-017", "passed": true, "on": "2024-01-05" });
    assert_eq!(of.act(&of.police, "vet", &vet).status, 403, "police enlist and do not vet");
    of.must(&of.officer, "vet", &vet);
    let planned = of.must(&of.police, "rota", &rota(&gate));
    assert_eq!((&planned["day"], &planned["row"]["rota"]), (&json!(POLL), &json!("gaps")));
    let noon = json!([{ "duty": "women", "from": 720, "until": 1020, "standing": 0, "seats": 1 }]);
    assert_eq!(planned["short"], noon, "nobody stands after noon");
    of.must(&of.police, "brief", &json!({ "topic": "limits", "on": "2024-01-06", "attended": 9 }));
    let seen = of.police.get(&of.path("")).json();
    assert_eq!(seen["row"]["topics_missing"], json!(["neutrality"]));
    assert_eq!(seen["row"]["counts"]["unbriefed"], 1);
    assert_eq!(seen["rotas"][0]["shifts"], gate);

    keeps_numbers_from_those_who_only_look(&of);

    let told = of.police.get("/api/community/rota.csv").text();
    assert!(told.contains("Ward 7 school,07:00,12:00,women's gate,vol-017,women,yes"), "{told}");
    of.must(
        &of.officer,
        "vet",
        &json!({ "number": "vol-017", "passed": false, "on": "2024-01-07" }),
    );
    let day = of.police.get("/api/community/rota").json();
    assert_eq!(day["rows"][0]["volunteers"][0]["serves"], false, "a later result counts at once");
    let roster = of.police.get("/api/community/roster.csv").text();
    assert!(roster.contains("vol-017,women,refused,2024-01-07,officer"), "{roster}");
    assert_eq!(of.police.get(&of.path("")).json()["rotas"][0]["fallen"], json!(["vol-017"]));
}

#[test]
fn feedback_goes_both_ways_is_about_places_and_nobody_who_grades_tips_has_a_part() {
    let of = Desk::seated();
    let tell = |text: &str| json!({ "matter": "light", "text": text });
    let named = of.refused(&of.police, "tell", &tell("Mr Rahim watches the gate"));
    assert_eq!(named, "community-names-somebody");
    assert_eq!(of.refused(&of.police, "tell", &tell(&"x".repeat(5_000))), "text-too-long");
    let told = of.must(&of.police, "tell", &tell("the lamp at the gate is broken"));
    assert_eq!(told["row"]["unanswered"], 1);
    let asked = told["feedback"][0]["id"].clone();
    let answer = |text: &str| json!({ "told": asked, "text": text });
    let named = of.refused(&of.officer, "answer", &answer("ring 0300-1234567"));
    assert_eq!(named, "community-names-somebody");
    let wrong = json!({ "told": of.id, "text": "it is mended" });
    assert_eq!(of.refused(&of.officer, "answer", &wrong), "not-known");
    let answered = of.must(&of.officer, "answer", &answer("it is mended"));
    assert_eq!(answered["feedback"][0]["answers"][0]["text"], "it is mended");
    let unseen = of.observer.get(&of.path("")).json();
    assert_eq!((&unseen["feedback"], &unseen["row"]["feedback"]), (&json!([]), &json!(1)));
    for path in ["/api/community", "/api/community/committees", &of.path("")] {
        assert_eq!(of.analyst.get(path).status, 403, "{path}");
    }
    assert_eq!(of.act(&of.analyst, "tell", &tell("x")).status, 403);
    assert_eq!(of.act(&of.far, "tell", &tell("x")).status, 404);
    let numbered = json!({ "number": "4210112345671", "duty": "queue" });
    assert_eq!(
        of.act(&of.police, "enlist", &numbered).status,
        422,
        "an identity number is none here"
    );
    let accusing = json!({ "reason": "Mr Rahim is a thief" });
    assert_eq!(of.refused(&of.officer, "dissolve", &accusing), "community-names-somebody");
    let ended = of.must(&of.officer, "dissolve", &json!({ "reason": "merged with ward 8" }));
    assert_eq!((&ended["row"]["ended"], &ended["row"]["acts"]), (&json!(true), &json!([])));
    assert_eq!(of.refused(&of.police, "tell", &tell("dark")), "community-dissolved");
    let log = of.officer.get("/api/community").json();
    assert_eq!((&log["whole"]["committees"], &log["whole"]["ended"]), (&json!(0), &json!(1)));
    assert!(of.house.node.ops(|state| state.conflicts().is_empty()));
}

#[test]
fn entries_about_volunteers_are_listed_to_those_who_know_the_numbers_and_to_auditors() {
    let of = Desk::seated();
    of.must(&of.police, "enlist", &json!({ "number": "vol-017", "duty": "women" }));
    let kinds = |by: &Browser| {
        let page = by.get("/api/record?find=community");
        assert_eq!(page.status, 200, "{}", page.text());
        page.json()["entries"].as_array().unwrap().len()
    };
    let first = of.officer.sign_in("first", crate::house::PASSWORD);
    let [auditor, tables] = [("auditor", "AUDITOR"), ("clerk", "LOG")]
        .map(|(name, role)| of.house.person(&first, name, &[role], EAST));
    assert_eq!((kinds(&of.police), kinds(&auditor)), (2, 2));
    assert_eq!(kinds(&tables), 0, "whoever plans sees no volunteer in the record either");
}

#[test]
fn lists_come_in_pages_and_say_what_is_missing() {
    let of = Desk::seated();
    of.enrol(1..=130);
    let page = |rest: &str| of.police.get(&of.path(&format!("/volunteers{rest}"))).json();
    let all = page("");
    assert_eq!((&all["total"], all["rows"].as_array().unwrap().len()), (&json!(130), 100));
    assert_eq!([&all["rows"][0]["number"], &all["rows"][9]["number"]], ["v-1", "v-10"]);
    let rest = page("?offset=100&limit=1000");
    assert_eq!(rest["rows"].as_array().unwrap().len(), 30);
    assert_eq!(page("?phase=passed")["total"], 0);
    assert_eq!(page("?find=13")["total"], 3);

    let shown = |show: &str| {
        let path = format!("/api/community/committees?area={EAST}&show={show}");
        of.officer.get(&path).json()["total"].clone()
    };
    assert_eq!(
        ["open", "unvetted", "unbriefed", "gaps", "unanswered", "ended"].map(shown),
        [1, 1, 1, 1, 0, 0]
    );
    let first = of.officer.sign_in("first", crate::house::PASSWORD);
    let nation = of.house.person(&first, "nation", &["ECP-NAT"], "pk");
    let log = nation.get("/api/community").json();
    let without =
        log["areas"].as_array().unwrap().iter().filter(|it| it["committees"] == 0).count();
    assert!(without > 100, "{without} districts without a committee are named");
    let east = log["areas"].as_array().unwrap().iter().find(|it| it["area"] == EAST).unwrap();
    assert!(east["adults"].as_u64().unwrap() > 1_000_000 && east["counts"]["waiting"] == 130);
    let none = of.police.get("/api/community/rota.csv").text();
    assert!(none.contains("Ward 7 school,,,,,,no rota"), "{none}");
    assert_eq!(of.officer.get("/api/community?day=soon").status, 422);
    assert_eq!(of.officer.get("/api/community/committees?area=East%20side").status, 400);
}
