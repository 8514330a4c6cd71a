//! Words that a person asked to have deleted are nowhere in the folder, nor in any backup made after.

use crate::command::{assert_whole, done, run};
use pehra::node::{Node, OpenOptions};
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
    files.iter().any(|file| says(&fs::read(file).unwrap(), words))
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
    assert_eq!((&said["payloads"], &said["datasets"]), (&2.into(), &1.into()), "{said}");
    let names = said["not_reached"].to_string();
    for left in ["old-backup", "peer", "paper"] {
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
