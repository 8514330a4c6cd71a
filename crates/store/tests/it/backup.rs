//! A backup is whole or it is not there; a restore never continues the old log.

use crate::sample::{ELECTION, NOW_MS, Writer, all, assert_sound, go_on};
use pehra_domain::progress::Cancelled;
use pehra_ledger::{Ingested, Intake, epoch};
use pehra_store::{Batch, OpenError, Store, StoreError, backup};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

fn filled(dir: &Path, entries: usize) -> (Store, Writer) {
    let mut store = Store::open(dir).unwrap();
    let mut writer = Writer::new(1, "a");
    store.append(writer.write_many(entries), NOW_MS).unwrap();
    store.commit(&Batch { devices: vec![writer.key.public()], ..Batch::default() }).unwrap();
    store.set_secret("device-key", Some(&writer.key.seed())).unwrap();
    (store, writer)
}

fn backed_up(entries: usize) -> (tempfile::TempDir, PathBuf, Store, Writer) {
    let dir = tempfile::tempdir().unwrap();
    let (store, writer) = filled(&dir.path().join("node"), entries);
    let to = dir.path().join("node.backup");
    let done = store.backup(&to, &mut go_on).unwrap();
    assert_eq!(done.bytes, std::fs::metadata(&to).unwrap().len());
    (dir, to, store, writer)
}

#[test]
fn a_restored_node_keeps_its_key_and_begins_a_new_epoch() {
    let (dir, to, mut original, mut writer) = backed_up(20);
    // The original goes on after the backup: those entries are what a continued log would contradict.
    original.append(writer.write_many(5), NOW_MS).unwrap();

    let fresh = dir.path().join("fresh");
    let begun = backup::restore(&to, &fresh, &mut go_on).unwrap();
    let mut restored = Store::open(&fresh).unwrap();
    assert_eq!((restored.epoch(), restored.restored()), (begun, "backup"));
    assert_eq!(epoch::generation(begun), 1);
    assert_eq!(restored.secret("device-key").unwrap(), Some(writer.key.seed().to_vec()));
    assert_eq!(all(&restored).len(), 20);

    let mut again = Writer::resumed(1, "after", &restored);
    let first = again.write();
    assert_eq!((first.header().place.epoch, first.header().place.seq), (begun, 0));
    assert_eq!(first.header().previous, all(&restored)[19].hash());
    restored.append(vec![first.clone()], NOW_MS).unwrap();

    // Neither node sees a fork in what the other has.
    let taken = Intake::new(&*original, ELECTION, NOW_MS).ingest(&first.encode()).unwrap();
    assert!(matches!(taken, Ingested::Accepted(..)), "{taken:?}");
    let lost: Vec<_> = all(&original)[20..].to_vec();
    for taken in lost {
        let ingested = Intake::new(&*restored, ELECTION, NOW_MS).ingest(&taken.encode()).unwrap();
        assert!(matches!(ingested, Ingested::Accepted(..)), "{ingested:?}");
        restored.append(vec![taken], NOW_MS).unwrap();
    }
    assert_sound(&restored, 26);
    drop(restored);
    assert_eq!(Store::open(&fresh).unwrap().epoch(), begun, "opening again is not restoring again");
}

#[test]
fn two_restores_of_one_backup_begin_two_epochs() {
    let (dir, to, _store, _) = backed_up(3);
    let one = backup::restore(&to, &dir.path().join("one"), &mut go_on).unwrap();
    let two = backup::restore(&to, &dir.path().join("two"), &mut go_on).unwrap();
    assert_ne!(one, two);
}

#[cfg(unix)]
#[test]
fn a_folder_copied_by_hand_begins_a_new_epoch_too() {
    let dir = tempfile::tempdir().unwrap();
    let node = dir.path().join("node");
    let (store, writer) = filled(&node, 4);
    drop(store);
    let copy = dir.path().join("copy");
    std::fs::create_dir(&copy).unwrap();
    let name = pehra_store::open::FILE;
    std::fs::copy(node.join(name), copy.join(name)).unwrap();
    let store = Store::open(&copy).unwrap();
    assert_eq!((epoch::generation(store.epoch()), store.restored()), (1, "copy"));
    assert_eq!(store.next(writer.key.id()).unwrap().seq, 0);
    assert_eq!(Store::open(&node).unwrap().epoch(), epoch::FIRST, "the original goes on");
}

#[test]
fn a_backup_opens_as_a_plain_database() {
    let (_dir, to, _store, _) = backed_up(7);
    let conn = rusqlite::Connection::open(&to).unwrap();
    let count: i64 = conn.query_row("SELECT count(*) FROM entries", [], |row| row.get(0)).unwrap();
    assert_eq!(count, 7);
}

#[test]
fn a_damaged_backup_is_refused_and_leaves_nothing() {
    let (dir, to, _store, _) = backed_up(50);
    let whole = std::fs::read(&to).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    let damaged = [
        flipped,
        whole[..whole.len() - 1].to_vec(),
        whole[..whole.len() / 2].to_vec(),
        whole[..10].to_vec(),
        Vec::new(),
    ];
    for (n, bytes) in damaged.iter().enumerate() {
        let from = dir.path().join(format!("damaged-{n}"));
        std::fs::write(&from, bytes).unwrap();
        let into = dir.path().join(format!("into-{n}"));
        let error = backup::restore(&from, &into, &mut go_on).unwrap_err();
        let named = OpenError::Store(StoreError::NotABackup { path: from.clone(), detail: "" });
        assert_eq!(std::mem::discriminant(&error), std::mem::discriminant(&named));
        assert!(error.to_string().contains("not a whole backup"), "{error}");
        assert_eq!(std::fs::read_dir(&into).unwrap().count(), 0);
    }
}

#[test]
fn nothing_is_ever_overwritten() {
    let (dir, to, store, _) = backed_up(2);
    let error = store.backup(&to, &mut go_on).unwrap_err();
    assert!(matches!(error, StoreError::Exists { .. }));
    let error = backup::restore(&to, &dir.path().join("node"), &mut go_on).unwrap_err();
    assert!(matches!(error, OpenError::Store(StoreError::NotEmpty { .. })), "{error:?}");
}

#[test]
fn a_stopped_backup_or_restore_leaves_nothing() {
    let (dir, to, store, _) = backed_up(2);
    let mut stop = |_| ControlFlow::Break(());
    let stopped = dir.path().join("stopped");
    let error = store.backup(&stopped, &mut stop).unwrap_err();
    assert!(matches!(error, StoreError::Cancelled(Cancelled)));
    assert!(!stopped.exists());
    let into = dir.path().join("into");
    let error = backup::restore(&to, &into, &mut stop).unwrap_err();
    assert!(matches!(error, OpenError::Store(StoreError::Cancelled(Cancelled))));
    assert_eq!(std::fs::read_dir(&into).unwrap().count(), 0);
    let left: Vec<_> =
        std::fs::read_dir(dir.path()).unwrap().map(|f| f.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("partial")), "{left:?}");
}

#[test]
fn a_restore_that_died_half_way_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("pehra.db.partial"), b"half").unwrap();
    let error = Store::open(dir.path()).unwrap_err();
    assert!(matches!(error, OpenError::HalfRestored { .. }));
    assert!(error.to_string().contains("restore again"));
}

#[test]
fn a_backup_is_of_one_moment_while_others_write() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, mut writer) = filled(&dir.path().join("node"), 2_000);
    let reader = store.reader().unwrap();
    let to = dir.path().join("busy.backup");
    let mut steps = 0;
    reader
        .backup(&to, &mut |_| {
            steps += 1;
            store.append(writer.write_many(10), NOW_MS).unwrap();
            ControlFlow::Continue(())
        })
        .unwrap();
    assert!(steps >= 2);
    let into = dir.path().join("into");
    backup::restore(&to, &into, &mut go_on).unwrap();
    assert_sound(&Store::open(&into).unwrap(), 2_000);
}

#[test]
fn a_folder_that_was_moved_goes_on_in_its_epoch() {
    let dir = tempfile::tempdir().unwrap();
    let node = dir.path().join("node");
    let (store, writer) = filled(&node, 4);
    drop(store);
    let moved = dir.path().join("moved");
    std::fs::rename(&node, &moved).unwrap();
    let store = Store::open(&moved).unwrap();
    assert_eq!((store.epoch(), store.restored()), (epoch::FIRST, ""));
    assert_eq!(store.next(writer.key.id()).unwrap(), writer.next);
}

#[cfg(unix)]
#[test]
fn the_store_and_its_backups_are_closed_to_other_users() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, to, _store, _) = backed_up(2);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let node = dir.path().join("node");
    assert_eq!(mode(&node), 0o700);
    for file in [to, node.join("pehra.db"), node.join("pehra.db-wal"), node.join("pehra.db-shm")] {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}
