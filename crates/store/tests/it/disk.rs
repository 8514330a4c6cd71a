//! Disks that are full, files that are cut, folders that are in use.

use crate::sample::{NOW_MS, Writer, all, assert_sound, go_on};
use pehra_store::scrub::Damage;
use pehra_store::{Batch, OpenError, Store, StoreError};
use std::path::Path;
use std::process::Command;

fn filled(dir: &Path, entries: usize) -> Writer {
    let mut store = Store::open(dir).unwrap();
    let mut writer = Writer::new(1, "a");
    store.append(writer.write_many(entries), NOW_MS).unwrap();
    store.commit(&Batch { devices: vec![writer.key.public()], ..Batch::default() }).unwrap();
    writer
}

#[test]
fn a_second_instance_is_told_who_is_first() {
    let dir = tempfile::tempdir().unwrap();
    let first = Store::open(dir.path()).unwrap();
    let error = Store::open(dir.path()).unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, OpenError::InUse { .. }));
    assert!(text.contains(&format!("(process {})", std::process::id())), "{text}");
    drop(first);
    Store::open(dir.path()).unwrap();
}

#[test]
fn a_newer_layout_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 1);
    let file = dir.path().join(pehra_store::open::FILE);
    let conn = rusqlite::Connection::open(&file).unwrap();
    conn.pragma_update(None, "user_version", 99).unwrap();
    conn.close().unwrap();
    let error = Store::open(dir.path()).unwrap_err();
    assert!(matches!(error, OpenError::Newer { found: 99, .. }), "{error:?}");
    assert!(error.to_string().contains("update this program"));
}

#[test]
fn files_that_are_not_ours_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join(pehra_store::open::FILE);
    let conn = rusqlite::Connection::open(&file).unwrap();
    conn.execute_batch("CREATE TABLE somebody_elses (x)").unwrap();
    conn.close().unwrap();
    assert!(matches!(Store::open(dir.path()).unwrap_err(), OpenError::NotOurs { .. }));
    std::fs::write(
        &file,
        "this is a letter, not a database, but long enough to look at".repeat(99),
    )
    .unwrap();
    let error = Store::open(dir.path()).unwrap_err();
    assert!(matches!(error, OpenError::Damaged { .. }), "{error:?}");
}

#[test]
fn a_file_that_was_cut_off_is_noticed_on_opening() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 500);
    let file = dir.path().join(pehra_store::open::FILE);
    let bytes = std::fs::read(&file).unwrap();
    for keep in [bytes.len() - 1, bytes.len() - 4_096, bytes.len() / 2, 5_000, 100, 1] {
        std::fs::write(&file, &bytes[..keep]).unwrap();
        let error = Store::open(dir.path()).unwrap_err();
        assert!(matches!(error, OpenError::Damaged { .. }), "{keep}: {error:?}");
        assert!(error.to_string().contains("restore the last backup"), "{error}");
    }
    std::fs::write(&file, &bytes).unwrap();
    assert_sound(&Store::open(dir.path()).unwrap(), 500);
}

#[test]
fn a_flipped_byte_in_any_part_of_an_entry_is_named() {
    for column in ["header", "signature", "hash", "payload"] {
        let dir = tempfile::tempdir().unwrap();
        filled(dir.path(), 9);
        let conn = rusqlite::Connection::open(dir.path().join(pehra_store::open::FILE)).unwrap();
        let read = format!("SELECT {column} FROM entries WHERE receipt = 5");
        let mut bytes: Vec<u8> = conn.query_row(&read, [], |row| row.get(0)).unwrap();
        let at = bytes.len() / 2;
        bytes[at] ^= 4;
        let write = format!("UPDATE entries SET {column} = ?1 WHERE receipt = 5");
        conn.execute(&write, [bytes]).unwrap();
        conn.close().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let scrubbed = store.scrub([1; 32], &mut go_on).unwrap();
        let Some(Damage::Entry { place, .. }) = scrubbed.first else {
            panic!("{column}: {scrubbed:?}")
        };
        assert_eq!(place.seq, 4, "{column}");
        if matches!(column, "header" | "payload") {
            let mut seen = 0;
            let error = store
                .entries_received(pehra_store::Receipt(0), &mut |_| {
                    seen += 1;
                    std::ops::ControlFlow::Continue(())
                })
                .unwrap_err();
            assert!(matches!(error, StoreError::EntryDamaged { place, .. } if place.seq == 4));
            assert_eq!(seen, 4);
        }
    }
}

#[test]
fn a_missing_entry_is_named() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 9);
    let conn = rusqlite::Connection::open(dir.path().join(pehra_store::open::FILE)).unwrap();
    conn.execute("DELETE FROM entries WHERE receipt = 9", []).unwrap();
    conn.close().unwrap();
    let scrubbed = Store::open(dir.path()).unwrap().scrub([1; 32], &mut go_on).unwrap();
    assert!(
        matches!(scrubbed.first, Some(Damage::Gap { place }) if place.seq == 8),
        "{scrubbed:?}"
    );
}

/// A file system of 3 MB, taken away again when dropped. None where this process may not mount one.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let status = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=3m", "tmpfs"])
            .arg(dir.path())
            .stderr(std::process::Stdio::null())
            .status();
        status.is_ok_and(|status| status.success()).then_some(Self(dir))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let status = Command::new("umount").arg(self.0.path()).status().unwrap();
        assert!(status.success());
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "a test that cannot run says so")]
fn a_full_disk_refuses_the_batch_and_harms_nothing() {
    let Some(disk) = SmallDisk::mount() else {
        println!("this process may not mount a small disk: skipped");
        return;
    };
    let node = disk.0.path().join("node");
    let mut writer = filled(&node, 100);
    let mut store = Store::open(&node).unwrap();
    let before = all(&store);
    let chunks: Vec<Vec<u8>> = (0..6_u8).map(|n| vec![n; 1 << 20]).collect();
    let entries = writer.write_many(10);
    let with_standing = entries.iter().map(|entry| (entry.clone(), 0)).collect();
    let batch = Batch { entries: with_standing, chunks, ..Batch::default() };
    let error = store.commit(&batch).unwrap_err();
    assert!(matches!(error, StoreError::DiskFull | StoreError::Disk(_)), "{error:?}");
    assert_eq!(all(&store), before);
    assert!(matches!(
        store.backup(&disk.0.path().join("too-much"), &mut go_on),
        Ok(_) | Err(StoreError::DiskFull | StoreError::Disk(_))
    ));
    drop(store);
    let mut store = Store::open(&node).unwrap();
    assert_sound(&store, 100);
    store.append(entries, NOW_MS).unwrap();
    assert_sound(&store, 110);
    drop(store);
}
