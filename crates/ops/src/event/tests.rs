use super::*;
use crate::{Noun, content, golden, testing::World};
use proptest::prelude::*;
use std::{collections::BTreeSet, path::Path};

fn fixtures() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/events/v1")
}

#[test]
fn the_registry_names_every_kind_once_and_in_order() {
    let numbers: Vec<u32> = KINDS.iter().map(|(kind, _)| *kind).collect();
    let unique: BTreeSet<u32> = numbers.iter().copied().collect();
    assert_eq!(numbers, unique.into_iter().collect::<Vec<_>>());
    let names: BTreeSet<&str> = KINDS.iter().map(|(_, name)| *name).collect();
    assert_eq!(names.len(), KINDS.len());
    let written: Vec<u32> = golden::one_of_each().unwrap().iter().map(Event::kind).collect();
    assert_eq!(written, numbers, "one golden event for every kind, in the registry's order");
}

#[test]
fn every_golden_event_says_its_kind_and_passes_the_gate() {
    for event in golden::one_of_each().unwrap() {
        assert_ne!(event.name(), "unregistered");
        assert_eq!(content::check(&event), Ok(()), "{}", event.name());
    }
}

#[expect(clippy::disallowed_methods, reason = "a test may read the fixtures")]
#[test]
fn every_kind_is_read_from_its_golden_bytes_for_ever() {
    let today = golden::one_of_each().unwrap();
    for (kind, name) in KINDS {
        let path = fixtures().join(format!("{kind}.cbor"));
        let bytes = std::fs::read(&path)
            .unwrap_or_else(|_| panic!("{name} has no golden file {}", path.display()));
        let Ok(Decoded::Known(event)) = Event::decode(*kind, &bytes) else {
            panic!("{name}: the golden bytes are not read any more");
        };
        let expected = today.iter().find(|event| event.kind() == *kind).unwrap();
        assert_eq!(&event, expected, "{name}: the golden bytes mean something else now");
        assert_eq!(event.encode(), bytes, "{name}: the same event has other bytes now");
    }
    let files = std::fs::read_dir(fixtures()).unwrap().count();
    assert_eq!(files, KINDS.len(), "a golden file without a kind");
}

#[test]
fn a_kind_of_a_newer_version_is_kept_unread() {
    assert_eq!(Event::decode(4_711, b"anything").unwrap(), Decoded::Unknown);
    assert_eq!(Event::decode(299, &[0x80]).unwrap(), Decoded::Unknown);
}

#[test]
fn a_value_that_only_a_newer_version_knows_is_kept_unread() {
    let event = golden::one_of_each().unwrap().swap_remove(9);
    let Event::Dataset(dataset::Event::Committed { key, .. }) = &event else { panic!() };
    assert_eq!(key.kind, dataset::DatasetKind::Stations);
    let mut bytes = event.encode();
    // [300, [[kind, …: the kind of dataset is the first number behind three array heads.
    assert_eq!(bytes[6], 0);
    bytes[6] = 23;
    assert_eq!(Event::decode(300, &bytes).unwrap(), Decoded::Unknown);
}

#[test]
fn bytes_that_contradict_their_kind_are_an_error() {
    for event in golden::one_of_each().unwrap() {
        let kind = event.kind();
        let mut bytes = event.encode();
        assert!(Event::decode(kind, &bytes[..bytes.len() - 1]).is_err(), "{kind}: cut short");
        bytes.push(0);
        let trailing = Event::decode(kind, &bytes);
        assert!(matches!(trailing, Err(DecodeError::Trailing { extra: 1, .. })), "{kind}");
    }
    let opened = golden::one_of_each().unwrap().swap_remove(0).encode();
    let differs = Event::decode(101, &opened);
    assert!(matches!(differs, Err(DecodeError::KindDiffers { kind: 101, found: 100 })));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_decided_is_read_back_as_it_was(
        noun in prop::sample::select(Noun::ALL.as_slice()),
        steps in prop::collection::vec(any::<crate::testing::Step>(), 1..40),
    ) {
        for entry in World::play(noun, &steps).all {
            let bytes = entry.event.encode();
            prop_assert_eq!(
                Event::decode(entry.event.kind(), &bytes).unwrap(),
                Decoded::Known(entry.event)
            );
        }
    }

    #[test]
    fn no_bytes_make_the_reader_panic(
        kind in prop::sample::select(KINDS.iter().map(|(kind, _)| *kind).collect::<Vec<_>>()),
        bytes in prop::collection::vec(any::<u8>(), 0..120),
        place in 0..64_usize,
        byte in any::<u8>(),
    ) {
        let _ = Event::decode(kind, &bytes);
        for event in golden::one_of_each().unwrap() {
            let mut bent = event.encode();
            let place = place % bent.len();
            bent[place] = byte;
            let _ = Event::decode(event.kind(), &bent);
        }
    }
}
