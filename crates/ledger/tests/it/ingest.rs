//! Every guard has an entry that it stops, and one that it lets through.

use crate::sample::{ELECTION, NOW_MS, draft, log};
use pehra_ledger::draft::Next;
use pehra_ledger::entry::EntryUnreadable;
use pehra_ledger::fork::{Contradiction, Fork};
use pehra_ledger::log::LogBook;
use pehra_ledger::{
    Cosignature, DeviceId, Entry, Flags, Hash, Head, Hlc, Ingested, Intake, Logs, LogsUnreadable,
    Place, PublicKey, Refusal, SigningKey, clock, fork::SignedHeader,
};
use proptest::prelude::*;

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed([seed; 32])
}

fn book(keys: &[&SigningKey], entries: &[Entry]) -> LogBook {
    let mut book = LogBook::default();
    keys.iter().for_each(|key| book.know(key.public()));
    entries.iter().cloned().for_each(|entry| book.append(entry));
    book
}

fn ingest(book: &LogBook, bytes: &[u8]) -> Ingested {
    let one = Intake::new(book, ELECTION, NOW_MS).ingest(bytes).unwrap();
    let many = Intake::new(book, ELECTION, NOW_MS).ingest_many(&[bytes], [1; 32]).unwrap();
    assert_eq!(many, std::slice::from_ref(&one), "one at a time and many at once agree");
    one
}

fn refusal(book: &LogBook, bytes: &[u8]) -> Refusal {
    let taken = ingest(book, bytes);
    let Ingested::Refused(refusal) = taken else { panic!("{taken:?}") };
    refusal
}

fn flags(book: &LogBook, entry: &Entry) -> Flags {
    let taken = ingest(book, &entry.encode());
    let Ingested::Accepted(taken, flags) = taken else { panic!("{taken:?}") };
    assert_eq!(*taken, *entry);
    flags
}

#[test]
fn a_log_is_taken_in_its_order() {
    let a = key(1);
    let entries = log(&a, &["one", "two", "three"]);
    let mut book = book(&[&a], &[]);
    for entry in &entries {
        assert_eq!(flags(&book, entry), Flags::default());
        book.append(entry.clone());
        assert!(matches!(ingest(&book, &entry.encode()), Ingested::Known(_)));
    }
    assert!(book.entries().eq(entries.iter()));
}

#[test]
fn entries_before_it_must_have_come() {
    let a = key(1);
    let entries = log(&a, &["one", "two", "three"]);
    let empty = book(&[&a], &[]);
    let gap = refusal(&empty, &entries[2].encode());
    assert_eq!(gap, Refusal::Gap { expected: 0 });
    assert!(gap.may_come_again());
    let one = book(&[&a], &entries[..1]);
    assert_eq!(refusal(&one, &entries[2].encode()), Refusal::Gap { expected: 1 });
    let together: Vec<_> = entries.iter().map(Entry::encode).collect();
    let taken = Intake::new(&empty, ELECTION, NOW_MS).ingest_many(&together, [1; 32]).unwrap();
    assert!(taken.iter().all(|one| matches!(one, Ingested::Accepted(..))));
}

#[test]
fn a_device_must_be_known_by_its_own_key() {
    struct Liar(PublicKey);
    impl Logs for Liar {
        fn key(&self, _: DeviceId) -> Result<Option<PublicKey>, LogsUnreadable> {
            Ok(Some(self.0))
        }
        fn head(&self, _: DeviceId, _: u32) -> Result<Option<Head>, LogsUnreadable> {
            Ok(None)
        }
        fn held(&self, _: Place) -> Result<Option<SignedHeader>, LogsUnreadable> {
            Ok(None)
        }
    }
    let (a, b) = (key(1), key(2));
    let bytes = log(&a, &["one"])[0].encode();
    let unknown = refusal(&book(&[&b], &[]), &bytes);
    assert_eq!(unknown, Refusal::UnknownDevice(a.id()));
    assert!(unknown.may_come_again());
    let liar = Liar(b.public());
    let taken = Intake::new(&liar, ELECTION, NOW_MS).ingest(&bytes).unwrap();
    assert_eq!(taken, Ingested::Refused(Refusal::KeyMismatch(a.id())));
}

#[test]
fn another_elections_entry_is_not_taken() {
    let a = key(1);
    let mut foreign = draft("one");
    foreign.election = [9; 16];
    let entry = Entry::seal(&a, &foreign, Next::FIRST).unwrap();
    let refused = refusal(&book(&[&a], &[]), &entry.encode());
    assert_eq!(refused, Refusal::OtherElection);
    assert!(!refused.may_come_again());
}

#[test]
fn a_borrowed_signature_does_not_hold() {
    let a = key(1);
    let entries = log(&a, &["one", "two"]);
    let forged = Entry::from_parts(
        entries[0].header_bytes().to_vec(),
        *entries[1].signature(),
        Vec::new(),
        None,
    )
    .unwrap();
    assert_eq!(refusal(&book(&[&a], &[]), &forged.encode()), Refusal::Signature);
}

#[test]
fn another_payload_is_refused() {
    let a = key(1);
    let mut bytes = log(&a, &["move the boxes at nine"])[0].encode();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    let refused = refusal(&book(&[&a], &[]), &bytes);
    assert_eq!(refused, Refusal::Unreadable(EntryUnreadable::PayloadHash));
}

#[test]
fn co_signatures_are_checked_and_cannot_be_dropped_on_the_way() {
    let (a, second) = (key(1), key(2));
    let book = book(&[&a], &[]);
    let mut both = draft("two persons");
    both.cosigners = vec![second.id()];
    let header = both.header(a.id(), Next::FIRST).encode().unwrap();
    let hash = pehra_ledger::header::entry_hash(&header);
    let good = Cosignature::sign(&second, "second-person", &hash).unwrap();
    let entry = Entry::seal_with(&a, &both, Next::FIRST, vec![good.clone()]).unwrap();
    assert_eq!(flags(&book, &entry), Flags::default());

    let rebuilt = |cosignatures| {
        let (header, signature) = (entry.header_bytes().to_vec(), *entry.signature());
        Entry::from_parts(header, signature, cosignatures, None).unwrap().encode()
    };
    let dropped = refusal(&book, &rebuilt(Vec::new()));
    assert_eq!(dropped, Refusal::CosignatureMissing(second.id()));
    let mut bad = good;
    bad.signature.0[40] ^= 1;
    assert_eq!(refusal(&book, &rebuilt(vec![bad])), Refusal::Cosignature(second.id()));
}

#[test]
fn a_clock_far_ahead_is_kept_and_flagged() {
    let a = key(1);
    let mut ahead = draft("one");
    ahead.clock = Hlc { ms: NOW_MS + clock::AHEAD_MS_MAX + 1, counter: 0 };
    let first = Entry::seal(&a, &ahead, Next::FIRST).unwrap();
    let empty = book(&[&a], &[]);
    assert_eq!(flags(&empty, &first), Flags { clock_ahead: true, ..Flags::default() });
    let back = Entry::seal(&a, &draft("two"), Head::of(&first).next()).unwrap();
    let one = book(&[&a], &[first]);
    assert_eq!(flags(&one, &back), Flags { clock_back: true, ..Flags::default() });
}

#[test]
fn a_withheld_payload_is_taken_and_flagged() {
    let a = key(1);
    let entry = log(&a, &["one"])[0].clone().withheld();
    let flagged = flags(&book(&[&a], &[]), &entry);
    assert_eq!(flagged, Flags { payload_absent: true, ..Flags::default() });
}

#[test]
fn a_first_log_begins_at_nothing_and_a_later_epoch_links_back() {
    let a = key(1);
    let entries = log(&a, &["one", "two"]);
    let linked = Next { epoch: 0, seq: 0, previous: entries[1].hash() };
    let entry = Entry::seal(&a, &draft("x"), linked).unwrap();
    assert_eq!(refusal(&book(&[&a], &[]), &entry.encode()), Refusal::FirstHasPrevious);
    let epoch = pehra_ledger::epoch::next(0, 77).unwrap();
    for link in [entries[1].hash(), Hash::ZERO, Hash::of(b"an entry that was lost")] {
        let entry = Entry::seal(&a, &draft("x"), Next::of_epoch(epoch, link)).unwrap();
        assert_eq!(flags(&book(&[&a], &entries), &entry), Flags::default());
    }
}

fn forked(book: &LogBook, entry: &Entry, author: &SigningKey) -> Fork {
    let taken = ingest(book, &entry.encode());
    let Ingested::Forked(taken, proof, fork) = taken else { panic!("{taken:?}") };
    assert_eq!(*taken, *entry);
    assert_eq!(proof.verify(&author.public()), Some(fork));
    assert_eq!(proof.verify(&key(99).public()), None, "only its own key proves it");
    fork
}

#[test]
fn two_entries_for_one_place_are_proof_of_a_fork() {
    let a = key(1);
    let held = log(&a, &["one", "two", "three"]);
    let other = log(&a, &["one", "TWO", "THREE", "four"]);
    let book = book(&[&a], &held);
    let fork = forked(&book, &other[1], &a);
    assert_eq!((fork.contradiction, fork.place.seq), (Contradiction::SamePlace, 1));
    let fork = forked(&book, &other[3], &a);
    assert_eq!((fork.contradiction, fork.place.seq), (Contradiction::BrokenLink, 2));
}

#[test]
fn what_follows_a_fork_is_marked_as_such() {
    let a = key(1);
    let held = log(&a, &["one", "two", "three"]);
    let other = log(&a, &["one", "TWO"]);
    let book = book(&[&a], &held[..2]);
    let mut intake = Intake::new(&book, ELECTION, NOW_MS);
    assert!(matches!(intake.ingest(&other[1].encode()).unwrap(), Ingested::Forked(..)));
    let Ingested::Accepted(_, flags) = intake.ingest(&held[2].encode()).unwrap() else { panic!() };
    assert!(flags.after_fork);
    let mut marked = book.clone();
    marked.mark_forked(other[1].header().place);
    assert!(self::flags(&marked, &held[2]).after_fork);
}

#[test]
fn two_forged_headers_prove_nothing() {
    let a = key(1);
    let held = log(&a, &["one"]);
    let other = log(&a, &["ONE"]);
    let mut proof = pehra_ledger::fork::ForkProof {
        held: SignedHeader::of(&held[0]),
        other: SignedHeader::of(&other[0]),
    };
    assert!(proof.verify(&a.public()).is_some());
    proof.other.signature = proof.held.signature;
    assert_eq!(proof.verify(&a.public()), None);
    proof.other = proof.held.clone();
    assert_eq!(proof.verify(&a.public()), None, "an entry does not contradict itself");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// However a delivery is shuffled, cut into parts, doubled and spoilt: what is accepted is a whole beginning
    /// of each log, and giving everything again completes it.
    #[test]
    fn any_delivery_ends_in_whole_logs(
        order in Just((0..24_usize).collect::<Vec<_>>()).prop_shuffle(),
        spoilt in prop::collection::btree_set(0_usize..24, 0..6),
        cut in 1_usize..9,
    ) {
        let keys = [key(1), key(2), key(3)];
        let all: Vec<Entry> =
            keys.iter().flat_map(|key| log(key, &["a", "b", "c", "d", "e", "f", "g", "h"])).collect();
        let mut book = book(&keys.iter().collect::<Vec<_>>(), &[]);
        let mut spoil = spoilt;
        for _ in 0..9 {
            for part in order.chunks(cut) {
                let bytes: Vec<Vec<u8>> = part
                    .iter()
                    .map(|&n| {
                        let mut bytes = all[n].encode();
                        if spoil.remove(&n) {
                            let middle = bytes.len() / 2;
                            bytes[middle] ^= 1;
                        }
                        bytes
                    })
                    .collect();
                let taken = Intake::new(&book, ELECTION, NOW_MS).ingest_many(&bytes, [7; 32]).unwrap();
                for one in taken {
                    if let Ingested::Accepted(entry, _) = one {
                        book.append(*entry);
                    }
                }
            }
        }
        let mut expected = all;
        expected.sort_by_key(|entry| entry.header().place);
        prop_assert!(book.entries().eq(expected.iter()));
    }
}
