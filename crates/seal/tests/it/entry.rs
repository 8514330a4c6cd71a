//! A sealed report on its way through the ledger.

use crate::golden_v1::{credential, holder};
use pehra_ledger::draft::Next;
use pehra_ledger::header::Extra;
use pehra_ledger::log::LogBook;
use pehra_ledger::{
    ClockQuality, Cosignature, Draft, Entry, Hash, Hlc, Ingested, Intake, Payload, SigningKey,
    clock,
};
use pehra_seal::chance::Chance;
use pehra_seal::compartment::{Binding, CompartmentId, OpenError, Sealed};
use pehra_seal::credential::{Mark, Reading, Watch};
use pehra_seal::hybrid::SealingPublic;
use pehra_seal::release::{Contribution, Custodian, Deposit, ReleaseError};
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

/// What a custodian hands to the deputy.
fn handed_over(deposit: &Deposit, custodian: &str, deputy: SealingPublic) -> String {
    let chance = Chance::from_bytes(Hash::of(custodian.as_bytes()).0);
    deposit.contribute(&holder(custodian), deputy, chance).unwrap().to_text()
}

#[test]
fn two_custodians_let_a_deputy_act_for_the_sick_officer_and_one_cannot() {
    let officer = credential("own");
    let custodian = |name: &str| Custodian { name: name.to_owned(), key: holder(name).public() };
    let custodians = ["commissioner", "judge", "deputy"].map(custodian);
    let chance = Chance::from_bytes([8; 32]);
    let deposit = Deposit::lodge(ELECTION, "RO NA-220", &officer, 2, &custodians, chance).unwrap();
    let deposit = Deposit::from_text(&deposit.to_text()).unwrap();
    // The deputy is a custodian as well, and holds the deposit; that is not enough.
    let deputy = holder("deputy");
    let own = handed_over(&deposit, "deputy", deputy.public());
    let own = Contribution::from_text(&own).unwrap();
    let alone = deposit.release(std::slice::from_ref(&own), &deputy);
    assert_eq!(alone, Err(ReleaseError::TooFew { have: 1, need: 2 }));
    let judge = handed_over(&deposit, "judge", deputy.public());
    let judge = Contribution::from_text(&judge).unwrap();
    let released = deposit.release(&[own, judge], &deputy).unwrap();
    // What is released signs as the officer did.
    let act = entry(&device(1), b"act", Vec::new());
    let signed = Cosignature::sign(&released.signing(), "actor", &act.hash()).unwrap();
    assert!(signed.holds(&act.hash()));
    assert_eq!(signed.key.id(), officer.public().id());
}
