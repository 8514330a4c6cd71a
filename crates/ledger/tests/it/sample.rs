//! Entries made from numbers.

use pehra_ledger::draft::Next;
use pehra_ledger::header::{Cause, Extra, Relation};
use pehra_ledger::{
    ClockQuality, Cosignature, Draft, Entry, EntryRef, Head, Hlc, Payload, SigningKey, clock,
};
use proptest::prelude::*;

pub(crate) const ELECTION: [u8; 16] = *b"test-election-01";
pub(crate) const NOW_MS: u64 = 1_707_000_000_000;

pub(crate) fn draft(text: &str) -> Draft {
    Draft {
        election: ELECTION,
        clock: Hlc { ms: NOW_MS, counter: 0 },
        clock_quality: ClockQuality::UNKNOWN,
        area: "pk/sindh/sukkur".to_owned(),
        kind: 7,
        person: "dro-sukkur".to_owned(),
        role: "DRO".to_owned(),
        causes: Vec::new(),
        cosigners: Vec::new(),
        extras: Vec::new(),
        payload: Payload::try_new([5; 32], text.as_bytes()).unwrap(),
    }
}

/// A log of entries by one key, each linked to the one before.
pub(crate) fn log(key: &SigningKey, texts: &[&str]) -> Vec<Entry> {
    let mut next = Next::FIRST;
    texts
        .iter()
        .map(|text| {
            let entry = Entry::seal(key, &draft(text), next).unwrap();
            next = Head::of(&entry).next();
            entry
        })
        .collect()
}

fn causes() -> impl Strategy<Value = Vec<Cause>> {
    let one = (any::<u8>(), any::<[u8; 16]>(), any::<u32>(), 0_u64..1 << 53, any::<[u8; 8]>());
    prop::collection::vec(one, 0..=4).prop_map(|all| {
        all.into_iter()
            .map(|(relation, device, epoch, seq, hash8)| {
                let device = pehra_ledger::DeviceId(device);
                let place = pehra_ledger::Place { device, epoch, seq };
                Cause { relation: Relation(relation), entry: EntryRef { place, hash8 } }
            })
            .collect()
    })
}

fn extras() -> impl Strategy<Value = Vec<Extra>> {
    prop::collection::btree_map(any::<u32>(), prop::collection::vec(any::<u8>(), 0..=128), 0..=8)
        .prop_map(|all| all.into_iter().map(|(key, value)| Extra { key, value }).collect())
}

/// Any entry within the limits, with the key that signed it.
pub(crate) fn any_entry() -> impl Strategy<Value = (SigningKey, Entry)> {
    let header = (
        0..=clock::MS_MAX,
        any::<u16>(),
        any::<(u8, u32)>(),
        "\\PC{1,16}",
        any::<u32>(),
        "\\PC{0,16}",
        "\\PC{0,16}",
    );
    let place = (any::<u32>(), 0_u64..1 << 53, any::<[u8; 32]>());
    let rest = (
        causes(),
        extras(),
        prop::collection::btree_set(1_u8..60, 0..=4),
        prop::collection::vec(any::<u8>(), 0..300),
        any::<bool>(),
    );
    (any::<u8>(), header, place, rest).prop_map(
        |(seed, header, (epoch, seq, previous), (causes, extras, cosigners, body, withheld))| {
            let (ms, counter, (source, age_s), area, kind, person, role) = header;
            let key = SigningKey::from_seed([seed; 32]);
            let helpers: Vec<_> = cosigners
                .iter()
                .map(|&n| SigningKey::from_seed([n, 1].repeat(16).try_into().unwrap()))
                .collect();
            let draft = Draft {
                election: ELECTION,
                clock: Hlc { ms, counter },
                clock_quality: ClockQuality { source: clock::ClockSource(source), age_s },
                area,
                kind,
                person,
                role,
                causes,
                // Every second one is named in the header, the others come along unnamed.
                cosigners: helpers.iter().step_by(2).map(SigningKey::id).collect(),
                extras,
                payload: Payload::try_new([seed; 32], &body).unwrap(),
            };
            let next = Next { epoch, seq, previous: pehra_ledger::Hash(previous) };
            let bytes = draft.header(key.id(), next).encode().unwrap();
            let hash = pehra_ledger::header::entry_hash(&bytes);
            let cosignatures = helpers
                .iter()
                .map(|helper| Cosignature::sign(helper, "second-person", &hash).unwrap())
                .collect();
            let entry = Entry::seal_with(&key, &draft, next, cosignatures).unwrap();
            (key, if withheld { entry.withheld() } else { entry })
        },
    )
}
