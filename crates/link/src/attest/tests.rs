use super::*;
use crate::sample::{CHECK_IN, NOON_MS, draft, entry, key, log};
use crate::thin::ThinKinds;
use pehra_ledger::draft::Next;
use proptest::prelude::*;

fn frame(entry: &Entry) -> Thin {
    Thin::of_entry(entry, &ThinKinds::of(&[CHECK_IN, 121])).unwrap()
}

fn frame_at(seq: u64, body: &[u8]) -> Thin {
    Thin { seq, ..frame(&entry(&key(1), CHECK_IN, body)) }
}

#[test]
fn a_frame_is_attested_until_its_entry_confirms_it() {
    let signed = entry(&key(1), CHECK_IN, b"opened");
    let mut book = Attestations::default();
    assert_eq!(book.hear(frame(&signed), None, NOON_MS), Heard::Attested);
    assert_eq!(book.unsigned().count(), 1);
    let settled = book.settle(&signed, NOON_MS + 90_000);
    assert_eq!(settled, Settled::Confirmed { content_seen: true, after_ms: 90_000 });
    assert_eq!(book.unsigned().count(), 0);
    assert_eq!(book.settle(&signed, NOON_MS + 90_000), Settled::Unannounced);
}

#[test]
fn a_withheld_entry_confirms_without_its_content() {
    let signed = entry(&key(1), CHECK_IN, b"opened");
    let mut book = Attestations::default();
    book.hear(frame(&signed), None, NOON_MS);
    let settled = book.settle(&signed.withheld(), NOON_MS);
    assert_eq!(settled, Settled::Confirmed { content_seen: false, after_ms: 0 });
}

#[test]
fn an_entry_that_says_something_else_is_an_alarm_with_both_in_it() {
    let said = frame(&entry(&key(1), CHECK_IN, b"opened"));
    let mut book = Attestations::default();
    book.hear(said.clone(), None, NOON_MS);
    let signed = entry(&key(1), CHECK_IN, b"closed");
    let settled = book.settle(&signed, NOON_MS);
    assert_eq!(settled, Settled::Mismatch { said, in_what: Difference::Body });
}

#[test]
fn a_frame_behind_its_entry_is_compared_at_once() {
    let signed = entry(&key(1), CHECK_IN, b"opened");
    let mut book = Attestations::default();
    let heard = book.hear(frame(&signed), Some(&signed), NOON_MS);
    assert_eq!(heard, Heard::Confirmed { entry: signed.hash() });
    let mut book = Attestations::default();
    let said = frame(&entry(&key(1), CHECK_IN, b"closed"));
    let heard = book.hear(said, Some(&signed), NOON_MS);
    assert_eq!(heard, Heard::Mismatch { entry: signed.hash(), in_what: Difference::Body });
}

#[test]
fn two_frames_of_one_place_are_a_contradiction_and_the_first_stands() {
    let mut book = Attestations::default();
    assert_eq!(book.hear(frame_at(4, b"opened"), None, NOON_MS), Heard::Attested);
    assert_eq!(book.hear(frame_at(4, b"opened"), None, NOON_MS + 5), Heard::Again);
    assert_eq!(book.hear(frame_at(4, b"closed"), None, NOON_MS + 5), Heard::Contradiction);
    let waiting: Vec<_> = book.unsigned().map(|(thin, ms)| (thin.body.clone(), ms)).collect();
    assert_eq!(waiting, [(b"opened".to_vec(), NOON_MS)]);
}

#[test]
fn a_replayed_frame_of_long_ago_is_not_news() {
    let mut book = Attestations::default();
    book.hear(frame_at(WINDOW + 10, b"late"), None, NOON_MS);
    assert_eq!(book.hear(frame_at(10, b"old"), None, NOON_MS), Heard::Refused(Full::Window));
    assert_eq!(book.hear(frame_at(11, b"old"), None, NOON_MS), Heard::Attested);
}

#[test]
fn an_entry_that_stays_away_is_an_alarm_once_and_may_still_come() {
    let signed = entry(&key(1), CHECK_IN, b"opened");
    let mut book = Attestations::default();
    book.hear(frame(&signed), None, NOON_MS);
    let due_ms = 30 * 60_000;
    assert!(book.alarms(due_ms, NOON_MS + due_ms).is_empty());
    let alarms = book.alarms(due_ms, NOON_MS + due_ms + 1);
    assert_eq!(alarms.len(), 1);
    assert_eq!(alarms[0].waited_ms, due_ms + 1);
    assert!(book.alarms(due_ms, NOON_MS + 2 * due_ms).is_empty(), "reported before");
    assert!(matches!(book.settle(&signed, NOON_MS + 2 * due_ms), Settled::Confirmed { .. }));
}

#[test]
fn a_stolen_key_fills_one_shelf_only() {
    let mut book = Attestations::default();
    let shelf = u64::try_from(WAITING_PER_DEVICE_MAX).unwrap();
    for seq in 0..shelf {
        assert_eq!(book.hear(frame_at(seq, b"flood"), None, NOON_MS), Heard::Attested);
    }
    assert_eq!(book.hear(frame_at(shelf, b"flood"), None, NOON_MS), Heard::Refused(Full::Device));
    let other = frame(&entry(&key(2), CHECK_IN, b"opened"));
    assert_eq!(book.hear(other, None, NOON_MS), Heard::Attested);
}

#[test]
fn what_a_device_may_no_longer_say_is_withdrawn_and_named() {
    let mut book = Attestations::default();
    book.hear(frame_at(1, b"before"), None, NOON_MS);
    book.hear(frame_at(2, b"after"), None, NOON_MS);
    let gone = book.withdraw(|thin| thin.seq > 1);
    assert_eq!(gone.iter().map(|thin| thin.seq).collect::<Vec<_>>(), [2]);
    assert_eq!(book.unsigned().count(), 1);
    assert_eq!(book.hear(frame_at(2, b"after"), None, NOON_MS), Heard::Again, "not news again");
}

#[test]
fn what_is_given_up_is_named() {
    let mut book = Attestations::default();
    book.hear(frame_at(1, b"early"), None, NOON_MS);
    book.hear(frame_at(2, b"later"), None, NOON_MS + 10);
    let dropped = book.give_up_before(NOON_MS + 10);
    assert_eq!(dropped.iter().map(|thin| thin.seq).collect::<Vec<_>>(), [1]);
    assert_eq!(book.unsigned().count(), 1);
}

#[test]
fn epochs_with_equal_lower_halves_are_one_slot_and_the_contradiction_shows() {
    let next = |epoch| Next { epoch, ..Next::FIRST };
    let seal = |epoch, body| Entry::seal(&key(1), &draft(CHECK_IN, body), next(epoch)).unwrap();
    let (first, second) = (seal(0x0001_0007, b"a"), seal(0x0002_0007, b"b"));
    let mut book = Attestations::default();
    assert_eq!(book.hear(frame(&first), None, NOON_MS), Heard::Attested);
    assert_eq!(book.hear(frame(&second), None, NOON_MS), Heard::Contradiction);
}

proptest! {
    /// Whatever the order of frames and entries: honest ones end confirmed, each exactly once.
    #[test]
    fn honest_frames_end_confirmed_in_any_order(order in Just((0..24usize).collect::<Vec<_>>()).prop_shuffle()) {
        let bodies: Vec<Vec<u8>> = (0..12u8).map(|n| vec![n; 5]).collect();
        let entries = log(&key(1), &bodies.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let mut book = Attestations::default();
        let mut held: BTreeMap<u64, &Entry> = BTreeMap::new();
        let mut confirmed = 0;
        for at in order {
            let entry = &entries[at % 12];
            let seq = entry.header().place.seq;
            if at < 12 {
                let heard = book.hear(frame(entry), held.get(&seq).copied(), NOON_MS);
                let known = matches!(heard, Heard::Confirmed { .. });
                prop_assert!(known || heard == Heard::Attested, "{:?}", heard);
                confirmed += usize::from(known);
            } else {
                held.insert(seq, entry);
                let settled = book.settle(entry, NOON_MS);
                let known = matches!(settled, Settled::Confirmed { .. });
                prop_assert!(known || settled == Settled::Unannounced, "{:?}", settled);
                confirmed += usize::from(known);
            }
        }
        prop_assert_eq!(confirmed, 12);
        prop_assert_eq!(book.unsigned().count(), 0);
        prop_assert!(book.alarms(0, u64::MAX).is_empty());
    }
}
