//! A machine whose clock jumps: a year back, a year ahead, and home again.
#![cfg(target_os = "linux")]

use crate::command::{assert_whole, pehra};
use pehra::node::{Node, OpenOptions};
use pehra_ledger::{clock::AHEAD_MS_MAX, entry::Entry};
use std::{fs, path::Path, process::Command};

const YEAR_S: i64 = 365 * 86_400;

/// The library that moves the clock; none where there is no C compiler.
fn shim(into: &Path) -> Option<String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/clock/shift.c");
    let library = into.join("shift.so");
    let arguments = ["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o"];
    let built = Command::new("cc").args(arguments).args([&library, &source]).status().ok()?;
    assert!(built.success(), "the shim does not compile");
    Some(library.to_str()?.to_owned())
}

#[test]
fn a_clock_that_jumps_breaks_no_chain_and_is_left_once_it_is_known_to_be_ahead() {
    let dir = tempfile::tempdir().unwrap();
    let Some(library) = shim(dir.path()) else { return };
    let data = dir.path().join("node");
    for (round, shift_s) in [0, -YEAR_S, YEAR_S, 3_600, 0].into_iter().enumerate() {
        let mut text =
            "Province,Constituency,PS No,Name of Polling Station,Male Voters,Female Voters\n"
                .to_owned();
        for n in 1..=5 + round {
            text.push_str(&format!("Sindh,NA-200,{n},Primary School {n},500,400\n"));
        }
        let list = dir.path().join("list.csv");
        fs::write(&list, text).unwrap();
        let done = pehra(&data, &["plan", "import", "stations", list.to_str().unwrap()])
            .env("LD_PRELOAD", &library)
            .env("PEHRA_CLOCK_SHIFT_S", shift_s.to_string())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        // A year ago nobody held a role here yet: refused with a sentence, and nothing is kept of it.
        let expected = if shift_s < 0 { 3 } else { 0 };
        assert_eq!(done.status.code(), Some(expected), "{shift_s}: {said}");
    }
    assert_whole(&data);
    let node = Node::open(&data, &OpenOptions::default()).unwrap();
    let clocks: Vec<_> = node
        .sealed_after(0, 10_000)
        .unwrap()
        .iter()
        .map(|sealed| Entry::decode(&sealed.bytes).unwrap().header().clock)
        .collect();
    assert!(clocks.len() >= 6, "every list is on record");
    // It steps back only from a wall clock that stood more than five minutes ahead, and then once (ADR 4): from the year
    // ahead to the hour ahead, and from there home.
    let back: Vec<u64> = clocks
        .array_windows::<2>()
        .filter(|[before, after]| after < before)
        .map(|[before, after]| before.ms - after.ms)
        .collect();
    assert_eq!(back.len(), 2, "{back:?}");
    assert!(back.iter().all(|&ms| ms > AHEAD_MS_MAX), "{back:?}");
    let year_ms = u64::try_from(YEAR_S).unwrap() * 1_000;
    let (first, furthest) = (clocks.first().unwrap().ms, clocks.iter().max().unwrap().ms);
    assert!(furthest - first >= year_ms - 60_000, "the jump ahead was made at all");
    assert_eq!(node.world().stations.as_ref().unwrap().stations.len(), 9);
}
