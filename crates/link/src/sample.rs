//! Entries and keys for tests: the same ones on every run.

use pehra_ledger::draft::Next;
use pehra_ledger::{ClockQuality, Cosignature, Draft, Entry, Hlc, Payload, SigningKey};

pub(crate) const ELECTION: [u8; 16] = [7; 16];
pub(crate) const NOON_MS: u64 = 1_770_000_000_123;
/// Stands for a check-in; any other kind must travel signed.
pub(crate) const CHECK_IN: u32 = 120;

pub(crate) fn key(number: u8) -> SigningKey {
    SigningKey::from_seed([number; 32])
}

pub(crate) fn draft(kind: u32, body: &[u8]) -> Draft {
    Draft {
        election: ELECTION,
        clock: Hlc { ms: NOON_MS, counter: 0 },
        clock_quality: ClockQuality::UNKNOWN,
        area: "PK-PB-LHR".to_owned(),
        kind,
        person: "p-17".to_owned(),
        role: "presiding-officer".to_owned(),
        causes: Vec::new(),
        cosigners: Vec::new(),
        extras: Vec::new(),
        payload: Payload::try_new([9; 32], body).unwrap(),
    }
}

pub(crate) fn entry(author: &SigningKey, kind: u32, body: &[u8]) -> Entry {
    Entry::seal(author, &draft(kind, body), Next::FIRST).unwrap()
}

/// A log of one device: each entry names the one before.
pub(crate) fn log(author: &SigningKey, bodies: &[&[u8]]) -> Vec<Entry> {
    let mut next = Next { epoch: 0x0001_beef, ..Next::FIRST };
    let mut entries = Vec::new();
    for body in bodies {
        let entry = Entry::seal(author, &draft(CHECK_IN, body), next).unwrap();
        next = pehra_ledger::Head::of(&entry).next();
        entries.push(entry);
    }
    entries
}

/// A hand-over that giver and receiver sign.
pub(crate) fn handed_over(
    author: &SigningKey,
    persons: &[&SigningKey],
    body: &[u8],
    next: Next,
) -> Entry {
    let mut draft = draft(200, body);
    draft.cosigners = persons.iter().map(|person| person.id()).collect();
    let hash = pehra_ledger::header::entry_hash(&draft.header(author.id(), next).encode().unwrap());
    let parts = ["actor", "second-person", "witness"];
    let cosignatures = persons
        .iter()
        .zip(parts)
        .map(|(person, part)| Cosignature::sign(person, part, &hash).unwrap())
        .collect();
    Entry::seal_with(author, &draft, next, cosignatures).unwrap()
}
