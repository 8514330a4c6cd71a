use super::*;
use proptest::prelude::*;

const MACHINE: [u8; 32] = [0x5a; 32];

fn chance(seed: u8) -> Chance {
    Chance::from_bytes([seed; 32])
}

fn phrase(passphrase: &str) -> Unlock<'_> {
    Unlock::Passphrase { passphrase, cost: Cost::LEAST }
}

fn on_machine() -> (KeyRing, LockedRing) {
    KeyRing::found(&[Unlock::Machine(&MACHINE)], chance(1)).unwrap()
}

#[test]
fn each_lock_opens_the_ring_alone_and_nothing_else_does() {
    let locks = [phrase("the night watch of 8 Feb"), Unlock::Machine(&MACHINE)];
    let (ring, locked) = KeyRing::found(&locks, chance(1)).unwrap();
    let sealed = ring.seal("device", b"seed", chance(2)).unwrap();
    let locked = LockedRing::decode(&locked.encode()).unwrap();
    assert!(locked.asks_for_passphrase());
    for unlock in locks {
        let ring = locked.open(&unlock).unwrap();
        assert_eq!(&ring.unseal("device", &sealed).unwrap()[..], b"seed");
    }
    for wrong in [phrase("the night watch of 9 Feb"), Unlock::Machine(&[0x5b; 32])] {
        assert_eq!(locked.open(&wrong).unwrap_err(), KeyRingError::NotOpened);
    }
}

#[test]
fn new_locks_replace_the_old_ones_and_keep_the_values() {
    let (ring, _) = on_machine();
    let sealed = ring.seal("device", b"seed", chance(2)).unwrap();
    let relocked = ring.relock(&[phrase("a passphrase at last")], chance(3)).unwrap();
    assert_eq!(relocked.open(&Unlock::Machine(&MACHINE)).unwrap_err(), KeyRingError::NotOpened);
    let ring = relocked.open(&phrase("a passphrase at last")).unwrap();
    assert_eq!(&ring.unseal("device", &sealed).unwrap()[..], b"seed");
}

#[test]
fn a_value_moved_to_another_name_or_ring_is_refused() {
    let (ring, _) = on_machine();
    let sealed = ring.seal("account/one", b"secret", chance(2)).unwrap();
    let moved = ring.unseal("account/two", &sealed).unwrap_err();
    assert_eq!(moved, KeyRingError::Altered("account/two".to_owned()));
    let (other, _) = KeyRing::found(&[Unlock::Machine(&MACHINE)], chance(9)).unwrap();
    assert!(other.unseal("account/one", &sealed).is_err());
}

#[test]
fn neither_value_nor_name_nor_length_stands_in_what_is_kept() {
    let (ring, locked) = on_machine();
    let seed = [0x77; 32];
    let (short, long) = (
        ring.seal("device", &seed, chance(2)).unwrap(),
        ring.seal("session", &[1; 100], chance(3)).unwrap(),
    );
    assert_eq!(short.len(), long.len());
    let kept = [&short[..], &long, &locked.encode(), ring.blind_name("device").as_bytes()].concat();
    for trace in [&seed[..8], b"device", b"session", &ring.root[..8], &MACHINE[..8]] {
        assert!(!kept.windows(trace.len()).any(|part| part == trace));
    }
    assert_ne!(ring.blind_name("device"), ring.blind_name("session"));
    assert_eq!(ring.blind_name("device").len(), 32);
}

#[test]
fn a_ring_has_locks_and_not_too_many() {
    let none = KeyRing::found(&[], chance(1)).unwrap_err();
    let five = KeyRing::found(&[Unlock::Machine(&MACHINE); 5], chance(1)).unwrap_err();
    assert_eq!((none, five), (KeyRingError::Locks, KeyRingError::Locks));
    let short = KeyRing::found(&[phrase("short")], chance(1)).unwrap_err();
    assert_eq!(short, KeyRingError::Passphrase(PassphraseError::TooShort));
}

#[test]
fn nothing_of_it_prints_itself() {
    let (ring, _) = on_machine();
    let shown = format!("{ring:?} {:?} {:?}", Unlock::Machine(&MACHINE), phrase("open sesame"));
    assert_eq!(shown, "KeyRing(…) Machine(…) Passphrase(…)");
}

proptest! {
    #[test]
    fn what_is_kept_comes_back(name in "[a-z/]{0,40}", value: Vec<u8>, seed: u8) {
        let (ring, _) = on_machine();
        let sealed = ring.seal(&name, &value, chance(seed)).unwrap();
        prop_assert_eq!(&ring.unseal(&name, &sealed).unwrap()[..], &value[..]);
    }

    #[test]
    fn a_changed_byte_is_noticed(at: prop::sample::Index, flip in 1_u8..) {
        let (ring, locked) = on_machine();
        let mut sealed = ring.seal("device", b"seed", chance(2)).unwrap();
        let place = at.index(sealed.len());
        sealed[place] ^= flip;
        prop_assert!(ring.unseal("device", &sealed).is_err());
        let mut bytes = locked.encode();
        let place = at.index(bytes.len());
        bytes[place] ^= flip;
        if let Ok(read) = LockedRing::decode(&bytes) {
            prop_assert_eq!(read.encode(), bytes, "one value, one spelling");
            prop_assert!(read.open(&Unlock::Machine(&MACHINE)).is_err());
        }
    }

    #[test]
    fn any_bytes_are_read_without_harm(bytes: Vec<u8>) {
        let (ring, _) = on_machine();
        prop_assert!(ring.unseal("device", &bytes).is_err());
        if let Ok(read) = LockedRing::decode(&bytes) {
            prop_assert_eq!(read.encode(), bytes);
        }
    }
}
