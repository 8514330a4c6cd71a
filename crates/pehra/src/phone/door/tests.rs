use super::*;
use crate::node::OpenOptions;
use pehra_ledger::{SigningKey, signer::Signer};

fn door() -> (tempfile::TempDir, Door) {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::open(folder.path(), &OpenOptions::default()).unwrap();
    (folder, Door::open(node, SocketAddr::from(([0, 0, 0, 0], 0))).unwrap())
}

#[test]
fn the_door_opens_where_phones_believe_it_and_nowhere_else() {
    let (_folder, door) = door();
    let at = |address: &str| {
        Door::open(door.node().clone(), SocketAddr::new(address.parse().unwrap(), 0))
    };
    assert!(at("192.168.1.4").is_ok() && at("::").is_ok());
    for public in ["8.8.8.8", "127.0.0.1"] {
        assert!(matches!(at(public), Err(DoorError::Address(_))), "{public}");
    }
}

#[test]
fn another_address_is_another_certificate_of_the_same_authority() {
    let (_folder, door) = door();
    let [one, two] = ["192.168.1.4", "10.0.0.7"].map(|it| it.parse::<IpAddr>().unwrap());
    let page = |at| door.page_at(at).unwrap();
    let first = page(one);
    assert!(Arc::ptr_eq(&first, &page(one)), "made once");
    assert!(!Arc::ptr_eq(&first, &page(two)));
    let again = Door::open(door.node().clone(), SocketAddr::new(two, 0)).unwrap();
    assert_eq!(again.authority().fingerprint(), door.authority().fingerprint());
}

#[test]
fn one_address_asks_sixty_times_at_once_and_the_next_one_still_gets_in() {
    let (_folder, door) = door();
    let [loud, other] = ["192.168.1.4", "192.168.1.5"].map(|it| it.parse::<IpAddr>().unwrap());
    let taken = (0..1_000).filter(|_| door.admit(loud).is_ok()).count();
    assert!((60..100).contains(&taken), "{taken}");
    assert!(door.admit(other).is_ok());
}

#[test]
fn only_the_holder_of_a_key_who_was_just_given_a_number_is_told_anything() {
    let (_folder, door) = door();
    let [key, thief] = [1, 2].map(|seed| SigningKey::from_seed([seed; 32]));
    let number = door.number(door.node().now());
    let sign =
        |by: &SigningKey, number: &[u8]| by.sign_labelled(&caller(key.id(), number)).unwrap();
    let proves =
        |number: &[u8], by| door.proves(key.id(), &key.public(), number, &sign(by, number));
    assert!(proves(&number, &key));
    assert!(!proves(&number, &thief), "another key");
    assert!(!proves(&door.number(UnixMs(door.node().now().0 - NUMBER_MS - 1)), &key), "long ago");
    let mut forged = number;
    forged[7] ^= 1;
    assert!(!proves(&forged, &key), "never given out");
    assert!(!proves(&[], &key));
}
