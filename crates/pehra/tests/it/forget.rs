//! Words that a person asked to have deleted are nowhere in the folder, nor in any backup made after.

use crate::{
    command::{assert_whole, done, run},
    lan::{on_loopback, until},
    trust::Ground,
};
use pehra::node::{Node, OpenOptions};
use pehra_ledger::statement::CARRIED_OUT;
use pehra_store::{PayloadState, Receipt};
use std::{
    fs,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

const SCHOOL: &str = "Unmistakable School of Rohri";
const ORDER: &str = "F.2(3)-unmistakable";
const KEPT: &str = "F.9(9)-remains";

fn says(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|part| part == words.as_bytes())
}

fn holds(path: &Path, words: &str) -> bool {
    let files: Vec<PathBuf> = if path.is_dir() {
        fs::read_dir(path).unwrap().map(|file| file.unwrap().path()).collect()
    } else {
        vec![path.to_owned()]
    };
    files.iter().any(|file| match file.is_dir() {
        true => holds(file, words),
        // A running program may have emptied a file away.
        false => says(&fs::read(file).unwrap_or_default(), words),
    })
}

/// Places of entries whose payload says something.
fn places(data: &Path, words: &str) -> Vec<String> {
    let node = Node::open(data, &OpenOptions::default()).unwrap();
    let mut found = Vec::new();
    let mut visit = |stored: pehra_store::Stored| {
        let here = stored.payload_state == PayloadState::Here;
        if here && stored.entry.payload().is_some_and(|payload| says(payload.body(), words)) {
            found.push(stored.entry.header().place.to_string());
        }
        ControlFlow::Continue(())
    };
    node.entries(Receipt(0), &mut visit).unwrap();
    found
}

#[test]
fn deleted_words_are_not_in_the_folder_and_not_in_a_backup_made_after() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let data = dir.path().join("node");
    let text = format!(
        "province,constituency,station_no,name,voters_men,voters_women,booths_men,booths_women,latitude,longitude\nSindh,NA-200,1,{SCHOOL},700,640,2,2,27.68,68.89\n"
    );
    fs::write(at("list.csv"), text).unwrap();
    done(&data, &["plan", "import", "stations", &at("list.csv")]);
    for (seat, number) in [("NA-200", ORDER), ("NA-201", KEPT)] {
        let order = ["plan", "poll", "schedule", seat, "2024-02-08", "--authority", "commission"];
        let more = ["--instrument", number, "--dated", "2023-12-15"];
        done(&data, &[&order[..], &more[..]].concat());
    }
    let before = dir.path().join("before");
    done(&data, &["run", "backup", &at("before")]);
    for words in [SCHOOL, ORDER, KEPT] {
        assert!(holds(&data, words) && holds(&before, words), "{words}: the test looks in vain");
    }
    let mut all = places(&data, ORDER);
    all.extend(places(&data, "list.csv"));
    assert_eq!(all.len(), 2, "the order, and the list that names the school");
    let mut arguments = vec!["run", "delete", "--reason", "the rule of ninety days", "--json"];
    arguments.extend(all.iter().map(String::as_str));
    let said = done(&data, &arguments).json();
    let row = &said["deletions"][0];
    assert_eq!((&row["done"][0]["gone"], &row["ground"]), (&2.into(), &"rule".into()), "{said}");
    assert_eq!(said["backups"][0]["is_there"], true, "{said}");
    let names = said["not_reached"].to_string();
    for left in ["old-backup", "silent-peer", "paper"] {
        assert!(names.contains(left), "{names}");
    }
    let after = dir.path().join("after");
    done(&data, &["run", "backup", &at("after")]);
    for words in [SCHOOL, ORDER] {
        assert!(!holds(&data, words), "{words} is still in the folder");
        assert!(!holds(&after, words), "{words} is still in the backup made after");
        assert!(holds(&before, words), "an old backup is not reached, and the output says so");
    }
    assert!(holds(&data, KEPT), "what was not named stays");
    let report = assert_whole(&data);
    assert_eq!(report["withheld"].as_array().unwrap().len(), 2, "shown as deleted: {report}");
    assert_ne!(run(&data, &arguments).code, Some(0), "nothing is there to be deleted twice");
    let node = Node::open(&data, &OpenOptions::default()).unwrap();
    assert!(node.world().stations.is_none());
    assert!(node.search("Unmistakable", 5).unwrap().is_empty());
}

#[test]
fn the_opening_of_the_election_cannot_be_deleted() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("node");
    drop(Node::open(&data, &OpenOptions::default()).unwrap());
    let opening = places(&data, "PK-GE-2024");
    let said = run(&data, &["run", "delete", "--reason", "to see", &opening[0]]);
    assert_ne!(said.code, Some(0));
    assert!(said.err.contains("cannot be deleted"), "{}", said.err);
}

/// The payload's own words, in no other entry.
const NUMBER: &str = "F.7(7)-unmistakable";

fn row(data: &Path) -> serde_json::Value {
    done(data, &["run", "delete", "--status", "--json"]).json()["deletions"][0].clone()
}

fn count(row: &serde_json::Value, of: &str) -> usize {
    row[of].as_array().unwrap().len()
}

#[test]
fn three_programs_forget_the_silent_one_is_named_and_no_stick_or_backup_brings_it_back() {
    let ground = Ground::new();
    ground.founded();
    for node in ["one", "two", "three"] {
        ground.enrolled(node);
    }
    let path = |node: &str| ground.path(node);
    let schedule = format!(
        "plan poll schedule NA-7 2024-02-08 --authority the_commission --instrument {NUMBER} --dated 2023-12-15"
    );
    assert_eq!(ground.pehra("one", &schedule).code, Some(0));
    let hears = |node: &str| holds(&path(node), NUMBER);
    let two = on_loopback(&ground, "two", "127.0.0.1:0", &[]);
    let at = two.nodes.clone();
    let one = on_loopback(&ground, "one", "127.0.0.1:0", &[&at]);
    let three = on_loopback(&ground, "three", "127.0.0.1:0", &[&at]);
    until("all three hold it", || hears("one") && hears("two") && hears("three"));
    // What leaves before the deletion: a stick, and a backup of the node that will be silent.
    drop((one, two, three));
    let address = done(&path("two"), &["link", "address"]).out;
    fs::write(path("two.address"), address).unwrap();
    let (to, stick) = (path("two.address"), path("stick"));
    done(&path("one"), &["link", "export", "--to", to.to_str().unwrap(), stick.to_str().unwrap()]);
    let before = path("before");
    done(&path("three"), &["run", "backup", before.to_str().unwrap()]);
    let named = places(&path("one"), NUMBER);
    assert_eq!(named.len(), 1);
    done(&path("one"), &["run", "delete", "--reason", "ninety days are over", &named[0]]);
    assert!(!hears("one") && hears("two") && hears("three"));

    let two = on_loopback(&ground, "two", &at, &[]);
    let one = on_loopback(&ground, "one", "127.0.0.1:0", &[&at]);
    until("the second program deletes", || !hears("two"));
    until("the first one hears that it did", || answers(&path("one")) == 2);
    drop((one, two));
    let said = row(&path("one"));
    assert_eq!((count(&said, "done"), count(&said, "owing")), (2, 1), "{said}");
    assert_eq!(said["owing"][0]["name"], "three", "who is silent is named: {said}");

    done(&path("two"), &["link", "import", stick.to_str().unwrap()]);
    assert!(!hears("two"), "a late stick brings nothing back");
    let two = on_loopback(&ground, "two", &at, &[]);
    let one = on_loopback(&ground, "one", "127.0.0.1:0", &[&at]);
    let three = on_loopback(&ground, "three", "127.0.0.1:0", &[&at]);
    until("the third program deletes", || !hears("three"));
    until("all have heard of it", || {
        ["one", "two", "three"].iter().all(|node| answers(&path(node)) == 3)
    });
    drop((one, two, three));
    let said = row(&path("one"));
    assert_eq!((count(&said, "done"), count(&said, "owing")), (3, 0), "{said}");

    assert!(holds(&before, NUMBER), "the old backup holds it, and is listed");
    assert_eq!(row(&path("three"))["backups"], 1);
    done(&path("four"), &["run", "restore", before.to_str().unwrap()]);
    done(&path("four"), &["run", "delete", "--status"]);
    assert!(!hears("four"), "what is restored deletes again at its first opening");
    for node in ["one", "two", "three", "four"] {
        assert_whole(&path(node));
    }
}

/// How many nodes have said, in what this folder holds, that they carried a deletion out.
fn answers(data: &Path) -> usize {
    let mut found = 0;
    let mut visit = |stored: pehra_store::Stored| {
        found += usize::from(stored.entry.header().kind == CARRIED_OUT);
        ControlFlow::Continue(())
    };
    let read = pehra_store::Reader::open(data)
        .and_then(|reader| reader.entries_received(Receipt(0), &mut visit));
    read.map_or(0, |()| found)
}
