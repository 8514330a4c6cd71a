//! A sealed report on its way through the ledger.

use crate::golden_v1::{credential, holder};
use pehra_ledger::draft::Next;
use pehra_ledger::header::Extra;
use pehra_ledger::log::LogBook;
use pehra_ledger::{
    ClockQuality, Draft, Entry, Hash, Hlc, Ingested, Intake, Payload, SigningKey, clock,
};
use pehra_seal::chance::Chance;
use pehra_seal::compartment::{Binding, CompartmentId, OpenError, Sealed};
use pehra_seal::credential::{Mark, Reading, Watch};
use pehra_seal::hybrid::SealingPublic;
use pehra_seal::{EXTRA_MARK, kind};

const ELECTION: [u8; 16] = [1; 16];
const ROOM: CompartmentId = CompartmentId([6; 16]);
const NOW_MS: u64 = 1_707_350_400_000;

fn device(seed: u8) -> SigningKey {
    SigningKey::from_seed([seed; 32])
}

fn entry(key: &SigningKey, body: &[u8], extras: Vec<Extra>) -> Entry {
    let draft = Draft {
        election: ELECTION,
        clock: Hlc { ms: NOW_MS, counter: 0 },
        clock_quality: ClockQuality { source: clock::ClockSource::SATELLITE, age_s: 1 },
        area: "pk/sindh".to_owned(),
        kind: kind::SEALED,
        person: "dro-sukkur".to_owned(),
        role: "DRO".to_owned(),
        causes: Vec::new(),
        cosigners: Vec::new(),
        extras,
        payload: Payload::try_new([9; 32], body).unwrap(),
    };
    Entry::seal(key, &draft, Next::FIRST).unwrap()
}

fn sealed_by(key: &SigningKey, to: &[SealingPublic], text: &[u8]) -> Vec<u8> {
    let binding =
        Binding { election: ELECTION, author: key.id(), kind: kind::SEALED, compartment: ROOM };
    Sealed::seal(&binding, to, text, Chance::from_bytes([3; 32])).unwrap().encode()
}

/// What whoever holds an entry can do with it.
fn read(entry: &Entry, who: &str) -> Result<Vec<u8>, OpenError> {
    let sealed = Sealed::decode(entry.payload().unwrap().body()).unwrap();
    let binding = Binding::of(entry.header(), sealed.compartment());
    sealed.open(&binding, &holder(who), &[]).map(|opened| opened.plaintext.to_vec())
}

#[test]
fn a_relay_carries_and_checks_what_only_the_duty_officer_reads() {
    let author = device(1);
    let body = sealed_by(&author, &[holder("duty").public()], b"weapons in the building");
    let sent = entry(&author, &body, Vec::new()).encode();
    assert!(!sent.windows(7).any(|part| part == b"weapons"));
    // The relay knows the author's key and nothing else.
    let mut relay = LogBook::default();
    relay.know(author.public());
    let taken = Intake::new(&relay, ELECTION, NOW_MS).ingest(&sent).unwrap();
    let Ingested::Accepted(carried, _) = taken else { panic!("{taken:?}") };
    assert!(matches!(read(&carried, "relay"), Err(OpenError::NotARecipient { .. })));
    assert_eq!(read(&carried, "duty").unwrap(), b"weapons in the building");
}

#[test]
fn nobody_posts_another_devices_report_as_their_own() {
    let (author, thief) = (device(1), device(2));
    let body = sealed_by(&author, &[holder("duty").public()], b"text");
    let stolen = entry(&thief, &body, Vec::new());
    assert!(matches!(read(&stolen, "duty"), Err(OpenError::NotARecipient { .. })));
}

#[test]
fn a_mark_in_the_header_tells_the_duty_officer_alone() {
    let (own, given) = (credential("own"), credential("given"));
    let watch = Watch::over("dro-sukkur", &own, Some(&given));
    let body = sealed_by(&device(1), &[holder("duty").public()], b"text");
    let payload = Payload::try_new([9; 32], &body).unwrap().hash();
    for (who, expected) in [(&own, Reading::Own), (&given, Reading::Duress)] {
        let extra = Extra { key: EXTRA_MARK, value: who.mark(&payload).0.to_vec() };
        let entry = Entry::decode(&entry(&device(1), &body, vec![extra]).encode()).unwrap();
        let mark = entry.header().extra(EXTRA_MARK).unwrap();
        let mark = Mark(mark.try_into().unwrap());
        assert_eq!(watch.read(&entry.header().payload_hash, mark), expected);
        let elsewhere = Hash::of(b"another act");
        assert_eq!(watch.read(&elsewhere, mark), Reading::Unknown, "marks are not carried over");
    }
}
