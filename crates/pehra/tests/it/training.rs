//! Training from the command line: a plan and three lists in, needs, timetable and lists for the rooms out.

use crate::{
    command::{done, run},
    sample,
};
use pehra::{
    node::{Node, OpenOptions},
    work,
};
use std::{fmt::Write as _, fs, ops::ControlFlow, path::Path};

pub(crate) fn planned(data: &Path) {
    let node = Node::open(data, &OpenOptions::default()).unwrap();
    sample::fill(&node);
    let options = work::assess::Options { seed: 1, draws: 20, ..work::assess::Options::default() };
    let actor = node.operator().unwrap();
    work::assess::run(&node, &actor, options, &mut |_| ControlFlow::Continue(())).unwrap();
    drop(node);
    done(data, &["plan", "allocate"]);
}

/// Six men and a woman in each unit; who has an odd number knows law and drill. Nobody knows the use of force.
pub(crate) fn people(unknown: &str) -> String {
    let mut csv = String::from("number,unit,tier,sex,rank,modules\n");
    for unit in ["quetta", "karachi-east", "tharparkar"] {
        for n in 0..7 {
            let sex = if n == 6 { "f" } else { "m" };
            let rank = if n < 2 { "head constable" } else { "constable" };
            let modules = if n % 2 == 1 { "M1 M2" } else { "" };
            writeln!(csv, "{unit}-{n},U-{unit},police,{sex},{rank},{modules}").unwrap();
        }
    }
    csv + unknown
}

pub(crate) const VENUES: &str = "id,district,lat,lon,seats,hours,open,closed\n\
    V-quetta,pk/balochistan/quetta,30.20,67.01,8,6,2024-01-09..2024-01-20,Sun\n\
    V-karachi,pk/sindh/karachi-east,24.88,67.11,8,6,2024-01-09..2024-01-20,Sun\n\
    V-closed,pk/sindh/karachi-east,24.88,67.11,8,6,someday,\n";

pub(crate) const TRAINERS: &str = "number,sex,district,lat,lon,modules\n\
    T-1,m,pk/balochistan/quetta,30.20,67.01,M1 M2 M3 M6 M7 M8 M13\n\
    T-2,f,pk/balochistan/quetta,30.20,67.01,M4 M99\n\
    T-3,m,pk/sindh/karachi-east,24.88,67.11,M1 M2 M3 M6 M7 M8 M13\n\
    T-4,f,pk/sindh/karachi-east,24.88,67.11,M1 M2 M3 M4 M7 M8\n";

struct Desk {
    _folder: tempfile::TempDir,
    data: std::path::PathBuf,
    paths: Vec<String>,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("node");
        planned(&data);
        let paths = ["people", "venues", "trainers", "out", "again"]
            .map(|name| folder.path().join(name).to_str().unwrap().to_owned())
            .to_vec();
        for (path, text) in paths.iter().zip([people("").as_str(), VENUES, TRAINERS]) {
            fs::write(path, text).unwrap();
        }
        Self { _folder: folder, data, paths }
    }

    fn arguments<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        let [people, venues, trainers, ..] = self.paths.as_slice() else { unreachable!() };
        let mut all = vec!["plan", "training", "--people", people, "--venues", venues];
        all.extend(["--trainers", trainers]);
        all.extend(more);
        all
    }

    fn read(&self, folder: usize, name: &str) -> String {
        fs::read_to_string(Path::new(&self.paths[folder]).join(name)).unwrap()
    }
}

#[test]
fn who_lacks_what_gets_a_seat_or_a_reason_and_rooms_get_lists() {
    let desk = Desk::new();
    let out = desk.paths[3].clone();
    let said = done(&desk.data, &desk.arguments(&["--out", &out, "--json"]));
    assert!(
        said.err.contains("3 rows of rooms: 2 accepted, 0 repaired, 1 set aside"),
        "{}",
        said.err
    );
    assert!(
        said.err.contains("4 rows of trainers: 3 accepted, 1 repaired, 0 set aside"),
        "{}",
        said.err
    );
    let report = said.json();
    let told = &report["timetable"];
    assert_eq!(report["people"], 21);
    let lacking = report["lacking"].as_u64().unwrap();
    assert!(lacking > 0 && lacking == told["people"].as_u64().unwrap(), "{report}");
    // Tharparkar is far from every room; everybody else is trained, and no timetable could train more.
    let far = told["untrained"]["too-far"].as_u64().unwrap();
    assert!(far > 0 && told["trained"].as_u64().unwrap() + far == lacking, "{report}");
    assert_eq!(told["weight_gap_percent"], "0.000", "{report}");
    assert_eq!(told["weight"], told["weight_bound"]);

    let needs = desk.read(3, "needs-by-area.csv");
    assert!(needs.contains("pk/balochistan/quetta,M3,"), "{needs}");
    let untrained = desk.read(3, "untrained.csv");
    assert!(
        untrained.contains("no venue of the province within the longest way,too-far"),
        "{untrained}"
    );
    assert!(!untrained.contains("quetta-"), "{untrained}");
    let coverage = desk.read(3, "coverage.csv");
    let line = |area: &str| -> Vec<String> {
        let found = coverage.lines().find(|line| line.starts_with(&format!("{area},"))).unwrap();
        found.split(',').map(str::to_owned).collect()
    };
    assert_eq!(line("pk/balochistan/quetta")[5], "100.0");
    assert_eq!(line("pk")[1], lacking.to_string());
    assert_eq!(
        line("pk").last(),
        Some(&told["trained"].to_string()),
        "the forecast ends at the whole"
    );
    let files = report["files"].as_array().unwrap();
    assert!(files.iter().any(|name| name == "lists/V-quetta.xlsx"), "{files:?}");
    for name in files {
        assert!(Path::new(&out).join(name.as_str().unwrap()).is_file(), "{name}");
    }
    let again = desk.paths[4].clone();
    done(&desk.data, &desk.arguments(&["--out", &again]));
    for name in ["timetable.csv", "seats.csv", "training.xlsx"] {
        let bytes = |folder: usize| fs::read(Path::new(&desk.paths[folder]).join(name)).unwrap();
        assert_eq!(bytes(3), bytes(4), "{name} is the same every time");
    }
}

#[test]
fn an_earlier_timetable_is_kept_where_it_can_be() {
    let desk = Desk::new();
    let (out, again) = (desk.paths[3].clone(), desk.paths[4].clone());
    done(&desk.data, &desk.arguments(&["--out", &out]));
    let seats = format!("{out}/seats.csv");
    fs::write(&desk.paths[2], TRAINERS.replace("T-3,", "T-5,")).unwrap();
    let report =
        done(&desk.data, &desk.arguments(&["--out", &again, "--keep", &seats, "--json"])).json();
    let change = &report["change"];
    assert_eq!(change["moved"], serde_json::json!([]), "{report}");
    assert_eq!(change["courses_new"], 0, "{report}");
    assert_eq!(change["courses_fallen"], 0, "{report}");
    assert!(change["courses_entrusted"].as_u64().unwrap() > 0, "{report}");
    assert!(desk.read(4, "timetable.csv").contains(",T-5,"));
    assert!(!desk.read(4, "timetable.csv").contains(",T-3,"));
}

#[test]
fn what_cannot_be_planned_says_why_and_without_rooms_there_are_needs() {
    let desk = Desk::new();
    let out = desk.paths[3].clone();
    let people = desk.paths[0].clone();
    let only = ["plan", "training", "--people", &people, "--out", &out, "--area", "pk/sindh"];
    let said = done(&desk.data, &only);
    assert!(said.out.contains("14 people"), "{}", said.out);
    assert!(
        said.out.contains("no rooms: name them with --venues FILE --trainers FILE"),
        "{}",
        said.out
    );
    assert!(desk.read(3, "needs.csv").lines().count() > 2);
    let refused = |more: &[&str], why: &str| {
        let said = run(&desk.data, &desk.arguments(&[more, &["--out", &out]].concat()));
        assert_eq!(said.code, Some(1), "{more:?}");
        assert!(said.err.contains(why), "{more:?}: {}", said.err);
    };
    refused(&["--area", "pk/punjab"], "nobody on the list belongs to a unit of this area");
    refused(&["--plan", "another"], "there is no such plan yet");
    refused(&["--from", "tomorrow"], "is no date: write 2024-01-09");
    refused(&["--from", "2024-02-08"], "is not before the election");
    fs::write(&desk.paths[1], "id,district,lat,lon,seats,open\nV-1,,,,8,2024-01-09\n").unwrap();
    refused(&[], "no room or no trainer of these lists can be used");
    let imagined = run(&desk.data, &["plan", "training", "--imagined", "--out", &out]);
    assert!(
        imagined.err.contains("people are imagined for the demo's imagined nation only"),
        "{}",
        imagined.err
    );
}
