//! Entries go in once, in order, whole, and come out as they were.

use crate::sample::{ELECTION, NOW_MS, Writer, all, assert_sound};
use pehra_ledger::entry::COSIGNATURES_MAX;
use pehra_ledger::{Cosignature, Entry, Ingested, Intake, Place, SigningKey};
use pehra_store::batch::FoundFork;
use pehra_store::{Batch, PayloadState, Receipt, Snapshot, Store, StoreError};
use std::ops::ControlFlow;

fn store_of(writer: &mut Writer, entries: usize) -> (tempfile::TempDir, Store, Vec<Entry>) {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let entries = writer.write_many(entries);
    let with_standing = entries.iter().map(|entry| (entry.clone(), 0)).collect();
    let devices = vec![writer.key.public()];
    let batch = Batch { received_ms: NOW_MS, devices, entries: with_standing, ..Batch::default() };
    store.commit(&batch).unwrap();
    (dir, store, entries)
}

#[test]
fn what_was_kept_is_there_after_opening_again() {
    let mut writer = Writer::new(1, "a");
    let (dir, store, entries) = store_of(&mut writer, 40);
    drop(store);
    let store = Store::open(dir.path()).unwrap();
    assert_eq!(all(&store), entries);
    assert_eq!(store.next(writer.key.id()).unwrap(), writer.next);
    assert_eq!(store.entries_count().unwrap(), (40, Receipt(40)));
    assert_sound(&store, 40);
}

#[test]
fn the_same_delivery_again_changes_nothing() {
    let mut writer = Writer::new(1, "a");
    let (_dir, mut store, entries) = store_of(&mut writer, 5);
    let again = store.append(entries.clone(), NOW_MS + 9).unwrap();
    assert_eq!((again.appended, again.known, again.last), (0, 5, Receipt(5)));
    let mut overlapping = entries[3..].to_vec();
    overlapping.extend(writer.write_many(2));
    let more = store.append(overlapping, NOW_MS).unwrap();
    assert_eq!((more.appended, more.known, more.last), (2, 2, Receipt(7)));
    assert_sound(&store, 7);
}

#[test]
fn a_batch_with_one_wrong_entry_keeps_nothing() {
    let mut writer = Writer::new(1, "a");
    let (_dir, mut store, entries) = store_of(&mut writer, 3);
    let next = writer.write();
    writer.write();
    let late = writer.write();
    let place = late.header().place;
    let error = store.append(vec![next.clone(), late], NOW_MS).unwrap_err();
    assert!(matches!(error, StoreError::NotNext { place: at, expected: 4 } if at == place));
    assert_eq!(all(&store), entries);

    let mut twin = Writer::new(1, "b");
    let error = store.append(vec![twin.write()], NOW_MS).unwrap_err();
    assert!(matches!(error, StoreError::Contradicts { place: Place { seq: 0, .. } }));
    twin.write_many(2);
    let error = store.append(vec![twin.write()], NOW_MS).unwrap_err();
    assert!(matches!(error, StoreError::NotLinked { .. }));
    store.append(vec![next], NOW_MS).unwrap();
}

#[test]
fn a_withheld_payload_may_come_later_and_a_deleted_one_may_not() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let mut writer = Writer::new(1, "secret-word");
    let entries = writer.write_many(3);
    let place = entries[1].header().place;
    let without: Vec<Entry> = entries.iter().map(|entry| entry.clone().withheld()).collect();
    store.append(without.clone(), NOW_MS).unwrap();
    store.commit(&Batch { devices: vec![writer.key.public()], ..Batch::default() }).unwrap();
    assert_eq!(all(&store), without);
    assert_eq!(store.entry(place).unwrap().unwrap().payload_state, PayloadState::Withheld);
    store.append(entries.clone(), NOW_MS).unwrap();
    assert_eq!(all(&store), entries);

    // Another entry that somebody signed for the same place is another matter.
    let other = (place, entries[2].hash());
    store.commit(&Batch { forget: vec![other], ..Batch::default() }).unwrap();
    assert_eq!(all(&store), entries);
    let gone = (place, entries[1].hash());
    store.commit(&Batch { forget: vec![gone], ..Batch::default() }).unwrap();
    store.append(entries.clone(), NOW_MS).unwrap();
    let kept = store.entry(place).unwrap().unwrap();
    assert_eq!((kept.payload_state, kept.entry.payload()), (PayloadState::Deleted, None));
    assert_eq!(kept.entry, entries[1].clone().withheld());
    assert_sound(&store, 3);
}

#[test]
fn a_deleted_payload_leaves_no_byte_on_the_disk() {
    let mut writer = Writer::new(1, "unmistakable-secret");
    let (dir, mut store, entries) = store_of(&mut writer, 30);
    let snapshot = Snapshot {
        name: "state".to_owned(),
        version: 1,
        up_to: Receipt(30),
        bytes: b"folded unmistakable-secret".to_vec(),
    };
    store.commit(&Batch { snapshots: vec![snapshot], ..Batch::default() }).unwrap();
    assert!(found_on_disk(dir.path(), b"unmistakable-secret"));
    let forget = entries.iter().map(|entry| (entry.header().place, entry.hash())).collect();
    store.commit(&Batch { forget, ..Batch::default() }).unwrap();
    assert!(!found_on_disk(dir.path(), b"unmistakable-secret"));
    assert_eq!(store.snapshot("state").unwrap(), None);
    assert_sound(&store, 30);
}

fn found_on_disk(dir: &std::path::Path, needle: &[u8]) -> bool {
    std::fs::read_dir(dir).unwrap().any(|file| {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        bytes.windows(needle.len()).any(|window| window == needle)
    })
}

#[test]
fn co_signatures_made_later_are_added_and_none_is_lost() {
    let mut writer = Writer::new(1, "a");
    let (_dir, mut store, entries) = store_of(&mut writer, 1);
    for seed in 10..14 {
        let key = SigningKey::from_seed([seed; 32]);
        let mut copy = entries[0].clone();
        let cosignature = Cosignature::sign(&key, "second-person", &copy.hash()).unwrap();
        copy.add_cosignature(cosignature).unwrap();
        store.append(vec![copy.clone(), copy], NOW_MS).unwrap();
    }
    let kept = store.entry(entries[0].header().place).unwrap().unwrap().entry;
    assert_eq!(kept.cosignatures().len(), 4);
    assert!(kept.cosignatures().len() < COSIGNATURES_MAX);
    assert_sound(&store, 1);
}

#[test]
fn a_fork_is_kept_as_proof_and_shown() {
    let mut writer = Writer::new(1, "a");
    let (_dir, mut store, _) = store_of(&mut writer, 3);
    let mut twin = Writer::new(1, "b");
    let other = twin.write();
    let ingested = Intake::new(&*store, ELECTION, NOW_MS).ingest(&other.encode()).unwrap();
    let Ingested::Forked(entry, proof, fork) = ingested else { panic!("{ingested:?}") };
    let found = FoundFork { entry: *entry, proof: proof.clone(), fork };
    let batch = Batch { received_ms: 5, forks: vec![found], ..Batch::default() };
    store.commit(&batch).unwrap();
    store.commit(&batch).unwrap();
    let forks = store.forks().unwrap();
    assert_eq!(forks.len(), 1);
    assert_eq!((&forks[0].entry, &forks[0].proof, forks[0].found_ms), (&other, &proof, 5));
    assert_eq!(forks[0].proof.verify(&writer.key.public()), Some(fork));
    let head = store.log_head(writer.key.id(), 0).unwrap().unwrap();
    assert_eq!(head.forked_at, Some(0));
    let next = writer.write();
    let ingested = Intake::new(&*store, ELECTION, NOW_MS).ingest(&next.encode()).unwrap();
    let Ingested::Accepted(_, flags) = ingested else { panic!("{ingested:?}") };
    assert!(flags.after_fork);
}

#[test]
fn entries_come_out_by_receipt_and_by_what_somebody_lacks() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let (mut one, mut two) = (Writer::new(1, "a"), Writer::new(2, "b"));
    let mixed = vec![one.write(), two.write(), one.write(), two.write(), two.write()];
    for entry in &mixed {
        store.append(vec![entry.clone()], NOW_MS).unwrap();
    }
    let mut received = Vec::new();
    store
        .entries_received(Receipt(2), &mut |stored| {
            received.push((stored.receipt.0, stored.entry));
            if stored.receipt.0 == 4 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .unwrap();
    assert_eq!(received, [(3, mixed[2].clone()), (4, mixed[3].clone())]);
    let reach = [((two.key.id(), 0), 1)].into_iter().collect();
    let mut lacking = Vec::new();
    store
        .entries_after(&reach, &mut |stored| {
            lacking.push(stored.entry);
            ControlFlow::Continue(())
        })
        .unwrap();
    let expected: Vec<Entry> = [0, 2, 4].map(|n| mixed[n].clone()).to_vec();
    assert_eq!(lacking.len(), 3);
    assert!(expected.iter().all(|entry| lacking.contains(entry)));
    assert_eq!(store.heads().unwrap().len(), 2);
}

#[test]
fn another_thread_reads_whole_commits_while_this_one_writes() {
    let mut writer = Writer::new(1, "a");
    let (_dir, mut store, _) = store_of(&mut writer, 10);
    let reader = store.reader().unwrap();
    std::thread::scope(|scope| {
        let reading = scope.spawn(move || {
            let mut last = 0;
            while last < 510 {
                let (count, _) = reader.entries_count().unwrap();
                assert!(count >= last && count % 10 == 0, "{last} {count}");
                last = count;
            }
            last
        });
        for _ in 0..50 {
            store.append(writer.write_many(10), NOW_MS).unwrap();
        }
        assert_eq!(reading.join().unwrap(), 510);
    });
}

#[test]
fn standing_and_settings_are_kept() {
    let mut writer = Writer::new(1, "a");
    let (_dir, mut store, entries) = store_of(&mut writer, 2);
    let place = entries[0].header().place;
    let settings = vec![("language".to_owned(), Some("ur".to_owned()))];
    store.commit(&Batch { standings: vec![(place, 4)], settings, ..Batch::default() }).unwrap();
    assert_eq!(store.entry(place).unwrap().unwrap().standing, 4);
    assert_eq!(store.setting("language").unwrap().as_deref(), Some("ur"));
    store.set_setting("language", None).unwrap();
    assert_eq!(store.settings().unwrap().len(), 0);
    store.set_secret("device-key", Some(&[1, 2, 3])).unwrap();
    assert_eq!(store.secret("device-key").unwrap(), Some(vec![1, 2, 3]));
    store.set_secret("device-key", None).unwrap();
    assert_eq!(store.secret("device-key").unwrap(), None);
    store.set_account("admin", Some(b"record")).unwrap();
    store.set_account("watch", Some(b"other")).unwrap();
    store.set_account("watch", None).unwrap();
    assert_eq!(store.accounts().unwrap().into_keys().collect::<Vec<_>>(), ["admin"]);
    assert_eq!(store.account("admin").unwrap(), Some(b"record".to_vec()));
}

/// Two nodes that give each other everything they have, in shuffled parts with a forged entry among them.
#[test]
fn two_nodes_that_talk_long_enough_hold_the_same() {
    let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let mut stores = dirs.each_ref().map(|dir| Store::open(dir.path()).unwrap());
    let mut writers = [Writer::new(1, "a"), Writer::new(2, "b")];
    let devices: Vec<_> = writers.iter().map(|writer| writer.key.public()).collect();
    for (store, writer) in stores.iter_mut().zip(&mut writers) {
        let entries = writer.write_many(30).into_iter().map(|entry| (entry, 0)).collect();
        store.commit(&Batch { devices: devices.clone(), entries, ..Batch::default() }).unwrap();
    }
    for _ in 0..2 {
        for (from, to) in [(0, 1), (1, 0)] {
            let mut wire: Vec<Vec<u8>> = all(&stores[from]).iter().map(Entry::encode).collect();
            let middle = wire[7].len() / 2;
            wire[7][middle] ^= 1;
            wire.rotate_left(11);
            let mut batch = Batch::default();
            let mut intake = Intake::new(&*stores[to], ELECTION, NOW_MS).on_threads(2);
            let refused = intake
                .ingest_many(&wire, [5; 32])
                .unwrap()
                .into_iter()
                .filter_map(|one| batch.take(one, 0))
                .count();
            assert!(refused > 0);
            stores[to].commit(&batch).unwrap();
            // Whole and in order the second time.
            let whole: Vec<Vec<u8>> = all(&stores[from]).iter().map(Entry::encode).collect();
            let mut batch = Batch::default();
            let mut intake = Intake::new(&*stores[to], ELECTION, NOW_MS);
            for one in intake.ingest_many(&whole, [6; 32]).unwrap() {
                assert_eq!(batch.take(one, 0), None);
            }
            stores[to].commit(&batch).unwrap();
        }
    }
    assert_eq!(all(&stores[0]), all(&stores[1]));
    stores.iter().for_each(|store| assert_sound(store, 60));
}
