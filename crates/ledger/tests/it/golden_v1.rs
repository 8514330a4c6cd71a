//! The first format's samples: made once, kept in `fixtures/ledgers/v1`, opened for ever.

use pehra_ledger::certificate::{
    Certificate, CertificateBody, LastAccepted, NotWritable, Revocation, RevocationBody, Subject,
};
use pehra_ledger::draft::Next;
use pehra_ledger::entry::SealError;
use pehra_ledger::header::{Cause, Extra, Relation, entry_hash};
use pehra_ledger::manifest::{Chunk, Manifest};
use pehra_ledger::{
    ClockQuality, Cosignature, Draft, Entry, Hash, Head, Hlc, Payload, SigningKey, clock, epoch,
};

pub(crate) const ELECTION: [u8; 16] = *b"golden-election1";

pub(crate) fn author() -> SigningKey {
    SigningKey::from_seed(*b"golden author seed, not a secret")
}

fn second() -> SigningKey {
    SigningKey::from_seed(*b"golden second seed, not a secret")
}

fn draft(text: &str, ms: u64) -> Option<Draft> {
    Some(Draft {
        election: ELECTION,
        clock: Hlc { ms, counter: 3 },
        clock_quality: ClockQuality { source: clock::ClockSource::SATELLITE, age_s: 61 },
        area: "pk/sindh/sukkur".to_owned(),
        kind: 1_001,
        person: "dro-sukkur".to_owned(),
        role: "DRO".to_owned(),
        causes: Vec::new(),
        cosigners: Vec::new(),
        extras: Vec::new(),
        payload: Payload::try_new(*b"thirty-two bytes of golden salt.", text.as_bytes()).ok()?,
    })
}

fn cosigned(before: &Entry) -> Option<Result<Entry, SealError>> {
    let (key, second) = (author(), second());
    let mut draft = draft("two persons open the strong room", 1_707_350_401_000)?;
    draft.cosigners = vec![second.id()];
    draft.causes = vec![Cause { relation: Relation::SUPERSEDES, entry: before.reference() }];
    draft.extras = vec![Extra { key: 7, value: b"a field of a later version".to_vec() }];
    let next = Head::of(before).next();
    let header = draft.header(key.id(), next).encode().ok()?;
    let part = Cosignature::sign(&second, "second-person", &entry_hash(&header)).ok()?;
    Some(Entry::seal_with(&key, &draft, next, vec![part]))
}

/// The log: three entries of the first epoch (plain, co-signed, withheld), then one of the next.
pub(crate) fn entries() -> Option<Vec<(&'static str, Entry)>> {
    let key = author();
    let plain =
        Entry::seal(&key, &draft("پہرہ: station open", 1_707_350_400_000)?, Next::FIRST).ok()?;
    let cosigned = cosigned(&plain)?.ok()?;
    let whole = draft("told to few", 1_707_350_402_000)?;
    let withheld = Entry::seal(&key, &whole, Head::of(&cosigned).next()).ok()?.withheld();
    let again = Next::of_epoch(epoch::next(epoch::FIRST, 0xabcde)?, withheld.hash());
    let new_epoch = Entry::seal(&key, &draft("after a restore", 1_707_350_403_000)?, again).ok()?;
    Some(vec![
        ("entry_plain", plain),
        ("entry_cosigned", cosigned),
        ("entry_withheld", withheld),
        ("entry_new_epoch", new_epoch),
    ])
}

pub(crate) fn certificate() -> Result<Certificate, NotWritable> {
    let body = CertificateBody {
        election: ELECTION,
        subject: Subject::DEVICE,
        key: author().public(),
        name: "Sukkur control room".to_owned(),
        area: "pk/sindh/sukkur".to_owned(),
        roles: vec!["DRO".to_owned(), "POL-SP".to_owned()],
        not_before_ms: 1_707_300_000_000,
        not_after_ms: 1_707_900_000_000,
        sealing: None,
    };
    Certificate::sign(body, &[&second()])
}

pub(crate) fn revocation() -> Result<Revocation, NotWritable> {
    let last = LastAccepted { epoch: 0, seq: 1, hash: Hash::of(b"the last good entry") };
    let body = RevocationBody {
        election: ELECTION,
        key: author().id(),
        last: vec![last],
        at_ms: 1_707_350_500_000,
        reason: "lost with the vehicle".to_owned(),
        witnessed_before_ms: None,
    };
    Revocation::sign(body, &[&second()])
}

pub(crate) fn manifest() -> Option<Manifest> {
    let chunks = vec![
        Chunk::of("pk/sindh/sukkur", b"rows of Sukkur", 14),
        Chunk { part: 1, ..Chunk::of("pk/kp/swat", b"more rows of Swat", 300) },
        Chunk::of("pk/kp/swat", b"rows of Swat", 70_000),
    ];
    Manifest::try_new("stations", 1, vec![Hash::of(b"the list before")], chunks).ok()
}

/// Every sample with its file's name, without `.bin`.
pub(crate) fn files() -> Option<Vec<(&'static str, Vec<u8>)>> {
    let entries = entries()?.into_iter().map(|(name, entry)| (name, entry.encode()));
    let rest = [
        ("certificate", certificate().ok()?.encode()),
        ("revocation", revocation().ok()?.encode()),
        ("manifest", manifest()?.encode()),
    ];
    Some(entries.chain(rest).collect())
}
