//! An auditor's day: exports of three nodes, one altered byte, one fork planted; how long until both are found.
//! `cargo run --release -p pehra --example ledger_audit_speed [-- EVENTS]`.
#![expect(clippy::print_stdout, reason = "the figures are the output")]
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on has failed")]

#[path = "../src/audit/sample.rs"]
mod sample;

use pehra::audit::{Options, verify};
use pehra_ledger::draft::Next;
use sample::{Election, Written, in_turn, one_by_one};
use std::{fs::OpenOptions, ops::ControlFlow, os::unix::fs::FileExt, path::PathBuf, time::Instant};

const PHONES: usize = 2_000;

fn main() {
    let events: usize = std::env::args().nth(1).map_or(200_000, |text| text.parse().unwrap());
    let election = Election::new(PHONES, 3);
    let dir = tempfile::tempdir().unwrap();
    let paths: Vec<_> = (0..3).map(|node| dir.path().join(format!("node-{node}.pehra"))).collect();
    plant(&election, events, &paths);
    // The altered byte, somewhere in the second file.
    let file = OpenOptions::new().read(true).write(true).open(&paths[1]).unwrap();
    let place = file.metadata().unwrap().len() / 7 * 5;
    let mut byte = [0];
    file.read_exact_at(&mut byte, place).unwrap();
    file.write_all_at(&[byte[0] ^ 8], place).unwrap();
    for threads in [1, 2] {
        let root = Some(election.genesis.clone());
        let options = Options { root, threads, seed: [7; 32] };
        let before = resident_kilobytes();
        let (began, mut most) = (Instant::now(), 0);
        let mut watch = |_| {
            most = most.max(resident_kilobytes());
            ControlFlow::Continue(())
        };
        let report = verify(&paths, &options, &mut watch).unwrap();
        let seconds = began.elapsed().as_secs_f64();
        let found = report.damages.iter().any(|damage| damage.byte_offset == Some(place));
        println!(
            "{threads} thread(s): {} entries in {seconds:.1} s, {:.0} a second; the byte {}; fork {:?}; {} MB more \
             in memory at most",
            report.entries,
            rate(report.entries, seconds),
            if found { "found and named" } else { "NOT FOUND" },
            report.forks.iter().map(|fork| fork.place.as_str()).collect::<Vec<_>>(),
            most.saturating_sub(before) / 1_024
        );
        // The altered entry first; then the end of its file, where the exporter signed for another content.
        let first = report.damages.first().and_then(|damage| damage.byte_offset);
        assert!(first == Some(place) && report.damages.len() == 2 && report.forks.len() == 1);
    }
}

/// Three exports of the same events in three orders; the third node received another end of one log.
fn plant(election: &Election, events: usize, paths: &[PathBuf]) {
    let began = Instant::now();
    let mut logs = election.logs(events.div_ceil(PHONES));
    let written = logs.iter().map(Vec::len).sum::<usize>();
    let half = u64::try_from(written / 2).unwrap();
    election.export(&paths[0], 0, in_turn(&logs, false).into_iter(), half);
    election.export(&paths[1], 1, one_by_one(&logs).into_iter(), half);
    let (phone, at) = (PHONES / 3, logs[0].len() / 2);
    let previous = logs[phone][at - 1].hash;
    let mut next = Next { epoch: 0, seq: u64::try_from(at).unwrap(), previous };
    let other: Vec<Written> = (at..logs[phone].len())
        .map(|n| election.write(phone, &mut next, &format!("another report {n}")))
        .collect();
    logs[phone].truncate(at);
    logs[phone].extend(other);
    election.export(&paths[2], 2, in_turn(&logs, true).into_iter(), half);
    println!(
        "{written} events of {PHONES} phones in three exports of {} MB each, written in {:.1} s",
        std::fs::metadata(&paths[0]).unwrap().len() / 1_000_000,
        began.elapsed().as_secs_f64()
    );
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn rate(entries: u64, seconds: f64) -> f64 {
    entries as f64 / seconds
}

fn resident_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|digits| digits.parse().ok()).unwrap_or(0)
}
