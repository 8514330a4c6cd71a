use super::*;
use proptest::prelude::*;

const OWN: &str = "five quiet words of mine";
const GIVEN: &str = "what I say when forced to";

fn credential(seed: u8) -> Credential {
    Credential::generate(Chance::from_bytes([seed; 32]))
}

fn chance(seed: u8) -> Chance {
    Chance::from_bytes([seed; 32])
}

fn plain(seed: u8) -> KeyFile {
    KeyFile::write("RO NA-239", Cost::LEAST, (&credential(1), OWN), None, chance(seed)).unwrap()
}

fn with_duress(seed: u8) -> KeyFile {
    let duress = credential(2);
    let duress = Some((&duress, GIVEN));
    KeyFile::write("RO NA-239", Cost::LEAST, (&credential(1), OWN), duress, chance(seed)).unwrap()
}

#[test]
fn the_passphrase_opens_the_keys_and_no_other_does() {
    let file = KeyFile::from_text(&plain(9).to_text()).unwrap();
    assert_eq!(file.name(), "RO NA-239");
    assert_eq!(file.open(OWN), Ok(credential(1)));
    for wrong in ["", "x", GIVEN, "five quiet words of mine!"] {
        assert_eq!(file.open(wrong), Err(KeyFileError::NotOpened));
    }
    let said = KeyFileError::NotOpened.to_string();
    assert_eq!(said, "the passphrase does not open this key file");
}

#[test]
fn each_passphrase_opens_its_own_keys() {
    let file = with_duress(9);
    assert_eq!(file.open(OWN), Ok(credential(1)));
    assert_eq!(file.open(GIVEN), Ok(credential(2)));
    assert_ne!(credential(1).public(), credential(2).public());
}

#[test]
fn a_file_with_a_duress_code_has_the_form_of_one_without() {
    let (one, two) = (plain(9).encode(), with_duress(9).encode());
    assert_eq!(one.len(), two.len());
    // What stands in the clear is equal; what does not is chance.
    let head = one.len() - 2 * (1 + 2 + NONCE_BYTES + 2 + LOCKED_BYTES) - 1;
    assert_eq!(one[..head], two[..head]);
}

#[test]
fn which_place_holds_the_own_keys_is_chance() {
    let places: Vec<usize> = (0..16)
        .map(|seed| {
            let file = with_duress(seed);
            let key = file.cost.key(OWN, &file.salt).unwrap();
            file.find(&key).unwrap().0
        })
        .collect();
    assert!(places.contains(&0) && places.contains(&1), "{places:?}");
}

#[test]
fn a_new_passphrase_replaces_the_old_one_and_keeps_the_other() {
    let file = with_duress(9);
    let changed =
        file.change_passphrase(OWN, "entirely new words", Other::Keep, chance(3)).unwrap();
    assert_eq!(changed.open("entirely new words"), Ok(credential(1)));
    assert_eq!(changed.open(GIVEN), Ok(credential(2)));
    assert_eq!(changed.open(OWN), Err(KeyFileError::NotOpened));
    let second = changed.change_passphrase(GIVEN, "and another new one", Other::Keep, chance(4));
    assert_eq!(second.unwrap().open("and another new one"), Ok(credential(2)));
}

#[test]
fn refilling_leaves_nothing_of_the_old_file() {
    let file = with_duress(9);
    let changed = file.change_passphrase(OWN, OWN, Other::Refill, chance(3)).unwrap();
    assert_eq!(changed.open(OWN), Ok(credential(1)));
    assert_eq!(changed.open(GIVEN), Err(KeyFileError::NotOpened));
    assert_ne!(changed.salt, file.salt);
    assert!(changed.places.iter().all(|place| !file.places.contains(place)));
}

#[test]
fn one_passphrase_cannot_stand_for_both_keys() {
    let duress = credential(2);
    let twice = Some((&duress, " five quiet words of mine "));
    let written = KeyFile::write("n", Cost::LEAST, (&credential(1), OWN), twice, chance(1));
    assert_eq!(written, Err(KeyFileError::SamePassphrase));
    let changed = with_duress(9).change_passphrase(OWN, GIVEN, Other::Keep, chance(3));
    assert_eq!(changed, Err(KeyFileError::SamePassphrase));
    let wrong = with_duress(9).change_passphrase(
        "not the old one",
        "new words here",
        Other::Keep,
        chance(3),
    );
    assert_eq!(wrong, Err(KeyFileError::NotOpened));
}

#[test]
fn a_bad_name_or_passphrase_is_refused() {
    let one = credential(1);
    let write = |name: &str, passphrase: &str| {
        KeyFile::write(name, Cost::LEAST, (&one, passphrase), None, chance(1)).unwrap_err()
    };
    assert_eq!(write("", OWN), KeyFileError::Name);
    assert_eq!(write("a\nb", OWN), KeyFileError::Name);
    assert_eq!(write(&"x".repeat(65), OWN), KeyFileError::Name);
    assert_eq!(write("n", "short"), KeyFileError::Passphrase(PassphraseError::TooShort));
}

#[test]
fn a_renamed_or_cheapened_file_does_not_open() {
    let mut file = plain(9);
    file.name = "RO NA-240".to_owned();
    assert_eq!(file.open(OWN), Err(KeyFileError::NotOpened));
    let mut file = plain(9);
    file.cost = Cost::try_new(19_456, 3, 1).unwrap();
    assert_eq!(file.open(OWN), Err(KeyFileError::NotOpened));
    let mut file = plain(9);
    file.places.swap(0, 1);
    assert_eq!(file.open(OWN), Err(KeyFileError::NotOpened));
}

#[test]
fn a_slip_in_the_text_is_named_before_the_passphrase_is_blamed() {
    let text = plain(9).to_text();
    assert!(text.contains("Keys of RO NA-239."), "{text}");
    let digit = text.char_indices().nth(150).unwrap();
    let other = if digit.1 == '0' { "1" } else { "0" };
    let mut slip = text.clone();
    slip.replace_range(digit.0..=digit.0, other);
    assert!(matches!(KeyFile::from_text(&slip), Err(KeyFileError::Text(_))));
    let twice = format!("{text}{text}");
    assert_eq!(
        KeyFile::from_text(&twice),
        Err(KeyFileError::Text(TextError::Several { kind: ARMOUR_KIND, count: 2 }))
    );
    let other = Piece::new("certificate", vec![1]).to_text("");
    assert_eq!(
        KeyFile::from_text(&other),
        Err(KeyFileError::Text(TextError::Absent { kind: ARMOUR_KIND }))
    );
}

proptest! {
    #[test]
    fn a_changed_byte_is_another_file_or_none(at: prop::sample::Index, flip in 1_u8..) {
        let mut bytes = plain(9).encode();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        if let Ok(read) = KeyFile::decode(&bytes) {
            prop_assert_eq!(read.encode(), bytes, "one value, one spelling");
        }
    }

    #[test]
    fn any_bytes_are_read_without_harm(bytes: Vec<u8>) {
        if let Ok(read) = KeyFile::decode(&bytes) {
            prop_assert_eq!(read.encode(), bytes);
        }
    }
}
