//! A campaign is drafted by the public desk, read by native readers, approved by another person, shown to the public while it runs,
//! and measured; what nobody has read is told to nobody.

use crate::{client::Browser, command::run, house::House};
use pehra_domain::Date;
use serde_json::{Value, json};

const SINDH: &str = "pk/sindh";
const EAST: &str = "pk/sindh/karachi-east";
const URDU: &str = "آپ کا ووٹ راز ہے۔";
const ENGLISH: &str = "Your vote is secret <b>.";

struct Desk {
    house: House,
    public: Browser,
    readers: [Browser; 2],
    commissioner: Browser,
    officer: Browser,
    observer: Browser,
}

fn only(browser: &Browser) -> Value {
    let all = browser.get("/api/campaigns").json()["campaigns"].as_array().unwrap().clone();
    assert_eq!(all.len(), 1, "{all:?}");
    all[0].clone()
}

fn language<'a>(campaign: &'a Value, code: &str) -> &'a Value {
    let all = campaign["languages"].as_array().unwrap();
    all.iter().find(|one| one["language"] == code).unwrap()
}

impl Desk {
    fn seated() -> Self {
        let house = House::planned();
        let first = house.first();
        let [public, reader, distant, commissioner, officer, observer] = [
            ("public", ["PUBDESK"].as_slice(), SINDH),
            ("reader", &["TRAINER"], EAST),
            ("distant", &["ARO"], "pk/punjab/lahore"),
            ("commissioner", &["PEC"], SINDH),
            ("officer", &["DRO"], EAST),
            ("observer", &["OBS"], "pk"),
        ]
        .map(|(name, roles, area)| house.person(&first, name, roles, area));
        Self { house, public, readers: [reader, distant], commissioner, officer, observer }
    }

    fn draft(&self) -> Value {
        let today = Date::of_pkt(self.house.node.now());
        json!({
            "area": SINDH, "topic": "safety", "name": "Safe voting", "channels": ["radio", "sms"],
            "from": today.to_string(), "until": Date(today.0 + 20).to_string(),
            "reach_planned": 90_000, "cost_rs": 400_000, "texts": { "ur": URDU, "en": ENGLISH, "sd": "" },
        })
    }

    fn path(&self, act: &str) -> String {
        format!("/api/campaigns/{}/{act}", only(&self.public)["id"].as_str().unwrap())
    }
}

#[test]
fn readers_sign_a_second_person_approves_and_only_then_is_it_told() {
    let of = Desk::seated();
    assert_eq!(of.observer.post("/api/campaigns", &of.draft()).status, 403, "an observer looks");
    let mut far = of.draft();
    far["area"] = json!("pk/punjab");
    assert_eq!(of.public.post("/api/campaigns", &far).status, 403, "not of another's area");
    assert_eq!(of.public.post("/api/campaigns", &of.draft()).status, 200);
    assert_eq!(only(&of.observer)["phase"], "drafted");
    let sms = &only(&of.observer)["channels"][1];
    assert_eq!((&sms["channel"], &sms["survives"]), (&json!("sms"), &json!(0)));
    let [near, far] = &of.readers;
    assert_eq!(near.post(&of.path("texts/ur/sign"), &json!({})).status, 200);
    let refused = far.post(&of.path("texts/ur/sign"), &json!({}));
    assert_eq!(refused.status, 404, "a campaign of Sindh does not concern Lahore");
    assert_eq!(language(&only(&of.public), "ur")["readers"].as_array().unwrap().len(), 1);
    assert_eq!(of.officer.post(&of.path("texts/ur/sign"), &json!({})).status, 200);
    let refused = of.public.post(&of.path("texts/en/sign"), &json!({}));
    assert_eq!(refused.json()["code"], "same-person-twice", "{}", refused.text());
    assert_eq!(of.officer.post(&of.path("approve"), &json!({})).status, 403);
    assert_eq!(only(&of.commissioner)["acts"], json!(["approve", "refuse"]));
    assert_eq!(of.commissioner.post(&of.path("approve"), &json!({})).status, 200);
    let page = |tongue: &str| Browser::new(of.house.public).get(&format!("/{tongue}/")).text();
    assert!(page("ur").contains(URDU), "what is out stands on the public page");
    assert!(!page("en").contains("Your vote is secret"), "what nobody read does not");
    let running = only(&of.observer);
    assert_eq!(running["phase"], "running");
    assert_eq!(language(&running, "ur")["standing"], "out");
    assert_eq!(language(&running, "en")["standing"], "unsigned");
    assert_eq!(language(&running, "bal")["standing"], "missing");
}

fn run_to_running(of: &Desk) {
    assert_eq!(of.public.post("/api/campaigns", &of.draft()).status, 200);
    for reader in [&of.readers[0], &of.officer] {
        assert_eq!(reader.post(&of.path("texts/ur/sign"), &json!({})).status, 200);
    }
    assert_eq!(of.commissioner.post(&of.path("approve"), &json!({})).status, 200);
}

#[test]
fn scripts_and_posters_are_had_of_languages_that_are_out_alone() {
    let of = Desk::seated();
    run_to_running(&of);
    let script = of.observer.get(&of.path("script/ur"));
    assert!(script.status == 200 && script.text().contains(URDU), "{}", script.text());
    let poster = of.observer.get(&of.path("poster/ur")).text();
    assert!(poster.contains(URDU) && poster.contains("dir=rtl") && !poster.contains("<script"));
    for blocked in ["script/en", "poster/en", "script/bal"] {
        assert_eq!(of.observer.get(&of.path(blocked)).status, 404, "{blocked}");
    }
    for reader in [&of.readers[0], &of.officer] {
        assert_eq!(reader.post(&of.path("texts/en/sign"), &json!({})).status, 200);
    }
    assert_eq!(of.observer.get(&of.path("poster/en")).status, 404, "signed, and not let out");
    assert_eq!(of.commissioner.post(&of.path("approve"), &json!({})).status, 200);
    let poster = of.observer.get(&of.path("poster/en")).text();
    assert!(poster.contains("secret &lt;b&gt;."), "{poster}");
    let note = json!({ "note": "nobody says it so" });
    assert_eq!(of.readers[0].post(&of.path("texts/ur/fault"), &note).status, 200);
    assert_eq!(of.observer.get(&of.path("script/ur")).status, 404, "a fault blocks at once");
}

#[test]
fn what_was_reached_is_measured_in_the_campaigns_area() {
    let of = Desk::seated();
    run_to_running(&of);
    let today = Date::of_pkt(of.house.node.now()).to_string();
    let wish = |area: &str, channel: &str| json!({ "area": area, "channel": channel, "reached": 31_500, "spent_rs": 240_000, "on": today, "how": "survey" });
    assert_eq!(of.observer.post(&of.path("measure"), &wish("", "radio")).status, 403);
    assert_eq!(of.officer.post(&of.path("measure"), &wish(EAST, "nothing")).status, 422);
    assert_eq!(of.officer.post(&of.path("measure"), &wish(EAST, "radio")).status, 200);
    assert_eq!(of.public.post(&of.path("measure"), &wish("", "sms")).status, 200);
    assert_eq!(only(&of.observer)["reached"], 63_000);
    let stopped = json!({ "note": "the place moved" });
    assert_eq!(of.officer.post(&of.path("stop"), &stopped).status, 403, "of the province");
    assert_eq!(of.commissioner.post(&of.path("stop"), &stopped).status, 200);
    assert_eq!(only(&of.observer)["phase"], "stopped");
}

#[test]
fn a_text_that_takes_sides_is_refused_and_named_by_its_kind() {
    let of = Desk::seated();
    let mut draft = of.draft();
    draft["texts"]["en"] = json!("Vote for peace.");
    let refused = of.public.post("/api/campaigns", &draft);
    assert_eq!(refused.json()["code"], "campaign-not-neutral", "{}", refused.text());
    draft["texts"]["en"] = json!("Bring water.");
    draft["topic"] = json!("correction");
    draft["fact"] = json!("incident pk/sindh/karachi-east I-1");
    let refused = of.public.post("/api/campaigns", &draft);
    assert_eq!(refused.json()["code"], "campaign-fact-unknown", "{}", refused.text());
    draft["fact"] = json!("a rumour");
    assert_eq!(of.public.post("/api/campaigns", &draft).status, 422);
}

#[test]
fn the_plan_counts_what_works_after_a_cut_and_names_what_is_blocked() {
    let of = Desk::seated();
    let none = of.observer.get("/api/campaigns/plan?budget=5000000&area=pk/sindh");
    assert_eq!(none.status, 422, "nobody has signed anything: {}", none.text());
    run_to_running(&of);
    let ask = |cut: bool| {
        of.observer
            .get(&format!("/api/campaigns/plan?budget=5000000&area=pk/sindh&cut={cut}"))
            .json()
    };
    let (cut, uncut) = (ask(true), ask(false));
    for plan in [&cut, &uncut] {
        let number = |name: &str| plan[name].as_u64().unwrap();
        assert!(number("reached") > 100_000 && number("reached") <= number("bound"), "{plan}");
        assert!(number("reached_at_least") <= number("reached"), "{plan}");
        assert!(number("reached") <= number("reached_at_most"), "{plan}");
        assert!(number("cost_rs") <= 5_000_000 && number("gap_ppm") < 20_000, "{plan}");
    }
    assert!(cut["reached"].as_u64() <= uncut["reached"].as_u64());
    let spoken = cut["languages"].as_array().unwrap();
    let blocked =
        |code: &str| spoken.iter().find(|one| one["language"] == code).unwrap()["blocked"].clone();
    assert_eq!(
        (blocked("ur"), blocked("sd"), blocked("other")),
        (json!(false), json!(true), json!(false))
    );
}

#[test]
fn the_command_line_plans_and_writes_tables_and_a_workbook() {
    let data = tempfile::tempdir().unwrap();
    let out = data.path().join("campaign-plan");
    let ask = |languages: &[&str]| {
        let asked = ["plan", "campaign", "--budget", "2000000", "--area", "pk/sindh", "--json"];
        run(data.path(), &[asked.as_slice(), languages].concat())
    };
    let none = ask(&[]);
    assert!(none.code != Some(0) && none.err.contains("no language may be used"), "{}", none.err);
    let said = ask(&["--languages", "ur,sd", "--out", out.to_str().unwrap()]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let report = said.json();
    assert!(report["reached"].as_u64().unwrap() <= report["bound"].as_u64().unwrap());
    assert_eq!(report["blocked"].as_array().unwrap().len(), 5);
    for file in ["offers.csv", "districts.csv", "languages.csv", "certificate.csv", "campaign.xlsx"]
    {
        assert!(out.join(file).is_file(), "{file}");
    }
}
