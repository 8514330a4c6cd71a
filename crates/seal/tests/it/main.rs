//! What was sealed by the first release opens for ever.

#[cfg(test)]
mod entry;
#[cfg(test)]
mod golden_v1;

use golden_v1::{BINDING, GIVEN, MACHINE, OWN, PHOTOGRAPH, TEXT, credential, files, holder};
use pehra_ledger::Hash;
use pehra_seal::compartment::{ContentKey, Regrant, Sealed};
use pehra_seal::credential::{Reading, Watch};
use pehra_seal::file;
use pehra_seal::keyfile::KeyFile;
use pehra_seal::keyring::{LockedRing, Unlock};
use pehra_seal::passphrase::Cost;
use pehra_seal::release::{Contribution, Deposit};
use proptest::prelude::*;

macro_rules! kept {
    ($name:literal) => {
        ($name, include_bytes!(concat!("../../../../fixtures/seal/v1/", $name, ".bin")).as_slice())
    };
}

/// The samples as they were kept.
const KEPT: &[(&str, &[u8])] = &[
    kept!("sealed"),
    kept!("regrant"),
    kept!("keyfile"),
    kept!("watch"),
    kept!("ring"),
    kept!("ring-value"),
    kept!("deposit"),
    kept!("contribution"),
    kept!("file"),
    kept!("file-key"),
];
const SUMS: &str = include_str!("../../../../fixtures/seal/v1/SHA256SUMS");

fn sample(name: &str) -> Vec<u8> {
    KEPT.iter().find(|(kept, _)| *kept == name).map(|(_, bytes)| bytes.to_vec()).unwrap_or_default()
}

#[test]
fn the_kept_samples_are_the_ones_that_were_released() {
    let sums: String =
        KEPT.iter().map(|(name, bytes)| format!("{}  {name}.bin\n", Hash::of(bytes))).collect();
    assert_eq!(sums, SUMS);
}

#[test]
fn the_samples_are_written_byte_for_byte_as_at_first() {
    for (name, bytes) in files().unwrap() {
        assert_eq!(bytes, sample(name), "{name}");
    }
}

#[test]
fn a_kept_report_opens_for_its_readers_and_for_the_later_one() {
    let sealed = Sealed::decode(&sample("sealed")).unwrap();
    let regrant = Regrant::decode(&sample("regrant")).unwrap();
    for who in ["first", "second"] {
        let opened = sealed.open(&BINDING, &holder(who), &[]).unwrap();
        assert_eq!(&opened.plaintext[..], TEXT.as_bytes());
    }
    let opened = sealed.open(&BINDING, &holder("later"), &[regrant]).unwrap();
    assert_eq!(&opened.plaintext[..], TEXT.as_bytes());
}

#[test]
fn a_kept_key_file_opens_with_either_passphrase() {
    let file = KeyFile::from_text(&String::from_utf8(sample("keyfile")).unwrap()).unwrap();
    assert_eq!(file.open(OWN), Ok(credential("own")));
    assert_eq!(file.open(GIVEN), Ok(credential("given")));
    let watch = Watch::decode(&sample("watch")).unwrap();
    let act = Hash::of(b"act");
    assert_eq!(watch.read(&act, credential("given").mark(&act)), Reading::Duress);
}

#[test]
fn a_kept_ring_opens_by_machine_and_by_passphrase() {
    let locked = LockedRing::decode(&sample("ring")).unwrap();
    let phrase = Unlock::Passphrase { passphrase: OWN, cost: Cost::USUAL };
    for unlock in [Unlock::Machine(&MACHINE), phrase] {
        let ring = locked.open(&unlock).unwrap();
        let value = ring.unseal("device", &sample("ring-value")).unwrap();
        assert_eq!(&value[..], TEXT.as_bytes());
    }
}

#[test]
fn a_kept_deposit_is_released_by_a_kept_and_a_new_contribution() {
    let deposit = Deposit::decode(&sample("deposit")).unwrap();
    let kept = Contribution::decode(&sample("contribution")).unwrap();
    let chance = pehra_seal::chance::Chance::from_bytes([1; 32]);
    let receiver = holder("receiver");
    let new = deposit.contribute(&holder("third"), receiver.public(), chance).unwrap();
    assert_eq!(deposit.release(&[kept, new], &receiver), Ok(credential("own")));
}

#[test]
fn a_kept_file_opens_with_its_key() {
    let key = ContentKey::from_bytes(sample("file-key").try_into().unwrap());
    assert_eq!(&file::open(&key, &sample("file")).unwrap()[..], PHOTOGRAPH);
}

/// Reads bytes as everything that they could be; whatever is read is written as it was.
fn read_as_everything(bytes: &[u8]) {
    if let Ok(read) = Sealed::decode(bytes) {
        assert_eq!(read.encode(), bytes);
    }
    if let Ok(read) = Regrant::decode(bytes) {
        assert_eq!(read.encode(), bytes);
    }
    if let Ok(read) = Watch::decode(bytes) {
        assert_eq!(&read.encode()[..], bytes);
    }
    if let Ok(read) = LockedRing::decode(bytes) {
        assert_eq!(read.encode(), bytes);
    }
    if let Ok(read) = Deposit::decode(bytes) {
        assert_eq!(read.encode(), bytes);
    }
    if let Ok(read) = Contribution::decode(bytes) {
        assert_eq!(read.encode(), bytes);
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(read) = KeyFile::from_text(text)
    {
        assert_eq!(KeyFile::decode(&read.encode()), Ok(read));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn mangled_samples_are_read_without_harm(
        of: prop::sample::Index,
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut: prop::sample::Index,
        more in prop::collection::vec(any::<u8>(), 0..3),
        whole: bool,
    ) {
        let mut bytes = KEPT[of.index(KEPT.len())].1.to_vec();
        for (at, flip) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
        }
        if !whole {
            bytes.truncate(cut.index(bytes.len()));
            bytes.extend(more);
        }
        read_as_everything(&bytes);
    }
}
