use super::*;
use crate::sample::{CHECK_IN, ELECTION, entry, handed_over, key, log};
use pehra_ledger::SigningKey;
use pehra_ledger::draft::Next;
use std::collections::BTreeMap;

#[derive(Default)]
struct Both {
    keys: Vec<PublicKey>,
    held: BTreeMap<Place, Hash>,
    words: Vec<String>,
}

impl Shared for Both {
    fn election(&self) -> [u8; 16] {
        ELECTION
    }
    fn keys(&self, prefix: [u8; 4]) -> Vec<PublicKey> {
        self.keys.iter().filter(|key| key.id().0.starts_with(&prefix)).copied().collect()
    }
    fn entry_hash(&self, place: &Place) -> Option<Hash> {
        self.held.get(place).copied()
    }
    fn word(&self, number: u32) -> Option<String> {
        self.words.get(usize::try_from(number).ok()?).cloned()
    }
    fn number(&self, word: &str) -> Option<u32> {
        self.words.iter().position(|known| known == word).and_then(|at| u32::try_from(at).ok())
    }
}

fn both(words: &[&str]) -> Both {
    Both {
        keys: (1..=6).map(|n| key(n).public()).collect(),
        words: words.iter().map(|word| (*word).to_owned()).collect(),
        ..Both::default()
    }
}

const WORDS: [&str; 3] = ["PK-PB-LHR", "p-17", "presiding-officer"];

fn handover() -> Entry {
    handed_over(&key(1), &[&key(2), &key(3)], b"bag 4", Next::FIRST)
}

#[test]
fn an_entry_comes_back_byte_for_byte() {
    for words in [&WORDS[..], &WORDS[..1], &[]] {
        let shared = both(words);
        for entry in [entry(&key(1), CHECK_IN, b"opened"), handover(), handover().withheld()] {
            let bytes = encode(&entry, &shared, false).unwrap();
            assert_eq!(decode(&bytes, &shared), Ok(entry));
        }
    }
}

#[test]
fn a_check_in_with_its_whole_signature_fits_one_text_message() {
    let whole = entry(&key(1), CHECK_IN, b"opened");
    let bytes = encode(&whole, &both(&WORDS), true).unwrap();
    assert_eq!((bytes.len(), whole.encode().len()), (122, 270), "a text message has 140");
}

#[test]
fn a_hand_over_with_three_signatures_takes_half_of_its_whole_form() {
    let whole = handover().encode().len();
    let bytes = encode(&handover(), &both(&WORDS), true).unwrap();
    assert_eq!((bytes.len(), whole), (260, 525));
}

#[test]
fn a_log_follows_by_what_the_receiver_holds() {
    let entries = log(&key(1), &[b"one", b"two", b"three"]);
    let mut shared = both(&WORDS);
    let second = encode(&entries[1], &shared, true).unwrap();
    let missing = decode(&second, &shared);
    assert_eq!(missing, Err(CompactRefused::PreviousMissing { from: entries[1].header().place }));
    for entry in &entries {
        let bytes = encode(entry, &shared, true).unwrap();
        assert_eq!(decode(&bytes, &shared).as_ref(), Ok(entry));
        shared.held.insert(entry.header().place, entry.hash());
    }
    let told = encode(&entries[2], &shared, false).unwrap();
    assert_eq!(told.len(), encode(&entries[2], &shared, true).unwrap().len() + 32);
}

#[test]
fn ends_that_do_not_share_the_same_words_accept_nothing() {
    let bytes = encode(&entry(&key(1), CHECK_IN, b"opened"), &both(&WORDS), true).unwrap();
    let other = both(&["PK-PB-LHR", "p-18", "presiding-officer"]);
    assert_eq!(decode(&bytes, &other), Err(CompactRefused::NotSigned));
    assert_eq!(decode(&bytes, &both(&WORDS[..1])), Err(CompactRefused::UnknownWord(1)));
    let mut strangers = both(&WORDS);
    strangers.keys.clear();
    assert!(matches!(decode(&bytes, &strangers), Err(CompactRefused::UnknownKey(_))));
}

#[test]
fn every_changed_bit_is_refused() {
    let shared = both(&WORDS);
    let bytes = encode(&handover(), &shared, true).unwrap();
    for at in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[at / 8] ^= 1 << (at % 8);
        assert!(decode(&changed, &shared).is_err(), "bit {at}");
    }
    for cut in 0..bytes.len() {
        assert!(decode(&bytes[..cut], &shared).is_err(), "cut to {cut}");
    }
}

/// The receiver's half of a hand-over as a node seals it: it follows the offer, carries the receiver's signature over the
/// offer's header, and the act's mark.
fn receipt(offer: &Entry, follows: &[Entry]) -> Entry {
    let receiver = key(3);
    let second = Cosignature::sign(&receiver, "second-person", &offer.hash()).unwrap();
    let mut causes: Vec<Cause> = [offer]
        .into_iter()
        .chain(follows)
        .map(|entry| entry.reference())
        .map(|entry| Cause { relation: Relation::SUPERSEDES, entry })
        .collect();
    causes.sort();
    let mut draft = crate::sample::draft(1_503, b"read S-000101");
    draft.causes = causes;
    draft.cosigners = vec![receiver.id()];
    draft.extras = vec![
        pehra_ledger::statement::second_person(&second),
        Extra { key: 4, value: vec![0x5a; 16] },
    ];
    let next = Next { epoch: 0x0001_beef, ..Next::FIRST };
    let header = draft.header(key(1).id(), next).encode().unwrap();
    let hash = pehra_ledger::header::entry_hash(&header);
    let own = Cosignature::sign(&receiver, "actor", &hash).unwrap();
    Entry::seal_with(&key(1), &draft, next, vec![own]).unwrap()
}

#[test]
fn a_receipt_travels_with_what_it_follows_and_the_signature_over_the_offer() {
    let shared = both(&WORDS);
    let offer = handover();
    let entry = receipt(&offer, &log(&key(2), &[b"one", b"two"]));
    let bytes = encode(&entry, &shared, true).unwrap();
    let back = decode(&bytes, &shared).unwrap();
    assert_eq!(back, entry, "byte for byte, so that its hash is the same");
    let value = back.header().extra(1).unwrap();
    assert!(pehra_ledger::statement::second_person_over(value, &offer.hash()).is_some());
    for at in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[at / 8] ^= 1 << (at % 8);
        assert!(decode(&changed, &shared).is_err(), "bit {at}");
    }
    let mut strangers = both(&WORDS);
    strangers.keys.retain(|one| *one != key(2).public());
    assert_eq!(encode(&entry, &strangers, true), Err(NotCompact::Fields));
}

#[test]
fn what_has_no_compact_form_says_so() {
    let shared = both(&WORDS);
    let stranger: SigningKey = key(77);
    let refused = |entry: &Entry| encode(entry, &shared, true).err();
    assert_eq!(refused(&entry(&stranger, CHECK_IN, b"x")), Some(NotCompact::UnknownKey));
    assert_eq!(refused(&entry(&key(1), CHECK_IN, &[0; 4_097])), Some(NotCompact::Body(4_097)));
    let mut late = entry(&key(1), CHECK_IN, b"x");
    let witness = Cosignature::sign(&key(5), "witness", &late.hash()).unwrap();
    late.add_cosignature(witness).unwrap();
    assert_eq!(refused(&late), Some(NotCompact::Cosignatures));
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_refused(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
        let mut bytes = bytes;
        let shared = both(&WORDS);
        proptest::prop_assert!(decode(&bytes, &shared).is_err());
        // And with a beginning that leads further in.
        let id = key(1).id();
        bytes.splice(..0, [SORT, 0].into_iter().chain(prefix(&id)));
        proptest::prop_assert!(decode(&bytes, &shared).is_err());
    }
}
