//! When the node came to know what is kept with what it came to know, and only with it.

use crate::sample::{NOW_MS, Writer, go_on};
use pehra_ledger::Entry;
use pehra_store::{Batch, Completion, DayMoment, Receipt, Store, backup};

fn batch(entries: Vec<Entry>, received_ms: u64, day_ms: Option<i64>) -> Batch {
    let entries = entries.into_iter().map(|entry| (entry, 0)).collect();
    Batch { received_ms, day_ms, entries, ..Batch::default() }
}

fn moment(first: i64, last: i64, day_ms: i64) -> DayMoment {
    DayMoment { first: Receipt(first), last: Receipt(last), day_ms }
}

#[test]
fn the_days_own_moment_is_kept_with_what_was_received_then_and_with_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let mut writer = Writer::new(1, "a");
    let by_the_wall = writer.write_many(2);
    store.commit(&batch(by_the_wall.clone(), NOW_MS, None)).unwrap();
    store.commit(&batch(writer.write_many(3), NOW_MS + 9, Some(500))).unwrap();
    store.commit(&batch(writer.write_many(1), NOW_MS + 9, Some(500))).unwrap();
    let kept = [moment(3, 5, 500), moment(6, 6, 500)];
    assert_eq!(store.day_moments(Receipt(0)).unwrap(), kept);
    assert_eq!(store.day_moments(Receipt(4)).unwrap(), kept, "a run that reaches beyond it");
    assert_eq!(store.day_moments(Receipt(5)).unwrap(), kept[1..]);
    // Nothing new, nothing at all, and what is refused: no moment.
    store.commit(&batch(by_the_wall, NOW_MS + 20, Some(600))).unwrap();
    store.commit(&batch(Vec::new(), NOW_MS + 20, Some(600))).unwrap();
    let mut gap = writer.write_many(3);
    gap.remove(1);
    store.commit(&batch(gap, NOW_MS + 20, Some(600))).unwrap_err();
    assert_eq!(store.day_moments(Receipt(0)).unwrap(), kept);
}

#[test]
fn when_a_content_came_later_than_its_entry_is_kept_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let mut writer = Writer::new(1, "a");
    let entries = writer.write_many(3);
    let without = entries.iter().map(|entry| entry.clone().withheld()).collect();
    store.commit(&batch(without, NOW_MS, None)).unwrap();
    assert_eq!(store.completions().unwrap(), []);
    for later in [70, 90] {
        store.commit(&batch(vec![entries[1].clone()], NOW_MS + later, None)).unwrap();
    }
    let came = Completion { receipt: Receipt(2), received_ms: NOW_MS + 70 };
    assert_eq!(store.completions().unwrap(), [came]);
}

#[test]
fn moments_go_with_the_backup_and_come_back_with_it() {
    let (from, into) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut store = Store::open(from.path()).unwrap();
    let mut writer = Writer::new(1, "a");
    store.commit(&batch(writer.write_many(4), NOW_MS, Some(1_000))).unwrap();
    let file = from.path().join("copy");
    store.backup(&file, &mut go_on).unwrap();
    drop(store);
    let to = into.path().join("restored");
    backup::restore(&file, &to, &mut go_on).unwrap();
    let store = Store::open(&to).unwrap();
    assert_eq!(store.day_moments(Receipt(0)).unwrap(), [moment(1, 4, 1_000)]);
}
