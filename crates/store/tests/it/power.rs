//! A disk whose cache loses power in the middle of commits, and a disk that lies about its syncs.
#![cfg(target_os = "linux")]

mod cut;

use crate::sample::{NOW_MS, Writer, all, go_on};
use cut::{Chance, cut_power};
use pehra_store::{Batch, Store};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const FOLDER: &str = "PEHRA_DROP_FOLDER";
const JOURNAL: &str = "PEHRA_DROP_JOURNAL";

/// Started by the tests below as a process of its own; alone it does nothing.
#[test]
fn child_commits_until_the_power_is_cut() {
    let Ok(dir) = std::env::var(FOLDER) else { return };
    let mut store = Store::open(dir.as_ref()).unwrap();
    let mut writer = Writer::resumed(1, "a", &store);
    let mut out = std::io::stdout().lock();
    loop {
        let chunk = vec![7; 1_000 + usize::try_from(writer.next.seq * 997 % 60_000).unwrap()];
        let entries = writer.write_many(5).into_iter().map(|entry| (entry, 0)).collect();
        let batch = Batch { received_ms: NOW_MS, entries, chunks: vec![chunk], ..Batch::default() };
        store.commit(&batch).unwrap();
        // Moving pages from the log into the file is where most can be torn.
        if writer.next.seq.is_multiple_of(35) {
            store.grow_tree(&mut go_on).unwrap();
        }
        writeln!(out, "acknowledged {}", writer.next.seq).unwrap();
        out.flush().unwrap();
    }
}

/// The library that stands in for the disk's cache; none where there is no C compiler.
fn shim(into: &Path) -> Option<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/power/drop_writes.c");
    let library = into.join("drop_writes.so");
    let built = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o"])
        .args([&library, &source])
        .status();
    match built {
        Ok(status) => {
            assert!(status.success(), "the shim does not compile");
            Some(library)
        }
        Err(_no_compiler) => None,
    }
}

struct Ground {
    dir: tempfile::TempDir,
    library: PathBuf,
    chance: Chance,
}

impl Ground {
    fn new(seed: u64) -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let library = shim(dir.path())?;
        let ground = Self { dir, library, chance: Chance(seed) };
        let mut store = Store::open(&ground.node()).unwrap();
        let devices = vec![Writer::new(1, "a").key.public()];
        store.commit(&Batch { devices, ..Batch::default() }).unwrap();
        Some(ground)
    }

    fn node(&self) -> PathBuf {
        self.dir.path().join("node")
    }

    /// Lets the child commit for a while, kills it and cuts the power; answers what it had acknowledged.
    fn round(&mut self, lies: bool) -> u64 {
        let journal = self.dir.path().join("journal");
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", "power::child_commits_until_the_power_is_cut", "--nocapture"])
            .env(FOLDER, self.node())
            .env(JOURNAL, &journal)
            .env("LD_PRELOAD", &self.library)
            .stdout(Stdio::piped());
        if lies {
            command.env("PEHRA_DROP_LIE", "1");
        }
        let mut child = command.spawn().unwrap();
        let commits = 3 + self.chance.below(40);
        let (mut acknowledged, mut heard) = (0, 0);
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            if let Some(seq) = line.unwrap().strip_prefix("acknowledged ") {
                acknowledged = seq.parse().unwrap();
                heard += 1;
            }
            if heard == commits {
                // Somewhere within a later commit.
                (0..self.chance.below(400_000)).for_each(|_| std::hint::spin_loop());
                child.kill().unwrap();
                break;
            }
        }
        child.wait().unwrap();
        assert_eq!(heard, commits, "the child ended by itself");
        cut_power(&journal, &mut self.chance);
        // Shared memory is gone with the power.
        let _not_there = std::fs::remove_file(self.node().join("pehra.db-shm"));
        acknowledged
    }
}

/// What a store may hold at all: the beginning of what the child writes.
fn assert_beginning(store: &Store) -> u64 {
    let mut writer = Writer::new(1, "a");
    let kept = all(store);
    assert!(kept.iter().all(|entry| *entry == writer.write()));
    u64::try_from(kept.len()).unwrap()
}

fn rounds_on_a_disk_that_loses_power(rounds: u64, seed: u64) -> Option<u64> {
    let mut ground = Ground::new(seed)?;
    let mut most = 0;
    for round in 0..rounds {
        let acknowledged = ground.round(false);
        let store = Store::open(&ground.node()).unwrap();
        let kept = assert_beginning(&store);
        assert!(kept >= acknowledged, "round {round}: {kept} of {acknowledged} acknowledged");
        let scrubbed = store.scrub([3; 32], &mut go_on).unwrap();
        assert_eq!((scrubbed.damages, scrubbed.first), (0, None), "round {round}");
        most = kept;
    }
    Some(most)
}

#[test]
fn nothing_acknowledged_is_lost_when_the_power_is_cut() {
    // Without a C compiler there is no such disk here.
    if let Some(kept) = rounds_on_a_disk_that_loses_power(8, 42) {
        assert!(kept > 100);
    }
}

#[test]
fn a_disk_that_lies_about_its_syncs_is_noticed_or_loses_the_end_and_nothing_false_is_kept() {
    let mut outcomes = [0_u32; 2];
    for seed in 0..6 {
        let Some(mut ground) = Ground::new(seed) else { return };
        ground.round(true);
        // Refused with a sentence, named by the scrub, or the sound beginning of what was written.
        let noticed = match Store::open(&ground.node()) {
            Err(refused) => !refused.to_string().is_empty(),
            Ok(store) => match store.scrub([3; 32], &mut go_on) {
                Err(unreadable) => !unreadable.to_string().is_empty(),
                Ok(scrubbed) if scrubbed.damages > 0 => true,
                Ok(_) => {
                    assert_beginning(&store);
                    false
                }
            },
        };
        outcomes[usize::from(noticed)] += 1;
    }
    assert_eq!(outcomes.iter().sum::<u32>(), 6);
}
