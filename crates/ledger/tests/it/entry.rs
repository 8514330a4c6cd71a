//! One value, one spelling; and no bit of it can be changed unseen.

use crate::sample::{any_entry, draft};
use pehra_ledger::draft::Next;
use pehra_ledger::entry::{COSIGNATURES_MAX, SealError};
use pehra_ledger::header::{
    CAUSES_MAX, COSIGNERS_MAX, Cause, EXTRA_BYTES_MAX, EXTRAS_MAX, Extra, HEADER_BYTES_MAX,
    HeaderError, HeaderUnreadable, NAME_BYTES_MAX, Relation, SEQ_MAX,
};
use pehra_ledger::payload::{PAYLOAD_BYTES_MAX, PayloadError};
use pehra_ledger::{
    ClockQuality, Cosignature, DeviceId, Entry, EntryRef, Hash, Header, Hlc, Payload, Place,
    PublicKey, SigningKey, clock,
};
use proptest::prelude::*;

/// Whether bytes are an entry whose signatures all hold.
fn is_believed(bytes: &[u8], author: &PublicKey) -> bool {
    Entry::decode(bytes).is_ok_and(|entry| {
        entry.author_holds(author)
            && entry.cosignatures().iter().all(|cosignature| cosignature.holds(&entry.hash()))
            && entry.missing_cosigner().is_none()
    })
}

proptest! {
    #[test]
    fn what_is_sealed_is_read_back((key, entry) in any_entry()) {
        let bytes = entry.encode();
        prop_assert!(is_believed(&bytes, &key.public()));
        let read = Entry::decode(&bytes).unwrap();
        prop_assert_eq!(read.encode(), bytes);
        prop_assert_eq!(read, entry);
    }

    #[test]
    fn no_bit_can_be_flipped_unseen((key, entry) in any_entry(), at: prop::sample::Index) {
        let mut bytes = entry.encode();
        let bit = at.index(bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!is_believed(&bytes, &key.public()), "bit {bit}");
    }

    #[test]
    fn cut_or_lengthened_bytes_are_refused((_, entry) in any_entry(), at: prop::sample::Index, more: u8) {
        let mut bytes = entry.encode();
        let whole = bytes.len();
        bytes.push(more);
        prop_assert!(Entry::decode(&bytes).is_err());
        prop_assert!(Entry::decode(&bytes[..at.index(whole)]).is_err());
    }

    #[test]
    fn bytes_from_anywhere_never_panic(bytes: Vec<u8>) {
        if let Ok(entry) = Entry::decode(&bytes) {
            prop_assert_eq!(&entry.encode(), &bytes);
        }
        let _ = Header::decode(&bytes);
        let _ = Cosignature::decode_all(&bytes);
    }

    #[test]
    fn spliced_bytes_never_panic_and_have_one_spelling(
        (_, entry) in any_entry(),
        at: prop::sample::Index,
        splice in prop::collection::vec(any::<u8>(), 1..12),
    ) {
        let mut bytes = entry.header_bytes().to_vec();
        let at = at.index(bytes.len());
        for (to, from) in bytes[at..].iter_mut().zip(&splice) {
            *to = *from;
        }
        if let Ok(header) = Header::decode(&bytes) {
            prop_assert_eq!(header.encode().unwrap(), bytes);
        }
    }

    #[test]
    fn a_payload_can_be_absent_without_breaking_the_signature((key, entry) in any_entry()) {
        let without = entry.clone().withheld();
        prop_assert!(is_believed(&without.encode(), &key.public()));
        prop_assert_eq!(without.hash(), entry.hash());
    }
}

/// Every bit of one small entry, without leaving any to chance.
#[test]
fn every_single_bit_counts() {
    let key = SigningKey::from_seed([1; 32]);
    let mut entry = Entry::seal(&key, &draft("x"), Next::FIRST).unwrap();
    let witness = SigningKey::from_seed([2; 32]);
    entry.add_cosignature(Cosignature::sign(&witness, "w", &entry.hash()).unwrap()).unwrap();
    let bytes = entry.encode();
    assert!(is_believed(&bytes, &key.public()));
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(!is_believed(&flipped, &key.public()), "bit {bit}");
    }
}

/// A longer spelling of each number in a header is refused, wherever it stands.
#[test]
fn another_spelling_of_the_same_header_is_refused() {
    let key = SigningKey::from_seed([1; 32]);
    let bytes = Entry::seal(&key, &draft("x"), Next::FIRST).unwrap().header_bytes().to_vec();
    let mut refused = 0;
    for at in 0..bytes.len() {
        if bytes[at] < 24 {
            let mut longer = bytes[..at].to_vec();
            longer.extend([24, bytes[at]]);
            longer.extend(&bytes[at + 1..]);
            assert!(Header::decode(&longer).is_err(), "byte {at}");
            refused += 1;
        }
    }
    assert!(refused > 6, "{refused}");
}

fn largest() -> Header {
    let device = DeviceId([255; 16]);
    let place = |n: u64| Place { device, epoch: u32::MAX, seq: SEQ_MAX - n };
    let causes = (0..4).rev().map(|n| Cause {
        relation: Relation(255),
        entry: EntryRef { place: place(n), hash8: [255; 8] },
    });
    Header {
        election: [255; 16],
        place: place(0),
        previous: Hash([255; 32]),
        clock: Hlc { ms: clock::MS_MAX, counter: u16::MAX },
        clock_quality: ClockQuality { source: clock::ClockSource(255), age_s: u32::MAX },
        area: "x".repeat(NAME_BYTES_MAX),
        kind: u32::MAX,
        person: "x".repeat(NAME_BYTES_MAX),
        role: "x".repeat(NAME_BYTES_MAX),
        causes: causes.collect(),
        payload_hash: Hash([255; 32]),
        cosigners: (0..4_u8).map(|n| DeviceId([n; 16])).collect(),
        extras: (0..8)
            .map(|n| Extra { key: u32::MAX - 8 + n, value: vec![255; EXTRA_BYTES_MAX] })
            .collect(),
    }
}

#[test]
fn the_largest_header_fits_and_nothing_larger_is_written() {
    let header = largest();
    let bytes = header.encode().unwrap();
    assert_eq!(bytes.len(), 1_669);
    assert!(bytes.len() <= HEADER_BYTES_MAX);
    assert_eq!(Header::decode(&bytes), Ok(header.clone()));
    assert_eq!(
        (header.causes.len(), header.cosigners.len(), header.extras.len()),
        (CAUSES_MAX, COSIGNERS_MAX, EXTRAS_MAX)
    );

    let mut long = header.clone();
    long.person.push('x');
    assert!(matches!(long.encode(), Err(HeaderError::TooLong { field: "person", .. })));
    let mut control = header.clone();
    control.area = "pk\n".to_owned();
    assert_eq!(control.encode(), Err(HeaderError::NotPlain { field: "area" }));
    let mut nowhere = header.clone();
    nowhere.area.clear();
    assert_eq!(nowhere.encode(), Err(HeaderError::NoArea));
    let mut far = header.clone();
    far.place.seq = SEQ_MAX + 1;
    assert_eq!(far.encode(), Err(HeaderError::LogFull(SEQ_MAX + 1)));
    let mut twice = header.clone();
    twice.cosigners[1] = twice.cosigners[0];
    assert_eq!(twice.encode(), Err(HeaderError::NotSorted { field: "list of co-signers" }));
    let mut late = header;
    late.clock.ms = clock::MS_MAX + 1;
    assert_eq!(late.encode(), Err(HeaderError::ClockBroken));
}

#[test]
fn a_newer_format_is_named_so_that_somebody_updates() {
    let key = SigningKey::from_seed([1; 32]);
    let mut bytes = Entry::seal(&key, &draft("x"), Next::FIRST).unwrap().header_bytes().to_vec();
    assert_eq!(bytes[..3], [0x92, 1, 1], "a list of 18, version 1, suite 1");
    bytes[2] = 9;
    assert_eq!(Header::decode(&bytes), Err(HeaderUnreadable::Suite(9)));
    bytes[1] = 2;
    let refusal = Header::decode(&bytes).unwrap_err();
    assert_eq!(refusal, HeaderUnreadable::Version(2));
    assert!(refusal.to_string().contains("update it"));
}

#[test]
fn an_unknown_extra_is_kept_and_signed() {
    let key = SigningKey::from_seed([1; 32]);
    let mut with = draft("x");
    with.extras = vec![Extra { key: 9_000, value: b"from a newer version".to_vec() }];
    let entry = Entry::seal(&key, &with, Next::FIRST).unwrap();
    let read = Entry::decode(&entry.encode()).unwrap();
    assert_eq!(read.header().extra(9_000), Some(&b"from a newer version"[..]));
    assert!(read.author_holds(&key.public()));
    assert_ne!(entry.hash(), Entry::seal(&key, &draft("x"), Next::FIRST).unwrap().hash());
}

#[test]
fn a_named_co_signer_must_have_signed_this_header() {
    let key = SigningKey::from_seed([1; 32]);
    let second = SigningKey::from_seed([2; 32]);
    let mut both = draft("open the strong room");
    both.cosigners = vec![second.id()];
    assert_eq!(
        Entry::seal(&key, &both, Next::FIRST),
        Err(SealError::CosignatureMissing(second.id()))
    );
    let other = Cosignature::sign(&second, "second-person", &Hash::of(b"something else")).unwrap();
    assert_eq!(
        Entry::seal_with(&key, &both, Next::FIRST, vec![other]),
        Err(SealError::CosignatureMissing(second.id()))
    );
    let bytes = both.header(key.id(), Next::FIRST).encode().unwrap();
    let hash = pehra_ledger::header::entry_hash(&bytes);
    let good = Cosignature::sign(&second, "second-person", &hash).unwrap();
    let entry = Entry::seal_with(&key, &both, Next::FIRST, vec![good.clone()]).unwrap();
    assert_eq!(entry.cosignatures(), std::slice::from_ref(&good));
    // The part belongs to what is signed: a witness is not a second person.
    let mut recast = good;
    recast.part = "witness".to_owned();
    assert!(!recast.holds(&hash));
}

#[test]
fn the_author_cannot_pass_for_a_co_signer_nor_the_other_way_round() {
    let key = SigningKey::from_seed([1; 32]);
    let entry = Entry::seal(&key, &draft("x"), Next::FIRST).unwrap();
    let mut recast = Cosignature::sign(&key, "w", &entry.hash()).unwrap();
    assert!(recast.holds(&entry.hash()));
    assert_ne!(&recast.signature, entry.signature());
    recast.signature = *entry.signature();
    assert!(!recast.holds(&entry.hash()));
}

#[test]
fn co_signatures_are_a_set_with_a_limit() {
    let key = SigningKey::from_seed([1; 32]);
    let mut entry = Entry::seal(&key, &draft("x"), Next::FIRST).unwrap();
    let sign =
        |n: u8| Cosignature::sign(&SigningKey::from_seed([n; 32]), "w", &entry.hash()).unwrap();
    let all: Vec<_> = (10..20).map(sign).collect();
    for cosignature in all.iter().take(COSIGNATURES_MAX).rev() {
        entry.add_cosignature(cosignature.clone()).unwrap();
        entry.add_cosignature(cosignature.clone()).unwrap();
    }
    assert_eq!(entry.cosignatures().len(), COSIGNATURES_MAX);
    assert!(entry.cosignatures().is_sorted());
    assert_eq!(entry.add_cosignature(all[9].clone()), Err(SealError::TooManyCosignatures));
    assert_eq!(Entry::decode(&entry.encode()), Ok(entry));
}

#[test]
fn a_payload_has_a_salt_and_a_limit() {
    assert_eq!(Payload::from_bytes(vec![0; 31]), Err(PayloadError::NoSalt(31)));
    let long = vec![0; PAYLOAD_BYTES_MAX - 31];
    assert_eq!(Payload::try_new([0; 32], &long), Err(PayloadError::TooLong(PAYLOAD_BYTES_MAX + 1)));
    let payload = Payload::try_new([9; 32], b"body").unwrap();
    assert_eq!((payload.body(), payload.bytes().len()), (&b"body"[..], 36));
    assert_ne!(payload.hash(), Payload::try_new([8; 32], b"body").unwrap().hash());
}
