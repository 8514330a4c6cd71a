use super::*;
use proptest::prelude::*;

const BINDING: Binding = Binding {
    election: [1; 16],
    author: DeviceId([2; 16]),
    kind: 90,
    compartment: CompartmentId([3; 16]),
};

fn holder(seed: u8) -> OpeningKey {
    OpeningKey::from_secret([seed; 32])
}

fn publics(seeds: &[u8]) -> Vec<SealingPublic> {
    seeds.iter().map(|&seed| holder(seed).public()).collect()
}

fn sealed(seeds: &[u8], text: &[u8]) -> Sealed {
    Sealed::seal(&BINDING, &publics(seeds), text, Chance::from_bytes([7; 32])).unwrap()
}

#[test]
fn the_cipher_gives_the_bytes_of_its_published_vector() {
    // draft-irtf-cfrg-xchacha-03, appendix A.3.1.
    let key: [u8; 32] = std::array::from_fn(|at| 0x80 + u8::try_from(at).unwrap());
    let nonce: [u8; 24] = std::array::from_fn(|at| 0x40 + u8::try_from(at).unwrap());
    let data = [0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7];
    let mut text = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip \
                     for the future, sunscreen would be it."
        .to_vec();
    XChaCha20Poly1305::new(&key.into()).encrypt_in_place(&nonce.into(), &data, &mut text).unwrap();
    let hex: String = text.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex.len(), 2 * (114 + 16));
    assert!(hex.starts_with("bd6d179d3e83d43b9576579493c0e939"), "{hex}");
    assert!(hex.ends_with("c0875924c1c7987947deafd8780acf49"), "{hex}");
}

#[test]
fn every_recipient_reads_and_nobody_else() {
    let report = sealed(&[10, 11, 12, 13, 14], b"the convoy leaves at four");
    let report = Sealed::decode(&report.encode()).unwrap();
    for seed in 10..15 {
        let opened = report.open(&BINDING, &holder(seed), &[]).unwrap();
        assert_eq!(&opened.plaintext[..], b"the convoy leaves at four");
    }
    let stranger = report.open(&BINDING, &holder(15), &[]).unwrap_err();
    assert_eq!(stranger, OpenError::NotARecipient { places: 8 });
}

#[test]
fn the_text_does_not_stand_in_the_sealed_bytes() {
    let bytes = sealed(&[10], b"the convoy leaves at four").encode();
    assert!(
        !bytes.windows(6).any(|part| b"the convoy leaves at four".windows(6).any(|it| it == part))
    );
    let public = holder(10).public().0;
    let id = Hash::of(&public).0;
    for trace in [&public[..8], &id[..8]] {
        assert!(!bytes.windows(8).any(|part| part == trace), "neither key nor its name");
    }
}

#[test]
fn reports_of_one_size_class_and_crowd_look_alike() {
    let one = sealed(&[10], b"yes").encode().len();
    let other = sealed(&[11, 12, 13, 14], &[b'x'; 252]).encode().len();
    assert_eq!(one, other);
    assert_eq!(one, sealed_len(3, 1));
}

#[test]
fn the_longest_report_to_the_largest_crowd_fits_an_entry() {
    let seeds: Vec<u8> = (1..=64).collect();
    let report = sealed(&seeds, &vec![5; PLAINTEXT_BYTES_MAX]);
    let bytes = report.encode();
    assert_eq!(bytes.len(), sealed_len(PLAINTEXT_BYTES_MAX, 64));
    assert!(bytes.len() <= SEALED_BYTES_MAX, "{}", bytes.len());
    let opened = Sealed::decode(&bytes).unwrap().open(&BINDING, &holder(64), &[]).unwrap();
    assert_eq!(opened.plaintext.len(), PLAINTEXT_BYTES_MAX);
    let longer = vec![5; PLAINTEXT_BYTES_MAX + 1];
    let error = Sealed::seal(&BINDING, &publics(&[1]), &longer, Chance::from_bytes([7; 32]));
    assert_eq!(error, Err(SealError::TooLong(longer.len())));
}

#[test]
fn a_report_opens_only_where_it_belongs() {
    let report = sealed(&[10], b"text");
    let elsewhere = [
        Binding { election: [9; 16], ..BINDING },
        Binding { author: DeviceId([9; 16]), ..BINDING },
        Binding { kind: 91, ..BINDING },
    ];
    let key = report.open(&BINDING, &holder(10), &[]).unwrap().key;
    for binding in elsewhere {
        let error = report.open(&binding, &holder(10), &[]).unwrap_err();
        assert_eq!(error, OpenError::NotARecipient { places: 4 });
        assert_eq!(report.open_with(&binding, &key).unwrap_err(), OpenError::Altered);
    }
    let other = Binding { compartment: CompartmentId([9; 16]), ..BINDING };
    let error = report.open(&other, &holder(10), &[]).unwrap_err();
    assert_eq!(error, OpenError::OtherCompartment);
}

#[test]
fn a_reader_lets_another_read_later() {
    let report = sealed(&[10], b"text");
    let key = report.open(&BINDING, &holder(10), &[]).unwrap().key;
    let regrant =
        report.regrant(&BINDING, &key, &publics(&[20]), Chance::from_bytes([8; 32])).unwrap();
    let regrant = Regrant::decode(&regrant.encode()).unwrap();
    assert_eq!(regrant.sealed(), report.hash());
    assert!(report.open(&BINDING, &holder(20), &[]).is_err());
    let opened = report.open(&BINDING, &holder(20), std::slice::from_ref(&regrant)).unwrap();
    assert_eq!(&opened.plaintext[..], b"text");
    // It is of no use for another report, even one to the same readers.
    let other = sealed(&[10], b"another");
    assert!(other.open(&BINDING, &holder(20), &[regrant]).is_err());
}

#[test]
fn who_cannot_read_cannot_grant() {
    let report = sealed(&[10], b"text");
    let guessed = ContentKey::from_bytes([1; 32]);
    let error = report.regrant(&BINDING, &guessed, &publics(&[20]), Chance::from_bytes([8; 32]));
    assert_eq!(error, Err(GrantError::Key(OpenError::OtherKey)));
}

#[test]
fn an_author_cannot_show_two_readers_two_texts() {
    // A place with another key, made by somebody who knows how: the commitment gives it away.
    let mut report = sealed(&[10], b"text");
    let tie = BINDING.tie(&report.commitment);
    let mut draw = Chance::from_bytes([5; 32]).draw("test", []);
    let forged = Envelope::wrap(holder(20).public(), &tie, &[9; 32], &mut draw).unwrap();
    report.places[0] = forged;
    let error = report.open(&BINDING, &holder(20), &[]).unwrap_err();
    assert_eq!(error, OpenError::NotARecipient { places: 4 });
    let error = report.open_with(&BINDING, &ContentKey::from_bytes([9; 32])).unwrap_err();
    assert_eq!(error, OpenError::OtherKey);
}

#[test]
fn a_disclosed_key_proves_one_report_to_a_third_party() {
    let report = sealed(&[10], b"text");
    let key = report.open(&BINDING, &holder(10), &[]).unwrap().key;
    let shown = ContentKey::from_bytes(*key.bytes());
    assert_eq!(&report.open_with(&BINDING, &shown).unwrap().plaintext[..], b"text");
}

#[test]
fn chance_that_repeats_itself_does_not_repeat_a_key() {
    let one = sealed(&[10], b"one");
    let two = sealed(&[10], b"two");
    assert_ne!(one.commitment, two.commitment);
    assert_eq!(one, sealed(&[10], b"one"), "equal in, equal out");
    let crowd = sealed(&[10, 11], b"one");
    assert_ne!(one.commitment, crowd.commitment);
}

#[test]
fn a_recipient_has_one_place_and_the_others_are_nobodys() {
    let report = sealed(&[10], b"text");
    let tie = BINDING.tie(&report.commitment);
    let open = report.places.iter().filter(|it| it.unwrap_with(&holder(10), &tie).is_some());
    assert_eq!((report.places.len(), open.count()), (4, 1));
}

#[test]
fn recipients_are_counted_once_and_within_the_limit() {
    assert_eq!(sealed(&[10, 10, 10, 10, 10], b"").places.len(), 4);
    let chance = || Chance::from_bytes([7; 32]);
    let nobody = Sealed::seal(&BINDING, &[], b"", chance());
    assert_eq!(nobody, Err(SealError::NoRecipient));
    let crowd: Vec<u8> = (1..=65).collect();
    let crowd = Sealed::seal(&BINDING, &publics(&crowd), b"", chance());
    assert_eq!(crowd, Err(SealError::TooMany(65)));
    let weak = Sealed::seal(&BINDING, &[SealingPublic([0; 32])], b"", chance());
    assert_eq!(weak, Err(SealError::WeakKey(WeakKey(SealingPublic([0; 32])))));
}

#[test]
fn key_and_text_are_not_printed() {
    let report = sealed(&[10], b"text");
    let key = report.open(&BINDING, &holder(10), &[]).unwrap().key;
    assert_eq!(format!("{key:?}"), "ContentKey(…)");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_sealed_is_read(
        text in prop::collection::vec(any::<u8>(), 0..6000),
        crowd in 1_u8..20,
        chance: [u8; 32],
    ) {
        let seeds: Vec<u8> = (1..=crowd).collect();
        let report =
            Sealed::seal(&BINDING, &publics(&seeds), &text, Chance::from_bytes(chance)).unwrap();
        let bytes = report.encode();
        prop_assert_eq!(bytes.len(), sealed_len(text.len(), seeds.len()));
        let read = Sealed::decode(&bytes).unwrap();
        prop_assert_eq!(&read, &report);
        let opened = read.open(&BINDING, &holder(crowd), &[]).unwrap();
        prop_assert_eq!(&opened.plaintext[..], &text[..]);
    }

    #[test]
    fn a_changed_byte_never_changes_the_text(at: prop::sample::Index, flip in 1_u8..) {
        let report = sealed(&[10], b"text");
        let mut bytes = report.encode();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        if let Ok(read) = Sealed::decode(&bytes) {
            prop_assert_eq!(read.encode(), bytes, "one value, one spelling");
            if let Ok(opened) = read.open(&BINDING, &holder(10), &[]) {
                // The byte lay in a place that is not this holder's.
                prop_assert_eq!(&opened.plaintext[..], b"text");
            }
        }
    }

    #[test]
    fn any_bytes_are_read_without_harm(bytes: Vec<u8>) {
        if let Ok(read) = Sealed::decode(&bytes) {
            prop_assert_eq!(read.encode(), &bytes[..]);
        }
        if let Ok(read) = Regrant::decode(&bytes) {
            prop_assert_eq!(read.encode(), &bytes[..]);
        }
    }
}
