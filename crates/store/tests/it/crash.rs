//! Killed in the middle of writing: what was acknowledged is there, and the chain is whole.

use crate::sample::{NOW_MS, Writer, all, assert_sound};
use pehra_store::{Batch, Receipt, Store};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

const DIR: &str = "PEHRA_TEST_APPEND_DIR";

/// Started by the test below as a process of its own; alone it does nothing.
#[test]
fn child_appends_until_it_is_killed() {
    let Ok(dir) = std::env::var(DIR) else { return };
    let mut store = Store::open(dir.as_ref()).unwrap();
    let mut writer = Writer::resumed(1, "a", &store);
    store.commit(&Batch { devices: vec![writer.key.public()], ..Batch::default() }).unwrap();
    let mut out = std::io::stdout().lock();
    loop {
        // Entries and a chunk of uneven size, so that the kill falls into every phase of a commit.
        let chunk = vec![7; 1_000 + usize::try_from(writer.next.seq * 997 % 90_000).unwrap()];
        let entries = writer.write_many(20).into_iter().map(|entry| (entry, 0)).collect();
        let day_ms = i64::try_from(writer.next.seq).ok();
        let chunks = vec![chunk];
        let batch = Batch { received_ms: NOW_MS, day_ms, entries, chunks, ..Batch::default() };
        store.commit(&batch).unwrap();
        writeln!(out, "acknowledged {}", writer.next.seq).unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let dir = tempfile::tempdir().unwrap();
    let mut acknowledged = 0_u64;
    for round in 1..=8_u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::child_appends_until_it_is_killed", "--nocapture"])
            .env(DIR, dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut heard = 0;
        for line in lines {
            if let Some(seq) = line.unwrap().strip_prefix("acknowledged ") {
                acknowledged = seq.parse().unwrap();
                heard += 1;
            }
            if heard == 5 + round * 3 {
                child.kill().unwrap();
                break;
            }
        }
        child.wait().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let kept = u64::try_from(all(&store).len()).unwrap();
        assert!(kept >= acknowledged, "round {round}: {kept} of {acknowledged}");
        assert_eq!(kept % 20, 0, "a batch is kept whole or not at all");
        assert_sound(&store, kept);
        // Every batch has its moment, and no moment is of a batch that is not there.
        let moments = store.day_moments(Receipt(0)).unwrap();
        assert_eq!(u64::try_from(moments.len()).unwrap(), kept / 20, "round {round}");
        for (moment, end) in moments.iter().zip((1_i64..).map(|batch| batch * 20)) {
            assert_eq!((moment.first.0, moment.last.0, moment.day_ms), (end - 19, end, end));
        }
    }
    assert!(acknowledged > 2_000);
}
