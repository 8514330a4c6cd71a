//! Training as it was held: from a timetable's signed seats to certificates that a stranger checks, and to the next plan.

use crate::{
    command::{done, run},
    house::{House, PASSWORD},
    training::{TRAINERS, VENUES, people, planned},
};
use pehra::{
    node::{Node, OpenOptions},
    work::course::{self, School},
};
use pehra_domain::PersonId;
use pehra_ops::permission;
use std::{collections::BTreeMap, fs, ops::ControlFlow, path::Path};

struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    /// A node with a plan, a timetable in `out`, and the forecast on record.
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        planned(Path::new(&desk.path("node")));
        // Whoever records at this machine was made a trainer by two persons, as anybody is.
        let house = desk.house();
        house.grant(&house.first(), "console", &["TRAINER"], "pk");
        drop(house);
        for (name, text) in
            [("people", people("").as_str()), ("venues", VENUES), ("trainers", TRAINERS)]
        {
            fs::write(desk.path(name), text).unwrap();
        }
        let report = desk.plan("out");
        assert_eq!(report["certified"], 0, "{report}");
        desk
    }

    fn house(&self) -> House {
        House::on(Node::open(Path::new(&self.path("node")), &OpenOptions::default()).unwrap())
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn plan(&self, out: &str) -> serde_json::Value {
        let (people, out) = (self.path("people"), self.path(out));
        let (venues, trainers) = (self.path("venues"), self.path("trainers"));
        let mut all = vec!["plan", "training", "--people", &people, "--venues", &venues];
        all.extend(["--trainers", &trainers, "--out", &out, "--record", "--json"]);
        self.done(&all).json()
    }

    fn done(&self, arguments: &[&str]) -> crate::command::Said {
        done(Path::new(&self.path("node")), arguments)
    }

    fn run(&self, arguments: &[&str]) -> crate::command::Said {
        run(Path::new(&self.path("node")), arguments)
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// The timetable's seats with a column of ticks; whoever is named stayed away.
    fn signed(&self, away: &str) -> String {
        let seats = fs::read_to_string(self.path("out/seats.csv")).unwrap();
        let mut lines = seats.lines();
        let mut text = format!("{},present\n", lines.next().unwrap());
        for line in lines {
            let tick = if line.starts_with(&format!("{away},")) { "" } else { "x" };
            text.push_str(&format!("{line},{tick}\n"));
        }
        self.write("signed.csv", &text)
    }

    /// Certifies as somebody who recorded nothing.
    fn certify_as_another(&self) -> course::Outcome {
        let house = self.house();
        let first = house.browser().sign_in("first", PASSWORD);
        house.person(&first, "certifier", &["PEC"], "pk");
        let actor = house
            .node
            .acting(&PersonId::try_new("certifier").unwrap(), permission::TRAINING_CERTIFY);
        let school = School::read().unwrap();
        let mut go_on = |_| ControlFlow::Continue(());
        course::certify(&house.node, &actor.unwrap(), &school, |_| true, &mut go_on).unwrap()
    }
}

/// The courses of a module, by who was there.
fn courses(desk: &Desk, module: &str) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let signed = fs::read_to_string(desk.path("signed.csv")).unwrap();
    for line in signed.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        if cells[4] == module && cells.last() == Some(&"x") {
            let name = format!("{} {} {} {module}", cells[3], cells[1], cells[2]);
            all.entry(name).or_default().push(cells[0].to_owned());
        }
    }
    all
}

/// A course of law after its quiz: all but the first passed.
struct Taught {
    desk: Desk,
    name: String,
    there: Vec<String>,
}

impl Taught {
    /// Signs the timetable and marks papers of which one has a right answer too few.
    fn new() -> Self {
        let desk = Desk::new();
        let signed = desk.signed("quetta-0");
        let said = desk.done(&["run", "training", "attend", &signed]);
        assert!(said.out.contains("signed entries; 0 were on record already"), "{}", said.out);
        let again = desk.done(&["run", "training", "attend", &signed]);
        assert!(again.out.starts_with("0 present in 0 signed entries"), "{}", again.out);
        let law = courses(&desk, "M1");
        let (name, there) = law.into_iter().find(|(name, _)| name.starts_with("V-quetta")).unwrap();
        let taught = Self { desk, name, there };
        let answers = taught.papers();
        let mark = ["quiz", "mark", &answers, "--course", &taught.name, "--seed", "7"];
        let said = taught.run(&mark);
        let told = format!("{} of {} passed", taught.passed(), taught.there.len());
        assert!(said.out.contains(&told), "{}", said.out);
        taught
    }

    /// The same, certified by somebody who recorded nothing.
    fn certified() -> Self {
        let taught = Self::new();
        let outcome = taught.desk.certify_as_another();
        assert_eq!((outcome.people, outcome.signed), (taught.passed() as u64, 1), "{outcome:?}");
        assert!(outcome.refused.is_empty(), "{outcome:?}");
        taught
    }

    fn passed(&self) -> usize {
        self.there.len() - 1
    }

    fn run(&self, arguments: &[&str]) -> crate::command::Said {
        self.desk.done(&[&["run", "training"], arguments].concat())
    }

    /// Prints papers and answers them by the key that is printed apart.
    fn papers(&self) -> String {
        let out = self.desk.path("papers");
        self.run(&["quiz", "papers", "--course", &self.name, "--seed", "7", "--out", &out]);
        let page = fs::read_to_string(self.desk.path("papers/papers.html")).unwrap();
        let key = fs::read_to_string(self.desk.path("papers/key.csv")).unwrap();
        assert_eq!(page.matches("<section>").count(), self.there.len());
        let mut answers = String::from("number,answers\n");
        for (at, line) in key.lines().filter(|line| line.contains("quetta-")).enumerate() {
            let (number, letters) = line.split_once(',').unwrap();
            assert!(!page.contains(letters), "a paper does not say what is right");
            let given: String = letters.chars().take(if at == 0 { 15 } else { 16 }).collect();
            answers.push_str(&format!("{number},{given}----\n"));
        }
        self.desk.write("answers.csv", &answers)
    }

    fn who(&self, at: usize) -> String {
        self.run(&["who", &self.there[at]]).out
    }

    /// The entry of the second one's certificate.
    fn entry(&self) -> String {
        let who = self.who(1);
        who.split("certificate ").nth(1).unwrap().split(' ').next().unwrap().to_owned()
    }

    /// Checks the second one's certificate far from every node.
    fn check(&self, content: &str) -> crate::command::Said {
        let (proof, root) = (self.desk.path("paper/proof.txt"), root(&self.desk));
        let check =
            ["prove", "check", &proof, "--root", &root, "--witnesses", "0", "--content", content];
        run(Path::new(&self.desk.path("nowhere")), &check)
    }
}

#[test]
fn whoever_recorded_does_not_certify_and_what_another_certifies_is_counted() {
    let taught = Taught::new();
    let own = taught.desk.run(&["run", "training", "certify"]);
    assert_eq!(own.code, Some(1));
    assert!(own.err.contains("1 were refused"), "{}", own.err);
    let taught = Taught::certified();
    let who = taught.who(1);
    assert!(who.contains("certified") && who.contains("counts on 2024-02-08: M1\n"), "{who}");
    let failed = taught.who(0);
    assert!(failed.contains("attended") && !failed.contains("certificate"), "{failed}");
    let status = taught.run(&["status", "--json"]).json();
    let whole = &status["areas"][0];
    assert_eq!(whole["by_module"][0], taught.passed(), "{status}");
    assert_eq!(whole["certified"], taught.passed(), "{status}");
    assert!(whole["tasked"].as_u64() > whole["ready"].as_u64(), "{status}");
    assert!(whole["expected"].as_u64() > whole["ready"].as_u64(), "{status}");
}

#[test]
fn a_stranger_checks_a_certificate_with_the_public_root_alone() {
    let taught = Taught::certified();
    let (at, folder) = (taught.entry(), taught.desk.path("paper"));
    taught.run(&["certificate", &at, "--number", &taught.there[1], "--out", &folder]);
    let checked = taught.check(&taught.desk.path("paper/content.txt"));
    assert_eq!(checked.code, Some(0), "{}{}", checked.out, checked.err);
    let numbers = taught.there[1..].join(", ");
    let told =
        format!("certificate of module M1, valid for this election, for service numbers {numbers}");
    assert!(checked.out.contains(&told), "{}", checked.out);
    let other = taught.check(&bent(&taught.desk));
    assert_eq!(other.code, Some(1), "{}", other.out);
    assert!(other.err.contains("its SHA-256 differs"), "{}", other.err);
    let failed =
        ["run", "training", "certificate", &at, "--number", &taught.there[0], "--out", &folder];
    let refused = taught.desk.run(&failed);
    assert!(refused.err.contains("does not count for"), "{}", refused.err);
}

#[test]
fn the_next_plan_knows_who_passed_until_it_is_taken_back() {
    let taught = Taught::certified();
    let (desk, number) = (&taught.desk, &taught.there[1]);
    let next = desk.plan("again");
    assert_eq!(next["certified"], taught.passed(), "{next}");
    let begins = format!("{number},");
    let needs = fs::read_to_string(desk.path("again/needs.csv")).unwrap();
    let line = needs.lines().find(|line| line.starts_with(&begins)).unwrap();
    let lacks = line.rsplit(',').next().unwrap();
    assert!(!lacks.split(' ').any(|module| module == "M1"), "{line}");
    let merged = desk.path("merged.csv");
    taught.run(&["people", &desk.path("people"), "--out", &merged]);
    let merged = fs::read_to_string(merged).unwrap();
    let line = merged.lines().find(|line| line.starts_with(&begins)).unwrap();
    assert!(line.contains("M1"), "{line}");
    taught.run(&["withdraw", &taught.entry(), "--number", number, "--reason", "sat for another"]);
    let who = taught.who(1);
    assert!(who.contains("withdrawn") && who.contains("counts on 2024-02-08: \n"), "{who}");
    crate::command::assert_whole(Path::new(&desk.path("node")));
}

fn root(desk: &Desk) -> String {
    let text = desk.done(&["prove", "root"]).out;
    desk.write("root.txt", &text)
}

/// The content with one byte of it changed.
fn bent(desk: &Desk) -> String {
    let text = fs::read_to_string(desk.path("paper/content.txt")).unwrap();
    let (head, payload) = text.rsplit_once(' ').unwrap();
    let mut bytes = pehra_ledger::base64::decode(payload.trim()).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    desk.write("bent.txt", &format!("{head} {}", pehra_ledger::base64::encode(&bytes)))
}

#[test]
fn a_list_that_lacks_something_or_an_untrue_test_is_refused_with_what_to_do() {
    let desk = Desk::new();
    let list = desk.write("list.csv", "number\nB-1\nB-2\n");
    let refused = |more: &[&str], why: &str| {
        let said = desk.run(&[&["run", "training"], more].concat());
        assert!(matches!(said.code, Some(1 | 3)), "{more:?}: {}", said.out);
        assert!(said.err.contains(why), "{more:?}: {}", said.err);
    };
    refused(&["attend", &list], "the list says no module");
    let base = [
        "attend",
        &list,
        "--module",
        "M2",
        "--on",
        "2024-01-09",
        "--venue",
        "V-1",
        "--area",
        "pk/sindh",
    ];
    let with = |more: &[&'static str]| [&base[..], more].concat();
    refused(&base, "the list says no trainer");
    refused(&with(&["--trainer", "B-1"]), "1 were refused");
    let done = desk.done(&[&["run", "training"][..], &with(&["--trainer", "T-1"])].concat());
    assert!(done.out.starts_with("2 present in 1 signed entries"), "{}", done.out);
    let results = desk.write("results.csv", "number,passed\nB-1,yes\nB-2,no\n");
    let name = "V-1 2024-01-09 M2";
    let test = ["practical", &results, "--course", name, "--on", "2024-01-09"];
    let said = desk.done(&[&["run", "training"][..], &test].concat());
    assert!(said.out.contains("1 of 2 passed"), "{}", said.out);
    let stranger = desk.write("stranger.csv", "number,passed\nB-9,yes\n");
    refused(&["practical", &stranger, "--course", name], "does not stand on the list");
    refused(&["practical", &results, "--course", "another"], "is no course, or several");
    refused(
        &["practical", &results, "--course", name, "--on", "2024-01-08"],
        "a test is not before its course",
    );
    desk.write("list.csv", "number\nB-2\n");
    desk.done(&[&["run", "training"][..], &with(&["--trainer", "T-1"])].concat());
    let who = desk.done(&["run", "training", "who", "B-1"]).out;
    assert!(who.starts_with("on no list"), "{who}");
}

#[test]
fn every_module_has_more_questions_than_a_paper_asks_in_both_languages() {
    let school = School::read().unwrap();
    for (bank, test) in school.banks.iter().zip(&school.tests) {
        let (items, module) = (bank.items.len(), bank.module);
        assert!(items >= if module <= 4 { 12 } else { 6 }, "M{module}: {items}");
        assert!(items > usize::from(test.questions), "M{module}: neighbours would get the same");
        for item in &bank.items {
            let texts = item.answers.iter().chain([&item.question]);
            assert!(item.answers.len() >= 3, "M{module}: {}", item.question.en);
            for text in texts.filter(|text| text.en.chars().any(char::is_alphabetic)) {
                let urdu = text.ur.chars().any(|sign| ('\u{0600}'..='\u{06ff}').contains(&sign));
                assert!(urdu && text.en.is_ascii(), "M{module}: {}", text.en);
            }
        }
    }
}
